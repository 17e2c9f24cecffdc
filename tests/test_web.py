import asyncio
import gzip
import os
import resource
import socket
import sys
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor

import brotli
import pytest
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.errors import OwnNetworkError, RemoteError
from bot.web import Web, redacted
from bot.web.places import next_address
from bot.web.unpack import unpacker
from tests.web_server import serving

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MIB = 1024 * 1024
SKIPPABLE = b"\x50\x2a\x4d\x18"  # a zstd frame that holds no content (RFC 8878 section 3.1.2)


class Names(AbstractResolver):
    """The resolver is the outside world here: no test may ask a real one. One answer a question."""

    def __init__(self, *answers) -> None:
        self.answers = list(answers)
        self.asked = []

    async def resolve(self, host, port=0, family=socket.AF_INET):
        self.asked.append(host)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return [
            {"hostname": host, "host": ip, "port": port, "family": socket.AF_INET, "proto": 0, "flags": 0}
            for ip in answer
        ]

    async def close(self):
        pass


def sending(*pieces, every=0.0):
    """An answer of exactly these bytes, with a pause after each piece."""

    async def answer(_request, writer):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(every)
        writer.close()

    return answer


async def silence(_request, _writer):
    await asyncio.sleep(60)


def a_web(**changes) -> Web:
    settings = {"user_agent": "tests", "allow_private": True, "timeout_seconds": 5.0} | changes
    return Web(**settings)


async def failure(url: str, **changes) -> RemoteError:
    async with a_web(**changes) as web:
        return await failure_of(web, url)


async def failure_of(web: Web, url: str, **asked) -> RemoteError:
    with pytest.raises(RemoteError) as caught:
        await web.get(url, **asked)
    return caught.value


async def test_a_page_comes_with_status_headers_and_body():
    async with serving() as server, a_web() as web:
        url = server.on("/", b"hello", headers={"X-Kind": "page"})
        answer = await web.get(url, headers={"X-Mine": "1"})
    assert (answer.status, answer.url, answer.body, answer.redirects) == (200, url, b"hello", ())
    assert answer.headers["x-kind"] == answer.headers["X-KIND"] == "page"
    sent = server.requests[0].headers
    assert (sent["user-agent"], sent["x-mine"], sent["accept-encoding"]) == (
        "tests",
        "1",
        "gzip, deflate, br, zstd",
    )


@pytest.mark.parametrize("status", [204, 304, 400, 404, 410, 429, 500, 503])
async def test_a_status_is_not_an_error(status):
    async with serving() as server, a_web() as web:
        answer = await web.get(server.on("/", b"sorry" * 10, status=status))
    assert (answer.status, answer.body) == (status, b"")


async def test_a_200_mb_feed_is_left_at_the_cap():
    sent = 0

    async def flood(_request, writer):
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        for _ in range(200):
            writer.write(b"x" * MIB)
            await writer.drain()
            sent += MIB
        writer.close()

    async with serving() as server:
        server.answers["/"] = flood
        began = time.perf_counter()
        error = await failure(server.url(), max_bytes=MIB)
        assert time.perf_counter() - began < 2
        await asyncio.sleep(0.05)
    assert "larger than the cap of 1,048,576 bytes" in str(error)
    assert not error.permanent
    assert sent < 20 * MIB


