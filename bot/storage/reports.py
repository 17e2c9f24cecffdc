"""A story's reports, as what is new in it and how much it matters are judged by them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.storage.tables import entries, feeds, stories


@dataclass(frozen=True, slots=True)
class ReportRow:
    """An entry of a story: its wording, whose it is, and whether it is a witness of its own."""

    id: int
    outlet: str
    weight: float
    topic: str | None
    title: str
    text: str
    language: str | None
    arrived_at: datetime
    is_copy: bool
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a story stands: its revision, and how much it was found to matter."""

    revision: int
    importance: int


def load(connection: sa.Connection, story_id: int) -> list[ReportRow]:
    """The story's reports, in order of arrival."""
    rows = connection.execute(
        sa.select(
            entries, feeds.c.name, feeds.c.weight, feeds.c.topic, feeds.c.language.label("feed_language")
        )
        .join(feeds)
        .where(entries.c.story_id == story_id)
        .order_by(entries.c.arrived_at, entries.c.id)
    )
    return [
        ReportRow(
            id=row.id,
            outlet=row.name,
            weight=row.weight,
            topic=row.topic,
            title=row.headline or row.title,
            text=row.text or "",
            language=row.language or row.feed_language,
            arrived_at=row.arrived_at,
            is_copy=row.copy_of_id is not None,
            is_withdrawn=row.withdrawn_at is not None,
        )
        for row in rows
    ]


def standing(connection: sa.Connection, story_id: int) -> Standing:
    """Where the story stands now."""
    row = connection.execute(
        sa.select(stories.c.revision, stories.c.importance).where(stories.c.id == story_id)
    ).one()
    return Standing(row.revision, row.importance)


def record_standing(
    connection: sa.Connection,
    story_id: int,
    *,
    importance: int,
    because: Sequence[str],
    independent: int,
    topics: Mapping[str, str] | None = None,
) -> None:
    """How much the story matters, why, how many tell it of their own, and its topics with the reasons."""
    values = {"importance": importance, "importance_because": list(because), "independent": independent}
    known = {} if topics is None else {"topics": dict(topics)}
    connection.execute(sa.update(stories).where(stories.c.id == story_id).values(**values, **known))
