"""A story as filters read it: its words with their places, and whether it meets a filter. Pure."""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from bot.alerts.rule import (
    About,
    All,
    Either,
    Filter,
    Form,
    FromSource,
    InLanguage,
    InTopic,
    Near,
    Node,
    Not,
    Phrase,
    Term,
    Word,
)
from bot.model import StoryText
from bot.stems import LANGUAGES, stem
from bot.text import fold, in_capitals, tokens

MOST_WITHIN = 50
"""The widest `within` of Near."""
_GAP = 100_000  # places between paragraphs, more than the widest Near: nothing spans two of them
_UNKNOWN = "en"  # what a story in no known language is read as

Meanings = Callable[[str], NDArray[np.float32]]
"""Gives a text's meaning, (384,) of unit length."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a story meets a term: how it is written there, and its characters in title + newline + text.

    What is met by no words (a topic, a source, a language, a meaning) has no characters: both are -1.
    """

    written: str
    start: int = -1
    end: int = -1


class StoryWords:
    """A story's words, read once and asked by many filters.

    `distinct` are its words, each once, and `order` (int32) is the story in numbers of these, headlines
    first. Of this order `headline_ends` is where the headlines end, `ends` (int64) where each paragraph has
    its last word, `capitals` where one is in capitals. `languages` are those whose stemmer reads it. Without
    `meanings` it meets no About.
    """

    def __init__(self, story: StoryText, meanings: Meanings | None = None) -> None:
        self.story = story
        self.text = f"{story.title}\n{story.text}"
        self.codes = frozenset(map(primary, story.languages))
        self.languages = sorted(self.codes & LANGUAGES) if self.codes else [_UNKNOWN]
        self.capitals: set[int] = set()
        self.headline_ends = 0
        self._meanings = meanings
        self._terms: list[str] = []
        self._places: list[int] = []
        self._spans: list[tuple[int, int]] = []
        ends: list[int] = []
        start = place = 0
        for paragraph in self.text.split("\n"):
            before = len(self._terms)
            place = self._read(paragraph, start, place) + _GAP
            start += len(paragraph) + 1
            if start <= len(story.title) + 1:
                self.headline_ends = len(self._terms)
            if len(self._terms) > before:
                ends.append(len(self._terms) - 1)
        numbers: dict[str, int] = {}
        order = [numbers.setdefault(term, len(numbers)) for term in self._terms]
        self.distinct = list(numbers)
        self.order = np.array(order, np.int32)
        self.ends = np.array(ends, np.int64)

    @cached_property
    def sources(self) -> frozenset[str]:
        """Every value of FromSource that this story meets."""
        return frozenset(source_values(self.story.sources, self.story.addresses))

    def find(self, term: Term) -> Finding | None:
        """Where the story first meets the term; None where it does not."""
        match term:
            case Phrase():
                return self._find_phrase(term)
            case Near():
                return self._find_near(term)
            case InTopic(name):
                return Finding(f"topic:{name}") if name in self.story.topics else None
            case FromSource(value, spelling):
                return Finding(f"source:{spelling or value}") if value in self.sources else None
            case InLanguage(code):
                return Finding(f"lang:{code}") if code in self.codes else None
            case About(text, least):
                near = self.nearness(text)
                is_near = near is not None and near >= least
                return Finding(f'about:"{text}" ({near:.0f} %)') if is_near else None
        assert_never(term)

    def nearness(self, text: str) -> float | None:
        """How near the story's meaning is to the text's, in hundredths; None where that is not known."""
        if self.story.meaning is None or self._meanings is None:
            return None
        return 100 * float(self.story.meaning @ self._meanings(text))

    def _read(self, paragraph: str, start: int, place: int) -> int:
        for token in tokens(paragraph):
            if in_capitals(paragraph, token):
                self.capitals.add(len(self._terms))
            self._terms.append(token.term)
            self._places.append(place)
            self._spans.append((start + token.start, start + token.end))
            place += 1
        return place

    @cached_property
    def _where(self) -> dict[str, list[int]]:
        where: dict[str, list[int]] = {}
        for at, term in enumerate(self._terms):
            where.setdefault(term, []).append(at)
        return where

    @cached_property
    def _inflections(self) -> dict[str, dict[str, list[str]]]:
        # of each language: stem → the story's terms that have it
        found: dict[str, dict[str, list[str]]] = {}
        for language in self.languages:
            forms = found.setdefault(language, {})
            for term in self._where:
                forms.setdefault(stem(term, language), []).append(term)
        return found

    def _at(self, word: Word, end: int) -> list[int]:
        """The numbers of the tokens before `end` that are this word, in order."""
        if word.form is Form.CAPITALS:
            return [at for at in self._where.get(word.text, ()) if at in self.capitals and at < end]
        forms: set[str] = {word.text}
        if word.form is Form.PREFIX:
            forms = {term for term in self._where if term.startswith(word.text)}
        elif word.form is Form.INFLECTED:
            for language, by_stem in self._inflections.items():
                forms.update(by_stem.get(stem(word.text, language), ()))
        return sorted(at for form in forms for at in self._where.get(form, ()) if at < end)

    def _find_phrase(self, phrase: Phrase) -> Finding | None:
        first, *rest = phrase.words
        end = self.headline_ends if phrase.title else len(self._terms)
        starts = self._at(first, end)
        others = [set(self._at(word, end)) for word in rest] if starts else []
        for at in starts:
            last = at + len(rest)
            if all(at + step in other for step, other in enumerate(others, 1)) and (
                self._places[last] - self._places[at] == len(rest)
            ):
                return self._written(at, last)
        return None

    def _find_near(self, near: Near) -> Finding | None:
        end = self.headline_ends if near.title else len(self._terms)
        found = [self._at(word, end) for word in near.words]
        if not all(found):
            return None
        widest = near.within + len(near.words)
        begins = [0] * len(found)
        for at in sorted({at for some in found for at in some}):  # every window may start where a word stands
            last = self._places[at] + widest
            begins = [bisect_left(some, at, begin) for some, begin in zip(found, begins, strict=True)]
            if any(begin == len(some) for some, begin in zip(found, begins, strict=True)):
                return None  # no later window has all
            if any(self._places[some[begin]] >= last for some, begin in zip(found, begins, strict=True)):
                continue
            behind = bisect_left(self._places, last)
            inside = [
                some[begin : bisect_left(some, behind, begin)]
                for some, begin in zip(found, begins, strict=True)
            ]
            if (chosen := _apart(inside)) is not None:
                return self._written(min(chosen), max(chosen))
        return None

    def _written(self, first: int, last: int) -> Finding:
        start, end = self._spans[first][0], self._spans[last][1]
        return Finding(self.text[start:end], start, end)


