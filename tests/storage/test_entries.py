"""Entries on their way: the article, then the story, each by its own claim."""

import time

import pytest
import sqlalchemy as sa

from bot.model import Article
from bot.storage import entries as store
from bot.storage.claims import MAX_CLAIMS
from bot.storage.tables import entries, feeds, fingerprints
from tests.storage.builders import (
    DAY,
    LEASE,
    MINUTE,
    NOW,
    a_feed,
    act,
    join,
    new_entry,
    poll,
    ready_entries,
    rows,
    start,
)


def claim_new(database, *, now=NOW):
    return act(database, store.claim_new, now=now, lease=LEASE, limit=100)[0]


def claim_ready(database, *, now=NOW):
    return act(database, store.claim_ready, now=now, lease=LEASE, limit=100)[0]


def test_a_new_entry_is_read_before_it_is_grouped(database):
    poll(database, a_feed(database), [new_entry(1)])
    assert claim_ready(database) == []
    (entry,) = claim_new(database)
    assert (entry.title, entry.url, entry.summary) == ("Title 1", "http://a.example/1", "<p>A summary</p>")
    assert claim_new(database) == []


def test_an_article_sends_the_entry_on_at_once(database):
    feed_id = a_feed(database)
    poll(database, feed_id, [new_entry(1)])
    (entry,) = claim_new(database)
    article = Article("The headline", "Words.", "http://a.example/clean", language="en", bare=True)
    act(database, store.record_article, entry.id, article, now=NOW)
    (ready,) = claim_ready(database)
    assert (ready.id, ready.feed_id, ready.title, ready.text) == (
        entry.id,
        feed_id,
        "The headline",
        "Words.",
    )
    assert (ready.url, ready.arrived_at, ready.backlog) == ("http://a.example/clean", NOW, False)
    (row,) = rows(database, entries)
    assert (row.bare, row.language, row.claims) == (True, "en", 1)


def test_an_odd_language_of_a_page_does_not_stop_the_entry(database):
    poll(database, a_feed(database), [new_entry(1)])
    (entry,) = claim_new(database)
    act(database, store.record_article, entry.id, Article("T", "x", language="english-as-she-is"), now=NOW)
    assert rows(database, entries, entries.c.state, entries.c.language) == [("ready", None)]


def test_text_that_a_database_refuses_is_mended(database):
    poll(database, a_feed(database), [new_entry(1)])
    (entry,) = claim_new(database)
    act(database, store.record_article, entry.id, Article("T\0\ud83d", "a\0b\udc00c"), now=NOW)
    assert [(one.title, one.text) for one in claim_ready(database)] == [("T?", "ab?c")]


def test_entries_are_grouped_in_order_of_arrival(database):
    feed_id = a_feed(database)
    assert [one.title for one in ready_entries(database, feed_id, 3, 1, 2)] == [
        "Title 3",
        "Title 1",
        "Title 2",
    ]


def test_a_grouped_entry_is_done_and_says_why(database):
    one, other = ready_entries(database, a_feed(database), 1, 2)
    story_id = start(database, one, marks=[7, 8])
    join(database, story_id, other, marks=[])
    assert claim_ready(database, now=NOW + DAY) == []
    found = rows(database, entries, entries.c.state, entries.c.story_id, entries.c.joined_because)
    assert found == [("grouped", story_id, "first"), ("grouped", story_id, "alike")]
    marked = rows(database, fingerprints, fingerprints.c.entry_id, fingerprints.c.mark)
    assert marked == [(one.id, 7), (one.id, 8)]


def test_a_candidate_shares_a_mark_and_is_recent_enough(database):
    feed_id = a_feed(database)
    (old,) = ready_entries(database, feed_id, 1, now=NOW - 3 * DAY)
    largest = 2**63 - 1
    start(database, old, marks=[largest])
    recent, other = ready_entries(database, feed_id, 2, 3)
    story_id = start(database, recent, marks=[largest, 5])
    start(database, other, marks=[6])
    found = act(database, store.candidates, [largest, 5, 9], since=NOW - 2 * DAY)
    assert [(one.story_id, one.entry_id, one.title, one.text) for one in found] == [
        (story_id, recent.id, "Title 2", "A text.")
    ]
    both = act(database, store.candidates, [largest], since=NOW - 3 * DAY)
    assert [one.entry_id for one in both] == [old.id, recent.id]


def test_no_marks_have_no_candidates(database):
    (entry,) = ready_entries(database, a_feed(database), 1)
    start(database, entry, marks=[1])
    assert act(database, store.candidates, [], since=NOW - DAY) == []


