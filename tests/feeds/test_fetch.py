import hashlib
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import RemoteError
from bot.feeds.fetch import Fetched, NotModified, fetch, linked, retry_after_seconds
from bot.links import is_web
from bot.web import Web
from tests.web_server import fixed, serving

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BODY = b"<rss version='2.0'><channel/></rss>"
HASH = hashlib.sha256(BODY).hexdigest()
VALIDATORS = {"ETag": 'W/"7"', "Last-Modified": "Sun, 01 Mar 2026 12:00:00 GMT"}


def a_web() -> Web:
    return Web(user_agent="tests", allow_private=True, timeout_seconds=5.0)


async def test_a_new_feed_comes_whole():
    async with serving() as server, a_web() as web:
        url = server.on("/", BODY, headers=VALIDATORS | {"Content-Type": "text/xml; charset=utf-8"})
        got = await fetch(web, url)
    assert got == Fetched(
        body=BODY,
        url=url,
        content_type="text/xml; charset=utf-8",
        etag='W/"7"',
        last_modified="Sun, 01 Mar 2026 12:00:00 GMT",
        body_hash=HASH,
        permanent_url=None,
    )
    sent = server.requests[0].headers
    assert sent["accept"].startswith("application/atom+xml, application/rss+xml")
    assert not {"if-none-match", "if-modified-since"} & set(sent)


async def test_validators_are_sent_back_as_they_came_and_304_means_nothing_new():
    async def only_if_changed(request, writer):
        is_known = request.headers.get("if-none-match") == 'W/"7"'
        await fixed(BODY, status=304 if is_known else 200)(request, writer)

    async with serving() as server, a_web() as web:
        server.answers["/"] = only_if_changed
        got = await fetch(web, server.url(), etag='W/"7"', last_modified="Sun, 01 Mar 2026 12:00:00 GMT")
        assert isinstance(await fetch(web, server.url(), etag='"old"'), Fetched)
    assert got == NotModified(etag='W/"7"', last_modified="Sun, 01 Mar 2026 12:00:00 GMT")
    assert server.requests[0].headers["if-modified-since"] == "Sun, 01 Mar 2026 12:00:00 GMT"


async def test_a_304_may_bring_a_new_validator():
    async with serving() as server, a_web() as web:
        url = server.on("/", status=304, headers={"ETag": '"8"'})
        assert await fetch(web, url, etag='"7"') == NotModified(etag='"8"', last_modified=None)


async def test_the_same_bytes_again_are_nothing_new_but_bring_validators():
    async with serving() as server, a_web() as web:
        got = await fetch(web, server.on("/", BODY, headers=VALIDATORS), etag='"6"', body_hash=HASH)
    assert got == NotModified(etag=VALIDATORS["ETag"], last_modified=VALIDATORS["Last-Modified"])


async def test_other_bytes_are_new():
    async with serving() as server, a_web() as web:
        assert isinstance(await fetch(web, server.on("/", BODY), body_hash="0" * 64), Fetched)


@pytest.mark.parametrize("etag", ["x" * 2000, "caf\u00e9\udce9"])
async def test_a_validator_unfit_to_send_back_is_forgotten(etag):
    async with serving() as server, a_web() as web:

        async def answer(_request, writer):
            tag = etag.encode("utf-8", "surrogateescape")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nETag: " + tag + b"\r\n\r\nx")

        server.answers["/"] = answer
        assert (await fetch(web, server.url())).etag is None


@pytest.mark.parametrize(
    ("hops", "is_permanent"), [((301,), True), ((308, 301), True), ((302,), False), ((301, 307), False)]
)
async def test_only_permanent_moves_all_the_way_move_the_feed(hops, is_permanent):
    async with serving() as server, a_web() as web:
        for number, status in enumerate(hops):
            server.redirect(f"/{number}", f"/{number + 1}", status)
        final = server.on(f"/{len(hops)}", BODY)
        got = await fetch(web, server.url("/0"))
        same = await fetch(web, server.url("/0"), body_hash=HASH)
    assert got.url == final
    assert got.permanent_url == same.permanent_url == (final if is_permanent else None)