def _apart(choices: list[list[int]]) -> list[int] | None:
    """One number of each list, all different; the words of a Near may be inflections of one another.

    By augmenting paths (Kuhn, 1955): trying every way would take as many steps as there are permutations.
    """
    taken: dict[int, int] = {}  # number → whose it is
    if all(_find_one(choices, which, taken, set()) for which in range(len(choices))):
        return list(taken)
    return None


def _find_one(choices: list[list[int]], which: int, taken: dict[int, int], seen: set[int]) -> bool:
    for one in choices[which]:
        if one not in seen:
            seen.add(one)
            if one not in taken or _find_one(choices, taken[one], taken, seen):
                taken[one] = which
                return True
    return False


def primary(language: str) -> str:
    """The primary subtag of a language tag, lower: "pt-BR" → "pt"."""
    return language.replace("_", "-").partition("-")[0].lower()


def source_values(names: Collection[str], addresses: Iterable[str]) -> Iterator[str]:
    """Every value of FromSource that sources of these names and addresses meet.

    A name meets every run of whole words of it ("bbc", "bbc news"), an address its host, every domain above
    it, and both with every beginning of its path that ends at a slash.
    """
    for name in names:
        called = [token.term for token in tokens(name)]
        for start in range(len(called)):
            for end in range(start + 1, len(called) + 1):
                yield " ".join(called[start:end])
        yield fold(name)
    for address in addresses:
        host, *path = fold(address).partition("://")[2].split("?")[0].split("#")[0].rstrip("/").split("/")
        labels = host.partition(":")[0].split(".")
        for start in range(len(labels)):
            domain = ".".join(labels[start:])
            yield domain
            for end in range(1, len(path) + 1):
                yield f"{domain}/{'/'.join(path[:end])}"


def evaluate(filter_: Filter, words: StoryWords) -> tuple[Finding, ...] | None:
    """Where the story meets the filter, in the story's order; None where it does not meet it.

    Every alternative that occurs is there; what is met by no words comes last.
    """
    found = _meet(filter_.root, words)
    if found is None:
        return None
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.start < 0, one.start, one.end)))


def failed(filter_: Filter, words: StoryWords) -> Node | None:
    """The first clause of the filter that the story does not meet; None where it meets all."""
    return next((clause for clause in filter_.clauses if _meet(clause, words) is None), None)


def matches(filter_: Filter, story: StoryText, meanings: Meanings | None = None) -> tuple[str, ...] | None:
    """The words of the story that meet the filter, as it writes them; None where it does not meet it."""
    found = evaluate(filter_, StoryWords(story, meanings))
    return None if found is None else written(found)


def written(found: Iterable[Finding]) -> tuple[str, ...]:
    """What stands at each finding, without repeats."""
    return tuple(dict.fromkeys(one.written for one in found))


def _meet(node: Node, words: StoryWords) -> list[Finding] | None:
    match node:
        case All(parts):
            every = [_meet(part, words) for part in parts]
            return None if None in every else [one for some in every if some for one in some]
        case Either(parts):
            met = [some for part in parts if (some := _meet(part, words)) is not None]
            return [one for some in met for one in some] if met else None
        case Not(part):
            return [] if _meet(part, words) is None else None
        case _:
            finding = words.find(node)
            return None if finding is None else [finding]
