"""The last week, kept current from a real database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.alerts.language.parse import parse
from bot.alerts.week.last_week import LastWeek
from bot.model import EntryState
from bot.storage import stories, tables
from bot.storage.database import Database
from tests.storage.builders import DAY, NOW, a_feed, act, join, ready_entries, start

HOUR = timedelta(hours=1)


def told(
    database: Database, feed_id: int, number: int, title: str, *, at=NOW - HOUR, text="A text.", **changes
) -> int:
    """The id of a story of one entry that arrived then."""
    (entry,) = ready_entries(database, feed_id, number, now=at, title=title, text=text, **changes)
    return start(database, entry, now=at, marks=())


def many_told(database: Database, feed_id: int, count: int, title: str) -> list[int]:
    """The ids of stories of one entry each, entered at once: each in a transaction of its own takes seconds."""
    at = NOW - HOUR
    ids = list(range(1, count + 1))
    rows = [{"id": i, "title": title, "started_at": at, "updated_at": at, "due_at": at} for i in ids]
    entries = [
        {"feed_id": feed_id, "key_hash": f"key-{i}", "title": title, "summary": "", "story_id": i}
        | {"arrived_at": at, "due_at": at, "backlog": False, "state": EntryState.GROUPED}
        for i in ids
    ]

    def work(connection):
        connection.execute(sa.insert(tables.stories), rows)
        connection.execute(sa.insert(tables.entries), entries)

    database.write_now(work)
    return ids


def met(database: Database, last_week: LastWeek, asked: str, *, now=NOW) -> list[int]:
    """The ids of the week's stories that meet the filter."""
    week = act(database, last_week.read, now=now)
    return [told.id for told, is_met in zip(week.told, week.meets(parse(asked).root), strict=True) if is_met]


@pytest.fixture
def feed_id(sqlite):
    return a_feed(sqlite)


def test_what_is_new_is_read_and_what_is_a_week_old_is_forgotten(sqlite, feed_id):
    last_week = LastWeek()
    old = told(sqlite, feed_id, 1, "Dam breaks", at=NOW - 6 * DAY)
    assert met(sqlite, last_week, "dam") == [old]
    new = told(sqlite, feed_id, 2, "Dams are checked")
    assert met(sqlite, last_week, "dam") == [new, old]
    assert met(sqlite, last_week, "dam", now=NOW + 2 * DAY) == [new]


def test_a_story_that_has_grown_is_read_again(sqlite, feed_id):
    last_week = LastWeek()
    story_id = told(sqlite, feed_id, 1, "Dam breaks")
    assert met(sqlite, last_week, "flood") == []
    (entry,) = ready_entries(sqlite, feed_id, 2, now=NOW - HOUR, title="Flood after the dam broke")
    join(sqlite, story_id, entry)
    assert met(sqlite, last_week, "flood") == [story_id]
    assert act(sqlite, last_week.read, now=NOW).told[0].entries == 2


def test_nothing_is_read_twice(sqlite, feed_id):
    last_week = LastWeek()
    told(sqlite, feed_id, 1, "Dam breaks")
    week = act(sqlite, last_week.read, now=NOW)
    assert act(sqlite, last_week.read, now=NOW).tokens is week.tokens


def test_topics_are_those_that_were_stored_once_they_are(sqlite, feed_id):
    class Everything:
        def topics_of(self, story):
            return {"everything": "always"}

    last_week = LastWeek(Everything())
    story_id = told(sqlite, feed_id, 1, "Dam breaks")
    assert met(sqlite, last_week, "topic:everything") == [story_id]
    act(sqlite, stories.record_matched, story_id, 1, topics={"disasters": "a dam"})
    assert met(sqlite, last_week, "topic:everything") == []
    assert met(sqlite, last_week, "topic:disasters") == [story_id]


def test_a_story_told_under_another_number_is_not_counted(sqlite, feed_id):
    last_week = LastWeek()
    kept, gone = told(sqlite, feed_id, 1, "Dam breaks"), told(sqlite, feed_id, 2, "Dam bursts")
    assert met(sqlite, last_week, "dam") == [gone, kept]
    merged = sa.update(tables.stories).where(tables.stories.c.id == gone).values(merged_into_id=kept)
    sqlite.write_now(lambda c: c.execute(merged))
    assert met(sqlite, last_week, "dam") == [kept]


def test_backlog_counts_when_its_publisher_dates_it_and_not_without_a_date(sqlite):
    feed_id = a_feed(sqlite, first_polled=False)
    dates = {1: NOW - DAY, 2: NOW - 30 * DAY, 3: None}

    def work(number):
        (entry,) = ready_entries(
            sqlite, feed_id, number, title=f"Dam {number}", published_at=dates[number], now=NOW
        )
        return start(sqlite, entry, marks=())

    entries = tables.entries
    ids = [work(number) for number in dates]
    sqlite.write_now(lambda c: c.execute(sa.update(entries).values(backlog=True)))
    week = act(sqlite, LastWeek().read, now=NOW)
    assert [(one.id, one.came_out_at) for one in week.told] == [(ids[0], NOW - DAY)]
    assert week.complete


def test_a_story_that_turns_out_to_be_older_goes(sqlite, feed_id):
    last_week = LastWeek()
    story_id = told(sqlite, feed_id, 1, "Dam breaks")
    assert met(sqlite, last_week, "dam") == [story_id]
    older = sa.update(tables.entries).values(backlog=True, published_at=NOW - 9 * DAY)
    grown = sa.update(tables.stories).values(revision=2)
    sqlite.write_now(lambda c: (c.execute(older), c.execute(grown)))
    assert met(sqlite, last_week, "dam") == []


def test_without_patience_the_newest_are_read_and_the_rest_the_next_time(sqlite, feed_id):
    ids = many_told(sqlite, feed_id, 60, "Dam breaks")
    last_week = LastWeek(patience=timedelta(0))
    first = act(sqlite, last_week.read, now=NOW)
    assert [one.id for one in first.told] == ids[:-51:-1]
    assert not first.complete
    second = act(sqlite, last_week.read, now=NOW)
    assert [one.id for one in second.told] == ids[::-1]
    assert second.complete


def test_the_newest_are_held_where_there_is_no_room_for_all(sqlite, feed_id):
    old = told(sqlite, feed_id, 1, "Dam breaks", at=NOW - 2 * DAY)
    new = told(sqlite, feed_id, 2, "Dam breaks", text="word " * 20)
    week = act(sqlite, LastWeek(most_tokens=29).read, now=NOW)
    assert [one.id for one in week.told] == [new]
    assert not week.complete
    week = act(sqlite, LastWeek(most_tokens=30).read, now=NOW)
    assert [one.id for one in week.told] == [new, old]
    assert week.complete


def test_two_threads_may_ask_at_once(sqlite, feed_id):
    ids = many_told(sqlite, feed_id, 60, "Dam breaks")
    last_week = LastWeek()
    with ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(met, sqlite, last_week, "dam") for _ in range(4)]
        assert [one.result() for one in asked] == [ids[::-1]] * 4
