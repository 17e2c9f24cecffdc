"""Mutes: what a subscriber does not want to hear of, and until when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.model import DeliveryKind, DeliveryState, MuteKind
from bot.storage.claims import RELEASED
from bot.storage.tables import deliveries, entries, feeds, mutes, subscribers
from bot.text import fold

MOST_MUTES = 100
"""What one chat can mute; every mute costs a little with every alert."""
_SOME = 500  # a database takes a limited number of parameters


@dataclass(frozen=True, slots=True)
class Mute:
    """One mute. `value` is a filter's text, an outlet's name or address, a topic's or a story's id.

    It ends at `until`; None is for ever.
    """

    id: int
    subscriber_id: int
    kind: MuteKind
    value: str
    until: datetime | None


def add(
    connection: sa.Connection,
    subscriber_id: int,
    kind: MuteKind,
    value: str,
    *,
    until: datetime | None,
    now: datetime,
) -> Mute | None:
    """The mute, with this end even where it had another; None when the chat has as many as it may.

    However a value is spelt, it is muted once.
    """
    # The chat's row is held until the end: of two mutes at once (PostgreSQL), the second sees the first.
    held = sa.select(subscribers.c.id).where(subscribers.c.id == subscriber_id).with_for_update()
    connection.execute(held).all()
    mine = sa.and_(mutes.c.subscriber_id == subscriber_id, mutes.c.kind == kind)
    spelt = connection.execute(sa.select(mutes.c.id, mutes.c.value).where(mine))
    known = next((row.id for row in spelt if fold(row.value) == fold(value)), None)
    if known is not None:
        connection.execute(sa.update(mutes).where(mutes.c.id == known).values(until=until))
        return find(connection, subscriber_id, known)
    if len(of_subscriber(connection, subscriber_id, now=now)) >= MOST_MUTES:
        return None
    result = connection.execute(
        sa.insert(mutes).values(
            subscriber_id=subscriber_id, kind=kind, value=value, until=until, created_at=now
        )
    )
    number = int(result.inserted_primary_key[0]) if result.inserted_primary_key else 0
    return find(connection, subscriber_id, number)


def find(connection: sa.Connection, subscriber_id: int, mute_id: int) -> Mute | None:
    """The mute, if it is this subscriber's and still there."""
    # Of a button that somebody invented the number may be any.
    same = mutes.c.id == sa.literal(mute_id, sa.BigInteger)
    row = connection.execute(
        sa.select(mutes).where(same, mutes.c.subscriber_id == subscriber_id)
    ).one_or_none()
    return None if row is None else _mute(row)


def remove(connection: sa.Connection, subscriber_id: int, mute_id: int) -> Mute | None:
    """Ends the mute and returns it as it was; None when it is not this subscriber's, or gone."""
    mute = find(connection, subscriber_id, mute_id)
    if mute is not None:
        connection.execute(sa.delete(mutes).where(mutes.c.id == mute.id))
    return mute


def of_subscriber(connection: sa.Connection, subscriber_id: int, *, now: datetime) -> list[Mute]:
    """The subscriber's mutes that have not ended, the oldest first."""
    return of_many(connection, [subscriber_id], now=now).get(subscriber_id, [])


def of_many(
    connection: sa.Connection, subscriber_ids: Collection[int], *, now: datetime
) -> dict[int, list[Mute]]:
    """The mutes that have not ended, by subscriber; whoever has none is left out."""
    found: dict[int, list[Mute]] = {}
    ids = list(subscriber_ids)
    lasts = sa.or_(mutes.c.until.is_(None), mutes.c.until > now)
    for start in range(0, len(ids), _SOME):
        some = mutes.c.subscriber_id.in_(ids[start : start + _SOME])
        for row in connection.execute(sa.select(mutes).where(some, lasts).order_by(mutes.c.id)):
            found.setdefault(row.subscriber_id, []).append(_mute(row))
    return found


def move(connection: sa.Connection, subscriber_id: int, other_id: int) -> None:
    """Gives one subscriber the mutes of another; of what both have muted, the later end holds."""
    mine = _ends(connection, subscriber_id)
    for (kind, value), (mute_id, until) in _ends(connection, other_id).items():
        known = mine.get((kind, value))
        change = sa.update(mutes).where(mutes.c.id == (mute_id if known is None else known[0]))
        if known is None:
            connection.execute(change.values(subscriber_id=subscriber_id))
        elif known[1] is not None and (until is None or until > known[1]):
            connection.execute(change.values(until=until))


def _ends(
    connection: sa.Connection, subscriber_id: int
) -> dict[tuple[str, str], tuple[int, datetime | None]]:
    rows = connection.execute(
        sa.select(mutes).where(mutes.c.subscriber_id == subscriber_id).order_by(mutes.c.id)
    )
    return {(row.kind, fold(row.value)): (row.id, row.until) for row in rows}


def awaited(connection: sa.Connection, subscriber_id: int) -> list[int]:
    """The stories that the subscriber waits to hear of."""
    query = sa.select(deliveries.c.story_id).where(
        deliveries.c.subscriber_id == subscriber_id, deliveries.c.state == DeliveryState.PENDING
    )
    return sorted(connection.execute(query.distinct()).scalars())


def drop_awaited(
    connection: sa.Connection,
    subscriber_id: int,
    story_ids: Collection[int],
    *,
    reason: str,
    corrections: bool,
) -> int:
    """Takes off the list what waits for the subscriber of these stories; returns how many messages.

    What corrects something that they were told goes only when `corrections` says so.
    """
    ids, dropped = list(story_ids), 0
    for start in range(0, len(ids), _SOME):
        waiting = sa.and_(
            deliveries.c.subscriber_id == subscriber_id,
            deliveries.c.state == DeliveryState.PENDING,
            deliveries.c.story_id.in_(ids[start : start + _SOME]),
        )
        gone = sa.update(deliveries).where(waiting)
        if not corrections:
            gone = gone.where(deliveries.c.kind != DeliveryKind.CORRECTION)
        dropped += connection.execute(
            gone.values(state=DeliveryState.DROPPED, reason=reason, **RELEASED)
        ).rowcount
    return dropped


def _mute(row: sa.Row[tuple[object, ...]]) -> Mute:
    return Mute(row.id, row.subscriber_id, MuteKind(row.kind), row.value, row.until)


def outlet_of(connection: sa.Connection, entry_id: int) -> tuple[str, int | None] | None:
    """The name of an entry's outlet, by which it is muted, and the entry's story; None when it is gone."""
    row = connection.execute(
        sa.select(feeds.c.name, entries.c.story_id).join(feeds).where(entries.c.id == entry_id)
    ).one_or_none()
    return None if row is None else (row.name, row.story_id)
