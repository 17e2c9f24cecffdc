import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.feed_urls import as_web, place
from bot.feeds.hints import How, common_paths, is_comments, known_feeds, news_sitemaps, page_hints, robots_url

PAGE = "https://site.example/news/"


def hints(markup: str, url: str = PAGE, content_type: str | None = "text/html") -> list[tuple[str, str]]:
    return [(hint.url, hint.how) for hint in page_hints(markup.encode(), url, content_type)]


def urls(markup: str, url: str = PAGE) -> list[str]:
    return [found for found, _ in hints(markup, url)]


@pytest.mark.parametrize(
    "kind",
    [
        *("application/rss+xml", "application/atom+xml", "application/feed+json", "application/json"),
        *("application/rdf+xml", "Application/RSS+XML; charset=utf-8", " application/atom+xml "),
    ],
)
def test_a_link_element_names_a_feed(kind):
    page = f"<html><head><link rel='alternate' type='{kind}' href='/all.xml'></head></html>"
    assert hints(page) == [("https://site.example/all.xml", "link element")]


@pytest.mark.parametrize(
    "attributes",
    [
        'rel="ALTERNATE" type="application/rss+xml"',
        'rel="home alternate" type="application/rss+xml"',
        "type=application/rss+xml rel=alternate",
        'rel="feed"',
    ],
)
def test_link_elements_are_read_as_browsers_do(attributes):
    assert urls(f'<link {attributes} href=" feed ">') == ["https://site.example/news/feed"]


@pytest.mark.parametrize(
    "element",
    [
        '<link rel="stylesheet" type="text/css" href="/x.css">',
        '<link rel="alternate" hreflang="de" href="/de/">',
        '<link rel="alternate" type="text/html" href="/m/">',
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">',
        '<link rel="alternate" type="application/json+oembed" href="/oembed?url=x">',
        '<link rel="alternate" type="application/rss+xml">',
        '<link rel="alternate" type="application/rss+xml" href="">',
        '<link rel="alternate" type="application/rss+xml" href="http://[broken">',
        '<link rel="alternate" type="application/rss+xml" href="javascript:feed()">',
        '<link rel="alternate" type="application/rss+xml" href="/news/">',  # the page itself
    ],
)
def test_other_link_elements_name_none(element):
    assert hints(element) == []


def test_addresses_are_relative_to_the_first_base():
    page = """<base target="_top"><base href="//cdn.example/a/"><base href="https://no.example/">
              <link rel="alternate" type="application/rss+xml" href="feed.xml">"""
    assert urls(page) == ["https://cdn.example/a/feed.xml"]
    assert urls('<base href="/b/"><link rel="feed" href="f">') == ["https://site.example/b/f"]


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ('<a href="/feed/">x</a>', "https://site.example/feed/"),
        ('<a href="/world/rss">x</a>', "https://site.example/world/rss"),
        ('<a href="/rss/world">x</a>', "https://site.example/rss/world"),
        ('<a href="news.rss#top">x</a>', "https://site.example/news/news.rss"),
        ('<a href="/index.xml">x</a>', "https://site.example/index.xml"),
        ('<a href="/feed.json">x</a>', "https://site.example/feed.json"),
        ('<a href="/?feed=rss2">x</a>', "https://site.example/?feed=rss2"),
        ('<a href="/list?cat=1&amp;format=atom">x</a>', "https://site.example/list?cat=1&format=atom"),
        ('<a href="https://feeds.other.example/x">x</a>', "https://feeds.other.example/x"),
        ('<a href="https://other.example/x.rss">x</a>', "https://other.example/x.rss"),
        ('<a href="https://www.site.example/rss">x</a>', "https://www.site.example/rss"),
        ('<a href="feed://site.example/x">x</a>', "http://site.example/x"),
        ('<a href="/abo">RSS</a>', "https://site.example/abo"),
        ('<a href="/abo"><span>Our</span> <b>RSS</b> feeds</a>', "https://site.example/abo"),
        ('<a href="/abo" title="RSS feed"><svg></svg></a>', "https://site.example/abo"),
        ('<a href="/abo"><img src="i.png" alt="Atom"></a>', "https://site.example/abo"),
        ('<a href="/abo" type="application/rss+xml">x</a>', "https://site.example/abo"),
    ],
)
def test_a_link_that_looks_like_a_feed_is_a_hint(link, target):
    assert hints(link) == [(target, "link on the page")]


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/news/how-to-feed-a-cat">x</a>',
        '<a href="/feedback">x</a>',
        '<a href="/feed/2026/story">x</a>',
        '<a href="https://www.linkedin.com/feed/">x</a>',
        '<a href="https://feedly.com/i/subscription/feed%2Fhttps%3A%2F%2Fa.example%2Ffeed">RSS</a>',
        '<a href="/sitemap.xml">x</a>',
        '<a href="https://validator.example/">Valid RSS</a>',
        '<a href="#rss">RSS</a>',
        '<a href="mailto:rss@site.example">RSS</a>',
        "<a>RSS</a>",
        f'<a href="/{"x" * 3000}.rss">RSS</a>',
        f'<a href="/story">{"The long story of RSS " * 10}</a>',
    ],
)
def test_a_link_to_anything_else_is_none(link):
    assert hints(link) == []