async def test_a_body_that_announces_itself_too_large_is_not_begun():
    async with serving() as server:
        server.answers["/"] = sending(b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n", b"", every=9)
        began = time.perf_counter()
        error = await failure(server.url(), max_bytes=1999, timeout_seconds=1.0)
        assert time.perf_counter() - began < 0.5
    assert "larger than the cap of 1,999 bytes" in str(error)


async def test_a_packed_body_that_unpacks_to_little_is_left_at_the_cap_too():
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Encoding: gzip\r\n\r\n"
    press = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    begun = press.compress(b"news") + press.flush(zlib.Z_SYNC_FLUSH)
    nothing = b"\0\0\0\xff\xff" * 20_000  # stored blocks with nothing in them
    whole = begun + nothing + press.flush()
    async with serving() as server:
        server.answers["/"] = sending(head, whole)
        assert "larger than the cap of 99,999 bytes" in str(await failure(server.url(), max_bytes=99_999))
        async with a_web() as web:
            assert (await web.get(server.url())).body == b"news"


async def test_a_body_of_exactly_the_cap_is_read():
    async with serving() as server, a_web(max_bytes=2000) as web:
        plain, packed = b"x" * 2000, gzip.compress(b"x" * 2000, mtime=0)
        assert (await web.get(server.on("/", plain))).body == plain
        answer = await web.get(server.on("/z", packed, headers={"Content-Encoding": "gzip"}))
        assert answer.body == plain
        with pytest.raises(RemoteError, match="cap"):
            await web.get(server.url("/z"), max_bytes=1999)


def a_gigabyte_of_zeros() -> bytes:
    zeros = bytes(16 * MIB)
    press = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return b"".join(press.compress(zeros) for _ in range(64)) + press.flush()


async def test_a_gzip_bomb_is_stopped_at_the_cap():
    bomb = a_gigabyte_of_zeros()
    assert len(bomb) < 1.1 * MIB
    async with serving() as server:
        url = server.on("/", bomb, headers={"Content-Encoding": "gzip"})
        began = time.perf_counter()
        error = await failure(url)
        assert time.perf_counter() - began < 1
    assert "larger than the cap of 10,485,760 bytes" in str(error)


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(b"", mtime=0) * 5000),
        ("zstd", zstd.compress(b"") * 5000),
        ("zstd", (SKIPPABLE + bytes(4)) * 5000),
    ],
    ids=["gzip", "zstd", "zstd-skippable"],
)
async def test_thousands_of_joined_members_are_refused(encoding, packed):
    async with serving() as server:
        url = server.on("/", packed, headers={"Content-Encoding": encoding})
        assert "more than 100 compressed parts" in str(await failure(url))


def with_zlib(data: bytes, wbits: int) -> bytes:
    press = zlib.compressobj(9, zlib.DEFLATED, wbits)
    return press.compress(data) + press.flush()


PACK = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}


@pytest.mark.parametrize("encoding", PACK)
async def test_a_bomb_of_every_kind_is_stopped_at_the_cap(encoding):
    async with serving() as server:
        bomb = PACK[encoding](bytes(40 * MIB))
        url = server.on("/", bomb, headers={"Content-Encoding": encoding})
        began = time.perf_counter()
        error = await failure(url)
        assert time.perf_counter() - began < 1
    assert "larger than the cap of 10,485,760 bytes" in str(error)


@pytest.mark.parametrize("encoding", PACK)
@pytest.mark.parametrize("limit", [1, 1000, MIB])
def test_no_decoder_makes_much_more_than_it_is_asked_for(encoding, limit):
    made = unpacker(encoding, "here").feed(PACK[encoding](bytes(16 * MIB)), limit)
    assert limit <= len(made) < limit + 300_000


@pytest.mark.parametrize("encoding", PACK)
def test_bytes_may_come_one_at_a_time(encoding):
    news = os.urandom(500) + bytes(5000)
    packed = PACK[encoding](news)
    if encoding in {"gzip", "zstd"}:
        packed, news = packed * 3, news * 3
    unpack = unpacker(encoding, "here")
    assert b"".join(unpack.feed(packed[at : at + 1], 100_000) for at in range(len(packed))) == news
    assert unpack.is_whole


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", PACK["gzip"](b"news")),
        ("GZIP", PACK["gzip"](b"news")),
        ("x-gzip", PACK["gzip"](b"ne") + PACK["gzip"](b"ws")),
        ("gzip", PACK["gzip"](b"news") + bytes(100)),
        ("gzip", PACK["gzip"](b"news") + b"\x1f"),
        ("deflate", PACK["deflate"](b"news")),
        ("deflate", PACK["deflate"](b"news") + b"padding"),
        ("deflate", with_zlib(b"news", -zlib.MAX_WBITS)),
        ("br", PACK["br"](b"news")),
        ("zstd", PACK["zstd"](b"news")),
        ("Zstd", SKIPPABLE + b"\2\0\0\0hi" + PACK["zstd"](b"ne") + PACK["zstd"](b"ws")),
        ("identity", b"news"),
    ],
)
async def test_each_accepted_encoding_is_unpacked(encoding, packed):
    async with serving() as server, a_web() as web:
        answer = await web.get(server.on("/", packed, headers={"Content-Encoding": encoding}))
    assert answer.body == b"news"


