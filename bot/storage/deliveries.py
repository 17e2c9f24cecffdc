"""The outbox: what is due to whom, and what became of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.model import (
    Change,
    ChatKind,
    DeliveryKind,
    DeliveryState,
    Digest,
    DigestState,
    Match,
    SubscriberState,
)
from bot.storage.claims import MAX_CLAIMS, RELEASED, Claimed, claim, live, take
from bot.storage.orders import between, kind_of, read_match
from bot.storage.stories import read_digest
from bot.storage.tables import deliveries, digests, entries, subscribers

_HOLD = timedelta(minutes=1)
"""So long a story's delivery waits for the digest of something newer, to be one message instead of two."""


@dataclass(frozen=True, slots=True)
class DeliveryForSend:
    """A delivery that is ours to send. `message_ids` are the parts that have arrived already.

    Of a follow-up or a correction, `changes` are what is new since the digest `had`, the last one the reader
    was sent, and `reply_to` is the first message of their alert; both None when they are no longer known.
    """

    id: int
    subscriber_id: int
    chat_id: int
    kind: ChatKind
    story_id: int
    revision: int
    digest: Digest
    matches: tuple[Match, ...]
    message_ids: tuple[int, ...]
    claims: int
    tells: DeliveryKind = DeliveryKind.ALERT
    changes: tuple[Change, ...] = ()
    had: Digest | None = None
    reply_to: int | None = None


def told(connection: sa.Connection, story_id: int, revision: int) -> Digest | None:
    """The digest that a story's revision was told with; None when it is gone, or was never written."""
    content = connection.execute(
        sa.select(digests.c.content).where(
            digests.c.story_id == story_id,
            # Of a button that somebody invented it may be any number.
            digests.c.revision == sa.literal(revision, sa.BigInteger),
            digests.c.state == DigestState.WRITTEN,
        )
    ).scalar()
    return None if content is None else read_digest(content)


def claim_due(
    connection: sa.Connection, *, now: datetime, lease: timedelta, limit: int, busy: Collection[int]
) -> tuple[list[DeliveryForSend], Claimed]:
    """Due deliveries whose digest is there, one a subscriber at most, and none of a `busy` subscriber.

    Of one story's deliveries to a subscriber only the first that waits; it takes the newest digest there is,
    and with it what waits behind, so that a reader is told once.
    """
    listening = sa.select(subscribers.c.id).where(subscribers.c.state == SubscriberState.ACTIVE)
    ready = sa.and_(
        deliveries.c.state == DeliveryState.PENDING,
        deliveries.c.subscriber_id.in_(listening),
        deliveries.c.subscriber_id.not_in(list(busy)),
        _written(deliveries),
        ~_stands_behind(),
        sa.or_(deliveries.c.created_at <= now - _HOLD, ~_is_overtaken()),
    )
    claimed = _claim_one_each(connection, ready, now=now, lease=lease, limit=limit)
    _catch_up(connection, claimed.ids)
    return _load(connection, claimed), claimed


def _written(delivery: sa.FromClause) -> sa.ColumnElement[bool]:
    """That the digest of its revision, or of a newer one, is there."""
    return sa.exists().where(
        digests.c.story_id == delivery.c.story_id,
        digests.c.revision >= delivery.c.revision,
        digests.c.state == DigestState.WRITTEN,
    )


def _stands_behind() -> sa.ColumnElement[bool]:
    """That something older of the same story waits for the same subscriber."""
    ahead = deliveries.alias("ahead")
    return sa.exists().where(
        *_same(ahead, deliveries),
        ahead.c.state == DeliveryState.PENDING,
        ahead.c.revision < deliveries.c.revision,
    )


def _is_overtaken() -> sa.ColumnElement[bool]:
    """That something newer waits behind it, for a digest that is still being written."""
    behind = deliveries.alias("behind")
    return sa.exists().where(
        *_same(behind, deliveries),
        behind.c.state == DeliveryState.PENDING,
        behind.c.revision > deliveries.c.revision,
        ~_written(behind),
    )


def _same(one: sa.FromClause, other: sa.FromClause) -> tuple[sa.ColumnElement[bool], ...]:
    return one.c.subscriber_id == other.c.subscriber_id, one.c.story_id == other.c.story_id


