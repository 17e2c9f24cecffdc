"""What filters ask of a story's words, shelf by shelf, and which of it a story holds. Pure.

A shelf gives each of its keys a number above 0. What `held` gives may have zeros and repeats among it.
"""

from itertools import repeat
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.alerts.index.blocks import HALF, LOW, Blocks, Numbers, Places, reaching
from bot.alerts.index.conjuncts import LONGEST_RUN
from bot.alerts.index.register import Memo, Register
from bot.alerts.words import StoryWords
from bot.stems import stem

_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # Knuth's multiplicative hashing
_FEWEST_BITS = 12
_ROOM = 16  # places for each key, so that few others seem to be known

K = TypeVar("K")


class Reading:
    """A story's words, or its headlines', by their numbers: `order` is the story, `numbers` has each once."""

    def __init__(self, words: StoryWords, order: Numbers, numbers: Numbers) -> None:
        self.words = words
        self.order = order
        self.numbers = numbers

    @property
    def capitals(self) -> Numbers:
        """The numbers of the words in capitals."""
        at = [one for one in self.words.capitals if one < len(self.order)]
        return self.order.take(at) if at else self.order[:0]

    @property
    def pairs(self) -> NDArray[np.int64]:
        """Each word and the one behind it, in halves; 0 where that is in another paragraph, or none."""
        pairs = self.order.astype(np.int64)
        pairs <<= HALF
        pairs[:-1] |= self.order[1:]
        ends = self.words.ends
        pairs[ends if len(pairs) == len(self.words.order) else ends.compress(ends < len(pairs))] = 0
        return pairs


class Shelf(Generic[K]):
    """Keys and their numbers."""

    def __init__(self) -> None:
        self.numbers: dict[K, int] = {}

    def put(self, key: K, number: int) -> None:
        """Take in a new key."""
        self.numbers[key] = number

    def drop(self, key: K) -> None:
        """Forget a key."""
        del self.numbers[key]

    def held(self, reading: Reading) -> Numbers:
        """The numbers of the keys that the story holds."""
        raise NotImplementedError(reading)


class Exact(Shelf[str]):
    """Words as they stand."""

    def __init__(self, register: Register) -> None:
        super().__init__()
        self._register = register
        self._of_word = np.zeros(0, np.int32)

    def put(self, key: str, number: int) -> None:
        """Take in a new word."""
        super().put(key, number)
        word = self._register.need(self._register[key])
        self._of_word = reaching(self._of_word, word + 1)
        self._of_word[word] = number

    def drop(self, key: str) -> None:
        """Forget a word."""
        super().drop(key)
        word = self._register[key]
        self._of_word[word] = 0
        self._register.let_go(word)

    def held(self, reading: Reading) -> Numbers:
        """The numbers of the words that stand there."""
        return self._of(reading.numbers)

    def _of(self, words: Numbers) -> Numbers:
        self._of_word = reaching(self._of_word, self._register.end)
        return self._of_word.take(words)


class Capitals(Exact):
    """Words as they stand in capitals."""

    def held(self, reading: Reading) -> Numbers:
        """The numbers of those that stand there in capitals."""
        return self._of(reading.capitals)


class Inflected(Exact):
    """Words of which any form will do, by the stemmers of the story's languages."""

    def __init__(self, register: Register) -> None:
        super().__init__(register)
        self._roots: dict[str, Memo] = {}  # of each language that a story had: word → its stem
        self._of_root: dict[str, Blocks] = {}  # and under each stem, the numbers of the words that have it

    def put(self, key: str, number: int) -> None:
        """Take in a new word."""
        super().put(key, number)
        for language, blocks in self._of_root.items():
            blocks.append(self._register.need(self._register[stem(key, language)]), number)

    def drop(self, key: str) -> None:
        """Forget a word."""
        number = self.numbers[key]
        super().drop(key)
        for language, blocks in self._of_root.items():
            root = self._register[stem(key, language)]
            blocks.remove(root, int(np.flatnonzero(blocks.block(root, 0) == number)[0]))
            self._register.let_go(root)

    def held(self, reading: Reading) -> Numbers:
        """The numbers of the words of which a form stands there."""
        if not reading.words.languages:
            return super().held(reading)
        return np.concatenate([self._held_in(one, reading.numbers) for one in reading.words.languages])

    def seen(self, word: str) -> int:
        """How many stories had a form of the word, in the language in which it is the most common."""
        roots = (self._register.get(stem(word, language), 0) for language in self._roots)
        return max(map(self._register.seen, roots), default=0)

    def roots(self, words: Numbers, language: str) -> Numbers:
        """The numbers of the stems of these words."""
        if language not in self._roots:
            self._learn(language)
        return self._roots[language](words, self._register.end)

    def _held_in(self, language: str, words: Numbers) -> Numbers:
        roots = self.roots(words, language)
        blocks = self._of_root[language]
        blocks.reach(self._register.end)
        return blocks.columns[0].take(blocks.gather(roots))

    def _learn(self, language: str) -> None:
        register = self._register
        memo = self._roots[language] = Memo(lambda word: register[stem(register.word(word), language)])
        register.forgets.append(memo.clear)
        blocks = self._of_root[language] = Blocks(np.int32)
        for key, number in self.numbers.items():
            blocks.append(register.need(register[stem(key, language)]), number)


