"""The database's shape: migrated forward only, with a copy of the SQLite file made first."""

import contextlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.errors import StorageError
from bot.storage.database import Database

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 6_584_747  # any number, as long as it is ours: PostgreSQL's advisory locks are numbers


def migrate(database: Database, *, now: datetime, steps: Path = MIGRATIONS) -> str | None:
    """Brings the database to this version's shape; returns the revision it came from, None when new.

    Raises StorageError when the database is newer than this version, or cannot be reached.
    """
    config = Config()
    config.set_main_option("script_location", str(steps).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    head = script.get_current_head()
    try:
        with database.engine.connect() as connection:
            before = MigrationContext.configure(connection).get_current_revision()
    except sa.exc.SQLAlchemyError as error:
        raise StorageError(f"cannot open the database {_shown(database)}: {_cause(error)}") from error
    if before == head:
        return before
    if before is not None:
        if before not in {revision.revision for revision in script.walk_revisions()}:
            raise StorageError(
                f"the database {_shown(database)} was made by a newer version of Need to Know "
                f"(its step {before} is unknown here); install that version, or restore a backup"
            )
        if database.path is not None:
            database.backup(database.path.with_name(f"{database.path.name}.{now:%Y%m%dT%H%M%SZ}.backup"))
    try:
        with _without_foreign_keys(database) as connection, connection.begin():
            if not database.is_sqlite:  # of two machines that start at once, one waits and finds it done
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except sa.exc.SQLAlchemyError as error:
        raise StorageError(f"cannot migrate the database {_shown(database)}: {_cause(error)}") from error
    return before


@contextlib.contextmanager
def _without_foreign_keys(database: Database) -> Iterator[sa.Connection]:
    """A writing connection on which SQLite does not follow foreign keys.

    SQLite changes a table by making it anew, and with foreign keys on, dropping the old one would delete
    every row that refers to it (https://sqlite.org/lang_altertable.html#otheralter). The switch does nothing
    inside a transaction, so it is turned before.
    """
    with database.engine.connect().execution_options(writes=True) as connection:
        switch = connection.connection.driver_connection if database.is_sqlite else None
        if switch is not None:
            switch.execute("PRAGMA foreign_keys=OFF")
        try:
            yield connection
        finally:
            if switch is not None:
                switch.execute("PRAGMA foreign_keys=ON")


def _shown(database: Database) -> str:
    return database.url.render_as_string(hide_password=True)


def _cause(error: sa.exc.SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]
