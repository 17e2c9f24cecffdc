"""What is ordered for those who had a story: only what is new, told once, and merged while it waits."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.model import Change, ChangeKind, DeliveryKind, DeliveryState, Match, SubscriberState
from bot.storage import changes, orders, stories, subscribers
from bot.storage import deliveries as store
from bot.storage.database import Database
from bot.storage.orders import Telling
from bot.storage.tables import deliveries
from tests.storage.builders import (
    DIGEST,
    LEASE,
    MINUTE,
    NOW,
    a_story,
    a_subscriber,
    act,
    claim_due,
    order,
    rows,
    write_digest,
)

ALERT, FOLLOWUP, CORRECTION = DeliveryKind.ALERT, DeliveryKind.FOLLOWUP, DeliveryKind.CORRECTION
FACT = Change(ChangeKind.FACT, "9 gates are open.", "2 gates are open.", outlet="Feed 1")
STAGE = Change(ChangeKind.STAGE, "The river is falling.", outlet="Feed 1")
CORRECTED = Change(ChangeKind.CORRECTION, "8 gates are open.", "9 gates are open.", outlet="Feed 1")
WITHDRAWN = Change(ChangeKind.WITHDRAWAL, "The dam holds", outlet="Feed 1")
SECOND = timedelta(seconds=1)
SOON = NOW + 2 * SECOND


def changed(database, story_id, revision, *found):
    """The story's revision has brought this."""
    act(database, changes.record, story_id, revision, found, now=NOW)


def order_news(database, story_id, *matching, revision=2, now=NOW):
    """What is new, ordered; `matching` are those whose filters still meet the story."""
    matches = {subscriber_id: [Match("dam", ("dam",))] for subscriber_id in matching}
    return act(database, orders.order_news, Telling(story_id, revision, matches, now))


def had(database, *chats):
    """A story that these chats have had at revision 1, each as its message 41; and the subscribers."""
    story_id = a_story(database)
    who = [a_subscriber(database, chat) for chat in chats]
    order(database, story_id, *(one.id for one in who), now=NOW - MINUTE)
    write_digest(database, story_id)
    for delivery in claim_due(database):
        act(database, store.record_sent, delivery.id, [41, 42], now=NOW)
    return story_id, *who


def waiting(database):
    """Kind, revision and what was had before, of all that waits."""
    columns = (deliveries.c.kind, deliveries.c.revision, deliveries.c.since_revision, deliveries.c.state)
    return [row[:3] for row in rows(database, deliveries, *columns) if row.state == DeliveryState.PENDING]


def test_nothing_new_is_ordered_nothing(database):
    story_id, ada = had(database, 1)
    assert order_news(database, story_id, ada.id, revision=2) == 0


@pytest.mark.parametrize("kind", list(ChangeKind))
def test_whoever_had_the_story_hears_what_is_new(database, kind):
    story_id, ada = had(database, 1)
    changed(database, story_id, 2, Change(kind, "9 gates are open."))
    assert order_news(database, story_id, ada.id) == 1
    is_correction = kind in {ChangeKind.CORRECTION, ChangeKind.WITHDRAWAL}
    assert waiting(database) == [(CORRECTION if is_correction else FOLLOWUP, 2, 1)]


def test_a_change_is_ordered_once(database):
    story_id, ada = had(database, 1)
    changed(database, story_id, 2, FACT)
    assert [order_news(database, story_id, ada.id, revision=n) for n in (2, 2, 3)] == [1, 0, 0]


def test_who_had_nothing_or_had_it_dropped_hears_nothing_of_what_is_new(database):
    story_id = a_story(database)
    ada, ben = a_subscriber(database, 1), a_subscriber(database, 2)
    order(database, story_id, ada.id)
    act(database, store.record_dropped, rows(database, deliveries, deliveries.c.id)[0][0], "too long")
    changed(database, story_id, 2, FACT, CORRECTED)
    assert order_news(database, story_id, ada.id, ben.id) == 0


def test_who_follows_it_no_more_hears_of_a_correction_alone(database):
    story_id, ada = had(database, 1)
    changed(database, story_id, 2, FACT)
    assert order_news(database, story_id) == 0
    changed(database, story_id, 3, CORRECTED)
    assert order_news(database, story_id, revision=3) == 1
    write_digest(database, story_id, revision=3)
    (found,) = claim_due(database, now=SOON)
    assert (found.subscriber_id, found.tells, found.matches) == (ada.id, CORRECTION, ())


@pytest.mark.parametrize("state", [SubscriberState.PAUSED, SubscriberState.STOPPED])
def test_who_does_not_listen_is_not_corrected(database, state):
    story_id, ada = had(database, 1)
    act(database, subscribers.set_state, ada.id, state)
    changed(database, story_id, 2, CORRECTED)
    assert order_news(database, story_id) == 0


