"""The database's one door: an engine, one writer thread, two reader threads, whole transactions.

Synchronous SQLAlchemy in a thread of its own does seven times the work of aiosqlite here; with one writer
there is nobody to wait for, and a transaction is simply a function of a connection.
"""

import asyncio
import fcntl
import sqlite3
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from functools import lru_cache
from itertools import repeat
from pathlib import Path
from typing import IO, Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite

from bot.errors import StorageError

T = TypeVar("T")
Work = Callable[[sa.Connection], T]

_SQLITE_BEGINS = b"SQLite format 3\0"  # https://www.sqlite.org/fileformat2.html#magic_header_string


class Database:
    """Runs functions of a connection, each as one transaction.

    `url` is an SQLAlchemy URL, or `postgresql://…` as people write it. Raises StorageError when it cannot be
    opened.
    """

    def __init__(self, url: str) -> None:
        self.url = parse_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._lock: IO[str] | None = None
        if self.is_sqlite and self.path:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StorageError(f"cannot make the directory of {self.path}: {error}") from error
        self.engine = _engine(self.url)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="database-writer", initializer=_give_way)
        # SQLite in memory (tests) has one connection, so its reads stand in the writer's queue.
        in_memory = self.is_sqlite and self.path is None
        self._reader = (
            self._writer if in_memory else ThreadPoolExecutor(2, thread_name_prefix="database-reader")
        )

    @property
    def path(self) -> Path | None:
        """The SQLite file; None for PostgreSQL and for a database in memory."""
        name = self.url.database
        return Path(name) if self.is_sqlite and name and name != ":memory:" else None

    async def write(self, work: Work[T]) -> T:
        """`work` in one writing transaction: committed when it returns, rolled back when it raises."""
        return await asyncio.get_running_loop().run_in_executor(self._writer, self.write_now, work)

    async def read(self, work: Work[T]) -> T:
        """`work` in one reading transaction, beside the writer."""
        return await asyncio.get_running_loop().run_in_executor(self._reader, self._read_now, work)

    def write_now(self, work: Work[T]) -> T:
        """The same as `write`, on the calling thread: for the command line and for tests."""
        with self.engine.connect() as connection:
            connection.execution_options(writes=True)
            with connection.begin():
                return work(connection)

    def _read_now(self, work: Work[T]) -> T:
        with self.engine.connect() as connection, connection.begin():
            return work(connection)

    def own(self) -> None:
        """Makes sure that no other process works on this SQLite file; raises StorageError when one does.

        The lock dies with the process, however it dies, so whoever holds it may take back every claim.
        """
        if self.path is None:
            return
        lock = self.path.with_name(self.path.name + ".lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise StorageError(f"another needtoknow is running on {self.path}; stop it first") from error
        self._lock = lock

    def erase(self) -> None:
        """Deletes the SQLite file; only for a database that is made anew at every start, and `own`ed."""
        if self.path is not None:
            for suffix in ("", "-wal", "-shm"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)

    def backup(self, target: Path) -> None:
        """A consistent copy of the SQLite file, made while others read and write; never half a file."""
        if self.path is None:
            raise StorageError("backup copies SQLite only; use pg_dump for PostgreSQL")
        if not self.path.exists():
            raise StorageError(f"there is no database at {self.path} yet")
        if target.resolve() == self.path.resolve():
            # The bot would go on writing to a file that has no name any more.
            raise StorageError(f"{target} is the database itself; name another file for the backup")
        partial = target.with_name(target.name + ".partial")
        try:
            _check_target(target)
            partial.unlink(missing_ok=True)
            with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(partial)) as copy:
                source.backup(copy)
            partial.replace(target)
        except (OSError, sqlite3.Error) as error:
            with suppress(OSError):
                partial.unlink()
            raise StorageError(f"cannot write the backup {target}: {error}") from error

    def close(self) -> None:
        """Waits for the work in hand, then lets go of everything."""
        self._reader.shutdown(wait=True)
        self._writer.shutdown(wait=True)
        self.engine.dispose()
        if self._lock:
            self._lock.close()


