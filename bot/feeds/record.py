"""What a poll changes, each as one transaction: an answer, or a failure with those who must hear of it."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.errors import NeedToKnowError, RemoteError
from bot.feeds import notices
from bot.feeds.cadence import NO_TERMS, Habits, Terms, Wait, decide, next_poll
from bot.feeds.fetch import Fetched, NotModified
from bot.feeds.ingest import Taken, take_in
from bot.feeds.reading import Reading
from bot.logs import get_logger
from bot.model import FeedState
from bot.storage import polls as store
from bot.storage import pushes
from bot.storage.feeds import followers_who_lose
from bot.storage.notices import add_notices, told_of
from bot.storage.polls import Failed, FeedForPoll, Polled
from bot.web import redacted

_log = get_logger(__name__)

_CONFIRMATIONS = 3  # polls in a row that must name the same new address
_GONE = 410
_THROTTLED = frozenset({429, 503})
_TOO_MANY = 429
_THROTTLED_WAIT = 15 * 60.0  # seconds, when a 429 does not say for how long
_HELD_MOST = 86_400.0
_BACK_OFF_FROM = Wait(timedelta(minutes=5), "", firm=True)


@dataclass(frozen=True, slots=True)
class Rules:
    """The bounds of a wait, the chat that hears of suspended feeds, and whether hubs can reach us."""

    shortest: timedelta
    longest: timedelta
    admin: int | None = None
    push: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a feed answered: `reading` is None when nothing has changed.

    `stale` says that it was asked without validators, because they were old.
    """

    feed: FeedForPoll
    got: Fetched | NotModified
    reading: Reading | None
    stale: bool


def answered(connection: sa.Connection, answers: Sequence[Answer], rules: Rules, *, now: datetime) -> None:
    """Feeds that gave an answer: what each brought, then the next poll of all at once."""
    outcomes = [_taken_in(connection, one, rules, now=now) for one in answers]
    store.record_polled(connection, [polled for polled, _ in outcomes])
    for one, (polled, taken) in zip(answers, outcomes, strict=True):
        _follow_up(connection, one.feed, polled, taken, rules, now=now)


def _taken_in(
    connection: sa.Connection, one: Answer, rules: Rules, *, now: datetime
) -> tuple[Polled, Taken | None]:
    feed, taken = one.feed, None
    if one.reading is not None:
        taken = take_in(connection, feed.id, one.reading, now=now)
        # Not for a feed with secrets: what it is called would tell its hub where they open a door.
        hub, self_url = _named(one.got, one.reading)
        if rules.push and hub and not feed.headers:
            topic = self_url or redacted(feed.address)
            pushes.want(connection, feed.id, hub=hub, topic=topic, now=now)
        if feed.pushed and taken.new and not taken.backlog and pushes.missed(connection, feed.id, now=now):
            _log.warning("push_missed", feed=feed.url, entries=taken.new)
            one = replace(one, feed=replace(feed, pushed=False))  # asked by its habits again
    return _polled(one, rules, now=now, taken=taken), taken


def _named(got: Fetched | NotModified, reading: Reading) -> tuple[str | None, str | None]:
    """The feed's hub, and what it calls itself there: of headers and feed, the headers come first."""
    if not isinstance(got, Fetched):
        return reading.hub, reading.self_url
    return got.hub or reading.hub, got.self_url or reading.self_url


def _follow_up(
    connection: sa.Connection,
    feed: FeedForPoll,
    polled: Polled,
    taken: Taken | None,
    rules: Rules,
    *,
    now: datetime,
) -> None:
    """A feed that is back, or has moved, and the line of log for one that has changed."""
    if feed.state == FeedState.SUSPENDED and feed.failing_since is not None:
        # Those who were told of the silence: it may have been longer than their alerts count.
        chats = told_of(connection, feed.id, since=feed.failing_since)
        text = notices.recovered(feed.name, since=feed.failing_since, now=now)
        _tell(connection, feed, rules, chats, people=text, admin=text, now=now)
    if polled.moves >= _CONFIRMATIONS and polled.moving_to:
        merged = store.record_move(connection, feed.id, polled.moving_to)
        _log.info(
            "feed_moved", feed=feed.url, to=polled.moving_to, already_polled_as=merged[0] if merged else None
        )
        if merged and rules.admin is not None:  # to the chats nothing is lost
            admin = notices.retired_for_admin(feed.name, feed.url, error=merged[1])
            add_notices(connection, [rules.admin], admin, feed_id=feed.id, now=now)
    if taken and (taken.backlog or taken.new or taken.changed):
        _log.info(
            "feed_polled",
            feed=feed.url,
            new=taken.new,
            changed=taken.changed,
            backlog=taken.backlog,
            next_in=round(polled.wait_seconds or 0),
        )


