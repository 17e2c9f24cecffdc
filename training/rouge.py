"""ROUGE-1 and ROUGE-2 of sentences, fast enough to search for the best ones (Lin, "ROUGE", 2004).

For labels only; what is reported comes from the rouge-score package.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from nltk.stem.porter import PorterStemmer

_WORD = re.compile(r"[a-z0-9]+")
_stem = lru_cache(maxsize=200_000)(PorterStemmer().stem)


def tokens(text: str) -> list[str]:
    """Lower-case word stems, as the rouge-score package counts them."""
    return [_stem(word) if len(word) > 3 else word for word in _WORD.findall(text.lower())]


def grams(words: Sequence[str]) -> tuple[Counter[str], Counter[tuple[str, str]]]:
    """Unigrams and bigrams, counted."""
    return Counter(words), Counter(pairwise(words))


def f_measure(mine: Counter, theirs: Counter) -> float:
    """The harmonic mean of precision and recall of the grams, 0 to 1."""
    shared = (mine & theirs).total()
    total = mine.total() + theirs.total()
    return 2 * shared / total if total else 0.0


def gain(chosen: Sequence[Sequence[str]], target: tuple[Counter, Counter]) -> float:
    """The mean of ROUGE-1 and ROUGE-2 F of the chosen sentences together."""
    one: Counter[str] = Counter()
    two: Counter[tuple[str, str]] = Counter()
    for words in chosen:
        more, pairs = grams(words)
        one += more
        two += pairs
    return (f_measure(one, target[0]) + f_measure(two, target[1])) / 2


def oracle(sentences: Sequence[Sequence[str]], target: tuple[Counter, Counter], *, most: int) -> list[int]:
    """The sentences that a greedy search takes, in the order of its choice (Nallapati et al., 2017)."""
    chosen: list[int] = []
    best = 0.0
    while len(chosen) < most:
        tries = [
            (gain([sentences[i] for i in (*chosen, place)], target), -place)
            for place in range(len(sentences))
            if place not in chosen
        ]
        score, place = max(tries, default=(0.0, 0))
        if score <= best:
            break
        best = score
        chosen.append(-place)
    return chosen
