"""Which sentences are central, in any language: sub-word TF-IDF with position, and no model. Pure.

Words are compared by the runs of characters inside them, so that "reopened" meets "reopens" and a German
compound its parts, without a list of endings for each language (character n-grams: McNamee and Mayfield,
"Character N-Gram Tokenization for European Language Text Retrieval", 2004). Centrality is the likeness to the
whole (Radev et al., "Centroid-based summarization of multiple documents", 2004).
"""

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.text import fold, words

_RUN = 4  # characters; what of a word is compared, its borders counted
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7ff\uf900-\ufaff\u0e00-\u0e7f]+")
_MOST_RUNS = 8192  # columns: those in most sentences, so that a long story stays small
_HEADLINE = 0.3  # of the weight of likeness to the whole
_OPENING = 0.3
_FADES = 0.3


def vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """TF-IDF of sub-words, one row of unit length for each text, (n, d); a text without words is all zeros.

    Runs found in one text only make its row shorter and have no column: they are like nothing else.
    """
    counts = [Counter(_runs(text)) for text in texts]
    found: Counter[str] = Counter()
    for count in counts:
        found.update(count.keys())
    shared = sorted((run for run, n in found.items() if n > 1), key=lambda run: (-found[run], run))
    column = {run: place for place, run in enumerate(shared[:_MOST_RUNS])}
    rows = np.zeros((len(texts), len(column)), dtype=np.float32)
    for number, count in enumerate(counts):
        length = 0.0
        for run, times in count.items():
            weight = (1 + math.log(times)) * (1 + math.log(len(texts) / found[run]))
            length += weight * weight
            if run in column:
                rows[number, column[run]] = weight
        rows[number] /= math.sqrt(length) or 1.0
    return rows


def central(sentences: NDArray[np.float32], headline: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much each sentence of a document tells, (n,): like the whole of it, like its headline, and early.

    `sentences` (n, d) and `headline` (d,) are from one call of `vectors`. The weights were chosen on training
    pairs (tenths 2 to 9), never on what is reported.
    """
    whole = sentences.sum(axis=0)
    length = float(np.linalg.norm(whole)) or 1.0
    alike = sentences @ (whole / length) + _HEADLINE * (sentences @ headline)
    early = _OPENING / (1 + _FADES * np.arange(len(sentences)))
    salience: NDArray[np.float32] = (alike + early).astype(np.float32)
    return salience


def _runs(text: str) -> list[str]:
    """The character runs of a text's words, shorter words whole; pairs where a script has no spaces."""
    folded = fold(text)
    pairs = [run[i : i + 2] for run in _UNSPACED.findall(folded) for i in range(max(1, len(run) - 1))]
    padded = (f" {word} " for word in words(_UNSPACED.sub(" ", folded)))
    inside = [word[i : i + _RUN] for word in padded for i in range(max(1, len(word) - _RUN + 1))]
    return pairs + inside
