import contextlib
import tarfile
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import InputError
from bot.feeds.parse import ParsedEntry, ParsedFeed, parse

URL = "https://example.com/news/feed.xml"
REAL_FEEDS = Path(__file__).parents[3] / "shared/data/feeds/real-feeds.tar.gz"


def rss(items: str, *, channel: str = "", version: str = "2.0", prolog: str = "") -> bytes:
    return f'{prolog}<rss version="{version}"><channel><title>News</title>{channel}{items}</channel></rss>'.encode()


def atom(entries: str, *, attributes: str = "") -> bytes:
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>News</title>{entries}</feed>'.encode()
    )


def only(body: bytes, **known) -> ParsedEntry:
    (entry,) = parse(body, URL, **known).entries
    return entry


def titled(title: str) -> str:
    return only(rss(f"<item><guid>1</guid><title>{title}</title></item>")).title


def refusal(body: bytes, **known) -> str:
    with pytest.raises(InputError) as caught:
        parse(body, URL, **known)
    assert str(caught.value).startswith(URL)
    return str(caught.value)


def test_rss_2_is_read_whole():
    body = rss(
        """<item><guid isPermaLink="false">n-1</guid><title>One &amp; all</title><link>https://example.com/1</link>
        <description>&lt;p&gt;Short.&lt;/p&gt;</description><author>ann@example.com (Ann Lee)</author>
        <pubDate>Sun, 01 Mar 2026 12:00:00 +0100</pubDate></item>""",
        channel="<language>en-GB</language><ttl>30</ttl>",
    )
    assert parse(body, URL) == ParsedFeed(
        title="News",
        language="en-GB",
        ttl_minutes=30,
        entries=(
            ParsedEntry(
                key="n-1",
                title="One & all",
                url="https://example.com/1",
                summary="<p>Short.</p>",
                published_at=datetime(2026, 3, 1, 11, tzinfo=UTC),
                author="Ann Lee",
            ),
        ),
    )


def test_atom_is_read_whole():
    entry = only(
        atom(
            """<entry><id>urn:1</id><title type="html">One &lt;i&gt;and&lt;/i&gt; all</title><link href="../1"/>
            <summary>1 &lt; 2</summary><updated>2026-03-01T12:00:00.5Z</updated><author><name>Ann</name></author>
            </entry>""",
            attributes='xml:base="https://example.org/a/b" xml:lang="fr"',
        )
    )
    assert entry == ParsedEntry(
        key="urn:1",
        title="One and all",
        url="https://example.org/1",
        summary="1 &lt; 2",
        published_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
        author="Ann",
    )


