"""The outbox: what is to be sent, to whom, and what became of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.model import ChatKind, DeliveryState, Digest, DigestState, Match, SubscriberState
from bot.storage.claims import MAX_CLAIMS, RELEASED, Claimed, claim, live, take
from bot.storage.database import insert_new
from bot.storage.stories import read_digest
from bot.storage.tables import deliveries, digests, subscribers


@dataclass(frozen=True, slots=True)
class DeliveryForSend:
    """A delivery that is ours to send. `message_ids` are the parts that have arrived already."""

    id: int
    subscriber_id: int
    chat_id: int
    kind: ChatKind
    story_id: int
    digest: Digest
    matches: tuple[Match, ...]
    message_ids: tuple[int, ...]
    claims: int


def order(
    connection: sa.Connection,
    *,
    story_id: int,
    revision: int,
    matches: Mapping[int, Sequence[Match]],
    now: datetime,
) -> int:
    """An alert for each subscriber of `matches` who has not had the story; returns how many are new."""
    if not matches:
        return 0
    result = connection.execute(
        insert_new(connection, deliveries).returning(deliveries.c.id),
        [
            {
                "subscriber_id": subscriber_id,
                "story_id": story_id,
                "revision": revision,
                "trace": [{"filter_text": m.filter_text, "terms": list(m.terms)} for m in found],
                "message_ids": [],
                "created_at": now,
                "due_at": now,
            }
            for subscriber_id, found in matches.items()
        ],
    )
    return len(result.all())


def claim_due(
    connection: sa.Connection, *, now: datetime, lease: timedelta, limit: int, busy: Collection[int]
) -> tuple[list[DeliveryForSend], Claimed]:
    """Due deliveries whose digest is there, one a subscriber at most, and none of a `busy` subscriber."""
    written = sa.exists().where(
        digests.c.story_id == deliveries.c.story_id,
        digests.c.revision == deliveries.c.revision,
        digests.c.state == DigestState.WRITTEN,
    )
    listening = sa.select(subscribers.c.id).where(subscribers.c.state == SubscriberState.ACTIVE)
    ready = sa.and_(
        deliveries.c.state == DeliveryState.PENDING,
        deliveries.c.subscriber_id.in_(listening),
        deliveries.c.subscriber_id.not_in(list(busy)),
        written,
    )
    return _load(connection, _claim_one_each(connection, ready, now=now, lease=lease, limit=limit))


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


def _load(connection: sa.Connection, claimed: Claimed) -> tuple[list[DeliveryForSend], Claimed]:
    rows = connection.execute(
        sa.select(deliveries, subscribers.c.chat_id, subscribers.c.kind, digests.c.content)
        .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .join(
            digests,
            sa.and_(digests.c.story_id == deliveries.c.story_id, digests.c.revision == deliveries.c.revision),
        )
        .where(deliveries.c.id.in_(claimed.ids))
        .order_by(deliveries.c.id)
    )
    found = [
        DeliveryForSend(
            id=r.id,
            subscriber_id=r.subscriber_id,
            chat_id=r.chat_id,
            kind=ChatKind(r.kind),
            story_id=r.story_id,
            digest=read_digest(r.content),
            matches=tuple(Match(m["filter_text"], tuple(m["terms"])) for m in r.trace),
            message_ids=tuple(r.message_ids),
            claims=r.claims,
        )
        for r in rows
    ]
    return found, claimed


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