@pytest.mark.parametrize("encoding", PACK)
async def test_an_empty_body_may_call_itself_packed(encoding):
    async with serving() as server, a_web() as web:
        assert (await web.get(server.on("/", headers={"Content-Encoding": encoding}))).body == b""


@pytest.mark.parametrize("encoding", PACK)
@pytest.mark.parametrize("missing", [1, 5])
async def test_a_packed_body_that_was_cut_short_is_an_error(encoding, missing):
    async with serving() as server:
        packed = PACK[encoding](os.urandom(1000))[:-missing]
        url = server.on("/", packed, headers={"Content-Encoding": encoding})
        assert str(await failure(url)) == f"{url} was cut short"


@pytest.mark.parametrize("encoding", PACK)
async def test_a_damaged_packed_body_is_an_error(encoding):
    async with serving() as server:
        url = server.on("/", b"\xffnot packed at all", headers={"Content-Encoding": encoding})
        assert "sent a damaged compressed body" in str(await failure(url))


async def test_a_zstd_frame_that_wants_a_huge_window_is_refused():
    levels = {zstd.CompressionParameter.window_log: 27}
    press = zstd.ZstdCompressor(options=levels)
    packed = press.compress(b"news" * 1000) + press.flush()
    async with serving() as server:
        url = server.on("/", packed, headers={"Content-Encoding": "zstd"})
        assert "too much memory" in str(await failure(url))


@pytest.mark.parametrize("encoding", ["gzip, br", "compress", "gzip,gzip", "x" * 5000])
async def test_an_encoding_we_did_not_ask_for_is_refused(encoding):
    async with serving() as server:
        url = server.on("/", b"news", headers={"Content-Encoding": encoding})
        assert f"is packed as {encoding[:40]!r}, which we did not accept" in str(await failure(url))


async def test_an_encoding_stated_twice_is_a_stacked_one():
    packed = (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx"
    )
    async with serving() as server:
        server.answers["/"] = sending(packed)
        assert "is packed as 'gzip, br'" in str(await failure(server.url()))


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "LOCALHOST", "0.0.0.0", "[::1]", "[::]", "10.0.0.1", "169.254.169.254"),
        *(
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b:1::7f00:1]",
            "[::127.0.0.1]",
        ),
        *(
            "[::1%25lo]",
            "[fe80::1%25lo]",
            "[fd00::1]",
            "[2002:7f00:1::]",
            "100.64.0.1",
            "224.0.0.1",
            "[ff02::1]",
        ),
        *("2130706433", "0x7f000001", "0177.0.0.1", "017700000001", "127.1", "127.0.1", "0", "0x7f.1"),
        *("０x7f.1", "127.0.0.1.", "127。0。0。1", "１２７．0.0.1", "①②⑦.0.0.1", "[::ffff:0:127.0.0.1]"),
    ],
)
async def test_no_spelling_of_a_private_address_is_reached(host):
    async with serving() as server:
        error = await failure(server.url("/", host), allow_private=False)
        assert server.connections == 0
    assert error.permanent
    assert "is a private address" in str(error) or "is not a web address" in str(error)


PRIVATE_ADDRESSES = [
    *("127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255"),
]


@pytest.mark.parametrize("address", PRIVATE_ADDRESSES)
async def test_no_name_leads_to_a_private_address(address):
    async with serving() as server:
        error = await failure(server.url("/", "news.example"), allow_private=False, resolver=Names([address]))
        assert server.connections == 0
    assert (
        str(error)
        == "news.example is a private address; to poll it, set NTK_WEB__ALLOW_PRIVATE=true (web.allow_private)"
    )
    assert error.permanent


