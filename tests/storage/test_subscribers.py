"""Chats and their filters: each its own, and none lost on the way."""

import threading

import pytest
import sqlalchemy as sa

from bot.model import ChatKind, DeliveryState, FilterState, SubscriberState
from bot.storage import deliveries as deliveries_store
from bot.storage import subscribers as store
from bot.storage.database import Database
from bot.storage.proposals import propose, proposed
from bot.storage.subscribers import MOST_FILTERS, Full, Kept
from bot.storage.tables import deliveries, filters, subscribers
from tests.storage.builders import MINUTE, NOW, a_subscriber, act, order, rows, some_stories

LATER = NOW + MINUTE


def save(database, subscriber, text, *, now=NOW):
    """The filter, and whether it is new."""
    kept = act(database, store.save_filter, subscriber.id, text, now=now)
    return kept.row, kept.new


def texts(database, subscriber):
    return [(row.text, row.state) for row in act(database, store.filters_of, subscriber.id)]


def fates(database):
    columns = (deliveries.c.subscriber_id, deliveries.c.story_id, deliveries.c.state)
    return rows(database, deliveries, *columns)


def test_meeting_twice_is_meeting_once(database):
    first = a_subscriber(database, -100123456789012, ChatKind.SUPERGROUP)
    act(database, store.set_state, first.id, SubscriberState.STOPPED)
    again = a_subscriber(database, -100123456789012, ChatKind.SUPERGROUP)
    assert (again.id, again.state) == (first.id, SubscriberState.STOPPED)
    assert len(rows(database, subscribers)) == 1


def test_a_chat_is_found_by_its_id_or_not_at_all(database):
    subscriber = a_subscriber(database, 5)
    assert act(database, store.find, 5) == subscriber
    assert act(database, store.find, 6) is None


def test_who_does_not_listen_has_nothing_waiting(database):
    one, two = some_stories(database, 2)
    stopped, other = a_subscriber(database, 1), a_subscriber(database, 2)
    order(database, one, stopped.id, other.id)
    order(database, two, stopped.id)
    sent = rows(database, deliveries, deliveries.c.id)[0][0]
    act(database, deliveries_store.record_sent, sent, [9], now=NOW)
    act(database, store.set_state, stopped.id, SubscriberState.PAUSED, reason="blocked")
    assert fates(database) == [
        (stopped.id, one, DeliveryState.SENT),
        (other.id, one, DeliveryState.PENDING),
        (stopped.id, two, DeliveryState.DROPPED),
    ]
    assert rows(database, deliveries, deliveries.c.reason)[2] == ("blocked",)
    assert act(database, store.active_among, {stopped.id, other.id}) == {other.id}


def test_who_comes_back_starts_clean(database):
    (story,) = some_stories(database, 1)
    subscriber = a_subscriber(database)
    order(database, story, subscriber.id)
    act(database, store.set_state, subscriber.id, SubscriberState.PAUSED, reason="blocked")
    act(database, store.set_state, subscriber.id, SubscriberState.ACTIVE)
    assert fates(database) == [(subscriber.id, story, DeliveryState.DROPPED)]
    assert rows(database, subscribers, subscribers.c.state, subscribers.c.reason) == [("active", None)]


def test_very_many_subscribers_are_asked_about_at_once(database):
    known = {a_subscriber(database, chat_id).id for chat_id in range(3)}
    assert act(database, store.active_among, known | set(range(10**6, 10**6 + 70_000))) == known
    assert act(database, store.active_among, set()) == set()


def test_a_group_that_moves_keeps_its_filters(database):
    group = a_subscriber(database, -5, ChatKind.GROUP)
    save(database, group, "dam")
    act(database, store.move, group.id, -1005, now=LATER)
    moved = act(database, store.find, -1005)
    assert (moved.id, moved.kind) == (group.id, ChatKind.SUPERGROUP)
    assert texts(database, moved) == [("dam", FilterState.ACTIVE)]
    assert act(database, store.find, -5) is None


