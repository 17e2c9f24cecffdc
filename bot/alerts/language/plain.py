"""A filter in words: as canonical text, as it was typed, and as an English sentence. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import assert_never

from bot.alerts.language.names import NAMES
from bot.alerts.language.parse import FilterError, read_stored
from bot.alerts.language.terms import ABOUT_LEAST, NAMES_IN_CAPITALS, read_words
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
    Term,
    Word,
    normal,
    wanted,
)
from bot.text import tokens

Mark = Callable[[str], str]


def canonical(filter_: Filter) -> str:
    """The one text of all equal filters: folded, sorted, no duplicates; parses back to an equal filter.

    May be longer than what was typed.
    """
    return _text(filter_.root, _canonical, _sorted)


def write(filter_: Filter) -> str:
    """The filter in the typed order and spelling; parses back to an equal filter."""
    return _text(filter_.root, _typed, list)


def in_quotes(spelling: str) -> str:
    """A term in typographic quotation marks: the default mark of `describe`."""
    return f"“{spelling}”"


def describe(filter_: Filter, mark: Mark = in_quotes, topic_name: Callable[[str], str] = str) -> str:
    """A filter in plain words: stories with “north”, “korea” and “missile”, but not “sport”.

    `mark` gets each term as it was typed and returns it marked; to make HTML it escapes and wraps it.
    `topic_name` gets a topic's id and returns what people call it.
    """
    return f"stories {_Saying(mark, topic_name).whole(filter_.root)}"


def say(node: Node, mark: Mark = in_quotes, topic_name: Callable[[str], str] = str) -> str:
    """One clause of a filter in plain words: “missile” or “rocket”; from “Reuters”; without “sport”."""
    said = _Saying(mark, topic_name).node(node)
    return said.body if said.frame == _WITH else said.sentence()


def _sorted(texts: Iterable[str]) -> list[str]:
    return sorted(texts, key=lambda text: (text.startswith("-"), text))


def _text(node: Node, term: Callable[[Term], str], order: Callable[[Iterable[str]], list[str]]) -> str:
    match node:
        case All() | Either() if not _lets_in(node):
            return f"-({_text(normal(Not(node)), term, order)})"
        case All(parts):
            return " ".join(order(_text(part, term, order) for part in parts))
        case Either(parts):
            texts = (_text(part, term, order) for part in parts)
            return " OR ".join(
                order(
                    f"({text})" if isinstance(part, All) else text
                    for part, text in zip(parts, texts, strict=True)
                )
            )
        case Not(part):
            return f"-{_text(part, term, order)}"
        case _:
            return term(node)


def _canonical(term: Term) -> str:
    match term:
        case Phrase(words, title):
            return f"{'title:' * title}{_words(words)}"
        case Near(words, within, title):
            return f'{"title:" * title}"{" ".join(map(_word, words))}"~{within}'
        case InTopic(name):
            return f"topic:{name}"
        case FromSource(value):
            return f'source:"{value}"' if " " in value else f"source:{value}"
        case InLanguage(code):
            return f"lang:{code}"
        case About(text, least):
            return f'about:"{text}"~{least}'
    assert_never(term)


def _words(words: tuple[Word, ...]) -> str:
    """A phrase's words so that they are read as this phrase again."""
    texts = tuple(map(_word, words))
    exact = any(word.form is Form.EXACT for word in words)
    if len(words) == 1:
        return f"={texts[0]}" if exact else texts[0]
    if exact:
        return f'"{" ".join(texts)}"'
    together = "".join(texts)  # as a word of Chinese characters
    return together if _reads(together, words) else "-".join(texts)


def _reads(text: str, words: tuple[Word, ...]) -> bool:
    try:
        return read_words(text, exact=False) == words
    except FilterError:
        return False


def _word(word: Word) -> str:
    if word.form is Form.PREFIX:
        return f"{word.text}*"
    if word.form is Form.CAPITALS:
        return f"{'' if word.text in NAMES_IN_CAPITALS else '$'}{word.text.upper()}"
    return word.text


def _typed(term: Term) -> str:
    """The term in its typed spelling where that is read as the same term, else in canonical form."""
    match term:
        case Phrase() | Near() | FromSource():
            return next((text for text in _spellings(term) if _is(text, term)), _canonical(term))
        case _:
            return _canonical(term)


def _spellings(term: Phrase | Near | FromSource) -> tuple[str, ...]:
    spelling = term.spelling
    if isinstance(term, FromSource):
        return f"source:{spelling}", f'source:"{spelling}"'
    title = "title:" * term.title
    if isinstance(term, Near):
        return (f'{title}"{spelling}"~{term.within}',)
    if all(word.form is not Form.EXACT for word in term.words):
        return f"{title}{spelling}", f'{title}"{spelling}"'
    exact = f"{title}={spelling}", f'{title}"{spelling}"'
    return exact if len(term.words) == 1 else exact[::-1]


def _is(text: str, term: Term) -> bool:
    try:
        return read_stored(text).root == term
    except FilterError:
        return False


