"""Old things go, in small bites; what waits and what was seen stay."""

import numpy as np
import pytest
import sqlalchemy as sa

from bot.model import EntryState, FeedState, NoticeState
from bot.storage import deliveries as deliveries_store
from bot.storage import feeds as feeds_store
from bot.storage import items as items_store
from bot.storage import polls as polls_store
from bot.storage import pushes as pushes_store
from bot.storage.claims import MAX_CLAIMS
from bot.storage.meanings import Meaning, save
from bot.storage.notices import add_notices
from bot.storage.polls import Failed
from bot.storage.proposals import propose
from bot.storage.retention import forget, statistics
from bot.storage.tables import (
    deliveries,
    digests,
    entries,
    feeds,
    fingerprints,
    meanings,
    notices,
    proposals,
    pushes,
    seen,
    stories,
    versions,
)
from tests.storage.builders import (
    DAY,
    LEASE,
    NOW,
    a_feed,
    a_story,
    a_subscriber,
    act,
    claim_due,
    in_hand,
    new_entry,
    order,
    poll,
    ready_entries,
    rows,
    spec,
    start,
    write_digest,
)

KEEP = 30 * DAY
OLD = NOW + KEEP + DAY


def counts(database, *tables):
    return [len(rows(database, table)) for table in tables]


def forget_all(database, *, now=OLD, keep=KEEP):
    gone = 0
    while some := act(database, forget, now=now, keep=keep):
        gone += some
    return gone


def test_an_old_story_goes_with_all_that_is_its_own(database):
    delivery, _ = in_hand(database)
    act(database, deliveries_store.record_sent, delivery.id, [1], now=NOW)
    assert forget_all(database) > 0
    assert counts(database, stories, entries, fingerprints, digests, deliveries) == [0, 0, 0, 0, 0]


def test_what_is_young_enough_stays(database):
    a_story(database)
    assert forget_all(database, now=NOW + DAY) == 0
    assert counts(database, stories, entries, fingerprints) == [1, 1, 2]


def test_a_story_that_somebody_waits_for_stays_with_its_entries(database):
    story_id = a_story(database)
    order(database, story_id, a_subscriber(database).id)
    write_digest(database, story_id)
    forget_all(database)
    assert counts(database, stories, entries, digests) == [1, 1, 1]
    assert len(claim_due(database, now=OLD)) == 1


def test_what_was_seen_stays_so_an_old_item_that_reappears_is_no_news(database):
    feed_id = a_feed(database)
    poll(database, feed_id, [new_entry(1)])
    forget_all(database)
    assert counts(database, entries, seen) == [0, 1]
    assert poll(database, feed_id, [new_entry(1)], now=OLD) == 0


def test_a_key_nobody_listed_for_a_year_goes(database):
    poll(database, a_feed(database), [new_entry(1)])
    forget_all(database, now=NOW + 366 * DAY)
    assert counts(database, seen) == [0]


def test_a_key_stays_as_long_as_its_entry(database):
    feed_id = a_feed(database)
    poll(database, feed_id, [new_entry(1)])
    at = NOW + 366 * DAY
    forget_all(database, now=at, keep=800 * DAY)
    assert counts(database, entries, seen) == [1, 1]
    assert poll(database, feed_id, [new_entry(1), new_entry(2)], now=at) == 1


def test_marks_and_meanings_go_after_a_week_and_the_story_stays(database):
    a_story(database)
    (entry,) = rows(database, entries)
    act(database, save, Meaning(entry.id, NOW, np.ones(384, np.float32)))
    forget_all(database, now=NOW + 6 * DAY)
    assert counts(database, stories, meanings) == [1, 1]
    forget_all(database, now=NOW + 8 * DAY)
    assert counts(database, stories, fingerprints, meanings) == [1, 0, 0]


def test_a_proposal_goes_after_a_week(database):
    subscriber = a_subscriber(database)
    act(database, propose, subscriber.id, ["old"], now=NOW - 8 * DAY)
    act(database, propose, subscriber.id, ["young"], now=NOW - 6 * DAY)
    assert forget_all(database, now=NOW) == 1
    assert rows(database, proposals, proposals.c.text) == [("young",)]


def test_a_large_heap_goes_in_bites(database):
    (entry,) = ready_entries(database, a_feed(database), 1)
    for _ in range(3):
        start(database, entry, marks=[])
    many = [{"title": str(n), "started_at": NOW, "updated_at": NOW, "due_at": NOW} for n in range(1200)]
    act(database, lambda c: c.execute(sa.insert(stories), many))
    assert act(database, forget, now=OLD, keep=KEEP) <= 501
    assert 700 <= counts(database, stories)[0] < 1203
    forget_all(database)
    assert counts(database, stories, entries) == [0, 0]


def test_a_large_heap_of_marks_goes_in_bites(database):
    ready_entries(database, a_feed(database), 1)
    columns = [c.name for c in entries.columns if c.name not in {"id", "key_hash"}]

    def many(connection):
        row = connection.execute(sa.select(*(entries.c[name] for name in columns))).one()._mapping
        copies = [{**row, "key_hash": f"copy-{number}"} for number in range(1200)]
        connection.execute(sa.insert(entries), copies)
        ids = connection.execute(sa.select(entries.c.id)).scalars().all()
        marks = [{"entry_id": id_, "mark": mark, "arrived_at": NOW} for id_ in ids for mark in (1, 2, 3)]
        connection.execute(sa.insert(fingerprints), marks)

    act(database, many)
    assert act(database, forget, now=NOW + 8 * DAY, keep=KEEP) == 1500
    forget_all(database, now=NOW + 8 * DAY)
    assert counts(database, entries, fingerprints) == [1201, 0]


