"""Numbers for words, so that thousands of stories fit in arrays: their spellings, which share a stem. Pure.

A token of a story is one int32, its code: twice its term's number, and one more where it stands in capitals.
GAP stands between paragraphs, so that nothing is side by side across one.
"""

from array import array
from collections.abc import Iterable, Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from bot.model import StoryText
from bot.stems import stem
from bot.text import in_capitals, tokens

GAP = 0  # no term has the number 0
Codes = NDArray[np.int32]


class Vocabulary:
    """The terms of many stories, numbered from 1; it grows only. May be shared by threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._terms: list[str] = [""]
        self._numbers: dict[str, int] = {}
        self._spellings: list[str] = [""]
        self._votes = array("i", [0])
        self._inflected: dict[str, _Inflected] = {}

    def __len__(self) -> int:
        return len(self._terms)

    def take_in(self, story: StoryText, languages: Iterable[str]) -> tuple[Codes, int]:
        """The story's tokens in order, and how many of them, gaps among them, are its headlines'."""
        codes: list[int] = []
        spelt: set[tuple[int, str]] = set()
        with self._lock:
            for paragraph in story.title.split("\n"):
                self._read(paragraph, codes, spelt)
            spelt.clear()  # headlines may write every word with a capital
            headline = len(codes)
            for paragraph in story.text.split("\n"):
                self._read(paragraph, codes, spelt)
            for number, written in sorted(spelt):
                self._vote(number, written)
            found = np.array(codes, np.int32)
            met = np.unique(found >> 1).tolist()
            for language in languages:
                self._inflected.setdefault(language, _Inflected()).add(met, self._terms, language)
        return found, headline

    def _read(self, paragraph: str, codes: list[int], spelt: set[tuple[int, str]]) -> None:
        for token in tokens(paragraph):
            number = self._number(token.term)
            codes.append(2 * number + in_capitals(paragraph, token))
            spelt.add((number, paragraph[token.start : token.end]))
        codes.append(GAP)

    def _number(self, term: str) -> int:
        number = self._numbers.get(term)
        if number is None:
            number = self._numbers[term] = len(self._terms)
            self._terms.append(term)
            self._spellings.append(term)
            self._votes.append(0)
        return number

    def _vote(self, number: int, written: str) -> None:
        # Boyer and Moore's majority vote (1981): the spelling that most stories use, if there is one, is left
        # standing, and nothing is kept but a candidate and its lead.
        if self._spellings[number] == written:
            self._votes[number] += 1
        elif self._votes[number]:
            self._votes[number] -= 1
        else:
            # A string that is there already is used again.
            self._spellings[number] = self._terms[number] if written == self._terms[number] else written
            self._votes[number] = 1

    def term(self, number: int) -> str:
        """The term, folded."""
        return self._terms[number]

    def spelling(self, number: int) -> str:
        """How most stories write the term."""
        return self._spellings[number]

    def exact(self, term: str) -> list[int]:
        """The term's number; none for a term that no story has."""
        number = self._numbers.get(term)
        return [] if number is None else [number]

    def beginning(self, prefix: str) -> list[int]:
        """The terms that begin so."""
        with self._lock:
            return [number for number, term in enumerate(self._terms) if number and term.startswith(prefix)]

    def inflections(self, term: str, language: str) -> list[int]:
        """The terms of this language's stories that have the term's stem."""
        with self._lock:
            known = self._inflected.get(language)
            return known.like(stem(term, language), self._terms, language) if known else []

    def trimmed(self, codes: Codes) -> tuple["Vocabulary", Codes]:
        """A vocabulary of the terms in these tokens alone, and the tokens with its numbers."""
        kept = np.unique(codes >> 1)
        kept = kept[kept > 0]
        new = Vocabulary()
        with self._lock:
            numbers: NDArray[np.int32] = np.zeros(len(self._terms), np.int32)
            numbers[kept] = np.arange(1, len(kept) + 1)
            for number in kept.tolist():
                new._number(self._terms[number])
                new._spellings[-1], new._votes[-1] = self._spellings[number], self._votes[number]
            for language, known in self._inflected.items():
                still = sorted({*numbers[known.numbers].tolist()} - {0})
                new._inflected[language] = _Inflected()
                new._inflected[language].add(still, new._terms, language)
        return new, (numbers[codes >> 1] << 1) | (codes & 1)


class _Inflected:
    """The terms that one language's stories use, under hashes of their stems: twelve bytes each."""

    def __init__(self) -> None:
        self.numbers = array("i")
        self._stems = array("q")
        self._known = bytearray()

    def add(self, numbers: Sequence[int], terms: Sequence[str], language: str) -> None:
        self._known.extend(bytes(len(terms) - len(self._known)))
        for number in numbers:
            if number and not self._known[number]:
                self._known[number] = 1
                self.numbers.append(number)
                self._stems.append(hash(stem(terms[number], language)))

    def like(self, stem_: str, terms: Sequence[str], language: str) -> list[int]:
        at = np.flatnonzero(np.frombuffer(self._stems, np.int64) == hash(stem_))
        alike = [self.numbers[one] for one in at.tolist()]
        return [number for number in alike if stem(terms[number], language) == stem_]