def test_moving_to_where_it_is_already_changes_nothing(database):
    group = a_subscriber(database, -1005, ChatKind.SUPERGROUP)
    save(database, group, "dam")
    act(database, store.move, group.id, -1005, now=LATER)
    assert act(database, store.find, -1005) == group
    assert texts(database, group) == [("dam", FilterState.ACTIVE)]


def test_a_group_that_moves_to_a_chat_we_know_joins_both(database):
    both, mine, theirs = some_stories(database, 3)
    group, there = a_subscriber(database, -5, ChatKind.GROUP), a_subscriber(database, -1005)
    for subscriber, words in ((group, ("dam", "flood")), (there, ("flood", "river"))):
        for text in words:
            save(database, subscriber, text)
    order(database, both, group.id, there.id)
    order(database, mine, group.id)
    order(database, theirs, there.id)
    (proposal,) = act(database, propose, there.id, ["lake"], now=NOW)

    act(database, store.move, group.id, -1005, now=LATER)

    assert [(row.id, row.chat_id) for row in rows(database, subscribers)] == [(group.id, -1005)]
    active = FilterState.ACTIVE
    assert texts(database, group) == [("dam", active), ("flood", active), ("river", active)]
    assert {story for _, story, _ in fates(database)} == {both, mine, theirs}
    assert {subscriber for subscriber, _, _ in fates(database)} == {group.id}
    assert act(database, proposed, group.id, proposal.id) == proposal


def test_the_matcher_hears_that_a_filter_has_a_new_owner(database):
    group, there = a_subscriber(database, -5, ChatKind.GROUP), a_subscriber(database, -1005)
    saved, _ = save(database, there, "river")
    act(database, store.move, group.id, -1005, now=LATER)
    changed = act(database, lambda c: list(store.filters_changed_since(c, LATER)))
    assert [(row.id, row.subscriber_id) for row in changed] == [(saved.id, group.id)]


def test_a_filter_that_is_active_in_either_chat_is_active_after_the_move(database):
    group, there = a_subscriber(database, -5, ChatKind.GROUP), a_subscriber(database, -1005)
    deleted, _ = save(database, group, "dam")
    act(database, store.set_filter, group.id, deleted.id, FilterState.DELETED, now=NOW)
    save(database, there, "dam")
    act(database, store.move, group.id, -1005, now=LATER)
    assert texts(database, group) == [("dam", FilterState.ACTIVE)]
    assert [row.id for row in act(database, lambda c: list(store.filters_changed_since(c, LATER)))] == [
        deleted.id
    ]


@pytest.mark.parametrize(
    ("mine", "theirs", "after"),
    [
        ("active", "active", "active"),
        ("stopped", "active", "active"),
        ("paused", "active", "active"),
        ("active", "stopped", "active"),
        ("active", "paused", "active"),
        ("stopped", "paused", "stopped"),
        ("paused", "stopped", "paused"),
    ],
)
def test_of_two_chats_that_join_one_that_listens_is_enough(database, mine, theirs, after):
    group, there = a_subscriber(database, -5, ChatKind.GROUP), a_subscriber(database, -1005)
    for subscriber, state in ((group, mine), (there, theirs)):
        reason = None if state == "active" else f"it was {state}"
        act(database, store.set_state, subscriber.id, SubscriberState(state), reason=reason)
    act(database, store.move, group.id, -1005, now=LATER)
    ((state, reason),) = rows(database, subscribers, subscribers.c.state, subscribers.c.reason)
    assert (state, reason) == (after, None if after == "active" else f"it was {mine}")


SENT, PENDING, DROPPED = DeliveryState.SENT, DeliveryState.PENDING, DeliveryState.DROPPED


