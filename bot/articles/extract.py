"""Stage two: the page an entry links to is read for its text; where there is none, the feed's own serves."""

import asyncio
import re
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from functools import partial
from html import unescape

from bot.articles.pages import GONE, NoPage, Page, Pages, Turn
from bot.articles.readable import from_summary, read_page
from bot.articles.robots import Robots
from bot.articles.urls import better_url
from bot.errors import InputError, OwnNetworkError
from bot.links import canonical, is_web
from bot.logs import get_logger
from bot.model import Article
from bot.offload import Offload
from bot.slots import Slots
from bot.storage import entries as store
from bot.storage import restated
from bot.storage.database import Database
from bot.storage.entries import EntryForArticle
from bot.text import squash, words
from bot.times import utc_now
from bot.web import Web

_log = get_logger(__name__)

_SLOTS = 24
# Between two requests to one host: what its own readers would hardly notice, and the usual of polite robots.
_DELAY = timedelta(seconds=1)
_READ_SECONDS = 10.0  # of CPU, for one page; then it is bare
_WAIT_SECONDS = 0.25
_MAX_TEXT = 200_000
# Our own network's trouble is not the page's: it is asked again, until the news would be too late.
_NETWORK_WAIT = timedelta(seconds=30)
_NETWORK_PATIENCE = timedelta(minutes=10)
# A page that is away for a minute, while it is published anew, has not been withdrawn.
_GONE_WAIT = timedelta(minutes=15)
# A feed that gives so many words of an entry, and does not break off, gives the whole article.
_WHOLE_WORDS = 250
_WHOLE_CHARS = 1_000  # fewer than that are never so many words
_LONGEST_SUMMARY = 50_000  # characters; of more, `from_summary` reads only the beginning
_TAG = re.compile(r"<[^<>]*>")
_CUT_OFF = re.compile(
    r"\[\s*(?:…|\.{3})\s*\]|(?:…|\.{3}|\b(?:(?:read|see|learn|find out) more|continue reading|keep reading"
    r"|(?:read|view) the (?:full|whole|rest|entire)\b[^.!?]{0,60}|more on [^.!?]{1,60}))\W*$",
    re.IGNORECASE,
)
# A site that wants 30 s between two pages would keep the twentieth story of an hour for ten minutes.
_HOST_PATIENCE = timedelta(minutes=1)
_TAIL = 500  # characters of a summary in which it would say that it breaks off


