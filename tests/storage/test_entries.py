"""Entries on their way: the article, then the story, each by its own claim."""

from bot.model import Article
from bot.storage import entries as store
from bot.storage.tables import entries, fingerprints
from tests.storage.builders import (
    DAY,
    LEASE,
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
