"""What entries mean, as the encoder has it, and the openings that stories are compared by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from bot.storage.database import insert_new
from bot.storage.tables import entries, meanings

_STORED = np.dtype("<f2")
_BITE = 500  # ids a query: SQLite takes 32,766 values in one, PostgreSQL 65,535


@dataclass(frozen=True, slots=True)
class Meaning:
    """An entry's meaning, (384,) of unit length, and when it arrived."""

    entry_id: int
    arrived_at: datetime
    vector: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Opening:
    """An entry as stories are compared: its headline, and its text as far as that was asked for."""

    entry_id: int
    feed_id: int
    title: str
    url: str | None
    text: str
    author: str | None


def save(connection: sa.Connection, meaning: Meaning) -> None:
    """What the entry means; what it meant before, if it was restated, is forgotten."""
    values = {
        "vector": meaning.vector.astype(_STORED).tobytes(),
        "arrived_at": meaning.arrived_at,
    }
    changed = connection.execute(
        sa.update(meanings).where(meanings.c.entry_id == meaning.entry_id).values(values)
    )
    if not changed.rowcount:
        connection.execute(insert_new(connection, meanings).values(entry_id=meaning.entry_id, **values))


def known(connection: sa.Connection, *, since: datetime) -> list[int]:
    """The entries that arrived since then and whose meaning is known."""
    return list(
        connection.execute(
            sa.select(meanings.c.entry_id).where(meanings.c.arrived_at >= since).order_by(meanings.c.entry_id)
        ).scalars()
    )


def load(connection: sa.Connection, ids: Sequence[int]) -> list[Meaning]:
    """The meanings of these entries, as far as they are known."""
    found = []
    for start in range(0, len(ids), _BITE):
        some = meanings.c.entry_id.in_(ids[start : start + _BITE])
        for row in connection.execute(sa.select(meanings).where(some).order_by(meanings.c.entry_id)):
            vector = np.frombuffer(row.vector, dtype=_STORED).astype(np.float32)
            found.append(Meaning(row.entry_id, row.arrived_at, vector))
    return found


def stories_of(connection: sa.Connection, ids: Sequence[int]) -> dict[int, int]:
    """The story of each of these entries that has one."""
    rows = connection.execute(
        sa.select(entries.c.id, entries.c.story_id).where(
            entries.c.id.in_(ids), entries.c.story_id.is_not(None)
        )
    )
    return {row.id: row.story_id for row in rows}


def members(connection: sa.Connection, story_ids: Sequence[int], *, since: datetime) -> dict[int, list[int]]:
    """The entries of each story that arrived since then, the oldest first."""
    rows = connection.execute(
        sa.select(entries.c.id, entries.c.story_id)
        .where(entries.c.story_id.in_(story_ids), entries.c.arrived_at >= since)
        .order_by(entries.c.id)
    )
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(row.story_id, []).append(row.id)
    return found


def of_stories(connection: sa.Connection, story_ids: Sequence[int]) -> dict[int, NDArray[np.float32]]:
    """What each of the stories means: the mean of its entries' meanings, (384,) of unit length."""
    sums: dict[int, NDArray[np.float32]] = {}
    for start in range(0, len(story_ids), _BITE):
        some = entries.c.story_id.in_(story_ids[start : start + _BITE])
        query = sa.select(entries.c.story_id, meanings.c.vector).join(meanings).where(some)
        for row in connection.execute(query):
            vector = np.frombuffer(row.vector, dtype=_STORED).astype(np.float32)
            sums[row.story_id] = sums[row.story_id] + vector if row.story_id in sums else vector
    return {story_id: total / max(float(np.linalg.norm(total)), 1e-9) for story_id, total in sums.items()}


def bound(connection: sa.Connection, ids: Sequence[int]) -> frozenset[int]:
    """Those of the entries whose wording says where they belong ("same link", "same headline")."""
    rows = connection.execute(
        sa.select(entries.c.id).where(entries.c.id.in_(ids), entries.c.joined_because.startswith("same "))
    )
    return frozenset(rows.scalars())


def openings(connection: sa.Connection, ids: Sequence[int], *, length: int) -> list[Opening]:
    """The entries with the first `length` characters of their texts."""
    found = []
    for start in range(0, len(ids), _BITE):
        rows = connection.execute(
            sa.select(
                entries.c.id,
                entries.c.feed_id,
                sa.func.coalesce(entries.c.headline, entries.c.title).label("title"),
                entries.c.url,
                entries.c.author,
                sa.func.substr(sa.func.coalesce(entries.c.text, ""), 1, length).label("text"),
            )
            .where(entries.c.id.in_(ids[start : start + _BITE]))
            .order_by(entries.c.id)
        )
        found += [Opening(r.id, r.feed_id, r.title, r.url, r.text, r.author) for r in rows]
    return found
