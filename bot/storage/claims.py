"""Claiming rows: the safety net of every stage.

A claim counts the attempt and moves the row's due time ahead by a lease, in a transaction of its own. An
exception, a kill and a power cut then come to the same thing: the row comes back when the lease ends. A row
that has come back twice makes a claim of its own, so that what it spoils is its own batch; after five claims
without an outcome it is parked: reported once, and left where it is for `needtoknow retry`.

When the whole process died, the row is hardly ever to blame: whoever restarts a machine five times in a bad
minute must not lose an alert by it. So a death is counted apart, and only 25 of them in a row park it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa

from bot.storage import tables
from bot.storage.database import Database
from bot.times import utc_now

MAX_CLAIMS = 5
MAX_DEATHS = 25
_SUSPECT = 2
RELEASED: dict[str, Any] = {"claims": 0, "deaths": 0, "claimed_at": None}
"""What an outcome writes back, whatever else it writes."""


class Row(Protocol):
    """Whatever has the id of a claimed row."""

    @property
    def id(self) -> int:
        """The id."""


R = TypeVar("R", bound=Row)
S = TypeVar("S")
T = TypeVar("T")


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
    parked = park(connection, table, ready, now=now)
    rows = connection.execute(
        sa.select(table.c.id, table.c.claims + table.c.deaths)
        .where(ready, table.c.due_at <= now, live(table))
        .order_by(table.c.due_at, table.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=table)
    ).all()
    ids = unsuspected([(row_id, count) for row_id, count in rows])
    take(connection, table, ids, now=now, lease=lease)
    return Claimed(ids, parked)


def park(
    connection: sa.Connection, table: sa.Table, ready: sa.ColumnElement[bool], *, now: datetime
) -> Sequence[int]:
    """The rows that have just used up their claims or deaths, each told once."""
    return (
        connection.execute(
            sa.update(table)
            .where(ready, table.c.due_at <= now, sa.not_(live(table)), table.c.claimed_at.is_not(None))
            .values(claimed_at=None)
            .returning(table.c.id)
        )
        .scalars()
        .all()
    )


def unsuspected(rows: Sequence[tuple[int, int]]) -> list[int]:
    """Of (id, attempts) the ids to claim together: a row that has come back twice is claimed alone."""
    if rows and rows[0][1] >= _SUSPECT:
        return [rows[0][0]]
    return [row_id for row_id, count in rows if count < _SUSPECT]


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


def live(table: sa.Table) -> sa.ColumnElement[bool]:
    """That a row is not parked."""
    return sa.and_(table.c.claims < MAX_CLAIMS, table.c.deaths < MAX_DEATHS)


def let_go(connection: sa.Connection, table: sa.Table, ids: Sequence[int], *, now: datetime) -> None:
    """Claims that nobody acted on: due again at once, and not counted as an attempt."""
    connection.execute(
        sa.update(table)
        .where(table.c.id.in_(ids), table.c.claimed_at.is_not(None))
        .values(due_at=now, claims=table.c.claims - 1, claimed_at=None)
    )


def take_back(connection: sa.Connection, *, now: datetime) -> int:
    """Every claim of a process that is gone, made due again at once; only for the one owner of a database."""
    return sum(
        connection.execute(
            sa.update(table)
            .where(table.c.claimed_at.is_not(None), live(table))
            .values(
                due_at=now,
                claims=table.c.claims - 1,
                deaths=table.c.deaths + 1,
                # The last death parks the row: still held, it is found and reported by the next claim.
                claimed_at=sa.case((table.c.deaths + 1 >= MAX_DEATHS, table.c.claimed_at), else_=None),
            )
        ).rowcount
        for table in tables.CLAIMED
    )


def retry_parked(connection: sa.Connection, *, now: datetime) -> int:
    """Every parked row, due again at once with a clean count; not one whose last attempt is under way."""
    return sum(
        connection.execute(
            sa.update(table)
            .where(sa.not_(live(table)), table.c.claimed_at.is_(None) | (table.c.due_at <= now))
            .values(due_at=now, **RELEASED)
        ).rowcount
        for table in tables.CLAIMED
    )


async def one_by_one(
    database: Database, table: sa.Table, rows: Sequence[R], work: Callable[[sa.Connection, R], T]
) -> list[T]:
    """`work` on each claimed row, each in a transaction of its own.

    When one raises, those behind it are let go at once: they must not wait for its lease to end.
    """
    done: list[T] = []
    try:
        for row in rows:
            done.append(await database.write(partial(_swapped, work, row)))  # noqa: PERF401 - see `finally`
    finally:
        behind = [row.id for row in rows[len(done) + 1 :]]
        if behind:
            await database.write(partial(let_go, table=table, ids=behind, now=utc_now()))
    return done


async def together(
    database: Database,
    work: Callable[[sa.Connection, Sequence[S]], object],
    things: Sequence[S],
    then: Callable[[sa.Connection], T],
) -> T:
    """`work` on all of `things` and `then`, in one transaction; returns what `then` does.

    When the database refuses it, each thing has a transaction of its own, so that a row that cannot be
    written spoils nothing but itself; its error comes out once the others are there.
    """
    try:
        return await database.write(partial(_all, work, things, then))
    except sa.exc.SQLAlchemyError:
        if not things:
            raise
    refused = None
    for one in things:
        try:
            await database.write(partial(_swapped, work, [one]))
        except sa.exc.SQLAlchemyError as error:
            refused = error
    if refused is not None:
        raise refused
    return await database.write(then)


def _all(
    work: Callable[[sa.Connection, Sequence[S]], object],
    things: Sequence[S],
    then: Callable[[sa.Connection], T],
    connection: sa.Connection,
) -> T:
    if things:
        work(connection, things)
    return then(connection)


def _swapped(work: Callable[[sa.Connection, S], T], thing: S, connection: sa.Connection) -> T:
    return work(connection, thing)
