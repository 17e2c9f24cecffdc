"""Claiming rows: the safety net of every stage.

A claim counts the attempt and moves the row's due time ahead by a lease, in a transaction of its own. An
exception, a kill and a power cut then come to the same thing: the row comes back when the lease ends. A row
that has come back twice is claimed alone, so that it can hurt nobody but itself; after five claims without an
outcome it is parked: reported once, and left where it is for `needtoknow retry`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.storage import tables

MAX_CLAIMS = 5
_SUSPECT = 2
RELEASED: dict[str, Any] = {"claims": 0, "claimed_at": None}
"""What an outcome writes back, whatever else it writes."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """The rows now ours, and the ids of those just parked."""

    ids: Sequence[int]
    parked: Sequence[int] = ()


def claim(
    connection: sa.Connection,
    table: sa.Table,
    ready: sa.ColumnElement[bool],
    *,
    now: datetime,
    lease: timedelta,
    limit: int,
) -> Claimed:
    """Takes up to `limit` rows that are `ready` and due, oldest due first."""
    due = sa.and_(ready, table.c.due_at <= now)
    parked = (
        connection.execute(
            sa.update(table)
            .where(due, table.c.claims >= MAX_CLAIMS, table.c.claimed_at.is_not(None))
            .values(claimed_at=None)
            .returning(table.c.id)
        )
        .scalars()
        .all()
    )
    rows = connection.execute(
        sa.select(table.c.id, table.c.claims)
        .where(due, table.c.claims < MAX_CLAIMS)
        .order_by(table.c.due_at, table.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=table)
    ).all()
    if rows and rows[0].claims >= _SUSPECT:
        ids = [rows[0].id]
    else:
        ids = [row.id for row in rows if row.claims < _SUSPECT]
    take(connection, table, ids, now=now, lease=lease)
    return Claimed(ids, parked)


def take(
    connection: sa.Connection, table: sa.Table, ids: Sequence[int], *, now: datetime, lease: timedelta
) -> None:
    """Writes the claim on rows that the caller has chosen (and, in PostgreSQL, locked)."""
    if ids:
        connection.execute(
            sa.update(table)
            .where(table.c.id.in_(ids))
            .values(due_at=now + lease, claims=table.c.claims + 1, claimed_at=now)
        )


def take_back(connection: sa.Connection, *, now: datetime) -> int:
    """Every claim of a process that is gone, made due again at once; only for the one owner of a database.

    A delivery gets its count back: it runs no foreign code, so the process did not die of it, and it must
    never be parked because the machine went down five times.
    """
    count = 0
    for table in tables.CLAIMED:
        back: dict[str, Any] = {"due_at": now, "claimed_at": None}
        if table is tables.deliveries:
            back["claims"] = table.c.claims - 1
        held = sa.and_(table.c.claimed_at.is_not(None), table.c.claims < MAX_CLAIMS)
        count += connection.execute(sa.update(table).where(held).values(back)).rowcount
    return count


def retry_parked(connection: sa.Connection, *, now: datetime) -> int:
    """Every parked row, due again at once with a clean count."""
    return sum(
        connection.execute(
            sa.update(table).where(table.c.claims >= MAX_CLAIMS).values(due_at=now, **RELEASED)
        ).rowcount
        for table in tables.CLAIMED
    )
