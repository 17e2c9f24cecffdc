"""Subscriptions to the hubs of feeds (W3C WebSub): asked for, confirmed, renewed before their lease ends.

A feed whose hub pushes is polled seldom. Whenever a subscription ends, however it ends, its feed is due soon.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.model import PushState
from bot.storage.claims import RELEASED, Claimed, claim
from bot.storage.polls import ASKED
from bot.storage.tables import UtcTime, entries, feeds, pushes
from bot.times import EPOCH

_SECRET_BYTES = 32  # 43 characters: the spec allows a secret fewer than 200 (section 5.1)
_MARK_BYTES = 4
_PING_EVERY = timedelta(seconds=30)  # a hub that pings all day must not make us ask its feed all day
_HUB_TAKES = timedelta(minutes=10)  # the most between a publication and its push; later, it was missed
_DISTRUST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PushForHub:
    """A subscription that is ours to ask for, or to renew: then its `state` is verified."""

    id: int
    feed_id: int
    feed_url: str
    hub: str
    topic: str
    token: str
    secret: str
    state: PushState
    lease_until: datetime | None


@dataclass(frozen=True, slots=True)
class PushTarget:
    """The subscription behind a callback, and the feed it is for.

    `address` is where the feed is asked; `polled` says whether it is, `first` whether its backlog is still to
    come. The last two are JSON as `bot.feeds` wrote it.
    """

    id: int
    feed_id: int
    feed_url: str
    address: str
    polled: bool
    first: bool
    hub: str
    topic: str
    token: str
    secret: str
    state: PushState


def want(connection: sa.Connection, feed_id: int, *, hub: str, topic: str, now: datetime) -> None:
    """The feed has named its hub; nothing happens when it named the same before."""
    row = connection.execute(
        sa.select(pushes.c.hub, pushes.c.topic).where(pushes.c.feed_id == feed_id)
    ).one_or_none()
    if row is not None and row.topic == topic and row.hub in (hub, _over_https(hub)):
        return
    # A new token for a new hub: the old one must not be able to push any more.
    values = {
        "hub": hub,
        "topic": topic,
        "token": _random(),
        "secret": _random(),
        "state": PushState.WANTED,
        "lease_until": None,
        "pushed_at": None,
        "error": None,
        "due_at": now,
        **RELEASED,
    }
    if row is None:
        connection.execute(sa.insert(pushes).values(feed_id=feed_id, **values))
    else:
        connection.execute(sa.update(pushes).where(pushes.c.feed_id == feed_id).values(values))


def answer_at(
    connection: sa.Connection, public_url: str | None, *, now: datetime, shortest: timedelta
) -> int:
    """Hubs that know us under another address push into the void: they are asked anew; how many.

    Without an address of ours, all feeds go back to being polled.
    """
    known = pushes.c.token.startswith(_mark(public_url)) if public_url else sa.false()
    lost = connection.execute(
        sa.select(pushes.c.id, pushes.c.feed_id, pushes.c.state).where(
            pushes.c.state != PushState.WANTED, sa.not_(known)
        )
    ).all()
    _end(connection, [row.id for row in lost], now=now)
    for row in lost:
        if row.state == PushState.VERIFIED:
            _bring_forward(connection, row.feed_id, now + shortest)
    return len(lost)


def claim_pushes(
    connection: sa.Connection,
    *,
    public_url: str,
    now: datetime,
    lease: timedelta,
    limit: int,
    shortest: timedelta,
) -> tuple[list[PushForHub], Claimed]:
    """Subscriptions to be asked for or renewed, of feeds that are still polled, claimed.

    One whose lease has ended is to be asked for anew, and its feed is due within `shortest`.
    """
    polled = sa.select(feeds.c.id).where(feeds.c.state.in_(ASKED))
    claimed = claim(connection, pushes, pushes.c.feed_id.in_(polled), now=now, lease=lease, limit=limit)
    mine = pushes.c.id.in_(claimed.ids)
    over = sa.and_(mine, pushes.c.state == PushState.VERIFIED, pushes.c.lease_until <= now)
    for feed_id in connection.execute(sa.select(pushes.c.feed_id).where(over)).scalars().all():
        _bring_forward(connection, feed_id, now + shortest)
    # Asked from now on: a hub may confirm before it has answered our request.
    still = sa.and_(pushes.c.state == PushState.VERIFIED, pushes.c.lease_until > now)
    connection.execute(
        sa.update(pushes).where(mine, sa.not_(still)).values(state=PushState.ASKED, lease_until=None)
    )
    elsewhere = sa.and_(mine, sa.not_(pushes.c.token.startswith(_mark(public_url))))
    for push_id in connection.execute(sa.select(pushes.c.id).where(elsewhere)).scalars().all():
        token = _mark(public_url) + _random()
        connection.execute(sa.update(pushes).where(pushes.c.id == push_id).values(token=token))
    rows = connection.execute(
        sa.select(pushes, feeds.c.url.label("feed_url")).join(feeds).where(mine).order_by(pushes.c.id)
    )
    found = [
        PushForHub(
            *(row.id, row.feed_id, row.feed_url, row.hub, row.topic, row.token, row.secret),
            state=PushState(row.state),
            lease_until=row.lease_until,
        )
        for row in rows
    ]
    return found, claimed


def find_push(connection: sa.Connection, token: str) -> PushTarget | None:
    """The subscription whose callback address holds this token."""
    row = connection.execute(
        sa.select(
            pushes,
            feeds.c.url.label("feed_url"),
            sa.func.coalesce(feeds.c.address, feeds.c.url).label("address"),
            feeds.c.state.label("feed_state"),
            feeds.c.polled_at,
        )
        .join(feeds)
        .where(pushes.c.token == token)
    ).one_or_none()
    if row is None:
        return None
    return PushTarget(
        id=row.id,
        feed_id=row.feed_id,
        feed_url=row.feed_url,
        address=row.address,
        polled=row.feed_state in ASKED,
        first=row.polled_at is None,
        hub=row.hub,
        topic=row.topic,
        token=row.token,
        secret=row.secret,
        state=PushState(row.state),
    )


def record_asked(connection: sa.Connection, push: PushForHub, *, hub: str, again_at: datetime) -> None:
    """The hub has taken the request, at the address `hub`; asked again at `again_at` if it does not confirm.

    A subscription that is being renewed goes on meanwhile. Nothing is written when the hub has confirmed
    already.
    """
    connection.execute(
        sa.update(pushes)
        .where(_held(push))
        .values(hub=hub, error=None, due_at=_at_lease_end_or(again_at), **RELEASED)
    )


def put_off(connection: sa.Connection, push: PushForHub, *, error: str, again_at: datetime) -> None:
    """The hub could not be asked now; what it has promised before still holds."""
    connection.execute(
        sa.update(pushes)
        .where(_held(push))
        .values(error=error, due_at=_at_lease_end_or(again_at), **RELEASED)
    )


def record_refused(
    connection: sa.Connection,
    push: PushForHub,
    *,
    error: str,
    again_at: datetime,
    now: datetime,
    shortest: timedelta,
) -> None:
    """The hub would not, or could not be asked; polling goes on."""
    _refuse(connection, _held(push), error=error, again_at=again_at, soon=now + shortest)


def record_denied(
    connection: sa.Connection,
    push: PushTarget,
    *,
    error: str,
    again_at: datetime,
    now: datetime,
    shortest: timedelta,
) -> None:
    """The hub has taken back its word, as it may at any time (section 5.2); polling goes on."""
    _refuse(connection, pushes.c.token == push.token, error=error, again_at=again_at, soon=now + shortest)


def record_verified(
    connection: sa.Connection, token: str, *, lease_until: datetime, renew_at: datetime, now: datetime
) -> bool:
    """The hub has confirmed: it pushes until the lease ends; False when we have not asked for it."""
    renewed = pushes.c.state == PushState.VERIFIED
    done = connection.execute(
        sa.update(pushes)
        .where(pushes.c.token == token, pushes.c.state.in_((PushState.ASKED, PushState.VERIFIED)))
        .values(
            state=PushState.VERIFIED,
            lease_until=lease_until,
            # What came out before was nobody's to push: `missed` counts from here.
            pushed_at=sa.case((renewed, pushes.c.pushed_at), else_=sa.literal(now, UtcTime())),
            error=None,
            due_at=renew_at,
            **RELEASED,
        )
    )
    return done.rowcount == 1


def record_pushed(connection: sa.Connection, push_id: int, *, now: datetime) -> None:
    """Something has come from the hub."""
    connection.execute(sa.update(pushes).where(pushes.c.id == push_id).values(pushed_at=now))


def record_ended(connection: sa.Connection, push_id: int, *, now: datetime) -> None:
    """The hub was told that nobody polls the feed; should it be polled again, the hub is asked anew."""
    _end(connection, [push_id], now=now)


def missed(connection: sa.Connection, feed_id: int, *, now: datetime) -> bool:
    """Whether the poll of `now` brought what the hub should have pushed; then it is not relied on for a day.

    To be asked after the poll's entries are entered and before the poll itself is recorded. An entry came out
    after the poll before this one, or later if it says so itself: it was missed if that is after the hub was
    last heard, and long enough ago for the hub to have pushed it. What the hub still pushes is still taken.
    """
    row = connection.execute(
        sa.select(pushes.c.id, pushes.c.pushed_at, feeds.c.answered_at)
        .join(feeds)
        .where(pushes.c.feed_id == feed_id, pushes.c.state == PushState.VERIFIED, pushes.c.lease_until > now)
    ).one_or_none()
    if row is None:
        return False
    stated = connection.execute(
        sa.select(entries.c.published_at).where(
            entries.c.arrived_at == now, entries.c.feed_id == feed_id, entries.c.backlog.is_(False)
        )
    ).scalars()
    heard, before = row.pushed_at or EPOCH, row.answered_at or EPOCH
    count = sum(heard < max(at or EPOCH, before) <= now - _HUB_TAKES for at in stated)
    if count:
        what = "1 entry" if count == 1 else f"{count} entries"
        _refuse(
            connection,
            pushes.c.id == row.id,
            error=f"a poll found {what} that the hub had not pushed",
            again_at=now + _DISTRUST,
            soon=now,
        )
    return bool(count)


def poll_now(connection: sa.Connection, feed_id: int, *, now: datetime) -> bool:
    """The feed is due at once: its hub says that something is new, and what came could not be used.

    False when the feed is being asked just now: its answer may be older than what the hub says.
    """
    row = connection.execute(
        sa.select(feeds.c.claimed_at, feeds.c.answered_at).where(feeds.c.id == feed_id)
    ).one_or_none()
    if row is None or row.claimed_at is not None:
        return False
    _bring_forward(connection, feed_id, max(now, (row.answered_at or EPOCH) + _PING_EVERY))
    return True


def _refuse(
    connection: sa.Connection,
    which: sa.ColumnElement[bool],
    *,
    error: str,
    again_at: datetime,
    soon: datetime,
) -> None:
    row = connection.execute(
        sa.select(pushes.c.id, pushes.c.feed_id, pushes.c.state).where(which).with_for_update()
    ).one_or_none()
    if row is None:
        return
    connection.execute(
        sa.update(pushes)
        .where(pushes.c.id == row.id)
        .values(state=PushState.REFUSED, lease_until=None, error=error, due_at=again_at, **RELEASED)
    )
    if row.state == PushState.VERIFIED:
        _bring_forward(connection, row.feed_id, soon)


def _end(connection: sa.Connection, ids: Sequence[int], *, now: datetime) -> None:
    connection.execute(
        sa.update(pushes)
        .where(pushes.c.id.in_(ids))
        .values(state=PushState.WANTED, lease_until=None, error=None, due_at=now, **RELEASED)
    )


def _held(push: PushForHub) -> sa.ColumnElement[bool]:
    """That nobody has written an outcome since the claim: the hub may confirm before it has answered us."""
    return sa.and_(pushes.c.id == push.id, pushes.c.token == push.token, pushes.c.claimed_at.is_not(None))


def _at_lease_end_or(at: datetime) -> sa.ColumnElement[datetime]:
    """Then, or when the lease ends: so that its feed is polled again from that moment on."""
    # A null lease_until compares as unknown, and so falls to the other side.
    return sa.case((pushes.c.lease_until < at, pushes.c.lease_until), else_=sa.literal(at, UtcTime()))


def _bring_forward(connection: sa.Connection, feed_id: int, at: datetime) -> None:
    """The feed is due then, if it would be later; not one that fails, for its wait is its server's wish.

    The same where its server has told feeds of this host to wait.
    """
    held = feeds.alias("held")
    host = sa.select(feeds.c.host).where(feeds.c.id == feed_id).scalar_subquery()
    told_to_wait = sa.exists().where(
        held.c.host == host, held.c.throttled_at.is_not(None), held.c.due_at > at
    )
    connection.execute(
        sa.update(feeds)
        .where(
            feeds.c.id == feed_id,
            feeds.c.state.in_(ASKED),
            feeds.c.due_at > at,
            feeds.c.claimed_at.is_(None),
            feeds.c.failures == 0,
            sa.not_(told_to_wait),
        )
        .values(due_at=at)
    )


def _over_https(hub: str) -> str:
    return f"https:{hub.removeprefix('http:')}" if hub.startswith("http:") else hub


def _mark(public_url: str) -> str:
    """What a token begins with, so that it tells under which address of ours the hub was given it."""
    return hashlib.blake2b(public_url.encode(), digest_size=_MARK_BYTES).hexdigest()


def _random() -> str:
    return secrets.token_urlsafe(_SECRET_BYTES)