def failed(
    connection: sa.Connection,
    feed: FeedForPoll,
    error: NeedToKnowError,
    rules: Rules,
    *,
    ours: bool,
    now: datetime,
) -> None:
    """A feed without an answer; when our own network is to blame (`ours`), it counts against nobody."""
    if ours:
        again_at = next_poll(now, wait=_BACK_OFF_FROM, jitter=_jitter())
        store.record_failure(
            connection, Failed(feed.id, feed.failures, str(error), again_at, feed.failing_since)
        )
        return
    outcome = _failed(feed, error, rules, now=now)
    store.record_failure(connection, outcome)
    _log.warning(
        "feed_failed",
        feed=feed.url,
        error=str(error),
        failures=outcome.failures,
        next_poll_at=outcome.next_poll_at if outcome.state != FeedState.RETIRED else None,
    )
    if outcome.held_until is not None:
        held = store.hold_host(connection, feed.host, now=now, until=outcome.held_until)
        if held:
            _log.warning("host_held", host=held, until=outcome.held_until)
    if outcome.state is not None and outcome.state != feed.state:
        _tell_state(connection, feed, outcome, rules, now=now)


def _polled(one: Answer, rules: Rules, *, now: datetime, taken: Taken | None = None) -> Polled:
    feed, got, reading = one.feed, one.got, one.reading
    terms = reading.terms if reading else Terms.from_json(feed.terms)
    terms = replace(terms, fresh_seconds=got.fresh_seconds)
    wait = decide(
        now,
        habits=taken.habits if taken else Habits.from_json(feed.habits),
        terms=terms,
        shortest=rules.shortest,
        longest=rules.longest,
        fixed=feed.interval,
        pushed=feed.pushed,
    )
    target = _new_address(feed, got)
    asked = terms if feed.interval is None else NO_TERMS  # the operator's own interval wins
    return Polled(
        feed_id=feed.id,
        now=now,
        next_poll_at=next_poll(now, wait=wait, terms=asked, jitter=_jitter()),
        wait_seconds=wait.time.total_seconds(),
        wait_because=wait.because,
        etag=got.etag,
        last_modified=got.last_modified,
        validators_at=now if feed.validators_at is None or one.stale else feed.validators_at,
        body_hash=got.body_hash if isinstance(got, Fetched) else feed.body_hash,
        moving_to=target,
        moves=(feed.moves + 1 if target == feed.moving_to else 1) if target else 0,
        terms=terms.as_json(),
    )


def _new_address(feed: FeedForPoll, got: Fetched | NotModified) -> str | None:
    """Where the feed says that it has moved; never where its secrets or its privacy would be lost."""
    target = got.permanent_url
    is_private = bool(feed.headers) or redacted(feed.address) != feed.address
    is_downgrade = feed.address.startswith("https:") and (target or "").startswith("http:")
    return None if target == feed.address or is_private or is_downgrade else target


def _failed(feed: FeedForPoll, error: NeedToKnowError, rules: Rules, *, now: datetime) -> Failed:
    failures = feed.failures + 1
    since = feed.failing_since or now
    status = error.status if isinstance(error, RemoteError) else None
    retry_after = error.retry_after if isinstance(error, RemoteError) else None
    throttled = status in _THROTTLED and (retry_after is not None or status == _TOO_MANY)
    if throttled and retry_after is None:
        retry_after = _THROTTLED_WAIT
    wait = replace(_BACK_OFF_FROM, time=max(rules.shortest, feed.interval or timedelta(0)))
    terms = Terms.from_json(feed.terms) if feed.interval is None else NO_TERMS
    again_at = next_poll(
        now, wait=wait, terms=terms, failures=failures, retry_after=retry_after, jitter=_jitter()
    )
    state = None
    if status == _GONE:
        state = FeedState.RETIRED
    elif notices.is_silent(failures=failures, failing_since=since, now=now):
        state = FeedState.SUSPENDED
    return Failed(
        feed_id=feed.id,
        failures=failures,
        error=str(error),
        next_poll_at=again_at,
        failing_since=since,
        throttled_at=now if throttled else None,
        held_until=now + timedelta(seconds=min(retry_after, _HELD_MOST))
        if throttled and retry_after
        else None,
        state=state,
    )


def _tell_state(
    connection: sa.Connection, feed: FeedForPoll, outcome: Failed, rules: Rules, *, now: datetime
) -> None:
    since = outcome.failing_since or now
    if outcome.state == FeedState.RETIRED:
        people = notices.retired(feed.name)
        admin = notices.retired_for_admin(feed.name, feed.url, error=outcome.error)
    else:
        people = notices.suspended(feed.name, since=since, now=now)
        admin = notices.suspended_for_admin(feed.name, feed.url, error=outcome.error, since=since, now=now)
    _log.warning("feed_suspended" if outcome.state == FeedState.SUSPENDED else "feed_retired", feed=feed.url)
    losers = followers_who_lose(connection, feed.id, since=now - notices.FOLLOWED_SINCE)
    # A feed may close after a silence, and whoever was told of that waits to hear how it ends.
    waiting = told_of(connection, feed.id, since=since) if feed.state == FeedState.SUSPENDED else []
    _tell(connection, feed, rules, [*losers, *waiting], people=people, admin=admin, now=now)


def _tell(
    connection: sa.Connection,
    feed: FeedForPoll,
    rules: Rules,
    chats: Iterable[int],
    *,
    people: str,
    admin: str,
    now: datetime,
) -> None:
    others = [chat for chat in chats if chat != rules.admin]
    add_notices(connection, others, people, feed_id=feed.id, now=now)
    if rules.admin is not None:
        add_notices(connection, [rules.admin], admin, feed_id=feed.id, now=now)


def _jitter() -> float:
    return random.random()  # noqa: S311 - spreads polls, guards nothing
