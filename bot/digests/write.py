"""Stage five: the digest of a story that somebody waits for; written once, never once a subscriber."""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial

from bot.digests.lead import lead
from bot.logs import get_logger
from bot.model import Article, Digest, Source
from bot.storage import stories as store
from bot.storage.claims import MAX_CLAIMS, let_go
from bot.storage.database import Database
from bot.storage.stories import DigestWanted, StoryEntry
from bot.storage.tables import digests
from bot.times import utc_now

_log = get_logger(__name__)

# One claim a digest: the lease is for a slow model, and whoever stands behind one that fails must not wait
# for it to end.
_BATCH = 1

Summariser = Callable[[Sequence[Article], Sequence[Source]], Digest]


def lead_summariser(articles: Sequence[Article], sources: Sequence[Source]) -> Digest:
    """The default: extractive, with no model."""
    return lead(articles, sources=sources)


def headline_only(articles: Sequence[Article], sources: Sequence[Source]) -> Digest:
    """What is left when every summariser has failed: the headline and the links, which is still an alert."""
    headline = next((article.title for article in articles if article.title), "")
    return Digest(headline, (), (), (), model="headline", sources=tuple(sources))


class Write:
    """Claims digests that are wanted and writes each in a thread, so that the loop stays free."""

    name = "write"

    def __init__(self, *, database: Database, summariser: Summariser, lease: timedelta) -> None:
        self._database = database
        self._summariser = summariser
        self._lease = lease
        self._cut_off: list[int] = []

    async def step(self) -> bool:
        """One batch; whether there may be more."""
        claim = partial(store.claim_wanted, now=utc_now(), lease=self._lease, limit=_BATCH)
        found, claimed = await self._database.write(claim)
        for digest_id in claimed.parked:
            _log.error("digest_parked", digest_id=digest_id, mend="needtoknow retry")
        for wanted in found:
            try:
                await self._write(wanted)
            except asyncio.CancelledError:
                self._cut_off = [wanted.id]
                raise
        return bool(found)

    async def drain(self, timeout_seconds: float) -> None:  # noqa: ARG002 - it waits for nothing
        """Lets go of a digest that was cut off: it is due again, and being stopped is no fault of its own."""
        if self._cut_off:
            await self._database.write(partial(let_go, table=digests, ids=self._cut_off, now=utc_now()))

    async def _write(self, wanted: DigestWanted) -> None:
        found = await self._database.read(lambda c: store.load_stories(c, [wanted.story_id]))
        entries = found[0].entries if found else ()
        began = time.perf_counter()
        # An alert without a digest is better than none, whether the summariser raises or kills the process.
        summariser = headline_only if wanted.attempts >= MAX_CLAIMS else self._summariser
        digest = await _aside(partial(summariser, articles_of(entries), sources_of(entries)))
        seconds = time.perf_counter() - began
        is_first = await self._database.write(
            lambda c: store.record_digest(c, wanted.id, digest, seconds=seconds, now=utc_now())
        )
        if not is_first:
            _log.info("digest_late", story_id=wanted.story_id, revision=wanted.revision, model=digest.model)
            return
        _log.info(
            "digest_written",
            story_id=wanted.story_id,
            revision=wanted.revision,
            model=digest.model,
            sentences=len(digest.need_to_know) + len(digest.details) + len(digest.next),
            sources=len(digest.sources),
            seconds=round(seconds, 3),
        )


async def _aside(work: Callable[[], Digest]) -> Digest:
    """The result of `work`, done in a thread that nobody waits for at the end of the process.

    A model may take minutes over a digest, and no thread can be stopped. For asyncio's own threads the
    process would wait; this one goes down with it, and the digest is written at the next start.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Digest] = loop.create_future()

    def tell(digest: Digest | None, error: BaseException | None) -> None:
        if done.cancelled():
            return
        if digest is not None:
            done.set_result(digest)
        elif error is not None:
            done.set_exception(error)

    def run() -> None:
        digest, error = None, None
        try:
            digest = work()
        except BaseException as raised:  # noqa: BLE001 - it is raised again where it is awaited
            error = raised
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(tell, digest, error)

    threading.Thread(target=run, name="digest", daemon=True).start()
    return await done


def articles_of(entries: Sequence[StoryEntry]) -> list[Article]:
    """The entries as the summariser reads them: whole articles before bare summaries."""
    return [
        Article(
            title=entry.title,
            text=entry.text,
            url=entry.url,
            published_at=entry.published_at,
            language=entry.language,
            site=entry.outlet,
            bare=entry.bare,
        )
        for entry in sorted(entries, key=lambda entry: entry.bare)
    ]


def sources_of(entries: Sequence[StoryEntry]) -> list[Source]:
    """The outlets, each once, in the order they reported."""
    sources: dict[str, Source] = {}
    for entry in sorted(entries, key=lambda entry: entry.bare):
        sources.setdefault(entry.outlet, Source(entry.outlet, entry.title, entry.url, bare=entry.bare))
    return list(sources.values())
