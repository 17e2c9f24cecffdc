"""Which words mark some of the week's stories: what they hold much oftener than the others. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.alerts.language.parse import parse
from bot.alerts.language.pieces import FilterError
from bot.alerts.rule import Near, Node, Phrase, wanted
from bot.alerts.week.held import Mask, Places, Week

_MOST_SAMPLED = 250  # stories on each side: what takes part of a millisecond each must not take a second
_MOST_READ = 80  # words that are looked at one by one, the strongest
# A word that more than this share of the other stories hold belongs to the language, or to news; but not one
# that so few hold.
_COMMON, _FEW = 0.15, 5
_SHORTEST = 3
_ALIKE = 0.4  # cosine: "quake" has 0.77 with "earthquake", "rain" 0.62 with "storm", "creatures" 0.31
_LEAST = 2  # stories that must hold a word

Counts = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mark:
    """A word as a filter asks for it, spelt as it mostly is, and the share of the stories that hold it."""

    phrase: Phrase
    share: float


def marks(week: Week, some: Mask, *, most: int) -> list[Mark]:
    """The words that mark these stories the most, the strongest first; none for fewer than two stories.

    They are compared with other stories of the week in the same language, by the logarithm of the likelihood
    ratio of how many of each hold the word (Dunning, 1993).
    """
    inside, beside = _samples(week, some)
    if len(inside) < _LEAST or not len(beside):
        return []
    held, elsewhere = _holding(week, inside), _holding(week, beside)
    strength = _strength(held, len(inside), elsewhere, len(beside))
    strength[(held < _LEAST) | (elsewhere > max(_FEW, _COMMON * len(beside)))] = 0
    strongest = np.argsort(-strength, kind="stable")[:_MOST_READ]
    found: list[Mark] = []
    for number in strongest[strength[strongest] > 0].tolist():
        phrase = _phrase(week, number)
        if phrase is not None and len(found) < most:
            found.append(Mark(phrase, float(held[number] / len(inside))))
    return found


def _samples(week: Week, some: Mask) -> tuple[Places, Places]:
    """The newest of the stories, and as many others from all over the week, all in one language."""
    inside = np.flatnonzero(some)
    tongues = [week.told[at].stemmers for at in inside[:_MOST_SAMPLED].tolist()]
    if not tongues:
        return inside, inside
    tongue = max(sorted(set(tongues)), key=tongues.count)
    alike = np.array([told.stemmers == tongue for told in week.told])
    inside, beside = np.flatnonzero(some & alike), np.flatnonzero(~some & alike)
    return inside[:_MOST_SAMPLED], beside[:: max(1, len(beside) // _MOST_SAMPLED)]


def _holding(week: Week, stories: Places) -> Counts:
    """How many of the stories hold each term."""
    numbers = [np.unique(week.story(at).tokens >> 1) for at in stories.tolist()]
    return np.bincount(np.concatenate(numbers), minlength=len(week.vocabulary)).astype(np.float64)


def _strength(held: Counts, many: int, elsewhere: Counts, others: int) -> Counts:
    """Twice the logarithm of the likelihood ratio; 0 for what is not more frequent among the many."""
    both = (held + elsewhere) / (many + others)
    ratio = 2 * (
        _likelihood(held, many, held / many)
        + _likelihood(elsewhere, others, elsewhere / others)
        - _likelihood(held, many, both)
        - _likelihood(elsewhere, others, both)
    )
    return np.where(held / many > elsewhere / others, ratio, 0.0)


def _likelihood(held: Counts, many: int, share: Counts) -> Counts:
    sure = np.clip(share, 1e-12, 1 - 1e-12)
    found: Counts = held * np.log(sure) + (many - held) * np.log(1 - sure)
    return found


def _phrase(week: Week, number: int) -> Phrase | None:
    """The word as a person would type it; None for what is no plain word."""
    term = week.vocabulary.term(number)
    if len(term) < _SHORTEST or not term.isalpha():
        return None
    try:
        root = parse(week.vocabulary.spelling(number)).root
    except FilterError:  # "not", "the": operators, and words that everything holds
        return None
    return root if isinstance(root, Phrase) and len(root.words) == 1 else None


def akin(week: Week, node: Node, phrase: Phrase, *, unknown: bool) -> bool:
    """Whether the word is of one field with a wanted term of the node; `unknown` without an encoder."""
    if week.encode is None:
        return unknown
    meaning = week.encode(phrase.spelling)
    named = (term.spelling for term in wanted(node) if isinstance(term, Phrase | Near))
    return any(float(week.encode(one) @ meaning) >= _ALIKE for one in named)


def apart(masks: Sequence[Mask], new: Mask) -> bool:
    """Whether the stories are others than those of each mask: they share less than half of all."""
    return all(2 * (mask & new).sum() < (mask | new).sum() for mask in masks)