async def test_of_a_name_with_a_private_and_a_public_address_only_the_public_one_is_connected():
    async with serving() as server:
        names = Names(["127.0.0.1", "93.184.216.34"])
        async with a_web(allow_private=False, resolver=names) as web:
            with pytest.raises(AssertionError, match=r"a test reaches out to \('93\.184\.216\.34'"):
                await web.get(server.url("/", "news.example"))
        assert server.connections == 0


async def test_a_name_that_was_public_a_moment_ago_is_checked_again_as_it_is_connected():
    async with serving() as one, serving() as inside:
        names = Names(["93.184.216.34"], ["127.0.0.1"])
        async with a_web(allow_private=False, resolver=names) as web:
            with pytest.raises(AssertionError, match="a test reaches out"):
                await web.get(one.url("/", "news.example"))
            error = await failure_of(web, inside.url("/", "news.example"))
        assert inside.connections == 0
    assert names.asked == ["news.example"] * 2
    assert "news.example is a private address" in str(error)


async def test_a_private_address_is_named_with_the_setting_that_allows_it():
    error = await failure("http://localhost:1/", allow_private=False)
    assert (
        str(error)
        == "localhost is a private address; to poll it, set NTK_WEB__ALLOW_PRIVATE=true (web.allow_private)"
    )


async def test_the_guard_sees_where_a_redirect_leads_even_from_a_trusted_place():
    async with serving() as server:
        url = server.redirect("/", server.url("/inside", "127.0.0.2"))
        error = await failure(url, allow_private=False, trusted=[("127.0.0.1", server.port)])
    assert "127.0.0.2 is a private address" in str(error)
    assert error.permanent
    assert [request.path for request in server.requests] == ["/"]


async def test_a_trusted_place_is_read_when_asked_for_by_number_and_under_its_path():
    async with serving() as server:
        trusted = {"trusted": [("127.0.0.1", server.port)], "trusted_path": "/newsroom/"}
        server.redirect("/newsroom/old", "/newsroom/new")
        server.on("/newsroom/new", b"news")
        server.redirect("/newsroom/out", "/metrics")
        async with a_web(allow_private=False, **trusted) as web:
            assert (await web.get(server.url("/newsroom/old"))).body == b"news"
            for path in (
                "/metrics",
                "/newsroom",
                "/newsroom/../metrics",
                "/newsroom/%2e%2e/metrics",
                "/newsroom/out",
            ):
                assert "is a private address" in str(await failure_of(web, server.url(path)))
            named = server.url("/newsroom/new", "localhost")
            assert "localhost is a private address" in str(await failure_of(web, named))
    assert {request.path for request in server.requests} <= {
        f"/newsroom/{end}" for end in ("old", "new", "out")
    }


async def test_no_strangers_redirect_leads_to_a_trusted_place():
    async with serving() as ours, serving() as stranger:
        stranger.redirect("/", ours.on("/", b"ours"))
        trusted = [("127.0.0.1", ours.port), ("127.0.0.1", stranger.port)]
        async with a_web(allow_private=False, trusted=trusted) as web:
            await web.get(ours.url())  # even with a connection that is open already
            assert "is a private address" in str(await failure_of(web, stranger.url()))
    assert len(ours.requests) == 1


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://example.com/", "file:///etc/passwd", "example.com/feed", "", "http://", "http://["),
        *(
            "http://news.example/" + "x" * 8000,
            "javascript:1",
            "http://a:70000/",
            f"http://{'a' * 64}.com/",
            "http://a..b/",
            "data:text/plain,x",
        ),
    ],
)
async def test_what_is_no_web_address_is_a_permanent_error(url):
    error = await failure(url)
    assert error.permanent
    assert "address" in str(error) or "host name" in str(error)


async def test_redirects_are_followed_and_told():
    async with serving() as server, a_web() as web:
        server.redirect("/a", "/b#part", 301)
        server.redirect("/b", server.url("/c"), 302)
        server.on("/c", b"here")
        answer = await web.get(server.url("/a"))
    assert answer.body == b"here"
    assert answer.url == server.url("/c")
    assert answer.redirects == ((301, server.url("/b")), (302, server.url("/c")))


