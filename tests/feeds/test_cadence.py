"""A feed is asked as often as it publishes, and never sooner than its publisher asks."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.cadence import Habits, Terms, Wait, decide, first_habits, next_poll, span

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))
SHORTEST, LONGEST = 2 * MINUTE, HOUR


def decided(*, now=NOW, habits=None, terms=None, shortest=SHORTEST, longest=LONGEST, **more):
    terms = terms or Terms()
    return decide(now, habits=habits, terms=terms, shortest=shortest, longest=longest, **more)


def publishing(gap, *, since=28 * DAY, now=NOW, hours=range(24)):
    """The habits of a feed that has published every `gap` for four weeks, in these hours of the day."""
    habits, at = Habits(at=now - since), now - since
    while (at := at + gap) <= now:
        if at.hour in hours:
            habits = habits.seen([at], now=at)
    return habits.seen([], now=now)


def wait(*, time=10 * MINUTE, firm=False, failures=0, retry_after=None, jitter=0.5):
    held = Wait(time, "", firm=firm)
    return next_poll(NOW, wait=held, failures=failures, retry_after=retry_after, jitter=jitter) - NOW


@pytest.mark.parametrize(
    ("gap", "about"),
    [
        (MINUTE, 2 * MINUTE),
        (HOUR, 5 * MINUTE),
        (5 * HOUR, 11 * MINUTE),
        (23 * HOUR, 25 * MINUTE),
        (151 * HOUR, 48 * MINUTE),
    ],
)
def test_the_wait_grows_with_the_square_root_of_the_gap(gap, about):
    time = decided(habits=publishing(gap)).time
    assert about * 0.7 <= time <= about * 1.3


def test_a_feed_that_has_been_silent_for_weeks_is_left_alone_for_longer():
    habits = publishing(HOUR)
    waits = [decided(now=NOW + days * DAY, habits=habits).time for days in (0, 7, 30, 90)]
    assert waits == sorted(waits)
    assert waits[0] < waits[-1]


def test_in_the_hours_in_which_a_feed_publishes_it_is_asked_more_often():
    habits = publishing(30 * MINUTE, hours=range(8, 18))
    by_day = decided(now=NOW + DAY, habits=habits).time
    by_night = decided(now=NOW.replace(hour=2) + DAY, habits=habits).time
    assert by_day * 1.8 < by_night


def test_a_night_is_not_overslept_into_the_morning():
    habits = publishing(2 * HOUR + 7 * MINUTE, hours=range(8, 18))
    before_dawn = decided(now=NOW.replace(hour=7, minute=50) + DAY, habits=habits, longest=6 * HOUR).time
    at_night = decided(now=NOW.replace(hour=1) + DAY, habits=habits, longest=6 * HOUR).time
    assert before_dawn < 0.8 * at_night


def test_a_feed_that_wakes_up_is_asked_more_often_at_once():
    habits = publishing(23 * HOUR)
    before = decided(habits=habits).time
    awake = habits.seen([NOW] * 5, now=NOW)
    assert decided(habits=awake).time < before / 3
    assert decided(now=NOW + 12 * HOUR, habits=awake).time > before / 2


def test_the_decision_says_why():
    assert decided(habits=publishing(HOUR)).because.startswith("it publishes about every ")
    assert decided().because == "its habits are not known yet"
    assert decided(terms=Terms(update_seconds=3600)).because == "it says that it publishes every 60 min"
    assert decided(fixed=45 * SECOND) == Wait(45 * SECOND, "its own interval is 45 s")
    assert decided(pushed=True).because.startswith("its hub pushes")
    assert decided(habits=publishing(30 * SECOND)).because.endswith("2 min is the shortest allowed")


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (Terms(ttl_minutes=30), Wait(30 * MINUTE, "its ttl asks for 30 min", firm=True)),
        (Terms(ttl_minutes=1), Wait(10 * MINUTE, "its habits are not known yet")),
        (Terms(fresh_seconds=1200), Wait(20 * MINUTE, "its Cache-Control or Expires asks for 20 min", firm=True)),
        (Terms(ttl_minutes=20, fresh_seconds=1800), Wait(30 * MINUTE, "its Cache-Control or Expires asks for 30 min", firm=True)),
        (Terms(ttl_minutes=1440), Wait(HOUR, "its ttl asks for 24 h, capped at 60 min", firm=True)),
    ],
)  # fmt: skip
def test_the_publishers_word_is_a_minimum_up_to_the_longest_wait(terms, expected):
    assert decided(terms=terms) == expected


def test_a_feed_that_lists_few_items_is_asked_before_a_burst_could_push_one_out():
    rare = publishing(151 * HOUR)
    few = decided(habits=rare, terms=Terms(shown=10))
    assert few.time == 10 * MINUTE
    assert few.because.endswith("but lists only 10 items at a time")
    assert decided(habits=rare, terms=Terms(shown=1)).time == 5 * MINUTE
    assert decided(habits=rare, terms=Terms(shown=100)).time > 30 * MINUTE
    assert decided(habits=rare, terms=Terms(shown=10, ttl_minutes=30)).time == 30 * MINUTE


def test_skipped_hours_and_days_are_skipped():
    night = Terms(skip_hours=frozenset(range(12, 18)))
    asked = decided(terms=night)
    assert (asked.time, asked.firm) == (6 * HOUR, True)
    assert asked.because == "its skipHours or skipDays ask for silence until Mon 18:00 UTC"
    assert decided(terms=Terms(skip_hours=frozenset({3}))).time == 10 * MINUTE
    assert decided(terms=Terms(skip_days=frozenset({0}))).time == 12 * HOUR


@pytest.mark.parametrize(
    "terms", [Terms(skip_hours=frozenset(range(24))), Terms(skip_days=frozenset(range(7)))]
)
def test_a_feed_that_skips_all_hours_says_nothing(terms):
    assert decided(terms=terms).time == 10 * MINUTE


def test_the_operators_interval_wins_over_all():
    terms = Terms(ttl_minutes=60, skip_hours=frozenset({12}))
    assert decided(habits=publishing(DAY), terms=terms, fixed=MINUTE).time == MINUTE


def test_the_dates_a_feed_states_are_a_first_guess():
    habits = first_habits([NOW - number * HOUR for number in range(40)], now=NOW)
    assert habits is not None
    assert 0.5 < habits.rate(NOW + 2 * HOUR) < 1.4
    assert first_habits([NOW], now=NOW) is None
    assert first_habits([None, NOW + DAY, NOW - 400 * DAY], now=NOW) is None
    stamped = first_habits([NOW - MINUTE] * 40 + [NOW - 5 * DAY], now=NOW)  # by a machine, all at once
    assert stamped is not None
    assert stamped.rate(NOW + 6 * HOUR) < 0.2


@given(
    st.lists(st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)), max_size=20),
    st.timedeltas(SECOND, DAY),
    st.timedeltas(SECOND, DAY),
    st.builds(
        Terms,
        ttl_minutes=st.none() | st.integers(0, 10**6),
        skip_hours=st.frozensets(st.integers(0, 23)),
        skip_days=st.frozensets(st.integers(0, 6)),
        update_seconds=st.none() | st.floats(1, 1e8),
        fresh_seconds=st.none() | st.floats(0, 1e8),
    ),
)
def test_whatever_is_known_the_wait_keeps_its_bounds_but_for_skipped_hours(dates, one, other, terms):
    shortest, longest = sorted((one, other))
    habits = first_habits(dates, now=NOW)
    found = decided(habits=habits, terms=terms, shortest=shortest, longest=longest)
    assert shortest <= found.time <= max(longest, HOUR) + DAY
    if not (terms.skip_hours or terms.skip_days):
        assert found.time <= max(longest, HOUR)
    assert Terms.from_json(terms.as_json()) == terms
    if habits:
        again = Habits.from_json(habits.as_json())
        assert again is not None
        assert again.rate(NOW) == pytest.approx(habits.rate(NOW), rel=0.01)


@pytest.mark.parametrize(
    "stored",
    [
        {"at": 0},
        {"at": 0, "items": 1, "hours": 1, "burst": 0, "profile": [1] * 7},
        {"at": 0, "items": float("nan"), "hours": 1, "burst": 0, "profile": [0] * 24},
        {"at": "x", "items": 1, "hours": 1, "burst": 0, "profile": [0] * 24},
        [1],
    ],
)
def test_habits_of_another_version_are_learnt_anew(stored):
    assert Habits.from_json(stored) is None


@pytest.mark.parametrize(("jitter", "expected"), [(0.0, 9 * MINUTE), (0.5, 10 * MINUTE), (1.0, 11 * MINUTE)])
def test_a_healthy_feed_waits_its_time_give_or_take_a_tenth(jitter, expected):
    assert wait(jitter=jitter) == expected


def test_what_the_publisher_asks_for_is_never_made_shorter():
    assert wait(firm=True, jitter=0.0) == 10 * MINUTE
    assert wait(firm=True, jitter=1.0) == 11 * MINUTE


@pytest.mark.parametrize(
    ("failures", "expected"),
    [(1, 20 * MINUTE), (2, 40 * MINUTE), (7, 1280 * MINUTE), (8, DAY), (9, DAY), (10**9, DAY)],
)
def test_failures_double_the_wait_up_to_a_day(failures, expected):
    assert wait(failures=failures) == expected


@pytest.mark.parametrize(
    ("retry_after", "expected"),
    [(0, 10 * MINUTE), (60, 10 * MINUTE), (3600, HOUR), (1e9, DAY), (float("inf"), DAY)],
)
def test_retry_after_is_a_minimum_up_to_a_day(retry_after, expected):
    assert wait(retry_after=retry_after) == expected


def test_an_interval_longer_than_a_day_is_not_shortened_by_failing():
    assert wait(time=7 * DAY) == wait(time=7 * DAY, failures=3) == 7 * DAY


@given(
    time=st.timedeltas(min_value=MINUTE, max_value=DAY),
    failures=st.integers(0, 10_000),
    retry_after=st.none() | st.floats(0, 1e12),
    jitter=st.floats(0, 1, exclude_max=True),
)
def test_the_next_poll_is_always_to_come_and_within_a_day_or_so(time, failures, retry_after, jitter):
    assert (
        timedelta(0) < wait(time=time, failures=failures, retry_after=retry_after, jitter=jitter) <= 1.1 * DAY
    )


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (45 * SECOND, "45 s"),
        (90 * SECOND, "1.5 min"),
        (HOUR, "60 min"),
        (3 * HOUR, "3 h"),
        (9 * DAY, "9 days"),
    ],
)
def test_a_span_is_said_in_the_unit_that_fits(time, words):
    assert span(time) == words
