import asyncio
import gzip
import socket
import time
import zlib

import pytest

from bot.addresses import is_private
from bot.errors import OwnNetworkError, RemoteError
from bot.web import Web
from tests.web_server import serving

MIB = 1024 * 1024


def a_web(**changes) -> Web:
    settings = {"user_agent": "tests", "allow_private": True, "timeout_seconds": 5.0} | changes
    return Web(**settings)


async def failure(url: str, *, headers=None, **changes) -> RemoteError:
    async with a_web(**changes) as web:
        with pytest.raises(RemoteError) as caught:
            await web.get(url, headers=headers or {})
    return caught.value


async def test_a_page_comes_with_status_headers_and_body():
    async with serving() as server, a_web() as web:
        url = server.on("/", b"hello", headers={"X-Kind": "page"})
        answer = await web.get(url, headers={"X-Mine": "1"})
    assert (answer.status, answer.url, answer.body, answer.redirects) == (200, url, b"hello", ())
    assert answer.headers["x-kind"] == answer.headers["X-KIND"] == "page"
    sent = server.requests[0].headers
    assert (sent["user-agent"], sent["x-mine"], sent["accept-encoding"]) == ("tests", "1", "gzip, deflate")


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
        error = await failure(server.on("/", b"x" * 2000), max_bytes=1999)
    assert "cap" in str(error)


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


async def test_thousands_of_joined_gzip_members_are_refused():
    async with serving() as server:
        url = server.on("/", gzip.compress(b"", mtime=0) * 5000, headers={"Content-Encoding": "gzip"})
        assert "compressed parts" in str(await failure(url))


RAW_DEFLATE = zlib.compressobj(wbits=-zlib.MAX_WBITS)
RAW = RAW_DEFLATE.compress(b"news") + RAW_DEFLATE.flush()


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(b"news", mtime=0)),
        ("GZIP", gzip.compress(b"news", mtime=0)),
        ("x-gzip", gzip.compress(b"ne", mtime=0) + gzip.compress(b"ws", mtime=0)),
        ("gzip", gzip.compress(b"news", mtime=0) + bytes(100)),
        ("deflate", zlib.compress(b"news")),
        ("deflate", RAW),
        ("identity", b"news"),
    ],
)
async def test_each_accepted_encoding_is_unpacked(encoding, packed):
    async with serving() as server, a_web() as web:
        answer = await web.get(server.on("/", packed, headers={"Content-Encoding": encoding}))
    assert answer.body == b"news"


async def test_an_empty_body_may_call_itself_gzip():
    async with serving() as server, a_web() as web:
        assert (await web.get(server.on("/", headers={"Content-Encoding": "gzip"}))).body == b""


@pytest.mark.parametrize(
    ("encoding", "packed", "words"),
    [
        ("br", b"\x0b\x02\x80news\x03", "packed as 'br'"),
        ("gzip", b"not gzip at all", "damaged"),
        ("gzip", gzip.compress(b"news" * 100, mtime=0)[:-9], "cut short"),
    ],
)
async def test_a_body_we_cannot_unpack_is_a_remote_error(encoding, packed, words):
    async with serving() as server:
        assert words in str(await failure(server.on("/", packed, headers={"Content-Encoding": encoding})))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        *[(a, True) for a in ("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1")],
        *[(a, True) for a in ("169.254.169.254", "100.64.0.1", "100.127.255.255", "224.0.0.1", "240.0.0.1")],
        *[(a, True) for a in ("255.255.255.255", "192.0.0.8", "192.0.2.1", "198.18.0.1", "192.88.99.1")],
        *[(a, True) for a in ("::1", "::", "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0", "ff02::1")],
        *[(a, True) for a in ("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "fec0::1")],
        *[(a, True) for a in ("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::")],
        *[(a, True) for a in ("2002:a00:1::1", "2001:0:4136:e378:8000:63bf:80ff:fffe", "2001:db8::1")],
        *[(a, True) for a in ("100::1", "localhost", "", "1", "2130706433")],
        *[(a, False) for a in ("1.1.1.1", "93.184.216.34", "100.63.255.255", "100.128.0.0", "172.32.0.1")],
        *[(a, False) for a in ("2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1")],
    ],
)
def test_only_the_public_internet_is_public(address, expected):
    assert is_private(address) is expected


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1", "169.254.169.254"),
        *("[64:ff9b::7f00:1]", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "０x7f.1", "127.0.0.1."),
    ],
)
async def test_no_spelling_of_a_private_address_is_reached(host):
    async with serving() as server:
        error = await failure(server.url("/", host), allow_private=False)
        assert server.connections == 0
    assert error.permanent


async def test_a_private_address_is_named_with_the_setting_that_allows_it():
    error = await failure("http://localhost:1/", allow_private=False)
    assert str(error) == "localhost is a private address; set web.allow_private to poll it"


