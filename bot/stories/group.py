"""Stage three: entries that tell the same event join one story."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from bot.encoder import opening
from bot.links import host_of
from bot.logs import get_logger
from bot.storage import entries as store
from bot.storage import meanings as meanings_store
from bot.storage import stories
from bot.storage.claims import Claimed, one_by_one
from bot.storage.database import Database
from bot.storage.entries import EntryForStory
from bot.storage.meanings import Meaning, Opening
from bot.storage.tables import entries
from bot.stories import follow, repair
from bot.stories.alike import Side
from bot.stories.cluster import Joined, Neighbour, Started, decide
from bot.stories.copies import Telling, copied, wire
from bot.stories.fingerprint import Fingerprint, fingerprint, marks
from bot.stories.profile import OPENING, Profile, profile
from bot.stories.window import WINDOW, Window, outlet_of
from bot.times import utc_now

_log = get_logger(__name__)

_BATCH = 50
_MOST_TOLD = 20  # entries of a story that a copy is looked for in


class Encodes(Protocol):
    """What turns texts into meanings."""

    def meanings(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit vector of 384 numbers for each text."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An entry with all that can be known of it by itself; `id` is the entry's."""

    id: int
    entry: EntryForStory
    meaning: Meaning
    words: Profile
    print: Fingerprint
    marks: tuple[int, ...]


class Group:
    """Claims entries that were read, and finds or starts the story of each."""

    name = "group"

    def __init__(
        self,
        *,
        database: Database,
        encoder: Encodes,
        lease: timedelta,
        topics: follow.Topics | None = None,
    ) -> None:
        self._database = database
        self._encoder = encoder
        self._lease = lease
        self._topics = topics
        self._window = Window()

    async def step(self) -> bool:
        """One batch; whether there may be more."""

        def claim(connection: sa.Connection) -> tuple[list[EntryForStory], Claimed]:
            return store.claim_ready(connection, now=utc_now(), lease=self._lease, limit=_BATCH)

        found, claimed = await self._database.write(claim)
        for entry_id in claimed.parked:
            _log.error("entry_parked", entry_id=entry_id, stage=self.name, mend="needtoknow retry")
        if not found:
            return False
        await self._database.read(partial(self._window.refresh, now=utc_now()))
        # Outside of any transaction: half a second of work for a batch.
        prepared = await asyncio.to_thread(prepare, found, self._encoder)
        # One transaction an entry: each must see the stories that those before it have started.
        work = partial(group_one, window=self._window, topics=self._topics)
        outcomes = Counter(await one_by_one(self._database, entries, prepared, work))
        _log.info(
            "entries_grouped",
            started=outcomes[Started],
            joined=outcomes[Joined],
            late_or_restated=outcomes[None],
        )
        return True

    async def drain(self, timeout_seconds: float) -> None:
        """Nothing is left under way between steps."""


def prepare(found: Sequence[EntryForStory], encoder: Encodes) -> list[Prepared]:
    """The entries with what they mean and say; slow, and needs no database."""
    vectors = encoder.meanings([opening(one.title, one.text) for one in found])
    prepared = []
    for entry, vector in zip(found, vectors, strict=True):
        print_ = fingerprint(entry.title, entry.text, entry.url)
        prepared.append(
            Prepared(
                id=entry.id,
                entry=entry,
                meaning=Meaning(entry.id, entry.arrived_at, vector),
                words=profile(entry.title, entry.text),
                print=print_,
                marks=tuple(marks(print_)),
            )
        )
    return prepared


def group_one(
    connection: sa.Connection, given: Prepared, *, window: Window, topics: follow.Topics | None = None
) -> type[Joined | Started] | None:
    """Finds or starts the entry's story, and stores why; None for one that has its story already."""
    stories.take_turn(connection)
    entry = given.entry
    if not store.is_ready(connection, entry.id):
        return None  # another process was quicker, after our lease had run out
    now = utc_now()
    if entry.story_id is not None:
        follow.restated(connection, entry, now=now, topics=topics)
        return None
    window.refresh(connection, now=now)
    itself = _take_in(connection, given, window)
    since = entry.arrived_at - WINDOW
    decision = decide(
        given.print,
        feed_id=entry.feed_id,
        neighbours=_neighbours(connection, given, since=since),
        itself=itself,
        standing=repair.standing(connection, window, itself, since=since),
    )
    match decision:
        case Joined(story_id=story_id):
            is_free = repair.is_free(connection, story_id)
            store.grow_story(connection, story_id, entry, now=now)
        case Started():
            is_free = False  # nothing to repair yet
            story_id = store.start_story(connection, entry, now=now)
    store.record_story(
        connection,
        entry,
        story_id=story_id,
        because=decision.because,
        marks=given.marks,
        copy_of_id=_copied(connection, given, story_id, since=since),
    )
    if is_free:
        story_id = repair.look_again(connection, window, story_id, newest=entry.id, since=since, now=now)
    joined = isinstance(decision, Joined)
    follow.told(connection, story_id=story_id, entry=entry, joined=joined, now=now, topics=topics)
    return type(decision)


def _take_in(connection: sa.Connection, given: Prepared, window: Window) -> Side:
    meanings_store.save(connection, given.meaning)
    window.add(given.meaning)
    window.rarity.add(given.words)
    return window.keep(given.id, given.words, outlet=outlet_of(given.entry.url, given.entry.feed_id))


def _neighbours(connection: sa.Connection, given: Prepared, *, since: datetime) -> list[Neighbour]:
    return [
        Neighbour(c.story_id, c.feed_id, fingerprint(c.title, c.text, c.url))
        for c in store.candidates(connection, given.marks, since=since)
    ]


def _copied(connection: sa.Connection, given: Prepared, story_id: int, *, since: datetime) -> int | None:
    earlier = meanings_store.members(connection, [story_id], since=since).get(story_id, [])
    if not earlier:
        return None
    # The oldest first: a copy is one of the first that told it.
    tellings = meanings_store.openings(connection, [*earlier[:_MOST_TOLD], given.id], length=OPENING)
    mine = next(_telling(one) for one in tellings if one.entry_id == given.id)
    return copied(mine, [_telling(one) for one in tellings if one.entry_id != given.id])


def _telling(opening: Opening) -> Telling:
    return Telling(
        entry_id=opening.entry_id,
        outlet=outlet_of(opening.url, opening.feed_id),
        wire=wire(opening.text, host=host_of(opening.url or ""), author=opening.author),
        print=fingerprint(opening.title, opening.text, opening.url),
    )
