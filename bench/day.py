"""A day of 1,000 feeds in minutes, with the clock turned by hand: `make bench-day` (QUICK=1: 6 hours of 100).

The poller is the real one (`bot.feeds.poll.Poll`), over a real SQLite database in memory, and it really reads
every body. Invented are the publishers (`bench.publishers`), the web they answer on, and time, which passes
only while nobody has anything to do (`bench.simulated`). No wire, no child process and no disk takes part.

Two days are shown: one of a bot that has just been started and knows of each feed what its first answer
states, and one of a bot that has watched for two weeks. Those two weeks are not polled through: each feed is
given what those polls would have taught (`Habits.seen` of what it published meanwhile).

Delay is the time from an item's appearance in its feed to its row in the database. The fixed polls beside
it are worked out, not run, and are flattered: they ask no publisher's leave, never queue for a host, never
fail, and their answers take no time.
"""

import argparse
import asyncio
import math
import random
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import get_context
from statistics import fmean, median
from typing import Any

import sqlalchemy as sa

from bench.publishers import DAY, LEARNT_DAYS, START, Publisher, item_of, publishers
from bench.simulated import HostLog, InlineDatabase, InlineOffload, Loop, Servers, percentile
from bot.feeds.cadence import Habits, first_habits
from bot.feeds.novelty import Identity
from bot.feeds.poll import Poll
from bot.feeds.record import Rules
from bot.feeds.turns import AT_ONCE, GAP
from bot.logs import configure
from bot.settings import FeedsSettings
from bot.storage import feeds as store
from bot.storage import polls, tables
from bot.storage.feeds import FeedSpec
from bot.storage.schema import migrate

SHORTEST, LONGEST = FeedsSettings().min_interval, FeedsSettings().max_interval
FIVE_MINUTES = 300.0
_LEASE = timedelta(minutes=2)
_SECOND = timedelta(seconds=1)
_TAIL = timedelta(hours=3)  # what appears at the day's end is still to be found
_CLASSES = (
    ("busy, 2 an hour and more", 48.0),
    ("every hour or two", 12.0),
    ("some a day", 1.0),
    ("rare", 0.0),
)
_TITLES = {False: "a fresh start", True: "after two weeks"}
_MOST_SHOWN = 10
_FEEDS, _HOURS = 1000, 24.0
_QUICK_FEEDS, _QUICK_HOURS = 100, 6.0


@dataclass(frozen=True)
class Found:
    """An item of the day: who published it, when it appeared, and how long it took to be entered."""

    publisher: Publisher
    appeared: float
    delay: float


@dataclass(frozen=True)
class Day:
    """What came of a simulated day; `seconds` is its length, `missing` and `twice` are items' addresses."""

    publishers: Sequence[Publisher]
    seconds: float
    servers: Servers
    found: list[Found]
    missing: list[str]
    twice: list[str]
    took: float

    @property
    def requests(self) -> int:
        """All requests of the day."""
        return sum(log.requests for log in self.servers.feeds.values())

    @property
    def violations(self) -> list[str]:
        """Requests that came before the publisher's ttl, max-age or Retry-After had run out."""
        return [one for log in self.servers.feeds.values() for one in log.violations]

    @property
    def skipped(self) -> int:
        """Requests in an hour that the publisher's skipHours name."""
        return sum(log.in_skipped_hours for log in self.servers.feeds.values())

    @property
    def hosts(self) -> list[HostLog]:
        """The books of each host."""
        return list(self.servers.hosts.values())

    def fixed_requests(self, interval: float) -> int:
        """Requests of a poll that asks every feed every `interval` seconds."""
        return round(len(self.publishers) * self.seconds / interval)


def simulate(
    listed: Sequence[Publisher], *, seed: int, hours: float = 24.0, learnt: bool = False, grain: float = 5.0
) -> Day:
    """The first `hours` of the day, from the moment these feeds are listed.

    `grain`: feeds are looked at every so many seconds of the day, and each second while one waits for its
    host's turn. The running bot looks each second; five seconds add half of that to the delay, and save time.
    """
    random.seed(f"{seed}/jitter")
    began = time.process_time()
    with asyncio.Runner(loop_factory=Loop) as runner:
        database = InlineDatabase("sqlite://")
        try:
            servers = runner.run(_live(database, listed, seed=seed, hours=hours, learnt=learnt, grain=grain))
            rows = database.write_now(_entered)
        finally:
            database.close()
    found, missing, twice = _compare(listed, servers, rows, until=hours * 3600)
    return Day(listed, hours * 3600, servers, found, missing, twice, time.process_time() - began)


