"""What an alert looks like: a digest as Telegram's HTML, cut into messages on sentence borders. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from bot.model import Digest, Match, Source
from bot.text import clip

LIMIT = 4096
"""UTF-16 units that one message holds, counted without its tags."""
_MAX_SOURCES = 8
_MAX_TERMS = 8
_FIELDS = ("topic:", "source:", "lang:")
_NEARNESS = re.compile(r" \(-?\d+ %\)$")  # of a meaning


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is never cut unless it alone is longer than a message, with the tag around it."""

    text: str
    before: str = ""
    after: str = ""
    glue: str = " "
    """What stands between this piece and the one before it, when both are in one message."""
    tail: str = ""
    """Words behind the closing tag; never parted from the end of the text."""

    @property
    def html(self) -> str:
        """The piece, escaped, in its tag."""
        return f"{self.before}{escape(self.text, quote=False)}{self.after}{escape(self.tail, quote=False)}"

    @property
    def plain(self) -> str:
        """The piece without its tag."""
        return self.text + self.tail


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its HTML, and the same without tags for when the HTML is refused."""

    html: str
    plain: str


def alert(digest: Digest, matches: Sequence[Match] = ()) -> list[Message]:
    """The digest as a reader gets it, with the words that matched and the sources."""
    return pack([*digest_pieces(digest), *_matched(matches), *source_pieces(digest)])


def digest_pieces(digest: Digest) -> list[Piece]:
    """Headline, What You Need to Know, The Details, Where sources differ, What's Next; none of them empty."""
    pieces = [bold(digest.headline, glue="")]
    if digest.need_to_know:
        pieces.append(bold("What You Need to Know", glue="\n\n"))
        first, *rest = digest.need_to_know
        pieces += [Piece(first, glue="\n"), *(Piece(sentence) for sentence in rest)]
    for title, sentences in (
        ("The Details", digest.details),
        ("Where sources differ", digest.differ),
        ("What’s Next", digest.next),
    ):
        if sentences:
            pieces.append(bold(title, glue="\n\n"))
            pieces += [Piece(f"• {sentence}", glue="\n") for sentence in sentences]
    return pieces


def bold(text: str, *, glue: str) -> Piece:
    """A piece in bold."""
    return Piece(text, "<b>", "</b>", glue)


def linked(text: str, url: str | None, *, glue: str = " ", tail: str = "") -> Piece:
    """A piece that is a link, if there is somewhere to lead."""
    before, after = (f'<a href="{escape(url)}">', "</a>") if url else ("", "")
    return Piece(text, before, after, glue, tail)


def _matched(matches: Sequence[Match]) -> list[Piece]:
    met = list(dict.fromkeys(term for match in matches for term in match.terms))
    if not met:
        return []
    filters = list(dict.fromkeys(_shown(match.filter_text) for match in matches))
    asked = clip(" · ".join(filters), 200)
    # Which source, topic or language it was, the filter says itself, and in its own spelling.
    terms = [term for term in met if not term.startswith(_FIELDS)][:_MAX_TERMS]
    if not terms:
        return [Piece(f"Matched: {asked}", "<i>", "</i>", "\n\n")]
    said = ", ".join(terms)
    if [_NEARNESS.sub("", said).casefold()] == [one.casefold() for one in filters]:
        return [Piece(f"Matched: {said}", "<i>", "</i>", "\n\n")]
    whose = "your filter" if len(filters) == 1 else "your filters"
    return [Piece(f"Matched: {said} ({whose}: {asked})", "<i>", "</i>", "\n\n")]


def _shown(text: str) -> str:
    return text.replace("topic:", "topic ")


def source_pieces(digest: Digest) -> list[Piece]:
    """The sources with their links, those that repeat another's text last, and how many are independent."""
    if not digest.sources:
        return []
    sources = sorted(digest.sources, key=lambda source: source.copy_of is not None)
    head = "Source: "
    if len(sources) > 1:
        # Digests written before the count was kept have none.
        head = f"Sources ({digest.independent} independent): " if digest.independent else "Sources: "
    pieces = [Piece(head, glue="\n")]
    for number, source in enumerate(sources[:_MAX_SOURCES]):
        glue = " · " if number else ""
        pieces.append(linked(source.name, source.url, glue=glue, tail=_remark(source)))
    if len(sources) > _MAX_SOURCES:
        pieces.append(Piece(f"and {len(sources) - _MAX_SOURCES} more"))
    return pieces


def _remark(source: Source) -> str:
    said = [f"copy of {source.copy_of}"] if source.copy_of else []
    if source.bare:
        said.append("from the feed’s summary")
    return f" ({', '.join(said)})" if said else ""


def pack(pieces: Sequence[Piece], *, limit: int = LIMIT) -> list[Message]:
    """As few messages as hold the pieces in order; cut between pieces, so never inside a tag."""
    messages: list[Message] = []
    html = plain = ""
    for piece in _cut(pieces, limit):
        glue = piece.glue if html else ""
        if html and units(plain) + units(glue) + units(piece.plain) > limit:
            messages.append(Message(html, plain))
            html = plain = glue = ""
        html += escape(glue, quote=False) + piece.html
        plain += glue + piece.plain
    if html:
        messages.append(Message(html, plain))
    return messages


def _cut(pieces: Sequence[Piece], limit: int) -> list[Piece]:
    # A single piece longer than a message is cut between words, each part in its own tag.
    cut: list[Piece] = []
    for piece in pieces:
        text, glue = piece.text, piece.glue
        while units(text) + units(piece.tail) > limit:
            head = _head(text, limit - units(piece.tail))
            cut.append(Piece(head.rstrip(), piece.before, piece.after, glue))
            text, glue = text[len(head) :].lstrip(), " "
        cut.append(Piece(text, piece.before, piece.after, glue, piece.tail))
    # An empty tag is nothing to read, and Telegram refuses a message of nothing.
    return [piece for piece in cut if piece.plain.strip()]


def _head(text: str, limit: int) -> str:
    end = len(text)
    while units(text[:end]) > limit:
        end -= max(1, (units(text[:end]) - limit) // 2)
    space = text.rfind(" ", end // 2, end)
    return text[: space if space > 0 else end]


def units(text: str) -> int:
    """The length as Telegram counts it: UTF-16 code units."""
    return len(text) + sum(ord(c) > 0xFFFF for c in text)  # noqa: PLR2004 - the end of the basic plane