@pytest.mark.parametrize(
    ("mine", "theirs", "after"),
    [
        (SENT, PENDING, SENT),
        (PENDING, SENT, SENT),
        (DROPPED, SENT, SENT),
        (SENT, DROPPED, SENT),
        (DROPPED, PENDING, PENDING),
        (PENDING, DROPPED, PENDING),
        (PENDING, PENDING, PENDING),
        (DROPPED, DROPPED, DROPPED),
    ],
)
def test_of_two_alerts_of_one_story_the_one_that_came_furthest_stays_after_a_move(
    database, mine, theirs, after
):
    (story,) = some_stories(database, 1)
    group, there = a_subscriber(database, -5, ChatKind.GROUP), a_subscriber(database, -1005)
    order(database, story, group.id, there.id)
    for (number,), state in zip(rows(database, deliveries, deliveries.c.id), (mine, theirs), strict=True):
        if state == SENT:
            act(database, deliveries_store.record_sent, number, [9], now=NOW)
        elif state == DROPPED:
            act(database, deliveries_store.record_dropped, number, "too long")
    act(database, store.move, group.id, -1005, now=LATER)
    assert fates(database) == [(group.id, story, after)]


@pytest.mark.parametrize(("mine", "theirs", "after"), [(1, 2, 2), (2, 1, 2), (1, 1, 1), (3, 3, 3)])
def test_of_two_chats_that_had_one_story_the_one_that_was_told_more_keeps_all_of_it(
    database, mine, theirs, after
):
    (story,) = some_stories(database, 1)
    group, there = a_subscriber(database, -5, ChatKind.GROUP), a_subscriber(database, -1005)
    for subscriber, revision in ((group, mine), (there, theirs)):
        row = {
            "subscriber_id": subscriber.id,
            "story_id": story,
            "trace": [],
            "due_at": NOW,
            "created_at": NOW,
        }
        told = [{"revision": n + 1, "state": SENT, "message_ids": [n], **row} for n in range(revision)]
        told[-1]["state"] = PENDING if revision > 1 else SENT
        act(database, lambda c, told=told: c.execute(sa.insert(deliveries), told))
    act(database, store.move, group.id, -1005, now=LATER)
    assert [owner for owner, _, _ in fates(database)] == [group.id] * after


def test_what_was_sent_in_the_old_group_is_not_replied_to_in_the_new_one(database):
    sent, waits = some_stories(database, 2)
    group = a_subscriber(database, -5, ChatKind.GROUP)
    order(database, sent, group.id)
    order(database, waits, group.id)
    first, second = (number for (number,) in rows(database, deliveries, deliveries.c.id))
    act(database, deliveries_store.record_sent, first, [9], now=NOW)
    act(database, deliveries_store.record_part, second, [10])
    act(database, store.move, group.id, -1005, now=LATER)
    # A part that has arrived is there for the members to read, and not sent again.
    assert rows(database, deliveries, deliveries.c.message_ids) == [([],), ([10],)]


def test_a_filter_is_saved_once_and_the_oldest_is_first(database):
    subscriber = a_subscriber(database)
    saved = [save(database, subscriber, text)[1] for text in ("flood", "dam", "flood")]
    assert saved == [True, True, False]
    assert texts(database, subscriber) == [("flood", FilterState.ACTIVE), ("dam", FilterState.ACTIVE)]


def test_two_subscribers_may_have_the_same_filter(database):
    one, other = a_subscriber(database, 1), a_subscriber(database, 2)
    assert save(database, one, "dam")[1]
    assert save(database, other, "dam")[1]


def test_a_deleted_filter_is_not_shown_but_can_be_restored(database):
    subscriber = a_subscriber(database)
    saved, _ = save(database, subscriber, "dam")
    act(database, store.set_filter, subscriber.id, saved.id, FilterState.DELETED, now=NOW)
    assert texts(database, subscriber) == []
    assert act(database, store.set_filter, subscriber.id, saved.id, FilterState.PAUSED, now=NOW) is None
    assert act(database, store.restore_filter, subscriber.id, saved.id, now=LATER) == Kept(saved, new=True)
    assert texts(database, subscriber) == [("dam", FilterState.ACTIVE)]


