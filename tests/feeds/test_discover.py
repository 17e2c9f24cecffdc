import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.errors import InputError, RemoteError
from bot.feeds.discover import Discovered, Found, discover
from bot.feeds.look import Latest
from bot.offload import Offload
from bot.web import Web
from tests.web_server import fixed, serving

HTML = {"Content-Type": "text/html; charset=utf-8"}
RSS = {"Content-Type": "application/rss+xml"}


@pytest.fixture
async def offload() -> AsyncIterator[Offload]:
    async with Offload(workers=1) as offload:
        yield offload


def a_web(**options) -> Web:
    return Web(user_agent="tests", allow_private=True, **({"timeout_seconds": 5.0} | options))


def rss(title: str, *days: int, language: str = "en", path: str = "/") -> bytes:
    items = "".join(
        f"<item><title>Story {day}</title><link>https://site.example{path}{day}</link>"
        f"<pubDate>{day:02} Mar 2026 12:00:00 GMT</pubDate></item>"
        for day in days
    )
    return (
        f"<rss version='2.0'><channel><title>{title}</title><language>{language}</language>{items}"
        f"</channel></rss>"
    ).encode()


def page(*elements: str) -> bytes:
    return f"<!doctype html><html><head><title>Site</title></head><body>{''.join(elements)}</body></html>".encode()


def link(href: str, kind: str = "application/rss+xml", title: str = "") -> str:
    return f'<link rel="alternate" type="{kind}" title="{title}" href="{href}">'


def shown(found: Discovered) -> list[tuple[str, str]]:
    return [
        (feed.url.partition("/")[2].partition("/")[2].partition("/")[2], feed.how) for feed in found.feeds
    ]


async def test_the_feed_that_a_page_names_is_shown_with_title_and_latest_entry(offload):
    async with serving() as server, a_web() as web:
        url = server.on("/", page(link("/main.xml")), headers=HTML)
        server.on("/main.xml", rss("The Gazette", 3, 5, 4), headers=RSS)
        found = await discover(web, url, offload=offload)
    assert found == Discovered(
        address=url,
        feeds=(
            Found(
                url=server.url("/main.xml"),
                title="The Gazette",
                language="en",
                entries=3,
                latest=Latest("Story 5", "https://site.example/5", datetime(2026, 3, 5, 12, tzinfo=UTC)),
                how="link element",
            ),
        ),
        tried=found.tried,
    )
    assert [tried.url for tried in found.tried] == [url]
    assert [request.path for request in server.requests] == ["/", "/main.xml"]
    assert found.explain() == f"{url} has 1 feed"


async def test_the_address_may_be_a_feed_itself(offload):
    async with serving() as server, a_web() as web:
        server.on("/moved", rss("Gazette", 1), headers=RSS)
        url = server.redirect("/feed", "/moved")
        found = await discover(web, f"  {url} ", offload=offload)
    assert [(feed.url, feed.how) for feed in found.feeds] == [(url, "is a feed itself")]
    assert [request.path for request in server.requests] == ["/feed", "/moved"]


async def test_every_kind_of_hint_is_followed_the_surest_first_and_comments_last(offload):
    async with serving() as server, a_web() as web:
        url = server.on(
            "/news/",
            page(
                '<a href="sport.rss">Sport</a>',
                link("comments/feed/", title="Site » Comments Feed"),
                link("/main.xml"),
                link("/talk.xml"),
                link("/dead.xml"),
                link("/atom.xml", "application/atom+xml"),
            ),
            headers=HTML,
        )
        server.on("/news/sport.rss", rss("Sport", 1, 2))
        server.on("/news/comments/feed/", rss("Site", 7))
        server.on("/talk.xml", rss("Comments on: Site", 8))
        server.on("/main.xml", rss("Main", 1, 2, 3))
        server.on(
            "/atom.xml",
            b"<feed xmlns='http://www.w3.org/2005/Atom'><title>In Atom</title><entry><id>1</id><title>One</title>"
            b"</entry></feed>",
        )
        found = await discover(web, url, offload=offload)
    assert shown(found) == [
        ("main.xml", "link element"),
        ("atom.xml", "link element"),
        ("news/sport.rss", "link on the page"),
        ("talk.xml", "link element"),
        ("news/comments/feed/", "link element"),
    ]
    assert [feed.latest and feed.latest.title for feed in found.feeds][:2] == ["Story 3", "One"]
    assert [tried.url for tried in found.tried] == [url, server.url("/dead.xml")]
    assert found.tried[0].why_not.startswith(f"{url} is an HTML page")
    assert found.tried[1].why_not == f"{server.url('/dead.xml')} answered 404"


async def test_a_json_feed_is_found(offload):
    feed = b"""{"version": "https://jsonfeed.org/version/1.1", "title": "In JSON", "items": [
        {"id": "1", "title": "One", "url": "https://site.example/1", "date_published": "2026-03-01T12:00:00Z"}]}"""
    async with serving() as server, a_web() as web:
        url = server.on("/", page(link("/feed.json", "application/feed+json")), headers=HTML)
        server.on("/feed.json", feed, headers={"Content-Type": "application/feed+json"})
        found = await discover(web, url, offload=offload)
    assert [(feed.title, feed.entries, feed.how) for feed in found.feeds] == [("In JSON", 1, "link element")]


