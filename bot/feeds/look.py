"""What an address holds: a feed, told in short, or a page with hints of one. Pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.errors import InputError
from bot.feeds.feed_urls import place
from bot.feeds.hints import Hint, page_hints
from bot.feeds.parse import ParsedEntry, ParsedFeed, parse
from bot.times import EPOCH


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest entry of a feed."""

    title: str
    url: str | None
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed in short. `contents` is the same for two feeds with one title and the same entries."""

    title: str
    language: str | None
    entries: int
    latest: Latest | None
    contents: str


@dataclass(frozen=True, slots=True)
class Look:
    """A feed; or else why it is none, in words, and where the page it may be points."""

    feed: Outline | None
    why_not: str = ""
    hints: tuple[Hint, ...] = ()


def look(body: bytes, url: str, content_type: str | None) -> Look:
    """What stands at `url`. CPU-bound, with strangers' input: for a child process."""
    try:
        feed = parse(body, url, content_type)
    except InputError as error:
        return Look(None, str(error), page_hints(body, url, content_type))
    return Look(_outline(feed))


def _outline(feed: ParsedFeed) -> Outline:
    entries = feed.entries
    # Without a date, as old as can be; among equals the feed's own order, which has the newest first.
    newest = max(entries, key=lambda entry: entry.published_at or EPOCH, default=None)
    latest = Latest(newest.title, newest.url, newest.published_at) if newest else None
    return Outline(feed.title, feed.language, len(entries), latest, _contents(feed.title, entries))


def _contents(title: str, entries: Iterable[ParsedEntry]) -> str:
    """A hash of the title and of the entries in any order; empty without entries, which prove nothing."""
    named = sorted(place(entry.url) if entry.url else entry.title for entry in entries)
    if not named:
        return ""
    text = "\n".join([title.casefold(), *named])
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
