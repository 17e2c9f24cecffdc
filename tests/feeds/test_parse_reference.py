"""feedparser reads every kind of feed, slowly; what it makes of a feed is what we have to make of it."""

import calendar
import html
import io
import warnings

import feedparser
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import InputError
from bot.feeds.parse import parse
from bot.feeds.titles import words
from bot.text import squash
from tests.feeds.real_feeds import needs_real_feeds, real_feeds

URL = "https://example.com/feed"
# Where we mean to differ: by file, field and the reason.
DIFFERENCES = {
    ("atom_entry_1.xml", "url"): "feedparser takes the id urn:uuid:… for a link",
    ("atom_example_7.xml", "url"): "feedparser takes the id tag:… for a link",
    ("atom_pub_spec_1.xml", "url"): "feedparser takes the id urn:uuid:… for a link",
    ("atom10_2.xml", "url"): "feedparser takes the id tag:… for a link",
    ("atom_relative.xml", "url"): "we make links absolute, from where the feed was read",
    ("rss_1.0_example_1.xml", "url"): "we make links absolute, from where the feed was read",
    ("rss_1.0_spec_2.xml", "author"): "feedparser leaves '(mailto:' of 'Name (mailto:address)'",
    (
        "rss_2.0_relurl_1.xml",
        "author",
    ): "feedparser finds an address in 'Dr. Name <in@stries> (Name)' too soon",
    ("atom10_1.xml", "author"): "of several authors we name the first, feedparser the last",
    ("atom10_feed_authors.xml", "author"): "of several authors we name the first, feedparser the last",
    ("rss_2.0_ilmessaggero.xml", "published_at"): "an Italian weekday, which feedparser does not know",
    ("rss20_2.xml", "count"): "an item without title, link and text",
    ("no_encoding_ISO-8859-1.xml", "count"): "an item without title, link and text",
}


def theirs(body):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        feed = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    return [
        {
            "guid": squash(item.get("id", "")) or None,
            "url": item.get("link") or None,
            "title": squash(words(item.get("title", ""))),
            "summary": max((squash(words(text)) for text in _bodies(item)), key=len),
            "published_at": _time(item),
            "author": squash(
                html.unescape(item.get("author_detail", {}).get("name") or item.get("author", ""))
            )
            or None,
        }
        for item in feed.entries
    ]


def _bodies(item):
    return [part.get("value", "") for part in item.get("content", [])] + [item.get("summary", "")]


def _time(item):
    times = [dict.get(item, name) for name in ("published_parsed", "updated_parsed")]
    return next((calendar.timegm(at) for at in times if at), None)


def ours(body):
    return [
        {
            "guid": entry.guid,
            "url": entry.url,
            "title": squash(words(html.escape(entry.title))),
            "summary": squash(words(entry.summary)),
            "published_at": entry.published_at and int(entry.published_at.timestamp()),
            "author": entry.author,
        }
        for entry in parse(body, URL).entries
    ]


@needs_real_feeds
def test_real_feeds_are_read_as_feedparser_reads_them_but_for_what_is_listed():
    found, compared = set(), 0
    for path, body in real_feeds():
        if not path.endswith((".xml", ".atom")):
            continue
        try:
            mine = ours(body)
        except InputError:
            continue
        reference, name = theirs(body), path.rpartition("/")[2]
        compared += 1
        if len(mine) != len(reference):
            found.add((name, "count"))
            continue
        for one, other in zip(mine, reference, strict=True):
            found |= {(name, key) for key in one if one[key] != other[key]}
    assert found == set(DIFFERENCES)
    assert compared > 90


# Without markup, whose reading feedparser leaves to its user, and addresses, which it looks for in authors.
LETTERS = st.characters(exclude_categories=["C", "Z"], exclude_characters="<&@")
WORDS = st.text(LETTERS, min_size=1, max_size=12).filter(lambda text: text == squash(text))


def is_mangled(text):
    """Whether it could be UTF-8 that was taken for Latin-1: we mend that always, feedparser sometimes."""
    try:
        return text.encode("latin-1").decode("utf-8") != text
    except UnicodeError:
        return False


TEXT = st.lists(WORDS, min_size=1, max_size=6).map(" ".join).filter(lambda text: not is_mangled(text))
DATES = st.datetimes(
    min_value=calendar.datetime.datetime(1971, 1, 1), max_value=calendar.datetime.datetime(2099, 1, 1)
)
ITEMS = st.lists(
    st.fixed_dictionaries(
        {
            "guid": st.uuids().map(str),
            "title": TEXT,
            "body": TEXT,
            "author": TEXT,
            "at": DATES,
            "is_cdata": st.booleans(),
        }
    ),
    max_size=5,
)


def written(text, *, is_cdata=False):
    markup = html.escape(text, quote=False)
    return f"<![CDATA[{markup}]]>" if is_cdata else html.escape(markup, quote=False)


def as_rss(items):
    inner = "".join(
        f"<item><guid isPermaLink='false'>{item['guid']}</guid><title>{html.escape(item['title'])}</title>"
        f"<link>https://example.com/{item['guid']}</link>"
        f"<description>{written(item['body'], is_cdata=item['is_cdata'])}</description>"
        f"<dc:creator>{html.escape(item['author'])}</dc:creator>"
        f"<pubDate>{item['at'].strftime('%a, %d %b %Y %H:%M:%S +0000')}</pubDate></item>"
        for item in items
    )
    return f"<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel>{inner}</channel></rss>".encode()


def as_atom(items):
    inner = "".join(
        f"<entry><id>urn:uuid:{item['guid']}</id><title>{html.escape(item['title'])}</title>"
        f"<link href='https://example.com/{item['guid']}'/>"
        f"<content type='html'>{written(item['body'], is_cdata=item['is_cdata'])}</content>"
        f"<author><name>{html.escape(item['author'])}</name></author>"
        f"<published>{item['at'].strftime('%Y-%m-%dT%H:%M:%SZ')}</published></entry>"
        for item in items
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'>{inner}</feed>".encode()


@settings(deadline=None, max_examples=60)
@given(ITEMS)
def test_feeds_of_any_words_are_read_as_feedparser_reads_them(items):
    for body in (as_rss(items), as_atom(items)):
        assert ours(body) == theirs(body)


@settings(deadline=None, max_examples=60)
@given(ITEMS)
def test_an_entry_is_the_same_whether_its_feed_is_well_formed_or_not(items):
    whole = as_rss(items)
    broken = whole.replace(b"<channel>", b"<channel><item><title>1 < 2</titel></item><br>")
    assert parse(broken, URL).entries[1:] == parse(whole, URL).entries
