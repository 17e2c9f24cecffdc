"""Filters like people's and real articles to match them against, for `make bench-match`; all of it seeded.

The words of filters come from other articles of the stream than those that are matched: drawn by Zipf's law
from their vocabulary (the word of rank r with a chance in proportion to 1/r), less the words that a tenth of
all articles has, for nobody follows "during". Phrases are copied out of their texts.
"""

import gzip
import json
import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from bot.model import StoryText
from bot.text import tokens

STORIES = 500
SUBSCRIBERS = 300_000
SHARES = {"one": 35, "two": 25, "three": 10, "phrase": 15, "or": 8, "not": 5, "prefix": 2}  # of a hundred
_SEED = 5
_LONGEST = 60_000  # characters of a story that filters are shown
_COMMON = 0.1  # of the articles
_FEWEST_LETTERS = 3
_FEWEST_WORDS = 10  # of a text that phrases are copied from
_PREFIX_LETTERS = (4, 7)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a filter asks for: of each clause a word, a phrase or a word's beginning; and not `excluded`."""

    clauses: tuple[tuple[str, ...], ...]
    excluded: str = ""
    is_prefix: bool = False

    @property
    def text(self) -> str:
        """In the filter language."""
        if self.is_prefix:
            return f"{self.clauses[0][0]}*"
        clauses = (
            " OR ".join(f'"{one}"' if " " in one else one for one in clause) for clause in self.clauses
        )
        return " ".join(clauses) + (f" -{self.excluded}" if self.excluded else "")

    @property
    def regex(self) -> str:
        """One regular expression, to be searched for with IGNORECASE and DOTALL."""
        end = "" if self.is_prefix else r"\b"
        clauses = ["|".join(_spaced(one) + end for one in clause) for clause in self.clauses]
        if len(clauses) == 1 and not self.excluded:
            return clauses[0]
        excluded = rf"(?!.*\b{self.excluded}\b)" if self.excluded else ""
        return rf"\A{excluded}" + "".join(f"(?=.*(?:{clause}))" for clause in clauses)

    @property
    def tsquery(self) -> str:
        """For PostgreSQL's to_tsquery."""
        end = ":*" if self.is_prefix else ""
        clauses = ("|".join(one.replace(" ", "<->") + end for one in clause) for clause in self.clauses)
        return "&".join(f"({clause})" for clause in clauses) + (f"&!{self.excluded}" if self.excluded else "")


class Workload:
    """The articles to be matched, and as many wishes as asked for; the first n are always the same."""

    def __init__(self, path: Path) -> None:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            articles = [json.loads(line) for line in lines]
        random.Random(_SEED).shuffle(articles)
        self.stories = [_story(one) for one in articles[:STORIES]]
        self.others = [_story(one) for one in articles[STORIES:]]
        texts = ([token.term for token in tokens(one.text)] for one in self.others)
        self._texts = [text for text in texts if len(text) > _FEWEST_WORDS]
        counts = Counter(word for text in self._texts for word in set(text))
        self._common = {word for word, count in counts.items() if count > _COMMON * len(self._texts)}
        self._vocabulary = [
            word for word in sorted(counts, key=lambda word: (-counts[word], word)) if self._is_fit(word)
        ]
        self._chances = list(accumulate(1 / rank for rank in range(1, len(self._vocabulary) + 1)))

    def wishes(self, count: int) -> Iterator[Wish]:
        """The first `count` wishes."""
        return islice(self._wishes(random.Random(_SEED)), count)

    def _wishes(self, dice: random.Random) -> Iterator[Wish]:
        kinds, shares = list(SHARES), list(SHARES.values())
        while True:
            for kind in dice.choices(kinds, shares, k=1000):
                yield self._wish(kind, dice)

    def _wish(self, kind: str, dice: random.Random) -> Wish:
        first, second, third = dice.choices(self._vocabulary, cum_weights=self._chances, k=3)
        match kind:
            case "one":
                return Wish(((first,),))
            case "two":
                return Wish(((first,), (second,)))
            case "three":
                return Wish(((first,), (second,), (third,)))
            case "phrase":
                return Wish(((self._phrase(dice),),))
            case "or":
                return Wish(((first, second),) if dice.random() < 1 / 2 else ((first,), (second, third)))
            case "not" if second != first:
                return Wish(((first,),), excluded=second)
            case "prefix":
                return Wish(((first[: dice.randint(*_PREFIX_LETTERS)],),), is_prefix=True)
        return Wish(((first,),))

    def _phrase(self, dice: random.Random) -> str:
        while True:
            text, length = dice.choice(self._texts), dice.choice((2, 3))
            at = dice.randrange(len(text) - length)
            words = text[at : at + length]
            if self._is_fit(words[0]) and self._is_fit(words[-1]) and all(map(str.isalpha, words)):
                return " ".join(words)

    def _is_fit(self, word: str) -> bool:
        is_word = word.isascii() and word.isalpha() and len(word) >= _FEWEST_LETTERS
        return is_word and word not in self._common


def _quoted(words: str) -> str:
    return f'"{words}"' if " " in words else words


def _spaced(phrase: str) -> str:
    return rf"\b{phrase}".replace(" ", r"\W+")


def stream() -> Path:
    """Where the stream lies: below SHARED_DATA, or beside the repository."""
    named = os.environ.get("SHARED_DATA")
    shared = Path(named) if named else Path(__file__).parent.parent.parent / "shared" / "data"
    return shared / "stream" / "news-2026.jsonl.gz"


def _story(article: dict[str, Any]) -> StoryText:
    text = re.sub(r"\n+", "\n", f"{article['summary'] or ''}\n{article['article']}")
    return StoryText(
        title=article["source_title"],
        text=text[:_LONGEST],
        sources=frozenset([article["domain"]]),
        addresses=frozenset([article["url"]]),
        languages=frozenset(["en"]),
    )
