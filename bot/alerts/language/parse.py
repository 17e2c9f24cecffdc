"""The filter language: what a subscriber typed, read as a rule. Pure.

    north korea missile OR rocket -sport     all of: north, korea, (missile or rocket); not: sport

The whole of it is on the page docs/filters.md, with its grammar. OR binds tighter than the space between
words; brackets group. `bot.alerts.rule` is what comes out, `plain` beside this the way back into words.
"""

import re

from bot.alerts.language.pieces import FilterError, Kind, Piece, pieces
from bot.alerts.language.terms import ABOUT_LEAST, read_term
from bot.alerts.language.worth import asks_too_little, impossible, only_excludes
from bot.alerts.rule import All, Either, Filter, Node, Not, Term, normal

__all__ = ["ABOUT_LEAST", "MAX_LENGTH", "STORED_LENGTH", "FilterError", "parse", "read_stored"]

MAX_LENGTH = 1_000  # characters of a filter that a person types
STORED_LENGTH = 20_000  # of one in its canonical form, which may be longer, or of a topic's rule
_LETTERS_A_TERM = 10  # so many characters of the longest text allow one term more
_DEEPEST = 20  # brackets inside brackets

_ENDS = (Kind.CLOSE, Kind.OR, Kind.AND)  # where a term is missing
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def parse(text: str, *, max_length: int = MAX_LENGTH) -> Filter:
    """The filter that a text states, in normal form. Raises FilterError, and nothing else."""
    filter_, places = _read(text, max_length)
    _refuse_worthless(filter_.root, places)
    return filter_


def read_stored(text: str) -> Filter:
    """What `canonical` wrote, read back; raises FilterError when another version's language wrote it.

    What it is worth was judged when it was saved: whoever follows "the who" since then goes on to do so.
    """
    return _read(text, STORED_LENGTH)[0]


def _read(text: str, max_length: int) -> tuple[Filter, dict[Term, int]]:
    if len(text) > max_length:
        raise FilterError(f"this is longer than {max_length} characters: shorten it", max_length)
    reading = _Reading(tuple(pieces(_SURROGATES.sub(" ", text))), most_terms=max_length // _LETTERS_A_TERM)
    return Filter(normal(reading.whole())), reading.places


class _Reading:
    """Reads pieces from left to right; each method reads one rule of the grammar."""

    def __init__(self, found: tuple[Piece, ...], *, most_terms: int) -> None:
        self.places: dict[Term, int] = {}  # where each term stands first
        self._pieces = found
        self._most_terms = most_terms
        self._at = 0

    def whole(self) -> Node:
        """`filter = all`."""
        node = self._all("", 0)
        if stray := self._next():
            raise FilterError("this bracket was never opened: leave it out", stray.at)
        if node is None:
            raise FilterError("nothing to look for: give a word or two", 0)
        return node

    def _all(self, field: str, depth: int) -> Node | None:
        """`all = either { [AND] either }`; None where nothing stands."""
        parts: list[Node] = []
        while not self._stands(Kind.CLOSE) and (piece := self._next()):
            if piece.kind is Kind.AND:
                if not parts:
                    raise FilterError("something is missing before AND", piece.at)
                self._take()
                self._expect_after(piece)
            parts.append(self._either(field, depth))
        return All(tuple(parts)) if parts else None

    def _either(self, field: str, depth: int) -> Node:
        """`either = one { OR one }`."""
        parts = [self._one(field, depth)]
        while self._stands(Kind.OR):
            self._expect_after(self._take())
            parts.append(self._one(field, depth))
        return Either(tuple(parts))

    def _one(self, field: str, depth: int) -> Node:
        """`one = { NOT } ( term | "(" all ")" )`."""
        excluded = False
        while self._stands(Kind.NOT):
            self._expect_after(self._take())
            excluded = not excluded
        piece = self._take()
        if piece.kind is Kind.OR:
            raise FilterError("something is missing before OR", piece.at)
        if field and piece.field not in {"", field}:
            raise FilterError(f"{piece.field}: cannot stand in the brackets of {field}:", piece.at)
        inner = piece.field or field
        node = self._group(piece, inner, depth) if piece.kind is Kind.OPEN else self._term(piece, inner)
        return Not(node) if excluded else node

    def _group(self, opened: Piece, field: str, depth: int) -> Node:
        if depth == _DEEPEST:
            raise FilterError(f"more than {_DEEPEST} brackets are open: leave some out", opened.at)
        node = self._all(field, depth + 1)
        if self._next() is None:
            raise FilterError("a bracket is not closed: add the second one", opened.at)
        self._take()
        if node is None:
            raise FilterError("there is nothing between the brackets", opened.at)
        return node

    def _term(self, piece: Piece, field: str) -> Term:
        term = read_term(piece, field)
        self.places.setdefault(term, piece.at)
        if len(self.places) > self._most_terms:
            raise FilterError(f"this has more than {self._most_terms} words: leave some out", piece.at)
        return term

    def _expect_after(self, piece: Piece) -> None:
        """Raises FilterError where what an operator joins is missing."""
        follows = self._next()
        if follows is None or follows.kind in _ENDS:
            name = piece.text if piece.text.isalpha() else "the minus" if piece.kind is Kind.NOT else "OR"
            raise FilterError(f"something is missing after {name}", piece.at)
        if piece.kind is Kind.NOT and not piece.text.isalpha() and follows.at > piece.at + 1:
            raise FilterError("a minus stands alone: put it right before what it excludes", piece.at)

    def _next(self) -> Piece | None:
        return self._pieces[self._at] if self._at < len(self._pieces) else None

    def _stands(self, kind: Kind) -> bool:
        piece = self._next()
        return piece is not None and piece.kind is kind

    def _take(self) -> Piece:
        piece = self._pieces[self._at]
        self._at += 1
        return piece


def _refuse_worthless(root: Node, places: dict[Term, int]) -> None:
    if term := only_excludes(root):
        raise FilterError(
            "this would match nearly everything: an exclusion stands alone; add a word to look for",
            places[term],
        )
    if term := asks_too_little(root):
        raise FilterError(
            "this would match nearly everything: it may be met by a language, or by words that stand in every"
            " story; add a word to look for",
            places[term],
        )
    if term := impossible(root):
        raise FilterError("this can never match: it excludes what it asks for", places[term])
