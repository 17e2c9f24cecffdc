"""One writer, whole transactions, and a copy that is never half a file."""

import asyncio
import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import pytest
import sqlalchemy as sa

from bot.errors import StorageError
from bot.model import ChatKind
from bot.storage import subscribers
from bot.storage.database import Database, parse_url
from tests.storage.builders import NOW, a_subscriber


def count(connection):
    return connection.execute(sa.text("SELECT count(*) FROM subscribers")).scalar()


async def test_a_write_that_returns_is_kept(database):
    await database.write(lambda c: subscribers.meet(c, 5, ChatKind.PRIVATE, now=NOW))
    assert await database.read(count) == 1


async def test_a_write_that_raises_leaves_nothing(database):
    def work(connection):
        subscribers.meet(connection, 5, ChatKind.PRIVATE, now=NOW)
        raise ValueError("half-way")

    with pytest.raises(ValueError, match="half-way"):
        await database.write(work)
    assert await database.read(count) == 0


async def test_a_read_sees_the_last_commit_beside_a_long_write(database):
    begun, go_on = threading.Event(), threading.Event()

    def long_write(connection):
        subscribers.meet(connection, 5, ChatKind.PRIVATE, now=NOW)
        begun.set()
        assert go_on.wait(10)

    writing = asyncio.create_task(database.write(long_write))
    assert await asyncio.to_thread(begun.wait, 10)
    beside = await asyncio.wait_for(database.read(count), 5)
    go_on.set()
    await writing
    assert (beside, await database.read(count)) == (0, 1)


async def test_a_second_writer_waits_its_turn(database_url):
    one, other = Database(database_url), Database(database_url)
    try:
        one.write_now(lambda c: c.execute(sa.text("CREATE TABLE numbers (n INTEGER)")))
        add = sa.text("INSERT INTO numbers SELECT coalesce(max(n), 0) + 1 FROM numbers")
        await asyncio.gather(*(d.write(lambda c: c.execute(add)) for d in [one, other] * 20))
        assert one.write_now(lambda c: c.execute(sa.text("SELECT count(*) FROM numbers")).scalar()) == 40
    finally:
        one.close()
        other.close()


async def test_a_database_in_memory_is_one_database(tmp_path):
    database = Database("sqlite://")
    try:
        await database.write(lambda c: c.execute(sa.text("CREATE TABLE t (n INTEGER)")))
        query = sa.text("SELECT count(*) FROM t")
        assert await database.read(lambda c: c.execute(query).scalar()) == 0
        database.own()
        database.erase()
    finally:
        database.close()


def test_a_second_owner_in_this_process_is_refused(sqlite):
    sqlite.own()
    second = Database(f"sqlite:///{sqlite.path}")
    with pytest.raises(StorageError, match=r"another needtoknow is running on .*test\.db; stop it first"):
        second.own()
    second.close()


