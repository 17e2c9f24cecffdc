"""Words as numbers: those of filters, and those that stories had lately, with how many had them. Pure."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from bot.alerts.index.blocks import Numbers, longer

MOST_UNNEEDED = 100_000
"""So many words of stories are remembered beside those of filters."""
_FIRST = 1024


class Register(dict[str, int]):
    """A number above 0 for every word that it is asked for: `register[word]`.

    Now and then it forgets words that no filter needs and few stories had; `forgets` hears of that before
    their numbers are given to others.
    """

    def __init__(self, most_unneeded: int = MOST_UNNEEDED) -> None:
        super().__init__()
        self.stories = 0
        self.forgets: list[Callable[[], None]] = []
        self._words: list[str] = [""]
        self._free: list[int] = []
        self._needed = np.zeros(_FIRST, np.int32)  # by so many filters
        self._counts = np.zeros(_FIRST, np.int32)  # of the stories that had it, halved now and then
        self._most_unneeded = self._most = most_unneeded

    def __missing__(self, word: str) -> int:
        if self._free:
            number = self._free.pop()
            self._words[number] = word
        else:
            number = len(self._words)
            self._words.append(word)
            if number >= len(self._counts):
                self._needed, self._counts = longer(self._needed, number), longer(self._counts, number)
        self[word] = number
        return number

    @property
    def end(self) -> int:
        """One above the highest number."""
        return len(self._words)

    def word(self, number: int) -> str:
        """The word of a number."""
        return self._words[number]

    def need(self, number: int) -> int:
        """The number, which now stays its word's until it is let go as often as it was needed."""
        self._needed[number] += 1
        return number

    def let_go(self, number: int) -> None:
        """One who needed the number does so no more."""
        self._needed[number] -= 1

    def saw(self, numbers: Numbers) -> None:
        """A story had these words, each told once."""
        self.stories += 1
        self._counts[numbers] += 1
        if len(self) > self._most:
            self._forget()

    def seen(self, number: int) -> int:
        """How many of `stories` had the word."""
        return self._counts.item(number)

    def _forget(self) -> None:
        self.stories //= 2
        self._counts //= 2
        for forget in self.forgets:
            forget()
        unneeded = (self._needed[1 : self.end] == 0) & (self._counts[1 : self.end] == 0)
        for number in (np.flatnonzero(unneeded) + 1).tolist():
            if self.pop(self._words[number], None) is not None:
                self._free.append(number)
            self._words[number] = ""
        self._most = len(self) + self._most_unneeded


class Memo:
    """A number for every number, worked out when it is first asked for."""

    def __init__(self, work: Callable[[int], int]) -> None:
        self._work = work
        self._known: NDArray[np.int32] = np.full(_FIRST, -1, np.int32)

    def __call__(self, numbers: Numbers, end: int) -> Numbers:
        """The numbers of these, which are all below `end`."""
        if end > len(self._known):
            grown = np.full(2 * end, -1, np.int32)
            grown[: len(self._known)] = self._known
            self._known = grown
        found = self._known.take(numbers)
        if len(found) and found.item(found.argmin()) < 0:  # several times quicker than min()
            for at in (found < 0).nonzero()[0].tolist():
                number = numbers.item(at)
                found[at] = self._known[number] = self._work(number)
        return found

    def clear(self) -> None:
        """Forget all; what they are worked out from has changed."""
        self._known.fill(-1)
