"""Rows of numbers in blocks that grow: those of one key lie side by side, read by the thousand. Pure."""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Numbers = NDArray[np.int32]
Places = NDArray[np.intp]
HALF = 32
"""Bits: two numbers in one, each above -1 and below 2³¹, are `first << HALF | second`."""
LOW = (1 << HALF) - 1
_FIRST_ROWS = 1024
_PAGE = 4096


class Blocks:
    """Rows under keys 0, 1, 2 …; `columns` are arrays of one length, in which each key has a block.

    A block that is full moves to one of twice the room, so that adding and removing cost a few steps in the
    mean, however many rows there are. Rooms are powers of two, and one that was left is used again.
    """

    def __init__(self, *types: DTypeLike) -> None:
        self.columns: list[NDArray[Any]] = [np.zeros(_FIRST_ROWS, kind) for kind in types]
        self._starts = np.zeros(_FIRST_ROWS, np.int32)
        self._sizes = np.zeros(_FIRST_ROWS, np.int32)
        self._rooms = np.zeros(_FIRST_ROWS, np.int32)
        self._left: dict[int, list[int]] = {}  # room → where blocks of it were left
        self._end = 0
        self._row_numbers = np.arange(_FIRST_ROWS)

    def size(self, key: int) -> int:
        """How many rows the key has."""
        return self._sizes.item(key) if key < len(self._sizes) else 0

    def block(self, key: int, column: int) -> NDArray[Any]:
        """The key's rows of one column, to be read or written."""
        if not self.size(key):
            return self.columns[column][:0]
        start = self._starts.item(key)
        return self.columns[column][start : start + self._sizes.item(key)]

    def reach(self, end: int) -> None:
        """Have a block, if an empty one, for every key below `end`."""
        if end > len(self._sizes):
            tables = (self._starts, self._sizes, self._rooms)
            self._starts, self._sizes, self._rooms = (longer(one, end) for one in tables)

    def append(self, key: int, *row: int) -> int:
        """Add a row; its number within the key's block."""
        self.reach(key + 1)
        size = self._sizes.item(key)
        if size == self._rooms.item(key):
            self._move(key, size, max(1, 2 * size))
        at = self._starts.item(key) + size
        for column, number in zip(self.columns, row, strict=True):
            column[at] = number
        self._sizes[key] = size + 1
        return size

    def remove(self, key: int, number: int) -> None:
        """Remove the key's row of this number; its last row takes the number."""
        start, last = self._starts.item(key), self._sizes.item(key) - 1
        for column in self.columns:
            column[start + number] = column[start + last]
        self._sizes[key] = last
        room = self._rooms.item(key)
        if last <= room // 4:
            self._move(key, last, room // 4)

    def gather(self, keys: Numbers) -> Places:
        """Where the rows of all these keys lie in the columns."""
        sizes = self._sizes.take(keys)
        ends = sizes.cumsum(dtype=np.intp)
        total = int(ends[-1]) if len(ends) else 0
        if total > len(self._row_numbers):
            self._row_numbers = np.arange(2 * total)
        found: Places = (self._starts.take(keys) - ends + sizes).repeat(sizes)
        found += self._row_numbers[:total]
        return found

    def _move(self, key: int, size: int, room: int) -> None:
        start, old = self._starts.item(key), self._rooms.item(key)
        new = self._take(room) if room else 0
        for column in self.columns:
            column[new : new + size] = column[start : start + size]
        if old:
            self._left.setdefault(old, []).append(start)
        self._starts[key], self._rooms[key] = new, room

    def _take(self, room: int) -> int:
        if left := self._left.get(room):
            return left.pop()
        start, self._end = self._end, self._end + room
        if self._end > len(self.columns[0]):
            self.columns = [longer(column, self._end) for column in self.columns]
        return start


class Pages:
    """A number for each key, -1 at first; keys are any numbers, most of them near one another."""

    def __init__(self) -> None:
        self._pages: dict[int, NDArray[np.int64]] = {}

    def __getitem__(self, key: int) -> int:
        page = self._pages.get(key // _PAGE)
        return -1 if page is None else page.item(key % _PAGE)

    def __setitem__(self, key: int, number: int) -> None:
        page = self._pages.get(key // _PAGE)
        if page is None:
            page = self._pages[key // _PAGE] = np.full(_PAGE, -1, np.int64)
        page[key % _PAGE] = number


def distinct(numbers: Numbers) -> Numbers:
    """The numbers in order, each once; much quicker than numpy's own for these."""
    ordered = numbers.copy()
    ordered.sort()
    is_first = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    return ordered.compress(is_first)


def reaching(array: NDArray[Any], end: int) -> NDArray[Any]:
    """The array, made longer if it has not `end` items."""
    return array if end <= len(array) else longer(array, end)


def longer(array: NDArray[Any], least: int) -> NDArray[Any]:
    """A copy with room for `least` items, twice as many as before at least; the new ones are 0."""
    grown = np.zeros((max(least, 2 * len(array)), *array.shape[1:]), array.dtype)
    grown[: len(array)] = array
    return grown
