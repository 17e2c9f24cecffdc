"""Aware UTC, whole microseconds, and no zone lost on the way."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.times import EPOCH, from_micros, iso, to_micros, utc_now

KATHMANDU = timezone(timedelta(hours=5, minutes=45))


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_time_comes_back_to_the_microsecond(at):
    assert from_micros(to_micros(at)) == at


@given(st.integers(-(10**15), 10**15))
def test_microseconds_come_back(micros):
    assert to_micros(from_micros(micros)) == micros


def test_1970_is_zero_and_before_it_is_negative():
    assert to_micros(EPOCH) == 0
    assert to_micros(EPOCH - timedelta(microseconds=1)) == -1


def test_the_same_moment_in_another_zone_is_the_same_number():
    there = datetime(2026, 3, 1, 17, 45, tzinfo=KATHMANDU)
    here = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    assert to_micros(there) == to_micros(here)
    assert from_micros(to_micros(there)).tzinfo == UTC


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="a time without a zone"):
        to_micros(datetime(2026, 3, 1, 12, 0))


def test_the_clock_tells_utc():
    assert utc_now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (None, None),
        (datetime(2026, 3, 1, 12, 0, 5, 999999, tzinfo=UTC), "2026-03-01T12:00:05Z"),
        (datetime(2026, 3, 1, 17, 45, tzinfo=KATHMANDU), "2026-03-01T12:00:00Z"),
        (datetime(99, 1, 1, tzinfo=UTC), "0099-01-01T00:00:00Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00Z"),
    ],
)
def test_a_time_is_shown_as_iso_to_the_second(at, shown):
    assert iso(at) == shown
    assert at is None or datetime.fromisoformat(shown) == at.replace(microsecond=0)