async def _live(
    database: InlineDatabase,
    listed: Sequence[Publisher],
    *,
    seed: int,
    hours: float,
    learnt: bool,
    grain: float,
) -> Servers:
    loop = asyncio.get_running_loop()
    begun = loop.time()

    def clock() -> datetime:
        return START + timedelta(seconds=loop.time() - begun)

    migrate(database, now=START)
    specs = [FeedSpec(one.url, f"Feed {one.number}") for one in listed]
    database.write_now(partial(store.list_feeds, specs=specs, now=START))
    if learnt:
        database.write_now(partial(_teach, listed=listed))
    servers = Servers(listed, clock, seed, until=hours * 3600)
    rules = Rules(shortest=SHORTEST, longest=LONGEST)
    stage = Poll(
        database=database,
        web=servers,  # type: ignore[arg-type]
        offload=InlineOffload(),  # type: ignore[arg-type]
        lease=_LEASE,
        rules=rules,
        clock=clock,
    )
    ends_at = START + timedelta(hours=hours)
    knocks = _Knocks(stage, database, clock, grain)
    await knocks.until(ends_at)
    await knocks.until(ends_at + _TAIL, done=partial(servers.all_shown, hours * 3600))
    await stage.drain(60)
    return servers


@dataclass(frozen=True)
class _Knocks:
    """Does what the schedule does: wakes the stage again and again."""

    stage: Poll
    database: InlineDatabase
    clock: Callable[[], datetime]
    grain: float

    async def until(self, end: datetime, *, done: Callable[[], bool] = lambda: False) -> None:
        """Until then, or until it is done."""
        while self.clock() < end and not done():
            while await self.stage.step():
                pass
            now, next_due = self.clock(), await self.database.write(_next_due)
            if next_due <= now:  # it waits for its host's turn
                await asyncio.sleep(1.0)
            else:
                at = (min(next_due, end) - START).total_seconds()
                look_at = math.ceil(at / self.grain) * self.grain
                await asyncio.sleep(max(1.0, look_at - (now - START).total_seconds()))


def _next_due(connection: sa.Connection) -> datetime:
    asked = tables.feeds.c.state.in_(polls.ASKED)
    found: datetime = connection.execute(
        sa.select(sa.func.min(tables.feeds.c.due_at)).where(asked)
    ).scalar_one()
    return found


def _teach(connection: sa.Connection, listed: Iterable[Publisher]) -> None:
    """What two weeks of polls would have taught of each feed that answers.

    Of a feed without dates they would have taught nothing: see `bot.feeds.ingest`.
    """
    ids = {row.url: row.id for row in connection.execute(sa.select(tables.feeds.c.id, tables.feeds.c.url))}
    for one in listed:
        if one.dated and not one.is_dead:
            polls.record_learnt(connection, ids[one.url], habits=_habits(one), identity=Identity().as_json())


def _habits(one: Publisher) -> dict[str, Any] | None:
    before = one.count(-LEARNT_DAYS * DAY)
    at_first = [_at(at - one.lag) for at in one.appears[max(0, before - one.shown) : before]]
    began = _at(-LEARNT_DAYS * DAY)
    habits = first_habits(at_first, now=began) or Habits(at=began)
    since = [_at(at - one.lag) for at in one.appears[before : one.count(0.0)]]
    return habits.seen(since, now=START).as_json()


def _at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def _entered(connection: sa.Connection) -> list[Any]:
    news = tables.entries.c.backlog.is_(False)
    return list(connection.execute(sa.select(tables.entries.c.url, tables.entries.c.arrived_at).where(news)))


