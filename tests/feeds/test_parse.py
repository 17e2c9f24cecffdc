import contextlib
import pickle
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import InputError
from bot.feeds.parse import ParsedEntry, ParsedFeed, parse

URL = "https://example.com/news/feed.xml"


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
                guid="n-1",
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
        guid="urn:1",
        updated_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
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


def test_an_entry_with_nothing_is_skipped_and_an_exact_double_is_one():
    double = "<item><guid>7</guid><title>first</title></item>"
    assert [
        entry.title for entry in parse(rss(f"<item/><item><guid>1</guid></item>{double * 2}"), URL).entries
    ] == ["first"]


def test_one_guid_for_all_does_not_make_them_one():
    items = "".join(
        f"<item><guid isPermaLink='false'>7</guid><title>{n}</title><link>https://example.com/{n}</link></item>"
        for n in range(3)
    )
    assert [(entry.key, entry.title) for entry in parse(rss(items), URL).entries] == [
        ("7", "0"),
        ("7", "1"),
        ("7", "2"),
    ]


def test_of_a_feed_without_end_the_first_2000_entries_are_read():
    items = "".join(f"<item><guid>{n}</guid><title>{n}</title></item>" for n in range(2_100))
    entries = parse(rss(items), URL).entries
    assert (len(entries), entries[0].title, entries[-1].title) == (2_000, "0", "1999")


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Thu, 01 Jan 1970 00:00:00 GMT", datetime(1970, 1, 1, tzinfo=UTC)),
        ("Thu, 31 Dec 2099 23:59:59 GMT", datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("2026-03-01T12:00:00+05:30", datetime(2026, 3, 1, 6, 30, tzinfo=UTC)),
        ("Sun, 01 Mar 2026 12:00:00 EST", datetime(2026, 3, 1, 17, tzinfo=UTC)),
        ("mer, 16 nov 2022 00:38:15 +0100", datetime(2022, 11, 15, 23, 38, 15, tzinfo=UTC)),
        ("16 Nov 22 08:00 GMT", datetime(2022, 11, 16, 8, tzinfo=UTC)),
        ("Wed, 16 Nov 2022 08:00:00", datetime(2022, 11, 16, 8, tzinfo=UTC)),
        ("Wed, 16 Nov 2022 08:00:00 CET", datetime(2022, 11, 16, 7, tzinfo=UTC)),
        ("Wed Nov 16 08:00:00 UTC 2022", datetime(2022, 11, 16, 8, tzinfo=UTC)),
        ("2022-11-16 08:00:00", datetime(2022, 11, 16, 8, tzinfo=UTC)),
        ("2022-11-16T08:00:00.123456Z", datetime(2022, 11, 16, 8, tzinfo=UTC)),
        ("2022-11-16T08:00:00 +0100", datetime(2022, 11, 16, 7, tzinfo=UTC)),
        ("2022-11-16", datetime(2022, 11, 16, tzinfo=UTC)),
        ("20221116", datetime(2022, 11, 16, tzinfo=UTC)),
        ("2022-november-16T08:00+00:00", datetime(2022, 11, 16, 8, tzinfo=UTC)),
        ("2004-július-13T9:15-05:00", datetime(2004, 7, 13, 14, 15, tzinfo=UTC)),
        ("Κυρ, 11 Ιούλ 2004 12:00:00 EST", datetime(2004, 7, 11, 17, tzinfo=UTC)),
        ("12:00", None),
        ("--11-16", None),
        ("1" * 200, None),
        ("9999-12-31T23:59:59-12:00", None),
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
        b"<!doctype html><link rel=alternate href=/feed>",
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
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<opml version='2.0'><body/></opml>",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"<rss version='2.0'><channel>\0</channel></rss>",
        b"<",
        b"&",
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


@given(cut=st.integers(0, 900))
def test_a_feed_cut_off_gives_the_entries_that_came_whole(cut):
    items = [
        f"<item><guid>g{n}</guid><title>T{n}</title><link>https://example.com/{n}</link></item>"
        for n in range(9)
    ]
    body = rss("".join(items))
    try:
        entries = parse(body[:cut], URL).entries
    except InputError:
        entries = ()
    assert [entry.guid for entry in entries] == [f"g{n}" for n in range(body[:cut].count(b"</item>"))]


BROKEN = [
    "<title>Two</title><description>a<br>b</description>",
    "<title>Two <b>x</title>",
    "<title>Two</titel><description>x</description>",
    "<title>1 < 2</title><description></div></description>",
    "<title>Two</title></description></item>",
    "<title>Two</title><dc:date>2026-03-01</dc:date><x:y/>",
    "<title>Two & <3 &foo; &nbsp</title><description><a href=x>q</a></description>",
    "<title>Two</title><description><p>a<p>b</i></description>",
    "<title>Two</title><enclosure url=http://example.com/a?b&c>",
    "<title>T\x01wo\x0b \ufffe</title>",
    "<title>T&#x1;wo&#150;</title>",
]


@pytest.mark.parametrize("broken", BROKEN)
def test_what_one_entry_breaks_stays_within_it(broken):
    whole = [
        f"<item><guid>g{n}</guid><title>T{n}</title><link>https://example.com/{n}</link></item>"
        for n in range(4)
    ]
    expected = parse(rss("".join(whole)), URL).entries
    spoilt = f"<item><link>https://example.com/broken</link>{broken}</item>"
    entries = parse(rss("".join([*whole[:2], spoilt, *whole[2:]])), URL).entries
    assert (*entries[:2], *entries[3:]) == expected
    assert entries[2].url == "https://example.com/broken"


def test_raw_html_in_a_text_is_read_as_html_whether_well_formed_or_not():
    item = "<item><guid>1</guid><title>One</title><description>%s</description></item>"
    assert only(rss(item % "a <b>c</b> d")).summary == "a <b>c</b> d"
    assert only(rss(item % "a <b>c</b><br> d")).summary == "a <b>c</b><br> d"


def test_what_precedes_a_feed_is_passed_over():
    assert (
        only(
            b"Warning: mysql_connect() in <b>x.php</b>\n"
            + rss("<item><title>One</title></item>", prolog="<?xml version='1.0'?>")
        ).title
        == "One"
    )


HOSTILE = {
    "tags": "<rss>" + "<" * 2_000_000,
    "ampersands": "<rss>" + "&" * 1_000_000,
    "items never closed": "<rss>" + "<item>" * 300_000,
    "attributes": "<rss><item " + "".join(f'a{n}="x" ' for n in range(100_000)) + ">",
    "cdata never closed": "<rss>" + "<![CDATA[" * 200_000,
    "comments never closed": "<rss>" + "<!--" * 500_000,
    "instructions": "<?x" * 500_000,
    "wide": "<rss>" + "<a/>" * 400_000,
    "titles of tags": "<rss>" + ("<item><title>&lt;br&gt;" + '&lt;a b="' * 2_000 + "</title></item>") * 100,
    "titles of comments": "<rss>" + ("<item><title>&lt;br&gt;" + "&lt;!--" * 2_000 + "</title></item>") * 100,
    "titles never closed": "<rss>" + ("<item>" + "<title>" * 1_000 + "</item>") * 200,
    "crossed tags": "<rss>" + "<item><b></item></b>" * 100_000,
    "declarations": "<rss " + "".join(f'xmlns:a{n}="u{n}" ' for n in range(100_000)) + "><item/></rss>",
    "levels of JSON": "[" * 2_000_000,
    "html": "<!doctype html>" + "<title" * 300_000,
    "declared": "<?xml " + 'encoding="' * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_is_done_with_quickly(name):
    body = HOSTILE[name].encode()
    began = time.process_time()
    with contextlib.suppress(InputError):
        parse(body, URL)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            b"<!doctype html><title>Not found &amp; gone</title>",
            "is an HTML page titled 'Not found & gone', not a feed",
        ),
        (
            b"<html><head><title>Just a moment...</title>",
            "is an HTML page titled 'Just a moment...' (a bot check), not",
        ),
        (
            b"<html><head><title>x</title><body><div class=g-captcha>",
            "is an HTML page titled 'x' (a bot check), not",
        ),
        (b"<script>location='/cdn-cgi/challenge'</script>", "is an HTML page (a bot check), not a feed"),
        (b"<html>" + b"<p>words" * 9_000 + b"<form class=captcha>", "is an HTML page, not a feed"),
        (b"Too many requests\n", "is not a feed but plain text: 'Too many requests'"),
        (b"\x1f\x8b\x08 \xff\xfe", "is not a feed but neither XML nor JSON, nor any text"),
        (
            b'{"error": {"code": 429, "message": "Too many requests"}}',
            "is JSON, not a feed: it says 'Too many requests'",
        ),
        (b'{"items": 3, "title": "x"}', "is JSON, not a feed: it says 'x'"),
        (b"[1, 2]", "is JSON, not a feed"),
        (b"{not json", "is not a feed: it looks like JSON and is not"),
        (
            b"<Error><Code>AccessDenied</Code><Message>No</Message></Error>",
            "XML of another kind (<Error>): 'AccessDenied No'",
        ),
        (b"<opml version='2.0'><body/></opml>", "is not a feed but an OPML list of feeds"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'><body><item/></body></html>", "is an HTML page"),
    ],
)
def test_what_came_instead_of_a_feed_is_named(body, said):
    assert said in refusal(body)


