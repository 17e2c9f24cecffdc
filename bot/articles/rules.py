"""What a robots.txt says of an address, by RFC 9309. Pure: it is read in a child, which needs no more."""

import math
from dataclasses import dataclass

from protego import Protego

from bot.errors import InputError

PRODUCT = "NeedToKnow"
"""What a robots.txt calls us, and the first word of our User-Agent."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether a page may be read (`because` says why it may not), and the seconds to keep between two."""

    because: str | None = None
    crawl_delay: float = 0.0


def rule(robots_txt: bytes, url: str) -> Ruling:
    """What a robots.txt says of an address. CPU-bound, and made to hurt it takes minutes."""
    try:
        rules = Protego.parse(robots_txt.decode("utf-8-sig", "replace"))
        delay = rules.crawl_delay(PRODUCT) or 0.0
        may = rules.can_fetch(url, PRODUCT)
    except (ValueError, RecursionError) as error:
        raise InputError(f"robots.txt cannot be read: {error}") from error
    return Ruling(None if may else "robots.txt forbids it", delay if math.isfinite(delay) else 0.0)
