"""One message a second to a chat, 20 a minute to a group, 30 a second over all; and waits are kept."""

from datetime import timedelta

import pytest

from bot.delivery.policy import ALL_GAP, Pace, back_off
from bot.model import ChatKind
from bot.times import EPOCH

NOW = EPOCH
SECOND = timedelta(seconds=1)
TICK = timedelta(milliseconds=100)
PRIVATE, GROUP = ChatKind.PRIVATE, ChatKind.SUPERGROUP


def free_at(pace, chat, *, now):
    """When the chat may be written to, asked again and again as the sender asks."""
    while chat in pace.waiting(now=now):
        now += TICK
    return now


def test_nobody_waits_at_first():
    pace = Pace()
    assert (pace.waiting(now=NOW), pace.take_turn(now=NOW)) == (set(), NOW)


def test_a_chat_waits_a_second_after_a_message_and_the_others_do_not():
    pace = Pace()
    pace.note(1, PRIVATE, now=NOW)
    assert pace.waiting(now=NOW) == {1}
    assert pace.waiting(now=NOW + SECOND * 0.999) == {1}
    assert pace.waiting(now=NOW + SECOND) == set()


def most_in_a_minute(kind):
    """How many messages a chat gets in its first minute, sent as soon as they may."""
    pace, at, count = Pace(), NOW, 0
    while (at := free_at(pace, 1, now=at)) < NOW + 60 * SECOND:
        pace.note(1, kind, now=at)
        count += 1
    return count, at - NOW


def test_a_person_can_get_sixty_a_minute():
    assert most_in_a_minute(PRIVATE) == (60, 60 * SECOND)


@pytest.mark.parametrize("kind", [ChatKind.GROUP, ChatKind.SUPERGROUP, ChatKind.CHANNEL])
def test_a_group_gets_twenty_a_minute(kind):
    assert most_in_a_minute(kind) == (20, 60 * SECOND)


def test_no_minute_of_a_group_has_more_than_twenty():
    pace, at, sent = Pace(), NOW, []
    for number in range(100):
        at = free_at(pace, 1, now=at + SECOND * (number % 4))  # forgets what it may forget
        pace.note(1, GROUP, now=at)
        sent.append(at)
    assert all(late - early >= 60 * SECOND for early, late in zip(sent, sent[20:], strict=False))


def test_all_chats_together_get_no_more_than_thirty_a_second():
    pace = Pace()
    turns = [pace.take_turn(now=NOW) for _ in range(100)]
    assert turns[0] == NOW
    assert max(sum(at <= other < at + SECOND for other in turns) for at in turns) <= 30


def test_a_quiet_minute_is_no_credit():
    pace = Pace()
    pace.take_turn(now=NOW)
    later = NOW + 60 * SECOND
    assert [pace.take_turn(now=later) for _ in range(3)] == [later, later + ALL_GAP, later + 2 * ALL_GAP]


def test_a_chat_that_asked_to_wait_is_left_alone_and_only_that_chat():
    pace = Pace()
    pace.hold(1, NOW + 90 * SECOND)
    pace.note(2, PRIVATE, now=NOW)
    assert pace.waiting(now=NOW + 2 * SECOND) == {1}
    assert pace.waiting(now=NOW + 90 * SECOND - TICK) == {1}
    assert pace.waiting(now=NOW + 90 * SECOND) == set()


def test_a_shorter_wait_does_not_cut_a_longer_one():
    pace = Pace()
    pace.hold(1, NOW + 90 * SECOND)
    pace.hold(1, NOW + 5 * SECOND)
    pace.note(1, PRIVATE, now=NOW)
    assert free_at(pace, 1, now=NOW) == NOW + 90 * SECOND


def test_who_has_no_wait_left_is_forgotten():
    pace = Pace()
    for chat in range(1000):
        pace.note(chat, GROUP, now=NOW)
    pace.waiting(now=NOW + 61 * SECOND)
    assert (len(pace._ready_at), len(pace._groups)) == (0, 0)


def test_waits_grow_to_five_minutes_and_no_further():
    waits = [back_off(claims).total_seconds() for claims in (0, 1, 2, 3, 4, 5, 100)]
    assert waits == [2, 2, 10, 60, 300, 300, 300]
