"""A word to a chat about the bot itself: a feed that fell silent, or is back. An outbox like the alerts'."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.model import NoticeState, SubscriberState
from bot.storage.claims import RELEASED, Claimed, claim
from bot.storage.tables import notices, subscribers


@dataclass(frozen=True, slots=True)
class NoticeForSend:
    """A notice that is ours to send."""

    id: int
    chat_id: int
    text: str
    claims: int


def add_notices(
    connection: sa.Connection,
    chat_ids: Iterable[int],
    text: str,
    *,
    feed_id: int | None = None,
    now: datetime,
) -> None:
    """The same words for each chat, once; `feed_id` is the feed they are about."""
    rows = [
        {"chat_id": chat_id, "feed_id": feed_id, "text": text, "created_at": now, "due_at": now}
        for chat_id in dict.fromkeys(chat_ids)
    ]
    if rows:
        connection.execute(sa.insert(notices), rows)


def told_of(connection: sa.Connection, feed_id: int, *, since: datetime) -> list[int]:
    """The chats that were told something of a feed since then, or are about to be, and still listen."""
    return list(
        connection.execute(
            sa.select(notices.c.chat_id)
            .join(subscribers, subscribers.c.chat_id == notices.c.chat_id)
            .where(
                notices.c.feed_id == feed_id,
                notices.c.created_at >= since,
                notices.c.state != NoticeState.DROPPED,
                subscribers.c.state == SubscriberState.ACTIVE,
            )
            .distinct()
            .order_by(notices.c.chat_id)
        ).scalars()
    )


def claim_notices(
    connection: sa.Connection, *, now: datetime, lease: timedelta, limit: int
) -> tuple[list[NoticeForSend], Claimed]:
    """Due notices, claimed."""
    pending = notices.c.state == NoticeState.PENDING
    claimed = claim(connection, notices, pending, now=now, lease=lease, limit=limit)
    rows = connection.execute(sa.select(notices).where(notices.c.id.in_(claimed.ids)).order_by(notices.c.id))
    return [NoticeForSend(row.id, row.chat_id, row.text, row.claims) for row in rows], claimed


def record_notice(
    connection: sa.Connection, notice_id: int, state: NoticeState, *, reason: str | None = None
) -> None:
    """What became of it."""
    connection.execute(
        sa.update(notices).where(notices.c.id == notice_id).values(state=state, reason=reason, **RELEASED)
    )


def postpone_notice(connection: sa.Connection, notice_id: int, *, due_at: datetime, chat_id: int) -> None:
    """It waits; a chat that has moved is written to at its new place."""
    connection.execute(
        sa.update(notices)
        .where(notices.c.id == notice_id)
        .values(due_at=due_at, chat_id=chat_id, claimed_at=None)
    )
