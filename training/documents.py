"""Documents as the salience heads read them: padded tensors of vectors, places, lengths and labels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from bot.encoder import places
from training.net import PARTS, PLACES
from training.pairs import MOST_SENTENCES, Pair, tenth
from training.rouge import gain, grams, oracle, tokens

ORACLE = 3  # sentences at most


@dataclass(frozen=True, slots=True)
class Labels:
    """Of one pair: what each sentence alone gains against the summary, and the greedy oracle."""

    gains: tuple[float, ...]
    oracle: tuple[int, ...]


def label(pair: Pair) -> Labels:
    """The labels of a pair's sentences."""
    words = [tokens(sentence) for sentence in pair.sentences]
    target = grams(tokens(" ".join(pair.summary)))
    return Labels(
        gains=tuple(gain([one], target) for one in words),
        oracle=tuple(oracle(words, target, most=ORACLE)),
    )


@dataclass(slots=True)
class Documents:
    """All pairs, padded to the longest: row 0 is the headline, sentence k is row k + 1.

    Text numbers run on: pair i's headline is text first[i], its sentences follow, then its summary.
    """

    count: np.ndarray  # (pairs,) sentences
    first: np.ndarray  # (pairs,)
    tenth: np.ndarray  # (pairs,)
    group: np.ndarray  # (pairs,) of str
    titled: Tensor  # (pairs,) bool
    places: Tensor  # (pairs, 41)
    parts: Tensor
    tokens: Tensor
    valid: Tensor  # (pairs, 41) bool
    gains: Tensor
    oracle: Tensor

    def headless(self) -> int:
        """The number of a text that is an empty headline."""
        return int(self.first[int((~self.titled).nonzero()[0])])


def documents(pairs: Sequence[Pair], labels: Sequence[Labels], lengths: Sequence[int]) -> Documents:
    """`lengths` are the token counts of all texts, in the order told above."""
    size, width = len(pairs), MOST_SENTENCES + 1
    count = np.array([len(pair.sentences) for pair in pairs])
    first = np.concatenate([[0], np.cumsum(count + 2)[:-1]])
    whole = [torch.zeros(size, width, dtype=torch.long) for _ in range(3)]
    valid = torch.zeros(size, width, dtype=torch.bool)
    gains, best = torch.zeros(size, width), torch.zeros(size, width)
    for i in range(size):
        n = int(count[i])
        where = places(n + 1, count=n, most=PLACES, parts=PARTS)
        whole[0][i, : n + 1] = torch.from_numpy(where["places"])
        whole[1][i, : n + 1] = torch.from_numpy(where["parts"])
        whole[2][i, : n + 1] = torch.tensor(lengths[first[i] : first[i] + n + 1])
        valid[i, 1 : n + 1] = True
        gains[i, 1 : n + 1] = torch.tensor(labels[i].gains)
        for place in labels[i].oracle:
            best[i, place + 1] = 1.0
    return Documents(
        count=count,
        first=first,
        tenth=np.array([tenth(pair.id) for pair in pairs]),
        group=np.array([pair.group for pair in pairs]),
        titled=torch.tensor([bool(pair.title) for pair in pairs]),
        places=whole[0],
        parts=whole[1],
        tokens=whole[2],
        valid=valid,
        gains=gains,
        oracle=best,
    )