async def test_the_guard_sees_where_a_redirect_leads_even_from_a_trusted_place():
    async with serving() as server:
        port = int(server.url("/").rsplit(":", 1)[1].strip("/"))
        async with a_web(allow_private=False, trusted=[("127.0.0.1", port)]) as web:
            server.redirect("/", server.url("/inside", "127.0.0.2"))
            with pytest.raises(RemoteError, match=r"127\.0\.0\.2 is a private address") as caught:
                await web.get(server.url("/"))
    assert caught.value.permanent
    assert [request.path for request in server.requests] == ["/"]


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://example.com/", "file:///etc/passwd", "example.com/feed", "", "http://", "http://["),
        *("javascript:1", "http://a:70000/", f"http://{'a' * 64}.com/", "http://a..b/", "data:text/plain,x"),
    ],
)
async def test_what_is_no_web_address_is_a_permanent_error(url):
    error = await failure(url)
    assert error.permanent


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
        await failure(server.redirect("/", target))


async def test_a_redirect_with_no_target_is_an_answer():
    async with serving() as server, a_web() as web:
        assert (await web.get(server.on("/", b"odd", status=302))).body == b"odd"


async def test_secrets_stay_with_the_host_they_were_for():
    secrets = {"Authorization": "Bearer x", "cookie": "a=b", "X-Mine": "1"}
    async with serving() as one, serving() as other, a_web() as web:
        one.redirect("/", "/same")
        one.redirect("/same", other.on("/", b""))
        await web.get(one.url("/"), headers=secrets)
    assert all({"authorization", "cookie", "x-mine"} <= set(r.headers) for r in one.requests)
    assert {"authorization", "cookie"}.isdisjoint(other.requests[0].headers)
    assert other.requests[0].headers["x-mine"] == "1"


async def test_a_password_in_an_address_is_used_but_not_told():
    async with serving() as server:
        url = server.redirect("/", "/").replace("127", "me:hunter2@127")
        error = await failure(url)
    assert server.requests[0].headers["authorization"].startswith("Basic ")
    assert "hunter2" not in str(error)


async def test_cookies_are_not_kept():
    async with serving() as server, a_web() as web:
        url = server.on("/", headers={"Set-Cookie": "track=1"})
        await web.get(url)
        await web.get(url)
    assert "cookie" not in server.requests[1].headers


async def test_a_dripping_body_is_cut_off_by_the_total_time():
    async def drip(_request, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with serving() as server:
        server.answers["/"] = drip
        began = time.perf_counter()
        error = await failure(server.url(), timeout_seconds=0.3)
        assert time.perf_counter() - began < 1
    assert "took too long" in str(error)
    assert not error.permanent


async def test_a_silent_server_is_left_at_the_first_byte_time():
    async def silence(_request, _writer):
        await asyncio.sleep(60)

    async with serving() as server:
        server.answers["/"] = silence
        began = time.perf_counter()
        error = await failure(server.url(), first_byte_seconds=0.2)
        assert time.perf_counter() - began < 1
    assert "took too long" in str(error)


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


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "hung up"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "HTTP that we can read"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", "cut short"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nbad\r\n", ""),
        (b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100_000 + b"\r\n\r\n", "HTTP that we can read"),
        (b"HTTP/1.1 200 OK\r\n" + b"X-Many: x\r\n" * 100_000 + b"\r\n", "HTTP that we can read"),
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


async def test_a_closed_port_is_a_remote_error():
    async with serving() as server:
        url = server.url()
    error = await failure(url)
    assert "could not be reached" in str(error)
    assert type(error) is RemoteError


async def test_a_plain_server_asked_for_tls_is_a_remote_error():
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        error = await failure(f"https://127.0.0.1:{port}/")
    assert not error.permanent


@pytest.mark.parametrize(
    ("code", "kind"), [(socket.EAI_AGAIN, OwnNetworkError), (socket.EAI_NONAME, RemoteError)]
)
async def test_a_name_that_cannot_be_looked_up_now_is_our_own_trouble(code, kind):
    """The resolver is the outside world here: no test may ask a real one."""

    class Resolver:
        async def resolve(self, *_args, **_kwargs):
            raise socket.gaierror(code, "no answer")

        async def close(self):
            pass

    async with a_web() as web:
        await web._session.connector._resolver.close()
        web._session.connector._resolver = Resolver()
        with pytest.raises(RemoteError) as caught:
            await web.get("http://news.example/")
    assert type(caught.value) is kind
    assert not caught.value.permanent


async def test_a_cancelled_request_leaves_nothing_open():
    async def silence(_request, _writer):
        await asyncio.sleep(60)

    async with serving() as server, a_web(per_host=1) as web:
        server.answers["/slow"] = silence
        task = asyncio.create_task(web.get(server.url("/slow")))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await web.get(server.on("/", b"next"))).body == b"next"
