"""Stage five: the digest of a story that somebody waits for; written once, never once a subscriber."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from bot.digests.lead import lead
from bot.logs import get_logger
from bot.model import Article, Digest, Source
from bot.storage import stories as store
from bot.storage.claims import MAX_CLAIMS
from bot.storage.database import Database
from bot.storage.stories import DigestWanted, StoryEntry
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

    async def step(self) -> bool:
        """One batch; whether there may be more."""
        claim = partial(store.claim_wanted, now=utc_now(), lease=self._lease, limit=_BATCH)
        found, claimed = await self._database.write(claim)
        for digest_id in claimed.parked:
            _log.error("digest_parked", digest_id=digest_id, mend="needtoknow retry")
        for wanted in found:
            await self._write(wanted)
        return bool(found)

    async def drain(self, timeout_seconds: float) -> None:
        """Nothing is left under way between steps."""

    async def _write(self, wanted: DigestWanted) -> None:
        found = await self._database.read(lambda c: store.load_stories(c, [wanted.story_id]))
        entries = found[0].entries if found else ()
        began = time.perf_counter()
        # The last claim before it would be parked: an alert without a digest is better than none.
        summariser = headline_only if wanted.claims >= MAX_CLAIMS else self._summariser
        digest = await asyncio.to_thread(summariser, articles_of(entries), sources_of(entries))
        seconds = time.perf_counter() - began
        await self._database.write(
            lambda c: store.record_digest(c, wanted.id, digest, seconds=seconds, now=utc_now())
        )
        _log.info(
            "digest_written",
            story_id=wanted.story_id,
            revision=wanted.revision,
            model=digest.model,
            sentences=len(digest.need_to_know) + len(digest.details) + len(digest.next),
            sources=len(digest.sources),
            seconds=round(seconds, 3),
        )


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
