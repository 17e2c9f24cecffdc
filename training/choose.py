"""How good scores are, for choosing between recipes; the reported figures are `make eval`'s."""

from collections.abc import Mapping, Sequence

import numpy as np

from training.pairs import Pair
from training.rouge import gain, grams, tokens


def best(scores: np.ndarray, count: int) -> list[int]:
    """The places of the `count` highest scores, in the document's order."""
    return sorted(np.argsort(-scores, kind="stable")[:count].tolist())


def standing(pairs: Sequence[Pair], found: Mapping[int, np.ndarray]) -> dict[str, list[float]]:
    """Style → the mean of ROUGE-1 and ROUGE-2 F, in percent, of the best one, two and three sentences."""
    got: dict[str, list[list[float]]] = {}
    for number, scores in found.items():
        pair = pairs[number]
        words = [tokens(sentence) for sentence in pair.sentences]
        target = grams(tokens(" ".join(pair.summary)))
        row = [100 * gain([words[i] for i in best(scores, k)], target) for k in (1, 2, 3)]
        got.setdefault(pair.group, []).append(row)
    return {group: np.mean(rows, axis=0).round(2).tolist() for group, rows in sorted(got.items())}
