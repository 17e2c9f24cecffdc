from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.cadence import next_poll

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def wait(*, interval=10 * MINUTE, failures=0, retry_after=None, jitter=0.5) -> timedelta:
    return next_poll(NOW, interval=interval, failures=failures, retry_after=retry_after, jitter=jitter) - NOW


@pytest.mark.parametrize(("jitter", "expected"), [(0.0, 9 * MINUTE), (0.5, 10 * MINUTE), (1.0, 11 * MINUTE)])
def test_a_healthy_feed_waits_its_interval_give_or_take_a_tenth(jitter, expected):
    assert wait(jitter=jitter) == expected


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
    assert wait(interval=7 * DAY) == wait(interval=7 * DAY, failures=3) == 7 * DAY


@given(
    interval=st.timedeltas(min_value=MINUTE, max_value=DAY),
    failures=st.integers(0, 10_000),
    retry_after=st.none() | st.floats(0, 1e12),
    jitter=st.floats(0, 1, exclude_max=True),
)
def test_the_next_poll_is_always_ahead_and_never_much_more_than_a_day_away(
    interval, failures, retry_after, jitter
):
    got = wait(interval=interval, failures=failures, retry_after=retry_after, jitter=jitter)
    assert 0.9 * interval - MINUTE / 60 <= got <= 1.1 * DAY
