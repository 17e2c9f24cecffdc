"""Subscriptions to hubs: who may change them, and that no feed is left to a hub that does not push."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.model import FeedState, PushState
from bot.storage import feeds as feed_store
from bot.storage import items, polls, pushes
from bot.storage.claims import MAX_CLAIMS, let_go
from bot.storage.feeds import FeedSpec
from bot.storage.items import NewEntry
from bot.storage.polls import Polled
from bot.times import utc_now

NOW = utc_now()
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LEASE = SHORTEST = 2 * MINUTE
HERE = "https://bot.example"
HUB, TOPIC = "https://hub.example/", "http://feed.example/self"


def act(database, function, *args, **kwargs):
    return database.write_now(lambda connection: function(connection, *args, **kwargs))


def row(database, table=pushes.pushes):
    return database.write_now(lambda c: c.execute(sa.select(table)).one())


def change(database, table, **values):
    database.write_now(lambda c: c.execute(sa.update(table).values(values)))


@pytest.fixture
def feed_id(database):
    """A feed that was polled a minute ago and, as its hub pushes, is due in an hour."""
    act(database, feed_store.list_feeds, [FeedSpec("http://feed.example/", "A feed")], now=NOW)
    (feed,), _ = act(database, polls.claim_feeds, now=NOW, lease=LEASE, limit=1)
    act(database, polls.record_polled, [Polled(feed.id, NOW - MINUTE, NOW + HOUR)])
    return feed.id


@pytest.fixture
def wanted(database, feed_id):
    act(database, pushes.want, feed_id, hub=HUB, topic=TOPIC, now=NOW)
    return feed_id


def claim(database, *, now=NOW, public_url=HERE):
    found, _ = act(
        database,
        pushes.claim_pushes,
        public_url=public_url,
        now=now,
        lease=LEASE,
        limit=10,
        shortest=SHORTEST,
    )
    return found


def verify(database, token, *, now=NOW, lasting=10 * DAY):
    return act(
        database,
        pushes.record_verified,
        token,
        lease_until=now + lasting,
        renew_at=now + lasting * 0.75,
        now=now,
    )


def subscribed(database, *, now=NOW, lasting=10 * DAY):
    """A subscription that was asked for and confirmed."""
    (push,) = claim(database, now=now)
    act(database, pushes.record_asked, push, hub=HUB, again_at=now + 10 * MINUTE)
    assert verify(database, push.token, now=now, lasting=lasting)
    return push


def is_pushed(database, feed_id, *, now=NOW):
    """Whether a poll would leave the feed to its hub."""
    change(database, polls.feeds, due_at=now)
    (feed,), _ = act(database, polls.claim_feeds, now=now, lease=LEASE, limit=1)
    act(database, let_go, polls.feeds, [feed.id], now=now)
    return feed.pushed


def refuse(database, push, *, now=NOW):
    act(
        database,
        pushes.record_refused,
        push,
        error="it answered 404",
        again_at=now + DAY,
        now=now,
        shortest=SHORTEST,
    )


def test_a_hub_is_wanted_once_however_often_the_feed_names_it(database, wanted):
    before = row(database)
    act(database, pushes.want, wanted, hub=HUB, topic=TOPIC, now=NOW + DAY)
    assert row(database) == before


@pytest.mark.parametrize(("hub", "topic"), [("https://other.example/", TOPIC), (HUB, "http://x.example/")])
def test_another_hub_or_topic_gets_another_token_and_secret(database, wanted, hub, topic):
    old = subscribed(database)
    act(database, pushes.want, wanted, hub=hub, topic=topic, now=NOW + DAY)
    new = row(database)
    assert (new.hub, new.topic, new.state, new.lease_until) == (hub, topic, PushState.WANTED, None)
    assert new.token != old.token
    assert new.secret != old.secret
    assert act(database, pushes.find_push, old.token) is None


def test_a_hub_that_was_found_over_https_is_still_the_one_the_feed_names_by_http(database, feed_id):
    act(database, pushes.want, feed_id, hub="http://hub.example/", topic=TOPIC, now=NOW)
    subscribed(database)
    assert row(database).hub == "https://hub.example/"
    before = row(database)
    act(database, pushes.want, feed_id, hub="http://hub.example/", topic=TOPIC, now=NOW)
    assert row(database) == before


def test_it_is_claimed_once_and_again_when_nothing_came_of_it(database, wanted):
    (push,) = claim(database)
    assert (push.feed_url, push.hub, push.topic) == ("http://feed.example/", HUB, TOPIC)
    assert push.state == PushState.ASKED
    assert claim(database, now=NOW + LEASE - timedelta(seconds=1)) == []
    assert claim(database, now=NOW + LEASE) == [push]


def test_no_hub_is_asked_for_a_feed_that_is_not_polled(database, wanted):
    act(database, feed_store.pause_feed, wanted)
    assert claim(database) == []


def test_a_confirmed_subscription_is_pushed_until_its_lease_ends(database, wanted):
    assert not is_pushed(database, wanted)
    subscribed(database)
    assert is_pushed(database, wanted, now=NOW + 10 * DAY - MINUTE)
    assert not is_pushed(database, wanted, now=NOW + 10 * DAY)


def test_nothing_is_confirmed_that_was_not_asked_for(database, wanted):
    assert not verify(database, row(database).token)
    assert row(database).state == PushState.WANTED
    assert not verify(database, "nobody's token")
    (push,) = claim(database)
    refuse(database, push)
    assert not verify(database, push.token)


def test_a_hub_that_confirms_before_it_has_answered_is_not_asked_again(database, wanted):
    (push,) = claim(database)
    assert verify(database, push.token)
    act(database, pushes.record_asked, push, hub=HUB, again_at=NOW + 10 * MINUTE)
    assert (row(database).state, row(database).due_at) == (PushState.VERIFIED, NOW + 7.5 * DAY)
    refuse(database, push)
    assert row(database).state == PushState.VERIFIED


def test_an_answer_of_the_hub_before_says_nothing_of_the_next(database, wanted):
    (push,) = claim(database)
    act(database, pushes.want, wanted, hub="https://other.example/", topic=TOPIC, now=NOW)
    (other,) = claim(database)
    refuse(database, push)
    assert row(database).state == PushState.ASKED
    refuse(database, other)
    assert row(database).state == PushState.REFUSED


def test_a_lease_is_renewed_before_it_ends_and_goes_on_meanwhile(database, wanted):
    subscribed(database)
    assert claim(database, now=NOW + 7.5 * DAY - MINUTE) == []
    (push,) = claim(database, now=NOW + 7.5 * DAY)
    assert push.state == PushState.VERIFIED
    act(database, pushes.record_asked, push, hub=HUB, again_at=NOW + 8 * DAY)
    assert is_pushed(database, wanted, now=NOW + 8 * DAY)
    assert verify(database, push.token, now=NOW + 8 * DAY)
    assert row(database).lease_until == NOW + 18 * DAY


def test_a_feed_whose_lease_has_ended_does_not_wait_out_its_long_interval(database, wanted):
    subscribed(database, lasting=20 * MINUTE)
    (push,) = claim(database, now=NOW + 15 * MINUTE)
    act(database, pushes.record_asked, push, hub=HUB, again_at=NOW + DAY)  # and then the hub is silent
    assert row(database).due_at == NOW + 20 * MINUTE
    (push,) = claim(database, now=NOW + 20 * MINUTE)
    assert (push.state, row(database).lease_until) == (PushState.ASKED, None)
    assert row(database, polls.feeds).due_at == NOW + 20 * MINUTE + SHORTEST


def test_a_renewal_that_is_put_off_keeps_the_lease_and_says_why(database, wanted):
    subscribed(database)
    (push,) = claim(database, now=NOW + 8 * DAY)
    act(database, pushes.put_off, push, error="no answer", again_at=NOW + 9 * DAY)
    kept = row(database)
    assert (kept.state, kept.error, kept.due_at) == (PushState.VERIFIED, "no answer", NOW + 9 * DAY)
    assert kept.claims == 0


def test_asking_again_and_again_parks_nothing(database, wanted):
    for day in range(2 * MAX_CLAIMS):
        (push,) = claim(database, now=NOW + day * DAY)
        refuse(database, push, now=NOW + day * DAY)


def test_a_refused_renewal_brings_its_feed_forward_but_a_refused_beginning_does_not(database, wanted):
    (push,) = claim(database)
    refuse(database, push)
    assert row(database, polls.feeds).due_at == NOW + HOUR
    at = NOW + DAY
    subscribed(database, now=at)
    change(database, polls.feeds, due_at=at + 30 * DAY)
    (push,) = claim(database, now=at + 8 * DAY)
    refuse(database, push, now=at + 8 * DAY)
    assert row(database, polls.feeds).due_at == at + 8 * DAY + SHORTEST
    assert not is_pushed(database, wanted, now=at + 8 * DAY)


def test_a_hub_may_deny_what_it_has_granted(database, wanted):
    push = subscribed(database)
    target = act(database, pushes.find_push, push.token)
    act(
        database,
        pushes.record_denied,
        target,
        error="no more",
        again_at=NOW + DAY,
        now=NOW,
        shortest=SHORTEST,
    )
    assert (row(database).state, row(database).error) == (PushState.REFUSED, "no more")
    assert row(database, polls.feeds).due_at == NOW + SHORTEST


@pytest.mark.parametrize("why", ["it fails", "it is being asked", "its server has told others to wait"])
def test_a_feed_is_brought_forward_only_where_that_is_polite(database, wanted, why):
    if why == "it fails":
        change(database, polls.feeds, failures=1)
    elif why == "it is being asked":
        change(database, polls.feeds, claimed_at=NOW)
    else:
        specs = [FeedSpec("http://feed.example/", "A feed"), FeedSpec("http://feed.example/2", "Another")]
        act(database, feed_store.list_feeds, specs, now=NOW)
        other = sa.update(polls.feeds).where(polls.feeds.c.id != wanted)
        waits = other.values(throttled_at=NOW, due_at=NOW + DAY, failures=1)
        database.write_now(lambda c: c.execute(waits))
    act(database, pushes.poll_now, wanted, now=NOW)
    due = sa.select(polls.feeds.c.due_at).where(polls.feeds.c.id == wanted)
    assert database.write_now(lambda c: c.execute(due).scalar()) == NOW + HOUR


def test_a_hub_that_pings_all_day_does_not_make_us_ask_all_day(database, wanted):
    assert act(database, pushes.poll_now, wanted, now=NOW)
    assert row(database, polls.feeds).due_at == NOW
    act(database, polls.record_polled, [Polled(wanted, NOW, NOW + HOUR)])
    assert act(database, pushes.poll_now, wanted, now=NOW + timedelta(seconds=1))
    assert row(database, polls.feeds).due_at == NOW + timedelta(seconds=30)


def test_a_ping_while_the_feed_is_being_asked_is_to_be_sent_again(database, wanted):
    change(database, polls.feeds, due_at=NOW)
    act(database, polls.claim_feeds, now=NOW, lease=LEASE, limit=1)
    assert not act(database, pushes.poll_now, wanted, now=NOW)


def test_a_target_says_whether_its_feed_is_polled_and_where(database, wanted):
    push = subscribed(database)
    target = act(database, pushes.find_push, push.token)
    assert (target.feed_id, target.polled, target.first) == (wanted, True, False)
    act(database, polls.record_move, wanted, "http://new.example/")
    moved = act(database, pushes.find_push, push.token)
    assert moved == replace(target, address="http://new.example/")
    change(database, polls.feeds, state=FeedState.RETIRED, polled_at=None)
    gone = act(database, pushes.find_push, push.token)
    assert (gone.polled, gone.first) == (False, True)


def test_a_subscription_that_ended_with_its_feed_is_asked_for_when_the_feed_is_back(database, wanted):
    push = subscribed(database)
    act(database, feed_store.pause_feed, wanted)
    act(database, pushes.record_ended, push.id, now=NOW)
    assert claim(database) == []
    act(database, feed_store.resume_feed, wanted, now=NOW)
    assert len(claim(database)) == 1


def test_hubs_that_know_us_under_another_address_are_asked_anew(database, wanted):
    old = subscribed(database)
    moved = {"public_url": "https://new.example", "now": NOW + DAY, "shortest": SHORTEST}
    change(database, polls.feeds, due_at=NOW + 2 * DAY)
    assert act(database, pushes.answer_at, **moved) == 1
    assert row(database, polls.feeds).due_at == NOW + DAY + SHORTEST
    (push,) = claim(database, now=NOW + DAY, public_url="https://new.example")
    assert push.token != old.token
    assert act(database, pushes.answer_at, **moved) == 0
    assert row(database).state == PushState.ASKED


def test_the_same_address_after_a_restart_asks_nobody(database, wanted):
    subscribed(database)
    before = row(database)
    assert act(database, pushes.answer_at, HERE, now=NOW, shortest=SHORTEST) == 0
    assert row(database) == before


def test_without_an_address_of_ours_feeds_are_polled_again(database, wanted):
    subscribed(database)
    assert act(database, pushes.answer_at, None, now=NOW, shortest=SHORTEST) == 1
    assert row(database, polls.feeds).due_at == NOW + SHORTEST
    assert not is_pushed(database, wanted)


# ---- A hub that confirms and does not push -----------------------------------------------------------


def found(database, feed_id, *, at, published_at, backlog=False):
    """Whether a poll that finds one new entry, an hour after the one before, means that the hub missed it."""
    act(database, polls.record_polled, [Polled(feed_id, at - HOUR, at)])
    new = NewEntry("key", "A title", None, "", published_at)

    def poll(connection):
        items.add_entries(connection, feed_id, [new], backlog=backlog, now=at)
        return pushes.missed(connection, feed_id, now=at)

    return database.write_now(poll)


@pytest.mark.parametrize("ago", [30 * MINUTE, HOUR, 30 * DAY, None])
def test_a_hub_is_not_relied_on_for_a_day_when_a_poll_finds_what_it_did_not_push(database, wanted, ago):
    subscribed(database)
    at = NOW + DAY
    assert found(database, wanted, at=at, published_at=ago and at - ago)
    after = row(database)
    assert (after.state, after.due_at) == (PushState.REFUSED, at + DAY)
    assert after.error == "a poll found 1 entry that the hub had not pushed"
    assert not is_pushed(database, wanted, now=at)


@pytest.mark.parametrize("ago", [5 * MINUTE, timedelta(0), -DAY])
def test_a_hub_has_ten_minutes_to_push(database, wanted, ago):
    subscribed(database)
    at = NOW + DAY
    assert not found(database, wanted, at=at, published_at=at - ago)
    assert row(database).state == PushState.VERIFIED


def test_what_came_out_before_the_hub_was_last_heard_was_not_missed(database, wanted):
    push = subscribed(database)
    at = NOW + DAY
    act(database, pushes.record_pushed, push.id, now=at - 20 * MINUTE)
    assert not found(database, wanted, at=at, published_at=at - 30 * MINUTE)


def test_what_came_out_before_the_subscription_began_was_not_missed(database, wanted):
    subscribed(database, now=NOW)
    at = NOW + 50 * MINUTE
    assert not found(database, wanted, at=at, published_at=NOW - MINUTE)


def test_a_renewal_does_not_hide_that_nothing_was_pushed(database, wanted):
    push = subscribed(database)
    verify(database, push.token, now=NOW + DAY)
    at = NOW + DAY + MINUTE
    assert found(database, wanted, at=at, published_at=at - 30 * MINUTE)


def test_neither_backlog_nor_a_feed_without_a_subscription_misses_anything(database, wanted):
    at = NOW + DAY
    assert not found(database, wanted, at=at, published_at=None)
    database.write_now(lambda c: c.execute(sa.delete(pushes.entries)))
    subscribed(database)
    assert not found(database, wanted, at=at, published_at=None, backlog=True)
