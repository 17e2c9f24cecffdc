"""Addresses of feeds as people, pages and lists write them. Pure."""

import re
from urllib.parse import urlunsplit

from bot.links import site_of, split

# What browsers once handed to a reader: "feed://host/x" stands for http, "feed:https://host/x" for itself.
_FEED_SCHEME = re.compile(r"\A(?:feed|rss):(?://)?(?=(https?:)?)", re.IGNORECASE)


def as_web(address: str) -> str | None:
    """The http or https address that this means; None for any other text. `feed://` is http."""
    stripped = address.strip()
    match = _FEED_SCHEME.match(stripped)
    if match is not None:
        rest = stripped[match.end() :]
        stripped = rest if match[1] else f"http://{rest}"
    has_gaps = any(character.isspace() for character in stripped)
    return stripped if not has_gaps and split(stripped) is not None else None


def place(url: str) -> str:
    """What the addresses of one feed have in common: all but scheme, default port, fragment, last slash."""
    parts = split(url.strip())
    if parts is None:
        return url.strip()
    return urlunsplit(("", site_of(parts), parts.path.rstrip("/"), parts.query, ""))
