"""The filter language: what a subscriber typed, as a tree, and back into words. Pure.

    north korea missile OR rocket -sport     all of: north, korea, (missile or rocket); never: sport

Words must all occur, in any order. OR (in capitals, or |) joins its two neighbours only, so it binds tighter
than the spaces between words. "Exact phrases" stand in quotation marks of any shape. A minus right before a
word, a phrase or a topic excludes it; NOT does the same. `topic:NAME` asks for a topic. AND may be written
and changes nothing.

Words are compared whole and folded (see bot.text.tokens): case, accents and possessives do not count, and
`COVID-19` is the phrase "covid 19". In scripts written without spaces a word is found inside the text.
Capitals count in one case only: a few short names that are also everyday words (US, WHO, IT ...) ask for
capitals in the story when they are typed in capitals or with dots. `$TSLA` asks for $TSLA or TSLA.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import assert_never

from bot.alerts import wishes
from bot.errors import InputError
from bot.text import Token, squash, tokens

MAX_LENGTH = 300  # characters of a filter that a person types
STORED_LENGTH = 10_000  # of one in its canonical form, which may be longer, or of a topic's rule

# Short names that are also everyday words of a language we poll: "join us", "un attentat", "ai ministri".
_EVERYDAY = "act ai apt car eu ice ira is it led ms nice pm sec un ups us who"
_NAMES_IN_CAPITALS = frozenset(_EVERYDAY.split())
_LONGEST_CAPITALS = 5

_DOUBLE_QUOTES = '"“”„‟＂'
_GUILLEMETS = "«»"
_MINUS = "-−–—"
_RESERVED = ("title", "source", "site", "lang", "language", "near", "when")  # fields of a later version
_TOPIC_NAME = re.compile(r"[a-z0-9_-]+")
# A chunk ends at white space, an operator, a quotation mark, or a comma that is not inside a number.
_CHUNK = re.compile(rf"(?:[^\s|(){_DOUBLE_QUOTES}{_GUILLEMETS},;、，；]|(?<=\d),(?=\d))+")
_SKIPPED = re.compile(r"[\s,;、，；]+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One word, or several in a row. `atoms` are folded terms; one in capitals asks for capitals.

    `spelling` is how it was typed, for reading back; it does not count in comparisons.
    """

    atoms: tuple[str, ...]
    spelling: str = field(compare=False, default="")


@dataclass(frozen=True, slots=True)
class InTopic:
    """The story is in this topic; `name` is the topic's id."""

    name: str


Term = Phrase | InTopic
Clause = tuple[Term, ...]  # alternatives: one of them has to be met


@dataclass(frozen=True, slots=True, eq=False)
class Filter:
    """Every clause of `required` is met and no term of `excluded`.

    Both keep the typed order, for reading back; filters that differ only in order are equal.
    """

    required: tuple[Clause, ...]
    excluded: tuple[Term, ...] = ()

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Filter) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[frozenset[frozenset[Term]], frozenset[Term]]:
        return frozenset(map(frozenset, self.required)), frozenset(self.excluded)


class FilterError(InputError):
    """A filter cannot be read: a sentence with the mend, and the 0-based character it is about.

    0 <= position <= len(text), in the text that was given to `parse`.
    """

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


def parse(text: str, *, max_length: int = MAX_LENGTH) -> Filter:
    """The filter that a text states; duplicates are dropped. Raises FilterError, and nothing else."""
    if len(text) > max_length:
        raise FilterError(f"this is longer than {max_length} characters: shorten it", max_length)
    reading = _Reading()
    for at, item in _items(text):
        reading.take(at, item)
    return reading.filter()


def read_stored(text: str) -> Filter:
    """What `canonical` wrote, read back; raises FilterError when another version's language wrote it."""
    return parse(text, max_length=STORED_LENGTH)


def canonical(filter_: Filter) -> str:
    """The one text of all equal filters: folded, sorted, no duplicates; parses back to an equal filter.

    May be a little longer than what was typed.
    """
    clauses = sorted({" OR ".join(sorted({_write(term) for term in clause})) for clause in filter_.required})
    excluded = sorted({"-" + _write(term) for term in filter_.excluded})
    return " ".join((*clauses, *excluded))


