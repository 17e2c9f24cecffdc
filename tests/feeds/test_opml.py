import contextlib
from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InputError
from bot.feeds.feed_urls import place
from bot.feeds.opml import Listed, Opml, Skipped, parse_opml, topic_of, write_opml

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LIST = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head><title>My news</title></head>
  <body>
    <outline text="World">
      <outline text="Europe">
        <outline type="rss" text="Gazette" title="The Gazette" xmlUrl="https://gazette.example/feed"
                 htmlUrl="https://gazette.example/" language="en"/>
      </outline>
      <outline type="rss" text="Post" xmlUrl="http://post.example/rss"/>
    </outline>
    <outline type="rss" text="Loose" xmlUrl="https://loose.example/atom.xml"/>
  </body>
</opml>
"""


def opml(outlines: str) -> bytes:
    return f"<opml version='2.0'><body>\n{outlines}\n</body></opml>".encode()


def feeds(outlines: str) -> tuple[Listed, ...]:
    return parse_opml(opml(outlines)).feeds


def refusal(body: bytes) -> str:
    with pytest.raises(InputError) as caught:
        parse_opml(body)
    return str(caught.value)


def test_folders_are_topic_paths_and_the_order_is_the_lists():
    assert parse_opml(LIST.encode()) == Opml(
        title="My news",
        feeds=(
            Listed(
                url="https://gazette.example/feed",
                name="Gazette",
                topic_path=("World", "Europe"),
                language="en",
                home="https://gazette.example/",
            ),
            Listed("http://post.example/rss", "Post", ("World",)),
            Listed("https://loose.example/atom.xml", "Loose"),
        ),
        skipped=(),
    )


@pytest.mark.parametrize("spelling", ["xmlUrl", "xmlurl", "xmlURL", "XMLURL", "url"])
@pytest.mark.parametrize("kind", ["", "type='rss'", "type='atom'", "TYPE='RSS'"])
def test_exports_spell_the_address_in_many_ways(spelling, kind):
    assert feeds(f"<outline text='A' {kind} {spelling}=' https://a.example/feed '/>") == (
        Listed("https://a.example/feed", "A"),
    )


def test_elements_may_be_in_capitals_and_the_body_may_be_missing():
    assert parse_opml(b"<OPML><OUTLINE TEXT='A' XMLURL='http://a.example/f'/></OPML>").feeds == (
        Listed("http://a.example/f", "A"),
    )


@pytest.mark.parametrize(
    ("attributes", "name"),
    [("text='T' title='U'", "T"), ("title='U'", "U"), ("text=' ' title='U'", "U"), ("", "")],
)
def test_text_is_the_name_and_title_stands_in_for_it(attributes, name):
    assert feeds(f"<outline {attributes} xmlUrl='http://a.example/f'/>")[0].name == name


def test_a_category_is_a_path_where_there_is_no_folder():
    loose = "<outline xmlUrl='http://a.example/f' category='/World/Europe,/Sport'/>"
    assert feeds(loose)[0].topic_path == ("World", "Europe")
    assert feeds(f"<outline text='News'>{loose}</outline>")[0].topic_path == ("News",)


def test_a_feed_listed_twice_is_one_and_has_the_folder_of_either():
    found = feeds("""
        <outline text="A" xmlUrl="http://a.example/feed"/>
        <outline text="World"><outline text="A again" xmlUrl="https://A.example:443/feed/"/></outline>
    """)
    assert found == (Listed("http://a.example/feed", "A", ("World",)),)


def test_a_feed_that_holds_outlines_is_no_folder_of_theirs():
    found = feeds("""<outline text="A" xmlUrl="http://a.example/f">
                       <outline text="B" xmlUrl="http://b.example/f"/></outline>""")
    assert [feed.topic_path for feed in found] == [(), ()]


def test_an_old_readers_feed_scheme_is_http():
    assert [feed.url for feed in feeds("<outline xmlUrl='feed://a.example/f'/>")] == ["http://a.example/f"]
    assert [feed.url for feed in feeds("<outline xmlUrl='feed:https://a.example/f'/>")] == [
        "https://a.example/f"
    ]


def test_what_is_no_feed_is_skipped_with_its_line_and_the_reason():
    got = parse_opml(
        opml("""<outline text="Good" xmlUrl="http://a.example/f"/>
