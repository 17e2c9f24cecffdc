"""The grouping stage over a database in memory: the very code that runs in the bot, on lines of a file."""

from datetime import datetime

import sqlalchemy as sa

from bot.storage.database import Database
from bot.storage.entries import EntryForStory
from bot.storage.tables import entries, feeds, metadata
from bot.stories.group import group_one
from bot.times import utc_now


class Grouping:
    """Takes entries in order and names the story of each; every line counts as another outlet's."""

    def __init__(self) -> None:
        self._database = Database("sqlite://")
        self._database.write_now(metadata.create_all)
        self._count = 0

    def add(self, *, title: str, text: str, arrived_at: datetime | None) -> int:
        """The number of the entry's story; `arrived_at` (now, when None) limits how far back it looks."""
        self._count += 1
        at = arrived_at or utc_now()
        number = self._count

        def work(connection: sa.Connection) -> int:
            feed = {
                "id": number,
                "url": str(number),
                "name": str(number),
                "interval_seconds": 0,
                "due_at": at,
            }
            connection.execute(sa.insert(feeds).values(feed))
            row = {
                "id": number,
                "feed_id": number,
                "key_hash": str(number),
                "title": title,
                "text": text,
                "summary": "",
                "arrived_at": at,
                "backlog": False,
                "due_at": at,
            }
            connection.execute(sa.insert(entries).values(row))
            group_one(connection, EntryForStory(number, number, title, None, text, at, backlog=False))
            story = connection.execute(sa.select(entries.c.story_id).where(entries.c.id == number)).scalar()
            return int(story or 0)

        return self._database.write_now(work)

    def close(self) -> None:
        """Lets the database go."""
        self._database.close()
