"""The sources as the checks read them, and which one or two passages a sentence rests on. Pure."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.digests.generated.verify_text import Said, read
from bot.model import Article, Evidence
from bot.sentences import split
from bot.text import fold, tokens

_NEXT_TO = 0.85  # of the best passage's cover: those that a sentence may rest on instead
_TRIED = 3  # passages
_SECOND = 0.15  # of the sentence's weight that a second passage must add


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of a source: whose it is, where it stands, how it reads, and its number in its article."""

    evidence: Evidence
    said: Said
    number: int

    @property
    def article(self) -> int:
        """The number of its article."""
        return self.evidence.article


@dataclass(frozen=True, slots=True)
class Sources:
    """All passages of a story, with what each word weighs: the rarer, the more it tells."""

    articles: tuple[Article, ...]
    passages: tuple[Passage, ...]
    titles: tuple[Said, ...]
    weights: dict[str, float]
    small: frozenset[str]
    texts: tuple[tuple[str, ...], ...]
    language: str | None

    def weight(self, stem: str) -> float:
        """What a word weighs; one that no source has weighs most."""
        return self.weights.get(stem, self.weights[""])

    def read(self, sentence: str) -> Said:
        """A sentence of a digest, read as these sources are."""
        return read(sentence, is_word=self.small.__contains__, language=self.language)

    def near(self, passage: Passage, *, before: int, after: int = 0) -> Iterator[Passage]:
        """The passages around one in its article, itself left out."""
        for other in self.passages:
            if (
                other.article == passage.article
                and other.number != passage.number
                and -before <= other.number - passage.number <= after
            ):
                yield other


def sources_of(articles: Sequence[Article], *, language: str | None = None) -> Sources:
    """The articles, read sentence by sentence."""
    small = frozenset(
        fold(article.text[token.start : token.end])
        for article in articles
        for token in tokens(article.text)
        if article.text[token.start].islower()
    )
    passages: list[Passage] = []
    for number, article in enumerate(articles):
        for at, sentence in enumerate(split(article.text)):
            said = read(sentence.text, is_word=small.__contains__, language=language)
            passages.append(Passage(Evidence(number, sentence.start, sentence.end), said, at))
    counts = Counter(stem for passage in passages for stem in passage.said.stems)
    total = len(passages) + 1
    weights = {stem: math.log(1 + total / count) for stem, count in counts.items()}
    return Sources(
        articles=tuple(articles),
        passages=tuple(passages),
        titles=tuple(
            read(article.title, is_word=small.__contains__, language=language) for article in articles
        ),
        weights=weights | {"": math.log(1 + total)},
        small=small,
        texts=tuple(
            tuple(token.term for token in tokens(f"{article.title}\n{article.text}")) for article in articles
        ),
        language=language,
    )


def candidates(sentence: Said, sources: Sources) -> list[tuple[Passage, ...]]:
    """The groups of one or two passages that the sentence may rest on, the likeliest first.

    Single passages that cover nearly as many of its words as the best one does; then each of them with the
    passage that covers most of what it leaves.
    """
    stems = sentence.stems
    covers = sorted(
        (
            (_weight(stems & passage.said.stems, sources), -at, passage)
            for at, passage in enumerate(sources.passages)
        ),
        key=lambda cover: cover[:2],
        reverse=True,
    )
    if not covers or covers[0][0] == 0:
        return []
    best = [passage for cover, _, passage in covers[:_TRIED] if cover >= _NEXT_TO * covers[0][0]]
    pairs: list[tuple[Passage, ...]] = []
    whole = _weight(stems, sources)
    for first in best:
        left = stems - first.said.stems
        second = max(
            (passage for passage in sources.passages if passage is not first),
            key=lambda passage: (
                _weight(left & passage.said.stems, sources),
                passage.article == first.article,
                -abs(passage.number - first.number),
            ),
            default=None,
        )
        if second and _weight(left & second.said.stems, sources) >= _SECOND * whole:
            pairs.append((first, second))
    return [*((passage,) for passage in best), *pairs]


def cover(sentence: Said, group: Sequence[Passage], sources: Sources) -> float:
    """The share of the sentence's telling words, by weight, that the passages have; 1 where it has none."""
    stems = sentence.told
    whole = _weight(stems, sources)
    known = frozenset[str]().union(*(passage.said.stems for passage in group))
    return _weight(stems & known, sources) / whole if whole else 1.0


def _weight(stems: frozenset[str], sources: Sources) -> float:
    return sum(map(sources.weight, stems))
