"""The list of feeds: what feeds.toml names, what the operator added by command, and what is known of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.links import host_of
from bot.model import FeedOrigin, FeedState
from bot.storage.claims import RELEASED
from bot.storage.tables import entries, feeds, pushes

_LONGEST_WAIT = timedelta(days=1)  # that the bot decides on


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """A feed as the operator lists it; `interval` fixes the time between two polls, None lets it adapt.

    `headers` are sent with each request; their values are references ("env:NAME"), never secrets.
    """

    url: str
    name: str
    interval: timedelta | None = None
    language: str | None = None
    topic: str | None = None
    weight: float = 1.0
    full_text: bool = True
    headers: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class FeedRecord:
    """All that is known of a feed, for whoever runs the bot."""

    id: int
    spec: FeedSpec
    origin: FeedOrigin
    state: FeedState
    address: str
    due_at: datetime
    polled_at: datetime | None
    answered_at: datetime | None
    wait: timedelta | None
    wait_because: str | None
    failures: int
    failing_since: datetime | None
    error: str | None
    etag: str | None
    last_modified: str | None
    habits: Mapping[str, Any] | None
    terms: Mapping[str, Any] | None
    identity: Mapping[str, Any] | None
    entries: int
    latest_title: str | None
    latest_at: datetime | None
    hub: str | None
    hub_state: str | None
    lease_until: datetime | None
    pushed_at: datetime | None
    hub_error: str | None


def list_feeds(connection: sa.Connection, specs: Sequence[FeedSpec], *, now: datetime) -> None:
    """Makes the table follow feeds.toml: new feeds are due at once, those no longer listed are left alone.

    A feed that the operator paused stays paused, and one added by command stays when the file has it not.
    """
    known = {row.url: row for row in connection.execute(sa.select(feeds))}
    for spec in specs:
        row = known.pop(spec.url, None)
        if row is None:
            _insert(connection, spec, FeedOrigin.FILE, now=now)
            continue
        listed = _columns(spec) | {"origin": FeedOrigin.FILE, "host": host_of(row.address or row.url)}
        if spec.interval is not None:
            # A shorter interval must not wait for the longer one to run out.
            listed["due_at"] = min(row.due_at, now + spec.interval)
        elif row.due_at > now + _LONGEST_WAIT:  # the clock was in the future once
            listed["due_at"] = now
        if row.state == FeedState.UNLISTED:
            # What came out while it was not listed is backlog.
            listed |= {"state": FeedState.ACTIVE, "polled_at": None, "due_at": now, **RELEASED}
        connection.execute(sa.update(feeds).where(feeds.c.id == row.id).values(listed))
    gone = [row.id for row in known.values() if row.origin == FeedOrigin.FILE]
    connection.execute(sa.update(feeds).where(feeds.c.id.in_(gone)).values(state=FeedState.UNLISTED))


def add_feed(connection: sa.Connection, spec: FeedSpec, *, now: datetime) -> bool:
    """Lists a feed by command; False when it is listed already. One that was removed comes back."""
    row = connection.execute(sa.select(feeds).where(feeds.c.url == spec.url)).one_or_none()
    if row is None:
        _insert(connection, spec, FeedOrigin.COMMAND, now=now)
        return True
    if row.state != FeedState.UNLISTED:
        return False
    again = _columns(spec) | {"origin": FeedOrigin.COMMAND, "host": host_of(row.address or row.url)}
    again |= {"state": FeedState.ACTIVE, "polled_at": None, "due_at": now}
    connection.execute(sa.update(feeds).where(feeds.c.id == row.id).values(**again, **RELEASED))
    return True


def pause_feed(connection: sa.Connection, feed_id: int) -> None:
    """The feed is not asked until it is resumed."""
    connection.execute(sa.update(feeds).where(feeds.c.id == feed_id).values(state=FeedState.PAUSED))


def resume_feed(connection: sa.Connection, feed_id: int, *, now: datetime) -> None:
    """The feed is due at once, with a clean slate; what came out while it was paused is backlog.

    A suspended feed was asked all the time: it is only asked at once, and what it has to tell is news.
    """
    asked = feeds.c.state.in_([FeedState.ACTIVE, FeedState.SUSPENDED])
    connection.execute(sa.update(feeds).where(feeds.c.id == feed_id, asked).values(due_at=now, **RELEASED))
    clean = {"failures": 0, "failing_since": None, "throttled_at": None, "error": None, "polled_at": None}
    connection.execute(
        sa.update(feeds)
        .where(feeds.c.id == feed_id, ~asked)
        .values(state=FeedState.ACTIVE, due_at=now, **clean, **RELEASED)
    )


def remove_feed(connection: sa.Connection, feed_id: int) -> None:
    """The feed is off the list; its entries and what it has shown stay, in case it comes back."""
    connection.execute(sa.update(feeds).where(feeds.c.id == feed_id).values(state=FeedState.UNLISTED))


def all_feeds(connection: sa.Connection, *, url: str | None = None) -> list[FeedRecord]:
    """Every listed feed by name, or the one with this address (as listed, or where it has moved to)."""
    shown = entries.alias()
    latest = sa.select(sa.func.max(shown.c.id)).where(shown.c.feed_id == feeds.c.id).scalar_subquery()
    count = (
        sa.select(sa.func.count()).where(entries.c.feed_id == feeds.c.id).correlate(feeds).scalar_subquery()
    )
    last = entries.alias("last")
    query = (
        sa.select(
            feeds,
            count.label("entry_count"),
            last.c.title.label("latest_title"),
            last.c.arrived_at.label("latest_at"),
            pushes.c.hub,
            pushes.c.state.label("hub_state"),
            pushes.c.lease_until,
            pushes.c.pushed_at,
            pushes.c.error.label("hub_error"),
        )
        .select_from(feeds)
        .outerjoin(last, last.c.id == latest)
        .outerjoin(pushes, pushes.c.feed_id == feeds.c.id)
        .order_by(sa.func.lower(feeds.c.name), feeds.c.url)
    )
    if url is None:
        query = query.where(feeds.c.state != FeedState.UNLISTED)
    else:
        query = query.where(sa.or_(feeds.c.url == url, feeds.c.address == url))
    return [_record(row) for row in connection.execute(query)]


def names(connection: sa.Connection) -> frozenset[str]:
    """What the listed feeds are called."""
    query = sa.select(feeds.c.name).where(feeds.c.state != FeedState.UNLISTED).distinct()
    return frozenset(connection.scalars(query))


def followers_who_lose(connection: sa.Connection, feed_id: int, *, since: datetime) -> list[int]:
    """The chats that had an alert since then which rested on this feed alone: they lose something with it."""
    from bot.model import DeliveryState, SubscriberState
    from bot.storage.tables import deliveries, subscribers

    others = entries.alias("others")
    alone = sa.and_(
        sa.exists().where(entries.c.story_id == deliveries.c.story_id, entries.c.feed_id == feed_id),
        ~sa.exists().where(others.c.story_id == deliveries.c.story_id, others.c.feed_id != feed_id),
    )
    return list(
        connection.execute(
            sa.select(subscribers.c.chat_id)
            .join(deliveries, deliveries.c.subscriber_id == subscribers.c.id)
            .where(
                subscribers.c.state == SubscriberState.ACTIVE,
                deliveries.c.state == DeliveryState.SENT,
                deliveries.c.sent_at >= since,
                alone,
            )
            .distinct()
            .order_by(subscribers.c.chat_id)
        ).scalars()
    )


def _insert(connection: sa.Connection, spec: FeedSpec, origin: FeedOrigin, *, now: datetime) -> None:
    values = _columns(spec) | {"url": spec.url, "host": host_of(spec.url), "origin": origin, "due_at": now}
    connection.execute(sa.insert(feeds).values(values))


def _columns(spec: FeedSpec) -> dict[str, Any]:
    return {
        "name": spec.name,
        "language": spec.language,
        "topic": spec.topic,
        "interval_seconds": None if spec.interval is None else spec.interval.total_seconds(),
        "weight": spec.weight,
        "full_text": spec.full_text,
        "headers": dict(spec.headers) if spec.headers else None,
    }


def _record(row: Any) -> FeedRecord:
    interval = None if row.interval_seconds is None else timedelta(seconds=row.interval_seconds)
    spec = FeedSpec(
        url=row.url,
        name=row.name,
        interval=interval,
        language=row.language,
        topic=row.topic,
        weight=row.weight,
        full_text=row.full_text,
        headers=row.headers,
    )
    return FeedRecord(
        id=row.id,
        spec=spec,
        origin=FeedOrigin(row.origin),
        state=FeedState(row.state),
        address=row.address or row.url,
        due_at=row.due_at,
        polled_at=row.polled_at,
        answered_at=row.answered_at,
        wait=None if row.wait_seconds is None else timedelta(seconds=row.wait_seconds),
        wait_because=row.wait_because,
        failures=row.failures,
        failing_since=row.failing_since,
        error=row.error,
        etag=row.etag,
        last_modified=row.last_modified,
        habits=row.habits,
        terms=row.terms,
        identity=row.identity,
        entries=row.entry_count,
        latest_title=row.latest_title,
        latest_at=row.latest_at,
        hub=row.hub,
        hub_state=row.hub_state,
        lease_until=row.lease_until,
        pushed_at=row.pushed_at,
        hub_error=row.hub_error,
    )
