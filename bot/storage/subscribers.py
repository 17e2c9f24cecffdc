"""Subscribers and their filters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.model import ChatKind, DeliveryState, FilterState, SubscriberState
from bot.storage import mutes
from bot.storage.database import insert_new
from bot.storage.tables import deliveries, filters, proposals, subscribers

MOST_FILTERS = 200
"""What one chat can follow; every filter costs every story a little."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A chat that receives alerts."""

    id: int
    chat_id: int
    kind: ChatKind
    state: SubscriberState
    time_zone: str | None = None  # IANA's name, as Europe/Berlin; None until they say


@dataclass(frozen=True, slots=True)
class FilterRow:
    """A subscriber's wish: `text` in its canonical form, `typed` as its owner wrote it."""

    id: int
    subscriber_id: int
    text: str
    typed: str
    state: FilterState


@dataclass(frozen=True, slots=True)
class Kept:
    """The filter is active; `new`: it was not before, or not in the place of `instead_of`."""

    row: FilterRow
    new: bool
    instead_of: FilterRow | None = None


@dataclass(frozen=True, slots=True)
class Full:
    """The chat follows as many filters as it may; nothing was changed."""


Keeping = Kept | Full
"""What became of a filter that was to be followed."""


def _subscriber(row: sa.Row[tuple[object, ...]]) -> Subscriber:
    return Subscriber(row.id, row.chat_id, ChatKind(row.kind), SubscriberState(row.state), row.time_zone)


def _filter(row: sa.Row[tuple[object, ...]]) -> FilterRow:
    return FilterRow(row.id, row.subscriber_id, row.text, row.typed, FilterState(row.state))


def meet(connection: sa.Connection, chat_id: int, kind: ChatKind, *, now: datetime) -> Subscriber:
    """The chat's subscriber, made when it is new."""
    values = {"chat_id": chat_id, "kind": kind, "state": SubscriberState.ACTIVE, "created_at": now}
    connection.execute(insert_new(connection, subscribers).values(values))
    row = connection.execute(sa.select(subscribers).where(subscribers.c.chat_id == chat_id)).one()
    return _subscriber(row)


def find(connection: sa.Connection, chat_id: int) -> Subscriber | None:
    """The chat's subscriber, if we know it."""
    row = connection.execute(sa.select(subscribers).where(subscribers.c.chat_id == chat_id)).one_or_none()
    return None if row is None else _subscriber(row)


def set_state(
    connection: sa.Connection, subscriber_id: int, state: SubscriberState, *, reason: str | None = None
) -> None:
    """Active, paused or stopped. Whoever does not listen has nothing waiting: what was pending is dropped.

    A flood of old alerts on the day a person comes back is not what they need to know.
    """
    connection.execute(
        sa.update(subscribers).where(subscribers.c.id == subscriber_id).values(state=state, reason=reason)
    )
    if state != SubscriberState.ACTIVE:
        connection.execute(
            sa.update(deliveries)
            .where(deliveries.c.subscriber_id == subscriber_id, deliveries.c.state == DeliveryState.PENDING)
            .values(state=DeliveryState.DROPPED, reason=reason or state.value, claims=0, claimed_at=None)
        )


def set_time_zone(connection: sa.Connection, subscriber_id: int, name: str) -> None:
    """The subscriber's clock, by IANA's name."""
    connection.execute(sa.update(subscribers).where(subscribers.c.id == subscriber_id).values(time_zone=name))


def move(connection: sa.Connection, subscriber_id: int, new_chat_id: int, *, now: datetime) -> None:
    """A group became a supergroup: the subscriber keeps its filters under the new chat id.

    Someone may already have spoken in the new chat; both are then one subscriber, who listens if either did.
    """
    other = find(connection, new_chat_id)
    if other is None or other.id != subscriber_id:
        _forget_places(connection, subscriber_id)
    if other is not None and other.id != subscriber_id:
        _join_filters(connection, subscriber_id, other.id, now=now)
        _join_deliveries(connection, subscriber_id, other.id)
        mutes.move(connection, subscriber_id, other.id)
        connection.execute(
            sa.update(proposals)
            .where(proposals.c.subscriber_id == other.id)
            .values(subscriber_id=subscriber_id)
        )
        mine = sa.and_(subscribers.c.id == subscriber_id, subscribers.c.time_zone.is_(None))
        connection.execute(sa.update(subscribers).where(mine).values(time_zone=other.time_zone))
        connection.execute(sa.delete(subscribers).where(subscribers.c.id == other.id))
        if other.state == SubscriberState.ACTIVE:
            set_state(connection, subscriber_id, SubscriberState.ACTIVE)
    connection.execute(
        sa.update(subscribers)
        .where(subscribers.c.id == subscriber_id)
        .values(chat_id=new_chat_id, kind=ChatKind.SUPERGROUP)
    )


