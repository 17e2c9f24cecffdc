"""Out to the web: every page and feed is read through here, with caps on time, size and place."""

import asyncio
import re
from collections.abc import Collection, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from types import MappingProxyType, TracebackType
from typing import Self
from urllib.parse import urlencode
from weakref import WeakValueDictionary

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.errors import RemoteError
from bot.web.failures import as_remote
from bot.web.names import SystemNames
from bot.web.places import address, next_address
from bot.web.sockets import Sockets
from bot.web.unpack import ACCEPT_ENCODING, unpacker

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})  # RFC 9110 section 15.4
_SAME_METHOD = frozenset({307, 308})  # only these ask for a form to be sent again, the same
_EMPTY = frozenset({204, 304})
_FAILED = 400  # from here on the body is the server's apology, and stays unread
_SECRETS = frozenset({"authorization", "cookie", "proxy-authorization"})
_LINE_BREAK = re.compile("[\r\n\0]")
_KEPT_SECONDS = 15.0
# Some pages state policies of several KiB in one header; more than 128 lines are nobody's need.
_MAX_HEADER_BYTES = 16_384
_MAX_HEADERS = 128


@dataclass(frozen=True, slots=True)
class Response:
    """A server's last word: `url` is where it was found, `redirects` the (status, next address) before.

    No address has a user or password in it. `headers` ignores case. `body` is unpacked, and empty for
    a status of 400 or above.
    """

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    redirects: tuple[tuple[int, str], ...] = ()