def test_a_revision_that_came_later_is_not_told_yet(database):
    story_id, ada = had(database, 1)
    changed(database, story_id, 2, FACT)
    changed(database, story_id, 3, STAGE)
    order_news(database, story_id, ada.id, revision=2)
    write_digest(database, story_id, revision=2)
    (found,) = claim_due(database, now=SOON)
    assert [change.text for change in found.changes] == [FACT.text]
    act(database, store.record_sent, found.id, [50], now=SOON)
    order_news(database, story_id, ada.id, revision=3)
    write_digest(database, story_id, revision=3)
    (found,) = claim_due(database, now=SOON)
    assert [change.text for change in found.changes] == [STAGE.text]


def test_a_follow_up_is_claimed_with_all_that_sending_needs(database):
    story_id, ada = had(database, 1)
    entry_id = act(database, lambda c: stories.load_stories(c, [story_id])[0].entries[0].id)
    changed(database, story_id, 2, Change(ChangeKind.FACT, "9 gates.", "2 gates.", entry_id, "Feed 1"))
    order_news(database, story_id, ada.id)
    assert claim_due(database, now=SOON) == []
    write_digest(database, story_id, revision=2)
    (found,) = claim_due(database, now=SOON)
    assert (found.tells, found.revision, found.reply_to) == (FOLLOWUP, 2, 41)
    assert found.changes == (
        Change(ChangeKind.FACT, "9 gates.", "2 gates.", entry_id, "Feed 1", "http://a.example/1"),
    )
    assert (found.had, found.digest, found.matches) == (DIGEST, DIGEST, (Match("dam", ("dam",)),))


def test_a_follow_up_to_the_second_reader_replies_in_their_own_chat(database):
    story_id, ada, ben = had(database, 1, 2)
    sent = sa.update(deliveries).where(deliveries.c.subscriber_id == ben.id).values(message_ids=[7])
    act(database, lambda c: c.execute(sent))
    changed(database, story_id, 2, FACT)
    order_news(database, story_id, ada.id, ben.id)
    write_digest(database, story_id, revision=2)
    assert [(d.subscriber_id, d.reply_to) for d in claim_due(database, now=SOON)] == [
        (ada.id, 41),
        (ben.id, 7),
    ]


def test_a_follow_up_to_a_follow_up_replies_to_the_alert(database):
    story_id, ada = had(database, 1)
    for revision in (2, 3):
        changed(database, story_id, revision, FACT)
        order_news(database, story_id, ada.id, revision=revision)
        write_digest(database, story_id, revision=revision)
        (found,) = claim_due(database, now=SOON)
        act(database, store.record_sent, found.id, [50 + revision], now=SOON)
    assert found.reply_to == 41


def an_alert_waits(database, *, now=NOW):
    """A story whose alert is ordered and not yet sent, at revision 1."""
    story_id, ada = a_story(database), a_subscriber(database)
    order(database, story_id, ada.id, now=now)
    write_digest(database, story_id)
    return story_id, ada


def test_an_alert_not_yet_sent_takes_in_what_is_new(database):
    story_id, ada = an_alert_waits(database)
    changed(database, story_id, 2, FACT)
    order_news(database, story_id, ada.id)
    write_digest(database, story_id, revision=2)
    (found,) = claim_due(database)
    assert (found.tells, found.revision) == (ALERT, 2)
    act(database, store.record_sent, found.id, [5], now=NOW)
    assert rows(database, deliveries, deliveries.c.revision, deliveries.c.state) == [(2, "sent")]
    assert claim_due(database, now=NOW + LEASE) == []


def test_an_alert_waits_a_moment_for_the_digest_of_what_is_new_and_not_for_ever(database):
    story_id, ada = an_alert_waits(database)
    changed(database, story_id, 2, FACT)
    order_news(database, story_id, ada.id)
    assert claim_due(database, now=NOW + MINUTE - SECOND) == []
    (found,) = claim_due(database, now=NOW + MINUTE)
    assert (found.tells, found.revision) == (ALERT, 1)
    act(database, store.record_sent, found.id, [41], now=NOW + MINUTE)
    write_digest(database, story_id, revision=2)
    (found,) = claim_due(database, now=NOW + MINUTE)
    assert (found.tells, found.revision, found.reply_to) == (FOLLOWUP, 2, 41)
    assert [change.text for change in found.changes] == [FACT.text]