def test_saving_a_deleted_filter_again_makes_it_new(database):
    subscriber = a_subscriber(database)
    saved, _ = save(database, subscriber, "dam")
    act(database, store.set_filter, subscriber.id, saved.id, FilterState.DELETED, now=NOW)
    assert save(database, subscriber, "dam", now=LATER) == (saved, True)


def test_saving_a_paused_filter_again_resumes_it(database):
    subscriber = a_subscriber(database)
    saved, _ = save(database, subscriber, "dam")
    act(database, store.set_filter, subscriber.id, saved.id, FilterState.PAUSED, now=NOW)
    assert save(database, subscriber, "dam", now=LATER) == (saved, False)


def full(database):
    """A chat that follows as much as it may, and one of its filters."""
    subscriber = a_subscriber(database)
    saved = [save(database, subscriber, f"word{number}")[0] for number in range(MOST_FILTERS)]
    return subscriber, saved[7]


def test_a_full_chat_follows_nothing_more_and_nothing_of_it_is_changed(database):
    subscriber, _ = full(database)
    assert act(database, store.save_filter, subscriber.id, "one more", now=LATER) == Full()
    assert len(rows(database, filters)) == MOST_FILTERS


def test_what_a_full_chat_follows_already_it_has(database):
    subscriber, one = full(database)
    assert act(database, store.save_filter, subscriber.id, one.text, now=LATER) == Kept(one, new=False)
    act(database, store.set_filter, subscriber.id, one.id, FilterState.PAUSED, now=LATER)
    assert act(database, store.save_filter, subscriber.id, one.text, now=LATER) == Kept(one, new=False)


def test_what_a_chat_deleted_comes_back_only_while_there_is_room(database):
    subscriber, one = full(database)
    act(database, store.set_filter, subscriber.id, one.id, FilterState.DELETED, now=LATER)
    save(database, subscriber, "one more")
    assert act(database, store.restore_filter, subscriber.id, one.id, now=LATER) == Full()
    assert act(database, store.save_filter, subscriber.id, one.text, now=LATER) == Full()
    other = texts(database, subscriber)[0]
    (number,) = (row.id for row in act(database, store.filters_of, subscriber.id) if row.text == other[0])
    act(database, store.set_filter, subscriber.id, number, FilterState.DELETED, now=LATER)
    assert act(database, store.restore_filter, subscriber.id, one.id, now=LATER) == Kept(one, new=True)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_two_wishes_at_once_do_not_share_the_last_place(database):
    subscriber, one = full(database)
    act(database, store.set_filter, subscriber.id, one.id, FilterState.DELETED, now=LATER)
    other = Database(database.url.render_as_string(hide_password=False))
    outcomes = []

    def second():
        outcomes.append(act(other, store.save_filter, subscriber.id, "two", now=LATER))

    waiting = threading.Thread(target=second)
    with database.engine.connect() as connection, connection.begin():
        outcomes.append(store.save_filter(connection, subscriber.id, "one", now=LATER))
        waiting.start()
        waiting.join(0.5)
        assert waiting.is_alive()
    waiting.join()
    other.close()
    assert [type(outcome) for outcome in outcomes] == [Kept, Full]
    assert len(texts(database, subscriber)) == MOST_FILTERS


def test_nobody_touches_another_chats_filters(database):
    owner, stranger = a_subscriber(database, 1), a_subscriber(database, 2)
    saved, _ = save(database, owner, "dam")
    for state in FilterState:
        assert act(database, store.set_filter, stranger.id, saved.id, state, now=LATER) is None
    assert act(database, store.restore_filter, stranger.id, saved.id, now=LATER) is None
    assert rows(database, filters, filters.c.state, filters.c.changed_at) == [("active", NOW)]


