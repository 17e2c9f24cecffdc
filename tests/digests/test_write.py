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

from bot.digests.bundled import plain
from bot.digests.write import Write, articles_of, headline_only, sources_of, traced
from bot.model import Digest
from bot.storage import stories as store
from bot.storage.claims import MAX_CLAIMS, take_back
from bot.storage.database import Database
from bot.storage.stories import StoryEntry
from bot.storage.tables import digests, entries, stories
from bot.times import utc_now
from tests.storage.builders import a_feed, act, ready_entries, start

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
    stage = Write(database=sqlite, summariser=plain, lease=LEASE)
    assert [await stage.step(), await stage.step()] == [True, False]
    row = the_row(sqlite)
    assert (row.state, row.model, row.claims, row.claimed_at) == ("written", "sub-words", 0, None)


async def test_a_summariser_that_fails_twice_gives_way_to_one_without_a_model(sqlite):
    wanted(sqlite)

    def raises(articles, sources):
        raise ValueError("no words")

    stage = Write(database=sqlite, summariser=raises, lease=NO_LEASE)
    for _ in range(2):
        with pytest.raises(ValueError, match="no words"):
            await stage.step()
    assert await stage.step()
    assert (the_row(sqlite).state, the_row(sqlite).model) == ("written", "sub-words")


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


def entry(number, outlet, text="The dam holds.", **changes):
    told = {"title": f"Title {number}", "url": f"http://{number}.example/", "topic": None, "bare": False}
    told |= {"language": None, "published_at": None} | changes
    return StoryEntry(id=number, outlet=outlet, text=text, **told)


def test_a_copy_names_the_outlet_whose_wording_it_has_and_adds_no_text():
    entries = [
        entry(1, "Wire"),
        entry(2, "Post", copy_of_id=1),
        entry(3, "Herald", copy_of_id=2),
        entry(4, "Bote"),
    ]
    assert [(s.name, s.copy_of) for s in sources_of(entries)] == [
        ("Wire", None), ("Post", "Wire"), ("Herald", "Wire"), ("Bote", None)
    ]  # fmt: skip
    assert [article.site for article in articles_of(entries)] == ["Wire", "Bote"]
    assert traced(headline_only([], []), entries).independent == 2


def test_an_outlet_that_reports_in_its_own_words_too_is_no_copy():
    entries = [
        entry(1, "Wire"),
        entry(2, "Post", copy_of_id=1),
        entry(3, "Post"),
        entry(4, "Wire", copy_of_id=1),
    ]
    assert [(s.name, s.copy_of) for s in sources_of(entries)] == [("Wire", None), ("Post", None)]
    assert traced(headline_only([], []), entries).independent == 2


def test_a_copy_of_what_is_in_another_story_stands_for_itself():
    entries = [
        entry(1, "Post", copy_of_id=77),
        entry(2, "Herald", copy_of_id=3),
        entry(3, "Bote", copy_of_id=2),
    ]
    assert sources_of(entries)[0].copy_of is None
    assert len(articles_of(entries)) >= 2  # and a circle ends


def test_what_its_publisher_has_withdrawn_is_neither_told_nor_named_as_a_source():
    entries = [entry(1, "Wire", "The dam broke on Monday.", withdrawn=True), entry(2, "Bote")]
    assert [article.site for article in articles_of(entries)] == ["Bote"]
    assert [source.name for source in sources_of(entries)] == ["Bote"]
    digest = traced(plain(articles_of(entries), sources_of(entries)), entries)
    assert {one.entry for passages in digest.evidence for one in passages} == {2}
    assert digest.independent == 1


def test_a_story_that_all_have_withdrawn_is_still_told():
    entries = [entry(1, "Wire", withdrawn=True), entry(2, "Bote", withdrawn=True)]
    assert [source.name for source in sources_of(entries)] == ["Wire", "Bote"]
    assert len(articles_of(entries)) == 2


def test_that_an_entry_was_withdrawn_is_read_with_its_story(sqlite):
    (one,) = ready_entries(sqlite, a_feed(sqlite), 1, text="The dam broke on Monday.")
    story_id = start(sqlite, one)
    assert [e.withdrawn for e in act(sqlite, store.load_stories, [story_id])[0].entries] == [False]
    act(sqlite, lambda c: c.execute(sa.update(entries).values(withdrawn_at=utc_now())))
    assert [e.withdrawn for e in act(sqlite, store.load_stories, [story_id])[0].entries] == [True]


def test_of_one_wording_the_fullest_is_read_and_the_evidence_says_where():
    text = "The dam at Norrholm holds, the mayor of the town said on Monday."
    entries = [
        entry(1, "Wire", "Dam.", bare=True),
        entry(2, "Bote", bare=True),
        entry(3, "Post", text, copy_of_id=1),
    ]
    assert [article.text for article in articles_of(entries)] == [text, "The dam holds."]
    digest = traced(plain(articles_of(entries), sources_of(entries)), entries)
    ((passage,), *_) = digest.evidence
    assert (passage.entry, passage.outlet, passage.url) == (3, "Post", "http://3.example/")
    assert passage.passage == text


async def test_a_written_digest_keeps_the_passages_its_sentences_rest_on(sqlite):
    text = (
        "The dam at Norrholm holds, the mayor said.\nWater stands at nine metres behind the wall of the dam."
    )
    (one,) = ready_entries(sqlite, a_feed(sqlite), 1, text=text)
    story_id = start(sqlite, one)
    act(sqlite, store.want_digest, story_id, 1, now=utc_now())
    assert await Write(database=sqlite, summariser=plain, lease=LEASE).step()
    digest = store.read_digest(the_row(sqlite).content)
    assert len(digest.evidence) == len(digest.sentences) > 0
    for passages in digest.evidence:
        assert all(p.passage == text[p.start : p.end] and p.entry == one.id and p.outlet for p in passages)
    assert digest.independent == 1


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
