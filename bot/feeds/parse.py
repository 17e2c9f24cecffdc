"""Bytes to entries: RSS of every age and Atom, as their authors meant them. Pure."""

import calendar
import codecs
import hashlib
import html
import io
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.parsers import expat

import feedparser
from feedparser.exceptions import UndeclaredNamespace

from bot.errors import InputError
from bot.text import clip, squash
from bot.times import EPOCH

_SUMMARY_MAX = 200_000
_RAW_TITLE_MAX = 20_000  # HTMLParser is quadratic on hostile markup; no title is this long
_TITLE_MAX = 1_000
_NAME_MAX = 200
_PROLOG_BYTES = 65_536
_SNIFF_BYTES = 1_024
_MOST_LEVELS = 200
_MOST_TTL_MINUTES = 366 * 24 * 60

_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
# Where XML starts in the encodings whose ASCII has other bytes (XML 1.0 appendix F). They are made
# UTF-8 first, or what we look for below could hide in them. The longer marks must be tried first.
_WIDE_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*>")
# An unclosed comment runs to the end, so the search stays linear.
_ASIDES = re.compile(rb"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)", re.DOTALL)
_FIRST_ELEMENT = re.compile(rb"<[A-Za-z_]")
_HTML_START = re.compile(rb"(?:<!doctype\s+html\b|<html\b)")
_FEED_ROOT = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf)\b")
_CHARACTER_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));")
# Markup in an RSS title that feedparser takes for text, for want of a closing tag or out of caution.
_SURE_MARKUP = re.compile(r"(?i)<(?:br|hr|wbr)\s*/?>|<(?:img|script|style|iframe|svg|object)\b[^>]*>")
_HIDDEN = frozenset({"script", "style", "template", "noscript", "iframe"})
_BREAKS = frozenset({"br", "hr", "p", "div", "li", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6"})
# What feedparser lets slip on broken input; a bug of its own must not be taken for a bug of ours.
_PARSER_FAILS = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError),
    *(TypeError, ValueError, UndeclaredNamespace),
)


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """One item as the feed stated it: `title` is plain text, `summary` the feed's own HTML.

    `key` tells it from the others of its feed; `url` is absolute http(s); `published_at` is what the
    feed claims, however odd.
    """

    key: str
    title: str
    url: str | None
    summary: str
    published_at: datetime | None
    author: str | None


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A whole feed in its own order; `ttl_minutes` is how long it asks to be left alone."""

    title: str
    language: str | None
    entries: tuple[ParsedEntry, ...]
    ttl_minutes: int | None


def parse(body: bytes, url: str, content_type: str | None = None) -> ParsedFeed:
    """The feed in `body`, read from `url` with that Content-Type header.

    Raises InputError, which names `url`, if it is no feed or not safe to read.
    """
    body, content_type = _as_ascii_compatible(body, content_type)
    _refuse_what_is_no_feed(body, url)
    raw = _feedparser(body, url, content_type)
    if not raw.version and not raw.entries:
        raise InputError(f"{url} is not a feed{_reason(raw)}")
    is_atom = str(raw.version).startswith("atom")
    entries: dict[str, ParsedEntry] = {}
    for item in raw.entries:
        entry = _entry(item, url, is_atom=is_atom)
        if entry is not None:
            entries.setdefault(entry.key, entry)
    return ParsedFeed(
        title=_plain(raw.feed, "title", is_atom=is_atom),
        language=squash(_text(raw.feed, "language"))[:_NAME_MAX] or None,
        entries=tuple(entries.values()),
        ttl_minutes=_ttl_minutes(raw.feed),
    )


def _as_ascii_compatible(body: bytes, content_type: str | None) -> tuple[bytes, str]:
    for mark, encoding in _WIDE_ENCODINGS:
        if body.startswith(mark):
            text = _DECLARATION.sub("", body.decode(encoding, "replace").removeprefix("\ufeff"), count=1)
            return text.encode("utf-8", "replace"), "application/xml; charset=utf-8"
    # Without a header, XML is UTF-8 unless it says otherwise; feedparser would guess Latin-1.
    return body, content_type or "application/xml"


def _refuse_what_is_no_feed(body: bytes, url: str) -> None:
    if not body.strip():
        raise InputError(f"{url} gave an empty answer")
    if b"\0" in body:
        raise InputError(f"{url} is not a feed: it has NUL bytes, which XML forbids")
    start = _ASIDES.sub(b"", body[:_PROLOG_BYTES]).removeprefix(codecs.BOM_UTF8).lstrip()
    if _HTML_START.match(start.lower()) and not _FEED_ROOT.search(body[:_SNIFF_BYTES].lower()):
        raise InputError(f"{url} is an HTML page, not a feed")
    root = _FIRST_ELEMENT.search(start)
    # A DOCTYPE is harmless (RSS 0.91 has one), what it declares is not: "a billion laughs". After the
    # first element the word is only text, say an article about XML.
    if b"<!ENTITY" in start[: root.start() if root else None]:
        raise InputError(f"{url} declares entities (<!ENTITY …>) in its DOCTYPE, which feeds may not")
    _refuse_deep_nesting(body, url)


def _refuse_deep_nesting(body: bytes, url: str) -> None:
    level = 0

    def enter(_name: str, _attributes: object) -> None:
        nonlocal level
        level += 1
        if level > _MOST_LEVELS:
            raise InputError(f"{url} nests elements more than {_MOST_LEVELS} levels deep")

    def leave(_name: str) -> None:
        nonlocal level
        level -= 1

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = enter, leave
    try:
        parser.Parse(body, True)  # noqa: FBT003  # positional only; the last piece
    except (expat.ExpatError, ValueError, LookupError):
        return  # not well-formed, or an encoding expat lacks: feedparser's lenient parser keeps no levels


def _feedparser(body: bytes, url: str, content_type: str) -> Any:
    # No Content-Location: feedparser would make the guid "42" into a link that the feed never stated.
    try:
        return feedparser.parse(
            io.BytesIO(_CHARACTER_REFERENCE.sub(_legal_reference, body)),
            response_headers={"content-type": content_type},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except _PARSER_FAILS as error:
        raise InputError(f"{url} is too broken to be read: {error}") from error


def _legal_reference(match: re.Match[bytes]) -> bytes:
    """The reference, or U+FFFD's for a character XML forbids; one bad one would spoil the whole feed."""
    digits, base = (match[1], 16) if match[1] else (match[2], 10)
    code = int(digits, base) if len(digits) < 10 else 0  # noqa: PLR2004  # longer than any character's
    is_legal = (
        code in {9, 10, 13}
        or 0x20 <= code <= 0xD7FF  # noqa: PLR2004  # XML 1.0 production [2] Char
        or 0xE000 <= code <= 0xFFFD  # noqa: PLR2004
        or 0x10000 <= code <= 0x10FFFF  # noqa: PLR2004
    )
    return match[0] if is_legal else b"&#xFFFD;"


