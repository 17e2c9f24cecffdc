from dataclasses import replace

import sqlalchemy as sa

from bot.storage import arrivals, stories, tables
from bot.storage.arrivals import Arrival
from tests.storage.builders import DAY, MINUTE, NOW, a_feed, act, join, new_entry, poll, ready_entries, start


def test_a_story_is_listed_anew_when_it_grows_or_is_matched(database):
    feed_id = a_feed(database)
    first, second = (start(database, entry, marks=()) for entry in ready_entries(database, feed_id, 1, 2))

    def listed():
        return {one.id: one for one in act(database, arrivals.changed, since=NOW - DAY, limit=10)}

    before = listed()
    assert list(before) == [second, first]
    (entry,) = ready_entries(database, feed_id, 3, now=NOW + MINUTE)
    join(database, first, entry, now=NOW + MINUTE)
    act(database, stories.record_matched, second, 1, topics={"sport": "a word"})
    after = listed()
    assert list(after) == [first, second]
    assert after[first] == replace(before[first], revision=2, updated_at=NOW + MINUTE)
    assert after[second] == replace(before[second], matched_revision=1)


def test_what_is_older_merged_or_beyond_the_limit_is_not_listed(database):
    feed_id = a_feed(database)
    ids = [start(database, entry, marks=()) for entry in ready_entries(database, feed_id, 1, 2, 3)]
    merged = sa.update(tables.stories).where(tables.stories.c.id == ids[1]).values(merged_into_id=ids[0])
    database.write_now(lambda c: c.execute(merged))
    assert [one.id for one in act(database, arrivals.changed, since=NOW, limit=10)] == [ids[2], ids[0]]
    assert [one.id for one in act(database, arrivals.changed, since=NOW, limit=1)] == [ids[2]]
    assert act(database, arrivals.changed, since=NOW + MINUTE, limit=10) == []


def test_a_story_comes_out_with_its_first_news_and_one_of_backlog_when_its_publishers_say(database):
    feed_id = a_feed(database, first_polled=False)
    dates = {"old": NOW - 3 * DAY, "older": NOW - 5 * DAY, "undated": None, "future": NOW + DAY}
    backlog = [new_entry(name, published_at=at) for name, at in dates.items()]
    poll(database, feed_id, backlog, now=NOW)
    entries = {
        entry.title.split()[1]: entry for entry in ready_entries(database, feed_id, "news", now=NOW + MINUTE)
    }
    entries |= {entry.title.split()[1]: entry for entry in ready_entries(database, feed_id)}
    dated, mixed = start(database, entries["old"], marks=()), start(database, entries["undated"], marks=())
    join(database, dated, entries["older"])
    join(database, mixed, entries["news"])
    unknown = start(database, entries["future"], marks=())
    assert act(database, arrivals.of_stories, [dated, mixed, unknown]) == {
        dated: Arrival(NOW - 5 * DAY, 2),
        mixed: Arrival(NOW + MINUTE, 2),
        unknown: Arrival(None, 1),
    }
