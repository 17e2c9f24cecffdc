"""Why a story met a filter, and what it lacks where it did not, in plain words. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from bot.alerts.language.names import NAMES
from bot.alerts.language.parse import FilterError, read_stored
from bot.alerts.language.plain import describe, in_quotes, say
from bot.alerts.rule import (
    About,
    All,
    Either,
    Filter,
    Form,
    FromSource,
    InLanguage,
    InTopic,
    Near,
    Node,
    Not,
    Phrase,
    Word,
)
from bot.alerts.words import StoryWords, evaluate, failed, written
from bot.model import Match

Mark = Callable[[str], str]
"""Sets a word off from the sentence around it: in quotation marks, or in bold."""

_ABOUT = re.compile(r'about:"(?P<text>.*)" \((?P<near>-?\d+) %\)')
_FIELDS = ("topic:", "source:", "lang:", "about:")
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a filter was met: its rule in plain words (None when this version cannot read it any more).

    `words` are those of the story that met it, `sentence` the one where the first of them stands, and `about`
    the texts that its meaning is near, with their nearness in hundredths.
    """

    rule: str | None
    words: tuple[str, ...]
    sentence: str
    about: tuple[tuple[str, int], ...] = ()


def reason(match: Match, *, mark: Mark = in_quotes, topic_name: Callable[[str], str] = str) -> Reason:
    """What a delivery's trace says of one filter."""
    try:
        rule = describe(read_stored(match.filter_text), mark, topic_name)
    except FilterError:
        rule = None
    found = [_ABOUT.fullmatch(term) for term in match.terms]
    return Reason(
        rule=rule,
        words=tuple(term for term in match.terms if not term.startswith(_FIELDS)),
        sentence=match.sentence,
        about=tuple((one["text"], int(one["near"])) for one in found if one is not None),
    )


def nearest(meaning: NDArray[np.float32], others: NDArray[np.float32]) -> tuple[int, int]:
    """Which of n meanings, (n, 384), is nearest to one, (384,), and how near in hundredths."""
    nearness = others @ meaning
    at = int(nearness.argmax())
    return at, round(100 * float(nearness[at]))


def missing(
    filter_: Filter, words: StoryWords, *, mark: Mark = in_quotes, topic_name: Callable[[str], str] = str
) -> str | None:
    """What keeps the story from the filter, about "it": it has “missile”, but not “korea”.

    It is the first clause that fails, with the nearest that the story has. None when it meets the filter.
    """
    clause = failed(filter_, words)
    if clause is None:
        return None
    lacks = _Lacks(words, mark, topic_name)
    nearly = lacks.nearly(clause)
    if nearly is not None:
        return nearly
    has = [mark(one) for one in _met(filter_, words)]
    absent = say(clause, mark, topic_name)
    return f"it has {_listed(has)}, but not {absent}" if has else f"it has no {absent}"


def _met(filter_: Filter, words: StoryWords) -> list[str]:
    """What the story has of the clauses it meets, as it writes them."""
    met = [evaluate(Filter(clause), words) or () for clause in filter_.clauses]
    return list(written(one for some in met for one in some if one.start >= 0))[:_MOST_NAMED]


@dataclass(frozen=True, slots=True)
class _Lacks:
    """Says what a story has instead of what a filter asks for."""

    words: StoryWords
    mark: Mark
    topic_name: Callable[[str], str]

    def nearly(self, node: Node) -> str | None:
        """In a sentence about "it"; None where the words that are asked for are simply not there."""
        match node:
            case Either(parts) if all(isinstance(part, Phrase) and not part.title for part in parts):
                return None
            case All() | Either():
                return f"it does not meet this part: {self.said(node)}"
            case Not(part):
                return self._has_excluded(part)
            case Phrase():
                return self._phrase(node)
            case Near():
                return self._near(node)
            case InTopic() | FromSource() | InLanguage() | About():
                return self._belongs(node)
        assert_never(node)

    def said(self, node: Node) -> str:
        return say(node, self.mark, self.topic_name)

    def _has_excluded(self, part: Node) -> str:
        found = None if isinstance(part, All | Either | Not) else self.words.find(part)
        if found is not None and found.start >= 0:
            return f"it has {self.mark(found.written)}, which the filter excludes"
        return f"it is {self.said(part)}, which the filter excludes"

    def _phrase(self, phrase: Phrase) -> str | None:
        where = " in the headline" if phrase.title else ""
        shown = self.said(replace(phrase, title=False))
        if phrase.title and self.words.find(replace(phrase, title=False)) is not None:
            return f"it has {shown} in the text, but not in the headline"
        inflected = replace(phrase, words=tuple(map(_inflected, phrase.words)))
        found = None if inflected == phrase else self.words.find(inflected)
        if found is not None:
            capitals = " in capitals" if any(one.form is Form.CAPITALS for one in phrase.words) else ""
            return f"it has {self.mark(found.written)}, but not {shown}{capitals}{where}"
        if len(phrase.words) > 1 and all(map(self._has, phrase.words)):
            return f"it has the words of {shown}, but not side by side{where}"
        return f"it has no {shown}{where}" if phrase.title else None

    def _near(self, near: Near) -> str:
        absent = [self.mark(word.text) for word in near.words if not self._has(word)]
        if absent:
            return f"it has no {_listed(absent, 'or')}"
        where = " of its headline" if near.title else ""
        shown = _listed([self.mark(word.text) for word in near.words])
        words = "1 word" if near.within == 1 else f"{near.within} words"
        return f"it has {shown}, but not with at most {words} between them{where}"

    def _belongs(self, term: InTopic | FromSource | InLanguage | About) -> str:
        story = self.words.story
        match term:
            case InTopic():
                inside = [self.topic_name(one) for one in sorted(story.topics)]
                return f"it is not {self.said(term)}{_but('in', inside)}"
            case FromSource():
                return f"it is not {self.said(term)}{_but('from', sorted(story.sources))}"
            case InLanguage():
                tongues = [NAMES.get(code, code) for code in sorted(self.words.codes)]
                return f"it is not {self.said(term)}{_but('in', tongues)}"
            case About(text, least):
                near = self.words.nearness(text)
                if near is None:
                    return f"how near it is to {self.mark(text)} is not known"
                return f"it is {near:.0f} % near {self.mark(text)}, and the filter asks for {least} %"
        assert_never(term)

    def _has(self, word: Word) -> bool:
        return self.words.find(Phrase((word,))) is not None


def _inflected(word: Word) -> Word:
    return word if word.form is Form.PREFIX else Word(word.text)


def _but(where: str, others: Sequence[str]) -> str:
    return f"; it is {where} {_listed(others)}" if others else ""


def _listed(shown: Sequence[str], last: str = "and") -> str:
    """As one says "a, b and c"; of many only the first."""
    some = list(shown)
    if len(some) > _MOST_NAMED:
        some = [*some[:_MOST_NAMED], "others"]
    *head, tail = some
    return f"{', '.join(head)} {last} {tail}" if head else tail
