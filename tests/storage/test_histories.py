"""What became of a link: found by what its item wears or by its address, and told as it is."""

import sqlalchemy as sa

from bot.model import DeliveryState, EntryState, FeedState, FilterState
from bot.storage import claims, deliveries, entries, items, subscribers
from bot.storage import histories as store
from bot.storage.tables import entries as entries_table
from bot.storage.tables import feeds
from tests.storage.builders import (
    DAY,
    LEASE,
    MINUTE,
    NOW,
    a_feed,
    a_story,
    a_subscriber,
    act,
    claim_due,
    join,
    new_entry,
    order,
    poll,
    ready_entries,
    start,
    write_digest,
)

LATER = NOW + MINUTE


def addressed(database, words, since=NOW - DAY):
    return [one.title for one in act(database, store.addressed, words, since=since)]


def test_an_entry_is_found_by_the_mark_its_item_wears(database):
    feed_id = a_feed(database)
    poll(database, feed_id, [new_entry(1), new_entry(2)])
    act(database, items.wear, feed_id, {"the-link": "key-2"}, before={}, now=NOW)
    (found,) = act(database, store.wearing, "the-link")
    assert (found.title, found.outlet, found.state) == ("Title 2", "Feed 1", EntryState.NEW)
    assert act(database, store.wearing, "another") == []


def test_an_entry_is_found_by_words_of_its_own_or_its_pages_address(database):
    one, two = ready_entries(database, a_feed(database), 1, 2)
    there = {"canonical_url": "https://a.example/100%_sure"}
    act(
        database,
        lambda c: c.execute(sa.update(entries_table).where(entries_table.c.id == two.id).values(**there)),
    )
    assert sorted(addressed(database, "a.example/1")) == [one.title, two.title]
    assert addressed(database, "100%_sure") == [two.title]
    assert addressed(database, "a.example/_") == []  # no wildcard of the database's
    assert addressed(database, "a.example", since=NOW + DAY) == []


def test_a_parked_entry_is_told_from_one_on_its_way(database):
    poll(database, a_feed(database), [new_entry(1)])
    for turn in range(claims.MAX_CLAIMS + 1):
        assert not act(database, store.addressed, "a.example", since=NOW - DAY)[0].parked
        act(database, entries.claim_new, now=NOW + turn * DAY, lease=LEASE, limit=1)
    assert act(database, store.addressed, "a.example", since=NOW - DAY)[0].parked


def test_a_story_says_where_it_began_and_whether_it_holds_any_news(database):
    story_id = a_story(database)
    told = act(database, store.story, story_id)
    assert (told.title, told.has_news, told.matched, told.parked) == ("Title 1", True, False, False)
    (second,) = ready_entries(database, 1, 2)
    join(database, story_id, second)
    assert act(database, store.story, story_id).first_entry == told.first_entry < second.id
    assert act(database, store.story, 4711) is None


def test_a_story_of_a_first_poll_holds_no_news(database):
    (entry,) = ready_entries(database, a_feed(database, first_polled=False), 1)
    told = act(database, store.story, start(database, entry))
    assert (told.has_news, told.matched) == (False, True)


def test_the_fates_are_this_chats_alone_and_the_oldest_first(database):
    story_id, ada, ben = a_story(database), a_subscriber(database, 1), a_subscriber(database, 2)
    order(database, story_id, ada.id, ben.id)
    (waiting,) = act(database, store.fates, ada.id, {story_id})
    assert (waiting.state, waiting.written, waiting.message_id) == (DeliveryState.PENDING, False, None)
    write_digest(database, story_id)
    assert act(database, store.fates, ada.id, {story_id})[0].written
    sent = next(one for one in claim_due(database) if one.subscriber_id == ada.id)
    act(database, deliveries.record_sent, sent.id, [77, 78], now=LATER)
    (told,) = act(database, store.fates, ada.id, {story_id})
    assert (told.state, told.sent_at, told.message_id) == (DeliveryState.SENT, LATER, 77)
    assert act(database, store.fates, ben.id, {story_id})[0].state == DeliveryState.PENDING
    assert act(database, store.fates, ada.id, {story_id + 1}) == []


def test_wishes_say_since_when_they_stand(database):
    ada = a_subscriber(database)
    kept = act(database, subscribers.save_filter, ada.id, "ferry", now=NOW).row
    gone = act(database, subscribers.save_filter, ada.id, "storm", now=NOW).row
    act(database, subscribers.set_filter, ada.id, kept.id, FilterState.PAUSED, now=LATER)
    act(database, subscribers.set_filter, ada.id, gone.id, FilterState.DELETED, now=LATER)
    (wish,) = act(database, store.wishes, ada.id)
    assert (wish.row.text, wish.row.state) == ("ferry", FilterState.PAUSED)
    assert (wish.created_at, wish.changed_at) == (NOW, LATER)


def test_the_feeds_of_a_host_are_those_there_and_those_that_bring_its_links(database):
    feed_id = a_feed(database)
    poll(database, feed_id, [new_entry(1, url="https://www.news.example/1")])
    of = {"hosts": ("news.example", "www.news.example"), "since": NOW - DAY}
    act(database, lambda c: c.execute(sa.update(feeds).values(failing_since=NOW)))
    (brought,) = act(database, store.feeds_of, **of)
    assert (brought.name, brought.state, brought.failing_since) == ("Feed 1", FeedState.ACTIVE, NOW)
    at_home = {"hosts": ("feed1.example",), "since": LATER}
    assert [feed.name for feed in act(database, store.feeds_of, **at_home)] == ["Feed 1"]
    assert act(database, store.feeds_of, hosts=("other.example",), since=NOW - DAY) == []
