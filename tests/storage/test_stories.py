"""Stories grow, are matched once a revision, and get one digest for each that somebody wants."""

import pytest

from bot.model import Article, Digest, Evidence, Source
from bot.storage import entries as entries_store
from bot.storage import stories as store
from bot.storage.claims import take_back
from bot.storage.tables import digests, stories
from tests.storage.builders import (
    DAY,
    DIGEST,
    LEASE,
    MINUTE,
    NOW,
    a_feed,
    a_story,
    act,
    join,
    new_entry,
    poll,
    ready_entries,
    rows,
    some_stories,
    start,
)


def claim(database, *, now=NOW, limit=100):
    return act(database, store.claim_unmatched, now=now, lease=LEASE, limit=limit)[0]


def backlog_entry(database):
    """The one entry of a feed's first poll; and one that comes later."""
    feed_id = a_feed(database, first_polled=False)
    (first,) = ready_entries(database, feed_id, 1)
    (second,) = ready_entries(database, feed_id, 2)
    assert (first.backlog, second.backlog) == (True, False)
    return first, second


def test_a_new_story_is_claimed_for_matching_with_all_that_filters_see(database):
    story_id = a_story(database)
    (story,) = claim(database)
    assert (story.id, story.title, story.revision) == (story_id, "Title 1", 1)
    (entry,) = story.entries
    assert (entry.outlet, entry.title, entry.url, entry.text) == (
        "Feed 1",
        "Title 1",
        "http://a.example/1",
        "A text.",
    )
    assert (entry.bare, entry.language, entry.topic, entry.published_at) == (False, None, None, NOW)


def test_a_backlog_story_is_not_claimed_for_matching(database):
    backlog, _ = backlog_entry(database)
    start(database, backlog)
    assert claim(database, now=NOW + DAY) == []


def test_a_fresh_entry_makes_a_backlog_story_news(database):
    backlog, fresh = backlog_entry(database)
    story_id = start(database, backlog)
    join(database, story_id, fresh)
    assert [(story.id, story.revision, len(story.entries)) for story in claim(database)] == [(story_id, 2, 2)]


def test_a_backlog_entry_leaves_a_waiting_story_waiting(database):
    backlog, fresh = backlog_entry(database)
    story_id = start(database, fresh)
    join(database, story_id, backlog)
    assert [(story.id, story.revision) for story in claim(database)] == [(story_id, 2)]


def test_a_backlog_entry_leaves_a_matched_story_matched(database):
    backlog, fresh = backlog_entry(database)
    story_id = start(database, fresh)
    act(database, store.record_matched, story_id, 1)
    join(database, story_id, backlog)
    assert claim(database, now=NOW + DAY) == []


def test_a_matched_story_rests_until_it_grows(database):
    one, other = ready_entries(database, a_feed(database), 1, 2)
    story_id = start(database, one)
    claim(database)
    act(database, store.record_matched, story_id, 1)
    assert claim(database, now=NOW + DAY) == []
    join(database, story_id, other, now=NOW + MINUTE)
    assert [(story.id, story.revision) for story in claim(database, now=NOW + MINUTE)] == [(story_id, 2)]


def test_a_story_that_grew_while_it_was_matched_is_matched_again_at_once(database):
    one, other = ready_entries(database, a_feed(database), 1, 2)
    story_id = start(database, one)
    claim(database)
    join(database, story_id, other)
    act(database, store.record_matched, story_id, 1)
    assert [story.revision for story in claim(database)] == [2]


def test_a_late_entry_does_not_make_a_story_older(database):
    feed_id = a_feed(database)
    (fresh,) = ready_entries(database, feed_id, 1)
    story_id = start(database, fresh)
    (late,) = ready_entries(database, feed_id, 2, now=NOW - 20 * DAY)
    join(database, story_id, late)
    assert rows(database, stories, stories.c.updated_at) == [(NOW,)]


def test_stories_are_loaded_in_the_order_asked_and_gaps_are_left_out(database):
    one, two, three = some_stories(database, 3)
    found = act(database, store.load_stories, [three, 10**6, one, two])
    assert [story.id for story in found] == [three, one, two]
    assert act(database, store.load_stories, []) == []


