"""The real command, as an operator types it."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot import __version__

CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture
def needtoknow(tmp_path):
    def run(*arguments, **variables):
        environment = {"NTK_STORAGE__URL": f"sqlite:///{tmp_path}/data/news.db"} | variables
        done = subprocess.run(
            [sys.executable, "-m", "bot", *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            cwd=tmp_path,
            env={"PYTHONPATH": ":".join(sys.path), **environment},
        )
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout, done.stderr

    return run


def one(path, query):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def test_check_says_that_all_is_well(needtoknow):
    code, out, err = needtoknow("check", NTK_CONFIG_DIR=str(CONFIG))
    assert (code, err) == (0, "")
    assert "All is well." in out
    assert "the token is not set" in out


def test_check_names_the_wrong_key_and_shows_no_secret(needtoknow, tmp_path):
    (tmp_path / "bot.toml").write_text("[server]\nprot = 1\n")
    token = "123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
    code, out, err = needtoknow("check", NTK_CONFIG_DIR=str(tmp_path), NTK_TELEGRAM__TOKEN=token)
    assert (code, out) == (1, "")
    assert err == (
        f"needtoknow: {tmp_path}/bot.toml: server.prot: there is no such setting; "
        "its section knows host, port, public_url\n"
    )


@pytest.mark.parametrize(
    ("topics", "feeds", "said"),
    [
        ('[[topic]]\nid = "w"\nname = "W"\nrule = "(dam"', "", "topic 'w': rule, character "),
        ("", '[[feed]]\nurl = "ftp://a"', "feed 'ftp://a': url must begin with http:// or https://"),
    ],
)
def test_check_reads_the_lists_too(needtoknow, tmp_path, topics, feeds, said):
    (tmp_path / "topics.toml").write_text(topics)
    (tmp_path / "feeds.toml").write_text(feeds)
    code, _, err = needtoknow("check", NTK_CONFIG_DIR=str(tmp_path))
    assert code == 1
    assert said in err


def test_check_says_what_is_no_database(needtoknow):
    code, _, err = needtoknow("check", NTK_CONFIG_DIR=str(CONFIG), NTK_STORAGE__URL="mysql://me:secret@a/b")
    assert code == 1
    assert "storage.url speaks 'mysql'" in err
    assert "secret" not in err


def test_a_database_is_made_copied_and_taken_up_again(needtoknow, tmp_path):
    path = tmp_path / "data" / "news.db"
    code, out, _ = needtoknow("backup", "copy.db")
    assert (code, out) == (1, "")

    assert needtoknow("migrate") == (0, "the database was new, and is up to date now\n", "")
    assert needtoknow("migrate") == (0, "the database was at step 0004, and is up to date now\n", "")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO feeds (url, name, interval_seconds, due_at, claims) VALUES ('u', 'n', 60, 0, 5)"
        )
        connection.commit()

    assert needtoknow("backup", "copy.db") == (0, "wrote copy.db\n", "")
    assert one(tmp_path / "copy.db", "SELECT url, claims FROM feeds") == [("u", 5)]

    assert needtoknow("retry") == (0, "1 parked row is due again\n", "")
    assert needtoknow("retry") == (0, "nothing was parked\n", "")
    assert one(path, "SELECT claims FROM feeds") == [(0,)]

    code, _, err = needtoknow("backup", path)
    assert code == 1
    assert "is the database itself" in err


def test_a_newer_database_stops_the_start_and_says_so(needtoknow, tmp_path):
    needtoknow("migrate")
    with closing(sqlite3.connect(tmp_path / "data" / "news.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    code, _, err = needtoknow("run", NTK_CONFIG_DIR=str(CONFIG), NTK_SERVER__PORT="0")
    assert code == 1
    assert "made by a newer version of Need to Know" in err


def test_a_command_that_is_misspelt_is_told_the_others(needtoknow):
    code, out, err = needtoknow("chekc")
    assert (code, out) == (2, "")
    for name in ("run", "check", "migrate", "backup", "retry", "try"):
        assert name in err


def test_no_command_and_no_room_are_misspelt_too(needtoknow):
    assert needtoknow()[0] == 2
    code, _, err = needtoknow("try")
    assert (code, "ROOM" in err) == (2, True)


def test_the_version_is_told(needtoknow):
    assert needtoknow("--version") == (0, f"needtoknow {__version__}\n", "")
