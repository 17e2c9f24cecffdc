"""kill -9 at random moments while alerts flow: nothing is lost, and only what was in flight comes twice."""

import asyncio
import os
import random
import re
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.playground.site import build_app
from bot.playground.world import World
from tests.playground.conftest import QuietServer, press_newest, until
from tests.running import free_port, start

pytestmark = pytest.mark.crash

TOKEN = "7000000001:playground"
GUILDS = (
    "bakers",
    "coopers",
    "dyers",
    "glaziers",
    "masons",
    "potters",
    "saddlers",
    "tanners",
    "weavers",
    "wrights",
)
PEOPLE = 50
STORIES = 100
DELIVERIES = STORIES * PEOPLE // len(GUILDS)
# After its answer an alert needs this long, at most, to be recorded: a commit, on a slow disk.
RECORD_SECONDS = 0.25
LOADED_SECONDS = 8.0


def guild(n: int) -> str:
    """Which guild a story or a person belongs to."""
    return GUILDS[n % len(GUILDS)]


def title(n: int) -> str:
    return f"Meeting {n} of the {guild(n)} on the square"


@dataclass
class Town:
    """A feed, its pages and a slow Bot API: all that the bot talks to, and a witness of what it said."""

    world: World
    url: str = ""
    entries: list[int] = field(default_factory=list)
    open: set[int] = field(default_factory=set)
    answered: list[float] = field(default_factory=list)
    _requests: int = 0

    def feed(self, _: Request) -> Response:
        items = "".join(
            f"<item><guid>meeting-{n}</guid><title>{title(n)}</title><link>{self.url}/page/{n}</link></item>"
            for n in reversed(self.entries)
        )
        return Response(f"<rss version='2.0'><channel><title>Town</title>{items}</channel></rss>")

    def page(self, request: Request) -> Response:
        n = int(request.path_params["n"])
        own = random.Random(n)
        words = " ".join("".join(own.choices("abdeiklmnorstu", k=7)) for _ in range(40))
        text = f"<p>The guild of {guild(n)} met on the square and heard {words}.</p>"
        return HTMLResponse(f"<html><body><article><h1>{title(n)}</h1>{text}</article></body></html>")

    def slow(self, app: ASGIApp) -> ASGIApp:
        """The same app, answering sendMessage after a while: so there is always something in flight."""

        async def call(scope: Scope, receive: Receive, send: Send) -> None:
            if not str(scope.get("path", "")).endswith("/sendMessage"):
                await app(scope, receive, send)
                return
            self._requests += 1
            number = self._requests
            self.open.add(number)

            async def late(message) -> None:
                if message["type"] == "http.response.start":  # the message has arrived; its answer dawdles
                    await asyncio.sleep(random.uniform(0, 0.3))
                await send(message)
                if message["type"] == "http.response.body":
                    self.answered.append(time.monotonic())

            try:
                await app(scope, receive, late)
            finally:
                self.open.discard(number)

        return call

    def in_flight(self) -> int:
        """Messages that arrived and whose answer the bot cannot yet have recorded."""
        now = time.monotonic()
        return len(self.open) + sum(now - at < RECORD_SECONDS for at in self.answered)

    async def at_work(self, patience: float) -> None:
        """Until a message arrives from now on, or so many seconds have passed."""
        before = self._requests
        with suppress(TimeoutError):
            await until(lambda: self._requests > before, patience)

    def received(self) -> Counter[tuple[int, int]]:
        """How often each person got each story."""
        return Counter(
            (chat.id, int(found[1]))
            for chat in self.world.chats.values()
            for message in chat.messages.values()
            if message.sender.is_bot and (found := re.match(r"Meeting (\d+) ", message.body.text)) is not None
        )


@asynccontextmanager
async def town() -> AsyncIterator[Town]:
    world = World(people=[f"Person {n}" for n in range(PEOPLE)])
    here = Town(world)
    routes = [Route("/feed.xml", here.feed), Route("/page/{n}", here.page)]
    app = here.slow(build_app(world, token=TOKEN, extra_routes=routes))
    server = QuietServer(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    here.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield here
    finally:
        world.close()
        server.should_exit = True
        await serving


async def test_kill_9_loses_nothing_and_repeats_only_what_was_in_flight(tmp_path: Path) -> None:
    kills = int(os.environ.get("KILLS", "20"))
    seed = int(os.environ.get("SEED", time.time_ns() % 100_000))
    random.seed(seed)
    async with town() as here:
        (tmp_path / "feeds.toml").write_text(f'[[feed]]\nurl = "{here.url}/feed.xml"\nname = "Town"\n')
        settings = {
            "NTK_TELEGRAM__TOKEN": TOKEN,
            "NTK_TELEGRAM__BASE_URL": f"{here.url}/bot",
            "NTK_FEEDS__FILE": str(tmp_path / "feeds.toml"),
            "NTK_FEEDS__MIN_INTERVAL": "300ms",
            "NTK_FEEDS__MAX_INTERVAL": "300ms",
            "NTK_WEB__ALLOW_PRIVATE": "true",
        }
        port = free_port()
        bot = start(tmp_path, settings, port=port)
        await asyncio.to_thread(bot.wait_ready)
        followers = {person: guild(place) for place, person in enumerate(here.world.people)}
        for person, word in followers.items():
            here.world.say(person, person, f"/follow {word}")
        for person in followers:
            await until(lambda: press_newest(here.world, person, "Save"), patience=120)  # noqa: B023
        following = "You now follow"
        await until(lambda: all(following in said(here, person) for person in followers), patience=120)
        assert await asyncio.to_thread(bot.stop) == 0

        in_flight = in_work = 0
        for kill in range(kills):
            # The stories come out evenly between the kills, so that every stage is met at work.
            here.entries[:] = range(1, 1 + STORIES * (kill + 1) // kills)
            bot = start(tmp_path, settings, port=port)
            if kill % 5:
                await asyncio.to_thread(bot.wait_ready)
                if kill % 5 > 1:  # the model is loaded at each start; most die when that is over
                    await here.at_work(patience=LOADED_SECONDS)
                await asyncio.sleep(random.uniform(0, 1.5))
            else:  # one in five dies while it starts
                await asyncio.sleep(random.uniform(0.1, 2))
            here.answered = [at for at in here.answered if time.monotonic() - at < RECORD_SECONDS]
            caught = here.in_flight()
            await asyncio.to_thread(bot.kill)
            in_flight += caught
            in_work += bool(caught)
        before_last = here.received()
        here.entries[:] = range(1, STORIES + 1)
        bot = start(tmp_path, settings, port=port)
        wanted = {(p, n) for p in followers for n in range(1, STORIES + 1) if guild(n) == followers[p]}
        assert len(wanted) == DELIVERIES
        try:
            await until(lambda: set(here.received()) >= wanted, patience=180)
            await asyncio.sleep(2)  # whatever would come twice, comes now
        finally:
            code = await asyncio.to_thread(bot.stop)
        received = here.received()
    lost = wanted - set(received)
    duplicates = sum(times - 1 for times in received.values())
    print(
        f"\nseed {seed}: {kills} kills, {in_work} of them with messages in flight ({in_flight} in all); "
        f"{DELIVERIES} deliveries, {len(before_last)} before the last start: "
        f"{len(lost)} lost, {duplicates} duplicates"
    )
    assert code == 0
    assert lost == set()
    assert duplicates <= in_flight
    assert in_work > 0, "no kill met a message in flight: this run has shown nothing"


def said(here: Town, person: int) -> str:
    messages = here.world.chats[person].messages.values()
    return " ".join(message.body.text for message in messages if message.sender.is_bot)