def test_the_surest_come_first_and_comments_last_and_each_once():
    page = """
      <a href="/abo">RSS</a> <a href="/rss">all</a> <a href="http://site.example/main.xml#a">again</a>
      <link rel="alternate" type="application/rss+xml" title="Comments Feed" href="/c.xml">
      <link rel="alternate" type="application/rss+xml" href="/story/comments/feed/">
      <link rel="alternate" type="application/rss+xml" title="Main" href="/main.xml">
      <link rel="alternate" type="application/atom+xml" title="Main" href="/main.atom">
    """
    assert urls(page) == [
        f"https://site.example{path}"
        for path in ("/main.xml", "/main.atom", "/rss", "/abo", "/c.xml", "/story/comments/feed/")
    ]


@pytest.mark.parametrize(
    ("url", "title", "expected"),
    [
        ("https://a.example/comments/feed/", "", True),
        ("https://a.example/?feed=comments-rss2", "", True),
        ("https://a.example/feed", "Comments on: A", True),
        ("https://a.example/feed", "Comments for A", True),
        ("https://a.example/feed", "A » Comments Feed", True),
        ("https://a.example/feed", "Commentary", False),
        ("https://a.example/commentisfree/rss", "Opinion | The Guardian", False),
    ],
)
def test_feeds_of_comments_are_told_by_address_or_title(url, title, expected):
    assert is_comments(url, title) is expected


YOUTUBE = "https://www.youtube.com/feeds/videos.xml?"
CHANNEL = "UC" + "a1_-" * 5 + "zz"


@pytest.mark.parametrize(
    ("url", "feeds"),
    [
        (f"https://www.youtube.com/channel/{CHANNEL}/videos", [f"{YOUTUBE}channel_id={CHANNEL}"]),
        ("https://m.youtube.com/playlist?app=x&list=PL12-_x", [f"{YOUTUBE}playlist_id=PL12-_x"]),
        ("https://www.youtube.com/watch?v=x", []),
        ("https://old.reddit.com/r/worldnews/top", ["https://www.reddit.com/r/worldnews/.rss"]),
        ("https://reddit.com/user/somebody/", ["https://www.reddit.com/user/somebody/.rss"]),
        ("https://www.reddit.com/", []),
        (
            "https://github.com/owner/repo.py/issues",
            [f"https://github.com/owner/repo.py/{kind}.atom" for kind in ("releases", "commits")],
        ),
        ("https://github.com/owner", ["https://github.com/owner.atom"]),
        ("https://medium.com/@writer/a-story-1", ["https://medium.com/feed/@writer"]),
        ("https://writer.medium.com/about", ["https://writer.medium.com/feed"]),
        ("https://letter.substack.com/p/one", ["https://letter.substack.com/feed"]),
        ("https://blog.wordpress.com/2026/", ["https://blog.wordpress.com/feed/"]),
        ("https://pics.tumblr.com/", ["https://pics.tumblr.com/rss"]),
        ("http://old.blogspot.com/", ["http://old.blogspot.com/feeds/posts/default"]),
        ("https://bsky.app/profile/a.bsky.social", ["https://bsky.app/profile/a.bsky.social/rss"]),
        ("https://notgithub.com/owner/repo", []),
        ("https://github.com.evil.example/owner/repo", []),
    ],
)
def test_well_known_sites_keep_their_feeds_where_they_do(url, feeds):
    assert [hint.url for hint in known_feeds(url)] == feeds


def test_a_youtube_page_tells_its_channel_however_late():
    page = "<html><script>" + "x" * 700_000 + f'"externalId":"{CHANNEL}"</script>'
    assert hints(page, "https://www.youtube.com/@somebody") == [
        (f"{YOUTUBE}channel_id={CHANNEL}", "this site's own way")
    ]
    assert hints(page) == []


