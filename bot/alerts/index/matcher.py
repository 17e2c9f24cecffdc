"""Matches a story against a million standing filters at once, in arrays. Pure.

A filter becomes conjuncts, a conjunct a row of numbers: it stands under the rarest of what it wants, with up
to three more beside it that are wanted or must be absent. What a story holds says which rows to read; they
are gathered and tested together. The few filters that say more than rows can hold are then evaluated. Equal
filters are one group, tested once, and the group's filters stand side by side too.

That a standing query is kept under its rarest word only, and counted no further for stories that lack it, is
the ranked key method of Yan and Garcia-Molina, "Index structures for selective dissemination of information
under the Boolean model" (ACM TODS 19, 1994).
"""

from array import array
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.alerts.index.blocks import HALF, LOW, Blocks, Numbers, Pages, distinct
from bot.alerts.index.conjuncts import Conjunct, conjuncts
from bot.alerts.index.register import MOST_UNNEEDED
from bot.alerts.index.vocabulary import ALWAYS, Vocabulary
from bot.alerts.rule import Filter
from bot.alerts.words import Meanings, StoryWords, evaluate

_BESIDE = 3  # codes of a row beside the one it stands under
_END = -1  # of a row, in a group's key
_COUNTED = 8  # one story of so many is learnt from
_HELD, _NOT_HELD = np.array([[True, False], [False, True]]).view(np.uint16).ravel()


@dataclass(frozen=True, slots=True)
class Hits:
    """The filters that a story meets, by id and in no order, and beside each the subscriber whose it is."""

    filter_ids: Numbers
    subscriber_ids: Numbers


@dataclass(frozen=True, slots=True)
class _Row:
    # 2n for what is wanted, rarest first, then 2n+1 for what must be absent: n is its number. Whoever meets
    # these meets the filter, if the row is sure.
    codes: tuple[int, ...]
    is_sure: bool


