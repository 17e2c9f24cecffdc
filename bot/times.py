"""Times are aware UTC, end in `_at`, and are stored as whole microseconds since 1970.

Integers sort and compare alike in SQLite and PostgreSQL; a zone can never be lost on the way.
"""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def utc_now() -> datetime:
    """The clock. Pure code takes `now` as an argument; only edges and stages call this."""
    return datetime.now(UTC)


def to_micros(at: datetime) -> int:
    """Whole microseconds from 1970 to `at`; raises ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError(f"a time without a zone: {at!r}")
    return (at - EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The aware UTC time that lies `micros` microseconds after 1970."""
    return EPOCH + timedelta(microseconds=micros)


def iso(at: datetime | None) -> str | None:
    """`2026-03-01T12:00:00Z`, to the second; None stays None."""
    # Not strftime: its %Y does not pad the year 99 that a feed may state.
    return None if at is None else at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
