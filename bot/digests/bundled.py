"""The default summariser: the sources' own sentences, chosen with the encoder that comes with the project."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.digests.candidates import BY_MEANING, BY_WORDS
from bot.digests.central import central, vectors
from bot.digests.differ import Difference, differences
from bot.digests.extractive import Method, extractive
from bot.digests.tongue import language
from bot.digests.worth import ReadArticle
from bot.errors import ConfigError
from bot.logs import get_logger
from bot.model import Article, Digest, Source
from bot.sentences import Sentence, split
from bot.text import clip, squash

_log = get_logger(__name__)

WORDS = "sub-words"  # as the record calls the method without a model
_READS = "en"  # the encoder's language
_MOST = 96  # sentences of an article that are read: what is new does not come later, and live blogs never end
_MOST_ARTICLES = 12
_NEWEST = timedelta(hours=1)
_REASON = 160  # characters of why the encoder failed, in the record


class Reading(Protocol):
    """What one pass over n sentences told: meanings (n, d) of unit length, salience (n,), headline (d,)."""

    @property
    def meanings(self) -> NDArray[np.float32]: ...  # noqa: D102
    @property
    def salience(self) -> NDArray[np.float32]: ...  # noqa: D102
    @property
    def headline(self) -> NDArray[np.float32]: ...  # noqa: D102


class Reader(Protocol):
    """The encoder, as far as a digest needs it."""

    @property
    def name(self) -> str: ...  # noqa: D102
    def read(self, sentences: Sequence[str], *, headline: str = "") -> Reading: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class _Told:
    """An article with its number among those of the story, its sentences and its language."""

    number: int
    article: Article
    sentences: Sequence[Sentence]
    language: str | None


class BundledSummariser:
    """Writes digests with the encoder; CPU-bound: call it off the event loop."""

    def __init__(self, encoder: Reader) -> None:
        self._encoder = encoder

    def digest(self, articles: Sequence[Article], sources: Sequence[Source]) -> Digest:
        """The story's digest, each sentence the sources' own; by words alone where it cannot be read."""
        return _digest(articles, sources, self._encoder)


def plain(articles: Sequence[Article], sources: Sequence[Source] = ()) -> Digest:
    """The same without the encoder: by the words alone."""
    return _digest(articles, sources, None)


def _digest(articles: Sequence[Article], sources: Sequence[Source], encoder: Reader | None) -> Digest:
    """The digest of the articles in the story's language; what others say in theirs is linked to."""
    told = _told(articles)
    spoken = told[0].language if told else None
    read, method = _read(told, spoken, encoder)
    titles = (
        *(one.article.title for one in told),
        *(article.title for article in articles),
        *(source.title for source in sources),
    )
    differ = _differences(articles, read, by_meaning=method.likeness is BY_MEANING)
    return extractive(read, method=method, titles=titles, sources=sources, differ=differ)


def _read(
    told: Sequence[_Told], spoken: str | None, encoder: Reader | None
) -> tuple[list[ReadArticle], Method]:
    """What was read of the articles, and how: with the encoder, or by words where it cannot be had."""
    reason: tuple[str, ...] = ()
    if encoder is not None and spoken == _READS:
        try:
            return [_by_meaning(one, encoder) for one in told], Method(encoder.name, spoken, BY_MEANING)
        except ConfigError as error:
            _log.error("encoder_failed", reason=str(error))
            reason = (f"without the model: {clip(squash(str(error)), _REASON)}",)
    return _by_words(told), Method(WORDS, spoken, BY_WORDS, record=reason)


def _differences(
    articles: Sequence[Article], read: Sequence[ReadArticle], *, by_meaning: bool
) -> list[Difference]:
    """What the articles read disagree on, with evidence that counts all articles."""
    if len(read) < 2:  # noqa: PLR2004 - one cannot disagree
        return []
    of_each: list[Sequence[Sentence]] = [()] * len(articles)
    meanings = [one.meanings[:0] for one in read[:1] for _ in articles]
    for one in read:
        of_each[one.number], meanings[one.number] = one.sentences, one.meanings
    return differences(articles, of_each, meanings=meanings if by_meaning else None)


def _told(articles: Sequence[Article]) -> list[_Told]:
    """The articles to be read, in the language that most of them share; the leading one is first.

    Those read from a page come before summaries, and the newest lead: the first of them within three hours
    of the last. Of very many, the leading one and the latest are read.
    """
    order = sorted(range(len(articles)), key=lambda number: (articles[number].bare, number))
    told: list[_Told] = []
    for number in order:
        article = articles[number]
        if sentences := split(article.text)[:_MOST]:
            told.append(_Told(number, article, sentences, language(article.text, article.language)))
    count = Counter(one.language for one in told)
    most = max(count, key=lambda spoken: count[spoken], default=None)  # the first among equals
    told = [one for one in told if one.language == most]
    leading = _leading(told)
    if leading is None:
        return []
    rest = [one for one in told if one is not leading]
    latest = sorted(rest, key=lambda one: (one.article.bare, -one.number))[: _MOST_ARTICLES - 1]
    return [leading, *(one for one in rest if one in latest)]


def _leading(told: Sequence[_Told]) -> _Told | None:
    """The article that What You Need to Know is taken from: what was first told may have been overtaken."""
    whole = [one for one in told if not one.article.bare]
    dated = [(one.article.published_at, one) for one in whole if one.article.published_at is not None]
    newest = max((at for at, _ in dated), default=None)
    recent = (one for at, one in dated if newest is not None and at >= newest - _NEWEST)
    return next(recent, next(iter(told), None))


def _by_meaning(one: _Told, encoder: Reader) -> ReadArticle:
    reading = encoder.read([sentence.text for sentence in one.sentences], headline=one.article.title)
    return ReadArticle(
        one.number, one.article, one.sentences, reading.salience, reading.meanings, reading.headline
    )


def _by_words(told: Sequence[_Told]) -> list[ReadArticle]:
    """The articles read without a model, their sentences and titles on one scale."""
    rows = vectors([text for one in told for text in _texts(one)])
    read, start = [], 0
    for one in told:
        end = start + 1 + len(one.sentences)
        title, meanings = rows[start], rows[start + 1 : end]
        salience = central(meanings, title)
        read.append(ReadArticle(one.number, one.article, one.sentences, salience, meanings, title))
        start = end
    return read


def _texts(one: _Told) -> list[str]:
    return [one.article.title, *(sentence.text for sentence in one.sentences)]