def _check_target(target: Path) -> None:
    """A backup takes the place of nothing but another, or of an empty file."""
    if target.is_dir():
        raise StorageError(f"{target} is a directory; name a file for the backup")
    if not target.parent.is_dir():
        raise StorageError(f"there is no directory {target.parent} for the backup")
    if not target.exists():
        return
    if not target.is_file():
        raise StorageError(f"{target} is no file; name another for the backup")
    with target.open("rb") as file:
        beginning = file.read(len(_SQLITE_BEGINS))
    if beginning not in {b"", _SQLITE_BEGINS}:
        raise StorageError(f"{target} is not an SQLite database; it is left as it is: name another file")


def _give_way() -> None:
    # SQLite lets other threads run at each row it writes; to be let in again, the writer would wait for up to
    # 5 ms each time that the event loop is busy. With this, first polls are a fifth faster.
    sys.setswitchinterval(0.0005)


def insert_new(connection: sa.Connection, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that leaves alone the rows that are there already; each dialect spells it its own way."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing()


def insert_many(
    connection: sa.Connection,
    table: sa.Table,
    names: tuple[str, ...],
    rows: Sequence[tuple[Any, ...]],
    **same: Any,
) -> None:
    """Inserts the rows that are new; values in the order of `names`, `same` is what they all have alike.

    A row of `entries` takes 5 µs, the database's work included, and 9 the way SQLAlchemy does it.
    """
    if not rows:
        return
    text, mends, is_positional = _insert(connection.dialect, table, (*names, *same))
    stated = dict(zip(names, zip(*rows, strict=True), strict=True))
    columns: list[Iterable[Any]] = [
        map(mend, stated[name]) if name in stated else repeat(mend(same[name]))
        for name, mend in mends.items()
    ]
    bound = list(zip(*columns, strict=False))  # what is alike has no end
    if is_positional:
        connection.exec_driver_sql(text, bound)
    else:
        connection.exec_driver_sql(text, [dict(zip(mends, row, strict=True)) for row in bound])


@lru_cache(maxsize=16)
def _insert(
    dialect: sa.Dialect, table: sa.Table, names: tuple[str, ...]
) -> tuple[str, dict[str, Callable[[Any], Any]], bool]:
    """The statement, what makes the value of each column fit, and whether values go by their places."""
    columns = [column for column in table.columns if column.name in names]  # as the statement has them
    values = {column: sa.bindparam(column.name, type_=column.type) for column in columns}
    # A row that is there already stays: then another process, or a push, has entered it meanwhile.
    insert = postgresql.insert if dialect.name == "postgresql" else sqlite.insert
    compiled = insert(table).inline().values(values).on_conflict_do_nothing().compile(dialect=dialect)
    mends: dict[str, Callable[[Any], Any]] = {
        column.name: column.type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is
        for column in columns
    }
    return str(compiled), mends, compiled.positional


def _as_it_is(value: Any) -> Any:
    return value


def parse_url(url: str) -> sa.URL:
    """The URL with the driver we ship; raises StorageError for one we do not speak."""
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise StorageError(
            "storage.url is not a database URL; for example sqlite:///data/needtoknow.db"
        ) from error
    match parsed.get_backend_name():
        case "sqlite":
            return parsed.set(drivername="sqlite")
        case "postgresql" | "postgres":
            return parsed.set(drivername="postgresql+psycopg")
        case other:
            raise StorageError(f"storage.url speaks {other!r}; use sqlite:///FILE or postgresql://…")


def _engine(url: sa.URL) -> sa.Engine:
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, pool_pre_ping=True, pool_size=2, hide_parameters=True)
    in_memory = url.database in {None, "", ":memory:"}
    engine = sa.create_engine(
        url,
        connect_args={"timeout": 30, "check_same_thread": False},
        poolclass=sa.StaticPool if in_memory else sa.QueuePool,
        hide_parameters=True,  # an error's text goes to the log; what people typed does not
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: Any) -> None:  # noqa: ARG001
    connection.isolation_level = None  # the driver must not begin transactions of its own
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    # FULL, not NORMAL: what a person was told is saved must survive a power cut.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    # A transaction that will write takes the lock at its start, so it waits instead of failing half-way.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
