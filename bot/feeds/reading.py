"""A feed read whole, with the marks of its entries and the terms of its publisher. Pure.

Apart from what writes it down: a child that reads feeds needs no database.
"""

from dataclasses import dataclass

from bot.feeds.cadence import Terms
from bot.feeds.marks import Listed, listed
from bot.feeds.parse import parse


@dataclass(frozen=True, slots=True)
class Reading:
    """What a feed says, with every entry's marks: all the slow work, done where it may hang or die."""

    terms: Terms
    shown: tuple[Listed, ...]
    hub: str | None
    self_url: str | None


def read(body: bytes, url: str, content_type: str | None) -> Reading:
    """The feed in `body`; raises InputError. For a child process."""
    parsed = parse(body, url, content_type)
    terms = Terms(
        ttl_minutes=parsed.ttl_minutes,
        skip_hours=parsed.skip_hours,
        skip_days=parsed.skip_days,
        update_seconds=parsed.update_seconds,
        shown=len(parsed.entries),
    )
    return Reading(terms, listed(parsed.entries), parsed.hub, parsed.self_url)
