"""What is muted, until when, and for whom; and what waits for them is dropped."""

from bot.model import ChatKind, DeliveryState, MuteKind
from bot.storage import mutes, subscribers
from bot.storage.mutes import MOST_MUTES
from bot.storage.retention import forget
from bot.storage.tables import deliveries
from bot.storage.tables import mutes as mutes_table
from tests.storage.builders import DAY, MINUTE, NOW, a_story, a_subscriber, act, order, rows, some_stories

WORD, SOURCE, STORY, TOPIC = MuteKind.WORD, MuteKind.SOURCE, MuteKind.STORY, MuteKind.TOPIC


def add(database, subscriber, kind=WORD, value="football", *, until=None):
    return act(database, mutes.add, subscriber.id, kind, value, until=until, now=NOW)


def of(database, subscriber, *, now=NOW):
    return act(database, mutes.of_subscriber, subscriber.id, now=now)


def test_a_mute_holds_until_its_end(database):
    ada = a_subscriber(database)
    mute = add(database, ada, until=NOW + DAY)
    assert of(database, ada, now=NOW + DAY - MINUTE) == [mute]
    assert of(database, ada, now=NOW + DAY) == []


def test_a_mute_without_an_end_holds_for_ever(database):
    ada = a_subscriber(database)
    mute = add(database, ada)
    assert of(database, ada, now=NOW + 1000 * DAY) == [mute]


def test_what_is_muted_again_has_the_end_that_was_said_last_however_it_is_spelt(database):
    ada = a_subscriber(database)
    first = add(database, ada, SOURCE, "Le Figaró")
    again = add(database, ada, SOURCE, "le figaro", until=NOW + DAY)
    assert (again.id, again.value, again.until) == (first.id, "Le Figaró", NOW + DAY)
    assert of(database, ada) == [again]


def test_the_same_word_as_a_source_is_another_mute(database):
    ada = a_subscriber(database)
    assert of(database, ada) == []
    assert [add(database, ada, WORD, "sport"), add(database, ada, TOPIC, "sport")] == of(database, ada)


def test_each_chat_has_its_own_mutes(database):
    ada, ben, eve = (a_subscriber(database, chat) for chat in (1, 2, 3))
    one, other = add(database, ada), add(database, ben, STORY, "7")
    found = act(database, mutes.of_many, {ada.id, ben.id, eve.id}, now=NOW)
    assert found == {ada.id: [one], ben.id: [other]}
    assert act(database, mutes.of_many, (), now=NOW) == {}


def test_a_mute_is_ended_by_its_own_chat_only_and_once(database):
    ada, ben = a_subscriber(database, 1), a_subscriber(database, 2)
    mute = add(database, ada)
    assert act(database, mutes.remove, ben.id, mute.id) is None
    assert act(database, mutes.remove, ada.id, mute.id) == mute
    assert act(database, mutes.remove, ada.id, mute.id) is None
    assert act(database, mutes.remove, ada.id, 9_999_999_999) is None
    assert of(database, ada) == []


def test_a_chat_has_so_many_mutes_and_no_more_but_may_change_those(database):
    ada = a_subscriber(database)
    old = {"subscriber_id": ada.id, "kind": WORD, "created_at": NOW}
    many = [old | {"value": str(number)} for number in range(MOST_MUTES)]
    act(database, lambda c: c.execute(mutes_table.insert(), many))
    assert add(database, ada, value="one more") is None
    assert add(database, ada, value="7", until=NOW + DAY).until == NOW + DAY
    act(database, mutes.remove, ada.id, of(database, ada)[0].id)
    assert add(database, ada, value="one more") is not None


def test_mutes_that_have_ended_are_forgotten_and_the_others_kept(database):
    ada = a_subscriber(database)
    add(database, ada, until=NOW - MINUTE)
    kept = [add(database, ada, value="ferry"), add(database, ada, TOPIC, "sport", until=NOW + DAY)]
    assert act(database, forget, now=NOW, keep=30 * DAY) == 1
    assert of(database, ada, now=NOW - DAY) == kept


def test_the_mute_of_a_story_goes_with_it_and_does_not_fall_to_the_next_of_its_number(database):
    ada, story_id = a_subscriber(database), a_story(database)
    add(database, ada, STORY, str(story_id))
    word = add(database, ada, WORD, str(story_id))
    act(database, forget, now=NOW + 31 * DAY, keep=30 * DAY)
    assert of(database, ada) == [word]


def test_when_two_chats_become_one_it_has_the_mutes_of_both_and_the_later_ends(database):
    group, big = a_subscriber(database, 1, ChatKind.GROUP), a_subscriber(database, 2, ChatKind.SUPERGROUP)
    add(database, group, value="ferry", until=NOW + DAY)
    add(database, group, value="tunnel")
    add(database, big, value="Ferry")
    add(database, big, value="tunnel", until=NOW + DAY)
    add(database, big, TOPIC, "sport", until=NOW + DAY)
    act(database, subscribers.move, group.id, 2, now=NOW)
    found = [(mute.value, mute.until) for mute in of(database, group)]
    assert found == [("ferry", None), ("tunnel", None), ("sport", NOW + DAY)]
    assert len(rows(database, mutes_table)) == 3


def test_what_waits_for_a_story_is_dropped_with_the_reason_for_this_chat_only(database):
    ada, ben = a_subscriber(database, 1), a_subscriber(database, 2)
    one, other = some_stories(database, 2)
    for story_id in (one, other):
        order(database, story_id, ada.id, ben.id)
    assert act(database, mutes.awaited, ada.id) == [one, other]
    drop = mutes.drop_awaited
    assert act(database, drop, ada.id, [one], reason="muted: this story", corrections=True) == 1
    assert act(database, mutes.awaited, ada.id) == [other]
    dropped = [row for row in rows(database, deliveries) if row.state == DeliveryState.DROPPED]
    assert [(row.subscriber_id, row.story_id, row.reason) for row in dropped] == [
        (ada.id, one, "muted: this story")
    ]


def test_a_correction_that_waits_is_dropped_only_with_the_story(database):
    ada, story_id = a_subscriber(database), a_story(database)
    order(database, story_id, ada.id)
    act(database, lambda c: c.execute(deliveries.update().values(kind="correction")))
    assert act(database, mutes.drop_awaited, ada.id, [story_id], reason="muted", corrections=False) == 0
    assert act(database, mutes.drop_awaited, ada.id, [story_id], reason="muted", corrections=True) == 1


def test_an_outlet_is_known_by_its_entries(database):
    story_id = a_story(database)
    assert act(database, mutes.outlet_of, 1) == ("Feed 1", story_id)
    assert act(database, mutes.outlet_of, 9_999_999_999) is None
