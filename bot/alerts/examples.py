"""How near a story's meaning is to the example sentences of each topic. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bot.alerts.words import Meanings

_FEW = 3  # examples whose cosines are averaged: one alone may be near by chance


@dataclass(frozen=True, slots=True)
class Nearest:
    """The mean cosine of the examples nearest to a story, and of them the nearest, with its own."""

    cosine: float
    text: str
    best: float


@dataclass(frozen=True, slots=True)
class _Read:
    texts: list[str]
    vectors: NDArray[np.float32]  # (texts + 1, 384); the last is nobody's, and near nothing
    places: NDArray[np.intp]  # (topics, longest): the numbers of each topic's texts, filled up with the last


class Examples:
    """Each topic's example sentences, read by the encoder when they are first needed."""

    def __init__(self, texts: Mapping[str, tuple[str, ...]], meanings: Meanings) -> None:
        self._given = {id_: some for id_, some in texts.items() if some}
        self._meanings = meanings

    def learn(self) -> None:
        """Has them read now: some milliseconds for each."""
        if self._given:
            _ = self._read

    def nearest(self, meaning: NDArray[np.float32]) -> dict[str, Nearest]:
        """Of each topic that has examples, those nearest to a meaning, (384,) of unit length."""
        if not self._given:
            return {}
        read = self._read
        cosines = read.vectors @ meaning
        cosines[-1] = -np.inf
        per_topic = cosines[read.places]
        few = np.sort(per_topic, axis=1)[:, -_FEW:]
        means = np.mean(few, axis=1, where=np.isfinite(few))
        best = read.places[np.arange(len(per_topic)), per_topic.argmax(axis=1)]
        return {
            id_: Nearest(float(mean), read.texts[at], float(cosines[at]))
            for id_, mean, at in zip(self._given, means, best, strict=True)
        }

    @cached_property
    def _read(self) -> _Read:
        texts = [text for some in self._given.values() for text in some]
        vectors = [self._meanings(text) for text in texts]
        places = np.full((len(self._given), max(map(len, self._given.values()))), len(texts), np.intp)
        start = 0
        for row, some in zip(places, self._given.values(), strict=True):
            row[: len(some)] = range(start, start + len(some))
            start += len(some)
        return _Read(texts, np.stack([*vectors, np.zeros_like(vectors[0])]), places)