<outline text="Local" type="rss" xmlUrl="file:///etc/passwd"/>
<outline text="Mail" xmlUrl="gopher://a.example/"/>
<outline text="Nothing" type="rss" htmlUrl="http://a.example/"/>
<outline text="Other list" type="include" url="http://a.example/other.opml"/>
<outline/>
<outline text="Odd" xmlUrl="http://[broken"/>
<outline text="Empty address" type="rss" xmlUrl=""/>""")
    )
    assert [feed.name for feed in got.feeds] == ["Good"]
    no_web = "which is not an http or https one"
    assert got.skipped == (
        Skipped(3, "Local", f"has the address “file:///etc/passwd”, {no_web}"),
        Skipped(4, "Mail", f"has the address “gopher://a.example/”, {no_web}"),
        Skipped(5, "Nothing", "has no address (xmlUrl)"),
        Skipped(6, "Other list", "is a link to a page or to another list, not a feed"),
        Skipped(7, "", "has no address (xmlUrl)"),
        Skipped(8, "Odd", f"has the address “http://[broken”, {no_web}"),
        Skipped(9, "Empty address", "has no address (xmlUrl)"),
    )
    assert str(got.skipped[2]) == "line 5: “Nothing” has no address (xmlUrl)"
    assert str(got.skipped[4]) == "line 7: an outline without a name has no address (xmlUrl)"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "the list is empty"),
        (" \n ", "the list is empty"),
        ("hello", "line 1, column 1: this is text, and a list of feeds begins with <opml>"),
        ("<html><body/></html>", "line 1: this is <html>, and a list of feeds is <opml>"),
        ("\n<rss version='2.0'/>", "line 2: this is <rss>, and a list of feeds is <opml>"),
        ("<!-- only this -->", "line 1, column 19: there is no <opml>"),
        (
            "<opml>\n<body>\n<outline text='A'>\n<outline xmlUrl='http://a/'/>\n</body></opml>",
            "line 3: <outline> is not closed before </body> on line 5",
        ),
        (
            "<opml>\n<body>\n<outline text='A'>\n<outline xmlUrl='http://a/'/>\n",
            "line 3: <outline> is not closed; the list ends on line 5",
        ),
        (
            "<opml>\n<body>\n  <outline text='A",
            "line 3, column 3: what begins here does not end; the list may have been cut short",
        ),
        ("<opml>\n<outline text='AT & T'/></opml>", "line 2, column 19: a bare & must be written &amp;"),
        (
            "<opml>\n<outline xmlUrl='http://a/?b=1&c=2'/></opml>",
            "line 2, column 31: a bare & must be written &amp;",
        ),
        (
            "<opml>\n<outline text='a < b'/></opml>",
            "line 2, column 18: a < must be written &lt;, or a quotation mark before it is missing",
        ),
        (
            "<opml>\n<outline text='A>\n<outline text='B'/></opml>",
            "line 3, column 1: a < must be written &lt;, or a quotation mark before it is missing",
        ),
        (
            "<opml>\n\n<outline text='Caf&eacute; &amp; bar'/></opml>",
            "line 3: &eacute; means nothing in XML; write the character",
        ),
        (
            "<opml>\n<outline text='a\x0bb'/></opml>",
            "line 2, column 17: the control character U+000B is not allowed",
        ),
        ("<opml>\n<outline text=A/></opml>", "line 2, column 15: “A” is not allowed here"),
        ("<opml>\n<outline a='1' a='2'/></opml>", "line 2, column 16: this attribute is given twice"),
        ("<opml></opml>\nmore", "line 2, column 1: there is something after </opml>"),
        ("<opml>\n&#0;</opml>", "line 2, column 1: this number is no character that XML allows"),
        (
            "<opml>\n<![CDATA[ x",
            "line 2, column 12: this is not well-formed XML: unclosed CDATA section",
        ),
    ],
)
def test_a_broken_list_names_its_line_and_what_is_wrong(body, message):
    assert refusal(body.encode()) == message


def test_lines_are_counted_in_the_file_declaration_and_all():
    assert refusal(b"\n\n<?xml version='1.0'\n?>\n<opml><body></opml>") == (
        "line 5: <body> is not closed before </opml> on line 5"
    )


def test_entities_are_refused_where_they_are_declared():
    bomb = b"""<?xml version="1.0"?>
