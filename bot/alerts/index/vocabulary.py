"""Everything that filters ask for, as numbers; a number is given back when no filter needs it. Pure."""

from typing import Any

import numpy as np

from bot.alerts.index import rarity
from bot.alerts.index.blocks import HALF, LOW, Numbers, distinct
from bot.alerts.index.conjuncts import Kind, Literal
from bot.alerts.index.register import Register
from bot.alerts.index.shelves import Capitals, Exact, Inflected, Pairs, Prefixes, Reading, Shelf
from bot.alerts.index.surroundings import Abouts, Plain
from bot.alerts.words import Meanings, StoryWords

ALWAYS = 0
"""The number of what every story holds."""


class Vocabulary:
    """Literals and their numbers, small and without large gaps, and which of them a story holds."""

    def __init__(self, meanings: Meanings | None, *, most_words: int) -> None:
        self._register = Register(most_words)
        self._inflected = Inflected(self._register)
        self._anywhere: dict[Kind, Shelf[Any]] = _of_words(self._register) | {
            Kind.INFLECTED: self._inflected,
            Kind.TOPIC: Plain(lambda words: words.story.topics),
            Kind.SOURCE: Plain(lambda words: words.sources),
            Kind.LANGUAGE: Plain(lambda words: words.codes),
            Kind.ABOUT: Abouts(meanings),
        }
        self._headline = _of_words(self._register)
        self._holders = [1]  # of each number
        self._shelves: list[Shelf[Any] | None] = [None]
        self._keys: list[Any] = [None]
        self._free: list[int] = []

    def __len__(self) -> int:
        """One above the highest number."""
        return len(self._holders)

    def hold(self, literal: Literal) -> int:
        """The literal's number; it keeps it until it was released as often as held."""
        shelf = (self._headline if literal.title else self._anywhere)[literal.kind]
        if isinstance(shelf, Pairs):
            return self._hold_run(shelf, [self._register[word] for word in literal.text.split(" ")])
        return self._hold(
            shelf, (literal.text, literal.least) if literal.kind is Kind.ABOUT else literal.text
        )

    def release(self, number: int) -> None:
        """One of those who hold the number needs it no more."""
        self._holders[number] -= 1
        if self._holders[number]:
            return
        shelf, key = self._shelves[number], self._keys[number]
        assert shelf is not None
        shelf.drop(key)
        self._shelves[number] = self._keys[number] = None
        self._free.append(number)
        if type(shelf) is Shelf:  # of longer runs
            self.release(key >> HALF)
            self.release(key & LOW)

    def read(self, words: StoryWords) -> Reading:
        """A story's words as numbers, for `held` and `count`."""
        number = self._register.__getitem__
        numbers = np.fromiter(map(number, words.distinct), np.int32, len(words.distinct))
        return Reading(words, numbers.take(words.order), numbers)

    def held(self, story: Reading) -> Numbers:
        """The numbers of what the story holds, in order."""
        found = [np.zeros(1, np.int32)]
        found += [shelf.held(story) for shelf in self._anywhere.values() if shelf.numbers]
        if any(shelf.numbers for shelf in self._headline.values()):
            order = story.order[: story.words.headline_ends]
            headline = Reading(story.words, order, distinct(order))
            found += [shelf.held(headline) for shelf in self._headline.values() if shelf.numbers]
        return distinct(np.concatenate(found))

    def count(self, story: Reading) -> None:
        """Count the story's words and their stems, for `share`. Its numbers may be others' from then on."""
        roots = [self._inflected.roots(story.numbers, language) for language in story.words.languages]
        self._register.saw(distinct(np.concatenate((story.numbers, *roots))))

    def share(self, literal: Literal) -> float:
        """About which share of stories holds the literal."""
        seen = self._inflected.seen if literal.kind is Kind.INFLECTED else self._seen
        return rarity.share(literal, seen, self._register.stories)

    def _seen(self, word: str) -> int:
        return self._register.seen(self._register.get(word, 0))

    def _hold(self, shelf: Shelf[Any], key: Any) -> int:
        number = shelf.numbers.get(key)
        if number is not None:
            self._holders[number] += 1
            return number
        if self._free:
            number = self._free.pop()
            self._holders[number], self._shelves[number], self._keys[number] = 1, shelf, key
        else:
            number = len(self._holders)
            self._holders.append(1)
            self._shelves.append(shelf)
            self._keys.append(key)
        shelf.put(key, number)
        return number

    def _hold_run(self, pairs: Pairs, words: list[int]) -> int:
        if len(words) == 2:  # noqa: PLR2004 - a pair
            return self._hold(pairs, words[0] << HALF | words[1])
        first, second = self._hold_run(pairs, words[:-1]), self._hold_run(pairs, words[1:])
        key = first << HALF | second
        shelf = pairs.longer[len(words) - 3]
        is_known = key in shelf.numbers
        number = self._hold(shelf, key)
        if is_known:  # it holds them already
            self.release(first)
            self.release(second)
        return number


def _of_words(register: Register) -> dict[Kind, Shelf[Any]]:
    return {
        Kind.INFLECTED: Inflected(register),
        Kind.EXACT: Exact(register),
        Kind.CAPITALS: Capitals(register),
        Kind.PREFIX: Prefixes(register),
        Kind.RUN: Pairs(register),
    }
