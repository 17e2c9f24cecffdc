"""What stands behind a message that told a subscriber of a story."""

import pytest

from bot.model import DeliveryKind, Match
from bot.storage import deliveries, orders, repairs
from bot.storage.orders import Telling
from bot.storage.tables import deliveries as deliveries_table
from bot.storage.traces import trace_of
from tests.storage.builders import NOW, a_subscriber, act, claim_due, some_stories, write_digest

FERRY = Match("ferry", ("Ferries",), 7, "Ferries stay in port.")


def told(database, story_id, subscriber, match, *messages, revision=1):
    """An alert of the story, sent as these messages."""
    act(database, orders.order, Telling(story_id, revision, {subscriber.id: [match]}, NOW))
    write_digest(database, story_id, revision=revision)
    (delivery,) = claim_due(database)
    act(database, deliveries.record_sent, delivery.id, messages, now=NOW)


def trace(database, subscriber, story_id, *, revision=1, message_id=0):
    return act(database, trace_of, subscriber.id, story_id, revision=revision, message_id=message_id)


def test_a_message_says_which_filter_it_met_with_which_words_and_where(database):
    ada, (story_id,) = a_subscriber(database), some_stories(database, 1)
    told(database, story_id, ada, FERRY, 41, 42)
    found = trace(database, ada, story_id, message_id=42)
    assert (found.story_id, found.tells, found.matches) == (story_id, DeliveryKind.ALERT, (FERRY,))


def test_another_subscriber_or_story_has_no_trace(database):
    ada, ben, (one, other) = a_subscriber(database, 1), a_subscriber(database, 2), some_stories(database, 2)
    told(database, one, ada, FERRY, 41)
    assert trace(database, ben, one, message_id=41) is None
    assert trace(database, ada, other, message_id=41) is None
    assert trace(database, ada, 9_999_999_999, message_id=41) is None


def test_a_trace_of_an_older_version_has_no_filter_and_no_sentence(database):
    ada, (story_id,) = a_subscriber(database), some_stories(database, 1)
    told(database, story_id, ada, FERRY, 41)
    old = [{"filter_text": "ferry", "terms": ["ferry"]}]
    act(database, lambda c: c.execute(deliveries_table.update().values(trace=old)))
    assert trace(database, ada, story_id).matches == (Match("ferry", ("ferry",)),)


@pytest.mark.parametrize(("message_id", "revision", "terms"), [(41, 9, "a"), (99, 1, "b"), (99, 9, "b")])
def test_in_a_story_that_was_merged_the_message_is_found_by_its_number(database, message_id, revision, terms):
    ada, (kept, gone) = a_subscriber(database), some_stories(database, 2)
    told(database, gone, ada, Match("a", ("a",)), 41)
    told(database, kept, ada, Match("b", ("b",)), 40)
    act(database, repairs.merge, kept, gone, because="alike", now=NOW)
    found = trace(database, ada, gone, message_id=message_id, revision=revision)
    expected = {"a": ("a",), "b": ("b",) if revision == 1 else ("a",)}[terms]
    assert (found.story_id, found.matches[0].terms) == (kept, expected)