async def test_feeds_come_in_the_order_of_the_page_however_late_they_answer(offload):
    async def late(request, writer):
        await asyncio.sleep(0.3)
        await fixed(rss("First", 1))(request, writer)

    async with serving() as server, a_web() as web:
        url = server.on("/", page(link("/first"), link("/second"), link("/third")), headers=HTML)
        server.answers["/first"] = late
        server.on("/second", rss("Second", 2))
        server.on("/third", rss("Third", 3))
        found = await discover(web, url, offload=offload)
    assert [feed.title for feed in found.feeds] == ["First", "Second", "Third"]


async def test_one_feed_at_several_addresses_is_shown_once(offload):
    async with serving() as server, a_web() as web:
        same = rss("Gazette", 1, 2)
        url = server.on(
            "/",
            page(*map(link, ("/feed", "/feed/", "/rss", "/moved", "/atom", "/other"))),
            headers=HTML,
        )
        for path in ("/feed", "/rss"):
            server.on(path, same)
        server.redirect("/moved", "/target")
        server.on("/target", same)
        server.on("/atom", rss("gazette", 2, 1))  # the order and letter case prove nothing
        server.on("/other", rss("Gazette", 1, 2, path="/sport/"))
        found = await discover(web, url, offload=offload)
    assert shown(found) == [("feed", "link element"), ("other", "link element")]


async def test_empty_feeds_are_not_taken_for_one(offload):
    async with serving() as server, a_web() as web:
        url = server.on("/", page(link("/a"), link("/b")), headers=HTML)
        server.on("/a", rss("Gazette"))
        server.on("/b", rss("Gazette"))
        found = await discover(web, url, offload=offload)
    assert [(feed.title, feed.entries, feed.latest) for feed in found.feeds] == [("Gazette", 0, None)] * 2


async def test_common_paths_are_tried_only_where_the_page_leads_to_no_feed_and_end_with_the_first_find(
    offload,
):
    async with serving() as server, a_web() as web:
        url = server.on("/en", page(link("/dead.xml")), headers=HTML)
        server.on("/feed.xml", rss("Gazette", 1))
        found = await discover(web, url, offload=offload)
    assert shown(found) == [("feed.xml", "common path")]
    asked = [request.path for request in server.requests]
    assert asked[:2] == ["/en", "/dead.xml"]
    assert {"/en/feed", "/feed", "/rss", "/rss.xml", "/feed.xml"} <= set(asked[2:])
    assert not {"/feed.json", "/feeds", "/?feed=rss2", "/robots.txt"} & set(asked)


async def test_a_link_to_a_page_of_feeds_is_followed_one_step(offload):
    async with serving() as server, a_web() as web:
        url = server.on("/", page('<a href="/help/rss">RSS</a>'), headers=HTML)
        server.on(
            "/help/rss", page('<a href="/world.xml">World</a>', '<a href="/deeper/rss">RSS</a>'), headers=HTML
        )
        server.on("/world.xml", rss("World", 1))
        found = await discover(web, url, offload=offload)
    assert shown(found) == [("world.xml", "link on the page")]


async def test_a_site_without_a_feed_is_told_what_was_tried_in_a_dozen_requests(offload):
    async with serving() as server, a_web() as web:
        url = server.on("/", page("<a href='/about'>About</a>"), headers=HTML)
        server.on("/feed", page("Soft 404"), headers=HTML)
        server.on("/robots.txt", b"Sitemap: /sitemap-news.xml\n")
        found = await discover(web, url, offload=offload)
    assert found.feeds == ()
    assert not found.ran_out
    assert [request.path for request in server.requests][-2:] == ["/robots.txt", "/sitemap-news.xml"]
    assert len(server.requests) == 12
    assert len(found.tried) == 11
    assert found.explain() == (
        f"no feed was found: {url} is none and names none that can be read; not a feed either: /feed, /rss, "
        f"/rss.xml, /feed.xml, /atom.xml, /index.xml, /feed.json, /feeds, /?feed=rss2, /sitemap-news.xml"
    )


