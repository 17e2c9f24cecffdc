"""Out to the web: every page and feed is read through here, with caps on time, size and place."""

import asyncio
import errno
import socket
import zlib
from collections.abc import Collection, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from types import MappingProxyType, TracebackType
from typing import Self
from weakref import WeakValueDictionary

import aiohttp
from yarl import URL

from bot.addresses import is_private
from bot.errors import OwnNetworkError, RemoteError

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})  # RFC 9110 section 15.4
_FAILED = 400  # from here on the body is the server's apology, and stays unread
_SECRETS = frozenset({"authorization", "cookie", "proxy-authorization"})
# What we can unpack as a stream with a cap; brotli's Python binding offers none that is portable.
_ACCEPT_ENCODING = "gzip, deflate"
_DEFLATE = 8  # the compression method in the low bits of a zlib header (RFC 1950 section 2.2)
# Joined gzip members are legal (RFC 1952 section 2.2); thousands of tiny ones are an attack on our time.
_MAX_MEMBERS = 100
# The socket layer's ways of saying that the trouble is on our side of the wire.
_OWN_TROUBLE = frozenset(
    {
        *(errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL),
        *(errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM),
    }
)


@dataclass(frozen=True, slots=True)
class Response:
    """A server's last word: `url` is where it was found, `redirects` the (status, next address) before.

    `headers` ignores case. `body` is unpacked, and empty for a status of 400 or above.
    """

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    redirects: tuple[tuple[int, str], ...] = ()


