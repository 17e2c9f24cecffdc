"""Migrated forward only, never twice, and never without a copy."""

import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.errors import StorageError
from bot.storage.database import Database
from bot.storage.schema import MIGRATIONS, migrate
from bot.storage.tables import filters, metadata
from tests.storage.builders import NOW, a_subscriber, act, rows

HEAD = "0004"
AT = datetime(2026, 3, 1, 12, 30, 5, tzinfo=UTC)


@pytest.fixture
def empty(database_url):
    opened = Database(database_url)
    yield opened
    opened.close()


def next_steps(tmp_path, body):
    """The steps of a version to come: ours, and one more."""
    steps = shutil.copytree(MIGRATIONS, tmp_path / "steps", ignore=shutil.ignore_patterns("__pycache__"))
    step = (
        f'from alembic import op\nrevision = "9999"\ndown_revision = "{HEAD}"\n\ndef upgrade():\n    {body}\n'
    )
    (steps / "versions" / "9999_to_come.py").write_text(step)
    return steps


def revisions(database):
    return database.write_now(
        lambda c: c.execute(sa.text("SELECT version_num FROM alembic_version")).scalars().all()
    )


def table_names(database):
    return act(database, lambda c: set(sa.inspect(c).get_table_names()))


def test_a_new_database_gets_every_table(empty):
    assert migrate(empty, now=NOW) is None
    assert table_names(empty) == {*metadata.tables, "alembic_version"}
    assert revisions(empty) == [HEAD]


def test_migrating_twice_does_nothing(fresh):
    a_subscriber(fresh)
    assert migrate(fresh, now=NOW) == HEAD
    assert act(fresh, lambda c: c.execute(sa.text("SELECT count(*) FROM subscribers")).scalar()) == 1
    if fresh.path:
        assert list(fresh.path.parent.glob("*.backup")) == []


def test_the_steps_make_the_tables_of_the_code(fresh):
    with fresh.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def checks_of(database):
    def work(connection):
        inspector = sa.inspect(connection)
        return {
            (table, check["name"], "".join(sorted(c for c in check["sqltext"] if c.isalnum())))
            for table in metadata.tables
            for check in inspector.get_check_constraints(table)
        }

    return act(database, work)


def test_the_steps_make_the_checks_of_the_code(fresh, tmp_path):
    made = checks_of(fresh)  # what Alembic does not compare
    assert len(made) == 13
    act(fresh, metadata.drop_all)
    act(fresh, metadata.create_all)
    assert checks_of(fresh) == made


@pytest.mark.parametrize("forgotten", ["stories", "entries"])
def test_whatever_refers_to_what_is_forgotten_is_found_by_an_index(fresh, forgotten):
    # Without one, each of the many rows that go at once is looked for in the whole of the other table.
    def work(connection):
        inspector = sa.inspect(connection)
        for table in metadata.tables:
            begins = {index["column_names"][0] for index in inspector.get_indexes(table)}
            begins |= {unique["column_names"][0] for unique in inspector.get_unique_constraints(table)}
            begins |= set(inspector.get_pk_constraint(table)["constrained_columns"][:1])
            for key in inspector.get_foreign_keys(table):
                if key["referred_table"] == forgotten:
                    yield table, key["constrained_columns"][0] in begins

    found = act(fresh, lambda connection: list(work(connection)))
    assert found
    assert [table for table, is_quick in found if not is_quick] == []


def test_a_newer_database_is_refused_and_left_alone(fresh):
    act(fresh, lambda c: c.execute(sa.text("UPDATE alembic_version SET version_num = 'abcd'")))
    with pytest.raises(StorageError, match=r"made by a newer version .*its step abcd is unknown here"):
        migrate(fresh, now=NOW)
    assert revisions(fresh) == ["abcd"]


def test_an_older_database_takes_the_missing_steps_and_sqlite_is_copied_first(fresh, tmp_path):
    a_subscriber(fresh, 77)
    steps = next_steps(tmp_path, 'op.execute("DELETE FROM subscribers")')
    assert migrate(fresh, now=AT, steps=steps) == HEAD
    assert revisions(fresh) == ["9999"]
    if fresh.path is None:
        return
    (copy,) = fresh.path.parent.glob("*.backup")
    assert copy.name == "test.db.20260301T123005Z.backup"
    with closing(sqlite3.connect(copy)) as backup:
        assert backup.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
        assert backup.execute("SELECT chat_id FROM subscribers").fetchall() == [(77,)]


