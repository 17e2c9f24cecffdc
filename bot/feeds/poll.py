"""Stage one: due feeds are asked, and what is new in them becomes entries."""

import random
from datetime import datetime, timedelta
from functools import partial

from bot.errors import InputError, OwnNetworkError, RemoteError
from bot.feeds.cadence import next_poll
from bot.feeds.fetch import Fetched, NotModified, fetch
from bot.feeds.novelty import key_hash, novel
from bot.feeds.parse import ParsedFeed, parse
from bot.feeds.reach import Reach
from bot.logs import get_logger
from bot.offload import Offload
from bot.slots import Slots
from bot.storage import feeds as store
from bot.storage.database import Database
from bot.storage.feeds import FeedForPoll, NewEntry, Polled
from bot.text import squash
from bot.times import utc_now
from bot.web import Web

_log = get_logger(__name__)

_SLOTS = 48
_PARSE_SECONDS = 20.0
_WAIT_SECONDS = 0.25
# Some servers answer 304 for ever; once a week we ask as if for the first time.
_VALIDATORS_FOR = timedelta(days=7)
_MAX_TITLE = 500


class Poll:
    """Claims due feeds and asks each in a slot of its own, so that a slow server delays nobody else."""

    name = "poll"

    def __init__(self, *, database: Database, web: Web, offload: Offload, lease: timedelta) -> None:
        self._database = database
        self._web = web
        self._offload = offload
        self._lease = lease
        self._slots = Slots(_SLOTS, name=self.name)
        self._reach = Reach()

    async def step(self) -> bool:
        """One claim, or one wait for what is under way; whether there is more."""
        found: list[FeedForPoll] = []
        if self._slots.free:
            claim = partial(store.claim_feeds, now=utc_now(), lease=self._lease, limit=self._slots.free)
            found, claimed = await self._database.write(claim)
            for feed_id in claimed.parked:
                _log.error("feed_parked", feed_id=feed_id, mend="needtoknow retry")
        for feed in found:
            self._slots.start(self._poll(feed))
        if not self._slots.busy:
            return False
        await self._slots.wait(_WAIT_SECONDS)
        return True

    async def drain(self, timeout_seconds: float) -> None:
        """Lets polls in hand finish."""
        await self._slots.drain(timeout_seconds)

    async def _poll(self, feed: FeedForPoll) -> None:
        now = utc_now()
        stale = feed.validators_at is not None and now - feed.validators_at > _VALIDATORS_FOR
        try:
            got = await fetch(
                self._web,
                feed.url,
                etag=None if stale else feed.etag,
                last_modified=None if stale else feed.last_modified,
                body_hash=None if stale else feed.body_hash,
            )
            parsed = None
            if isinstance(got, Fetched):
                parsed = await self._offload.run(
                    parse, got.body, got.url, got.content_type, timeout_seconds=_PARSE_SECONDS
                )
        except (RemoteError, InputError) as error:
            await self._failed(feed, error)
        else:
            self._heard(feed)
            await self._answered(feed, got, parsed, stale=stale)

    def _heard(self, feed: FeedForPoll) -> None:
        if self._reach.answered(feed.url):
            _log.info("network_up")

    def _is_ours(self, feed: FeedForPoll, error: RemoteError | InputError) -> bool:
        # Our own network being down counts against nobody, and is said once.
        was_down = self._reach.is_down
        if isinstance(error, OwnNetworkError) or (isinstance(error, RemoteError) and error.unreachable):
            ours = self._reach.unreachable(feed.url) or isinstance(error, OwnNetworkError)
            if ours and not was_down:
                _log.warning(
                    "network_down",
                    error=str(error),
                    meaning="no feed out there can be reached; each is asked again later",
                )
            return ours
        self._heard(feed)
        return False

    async def _answered(
        self, feed: FeedForPoll, got: Fetched | NotModified, parsed: ParsedFeed | None, *, stale: bool
    ) -> None:
        now = utc_now()
        entries = parsed.entries if parsed else ()
        keys = [key_hash(entry.key) for entry in entries]
        seen = await self._database.read(lambda c: store.seen_keys(c, feed.id, keys)) if keys else set()
        new = [
            NewEntry(
                key_hash=key_hash(entry.key),
                title=squash(entry.title)[:_MAX_TITLE],
                url=entry.url,
                summary=entry.summary.replace("\0", ""),
                published_at=entry.published_at,
            )
            for entry in novel(entries, seen)
        ]
        keep_age = feed.validators_at is not None and not stale
        polled = Polled(
            feed_id=feed.id,
            next_poll_at=self._next(feed, now),
            etag=got.etag,
            last_modified=got.last_modified,
            validators_at=feed.validators_at if keep_age else now,
            body_hash=got.body_hash if isinstance(got, Fetched) else feed.body_hash,
        )
        count = await self._database.write(
            partial(store.record_poll, polled=polled, new=new, listed=keys, now=now)
        )
        if feed.failures:
            _log.info("feed_recovered", feed=feed.url, after_failures=feed.failures)
        if feed.first or count:
            _log.info("feed_polled", feed=feed.url, new=count, backlog=feed.first)

    async def _failed(self, feed: FeedForPoll, error: RemoteError | InputError) -> None:
        ours = self._is_ours(feed, error)
        failures = feed.failures if ours else feed.failures + 1
        retry_after = error.retry_after if isinstance(error, RemoteError) else None
        due_at = self._next(feed, utc_now(), failures=0 if ours else failures, retry_after=retry_after)
        if not ours:
            _log.warning(
                "feed_failed", feed=feed.url, error=str(error), failures=failures, next_poll_at=due_at
            )
        await self._database.write(
            lambda c: store.record_failure(
                c, feed.id, failures=failures, error=str(error), next_poll_at=due_at
            )
        )

    def _next(
        self, feed: FeedForPoll, now: datetime, *, failures: int = 0, retry_after: float | None = None
    ) -> datetime:
        jitter = random.random()  # noqa: S311 - spreads polls, guards nothing
        return next_poll(
            now, interval=feed.interval, failures=failures, retry_after=retry_after, jitter=jitter
        )
