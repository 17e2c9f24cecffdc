"""Matching an article against standing filters: `make bench-match` (QUICK=1: the small sizes only).

Measured is `Matcher.match`, from a story's words to the ids of filters and of their subscribers; and reading
the words (`StoryWords`), which is done once, however many filters there are; and then both of each story, one
right after the other, as in the bot. Every round reads its stories anew. Beside it, on the same filters and
articles, one compiled regular expression per filter in a loop, and PostgreSQL with a table of tsquery; both
get fewer articles where more would take minutes. Each size has a process of its own: by what it grows is what
the filters need.
"""

import argparse
import gc
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bench.match_rivals import postgres, regexes
from bench.match_workload import STORIES, SUBSCRIBERS, Workload, stream
from bot.alerts.index.matcher import Matcher
from bot.alerts.language.parse import FilterError, parse
from bot.alerts.rule import Filter
from bot.alerts.words import StoryWords, evaluate

T = TypeVar("T")

ROUNDS = 3
LEARNT = 100  # other stories, of which the index has counted the words before filters come
WARM_UP = 50  # others again, matched before those that are measured
CHANGED = 20_000  # filters removed and added again
CHECKED_FILTERS, CHECKED_STORIES = 2_000, 40
SIZES = (1_000, 10_000, 100_000, 1_000_000)
QUICK_SIZES = (1_000, 10_000)
# Of each rival, how many articles at which size.
REGEX_ARTICLES = {1_000: 100, 10_000: 20, 100_000: 5}
POSTGRES_ARTICLES = {10_000: 500, 100_000: 500, 1_000_000: 50}
QUICK_ARTICLES = 5


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured at one size: times in milliseconds, each of ROUNDS; changes in microseconds."""

    size: int
    match: list[list[float]]  # p50, p90 and p99 of each round
    read: list[list[float]]
    both: list[list[float]]  # one after the other
    build: float  # seconds
    parse: float
    add: list[float]  # mean, p99 and worst
    remove: list[float]
    memory: float  # MB
    hits: list[float]  # p50 and p99
    articles: list[list[float]]  # matching, and reading and matching: the median round of each article


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="bench_match", description="Standing filters, matched.")
    parser.add_argument("--quick", action="store_true", help="1,000 and 10,000 filters: does it work?")
    parser.add_argument("--own", type=int, help="only our index, with so many filters, as JSON")
    asked = parser.parse_args()
    if not stream().exists():
        print(f"SKIPPED: no {stream()} (SHARED_DATA names the directory)")
        return
    if asked.own:
        print(json.dumps(asdict(own(asked.own))))
        return
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True)
    every = [_apart(size) for size in (QUICK_SIZES if asked.quick else SIZES)]
    _tell(every)
    ratios = _rivals(every, is_quick=asked.quick)
    if not _bars({one.size: one for one in every}, ratios, is_quick=asked.quick) and not asked.quick:
        sys.exit(1)


def _apart(size: int) -> Figures:
    command = [sys.executable, "-m", "bench.bench_match", "--own", str(size)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Figures(**json.loads(done.stdout))


def own(size: int) -> Figures:
    """Builds an index of so many filters, checks and measures it."""
    workload = Workload(stream())
    earlier, later = workload.others[:LEARNT], workload.others[LEARNT : LEARNT + WARM_UP]
    adding = np.full(size, 0.0)  # its memory is taken now
    for _ in filters(workload, 1_000):  # what parsing itself keeps is not the index's
        pass
    gc.collect()
    memory = _resident()
    matcher = Matcher()
    for one in earlier:
        matcher.learn(StoryWords(one))
    began = time.perf_counter()
    for number, filter_ in filters(workload, size):
        started = time.perf_counter()
        matcher.add(number, filter_, subscriber_id=number % SUBSCRIBERS)
        adding[number] = time.perf_counter() - started
    parsing = time.perf_counter() - began - adding.sum()
    for one in later:
        matcher.match(StoryWords(one))
    memory = _resident() - memory
    matching, reading, both, hits = _measured(matcher, workload)
    _check(matcher, workload, size)
    middle = [np.median(one, axis=0) for one in (matching, both)]
    return Figures(
        size=size,
        match=_percentiles(matching),
        read=_percentiles(reading),
        both=_percentiles(both),
        build=float(adding.sum()),
        parse=parsing,
        add=_summary(adding),
        remove=_removed(matcher, workload, size),
        memory=memory,
        hits=np.percentile(hits, [50, 99]).tolist(),
        articles=[one.tolist() for one in middle],
    )


def filters(workload: Workload, count: int) -> Iterator[tuple[int, Filter]]:
    """The wishes' filters, numbered; a handful that the language refuses (words like "los") are left out."""
    for number, wish in enumerate(workload.wishes(count)):
        try:
            yield number, parse(wish.text)
        except FilterError:
            continue


