"""Whether a sentence that a model wrote is what the sources say: all of it, or it is refused. Pure.

A sentence must rest on one or two passages of the sources, which become its evidence. They must have its
words, and tell its names, numbers and dates of the same things; deny what it denies; and be alike in meaning.
Quotations must be word for word, and their speaker's. Strict on purpose: a right sentence may be refused, and
then a source's own sentence stands in its place.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.digests.compose import LIMITS
from bot.digests.generated.verify_denials import wrong_denial
from bot.digests.generated.verify_facts import wrong_fact
from bot.digests.generated.verify_quotes import wrong_quotation
from bot.digests.generated.verify_roles import misplaced
from bot.digests.generated.verify_sources import Passage, Sources, candidates, cover, sources_of
from bot.digests.generated.verify_text import Said
from bot.model import Evidence
from bot.sentences import word_count
from bot.text import squash

__all__ = ["Sources", "Supported", "Unsupported", "check", "sources_of"]

Meanings = Callable[[Sequence[str]], NDArray[np.float32]]
Tongue = Callable[[str], str | None]

_COVER = 0.7  # of a sentence's telling words, by weight, that its passages must have
_LEAST_COVER = 0.5  # the same, where the meanings are very much alike
_ALIKE = 0.55  # cosine between its meaning and theirs
_VERY_ALIKE = 0.85


@dataclass(frozen=True, slots=True)
class Supported:
    """The sentence is what these passages say."""

    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Unsupported:
    """It is not, or cannot be shown to be: why, in a few words, and the passages that come nearest."""

    reason: str
    nearest: tuple[Evidence, ...]


def check(
    sentence: str, sources: Sources, *, meanings: Meanings | None = None, language: Tongue | None = None
) -> Supported | Unsupported:
    """Whether the sources say the sentence.

    `meanings` gives texts as unit vectors, (n, d); without it only words, facts and places are compared.
    `language` tells a text's language, which must be the sources'.
    """
    said = sources.read(sentence)
    plain = squash(sentence)
    for passage in sources.passages:
        if squash(passage.said.text) == plain:
            return Supported((passage.evidence,))
    groups = candidates(said, sources)
    # The last group has most of the sentence's words, so what is wrong there tells most.
    nearest = tuple(passage.evidence for passage in groups[-1]) if groups else ()
    reason = _form(sentence, sources, language) or wrong_quotation(said, sources)
    if reason is None:
        reason = "nothing like it in the sources"
        for group in groups:
            fault = _against(said, group, sources, meanings)
            if fault is None:
                return Supported(tuple(passage.evidence for passage in group))
            reason = fault
    return Unsupported(reason, nearest)


def _form(sentence: str, sources: Sources, language: Tongue | None) -> str | None:
    """What is wrong with the sentence whatever the sources say."""
    size = word_count(sentence)
    if size > LIMITS.need_words:
        return f"length: {size} words"
    if language is not None and sources.language is not None:
        own = language(sentence)
        if own not in {None, sources.language}:
            return f"language: {own}"
    return None


def _against(said: Said, group: Sequence[Passage], sources: Sources, meanings: Meanings | None) -> str | None:
    """Why these passages do not say the sentence; None when they do."""
    covered = cover(said, group, sources)
    if covered < (_COVER if meanings is None else _LEAST_COVER):
        return f"words that the sources do not have: {_strange(said, group)}"
    if fault := wrong_fact(said, group, sources) or wrong_denial(said, group):
        return fault
    for passage in group:
        if fault := misplaced(said, passage, sources):
            return fault
    if meanings is not None:
        own, other = meanings([said.text, " ".join(passage.said.text for passage in group)])
        alike = float(own @ other)
        if alike < _ALIKE:
            return "another meaning than the source's"
        if covered < _COVER and alike < _VERY_ALIKE:
            return f"words that the sources do not have: {_strange(said, group)}"
    return None


def _strange(said: Said, group: Sequence[Passage]) -> str:
    known = frozenset[str]().union(*(passage.said.stems for passage in group))
    strange = [said.text[w.start : w.end] for w in said.words if not w.light and w.stem not in known]
    return ", ".join(strange[:5])