def test_a_new_entry_does_not_find_itself(database):
    ready_entries(database, a_feed(database), 1)
    assert act(database, store.candidates, [1, 2], since=NOW - DAY) == []


def feed_at(database, host, **changes):
    """The id of a feed on that host."""
    values = {"url": f"http://{host}/feed", "name": host, "host": host, "due_at": NOW} | changes
    return act(database, lambda c: c.execute(sa.insert(feeds).values(values)).inserted_primary_key[0])


def waiting(database, feed_id, *urls, due_at=NOW, backlog=False, **changes):
    """Entries whose articles are to be read."""
    values = {"feed_id": feed_id, "title": "A title", "summary": "", "arrived_at": NOW, "backlog": backlog}
    given = [{**values, "key_hash": f"{url}"[-32:], "url": url, "due_at": due_at, **changes} for url in urls]
    act(database, lambda c: c.execute(sa.insert(entries), given))


def claimed_urls(database, *, now=NOW, limit=100, **changes):
    found, claimed = act(database, store.claim_new, now=now, lease=LEASE, limit=limit, **changes)
    return [entry.url for entry in found], claimed


def test_news_is_read_before_backlog_and_then_the_oldest_due_first(database):
    feed_id = feed_at(database, "a.example")
    waiting(database, feed_id, "http://a.example/old", due_at=NOW - DAY, backlog=True)
    waiting(database, feed_id, "http://a.example/late", due_at=NOW)
    waiting(database, feed_id, "http://a.example/early", due_at=NOW - MINUTE)
    waiting(database, feed_id, "http://a.example/tomorrow", due_at=NOW + DAY)
    found = [claimed_urls(database, limit=1)[0] for _ in range(4)]
    assert found == [
        ["http://a.example/early"],
        ["http://a.example/late"],
        ["http://a.example/old"],
        [],
    ]


def test_entries_of_a_busy_host_wait_and_hold_nobody_up(database):
    feed_id = feed_at(database, "a.example")
    waiting(database, feed_id, "http://a.example/1", "http://A.example:8080/2", "http://b.example/1")
    found, claimed = claimed_urls(database, busy={"a.example"})
    assert (found, claimed.withheld) == (["http://b.example/1"], True)
    found, claimed = claimed_urls(database)
    assert (len(found), claimed.withheld) == (2, False)


def test_one_claim_takes_no_more_of_a_host_than_it_may(database):
    feed_id = feed_at(database, "a.example")
    waiting(database, feed_id, "http://a.example/1", "http://a.example/2", "http://b.example/1")
    found, claimed = claimed_urls(database, per_host=1)
    assert (found, claimed.withheld) == (["http://a.example/1", "http://b.example/1"], True)
    found, claimed = claimed_urls(database, per_host=1)
    assert (found, claimed.withheld) == (["http://a.example/2"], False)


def test_an_entry_whose_page_nobody_asks_for_waits_for_no_host(database):
    off = feed_at(database, "a.example", full_text=False)
    waiting(database, off, "http://a.example/1", "http://a.example/2")
    waiting(database, feed_at(database, "b.example"), None)
    found, _ = act(database, store.claim_new, now=NOW, lease=LEASE, limit=9, busy={"a.example"}, per_host=1)
    assert sorted((entry.url or "", entry.host, entry.full_text) for entry in found) == [
        ("", "", True),
        ("http://a.example/1", "", False),
        ("http://a.example/2", "", False),
    ]


@pytest.mark.parametrize("backlog", [True, False])
def test_fifty_thousand_entries_of_a_busy_host_delay_no_other_by_more_than_a_moment(database, backlog):
    slow = feed_at(database, "slow.example")
    addresses = [f"http://www.slow.example/{number}" for number in range(50_000)]
    waiting(database, slow, *addresses, due_at=NOW - DAY, backlog=backlog)
    idle = [{"url": f"{n}", "name": f"{n}", "host": f"{n}.example", "due_at": NOW} for n in range(300)]
    act(database, lambda c: c.execute(sa.insert(feeds), idle))
    waiting(database, feed_at(database, "quick.example"), "http://quick.example/news")
    waiting(database, feed_at(database, "other.example"), "http://other.example/old", backlog=True)
    if not database.is_sqlite:
        # As the server's own housekeeping does in time: it plans by what it has counted.
        act(database, lambda c: c.execute(sa.text("ANALYZE entries")))
    began = time.perf_counter()
    found, claimed = claimed_urls(database, busy={"www.slow.example"}, limit=24, per_host=1)
    seconds = time.perf_counter() - began
    assert (found, claimed.withheld) == (["http://quick.example/news", "http://other.example/old"], True)
    assert seconds < 0.5
    found, _ = claimed_urls(database, limit=24, per_host=1)
    assert found == ["http://www.slow.example/0"]


