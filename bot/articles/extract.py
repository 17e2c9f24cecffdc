"""Stage two: the page an entry links to is read for its text; where there is none, the summary serves."""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from bot.articles.readable import from_summary, readable
from bot.articles.urls import canonical, is_web
from bot.errors import InputError, RemoteError
from bot.logs import get_logger
from bot.model import Article
from bot.offload import Offload
from bot.slots import Slots
from bot.storage import entries as store
from bot.storage.database import Database
from bot.storage.entries import EntryForArticle
from bot.text import squash
from bot.times import utc_now
from bot.web import Response, Web

_log = get_logger(__name__)

_SLOTS = 24
_PER_HOST = 2
_FETCH_SECONDS = 12.0  # an alert waits for the page no longer than this
_READ_SECONDS = 10.0  # of CPU, for one page; then it is bare
_WAIT_SECONDS = 0.25
_MAX_TEXT = 200_000
# A server that was silent so often in a row is not waited for again for so long: its entries are bare, and
# the pages of others have the slots.
_SILENCES = 2
_SILENT_FOR = timedelta(minutes=1)
_HTML = ("text/html", "application/xhtml+xml")


class Extract:
    """Claims new entries and reads each one's page in a slot of its own."""

    name = "extract"

    def __init__(self, *, database: Database, web: Web, offload: Offload, lease: timedelta) -> None:
        self._database = database
        self._web = web
        self._offload = offload
        self._lease = lease
        self._slots = Slots(_SLOTS, name=self.name)
        # Weak: a host that nobody waits for is forgotten.
        self._turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._silent: dict[str, tuple[int, datetime]] = {}

    async def step(self) -> bool:
        """One claim, or one wait for what is under way; whether there is more."""
        found: list[EntryForArticle] = []
        if self._slots.free:
            claim = partial(store.claim_new, now=utc_now(), lease=self._lease, limit=self._slots.free)
            found, claimed = await self._database.write(claim)
            for entry_id in claimed.parked:
                _log.error("entry_parked", entry_id=entry_id, stage=self.name, mend="needtoknow retry")
        for entry in found:
            self._slots.start(self._extract(entry))
        if not self._slots.busy:
            return False
        await self._slots.wait(_WAIT_SECONDS)
        return True

    async def drain(self, timeout_seconds: float) -> None:
        """Lets pages in hand finish."""
        await self._slots.drain(timeout_seconds)

    async def _extract(self, entry: EntryForArticle) -> None:
        article = await self._read(entry)
        if article is None:
            article = await self._summary(entry)
        article = Article(
            title=squash(article.title) or entry.title,
            text=article.text[:_MAX_TEXT].replace("\0", ""),
            # The link as the feed gave it, less its tracking: where a page redirects to (a consent wall, a
            # login) and what it calls canonical (a section front) are shared by pages that are not the same.
            url=canonical(entry.url) if entry.url else None,
            language=article.language or entry.language,
            bare=article.bare,
        )
        await self._database.write(lambda c: store.record_article(c, entry.id, article, now=utc_now()))
        _log.debug(
            "article_read", entry_id=entry.id, url=entry.url, bare=article.bare, chars=len(article.text)
        )

    async def _read(self, entry: EntryForArticle) -> Article | None:
        if entry.url is None or not is_web(entry.url):
            return None
        try:
            page = await self._page(entry.url)
            if page is None:
                return None
            kind = page.headers.get("Content-Type", "text/html").partition(";")[0].strip().lower()
            if page.status != 200 or kind not in _HTML:  # noqa: PLR2004 - HTTP's OK
                _log.info("page_refused", url=entry.url, status=page.status, content_type=kind)
                return None
            return await self._offload.run(
                _readable, page.body, page.url, entry.title, timeout_seconds=_READ_SECONDS
            )
        except (RemoteError, InputError) as error:
            _log.info("page_unread", url=entry.url, error=str(error))
            return None

    async def _summary(self, entry: EntryForArticle) -> Article:
        # In a child, as pages are: HTML made to hurt takes the parser 15 s, and the loop would stand still.
        try:
            return await self._offload.run(
                _from_summary, entry.title, entry.summary, entry.url, timeout_seconds=_READ_SECONDS
            )
        except InputError as error:
            _log.info("summary_unread", entry_id=entry.id, error=str(error))
            return Article(title=entry.title, text="", url=entry.url, bare=True)

    async def _page(self, url: str) -> Response | None:
        host = urlsplit(url).hostname or ""
        turn = self._turns.setdefault(host, asyncio.Semaphore(_PER_HOST))
        async with turn:
            now = utc_now()
            self._silent = {name: s for name, s in self._silent.items() if now - s[1] < _SILENT_FOR}
            count = self._silent.get(host, (0, now))[0]
            if count >= _SILENCES:
                _log.info("page_unread", url=url, error=f"{host} was silent just now")
                return None
            try:
                page = await self._get(url)
            except RemoteError as error:
                if error.unreachable:
                    count = self._silent.get(host, (0, now))[0]
                    self._silent[host] = (count + 1, utc_now())
                raise
        self._silent.pop(host, None)
        return page

    async def _get(self, url: str) -> Response:
        try:
            async with asyncio.timeout(_FETCH_SECONDS):
                return await self._web.get(url, headers={"Accept": "text/html,application/xhtml+xml"})
        except TimeoutError as error:
            raise RemoteError(f"{url} gave no page in {_FETCH_SECONDS:g} s", unreachable=True) from error


def _readable(body: bytes, url: str, title: str) -> Article | None:
    return readable(body, url=url, fallback_title=title)


def _from_summary(title: str, summary: str, url: str | None) -> Article:
    return from_summary(title, summary, url=url)
