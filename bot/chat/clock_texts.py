"""What the bot says about a chat's clock, as Telegram HTML. Pure."""

from datetime import datetime
from html import escape

_HOW = "<code>/clock Berlin</code>, or your time now: <code>/clock 14:30</code>"

UNKNOWN = f"I do not know that place. Name a large city near you: {_HOW}"


def clock(zone: str | None, here: datetime) -> str:
    """What is set; `here` is the time there."""
    if zone is None:
        return f"I go by UTC, where it is {here:%H:%M}. Tell me your clock: {_HOW}"
    return f"I go by the clock of {_place(zone)}, where it is {here:%H:%M}. To change it: {_HOW}"


def set_to(zone: str, here: datetime) -> str:
    """After the clock was set."""
    fixed = " It knows no summer time; name a city for that." if zone.startswith("Etc/") else ""
    return f"I go by the clock of {_place(zone)} now, where it is {here:%H:%M}.{fixed}"


def _place(zone: str) -> str:
    if zone.startswith("Etc/GMT"):
        hours = -int(zone.removeprefix("Etc/GMT") or 0)  # IANA counts what is west of Greenwich as more
        return f"UTC{hours:+d}" if hours else "UTC"
    return escape(zone.replace("_", " "), quote=False)
