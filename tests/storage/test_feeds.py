"""Feeds follow the list, the first poll is backlog, and nothing enters twice."""

from datetime import timedelta

import sqlalchemy as sa

from bot.storage import feeds as store
from bot.storage import items, polls
from bot.storage.polls import Failed
from bot.storage.tables import entries, feeds, seen
from tests.storage.builders import DAY, LEASE, MINUTE, NOW, a_feed, act, new_entry, poll, rows, spec


def listed(database, *specs, now=NOW):
    act(database, store.list_feeds, list(specs), now=now)


def claim(database, *, now=NOW):
    found, _ = act(database, polls.claim_feeds, now=now, lease=LEASE, limit=100)
    return found


def test_a_listed_feed_is_due_at_once(database):
    listed(database, spec(1, language="de", topic="world"))
    (feed,) = claim(database)
    assert (feed.url, feed.name, feed.interval) == ("http://feed1.example/", "Feed 1", 5 * MINUTE)
    assert (feed.etag, feed.last_modified, feed.body_hash, feed.failures) == (None, None, None, 0)
    assert feed.first
    (row,) = rows(database, feeds)
    assert (row.language, row.topic, row.state) == ("de", "world", "active")


def test_listing_again_adds_updates_and_leaves_out(database):
    listed(database, spec(1), spec(2))
    listed(database, spec(2, name="Renamed", topic="science"), spec(3))
    found = rows(database, feeds, feeds.c.name, feeds.c.topic, feeds.c.state)
    assert found == [
        ("Feed 1", None, "unlisted"),
        ("Renamed", "science", "active"),
        ("Feed 3", None, "active"),
    ]
    assert [feed.name for feed in claim(database)] == ["Renamed", "Feed 3"]


def test_a_feed_that_is_listed_again_keeps_what_it_has_seen_and_the_rest_is_backlog(database):
    feed_id = a_feed(database)
    poll(database, feed_id, [new_entry(1)])
    listed(database)
    assert claim(database, now=NOW + DAY) == []
    listed(database, spec(1))
    (feed,) = claim(database, now=NOW + DAY)
    assert (feed.id, feed.first) == (feed_id, True)
    assert act(database, items.seen_items, feed_id, {"key-1", "key-2"}) == {"key-1": "key-1"}


def test_a_shorter_interval_does_not_wait_for_the_longer_one(database):
    listed(database, spec(1, interval=DAY))
    (feed,) = claim(database)
    poll(database, feed.id, [], next_poll_at=NOW + DAY)
    listed(database, spec(1, interval=5 * MINUTE))
    assert claim(database, now=NOW + 4 * MINUTE) == []
    assert len(claim(database, now=NOW + 5 * MINUTE)) == 1


def test_the_first_poll_is_backlog_and_the_next_is_news(database):
    feed_id = a_feed(database, first_polled=False)
    assert poll(database, feed_id, [new_entry(1)]) == 1
    assert poll(database, feed_id, [new_entry(2)]) == 1
    assert rows(database, entries, entries.c.key_hash, entries.c.backlog) == [
        ("key-1", True),
        ("key-2", False),
    ]


def test_a_first_poll_that_failed_leaves_the_backlog_to_the_next(database):
    feed_id = a_feed(database, first_polled=False)
    act(database, polls.record_failure, Failed(feed_id, 1, "no answer", NOW))
    poll(database, feed_id, [new_entry(1)])
    assert rows(database, entries, entries.c.backlog) == [(True,)]


def test_the_same_poll_recorded_twice_enters_once(database):
    feed_id = a_feed(database)
    assert [poll(database, feed_id, [new_entry(1), new_entry(2)]) for _ in range(2)] == [2, 0]
    assert rows(database, entries, entries.c.key_hash) == [("key-1",), ("key-2",)]


def test_what_was_seen_stays_out_after_its_entry_is_gone(database):
    feed_id = a_feed(database)
    poll(database, feed_id, [new_entry(1)])
    act(database, lambda c: c.execute(sa.delete(entries)))
    assert poll(database, feed_id, [new_entry(1)]) == 0
    assert rows(database, entries) == []


def test_a_parked_feed_that_is_listed_again_is_asked_again(database):
    listed(database, spec(1))
    act(database, lambda c: c.execute(sa.update(feeds).values(claims=5, claimed_at=None)))
    listed(database)
    listed(database, spec(1))
    assert len(claim(database)) == 1


def test_a_feed_due_in_ten_years_is_asked_today(database):
    listed(database, spec(1, interval=None))
    act(database, lambda c: c.execute(sa.update(feeds).values(due_at=NOW + 3650 * DAY)))
    listed(database, spec(1, interval=None))
    assert len(claim(database)) == 1


def test_two_feeds_may_have_the_same_key(database):
    listed(database, spec(1), spec(2))
    assert [poll(database, feed.id, [new_entry(1)]) for feed in claim(database)] == [1, 1]


def test_a_poll_writes_its_validators_and_is_due_when_it_says(database):
    feed_id = a_feed(database)
    claim(database, now=NOW + 5 * MINUTE)
    poll(
        database,
        feed_id,
        [],
        etag='W/"2"',
        last_modified="Sun, 01 Mar 2026 12:00:00 GMT",
        next_poll_at=NOW + DAY,
    )
    assert claim(database, now=NOW + DAY - timedelta(seconds=1)) == []
    (feed,) = claim(database, now=NOW + DAY)
    assert (feed.etag, feed.last_modified) == ('W/"2"', "Sun, 01 Mar 2026 12:00:00 GMT")
    assert (feed.validators_at, feed.body_hash, feed.first) == (NOW, "f" * 64, False)


def test_a_failure_is_counted_and_a_success_forgives_it(database):
    feed_id = a_feed(database)
    act(database, polls.record_failure, Failed(feed_id, 3, "500", NOW))
    assert [feed.failures for feed in claim(database)] == [3]
    poll(database, feed_id, [], next_poll_at=NOW)
    assert [feed.failures for feed in claim(database)] == [0]
    assert rows(database, feeds, feeds.c.error) == [(None,)]


def test_what_the_feed_still_lists_is_remembered_from_today(database):
    feed_id = a_feed(database)
    poll(database, feed_id, [new_entry(1), new_entry(2)])
    later = NOW + 2 * DAY
    poll(database, feed_id, [new_entry(1)], now=later)
    assert dict(rows(database, seen, seen.c.mark, seen.c.seen_at)) == {"key-1": later, "key-2": NOW}


def test_a_thousand_entries_at_once_are_no_trouble(database):
    feed_id = a_feed(database)
    many = [new_entry(number) for number in range(1200)]
    assert poll(database, feed_id, many) == 1200
    assert len(act(database, items.seen_items, feed_id, {entry.key_hash for entry in many})) == 1200
    assert poll(database, feed_id, many, now=NOW + 2 * DAY) == 0
    assert set(rows(database, seen, seen.c.seen_at)) == {(NOW + 2 * DAY,)}


def test_text_that_a_database_refuses_is_mended_not_fatal(database):
    feed_id = a_feed(database)
    odd = new_entry(1, title="nul\0 and half a pair \ud800", summary="\0\udfff", url="http://a.example/\0")
    assert poll(database, feed_id, [odd], etag='"\udce9"') == 1
    error = "bad header \udce9\0"
    act(database, polls.record_failure, Failed(feed_id, 1, error, NOW))
    assert rows(database, entries, entries.c.title, entries.c.url) == [
        ("nul and half a pair ?", "http://a.example/")
    ]
    assert rows(database, feeds, feeds.c.etag, feeds.c.error) == [('"?"', "bad header ?")]
