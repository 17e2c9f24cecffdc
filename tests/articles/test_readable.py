from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.articles.readable import from_summary, readable

FIRST = "The old bridge at Port Elsin reopened on Monday after two years of repairs, the harbour office said."
SECOND = "Engineers replaced 140 cables and every bolt on the northern span, at a cost of 12 million crowns."
PAGE = f"""<!doctype html><html lang="en-GB"><head><title>Bridge reopens | The Harbour Post</title>
<meta property="og:site_name" content="The Harbour Post"><meta name="author" content="Jane Doe">
<meta property="article:published_time" content="2026-03-02T09:30:00+01:00"></head><body>
<nav><a href="/">Home</a><a href="/news">News</a></nav><article><h1>Bridge reopens</h1>
<p>By Jane Doe, transport correspondent</p><p>PORT ELSIN — {FIRST}</p><p>Advertisement</p><p>{SECOND}</p>
<p>Sign up for our newsletter</p></article><footer>© 2026 Harbour Media</footer></body></html>"""


@pytest.mark.parametrize("html", [PAGE, PAGE.encode()])
def test_a_page_becomes_its_story_and_nothing_else(html):
    article = readable(html, url="https://post.example/a")
    assert article is not None
    assert article.text == f"{FIRST}\n{SECOND}"
    assert article.title == "Bridge reopens"
    assert article.url == "https://post.example/a"
    assert article.published_at == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    assert (article.author, article.site, article.language) == ("Jane Doe", "The Harbour Post", "en")
    assert not article.bare


@pytest.mark.parametrize(
    "html",
    [
        "",
        b"",
        "no html at all",
        "<html><body><p>Please enable JavaScript.</p></body></html>",
        b"\x00\xff\xfe\x00",
    ],
)
def test_a_page_without_a_text_is_none(html):
    assert readable(html, url="https://post.example/a") is None


def test_the_feeds_title_serves_where_the_page_names_none():
    html = f"<html><body><article><p>{FIRST}</p><p>{SECOND}</p></article></body></html>"
    article = readable(html, url=None, fallback_title="Bridge open again")
    assert article is not None
    assert article.title == "Bridge open again"


def test_an_absurdly_deep_page_does_no_harm():
    html = "<div>" * 30_000 + FIRST + SECOND + "</div>" * 30_000
    readable(html, url=None)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300))
def test_any_page_is_taken(html):
    readable(html, url=None)


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        (f"<p>{FIRST}</p><p>{SECOND}</p>", f"{FIRST}\n{SECOND}"),
        ("The port &amp; the bridge<br>reopened.", "The port & the bridge\nreopened."),
        ("<p>The port\nreopened.</p><script>alert(1)</script><style>p{}</style>", "The port reopened."),
        ("&lt;p&gt;The port reopened.&lt;/p&gt;", "The port reopened."),
        ("Profits < 5%, losses > 3% were told.", "Profits < 5%, losses > 3% were told."),
        ("", ""),
        (
            '<p>The port reopened.</p><p>The post <a href="x">Port reopens</a> appeared first on Post.</p>',
            "The port reopened.",
        ),
    ],
)
def test_a_summary_becomes_plain_text(summary, expected):
    article = from_summary("Port <b>reopens</b> &amp; rejoices", summary, url="https://post.example/a")
    assert article.text == expected
    assert article.title == "Port reopens & rejoices"
    assert article.bare


@given(st.text(max_size=200), st.text(max_size=400))
def test_any_summary_is_taken(title, summary):
    assert from_summary(title, summary, url="https://post.example/a").bare
