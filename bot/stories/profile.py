"""What an entry is about, as far as its words tell: terms, names and figures, with how often. Pure."""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from math import log

from bot.text import fold

OPENING = 2500
"""Characters of a text that are looked at: news says in its opening what it is about."""

_LEAD = 350  # characters; what stands there, or in the headline, counts once more
_LEAST_TITLED = 3  # words, before capitals can be called a headline's
_TITLED = 0.7  # of a line's longer words with a capital: a headline, where a capital makes no name
_PLURAL = 3  # letters; "gas" and "bus" keep theirs
_LONG = 4
_WEIGHTY = 3  # letters: "dam" and "oil" tell something, "UK" next to nothing

# English words, with days, months and reporting, that tell no event from another; of other languages the
# commonest, which the weighing by rarity would find too, once it has seen a few texts.
_LIGHT = frozenset(
    """
a about after again against all also am an and any are as at back be became because been before being between
both but by can could did do does doing down during each even few first for from further get go going got had
has have having he her here hers him himself his how i if in into is it its itself just last like made make
many may me might more most much must my new no nor not now of off on once one only or other our out over own
per pm said same say says see she should since so some still such take than that the their them then there
these they this those through time to told too two under until up upon us very was way we week well went were
what when where which while who whom why will with within without would year years yesterday today tomorrow
yet you your monday tuesday wednesday thursday friday saturday sunday january february march april may june
july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec according
people news report reports reported
der die das und ein eine den dem des mit auf ist im zu von für nicht sich bei aus nach als auch wie wird hat
le la les un une des et est en dans que qui pour sur au aux par plus pas avec ce son sa ses
el los las del que y en por para con una su al lo como es il lo gli di che per della con non sono
""".split()  # noqa: SIM905 - a page of quotation marks reads worse
)
_PIECE = re.compile(r"[^\W_]+|[.!?:;“\"`]")
_FIGURE = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_WIDE = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7ff]+")


@dataclass(frozen=True, slots=True)
class Profile:
    """An entry's terms, the names among them, and its figures; each with its weight before rarity, 1 and up.

    `headline` has the terms of the headline by themselves; none, where it has no words that tell anything.
    A weight grows with the logarithm of the count, as usual for TF-IDF (Salton and Buckley, 1988).
    """

    terms: Mapping[str, float]
    names: Mapping[str, float]
    figures: Mapping[str, float]
    headline: frozenset[str]


def profile(title: str, text: str) -> Profile:
    """The profile of an entry, from its headline and the opening of its text."""
    counts = _Counts()
    for line in text[:OPENING].split("\n"):
        counts.read(line)
    counts.settle()
    is_headline_alone = not counts.terms
    lead = _Counts()
    lead.read(title)
    headline = frozenset(t for t in lead.terms if len(t) >= _WEIGHTY or _WIDE.search(t))
    for line in text[:_LEAD].split("\n"):
        lead.read(line)
    for term in lead.terms:
        counts.terms[term] = counts.terms.get(term, 0) + 1
        if term in counts.names:
            counts.names[term] += 1
    if is_headline_alone:  # then every word of it with a capital may be one
        counts.names = dict.fromkeys([*lead.names, *lead.maybe], 1)
    for figure in lead.figures:
        counts.figures[figure] = counts.figures.get(figure, 0) + 1
    return Profile(_weighed(counts.terms), _weighed(counts.names), _weighed(counts.figures), headline)


class _Counts:
    def __init__(self) -> None:
        self.terms: dict[str, int] = {}
        self.names: dict[str, int] = {}
        self.figures: dict[str, int] = {}
        self.maybe: dict[str, int] = {}  # capitals that a sentence's start, or a headline, may explain
        self.lower: set[str] = set()
        self._at = 0

    def read(self, line: str) -> None:
        """Takes in a paragraph."""
        for figure in set(_FIGURE.findall(line)):
            if len(figure) > 1:
                self._count(self.figures, figure.replace(",", ""))
        words = _PIECE.findall(line)
        titled = _is_titled(words)
        opens = True
        for word in words:
            if not word[0].isalnum():
                opens = opens or word != ";"
                continue
            self._word(word, uncertain=opens or titled)
            opens = False

    def _word(self, word: str, *, uncertain: bool) -> None:
        folded = fold(word)
        if _WIDE.search(folded):
            for start in range(max(1, len(folded) - 1)):  # without spaces, pairs of characters serve
                self._count(self.terms, folded[start : start + 2])
            return
        if folded in _LIGHT or len(folded) < 2 or folded.isdecimal():  # noqa: PLR2004 - a letter tells nothing
            return
        term = sys.intern(_singular(folded))
        self._count(self.terms, term)
        if word[0].isupper():
            self._count(self.maybe if uncertain else self.names, term)
        else:
            self.lower.add(term)

    @staticmethod
    def _count(counts: dict[str, int], term: str) -> None:
        counts[term] = counts.get(term, 0) + 1

    def settle(self) -> None:
        """A capital at a sentence's start is a name's where the word is one elsewhere, or never small."""
        for term, count in self.maybe.items():
            if term in self.names:
                self.names[term] += count
            elif term not in self.lower and count > 1:
                self.names[term] = count


def _is_titled(words: list[str]) -> bool:
    longer = [word for word in words if len(word) >= _LONG and word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in longer)
    return len(longer) >= _LEAST_TITLED and capitals > _TITLED * len(longer)


def _singular(word: str) -> str:
    if len(word) > _LONG and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > _PLURAL and word.endswith("s") and not word.endswith("ss") else word


def _weighed(counts: Mapping[str, int]) -> dict[str, float]:
    return {term: 1 + log(count) for term, count in counts.items()}
