"""Entries that their publisher restates once readers have had them: read again, judged, and let be.

Such an entry goes its way once more, as a row like any other: to be read (with what readers were told kept
beside it), then to be judged against that, in one transaction, by the stage that grouped it before.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.model import EntryState
from bot.storage.claims import RELEASED
from bot.storage.tables import entries, feeds, stories

STILL_NEWS = timedelta(days=3)
"""How long after its arrival a restated entry is read again; nobody is told of what they have forgotten."""


@dataclass(frozen=True, slots=True)
class Restated:
    """An entry with what its readers were told, `was_…`; `gone` says that its page is no more."""

    id: int
    story_id: int | None
    outlet: str
    headline: str
    text: str
    was_headline: str
    was_text: str
    gone: bool
    backlog: bool


def reopen(
    connection: sa.Connection,
    entry_id: int,
    *,
    now: datetime,
    title: str | None = None,
    summary: str | None = None,
    url: str | None = None,
) -> bool:
    """Has a grouped entry's article read again, as its feed states it now; whether it is recent enough.

    What readers were told stays beside it until it is judged, however often it is restated meanwhile.
    """
    values: dict[str, Any] = {"title": title, "summary": summary, "url": url}
    values = {name: value for name, value in values.items() if value is not None}
    if title is not None:
        # As the page has it, as long as the feed's own title is the same: they are not alike to begin with.
        values["headline"] = sa.case((entries.c.title == title, entries.c.headline), else_=None)
    result = connection.execute(
        sa.update(entries)
        .where(
            entries.c.id == entry_id,
            entries.c.state == EntryState.GROUPED,
            entries.c.story_id.is_not(None),
            entries.c.backlog.is_(sa.false()),
            entries.c.withdrawn_at.is_(None),
            entries.c.arrived_at > now - STILL_NEWS,
        )
        .values(
            state=EntryState.NEW,
            due_at=now,
            was_headline=sa.func.coalesce(entries.c.was_headline, entries.c.headline, entries.c.title),
            was_text=sa.func.coalesce(entries.c.was_text, entries.c.text, ""),
            **values,
            **RELEASED,
        )
    )
    return result.rowcount == 1


def missed(connection: sa.Connection, entry_id: int, *, now: datetime, again_at: datetime) -> bool:
    """The page of a restated entry is gone, for the first time: noted, and asked once more then.

    False where it was gone before: then it is so. A page may be away for a minute while it is published anew.
    """
    result = connection.execute(
        sa.update(entries)
        .where(
            entries.c.id == entry_id,
            entries.c.state == EntryState.NEW,
            entries.c.was_text.is_not(None),
            entries.c.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now, due_at=again_at, **RELEASED)
    )
    return result.rowcount == 1


def load(connection: sa.Connection, entry_id: int) -> Restated | None:
    """The entry beside what was told of it; None where it is gone, or was never told."""
    row = connection.execute(
        sa.select(entries, feeds.c.name).join(feeds).where(entries.c.id == entry_id)
    ).one_or_none()
    if row is None or row.was_text is None:
        return None
    return Restated(
        id=row.id,
        story_id=row.story_id,
        outlet=row.name,
        headline=row.headline or row.title,
        text=row.text or "",
        was_headline=row.was_headline or "",
        was_text=row.was_text,
        gone=row.withdrawn_at is not None,
        backlog=row.backlog,
    )


def settle(connection: sa.Connection, entry_id: int, *, withdrawn_at: datetime | None) -> None:
    """Judged: what readers were told need not be kept, and the entry stays in its story."""
    connection.execute(
        sa.update(entries)
        .where(entries.c.id == entry_id)
        .values(
            state=EntryState.GROUPED, was_headline=None, was_text=None, withdrawn_at=withdrawn_at, **RELEASED
        )
    )


def revise(connection: sa.Connection, story_id: int, *, now: datetime) -> int:
    """The story's next revision, due for matching: what it says has changed. Returns its number."""
    connection.execute(
        sa.update(stories)
        .where(stories.c.id == story_id)
        .values(revision=stories.c.revision + 1, due_at=now, **RELEASED)
    )
    return int(
        connection.execute(sa.select(stories.c.revision).where(stories.c.id == story_id)).scalar() or 0
    )