def test_the_change_log_tells_every_change_and_at_first_only_what_lives(database):
    subscriber = a_subscriber(database)
    kept, _ = save(database, subscriber, "kept")
    gone, _ = save(database, subscriber, "gone")
    act(database, store.set_filter, subscriber.id, gone.id, FilterState.DELETED, now=LATER)
    assert [row.id for row in act(database, lambda c: list(store.filters_changed_since(c, None)))] == [
        kept.id
    ]
    changed = act(database, lambda c: list(store.filters_changed_since(c, LATER)))
    assert [(row.id, row.state) for row in changed] == [(gone.id, FilterState.DELETED)]


def test_a_wish_with_odd_characters_is_kept_and_found_again(database):
    subscriber = a_subscriber(database)
    assert save(database, subscriber, "dam\0 \ud83d")[1]
    assert not save(database, subscriber, "dam\0 \ud83d")[1]
    assert [text for text, _ in texts(database, subscriber)] == ["dam ?"]


def test_a_filter_takes_the_place_of_another_and_gives_it_back(database):
    subscriber = a_subscriber(database)
    dam, _ = save(database, subscriber, "dam")
    kept = act(database, store.replace_filter, subscriber.id, dam.id, "flood", now=LATER, typed="Flood")
    assert (kept.row.id, kept.row.typed, kept.instead_of, kept.new) == (dam.id, "Flood", dam, True)
    assert texts(database, subscriber) == [("flood", FilterState.ACTIVE)]
    changed = act(database, lambda c: list(store.filters_changed_since(c, LATER)))
    assert [(row.id, row.text) for row in changed] == [(dam.id, "flood")]
    back = act(database, store.replace_filter, subscriber.id, dam.id, "dam", now=LATER, typed="dam")
    assert (back.row, back.instead_of) == (dam, kept.row)


def test_a_filter_takes_anothers_place_under_a_text_that_was_deleted(database):
    subscriber = a_subscriber(database)
    flood, _ = save(database, subscriber, "flood")
    act(database, store.set_filter, subscriber.id, flood.id, FilterState.DELETED, now=NOW)
    dam, _ = save(database, subscriber, "dam")
    kept = act(database, store.replace_filter, subscriber.id, dam.id, "flood", now=LATER, typed="flood")
    assert (kept.row, kept.instead_of) == (flood, dam)
    assert texts(database, subscriber) == [("flood", FilterState.ACTIVE)]


def test_a_filter_that_says_what_another_says_replaces_neither(database):
    subscriber = a_subscriber(database)
    flood, _ = save(database, subscriber, "flood")
    dam, _ = save(database, subscriber, "dam")
    for text in ("flood", "dam"):
        kept = act(database, store.replace_filter, subscriber.id, dam.id, text, now=LATER, typed=text)
        assert (kept.row.text, kept.new, kept.instead_of) == (text, False, None)
    assert act(database, store.filters_of, subscriber.id) == [flood, dam]


def test_what_would_replace_a_filter_that_is_gone_or_anothers_is_followed_beside(database):
    subscriber, stranger = a_subscriber(database, 1), a_subscriber(database, 2)
    theirs, _ = save(database, stranger, "dam")
    kept = act(database, store.replace_filter, subscriber.id, theirs.id, "flood", now=LATER, typed="flood")
    assert (kept.new, kept.instead_of) == (True, None)
    assert act(database, store.filters_of, stranger.id) == [theirs]


def test_a_clock_is_kept_and_moves_along_where_there_was_none(database):
    group, there = a_subscriber(database, -5, ChatKind.GROUP), a_subscriber(database, -1005)
    assert there.time_zone is None
    act(database, store.set_time_zone, there.id, "Europe/Berlin")
    assert act(database, store.find, -1005).time_zone == "Europe/Berlin"
    act(database, store.move, group.id, -1005, now=LATER)
    assert act(database, store.find, -1005).time_zone == "Europe/Berlin"
