"""Titles of any make as one line of plain text. Pure."""

import re

from feedparser.mixin import _FeedParserMixin
from lxml import etree

from bot.text import clip, squash

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_RAW_TITLE_MAX = 10_000  # no title is this long
_TITLE_MAX = 1_000
# Markup in an RSS title that feedparser takes for text, for want of a closing tag or out of caution.
_SURE_MARKUP = re.compile(r"(?i)<(?:br|hr|wbr)\s*/?>|<(?:img|script|style|iframe|svg|object)\b[^>]*>")
_HIDDEN = frozenset({"script", "style", "template", "noscript", "iframe"})
_BREAKS = frozenset({"br", "hr", "p", "div", "li", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6"})


def plain(text: str, kind: str = "", *, may_guess: bool) -> str:
    """A title as one line of plain text; markup goes only where the title is markup.

    Atom says which it is (RFC 4287 section 3.1), RSS leaves it to a guess: feedparser's, and ours.
    """
    text = text[:_RAW_TITLE_MAX]
    is_either = "<" not in text and "&" not in text  # then both readings are the same
    if not is_either and (kind in HTML_TYPES or (may_guess and is_probably_html(text))):
        text = words(text)
    return clip(squash(text), _TITLE_MAX)


def is_probably_html(text: str) -> bool:
    """Whether a text of unstated kind is HTML: it has closing tags or entities, and only known ones."""
    return bool(_FeedParserMixin.looks_like_html(text) or _SURE_MARKUP.search(text))


def words(markup: str) -> str:
    """The words of HTML as a reader sees them: entities decoded once, what a browser hides left out."""
    # libxml2 reads it in one go. Python's HTMLParser took 185 s for a feed of 10 MB whose titles were
    # made of `<a b="`: it looks for the end of each anew.
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, collect_ids=False)
    root = etree.fromstring("<div>" + markup.replace("\0", ""), parser)
    pieces: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        is_hidden = element.tag in _HIDDEN
        if event == "start":
            if is_hidden:
                walk.skip_subtree()
            else:
                pieces.append(element.text or "")
        else:
            pieces.append(element.tail or "")
        if element.tag in _BREAKS:
            # Before its text where it begins, before what follows it where it ends.
            pieces.insert(-1, " ")
    return "".join(pieces)