class Prefixes(Shelf[str]):
    """Beginnings of words."""

    def __init__(self, register: Register) -> None:
        super().__init__()
        self._register = register
        self._keys: dict[int, str] = {}
        # The longest prefix that begins a word, and the longest of those that begin a prefix.
        self._of_word = Memo(lambda word: self._longest(register.word(word)))
        self._of_prefix = Memo(lambda number: self._longest(self._keys[number][:-1]) if number else 0)
        register.forgets.append(self._of_word.clear)

    def put(self, key: str, number: int) -> None:
        """Take in a new beginning."""
        super().put(key, number)
        self._keys[number] = key
        self._clear()

    def drop(self, key: str) -> None:
        """Forget a beginning."""
        del self._keys[self.numbers[key]]
        super().drop(key)
        self._clear()

    def held(self, reading: Reading) -> Numbers:
        """The numbers of the beginnings of words that stand there."""
        found = [self._of_word(reading.numbers, self._register.end)]
        while len(shorter := found[-1].compress(found[-1] > 0)):
            found.append(self._of_prefix(shorter, shorter.item(shorter.argmax()) + 1))
        return np.concatenate(found)

    def _clear(self) -> None:
        self._of_word.clear()
        self._of_prefix.clear()

    def _longest(self, word: str) -> int:
        beginnings = (word[:end] for end in range(len(word), 0, -1))
        return next((self.numbers[one] for one in beginnings if one in self.numbers), 0)


class Pairs(Shelf[int]):
    """Two exact words side by side by their numbers, in halves; and the shelves of longer runs.

    `longer` are those of three words and more. A key of theirs is, in halves, the numbers of the two runs,
    shorter by a word, that overlap in it.
    """

    def __init__(self, register: Register) -> None:
        super().__init__()
        self.longer = [Shelf[int]() for _ in range(LONGEST_RUN - 2)]
        self._register = register
        self._bits = _FEWEST_BITS
        self._seem_known = np.zeros(1 << self._bits, np.bool_)

    def put(self, key: int, number: int) -> None:
        """Take in a new pair."""
        super().put(key, number)
        self._register.need(key >> HALF)
        self._register.need(key & LOW)
        if _ROOM * len(self.numbers) > len(self._seem_known):
            self._bits += 1
            self._seem_known = np.zeros(1 << self._bits, np.bool_)
            self._seem_known[self._places(np.fromiter(self.numbers, np.int64, len(self.numbers)))] = True
        else:
            self._seem_known[self._places(np.array([key], np.int64))] = True

    def drop(self, key: int) -> None:
        """Forget a pair."""
        super().drop(key)
        self._register.let_go(key >> HALF)
        self._register.let_go(key & LOW)

    def held(self, reading: Reading) -> Numbers:
        """The numbers of the pairs and of the longer runs that stand there."""
        pairs = reading.pairs
        # Most pairs are nobody's; the dictionary is asked only for those that seem to be somebody's.
        at = self._seem_known.take(self._places(pairs)).nonzero()[0]
        at, run = _known(self.numbers, at, pairs.take(at))
        found = [run]
        for shelf in self.longer:
            if len(run) < 2 or not shelf.numbers:  # noqa: PLR2004 - two overlap
                break
            beside = (at[1:] - at[:-1] == 1).nonzero()[0]
            keys = run.take(beside).astype(np.int64) << HALF | run.take(beside + 1)
            at, run = _known(shelf.numbers, at.take(beside), keys)
            found.append(run)
        return np.concatenate(found)

    def _places(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        return ((keys.view(np.uint64) * _SPREAD) >> np.uint64(64 - self._bits)).view(np.int64)


def _known(numbers: dict[int, int], at: Places, keys: NDArray[np.int64]) -> tuple[Places, Numbers]:
    """Where the keys are that have a number, and the numbers."""
    found = np.fromiter(map(numbers.get, keys.tolist(), repeat(0)), np.int32, len(keys))
    kept = found.nonzero()[0]
    return at.take(kept), found.take(kept)