<!DOCTYPE opml [
 <!ENTITY a "ha">
 <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
]>
<opml><body><outline text="&b;" xmlUrl="http://a.example/f"/></body></opml>"""
    assert refusal(bomb) == "line 3: the entity a is declared, and a list may not"
    outside = bomb.replace(b'<!ENTITY a "ha">', b'<!ENTITY a SYSTEM "file:///etc/passwd">')
    assert refusal(outside) == "line 3: the entity a is declared, and a list may not"
    parameter = bomb.replace(b'<!ENTITY a "ha">', b'<!ENTITY % a SYSTEM "http://a.example/x.dtd"> %a;')
    assert refusal(parameter) == "line 3: the entity a is declared, and a list may not"


def test_a_doctype_alone_does_no_harm():
    body = b"<!DOCTYPE opml SYSTEM 'http://a.example/opml.dtd'><opml><outline xmlUrl='http://a.example/f'/></opml>"
    assert len(parse_opml(body).feeds) == 1


def test_fifty_levels_are_read_and_more_are_refused():
    def nested(levels):
        return opml(
            "<outline text='x'>\n" * (levels - 1)
            + "<outline xmlUrl='http://a.example/f'/>"
            + "</outline>" * (levels - 1)
        )

    assert len(parse_opml(nested(50)).feeds[0].topic_path) == 49
    assert refusal(nested(51)) == "line 52: outlines are nested more than 50 levels deep"
    assert refusal(b"<opml>" + b"<x>" * 100_000) == "line 1: outlines are nested more than 50 levels deep"


@pytest.mark.parametrize(
    ("encoding", "declared", "name"),
    [
        ("utf-8", None, "Ærø Ünïon 新聞"),
        ("utf-8-sig", "utf-8", "Ærø Ünïon 新聞"),
        ("utf-16", "utf-16", "Ærø Ünïon 新聞"),
        ("utf-16-le", "utf-16", "Ærø Ünïon 新聞"),
        ("utf-16-be", None, "Ærø Ünïon 新聞"),
        ("utf-32", None, "Ærø Ünïon 新聞"),
        ("iso-8859-1", "ISO-8859-1", "Ærø Ünïon"),
        ("windows-1251", "windows-1251", "Новости"),
        ("gb18030", "GB18030", "新闻"),
        ("shift_jis", "Shift_JIS", "新聞"),
        ("utf-8", "utf-16", "Ærø"),  # as some Windows programs write it
    ],
)
def test_the_mark_or_the_declaration_says_the_encoding(encoding, declared, name):
    declaration = f"<?xml version='1.0' encoding='{declared}'?>" if declared else ""
    text = f"{declaration}<opml><outline text='{name}' xmlUrl='http://a.example/f'/></opml>"
    assert parse_opml(text.encode(encoding)).feeds[0].name == name


def test_bytes_that_are_no_text_name_their_line():
    assert refusal("<opml>\n<outline text='Café'/></opml>".encode("latin-1")) == (
        "line 2: the bytes E9 are no character in utf-8; save the list as UTF-8"
    )


@pytest.mark.parametrize(
    "encoding", ["klingon", "zip_codec", "hex", "idna", "punycode", "unicode_escape", "utf_7"]
)
def test_no_encoding_but_one_of_text_is_taken(encoding):
    body = f"<?xml version='1.0' encoding='{encoding}'?><opml/>".encode()
    assert refusal(body) == f"line 1: the encoding {encoding} is not known; save the list as UTF-8"


TOPICS = {
    "world": "World",
    "science": "Science & Environment",
    "tech": "Technologie",
    "local-news": "Near you",
}


@pytest.mark.parametrize(
    ("path", "topic"),
    [
        (("World",), "world"),
        (("🌍 WORLD",), "world"),
        (("World", "Technologie"), "tech"),
        (("World", "Elsewhere"), "world"),
        (("science and environment",), "science"),
        (("Science-Environment",), "science"),
        (("Local News",), "local-news"),
        (("near you",), "local-news"),
        (("Téchnologie",), "tech"),
        (("Worldwide",), None),
        (("🌍",), None),
        ((), None),
    ],
)
def test_a_folder_names_a_topic_by_id_or_name_the_innermost_first(path, topic):
    assert topic_of(path, TOPICS) == topic


def test_a_written_list_is_opml_2_with_a_folder_for_each_topic():
    written = write_opml(
        [
            Listed("https://a.example/f?a=1&b=2", 'A "quoted" <b>', ("World",), "en", "https://a.example/"),
            Listed("https://b.example/f"),
            Listed("https://c.example/f", "C", ("World",)),
        ],
        "Feeds & more",
        datetime(2026, 3, 1, 17, 45, tzinfo=timezone(timedelta(hours=5, minutes=45))),
    )
    assert (
        written.decode()
        == """<?xml version='1.0' encoding='utf-8'?>