def test_an_entry_that_came_back_twice_makes_a_claim_of_its_own(database):
    feed_id = feed_at(database, "a.example")
    waiting(database, feed_id, "http://a.example/1", claims=2, due_at=NOW - MINUTE)
    waiting(database, feed_id, "http://b.example/1", "http://c.example/1")
    waiting(database, feed_id, "http://c.example/2", claims=1, deaths=1, due_at=NOW - MINUTE / 2)
    found = [claimed_urls(database, per_host=1)[0] for _ in range(4)]
    assert found == [
        ["http://a.example/1"],
        ["http://c.example/2"],
        ["http://b.example/1", "http://c.example/1"],
        [],
    ]


def test_an_entry_is_parked_after_five_claims_and_told_of_once(database):
    feed_id = feed_at(database, "a.example")
    waiting(database, feed_id, "http://a.example/1")
    at = NOW
    for _ in range(MAX_CLAIMS):
        assert claimed_urls(database, now=at)[0] == ["http://a.example/1"]
        at += LEASE
    found, claimed = claimed_urls(database, now=at)
    assert (found, len(claimed.parked)) == ([], 1)
    found, claimed = claimed_urls(database, now=at + LEASE)
    assert (found, list(claimed.parked), claimed.withheld) == ([], [], False)


def test_parked_entries_do_not_fill_the_window(database):
    feed_id = feed_at(database, "a.example")
    parked = [f"http://a.example/{number}" for number in range(300)]
    waiting(database, feed_id, *parked, claims=MAX_CLAIMS, due_at=NOW - DAY)
    waiting(database, feed_id, "http://a.example/good")
    assert claimed_urls(database)[0] == ["http://a.example/good"]


def test_an_entry_that_is_put_off_comes_back_then_and_was_not_counted(database):
    waiting(database, feed_at(database, "a.example"), "http://a.example/1")
    for number in range(MAX_CLAIMS + 2):
        at = NOW + number * MINUTE
        (entry,) = claim_new(database, now=at)
        act(database, store.put_off, entry.id, due_at=at + MINUTE)
        assert claim_new(database, now=at + MINUTE / 2) == []


def test_the_first_article_of_an_entry_stays(database):
    waiting(database, feed_at(database, "a.example"), "http://a.example/1")
    (slow,) = claim_new(database)
    (quick,) = claim_new(database, now=NOW + LEASE)
    assert slow.id == quick.id
    assert act(database, store.record_article, quick.id, Article("Quick", "x"), now=NOW) is True
    (ready,) = claim_ready(database)
    story_id = start(database, ready)
    assert act(database, store.record_article, slow.id, Article("Slow", "y"), now=NOW) is False
    act(database, store.put_off, slow.id, due_at=NOW)
    found = rows(database, entries, entries.c.headline, entries.c.state, entries.c.story_id)
    assert found == [("Quick", "grouped", story_id)]
    assert claim_new(database) == claim_ready(database) == []


def test_what_the_page_says_of_itself_is_kept_and_why_there_is_none(database):
    waiting(database, feed_at(database, "a.example"), "http://a.example/1", "http://b.example/1")
    one, other = claim_new(database)
    said = {
        "author": "Ada Lovelace",
        "image_url": "http://a.example/1.jpg",
        "canonical_url": "http://a.example/one",
        "published_at": NOW,
        "updated_at": NOW + MINUTE,
    }
    act(database, store.record_article, one.id, Article("T", "x", **said), now=NOW)
    bare = Article("T", "x", bare=True)
    act(database, store.record_article, other.id, bare, bare_because="the page answered 403", now=NOW)
    names = ("author", "image_url", "canonical_url", "page_published_at", "page_updated_at", "bare_because")
    assert rows(database, entries, *(entries.c[name] for name in names)) == [
        (*said.values(), None),
        (None, None, None, None, None, "the page answered 403"),
    ]


def test_a_flood_of_texts_that_share_a_little_does_not_hide_the_one_that_shares_the_most(database):
    feed_id = a_feed(database)
    flood = ready_entries(database, feed_id, *range(100, 160))
    (right,) = ready_entries(database, feed_id, 1)
    newer = ready_entries(database, feed_id, *range(200, 230))
    for entry in (*flood, *newer):
        start(database, entry, marks=[1, 2])
    start(database, right, marks=[2, 3, 4])
    found = act(database, store.candidates, [1, 2, 3, 4], since=NOW - DAY)
    ids = [one.entry_id for one in found]
    assert right.id in ids
    assert (len(ids), ids) == (50, sorted(ids))
    assert {one.id for one in newer} < set(ids)  # of those that share as much, the newest
