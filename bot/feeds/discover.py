"""From the address of a site to its feeds: asked for politely, at most a dozen requests in half a minute."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin

from bot.errors import InputError, RemoteError
from bot.feeds.feed_urls import as_web, place
from bot.feeds.hints import (
    Hint,
    How,
    common_paths,
    is_comments,
    known_feeds,
    news_sitemaps,
    robots_url,
)
from bot.feeds.look import Latest, Look, Outline, look
from bot.offload import Offload
from bot.text import clip, squash
from bot.web import Response, Web

_SECONDS = 30.0
_GUESS_SECONDS = 10.0  # for https where no scheme was given: some servers let that port hang
_LOOK_SECONDS = 8.0  # of CPU, for one answer
_MOST_REQUESTS = 12
_MOST_HINTS = 7  # leaves some for the common paths, should all of these be wrong
_FOR_SITEMAPS = 2  # robots.txt, and the one that it names
_AT_ONCE = 3
_HEADERS = {
    "Accept": "text/html, application/xhtml+xml, application/atom+xml, application/rss+xml, "
    "application/feed+json, application/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
}
_OK = frozenset({200, 203})
_SCHEME = re.compile(r"\A[A-Za-z][A-Za-z0-9+.-]*://")
_NO_SCHEME = re.compile(r"\A(?:mailto|javascript|data|tel|ftp|file|about):", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """A feed: `url` is the address that was asked, `entries` how many it holds now."""

    url: str
    title: str
    language: str | None
    entries: int
    latest: Latest | None
    how: How


@dataclass(frozen=True, slots=True)
class Tried:
    """An address that is no feed, and why, as a sentence."""

    url: str
    why_not: str


@dataclass(frozen=True, slots=True)
class Discovered:
    """The feeds of a site, the best first, and what else was tried; `address` is the page's own.

    `ran_out` says that the time was over before everything was tried.
    """

    address: str
    feeds: tuple[Found, ...]
    tried: tuple[Tried, ...]
    ran_out: bool = False

    def explain(self) -> str:
        """What was found, or what was tried in vain, in one sentence."""
        if self.feeds:
            count = len(self.feeds)
            return f"{self.address} has {count} feed{'s' if count > 1 else ''}"
        site = urljoin(self.address, "/").removesuffix("/")
        tried = (tried.url for tried in self.tried if place(tried.url) != place(self.address))
        others = [url.removeprefix(site) for url in tried]
        listed = f"; not a feed either: {', '.join(others)}" if others else ""
        cut = "; the search was stopped for lack of time" if self.ran_out else ""
        return f"no feed was found: {self.address} is none and names none that can be read{listed}{cut}"


async def discover(web: Web, address: str, *, offload: Offload, seconds: float = _SECONDS) -> Discovered:
    """The feeds of the site at `address`, which may lack its scheme, or be a feed itself.

    After `seconds`, what was found until then is the answer. Raises InputError for what is no web
    address, and RemoteError when the page cannot be read and no feed is at the usual places of its site.
    """
    candidates = _candidates(address)
    search = _Search(web, offload)
    try:
        async with asyncio.timeout(seconds):
            await search.run(candidates)
    except TimeoutError as error:
        if not search.address:
            raise RemoteError(f"{candidates[0]} took too long to answer", unreachable=True) from error
        search.ran_out = True
    if search.trouble is not None and not search.found:
        message = f"{search.trouble}, and no feed was found at the usual places of its site"
        raise RemoteError(message, status=search.trouble.status) from search.trouble
    return search.answer()


def _candidates(address: str) -> list[str]:
    """The addresses that may be meant: https before http where no scheme is given."""
    stripped = address.strip()
    if not stripped:
        raise InputError("the address is empty; give one like example.com")
    has_scheme = _SCHEME.match(stripped) or stripped.lower().startswith("feed:")
    guesses = [stripped] if has_scheme else [f"https://{stripped}", f"http://{stripped}"]
    known = [url for guess in guesses if (url := as_web(guess)) is not None]
    if not known or _NO_SCHEME.match(stripped):
        raise InputError(f"“{clip(squash(stripped), 200)}” is not a web address; give one like example.com")
    return known


@dataclass(frozen=True, slots=True)
class _Hit:
    """A feed and what led to it; `where` is where it was found, redirects followed."""

    hint: Hint
    where: str
    feed: Outline


class _Search:
    """One discovery under way: what it has found and tried so far is kept, should its time run out."""

    def __init__(self, web: Web, offload: Offload) -> None:
        self._web = web
        self._offload = offload
        self._left = _MOST_REQUESTS
        self._asked: dict[str, int] = {}  # place → its turn, for the order of the page
        self._tried: list[Tried] = []
        self._hits: list[_Hit] = []
        self.address = ""
        self.trouble: RemoteError | None = None
        self.ran_out = False

    @property
    def found(self) -> bool:
        """Whether there is a feed yet."""
        return bool(self._hits)

    async def run(self, candidates: list[str]) -> None:
        """Reads the page, then asks what it names, and the usual places if that leads to no feed."""
        page = await self._page(candidates)
        if self.found:
            return
        named = [*page.hints, *known_feeds(candidates[0])]
        pages = await self._ask_all(named, most=_MOST_HINTS)
        if not self.found:  # "RSS" often leads to a page that lists the feeds
            await self._ask_all([hint for hints in pages for hint in hints], most=_MOST_HINTS)
        if not self.found:
            await self._ask_usual_places()

    def answer(self) -> Discovered:
        """The feeds, each once: by where they were found, and by what they hold."""
        ranked = sorted(self._hits, key=lambda hit: (*_rank(hit), self._turn(hit.hint.url)))
        tried = sorted(self._tried, key=lambda tried: self._turn(tried.url))
        seen: set[str] = set()
        feeds: list[Found] = []
        for hit in ranked:
            keys = {place(hit.hint.url), place(hit.where), hit.feed.contents} - {""}
            if not keys & seen:
                feeds.append(_shown(hit))
            seen |= keys
        return Discovered(self.address, tuple(feeds), tuple(tried), self.ran_out)

    def _turn(self, url: str) -> int:
        """Which of all that was asked this is; answers come in any order."""
        return self._asked.setdefault(place(url), len(self._asked))

    async def _page(self, candidates: list[str]) -> Look:
        """The page itself; a feed is a find already. An unreadable page names nothing, and is a trouble."""
        url, answer = await self._first_answer(candidates)
        self.address = answer.url
        self._turn(url)
        self._turn(answer.url)
        try:
            looked = await self._look(answer)
        except (RemoteError, InputError) as error:
            self._tried.append(Tried(url, str(error)))
            self.trouble = error if isinstance(error, RemoteError) else None
            return Look(None, str(error))
        self._note(Hint(url, How.ITSELF), answer, looked)
        return looked

    async def _first_answer(self, candidates: list[str]) -> tuple[str, Response]:
        """The address whose server answers, of one or two; raises the first one's RemoteError."""
        url, *others = candidates
        try:
            async with asyncio.timeout(_GUESS_SECONDS if others else None):
                return url, await self._get(url)
        except TimeoutError as error:
            first = RemoteError(f"{url} took too long to answer", unreachable=True)
            first.__cause__ = error
        except RemoteError as error:
            first = error
        if first.permanent or not others:
            raise first
        try:
            return others[0], await self._get(others[0])
        except RemoteError as error:
            raise first from error

    async def _ask_usual_places(self) -> None:
        """The common paths, a few at a time until one is a feed; then sitemaps of news."""
        paths = list(common_paths(self.address))
        while paths and not self.found and self._left > _FOR_SITEMAPS:
            await self._ask_all(paths[:_AT_ONCE], most=self._left - _FOR_SITEMAPS)
            del paths[:_AT_ONCE]
        if not self.found and self._left >= _FOR_SITEMAPS:
            await self._ask_all(await self._sitemaps(), most=1)

    async def _sitemaps(self) -> tuple[Hint, ...]:
        try:
            robots = await self._get(robots_url(self.address))
        except RemoteError:
            return ()  # most sites have none; that is no news
        return news_sitemaps(robots.body, robots.url)

    async def _ask_all(self, hints: Iterable[Hint], *, most: int) -> list[tuple[Hint, ...]]:
        """Asks those that were not asked yet, up to `most`; what the pages among the answers name."""
        fresh: dict[str, Hint] = {}
        for hint in hints:
            if place(hint.url) not in self._asked:
                fresh.setdefault(place(hint.url), hint)
        chosen = list(fresh.items())[: min(most, self._left)]
        for _, hint in chosen:
            self._turn(hint.url)
        places = asyncio.Semaphore(_AT_ONCE)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._ask(hint, places)) for _, hint in chosen]
        return [task.result() for task in tasks]

    async def _ask(self, hint: Hint, places: asyncio.Semaphore) -> tuple[Hint, ...]:
        async with places:
            try:
                answer = await self._get(hint.url)
                looked = await self._look(answer)
            except (RemoteError, InputError) as error:
                self._tried.append(Tried(hint.url, str(error)))
                return ()
        self._note(hint, answer, looked)
        return looked.hints

    async def _get(self, url: str) -> Response:
        self._left -= 1
        return await self._web.get(url, headers=_HEADERS)

    async def _look(self, answer: Response) -> Look:
        if answer.status not in _OK:
            raise RemoteError(f"{answer.url} answered {answer.status}", status=answer.status)
        kind = answer.headers.get("Content-Type")
        return await self._offload.run(look, answer.body, answer.url, kind, timeout_seconds=_LOOK_SECONDS)

    def _note(self, hint: Hint, answer: Response, looked: Look) -> None:
        if looked.feed is not None:
            self._hits.append(_Hit(hint, answer.url, looked.feed))
        else:
            self._tried.append(Tried(hint.url, looked.why_not))


def _rank(hit: _Hit) -> tuple[bool, int]:
    """Feeds of comments last, then by how sure the way was; within that, the order of the page."""
    about_comments = hit.hint.is_comments or is_comments(hit.hint.url, hit.feed.title)
    return about_comments, list(How).index(hit.hint.how)


def _shown(hit: _Hit) -> Found:
    feed = hit.feed
    return Found(hit.hint.url, feed.title, feed.language, feed.entries, feed.latest, hit.hint.how)
