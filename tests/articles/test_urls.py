import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.articles.urls import better_url, host, resolve


def test_a_relative_link_is_joined_to_its_page():
    assert resolve("https://a.example/news/", "../b?x=1") == "https://a.example/b?x=1"


def test_a_link_that_cannot_be_joined_comes_back_as_it_is():
    assert resolve("https://a.example/", "http://[broken") == "http://[broken"


def test_without_a_base_the_link_stands_alone():
    assert resolve(None, "https://a.example/b") == "https://a.example/b"


@pytest.mark.parametrize(
    ("page", "named", "better"),
    [
        ("https://news.example/a/amp", "https://news.example/a", "https://news.example/a"),
        ("https://news.example/amp/a", "https://news.example/a?utm_source=x", "https://news.example/a"),
        ("https://news.example/a.amp.html", "https://news.example/a.html", "https://news.example/a.html"),
        ("https://news.example/a?outputType=amp", "https://news.example/a", "https://news.example/a"),
        ("https://news.example/a?amp", "https://news.example/a", "https://news.example/a"),
        ("https://amp.news.example/a", "https://www.news.example/a", "https://www.news.example/a"),
        ("https://amp.news.co.uk/a", "https://www.news.co.uk/a", "https://www.news.co.uk/a"),
        (
            "https://news-example.cdn.ampproject.org/c/s/news.example/a",
            "https://news.example/a",
            "https://news.example/a",
        ),
        (
            "https://www.google.com/amp/s/news.example/amp/a",
            "https://news.example/a",
            "https://news.example/a",
        ),
        ("https://news.example/print/a", "https://news.example/a", "https://news.example/a"),
        ("https://news.example/a/drucken", "https://news.example/a", "https://news.example/a"),
        ("https://news.example/a?view=print", "https://news.example/a", "https://news.example/a"),
    ],
)
def test_an_amp_or_print_page_is_better_read_at_its_own_address(page, named, better):
    assert better_url(page, named) == better


@pytest.mark.parametrize(
    ("page", "named"),
    [
        ("https://news.example/a", "https://news.example/b"),  # an ordinary page is taken as it is
        ("https://news.example/a/amp", None),
        ("https://news.example/a/amp", "https://news.example/a/amp"),
        ("https://news.example/a/amp", "https://news.example/"),  # the front is no article
        ("https://news.example/a/amp", "https://other.example.org/a"),
        ("https://news.example/a/amp", "javascript:alert(1)"),
        ("https://news.example/printers-strike", "https://news.example/b"),
        ("https://news.example/camp", "https://news.example/b"),
        ("https://news.example/lamp-shop", "https://news.example/b"),
        ("https://news.example/a?view=all", "https://news.example/b"),
        ("https://google.example/a", "https://google.example/b"),
        ("https://attack.cdn.ampproject.org/c/s/news.example/a", "https://bank.example.org/a"),
        ("", "https://news.example/a"),
    ],
)
def test_any_other_page_stays(page, named):
    assert better_url(page, named) is None


@given(st.text(), st.none() | st.text())
def test_better_takes_any_text(page, named):
    better_url(page, named)


@pytest.mark.parametrize(
    ("url", "name"),
    [("https://www.news.example:8443/a", "news.example"), (None, None), ("", None), ("http://[broken", None)],
)
def test_a_host_is_named_without_its_www(url, name):
    assert host(url) == name