def test_a_second_owner_in_another_process_is_refused_until_the_first_has_died(sqlite):
    own = (
        "import sys; from bot.storage.database import Database; "
        "database = Database(sys.argv[1]); database.own(); print('owned', flush=True); sys.stdin.read()"
    )
    url = f"sqlite:///{sqlite.path}"
    with subprocess.Popen(
        [sys.executable, "-c", own, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "owned\n"
        with pytest.raises(StorageError, match="stop it first"):
            sqlite.own()
        other.kill()
        other.wait()
    sqlite.own()


def test_ownership_ends_with_close(tmp_path):
    first = Database(f"sqlite:///{tmp_path}/test.db")
    first.own()
    first.close()
    second = Database(f"sqlite:///{tmp_path}/test.db")
    second.own()
    second.close()


def test_a_directory_that_cannot_be_made_is_a_storage_error(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="file"):
        Database(f"sqlite:///{tmp_path}/file/test.db")


def test_erase_leaves_an_empty_database(sqlite):
    a_subscriber(sqlite)
    sqlite.engine.dispose()
    sqlite.erase()
    assert not sqlite.path.exists()
    assert sqlite.write_now(lambda c: sa.inspect(c).get_table_names()) == []


def pairs(path):
    with closing(sqlite3.connect(path)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return copy.execute("SELECT count(*), coalesce(sum(n), 0) FROM pairs").fetchone()


def test_a_backup_made_while_others_write_is_whole_and_holds_no_half_transaction(sqlite, tmp_path):
    sqlite.write_now(lambda c: c.execute(sa.text("CREATE TABLE pairs (n INTEGER, filler TEXT)")))
    (tmp_path / "backups").mkdir()
    stop, written = threading.Event(), threading.Event()

    def write():
        while not stop.is_set():
            for connection_work in (pair,) * 5:
                sqlite.write_now(connection_work)
            written.set()

    def pair(connection):
        add = sa.text("INSERT INTO pairs VALUES (:n, :filler)")
        for n in (1, -1):
            connection.execute(add, {"n": n, "filler": "x" * 3000})

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert written.wait(10)
        counts = []
        for number in range(8):
            target = tmp_path / "backups" / f"{number}.db"
            sqlite.backup(target)
            found, total = pairs(target)
            assert (found % 2, total) == (0, 0)
            counts.append(found)
    finally:
        stop.set()
        writer.join()
    assert counts == sorted(counts)
    assert counts[0] > 0
    assert sorted(p.name for p in (tmp_path / "backups").iterdir()) == [f"{n}.db" for n in range(8)]


def test_a_backup_takes_the_place_of_an_older_one(sqlite, tmp_path):
    target = tmp_path / "copy.db"
    sqlite.backup(target)
    a_subscriber(sqlite)
    sqlite.backup(target)
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("SELECT chat_id FROM subscribers").fetchall() == [(1,)]


def test_a_backup_never_takes_the_place_of_the_database_itself(sqlite, tmp_path):
    before = sqlite.path.stat().st_ino
    (tmp_path / "link.db").symlink_to(sqlite.path)
    for target in (sqlite.path, tmp_path / "sub" / ".." / "test.db", tmp_path / "link.db"):
        with pytest.raises(StorageError, match="itself"):
            sqlite.backup(target)
    assert sqlite.path.stat().st_ino == before


def test_a_backup_that_fails_leaves_nothing_behind(sqlite, tmp_path):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").touch()
    with pytest.raises(StorageError, match="taken is a directory"):
        sqlite.backup(tmp_path / "taken")
    for missing in (tmp_path / "taken" / "file", tmp_path / "new"):
        with pytest.raises(StorageError, match="there is no directory"):
            sqlite.backup(missing / "copy.db")
    (tmp_path / "copy.db.partial").mkdir()
    with pytest.raises(StorageError, match="cannot write the backup"):
        sqlite.backup(tmp_path / "copy.db")
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "copy.db").exists()


def test_a_backup_takes_the_place_of_no_other_file(sqlite, tmp_path):
    letter, empty = tmp_path / "letter.txt", tmp_path / "empty.db"
    letter.write_text("Dear all,")
    with pytest.raises(StorageError, match="is not an SQLite database"):
        sqlite.backup(letter)
    assert letter.read_text() == "Dear all,"
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(StorageError, match="is no file"):
        sqlite.backup(tmp_path / "pipe")
    empty.touch()
    sqlite.backup(empty)
    assert empty.read_bytes().startswith(b"SQLite format 3")


def test_there_is_no_backup_of_what_is_not_there(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/none.db")
    with pytest.raises(StorageError, match=r"there is no database at .*none\.db yet"):
        database.backup(tmp_path / "copy.db")
    database.close()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_postgresql_is_backed_up_by_its_own_tool(database, tmp_path):
    with pytest.raises(StorageError, match="pg_dump"):
        database.backup(tmp_path / "copy.db")
    database.own()
    database.erase()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://bot:secret@db.example:5433/news",
        "postgres://bot:secret@db.example:5433/news",
        "postgresql+psycopg2://bot:secret@db.example:5433/news",
        "postgresql+asyncpg://bot:secret@db.example:5433/news",
    ],
)
def test_postgresql_urls_as_people_write_them_get_our_driver(url):
    parsed = parse_url(url)
    assert parsed.render_as_string(hide_password=False) == (
        "postgresql+psycopg://bot:secret@db.example:5433/news"
    )


def test_a_sqlite_url_gets_our_driver_too(tmp_path):
    assert str(parse_url("sqlite+aiosqlite:///data/x.db")) == "sqlite:///data/x.db"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "storage.url is not a database URL"),
        ("data/needtoknow.db", "storage.url is not a database URL"),
        ("postgresql://bot:secret@host:port/news", "storage.url is not a database URL"),
        ("mysql://bot:secret@host/news", "storage.url speaks 'mysql'"),
        ("redis://host", "use sqlite:///FILE or postgresql://"),
    ],
)
def test_a_url_that_we_do_not_speak_is_said_without_its_password(url, said):
    with pytest.raises(StorageError) as refused:
        parse_url(url)
    assert said in str(refused.value)
    assert "secret" not in str(refused.value)