<opml version="2.0">
  <head>
    <title>Feeds &amp; more</title>
    <dateCreated>Sun, 01 Mar 2026 12:00:00 GMT</dateCreated>
    <docs>http://opml.org/spec2.opml</docs>
  </head>
  <body>
    <outline text="World">
      <outline text="A &quot;quoted&quot; &lt;b&gt;" title="A &quot;quoted&quot; &lt;b&gt;" type="rss" xmlUrl="https://a.example/f?a=1&amp;b=2" htmlUrl="https://a.example/" language="en" />
      <outline text="C" title="C" type="rss" xmlUrl="https://c.example/f" />
    </outline>
    <outline text="" type="rss" xmlUrl="https://b.example/f" />
  </body>
</opml>
"""
    )


def test_a_list_of_nothing_can_be_written_and_read():
    assert parse_opml(write_opml([], "", NOW)) == Opml("", (), ())


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Z", "Cn"]), max_size=12)
URLS = st.builds(
    "{}://{}.example/{}?{}".format,
    st.sampled_from(["http", "https"]),
    st.from_regex(r"\A[a-z]{1,8}\Z"),
    st.from_regex(r"\A[a-z/%&;'~]{0,8}\Z"),
    st.from_regex(r"\A[a-z=&;\"<>]{0,8}\Z"),
)
LISTS = st.lists(
    st.builds(
        Listed,
        URLS,
        WORDS,
        st.lists(WORDS.filter(bool), max_size=3).map(tuple),
        st.none() | st.sampled_from(["en", "pt-BR"]),
        st.none() | URLS,
    ),
    unique_by=lambda feed: place(feed.url),
    max_size=8,
)


@given(LISTS, WORDS)
def test_what_is_written_is_read_back_the_same(listed, title):
    again = parse_opml(write_opml(listed, title, NOW))
    assert again.title == title
    assert again.skipped == ()
    assert sorted(again.feeds, key=lambda feed: feed.url) == sorted(listed, key=lambda feed: feed.url)
    assert write_opml(again.feeds, title, NOW) == write_opml(listed, title, NOW)


@given(LISTS)
def test_the_order_within_a_folder_is_kept(listed):
    again = parse_opml(write_opml(listed, "", NOW))
    for path in {feed.topic_path for feed in listed}:
        assert [f for f in again.feeds if f.topic_path == path] == [f for f in listed if f.topic_path == path]


@given(st.text(), st.lists(st.text()).map(tuple))
def test_no_name_breaks_the_list(name, path):
    written = write_opml([Listed("http://a.example/f", name, path)], name, NOW)
    assert ET.fromstring(written).get("version") == "2.0"
    assert len(parse_opml(written).feeds) == 1


@given(st.binary() | st.text().map(str.encode), st.integers(0, len(LIST)))
def test_no_bytes_break_the_reader(odd, at):
    body = LIST.encode()
    for text in (odd, body[:at] + odd + body[at:], body[:at]):
        with contextlib.suppress(InputError):
            assert isinstance(parse_opml(text), Opml)