def _measured(matcher: Matcher, workload: Workload) -> tuple[NDArray[np.float64], ...]:
    # (ROUNDS, articles) of milliseconds each, and the hits of each article
    stories = workload.stories
    matching = np.zeros((ROUNDS, len(stories)))
    reading, both, hits = np.zeros_like(matching), np.zeros_like(matching), np.zeros(len(stories))
    for turn in range(ROUNDS):
        every = [_clocked(lambda story=story: StoryWords(story)) for story in stories]
        reading[turn] = [milliseconds for _, milliseconds in every]
        found = [_clocked(lambda words=words: matcher.match(words)) for words, _ in every]
        matching[turn] = [milliseconds for _, milliseconds in found]
        hits[:] = [len(one.filter_ids) for one, _ in found]
        both[turn] = [_clocked(lambda one=one: matcher.match(StoryWords(one)))[1] for one in stories]
    return matching, reading, both, hits


def _clocked(work: Callable[[], T]) -> tuple[T, float]:
    """What the work gives, and its milliseconds."""
    began = time.perf_counter()
    result = work()
    return result, 1e3 * (time.perf_counter() - began)


def _check(matcher: Matcher, workload: Workload, size: int) -> None:
    """Stops where the index finds other filters than asking one by one, on a sample."""
    some = _sample(workload, size, CHECKED_FILTERS)
    for story in workload.stories[:CHECKED_STORIES]:
        words = StoryWords(story)
        found = set(matcher.match(words).filter_ids.tolist()) & some.keys()
        expected = {number for number, one in some.items() if evaluate(one, words) is not None}
        if found != expected:
            sys.exit(f"NOT EXACT: {story.title!r} {found ^ expected}")


def _removed(matcher: Matcher, workload: Workload, size: int) -> list[float]:
    """Times of removing some; they are added again."""
    some = _sample(workload, size, CHANGED)
    removing = []
    for number in some:
        began = time.perf_counter()
        matcher.remove(number)
        removing.append(time.perf_counter() - began)
    for number, filter_ in some.items():
        matcher.add(number, filter_, subscriber_id=number % SUBSCRIBERS)
    return _summary(np.array(removing))


def _sample(workload: Workload, size: int, count: int) -> dict[int, Filter]:
    chosen = set(random.Random(size).sample(range(size), min(count, size)))
    wishes = ((number, wish) for number, wish in enumerate(workload.wishes(size)) if number in chosen)
    found = {}
    for number, wish in wishes:
        try:
            found[number] = parse(wish.text)
        except FilterError:
            continue
    return found


def _percentiles(rounds: NDArray[np.float64]) -> list[list[float]]:
    return np.percentile(rounds, [50, 90, 99], axis=1).T.tolist()


def _summary(seconds: NDArray[np.float64]) -> list[float]:
    seconds = 1e6 * seconds[seconds > 0]
    return [float(seconds.mean()), float(np.percentile(seconds, 99)), float(seconds.max())]


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _middle(rounds: Sequence[Sequence[float]], which: int) -> float:
    return median(one[which] for one in rounds)


