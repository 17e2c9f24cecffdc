import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.articles.urls import canonical, is_web, resolve


@pytest.mark.parametrize(
    ("given_url", "expected"),
    [
        ("HTTPS://News.Example/A?utm_source=x&id=7&utm_medium=y#top", "https://news.example/A?id=7"),
        ("http://news.example:80/a", "http://news.example/a"),
        ("https://news.example:443/a", "https://news.example/a"),
        ("https://news.example:8443/a", "https://news.example:8443/a"),
        ("https://news.example", "https://news.example/"),
        ("https://news.example/a?at_medium=RSS&at_campaign=rss", "https://news.example/a"),
        ("https://news.example/a?fbclid=1&gclid=2&mc_cid=3&mc_eid=4&igshid=5", "https://news.example/a"),
        ("https://news.example/a?ref=rss", "https://news.example/a"),
        ("https://news.example/a?ref=main", "https://news.example/a?ref=main"),
        ("https://news.example/s?q=a+b&page=2", "https://news.example/s?q=a+b&page=2"),
        ("https://news.example/#!/story/7", "https://news.example/#!/story/7"),
        ("https://news.example/a%20b?x=%2F", "https://news.example/a%20b?x=%2F"),
        ("http://[::1]:80/a", "http://[::1]/a"),
        ("  mailto:desk@news.example ", "mailto:desk@news.example"),
        ("http://[broken", "http://[broken"),
    ],
)
def test_the_canonical_address_keeps_only_what_chooses_the_page(given_url, expected):
    assert canonical(given_url) == expected


@given(st.text())
def test_canonical_takes_any_text_and_settles_at_once(text):
    once = canonical(text)
    assert canonical(once) == once


@pytest.mark.parametrize("url", ["http://a.example", "https://a.example/x", " https://a.example "])
def test_web_addresses_are_http_with_a_host(url):
    assert is_web(url)


@pytest.mark.parametrize(
    "url",
    ["", "ftp://a.example", "https://", "javascript:alert(1)", "/a", "http://a.example:x/", "http://a b/"],
)
def test_other_texts_are_no_web_address(url):
    assert not is_web(url)


def test_a_relative_link_is_joined_to_its_page():
    assert resolve("https://a.example/news/", "../b?x=1") == "https://a.example/b?x=1"


def test_a_link_that_cannot_be_joined_comes_back_as_it_is():
    assert resolve("https://a.example/", "http://[broken") == "http://[broken"


def test_without_a_base_the_link_stands_alone():
    assert resolve(None, "https://a.example/b") == "https://a.example/b"
