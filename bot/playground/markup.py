"""Telegram's HTML read as Telegram reads it: plain text, and entities counted in UTF-16 units. Pure.

The rules and the error sentences are those of the Bot API server's own parser, so a message that
passes here passes there; byte offsets count UTF-8, as theirs do.
"""

import html
import re
from dataclasses import dataclass, replace
from typing import Any

from bot.delivery.render import units
from bot.playground.refusals import RefusedError, bad_request

MAX_ENTITIES = 100  # Telegram keeps the first hundred and forgets the rest

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
}
_ATTRIBUTE = re.compile(r"""\s*([^\s=>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+))?""")
_NAME = re.compile(r"[^\s>]*")
_CLOSE = re.compile(r"\s*>")
_END_TAG = re.compile(r"</([^\s>]*)\s*>")
_CHARACTER = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|lt|gt|amp|quot);")
_LINK = re.compile(r"(?:(?:https?|tg|ton)://[^\s]+|mailto:[^\s]+)\Z", re.IGNORECASE)
_COMMAND = r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])"
_MENTION = r"(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w)"
_URL = r"https?://[^\s<>\"]*[^\s<>\"'.,;:!?)\]]"
_FOUND = re.compile(f"(?P<url>{_URL})|(?P<bot_command>{_COMMAND})|(?P<mention>{_MENTION})")
_OPAQUE = frozenset({"code", "pre", "text_link"})


@dataclass(frozen=True, slots=True)
class Entity:
    """A marked stretch of a text: `offset` and `length` in UTF-16 units, as on Telegram's wire."""

    kind: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None
    custom_emoji_id: str | None = None

    @property
    def end(self) -> int:
        """Where the stretch ends."""
        return self.offset + self.length

    def as_json(self) -> dict[str, Any]:
        """The entity on the wire."""
        entity: dict[str, Any] = {"type": self.kind, "offset": self.offset, "length": self.length}
        extras = {"url": self.url, "language": self.language, "custom_emoji_id": self.custom_emoji_id}
        return entity | {name: value for name, value in extras.items() if value}


@dataclass(frozen=True, slots=True)
class Marked:
    """A text without its tags, and what the tags said."""

    text: str
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True)
class _Open:
    """A start tag that waits for its end."""

    tag: str
    offset: int
    attributes: dict[str, str]


def plain(text: str) -> Marked:
    """A text without markup: trimmed; commands, mentions and links are found in it."""
    text = text.strip()
    return Marked(text, _found(text))


def parse(source: str) -> Marked:
    """Telegram HTML as text and entities; raises RefusedError (400, can't parse entities) for bad HTML."""
    parts: list[str] = []
    offset = at = 0
    opened: list[_Open] = []
    entities: list[Entity] = []
    while at < len(source):
        if source[at] != "<":
            words = source[at:].partition("<")[0]
            chunk = _decoded(words)
            parts.append(chunk)
            offset += units(chunk)
            at += len(words)
        elif source.startswith("</", at):
            begun, at = _end_tag(source, at, opened)
            if (entity := _entity(begun, opened, "".join(parts), offset)) is not None:
                entities.append(entity)
        else:
            tag, attributes, at = _start_tag(source, at)
            opened.append(_Open(tag, offset, attributes))
    if opened:
        raise _unreadable(f'Can\'t find end tag corresponding to start tag "{opened[-1].tag}"')
    return _trimmed("".join(parts), entities)


def _start_tag(source: str, at: int) -> tuple[str, dict[str, str], int]:
    """The tag that starts at `at`: its name, its attributes and where the text goes on."""
    place = _place(source, at)
    name = _NAME.match(source, at + 1)
    assert name is not None  # it may be empty, but it always matches
    tag, here = name[0].lower(), name.end()
    if here >= len(source):
        raise _unreadable(f"Unclosed start tag {place}")
    if tag not in _KINDS:
        raise _unreadable(f'Unsupported start tag "{tag}" {place}')
    attributes: dict[str, str] = {}
    while (found := _ATTRIBUTE.match(source, here)) is not None:
        value = found[2] or ""
        attributes[found[1].lower()] = _decoded(value[1:-1] if value[:1] in ("'", '"') else value)
        here = found.end()
    close = _CLOSE.match(source, here)
    if close is None:
        raise _unreadable(f'Unclosed start tag "{tag}" {place}')
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        raise _unreadable(f'Tag "span" must have class "tg-spoiler" {place}')
    return tag, attributes, close.end()