def _tell(every: Sequence[Figures]) -> None:
    print(f"\nms an article, median of {ROUNDS} rounds over the same articles (lowest to highest):\n")
    print(
        f"  {'filters':>9} {'match p50':>22} {'match p99':>22} {'read p50':>9} {'p99':>6}"
        f" {'both p50':>9} {'p99':>6}"
    )
    for one in every:
        spans = []
        for which in (0, 2):
            values = [each[which] for each in one.match]
            spans.append(f"{median(values):.3f} ({min(values):.3f} to {max(values):.3f})")
        read, both = ((_middle(each, 0), _middle(each, 2)) for each in (one.read, one.both))
        print(
            f"  {one.size:>9,} {spans[0]:>22} {spans[1]:>22} {read[0]:>9.2f} {read[1]:>6.2f}"
            f" {both[0]:>9.2f} {both[1]:>6.2f}"
        )
    print(
        f"\n  {'filters':>9} {'build s':>8} {'(parse s)':>9} {'MB':>6} {'add µs: mean, p99, worst':>26}"
        f" {'remove µs: mean, p99, worst':>28} {'hits p50':>9} {'p99':>8}"
    )
    for one in every:
        add, remove = (", ".join(f"{each:,.0f}" for each in times) for times in (one.add, one.remove))
        print(
            f"  {one.size:>9,} {one.build:>8.1f} {one.parse:>9.1f} {one.memory:>6.0f} {add:>26} {remove:>28}"
            f" {one.hits[0]:>9,.0f} {one.hits[1]:>8,.0f}"
        )
    print(flush=True)


def _rivals(every: Sequence[Figures], *, is_quick: bool) -> dict[str, float]:
    """How many times faster than each rival at each size, told as it comes."""
    workload = Workload(stream())
    ratios = {}
    print("ms an article, median over the first articles; ours: matching, and with reading:\n")
    print(f"  {'filters':>9} {'rival':<12} {'articles':>8} {'ms':>10} {'ours':>15} {'times faster':>16}")
    for name, rival, counts in (("regex", regexes, REGEX_ARTICLES), ("tsquery", postgres, POSTGRES_ARTICLES)):
        for one in every:
            count = min(counts.get(one.size, 0), QUICK_ARTICLES if is_quick else STORIES)
            if not count:
                continue
            theirs = 1e3 * rival(list(workload.wishes(one.size)), workload.stories[:count])
            matching, whole = (median(each[:count]) for each in one.articles)
            ratios[f"{name} at {one.size:,}"] = theirs / matching
            print(
                f"  {one.size:>9,} {name:<12} {count:>8} {theirs:>10.1f} {f'{matching:.3f}, {whole:.2f}':>15}"
                f" {f'{theirs / matching:,.0f}, {theirs / whole:,.0f}':>16}",
                flush=True,
            )
    return ratios


def _bars(sizes: dict[int, Figures], ratios: dict[str, float], *, is_quick: bool) -> bool:
    """Prints the bars; whether all were reached."""
    if is_quick:
        print("\nThe bars are for 100,000 filters and more.")
        return True
    middle, large = sizes[100_000], sizes[1_000_000]
    most = [
        ("100,000: match p50, ms", _middle(middle.match, 0), 0.4),
        ("100,000: match p99, ms", _middle(middle.match, 2), 1.5),
        ("1,000,000: match p50, ms", _middle(large.match, 0), 2),
        ("1,000,000: match p99, ms", _middle(large.match, 2), 6),
        ("1,000,000: memory, MB", large.memory, 300),
        ("add, mean at both sizes, µs", max(middle.add[0], large.add[0]), 50),
        ("remove, mean at both sizes, µs", max(middle.remove[0], large.remove[0]), 50),
    ]
    least = [
        ("100,000: times faster than regex", ratios["regex at 100,000"], 1_000),
        ("100,000: times faster than tsquery", ratios["tsquery at 100,000"], 50),
        ("1,000,000: times faster than tsquery", ratios["tsquery at 1,000,000"], 80),
    ]
    print()
    rows = [(name, got, f"≤ {bar:g}", got <= bar) for name, got, bar in most]
    rows += [(name, got, f"≥ {bar:g}", got >= bar) for name, got, bar in least]
    for name, got, bar, is_reached in rows:
        print(f"  {name:<38} {got:>9,.3g}   bar {bar:<7} {'reached' if is_reached else 'MISSED'}")
    return all(is_reached for *_, is_reached in rows)


if __name__ == "__main__":
    main()
