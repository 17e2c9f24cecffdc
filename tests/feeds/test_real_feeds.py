"""184 real files: feeds, and what stands beside feeds, counted by other means than the parser's."""

import json
import re
import time

import pytest

from bot.errors import InputError
from bot.feeds.parse import parse
from tests.feeds.real_feeds import needs_real_feeds, real_feeds

URL = "https://example.com/feed"
OPML, PAGE, OTHER = "an OPML list of feeds", "an HTML page", "XML of another kind"
# Files that are no feeds, and what they are.
NO_FEEDS = {
    "newsboat/body-element-missing.opml": OPML,
    "newsboat/category.opml": OPML,
    "newsboat/example.opml": OPML,
    "newsboat/example2.opml": OPML,
    "newsboat/filtered.opml": OPML,
    "newsboat/opml-element-missing.opml": OTHER,
    "newsboat/piped.opml": OPML,
    "newsboat/test-urls+.opml": OPML,
    "v2/encoding/testdata/iso-8859-1-meta-after-1024.html": PAGE,
    "v2/encoding/testdata/iso-8859-1.html": PAGE,
    "v2/encoding/testdata/utf8-meta-after-1024.html": PAGE,
    "v2/encoding/testdata/utf8.html": PAGE,
    "v2/sanitizer/testdata/miniflux_github.html": PAGE,
    "v2/sanitizer/testdata/miniflux_wikipedia.html": PAGE,
    "v2/scraper/testdata/iframe.html": PAGE,
    "v2/scraper/testdata/img.html": PAGE,
    "v2/scraper/testdata/p.html": PAGE,
    "feed-rs/xml/xml_sample_1.xml": OTHER,
    "feed-rs/xml/xml_sample_2.xml": OTHER,
    "v2/xml/testdata/iso88591.xml": OTHER,
    "v2/xml/testdata/iso88591_utf8_mismatch.xml": OTHER,
}
# Feeds of which we read less than they have: the file, what differs, and why.
LESS = {
    "newsboat/rss20_2.xml": ("2 of 3 entries", "one has media files only: no title, no link, no text"),
    "v2/parser/testdata/no_encoding_ISO-8859-1.xml": (
        "9 of 10 entries",
        "title, link and text of one are empty",
    ),
}


def records(path):
    """feed-rs keeps what it read of each feed beside it, as JSON: no feed."""
    return path.endswith(".serde.json")


def stated(path, body):
    """How many entries a file has, and which of title, link and date each states: by regular expressions."""
    if path.endswith(".json"):
        return [
            {
                "title": bool(item.get("title")),
                "link": bool(item.get("url")),
                "date": bool(item.get("date_published")),
            }
            for item in json.loads(body)["items"]
        ]
    # Bytes beyond ASCII count as words, so no charset matters here.
    text = re.sub(r"(?s)<!--.*?-->", "", body.decode("latin-1"))
    text = re.sub(r"(?s)<!\[CDATA\[(.*?)\]\]>", lambda match: re.sub(r"[<>]", "x", match[1]), text)
    blocks = re.findall(r"(?s)<(?:\w+:)?(item|entry)\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?\1>)", text)
    return [{key: bool(find(block)) for key, find in FINDS.items()} for _, block in blocks]


FINDS = {
    "title": re.compile(r"<(?:(?:atom|dc):)?title\b[^>]*>\s*(?!</)\S").search,
    "link": re.compile(
        r"<link>\s*(?!</)\S"
        r"|<(?:atom:)?link\b(?=[^>]*\shref\s*=\s*[\"']\S)(?![^>]*\srel\s*=\s*[\"'](?!alternate))[^>]*>"
    ).search,
    "date": re.compile(r"<(?:\w+:)?(?:pubDate|published|updated|issued|modified|date)>\s*(?!</)\S").search,
}


def shortfalls(path, body):
    """Where the parser's answer differs from the file, each as one line."""
    entries, expected = parse(body, URL).entries, stated(path, body)
    if len(entries) != len(expected):
        yield f"{len(entries)} of {len(expected)} entries"
        return
    for number, (entry, has) in enumerate(zip(entries, expected, strict=True)):
        got = {"title": entry.title, "link": entry.url, "date": entry.published_at}
        yield from (f"entry {number} lost its {key}" for key in got if has[key] and not got[key])


@needs_real_feeds
def test_every_real_feed_is_read_whole_but_for_what_is_listed():
    less, refused, entries, slowest = {}, {}, 0, 0.0
    for path, body in real_feeds():
        began = time.process_time()
        try:
            found = list(shortfalls(path, body))
            entries += len(parse(body, URL).entries)
        except InputError as error:
            refused[path] = str(error)
        else:
            if found:
                less[path] = "; ".join(found)
        slowest = max(slowest, time.process_time() - began)
    print(
        f"\n{len(real_feeds())} files, {entries} entries, the slowest took {slowest * 1000:.0f} ms twice over"
    )
    why = NO_FEEDS | {path: reason for path, (_, reason) in LESS.items()}
    for path in sorted(less | {path: said for path, said in refused.items() if not records(path)}):
        print(f"{path:55} {less.get(path) or refused[path].removeprefix(URL)}  [{why.get(path, '')}]")
    assert less == {path: what for path, (what, _) in LESS.items()}
    assert {path for path in refused if not records(path)} == set(NO_FEEDS)
    assert slowest < 1


@needs_real_feeds
@pytest.mark.parametrize("kind", [OPML, PAGE, OTHER, "is JSON, not a feed"])
def test_what_is_no_feed_is_said_to_be_what_it_is(kind):
    expected = {path for path, what in NO_FEEDS.items() if what == kind}
    if kind == "is JSON, not a feed":
        expected = {path for path, _ in real_feeds() if records(path)}
    said = set()
    for path, body in real_feeds():
        try:
            parse(body, URL)
        except InputError as error:
            said |= {path} if kind in str(error) else set()
    assert said == expected
    assert expected
