"""Addresses of feeds as people, pages and lists write them. Pure."""

import re
from urllib.parse import SplitResult, urlsplit, urlunsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
# What browsers once handed to a reader: "feed://host/x" stands for http, "feed:https://host/x" for itself.
_FEED_SCHEME = re.compile(r"\A(?:feed|rss):(?://)?(?=(https?:)?)", re.IGNORECASE)


def as_web(address: str) -> str | None:
    """The http or https address that this means; None for any other text. `feed://` is http."""
    stripped = address.strip()
    match = _FEED_SCHEME.match(stripped)
    if match is not None:
        rest = stripped[match.end() :]
        stripped = rest if match[1] else f"http://{rest}"
    return stripped if _split(stripped) is not None else None


def place(url: str) -> str:
    """What the addresses of one feed have in common: all but scheme, default port, fragment, last slash."""
    parts = _split(url.strip())
    if parts is None:
        return url.strip()
    host = (parts.hostname or "").rstrip(".")
    if parts.port is not None and parts.port != _DEFAULT_PORTS[parts.scheme]:
        host = f"{host}:{parts.port}"
    return urlunsplit(("", host, parts.path.rstrip("/"), parts.query, ""))


def _split(url: str) -> SplitResult | None:
    """The parts of a web address; None for any other text."""
    if any(character.isspace() for character in url):
        return None
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in _DEFAULT_PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:  # "http://[", a port that is no number
        return None
    return parts if is_web else None