@pytest.mark.parametrize(
    ("status", "header", "permanent", "retry_after"),
    [
        (404, None, False, None),
        (410, None, True, None),
        (429, "120", False, 120.0),
        (503, "nonsense", False, None),
        (500, None, False, None),
        (204, None, False, None),
        (301, None, False, None),
    ],
)
async def test_any_other_status_is_a_remote_error(status, header, permanent, retry_after):
    async with serving() as server, a_web() as web:
        url = server.on("/", status=status, headers={"Retry-After": header} if header else None)
        with pytest.raises(RemoteError) as caught:
            await fetch(web, url)
    error = caught.value
    assert str(error) == f"{url} answered {status}"
    assert (error.status, error.permanent, error.retry_after) == (status, permanent, retry_after)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Sun, 01 Mar 2026 12:02:00 GMT", 120.0),
        ("Sunday, 01-Mar-26 12:02:00 GMT", 120.0),
        ("Sun Mar  1 12:02:00 2026", 120.0),
        ("Sun, 01 Mar 2026 13:02:00 +0100", 120.0),
        ("Sun, 01 Mar 2026 12:02:00 -0000", 120.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("9" * 400, 366 * 86_400.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 366 * 86_400.0),
        *[(odd, None) for odd in (None, "", "soon", "-5", "1.5", "١٢", "Sun, 99 Mar 2026 12:02:00 GMT")],
    ],
)
def test_retry_after_is_seconds_or_a_date(value, expected):
    assert retry_after_seconds(value, NOW) == expected


@given(
    st.text() | st.from_regex(r"\A[A-Z][a-z]{2}, \d{1,5} [A-Z][a-z]{2} \d{1,6} \d\d:\d\d:\d\d [-+]?\w{1,6}\Z")
)
def test_no_retry_after_breaks_us(value):
    seconds = retry_after_seconds(value, NOW)
    assert seconds is None or seconds >= 0


async def test_the_hub_is_named_by_headers_of_which_there_may_be_several():
    async def answer(_request, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nLink: </self>; rel=self\r\n")
        writer.write(b'link: <https://hub.example/>; rel="hub"\r\n\r\nx')

    async with serving() as server, a_web() as web:
        server.answers["/feed"] = answer
        server.redirect("/", "/feed")
        got = await fetch(web, server.url())
        plain = await fetch(web, server.on("/plain", BODY))
    assert (got.hub, got.self_url) == ("https://hub.example/", server.url("/self"))
    assert (plain.hub, plain.self_url) == (None, None)


@pytest.mark.parametrize(
    ("values", "hub"),
    [
        (['<https://hub.example/>; rel="hub"'], "https://hub.example/"),
        (["<https://hub.example/>;rel=hub"], "https://hub.example/"),
        (["< https://hub.example/ > ; REL = HUB ; title=x"], "https://hub.example/"),
        (["<https://hub.example/>; title=\"a, <b>; rel=self\"; rel='x'; rel=hub"], None),
        (['<https://hub.example/>; title="a, <b>; rel=self"; rel="next hub"'], "https://hub.example/"),
        (['<https://hub.example/>; title="\\""; rel=hub'], "https://hub.example/"),
        (["<//hub.example/x?a=1,2;b>; rel=hub"], "https://hub.example/x?a=1,2;b"),
        (["<../hub>; rel=hub"], "https://news.example/hub"),
        (["</style.css>; rel=preload; as=style, <https://a.example/>; rel=hub"], "https://a.example/"),
        (["</style.css>; rel=preload", "<https://a.example/>; rel=hub"], "https://a.example/"),
        (["<https://a.example/>; rel=hub, <https://b.example/>; rel=hub"], "https://a.example/"),
        (["<javascript:alert(1)>; rel=hub, <https://b.example/>; rel=hub"], "https://b.example/"),
        (['<https://a.example/>; rel=hub; anchor="/other"'], None),
        (["<https://a.example/>; rel=hubs"], None),
        (["<https://a.example/>; rel"], None),
        (["https://a.example/; rel=hub"], None),
        (["<https://a.example/; rel=hub"], None),
        (["<https://caf\u00e9.example/>; rel=hub"], None),
        (["<https://\udce9.example/>; rel=hub"], None),
        (["<http://[>; rel=hub, <http://a:x/>; rel=hub"], None),
        (["", ",,;,"], None),
        ([f"<https://a.example/{'x' * 9000}>; rel=hub"], None),
        ([], None),
    ],
)
def test_a_link_header_is_read_as_rfc_8288_has_it(values, hub):
    headers = {"Content-Type": "text/xml", **dict(zip(("Link", "link", "LINK"), values, strict=False))}
    assert linked(headers, "https://news.example/rss/feed.xml").get("hub") == hub


@given(st.lists(st.text() | st.text(alphabet='<>;,="\\ relhubsf/a:'), max_size=3), st.text())
def test_no_link_header_breaks_us(values, base):
    found = linked(dict(zip(("Link", "link", "LINK"), values, strict=False)), base)
    assert found.keys() <= {"hub", "self"}
    assert all(is_web(url) for url in found.values())


@pytest.mark.parametrize(
    "piece", ['<>;\\"', '<a>;rel="', "<", "<a>;", "<a>; ", '<a>;a="', "<a>;a", "<a> ", ";" * 9]
)
def test_headers_made_to_keep_us_busy_do_not(piece):
    began = time.process_time()
    for start in ("", "<a>", '<a>;a="', "<a>;a"):
        linked({"Link": start + piece * 100_000}, "https://a.example/")
    assert time.process_time() - began < 1
