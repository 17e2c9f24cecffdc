"""What a site lets robots read: its robots.txt, by RFC 9309."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from bot.articles.rules import Ruling, rule
from bot.errors import InputError, OwnNetworkError, RemoteError
from bot.logs import get_logger
from bot.offload import Offload
from bot.times import utc_now
from bot.web import Web

_log = get_logger(__name__)

_FRESH_FOR = timedelta(hours=24)  # RFC 9309 section 2.4: no longer than that
# A server in trouble forbids everything (section 2.3.1.4); a hiccup of it must not do so for a day.
_TROUBLE_FOR = timedelta(minutes=10)
_FETCH_SECONDS = 5.0  # an alert waits for it, and then for the page
_FETCH_BYTES = 2 * 1024 * 1024
_READ_BYTES = 500 * 1024  # section 2.5: what a robot must read; the rest is nobody's need
# Of CPU. 24 kB of many robots with many rules take the parser a second, and memory by the gigabyte later.
_READ_SECONDS = 2.0
_MOST_ORIGINS = 2_000
_MOST_BYTES = 32 * 1024 * 1024
_OK = range(200, 300)
_TOO_MANY_REQUESTS = 429
_BROKEN = 500


@dataclass(frozen=True, slots=True)
class _Known:
    """What an origin's robots.txt said: rules, or why everything is forbidden; neither: all is allowed."""

    until: datetime
    rules: bytes = b""
    because: str | None = None


class Robots:
    """The robots.txt of each origin (scheme, host and port), kept in memory for a day at most."""

    def __init__(
        self,
        *,
        web: Web,
        offload: Offload,
        fresh_for: timedelta = _FRESH_FOR,
        trouble_for: timedelta = _TROUBLE_FOR,
        most_origins: int = _MOST_ORIGINS,
    ) -> None:
        self._web = web
        self._offload = offload
        self._fresh_for = fresh_for
        self._trouble_for = trouble_for
        self._most_origins = most_origins
        self._known: OrderedDict[str, _Known] = OrderedDict()  # the one asked for last is last
        self._bytes = 0
        # One fetch an origin at a time; weak: an origin that nobody waits for is forgotten.
        self._fetching: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def ask(self, url: str) -> Ruling:
        """What the site of this web address says of it; raises OwnNetworkError when we cannot ask."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower()
        fetching = self._fetching.setdefault(origin, asyncio.Lock())
        async with fetching:
            known = self._known.get(origin)
            if known is None or known.until <= utc_now():
                known = await self._fetch(origin, known)
                self._keep(origin, known)
            self._known.move_to_end(origin)
        if known.because is not None:
            return Ruling(known.because)
        if not known.rules:
            return Ruling()
        try:
            return await self._offload.run(rule, known.rules, url, timeout_seconds=_READ_SECONDS)
        except InputError as error:
            # Made to hurt, or a bug in the parser: it must not cost us this again with every page.
            _log.warning("robots_unread", origin=origin, error=str(error))
            self._keep(origin, _Known(utc_now() + self._trouble_for, because="robots.txt cannot be read"))
            return Ruling("robots.txt cannot be read")

    async def _fetch(self, origin: str, before: _Known | None) -> _Known:
        until = utc_now() + self._fresh_for
        soon = utc_now() + self._trouble_for
        try:
            async with asyncio.timeout(_FETCH_SECONDS):
                answer = await self._web.get(f"{origin}/robots.txt", max_bytes=_FETCH_BYTES)
        except OwnNetworkError:
            raise
        except (RemoteError, TimeoutError) as error:
            if isinstance(error, RemoteError) and error.permanent:
                # It is, or redirects to, where we may not go: there is none to be had. The page itself
                # meets the same guard.
                return _Known(until)
            why = str(error) or f"gave no answer in {_FETCH_SECONDS:g} s"
        else:
            if answer.status < _BROKEN and answer.status != _TOO_MANY_REQUESTS:
                is_text = answer.status in _OK and not _is_html(answer.body)
                return _Known(until, rules=answer.body[:_READ_BYTES] if is_text else b"")
            why = f"answered {answer.status}"
        _log.info("robots_unreachable", origin=origin, error=why)
        if before is not None and before.because is None:
            return _Known(soon, rules=before.rules)  # section 2.4: then the old one goes on
        return _Known(soon, because="robots.txt cannot be reached")

    def _keep(self, origin: str, known: _Known) -> None:
        self._forget(origin)
        self._known[origin] = known
        self._bytes += len(known.rules)
        while len(self._known) > self._most_origins or self._bytes > _MOST_BYTES:
            self._forget(next(iter(self._known)))

    def _forget(self, origin: str) -> None:
        gone = self._known.pop(origin, None)
        self._bytes -= len(gone.rules) if gone else 0


def _is_html(body: bytes) -> bool:
    # Not by its type: many a true robots.txt is sent as text/html.
    return body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
