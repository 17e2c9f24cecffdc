"""The filters' semantics once more, as naively as can be: what the real evaluator and the index are held to.

Written from what `bot.alerts.rule` says, not from the code that evaluates it. It shares only the tokens, the
capitals and the stems with that code.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from urllib.parse import urlsplit

import numpy as np

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
)
from bot.model import StoryText
from bot.stems import LANGUAGES, stem
from bot.text import fold, in_capitals, tokens

Meanings = Callable[[str], np.ndarray]
Token = tuple[str, bool]  # its term, and whether it stands in capitals


@dataclass(frozen=True)
class Read:
    """A story's paragraphs as tokens, made once, as many filters ask for them."""

    story: StoryText
    meanings: Meanings | None

    @cached_property
    def headlines(self) -> list[list[Token]]:
        return [paragraph(line) for line in self.story.title.split("\n")]

    @cached_property
    def paragraphs(self) -> list[list[Token]]:
        return self.headlines + [paragraph(line) for line in self.story.text.split("\n")]

    @cached_property
    def codes(self) -> set[str]:
        return {language.replace("_", "-").split("-")[0].lower() for language in self.story.languages}

    @cached_property
    def stemmers(self) -> set[str]:
        """What reads it: English, when nobody knows its language."""
        return self.codes & LANGUAGES if self.codes else {"en"}


def paragraph(text: str) -> list[Token]:
    return [(token.term, in_capitals(text, token)) for token in tokens(text)]


def brute(filter_: Filter, story: StoryText, meanings: Meanings | None = None) -> bool:
    return holds(filter_.root, Read(story, meanings))


def holds(node: Node, read: Read) -> bool:
    match node:
        case All(parts):
            return all(holds(part, read) for part in parts)
        case Either(parts):
            return any(holds(part, read) for part in parts)
        case Not(part):
            return not holds(part, read)
        case Phrase(title=title):
            return any(stands_in(one, node, read) for one in (read.headlines if title else read.paragraphs))
        case Near(title=title):
            return any(is_near_in(one, node, read) for one in (read.headlines if title else read.paragraphs))
        case _:
            return is_about(node, read)


def is_about(term: Term, read: Read) -> bool:
    """Whether the story meets a term that asks for no words."""
    story = read.story
    match term:
        case InTopic(name):
            return name in story.topics  # those above a topic are among a story's topics
        case FromSource(value):
            called = any(is_called(name, value) for name in story.sources)
            return called or any(has_address(address, value) for address in story.addresses)
        case InLanguage(code):
            return code in read.codes
        case About(text, least):
            if story.meaning is None or read.meanings is None:
                return False
            return 100 * float(np.dot(story.meaning, read.meanings(text))) >= least
    raise AssertionError(term)


def is_word(token: Token, word: Word, read: Read) -> bool:
    term, in_capitals = token
    match word.form:
        case Form.EXACT:
            return term == word.text
        case Form.CAPITALS:
            return term == word.text and in_capitals
        case Form.PREFIX:
            return term[: len(word.text)] == word.text
        case Form.INFLECTED:
            alike = [stem(term, language) == stem(word.text, language) for language in read.stemmers]
            return term == word.text or any(alike)


def stands_in(one: Sequence[Token], phrase: Phrase, read: Read) -> bool:
    for start in range(len(one) - len(phrase.words) + 1):
        here = one[start : start + len(phrase.words)]
        if all(is_word(token, word, read) for token, word in zip(here, phrase.words, strict=True)):
            return True
    return False


def is_near_in(one: Sequence[Token], near: Near, read: Read) -> bool:
    standing = [[at for at, token in enumerate(one) if is_word(token, word, read)] for word in near.words]
    for chosen in product(*standing):
        others = max(chosen) - min(chosen) + 1 - len(chosen)
        if len(set(chosen)) == len(chosen) and others <= near.within:
            return True
    return False


def is_called(name: str, value: str) -> bool:
    spaced = " ".join(token.term for token in tokens(name))
    return f" {value} " in f" {spaced} " or value == fold(name)


def has_address(address: str, value: str) -> bool:
    host, _, path = value.partition("/")
    parts = urlsplit(fold(address))
    if parts.hostname != host and not (parts.hostname or "").endswith(f".{host}"):
        return False
    return f"{parts.path.rstrip('/')}/".startswith(f"/{path}/") if path else True
