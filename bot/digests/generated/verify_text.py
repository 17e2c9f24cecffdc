"""A sentence as the checks read it: its words, the facts among them, and what it denies. Pure."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.digests.generated.verify_words import BE, HEDGES, LIGHT, PAIRS, is_light, stem
from bot.facts import Bound, Date, Kind, Number, dates, negations, numbers
from bot.text import Token, tokens

_BOUND = re.compile(r"[,;:()—–“”\"]|\s-\s")
_QUOTED = re.compile(
    r"“([^“”]*)”|\"([^\"]*)\"|„([^„“”]*)[“”]|«([^«»]*)»|「([^「」]*)」|‘([^‘’]{3,}(?:’\w[^‘’]*)*)’(?!\w)"
)
_REACH = 5  # words behind a "not" that it may deny
_DENIED = 2  # telling words that it denies


class FactKind(StrEnum):
    """What must be right to the letter."""

    NAME = "name"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence: its stem, where it stands, whether it tells nothing, its clause's number."""

    stem: str
    start: int
    end: int
    light: bool
    clause: int


@dataclass(frozen=True, slots=True)
class Fact:
    """A name, number or date: `words[first:last]` of its sentence, with its value."""

    kind: FactKind
    first: int
    last: int
    said: str
    number: Number | None = None
    date: Date | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, read. `denied` and `hedged` are groups of words (their places) under one "not" or "may"."""

    text: str
    words: tuple[Word, ...]
    facts: tuple[Fact, ...]
    denied: tuple[tuple[int, ...], ...]
    hedged: tuple[tuple[int, ...], ...]
    flipped: frozenset[int]
    quotes: tuple[tuple[int, int], ...]

    @property
    def stems(self) -> frozenset[str]:
        """The stems of the words that tell something."""
        return frozenset(word.stem for word in self.words if not word.light)

    @property
    def told(self) -> frozenset[str]:
        """The same without numbers and dates, which are written in several ways, and checked apart."""
        exact = [fact for fact in self.facts if fact.kind is not FactKind.NAME]
        apart = {at for fact in exact for at in range(fact.first, fact.last)}
        return frozenset(
            word.stem for at, word in enumerate(self.words) if not word.light and at not in apart
        )

    def of(self, kind: FactKind) -> tuple[Fact, ...]:
        """The facts of a kind."""
        return tuple(fact for fact in self.facts if fact.kind is kind)

    def stems_of(self, fact: Fact) -> tuple[str, ...]:
        """The words of a fact."""
        return tuple(word.stem for word in self.words[fact.first : fact.last])


def read(text: str, *, is_word: Callable[[str], bool], language: str | None = None) -> Said:
    """The sentence, read.

    `is_word` says of a folded word whether the sources write it small: then a capital at the start of a
    sentence makes no name of it.
    """
    found = list(_joined(tokens(text)))
    bounds = [mark.start() for mark in _BOUND.finditer(text)]
    words = tuple(
        Word(
            stem(token.term),
            token.start,
            token.end,
            is_light(token.term),
            sum(bound < token.start for bound in bounds),
        )
        for token in found
    )
    facts = [*_dates(text, words, language)]
    facts += _numbers(text, words, language, facts)
    facts += _names(text, words, found, facts, is_word)
    denials = [_at(words, *span) for span in negations(text, language)]
    months = {at for fact in facts if fact.kind is FactKind.DATE for at in range(fact.first, fact.last)}
    hedges = [at for at, token in enumerate(found) if token.term in HEDGES and at not in months]
    return Said(
        text=text,
        words=words,
        facts=tuple(sorted(facts, key=lambda fact: fact.first)),
        denied=tuple(_scope(words, last) for _, last in denials),
        hedged=tuple(_scope(words, at + 1) for at in hedges),
        flipped=frozenset(_passives(found)),
        quotes=tuple(quotes(text)),
    )


def quotes(text: str) -> Iterator[tuple[int, int]]:
    """The spans of what stands between quotation marks."""
    for found in _QUOTED.finditer(text):
        group = next(number for number in range(1, 7) if found[number] is not None)
        yield found.span(group)


def _joined(found: list[Token]) -> Iterator[Token]:
    """The tokens, with those pairs that have a short form as one."""
    at = 0
    while at < len(found):
        here, after = found[at], found[at + 1] if at + 1 < len(found) else None
        if after and (short := PAIRS.get((here.term, after.term))):
            yield Token(short, here.start, after.end)
            at += 2
        else:
            yield here
            at += 1


def _at(words: tuple[Word, ...], start: int, end: int) -> tuple[int, int]:
    """Which words lie in a span of characters: first, and one past the last."""
    inside = [at for at, word in enumerate(words) if word.start < end and start < word.end]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def _dates(text: str, words: tuple[Word, ...], language: str | None) -> Iterator[Fact]:
    for date in dates(text, language):
        first, last = _at(words, date.start, date.end)
        if last > first:
            yield Fact(FactKind.DATE, first, last, text[date.start : date.end], date=date)


def _numbers(
    text: str, words: tuple[Word, ...], language: str | None, known: Collection[Fact]
) -> Iterator[Fact]:
    taken = {at for fact in known for at in range(fact.first, fact.last)}
    for number in numbers(text, language):
        first, last = _at(words, number.start, number.end)
        glued = last > first and number.start > words[first].start  # "PS5" is a name
        if last > first and not glued and not taken & set(range(first, last)):
            yield Fact(FactKind.NUMBER, first, last, text[number.start : number.end], number=number)


def _names(
    text: str,
    words: tuple[Word, ...],
    found: list[Token],
    known: Collection[Fact],
    is_word: Callable[[str], bool],
) -> Iterator[Fact]:
    """Runs of words with a capital, or with one inside ("iPhone"); the first of a sentence by `is_word`."""
    taken = {at for fact in known for at in range(fact.first, fact.last)}
    run: list[int] = []
    for at, word in enumerate(words):
        written = text[word.start : word.end]
        opens = at == 0 or re.search(r"[“\"„«‘:.!?]\s*$", text[: word.start]) is not None
        # "the", but not "United States", whose short form looks like "us".
        small = (found[at].term in LIGHT and " " not in written) or (opens and is_word(found[at].term))
        is_name = (
            any(c.isupper() for c in written) and not (small and not written.isupper()) and at not in taken
        )
        if is_name and not re.match(r"i(?!\w)", found[at].term):
            near = run and re.fullmatch(r"[\s'’.\-&]*s?\s*", text[words[run[-1]].end : word.start])
            if run and not near:
                yield _name(text, words, run)
                run = []
            run.append(at)
        elif run:
            yield _name(text, words, run)
            run = []
    if run:
        yield _name(text, words, run)


def _name(text: str, words: tuple[Word, ...], run: list[int]) -> Fact:
    return Fact(FactKind.NAME, run[0], run[-1] + 1, text[words[run[0]].start : words[run[-1]].end])


def _scope(words: tuple[Word, ...], after: int) -> tuple[int, ...]:
    """The first telling words behind a "not", in its own clause; where none follow, the last before it."""
    if not words or after == 0:
        return ()
    clause = words[after - 1].clause
    behind = [
        at
        for at in range(after, min(len(words), after + _REACH))
        if words[at].clause == clause and not words[at].light
    ]
    if behind:
        return tuple(behind[:_DENIED])
    before = [at for at in range(after - 1) if words[at].clause == clause and not words[at].light]
    return tuple(before[-1:])


def _passives(found: list[Token]) -> Iterator[int]:
    """The verbs in "was bought (…) by": who stands before them suffers what they say."""
    for at, token in enumerate(found):
        if token.term == "by" and at >= 2:  # noqa: PLR2004
            for verb in (at - 1, at - 2):
                before = [found[place].term for place in range(max(0, verb - 2), verb)]
                if BE & set(before) and found[verb].term not in BE:
                    yield verb
                    break


def bounds_agree(own: Number, known: Number) -> bool:
    """Whether "at least", "up to" and their like say the same; "about" may come and go."""
    if Bound.ABOUT in {own.approx, known.approx} or own.kind not in {
        Kind.COUNT,
        Kind.SHARE,
        Kind.MONEY,
        Kind.MEASURE,
    }:
        return True
    return own.approx is known.approx
