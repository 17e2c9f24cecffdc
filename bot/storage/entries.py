"""Entries on their way from a feed to a story."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.model import Article, EntryState
from bot.storage.claims import RELEASED, Claimed, claim
from bot.storage.tables import entries, feeds, fingerprints, stories

_LONGEST_LANGUAGE = 16  # characters; what a page calls its language is no tag if it is longer


@dataclass(frozen=True, slots=True)
class EntryForArticle:
    """An entry whose article is to be read."""

    id: int
    title: str
    url: str | None
    summary: str
    language: str | None


@dataclass(frozen=True, slots=True)
class EntryForStory:
    """An entry whose article was read and whose story is to be found."""

    id: int
    feed_id: int
    title: str
    url: str | None
    text: str
    arrived_at: datetime
    backlog: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry of an existing story that shares a mark with a new one."""

    story_id: int
    entry_id: int
    feed_id: int
    title: str
    url: str | None
    text: str


def claim_new(
    connection: sa.Connection, *, now: datetime, lease: timedelta, limit: int
) -> tuple[list[EntryForArticle], Claimed]:
    """Entries whose article is still to be read, claimed."""
    claimed = claim(connection, entries, entries.c.state == EntryState.NEW, now=now, lease=lease, limit=limit)
    rows = connection.execute(
        sa.select(entries, feeds.c.language.label("feed_language"))
        .join(feeds)
        .where(entries.c.id.in_(claimed.ids))
    )
    found = [EntryForArticle(r.id, r.title, r.url, r.summary, r.feed_language) for r in rows]
    return found, claimed


def record_article(connection: sa.Connection, entry_id: int, article: Article, *, now: datetime) -> None:
    """The article text (or the feed's own summary), and on to the next stage."""
    connection.execute(
        sa.update(entries)
        .where(entries.c.id == entry_id)
        .values(
            state=EntryState.READY,
            headline=article.title,
            text=article.text,
            url=article.url,
            bare=article.bare,
            language=article.language if len(article.language or "") <= _LONGEST_LANGUAGE else None,
            due_at=now,
            **RELEASED,
        )
    )


def claim_ready(
    connection: sa.Connection, *, now: datetime, lease: timedelta, limit: int
) -> tuple[list[EntryForStory], Claimed]:
    """Entries to be grouped, claimed, in order of arrival."""
    claimed = claim(
        connection, entries, entries.c.state == EntryState.READY, now=now, lease=lease, limit=limit
    )
    rows = connection.execute(sa.select(entries).where(entries.c.id.in_(claimed.ids)).order_by(entries.c.id))
    found = [
        EntryForStory(r.id, r.feed_id, r.headline or r.title, r.url, r.text or "", r.arrived_at, r.backlog)
        for r in rows
    ]
    return found, claimed


def candidates(connection: sa.Connection, marks: Sequence[int], *, since: datetime) -> list[Candidate]:
    """Grouped entries since then that share a mark, the oldest first."""
    if not marks:
        return []
    shared = (
        sa.select(fingerprints.c.entry_id)
        .where(fingerprints.c.mark.in_(marks), fingerprints.c.arrived_at >= since)
        .distinct()
    )
    rows = connection.execute(
        sa.select(entries)
        .where(entries.c.id.in_(shared), entries.c.story_id.is_not(None))
        .order_by(entries.c.id)
        .limit(50)
    )
    return [Candidate(r.story_id, r.id, r.feed_id, r.headline or r.title, r.url, r.text or "") for r in rows]


def start_story(connection: sa.Connection, entry: EntryForStory, *, now: datetime) -> int:
    """A new story with this entry as its first; a backlog entry makes one that is matched already."""
    result = connection.execute(
        sa.insert(stories).values(
            title=entry.title,
            started_at=entry.arrived_at,
            updated_at=entry.arrived_at,
            due_at=now,
            matched_revision=1 if entry.backlog else 0,
        )
    )
    return int(result.inserted_primary_key[0]) if result.inserted_primary_key else 0


def grow_story(connection: sa.Connection, story_id: int, entry: EntryForStory, *, now: datetime) -> None:
    """One more entry: the revision grows, and the story is due for matching, unless all it got is backlog."""
    values: dict[str, object] = {"revision": stories.c.revision + 1, "updated_at": _later(entry.arrived_at)}
    if entry.backlog:
        # Only a story that was matched in full stays so; one that waits for matching goes on waiting.
        values["matched_revision"] = sa.case(
            (stories.c.matched_revision == stories.c.revision, stories.c.revision + 1),
            else_=stories.c.matched_revision,
        )
    else:
        values |= {"due_at": now, **RELEASED}
    connection.execute(sa.update(stories).where(stories.c.id == story_id).values(values))


def _later(at: datetime) -> sa.ColumnElement[datetime]:
    # An entry that comes late must not make the story old, and so forgotten.
    return sa.case(
        (stories.c.updated_at < at, sa.literal(at, stories.c.updated_at.type)), else_=stories.c.updated_at
    )


def record_story(
    connection: sa.Connection, entry: EntryForStory, *, story_id: int, because: str, marks: Sequence[int]
) -> None:
    """Where the entry belongs and why, and the marks by which later ones find it."""
    connection.execute(
        sa.update(entries)
        .where(entries.c.id == entry.id)
        .values(state=EntryState.GROUPED, story_id=story_id, joined_because=because, **RELEASED)
    )
    if marks:
        connection.execute(
            sa.insert(fingerprints),
            [{"entry_id": entry.id, "mark": mark, "arrived_at": entry.arrived_at} for mark in marks],
        )
