"""Pages fetched politely: robots.txt is asked first, and each host gets one request at a time, with rests."""

import asyncio
import re
import time
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.articles.robots import Robots
from bot.errors import OwnNetworkError, RemoteError
from bot.links import host_of
from bot.logs import get_logger
from bot.web import Response, Web

_log = get_logger(__name__)

_PER_HOST = 2
_FETCH_SECONDS = 12.0  # an alert waits for the page no longer than this
_MOST_DELAY_SECONDS = 30.0  # a site that wants longer rests is told from its feed
_PATIENCE_SECONDS = 3.0  # for a second page of one entry
# A server that was silent so often in a row is not waited for again for so long: its entries are bare, and
# the pages of others have the slots.
_SILENCES = 2
_SILENT_SECONDS = 60.0
_OK = 200
_NOT_OK = "the page answered {}"
GONE = frozenset(_NOT_OK.format(status) for status in (404, 410))
"""What `NoPage` says of a page that is not there any more."""
_HTML = ("text/html", "application/xhtml+xml")
# Where a redirect to one of these leads is no article, however much text stands there.
_WALL = re.compile(
    r"(?:^|[./])(?:consent|(?:log|sign)-?[io]n|register|registration|subscribe|subscription|paywall|account"
    r"|auth|sso|idp|gdpr|privacy-?gate|cookie-?wall)(?:[./]|$)"
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was sent; `url` is where it was found."""

    url: str
    body: bytes


@dataclass(frozen=True, slots=True)
class NoPage:
    """Why there is no page to be read, in a few words for the operator."""

    because: str


@dataclass(slots=True)
class _Host:
    """`held` turns are out, `waiting` of them have not come to their request yet."""

    held: int = 0
    waiting: int = 0
    free_at: float = 0.0  # monotonic: when the next request may begin
    silences: int = 0
    silent_at: float = 0.0


@dataclass(slots=True, eq=False)
class Turn:
    """Leave to ask a host for one page."""

    host: _Host
    waits: bool = True


class Pages:
    """The pages of all hosts: two turns of a host at most, and `delay_seconds` at least between requests.

    Hosts that are `ours` need no rest: the playground serves four newspapers from one.
    """

    def __init__(self, *, web: Web, robots: Robots, delay_seconds: float, ours: Collection[str] = ()) -> None:
        self._web = web
        self._robots = robots
        self._delay_seconds = delay_seconds
        self._ours = frozenset(ours)
        self._hosts: dict[str, _Host] = {}

    def busy(self) -> frozenset[str]:
        """The hosts that have their fill in hand, or whose next turn is still to come."""
        now = time.monotonic()
        self._hosts = {name: host for name, host in self._hosts.items() if not _is_idle(host, now)}
        return frozenset(name for name, host in self._hosts.items() if _is_full(host) or now < host.free_at)

    def soonest(self, most: float) -> float:
        """The seconds until the next busy host is free, `most` at most."""
        now = time.monotonic()
        waits = (host.free_at - now for host in self._hosts.values() if not _is_full(host))
        return min((wait for wait in waits if 0 < wait < most), default=most)

    def hold(self, name: str) -> Turn:
        """A turn at a host, to be let go of in the end; meant for hosts that are not busy."""
        host = self._hosts.setdefault(name, _Host())
        host.held += 1
        host.waiting += 1
        return Turn(host)

    def let_go(self, turn: Turn) -> None:
        """The turn is over, used or not."""
        self._end_wait(turn)
        turn.host.held -= 1

    async def get(self, url: str, turn: Turn) -> Page | NoPage:
        """The page at a web address of the turn's host; raises OwnNetworkError."""
        host = turn.host
        if host.silences >= _SILENCES and time.monotonic() - host.silent_at < _SILENT_SECONDS:
            return NoPage("the server was silent just now")
        # A robots.txt that is fetched for this does not count towards the host's rest: that is one request a
        # day, and an alert waits for the page behind it.
        ruling = await self._robots.ask(url)
        if ruling.because is not None:
            return NoPage(ruling.because)
        if ruling.crawl_delay > _MOST_DELAY_SECONDS:
            return NoPage(f"robots.txt asks for {ruling.crawl_delay:g} s between two pages")
        delay = 0.0 if host_of(url) in self._ours else max(self._delay_seconds, ruling.crawl_delay)
        while not self._begin(turn, delay):  # noqa: ASYNC110 - a clock
            # Another entry's second page has come between.
            await asyncio.sleep(host.free_at - time.monotonic())
        return await self._fetch(url, host)

    async def get_another(self, url: str) -> Page | NoPage:
        """The same for a second page of an entry that has had its turn; raises OwnNetworkError."""
        name = host_of(url)
        known = self._hosts.get(name)
        if known and (known.waiting or known.free_at - time.monotonic() > _PATIENCE_SECONDS):
            return NoPage("its host is busy")
        turn = self.hold(name)
        try:
            return await self.get(url, turn)
        finally:
            self.let_go(turn)

    def _begin(self, turn: Turn, delay_seconds: float) -> bool:
        """Whether the turn's request may begin now; the next one may after the delay."""
        now = time.monotonic()
        if now < turn.host.free_at:
            return False
        turn.host.free_at = now + delay_seconds
        self._end_wait(turn)
        return True

    def _end_wait(self, turn: Turn) -> None:
        turn.host.waiting -= turn.waits
        turn.waits = False

    async def _fetch(self, url: str, host: _Host) -> Page | NoPage:
        try:
            async with asyncio.timeout(_FETCH_SECONDS):
                answer = await self._web.get(url, headers={"Accept": ", ".join(_HTML)})
        except OwnNetworkError:
            raise
        except (RemoteError, TimeoutError) as error:
            _log.info("page_unread", url=url, error=str(error) or f"no page in {_FETCH_SECONDS:g} s")
            is_late = isinstance(error, TimeoutError) or isinstance(error.__cause__, TimeoutError)
            if is_late or (isinstance(error, RemoteError) and error.unreachable):
                host.silences += 1
                host.silent_at = time.monotonic()
            return NoPage("took too long" if is_late else "the page could not be had")
        host.silences = 0
        return await self._checked(url, answer)

    async def _checked(self, asked: str, answer: Response) -> Page | NoPage:
        kind = answer.headers.get("Content-Type", _HTML[0]).partition(";")[0].strip().lower()
        if answer.status != _OK or kind not in _HTML:
            _log.info("page_refused", url=asked, status=answer.status, content_type=kind)
            not_ok = _NOT_OK.format(answer.status)
            return NoPage(not_ok if answer.status != _OK else f"not HTML ({kind[:80]})")
        if not answer.redirects:
            return Page(answer.url, answer.body)
        there = urlsplit(answer.url)
        if _WALL.search(f"{there.hostname}{there.path}".lower()) and not _WALL.search(asked.lower()):
            return NoPage("the page is behind a wall")
        there_too = self._hosts.setdefault(host_of(answer.url), _Host())
        there_too.free_at = max(there_too.free_at, time.monotonic() + self._delay_seconds)
        if _origin(answer.url) != _origin(asked):
            # RFC 9309 would have us ask before each request. The client follows redirects by itself, guarded
            # but blind to robots.txt; so the site that it led to is asked now, before its page is used.
            ruling = await self._robots.ask(answer.url)
            if ruling.because is not None:
                return NoPage(ruling.because)
        return Page(answer.url, answer.body)


def _is_full(host: _Host) -> bool:
    # One at a time is on its way to its request: only then is it known when the next may begin.
    return host.waiting > 0 or host.held >= _PER_HOST


def _is_idle(host: _Host, now: float) -> bool:
    is_silent = host.silences > 0 and now - host.silent_at < _SILENT_SECONDS
    return host.held == 0 and now >= host.free_at and not is_silent


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.rpartition("@")[2]
