"""How long a mute lasts, and how that is said. Pure."""

from datetime import UTC, datetime, time, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

_MORNING = time(7)
_WEEK = 7
_SOON = timedelta(hours=12)


class Lasting(IntEnum):
    """What a mute's buttons offer; the numbers are what the buttons carry."""

    HOUR = 1
    DAY = 2
    MONDAY = 3  # seven in the morning
    EVER = 4


LABELS = {
    Lasting.HOUR: "An hour",
    Lasting.DAY: "A day",
    Lasting.MONDAY: "Until Monday",
    Lasting.EVER: "For ever",
}


def end_of(lasting: Lasting, *, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When it ends, by the clock of the zone; None is never. On a Monday the next one is meant."""
    match lasting:
        case Lasting.HOUR:
            return now + timedelta(hours=1)
        case Lasting.DAY:
            return now + timedelta(days=1)
        case Lasting.MONDAY:
            today = now.astimezone(zone).date()
            monday = today + timedelta(days=_WEEK - today.weekday())
            return datetime.combine(monday, _MORNING, zone).astimezone(UTC)
        case Lasting.EVER:
            return None


def said_until(until: datetime | None, *, now: datetime, zone: ZoneInfo) -> str:
    """'for ever', 'until 14:30', 'until Monday 7 December, 07:00'; with "UTC" where that is the clock."""
    if until is None:
        return "for ever"
    there, today = until.astimezone(zone), now.astimezone(zone).date()
    named = " UTC" if zone.key == "UTC" else ""
    is_near = there.date() == today or until - now < _SOON
    day = "" if is_near else f"{there:%A} {there.day} {there:%B}, "
    return f"until {day}{there:%H:%M}{named}"
