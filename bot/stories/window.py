"""The entries of the last days as stories are compared: meanings in a matrix, words when asked for.

It stands in memory for what the database holds, and never decides alone: whatever it finds is looked up in
the transaction that uses it.
"""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from bot.addresses import is_near
from bot.links import host_of
from bot.storage import meanings as store
from bot.storage.meanings import Meaning
from bot.stories.alike import Rarity, Side, side
from bot.stories.profile import OPENING, Profile, profile
from bot.times import to_micros

WINDOW = timedelta(days=3)
"""How far back an entry looks for its story."""

WIDTH = 384
_LEARN = 1000  # entries, the newest, that tell at the start how rare words are
_LATELY = timedelta(minutes=15)  # in which another process may have grouped what we have not heard of
_MOST_KEPT = 1500  # sides; some 20 KB each
_RIPE = 1.25  # a side is weighed anew when so much more has been seen since
_DAY = 86_400_000_000  # microseconds


class Window:
    """Meanings and words of the entries of the last days; used by one thread at a time."""

    def __init__(self) -> None:
        self.rarity = Rarity()
        self._ids = np.zeros(256, dtype=np.int64)
        self._days = np.zeros(256, dtype=np.float64)
        self._matrix = np.zeros((256, WIDTH), dtype=np.float32)
        self._places: dict[int, int] = {}
        self._sides: OrderedDict[int, tuple[int, Profile, Side]] = OrderedDict()
        self._is_loaded = False

    def __len__(self) -> int:
        return len(self._places)

    def refresh(self, connection: sa.Connection, *, now: datetime) -> None:
        """Takes in what the database knows: all the first time, later what other processes have added."""
        if not self._is_loaded:
            ids = store.known(connection, since=now - WINDOW)
            for opening in store.openings(connection, ids[-_LEARN:], length=OPENING):
                self.rarity.add(profile(opening.title, opening.text))
        elif connection.dialect.name == "postgresql":
            ids = store.known(connection, since=now - _LATELY)
        else:
            return  # an SQLite file has one owner
        for meaning in store.load(connection, [one for one in ids if one not in self._places]):
            self.add(meaning)
        self._is_loaded = True

    def add(self, meaning: Meaning) -> None:
        """One more entry, or one that means something else now."""
        place = self._places.get(meaning.entry_id)
        if place is None:
            place = self._room(meaning)
        self._sides.pop(meaning.entry_id, None)
        self._ids[place] = meaning.entry_id
        self._days[place] = day_of(meaning.arrived_at)
        self._matrix[place] = meaning.vector
        self._places[meaning.entry_id] = place

    def _room(self, meaning: Meaning) -> int:
        if len(self._places) == len(self._ids):
            self._forget(before=day_of(meaning.arrived_at - 2 * WINDOW))
            count = len(self._places)
            if count > len(self._ids) // 2:
                self._ids = np.resize(self._ids, 2 * count)
                self._days = np.resize(self._days, len(self._ids))
                matrix = np.zeros((len(self._ids), WIDTH), dtype=np.float32)
                matrix[:count] = self._matrix[:count]
                self._matrix = matrix
        return len(self._places)

    def _forget(self, *, before: float) -> None:
        count = len(self._places)
        kept = np.flatnonzero(self._days[:count] >= before)
        for held in (self._ids, self._days, self._matrix):
            held[: len(kept)] = held[kept]
        self._places = {int(entry_id): place for place, entry_id in enumerate(self._ids[: len(kept)])}

    def near(
        self, meaning: NDArray[np.float32], *, since: datetime, least: float, limit: int
    ) -> list[tuple[int, float]]:
        """The entries since then nearest in meaning, by cosine, `least` at least; the nearest first."""
        count = len(self._places)
        cosines = self._matrix[:count] @ meaning
        cosines[self._days[:count] < day_of(since)] = -1.0
        found = np.flatnonzero(cosines >= least)
        if len(found) > limit:
            found = found[np.argpartition(-cosines[found], limit)[:limit]]
        ordered = found[np.argsort(-cosines[found], kind="stable")]
        return [(int(self._ids[place]), float(cosines[place])) for place in ordered]

    def sides(self, connection: sa.Connection, ids: Sequence[int]) -> dict[int, Side]:
        """These entries as stories are compared; those whose meaning is not known are left out."""
        known = [one for one in ids if one in self._places]
        missing = [one for one in known if one not in self._sides]
        for opening in store.openings(connection, missing, length=OPENING):
            outlet = outlet_of(opening.url, opening.feed_id)
            self.keep(opening.entry_id, profile(opening.title, opening.text), outlet=outlet)
        return {one: self._weighed(one) for one in known if one in self._sides}

    def keep(self, entry_id: int, words: Profile, *, outlet: str) -> Side:
        """The entry with its words, kept for the next who asks; its meaning must have been added."""
        place = self._places[entry_id]
        found = side(
            words,
            self.rarity,
            meaning=self._matrix[place].copy(),
            outlet=outlet,
            day=float(self._days[place]),
        )
        self._sides[entry_id] = len(self.rarity), words, found
        while len(self._sides) > _MOST_KEPT:
            self._sides.popitem(last=False)
        return found

    def _weighed(self, entry_id: int) -> Side:
        seen, words, found = self._sides[entry_id]
        self._sides.move_to_end(entry_id)
        if len(self.rarity) <= _RIPE * seen:
            return found
        (outlet,) = found.outlets
        return self.keep(entry_id, words, outlet=outlet)


def day_of(at: datetime) -> float:
    """The time in days since 1970."""
    return to_micros(at) / _DAY


def outlet_of(url: str | None, feed_id: int) -> str:
    """Whose words an entry's are: the host of its page, or its feed where it has none.

    This machine or a neighbour is no outlet's name: many may be served from there.
    """
    host = host_of(url or "").removeprefix("www.")
    return f"feed {feed_id}" if not host or is_near(host) else host
