"""Polls: which feeds are due, what an answer changes, and what a failure does."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.links import host_of, route_of
from bot.model import FeedState, PushState
from bot.storage.claims import RELEASED, Claimed, live, park, take, unsuspected
from bot.storage.tables import feeds, pushes

ASKED = (FeedState.ACTIVE, FeedState.SUSPENDED)
_WINDOW = 2  # due rows looked at for each that may be claimed, so that one host's do not hide the others'
_SEVERAL = 3  # feeds of one host that it has told to wait: then it means the host
_THROTTLED_FOR = timedelta(hours=1)
# Made once, for they are run for every feed that has changed.
_LEARNT = sa.select(feeds.c.polled_at, feeds.c.habits, feeds.c.identity).where(
    feeds.c.id == sa.bindparam("feed")
)
_LEARN = (
    sa.update(feeds)
    .where(feeds.c.id == sa.bindparam("feed"))
    .values(habits=sa.bindparam("new_habits"), identity=sa.bindparam("new_identity"))
)


_NEEDED = [
    feeds.c[name]
    for name in (
        *("id", "url", "address", "host", "name", "state", "interval_seconds", "headers"),
        *("etag", "last_modified", "validators_at", "body_hash", "failures", "failing_since"),
        *("moving_to", "moves", "polled_at", "habits", "terms"),
    )
]


@dataclass(frozen=True, slots=True)
class FeedForPoll:
    """What a poll needs to know of a feed.

    `address` is where it is asked, `interval` the operator's own word (None: the bot adapts), `first` says
    that its entries will be backlog, `pushed` that its hub tells us of news. The last two are JSON as
    `bot.feeds` wrote it.
    """

    id: int
    url: str
    address: str
    host: str
    name: str
    state: FeedState
    interval: timedelta | None
    headers: Mapping[str, str]
    etag: str | None
    last_modified: str | None
    validators_at: datetime | None
    body_hash: str | None
    failures: int
    failing_since: datetime | None
    moving_to: str | None
    moves: int
    first: bool
    pushed: bool
    habits: Mapping[str, Any] | None
    terms: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Polled:
    """The outcome of a poll that got an answer."""

    feed_id: int
    now: datetime
    next_poll_at: datetime
    wait_seconds: float | None = None
    wait_because: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    validators_at: datetime | None = None
    body_hash: str | None = None
    moving_to: str | None = None
    moves: int = 0
    terms: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """The outcome of a poll without an answer."""

    feed_id: int
    failures: int
    error: str
    next_poll_at: datetime
    failing_since: datetime | None = None
    throttled_at: datetime | None = None
    held_until: datetime | None = None  # as long as its server has asked us to wait
    state: FeedState | None = None  # None: as before


def claim_feeds(
    connection: sa.Connection,
    *,
    now: datetime,
    lease: timedelta,
    limit: int,
    busy: Collection[str] = (),
    per_host: int | None = None,
) -> tuple[list[FeedForPoll], Claimed]:
    """Due feeds, claimed: none of a `busy` host, and `per_host` of any other at most."""
    ready = feeds.c.state.in_(ASKED)
    parked = park(connection, feeds, ready, now=now)
    due = sa.and_(ready, feeds.c.due_at <= now, live(feeds))
    window = _window(connection, due, _WINDOW * limit)
    chosen = _fair(window, busy, per_host, limit)
    if len(chosen) < limit and len(window) == _WINDOW * limit:
        # All that was looked at belongs to a few hosts: look past them.
        passed = {host for _, host, _ in window}
        chosen += _fair(
            _window(connection, sa.and_(due, feeds.c.host.not_in(passed)), _WINDOW * limit),
            *(busy, per_host, limit - len(chosen)),
        )
    ids = unsuspected([(feed_id, count) for feed_id, _, count in chosen])
    take(connection, feeds, ids, now=now, lease=lease)
    return _load(connection, ids, now=now), Claimed(ids, parked)


def record_polled(connection: sa.Connection, polled: Sequence[Polled]) -> None:
    """Validators, the next due time and a clean count, for all of these at once."""
    if not polled:
        return
    statement = (
        sa.update(feeds)
        # Not IN: a list in the statement cannot be executed for many rows at once.
        .where(feeds.c.id == sa.bindparam("feed_id"), sa.or_(*(feeds.c.state == state for state in ASKED)))
        .values(
            due_at=sa.bindparam("next_poll_at"),
            etag=sa.bindparam("new_etag"),
            last_modified=sa.bindparam("new_last_modified"),
            validators_at=sa.bindparam("new_validators_at"),
            body_hash=sa.bindparam("new_body_hash"),
            wait_seconds=sa.bindparam("new_wait"),
            wait_because=sa.bindparam("new_because"),
            moving_to=sa.bindparam("new_moving_to"),
            moves=sa.bindparam("new_moves"),
            terms=sa.bindparam("new_terms"),
            answered_at=sa.bindparam("new_answered_at"),
            polled_at=sa.bindparam("new_polled_at"),
            failures=0,
            failing_since=None,
            throttled_at=None,
            error=None,
            state=FeedState.ACTIVE,
            **RELEASED,
        )
    )
    connection.execute(
        statement,
        [
            {
                "feed_id": one.feed_id,
                "next_poll_at": one.next_poll_at,
                "new_etag": one.etag,
                "new_last_modified": one.last_modified,
                "new_validators_at": one.validators_at,
                "new_body_hash": one.body_hash,
                "new_wait": one.wait_seconds,
                "new_because": one.wait_because,
                "new_moving_to": one.moving_to,
                "new_moves": one.moves,
                "new_terms": one.terms,
                "new_answered_at": one.now,
                "new_polled_at": one.now,
            }
            for one in polled
        ],
    )


def record_learnt(
    connection: sa.Connection,
    feed_id: int,
    *,
    habits: Mapping[str, Any] | None,
    identity: Mapping[str, Any],
) -> None:
    """What a changed feed taught."""
    connection.execute(_LEARN, {"feed": feed_id, "new_habits": habits, "new_identity": dict(identity)})


@dataclass(frozen=True, slots=True)
class Learnt:
    """What is known of a feed; `begun` is false until its first poll, whose entries are backlog."""

    begun: bool
    habits: Mapping[str, Any] | None
    identity: Mapping[str, Any] | None


def learnt(connection: sa.Connection, feed_id: int) -> Learnt:
    """What is known now, inside the transaction that adds to it."""
    row = connection.execute(_LEARNT, {"feed": feed_id}).one()
    return Learnt(row.polled_at is not None, row.habits, row.identity)


def record_move(connection: sa.Connection, feed_id: int, address: str) -> tuple[str, str] | None:
    """The feed's new address for good.

    Where another feed is asked there already, this one is retired: that feed's url, and why in words.
    """
    same = sa.or_(feeds.c.address == address, sa.and_(feeds.c.address.is_(None), feeds.c.url == address))
    other: str | None = connection.execute(
        sa.select(feeds.c.url).where(same, feeds.c.id != feed_id, feeds.c.state.in_(ASKED)).limit(1)
    ).scalar()
    values: dict[str, Any] = {"address": address, "host": host_of(address), "moving_to": None, "moves": 0}
    because = f"it moved to {address}, which is polled as {other}"
    if other is not None:
        values |= {"state": FeedState.RETIRED, "error": because}
    connection.execute(sa.update(feeds).where(feeds.c.id == feed_id).values(values))
    return None if other is None else (other, because)


def record_failure(connection: sa.Connection, failed: Failed) -> None:
    """A poll without an answer: the count, the reason, and when to try again."""
    values: dict[str, Any] = {
        "failures": failed.failures,
        "failing_since": failed.failing_since,
        "throttled_at": failed.throttled_at,
        "error": failed.error,
        "due_at": failed.next_poll_at,
    }
    if failed.state is not None:
        values["state"] = failed.state
    connection.execute(
        sa.update(feeds)
        .where(feeds.c.id == failed.feed_id, feeds.c.state.in_(ASKED))
        .values(**values, **RELEASED)
    )


def hold_host(connection: sa.Connection, host: str, *, now: datetime, until: datetime) -> str | None:
    """Leaves a host alone until then, if it has told several of its feeds to wait; returns what is held.

    Feeds that share the first part of their path may be one program's on a host that serves many: where only
    they were told to wait, the host's other feeds go on.
    """
    rows = connection.execute(
        sa.select(
            feeds.c.id, sa.func.coalesce(feeds.c.address, feeds.c.url).label("address"), feeds.c.throttled_at
        ).where(feeds.c.host == host, feeds.c.state.in_(ASKED))
    ).all()
    throttled = [row for row in rows if row.throttled_at and row.throttled_at > now - _THROTTLED_FOR]
    if len(throttled) < _SEVERAL:
        return None
    routes = {route_of(row.address) for row in throttled}
    whole = len(routes) > 1
    ids = [row.id for row in rows if whole or route_of(row.address) in routes]
    connection.execute(
        sa.update(feeds).where(feeds.c.id.in_(ids), feeds.c.due_at < until).values(due_at=until)
    )
    return host if whole else f"{host}/{next(iter(routes))}"


def _window(connection: sa.Connection, due: sa.ColumnElement[bool], limit: int) -> list[tuple[int, str, int]]:
    rows = connection.execute(
        sa.select(feeds.c.id, feeds.c.host, feeds.c.claims + feeds.c.deaths)
        .where(due)
        .order_by(feeds.c.due_at, feeds.c.id)
        .limit(limit)
        # A second process passes these by, the few that are not chosen as well: they are free in a moment.
        .with_for_update(skip_locked=True, of=feeds)
    )
    return [(feed_id, host, count) for feed_id, host, count in rows.all()]


def _fair(
    window: Iterable[tuple[int, str, int]], busy: Collection[str], per_host: int | None, limit: int
) -> list[tuple[int, str, int]]:
    chosen: list[tuple[int, str, int]] = []
    taken: dict[str, int] = {}
    for row in window:
        host = row[1]
        if len(chosen) == limit:
            break
        if host in busy or (per_host is not None and taken.get(host, 0) >= per_host):
            continue
        taken[host] = taken.get(host, 0) + 1
        chosen.append(row)
    return chosen


def _load(connection: sa.Connection, ids: Sequence[int], *, now: datetime) -> list[FeedForPoll]:
    if not ids:
        return []
    pushed = sa.exists().where(
        pushes.c.feed_id == feeds.c.id, pushes.c.state == PushState.VERIFIED, pushes.c.lease_until > now
    )
    rows = connection.execute(sa.select(*_NEEDED, pushed.label("pushed")).where(feeds.c.id.in_(ids))).all()
    found = {
        row.id: FeedForPoll(
            id=row.id,
            url=row.url,
            address=row.address or row.url,
            host=row.host,
            name=row.name,
            state=FeedState(row.state),
            interval=None if row.interval_seconds is None else timedelta(seconds=row.interval_seconds),
            headers=row.headers or {},
            etag=row.etag,
            last_modified=row.last_modified,
            validators_at=row.validators_at,
            body_hash=row.body_hash,
            failures=row.failures,
            failing_since=row.failing_since,
            moving_to=row.moving_to,
            moves=row.moves,
            first=row.polled_at is None,
            pushed=row.pushed,
            habits=row.habits,
            terms=row.terms,
        )
        for row in rows
    }
    return [found[feed_id] for feed_id in ids if feed_id in found]