async def test_a_redirect_loop_ends_after_five():
    async with serving() as server:
        error = await failure(server.redirect("/", "/"))
        assert len(server.requests) == 6
    assert "redirects more than 5 times" in str(error)


@pytest.mark.parametrize(
    "target", ["ftp://example.com/", "file:///etc/passwd", "http://[", "javascript:alert(1)"]
)
async def test_a_redirect_off_the_web_is_an_error(target):
    async with serving() as server:
        error = await failure(server.redirect("/", target))
    assert "is not an http or https address" in str(error) or "not a web address" in str(error)


@pytest.mark.parametrize("target", ["ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1:6379/x"])
def test_no_other_scheme_is_even_tried(target):
    with pytest.raises(RemoteError, match="is not an http or https address"):
        next_address(URL("http://news.example/"), target)


async def test_a_redirect_with_no_target_is_an_answer():
    async with serving() as server, a_web() as web:
        assert (await web.get(server.on("/", b"odd", status=302))).body == b"odd"


SECRET = "hunter2"


async def test_secrets_stay_with_the_origin_they_were_for():
    sensitive = {"Authorization": f"Bearer {SECRET}", "cookie": f"a={SECRET}", "X-Mine": "1"}
    secrets = {"X-Api-Key": SECRET, "X-Mine": SECRET}
    async with serving() as one, serving() as other, a_web() as web:
        one.redirect("/", "/same")
        one.redirect("/same", other.url("/away"))
        other.redirect("/away", one.on("/back"))
        await web.get(one.url("/"), headers=sensitive, secrets=secrets)
    first, same, back = one.requests
    for request in (first, same):
        assert {request.headers[name] for name in ("x-api-key", "x-mine")} == {SECRET}
        assert {"authorization", "cookie"} <= set(request.headers)
    for request in (other.requests[0], back):
        assert SECRET not in str(request.headers)
        assert request.headers["x-mine"] == "1"


@pytest.mark.parametrize("other", ["localhost", "127.0.0.2"])
async def test_another_host_on_the_same_port_is_another_origin(other):
    async with serving("0.0.0.0") as server, a_web() as web:
        server.redirect("/", server.url("/next", other))
        await web.get(server.url("/"), secrets={"X-Api-Key": SECRET})
    assert ["x-api-key" in request.headers for request in server.requests] == [True, False]


async def test_a_password_in_an_address_is_used_but_not_told():
    async with serving() as one, serving() as other, a_web() as web:
        one.redirect("/", "/same")
        one.redirect("/same", other.on("/", b"here"))
        answer = await web.get(one.url("/").replace("//127", f"//m%C3%A9:{SECRET}@127"))
    logins = [request.headers.get("authorization") for request in (*one.requests, *other.requests)]
    assert logins == ["Basic bcOpOmh1bnRlcjI="] * 2 + [None]
    assert SECRET not in str(answer)


async def test_a_stated_authorization_goes_before_a_password_in_the_address():
    async with serving() as server, a_web() as web:
        url = server.on("/").replace("//127", "//me:x@127")
        await web.get(url, secrets={"authorization": "Bearer y"})
    assert server.requests[0].headers["authorization"] == "Bearer y"


async def test_a_password_in_a_redirect_is_not_used():
    async with serving() as one, serving() as other, a_web() as web:
        url = other.on("/").replace("//127", f"//me:{SECRET}@127")
        await web.get(one.redirect("/", url))
    assert "authorization" not in other.requests[0].headers


def everything_said(error: BaseException) -> str:
    said = ""
    chained: BaseException | None = error
    while chained is not None:
        said += f"{chained!r} {chained}"
        chained = chained.__cause__ or (None if chained.__suppress_context__ else chained.__context__)
    return said