_WITH = "with {}"
_HEADLINE = "with {} in the headline"
_TOPIC = "in the topic {}"
_FROM = "from {}"
_LANGUAGE = "in {}"
_ABOUT = "about {}"
_EACH = "{}"  # parts of several frames, each in its own
_FRAMES = (_LANGUAGE, _FROM, _TOPIC, _ABOUT, _HEADLINE, _WITH, _EACH)  # in the order of a good sentence
_LISTS = (_HEADLINE, _WITH)


@dataclass(frozen=True, slots=True)
class _Said:
    """Some words for part of a filter, and the frame they stand in: parts in one frame share it."""

    frame: str
    body: str
    joins: str = ""  # the conjunction inside, where it has one

    def sentence(self) -> str:
        return self.frame.replace("{}", self.body)


class _Saying:
    """Says the parts of a filter in English."""

    def __init__(self, mark: Mark, topic_name: Callable[[str], str]) -> None:
        self._mark = mark
        self._topic_name = topic_name

    def whole(self, root: Node) -> str:
        """The filter after "stories"."""
        parts = root.parts if isinstance(root, All) else (root,)
        good = [self.node(part) for part in parts if _lets_in(part)]
        framed = [
            _listed(some, "and") for frame in _FRAMES if (some := [one for one in good if one.frame == frame])
        ]
        text = framed[0].sentence()
        for before, after in pairwise(framed):
            either = "either " * (after.frame == _EACH and after.joins == "or")
            text += f"{' and' * (before.frame in _LISTS or bool(either))} {either}{after.sentence()}"
        return f"{text}, but not {unwanted}" if (unwanted := self._unwanted(parts)) else text

    def node(self, node: Node) -> _Said:
        """One part of a filter."""
        match node:
            case Either(parts) if _lets_in(node):
                return _listed([self.node(part) for part in parts], "or")
            case All(parts) if _lets_in(node):
                said = _listed([self.node(part) for part in parts if _lets_in(part)], "and")
                unwanted = self._unwanted(parts)
                return (
                    _Said(said.frame, f"{said.body} (but not {unwanted})", said.joins) if unwanted else said
                )
            case All() | Either():
                return _not(self.node(normal(Not(node))))
            case Not(part):
                return _not(self.node(part))
            case _:
                return self._term(node)

    def _unwanted(self, parts: Iterable[Node]) -> str:
        bad = [self.node(normal(Not(part))) for part in parts if not _lets_in(part)]
        if not bad:
            return ""
        said = _listed(bad, "or") if len(bad) > 1 else _grouped(bad[0])
        return said.body if said.frame == _WITH else said.sentence()

    def _term(self, term: Term) -> _Said:
        match term:
            case Phrase():
                return _Said(_HEADLINE if term.title else _WITH, self._phrase(term))
            case Near(_, within, title):
                near = " near ".join(map(self._mark, _spelled(term)))
                return _Said(_HEADLINE if title else _WITH, f"{near} (at most {within} words between)")
            case InTopic(name):
                return _Said(_TOPIC, self._mark(self._topic_name(name)))
            case FromSource(value, spelling):
                return _Said(_FROM, self._mark(spelling or value))
            case InLanguage(code):
                return _Said(_LANGUAGE, NAMES.get(code, code))
            case About(text, least):
                alike = "" if least == ABOUT_LEAST else f" (at least {least} % alike)"
                return _Said(_ABOUT, f"{self._mark(text)}{alike}")
        assert_never(term)

    def _phrase(self, phrase: Phrase) -> str:
        exactly = "exactly " * (len(phrase.words) == 1 and phrase.words[0].form is Form.EXACT)
        spelling = phrase.spelling or " ".join(map(_word, phrase.words))
        return exactly + self._mark(spelling.replace("*", "…"))


def _spelled(near: Near) -> list[str]:
    """The words of a Near as they were typed."""
    text = near.spelling or " ".join(map(_word, near.words))
    return [text[one.start : one.end] + "…" * text.startswith("*", one.end) for one in tokens(text)]


def _lets_in(node: Node) -> bool:
    return any(True for _ in wanted(node))


def _not(said: _Said) -> _Said:
    grouped = _grouped(said)
    without = grouped.frame.replace("with ", "without ")
    return _Said(without if without != grouped.frame else f"not {grouped.frame}", grouped.body)


def _listed(parts: list[_Said], conjunction: str) -> _Said:
    """The parts as one: “a”, “b” and either “c” or “d”."""
    if len(parts) == 1:
        return parts[0]
    parts = sorted(parts, key=lambda part: part.joins != "")  # the single ones first: it reads better
    frames = {part.frame for part in parts}
    frame = frames.pop() if len(frames) == 1 else _EACH
    grouped = [_grouped(part) for part in parts]
    texts = [part.body if frame != _EACH else part.sentence() for part in grouped]
    return _Said(frame, f"{', '.join(texts[:-1])} {conjunction} {texts[-1]}", conjunction)


def _grouped(said: _Said) -> _Said:
    """The same to stand beside others: either “c” or “d”; both “c” and “d”."""
    return _Said(said.frame, {"": "", "or": "either ", "and": "both "}[said.joins] + said.body)
