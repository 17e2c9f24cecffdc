"""How fast feeds are polled, beside newsboat and the bare HTTP client: `make bench-feeds`.

One loopback server (`bench/feed_server.py`) has 2,000 feeds of 40 entries, each on a host of its own. Three
clients ask it in turn, everything on the same cores, the server included: our poll stage over a real SQLite
file; newsboat's `reload`, at its best number of threads; and aiohttp alone, which reads and throws away. A
first poll begins with nothing, an unchanged one is answered 304. Medians count, for machines are noisy.

newsboat's second reload still asks for every feed in full, for up to 2.34 it stores a validator only for a
feed that it knew before (newsboat issue 2734), so its later reloads, answered 304, have a line of their own.
Both contain the time in which it loads its cache, as each `reload` does.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import urlopen

from bench.feed_server import ENTRIES, url_of

_MISSING = "newsboat is not installed, so there is no comparison with it; on Debian: apt-get install newsboat"
_CONFIG = "reload-threads {threads}\nmax-items 0\ndownload-retries 1\nauto-reload no\n"
_THREADS = 4  # the quickest of those tried on two cores
_FIRST_BAR, _AGAIN_BAR, _BARE_BAR, _MEMORY_BAR = 3.0, 30.0, 0.5, 300.0
_OURS, _NEWSBOAT, _BARE = "need to know", "newsboat", "bare aiohttp"


@dataclass
class Figures:
    """Feeds a second of each round, by client and by kind of round, and what a poller process needs."""

    rates: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    needs: dict[str, float] = field(default_factory=dict)

    def add(self, client: str, kind: str, rate: float) -> None:
        """One more round, said as it comes."""
        self.rates.setdefault((client, kind), []).append(rate)
        print(f"  {client:<13} {kind:<10} {rate:8.0f} feeds/s", flush=True)

    def rate(self, client: str, kind: str) -> float | None:
        """The median."""
        found = self.rates.get((client, kind))
        return median(found) if found else None


class Server:
    """The feeds, in a process of their own, and what was asked of them."""

    def __init__(self, port: int) -> None:
        self.port = port

    def counts(self) -> dict[str, Any]:
        """What was asked since the last look."""
        with urlopen(f"http://127.0.0.1:{self.port}/counts") as answer:
            counts: dict[str, Any] = json.load(answer)
        return counts

    def check(self, client: str, feeds: int, *, whole: int) -> None:
        """Every feed was asked exactly once, and `whole` of the answers were feeds; stops when not."""
        counts = self.counts()
        asked = (counts["feeds"], counts["most"], counts["whole"], counts["unchanged"])
        if asked != (feeds, 1, whole, feeds - whole):
            sys.exit(f"{client} asked otherwise than was meant: {counts}")


class Process:
    """A poller in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, order: str) -> dict[str, Any]:
        """Its answer to an order; stops when it died."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{order}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            sys.exit("the poller died; its last words are above")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def serving() -> Iterator[Server]:
    """The server, until it is done with."""
    with _python("bench.feed_server") as process:
        assert process.stdout is not None
        yield Server(int(process.stdout.readline()))


@contextmanager
def poller(kind: str, port: int, feeds: int, folder: Path) -> Iterator[Process]:
    """`ours` or `bare`, with its log in the folder."""
    log = folder / f"{kind}.log"
    with (
        log.open("w") as stderr,
        _python("bench.feed_poller", kind, port, feeds, folder, stderr=stderr) as it,
    ):
        try:
            yield Process(it)
        except SystemExit:
            print("\n".join(log.read_text().splitlines()[-12:]), file=sys.stderr)
            raise


@contextmanager
def _python(module: str, *args: object, stderr: Any = None) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", module, *map(str, args)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, text=True
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


class Newsboat:
    """The Debian package, with a cache and a configuration of its own."""

    def __init__(self, port: int, feeds: int, folder: Path) -> None:
        self._folder, self._feeds = folder, feeds
        urls = "".join(f"{url_of(number, port)}\n" for number in range(feeds))
        (folder / "urls").write_text(urls)
        (folder / "config").write_text(_CONFIG.format(threads=_THREADS))

    def reload(self) -> float:
        """One `reload`, in feeds a second."""
        names = {"-u": "urls", "-c": "cache.db", "-C": "config"}
        files = [part for flag, name in names.items() for part in (flag, str(self._folder / name))]
        home = {"HOME": str(self._folder), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        began = time.perf_counter()
        subprocess.run(["newsboat", *files, "-x", "reload"], env=home, check=True, stdout=subprocess.DEVNULL)
        return self._feeds / (time.perf_counter() - began)


def run(feeds: int, firsts: int, agains: int, *, with_newsboat: bool) -> Figures:
    """Rounds of all clients in turn, checked at the server and in the database."""
    figures = Figures()
    with serving() as server:
        for number in range(firsts):
            # Unchanged polls are spread over the repetitions, so that a busy minute hits every client.
            rounds = agains // firsts + (number < agains % firsts)
            _repeat(figures, server, feeds, rounds, with_newsboat=with_newsboat)
    return figures


def _repeat(figures: Figures, server: Server, feeds: int, rounds: int, *, with_newsboat: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (
            poller("ours", server.port, feeds, folder) as ours,
            poller("bare", server.port, feeds, folder) as bare,
        ):
            newsboat = Newsboat(server.port, feeds, folder) if with_newsboat else None
            clients = ((_OURS, ours), (_BARE, bare))
            for client, process in clients:
                _round(figures, server, client, process, feeds, is_first=True)
            if newsboat:
                for kind in ("first", "second"):
                    _reload(figures, server, newsboat, kind, feeds, whole=feeds)
            for _ in range(rounds):
                for client, process in clients:
                    _round(figures, server, client, process, feeds, is_first=False)
                if newsboat:
                    _reload(figures, server, newsboat, "unchanged", feeds, whole=0)


def _round(
    figures: Figures, server: Server, client: str, process: Process, feeds: int, *, is_first: bool
) -> None:
    answer = process.ask("round")
    server.check(client, feeds, whole=feeds if is_first else 0)
    if client == _OURS and answer["entries"] != feeds * ENTRIES:
        sys.exit(f"{answer['entries']:,} entries are in the database, not {feeds * ENTRIES:,}")
    figures.add(client, "first" if is_first else "unchanged", feeds / answer["seconds"])


def _reload(
    figures: Figures, server: Server, newsboat: Newsboat, kind: str, feeds: int, *, whole: int
) -> None:
    rate = newsboat.reload()
    server.check(_NEWSBOAT, feeds, whole=whole)
    figures.add(_NEWSBOAT, kind, rate)


def measure_memory(feeds: int) -> dict[str, float]:
    """The peak of a process that polls this many feeds, for the first time and again."""
    with (
        tempfile.TemporaryDirectory() as name,
        serving() as server,
        poller("ours", server.port, feeds, Path(name)) as ours,
    ):
        for order in ("round", "round"):
            ours.ask(order)
        return ours.ask("needs")


def report(figures: Figures, feeds: int, memory_feeds: int) -> bool:
    """Prints the table and the bars; whether all were reached."""
    print(f"\n{feeds:,} feeds of {ENTRIES} entries, feeds a second (median, and lowest to highest):\n")
    print(f"  {'':<13} {'first poll':>24} {'unchanged poll':>24}")
    for client in (_OURS, _NEWSBOAT, _BARE):
        print(f"  {client:<13} {_spread(figures, client, 'first')} {_spread(figures, client, 'unchanged')}")
    print(f"  {'  2nd reload':<13} {'':>24} {_spread(figures, _NEWSBOAT, 'second')}\n")
    needs = figures.needs
    memory = needs["own_mb"] + needs["children_mb"]
    print(
        f"  memory, {memory_feeds:,} feeds: {needs['own_mb']:.0f} MB at its peak, and "
        f"{needs['children_mb']:.0f} MB in {needs['children']:.0f} children, much of it shared: they alone "
        f"would be {needs['children_pss_mb']:.0f} MB\n"
    )
    first, again = figures.rate(_OURS, "first"), figures.rate(_OURS, "unchanged")
    reached = [
        _bar("first polls beside newsboat", first, figures.rate(_NEWSBOAT, "first"), _FIRST_BAR),
        _bar("unchanged polls beside its 2nd reload", again, figures.rate(_NEWSBOAT, "second"), _AGAIN_BAR),
        _bar("unchanged polls beside its later ones", again, figures.rate(_NEWSBOAT, "unchanged"), None),
        _bar("unchanged polls beside bare aiohttp", again, figures.rate(_BARE, "unchanged"), _BARE_BAR),
        _bar("first polls beside bare aiohttp", first, figures.rate(_BARE, "first"), None),
    ]
    is_small = memory < _MEMORY_BAR
    print(f"  {'memory':<40} bar: < {_MEMORY_BAR:.0f} MB — {memory:.0f} MB {_word(is_small)}")
    return is_small and all(reached)


def _spread(figures: Figures, client: str, kind: str) -> str:
    found = figures.rates.get((client, kind))
    if not found:
        return f"{'-':>24}"
    return f"{f'{median(found):.0f} ({min(found):.0f} to {max(found):.0f})':>24}"


def _bar(what: str, ours: float | None, theirs: float | None, bar: float | None) -> bool:
    if not ours or not theirs:
        return True
    ratio = ours / theirs
    asked = f"bar: ≥ {bar:g}× — " if bar else ""
    print(f"  {what:<40} {asked}{ratio:.2f}× {_word(ratio >= bar) if bar else '(no bar)'}")
    return bar is None or ratio >= bar


def _word(is_reached: bool) -> str:
    return "reached" if is_reached else "MISSED"


def main() -> None:
    """Measures and reports; with --check, exits with 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="bench_feeds", description="Feeds a second, beside newsboat.")
    parser.add_argument("--feeds", type=int, default=2_000)
    parser.add_argument("--firsts", type=int, default=3, help="first polls of each client")
    parser.add_argument("--agains", type=int, default=5, help="unchanged polls of each client")
    parser.add_argument("--memory-feeds", type=int, default=10_000)
    parser.add_argument("--quick", action="store_true", help="200 feeds, one round each: does it work?")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a bar is missed")
    asked = parser.parse_args()
    if asked.quick:
        asked.feeds, asked.firsts, asked.agains, asked.memory_feeds = 200, 1, 1, 200
    with_newsboat = shutil.which("newsboat") is not None
    if not with_newsboat:
        print(_MISSING)
    print(
        f"{os.cpu_count()} cores, shared by the server and each client in turn; load {os.getloadavg()[0]:.1f}"
    )
    figures = run(asked.feeds, asked.firsts, asked.agains, with_newsboat=with_newsboat)
    figures.needs = measure_memory(asked.memory_feeds)
    reached = report(figures, asked.feeds, asked.memory_feeds)
    if asked.check and not (reached and with_newsboat):
        sys.exit(1)


if __name__ == "__main__":
    main()