@pytest.mark.parametrize(
    "url",
    [
        *("http://me:hunter2@127.0.0.1:1/", "http://me:hunter2@127.0.0.1:99999/", "http://me:hunter2@[/"),
        *("ftp://me:hunter2@127.0.0.1/", "http://me:hun/ter2@127.0.0.1:x/", "me:hunter2@news.example/"),
        *("http://me:hunter2@127.1/", "http://me:hunter2@a..b/", f"http://me:hunter2@{'a' * 64}.example/"),
        *("http://:hunter2@127.0.0.1:1/", "http://hunter2@127.0.0.1:1/", "http://me:hunter2@%zz/"),
    ],
)
async def test_no_error_tells_a_password(url):
    error = await failure(url)
    assert "hunter2" not in everything_said(error)
    assert "hun/ter2" not in everything_said(error)


@pytest.mark.parametrize("name", ["X-Api-Key", "X-Api\r\nKey"])
async def test_a_secret_cannot_smuggle_a_header_in_and_is_not_told(name):
    async with serving() as server, a_web() as web:
        error = await failure_of(web, server.url(), secrets={name: f"{SECRET}\nX-Other: 1"})
        assert not server.requests
    assert SECRET not in everything_said(error)
    assert "a secret header has a line break in it" in str(error)
    assert error.permanent


async def test_a_header_with_a_line_break_is_not_sent():
    async with serving() as server, a_web() as web:
        error = await failure_of(web, server.url(), headers={"X-Mine": f"{SECRET}\nX-Other: 1"})
        assert not server.requests
    assert str(error) == f"{server.url()} could not be asked"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:pw@news.example/@me/feed?x=a@b", "https://news.example/@me/feed?x=a@b"),
        ("https://me@news.example:8443", "https://news.example:8443"),
        ("https://news.example/@me", "https://news.example/@me"),
        ("me:pw@news.example", "news.example"),
    ],
)
def test_a_redacted_address_has_no_user(url, shown):
    assert redacted(url) == shown


async def test_a_form_is_posted_and_posted_again_only_where_307_and_308_lead():
    form = {"hub.mode": "subscribe", "hub.topic": "http://a.example/?x=1&y=é"}
    sent = b"hub.mode=subscribe&hub.topic=http%3A%2F%2Fa.example%2F%3Fx%3D1%26y%3D%C3%A9"
    async with serving() as server, a_web() as web:
        server.redirect("/a", "/b", 307)
        server.redirect("/b", "/c", 308)
        server.on("/c", b"accepted", status=202)
        server.redirect("/see", "/c", 303)
        answer = await web.post(server.url("/a"), form=form, headers={"X-Mine": "1"})
        assert (answer.status, answer.body, answer.url) == (202, b"accepted", server.url("/c"))
        assert [(r.method, r.path, r.body) for r in server.requests] == [
            ("POST", p, sent) for p in ("/a", "/b", "/c")
        ]
        assert server.requests[2].headers["content-type"] == "application/x-www-form-urlencoded"
        assert server.requests[2].headers["x-mine"] == "1"
        for status in (301, 302, 303):
            server.redirect("/see", "/c", status)
            answer = await web.post(server.url("/see"), form=form)
            assert (answer.status, answer.headers["Location"]) == (status, "/c")
    assert [request.path for request in server.requests[3:]] == ["/see"] * 3


async def test_a_form_meets_the_same_guards():
    async with serving() as server, a_web(allow_private=False) as web:
        with pytest.raises(RemoteError, match="is a private address"):
            await web.post(server.url(), form={"a": "b"})
        assert server.connections == 0


def test_a_form_is_never_sent_on_with_no_encryption():
    there = "http://hub.example/"
    with pytest.raises(RemoteError, match="with no encryption"):
        next_address(URL("https://hub.example/"), there, with_form=True)
    assert str(next_address(URL("https://hub.example/"), there)) == there


async def test_cookies_are_not_kept():
    async with serving() as server, a_web(resolver=Names(["127.0.0.1"])) as web:
        server.on("/", headers={"Set-Cookie": "track=1"})
        for _ in range(2):
            await web.get(server.url("/", "news.example"))
    assert ["cookie" in request.headers for request in server.requests] == [False, False]