async def test_a_site_without_a_feed_may_have_a_sitemap_of_news(offload):
    sitemap = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://site.example/1</loc>
        <news:news><news:publication><news:name>Gazette</news:name><news:language>en</news:language>
        </news:publication><news:publication_date>2026-03-01</news:publication_date>
        <news:title>One</news:title></news:news></url></urlset>"""
    async with serving() as server, a_web() as web:
        url = server.on("/", page(), headers=HTML)
        server.on("/robots.txt", f"Sitemap: {server.url('/sitemap-news.xml')}".encode())
        server.on("/sitemap-news.xml", sitemap, headers={"Content-Type": "application/xml"})
        found = await discover(web, url, offload=offload)
    assert shown(found) == [("sitemap-news.xml", "news sitemap")]
    assert found.feeds[0].latest == Latest("One", "https://site.example/1", datetime(2026, 3, 1, tzinfo=UTC))


async def test_a_page_with_a_hundred_dead_links_costs_a_dozen_requests_two_at_a_time(offload):
    async def slowly(_request, writer):
        await asyncio.sleep(0.02)
        await fixed(b"", status=404)(_request, writer)

    async with serving() as server, a_web() as web:
        url = server.on("/", page(*(link(f"/{n}.xml") for n in range(100))), headers=HTML)
        server.answers |= {f"/{n}.xml": slowly for n in range(100)}
        found = await discover(web, url, offload=offload)
    assert found.feeds == ()
    assert len(server.requests) <= 12
    assert server.most_at_once <= 2


async def test_an_address_without_a_scheme_is_https_and_else_http(offload):
    async with serving() as server, a_web(first_byte_seconds=0.5) as web:
        url = server.on("/feed", rss("Gazette", 1), headers=RSS)
        found = await discover(web, url.removeprefix("http://"), offload=offload)
    assert [feed.url for feed in found.feeds] == [url]


@pytest.mark.parametrize(
    "address", ["", "  ", "two words", "ftp://a.example/", "mailto:a@b.example", "javascript:x", "http://"]
)
async def test_what_is_no_web_address_is_refused(offload, address):
    async with a_web() as web:
        with pytest.raises(InputError, match="; give one like"):
            await discover(web, address, offload=offload)


async def test_a_server_that_cannot_be_reached_is_named(offload):
    async with serving() as server:
        gone = server.url("/")
    async with a_web() as web:
        with pytest.raises(RemoteError, match=r"^127\.0\.0\.1 could not be reached") as caught:
            await discover(web, gone.removeprefix("http://"), offload=offload)
    assert caught.value.unreachable


async def test_a_private_address_is_refused_at_once(offload):
    async with serving() as server, Web(user_agent="tests") as web:
        with pytest.raises(RemoteError, match="private address") as caught:
            await discover(web, f"127.0.0.1:{server.port}", offload=offload)
    assert caught.value.permanent
    assert server.requests == []


async def test_a_page_that_refuses_us_may_still_have_a_feed_at_a_usual_place(offload):
    async with serving() as server, a_web() as web:
        url = server.on("/", status=403)
        with pytest.raises(RemoteError) as caught:
            await discover(web, url, offload=offload)
        assert (
            str(caught.value) == f"{url} answered 403, and no feed was found at the usual places of its site"
        )
        assert caught.value.status == 403
        server.on("/rss", rss("Gazette", 1))
        assert shown(await discover(web, url, offload=offload)) == [("rss", "common path")]


async def test_an_answer_that_is_too_large_is_one_sentence_among_those_tried(offload):
    async with serving() as server, a_web(max_bytes=2_000) as web:
        url = server.on("/", page(link("/big"), link("/small")), headers=HTML)
        big = server.on("/big", b"x" * 3_000)
        server.on("/small", rss("Gazette", 1))
        found = await discover(web, url, offload=offload)
    assert shown(found) == [("small", "link element")]
    assert f"{big} is larger than the cap of 2,000 bytes" in [tried.why_not for tried in found.tried]


async def test_a_page_made_to_hurt_does_not_hold_the_loop(offload):
    async with serving() as server, a_web() as web:
        url = server.on("/", b"<html>" + b"<a href=/x><b><i>" * 30_000, headers=HTML)
        server.on("/feed", rss("Gazette", 1))
        longest, before = 0.0, time.monotonic()
        search = asyncio.create_task(discover(web, url, offload=offload))
        while not search.done():
            await asyncio.sleep(0.01)
            longest, before = max(longest, time.monotonic() - before), time.monotonic()
        found = await search
    assert shown(found) == [("feed", "common path")]
    assert longest < 1.0


async def hang(_request, _writer):
    await asyncio.sleep(60)


async def test_a_page_that_does_not_answer_in_time_is_named(offload):
    async with serving() as server, a_web() as web:
        server.answers["/"] = hang
        with pytest.raises(RemoteError, match="took too long to answer") as caught:
            await discover(web, server.url("/"), offload=offload, seconds=0.3)
    assert caught.value.unreachable


async def test_what_was_found_in_time_is_kept(offload):
    async with serving() as server, a_web() as web:
        url = server.on("/", page(link("/quick"), link("/slow")), headers=HTML)
        server.on("/quick", rss("Gazette", 1))
        server.answers["/slow"] = hang
        found = await discover(web, url, offload=offload, seconds=2.0)
        assert shown(found) == [("quick", "link element")]
        assert found.ran_out
        server.answers["/quick"] = hang
        found = await discover(web, url, offload=offload, seconds=0.5)
    assert found.explain() == (
        f"no feed was found: {url} is none and names none that can be read; the search was stopped for lack of time"
    )
