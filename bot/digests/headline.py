"""The headline of a digest: the clearest of the sources' titles, without what is no part of it. Pure."""

import re
from collections.abc import Collection, Iterable
from html import unescape

from bot.sentences import word_count
from bot.text import fold, squash

_TEASER = re.compile(
    r"^(?:here[’']s|this is|watch|why|how|what|when|where|who|the best|you|everything|opinion"
    r"|analysis|video)\b|\?$|won[’']t believe",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:(?:breaking(?: news)?|exclusive|update[ds]?(?: \d+)?|live|just in|watch|video|photos?|eilmeldung"
    r"|eil|en direct|última hora)(?:\s*[:|]\s*|\s+[-–—]\s+))+(?=\S)",
    re.IGNORECASE,
)
_TAIL = re.compile(r"\s+[|–—-]\s+([^|–—]{2,40})$|\s+\((?:video|photos?|updated?)\)$", re.IGNORECASE)
_FEWEST, _MOST = 3, 20  # words of a clear one


def headline(titles: Iterable[str], *, outlets: Collection[str] = ()) -> str:
    """The first title that states something; the first one when none does, or '' without any."""
    named = [cleaned for title in titles if (cleaned := clean(title, outlets=outlets))]
    clear = [title for title in named if not _TEASER.search(title) and _is_stated(title)]
    return next(iter(clear or named), "")


def clean(title: str, *, outlets: Collection[str] = ()) -> str:
    """A title without a label before it ("BREAKING: …") and its outlet's name behind it ("… | The Post")."""
    whole = squash(unescape(title))  # some pages escape what is escaped already
    text = _LABEL.sub("", whole) or whole
    tail = _TAIL.search(text)
    if tail and tail.start() and (tail[1] is None or _names(tail[1], outlets)):
        text = text[: tail.start()]
    return text


def _names(tail: str, outlets: Collection[str]) -> bool:
    own = _letters(tail)
    return any(own in name or name in own for outlet in outlets if (name := _letters(outlet)))


def _letters(name: str) -> str:
    return "".join(c for c in fold(name) if c.isalnum()).removeprefix("the").removeprefix("www")


def _is_stated(title: str) -> bool:
    return _FEWEST <= word_count(title) <= _MOST and not title.isupper()