def _compare(
    listed: Sequence[Publisher], servers: Servers, rows: Iterable[Any], *, until: float
) -> tuple[list[Found], list[str], list[str]]:
    """The day's items beside the entries: found, missing, and entered twice."""
    arrived: dict[tuple[str, int], datetime] = {}
    twice = []
    for row in rows:
        key = item_of(row.url)
        if key in arrived:
            twice.append(row.url)
        arrived[key] = row.arrived_at
    found, missing = [], []
    for one in listed:
        first = servers.feeds[one.url].first_count
        if first is None:
            continue  # it never answered
        for number in range(first, one.count(until)):
            at = arrived.get((one.url, number))
            if at is None:
                missing.append(one.item_url(number))
            else:
                appeared = one.appears[number]
                found.append(Found(one, appeared, (at - START).total_seconds() - appeared))
    return found, missing, twice


@dataclass(frozen=True)
class Delays:
    """Delays in minutes: of all items, and the mean of each feed's own mean."""

    mean: float
    median: float
    p90: float
    p99: float
    per_feed: float


def delays(found: Iterable[Found], delay: Callable[[Found], float]) -> Delays | None:
    """How late these items were found; None when there are none."""
    by_feed: dict[str, list[float]] = {}
    for one in found:
        by_feed.setdefault(one.publisher.url, []).append(delay(one) / 60)
    every = [value for values in by_feed.values() for value in values]
    if not every:
        return None
    return Delays(
        mean=fmean(every),
        median=median(every),
        p90=percentile(every, 0.90),
        p99=percentile(every, 0.99),
        per_feed=fmean(fmean(values) for values in by_feed.values()),
    )


def ours(one: Found) -> float:
    """The delay there was."""
    return one.delay


def fixed(interval: float, seed: int) -> Callable[[Found], float]:
    """The delay under a poll of every feed every `interval` seconds, each from a moment of its own."""

    def delay(one: Found) -> float:
        phase = random.Random(f"{seed}/phase/{one.publisher.number}").uniform(0, interval)
        return (phase - one.appeared) % interval

    return delay


def report(day: Day, *, title: str, seed: int) -> str:
    """The tables."""
    equal = len(day.publishers) * day.seconds / day.requests
    return "\n".join(
        [
            f"\n== {title} ==",
            f"simulated in {day.took:.0f} s of one processor; {len(day.found):,} items",
            "",
            *_requests(day),
            "",
            *_delays(day, equal, seed),
            "",
            *_invariants(day),
        ]
    )


def _of_class(listed: Iterable[Publisher]) -> dict[str, list[Publisher]]:
    groups: dict[str, list[Publisher]] = {name: [] for name, _ in _CLASSES} | {"dead": []}
    for one in listed:
        name = "dead" if one.is_dead else next(name for name, least in _CLASSES if one.per_day >= least)
        groups[name].append(one)
    return {name: group for name, group in groups.items() if group}


def _requests(day: Day) -> Iterable[str]:
    yield f"{'requests':<26}{'feeds':>6}{'adaptive':>10}{'fixed 5 min':>13}{'saved':>7}{'one every':>11}"
    for name, group in [*_of_class(day.publishers).items(), ("all", list(day.publishers))]:
        asked = sum(day.servers.feeds[one.url].requests for one in group)
        at_fixed = len(group) * day.seconds / FIVE_MINUTES
        every = len(group) * day.seconds / max(1, asked) / 60
        saved = 1 - asked / at_fixed
        yield f"{name:<26}{len(group):>6}{asked:>10,}{at_fixed:>13,.0f}{saved:>7.0%}{every:>7.1f} min"


def _delays(day: Day, equal: float, seed: int) -> Iterable[str]:
    titles = f"{'mean':>7}{'median':>8}{'p90':>7}{'p99':>7}{'per feed':>10}"
    yield f"{'delay, minutes':<26}{'poll':<13}{'items':>7}{titles}"
    polls_by_name = {
        "adaptive": ours,
        "fixed 5 min": fixed(FIVE_MINUTES, seed),
        f"fixed {equal / 60:.1f}": fixed(equal, seed),
    }
    groups = {
        name: [one for one in day.found if one.publisher in group]
        for name, group in ((name, set(group)) for name, group in _of_class(day.publishers).items())
    }
    groups["all that ask for nothing"] = [one for one in day.found if not one.publisher.asks]
    groups["all"] = day.found
    for name, found in groups.items():
        for number, (by, delay) in enumerate(polls_by_name.items()):
            figures = delays(found, delay)
            if figures:
                yield (
                    f"{'' if number else name:<26}{by:<13}{len(found):>7,}{figures.mean:>7.2f}"
                    f"{figures.median:>8.2f}{figures.p90:>7.2f}{figures.p99:>7.2f}{figures.per_feed:>10.2f}"
                )