async def test_no_proxy_of_the_environment_comes_between(monkeypatch):
    async with serving() as server, serving() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url())
        monkeypatch.delenv("no_proxy", raising=False)
        async with a_web() as web:
            assert (await web.get(server.on("/", b"direct"))).body == b"direct"
    assert not proxy.connections


BEGUN = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"


async def test_a_dripping_body_is_cut_off_by_the_total_time():
    async with serving() as server:
        server.answers["/"] = sending(BEGUN, *[b"x" * 400] * 75, every=0.02)  # 20 KB a second: not slow
        began = time.perf_counter()
        error = await failure(server.url(), timeout_seconds=0.3)
        assert time.perf_counter() - began < 1
    assert "took too long to send its answer" in str(error)
    assert not error.permanent
    assert not error.unreachable


async def test_a_body_slower_than_the_least_rate_is_cut_off_long_before():
    async with serving() as server:
        server.answers["/"] = sending(BEGUN, *[b"x"] * 75, every=0.02)
        began = time.perf_counter()
        error = await failure(server.url(), grace_seconds=0.3)
        assert 0.25 < time.perf_counter() - began < 1
    assert "took too long to send its answer" in str(error)


async def test_a_body_at_the_least_rate_is_read_beyond_the_grace():
    async with serving() as server, a_web(grace_seconds=0.2, least_rate=1000.0) as web:
        head = b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n"
        server.answers["/"] = sending(head, *[b"x" * 100] * 40, every=0.02)
        assert len((await web.get(server.url())).body) == 4000


@pytest.mark.parametrize(
    "answer",
    [
        silence,
        sending(b"HTTP/1.1 200 OK\r\nX-Long: ", *[b"x"] * 75, every=0.02),
        sending(*[b"HTTP/1.1 103 Early Hints\r\n\r\n"] * 75, every=0.02),
    ],
    ids=["silence", "dripping headers", "endless hints"],
)
async def test_an_answer_that_does_not_begin_is_left_at_the_first_byte_time(answer):
    async with serving() as server:
        server.answers["/"] = answer
        began = time.perf_counter()
        error = await failure(server.url(), first_byte_seconds=0.2, timeout_seconds=2.0)
        assert time.perf_counter() - began < 1
    assert str(error) == f"{server.url()} took too long to answer"
    assert error.unreachable


async def test_redirects_do_not_start_the_clock_anew():
    async def slowly(_request, writer):
        await asyncio.sleep(0.2)
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")

    async with serving() as server:
        server.answers["/"] = slowly
        assert "took too long" in str(await failure(server.url(), timeout_seconds=0.5))
    assert len(server.requests) == 3


async def test_requests_to_one_host_wait_their_turn_without_losing_time():
    async def slowly(_request, writer):
        await asyncio.sleep(0.15)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    async with serving() as server, a_web(timeout_seconds=0.4, per_host=2) as web:
        server.answers["/"] = slowly
        answers = await asyncio.gather(*(web.get(server.url()) for _ in range(8)))
        assert not web._hosts
    assert [answer.body for answer in answers] == [b"ok"] * 8
    assert server.most_at_once == 2


async def test_connections_are_reused():
    async with serving() as server, a_web() as web:
        url = server.on("/", b"x")
        for _ in range(5):
            await web.get(url)
    assert server.connections == 1


async def test_past_the_most_sockets_no_connection_is_kept_for_later():
    async with serving("0.0.0.0") as server, a_web(sockets=4, connections=2) as web:
        server.on("/", b"x")
        await asyncio.gather(*(web.get(server.url("/", f"127.0.0.{number}")) for number in range(1, 41)))
        await asyncio.sleep(0.05)
        assert server.open <= 4 + 1  # the last two saw four at the same time
        assert server.most_open <= 4 + 2 + 2  # two at work, two still saying goodbye
        for number in range(1, 5):
            await web.get(server.url("/", f"127.0.0.{number}"))