def test_common_paths_are_tried_in_the_section_first_and_then_at_the_root():
    at_root = [hint.url for hint in common_paths("https://site.example/")]
    assert at_root == [
        f"https://site.example{path}"
        for path in (
            *("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json", "/feeds"),
            "/?feed=rss2",
        )
    ]
    in_section = [hint.url for hint in common_paths("https://site.example/en/sport/?page=2")]
    assert in_section == ["https://site.example/en/sport/feed", *at_root]
    for url in ("https://site.example/2026/03/01/story", "https://site.example/news/story.html"):
        assert [hint.url for hint in common_paths(url)] == at_root


def test_robots_names_sitemaps_of_news():
    robots = b"""User-agent: *
Disallow: /search
Sitemap: https://site.example/sitemap.xml
sitemap :  /sitemap-news.xml
Sitemap: https://site.example/news.xml.gz
SITEMAP: https://site.example/Google-News
# Sitemap: https://site.example/news-old.xml
"""
    found = news_sitemaps(robots, robots_url("https://site.example/a/b?c=d"))
    assert [hint.url for hint in found] == [
        "https://site.example/sitemap-news.xml",
        "https://site.example/Google-News",
    ]
    assert {hint.how for hint in found} == {How.SITEMAP}


@pytest.mark.parametrize(
    ("encoding", "content_type", "declared"),
    [
        ("utf-8", None, ""),
        ("utf-8", "text/html; charset=iso-8859-1", ""),
        ("iso-8859-2", "text/html; charset=ISO-8859-2", ""),
        ("iso-8859-2", "text/html", "<meta charset=iso-8859-2>"),
        ("iso-8859-2", "text/html; charset=klingon", "<meta charset=iso-8859-2>"),
        ("utf-16", None, ""),
    ],
)
def test_addresses_are_read_in_the_pages_encoding(encoding, content_type, declared):
    page = f"<html><head>{declared}<link rel=feed href='/zprávy'></head></html>".encode(encoding)
    assert [hint.url for hint in page_hints(page, PAGE, content_type)] == ["https://site.example/zprávy"]


def test_only_the_beginning_of_a_page_is_read():
    link = '<link rel="feed" href="/f">'
    assert len(hints("<html>" + " " * 500_000 + link)) == 1
    assert hints("<html>" + " " * 600_000 + link) == []


def test_a_page_of_a_thousand_feeds_gives_fifty_hints():
    assert len(hints("".join(f'<a href="/{n}.rss">x</a>' for n in range(1000)))) == 50


@pytest.mark.parametrize(
    "page",
    [
        *("", " ", "<", "<!-- ", "\0", "{}", "hello", "<html>", '<a href="http://[/feed">RSS</a>'),
        *('<link rel=feed href="https://a.example:99999/f">', '<base href="http://["><a href="/feed">x</a>'),
        "<a href=/rss>" * 30_000,
        "<div>" * 100_000 + '<a href="/feed">x</a>',
        "<p title='" * 50_000,
    ],
)
def test_no_page_is_too_odd(page):
    assert len(hints(page)) <= 1


@given(st.binary() | st.text().map(str.encode), st.text())
def test_no_bytes_break_us(body, content_type):
    assert isinstance(page_hints(b"<a href='" + body, PAGE, content_type), tuple)
    assert isinstance(page_hints(body, PAGE, content_type), tuple)
    assert isinstance(news_sitemaps(b"Sitemap: news" + body, PAGE), tuple)


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (" https://a.example/f ", "https://a.example/f"),
        ("HTTP://A.example/f", "HTTP://A.example/f"),
        ("feed://a.example/f", "http://a.example/f"),
        ("FEED:https://a.example/f", "https://a.example/f"),
        ("feed://https://a.example/f", "https://a.example/f"),
        ("a.example/f", None),
        ("ftp://a.example/f", None),
        ("https://", None),
        ("https://a b.example/", None),
        ("https://a.example:port/", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_an_address_is_of_the_web_or_none(address, url):
    assert as_web(address) == url


def test_one_place_has_many_addresses():
    same = [
        "http://A.example/f",
        "https://a.example/f/",
        "https://a.example:443/f#x",
        "http://a.example.:80/f",
    ]
    assert len({place(url) for url in same}) == 1
    other = [
        *same[:1],
        "http://a.example/F",
        "http://a.example/f?x=1",
        "http://a.example:8080/f",
        "http://b.example/f",
    ]
    assert len({place(url) for url in other}) == 5


@given(st.text())
def test_any_text_has_a_place(text):
    assert isinstance(place(text), str)
    assert as_web(text) is None or place(as_web(text))
