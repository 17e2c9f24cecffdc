"""robots.txt over real HTTP: what it forbids stays unread, and its troubles cost little."""

import asyncio
import contextlib
import socket
import time
from datetime import timedelta

import pytest
from aiohttp.abc import AbstractResolver

from bot.articles.robots import Robots
from bot.articles.rules import Ruling, rule
from bot.errors import OwnNetworkError
from bot.offload import Offload
from bot.web import Web
from tests.web_server import serving

FORBIDS = "robots.txt forbids it"
UNREACHABLE = "robots.txt cannot be reached"


class Names(AbstractResolver):
    """The resolver is the outside world: here every name is this machine, unless our network is `down`."""

    down = False

    async def resolve(self, host, port=0, family=socket.AF_INET):
        if self.down:
            raise socket.gaierror(socket.EAI_AGAIN, "no answer")
        found = {"hostname": host, "host": "127.0.0.1", "port": port, "family": socket.AF_INET}
        return [{**found, "proto": 0, "flags": socket.AI_NUMERICHOST}]

    async def close(self):
        pass


@contextlib.asynccontextmanager
async def asking(*, resolver=None, **changes):
    async with (
        serving() as server,
        Web(user_agent="NeedToKnow/0.1", allow_private=True, resolver=resolver) as web,
        Offload() as offload,
    ):
        yield server, Robots(web=web, offload=offload, **changes)


def fetches(server) -> int:
    return sum(request.path == "/robots.txt" for request in server.requests)


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("User-agent: *\nDisallow: /private/", FORBIDS),
        ("User-agent: *\nDisallow: /", FORBIDS),
        ("User-agent: needtoknow\nDisallow: /private", FORBIDS),
        ("User-agent: Other\nDisallow: /", None),
        ("User-agent: *\nDisallow: /\n\nUser-agent: NeedToKnow\nAllow: /", None),
        ("User-agent: *\nDisallow: /private\nAllow: /private/news", None),  # the longest rule decides
        ("User-agent: *\nDisallow: /*/news/*.html$", FORBIDS),
        ("User-agent: *\nDisallow:", None),
        ("\ufeffUser-agent: *\nDisallow: /private", FORBIDS),
        ("no rules here", None),
        ("", None),
    ],
)
def test_the_rules_are_read_as_the_standard_says(text, because):
    assert rule(text.encode(), "https://a.example/private/news/1.html").because == because


@pytest.mark.parametrize(
    ("said", "seconds"), [("2.5", 2.5), ("0", 0), ("-3", 0), ("soon", 0), ("nan", 0), ("1e400", 0)]
)
def test_a_crawl_delay_is_a_number_of_seconds_or_none(said, seconds):
    asked = rule(f"User-agent: *\nCrawl-delay: {said}\n".encode(), "http://a.example/1")
    assert asked == Ruling(None, seconds)