async def test_no_more_files_to_open_is_our_own_trouble():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    async with serving() as server, a_web() as web:
        url = server.on("/", b"x")
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))  # those that are open already stay so
        try:
            error = await failure_of(web, url)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert (await web.get(url)).body == b"x"
    assert type(error) is OwnNetworkError
    assert str(error) == "no way to 127.0.0.1 from here: Too many open files"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "hung up"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "HTTP that we can read"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", "cut short"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nbad\r\n", ""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: nonsense\r\n\r\n", "HTTP that we can read"),
    ],
)
async def test_broken_http_is_a_remote_error(raw, words):
    async def broken(_request, writer):
        writer.write(raw)
        await writer.drain()
        writer.close()

    async with serving() as server:
        server.answers["/"] = broken
        error = await failure(server.url())
    assert words in str(error)
    assert not error.permanent


@pytest.mark.parametrize(
    ("words", "most"),
    [
        ("HTTP/1.1 200 {}\r\nContent-Length: 0\r\n\r\n", 16_000),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Long: {}\r\n\r\n", 16_000),
    ],
    ids=["status line", "header"],
)
async def test_a_header_may_be_long_but_not_endless(words, most):
    async with serving() as server, a_web() as web:
        server.answers["/"] = sending(words.format("x" * most).encode())
        assert (await web.get(server.url())).status == 200
        server.answers["/"] = sending(words.format("x" * 17_000).encode())
        assert "HTTP that we can read" in str(await failure_of(web, server.url()))


async def test_headers_may_be_many_but_not_endless():
    async with serving() as server, a_web() as web:
        server.answers["/"] = sending(b"HTTP/1.1 204 None\r\n", b"X-Many: x\r\n" * 128, b"\r\n")
        assert (await web.get(server.url())).status == 204
        server.answers["/"] = sending(b"HTTP/1.1 204 None\r\n", b"X-Many: x\r\n" * 129, b"\r\n")
        assert "Too many headers" in str(await failure_of(web, server.url()))


async def test_trailers_after_the_body_are_not_endless():
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n"
    async with serving() as server:
        server.answers["/"] = sending(head, *[b"X-Many: x\r\n" * 1000] * 50)
        assert "Too many headers" in str(await failure(server.url()))


async def test_a_closed_port_is_a_remote_error():
    async with serving() as server:
        url = server.url()
    error = await failure(url)
    assert str(error) == f"127.0.0.1 could not be reached: it refused the connection on port {server.port}"
    assert type(error) is RemoteError


async def test_a_plain_server_asked_for_tls_is_a_remote_error():
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        error = await failure(f"https://127.0.0.1:{port}/")
    assert not error.permanent


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (socket.EAI_AGAIN, OwnNetworkError),
        (socket.EAI_SYSTEM, OwnNetworkError),
        (socket.EAI_NONAME, RemoteError),
    ],
)
async def test_a_name_that_cannot_be_looked_up_now_is_our_own_trouble(code, kind):
    error = await failure("http://news.example/", resolver=Names(socket.gaierror(code, "no answer")))
    assert type(error) is kind
    assert not error.permanent


async def test_names_do_not_wait_for_what_else_is_slow():
    done = threading.Event()
    with ThreadPoolExecutor(1) as threads:
        asyncio.get_running_loop().set_default_executor(threads)
        busy = asyncio.get_running_loop().run_in_executor(None, done.wait, 3)
        async with serving() as server, a_web(timeout_seconds=1) as web:
            server.on("/", b"here")
            assert (await web.get(server.url("/", "localhost"))).body == b"here"
        done.set()
        await busy


async def test_a_certificate_that_nobody_signed_is_refused():
    async with serving(is_tls=True) as server:
        error = await failure(server.on("/", b"x", status=200).replace("127.0.0.1", "localhost"))
        assert not server.requests
    assert str(error).startswith("localhost has no valid certificate: ")
    assert not error.permanent


async def test_a_cancelled_request_leaves_nothing_open():
    async with serving() as server, a_web(per_host=1) as web:
        server.answers["/slow"] = silence
        task = asyncio.create_task(web.get(server.url("/slow")))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await web.get(server.on("/", b"next"))).body == b"next"


async def test_no_private_address_is_allowed_unless_it_is_said():
    async with serving() as server, Web(user_agent="tests") as web:
        assert "is a private address" in str(await failure_of(web, server.url()))
