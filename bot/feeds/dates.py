"""Dates as feeds write them, in UTC. Pure."""

import calendar
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

# The handlers one by one, though they are private: `_parse_date` also asks the ISO 8601 one, which fills
# what a date leaves out from the clock, and goes through the machine's own zone.
from feedparser.datetimes.greek import _parse_date_greek
from feedparser.datetimes.hungarian import _parse_date_hungarian
from feedparser.datetimes.korean import _parse_date_nate, _parse_date_onblog
from feedparser.datetimes.perforce import _parse_date_perforce
from feedparser.datetimes.rfc822 import _parse_date_rfc822
from feedparser.datetimes.w3dtf import _parse_date_w3dtf

from bot.feeds.parsed import from_seconds

_HANDLERS: tuple[Callable[[str], time.struct_time | None], ...] = (
    *(_parse_date_rfc822, _parse_date_w3dtf, _parse_date_perforce),
    *(_parse_date_hungarian, _parse_date_greek, _parse_date_nate, _parse_date_onblog),
)
_LONGEST = 100
_ISO_START = re.compile(r"\d{4}-?\d\d-?\d\d(?!\d)")
# Zones that feedparser takes for UTC; those that mean two places (IST, BST in Bangladesh) are left so.
_ZONES = {
    **dict.fromkeys(("WEST", "BST", "CET"), "+0100"),
    **dict.fromkeys(("CEST", "EET"), "+0200"),
    **dict.fromkeys(("EEST", "MSK"), "+0300"),
    **dict.fromkeys(("HKT", "SGT"), "+0800"),
    **dict.fromkeys(("JST", "KST"), "+0900"),
    "AEST": "+1000",
    "AEDT": "+1100",
    "NZST": "+1200",
    "NZDT": "+1300",
    "UTC": "+0000",
}
_ZONE = re.compile(rf"(?<=[\d ])(?:{'|'.join(_ZONES)})$")
_WEEKDAY = re.compile(r"[^\W\d]+\.?, *(?=\d)")  # "mer, 16 nov 2022": feedparser knows only English ones
_ASCTIME = re.compile(r"[A-Za-z]{3} +([A-Za-z]{3}) +(\d\d?) +(\d\d:\d\d:\d\d) +(?:[A-Z]{3,4} +)?(\d{4})$")


@lru_cache(maxsize=1_024)  # a feed states many a date twice, and its channel a third time
def parse_date(text: str) -> datetime | None:
    """What `text` states; without a zone it is UTC, to the second. None where nothing can be read."""
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    if _ISO_START.match(text):
        try:
            at = datetime.fromisoformat(text).replace(microsecond=0)
            return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            pass  # a space before the zone, and whatever else w3dtf's handler forgives
    text = _ZONE.sub(lambda match: _ZONES[match[0]], text)
    text = _ASCTIME.sub(r"\2 \1 \4 \3", text)
    without_weekday = _WEEKDAY.sub("", text, count=1)
    return _asked(text) or (_asked(without_weekday) if without_weekday != text else None)


def _asked(text: str) -> datetime | None:
    for handler in _HANDLERS:
        try:
            stated = handler(text)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            continue
        if stated:
            return from_seconds(calendar.timegm(stated))
    return None