def test_the_operator_sees_feeds_failures_and_what_waits(database):
    act(database, feeds_store.list_feeds, [spec(n) for n in range(4)], now=NOW)
    act(database, feeds_store.list_feeds, [spec(n) for n in range(3)], now=NOW)
    failing = rows(database, feeds, feeds.c.id)[0][0]
    act(database, polls_store.record_failure, Failed(failing, 2, "500", NOW))
    assert act(database, statistics) == {
        "feeds": 3,
        "feeds_failing": 1,
        "feeds_suspended": 0,
        "deliveries_pending": 0,
        "parked": 0,
    }


def test_a_suspended_feed_still_fails(database):
    act(database, feeds_store.list_feeds, [spec(n) for n in range(3)], now=NOW)
    silent, closed = (row.id for row in rows(database, feeds)[:2])
    failed = Failed(silent, 12, "500", NOW, state=FeedState.SUSPENDED)
    act(database, polls_store.record_failure, failed)
    act(database, polls_store.record_failure, Failed(closed, 12, "410", NOW, state=FeedState.RETIRED))
    found = act(database, statistics)
    assert (found["feeds"], found["feeds_failing"], found["feeds_suspended"]) == (2, 1, 1)


def parked(connection, table, **where):
    connection.execute(sa.update(table).filter_by(**where).values(claims=MAX_CLAIMS, claimed_at=None))


@pytest.mark.parametrize("state", ["active", "suspended"])
def test_a_parked_feed_is_seen_as_long_as_it_is_asked(database, state):
    feed_id = a_feed(database)
    act(database, lambda c: c.execute(sa.update(feeds).values(state=state)))
    act(database, parked, feeds, id=feed_id)
    assert act(database, statistics)["parked"] == 1


def test_a_parked_feed_that_is_not_asked_counts_no_more(database):
    feed_id = a_feed(database)
    act(database, parked, feeds, id=feed_id)
    act(database, lambda c: c.execute(sa.update(feeds).values(state=FeedState.RETIRED)))
    assert act(database, statistics)["parked"] == 0


def test_a_parked_push_is_seen_as_long_as_its_feed_is_asked(database):
    feed_id = a_feed(database)
    act(database, pushes_store.want, feed_id, hub="https://hub.example/", topic="http://a.example/", now=NOW)
    act(database, parked, pushes, feed_id=feed_id)
    assert act(database, statistics)["parked"] == 1
    act(database, lambda c: c.execute(sa.update(feeds).values(state=FeedState.UNLISTED)))
    assert act(database, statistics)["parked"] == 0


def test_a_parked_notice_is_seen_and_one_that_was_sent_is_over(database):
    act(database, add_notices, [1, 2], "A word", now=NOW)
    act(database, parked, notices)
    act(database, lambda c: c.execute(sa.update(notices).filter_by(chat_id=2).values(state="sent")))
    assert act(database, statistics)["parked"] == 1


@pytest.mark.parametrize(("state", "left"), [("sent", 0), ("dropped", 0), ("pending", 1)])
def test_an_old_notice_goes_once_it_was_sent_or_dropped(database, state, left):
    act(database, add_notices, [1], "old", now=NOW)
    act(database, lambda c: c.execute(sa.update(notices).values(state=state)))
    act(database, add_notices, [2], "young", now=NOW + 2 * DAY)
    forget_all(database)
    assert [row.text for row in rows(database, notices)] == ["old"] * left + ["young"]


def test_a_notice_of_a_silence_that_goes_on_stays(database):
    """It says who must hear of the end."""
    feed_id = a_feed(database)
    act(database, add_notices, [1], "silent", feed_id=feed_id, now=NOW)
    act(database, lambda c: c.execute(sa.update(notices).values(state=NoticeState.SENT)))
    act(database, lambda c: c.execute(sa.update(feeds).values(state=FeedState.SUSPENDED)))
    forget_all(database)
    assert counts(database, notices) == [1]
    act(database, lambda c: c.execute(sa.update(feeds).values(state=FeedState.ACTIVE)))
    forget_all(database)
    assert counts(database, notices) == [0]


def test_a_large_heap_of_notices_goes_in_bites(database):
    act(database, add_notices, range(1200), "A word", now=NOW)
    act(database, lambda c: c.execute(sa.update(notices).values(state=NoticeState.SENT)))
    assert act(database, forget, now=OLD, keep=KEEP) == 500
    forget_all(database)
    assert counts(database, notices) == [0]


def test_a_notice_outlives_its_feed(database):
    feed_id = a_feed(database)
    act(database, add_notices, [1], "A word", feed_id=feed_id, now=NOW)
    act(database, lambda c: c.execute(sa.delete(feeds).where(feeds.c.id == feed_id)))
    assert rows(database, notices, notices.c.feed_id, notices.c.text) == [(None, "A word")]


def test_the_versions_of_an_entry_go_with_it(database):
    feed_id = a_feed(database)
    poll(database, feed_id, [new_entry(1, text_hash="as it was")])
    act(database, lambda c: c.execute(sa.update(entries).values(state=EntryState.GROUPED)))
    (kept,) = act(database, items_store.kept_entries, feed_id, {"key-1"}).values()
    assert act(database, items_store.add_version, kept, new_entry(1, title="Another"), now=NOW)
    assert counts(database, entries, versions) == [1, 1]
    forget_all(database)
    assert counts(database, entries, versions) == [0, 0]


def test_the_operator_sees_what_is_parked(database):
    in_hand(database)
    for attempt in range(1, MAX_CLAIMS + 2):
        claim_due(database, now=NOW + attempt * LEASE)
    found = act(database, statistics)
    assert (found["deliveries_pending"], found["parked"]) == (1, 1)
