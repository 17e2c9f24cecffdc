"""The stage that writes digests: in a thread that nobody waits for, and in the end the headline alone."""

import asyncio
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.digests.write import Write, headline_only, lead_summariser
from bot.model import Digest
from bot.storage import stories as store
from bot.storage.claims import MAX_CLAIMS, take_back
from bot.storage.database import Database
from bot.storage.tables import digests, stories
from bot.times import utc_now

LEASE = timedelta(minutes=10)
NO_LEASE = timedelta(0)  # over as soon as it begins
ROOT = Path(__file__).parents[2]


def wanted(database):
    """A digest that somebody waits for."""
    now = utc_now()

    def work(connection):
        told = {"title": "The dam holds", "started_at": now, "updated_at": now, "due_at": now}
        connection.execute(sa.insert(stories).values(told))
        store.want_digest(connection, 1, 1, now=now)

    database.write_now(work)


def the_row(database):
    return database.write_now(lambda c: c.execute(sa.select(digests)).one())


def by_hand(name):
    return lambda articles, sources: Digest("The dam holds", ("It holds.",), (), (), name)


async def test_a_digest_is_written_once_and_there_is_no_more(sqlite):
    wanted(sqlite)
    stage = Write(database=sqlite, summariser=lead_summariser, lease=LEASE)
    assert [await stage.step(), await stage.step()] == [True, False]
    row = the_row(sqlite)
    assert (row.state, row.model, row.claims, row.claimed_at) == ("written", "lead", 0, None)


async def test_a_summariser_that_always_raises_ends_as_the_headline(sqlite):
    wanted(sqlite)

    def raises(articles, sources):
        raise ValueError("no words")

    stage = Write(database=sqlite, summariser=raises, lease=NO_LEASE)
    for _ in range(MAX_CLAIMS - 1):
        with pytest.raises(ValueError, match="no words"):
            await stage.step()
    assert await stage.step()
    assert (the_row(sqlite).state, the_row(sqlite).model) == ("written", "headline")


async def test_a_digest_that_kills_the_process_every_time_ends_as_the_headline(sqlite):
    wanted(sqlite)
    for _ in range(MAX_CLAIMS - 1):
        ((one,), _) = await sqlite.write(lambda c: store.claim_wanted(c, now=utc_now(), lease=LEASE, limit=1))
        assert one.attempts < MAX_CLAIMS
        await sqlite.write(
            lambda c: take_back(c, now=utc_now())
        )  # the next start finds what the last one held
    stage = Write(database=sqlite, summariser=by_hand("never asked"), lease=LEASE)
    assert await stage.step()
    assert (the_row(sqlite).state, the_row(sqlite).model) == ("written", "headline")


async def test_attempts_that_raised_and_deaths_count_together(sqlite):
    wanted(sqlite)
    sqlite.write_now(lambda c: c.execute(sa.update(digests).values(claims=2, deaths=2)))
    stage = Write(database=sqlite, summariser=by_hand("never asked"), lease=LEASE)
    assert await stage.step()
    assert the_row(sqlite).model == headline_only([], []).model


class Slow:
    """A summariser that writes when it is told to."""

    def __init__(self, name="slow"):
        self.name = name
        self.begun, self.go_on = threading.Event(), threading.Event()

    def __call__(self, articles, sources):
        self.begun.set()
        self.go_on.wait(30)
        return by_hand(self.name)(articles, sources)


async def test_a_digest_that_comes_after_another_process_wrote_it_changes_nothing(database):
    wanted(database)
    slow = Slow()
    late = asyncio.create_task(Write(database=database, summariser=slow, lease=NO_LEASE).step())
    await asyncio.to_thread(slow.begun.wait, 10)
    other = Database(database.url.render_as_string(hide_password=False))
    assert await Write(database=other, summariser=by_hand("quick"), lease=LEASE).step()
    other.close()
    before = the_row(database)
    slow.go_on.set()
    await late
    assert (before.model, the_row(database)) == ("quick", before)


async def test_a_stop_amid_a_digest_counts_against_nobody_and_it_is_due_at_once(sqlite):
    wanted(sqlite)
    slow = Slow()
    stage = Write(database=sqlite, summariser=slow, lease=LEASE)
    step = asyncio.create_task(stage.step())
    await asyncio.to_thread(slow.begun.wait, 10)
    step.cancel()
    await asyncio.gather(step, return_exceptions=True)
    await stage.drain(0)
    slow.go_on.set()
    row = the_row(sqlite)
    assert (row.state, row.claims, row.deaths, row.claimed_at) == ("wanted", 0, 0, None)
    assert row.due_at <= utc_now()


STOPPED_AMID_A_DIGEST = """
import asyncio, sys, time
from datetime import timedelta
from bot.digests.write import Write
from bot.storage.database import Database

def slow(articles, sources):
    print("begun", flush=True)
    time.sleep(120)

async def main():
    database = Database(sys.argv[1])
    stage = Write(database=database, summariser=slow, lease=timedelta(minutes=10))
    step = asyncio.create_task(stage.step())
    await asyncio.sleep(1)
    step.cancel()
    await asyncio.gather(step, return_exceptions=True)
    await stage.drain(1)
    database.close()

asyncio.run(main())
"""


def test_a_process_that_is_stopped_does_not_wait_for_a_slow_model(sqlite):
    wanted(sqlite)
    url = sqlite.url.render_as_string()
    began = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-c", STOPPED_AMID_A_DIGEST, url],
        cwd=ROOT, timeout=60, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout.split()[0], ended.stderr) == (0, "begun", "")
    assert time.monotonic() - began < 30
