"""One PostgreSQL database for all storage tests, emptied after each: making one takes half a second."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.storage.database import Database
from bot.storage.schema import migrate
from bot.storage.tables import metadata
from bot.times import utc_now


@pytest.fixture(scope="session")
def shared_postgres(postgres_url: str) -> str:
    admin = sa.create_engine(Database(postgres_url).url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text("CREATE DATABASE storage_tests"))
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
        opened = Database(f"sqlite:///{tmp_path}/test.db")
        migrate(opened, now=utc_now())
        yield opened
        opened.close()
        return
    opened = Database(request.getfixturevalue("shared_postgres"))
    yield opened
    names = ", ".join(metadata.tables)
    opened.write_now(lambda c: c.execute(sa.text(f"TRUNCATE {names} RESTART IDENTITY CASCADE")))
    opened.close()


@pytest.fixture
def fresh(database_url: str) -> Iterator[Database]:
    """A migrated database that a test may spoil."""
    opened = Database(database_url)
    migrate(opened, now=utc_now())
    yield opened
    opened.close()