def wish(text: str) -> tuple[str, Filter] | None:
    """A filter proposed for a plain sentence, as its text and read; None where nothing remains."""
    proposed = wishes.propose(text)
    try:
        return proposed, parse(proposed)
    except FilterError:
        return None


def in_quotes(spelling: str) -> str:
    """A term in typographic quotation marks: the default mark of `describe`."""
    return f"“{spelling}”"


def describe(
    filter_: Filter, mark: Callable[[str], str] = in_quotes, topic_name: Callable[[str], str] = str
) -> str:
    """A filter in plain words: stories with “north”, “korea” and “missile” or “rocket”, but not “sport”.

    `mark` gets each term as it was typed and returns it marked; to make HTML it escapes and wraps it.
    `topic_name` gets a topic's id and returns what people call it.
    """

    def say(term: Term) -> str:
        return _say(term, mark, topic_name)

    wanted = _listed([_listed([say(term) for term in clause], "or") for clause in filter_.required], "and")
    unwanted = _listed([say(term) for term in filter_.excluded], "or")
    return f"stories with {wanted}" + (f", but not {unwanted}" if unwanted else "")


def topics_named(filter_: Filter) -> frozenset[str]:
    """The ids of the topics a filter names, so that a caller who knows the topics can check them."""
    terms = [term for clause in (*filter_.required, filter_.excluded) for term in clause]
    return frozenset(term.name for term in terms if isinstance(term, InTopic))


def in_capitals(text: str, token: Token) -> str | None:
    """The token's second form, in capitals, when the text writes it so: "U.S." and "US" give US, "us" none.

    Short words in capitals have it, and every word after a dollar sign.
    """
    if not (token.term.isascii() and token.term.isalpha()):
        return None
    after_dollar = token.start > 0 and text[token.start - 1] == "$"
    if after_dollar or (1 < len(token.term) <= _LONGEST_CAPITALS and text[token.start : token.end].isupper()):
        return token.term.upper()
    return None


def _listed(parts: list[str], last: str) -> str:
    return f" {last} ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def _say(term: Term, mark: Callable[[str], str], topic_name: Callable[[str], str]) -> str:
    match term:
        case Phrase():
            return mark(term.spelling or " ".join(term.atoms))
        case InTopic():
            return f"the topic {mark(topic_name(term.name))}"
    assert_never(term)


def _write(term: Term) -> str:
    match term:
        case InTopic():
            return f"topic:{term.name}"
        case Phrase():
            atoms = " ".join(map(_write_atom, term.atoms))
            return f'"{atoms}"' if len(term.atoms) > 1 else atoms
    assert_never(term)


def _write_atom(atom: str) -> str:
    is_ticker = atom.isascii() and atom.isupper() and atom.lower() not in _NAMES_IN_CAPITALS
    return f"${atom}" if is_ticker else atom


def _phrase(text: str) -> Phrase | None:
    found = tokens(text)
    if not found:
        return None
    start = found[0].start
    if text[start - 1 : start] in {"$", "#"}:
        start -= 1
    return Phrase(tuple(_atom(text, token) for token in found), squash(text[start : found[-1].end]))


def _atom(text: str, token: Token) -> str:
    capitals = in_capitals(text, token)
    after_dollar = text[token.start - 1 : token.start] == "$"
    return capitals if capitals and (after_dollar or token.term in _NAMES_IN_CAPITALS) else token.term


class _Operator(Enum):
    OR = "OR"
    AND = "AND"
    NOT = "NOT"