async def test_a_page_is_forbidden_or_allowed_by_the_robots_txt_of_its_own_origin():
    async with asking() as (server, robots):
        server.on("/robots.txt", b"User-agent: *\nDisallow: /secret\nCrawl-delay: 3")
        assert await robots.ask(server.url("/secret/1")) == Ruling(FORBIDS, 3.0)
        assert await robots.ask(server.url("/news/1")) == Ruling(None, 3.0)
        assert [request.path for request in server.requests] == ["/robots.txt"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_where_there_is_no_robots_txt_everything_is_allowed(status):
    async with asking() as (server, robots):
        server.on("/robots.txt", status=status)
        assert await robots.ask(server.url("/1")) == Ruling()


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_server_in_trouble_is_left_alone_until_it_is_well_again(status):
    async with asking(trouble_for=timedelta(seconds=0.2)) as (server, robots):
        server.on("/robots.txt", status=status)
        assert await robots.ask(server.url("/1")) == Ruling(UNREACHABLE)
        server.on("/robots.txt", b"")
        assert await robots.ask(server.url("/1")) == Ruling(UNREACHABLE)
        await asyncio.sleep(0.25)
        assert await robots.ask(server.url("/1")) == Ruling()
        assert fetches(server) == 2


async def test_a_server_that_is_not_there_is_not_asked_for_pages():
    async with asking() as (server, robots):
        url = "http://127.0.0.9:9/1"
        assert await robots.ask(url) == Ruling(UNREACHABLE)
        assert fetches(server) == 0


async def test_the_old_rules_go_on_while_the_new_ones_cannot_be_had():
    async with asking(fresh_for=timedelta(0)) as (server, robots):
        server.on("/robots.txt", b"User-agent: *\nDisallow: /secret")
        assert await robots.ask(server.url("/news")) == Ruling()
        server.on("/robots.txt", status=503)
        assert await robots.ask(server.url("/news")) == Ruling()
        assert (await robots.ask(server.url("/secret"))).because == FORBIDS


async def test_it_is_asked_once_however_many_wait_for_it():
    async def slow(_request, writer):
        await asyncio.sleep(0.1)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    async with asking() as (server, robots):
        server.answers["/robots.txt"] = slow
        await asyncio.gather(*(robots.ask(server.url(f"/{number}")) for number in range(20)))
        assert fetches(server) == 1


async def test_it_is_asked_again_when_it_is_a_day_old():
    async with asking(fresh_for=timedelta(seconds=0.1)) as (server, robots):
        server.on("/robots.txt", b"User-agent: *\nDisallow: /")
        assert (await robots.ask(server.url("/1"))).because == FORBIDS
        server.on("/robots.txt", b"")
        await asyncio.sleep(0.15)
        assert (await robots.ask(server.url("/1"))).because is None


async def test_redirects_are_followed():
    async with asking() as (server, robots):
        server.redirect("/robots.txt", "/1")
        for number in range(1, 5):
            server.redirect(f"/{number}", f"/{number + 1}")
        server.on("/5", b"User-agent: *\nDisallow: /")
        assert (await robots.ask(server.url("/news"))).because == FORBIDS


async def test_a_page_in_its_place_forbids_nothing():
    async with asking() as (server, robots):
        server.on("/robots.txt", b"\n<!DOCTYPE html><p>User-agent: *\nDisallow: /\n</p>")
        assert await robots.ask(server.url("/1")) == Ruling()


async def test_only_so_many_origins_are_remembered():
    async with asking(most_origins=2, resolver=Names()) as (server, robots):
        for name in ("a", "b", "a", "c", "a"):  # c came for b, which was asked for longest ago
            await robots.ask(server.url("/1", f"{name}.example"))
        assert fetches(server) == 3
        await robots.ask(server.url("/1", "b.example"))
        assert fetches(server) == 4


async def test_only_its_first_500_kib_are_read():
    async with asking() as (server, robots):
        padding = b"# nothing\n" * 60_000
        server.on("/robots.txt", padding + b"User-agent: *\nDisallow: /\n")
        assert await robots.ask(server.url("/1")) == Ruling()


async def test_one_made_to_hurt_costs_two_seconds_once_and_holds_nobody_up():
    agents = "".join(f"user-agent:{number}\n" for number in range(20_000))
    async with asking() as (server, robots):
        server.on("/robots.txt", (agents + "allow:/b\n" * 20_000).encode())
        late = asyncio.create_task(_latest_tick())
        began = time.monotonic()
        assert (await robots.ask(server.url("/1"))).because == "robots.txt cannot be read"
        assert time.monotonic() - began < 10  # two seconds, and the start of a child on a busy machine
        again = time.monotonic()
        assert (await robots.ask(server.url("/2"))).because == "robots.txt cannot be read"
        assert time.monotonic() - again < 0.1
        late.cancel()
        assert max(_LATE) < 0.5


_LATE: list[float] = []


async def _latest_tick() -> None:
    _LATE[:] = [0.0]
    while True:
        before = time.monotonic()
        await asyncio.sleep(0.01)
        _LATE.append(time.monotonic() - before - 0.01)


async def test_our_own_networks_trouble_is_no_word_of_the_site():
    names = Names()
    async with asking(resolver=names) as (server, robots):
        names.down = True
        with pytest.raises(OwnNetworkError):
            await robots.ask(server.url("/1", "news.example"))
        names.down = False
        assert await robots.ask(server.url("/1", "news.example")) == Ruling()