def _reason(raw: Any) -> str:
    error = raw.get("bozo_exception")
    return f": {clip(squash(str(error)), _NAME_MAX)}" if error else ""


def _entry(item: Mapping[str, Any], base: str, *, is_atom: bool) -> ParsedEntry | None:
    title, link, summary = _plain(item, "title", is_atom=is_atom), _link(item, base), _summary(item)
    if not (title or link or summary):
        return None
    stated_key = squash(_text(item, "id"))
    fallback = hashlib.sha256(f"{title}\n{summary}".encode("utf-8", "replace")).hexdigest()
    detail = item.get("author_detail")
    name = _text(detail, "name") if isinstance(detail, Mapping) else ""
    return ParsedEntry(
        key=stated_key or link or fallback,
        title=title,
        url=link,
        summary=summary,
        published_at=_time(item),
        author=clip(squash(html.unescape(name or _text(item, "author"))), _NAME_MAX) or None,
    )


def _text(source: Mapping[str, Any], name: str) -> str:
    """A field's text; feedparser gives a mapping instead where an unknown element had attributes."""
    value = source.get(name)
    return value if isinstance(value, str) else ""


def _plain(source: Mapping[str, Any], name: str, *, is_atom: bool) -> str:
    """A title as one line of plain text; markup goes only where the title is markup.

    Atom says which it is (RFC 4287 section 3.1), RSS leaves it to a guess: feedparser's, and ours.
    """
    text = _text(source, name)[:_RAW_TITLE_MAX]
    detail = source.get(f"{name}_detail")
    kind = _text(detail, "type") if isinstance(detail, Mapping) else ""
    if kind in _HTML_TYPES or (not is_atom and _SURE_MARKUP.search(text)):
        reader = _Words()
        reader.feed(text)
        reader.close()
        text = "".join(reader.pieces)
    return clip(squash(text), _TITLE_MAX)


class _Words(HTMLParser):
    """The text between tags, entities decoded once; what a browser hides is left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._hidden += tag in _HIDDEN
        if tag in _BREAKS:
            self.pieces.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _BREAKS:
            self.pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in _HIDDEN and self._hidden > 0
        if tag in _BREAKS:
            self.pieces.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


def _link(item: Mapping[str, Any], base: str) -> str | None:
    stated = _text(item, "link").strip()
    if stated == _text(item, "id").strip() and not _is_web(stated):
        return None  # feedparser's guess that a guid is a link
    try:
        link = urljoin(base, stated) if stated else ""
    except ValueError:  # "http://[" and the like
        return None
    return link if _is_web(link) else None


def _is_web(link: str) -> bool:
    try:
        parts = urlsplit(link)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def _summary(item: Mapping[str, Any]) -> str:
    """The longest of the texts that the item carries, as HTML."""
    return max(_bodies(item), key=len, default="")[:_SUMMARY_MAX].strip()


def _bodies(item: Mapping[str, Any]) -> Iterator[str]:
    content = item.get("content")
    details = list(content) if isinstance(content, list) else []
    summary = item.get("summary_detail")
    details.append(summary if isinstance(summary, Mapping) else {"value": _text(item, "summary")})
    for detail in details:
        kind = _text(detail, "type")
        if kind in _HTML_TYPES or not kind:
            yield _text(detail, "value")
        elif kind == "text/plain":
            yield html.escape(_text(detail, "value"), quote=False)


def _time(item: Mapping[str, Any]) -> datetime | None:
    for name in ("published_parsed", "updated_parsed"):
        # Asked first: feedparser warns when it answers "updated" with "published".
        stated = item[name] if name in item else None  # noqa: SIM401
        if isinstance(stated, time.struct_time):
            try:
                return EPOCH + timedelta(seconds=calendar.timegm(stated))
            except (ValueError, OverflowError):
                continue
    return None


def _ttl_minutes(feed: Mapping[str, Any]) -> int | None:
    text = _text(feed, "ttl").strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 10):  # noqa: PLR2004  # no int() of megabytes
        return None
    return min(int(text), _MOST_TTL_MINUTES) or None
