"""Lists of feeds in OPML, read and written, with folders as topics. Pure.

Expat reads them and not listparser: that one reads XML as lenient HTML, so it names no line, and calls
a list sound that was cut off in the middle.
"""

import codecs
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import IntEnum
from xml.etree import ElementTree as ET
from xml.parsers import expat

from bot.errors import InputError
from bot.feeds.feed_urls import as_web, place
from bot.text import clip, squash, tokens

_MOST_LEVELS = 50
_NAME_MAX = 200
_LANGUAGE_MAX = 16
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]*\?>")
_DECLARED_ENCODING = re.compile(rb"\A\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([A-Za-z][\w.:-]{0,40})[\"']")
_MARKS = (  # the longer ones first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
# Python calls these encodings of text too; no list is written in them, and idna takes quadratic time.
_NO_ENCODINGS = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "utf-7"})
_NO_FEEDS = frozenset({"link", "include"})  # OPML 2.0: a page, or another list
_UNFIT = re.compile(r"[\ud800-\udfff\ufffe\uffff]")  # beyond what squash drops, what XML cannot hold
_TAG_MAX = 40
_LOOK_AROUND = 2_000  # bytes, for what the parser stumbled over
_ENTITY = re.compile(r"&[^;&<#\s]{1,40};")
_KNOWN_ENTITIES = frozenset({"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"})
_BARE_AMPERSAND = re.compile(r"&[^;&<\s]{0,40}\Z")
_TAG_NAME = re.compile(r"[^>\s]{0,40}")


class _Code(IntEnum):
    """Expat's numbers (expat.h, enum XML_Error) for what we can say better."""

    SYNTAX = 2
    NO_ELEMENTS = 3
    INVALID_TOKEN = 4
    UNCLOSED_TOKEN = 5
    TAG_MISMATCH = 7
    DUPLICATE_ATTRIBUTE = 8
    JUNK_AFTER_END = 9
    UNDEFINED_ENTITY = 11
    BAD_CHARACTER_REFERENCE = 14