def _forget_places(connection: sa.Connection, subscriber_id: int) -> None:
    # What was sent stands in the chat that was left: in the new one its numbers are other messages'.
    is_sent = deliveries.c.state == DeliveryState.SENT
    connection.execute(
        sa.update(deliveries)
        .where(deliveries.c.subscriber_id == subscriber_id, is_sent)
        .values(message_ids=[])
    )


def _join_filters(connection: sa.Connection, subscriber_id: int, other_id: int, *, now: datetime) -> None:
    mine, theirs = filters.c.subscriber_id == subscriber_id, filters.c.subscriber_id == other_id
    wanted = sa.select(filters.c.text).where(theirs, filters.c.state == FilterState.ACTIVE)
    connection.execute(
        sa.update(filters)
        .where(mine, filters.c.state != FilterState.ACTIVE, filters.c.text.in_(wanted))
        .values(state=FilterState.ACTIVE, changed_at=now)
    )
    both = sa.select(filters.c.text).where(mine)
    connection.execute(sa.delete(filters).where(theirs, filters.c.text.in_(both)))
    # changed_at: the matcher must hear whose they are now.
    connection.execute(sa.update(filters).where(theirs).values(subscriber_id=subscriber_id, changed_at=now))


def _join_deliveries(connection: sa.Connection, subscriber_id: int, other_id: int) -> None:
    # Of two chats that had one story, the one that came further keeps all that it had of it: what was sent
    # is not sent again, and what only one of the chats waited for is still waited for.
    mine, theirs = _came(connection, subscriber_id), _came(connection, other_id)
    behind = [story_id for story_id, came in mine.items() if came < theirs.get(story_id, came)]
    ours = [story_id for story_id in theirs if story_id not in mine or story_id in behind]
    for start in range(0, len(ours), 500):  # a database takes a limited number of parameters
        of_story = deliveries.c.story_id.in_(ours[start : start + 500])
        connection.execute(sa.delete(deliveries).where(deliveries.c.subscriber_id == subscriber_id, of_story))
        connection.execute(
            sa.update(deliveries)
            .where(deliveries.c.subscriber_id == other_id, of_story)
            .values(subscriber_id=subscriber_id)
        )


def _came(connection: sa.Connection, subscriber_id: int) -> dict[int, tuple[int, int]]:
    """How far each story has come with a subscriber: their best state, and the newest revision."""
    far = {DeliveryState.SENT: 2, DeliveryState.PENDING: 1, DeliveryState.DROPPED: 0}
    reached = sa.case(
        (deliveries.c.state == DeliveryState.DROPPED, 0),
        else_=deliveries.c.revision,
    )
    rows = connection.execute(
        sa.select(
            deliveries.c.story_id,
            sa.func.max(sa.case(far, value=deliveries.c.state)),
            sa.func.max(reached),
        )
        .where(deliveries.c.subscriber_id == subscriber_id)
        .group_by(deliveries.c.story_id)
    )
    return {story_id: (state, revision) for story_id, state, revision in rows}


def save_filter(
    connection: sa.Connection, subscriber_id: int, text: str, *, now: datetime, typed: str | None = None
) -> Keeping:
    """Follows the words, unless the chat is full; one that it has already (paused, even) is always kept.

    `text` is the filter's canonical form, `typed` how its owner wrote it, when that is something else.
    """
    mine = sa.and_(filters.c.subscriber_id == subscriber_id, filters.c.text == text)
    full = _is_full(connection, subscriber_id)
    row = connection.execute(sa.select(filters).where(mine)).one_or_none()
    new = row is None or row.state == FilterState.DELETED
    if new and full:
        return Full()
    if row is None:
        connection.execute(
            sa.insert(filters).values(
                subscriber_id=subscriber_id,
                text=text,
                typed=typed or text,
                state=FilterState.ACTIVE,
                created_at=now,
                changed_at=now,
            )
        )
    elif row.state != FilterState.ACTIVE:
        connection.execute(sa.update(filters).where(mine).values(state=FilterState.ACTIVE, changed_at=now))
    return Kept(_filter(connection.execute(sa.select(filters).where(mine)).one()), new)


def _is_full(connection: sa.Connection, subscriber_id: int) -> bool:
    _hold(connection, subscriber_id)
    lives = sa.and_(filters.c.subscriber_id == subscriber_id, filters.c.state != FilterState.DELETED)
    count = connection.execute(sa.select(sa.func.count()).select_from(filters).where(lives)).scalar() or 0
    return count >= MOST_FILTERS


