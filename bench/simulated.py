"""What the poller meets in `bench.day`: a loop whose time passes at once, and servers that keep count."""

import asyncio
import heapq
import selectors
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeVar, TypeVarTuple

from bench.publishers import START, Publisher
from bot.storage.database import Database, Work
from bot.web import Response

T = TypeVar("T")
_Args = TypeVarTuple("_Args")

MOST_WISHED = timedelta(hours=1)  # no publisher's wish is honoured beyond it
_QUICK, _SLOW = 0.2, 2.2  # seconds to answer: the slow ones overlap on a host that is asked once a second
_RETRY_AFTER = (600, 3600)
_LAST_THROTTLED = (
    2 * 3600.0
)  # before the end, so that what is put off is still found before the watch is over
_MINUTE = timedelta(minutes=1)


class _Idle(selectors.DefaultSelector):
    """Instead of waiting, moves the loop's time on."""

    def __init__(self) -> None:
        super().__init__()
        self.slept = 0.0

    def select(self, timeout: float | None = None) -> Any:
        if timeout is None:
            raise RuntimeError("nothing is ever going to happen")
        self.slept += max(0.0, timeout)
        return super().select(0)


class Loop(asyncio.SelectorEventLoop):
    """An event loop in which a day takes as long as the work in it. No threads: they would see none pass."""

    def __init__(self) -> None:
        self._idle = _Idle()
        super().__init__(self._idle)

    def time(self) -> float:
        """Seconds since the start, slept and not waited for."""
        return self._idle.slept


class InlineDatabase(Database):
    """The database, its transactions on the calling thread (see `Loop`)."""

    async def write(self, work: Work[T]) -> T:
        """At once."""
        return self.write_now(work)


class InlineOffload:
    """Like `bot.offload.Offload`, without the child."""

    async def run(self, function: Callable[[*_Args], T], *args: *_Args, timeout_seconds: float) -> T:  # noqa: ARG002
        """`function(*args)`, here."""
        return function(*args)


@dataclass
class HostLog:
    """How one host was asked."""

    under_way: int = 0
    most_at_once: int = 0
    smallest_gap: timedelta = timedelta.max
    most_a_minute: int = 0
    recent: deque[datetime] = field(default_factory=deque)

    def begin(self, now: datetime) -> None:
        """A request begins."""
        if self.recent:
            self.smallest_gap = min(self.smallest_gap, now - self.recent[-1])
        self.recent.append(now)
        while self.recent[0] <= now - _MINUTE:
            self.recent.popleft()
        self.most_a_minute = max(self.most_a_minute, len(self.recent))
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)


@dataclass
class FeedLog:
    """How one feed was asked within the day, and what it is owed: no request before `free_at`."""

    requests: int = 0
    answers: Counter[int] = field(default_factory=Counter)
    bytes_sent: int = 0
    bytes_whole: int = 0  # what it would have been with a whole body each time
    free_at: datetime | None = None
    reason: str = ""
    first_count: int | None = None  # items that had appeared by the first answer
    last_count: int = 0  # by the last
    violations: list[str] = field(default_factory=list)
    in_skipped_hours: int = 0


class Servers:
    """The web as the poller sees it, with the interface of `bot.web.Web`; keeps the books of each request."""

    def __init__(
        self, publishers: Sequence[Publisher], clock: Callable[[], datetime], seed: int, *, until: float
    ) -> None:
        self._until = until
        self._by_url = {one.url: one for one in publishers}
        self._clock = clock
        self._rng = Random(f"{seed}/servers")
        self.hosts: dict[str, HostLog] = defaultdict(HostLog)
        self.feeds: dict[str, FeedLog] = {one.url: FeedLog() for one in publishers}
        self._bodies: dict[str, tuple[int, bytes]] = {}

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str],
        secrets: Mapping[str, str],  # noqa: ARG002
    ) -> Response:
        """The feed as it stands when the request arrives, some time later."""
        one, began = self._by_url[url], self._clock()
        self._check(one, began)
        host = self.hosts[one.host]
        host.begin(began)
        slow = self._rng.random() < one.slow
        await asyncio.sleep(_SLOW if slow else _QUICK)
        host.under_way -= 1
        at = (began - START).total_seconds()
        answer = self._answer(one, at, headers)
        self._note(one, answer, at)
        return answer

    def all_shown(self, until: float) -> bool:
        """Whether whoever has ever answered has shown all that appeared before `until`."""
        logs = ((one, self.feeds[one.url]) for one in self._by_url.values())
        return all(log.first_count is None or log.last_count >= one.count(until) for one, log in logs)

    def _check(self, one: Publisher, now: datetime) -> None:
        log = self.feeds[one.url]
        if log.free_at and now < log.free_at:
            log.violations.append(f"{one.url}: {log.free_at - now} too early for its {log.reason}")
        if log.first_count is not None and now.hour in one.skip_hours:
            log.in_skipped_hours += 1

    def _answer(self, one: Publisher, at: float, headers: Mapping[str, str]) -> Response:
        if self._rng.random() < one.failing:
            return Response(500, one.url, {}, b"")
        if at < self._until - _LAST_THROTTLED and self._rng.random() < one.throttling:
            return Response(429, one.url, {"Retry-After": str(self._rng.randint(*_RETRY_AFTER))}, b"")
        count = one.count(at)
        said = {"Content-Type": "application/rss+xml; charset=utf-8"}
        if one.max_age:
            said["Cache-Control"] = f"public, max-age={one.max_age}"
        if one.etag and not one.restless:
            said["ETag"] = f'"{count}"'
            if headers.get("If-None-Match") == said["ETag"]:
                return Response(304, one.url, said, b"")
        return Response(200, one.url, said, self._body(one, count, at))

    def _body(self, one: Publisher, count: int, at: float) -> bytes:
        known = self._bodies.get(one.url)
        if known is None or known[0] != count or one.restless:
            known = self._bodies[one.url] = (count, one.body(count, at))
        return known[1]

    def _note(self, one: Publisher, answer: Response, at: float) -> None:
        log, now = self.feeds[one.url], self._clock()
        if at < self._until:
            log.requests += 1
            log.answers[answer.status] += 1
            log.bytes_sent += len(answer.body)
            log.bytes_whole += len(self._bodies[one.url][1]) if answer.status in {200, 304} else 0
        if answer.status == 429:
            self._owe(log, now, float(answer.headers["Retry-After"]), "Retry-After", timedelta(hours=24))
        elif answer.status in {200, 304}:
            if log.first_count is None:
                log.first_count = one.count(at)
            log.last_count = one.count(at)
            wishes = [(60.0 * (one.ttl_minutes or 0), "ttl"), (float(one.max_age or 0), "max-age")]
            self._owe(log, now, *max(wishes), MOST_WISHED)

    @staticmethod
    def _owe(log: FeedLog, now: datetime, seconds: float, reason: str, at_most: timedelta) -> None:
        log.free_at, log.reason = now + min(timedelta(seconds=seconds), at_most), reason


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all are below or equal to."""
    return heapq.nsmallest(max(1, round(share * len(values))), values)[-1] if values else 0.0