class Extract:
    """Claims new entries and reads each one's page in a slot of its own.

    `delay` is the least time between two requests to one host, but for those that are `ours`.
    """

    name = "extract"

    def __init__(
        self,
        *,
        database: Database,
        web: Web,
        offload: Offload,
        lease: timedelta,
        delay: timedelta = _DELAY,
        robots: Robots | None = None,
        ours: Collection[str] = (),
    ) -> None:
        self._database = database
        self._offload = offload
        self._lease = lease
        self._slots = Slots(_SLOTS, name=self.name)
        robots = robots or Robots(web=web, offload=offload)
        self._pages = Pages(web=web, robots=robots, delay_seconds=delay.total_seconds(), ours=ours)

    async def step(self) -> bool:
        """One claim, or one wait for what is under way; whether there is more."""
        withheld = False
        busy = self._pages.busy()
        if self._slots.free:
            found, claimed = await self._database.write(
                partial(
                    store.claim_new,
                    now=utc_now(),
                    lease=self._lease,
                    limit=self._slots.free,
                    busy=busy,
                    per_host=1,  # the next one when this one's turn is known
                    late_before=utc_now() - _HOST_PATIENCE,
                )
            )
            withheld = claimed.withheld
            for entry_id in claimed.parked:
                _log.error("entry_parked", entry_id=entry_id, stage=self.name, mend="needtoknow retry")
            for entry in found:
                turn = self._pages.hold(entry.host) if entry.host and entry.host not in busy else None
                self._slots.start(self._extract(entry, turn))
        if not self._slots.busy and not withheld:
            return False
        seconds = self._pages.soonest(_WAIT_SECONDS) if withheld else _WAIT_SECONDS
        if self._slots.busy:
            await self._slots.wait(seconds)
        else:
            await asyncio.sleep(seconds)
        return True

    async def drain(self, timeout_seconds: float) -> None:
        """Lets pages in hand finish."""
        await self._slots.drain(timeout_seconds)

    async def _extract(self, entry: EntryForArticle, turn: Turn | None) -> None:
        try:
            article, because = await self._read(entry, turn)
        except OwnNetworkError as error:
            if entry.restated or utc_now() - entry.arrived_at < _NETWORK_PATIENCE:
                due_at = utc_now() + _NETWORK_WAIT
                await self._database.write(lambda c: store.put_off(c, entry.id, due_at=due_at))
                _log.info("article_put_off", entry_id=entry.id, url=entry.url, error=str(error))
                return
            article, because = None, "our own network was down"
        finally:
            if turn is not None:
                self._pages.let_go(turn)
        gone = entry.restated and because in GONE
        if gone and not entry.missing:
            now = utc_now()
            await self._database.write(
                lambda c: restated.missed(c, entry.id, now=now, again_at=now + _GONE_WAIT)
            )
            _log.info("article_gone", entry_id=entry.id, url=entry.url, because=because)
            return
        if article is None:
            article = await self._summary(entry)
        article = replace(
            article,
            title=squash(article.title) or entry.title,
            text=article.text[:_MAX_TEXT].replace("\0", ""),
            language=article.language or entry.language,
        )
        is_ours = await self._database.write(
            lambda c: store.record_article(
                c, entry.id, article, bare_because=because, gone=gone, now=utc_now()
            )
        )
        _log.debug(
            "article_read" if is_ours else "article_came_late",
            entry_id=entry.id,
            url=entry.url,
            bare=article.bare,
            because=because,
            chars=len(article.text),
        )

    async def _read(self, entry: EntryForArticle, turn: Turn | None) -> tuple[Article | None, str | None]:
        """The whole article; or None and why the feed's own text must serve. Raises OwnNetworkError."""
        if not entry.full_text:
            return None, "full text is off for this feed"
        whole = await self._whole(entry)
        if whole is not None:
            return whole, None
        if entry.url is None or not is_web(entry.url):
            return None, "no link"
        if turn is None:
            return None, "its host is too busy"
        page = await self._pages.get(entry.url, turn)
        if isinstance(page, NoPage):
            return None, page.because
        article = await self._article(page, entry)
        if isinstance(article, NoPage):
            return None, article.because
        proper = better_url(page.url, article.canonical_url)
        found = await self._at(proper, entry) if proper else None
        if found is not None:
            return found, None
        # The link as the feed gave it, less its tracking: where a page redirects to (a consent wall, a
        # login) and what it calls canonical (a section front) are shared by pages that are not the same.
        return replace(article, url=canonical(entry.url)), None

    async def _at(self, url: str, entry: EntryForArticle) -> Article | None:
        """The article at its proper address, where the feed links to the page for phones or for printing."""
        try:
            page = await self._pages.get_another(url)
        except OwnNetworkError:
            return None  # what we have is good enough
        article = page if isinstance(page, NoPage) else await self._article(page, entry)
        if isinstance(article, NoPage):
            _log.info("proper_page_unread", url=url, because=article.because)
            return None
        return replace(article, url=canonical(url))

    async def _article(self, page: Page, entry: EntryForArticle) -> Article | NoPage:
        try:
            article = await self._offload.run(
                read_page, page.body, page.url, entry.title, timeout_seconds=_READ_SECONDS
            )
        except InputError as error:
            _log.info("page_unread", url=page.url, error=str(error))
            is_late = isinstance(error.__cause__, TimeoutError)
            return NoPage("took too long" if is_late else "the page could not be read")
        return NoPage("no text found") if article is None else article

    async def _whole(self, entry: EntryForArticle) -> Article | None:
        """The article, where the feed gives all of it: then its site need not be asked."""
        if not _WHOLE_CHARS <= len(entry.summary) <= _LONGEST_SUMMARY or _breaks_off(entry.summary):
            return None
        article = await self._summary(entry)
        if len(words(article.text)) < _WHOLE_WORDS or _breaks_off(article.text):
            return None
        return replace(article, bare=False)

    async def _summary(self, entry: EntryForArticle) -> Article:
        url = canonical(entry.url) if entry.url else None
        # In a child, as pages are: HTML made to hurt takes the parser 15 s, and the loop would stand still.
        try:
            return await self._offload.run(
                partial(from_summary, url=url), entry.title, entry.summary, timeout_seconds=_READ_SECONDS
            )
        except InputError as error:
            _log.info("summary_unread", entry_id=entry.id, error=str(error))
            return Article(title=entry.title, text="", url=url, bare=True)


def _breaks_off(summary: str) -> bool:
    tail = unescape(_TAG.sub(" ", summary[-_TAIL:]))
    return _CUT_OFF.search(tail.rstrip()) is not None
