"""The grouping stage over a database in memory: the very code that runs in the bot, on lines of a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import sqlalchemy as sa

from bot.model import EntryState
from bot.storage.database import Database
from bot.storage.entries import EntryForStory
from bot.storage.tables import entries, feeds, metadata
from bot.stories.group import Encodes, Prepared, group_one, prepare
from bot.stories.window import Window
from bot.times import utc_now


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of nobody's feed; `arrived_at` (now, when None) limits how far back it looks."""

    title: str
    text: str
    arrived_at: datetime | None = None
    url: str | None = None


class Grouping:
    """Takes entries in order and names the story of each; every line counts as another outlet's.

    But for those with links: their outlets are the links' hosts.
    """

    def __init__(self, encoder: Encodes) -> None:
        self._database = Database("sqlite://")
        self._database.write_now(metadata.create_all)
        self._encoder = encoder
        self._window = Window()
        self._count = 0

    def add(self, *, title: str, text: str, arrived_at: datetime | None) -> int:
        """The number of the entry's story, as things stand; it may be merged or parted later."""
        (story,) = self.add_all([Line(title, text, arrived_at)])
        return story

    def add_all(self, lines: Sequence[Line]) -> list[int]:
        """The numbers of the entries' stories, as things stand when each has been added."""
        found = [self._entry(line) for line in lines]
        prepared = prepare(found, self._encoder)
        return [self._database.write_now(partial(self._group, given=given)) for given in prepared]

    def stories(self) -> list[int]:
        """The story of every entry so far, in order, as they are now."""
        query = sa.select(entries.c.story_id).order_by(entries.c.id)
        return self._database.write_now(lambda c: [int(one) for one in c.execute(query).scalars()])

    def reasons(self) -> list[str]:
        """Why each entry so far is where it is."""
        query = sa.select(entries.c.joined_because).order_by(entries.c.id)
        return self._database.write_now(lambda c: [str(one) for one in c.execute(query).scalars()])

    def _entry(self, line: Line) -> EntryForStory:
        self._count += 1
        number, at = self._count, line.arrived_at or utc_now()
        return EntryForStory(number, number, line.title, line.url, line.text, at, backlog=False)

    def _group(self, connection: sa.Connection, given: Prepared) -> int:
        entry = given.entry
        feed = {"id": entry.id, "url": str(entry.id), "name": str(entry.id), "interval_seconds": 0}
        connection.execute(sa.insert(feeds).values(feed | {"due_at": entry.arrived_at}))
        row = {
            "id": entry.id,
            "feed_id": entry.feed_id,
            "key_hash": str(entry.id),
            "title": entry.title,
            "url": entry.url,
            "text": entry.text,
            "summary": "",
            "arrived_at": entry.arrived_at,
            "backlog": False,
            "state": EntryState.READY,
            "due_at": entry.arrived_at,
        }
        connection.execute(sa.insert(entries).values(row))
        group_one(connection, given, window=self._window)
        return int(
            connection.execute(sa.select(entries.c.story_id).where(entries.c.id == entry.id)).scalar() or 0
        )

    def close(self) -> None:
        """Lets the database go."""
        self._database.close()