class Web:
    """The one HTTP client. `max_bytes` caps a body both as sent and unpacked.

    `timeout_seconds` is for a whole request, redirects included, but not for its turn in the queue;
    `first_byte_seconds` for each server's answer to begin. At most `per_host` requests go to one
    host at a time, and `connections` to all. Nothing is kept between requests: no cookies.
    `trusted` are private (address, port) pairs that may be read all the same: our own newsroom.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allow_private: bool = False,
        max_bytes: int = 10 * 1024 * 1024,
        timeout_seconds: float = 30.0,
        first_byte_seconds: float = 15.0,
        max_redirects: int = 5,
        per_host: int = 2,
        connections: int = 64,
        trusted: Collection[tuple[str, int]] = (),
    ) -> None:
        self._user_agent = user_agent
        self._allow_private = allow_private
        self._trusted = frozenset(trusted)
        self._max_bytes = max_bytes
        self._timeout_seconds = timeout_seconds
        self._first_byte_seconds = first_byte_seconds
        self._max_redirects = max_redirects
        self._per_host = per_host
        self._places = asyncio.Semaphore(connections)
        # Weak: a host that nobody waits for is forgotten.
        self._hosts: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            # Limits are ours, so that a request's time does not run out while it queues.
            connector=aiohttp.TCPConnector(
                limit=0,
                # Here, and not in a resolver: this sees IP literals and every redirect's address too.
                socket_factory=None if self._allow_private else self._public_socket,
            ),
            headers={"User-Agent": self._user_agent, "Accept-Encoding": _ACCEPT_ENCODING},
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
            auto_decompress=False,
            trust_env=False,  # a proxy would hide the address from the guard
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def get(
        self, url: str, *, headers: Mapping[str, str] = _NO_HEADERS, max_bytes: int | None = None
    ) -> Response:
        """What a server says at `url`, whatever its status; `max_bytes` overrides the client's cap.

        Raises RemoteError when there is no whole answer within the caps, `permanent` for an address
        we may never read; OwnNetworkError when the trouble seems to be ours.
        """
        cap = self._max_bytes if max_bytes is None else max_bytes
        here, sent = _address(url), dict(headers)
        redirects: list[tuple[int, str]] = []
        seconds_left = self._timeout_seconds
        clock = asyncio.get_running_loop().time
        while True:
            async with self._turn(here), self._places:
                began = clock()
                status, answered, body = await self._ask(here, sent, cap, seconds_left)
                seconds_left -= clock() - began
            target = answered.get("Location")
            if status not in _REDIRECTS or target is None:
                return Response(status, str(here), answered, body, tuple(redirects))
            if len(redirects) == self._max_redirects:
                raise RemoteError(f"{_shown(_address(url))} redirects more than {self._max_redirects} times")
            there = _next_address(here, target)
            if there.origin() != here.origin():
                sent = {name: value for name, value in sent.items() if name.lower() not in _SECRETS}
            redirects.append((status, str(there)))
            here = there

    def _public_socket(self, info: aiohttp.AddrInfoType) -> socket.socket:
        """A socket to the public internet (or a trusted pair); a private address raises."""
        family, kind, protocol, _, address = info
        if (address[0], address[1]) not in self._trusted and is_private(str(address[0])):
            raise _PrivateAddressError
        return socket.socket(family, kind, protocol)

    def _turn(self, url: URL) -> AbstractAsyncContextManager[None]:
        host = url.host or ""
        turn = self._hosts.get(host)
        if turn is None:
            turn = self._hosts[host] = asyncio.Semaphore(self._per_host)
        return turn

    async def _ask(
        self, url: URL, headers: Mapping[str, str], cap: int, seconds: float
    ) -> tuple[int, Mapping[str, str], bytes]:
        """One request and its answer, unpacked; every way to fail is a RemoteError that says how."""
        assert self._session is not None, "use `async with Web(...)`"
        try:
            async with asyncio.timeout(seconds):
                async with asyncio.timeout(self._first_byte_seconds):
                    answer = await self._session.get(url, headers=headers, allow_redirects=False)
                try:
                    body = b"" if _is_bodiless(answer) else await _read(answer, cap)
                finally:
                    answer.release()  # keeps the connection if all was read, closes it if not
        except TimeoutError as error:
            raise RemoteError(f"{_shown(url)} took too long to answer", unreachable=True) from error
        except (aiohttp.ClientError, OSError) as error:
            raise _as_remote(error, url) from error
        except UnicodeError as error:  # a host name that the resolver cannot even spell (RFC 5891)
            raise RemoteError(f"{_shown(url)} has no valid host name", permanent=True) from error
        return answer.status, answer.headers, body


class _PrivateAddressError(OSError):
    """A connection to a private address was about to be made; always the same words, see below."""

    def __init__(self) -> None:
        # The connector tries every address of a name and keeps the error's type only if all read alike.
        super().__init__(errno.EACCES, "a private address")


def _address(url: str) -> URL:
    try:
        parsed = URL(url).with_fragment(None)
    except ValueError as error:
        raise RemoteError(f"{url} is not a web address", permanent=True) from error
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise RemoteError(f"{_shown(parsed)} is not an http or https address", permanent=True)
    return parsed


def _next_address(here: URL, target: str) -> URL:
    """Where a Location header leads; it may be relative (RFC 9110 section 10.2.2)."""
    try:
        there = here.join(URL(target))
    except ValueError as error:
        raise RemoteError(f"{_shown(here)} redirects to what is not a web address") from error
    return _address(str(there))


def _shown(url: URL) -> str:
    """The address as it may be logged: a password in it is not."""
    return str(url.with_user(None)) if url.user is not None or url.password is not None else str(url)


def _is_bodiless(answer: aiohttp.ClientResponse) -> bool:
    return answer.status >= _FAILED or (answer.status in _REDIRECTS and "Location" in answer.headers)


async def _read(answer: aiohttp.ClientResponse, cap: int) -> bytes:
    """The body, unpacked, read no further than `cap` bytes before or after unpacking."""
    too_large = RemoteError(f"{_shown(answer.url)} is larger than the cap of {cap:,} bytes")
    if (answer.content_length or 0) > cap:
        raise too_large
    unpack = _unpacker(answer)
    pieces: list[bytes] = []
    packed_size = size = 0
    async for packed in answer.content.iter_any():
        packed_size += len(packed)
        piece = packed if unpack is None else unpack.feed(packed, cap - size + 1)
        size += len(piece)
        if max(size, packed_size) > cap:
            raise too_large
        pieces.append(piece)
    if unpack is not None and not unpack.is_whole:
        raise RemoteError(f"{_shown(answer.url)} was cut short")
    return b"".join(pieces)


class _Unpack:
    """Gzip or deflate as a stream that never makes more than it is asked for."""

    def __init__(self, encoding: str, url: str) -> None:
        self._is_gzip = encoding != "deflate"
        self._url = url
        self._stream: zlib._Decompress | None = None
        self._members = 0

    @property
    def is_whole(self) -> bool:
        """Whether the stream came to its end; no bytes at all are a whole empty body."""
        return self._stream is None or self._stream.eof

    def feed(self, packed: bytes, limit: int) -> bytes:
        """At most `limit` unpacked bytes; what else they hold is lost, so the caller stops there."""
        made: list[bytes] = []
        try:
            while packed and limit > 0:
                if self._stream is None or self._stream.eof:
                    if self._stream is not None and not (self._is_gzip and packed.startswith(b"\x1f\x8b")):
                        break  # padding after the end, which gzip(1) and browsers ignore too
                    self._stream = self._next_member(packed)
                made.append(self._stream.decompress(packed, limit))
                limit -= len(made[-1])
                packed = self._stream.unused_data
        except zlib.error as error:
            raise RemoteError(f"{self._url} sent a damaged compressed body") from error
        return b"".join(made)

    def _next_member(self, packed: bytes) -> "zlib._Decompress":
        self._members += 1
        if self._members > _MAX_MEMBERS:
            raise RemoteError(f"{self._url} sent a body in more than {_MAX_MEMBERS} compressed parts")
        if self._is_gzip:
            return zlib.decompressobj(16 + zlib.MAX_WBITS)
        # "deflate" means zlib (RFC 9110 section 8.4.1.2); some servers send the bare stream (RFC 1951).
        is_zlib = packed[0] & 0x0F == _DEFLATE
        return zlib.decompressobj(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)


def _unpacker(answer: aiohttp.ClientResponse) -> _Unpack | None:
    match answer.headers.get("Content-Encoding", "").strip().lower():
        case "" | "identity":
            return None
        case "gzip" | "x-gzip" | "deflate" as encoding:
            return _Unpack(encoding, _shown(answer.url))
        case other:
            raise RemoteError(f"{_shown(answer.url)} is packed as {other[:40]!r}, which we did not accept")


def _as_remote(error: aiohttp.ClientError | OSError, url: URL) -> RemoteError:
    """The error tree of aiohttp and the socket layer, most specific first, as plain sentences."""
    place = _shown(url)
    match error:
        case aiohttp.InvalidURL():  # "http://127.1/" and other odd spellings of numbers
            return RemoteError(f"{place} is not a web address", permanent=True)
        case aiohttp.ClientConnectorError() | OSError(errno=int()):
            return _as_unreachable(error, url)
        case aiohttp.ClientResponseError():
            message = f"{place} did not answer in HTTP that we can read: {error.message[:200]}"
        case aiohttp.ServerDisconnectedError():
            message = f"{place} hung up before it answered"
        case aiohttp.ClientPayloadError():
            message = f"{place} was cut short"
        case _:
            message = f"{place} could not be read: {error}"
    return RemoteError(message)


def _as_unreachable(error: OSError, url: URL) -> RemoteError:
    match error:
        case aiohttp.ClientConnectorCertificateError():
            return RemoteError(f"{url.host} has no valid certificate: {error.certificate_error}")
        case aiohttp.ClientConnectorDNSError(os_error=OSError(errno=socket.EAI_AGAIN)):
            return OwnNetworkError(f"the name {url.host} could not be looked up")
        case aiohttp.ClientConnectorDNSError():
            return RemoteError(f"the name {url.host} is not known", unreachable=True)
        case aiohttp.ClientConnectorError(os_error=_PrivateAddressError()):
            refusal = f"{url.host} is a private address; set web.allow_private to poll it"
            return RemoteError(refusal, permanent=True)
        case OSError(errno=number) if number in _OWN_TROUBLE:
            return OwnNetworkError(f"no way to {url.host} from here: {error.strerror}")
        case _:
            reason = f"{url.host} could not be reached: {error.strerror or error}"
            return RemoteError(reason, unreachable=True)
