"""Three hours of sixty feeds, played through by the real poller: what it promises hosts, publishers and readers."""

from dataclasses import replace

import pytest

from bench import day as bench
from bench.publishers import START, Publisher, publishers
from bot.feeds.turns import AT_ONCE, GAP

SEED = 11


def with_every_wish(one: Publisher) -> Publisher:
    """Of ten publishers four ask for patience, each in a way of its own; the hour skipped is the second."""
    wishes = {
        0: {"skip_hours": (1,)},
        1: {"ttl_minutes": 10},
        2: {"max_age": 600},
        3: {"throttling": 0.3},
        4: {"ttl_minutes": 2},
    }
    return replace(one, **{"skip_hours": (), **wishes.get(one.number % 10, {})})


@pytest.fixture(scope="module")
def day():
    listed = [with_every_wish(one) for one in publishers(60, SEED)]
    return bench.simulate(listed, seed=SEED, hours=3, grain=10)


def test_no_host_sees_more_than_its_limit(day):
    assert max(host.most_at_once for host in day.hosts) <= AT_ONCE
    assert min(host.smallest_gap for host in day.hosts) >= GAP


def test_a_host_of_many_feeds_is_kept_busy_up_to_its_limit(day):
    giant = day.servers.hosts["giant.example"]
    assert giant.most_at_once == AT_ONCE
    assert giant.smallest_gap < 2 * GAP


def test_no_publisher_is_asked_before_it_allows_it(day):
    assert day.violations == []
    assert day.skipped == 0
    answers = [log.answers[429] for log in day.servers.feeds.values()]
    assert sum(answers) > 3


def test_every_item_is_found_exactly_once(day):
    assert len(day.found) > 100
    assert (day.missing, day.twice) == ([], [])
    assert min(one.delay for one in day.found) >= 0


def test_it_asks_less_than_every_five_minutes(day):
    assert day.requests < 0.8 * day.fixed_requests(bench.FIVE_MINUTES)


def test_the_report_shows_every_figure(day):
    text = bench.report(day, title="a fresh start", seed=SEED)
    assert all(
        words in text for words in ("saved", "fixed 5 min", "all that ask for nothing", "in skipped hours: 0")
    )
    assert bench.broken(day) == []


def test_a_bot_that_has_watched_for_two_weeks_knows_more(day):
    listed = [one for one in publishers(30, SEED) if not one.is_dead]
    learnt = bench.simulate(listed, seed=SEED, hours=0.3, learnt=True, grain=10)
    assert learnt.requests > 0
    assert bench.broken(learnt) == []


def test_the_same_seed_gives_the_same_world():
    first, again = publishers(20, SEED), publishers(20, SEED)
    assert first == again
    assert publishers(20, SEED + 1) != first
    assert START.tzinfo is not None


def test_quick_is_a_small_day_and_what_is_said_besides_counts():
    quick = bench.options(["--quick"])
    assert (quick.feeds, quick.hours) == (100, 6.0)
    other = bench.options(["--quick", "--hours", "2", "--seed", "7"])
    assert (other.feeds, other.hours, other.seed) == (100, 2.0, 7)
    whole = bench.options([])
    assert (whole.feeds, whole.hours) == (1000, 24.0)
