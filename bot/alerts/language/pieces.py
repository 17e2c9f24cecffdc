"""A typed filter cut into words, quotations, brackets and operators, each with its place. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum

from bot.errors import InputError
from bot.text import fold, tokens


class FilterError(InputError):
    """A filter cannot be read: a sentence with the mend, and the 0-based character it is about.

    0 <= position <= len(text), in the text that was given to `parse`.
    """

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


class Kind(Enum):
    """What a piece is to the grammar."""

    WORD = "word"
    QUOTED = "quoted"
    OPEN = "("
    CLOSE = ")"
    OR = "OR"
    AND = "AND"
    NOT = "NOT"


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece, and where it begins, its field included.

    `text` is a word as it stands, or what stands between quotation marks; `field` one of FIELDS' values or
    empty; `tilde` what follows a quotation after ~, None where there is no ~.
    """

    kind: Kind
    at: int
    text: str = ""
    field: str = ""
    tilde: str | None = None


FIELDS = {
    "title": "title",
    "intitle": "title",
    "source": "source",
    "site": "source",
    "topic": "topic",
    "lang": "lang",
    "language": "lang",
    "about": "about",
}
"""The fields as they may be typed, and what each is called here."""

_MENDS = {  # what people know from search engines, and is not here
    "allintitle": "write title: and brackets, as in title:(north korea)",
    "allintext": "leave it out: headline and text are searched",
    "intext": "leave it out: headline and text are searched",
    "inurl": "to ask for an address write source:, as in source:bbc.co.uk/sport",
    "allinurl": "to ask for an address write source:, as in source:bbc.co.uk/sport",
    "after": "leave it out: stories come as they happen",
    "before": "leave it out: stories come as they happen",
    "location": "leave it out, and name the place",
    "near": 'write it with ~, as in "korea missile"~5',
    "filetype": "leave it out",
    "related": "leave it out",
    "cache": "leave it out",
}
_KNOWN = "known are title:, source:, topic:, lang: and about:"

_DOUBLE = '"“”„‟＂'
_GUILLEMETS = "«»"
_MINUS = "-−–—"
_OPEN, _CLOSE = "(（", ")）"
_PARTS = ",;、，；"
# A word ends at white space, a bracket, an operator, a quotation mark, or a comma that is not in a number.
_CHUNK = re.compile(rf"(?:[^\s|{_OPEN}{_CLOSE}{_DOUBLE}{_GUILLEMETS}{_PARTS}]|(?<=\d),(?=\d))+")
# What means nothing; when:7d is how Google News limits the time, and is pasted with the rest.
_SKIPPED = re.compile(rf"[\s{_PARTS}]+|when[:：](?:{_CHUNK.pattern})?", re.IGNORECASE)
_FIELD = re.compile(r"([^\W\d_]+)[:：]")
_QUOTED = re.compile(
    rf"""(?:
      [{_DOUBLE}]{{2}} (?P<doubled>[^\s{_DOUBLE}][^{_DOUBLE}]*) [{_DOUBLE}]{{2}}    # ""these"", “"or these"”
    | " (?P<straight>(?:[^{_DOUBLE}]|[“„‟][^{_DOUBLE}]*[”“])*) "                     # "with “such” inside"
    | [{_DOUBLE}] (?P<curly>[^{_DOUBLE}]*) [{_DOUBLE}]
    | [{_GUILLEMETS}] (?P<guillemets>[^{_GUILLEMETS}]*) [{_GUILLEMETS}]
    )(?:~(?P<tilde>\w*))?""",
    re.VERBOSE,
)


def pieces(text: str) -> Iterator[Piece]:
    """The pieces of a text in order; what holds no word is left out. Raises FilterError."""
    at = 0
    while at < len(text):
        if skipped := _SKIPPED.match(text, at):
            at = skipped.end()
            continue
        start, field = at, _field(text, at)
        if field:
            at = text.index(field[-1], at) + 1
        piece, at = _piece(text, start, at, FIELDS[fold(field[:-1])] if field else "")
        if piece is not None:
            yield piece


def _field(text: str, at: int) -> str:
    """The field that stands here, as typed and with its colon; empty where none does."""
    match = _FIELD.match(text, at)
    if match is None:
        return ""
    name, follows = fold(match[1]), text[match.end() : match.end() + 1]
    if name in FIELDS:
        if not follows or follows.isspace() or follows in f"{_CLOSE}{_PARTS}{_MINUS}|":
            raise FilterError(f"nothing stands right after {name}: – write it there, without a space", at)
        return match[0]
    if not follows or follows.isspace():
        return ""  # "Trump: ..."
    if text.startswith("//", match.end()):
        raise FilterError("an address is not looked for in texts: write source: before it", at)
    if mend := _MENDS.get(name):
        raise FilterError(f"{name}: is not understood: {mend}", at)
    if meant := get_close_matches(name, FIELDS, n=1, cutoff=0.8):
        raise FilterError(f"{name}: is not understood: is {meant[0]}: meant? ({_KNOWN})", at)
    return ""


def _piece(text: str, start: int, at: int, field: str) -> tuple[Piece | None, int]:
    """The piece that begins at `start` and has its field before `at`, and where it ends."""
    here = text[at]
    if here in _OPEN:
        return Piece(Kind.OPEN, start, here, field), at + 1
    if here in _CLOSE:
        return Piece(Kind.CLOSE, start, here), at + 1
    if here == "|":
        return Piece(Kind.OR, start, here), at + (2 if text.startswith("||", at) else 1)
    if here in _MINUS:
        if at + 1 == len(text) or text[at + 1].isspace():
            raise FilterError("a minus stands alone: put it right before what it excludes", at)
        return Piece(Kind.NOT, start, here), at + 1
    if here in _DOUBLE + _GUILLEMETS:
        quoted = _QUOTED.match(text, at)
        if quoted is None:
            raise FilterError("a quotation mark is not closed: add the second one", at)
        inner = next(quoted[group] for group in _SHAPES if quoted[group] is not None)
        return Piece(Kind.QUOTED, start, inner, field, quoted["tilde"]), quoted.end()
    chunk = _CHUNK.match(text, at)
    assert chunk is not None  # whatever a word cannot begin with was met above
    return _word(chunk[0], start, field), chunk.end()


_SHAPES = ("doubled", "straight", "curly", "guillemets")


def _word(chunk: str, at: int, field: str) -> Piece | None:
    if field or "*" in chunk:
        return Piece(Kind.WORD, at, chunk, field)
    if chunk in ("OR", "AND", "NOT"):
        return Piece(Kind[chunk], at, chunk)
    is_plain = chunk.isascii() and chunk.isalnum()  # as most are: this is quicker than to look for its tokens
    return Piece(Kind.WORD, at, chunk) if is_plain or tokens(chunk) else None
