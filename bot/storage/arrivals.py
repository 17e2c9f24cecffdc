"""Which stories have changed, and when each came out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.storage.tables import entries, stories


@dataclass(frozen=True, slots=True)
class Listed:
    """A story's state: it has changed when this has.

    Matching counts too: a story that an older version grouped gets its topics there.
    """

    id: int
    revision: int
    updated_at: datetime
    matched_revision: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a story came out, and how many entries it has; `at` is None where nobody knows."""

    at: datetime | None
    entries: int


def changed(connection: sa.Connection, *, since: datetime, limit: int) -> list[Listed]:
    """The stories updated since then that are no part of another, the newest first."""
    rows = connection.execute(
        sa.select(*(stories.c[name] for name in ("id", "revision", "updated_at", "matched_revision")))
        .where(stories.c.updated_at >= since, stories.c.merged_into_id.is_(None))
        .order_by(stories.c.updated_at.desc(), stories.c.id.desc())
        .limit(limit)
    )
    return [Listed(*row) for row in rows]


def of_stories(connection: sa.Connection, ids: Sequence[int]) -> dict[int, Arrival]:
    """When each of these stories came out, and how many entries it has.

    A story comes out when its first news arrives. One that is all backlog, of feeds that were not read yet,
    would have come when its publishers date it: what has no date may be years old, and nobody knows when.
    """
    is_news = entries.c.backlog.is_(sa.false())
    dated = sa.and_(~is_news, entries.c.published_at < entries.c.arrived_at)
    rows = connection.execute(
        sa.select(
            entries.c.story_id,
            sa.func.min(sa.case((is_news, entries.c.arrived_at))),
            sa.func.min(sa.case((dated, entries.c.published_at))),
            sa.func.count(),
        )
        .where(entries.c.story_id.in_(ids))
        .group_by(entries.c.story_id)
    )
    return {
        story_id: Arrival(published if arrived is None else arrived, count)
        for story_id, arrived, published, count in rows
    }