def test_a_feed_that_wears_an_html_doctype_is_a_feed():
    assert only(rss("<item><title>One</title></item>", prolog="<!DOCTYPE html>")).title == "One"


def test_entities_declared_late_do_nothing():
    bomb = "<?xml version='1.0'?><!--" + "x" * 100_000 + "-->" + BOMBED
    assert "<!ENTITY" in refusal(bomb.encode())


def test_a_feed_says_how_it_wants_to_be_asked():
    feed = parse(
        rss(
            "",
            channel="""<link>https://example.com/</link><skipHours><hour>0</hour><hour>24</hour><hour> 13 </hour>
            <hour>99</hour><hour>x</hour></skipHours><skipDays><day>Saturday</day><day>SUNDAY</day><day>x</day></skipDays>
            <sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">hourly</sy:updatePeriod>
            <sy:updateFrequency xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">2</sy:updateFrequency>
            <a:link xmlns:a="http://www.w3.org/2005/Atom" rel="hub" href="https://hub.example.com/"/>
            <a:link xmlns:a="http://www.w3.org/2005/Atom" rel="self" href="/feed"/>""",
        ),
        URL,
    )
    assert (feed.skip_hours, feed.skip_days, feed.update_seconds) == ({0, 13}, {5, 6}, 1_800)
    assert (feed.hub, feed.self_url, feed.home) == (
        "https://hub.example.com/",
        "https://example.com/feed",
        "https://example.com/",
    )


