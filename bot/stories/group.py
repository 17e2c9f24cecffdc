"""Stage three: entries that tell the same news join one story."""

from collections import Counter
from datetime import timedelta

import sqlalchemy as sa

from bot.logs import get_logger
from bot.storage import entries as store
from bot.storage import stories
from bot.storage.claims import Claimed, one_by_one
from bot.storage.database import Database
from bot.storage.entries import EntryForStory
from bot.storage.tables import entries
from bot.stories.cluster import Joined, Neighbour, Started, decide
from bot.stories.fingerprint import fingerprint, marks
from bot.times import utc_now

_log = get_logger(__name__)

_BATCH = 50
WINDOW = timedelta(days=3)
"""How far back an entry looks for its story."""


class Group:
    """Claims entries that were read, and finds or starts the story of each."""

    name = "group"

    def __init__(self, *, database: Database, lease: timedelta) -> None:
        self._database = database
        self._lease = lease

    async def step(self) -> bool:
        """One batch; whether there may be more."""

        def claim(connection: sa.Connection) -> tuple[list[EntryForStory], Claimed]:
            return store.claim_ready(connection, now=utc_now(), lease=self._lease, limit=_BATCH)

        found, claimed = await self._database.write(claim)
        for entry_id in claimed.parked:
            _log.error("entry_parked", entry_id=entry_id, stage=self.name, mend="needtoknow retry")
        if not found:
            return False
        # One transaction an entry: each must see the stories that those before it have started.
        outcomes = Counter(await one_by_one(self._database, entries, found, group_one))
        _log.info("entries_grouped", started=outcomes[Started], joined=outcomes[Joined])
        return True

    async def drain(self, timeout_seconds: float) -> None:
        """Nothing is left under way between steps."""


def group_one(connection: sa.Connection, entry: EntryForStory) -> type[Joined | Started]:
    """Finds or starts the entry's story, and stores why."""
    stories.take_turn(connection)
    now = utc_now()
    print_ = fingerprint(entry.title, entry.text, entry.url)
    own_marks = marks(print_)
    neighbours = [
        Neighbour(c.story_id, c.feed_id, fingerprint(c.title, c.text, c.url))
        for c in store.candidates(connection, own_marks, since=entry.arrived_at - WINDOW)
    ]
    decision = decide(print_, feed_id=entry.feed_id, neighbours=neighbours)
    match decision:
        case Joined(story_id=story_id):
            store.grow_story(connection, story_id, entry, now=now)
        case Started():
            story_id = store.start_story(connection, entry, now=now)
    store.record_story(connection, entry, story_id=story_id, because=decision.because, marks=own_marks)
    return type(decision)