def upto(revision, tmp_path):
    """The steps up to this one, as an older version had them."""
    steps = shutil.copytree(MIGRATIONS, tmp_path / "older", ignore=shutil.ignore_patterns("__pycache__"))
    for step in (steps / "versions").glob("[0-9]*.py"):
        if step.name[:4] > revision:
            step.unlink()
    return steps


def test_filters_of_the_older_language_mean_what_they_meant(empty, tmp_path):
    migrate(empty, now=NOW, steps=upto("0003", tmp_path))
    older = {
        "баиден россиискии": "Байден российский",  # its й was an и with an accent
        "украинец": "Украинец",
        '"north korea" -sport': '"North Korea" -sport',
        "topic:space": "topic:space",
        "climat": "climat*",
        '"foo 5"': "foo~5",
        "ferry -strike": "ferry --strike",
        "us": '"US"',
    }

    def save(connection):
        subscribers, filters = (
            sa.Table(name, sa.MetaData(), autoload_with=connection) for name in ("subscribers", "filters")
        )
        who = {"id": 1, "chat_id": 1, "kind": "private", "state": "active", "created_at": 0}
        connection.execute(sa.insert(subscribers).values(who))
        same = {"subscriber_id": 1, "state": "active", "created_at": 0, "changed_at": 0}
        stated = [{"text": text, "typed": typed} | same for text, typed in older.items()]
        connection.execute(sa.insert(filters), stated)

    act(empty, save)
    assert migrate(empty, now=NOW) == "0003"
    assert [(row.text, row.typed) for row in rows(empty, filters)] == [
        ("байден российский", "Байден российский"),
        ("украинец", "Украинец"),
        ('"north korea" -sport', '"North Korea" -sport'),
        ("topic:space", "topic:space"),
        ("climat", "climat"),
        ('"foo 5"', '"foo 5"'),
        ("ferry -strike", "ferry -strike"),
        ("us", "us"),
    ]


def test_a_step_that_fails_leaves_the_database_as_it_was(fresh, tmp_path):
    a_subscriber(fresh)
    body = 'op.drop_table("proposals")\n    raise ValueError("half-way")'
    with pytest.raises(ValueError, match="half-way"):
        migrate(fresh, now=NOW, steps=next_steps(tmp_path, body))
    assert revisions(fresh) == [HEAD]
    assert "proposals" in table_names(fresh)


def test_a_database_of_something_else_is_refused_and_left_alone(empty):
    empty.write_now(lambda c: c.execute(sa.text("CREATE TABLE feeds (n INTEGER)")))
    with pytest.raises(StorageError, match="feeds"):
        migrate(empty, now=NOW)
    assert table_names(empty) == {"feeds"}


def test_a_database_that_cannot_be_reached_is_said_without_its_password():
    database = Database("postgresql://bot:secret@127.0.0.1:1/news")
    with pytest.raises(StorageError, match="cannot open the database") as refused:
        migrate(database, now=NOW)
    database.close()
    assert "secret" not in str(refused.value)


def test_a_file_that_is_no_database_is_said(tmp_path):
    (tmp_path / "test.db").write_text("not a database, but long enough to have a header" * 20)
    database = Database(f"sqlite:///{tmp_path}/test.db")
    with pytest.raises(StorageError, match="cannot open the database"):
        migrate(database, now=NOW)
    database.close()


def test_a_path_with_a_percent_sign_is_a_path(tmp_path):
    (tmp_path / "100%s").mkdir()
    database = Database(f"sqlite:///{tmp_path}/test.db")
    steps = shutil.copytree(MIGRATIONS, tmp_path / "100%s" / "steps")
    assert migrate(database, now=NOW, steps=steps) is None
    database.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_machines_that_start_at_once_migrate_once(database_url):
    both = [Database(database_url), Database(database_url)]
    barrier, failures = threading.Barrier(2), []

    def start(database):
        barrier.wait()
        try:
            migrate(database, now=NOW)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=start, args=(database,)) for database in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = revisions(both[0])
    for database in both:
        database.close()
    assert (failures, found) == ([], [HEAD])
