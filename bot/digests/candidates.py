"""Sentences that may stand in a digest, as they would be printed; when one says another again. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.digests.compose import Limits, adds_fact, adds_number, covered, covers, fault, retells
from bot.digests.standalone import Shown, standalone
from bot.digests.surnames import half_named
from bot.digests.worth import ReadArticle, flaws, is_about_writer, states, worths
from bot.model import Evidence
from bot.sentences import Sentence

_TOLD = 0.7  # what likeness to a chosen sentence costs


@dataclass(frozen=True, slots=True)
class Likeness:
    """From where on a sentence says again what is said.

    `same` is the cosine of two sentences of one article, of which neither then adds a fact to the other;
    `apart` the cosine of two sentences of different articles, which tell the same event each with some word
    more, and `known` that cosine and the share of the words known, together.
    """

    same: float
    apart: float
    known: float


BY_MEANING = Likeness(same=0.75, apart=0.72, known=1.15)
BY_WORDS = Likeness(same=0.55, apart=0.5, known=0.95)


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A sentence that may be chosen: its place in its article, its worth, and how it would be printed."""

    read: ReadArticle
    place: int
    worth: float
    shown: Shown

    @property
    def text(self) -> str:
        """What would be printed."""
        return self.shown.text

    @property
    def sentence(self) -> Sentence:
        """The sentence as its source has it."""
        return self.read.sentences[self.place]

    @property
    def meaning(self) -> NDArray[np.float32]:
        """What it means, (d,), of unit length."""
        meaning: NDArray[np.float32] = self.read.meanings[self.place]
        return meaning

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The sentence's own passage, and then those that prove the names put into it."""
        passages = (self.sentence, *self.shown.proofs)
        return tuple(Evidence(self.read.number, one.start, one.end) for one in passages)


def candidates(
    read: Sequence[ReadArticle], title: str, limits: Limits, *, english: bool
) -> Iterator[Candidate]:
    """Every sentence that may be printed by itself, in the order of the articles."""
    for one in read:
        worth_of = worths(one, [other for other in read if other is not one])
        for place in range(len(one.sentences)):
            shown = shown_in(one, place, title=title)
            if (
                shown is not None
                and not is_about_writer(one, place)
                and (states(shown.text) or not english)
                and fault(shown.text, title=title, limits=limits) is None
            ):
                worth = worth_of[place] - flaws(shown.text, one, place, title)
                yield Candidate(one, place, worth, shown)


def shown_in(read: ReadArticle, place: int, *, title: str, given: str = "") -> Shown | None:
    """How the sentence would be printed away from its neighbours; None when it cannot be."""
    shown = standalone(read.sentences[place], read.sentences[:place], headline=title, given=given)
    if shown is None or half_named(shown.text, read.sentences, given=f"{title} {given}"):
        return None
    return shown


def beyond(candidate: Candidate, *, chosen: Sequence[Candidate]) -> float:
    """What a sentence is worth beside those that are chosen."""
    alike = max((float(candidate.meaning @ c.meaning) for c in chosen), default=0.0)
    return candidate.worth - _TOLD * alike


def is_told(candidate: Candidate, chosen: Sequence[Candidate], *, likeness: Likeness) -> bool:
    """Whether those chosen say it already, by words or by meaning; a newer number is never told."""
    near = [c for c in chosen if c.read is candidate.read]
    if any(_says_again(candidate, other, likeness.same) for other in near):
        return True
    far = [c for c in chosen if c.read is not candidate.read]
    alike = max((float(candidate.meaning @ c.meaning) for c in far), default=0.0)
    texts = [c.text for c in chosen]
    known = alike + covered(candidate.text, texts)
    if not far or (alike < likeness.apart and known < likeness.known):
        return False
    return not (adds_number(candidate.text, texts) and all(_is_newer(candidate, other) for other in far))


def _says_again(candidate: Candidate, other: Candidate, same: float) -> bool:
    if candidate.place == other.place or retells(candidate.text, other.text):
        return True
    if float(candidate.meaning @ other.meaning) < same and not covers(candidate.text, other.text):
        return False
    return not adds_fact(candidate.text, other.text)


def _is_newer(candidate: Candidate, other: Candidate) -> bool:
    mine, theirs = candidate.read.article.published_at, other.read.article.published_at
    return mine is not None and theirs is not None and mine > theirs
