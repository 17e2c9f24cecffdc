"""Two wordings of one sentence, and what differs between them: a figure, a name, or only words. Pure.

The sentences are laid side by side as lists of terms (Ratcliff and Obershelp's matching, as in `difflib`),
and what was replaced is looked at: a figure by a figure of the same unit, a name by a name.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache

from bot.facts import Number, agree, comparable, dates, names, numbers
from bot.text import fold, words

_WORD = re.compile(r"[^\W_]+(?:['’.&][^\W_]+)*")


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


LIGHT = _set(
    "a an the of in on at to for from by with and or but as is are was were be been has have had it its"
    " this that"
    " their his her he she they said says after over about almost nearly around more than at least up some"
    " roughly just only now also will us uk eu"
)
_DENIALS = _set(
    "not no never cannot neither nor without fail fails failed failing nicht kein keine pas jamais"
)
# The words of one side say the contrary of the words of the other.
_SIDES = [
    (
        _set(
            "rise rises rose risen up climb climbs climbed gain gains gained jump jumps jumped surge"
            " surges surged"
            " higher soar soars soared rally rallies increase increases increased grow grows grew"
        ),
        _set(
            "fall falls fell fallen down drop drops dropped lose loses slide slides slid sink sinks"
            " sank plunge"
            " plunges plunged lower slump slumps slumped tumble tumbles tumbled decrease decreases decreased"
            " decline declines declined shrink shrinks shrank"
        ),
    ),
    (_set("win wins won beat beats"), _set("lose loses lost")),
    (
        _set(
            "approve approves approved accept accepts accepted pass passes passed back backs backed support"
            " supports supported agree agrees agreed allow allows allowed"
        ),
        _set(
            "reject rejects rejected refuse refuses refused oppose opposes opposed block blocks blocked deny"
            " denies denied disagree disagrees ban bans banned veto vetoes vetoed"
        ),
    ),
    (_set("guilty convicted"), _set("innocent acquitted cleared")),
    (_set("alive survive survives survived safe"), _set("dead dies died killed")),
    (_set("above over more"), _set("below under less fewer")),
    (_set("confirm confirms confirmed"), _set("deny denies denied")),
]
_MOST_AROUND = 4  # words beside the figures that were replaced; more of them and it is another sentence
_SPELLING = 0.75  # of a name's letters: "Hizbollah" is "Hezbollah"


class Kind(StrEnum):
    """What two wordings differ in."""

    FIGURE = "figure"
    NAME = "name"
    DENIAL = "denial"
    OPPOSITE = "opposite"


@dataclass(frozen=True, slots=True)
class Term:
    """A word, a figure or a date of a sentence."""

    said: str
    number: Number | None = None
    is_name: bool = False
    is_date: bool = False


@dataclass(frozen=True, slots=True)
class Swap:
    """What stood in the first wording, and what stands in the second."""

    kind: Kind
    before: tuple[Term, ...]
    after: tuple[Term, ...]


@lru_cache(maxsize=4096)
def terms(sentence: str) -> tuple[Term, ...]:
    """The terms of a sentence in order; a figure with its scale is one of them."""
    found = numbers(sentence)
    at = {place: number for number in found for place in range(number.start, number.end)}
    named = {place for name in names(sentence) if name.sure for place in range(name.start, name.end)}
    dated = {place for date in dates(sentence) for place in range(date.start, date.end)}
    listed: list[Term] = []
    for match in _WORD.finditer(sentence):
        number = at.get(match.start())
        if number is not None and listed and listed[-1].number is number:
            continue
        small = fold(match[0]).removesuffix("'s")
        listed.append(Term(small, number, match.start() in named, match.start() in dated))
    return tuple(listed)


@lru_cache(maxsize=4096)
def said(sentence: str) -> frozenset[str]:
    """The words of a sentence."""
    return frozenset(word.removesuffix("'s") for word in words(fold(sentence)))


def said_in(sentences: Iterable[str]) -> frozenset[str]:
    """The words of all these sentences."""
    return frozenset().union(*map(said, sentences))


def likeness(one: Sequence[Term], other: Sequence[Term]) -> float:
    """The share of their words, figures aside, that two sentences have in common; 0 to 1 (Dice)."""
    first, second = (Counter(t.said for t in some if t.number is None) for some in (one, other))
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 0.0


def swaps(one: str, other: str, named: Collection[str] = ()) -> list[Swap]:
    """What the second wording has in place of something of the first, if it is more than words.

    `named` are words known to be names, where the sentences' own capitals do not tell.
    """
    first, second = (
        tuple(replace(t, is_name=t.is_name or t.said in named) for t in terms(some)) for some in (one, other)
    )
    matcher = SequenceMatcher(None, [_key(t) for t in first], [_key(t) for t in second], autojunk=False)
    found = [
        swap
        for tag, start, end, begin, stop in matcher.get_opcodes()
        if tag == "replace" and (swap := _swap(first[start:end], second[begin:stop])) is not None
    ]
    if _is_denied(first) != _is_denied(second):
        found.append(Swap(Kind.DENIAL, first, second))
    return found


def _is_denied(sentence: Sequence[Term]) -> bool:
    """Whether an odd number of its words deny it; "denied" itself does not: he has still said it."""
    return sum(t.said in _DENIALS or t.said.endswith("n't") for t in sentence) % 2 == 1


def _key(term: Term) -> str:
    number = term.number
    return term.said if number is None else f"{number.value.normalize()} {number.kind} {number.unit}"


def _swap(before: Sequence[Term], after: Sequence[Term]) -> Swap | None:
    old, new = ([t for t in some if t.number is not None] for some in (before, after))
    if len(old) == len(new) == 1 and max(len(before), len(after)) <= _MOST_AROUND + 1:
        was, now = old[0].number, new[0].number
        if was and now and comparable(was, now) and was.value != now.value and not agree(was, now):
            return Swap(Kind.FIGURE, tuple(old), tuple(new))
        return None
    gone, come = ([t for t in some if t.said not in LIGHT] for some in (before, after))
    if not gone or not come or any(t.number is not None or t.is_date for t in (*gone, *come)):
        return None
    if all(t.is_name for t in (*gone, *come)):
        lost, won = _without(gone, come), _without(come, gone)
        is_other = lost and won and not _is_spelling(lost, won)
        return Swap(Kind.NAME, tuple(lost), tuple(won)) if is_other else None
    return Swap(Kind.OPPOSITE, tuple(before), tuple(after)) if _are_opposite(gone, come) else None


def _without(some: Sequence[Term], others: Collection[Term]) -> list[Term]:
    known = {t.said for t in others}
    return [t for t in some if t.said not in known]


def _is_spelling(one: Sequence[Term], other: Sequence[Term]) -> bool:
    first, second = sorted(("".join(t.said for t in some) for some in (one, other)), key=len)
    longer = max((one, other), key=lambda some: sum(len(t.said) for t in some))
    if second.startswith(first) or first.endswith("".join(t.said[0] for t in longer)):
        return True  # Company and Co; "Homeland Security" and DHS
    return first[:1] == second[:1] and SequenceMatcher(None, first, second).ratio() >= _SPELLING


def _are_opposite(was: Sequence[Term], now: Sequence[Term]) -> bool:
    old, new = ({t.said for t in some} for some in (was, now))
    return any(
        (old & one and new & other and not new & one and not old & other)
        or (old & other and new & one and not new & other and not old & one)
        for one, other in _SIDES
    )
