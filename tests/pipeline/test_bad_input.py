"""Bad input: each gives a clear line in the log or a proper alert, loses nothing, and delays nobody else."""

import asyncio
import gzip
import zlib

import pytest
from prometheus_client import CollectorRegistry

from bot.pipeline import Pipeline
from bot.storage import tables
from tests.pipeline.conftest import Outlet
from tests.playground.conftest import until

NEWS = "Ferry strike halts crossings"
SECONDS = 5.0  # what bad neighbours may cost
RSS = "<rss version='2.0'><channel><title>Odd</title>{}</channel></rss>"
LAUGHS = (
    "<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1 or str()};' * 10}'>" for n in range(1, 10))
    + "]><rss version='2.0'><channel><title>&a9;</title></channel></rss>"
)


@pytest.fixture
async def walking(path):
    """The stages run by themselves, as in the bot."""
    pipeline = Pipeline(list(path.stages.values()), registry=CollectorRegistry())
    pipeline.open()

    async def knocking():
        while True:
            await pipeline.knock()
            await asyncio.sleep(0.1)

    knocks = asyncio.create_task(knocking())
    yield pipeline
    knocks.cancel()
    await pipeline.stop(1)


async def endless(_request, writer):
    """A feed of 200 MB that does not say how long it is."""
    writer.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n\r\n<rss><channel>"
    )
    for _ in range(200):
        writer.write(b"<!-- " + b"x" * 1_000_000 + b" -->")
        await writer.drain()
    writer.close()


async def silent(_request, _writer):
    """A server that takes the request and says nothing."""
    await asyncio.sleep(60)


