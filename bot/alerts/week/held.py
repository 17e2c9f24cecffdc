"""The last week's stories in a few flat arrays, so that a filter is tried on thousands in milliseconds. Pure.

What it says of a filter is what `bot.alerts.words` says of each story in turn, to the last story; only a
cosine within a hundredth of a hundredth of its threshold may fall on the other side (float16).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from bot.alerts.rule import (
    About,
    All,
    Either,
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
from bot.alerts.week.story import Read, Told
from bot.alerts.week.vocabulary import GAP, Codes, Vocabulary
from bot.alerts.words import Meanings, source_values
from bot.text import fold

WIDTH = 384  # of a meaning
Mask = NDArray[np.bool_]
"""One truth for each story of the week, in its order."""
Places = NDArray[np.intp]
"""Places in the tokens of all stories, in order."""

_MOST_KEPT = 400  # answers for terms that are kept: 1.6 MB for 4,000 stories
_FEW = 4  # numbers that are looked for one by one: a table costs as much as five


@dataclass(frozen=True, eq=False)
class Week:
    """Stories, the newest first; it never changes, and threads may share it.

    The tokens of story k are `tokens[starts[k] : starts[k + 1]]`, its headlines' end before `headlines[k]`;
    `meanings` (n, 384) has zeros where a meaning is not known. `complete` says that these are all there were.
    """

    vocabulary: Vocabulary
    told: tuple[Told, ...]
    tokens: Codes
    starts: Places
    headlines: Places
    meanings: NDArray[np.float16]
    encode: Meanings | None = None
    complete: bool = True
    _kept: dict[Term, Mask] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        vocabulary: Vocabulary,
        stories: Sequence[Read],
        *,
        encode: Meanings | None = None,
        complete: bool = True,
    ) -> "Week":
        """The week of these stories, in their order, read with this vocabulary."""
        starts = np.cumsum([0, *(len(one.tokens) for one in stories)], dtype=np.intp)
        nothing: NDArray[np.float16] = np.zeros(WIDTH, np.float16)
        meanings = [nothing if one.meaning is None else one.meaning for one in stories]
        return cls(
            vocabulary=vocabulary,
            told=tuple(one.told for one in stories),
            tokens=np.concatenate([np.zeros(0, np.int32), *(one.tokens for one in stories)]),
            starts=starts,
            headlines=starts[:-1] + np.array([one.headline for one in stories], np.intp),
            meanings=np.stack(meanings) if meanings else np.zeros((0, WIDTH), np.float16),
            encode=encode,
            complete=complete,
        )

    def __len__(self) -> int:
        return len(self.told)

    def story(self, at: int) -> Read:
        """Story `at` as it was read; its arrays are parts of the week's."""
        start, end = self.starts[at : at + 2].tolist()
        return Read(self.told[at], self.tokens[start:end], int(self.headlines[at]) - start, self.meanings[at])

    def meets(self, node: Node) -> Mask:
        """Which stories meet the node; not to be written to."""
        found: Mask
        match node:
            case All(parts):
                found = np.all([self.meets(part) for part in parts], axis=0)
            case Either(parts):
                found = np.any([self.meets(part) for part in parts], axis=0)
            case Not(part):
                found = ~self.meets(part)
            case _:
                found = self._answer(node)
        return found

    def _answer(self, term: Term) -> Mask:
        known = self._kept.get(term)
        if known is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            known = self._kept[term] = self._meets(term)
        return known

    def count(self, node: Node) -> int:
        """How many stories meet the node."""
        return int(self.meets(node).sum())

    def _meets(self, term: Term) -> Mask:
        match term:
            case Phrase():
                return self._stories_at(self._phrase(term))
            case Near():
                return self._stories_at(self._near(term))
            case InTopic(name):
                return self._each(name in told.topics for told in self.told)
            case FromSource(value):
                return self._from_source(value)
            case InLanguage(code):
                return self._each(code in told.codes for told in self.told)
            case About(text, least):
                return self.nearness(text) >= least
        assert_never(term)

    def nearness(self, text: str) -> NDArray[np.float32]:
        """How near each story's meaning is to the text's, in hundredths; 0 where that is not known."""
        if self.encode is None:
            return np.zeros(len(self), np.float32)
        return 100 * (self.meanings.astype(np.float32) @ self.encode(text))

    def _each(self, truths: Iterable[bool]) -> Mask:
        return np.fromiter(truths, np.bool_, len(self))

    def _from_source(self, value: str) -> Mask:
        names = {name for told in self.told for name in told.sources}
        called = {name for name in names if value in source_values((name,), ())}
        host = value.partition("/")[0]
        return self._each(
            not called.isdisjoint(told.sources)
            # Taking an address apart is slow; most do not even hold the letters.
            or value in source_values((), (one for one in told.addresses if host in fold(one)))
            for told in self.told
        )

    def _stories_at(self, at: Places) -> Mask:
        found: Mask = np.zeros(len(self), np.bool_)
        found[self._story_of(at)] = True
        return found

    def _story_of(self, at: Places) -> Places:
        return np.searchsorted(self.starts, at, side="right") - 1

    def _phrase(self, phrase: Phrase) -> Places:
        """Where the phrase begins."""
        first, *rest = phrase.words
        at = self._where(first, title=phrase.title)
        for step, word in enumerate(rest, 1):
            # A token is never the last: a gap is. What is read beyond one is found to be no word.
            at = at[self._is(word, at + step)]
        return at

    def _near(self, near: Near) -> Places:
        """Where a stretch of text begins that holds all the words."""
        found = [self._where(word, title=near.title) for word in near.words]
        if not all(map(len, found)):
            return np.zeros(0, np.intp)
        begin = np.unique(np.concatenate(found))
        end = np.minimum(
            begin + near.within + len(near.words), self._gaps[np.searchsorted(self._gaps, begin)]
        )
        met = np.ones(len(begin), np.bool_)
        for some in found:
            met &= _within(some, begin, end) > 0
        for many, some in _crowds(found):
            met &= _within(some, begin, end) >= many
        return begin[met]

    @cached_property
    def _gaps(self) -> Places:
        return np.flatnonzero(self.tokens == GAP)

    def _where(self, word: Word, *, title: bool) -> Places:
        """Where the word stands."""
        if word.form is Form.CAPITALS:
            at = self._of_codes([2 * number + 1 for number in self.vocabulary.exact(word.text)])
        else:
            numbers = sorted({number for forms in self._forms(word) for number in forms})
            at = self._of_codes([code for number in numbers for code in (2 * number, 2 * number + 1)])
            if word.form is Form.INFLECTED:
                at = at[self._is(word, at)]
        return at[at < self.headlines[self._story_of(at)]] if title else at

    def _of_codes(self, codes: Sequence[int]) -> Places:
        if len(codes) <= _FEW:
            found: Mask = np.zeros(len(self.tokens), np.bool_)
            for code in codes:
                found |= self.tokens == code
        else:
            found = self._table(codes)[self.tokens]
        return np.flatnonzero(found)

    def _table(self, codes: Sequence[int]) -> Mask:
        table: Mask = np.zeros(2 * len(self.vocabulary), np.bool_)
        table[list(codes)] = True
        return table

    def _is(self, word: Word, at: Places) -> Mask:
        """Whether the word stands at each of these places, as that place's story is read."""
        codes = self.tokens[at]
        if word.form is Form.CAPITALS:
            return np.isin(codes, [2 * number + 1 for number in self.vocabulary.exact(word.text)])
        forms = self._forms(word)
        if len(forms) == 1 or all(one == forms[0] for one in forms):
            return np.isin(codes >> 1, forms[0])
        tongues = self._tongues[1][self._story_of(at)]
        found: Mask = np.zeros(len(at), np.bool_)
        for tongue, numbers in enumerate(forms):
            found |= (tongues == tongue) & np.isin(codes >> 1, numbers)
        return found

    def _forms(self, word: Word) -> list[list[int]]:
        """The numbers of the terms that are the word, for each of the week's ways to be read."""
        if word.form is Form.PREFIX:
            return [self.vocabulary.beginning(word.text)]
        itself = self.vocabulary.exact(word.text)
        if word.form is not Form.INFLECTED:
            return [itself]
        forms = {language: self.vocabulary.inflections(word.text, language) for language in self.languages}
        return [
            sorted({*itself, *(number for language in stemmers for number in forms[language])})
            for stemmers in self._tongues[0] or [()]
        ]

    @cached_property
    def languages(self) -> frozenset[str]:
        """Those whose stemmer reads one of the stories."""
        return frozenset(language for stemmers in self._tongues[0] for language in stemmers)

    @cached_property
    def _tongues(self) -> tuple[list[tuple[str, ...]], NDArray[np.int16]]:
        # The distinct ways to be read, and the number of each story's.
        distinct = sorted({told.stemmers for told in self.told})
        number = {stemmers: at for at, stemmers in enumerate(distinct)}
        return distinct, np.array([number[told.stemmers] for told in self.told], np.int16)


def _crowds(found: Sequence[Places]) -> Iterator[tuple[int, Places]]:
    """Words that may be forms of one another: how many they are, and where any of them stands.

    Each needs a token of its own. There is one for each when any few of the words have as many tokens among
    them (Hall, 1935); of words that stand at the same places, all are the ones to ask.
    """
    alike = Counter(some.tobytes() for some in found)
    kinds = [(many, np.frombuffer(key, np.intp)) for key, many in alike.items()]
    shared = [
        one
        for one in kinds
        if one[0] > 1 or any(np.isin(one[1], two[1]).any() for two in kinds if two is not one)
    ]
    for size in range(1, len(shared) + 1):
        for few in combinations(shared, size):
            many = sum(count for count, _ in few)
            if many > 1:
                yield many, np.unique(np.concatenate([some for _, some in few]))


def _within(places: Places, begin: Places, end: Places) -> Places:
    """How many of the places lie in each stretch from `begin` to before `end`."""
    return np.searchsorted(places, end) - np.searchsorted(places, begin)
