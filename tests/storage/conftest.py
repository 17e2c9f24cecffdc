"""One PostgreSQL database for all storage tests, emptied after each: making one takes half a second."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.storage.database import Database
from bot.storage.schema import migrate
from bot.storage.tables import metadata
from bot.times import utc_now

_GROWN = 2_000_000  # bytes of all tables


@pytest.fixture(scope="session")
def shared_postgres(postgres_url: str) -> str:
    admin = sa.create_engine(Database(postgres_url).url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text("CREATE DATABASE storage_tests"))
        # No power cut is survived here, and a commit is quicker without waiting for the disk.
        connection.execute(sa.text("ALTER DATABASE storage_tests SET synchronous_commit = off"))
    admin.dispose()
    url = sa.make_url(postgres_url).set(database="storage_tests").render_as_string(hide_password=False)
    opened = Database(url)
    migrate(opened, now=utc_now())
    opened.close()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated database of each kind."""
    if request.param == "sqlite":
        opened = Database(f"sqlite:///{shutil.copy(request.getfixturevalue('migrated'), tmp_path)}")
        yield opened
        opened.close()
        return
    opened = Database(request.getfixturevalue("shared_postgres"))
    yield opened
    opened.write_now(_empty)
    opened.close()


def _empty(connection: sa.Connection) -> None:
    """Deletes every row and begins every count anew.

    TRUNCATE makes each table a new file, which takes thirty times as long where there are few rows; it is for
    tables that have grown, as deleted rows keep their room.
    """
    size = sa.text("SELECT sum(pg_relation_size(relid)) FROM pg_stat_user_tables")
    if connection.execute(size).scalar_one() > _GROWN:
        connection.execute(sa.text(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY CASCADE"))
        return
    # With the foreign keys off, so that the order of the tables does not count.
    connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
    deleted = ", ".join(f"t{n} AS (DELETE FROM {name})" for n, name in enumerate(metadata.tables))
    counts = "SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'"
    connection.execute(sa.text(f"WITH {deleted} {counts}"))


@pytest.fixture
def fresh(database_url: str) -> Iterator[Database]:
    """A migrated database that a test may spoil."""
    opened = Database(database_url)
    migrate(opened, now=utc_now())
    yield opened
    opened.close()
