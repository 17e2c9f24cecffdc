from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.articles.readable import from_summary, is_thin, readable
from bot.model import Article

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


def test_a_page_tells_its_own_address_its_image_and_when_it_was_changed():
    head = (
        '<link rel="canonical" href="/a?utm_source=rss"><meta property="og:image" content="/a.jpg">'
        '<meta property="article:modified_time" content="2026-03-02T10:00:00Z">'
    )
    article = readable(PAGE.replace("<head>", f"<head>{head}"), url="https://post.example/a/amp")
    assert article is not None
    assert article.canonical_url == "https://post.example/a"
    assert article.image_url == "https://post.example/a.jpg"
    assert article.updated_at == datetime(2026, 3, 2, 10, tzinfo=UTC)


def test_a_standfirst_and_a_subheading_stay_and_captions_teasers_and_bios_go():
    page = PAGE.replace(
        "<p>By Jane",
        "<p class='standfirst'>Lorries may cross the river again, two years late.</p>"
        "<figure><img src='a.png'><figcaption>A crane lifts a cable</figcaption></figure><p>By Jane",
    ).replace(
        f"<p>{SECOND}</p>",
        f"<h2>What was done</h2><p>{SECOND}</p><div class='related'><a href='/x'>Ferry fares to rise</a></div>"
        "<p>Jane Doe is a reporter covering transport for The Harbour Post.</p>",
    )
    article = readable(page, url="https://post.example/a")
    assert article is not None
    assert article.text == (
        f"Lorries may cross the river again, two years late.\n{FIRST}\nWhat was done\n{SECOND}"
    )


def test_a_teaser_before_a_wall_is_none():
    free = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Bridge reopens","isAccessibleForFree":false}</script>'
    assert readable(PAGE.replace("<head>", f"<head>{free}"), url="https://post.example/a") is None


def test_a_page_that_asks_for_a_proof_of_humanity_is_none():
    page = f"<html><head><title>Just a moment...</title></head><body><p>{FIRST} {SECOND}</p></body></html>"
    assert readable(page, url="https://post.example/a") is None


def test_the_pages_own_body_serves_where_its_markup_shows_none():
    body = f"{FIRST} {SECOND}"
    ld = f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"Bridge reopens","articleBody":"{body}"}}</script>'
    article = readable(f"<html><head>{ld}</head><body><div id=app></div></body></html>", url=None)
    assert article is not None
    assert article.text == body


@pytest.mark.parametrize(
    ("text", "title", "thin"),
    [
        ("The bridge over the Aln has reopened, the council says.", "Bridge reopens after repairs", False),
        ("Please switch on JavaScript to go on.", "Bridge reopens after repairs", True),
        ("word " * 30, "Bridge reopens after repairs", False),
        ("Please wait.", "", True),
    ],
)
def test_a_few_words_are_an_article_where_they_tell_of_its_title(text, title, thin):
    assert is_thin(Article(title="", text=text), title) is thin


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