def test_rss_1_is_read():
    body = b"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
      xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
      <channel rdf:about="https://example.com/"><title>News</title></channel>
      <item rdf:about="https://example.com/1"><title>One</title><link>https://example.com/1</link>
      <dc:date>2026-03-01T12:00:00Z</dc:date></item></rdf:RDF>"""
    entry = only(body)
    assert (entry.key, entry.title) == ("https://example.com/1", "One")
    assert entry.published_at == datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_rss_0_91_with_its_doctype_is_read():
    doctype = (
        '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
        '"http://my.netscape.com/publish/formats/rss-0.91.dtd">'
    )
    body = rss(
        "<item><title>One</title><link>https://example.com/1</link></item>", version="0.91", prolog=doctype
    )
    assert only(body).key == "https://example.com/1"


@pytest.mark.parametrize("body", [rss(""), atom(""), b'<rss version="2.0"/>'])
def test_a_feed_with_no_entries_is_a_feed(body):
    assert parse(body, URL).entries == ()


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("AT&amp;T", "AT&T"),
        ("AT&amp;amp;T", "AT&T"),
        ("&amp;lt;b&amp;gt; is a tag", "<b> is a tag"),
        ("a &lt;b&gt; c", "a <b> c"),
        ("1 &lt; 2 &gt; 0", "1 < 2 > 0"),
        ("&lt;b&gt;Bold&lt;/b&gt; news", "Bold news"),
        ("<![CDATA[<b>Bold</b> &amp; more]]>", "Bold & more"),
        ("Fire&lt;br&gt;in Rome", "Fire in Rome"),
        ("&lt;img src=x onerror=alert(1)&gt;Fire", "Fire"),
        ("Fire&lt;script&gt;alert(1)&lt;/script&gt; out", "Fire out"),
        ("&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;", "One Two"),
        ("  Two\n   lines\t", "Two lines"),
        ("🚨 Breaking 👩‍🚒 &#x1F525;", "🚨 Breaking 👩‍🚒 🔥"),
        ("zero\u200bwidth \u202eflipped", "zerowidth flipped"),
        ("bad &#xD800; and &#0; and &#99999999999;", "bad \ufffd and \ufffd and \ufffd"),
        ("caf&eacute;", "café"),
        ("&amp;copy; 2026", "© 2026"),
    ],
)
def test_an_rss_title_becomes_one_line_of_plain_text(title, expected):
    assert titled(title) == expected


@pytest.mark.parametrize(
    ("kind", "title", "expected"),
    [
        ("text", "a &lt;b&gt;c&lt;/b&gt; &amp;amp;", "a <b>c</b> &amp;"),
        ("html", "a &lt;b&gt;c&lt;/b&gt; &amp;amp;", "a c &"),
        ("html", "a &lt;b&gt; c", "a c"),
        ("xhtml", '<div xmlns="http://www.w3.org/1999/xhtml">a <b>c</b> &lt;d&gt; &amp;</div>', "a c <d> &"),
    ],
)
def test_an_atom_title_says_what_it_is(kind, title, expected):
    assert only(atom(f'<entry><id>1</id><title type="{kind}">{title}</title></entry>')).title == expected


def test_a_title_without_end_is_clipped():
    assert len(titled("word " * 100_000)) <= 1000


def test_the_longest_text_is_the_summary_and_it_is_capped():
    namespace = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    item = f"<item {namespace}><guid>1</guid><description>%s</description><content:encoded>%s</content:encoded></item>"
    assert only(rss(item % ("short", "rather longer"))).summary == "rather longer"
    assert only(rss(item % ("rather longer", "short"))).summary == "rather longer"
    assert len(only(rss(item % ("x", "y" * 300_000))).summary) == 200_000


@pytest.mark.parametrize(
    ("item", "key", "url"),
    [
        ("<guid>https://example.com/1</guid>", "https://example.com/1", "https://example.com/1"),
        ("<guid>42</guid>", "42", None),
        ('<guid isPermaLink="false">https://example.com/1</guid>', "https://example.com/1", None),
        ("<guid>42</guid><link>/a?b=1&amp;c=2</link>", "42", "https://example.com/a?b=1&c=2"),
        ("<link> story </link>", "https://example.com/news/story", "https://example.com/news/story"),
        ("<guid>1</guid><link>javascript:alert(1)</link>", "1", None),
        ("<guid>1</guid><link>ftp://example.com/1</link>", "1", None),
        ("<guid>1</guid><link>http://[</link>", "1", None),
        ("<guid>1</guid><link>//example.org/1</link>", "1", "https://example.org/1"),
    ],
)
def test_keys_and_links_are_what_the_feed_states(item, key, url):
    entry = only(rss(f"<item><title>One</title>{item}</item>"))
    assert (entry.key, entry.url) == (key, url)


def test_an_entry_with_only_words_has_a_key_of_its_own_and_no_date():
    one, other = parse(rss("<item><title>One</title></item><item><title>Two</title></item>"), URL).entries
    assert len(one.key) == len(other.key) == 64
    assert one.key != other.key
    assert (one.url, one.published_at, one.author, one.summary) == (None, None, None, "")


def test_an_entry_with_nothing_is_skipped_and_the_first_of_a_key_wins():
    items = "<item/><item><guid>1</guid></item>" + "".join(
        f"<item><guid>7</guid><title>{title}</title></item>" for title in ("first", "second")
    )
    assert [entry.title for entry in parse(rss(items), URL).entries] == ["first"]


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Thu, 01 Jan 1970 00:00:00 GMT", datetime(1970, 1, 1, tzinfo=UTC)),
        ("Thu, 31 Dec 2099 23:59:59 GMT", datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("2026-03-01T12:00:00+05:30", datetime(2026, 3, 1, 6, 30, tzinfo=UTC)),
        ("Sun, 01 Mar 2026 12:00:00 EST", datetime(2026, 3, 1, 17, tzinfo=UTC)),
        ("yesterday", None),
        ("Sun, 99 Foo 2026 12:00:00 GMT", None),
        ("", None),
    ],
)
def test_dates_are_what_the_feed_states_in_utc(date, expected):
    assert only(rss(f"<item><title>One</title><pubDate>{date}</pubDate></item>")).published_at == expected


@pytest.mark.parametrize(
    ("encoding", "content_type"),
    [
        ("utf-8", None),
        ("utf-8", "text/xml"),
        ("utf-8", "text/html"),
        ("windows-1251", None),
        ("windows-1251", "application/rss+xml"),
        ("koi8-r", "text/xml"),
        ("utf-16", None),
        ("utf-16-le", "application/xml"),
        ("utf-32", "application/xml; charset=utf-32"),
    ],
)
def test_every_charset_is_read(encoding, content_type):
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>'
        + rss("<item><title>Привет, мир</title></item>").decode()
    )
    assert only(text.encode(encoding), content_type=content_type).title == "Привет, мир"


def test_latin_1_is_read_and_utf_8_needs_no_declaration():
    item = "<item><title>Café crème à Nîmes</title></item>"
    declared = '<?xml version="1.0" encoding="iso-8859-1"?>' + rss(item).decode()
    assert only(declared.encode("latin-1")).title == "Café crème à Nîmes"
    assert (
        only(rss(item).decode().encode("latin-1"), content_type="text/xml; charset=iso-8859-1").title[:4]
        == "Café"
    )
    assert only(rss(item)).title == "Café crème à Nîmes"
    assert only(b"\xef\xbb\xbf" + rss(item)).title == "Café crème à Nîmes"


BOMB = "<!DOCTYPE lolz [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)
)
BOMBED = f"{BOMB}]>" + rss("<item><title>&a11;</title></item>").decode()


@pytest.mark.parametrize(
    "body",
    [
        BOMBED.encode(),
        f'<?xml version="1.0"?><!-- <rss> --><?x <rss> ?>{BOMBED}'.encode(),
        BOMBED.encode("utf-16"),
        BOMBED.encode("utf-16-be"),
        b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"/>',
        b'<!DOCTYPE rss [<!ENTITY % x SYSTEM "http://example.com/x.dtd"> %x;]><rss version="2.0"/>',
    ],
)
def test_declared_entities_are_refused_at_once(body):
    began = time.perf_counter()
    assert "<!ENTITY" in refusal(body)
    assert time.perf_counter() - began < 0.5


def test_an_article_about_entities_is_news():
    assert titled("&lt;!ENTITY explained").startswith("<!ENTITY")
    assert only(rss("<item><title>One</title><description><![CDATA[<!ENTITY a>]]></description></item>"))


@pytest.mark.parametrize("levels", [201, 100_000])
def test_deep_nesting_is_refused(levels):
    began = time.perf_counter()
    assert "200 levels" in refusal(rss("<item>" + "<a>" * levels + "</a>" * levels + "</item>"))
    assert time.perf_counter() - began < 1


def test_many_shallow_elements_are_not_deep():
    assert only(rss("<item><title>One</title>" + "<a><b/></a>" * 1000 + "</item>")).title == "One"


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><title>News</title><link rel=alternate href=/feed>",
        b"\n <!-- hello --><HTML><body>Not found",
        b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"><html></html>',
        b"\xef\xbb\xbf<html>",
    ],
)
def test_an_html_page_is_not_a_feed(body):
    assert refusal(body).endswith("is an HTML page, not a feed")


@pytest.mark.parametrize("body", [b"", b" \n\t", b"\n" * 10_000])
def test_an_empty_answer_is_not_a_feed(body):
    assert "empty answer" in refusal(body)


@pytest.mark.parametrize(
    "body",
    [
        b"Service unavailable",
        b'{"version": "https://jsonfeed.org/version/1.1", "items": []}',
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<opml version='2.0'><body/></opml>",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"<rss version='2.0'><channel>\0</channel></rss>",
        b"<",
        b"&",
        b"<?xml version='1.0' encoding='undefined'?><rss/>x",
    ],
)
def test_what_is_no_feed_is_an_input_error(body):
    assert refusal(body)


@pytest.mark.parametrize(
    "content_type", ["", ";;;", "text/xml; charset=nonsense", "text/xml; charset=idna", "\x00"]
)
def test_an_odd_content_type_does_not_stop_us(content_type):
    assert only(rss("<item><title>One</title></item>"), content_type=content_type).title == "One"


def test_a_broken_feed_gives_what_can_be_read():
    body = rss("<item><title>One & two&nbsp;three</title></item>")[: -len("</channel></rss>")]
    assert only(body).title == "One & two three"


def test_a_time_to_live_is_minutes_or_nothing():
    def ttl(text):
        return parse(rss("", channel=f"<ttl>{text}</ttl>"), URL).ttl_minutes

    assert [ttl(text) for text in ("60", "0", "soon", "-5", "9" * 5000, "999999999")] == [
        60,
        *[None] * 4,
        527_040,
    ]


SCRAPS = st.sampled_from(
    "<item> </item> <title> </title> <![CDATA[ ]]> <!-- --> &# &#x41; &amp; <a|b=c> <link> </link> <guid> <pubDate> "
    "<?x ?> <content|type='xhtml'> <x|xml:base=' ' \ud800".replace(" ", "\n")
    .replace("|", " ")
    .split("\n")
)


@settings(deadline=None)
@given(st.lists(SCRAPS | st.text(max_size=5), max_size=30))
def test_no_scrap_heap_breaks_the_parser(scraps):
    text = '<rss version="2.0"><channel><item>' + "".join(scraps)
    with contextlib.suppress(InputError):
        parse(text.encode("utf-8", "surrogatepass"), URL)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_parser(body):
    with contextlib.suppress(InputError):
        parse(body, URL)


@pytest.mark.skipif(not REAL_FEEDS.exists(), reason="the real feeds are not in this checkout")
def test_real_feeds_are_read_or_refused_and_never_break_us():
    read, refused = 0, []
    with tarfile.open(REAL_FEEDS) as archive:
        for member in archive:
            if not member.name.endswith((".xml", ".atom")):
                continue
            try:
                parse(archive.extractfile(member).read(), URL)
                read += 1
            except InputError as error:
                refused.append((member.name, str(error)))
    assert read >= 80, refused
