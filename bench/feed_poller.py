"""The polling side of `make bench-feeds`, in a process of its own: our poll stage, or the bare HTTP client.

`python -m bench.feed_poller ours|bare PORT FEEDS FOLDER` reads one order a line from stdin and answers each
with a line of JSON: `round` asks every feed once, `needs` says what the process needs and has written. Each
round opens its connections anew: a feed's next poll is minutes away, when none would be open any more.
"""

import asyncio
import json
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import sqlalchemy as sa

from bench.feed_server import url_of
from bot.feeds.poll import Poll
from bot.logs import configure
from bot.offload import Offload
from bot.storage.database import Database
from bot.storage.feeds import FeedSpec, list_feeds
from bot.storage.schema import migrate
from bot.storage.tables import entries, feeds
from bot.times import utc_now
from bot.web import Web

_AT_ONCE = 64  # as many requests as bot.web.Web has under way
_LEASE = timedelta(minutes=5)
_AGENT = "need-to-know-bench/1"


class Poller(ABC):
    """Whatever can ask every feed once."""

    @abstractmethod
    async def round(self) -> None:
        """Asks every feed, with the validators of the round before."""

    async def prepare(self) -> None:  # noqa: B027 - most need nothing
        """What a round needs and does not count."""

    def entries(self) -> int:
        """How many entries it has kept."""
        return 0


class Ours(Poller):
    """The poll stage as the bot runs it: SQLite on disk, two children that parse, a line of log a change."""

    def __init__(self, port: int, count: int, folder: Path, offload: Offload) -> None:
        self._database = Database(f"sqlite:///{folder}/feeds.db")
        migrate(self._database, now=utc_now())
        specs = [FeedSpec(url_of(number, port), f"Courier {number}") for number in range(count)]
        self._database.write_now(partial(list_feeds, specs=specs, now=utc_now()))
        self._offload = offload

    async def prepare(self) -> None:
        """Every feed is due."""
        await self._database.write(lambda c: c.execute(sa.update(feeds).values(due_at=utc_now())))

    async def round(self) -> None:
        """Steps until nothing is due."""
        async with Web(user_agent=_AGENT, allow_private=True) as web:
            stage = Poll(database=self._database, web=web, offload=self._offload, lease=_LEASE)
            while await stage.step():
                pass

    def entries(self) -> int:
        """How many are in the database."""
        count = sa.select(sa.func.count()).select_from(entries)
        return self._database.write_now(lambda c: c.execute(count).scalar_one())


class Bare(Poller):
    """aiohttp alone, reading each body and doing nothing with it: the limit of any poller built on it."""

    def __init__(self, port: int, count: int) -> None:
        self._urls = [url_of(number, port) for number in range(count)]
        self._etags: dict[str, str] = {}

    async def round(self) -> None:
        """As many at once as our own client."""
        queue = iter(self._urls)
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector, headers={"User-Agent": _AGENT}) as session:
            await asyncio.gather(*(self._ask(session, queue) for _ in range(_AT_ONCE)))

    async def _ask(self, session: aiohttp.ClientSession, queue: Iterator[str]) -> None:
        for url in queue:
            etag = self._etags.get(url)
            async with session.get(url, headers={"If-None-Match": etag} if etag else {}) as answer:
                await answer.read()
                self._etags[url] = answer.headers["ETag"]


def _needs() -> dict[str, float]:
    """Peak memory in MB: of this process, of its children, and what the children share with nobody."""
    children = Path("/proc/self/task").glob("*/children")
    ids = {number for listed in children for number in listed.read_text().split()}
    return {
        "own_mb": _megabytes(Path("/proc/self/status"), "VmHWM:"),
        "children_mb": sum(_megabytes(Path(f"/proc/{number}/status"), "VmHWM:") for number in ids),
        "children_pss_mb": sum(_megabytes(Path(f"/proc/{number}/smaps_rollup"), "Pss:") for number in ids),
        "children": len(ids),
    }


def _megabytes(path: Path, label: str) -> float:
    lines = (line.split() for line in path.read_text().splitlines())
    return next(int(line[1]) / 1024 for line in lines if line[0] == label)


async def _timed(poller: Poller) -> dict[str, Any]:
    await poller.prepare()
    began, cpu_began = time.perf_counter(), time.process_time()
    await poller.round()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu_began
    return {"seconds": seconds, "cpu_seconds": cpu, "entries": poller.entries()}


async def _serve(kind: str, port: int, count: int, folder: Path) -> None:
    loop = asyncio.get_running_loop()
    async with Offload(workers=2) as offload:
        poller = Ours(port, count, folder, offload) if kind == "ours" else Bare(port, count)
        while order := (await loop.run_in_executor(None, sys.stdin.readline)).strip():
            answer = await _timed(poller) if order == "round" else _needs()
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    configure(level="info", form="json")
    asyncio.run(_serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])))
