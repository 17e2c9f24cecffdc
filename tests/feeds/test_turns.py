"""No host is asked by too many at once, nor too often."""

from datetime import UTC, datetime, timedelta

from bot.feeds.turns import Turns

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_host_is_busy_until_its_pause_is_over():
    turns = Turns()
    turns.begin("a.example", now=NOW)
    assert turns.busy(NOW) == {"a.example"}
    assert turns.busy(NOW + SECOND) == set()


def test_two_under_way_are_enough_however_long_they_take():
    turns = Turns()
    for second in range(2):
        turns.begin("slow.example", now=NOW + second * SECOND)
    assert turns.busy(NOW + 60 * SECOND) == {"slow.example"}
    turns.end("slow.example")
    assert turns.busy(NOW + 60 * SECOND) == set()


def test_our_own_machine_needs_no_pause_but_has_the_same_limit():
    turns = Turns()
    turns.begin("127.0.0.1", now=NOW, near=True)
    assert turns.busy(NOW) == set()
    turns.begin("127.0.0.1", now=NOW, near=True)
    assert turns.busy(NOW) == {"127.0.0.1"}


def test_what_is_over_is_forgotten():
    turns = Turns()
    for number in range(1000):
        turns.begin(f"host{number}.example", now=NOW)
        turns.end(f"host{number}.example")
    assert len(turns.busy(NOW)) == 1000
    assert turns.busy(NOW + SECOND) == set()