def test_a_feed_that_skips_all_hours_and_days_says_nothing():
    hours = "".join(f"<hour>{n}</hour>" for n in range(24))
    days = "".join(
        f"<day>{day}day</day>" for day in ("Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun")
    )
    feed = parse(rss("", channel=f"<skipHours>{hours}</skipHours><skipDays>{days}</skipDays>"), URL)
    assert feed == parse(rss(""), URL)
    assert (feed.skip_hours, feed.skip_days, feed.update_seconds, feed.hub) == (
        frozenset(),
        frozenset(),
        None,
        None,
    )


def test_atom_says_where_its_hub_is():
    links = """<link rel="self" href="https://example.com/self"/><link href="/home"/>
    <link rel="hub" href="javascript:x"/><link rel="hub" href="https://hub.example.com/"/>"""
    feed = parse(atom(links, attributes="xml:lang='en_GB'"), URL)
    assert (feed.hub, feed.self_url, feed.home, feed.language) == (
        "https://hub.example.com/",
        "https://example.com/self",
        "https://example.com/home",
        "en-GB",
    )


def test_what_was_published_and_what_was_changed_are_told_apart():
    entry = only(
        atom(
            "<entry><id>1</id><title>One</title><published>2026-03-01T00:00:00Z</published><updated>2026-03-02T00:00:00Z</updated></entry>"
        )
    )
    assert (entry.published_at, entry.updated_at) == (
        datetime(2026, 3, 1, tzinfo=UTC),
        datetime(2026, 3, 2, tzinfo=UTC),
    )


def test_of_several_links_the_page_in_html_is_the_entry():
    links = """<link rel="enclosure" href="https://example.com/1.mp3"/><link type="text/gemini" href="gemini://example.com/1"/>
    <link type="application/json" href="https://example.com/1.json"/><link type="text/html" href="https://example.com/1"/>"""
    assert only(atom(f"<entry><id>1</id><title>One</title>{links}</entry>")).url == "https://example.com/1"


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("ann@example.com (Ann Lee)", "Ann Lee"),
        ("Ann Lee &lt;ann@example.com&gt;", "Ann Lee"),
        ("ann@example.com", "ann@example.com"),
        ("Ann Lee", "Ann Lee"),
        ("", None),
    ],
)
def test_an_author_is_a_name_where_there_is_one(author, expected):
    assert only(rss(f"<item><title>One</title><author>{author}</author></item>")).author == expected


def test_a_feed_survives_the_way_between_processes():
    feed = parse(rss("<item><title>One</title></item>"), URL)
    assert pickle.loads(pickle.dumps(feed)) == feed