def test_an_entry_speaks_its_own_language_before_the_feeds(database):
    feed_id = a_feed(database)
    poll(database, feed_id, [new_entry(1)])
    ((entry,), _) = act(database, entries_store.claim_new, now=NOW, lease=LEASE, limit=9)
    act(database, entries_store.record_article, entry.id, Article("T", "x", language="fr"), now=NOW)
    ((ready,), _) = act(database, entries_store.claim_ready, now=NOW, lease=LEASE, limit=9)
    start(database, ready)
    assert [story.entries[0].language for story in claim(database)] == ["fr"]


def test_the_newest_stories_come_first_and_old_ones_not_at_all(database):
    feed_id = a_feed(database)
    ages = [3, 0, 1, 9]
    for age in ages:
        (entry,) = ready_entries(database, feed_id, age, now=NOW - age * DAY)
        start(database, entry)

    def newest(connection, limit):
        return [s.title for s in store.iterate_newest(connection, since=NOW - 7 * DAY, limit=limit)]

    assert act(database, newest, 100) == ["Title 0", "Title 1", "Title 3"]
    assert act(database, newest, 2) == ["Title 0", "Title 1"]


def test_more_stories_than_one_bite_are_all_iterated(database):
    made = some_stories(database, 230)
    found = act(
        database,
        lambda c: [s.id for s in store.iterate_newest(c, since=NOW - DAY, limit=1000)],
    )
    assert found == made[::-1]


def test_a_digest_is_ordered_once_for_a_revision(database):
    story_id = a_story(database)
    for revision in (1, 1, 2):
        act(database, store.want_digest, story_id, revision, now=NOW)
    wanted, _ = act(database, store.claim_wanted, now=NOW, lease=LEASE, limit=9)
    assert [(one.story_id, one.revision) for one in wanted] == [(story_id, 1), (story_id, 2)]


@pytest.mark.parametrize(
    "digest",
    [
        DIGEST,
        Digest(
            headline="A “quoted” <headline> 🚨",
            need_to_know=("One & two.",),
            details=("水坝", "three"),
            next=("four",),
            model="lead",
            evidence=((Evidence(0, 0, 9),), (Evidence(1, 5, 7),)),
            sources=(Source("BBC", "T", "http://a.example/", bare=True), Source("NPR", "U", None)),
        ),
        Digest("nul \0 and half a pair \ud800", (), (), (), "lead"),
    ],
)
def test_a_digest_comes_back_as_it_was_written(database, digest):
    story_id = a_story(database)
    act(database, store.want_digest, story_id, 1, now=NOW)
    ((wanted,), _) = act(database, store.claim_wanted, now=NOW, lease=LEASE, limit=9)
    act(database, store.record_digest, wanted.id, digest, seconds=0.25, now=NOW)
    ((content, state, model),) = rows(database, digests, digests.c.content, digests.c.state, digests.c.model)
    assert (store.read_digest(content), state, model) == (digest, "written", "lead")
    assert act(database, store.claim_wanted, now=NOW + DAY, lease=LEASE, limit=9)[0] == []


def test_a_second_digest_of_one_whose_lease_ran_out_changes_nothing(database):
    act(database, store.want_digest, a_story(database), 1, now=NOW)
    ((late,), _) = act(database, store.claim_wanted, now=NOW, lease=LEASE, limit=9)
    ((first,), _) = act(database, store.claim_wanted, now=NOW + LEASE, lease=LEASE, limit=9)
    assert act(database, store.record_digest, first.id, DIGEST, seconds=0.25, now=NOW)
    before = rows(database, digests)
    other = Digest("Another", (), (), (), "late")
    assert not act(database, store.record_digest, late.id, other, seconds=9.0, now=NOW + DAY)
    assert rows(database, digests) == before


def test_attempts_at_a_digest_count_claims_and_deaths(database):
    act(database, store.want_digest, a_story(database), 1, now=NOW)
    counts = []
    for _ in range(2):
        ((wanted,), _) = act(database, store.claim_wanted, now=NOW, lease=LEASE, limit=9)
        counts.append(wanted.attempts)
        act(database, take_back, now=NOW)
    ((wanted,), _) = act(database, store.claim_wanted, now=NOW, lease=LEASE, limit=9)
    ((again,), _) = act(database, store.claim_wanted, now=NOW + LEASE, lease=LEASE, limit=9)
    assert [*counts, wanted.attempts, again.attempts] == [1, 2, 3, 4]
