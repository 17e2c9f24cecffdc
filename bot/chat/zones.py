"""Time zones as people say them: a name, a city, the time that their clock shows, a distance to UTC."""

import re
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from bot.text import tokens

LONGEST_NAME = 64
"""Characters; of IANA's names none has half as many."""

_TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?\s*(?P<half>[ap]\.?m\.?)?", re.IGNORECASE)
_DISTANCE = re.compile(
    r"(?:UTC|GMT)?\s*(?P<sign>[+\-−])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?", re.IGNORECASE
)
_QUARTER = timedelta(minutes=15)
_DAY = timedelta(days=1)
_NOON = 12
_HOURS = 24
# Behind UTC by 11 hours is ahead by 13 on the day before: more people live in New Zealand than on Samoa.
_LEAST, _MOST = timedelta(hours=-10), timedelta(hours=14)

# The clocks that do not differ from UTC by whole hours; where two show the same, the one of more people.
_ODD = (
    "America/St_Johns",
    "Asia/Tehran",
    "Asia/Kabul",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Yangon",
    "Australia/Adelaide",
    "Australia/Darwin",
    "Australia/Eucla",
    "Australia/Lord_Howe",
    "Pacific/Marquesas",
    "Pacific/Chatham",
)

# Large cities, by whose names no zone is called.
_CITIES = {
    "America/Chicago": "dallas, houston, austin, minneapolis, new orleans",
    "America/Los_Angeles": "san francisco, seattle, san diego, las vegas, portland",
    "America/New_York": "washington, washington dc, boston, miami, atlanta, philadelphia",
    "America/Sao_Paulo": "rio, rio de janeiro, brasilia",
    "America/Toronto": "montreal, ottawa",
    "Asia/Dubai": "abu dhabi",
    "Asia/Ho_Chi_Minh": "hanoi",
    "Asia/Jerusalem": "tel aviv",
    "Asia/Karachi": "islamabad, lahore",
    "Asia/Kolkata": "delhi, new delhi, mumbai, bangalore, bengaluru, chennai, hyderabad",
    "Asia/Shanghai": "beijing, shenzhen, guangzhou",
    "Asia/Tokyo": "osaka, kyoto",
    "Africa/Lagos": "abuja",
    "Africa/Johannesburg": "cape town, pretoria, durban",
    "Australia/Sydney": "canberra",
    "Europe/Amsterdam": "rotterdam, the hague",
    "Europe/Berlin": "munich, hamburg, frankfurt, cologne, stuttgart",
    "Europe/Istanbul": "ankara, izmir",
    "Europe/London": "manchester, birmingham, edinburgh, glasgow",
    "Europe/Madrid": "barcelona, valencia, seville",
    "Europe/Moscow": "saint petersburg, st petersburg",
    "Europe/Paris": "lyon, marseille",
    "Europe/Rome": "milan, naples, turin",
    "Europe/Warsaw": "krakow",
    "Europe/Zurich": "geneva, basel, bern",
}


def zone_of(said: str, *, now: datetime) -> str | None:
    """IANA's name for what was said at this time; None when it says no place and no time.

    `Europe/Berlin`, `berlin`, `new york`, `14:30`, `2:30 pm`, `UTC+2`. What says a time names a zone that has
    no summer time (Etc/GMT-2 is two hours ahead), unless it is one that few places have.
    """
    # A distance first: what people call GMT+2 is IANA's Etc/GMT-2.
    return _at_distance(said, now) or _named(said) or _at_time(said, now)


def clock_in(name: str | None, now: datetime) -> datetime:
    """The time in the zone of this name; in UTC when there is none, or none of that name any more."""
    return now.astimezone(zone(name))


def zone(name: str | None) -> ZoneInfo:
    """The zone of this name; UTC when there is none, or none of that name any more."""
    return ZoneInfo(name if name in _known() else "UTC")


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(available_timezones() - {"localtime", "Factory"})


def _named(said: str) -> str | None:
    name = said.strip()
    return name if name in _known() else _names().get(_folded(name))


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Folded name, or its last part → IANA's name; of several, the one with the shortest name."""
    places = sorted(
        (name for name in _known() if not name.startswith("Etc/")), key=lambda name: (len(name), name)
    )
    names = {city: name for name, cities in _CITIES.items() for city in cities.split(", ")}
    for name in places:
        names.setdefault(_folded(name.rpartition("/")[2]), name)
    return names | {_folded(name): name for name in places}


def _folded(name: str) -> str:
    return " ".join(token.term for token in tokens(name.replace("_", " ")))


def _at_distance(said: str, now: datetime) -> str | None:
    met = _DISTANCE.fullmatch(said.strip())
    if met is None:
        return None
    ahead = timedelta(hours=int(met["hours"]), minutes=int(met["minutes"] or 0))
    return _with_distance(ahead if met["sign"] == "+" else -ahead, now)


def _at_time(said: str, now: datetime) -> str | None:
    met = _TIME.fullmatch(said.strip())
    if met is None or (met["minute"] is None and met["half"] is None):
        return None
    hour, minute = int(met["hour"]), int(met["minute"] or 0)
    if met["half"]:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if met["half"][0] in "pP" else 0)
    if hour >= _HOURS or minute >= 60:  # noqa: PLR2004 - minutes in an hour
        return None
    utc = timedelta(hours=now.hour, minutes=now.minute)
    # Nobody types to the second, and a message is some time on its way.
    ahead = round((timedelta(hours=hour, minutes=minute) - utc) / _QUARTER) * _QUARTER
    while ahead <= _LEAST - timedelta(hours=1):
        ahead += _DAY
    while ahead >= _MOST:
        ahead -= _DAY
    return _with_distance(ahead, now)


def _with_distance(ahead: timedelta, now: datetime) -> str | None:
    hours, rest = divmod(ahead, timedelta(hours=1))
    if not rest:
        name = f"Etc/GMT{-hours:+d}" if hours else "UTC"
        return name if name in _known() else None
    return next((name for name in _ODD if now.astimezone(ZoneInfo(name)).utcoffset() == ahead), None)
