import json
from datetime import UTC, datetime

import pytest
from lxml import html

from bot.articles.metadata import metadata, parse_time

URL = "https://post.example/news/a?utm_source=x"


def said(head="", body="<p>x</p>", *, lang=""):
    return metadata(html.fromstring(f"<html {lang}><head>{head}</head><body>{body}</body></html>"), url=URL)


def ld(**fields):
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "headline": "H", **fields})}</script>'


def test_json_ld_tells_times_author_site_image_and_body():
    head = ld(
        headline="Bridge reopens",
        datePublished="2026-03-02T09:30:00+01:00",
        dateModified="2026-03-02T10:00:00Z",
        author=[{"name": "Jane Doe"}, {"name": "John Roe"}],
        publisher={"name": "The Harbour Post"},
        image=["https://post.example/i.jpg"],
        articleBody="The bridge reopened.",
        description="Lorries cross again.",
        inLanguage="en-GB",
    )
    found = said(head)
    assert found.titles == ("Bridge reopens",)
    assert found.published_at == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    assert found.updated_at == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert (found.author, found.site, found.language) == ("Jane Doe, John Roe", "The Harbour Post", "en")
    assert (found.image_url, found.body) == ("https://post.example/i.jpg", "The bridge reopened.")
    assert found.description == "Lorries cross again."


def test_json_ld_is_found_in_a_graph_and_behind_broken_json():
    graph = json.dumps(
        {"@graph": [{"@type": "WebSite"}, {"@type": ["Thing", "Article"], "headline": "Deep"}]}
    )
    head = '<script type="application/ld+json">{broken</script>'
    assert said(f'{head}<script type="application/ld+json">{graph}</script>').titles == ("Deep",)


def test_meta_tags_tell_what_json_ld_does_not():
    found = said(
        '<meta property="og:title" content="Bridge reopens"><meta property="og:site_name" content="Harbour Post">'
        '<meta property="article:published_time" content="2026-03-02T08:30:00Z"><meta name="author" content="Jane Doe">'
        '<meta property="article:modified_time" content="2026-03-02T09:00:00Z">'
        '<meta property="og:image" content="/i.jpg"><meta property="og:locale" content="de_AT">'
        '<link rel="canonical" href="/news/a?utm_medium=rss">'
    )
    assert (found.titles, found.site, found.author) == (("Bridge reopens",), "Harbour Post", "Jane Doe")
    assert found.published_at == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    assert found.updated_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert (found.image_url, found.canonical_url) == (
        "https://post.example/i.jpg",
        "https://post.example/news/a",
    )
    assert found.language == "de"


def test_the_pages_own_language_goes_before_its_locale():
    assert said('<meta property="og:locale" content="en_US">', lang='lang="fr-FR"').language == "fr"


@pytest.mark.parametrize("lang", ["", 'lang=""', 'lang="und"', 'lang="english please"'])
def test_no_language_is_guessed(lang):
    assert said(lang=lang).language is None


def test_a_marked_time_of_the_visible_page_serves():
    assert said(body='<time datetime="2026-03-02T08:30:00Z">today</time>').published_at == datetime(
        2026, 3, 2, 8, 30, tzinfo=UTC
    )


@pytest.mark.parametrize("name", ["https://post.example/jane", "jane@post.example", "", "x" * 90])
def test_an_address_or_a_novel_is_no_author(name):
    assert said(ld(author=name)).author is None


@pytest.mark.parametrize(
    ("fields", "free"),
    [
        ({"isAccessibleForFree": False}, False),
        ({"isAccessibleForFree": "False"}, False),
        ({"isAccessibleForFree": "http://schema.org/True"}, True),
        ({"hasPart": {"isAccessibleForFree": "False", "cssSelector": ".paid"}}, False),
        ({}, None),
    ],
)
def test_whether_a_page_is_for_free_is_schema_orgs_word(fields, free):
    assert said(ld(**fields)).free is free


def test_an_h1_that_nothing_else_resembles_is_no_headline():
    found = said("<title>Bridge reopens at Port Elsin</title>", "<h1>The Harbour Post</h1>")
    assert found.titles == ("Bridge reopens at Port Elsin",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-02T09:30:00+01:00", datetime(2026, 3, 2, 8, 30, tzinfo=UTC)),
        ("2026-03-02 09:30:00 +0100", datetime(2026, 3, 2, 8, 30, tzinfo=UTC)),
        ("2026-03-02", datetime(2026, 3, 2, tzinfo=UTC)),
        ("last Monday", None),
        ("0001-01-01T00:00:00+14:00", None),
        (20260302, None),
        (None, None),
    ],
)
def test_times_are_read_in_utc_or_not_at_all(text, expected):
    assert parse_time(text) == expected
