"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/). Pure."""

import html
import json
from typing import Any

from bot.errors import InputError
from bot.feeds.dates import parse_date
from bot.feeds.parsed import MOST_ENTRIES, ParsedEntry, ParsedFeed, distinct, entry, name, web_address
from bot.feeds.titles import plain
from bot.text import clip, squash

_COMPLAINTS = ("message", "error", "detail", "description", "title", "status")
_COMPLAINT_MAX = 200


def read(text: str, url: str) -> ParsedFeed:
    """The feed in `text`. Raises InputError for what is no JSON, or JSON that is no feed."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:  # the C scanner counts levels, so "[" * 10**6 ends here
        raise InputError(f"{url} is not a feed: it looks like JSON and is not ({error})") from error
    if not _is_feed(feed):
        complaint = _complaint(feed)
        raise InputError(f"{url} is JSON, not a feed{f': it says {complaint!r}' if complaint else ''}")
    entries = [found for item in _list(feed, "items")[:MOST_ENTRIES] if (found := _entry(item, url))]
    return ParsedFeed(
        title=plain(_text(feed, "title"), may_guess=True),
        language=name(_text(feed, "language")) or None,
        entries=distinct(entries),
        ttl_minutes=None,
        hub=_hub(feed, url),
        self_url=web_address(_text(feed, "feed_url"), url),
        home=web_address(_text(feed, "home_page_url"), url),
    )


def _is_feed(feed: Any) -> bool:
    if not isinstance(feed, dict) or not isinstance(feed.get("items", []), list):
        return False
    return "jsonfeed.org" in _text(feed, "version") or ("items" in feed and bool(_text(feed, "title")))


def _entry(item: Any, url: str) -> ParsedEntry | None:
    if not isinstance(item, dict):
        return None
    bodies = (
        _text(item, "content_html"),
        html.escape(_text(item, "content_text"), quote=False),
        html.escape(_text(item, "summary"), quote=False),
    )
    return entry(
        guid=_text(item, "id"),
        # Plain by the specification, yet WordPress's plugin writes "&#8217;".
        title=plain(_text(item, "title"), may_guess=True),
        url=web_address(_text(item, "url"), url) or web_address(_text(item, "external_url"), url),
        summary=max(bodies, key=len),
        published_at=parse_date(_text(item, "date_published")),
        updated_at=parse_date(_text(item, "date_modified")),
        author=next((_text(one, "name") for one in (*_list(item, "authors"), item.get("author"))), ""),
    )


def _hub(feed: dict[str, Any], url: str) -> str | None:
    for hub in _list(feed, "hubs"):
        if _text(hub, "type").lower() == "websub" and (address := web_address(_text(hub, "url"), url)):
            return address
    return None


def _complaint(answer: Any) -> str:
    """What an error answer says, such as {"error": {"message": "Too many requests"}}."""
    for key in _COMPLAINTS:
        stated = answer.get(key) if isinstance(answer, dict) else None
        said = _complaint(stated) if isinstance(stated, dict) else _text(answer, key)
        if said:
            return clip(squash(said), _COMPLAINT_MAX)
    return ""


def _text(source: Any, key: str) -> str:
    """A member's text; a number counts, since ids are often numbers (the specification asks for that)."""
    value = source.get(key) if isinstance(source, dict) else None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    # A lone surrogate ("\\ud800") cannot be stored or sent.
    text = str(value) if is_number else value if isinstance(value, str) else ""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _list(source: Any, key: str) -> list[Any]:
    value = source.get(key) if isinstance(source, dict) else None
    return value if isinstance(value, list) else []
