"""The numbers that an article states flatly, so that another's may be held against them. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.digests.compose import recalls
from bot.facts import Kind, Number, dates, negated, numbers
from bot.model import Article
from bot.sentences import Sentence, word_set
from bot.text import tokens

STEM = 6  # letters of a word that are compared
_SHORTEST = 4  # letters of a content word
# What an amount, a share or a measure is of: without one of these near both numbers nothing is said.
TOPICS = {
    Kind.MONEY: "price cost fine penalty deal value valuation damage revenue profit loss budget salary bail"
    " ransom settlement"
    " investment debt funding bonus contract reward grant turnover bid offer",
    Kind.SHARE: "inflation unemployment turnout tariff stake growth interest vote capacity containment"
    " margin",
    Kind.MEASURE: "magnitude depth distance length height altitude speed area sentence ban delay term",
}
_COMPARED_KINDS = frozenset({Kind.COUNT, *TOPICS})
_MODAL = re.compile(
    r"\b(?:could|would|might|may|if|expect\w*|plans?|planned|fear\w*|forecast\w*|predict\w*|estimat\w*"
    r"|target\w*|goal|aims?"
    r"|initial\w*|earlier|previous\w*|so far|last (?:year|month|week)|since|revised|up from|down from"
    r"|on average|typically"
    r"|usually|per|each|every|rose|risen|climbed|former|anniversary|ago|prior|formerly|potential\w*"
    r"|projected|records?|historic\w*)\b",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"\b(?:from|than|\d of|out of|minus|versus|vs\.?|against|compared (?:with|to))\s(?:[$€£])?$",
    re.IGNORECASE,
)
# Counted all the time, of anybody.
_LOOSE = word_set("season round game match time place goal point step way side win reason")
_COMPARED = re.compile(
    r"[^.,;]{0,30}?\b(?:more|fewer|sooner|later|earlier|longer|higher|lower|older|younger|ahead|behind"
    r"|away|apart|than)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A number that a sentence of an article states."""

    article: int
    place: int
    sentence: Sentence
    number: Number
    words: frozenset[str]


def claims(article: Article, index: int, sentences: Sequence[Sentence]) -> Iterator[Claim]:
    """The numbers of the article that are stated flatly, one at a time: no hopes, no past, no comparisons."""
    for place, sentence in enumerate(sentences):
        text = sentence.text
        if _MODAL.search(text) or negated(text, "en") or recalls(text) or text.rstrip().endswith("?"):
            continue
        if _of_another_time(text, article):
            continue
        for number in numbers(text, "en"):
            if number.kind not in _COMPARED_KINDS or number.part or number.unit in _LOOSE:
                continue
            if _stands_alone(text, number):
                yield Claim(index, place, sentence, number, content(text))


def _stands_alone(text: str, number: Number) -> bool:
    """Whether the number is no step or yardstick: "from 12", "12 minutes later", "12 fewer than"."""
    return not (_FROM.search(text[: number.opens]) or _COMPARED.match(text, number.end))


def _of_another_time(text: str, article: Article) -> bool:
    """Whether the sentence is dated by a month alone, or by a year that is not the article's own."""
    year = article.published_at.year if article.published_at else None
    return any(
        (date.year is not None and date.year != year) or (date.month is not None and date.day is None)
        for date in dates(text, "en")
    )


def content(text: str) -> frozenset[str]:
    """The words of some length, by their stems: what a sentence is about."""
    return frozenset(
        token.term[:STEM]
        for token in tokens(text)
        if len(token.term) >= _SHORTEST and not token.term[0].isdecimal()
    )