def _invariants(day: Day) -> Iterable[str]:
    hosts, logs = day.hosts, day.servers.feeds.values()
    gap = min(host.smallest_gap for host in hosts).total_seconds()
    yield f"one host at once: {max(host.most_at_once for host in hosts)} at most (limit {AT_ONCE})"
    yield f"between two requests to one host: {gap:.2f} s at least (limit {GAP.total_seconds():g} s)"
    yield f"requests to one host in a minute: {max(host.most_a_minute for host in hosts)} at most"
    yield f"requests before ttl, max-age or Retry-After had run out: {len(day.violations)}"
    yield f"requests in skipped hours: {day.skipped}"
    yield f"items never found: {len(day.missing)}; entered twice: {len(day.twice)}"
    answers = {
        status: sum(log.answers[status] for log in logs)
        for status in sorted({status for log in logs for status in log.answers})
    }
    yield "answers: " + ", ".join(f"{status}: {count:,}" for status, count in answers.items())
    sent, whole = sum(log.bytes_sent for log in logs), sum(log.bytes_whole for log in logs)
    yield f"bytes: {sent / 1e6:.0f} MB, {1 - sent / whole:.0%} less than with a whole body each time"


def broken(day: Day) -> list[str]:
    """The promises that this day did not keep."""
    found = []
    if max(host.most_at_once for host in day.hosts) > AT_ONCE:
        found.append("a host was asked by too many at once")
    if min(host.smallest_gap for host in day.hosts) < GAP:
        found.append("a host was asked too soon again")
    return (
        found
        + day.violations
        + [f"never found: {url}" for url in day.missing]
        + [f"entered twice: {url}" for url in day.twice]
    )


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m bench.day", description=__doc__.partition("\n")[0])
    quick = f"{_QUICK_FEEDS} feeds, {_QUICK_HOURS:g} hours: only shows that it works"
    parser.add_argument("--quick", action="store_true", help=quick)
    parser.add_argument("--feeds", type=int)
    parser.add_argument("--hours", type=float)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--grain", type=float, default=5.0, help="seconds from look to look")
    given = parser.parse_args(arguments)
    given.feeds = given.feeds or (_QUICK_FEEDS if given.quick else _FEEDS)
    given.hours = given.hours or (_QUICK_HOURS if given.quick else _HOURS)
    return given


def main(arguments: Sequence[str] | None = None) -> int:
    given = options(arguments)
    print(f"{given.feeds:,} feeds, {given.hours:g} hours from {START:%A %H:%M} UTC, seed {given.seed}")
    # Each day has a process of its own: they are independent, and a machine has more than one core.
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as side_by_side:
        days = [
            side_by_side.submit(
                _shown, given.feeds, given.seed, hours=given.hours, learnt=learnt, grain=given.grain
            )
            for learnt in (False, True)
        ]
        results = []
        for one in days:
            results.append(one.result())
            print(results[-1][0], flush=True)
    return int(any(promises for _, promises in results))


def _shown(count: int, seed: int, *, hours: float, learnt: bool, grain: float) -> tuple[str, list[str]]:
    """A day's tables, and the promises it did not keep."""
    configure(level="critical")
    day = simulate(publishers(count, seed), seed=seed, hours=hours, learnt=learnt, grain=grain)
    text, promises = report(day, title=_TITLES[learnt], seed=seed), broken(day)
    lines = [f"BROKEN: {one}" for one in promises[:_MOST_SHOWN]]
    if len(promises) > _MOST_SHOWN:
        lines.append(f"BROKEN: and {len(promises) - _MOST_SHOWN} more")
    return "\n".join([text, *lines]), promises


if __name__ == "__main__":
    sys.exit(main())