def test_an_alert_half_of_which_has_arrived_keeps_its_digest_and_what_is_new_follows(database):
    story_id, ada = an_alert_waits(database, now=NOW - MINUTE)
    (first,) = claim_due(database)
    act(database, store.record_part, first.id, [41])
    changed(database, story_id, 2, FACT)
    order_news(database, story_id, ada.id)
    write_digest(database, story_id, revision=2)
    (again,) = claim_due(database, now=NOW + LEASE)
    assert (again.id, again.revision, again.message_ids) == (first.id, 1, (41,))
    assert claim_due(database, now=NOW + LEASE) == []  # what is new waits its turn
    act(database, store.record_sent, again.id, [41, 43], now=NOW + LEASE)
    (found,) = claim_due(database, now=NOW + LEASE)
    assert (found.tells, found.revision, found.reply_to) == (FOLLOWUP, 2, 41)


def test_follow_ups_that_wait_become_one_with_all_that_is_new(database):
    story_id, ada = had(database, 1)
    changed(database, story_id, 2, FACT)
    order_news(database, story_id, ada.id, revision=2)
    changed(database, story_id, 3, CORRECTED)
    order_news(database, story_id, ada.id, revision=3)
    for revision in (2, 3):
        write_digest(database, story_id, revision=revision)
    (found,) = claim_due(database, now=SOON)
    assert (found.tells, found.revision) == (CORRECTION, 3)
    assert [change.text for change in found.changes] == [FACT.text, CORRECTED.text]
    act(database, store.record_sent, found.id, [50], now=SOON)
    assert waiting(database) == []


def test_a_follow_up_behind_one_that_was_dropped_tells_the_changes_of_both(database):
    story_id, ada = had(database, 1)
    for revision, change in ((2, FACT), (3, STAGE)):
        changed(database, story_id, revision, change)
        order_news(database, story_id, ada.id, revision=revision)
    write_digest(database, story_id, revision=2)
    (first,) = claim_due(database, now=NOW + MINUTE)
    act(database, store.record_dropped, first.id, "message is too long")
    write_digest(database, story_id, revision=3)
    (found,) = claim_due(database, now=NOW + MINUTE)
    assert [change.text for change in found.changes] == [FACT.text, STAGE.text]


def test_a_digest_that_never_comes_does_not_hold_up_a_newer_one(database):
    story_id, ada = had(database, 1)
    for revision in (2, 3):
        changed(database, story_id, revision, FACT)
        order_news(database, story_id, ada.id, revision=revision)
    write_digest(database, story_id, revision=3)
    (found,) = claim_due(database, now=SOON)
    assert found.revision == 3


def test_what_waits_for_one_story_holds_up_no_other(database):
    story_id, ada = had(database, 1)
    changed(database, story_id, 2, FACT)
    order_news(database, story_id, ada.id)  # its digest is not there
    title = {"title": "Cheese", "started_at": NOW, "updated_at": NOW, "due_at": NOW}
    other = act(
        database, lambda c: c.execute(sa.insert(stories.stories).values(**title)).inserted_primary_key[0]
    )
    order(database, other, ada.id)
    write_digest(database, other)
    assert [d.story_id for d in claim_due(database, now=SOON)] == [other]


def test_who_had_a_story_that_was_merged_into_another_gets_no_second_alert(database):
    story_id, ada = had(database, 1)
    title = {"title": "The dam", "started_at": NOW, "updated_at": NOW, "due_at": NOW}
    kept = act(
        database, lambda c: c.execute(sa.insert(stories.stories).values(**title)).inserted_primary_key[0]
    )
    assert order(database, kept) == 0
    merge = sa.update(stories.stories).where(stories.stories.c.id == story_id).values(merged_into_id=kept)
    act(database, lambda c: c.execute(merge))
    ben = a_subscriber(database, 2)
    assert order(database, kept, ada.id, ben.id) == 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_two_orders_at_once_make_one_alert(database):
    story_id, ada = a_story(database), a_subscriber(database)
    matches = {ada.id: [Match("dam", ("dam",))]}
    other = Database(database.url.render_as_string(hide_password=False))
    with database.engine.connect() as first, other.engine.connect() as second:
        assert orders.order(first, Telling(story_id, 1, matches, NOW)) == 1
        second.execute(sa.text("SET lock_timeout = '100ms'"))
        with pytest.raises(sa.exc.OperationalError, match="lock timeout"):
            orders.order(second, Telling(story_id, 2, matches, NOW))
        first.commit()
        second.rollback()
        assert orders.order(second, Telling(story_id, 2, matches, NOW)) == 0
    other.close()


def test_the_digest_behind_a_message_is_found_while_it_is_kept(database):
    story_id, _ = had(database, 1)
    assert act(database, store.told, story_id, 1) == DIGEST
    assert act(database, store.told, story_id, 2) is None
    assert act(database, store.told, 9_999_999_999, 9_999_999_999) is None
    assert act(database, store.told, story_id + 1, 1) is None