def bomb() -> bytes:
    """200 MB that travel as 200 kB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(200)) + packer.flush()


BAD = {
    "silent": "took too long to answer",
    "big": "is larger than the cap of 1,000,000 bytes",
    "said_big": "is larger than the cap of 1,000,000 bytes",
    "bomb": "is larger than the cap of 1,000,000 bytes",
    "html": "is an HTML page, not a feed",
    "laughs": "declares entities",
    "private": "is a private address; to poll it, set NTK_WEB__ALLOW_PRIVATE=true",
    "deep": "nests elements more than 200 levels deep",
    "nothing": "gave an empty answer",
    "garbage": "is not a feed",
    "halved": "was cut short",
    "gone": "answered 410",
}


async def test_a_bad_feed_is_named_in_the_log_and_delays_nobody(path, site, walking, log):
    good = Outlet(site, "good", host="127.0.0.2")
    good.publish("Old tale")
    path.follow(path.ada, "ferry")
    await path.listed(good)
    await until(lambda: path.rows(tables.entries, "state") == [("grouped",)])

    site.answers["/big"] = endless
    site.on("/said_big", headers={"Content-Length": "200000000"})
    site.on("/bomb", bomb(), headers={"Content-Encoding": "gzip"})
    site.on("/html", b"<!doctype html><html><body><h1>Subscribe to our news</h1></body></html>")
    site.on("/laughs", LAUGHS.encode())
    site.redirect("/private", "http://127.0.0.1:9/feed")
    site.on("/deep", b"<rss><channel>" + b"<a>" * 5000)
    site.on("/nothing", b"")
    site.on("/garbage", bytes(range(1, 256)) * 100)
    site.on("/halved", gzip.compress(b"<rss></rss>" * 1000)[:40], headers={"Content-Encoding": "gzip"})
    site.on("/gone", status=410)
    site.answers["/silent"] = silent
    await path.listed(good, *(site.url(f"/{name}") for name in BAD))
    good.publish(NEWS)
    path.due(good)
    began = asyncio.get_running_loop().time()
    await until(lambda: path.heard(path.ada) == [NEWS])
    assert asyncio.get_running_loop().time() - began < SECONDS
    await until(lambda: len(log.lines("feed_failed")) == len(BAD), 20)
    said = {line["feed"].rpartition("/")[2]: line["error"] for line in log.lines("feed_failed")}
    assert {name: BAD[name] in said[name] for name in BAD} == dict.fromkeys(BAD, True)

    def failures() -> dict[str, int]:
        return {url.rpartition("/")[2]: count for url, count in path.rows(tables.feeds, "url", "failures")}

    await until(lambda: failures() == dict.fromkeys(BAD, 1) | {"good.xml": 0})  # written after the line
    assert log.lines("job_failed") == []


async def test_pages_that_never_come_delay_no_other_outlets_news(path, site, walking):
    slow, good = Outlet(site, "slow"), Outlet(site, "good", host="127.0.0.2")
    path.follow(path.ada, "ferry")
    await path.listed(slow, good)
    await until(lambda: all(at for (at,) in path.rows(tables.feeds, "polled_at")))
    for number in range(40):
        slow.publish(f"Cheese number {number}")
        site.answers[f"/slow/{slow.pages}"] = silent
    path.all_due()
    await until(lambda: len(path.rows(tables.entries, "id")) == 40)
    good.publish(NEWS)
    path.due(good)
    began = asyncio.get_running_loop().time()
    await until(lambda: path.heard(path.ada) == [NEWS])
    assert asyncio.get_running_loop().time() - began < SECONDS


ODD = {
    "Ferry & 🚢🔥": "<title>&lt;i&gt;Ferry&lt;/i&gt; &amp;amp; 🚢🔥&lt;script&gt;alert(1)&lt;/script&gt;</title>"
    "<description>&lt;script&gt;alert(1)&lt;/script&gt;One &lt;b&gt;bold&lt;/b&gt; word.</description>",
    "Bus with nothing but a title": "<title>Bus with nothing but a title</title>",
    "Tram of 1970": "<title>Tram of 1970</title><pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>",
    "Bike of 2099": "<title>Bike of 2099</title><pubDate>Thu, 01 Jan 2099 00:00:00 GMT</pubDate>",
    "Horse of no day": "<title>Horse of no day</title><pubDate>the day before yesterday</pubDate>",
    "Barge with half a link": "<title>Barge with half a link</title><link>http://[broken</link>",
    "Canoe with a script": "<title>Canoe with a script</title><link>javascript:alert(1)</link>",
    "Cart with a private link": "<title>Cart with a private link</title><link>http://127.0.0.1:9/</link>",
    "Plane with an empty id": "<title>Plane with an empty id</title><guid></guid>",
}


async def test_an_odd_entry_is_a_proper_alert_all_the_same(path, site, log):
    site.on("/odd", RSS.format("<item><title>Old tale</title></item>").encode())
    chats = {}
    for title in ODD:
        person = path.world.add_person(title.partition(" ")[0])
        chats[title] = path.world.chats[person.id]
        path.follow(chats[title], person.name.lower())
    await path.listed(site.url("/odd"))
    await path.run()
    items = "".join(f"<item>{item}</item>" for item in ODD.values())
    site.on("/odd", RSS.format(items).encode())
    await path.polled()
    assert {title: path.heard(chat) for title, chat in chats.items()} == {title: [title] for title in ODD}
    assert [line for event in ("job_failed", "entry_parked") for line in log.lines(event)] == []


async def test_an_entry_without_a_title_is_told_by_its_first_sentence(path, site):
    site.on("/odd", RSS.format("").encode())
    path.follow(path.ada, "ferry")
    await path.listed(site.url("/odd"))
    await path.run()
    item = "<item><description>The ferry has sunk. Nobody was on board.</description></item>"
    site.on("/odd", RSS.format(item).encode())
    await path.polled()
    assert path.heard(path.ada) == ["The ferry has sunk."]


async def test_a_very_long_title_and_text_are_cut_to_what_telegram_takes(path, site):
    site.on("/odd", RSS.format("").encode())
    path.follow(path.ada, "ferry")
    await path.listed(site.url("/odd"))
    await path.run()
    words = "ferry 🚢 " * 20_000
    site.on(
        "/odd", RSS.format(f"<item><title>{words}</title><description>{words}</description></item>").encode()
    )
    await path.polled()
    (headline,) = path.heard(path.ada)
    assert headline.startswith("ferry 🚢 ferry")


async def test_a_feed_that_is_well_again_says_so_and_its_news_is_told(path, site, log):
    outlet = Outlet(site, "harbour")
    outlet.publish("Old tale")
    path.follow(path.ada, "ferry")
    await path.listed(outlet)
    await path.run()
    site.on(outlet.path, b"<html>we are mending our site</html>")
    await path.polled()
    outlet.publish(NEWS)
    await path.polled()
    assert path.heard(path.ada) == [NEWS]
    assert [line["after_failures"] for line in log.lines("feed_recovered")] == [1]