def _claim_one_each(
    connection: sa.Connection, ready: sa.ColumnElement[bool], *, now: datetime, lease: timedelta, limit: int
) -> Claimed:
    # claim() with nothing to take still reports what is parked.
    parked = claim(connection, deliveries, ready, now=now, lease=lease, limit=0).parked
    place = sa.func.row_number().over(
        partition_by=deliveries.c.subscriber_id, order_by=(deliveries.c.due_at, deliveries.c.id)
    )
    due = sa.and_(ready, deliveries.c.due_at <= now, live(deliveries))
    first = sa.select(deliveries.c.id, place.label("place")).where(due).subquery()
    ids = (
        connection.execute(
            sa.select(deliveries.c.id)
            .where(
                deliveries.c.id.in_(sa.select(first.c.id).where(first.c.place == 1)),
                # Asked again of the row as it is when its lock is had: the chat may have stopped meanwhile.
                deliveries.c.state == DeliveryState.PENDING,
                deliveries.c.due_at <= now,
            )
            .order_by(deliveries.c.due_at, deliveries.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        .scalars()
        .all()
    )
    take(connection, deliveries, ids, now=now, lease=lease)
    return Claimed(ids, parked)


def _catch_up(connection: sa.Connection, ids: Sequence[int]) -> None:
    """Brings claimed deliveries to the newest digest, unless parts of an older one have arrived already."""
    newest = (
        sa.select(sa.func.max(digests.c.revision))
        .where(digests.c.story_id == deliveries.c.story_id, digests.c.state == DigestState.WRITTEN)
        .scalar_subquery()
    )
    rows = connection.execute(
        sa.select(deliveries, newest.label("newest"))
        .where(deliveries.c.id.in_(ids))
        .order_by(deliveries.c.id)
    ).all()
    for row in rows:
        trace = _taken_in(connection, row) if row.newest > row.revision and not row.message_ids else None
        revision = row.revision if trace is None else row.newest
        values: dict[str, Any] = {} if trace is None else {"revision": revision, "trace": trace}
        if row.kind != DeliveryKind.ALERT:
            # What stood ahead may have caught up, or never have arrived.
            had = _last_sent(connection, row.subscriber_id, row.story_id)
            had = row.since_revision if had is None else had
            kind = kind_of(between(connection, row.story_id, had, revision))
            values |= {"since_revision": had, "kind": kind or row.kind}
        if values:
            connection.execute(sa.update(deliveries).where(deliveries.c.id == row.id).values(values))


def _taken_in(connection: sa.Connection, row: sa.Row[Any]) -> list[dict[str, Any]] | None:
    """Takes off the list what waits behind a delivery, up to the newest digest; returns the trace that stays.

    None, and nothing is done, when one of them is past waiting.
    """
    later = sa.and_(
        deliveries.c.subscriber_id == row.subscriber_id,
        deliveries.c.story_id == row.story_id,
        deliveries.c.revision > row.revision,
        deliveries.c.revision <= row.newest,
    )
    behind = connection.execute(sa.select(deliveries).where(later).order_by(deliveries.c.revision)).all()
    if any(one.state != DeliveryState.PENDING for one in behind):
        return None
    connection.execute(sa.delete(deliveries).where(later))
    traces: list[list[dict[str, Any]]] = [one.trace for one in (row, *behind)]
    return next(filter(None, traces), [])


def _last_sent(connection: sa.Connection, subscriber_id: int, story_id: int) -> int | None:
    return connection.execute(
        sa.select(sa.func.max(deliveries.c.revision)).where(
            deliveries.c.subscriber_id == subscriber_id,
            deliveries.c.story_id == story_id,
            deliveries.c.state == DeliveryState.SENT,
        )
    ).scalar()


def _load(connection: sa.Connection, claimed: Claimed) -> list[DeliveryForSend]:
    rows = connection.execute(
        sa.select(deliveries, subscribers.c.chat_id, subscribers.c.kind.label("chat_kind"), digests.c.content)
        .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .join(
            digests,
            sa.and_(digests.c.story_id == deliveries.c.story_id, digests.c.revision == deliveries.c.revision),
        )
        .where(deliveries.c.id.in_(claimed.ids))
        .order_by(deliveries.c.id)
    )
    return [_for_send(connection, row) for row in rows.all()]


def _for_send(connection: sa.Connection, row: sa.Row[Any]) -> DeliveryForSend:
    delivery = DeliveryForSend(
        id=row.id,
        subscriber_id=row.subscriber_id,
        chat_id=row.chat_id,
        kind=ChatKind(row.chat_kind),
        story_id=row.story_id,
        revision=row.revision,
        digest=read_digest(row.content),
        matches=tuple(map(read_match, row.trace)),
        message_ids=tuple(row.message_ids),
        claims=row.claims,
        tells=DeliveryKind(row.kind),
    )
    if delivery.tells == DeliveryKind.ALERT:
        return delivery
    return replace(
        delivery,
        changes=_with_links(connection, between(connection, row.story_id, row.since_revision, row.revision)),
        had=told(connection, row.story_id, row.since_revision),
        reply_to=_first_message(connection, row.subscriber_id, row.story_id),
    )


def _with_links(connection: sa.Connection, found: Sequence[Change]) -> tuple[Change, ...]:
    ids = {change.entry for change in found if change.entry is not None}
    links = connection.execute(sa.select(entries.c.id, entries.c.url).where(entries.c.id.in_(ids)))
    url_of: dict[int | None, str | None] = {row.id: row.url for row in links}
    return tuple(replace(change, url=url_of.get(change.entry)) for change in found)


def _first_message(connection: sa.Connection, subscriber_id: int, story_id: int) -> int | None:
    """Where the subscriber's first alert of the story stands in their chat."""
    ids = connection.execute(
        sa.select(deliveries.c.message_ids)
        .where(
            deliveries.c.subscriber_id == subscriber_id,
            deliveries.c.story_id == story_id,
            deliveries.c.state == DeliveryState.SENT,
        )
        .order_by(deliveries.c.revision, deliveries.c.id)
    ).scalars()
    return next((found[0] for found in ids if found), None)


def _update(connection: sa.Connection, delivery_id: int, **values: Any) -> None:
    # Of one whose lease ran out, another process may have told the end: a late word changes nothing of it.
    waiting = sa.and_(deliveries.c.id == delivery_id, deliveries.c.state == DeliveryState.PENDING)
    connection.execute(sa.update(deliveries).where(waiting).values(**values))


def record_part(connection: sa.Connection, delivery_id: int, message_ids: Sequence[int]) -> None:
    """One more part of a long alert has arrived; it will not be sent again."""
    _update(connection, delivery_id, message_ids=list(message_ids))


def record_sent(
    connection: sa.Connection, delivery_id: int, message_ids: Sequence[int], *, now: datetime
) -> None:
    """The alert has arrived, even if the chat has stopped meanwhile and it was dropped."""
    connection.execute(
        sa.update(deliveries)
        .where(deliveries.c.id == delivery_id, deliveries.c.state != DeliveryState.SENT)
        .values(
            state=DeliveryState.SENT,
            message_ids=list(message_ids),
            sent_at=now,
            reason=None,
            **RELEASED,
        )
    )


def record_later(connection: sa.Connection, delivery_id: int, *, due_at: datetime, reason: str) -> None:
    """Not now: it is due again at that time. A wait that we were asked for does not count as an attempt."""
    _update(connection, delivery_id, due_at=due_at, reason=reason, **RELEASED)


def record_failed(
    connection: sa.Connection, delivery_id: int, *, claims: int, due_at: datetime, reason: str
) -> None:
    """No answer, or none that helps: due again. The count grows the wait, but never parks the alert.

    Parking is for what comes to no outcome at all; an outage of the network is one.
    """
    _update(
        connection,
        delivery_id,
        claims=min(claims, MAX_CLAIMS - 2),
        deaths=0,
        claimed_at=None,
        due_at=due_at,
        reason=reason,
    )


def record_dropped(connection: sa.Connection, delivery_id: int, reason: str) -> None:
    """It will never be sent, and why."""
    _update(connection, delivery_id, state=DeliveryState.DROPPED, reason=reason, **RELEASED)
