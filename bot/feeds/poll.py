"""Stage one: due feeds are asked, and what is new in them becomes entries."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import sqlalchemy as sa

from bot.addresses import is_near
from bot.errors import ConfigError, InputError, NeedToKnowError, OwnNetworkError, RemoteError
from bot.feeds import record
from bot.feeds.fetch import Fetched, NotModified, fetch
from bot.feeds.reach import Reach
from bot.feeds.reading import read
from bot.feeds.record import Answer, Rules
from bot.feeds.secrets import resolve
from bot.feeds.turns import Turns
from bot.logs import get_logger
from bot.offload import Offload
from bot.slots import Slots
from bot.storage import polls as store
from bot.storage.claims import together
from bot.storage.database import Database
from bot.storage.polls import FeedForPoll
from bot.times import utc_now
from bot.web import Web

_log = get_logger(__name__)

_SLOTS = 96
_FEW = _SLOTS // 4  # rather one claim of many feeds than many of few ...
_CLAIM_EVERY = timedelta(seconds=0.25)  # ... unless slow servers hold most of the slots
_PARSE_SECONDS = 20.0
_WAIT_SECONDS = 0.25
_GATHER_SECONDS = 0.002  # where one has answered more are about to, and one transaction serves them all
# Some servers answer 304 for ever; once a week we ask as if for the first time.
_VALIDATORS_FOR = timedelta(days=7)
T = TypeVar("T")
_USUAL = Rules(shortest=timedelta(minutes=2), longest=timedelta(minutes=30))


def _nothing(_: sa.Connection) -> None:
    pass


class Poll:
    """Claims due feeds and asks each in a slot of its own, so that a slow server delays nobody else.

    Answers are written many at a time: what arrives while a transaction runs goes into the next one.
    """

    name = "poll"

    def __init__(
        self,
        *,
        database: Database,
        web: Web,
        offload: Offload,
        lease: timedelta,
        rules: Rules = _USUAL,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._database = database
        self._web = web
        self._offload = offload
        self._lease = lease
        self._rules = rules
        self._clock = clock
        self._slots = Slots(_SLOTS, name=self.name)
        self._reach = Reach()
        self._turns = Turns()
        self._answers: list[Answer] = []
        self._claimed_at: datetime | None = None

    async def step(self) -> bool:
        """One exchange with the database, and one wait for what is under way; whether there is more."""
        claimed = await self._exchange()
        await self._slots.wait(_WAIT_SECONDS)
        if self._slots.busy:
            await asyncio.sleep(_GATHER_SECONDS)
        return claimed or self._slots.busy or bool(self._answers)

    async def drain(self, timeout_seconds: float) -> None:
        """Lets polls in hand finish."""
        await self._slots.drain(timeout_seconds)
        await self._written(_nothing)

    async def _exchange(self) -> bool:
        """Writes what was answered and claims what is due, in one transaction; whether there may be more."""
        now, free = self._clock(), self._slots.free
        recent = self._claimed_at is not None and now - self._claimed_at < _CLAIM_EVERY
        if not free or (free < _FEW and recent):
            if self._answers:
                await self._written(_nothing)
            return True
        self._claimed_at = now
        busy = self._turns.busy(now)
        found, claimed = await self._written(
            partial(store.claim_feeds, now=now, lease=self._lease, limit=free, busy=busy, per_host=1)
        )
        for feed_id in claimed.parked:
            _log.error("feed_parked", feed_id=feed_id, mend="needtoknow retry")
        for feed in found:
            self._turns.begin(feed.host, now=now, near=is_near(feed.host))
            self._slots.start(self._poll(feed))
        return bool(found)

    async def _poll(self, feed: FeedForPoll) -> None:
        stale = feed.validators_at is not None and self._clock() - feed.validators_at > _VALIDATORS_FOR
        try:
            got = await self._fetch(feed, stale=stale)
            reading = None
            if isinstance(got, Fetched):
                reading = await self._offload.run(
                    read, got.body, got.url, got.content_type, timeout_seconds=_PARSE_SECONDS
                )
        except (RemoteError, InputError, ConfigError) as error:
            await self._failed(feed, error)
        else:
            self._heard(feed)
            if feed.failures:
                _log.info("feed_recovered", feed=feed.url, after_failures=feed.failures)
            self._answers.append(Answer(feed, got, reading, stale))

    async def _fetch(self, feed: FeedForPoll, *, stale: bool) -> Fetched | NotModified:
        try:
            return await fetch(
                self._web,
                feed.address,
                etag=None if stale else feed.etag,
                last_modified=None if stale else feed.last_modified,
                body_hash=None if stale else feed.body_hash,
                secrets=resolve(feed.headers) if feed.headers else {},
            )
        finally:
            self._turns.end(feed.host)

    async def _written(self, then: Callable[[sa.Connection], T]) -> T:
        answers, self._answers = self._answers, []
        work = partial(record.answered, rules=self._rules, now=self._clock())
        return await together(self._database, work, answers, then)

    async def _failed(self, feed: FeedForPoll, error: NeedToKnowError) -> None:
        ours = self._is_ours(feed, error)
        await self._database.write(
            partial(record.failed, feed=feed, error=error, rules=self._rules, ours=ours, now=self._clock())
        )

    def _heard(self, feed: FeedForPoll) -> None:
        if self._reach.answered(feed.address):
            _log.info("network_up")

    def _is_ours(self, feed: FeedForPoll, error: NeedToKnowError) -> bool:
        # Our own network being down counts against nobody, and is said once.
        was_down = self._reach.is_down
        if isinstance(error, OwnNetworkError) or (isinstance(error, RemoteError) and error.unreachable):
            ours = self._reach.unreachable(feed.address) or isinstance(error, OwnNetworkError)
            if ours and not was_down:
                _log.warning(
                    "network_down",
                    error=str(error),
                    meaning="no feed out there can be reached; each is asked again later",
                )
            return ours
        if not isinstance(error, ConfigError):  # a secret that is missing: nobody was asked
            self._heard(feed)
        return False