def _items(text: str) -> Iterator[tuple[int, Term | _Operator]]:
    """The terms and operators of a text, each with its position; pure punctuation is skipped."""
    at = 0
    while at < len(text):
        here = text[at]
        if skipped := _SKIPPED.match(text, at):
            at = skipped.end()
        elif here in "()":
            raise FilterError("brackets are not understood: OR joins just the two terms beside it", at)
        elif here == "|":
            yield at, _Operator.OR
            at += 2 if text.startswith("||", at) else 1
        elif here in _MINUS:
            if at + 1 == len(text) or text[at + 1].isspace():
                raise FilterError("a minus stands alone: put it right before what it excludes", at)
            yield at, _Operator.NOT
            at += 1
        elif here in _DOUBLE_QUOTES or here in _GUILLEMETS:
            end = _closing(text, at)
            yield at, _quoted(text[at + 1 : end], at)
            at = end + 1
        else:
            chunk = _CHUNK.match(text, at)
            assert chunk is not None  # whatever a chunk cannot start with was met above
            if item := _chunk(chunk[0], at):
                yield at, item
            at = chunk.end()


def _closing(text: str, at: int) -> int:
    family = _GUILLEMETS if text[at] in _GUILLEMETS else _DOUBLE_QUOTES
    end = next((i for i in range(at + 1, len(text)) if text[i] in family), None)
    if end is None:
        raise FilterError("a quotation mark is not closed: add the second one", at)
    return end


def _quoted(inner: str, at: int) -> Phrase:
    phrase = _phrase(inner)
    if phrase is None:
        raise FilterError("there is no word between the quotation marks", at)
    return phrase


def _chunk(chunk: str, at: int) -> Term | _Operator | None:
    if chunk in _Operator.__members__:
        return _Operator[chunk]
    name, colon, value = chunk.partition(":")
    if colon and name.casefold() == "topic":
        if not _TOPIC_NAME.fullmatch(value.lower()):
            raise FilterError("name a topic right after topic: in plain letters, as in topic:science", at)
        return InTopic(value.lower())
    if colon and value and name.casefold() in _RESERVED:
        raise FilterError(f"{name}: is not understood; the only field is topic:", at)
    return _phrase(chunk)


class _Reading:
    """What has been read of a filter so far."""

    def __init__(self) -> None:
        self._required: list[list[Term]] = []
        self._excluded: dict[Term, int] = {}  # with the position of each
        self._operator: tuple[_Operator, int] | None = None  # OR or NOT, waiting for its term
        self._may_or = False  # a term that OR can join stands right before

    def take(self, at: int, item: Term | _Operator) -> None:
        match item:
            case _Operator.AND:
                pass  # it is what a space means
            case _Operator.OR if not self._may_or:
                self._refuse_pending()
                raise FilterError(
                    "OR cannot follow an exclusion: exclude each term by itself, as in -this -that"
                    if self._excluded
                    else "something is missing before OR",
                    at,
                )
            case _Operator.NOT if self._operator and self._operator[0] is _Operator.OR:
                raise FilterError("OR cannot lead to an exclusion: leave OR out", at)
            case _Operator():
                self._operator, self._may_or = (item, at), False
            case Phrase() | InTopic():
                self._take_term(at, item)
            case _:
                assert_never(item)

    def _take_term(self, at: int, term: Term) -> None:
        operator = self._operator and self._operator[0]
        self._operator, self._may_or = None, operator is not _Operator.NOT
        if operator is _Operator.NOT:
            self._excluded.setdefault(term, at)
        elif operator is _Operator.OR:
            self._required[-1].append(term)
        else:
            self._required.append([term])

    def _refuse_pending(self) -> None:
        if self._operator:
            operator, at = self._operator
            raise FilterError(
                "something is missing after " + ("OR" if operator is _Operator.OR else "the minus"), at
            )

    def filter(self) -> Filter:
        self._refuse_pending()
        if not self._required and not self._excluded:
            raise FilterError("nothing to look for: give a word or two", 0)
        if not self._required:
            raise FilterError(
                "this would match everything: it has only exclusions; add a word to look for",
                min(self._excluded.values()),
            )
        for clause in self._required:
            if all(term in self._excluded for term in clause):
                raise FilterError(
                    "this can never match: it excludes what it asks for", self._excluded[clause[0]]
                )
        clauses: dict[frozenset[Term], Clause] = {}
        for clause in self._required:
            clauses.setdefault(frozenset(clause), tuple(dict.fromkeys(clause)))
        return Filter(tuple(clauses.values()), tuple(self._excluded))
