"""What feeds have shown: marks, the items that wear them, new entries and their later versions."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import sqlalchemy as sa

from bot.model import EntryState
from bot.storage.database import insert_many
from bot.storage.restated import reopen
from bot.storage.tables import entries, seen, versions

_SOME = 500  # SQLite takes a limited number of parameters
_MOST_VERSIONS = 20  # a page that counts its comments in the summary must not fill the disk
_TOUCH_AFTER = timedelta(days=1)
_STATED = ("key_hash", "title", "url", "summary", "published_at", "text_hash")
# Made once: to make one with a hundred values takes SQLAlchemy longer than to run it.
_WHO_WORE = sa.select(seen.c.mark, seen.c.item).where(
    seen.c.feed_id == sa.bindparam("feed_id"), seen.c.mark.in_(sa.bindparam("marks", expanding=True))
)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry that the feed had not shown before; `key_hash` names its item."""

    key_hash: str
    title: str
    url: str | None
    summary: str
    published_at: datetime | None
    text_hash: str | None = None


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """An entry of an item that is still kept."""

    id: int
    key_hash: str
    title: str
    published_at: datetime | None
    text_hash: str | None
    state: EntryState
    url: str | None = None


def seen_items(connection: sa.Connection, feed_id: int, marks: Collection[str]) -> dict[str, str]:
    """The items that have worn these marks, by mark."""
    found: dict[str, str] = {}
    for some in _in_bites(list(marks)):
        rows = connection.execute(_WHO_WORE, {"feed_id": feed_id, "marks": some})
        found.update((mark, item) for mark, item in rows)
    return found


def has_shown_anything(connection: sa.Connection, feed_id: int) -> bool:
    """Whether any item of the feed has ever been seen."""
    return (
        connection.execute(sa.select(seen.c.mark).where(seen.c.feed_id == feed_id).limit(1)).first()
        is not None
    )


def kept_entries(connection: sa.Connection, feed_id: int, items: Collection[str]) -> dict[str, KeptEntry]:
    """The entries of these items, by item; one that was forgotten is missing."""
    found: dict[str, KeptEntry] = {}
    for some in _in_bites(list(items)):
        found.update(_kept(connection, feed_id, entries.c.key_hash.in_(some)))
    return found


def entries_titled(connection: sa.Connection, feed_id: int, titles: Collection[str]) -> dict[str, KeptEntry]:
    """The feed's entries with one of these titles, by item."""
    found: dict[str, KeptEntry] = {}
    for some in _in_bites(list(titles)):
        found.update(_kept(connection, feed_id, entries.c.title.in_(some)))
    return found


def add_entries(
    connection: sa.Connection, feed_id: int, new: Sequence[NewEntry], *, backlog: bool, now: datetime
) -> None:
    """New entries, to be read."""
    rows = [(one.key_hash, one.title, one.url, one.summary, one.published_at, one.text_hash) for one in new]
    insert_many(
        *(connection, entries, _STATED, rows), feed_id=feed_id, arrived_at=now, backlog=backlog, due_at=now
    )


def add_version(connection: sa.Connection, entry: KeptEntry, stated: NewEntry, *, now: datetime) -> bool:
    """What the feed says now of an entry that it stated otherwise before; whether it was kept.

    An entry whose page is still to be read simply takes the newer text. One that has a story already is read
    again, and judged against what its readers were told.
    """
    if entry.state == EntryState.READY:
        return False  # on its way to its story: as long as its hash is not taken, the next poll asks again
    values = {"text_hash": stated.text_hash}
    if entry.state == EntryState.NEW:
        values |= {"title": stated.title, "summary": stated.summary}
    connection.execute(sa.update(entries).where(entries.c.id == entry.id).values(values))
    if entry.state == EntryState.NEW:
        return False
    last = sa.select(sa.func.max(versions.c.number)).where(versions.c.entry_id == entry.id)
    number = (connection.execute(last).scalar() or 1) + 1
    if number > _MOST_VERSIONS:
        return False
    connection.execute(
        sa.insert(versions).values(
            entry_id=entry.id, number=number, title=stated.title, summary=stated.summary, stated_at=now
        )
    )
    reopen(connection, entry.id, now=now, title=stated.title, summary=stated.summary, url=stated.url)
    return True


def wear(
    connection: sa.Connection,
    feed_id: int,
    worn: Mapping[str, str],
    *,
    before: Mapping[str, str],
    now: datetime,
) -> None:
    """Remembers which item wears which mark; `before` is what was known of these marks.

    What a feed still lists must be remembered for as long as it does; once a day is often enough to say so.
    """
    new = [(mark, item) for mark, item in worn.items() if mark not in before]
    insert_many(connection, seen, ("mark", "item"), new, feed_id=feed_id, seen_at=now)
    for some in _in_bites([mark for mark in worn if mark in before]):
        old = sa.and_(seen.c.feed_id == feed_id, seen.c.mark.in_(some), seen.c.seen_at < now - _TOUCH_AFTER)
        connection.execute(sa.update(seen).where(old).values(seen_at=now))


def _kept(
    connection: sa.Connection, feed_id: int, which: sa.ColumnElement[bool]
) -> Iterator[tuple[str, KeptEntry]]:
    rows = connection.execute(
        sa.select(
            entries.c.id,
            entries.c.key_hash,
            entries.c.title,
            entries.c.published_at,
            entries.c.text_hash,
            entries.c.state,
            entries.c.url,
        ).where(entries.c.feed_id == feed_id, which)
    )
    for row in rows:
        yield (
            row.key_hash,
            KeptEntry(
                row.id,
                row.key_hash,
                row.title,
                row.published_at,
                row.text_hash,
                EntryState(row.state),
                row.url,
            ),
        )


def _in_bites(things: Sequence[T]) -> Iterable[Sequence[T]]:
    return (things[start : start + _SOME] for start in range(0, len(things), _SOME))