_PLAIN_WORDS: dict[int, str] = {
    _Code.SYNTAX: "this is text, and a list of feeds begins with <opml>",
    _Code.NO_ELEMENTS: "there is no <opml>",
    _Code.UNCLOSED_TOKEN: "what begins here does not end; the list may have been cut short",
    _Code.TAG_MISMATCH: "this closes what was not opened",
    _Code.DUPLICATE_ATTRIBUTE: "this attribute is given twice",
    _Code.JUNK_AFTER_END: "there is something after </opml>",
    _Code.BAD_CHARACTER_REFERENCE: "this number is no character that XML allows",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A feed of a list: `topic_path` is the folders it lies in, the outermost first."""

    url: str
    name: str = ""
    topic_path: tuple[str, ...] = ()
    language: str | None = None
    home: str | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """An outline that is no feed we could read: on which line it is, its name, and why, in words."""

    line: int
    name: str
    reason: str

    def __str__(self) -> str:
        name = f"“{self.name}”" if self.name else "an outline without a name"
        return f"line {self.line}: {name} {self.reason}"


@dataclass(frozen=True, slots=True)
class Opml:
    """A whole list, in its own order; a feed that is in it twice is here once."""

    title: str
    feeds: tuple[Listed, ...]
    skipped: tuple[Skipped, ...]


def parse_opml(body: bytes) -> Opml:
    """The list in `body`; how long it may be is for the caller to say.

    Raises InputError, which names the line, for what is not OPML, not well-formed, declares entities
    or nests outlines more than 50 levels deep.
    """
    text = _decoded(body)
    if not text.strip():
        raise InputError("the list is empty")
    # We have decoded it, so the declaration has nothing more to say; its lines stay, for the count.
    text = _DECLARATION.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text, count=1)
    return _Reader(text).read()


def topic_of(path: Iterable[str], known_topics: Mapping[str, str]) -> str | None:
    """The id of the topic (id → name) that a folder of the path names; the innermost folder wins.

    Letter case, accents, punctuation, emoji and "and" make no difference.
    """
    by_slug = {_slug(name): topic for topic, name in known_topics.items()}
    by_slug |= {_slug(topic): topic for topic in known_topics}
    by_slug.pop("", None)
    return next((by_slug[_slug(folder)] for folder in (*path,)[::-1] if _slug(folder) in by_slug), None)


def write_opml(feeds: Iterable[Listed], title: str, created_at: datetime) -> bytes:
    """The feeds as OPML 2.0, a folder for each step of a topic path, all in the order they first come.

    Characters that XML cannot hold are left out of names.
    """
    root = ET.Element("opml", version="2.0")
    head = ET.SubElement(root, "head")
    ET.SubElement(head, "title").text = _name(title)
    created = format_datetime(created_at.astimezone(UTC), usegmt=True)
    ET.SubElement(head, "dateCreated").text = created
    ET.SubElement(head, "docs").text = "http://opml.org/spec2.opml"
    folders: dict[tuple[str, ...], ET.Element] = {(): ET.SubElement(root, "body")}
    for feed in feeds:
        path = tuple(filter(None, map(_name, feed.topic_path)))[: _MOST_LEVELS - 1]
        ET.SubElement(_folder(folders, path), "outline", _attributes(feed))
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _folder(folders: dict[tuple[str, ...], ET.Element], path: tuple[str, ...]) -> ET.Element:
    for depth in range(1, len(path) + 1):
        if path[:depth] not in folders:
            above = folders[path[: depth - 1]]
            folders[path[:depth]] = ET.SubElement(above, "outline", text=path[depth - 1])
    return folders[path]


def _attributes(feed: Listed) -> dict[str, str]:
    name = _name(feed.name)
    attributes = {
        "text": name,
        "title": name,
        "type": "rss",  # OPML 2.0 knows no other for a feed, whatever its format
        "xmlUrl": _name(feed.url, limit=None),
        "htmlUrl": _name(feed.home or "", limit=None),
        "language": _name(feed.language or ""),
    }
    return {key: value for key, value in attributes.items() if value or key == "text"}


def _name(text: str, limit: int | None = _NAME_MAX) -> str:
    plain = squash(_UNFIT.sub("", text))
    return plain if limit is None else clip(plain, limit)


def _slug(text: str) -> str:
    return " ".join(token.term for token in tokens(text) if token.term != "and")


def _decoded(body: bytes) -> str:
    """The text, by its byte order mark, else by its declaration, else as UTF-8."""
    encoding = next((encoding for mark, encoding in _MARKS if body.startswith(mark)), None)
    if encoding is None:
        declared = _DECLARED_ENCODING.match(body)
        encoding = declared[1].decode("ascii") if declared else "utf-8"
        if re.match(r"(?i)utf-?(?:16|32)|ucs-?[24]|iso-10646", encoding):
            encoding = "utf-8"  # it cannot be: the declaration could be read as ASCII
    try:
        if codecs.lookup(encoding).name.replace("-", "_") in {n.replace("-", "_") for n in _NO_ENCODINGS}:
            raise LookupError(encoding)  # noqa: TRY301 - said below
        return body.decode(encoding)
    except LookupError as error:
        raise InputError(f"line 1: the encoding {encoding} is not known; save the list as UTF-8") from error
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        odd = " ".join(f"{byte:02X}" for byte in body[error.start : error.end][:4])
        raise InputError(
            f"line {line}: the bytes {odd} are no character in {encoding}; save the list as UTF-8"
        ) from error


@dataclass(slots=True)
class _Open:
    """An element that is not closed yet, and where it began."""

    tag: str
    name: str
    line: int
    attributes: Mapping[str, str]
    is_entry: bool = False
    has_children: bool = False

    @property
    def label(self) -> str:
        """What people call it; of the two, OPML 2.0 requires `text`."""
        return _name(self.attributes.get("text", "")) or _name(self.attributes.get("title", ""))


class _Reader:
    """One pass of expat over a list."""

    def __init__(self, text: str) -> None:
        self._body = text.encode()
        self._stack: list[_Open] = []
        self._title: list[str] = []
        self._feeds: dict[str, Listed] = {}
        self._skipped: list[Skipped] = []
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler = self._enter
        self._parser.EndElementHandler = self._leave
        self._parser.CharacterDataHandler = self._characters
        # Entities serve no list, and a few lines of them can make gigabytes ("a billion laughs").
        self._parser.EntityDeclHandler = self._refuse_entity

    def read(self) -> Opml:
        """The list; raises InputError that names the line."""
        try:
            self._parser.Parse(self._body, True)  # noqa: FBT003  # positional only; the last piece
        except expat.ExpatError as error:
            raise InputError(self._explain(error)) from error
        skipped = sorted(self._skipped, key=lambda skipped: skipped.line)  # a folder ends after its feeds
        return Opml(_name("".join(self._title)), tuple(self._feeds.values()), tuple(skipped))

    def _enter(self, name: str, attributes: dict[str, str]) -> None:
        line = self._parser.CurrentLineNumber
        # Exports spell them xmlUrl, xmlURL, xmlurl.
        lowered = {key.lower(): value for key, value in attributes.items()}
        element = _Open(name.lower(), clip(name, _TAG_MAX), line, lowered)
        if not self._stack and element.tag != "opml":
            raise InputError(f"line {line}: this is <{element.name}>, and a list of feeds is <opml>")
        # <opml> and <body> lie around the outlines.
        if len(self._stack) >= _MOST_LEVELS + 2:
            raise InputError(f"line {line}: outlines are nested more than {_MOST_LEVELS} levels deep")
        if element.tag == "outline":
            self._outline(element)
        self._stack.append(element)

    def _outline(self, element: _Open) -> None:
        for around in self._stack[-1:]:
            around.has_children = True
        given = element.attributes
        address = given.get("xmlurl", "").strip()
        if not address and given.get("type", "").strip().lower() in _NO_FEEDS:
            element.is_entry = True
            self._skip(element, "is a link to a page or to another list, not a feed")
            return
        address = address or given.get("url", "").strip()
        if not address:
            return
        element.is_entry = True
        url = as_web(address)
        if url is None:
            shown = clip(squash(address), _NAME_MAX)
            self._skip(element, f"has the address “{shown}”, which is not an http or https one")
            return
        self._add(
            Listed(
                url=url,
                name=element.label,
                topic_path=self._folders() or _category(given.get("category", "")),
                language=squash(given.get("language", ""))[:_LANGUAGE_MAX] or None,
                home=as_web(given.get("htmlurl", "")),
            )
        )

    def _add(self, feed: Listed) -> None:
        first = self._feeds.setdefault(place(feed.url), feed)
        if feed.topic_path and not first.topic_path:
            self._feeds[place(feed.url)] = replace(first, topic_path=feed.topic_path)

    def _folders(self) -> tuple[str, ...]:
        around = (e for e in self._stack if e.tag == "outline" and not e.is_entry)
        return tuple(element.label for element in around if element.label)

    def _leave(self, _name: str) -> None:
        element = self._stack.pop()
        if element.tag == "outline" and not element.is_entry and not element.has_children:
            self._skip(element, "has no address (xmlUrl)")

    def _characters(self, text: str) -> None:
        if [element.tag for element in self._stack] == ["opml", "head", "title"]:
            self._title.append(text)

    def _skip(self, element: _Open, reason: str) -> None:
        self._skipped.append(Skipped(element.line, element.label, reason))

    def _refuse_entity(self, name: str, *_: object) -> None:
        line = self._parser.CurrentLineNumber
        raise InputError(f"line {line}: the entity {clip(name, _TAG_MAX)} is declared, and a list may not")

    def _explain(self, error: expat.ExpatError) -> str:
        """The parser's error in plain words, after the place that has to be mended."""
        at = max(0, self._parser.ErrorByteIndex)
        before = self._body[max(0, at - _LOOK_AROUND) : at].decode("utf-8", "ignore")
        there = self._body[at : at + _LOOK_AROUND].decode("utf-8", "ignore")
        inner = self._stack[-1] if self._stack else None
        line, column = error.lineno, error.offset + 1
        match error.code:
            case _Code.TAG_MISMATCH if inner is not None:
                closing = _TAG_NAME.match(there)
                name = closing[0] if closing else ""
                return f"line {inner.line}: <{inner.name}> is not closed before </{name}> on line {line}"
            case _Code.NO_ELEMENTS if inner is not None:
                return f"line {inner.line}: <{inner.name}> is not closed; the list ends on line {line}"
            case _Code.UNDEFINED_ENTITY:
                found = next((name for name in _ENTITY.findall(there) if name not in _KNOWN_ENTITIES), "")
                return f"line {line}: {found or 'a name after &'} means nothing in XML; write the character"
            case _Code.INVALID_TOKEN:
                column, wrong = _wrong_character(before, there, column)
                return f"line {line}, column {column}: {wrong}"
            case code:
                spoken = expat.ErrorString(code)
                known = _PLAIN_WORDS.get(code, f"this is not well-formed XML: {spoken}")
                return f"line {line}, column {column}: {known}"


def _wrong_character(before: str, there: str, column: int) -> tuple[int, str]:
    """The column of a character that XML does not allow where it stands, and what is wrong with it."""
    bare = _BARE_AMPERSAND.search(before)
    if bare is not None:
        return column - len(bare[0]), "a bare & must be written &amp;"
    match there[:1]:
        case "&":
            return column, "a bare & must be written &amp;"
        case "<":
            return column, "a < must be written &lt;, or a quotation mark before it is missing"
        case "":
            return column, "the list ends in the middle of a tag"
        case character if not character.isprintable():
            return column, f"the control character U+{ord(character):04X} is not allowed"
        case character:
            return column, f"“{character}” is not allowed here"


def _category(text: str) -> tuple[str, ...]:
    """The first path of a category attribute, as in "/World/Europe,/Sport" (OPML 2.0)."""
    first = text.partition(",")[0]
    return tuple(filter(None, map(_name, first.split("/"))))
