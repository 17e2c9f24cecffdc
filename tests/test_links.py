"""Web addresses compared: what of one chooses the page, and what is none at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds import feed_urls
from bot.links import canonical, choosing, host_of, is_web, route_of, site_of, split


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
    [
        *("", "ftp://a.example", "https://", "javascript:alert(1)", "/a", "http://a b/", "http://./"),
        *("http://a.example:x/", "http://a.example:0/", "http://a.example:99999/", "http://[::1"),
    ],
)
def test_other_texts_are_no_web_address(url):
    assert not is_web(url)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://User:pass@News.Example.:8443/a", "news.example"),
        (" http://[::1]:80/ ", "::1"),
        ("mailto:desk@news.example", ""),
        ("http://news.example:x/", ""),
    ],
)
def test_a_host_is_named_in_lower_case_without_its_port(url, host):
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://user:pass@News.Example.:443/a", "news.example"),
        ("http://news.example:443/a", "news.example:443"),
        ("http://[2001:DB8::1]:80/", "[2001:db8::1]"),
        ("http://[2001:db8::1]:8080/", "[2001:db8::1]:8080"),
    ],
)
def test_a_site_is_its_host_with_any_port_but_the_usual(url, site):
    assert site_of(split(url)) == site


@pytest.mark.parametrize(
    ("url", "route"),
    [
        ("https://shared.example/bbc/world.xml?x=/y", "bbc"),
        ("https://shared.example//bbc", "bbc"),
        ("https://shared.example/", ""),
        ("https://shared.example", ""),
        ("none", ""),
    ],
)
def test_a_route_is_the_first_part_of_the_path(url, route):
    assert route_of(url) == route


def test_what_chooses_the_page_keeps_its_order_and_spelling():
    assert choosing("b=%2F&utm_source=x&&a=1&UTM%5FMEDIUM=y&from=rss&from=page2") == "b=%2F&a=1&from=page2"


NEARLY = st.from_regex(r"\Ahttps?://[\w.:@\[\]]{0,20}/?\Z")


@given(st.text() | NEARLY)
def test_any_text_is_taken_and_what_is_an_address_has_a_host(text):
    assert is_web(text) == bool(host_of(text))
    assert isinstance(route_of(text), str)


@given(NEARLY)
def test_what_is_an_address_is_one_for_feeds_as_well(text):
    assert is_web(text) == (feed_urls.as_web(text) is not None)
