"""Feeds and what was seen in them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.model import FeedState
from bot.storage.claims import RELEASED, Claimed, claim
from bot.storage.tables import entries, feeds, seen


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """A feed as the operator lists it; `interval` is the time between two polls."""

    url: str
    name: str
    interval: timedelta
    language: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class FeedForPoll:
    """What a poll needs to know of a feed. `first` says that its entries will be backlog."""

    id: int
    url: str
    name: str
    interval: timedelta
    etag: str | None
    last_modified: str | None
    validators_at: datetime | None
    body_hash: str | None
    failures: int
    first: bool


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry that the feed had not shown before."""

    key_hash: str
    title: str
    url: str | None
    summary: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Polled:
    """The outcome of a poll that got an answer."""

    feed_id: int
    next_poll_at: datetime
    etag: str | None
    last_modified: str | None
    validators_at: datetime | None
    body_hash: str | None


def list_feeds(connection: sa.Connection, specs: Sequence[FeedSpec], *, now: datetime) -> None:
    """Makes the table follow the list: new feeds are due at once, those no longer listed are paused."""
    known = {row.url: row for row in connection.execute(sa.select(feeds))}
    for spec in specs:
        listed: dict[str, Any] = {
            "name": spec.name,
            "language": spec.language,
            "topic": spec.topic,
            "interval_seconds": spec.interval.total_seconds(),
            "state": FeedState.ACTIVE,
        }
        row = known.pop(spec.url, None)
        if row is None:
            connection.execute(sa.insert(feeds).values(url=spec.url, due_at=now, **listed))
        else:
            # A shorter interval must not wait for the longer one to run out.
            listed["due_at"] = min(row.due_at, now + spec.interval)
            if row.state != FeedState.ACTIVE:
                listed["polled_at"] = None  # what came out while it was not listed is backlog
            connection.execute(sa.update(feeds).where(feeds.c.id == row.id).values(listed))
    for row in known.values():
        connection.execute(sa.update(feeds).where(feeds.c.id == row.id).values(state=FeedState.PAUSED))


def claim_feeds(
    connection: sa.Connection, *, now: datetime, lease: timedelta, limit: int
) -> tuple[list[FeedForPoll], Claimed]:
    """Due feeds, claimed."""
    claimed = claim(connection, feeds, feeds.c.state == FeedState.ACTIVE, now=now, lease=lease, limit=limit)
    rows = connection.execute(sa.select(feeds).where(feeds.c.id.in_(claimed.ids))).all()
    found = [
        FeedForPoll(
            id=row.id,
            url=row.url,
            name=row.name,
            interval=timedelta(seconds=row.interval_seconds),
            etag=row.etag,
            last_modified=row.last_modified,
            validators_at=row.validators_at,
            body_hash=row.body_hash,
            failures=row.failures,
            first=row.polled_at is None,
        )
        for row in rows
    ]
    return found, claimed


def seen_keys(connection: sa.Connection, feed_id: int, key_hashes: Collection[str]) -> set[str]:
    """Which of these keys the feed has shown before."""
    found: set[str] = set()
    keys = list(key_hashes)
    for start in range(0, len(keys), 500):  # SQLite takes a limited number of parameters
        some = keys[start : start + 500]
        query = sa.select(seen.c.key_hash).where(seen.c.feed_id == feed_id, seen.c.key_hash.in_(some))
        found.update(connection.execute(query).scalars())
    return found


def record_poll(
    connection: sa.Connection,
    polled: Polled,
    *,
    new: Sequence[NewEntry],
    listed: Iterable[str],
    now: datetime,
) -> int:
    """Entries, `seen`, validators and the next due time in one go; returns how many entries are new.

    `listed` are the keys of all entries the feed shows now. What was seen is asked again here, inside the
    transaction, so that a poll whose lease ran out cannot enter anything twice.
    """
    feed = feeds.c.id == polled.feed_id
    backlog = connection.execute(sa.select(feeds.c.polled_at).where(feed)).scalar() is None
    known = seen_keys(connection, polled.feed_id, [entry.key_hash for entry in new])
    fresh = [entry for entry in new if entry.key_hash not in known]
    if fresh:
        connection.execute(
            sa.insert(entries),
            [
                {
                    "feed_id": polled.feed_id,
                    "key_hash": entry.key_hash,
                    "title": entry.title,
                    "url": entry.url,
                    "summary": entry.summary,
                    "published_at": entry.published_at,
                    "arrived_at": now,
                    "backlog": backlog,
                    "due_at": now,
                }
                for entry in fresh
            ],
        )
        connection.execute(
            sa.insert(seen),
            [{"feed_id": polled.feed_id, "key_hash": entry.key_hash, "seen_at": now} for entry in fresh],
        )
    _touch_seen(connection, polled.feed_id, listed, now=now)
    connection.execute(
        sa.update(feeds)
        .where(feed)
        .values(
            etag=polled.etag,
            last_modified=polled.last_modified,
            validators_at=polled.validators_at,
            body_hash=polled.body_hash,
            polled_at=now,
            failures=0,
            error=None,
            due_at=polled.next_poll_at,
            **RELEASED,
        )
    )
    return len(fresh)


def _touch_seen(connection: sa.Connection, feed_id: int, keys: Iterable[str], *, now: datetime) -> None:
    # `seen` must outlive whatever the feed still lists; once a day is often enough to say so.
    all_keys = list(keys)
    for start in range(0, len(all_keys), 500):
        some = all_keys[start : start + 500]
        connection.execute(
            sa.update(seen)
            .where(
                seen.c.feed_id == feed_id, seen.c.key_hash.in_(some), seen.c.seen_at < now - timedelta(days=1)
            )
            .values(seen_at=now)
        )


def record_failure(
    connection: sa.Connection, feed_id: int, *, failures: int, error: str, next_poll_at: datetime
) -> None:
    """A poll without an answer: the count, the reason, and when to try again."""
    connection.execute(
        sa.update(feeds)
        .where(feeds.c.id == feed_id)
        .values(failures=failures, error=error, due_at=next_poll_at, **RELEASED)
    )
