"""What filters ask of a story apart from its words: topics, sources, languages, meanings. Pure."""

from collections.abc import Callable, Collection
from itertools import repeat

import numpy as np

from bot.alerts.index.blocks import Numbers, longer
from bot.alerts.index.shelves import Reading, Shelf
from bot.alerts.words import Meanings, StoryWords

_SLACK = 0.01  # of a hundredth: many products at once are rounded otherwise than one
_FIRST = 16

Nearness = tuple[str, int]
"""A text, and how near to its meaning a story's must be, in hundredths."""


class Plain(Shelf[str]):
    """Keys that a story holds if `read` gives them."""

    def __init__(self, read: Callable[[StoryWords], Collection[str]]) -> None:
        super().__init__()
        self._read = read

    def held(self, reading: Reading) -> Numbers:
        """The numbers of its own."""
        keys = self._read(reading.words)
        return np.fromiter(map(self.numbers.get, keys, repeat(0)), np.int32, len(keys))


class Abouts(Shelf[Nearness]):
    """Texts whose meaning the story's is near, compared all at once."""

    def __init__(self, meanings: Meanings | None) -> None:
        super().__init__()
        self._meanings = meanings
        self._keys: list[Nearness] = []
        self._least = np.zeros(_FIRST, np.float32)
        self._vectors = np.zeros((_FIRST, 0), np.float32)

    def put(self, key: Nearness, number: int) -> None:
        """Take in a new text, and ask what it means."""
        super().put(key, number)
        at = len(self._keys)
        self._keys.append(key)
        if at == len(self._least):
            self._least, self._vectors = longer(self._least, at + 1), longer(self._vectors, at + 1)
        self._least[at] = key[1]
        if self._meanings is not None:
            vector = self._meanings(key[0])
            if not self._vectors.size:
                self._vectors = np.zeros((len(self._least), len(vector)), np.float32)
            self._vectors[at] = vector

    def drop(self, key: Nearness) -> None:
        """Forget a text."""
        super().drop(key)
        at, last = self._keys.index(key), self._keys.pop()
        if at < len(self._keys):
            self._keys[at] = last
            self._least[at], self._vectors[at] = last[1], self._vectors[len(self._keys)]

    def held(self, reading: Reading) -> Numbers:
        """The numbers of the texts that the story is near enough."""
        words, keys = reading.words, self._keys
        if words.story.meaning is None:
            return np.zeros(0, np.int32)
        if self._meanings is not None:
            near = 100 * (self._vectors[: len(keys)] @ words.story.meaning)
            keys = [keys[at] for at in np.flatnonzero(near >= self._least[: len(keys)] - _SLACK)]
        return np.array([self.numbers[key] for key in keys if _is_near(words, key)], np.int32)


def _is_near(words: StoryWords, key: Nearness) -> bool:
    text, least = key
    near = words.nearness(text)
    return near is not None and near >= least
