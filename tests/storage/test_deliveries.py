"""The outbox: once a story, one at a time for each subscriber, and never lost to bad luck."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.model import ChatKind, DeliveryState, Match, SubscriberState
from bot.storage import deliveries as store
from bot.storage import entries, feeds, polls, subscribers
from bot.storage.claims import MAX_CLAIMS, MAX_DEATHS, retry_parked, take_back
from bot.storage.database import Database
from bot.storage.tables import deliveries
from tests.storage.builders import (
    DIGEST,
    LEASE,
    MINUTE,
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
    rows,
    some_stories,
    spec,
    write_digest,
)


def the_row(database):
    (row,) = rows(database, deliveries)
    return row


def claim_and_parked(database, *, now):
    found, claimed = act(database, store.claim_due, now=now, lease=LEASE, limit=9, busy=())
    return [one.id for one in found], list(claimed.parked)


def test_a_subscriber_gets_a_story_once(database):
    story_id = a_story(database)
    one, other = a_subscriber(database, 1), a_subscriber(database, 2)
    assert order(database, story_id, one.id) == 1
    assert order(database, story_id, one.id, other.id, revision=2) == 1
    assert order(database, story_id, one.id, other.id, revision=3) == 0
    assert order(database, story_id) == 0
    found = rows(database, deliveries, deliveries.c.subscriber_id, deliveries.c.revision)
    assert found == [(one.id, 1), (other.id, 2)]


def test_a_story_for_thousands_is_one_order(database):
    story_id = a_story(database)
    many = [{"chat_id": n, "kind": ChatKind.PRIVATE, "created_at": NOW} for n in range(3000)]
    act(database, lambda c: c.execute(sa.insert(subscribers.subscribers), many))
    ids = act(database, lambda c: c.execute(sa.select(subscribers.subscribers.c.id)).scalars().all())
    assert order(database, story_id, *ids) == 3000


def test_a_delivery_is_claimed_with_all_that_sending_needs(database):
    story_id = a_story(database)
    subscriber = a_subscriber(database, -77, ChatKind.GROUP)
    order(database, story_id, subscriber.id)
    write_digest(database, story_id)
    (found,) = claim_due(database)
    assert (found.subscriber_id, found.chat_id, found.kind) == (subscriber.id, -77, ChatKind.GROUP)
    assert (found.story_id, found.digest, found.matches) == (story_id, DIGEST, (Match("dam", ("dam",)),))
    assert (found.message_ids, found.claims) == ((), 1)
    assert claim_due(database) == []


def test_a_delivery_waits_for_the_digest_of_its_revision(database):
    story_id = a_story(database)
    order(database, story_id, a_subscriber(database).id, revision=2)
    assert claim_due(database) == []
    write_digest(database, story_id, revision=1)
    assert claim_due(database) == []
    write_digest(database, story_id, revision=2)
    assert len(claim_due(database)) == 1


def test_a_subscriber_has_one_delivery_in_a_claim_the_oldest(database):
    made = some_stories(database, 3)
    one, other = a_subscriber(database, 1), a_subscriber(database, 2)
    for number, story_id in enumerate(made):
        order(database, story_id, one.id, other.id, now=NOW - MINUTE * (3 - number))
        write_digest(database, story_id)
    found = claim_due(database)
    assert [(d.subscriber_id, d.story_id) for d in found] == [(one.id, made[0]), (other.id, made[0])]
    assert [d.story_id for d in claim_due(database, limit=1)] == [made[1]]


def test_a_busy_or_silent_subscriber_is_passed_over(database):
    story_id = a_story(database)
    busy, paused, free = (a_subscriber(database, chat_id) for chat_id in (1, 2, 3))
    order(database, story_id, busy.id, paused.id, free.id)
    write_digest(database, story_id)
    act(
        database,
        lambda c: c.execute(
            sa.update(subscribers.subscribers)
            .where(subscribers.subscribers.c.id == paused.id)
            .values(state=SubscriberState.PAUSED)
        ),
    )
    assert [d.subscriber_id for d in claim_due(database, busy={busy.id, 10**6})] == [free.id]


def test_what_was_sent_is_never_claimed_again(database):
    delivery, _ = in_hand(database)
    act(database, store.record_sent, delivery.id, [5, 6], now=NOW)
    row = the_row(database)
    assert (row.state, row.message_ids, row.sent_at) == (DeliveryState.SENT, [5, 6], NOW)
    assert (row.claims, row.claimed_at) == (0, None)
    assert claim_due(database, now=NOW + 2 * LEASE) == []


def test_a_part_that_has_arrived_is_known_to_the_next_attempt(database):
    delivery, _ = in_hand(database)
    act(database, store.record_part, delivery.id, [5])
    assert [d.message_ids for d in claim_due(database, now=NOW + LEASE)] == [(5,)]


def test_a_wait_that_was_asked_for_is_no_attempt(database):
    delivery, _ = in_hand(database)
    act(database, store.record_later, delivery.id, due_at=NOW + MINUTE, reason="asked to wait")
    assert claim_due(database, now=NOW + MINUTE - timedelta(seconds=1)) == []
    assert [d.claims for d in claim_due(database, now=NOW + MINUTE)] == [1]


def test_an_outage_of_any_length_never_parks_an_alert(database):
    delivery, _ = in_hand(database)
    at, counts = NOW, []
    for _ in range(3 * MAX_CLAIMS):
        act(database, store.record_failed, delivery.id, claims=delivery.claims, due_at=at, reason="no answer")
        (delivery,) = claim_due(database, now=at)
        counts.append(delivery.claims)
    assert counts[:4] == [2, 3, 4, 4]
    assert max(counts) < MAX_CLAIMS


def test_what_comes_to_no_outcome_is_parked_and_reported_once(database):
    delivery, _ = in_hand(database)
    at = NOW
    for _ in range(MAX_CLAIMS - 1):
        at += LEASE
        assert claim_and_parked(database, now=at) == ([delivery.id], [])
    assert claim_and_parked(database, now=at + LEASE) == ([], [delivery.id])
    assert claim_and_parked(database, now=at + 2 * LEASE) == ([], [])
    assert act(database, retry_parked, now=at) == 1
    assert claim_and_parked(database, now=at) == ([delivery.id], [])


def test_a_retry_leaves_alone_what_is_in_hand(database):
    delivery, _ = in_hand(database)
    at = NOW
    for _ in range(MAX_CLAIMS - 1):
        at += LEASE
        claim_due(database, now=at)
    assert the_row(database).claims == MAX_CLAIMS
    assert act(database, retry_parked, now=at) == 0
    assert claim_due(database, now=at) == []
    assert act(database, retry_parked, now=at + LEASE) == 1
    assert [d.id for d in claim_due(database, now=at + LEASE)] == [delivery.id]


def test_a_dropped_delivery_says_why_and_stays_dropped(database):
    delivery, _ = in_hand(database)
    act(database, store.record_dropped, delivery.id, "message is too long")
    row = the_row(database)
    assert (row.state, row.reason) == (DeliveryState.DROPPED, "message is too long")
    assert claim_due(database, now=NOW + LEASE) == []


LATE = {
    "a part": lambda c, id_: store.record_part(c, id_, [7]),
    "sent": lambda c, id_: store.record_sent(c, id_, [7], now=NOW + MINUTE),
    "later": lambda c, id_: store.record_later(c, id_, due_at=NOW, reason="asked to wait"),
    "failed": lambda c, id_: store.record_failed(c, id_, claims=3, due_at=NOW, reason="no answer"),
    "dropped": lambda c, id_: store.record_dropped(c, id_, "message is too long"),
}


@pytest.mark.parametrize("late", LATE)
def test_once_sent_the_late_word_of_one_whose_lease_ran_out_changes_nothing(database, late):
    delivery, _ = in_hand(database)
    (again,) = claim_due(database, now=NOW + LEASE)
    act(database, store.record_sent, again.id, [5, 6], now=NOW)
    before = the_row(database)
    act(database, LATE[late], delivery.id)
    assert the_row(database) == before


@pytest.mark.parametrize("late", [name for name in LATE if name != "sent"])
def test_once_dropped_only_the_word_that_it_has_arrived_changes_it(database, late):
    delivery, _ = in_hand(database)
    act(database, store.record_dropped, delivery.id, "message is too long")
    before = the_row(database)
    act(database, LATE[late], delivery.id)
    assert the_row(database) == before
    act(database, LATE["sent"], delivery.id)
    assert (the_row(database).state, the_row(database).reason) == (DeliveryState.SENT, None)


def test_an_outcome_after_the_chat_has_stopped_does_not_bring_the_alert_back(database):
    delivery, subscriber = in_hand(database)
    act(database, subscribers.set_state, subscriber.id, SubscriberState.STOPPED)
    act(database, store.record_failed, delivery.id, claims=1, due_at=NOW, reason="no answer")
    act(database, subscribers.set_state, subscriber.id, SubscriberState.ACTIVE)
    assert the_row(database).state == DeliveryState.DROPPED
    assert claim_due(database, now=NOW + LEASE) == []


def test_deaths_of_the_process_that_park_a_delivery_can_be_forgiven(database):
    delivery, _ = in_hand(database)
    for _ in range(MAX_DEATHS):
        act(database, take_back, now=NOW)
        found = claim_due(database)
    assert found == []
    assert act(database, retry_parked, now=NOW) == 1
    assert [d.id for d in claim_due(database)] == [delivery.id]


def test_an_answer_between_two_deaths_starts_their_count_anew(database):
    delivery, _ = in_hand(database)
    for _ in range(MAX_DEATHS + 1):
        act(database, take_back, now=NOW)
        (delivery,) = claim_due(database)
        act(database, store.record_failed, delivery.id, claims=1, due_at=NOW, reason="no answer")
        (delivery,) = claim_due(database)


def test_a_crash_costs_a_delivery_no_attempt(database):
    in_hand(database)
    for _ in range(3 * MAX_CLAIMS):
        act(database, take_back, now=NOW)
        assert [d.claims for d in claim_due(database)] == [1]


def many_deliveries(database):
    story_id = a_story(database)
    order(database, story_id, *(a_subscriber(database, chat_id).id for chat_id in range(60)))
    write_digest(database, story_id)
    return lambda connection: [
        one.id for one in store.claim_due(connection, now=NOW, lease=LEASE, limit=4, busy=())[0]
    ]


def many_entries(database):
    poll(database, a_feed(database), [new_entry(number) for number in range(60)])
    return lambda connection: [
        one.id for one in entries.claim_new(connection, now=NOW, lease=LEASE, limit=4)[0]
    ]


def many_feeds(database):
    act(database, feeds.list_feeds, [spec(number) for number in range(60)], now=NOW)
    return lambda connection: [
        one.id for one in polls.claim_feeds(connection, now=NOW, lease=LEASE, limit=4)[0]
    ]


@pytest.mark.parametrize("many", [many_deliveries, many_entries, many_feeds])
def test_two_machines_that_claim_at_once_never_share_a_row(database, many):
    both = database, Database(database.url.render_as_string(hide_password=False))
    claim = many(database)
    barrier, claimed = threading.Barrier(4), []

    def work(machine):
        barrier.wait()
        while some := machine.write_now(claim):
            claimed.extend(some)

    threads = [threading.Thread(target=work, args=(machine,)) for machine in both * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # One that looked while all that was left was locked has gone home early: the next knock brings it back.
    while some := database.write_now(claim):
        claimed.extend(some)
    both[1].close()
    assert (len(claimed), len(set(claimed))) == (60, 60)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("many", [many_deliveries, many_entries, many_feeds])
def test_a_claim_under_way_is_passed_by_not_waited_for(database, many):
    claim = many(database)
    with database.engine.connect() as one, database.engine.connect() as other:
        for connection in (one, other):
            connection.execute(sa.text("SET lock_timeout = '2s'"))
        first, second = claim(one), claim(other)
        one.commit()
        other.commit()
    assert (len(first), len(second), set(first) & set(second)) == (4, 4, set())