class Web:
    """The one HTTP client. `max_bytes` caps a body both as sent and unpacked.

    `timeout_seconds` is for a whole request, redirects included, but not for its turn in the queue;
    `first_byte_seconds` for each server's answer to begin, its headers whole. From `grace_seconds` on
    a body must have come at `least_rate` bytes a second. At most `per_host` requests go to one host
    at a time, and `connections` to all; once `sockets` are open, none is kept for later. Nothing else
    is kept between requests: no cookies.

    `trusted` are private (address, port) pairs that may be read all the same, under `trusted_path`:
    our own newsroom. They must be asked for by number, and no stranger's redirect leads there.
    `resolver` looks names up, and is closed in the end; without it, the system does.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allow_private: bool = False,
        max_bytes: int = 10 * 1024 * 1024,
        timeout_seconds: float = 30.0,
        first_byte_seconds: float = 15.0,
        grace_seconds: float = 10.0,
        least_rate: float = 1024.0,
        max_redirects: int = 5,
        per_host: int = 2,
        connections: int = 64,
        sockets: int = 256,
        trusted: Collection[tuple[str, int]] = (),
        trusted_path: str = "/",
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._user_agent = user_agent
        self._allow_private = allow_private
        self._trusted = frozenset(trusted)
        self._trusted_path = trusted_path
        self._max_bytes = max_bytes
        self._timeout_seconds = timeout_seconds
        self._first_byte_seconds = first_byte_seconds
        self._grace_seconds = grace_seconds
        self._least_rate = least_rate
        self._max_redirects = max_redirects
        self._per_host = per_host
        self._places = asyncio.Semaphore(connections)
        self._most_sockets = sockets
        self._resolver = SystemNames(connections) if resolver is None else resolver
        # Weak: a host that nobody waits for is forgotten.
        self._hosts: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._sockets = Sockets(allow_private=allow_private)
        self._sessions = AsyncExitStack()
        self._keeping: aiohttp.ClientSession | None = None
        self._closing: aiohttp.ClientSession | None = None
        self._near: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._keeping = await self._open(self._sockets)
        self._closing = await self._open(self._sockets, is_kept=False)
        # Connections of its own, so that none of them is ever handed to a stranger's address.
        self._near = await self._open(Sockets(allow_private=False, trusted=self._trusted))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._sessions.aclose()
        await self._resolver.close()

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] = _NO_HEADERS,
        secrets: Mapping[str, str] = _NO_HEADERS,
        max_bytes: int | None = None,
    ) -> Response:
        """What a server says at `url`, whatever its status; `max_bytes` overrides the client's cap.

        `secrets` are headers for the origin of `url` alone: no redirect takes them elsewhere, and no
        error tells them. Raises RemoteError when there is no whole answer within the caps,
        `permanent` for an address we may never read; OwnNetworkError when the trouble seems to be ours.
        """
        return await self._follow(url, headers, secrets, max_bytes, None)

    async def post(
        self,
        url: str,
        *,
        form: Mapping[str, str],
        headers: Mapping[str, str] = _NO_HEADERS,
        secrets: Mapping[str, str] = _NO_HEADERS,
        max_bytes: int | None = None,
    ) -> Response:
        """What a server says to the form, with all the rules of `get`.

        The form is sent again where a 307 or 308 leads, but never from https to http, for it may hold
        a secret; other redirects are answers.
        """
        return await self._follow(url, {**_FORM, **headers}, secrets, max_bytes, urlencode(form).encode())

    async def _follow(
        self,
        url: str,
        headers: Mapping[str, str],
        secrets: Mapping[str, str],
        max_bytes: int | None,
        form: bytes | None,
    ) -> Response:
        cap = self._max_bytes if max_bytes is None else max_bytes
        here, login = address(url)
        sent = _with_secrets(headers, secrets, login)
        follow = _REDIRECTS if form is None else _SAME_METHOD
        redirects: list[tuple[int, str]] = []
        seconds_left = self._timeout_seconds
        clock = asyncio.get_running_loop().time
        is_direct = True
        while True:
            async with self._turn(here), self._places:
                session = self._session(here, is_direct=is_direct, is_kept=form is None)
                began = clock()
                status, answered, body = await self._ask(
                    session, here, headers=sent, form=form, cap=cap, seconds=seconds_left
                )
                seconds_left -= clock() - began
            if status not in follow or (target := answered.get("Location")) is None:
                return Response(status, str(here), answered, body, tuple(redirects))
            if len(redirects) == self._max_redirects:
                raise RemoteError(f"{address(url)[0]} redirects more than {self._max_redirects} times")
            there = next_address(here, target, with_form=form is not None)
            if there.origin() != here.origin():
                is_direct = False
                sent = {name: value for name, value in headers.items() if name.lower() not in _SECRETS}
            redirects.append((status, str(there)))
            here = there

    async def _open(self, sockets: Sockets, *, is_kept: bool = True) -> aiohttp.ClientSession:
        session = aiohttp.ClientSession(
            # Limits are ours, so that a request's time does not run out while it queues.
            connector=aiohttp.TCPConnector(
                limit=0,
                # Here, and not in a resolver: this sees IP literals and every redirect's address too.
                socket_factory=sockets.make,
                resolver=self._resolver,
                **({"keepalive_timeout": _KEPT_SECONDS} if is_kept else {"force_close": True}),
            ),
            headers={"User-Agent": self._user_agent, "Accept-Encoding": ACCEPT_ENCODING},
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
            auto_decompress=False,
            max_line_size=_MAX_HEADER_BYTES,
            max_field_size=_MAX_HEADER_BYTES,
            max_headers=_MAX_HEADERS,
            trust_env=False,  # a proxy would hide the address from the guard
        )
        return await self._sessions.enter_async_context(session)

    def _session(self, url: URL, *, is_direct: bool, is_kept: bool) -> aiohttp.ClientSession:
        assert self._keeping is not None, "use `async with Web(...)`"
        assert self._closing is not None
        assert self._near is not None
        is_trusted = is_direct and (url.host, url.port) in self._trusted
        if is_trusted and url.path.startswith(self._trusted_path):
            return self._near
        # A form gets a new connection: on a kept one that the server has just closed, it could not be
        # known whether it arrived.
        return self._keeping if is_kept and self._sockets.open < self._most_sockets else self._closing

    def _turn(self, url: URL) -> AbstractAsyncContextManager[None]:
        host = url.host or ""
        turn = self._hosts.get(host)
        if turn is None:
            turn = self._hosts[host] = asyncio.Semaphore(self._per_host)
        return turn

    async def _ask(
        self,
        session: aiohttp.ClientSession,
        url: URL,
        *,
        headers: Mapping[str, str],
        form: bytes | None,
        cap: int,
        seconds: float,
    ) -> tuple[int, Mapping[str, str], bytes]:
        """One request and its answer, unpacked; every way to fail is a RemoteError that says how."""
        now = asyncio.get_running_loop().time()
        over_at = now + seconds
        answer: aiohttp.ClientResponse | None = None
        try:
            async with asyncio.timeout_at(min(over_at, now + self._first_byte_seconds)) as limit:
                answer = await (
                    session.get(url, headers=headers, allow_redirects=False)
                    if form is None
                    else session.post(url, headers=headers, data=form, allow_redirects=False)
                )
                try:
                    body = b"" if _is_bodiless(answer) else await self._read(answer, cap, limit, over_at)
                finally:
                    answer.release()  # keeps the connection if all was read, closes it if not
        except TimeoutError as error:
            if answer is None:
                raise RemoteError(f"{url} took too long to answer", unreachable=True) from error
            raise RemoteError(f"{url} took too long to send its answer") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise as_remote(error, url) from error
        return answer.status, answer.headers, body

    async def _read(
        self, answer: aiohttp.ClientResponse, cap: int, limit: asyncio.Timeout, over_at: float
    ) -> bytes:
        """The body, unpacked, read no further than `cap` bytes before or after unpacking."""
        place = str(answer.url)
        too_large = RemoteError(f"{place} is larger than the cap of {cap:,} bytes")
        if (answer.content_length or 0) > cap:
            raise too_large
        unpack = unpacker(", ".join(answer.headers.getall("Content-Encoding", ())), place)
        pieces: list[bytes] = []
        packed_size = size = 0
        slow_at = asyncio.get_running_loop().time() + self._grace_seconds
        limit.reschedule(min(over_at, slow_at))
        async for packed in answer.content.iter_any():
            packed_size += len(packed)
            piece = packed if unpack is None else unpack.feed(packed, cap - size + 1)
            size += len(piece)
            if max(size, packed_size) > cap:
                raise too_large
            pieces.append(piece)
            limit.reschedule(min(over_at, slow_at + packed_size / self._least_rate))  # bytes buy time
        if unpack is not None and not unpack.is_whole:
            raise RemoteError(f"{place} was cut short")
        return b"".join(pieces)


def _with_secrets(
    headers: Mapping[str, str], secrets: Mapping[str, str], login: str | None
) -> Mapping[str, str]:
    """What the first server is sent; a password in its address gives way to a stated Authorization."""
    if any(_LINE_BREAK.search(text) for pair in secrets.items() for text in pair):
        raise RemoteError("a secret header has a line break in it, so it is not sent", permanent=True)
    sent = {**headers, **secrets} if secrets else headers
    if login is None or any(name.lower() == "authorization" for name in sent):
        return sent
    return {**sent, "Authorization": login}


def _is_bodiless(answer: aiohttp.ClientResponse) -> bool:
    status = answer.status
    return status in _EMPTY or status >= _FAILED or (status in _REDIRECTS and "Location" in answer.headers)