class Matcher:
    """Standing filters, each under an id and of a subscriber, asked which of them a story meets.

    Ids are from 0 to 2³¹ - 1. One thread at a time. `meanings` is for filters with about: terms;
    `most_words` of stories are remembered beside those of filters.
    """

    def __init__(self, meanings: Meanings | None = None, *, most_words: int = MOST_UNNEEDED) -> None:
        self._vocabulary = Vocabulary(meanings, most_words=most_words)
        self._rows = Blocks(*[np.int32] * (_BESIDE + 1))  # under a literal: codes, and the group; see _hang
        self._fans = Blocks(np.int64)  # under a group: filter id and subscriber id, in halves
        self._places = Pages()  # of each filter: its group, and its number there, in halves
        self._groups: dict[bytes | Filter, int] = {}
        self._codes_of: list[bytes | None] = []  # each group: its rows, each with _END behind it
        self._evaluated: dict[int, Filter] = {}  # the groups of which a row is not sure
        self._free: list[int] = []
        self._is_met = np.full(1, _NOT_HELD)  # of each number whether it is held, and whether it is not
        self._count = self._matched = 0

    def __len__(self) -> int:
        return self._count

    def learn(self, words: StoryWords) -> None:
        """Count a story's words, so that filters added from now on stand under what is rare."""
        self._vocabulary.count(self._vocabulary.read(words))

    def add(self, filter_id: int, filter_: Filter, *, subscriber_id: int) -> None:
        """Add a filter, or replace the one with this id."""
        self.remove(filter_id)
        rows = [self._row(one) for one in conjuncts(filter_.root)]
        group = self._group(filter_, rows)
        number = self._fans.append(group, filter_id << HALF | subscriber_id)
        self._places[filter_id] = group << HALF | number
        self._count += 1

    def remove(self, filter_id: int) -> None:
        """Remove the filter with this id, if there is one."""
        place = self._places[filter_id]
        if place < 0:
            return
        group, number = place >> HALF, place & LOW
        self._places[filter_id] = -1
        self._fans.remove(group, number)
        self._count -= 1
        if number < self._fans.size(group):
            moved = self._fans.block(group, 0).item(number) >> HALF
            self._places[moved] = place
        elif not number:
            self._drop(group)

    def match(self, words: StoryWords) -> Hits:
        """The filters that the story meets. Some stories are learnt from, too."""
        story = self._vocabulary.read(words)
        groups = self._met(self._vocabulary.held(story))
        self._matched += 1
        if self._matched % _COUNTED == 0:
            self._vocabulary.count(story)
        if self._evaluated:
            groups = np.concatenate((groups.compress(groups >= 0), self._evaluate(groups, words)))
        fans = self._fans.columns[0].take(self._fans.gather(distinct(groups)))
        return Hits((fans >> HALF).astype(np.int32), fans.astype(np.int32))

    def _met(self, held: Numbers) -> Numbers:
        """The groups of the rows that a story with these numbers meets; the complement of those not sure."""
        is_met = self._is_met
        is_met[held] = _HELD
        at = self._rows.gather(held)
        *beside, groups = self._rows.columns
        for column in beside:
            at = at.compress(is_met.view(np.bool_).take(column.take(at)))
        is_met[held] = _NOT_HELD
        found: Numbers = groups.take(at)
        return found

    def _evaluate(self, groups: Numbers, words: StoryWords) -> Numbers:
        unsure = distinct(~groups[groups < 0])
        met = [group for group in unsure.tolist() if evaluate(self._evaluated[group], words) is not None]
        return np.array(met, np.int32)

    def _row(self, conjunct: Conjunct) -> _Row:
        hold = self._vocabulary.hold
        wanted = sorted(conjunct.wanted, key=self._vocabulary.share)
        codes = (*(2 * hold(one) for one in wanted), *(2 * hold(one) + 1 for one in conjunct.absent))
        return _Row(codes, is_sure=conjunct.is_all and len(codes) <= _BESIDE + bool(wanted))

    def _group(self, filter_: Filter, rows: list[_Row]) -> int:
        every = [code for row in sorted(sorted(row.codes) for row in rows) for code in (*row, _END)]
        codes = array("i", every).tobytes()
        key = codes if all(row.is_sure for row in rows) else filter_
        group = self._groups.get(key)
        if group is not None:
            self._release(codes)
            return group
        if self._free:
            group = self._free.pop()
            self._codes_of[group] = codes
        else:
            group = len(self._codes_of)
            self._codes_of.append(codes)
        self._groups[key] = group
        if key is filter_:
            self._evaluated[group] = filter_
        for row in rows:
            self._hang(group, row)
        self._rows.reach(len(self._vocabulary))
        if len(self._is_met) < len(self._vocabulary):
            self._is_met = np.full(2 * len(self._vocabulary), _NOT_HELD)
        return group

    def _hang(self, group: int, row: _Row) -> None:
        first, *beside = row.codes if row.codes and not row.codes[0] & 1 else (2 * ALWAYS, *row.codes)
        padded = (*beside, *[2 * ALWAYS] * _BESIDE)[:_BESIDE]
        self._rows.append(first >> 1, *padded, group if row.is_sure else ~group)

    def _drop(self, group: int) -> None:
        codes = self._codes_of[group]
        assert codes is not None
        for number in {ALWAYS, *(code >> 1 for code in array("i", codes) if code >= 0 and not code & 1)}:
            for at in np.flatnonzero(self._is_of(group, number))[::-1]:
                self._rows.remove(number, int(at))
        self._release(codes)
        del self._groups[self._evaluated.pop(group, codes)]
        self._codes_of[group] = None
        self._free.append(group)

    def _is_of(self, group: int, number: int) -> NDArray[np.bool_]:
        groups = self._rows.block(number, _BESIDE)
        found: NDArray[np.bool_] = (groups == group) | (groups == ~group)
        return found

    def _release(self, codes: bytes) -> None:
        for code in array("i", codes):
            if code != _END:
                self._vocabulary.release(code >> 1)
