import json
from datetime import UTC, datetime

import pytest

from bot.errors import InputError
from bot.feeds.parse import ParsedEntry, ParsedFeed, parse

URL = "https://example.com/feed"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def sitemap(pages):
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="{NEWS}">{pages}</urlset>'.encode()


def page(number, *, title="One &amp; all"):
    return f"""<url><loc>https://example.com/{number}</loc><n:news><n:publication><n:name>The Example</n:name>
    <n:language>en</n:language></n:publication><n:publication_date>2026-03-01T12:00:00+01:00</n:publication_date>
    <n:title>{title}</n:title></n:news></url>"""


def json_feed(*items, **more):
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": items, **more}
    ).encode()


def test_a_json_feed_is_read_whole():
    item = {
        "id": 7,
        "url": "/1",
        "title": "It&#8217;s one",
        "content_text": "1 < 2",
        "summary": "short",
        "date_published": "2026-03-01T12:00:00+01:00",
        "date_modified": "2026-03-02T12:00:00Z",
        "authors": [{"name": "Ann"}],
    }
    feed = json_feed(
        item,
        language="en",
        home_page_url="https://example.com/",
        feed_url="https://example.com/self",
        hubs=[
            {"type": "rssCloud", "url": "https://a.example"},
            {"type": "WebSub", "url": "https://hub.example/"},
        ],
    )
    assert parse(feed, URL) == ParsedFeed(
        title="News",
        language="en",
        ttl_minutes=None,
        hub="https://hub.example/",
        self_url="https://example.com/self",
        home="https://example.com/",
        entries=(
            ParsedEntry(
                key="7",
                guid="7",
                title="It’s one",
                url="https://example.com/1",
                summary="1 &lt; 2",
                published_at=datetime(2026, 3, 1, 11, tzinfo=UTC),
                updated_at=datetime(2026, 3, 2, 12, tzinfo=UTC),
                author="Ann",
            ),
        ),
    )


def test_json_feed_1_0_and_its_one_author_are_read():
    item = {
        "id": "a",
        "external_url": "https://example.org/x",
        "content_html": "<p>x",
        "author": {"name": "Ann"},
    }
    (entry,) = parse(json_feed(item, version="https://jsonfeed.org/version/1"), URL).entries
    assert (entry.url, entry.summary, entry.author, entry.title) == (
        "https://example.org/x",
        "<p>x",
        "Ann",
        "",
    )


def test_a_json_feed_without_items_is_a_feed():
    assert parse(json_feed(), URL).entries == ()


@pytest.mark.parametrize(
    "item", [None, 3, [], {}, {"id": []}, {"title": {}}, {"title": "\ud800"}, {"authors": [1]}]
)
def test_odd_items_of_a_json_feed_break_nothing(item):
    for entry in parse(json_feed(item, {"id": "1", "title": "fine"}), URL).entries:
        entry.title.encode()


def test_a_news_sitemap_is_read_whole():
    assert parse(sitemap(page(1) + "<url><loc>https://example.com/about</loc></url>"), URL) == ParsedFeed(
        title="The Example",
        language="en",
        ttl_minutes=None,
        entries=(
            ParsedEntry(
                key="https://example.com/1",
                title="One & all",
                url="https://example.com/1",
                summary="",
                published_at=datetime(2026, 3, 1, 11, tzinfo=UTC),
                author=None,
            ),
        ),
    )


def test_a_news_sitemap_of_a_quiet_day_is_empty():
    assert parse(sitemap(""), URL).entries == ()


def test_a_sitemap_without_news_is_an_error():
    with pytest.raises(InputError, match="sitemap of 2 pages without news:news"):
        parse(sitemap("<url><loc>https://example.com/</loc></url>" * 2), URL)


def test_a_sitemap_index_names_its_sitemaps():
    children = "".join(f"<sitemap><loc> https://example.com/{n}.xml </loc></sitemap>" for n in range(9))
    with pytest.raises(InputError, match=r"is a sitemap index.* https://example\.com/0\.xml, .*/2\.xml$"):
        parse(
            f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{children}</sitemapindex>'.encode(),
            URL,
        )