def _hold(connection: sa.Connection, subscriber_id: int) -> None:
    # The chat's row is held until the end: of two wishes at once (PostgreSQL), the second sees the first.
    connection.execute(
        sa.select(subscribers.c.id).where(subscribers.c.id == subscriber_id).with_for_update()
    ).all()


def replace_filter(
    connection: sa.Connection, subscriber_id: int, filter_id: int, text: str, *, now: datetime, typed: str
) -> Keeping:
    """Follows the words in place of a filter of the subscriber's; beside all others where that one is gone.

    A filter that says the same and is followed already stays as it is, and so does the one to be replaced.
    """
    _hold(connection, subscriber_id)
    mine = filters.c.subscriber_id == subscriber_id
    is_live = sa.and_(mine, filters.c.id == filter_id, filters.c.state != FilterState.DELETED)
    before = connection.execute(sa.select(filters).where(is_live)).one_or_none()
    same = connection.execute(sa.select(filters).where(mine, filters.c.text == text)).one_or_none()
    if before is None or (same is not None and same.state != FilterState.DELETED):
        return save_filter(connection, subscriber_id, text, now=now, typed=typed)
    active = {"typed": typed, "state": FilterState.ACTIVE, "changed_at": now}
    if same is None:
        connection.execute(sa.update(filters).where(is_live).values(text=text, **active))
    else:  # one chat has a text once: its old row comes back
        gone = {"state": FilterState.DELETED, "changed_at": now}
        connection.execute(sa.update(filters).where(is_live).values(gone))
        connection.execute(sa.update(filters).where(filters.c.id == same.id).values(active))
    row = connection.execute(sa.select(filters).where(mine, filters.c.text == text)).one()
    return Kept(_filter(row), new=True, instead_of=_filter(before))


def filters_of(connection: sa.Connection, subscriber_id: int) -> list[FilterRow]:
    """The subscriber's filters, the oldest first, without the deleted ones."""
    rows = connection.execute(
        sa.select(filters)
        .where(filters.c.subscriber_id == subscriber_id, filters.c.state != FilterState.DELETED)
        .order_by(filters.c.id)
    )
    return [_filter(row) for row in rows]


def set_filter(
    connection: sa.Connection, subscriber_id: int, filter_id: int, state: FilterState, *, now: datetime
) -> FilterRow | None:
    """The filter in its new state; None when it is not this subscriber's, or gone."""
    mine = sa.and_(
        filters.c.id == filter_id,
        filters.c.subscriber_id == subscriber_id,
        filters.c.state != FilterState.DELETED,
    )
    connection.execute(sa.update(filters).where(mine).values(state=state, changed_at=now))
    row = connection.execute(
        sa.select(filters).where(filters.c.id == filter_id, filters.c.subscriber_id == subscriber_id)
    ).one_or_none()
    return None if row is None or row.state != state else _filter(row)


def restore_filter(
    connection: sa.Connection, subscriber_id: int, filter_id: int, *, now: datetime
) -> Keeping | None:
    """A deleted filter, active again if there is room; None when it is not this subscriber's."""
    mine = sa.and_(filters.c.id == filter_id, filters.c.subscriber_id == subscriber_id)
    row = connection.execute(sa.select(filters).where(mine)).one_or_none()
    return None if row is None else save_filter(connection, subscriber_id, row.text, now=now, typed=row.typed)


def filters_changed_since(connection: sa.Connection, since: datetime | None) -> Iterator[FilterRow]:
    """The matcher's change log: every filter changed since then; all that live when `since` is None.

    A few at a time: there may be a million.
    """
    query = sa.select(filters).order_by(filters.c.id)
    if since is None:
        query = query.where(filters.c.state == FilterState.ACTIVE)
    else:
        query = query.where(filters.c.changed_at >= since)
    return map(_filter, connection.execute(query.execution_options(yield_per=1000)))


def filters_by_id(connection: sa.Connection, ids: Sequence[int]) -> list[FilterRow]:
    """The filters with these ids, in their order, those that are gone left out."""
    found: list[FilterRow] = []
    for start in range(0, len(ids), 500):  # a database takes a limited number of parameters
        some = filters.c.id.in_(ids[start : start + 500])
        found += map(_filter, connection.execute(sa.select(filters).where(some).order_by(filters.c.id)))
    return found


def active_among(connection: sa.Connection, subscriber_ids: set[int]) -> set[int]:
    """Which of these subscribers want to hear from us."""
    active: set[int] = set()
    ids = list(subscriber_ids)
    for start in range(0, len(ids), 500):  # a database takes a limited number of parameters
        some = ids[start : start + 500]
        rows = connection.execute(
            sa.select(subscribers.c.id).where(
                subscribers.c.id.in_(some), subscribers.c.state == SubscriberState.ACTIVE
            )
        )
        active.update(rows.scalars())
    return active
