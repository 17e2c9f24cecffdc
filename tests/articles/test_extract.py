"""The stage that reads pages: politely, fairly, and never so long that an alert is late."""

import asyncio
import contextlib
import time
from datetime import timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa

from bot.articles.extract import Extract
from bot.articles.robots import Robots
from bot.offload import Offload
from bot.storage.tables import entries, feeds
from bot.times import utc_now
from bot.web import Web
from tests.articles.test_robots import Names
from tests.web_server import serving

LEASE = timedelta(minutes=2)
SENTENCES = (
    "The harbour council met on Monday to hear what the storm had cost the town. Engineers said the eastern "
    "wall had moved by four centimetres, and that it would be mended before the winter. Nobody was hurt, but "
    "two fishing boats were lost, and the ferry to the islands will not sail before Friday."
)
HTML = {"Content-Type": "text/html"}
CANONICAL = "<link rel='canonical' href='{}'>"


def page(title="The storm", text=SENTENCES, head="") -> bytes:
    told = "".join(f"<p>{sentence}.</p>" for sentence in text.split(". "))
    top = f"<html lang='en'><head><title>{title}</title>{head}</head>"
    return f"{top}<body><article><h1>{title}</h1>{told}</article></body></html>".encode()


def words_of(count: int) -> str:
    """So many words in sentences of ten, none like another."""
    sentences = (f"Boat {n} came home to pier {n} with crew {n}." for n in range(count // 10 + 1))
    return " ".join(sentences)


class Reading:
    """The stage on a real database, a real server and real children."""

    def __init__(self, *, server, database, names, stage):
        self.server = server
        self.database = database
        self.names = names
        self.stage = stage

    def write(self, statement):
        return self.database.write_now(lambda c: c.execute(statement))

    def entry(self, url, *, summary="<p>As the feed tells it.</p>", age=timedelta(0), **changes):
        """An entry of a feed of its own; its id."""
        now = utc_now()
        feed = {"url": f"{time.monotonic_ns()}", "name": "A", "host": "feeds.example", "due_at": now}
        full_text = changes.pop("full_text", True)
        feed_id = self.write(sa.insert(feeds).values(**feed, full_text=full_text)).inserted_primary_key[0]
        values = {"feed_id": feed_id, "key_hash": "k", "title": "A title", "url": url, "summary": summary}
        values |= {"arrived_at": now - age, "backlog": False, "due_at": now} | changes
        return self.write(sa.insert(entries).values(values)).inserted_primary_key[0]

    def row(self, entry_id):
        query = sa.select(entries).where(entries.c.id == entry_id)
        return self.database.write_now(lambda c: c.execute(query).one())

    def asked(self):
        """The paths of the pages that were asked for."""
        return [request.path for request in self.server.requests if request.path != "/robots.txt"]

    async def run(self, patience=20):
        async with asyncio.timeout(patience):
            while await self.stage.step():
                pass

    async def read(self, url, **changes):
        """An entry's row when it has been read."""
        entry_id = self.entry(url, **changes)
        await self.run()
        return self.row(entry_id)

    @contextlib.asynccontextmanager
    async def running(self):
        async def steps():
            while True:
                if not await self.stage.step():
                    await asyncio.sleep(0.02)

        task = asyncio.create_task(steps())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def until(self, *entry_ids, patience=10):
        ends_at = time.monotonic() + patience
        while any(self.row(entry_id).state == "new" for entry_id in entry_ids):
            assert time.monotonic() < ends_at
            await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def reading_with(database, **changes):
    names = Names()
    async with (
        serving() as server,
        Web(user_agent="NeedToKnow/0.1", allow_private=True, resolver=names) as web,
        Offload(workers=2) as offload,
    ):
        given = {"database": database, "web": web, "offload": offload, "lease": LEASE}
        stage = Extract(**given | {"delay": timedelta(0)} | changes)
        yield Reading(server=server, database=database, names=names, stage=stage)
        await stage.drain(0)


@pytest.fixture
async def reading(sqlite):
    async with reading_with(sqlite) as made:
        yield made


async def silent(_request, _writer):
    await asyncio.sleep(60)


async def test_the_page_is_read_and_what_it_says_of_itself_is_kept(reading):
    url = reading.server.url("/news/1")
    link = reading.server.on("/news/1?utm_source=rss", page(head=CANONICAL.format(url)), headers=HTML)
    row = await reading.read(link)
    assert (row.state, row.bare, row.bare_because, row.headline) == ("ready", False, None, "The storm")
    assert "eastern wall" in row.text
    assert (row.url, row.language, row.canonical_url) == (url, "en", url)


@pytest.mark.parametrize(
    ("answer", "because"),
    [
        ({"status": 403}, "the page answered 403"),
        ({"status": 404}, "the page answered 404"),
        ({"headers": {"Content-Type": "application/pdf"}, "body": b"%PDF"}, "not HTML (application/pdf)"),
        ({"headers": HTML, "body": b"<html><body><p>Too little.</p>"}, "no text found"),
    ],
)
async def test_where_there_is_no_article_the_feeds_own_text_serves_and_the_row_says_why(
    reading, answer, because
):
    row = await reading.read(reading.server.on("/1", **answer))
    assert (row.state, row.bare, row.bare_because) == ("ready", True, because)
    assert (row.headline, row.text) == ("A title", "As the feed tells it.")


async def test_an_entry_with_no_link_is_told_from_its_feed(reading):
    row = await reading.read(None)
    assert (row.bare, row.bare_because) == (True, "no link")


async def test_a_feed_listed_without_full_text_is_told_from_its_own_words(reading):
    url = reading.server.on("/1", page(), headers=HTML)
    row = await reading.read(url, full_text=False)
    assert (row.bare, row.bare_because) == (True, "full text is off for this feed")
    assert reading.server.requests == []


async def test_what_robots_txt_forbids_is_not_asked_for(reading):
    reading.server.on("/robots.txt", b"User-agent: NeedToKnow\nDisallow: /news/")
    row = await reading.read(reading.server.on("/news/1", page(), headers=HTML))
    assert (row.bare, row.bare_because, reading.asked()) == (True, "robots.txt forbids it", [])


async def test_a_redirect_to_where_robots_may_not_go_is_not_used(reading):
    def robots(request, writer):
        forbids = b"User-agent: *\nDisallow: /" if request.headers["host"].startswith("shut.") else b""
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(forbids)}\r\n\r\n"
        writer.write(head.encode() + forbids)
        return asyncio.sleep(0)

    reading.server.answers["/robots.txt"] = robots
    reading.server.on("/there", page(), headers=HTML)
    reading.server.redirect("/here", reading.server.url("/there", "shut.example"))
    row = await reading.read(reading.server.url("/here", "open.example"))
    assert (row.bare, row.bare_because) == (True, "robots.txt forbids it")


@pytest.mark.parametrize("wall", ["/login?next=/1", "/consent/collect", "/account/sign-in"])
async def test_a_redirect_to_a_wall_is_no_article_however_much_it_says(reading, wall):
    reading.server.on(wall, page("We value your privacy"), headers=HTML)
    row = await reading.read(reading.server.redirect("/1", wall))
    assert (row.bare, row.bare_because) == (True, "the page is behind a wall")


@pytest.mark.parametrize("where", ["/subscribe/1", "/news/login"])
async def test_a_word_in_the_link_itself_is_no_wall(reading, where):
    reading.server.on("/moved" + where, page(), headers=HTML)
    row = await reading.read(reading.server.redirect(where, "/moved" + where))
    assert (row.bare, row.headline) == (False, "The storm")


async def test_a_site_that_wants_long_rests_is_told_from_its_feed(reading):
    reading.server.on("/robots.txt", b"User-agent: *\nCrawl-delay: 60")
    row = await reading.read(reading.server.on("/1", page(), headers=HTML))
    assert row.bare_because == "robots.txt asks for 60 s between two pages"
    assert reading.asked() == []


async def starts(reading, count):
    """The times at which the pages of one host were asked for."""
    times = []

    async def answer(_request, writer):
        times.append(time.monotonic())
        body = page()
        writer.write(
            f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        )
        writer.write(body)

    for number in range(count):
        reading.server.answers[f"/{number}"] = answer
        reading.entry(reading.server.url(f"/{number}"))
    await reading.run()
    assert len(times) == count
    return times


async def test_a_host_has_a_rest_between_two_pages(sqlite):
    async with reading_with(sqlite, delay=timedelta(seconds=0.4)) as reading:
        times = await starts(reading, 4)
        assert all(0.39 < later - earlier < 1.5 for earlier, later in pairwise(times))


async def test_the_rest_that_robots_txt_asks_for_is_kept(reading):
    reading.server.on("/robots.txt", b"User-agent: *\nCrawl-delay: 0.5")
    times = await starts(reading, 3)
    assert all(0.49 < later - earlier < 1.5 for earlier, later in pairwise(times))


async def test_two_pages_of_a_host_are_in_hand_at_most(reading):
    async def slow(_request, writer):
        await asyncio.sleep(0.3)
        writer.write(b"HTTP/1.1 404 Gone\r\nContent-Length: 0\r\n\r\n")

    for number in range(6):
        reading.server.answers[f"/{number}"] = slow
        reading.entry(reading.server.url(f"/{number}"))
    await reading.run()
    assert reading.server.most_at_once == 2


async def test_pages_of_many_hosts_are_read_side_by_side(reading):
    async def slow(_request, writer):
        await asyncio.sleep(0.5)
        writer.write(b"HTTP/1.1 404 Gone\r\nContent-Length: 0\r\n\r\n")

    reading.server.answers["/1"] = slow
    for number in range(20):
        reading.entry(reading.server.url("/1", f"site{number}.example"))
    began = time.monotonic()
    await reading.run()
    assert time.monotonic() - began < 4  # one after the other they would take ten
    assert reading.server.most_at_once > 10


@pytest.mark.parametrize("backlog", [True, False])
async def test_a_slow_host_with_many_entries_delays_no_others_news(reading, backlog):
    reading.server.on("/robots.txt", b"")
    for number in range(40):
        reading.server.answers[f"/{number}"] = silent
        reading.entry(reading.server.url(f"/{number}", "slow.example"), backlog=backlog)
    good = reading.server.on("/news", page(), headers=HTML).replace("127.0.0.1", "good.example")
    async with reading.running():
        await asyncio.sleep(0.5)
        entry_id = reading.entry(good)
        began = time.monotonic()
        await reading.until(entry_id)
        assert time.monotonic() - began < 1.5
        assert reading.row(entry_id).bare is False


async def test_entries_that_wait_for_their_hosts_turn_hold_no_claim(sqlite):
    async with reading_with(sqlite, delay=timedelta(seconds=20)) as reading:
        for number in range(5):
            reading.entry(reading.server.on(f"/{number}", page(), headers=HTML))
        for _ in range(20):
            assert await reading.stage.step()
        query = sa.select(entries.c.state, entries.c.claims).order_by(entries.c.id)
        found = sqlite.write_now(lambda c: c.execute(query).all())
        assert found == [("ready", 0), *[("new", 0)] * 4]


async def test_news_waits_a_minute_for_its_hosts_turn_and_is_then_told_from_its_feed(sqlite):
    async with reading_with(sqlite, delay=timedelta(seconds=20)) as reading:
        ids = [reading.entry(reading.server.on(f"/{number}", page(), headers=HTML)) for number in range(3)]
        for _ in range(8):
            await reading.stage.step()
        old = utc_now() - timedelta(seconds=61)
        sqlite.write_now(
            lambda c: c.execute(sa.update(entries).where(entries.c.id > ids[0]).values(arrived_at=old))
        )
        for _ in range(8):
            await reading.stage.step()
        found = [(reading.row(one).bare, reading.row(one).bare_because) for one in ids]
        assert found == [(False, None), *[(True, "its host is too busy")] * 2]


async def test_an_article_that_the_feed_gives_whole_is_not_asked_for_again(reading):
    url = reading.server.on("/1", page(), headers=HTML)
    row = await reading.read(url, summary=f"<p>{words_of(400)}</p>")
    assert (row.bare, row.bare_because, row.url) == (False, None, url)
    assert "Boat 39 came home" in row.text
    assert reading.server.requests == []


@pytest.mark.parametrize(
    "summary",
    [
        words_of(400) + " and then …",
        words_of(400) + " […]",
        words_of(400) + "<p>and then [&#8230;]</p><p>The post A title appeared first on A.</p>",
        words_of(400) + " <a href='/1'>Read more &raquo;</a>",
        words_of(400) + "<a href='/1'>Continue reading</a>",
        words_of(150),
        "<p>" + "<b></b>" * 5000 + "</p>" + words_of(60),
    ],
)
async def test_a_feed_that_breaks_off_or_says_little_is_not_the_whole_article(reading, summary):
    row = await reading.read(reading.server.on("/1", page(), headers=HTML), summary=summary)
    assert (row.bare, row.headline, reading.asked()) == (False, "The storm", ["/1"])


async def test_a_page_for_phones_is_read_at_its_proper_address(reading):
    proper = reading.server.on("/news/1", page("The storm in full"), headers=HTML)
    amp = reading.server.on("/amp/news/1", page(head=CANONICAL.format(proper)), headers=HTML)
    row = await reading.read(amp)
    assert (row.headline, row.url, row.bare) == ("The storm in full", proper, False)
    assert reading.asked() == ["/amp/news/1", "/news/1"]


@pytest.mark.parametrize("robots", [b"", b"User-agent: *\nDisallow: /news/"])
async def test_a_page_for_phones_serves_where_the_proper_one_cannot_be_had(reading, robots):
    reading.server.on("/robots.txt", robots)
    gone = reading.server.on("/news/1", status=503)
    amp = reading.server.on("/amp/news/1", page(head=CANONICAL.format(gone)), headers=HTML)
    row = await reading.read(amp)
    assert (row.headline, row.url, row.bare) == ("The storm", amp, False)


async def test_our_own_networks_trouble_makes_no_entry_bare(reading):
    url = reading.server.on("/1", page(), headers=HTML).replace("127.0.0.1", "news.example")
    reading.names.down = True
    entry_id = reading.entry(url)
    for _ in range(7):  # more often than a claim may come to nothing
        reading.write(sa.update(entries).values(due_at=utc_now()))
        await reading.run()
    row = reading.row(entry_id)
    assert (row.state, row.claims) == ("new", 0)
    assert timedelta(seconds=20) < row.due_at - utc_now() <= timedelta(seconds=30)
    reading.names.down = False
    reading.write(sa.update(entries).values(due_at=utc_now()))
    await reading.run()
    assert (reading.row(entry_id).bare, reading.row(entry_id).headline) == (False, "The storm")


async def test_news_waits_ten_minutes_for_our_own_network_and_no_longer(reading):
    reading.names.down = True
    row = await reading.read("http://news.example/1", age=timedelta(minutes=11))
    assert (row.state, row.bare, row.bare_because) == ("ready", True, "our own network was down")


async def test_a_host_that_is_silent_twice_is_not_waited_for_again_at_once(sqlite):
    async with (
        Web(user_agent="NeedToKnow", allow_private=True, first_byte_seconds=0.3) as web,
        reading_with(sqlite, web=web) as reading,
    ):
        for number in range(10):
            reading.server.answers[f"/{number}"] = silent
            reading.entry(reading.server.url(f"/{number}"))
        await reading.run()
        query = sa.select(entries.c.bare_because).order_by(entries.c.bare_because)
        found = sqlite.write_now(lambda c: c.execute(query).scalars().all())
        assert found.count("took too long") in {2, 3}
        assert set(found) == {"took too long", "the server was silent just now"}


async def test_what_is_wrong_with_robots_txt_does_not_last(sqlite):
    async with (
        Web(user_agent="NeedToKnow", allow_private=True) as web,
        Offload() as offload,
    ):
        robots = Robots(web=web, offload=offload, trouble_for=timedelta(seconds=0.2))
        async with reading_with(sqlite, robots=robots) as reading:
            url = reading.server.on("/1", page(), headers=HTML)
            reading.server.on("/robots.txt", status=503)
            row = await reading.read(url)
            assert (row.bare, row.bare_because) == (True, "robots.txt cannot be reached")
            reading.server.on("/robots.txt", b"")
            await asyncio.sleep(0.3)
            assert (await reading.read(url)).bare is False
