"""Stage five: the digest of a story that somebody waits for; written once, never once a subscriber."""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot.digests.bundled import plain
from bot.logs import get_logger
from bot.model import Article, Digest, Evidence, Source
from bot.storage import stories as store
from bot.storage.claims import MAX_CLAIMS, let_go
from bot.storage.database import Database
from bot.storage.stories import DigestWanted, StoryEntry
from bot.storage.tables import digests
from bot.times import utc_now

_log = get_logger(__name__)

# A summariser that has failed twice, by raising or with the process, will again: then by the words alone.
_TRIES = 2
# One claim a digest: the lease is for a slow model, and whoever stands behind one that fails must not wait
# for it to end.
_BATCH = 1

Summariser = Callable[[Sequence[Article], Sequence[Source]], Digest]


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
        summarise = partial(self._summariser_for(wanted.attempts), articles_of(entries), sources_of(entries))
        digest = traced(await _aside(summarise), entries)
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
            sentences=len(digest.sentences),
            sources=len(digest.sources),
            independent=digest.independent,
            seconds=round(seconds, 3),
        )

    def _summariser_for(self, attempts: int) -> Summariser:
        """A poorer digest, and in the end the headline alone, is better than no alert."""
        if attempts >= MAX_CLAIMS:
            return headline_only
        return plain if attempts > _TRIES else self._summariser


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
    """What the summariser reads: whole articles before bare summaries, and no text that another repeats."""
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
        for entry in _told(entries)
    ]


def sources_of(entries: Sequence[StoryEntry]) -> list[Source]:
    """The outlets, each once, in the order they reported; a copy names the outlet whose wording it has.

    An outlet that also reported in its own words is no copy.
    """
    entries = _standing(entries)
    origin = _origins(entries)
    sources: dict[str, Source] = {}
    for entry in sorted(entries, key=lambda entry: entry.bare):
        first = origin[entry.id]
        copied = None if first.outlet == entry.outlet else first.outlet
        known = sources.setdefault(
            entry.outlet, Source(entry.outlet, entry.title, entry.url, bare=entry.bare, copy_of=copied)
        )
        if copied is None and known.copy_of is not None:
            sources[entry.outlet] = replace(known, copy_of=None)
    return list(sources.values())


def traced(digest: Digest, entries: Sequence[StoryEntry]) -> Digest:
    """The digest with each passage as it stands in its entry today, and how many sources are no copies."""
    told = _told(entries)

    def trace(one: Evidence) -> Evidence:
        entry = told[one.article]
        passage = entry.text[one.start : one.end]
        return replace(one, entry=entry.id, outlet=entry.outlet, url=entry.url, passage=passage)

    return replace(
        digest,
        evidence=tuple(tuple(map(trace, passages)) for passages in digest.evidence),
        independent=sum(source.copy_of is None for source in sources_of(entries)),
    )


def _told(entries: Sequence[StoryEntry]) -> list[StoryEntry]:
    """The entries that a digest's evidence counts: of each wording the fullest, the oldest first."""
    entries = _standing(entries)
    origin = _origins(entries)
    told: dict[int, StoryEntry] = {}
    for entry in sorted(entries, key=lambda entry: entry.bare):
        told.setdefault(origin[entry.id].id, entry)
    return list(told.values())


def _standing(entries: Sequence[StoryEntry]) -> Sequence[StoryEntry]:
    """Those whose publishers stand by them; all where none does, for an alert is owed even then."""
    return [entry for entry in entries if not entry.withdrawn] or entries


def _origins(entries: Sequence[StoryEntry]) -> dict[int, StoryEntry]:
    """For each entry's id the one of these whose wording it repeats; itself where it repeats none of them."""
    by_id = {entry.id: entry for entry in entries}
    origins = {}
    for entry in entries:
        first, seen = entry, {entry.id}
        while first.copy_of_id in by_id and first.copy_of_id not in seen:
            first = by_id[first.copy_of_id]
            seen.add(first.id)
        origins[entry.id] = first
    return origins