def _end_tag(source: str, at: int, opened: list[_Open]) -> tuple[_Open, int]:
    """The start tag (taken off `opened`) that the end tag at `at` closes, and where the text goes on."""
    place = _place(source, at)
    if not opened:
        raise _unreadable(f"Unexpected end tag {place}")
    found = _END_TAG.match(source, at)
    if found is None:
        raise _unreadable(f"Unclosed end tag {place}")
    tag, expected = found[1].lower(), opened[-1].tag
    if tag not in ("", expected):  # "</>" closes whatever is open
        raise _unreadable(f'Unmatched end tag {place}, expected "</{expected}>", found "</{tag}>"')
    return opened.pop(), found.end()


def _entity(begun: _Open, around: list[_Open], text: str, end: int) -> Entity | None:
    """What a closed tag marks; None where it marks nothing, or stands inside code."""
    length = end - begun.offset
    kind = _KINDS[begun.tag]
    outer = {_KINDS[tag.tag] for tag in around}
    language = begun.attributes.get("class", "").removeprefix("language-") or None
    if kind == "code" and "pre" in outer and language:
        return Entity("language", begun.offset, length, language=language)  # handed to its pre below
    if not length or outer & {"code", "pre"} or kind in outer:
        return None
    if kind == "blockquote" and "expandable" in begun.attributes:
        return Entity("expandable_blockquote", begun.offset, length)
    if kind == "text_link":
        url = begun.attributes.get("href") or text[-length:]
        # A link Telegram cannot follow loses its mark and keeps its words: no error.
        return Entity(kind, begun.offset, length, url=url) if _LINK.match(url) else None
    emoji = begun.attributes.get("emoji-id") if kind == "custom_emoji" else None
    return Entity(kind, begun.offset, length, custom_emoji_id=emoji)


def _trimmed(text: str, entities: list[Entity]) -> Marked:
    """White space at both ends dropped, entities moved along, and plain links and commands found."""
    start = len(text) - len(text.lstrip())
    text = text.strip()
    size = units(text)
    languages = {(e.offset, e.length): e.language for e in entities if e.kind == "language"}
    kept: list[Entity] = []
    for entity in entities:
        offset = max(entity.offset - start, 0)
        length = min(entity.end - start, size) - offset
        if entity.kind == "language" or length <= 0:
            continue
        language = languages.get((entity.offset, entity.length)) if entity.kind == "pre" else None
        kept.append(replace(entity, offset=offset, length=length, language=language))
    opaque = [entity for entity in kept if entity.kind in _OPAQUE]
    found = [
        one for one in _found(text) if not any(one.offset < o.end and o.offset < one.end for o in opaque)
    ]
    # Outer before inner: the page nests them in this order, as Telegram's clients do.
    ordered = sorted([*kept, *found], key=lambda e: (e.offset, -e.length))
    return Marked(text, tuple(ordered[:MAX_ENTITIES]))


def _found(text: str) -> tuple[Entity, ...]:
    """The links, commands and mentions that Telegram sees in bare text."""
    return tuple(
        Entity(str(match.lastgroup), units(text[: match.start()]), units(match[0]))
        for match in _FOUND.finditer(text)
    )[:MAX_ENTITIES]


def whole(text: str) -> str:
    """The text with "?" for half a surrogate pair: no answer that holds one can be written."""
    return text.encode("utf-8", "replace").decode()


def _decoded(text: str) -> str:
    """The four named and all numbered characters; anything else after "&" stays as it is written."""
    return _CHARACTER.sub(lambda match: html.unescape(match[0]), text)


def _place(source: str, at: int) -> str:
    return f"at byte offset {len(source[:at].encode())}"


def _unreadable(why: str) -> RefusedError:
    return bad_request(f"can't parse entities: {why}")
