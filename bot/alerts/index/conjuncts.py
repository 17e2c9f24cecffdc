"""A filter as conjuncts: what a story must hold, and what it must not, one of them to be met. Pure."""

from enum import IntEnum, unique
from typing import NamedTuple, assert_never

from bot.alerts.rule import (
    About,
    All,
    Either,
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
from bot.text import tokens

MOST_CONJUNCTS = 32
"""That clauses of several alternatives make together."""
LONGEST_RUN = 4
"""Exact words side by side are one literal up to here."""
_FIRST_WIDE = "\u0e00"  # from here on lie the scripts in which every character is a token


@unique
class Kind(IntEnum):
    """What a literal asks of a story."""

    INFLECTED = 0
    EXACT = 1
    CAPITALS = 2
    PREFIX = 3
    RUN = 4  # exact words side by side, joined by spaces
    TOPIC = 5
    SOURCE = 6
    LANGUAGE = 7
    ABOUT = 8


class Literal(NamedTuple):
    """What a story holds or does not hold, as is seen at a glance; `least` is that of About."""

    kind: Kind
    text: str
    title: bool = False
    least: int = 0


class Conjunct(NamedTuple):
    """A story that meets it holds all of `wanted`, none of `absent`; if it `is_all`, the reverse is true."""

    wanted: frozenset[Literal]
    absent: frozenset[Literal]
    is_all: bool


_KINDS = {
    Form.INFLECTED: Kind.INFLECTED,
    Form.EXACT: Kind.EXACT,
    Form.CAPITALS: Kind.CAPITALS,
    Form.PREFIX: Kind.PREFIX,
}
_NOTHING: frozenset[Literal] = frozenset()
_ANYTHING = Conjunct(_NOTHING, _NOTHING, is_all=True)
_SOMETHING = Conjunct(_NOTHING, _NOTHING, is_all=False)


def conjuncts(node: Node) -> list[Conjunct]:
    """Conjuncts, one of which every story meets that meets the node; none where no story can.

    They are few: what would make them many is left out of them, and they say so (`is_all`).
    """
    match node:
        case All(parts):
            return _product([conjuncts(part) for part in parts])
        case Either(parts):
            return [one for part in parts for one in conjuncts(part)]
        case Not(part):
            return _without(part)
        case _:
            held, is_all = literals(node)
            return [Conjunct(frozenset(held), _NOTHING, is_all)]


def _without(node: Node) -> list[Conjunct]:
    match node:
        case All(parts):
            return [one for part in parts for one in _without(part)]
        case Either(parts):
            return _product([_without(part) for part in parts])
        case Not(part):
            return conjuncts(part)
        case _:
            held, is_all = literals(node)
            return [Conjunct(_NOTHING, frozenset(held), is_all=True) if is_all else _SOMETHING]


def _product(choices: list[list[Conjunct]]) -> list[Conjunct]:
    product = [_ANYTHING]
    for some in sorted(choices, key=_use):
        if min(len(some), len(product)) > 1 and len(product) * len(some) > MOST_CONJUNCTS:
            return [one._replace(is_all=False) for one in product]
        product = [
            Conjunct(one.wanted | other.wanted, one.absent | other.absent, one.is_all and other.is_all)
            for one in product
            for other in some
        ]
        product = [one for one in product if one.wanted.isdisjoint(one.absent)]
    return product


def _use(choice: list[Conjunct]) -> tuple[bool, int]:
    # First what each alternative of which asks for something: the index hangs a conjunct on that.
    return not all(one.wanted for one in choice), len(choice)


def literals(term: Term) -> tuple[list[Literal], bool]:
    """What a story that meets the term holds, and whether every story that holds it meets the term."""
    match term:
        case Phrase((word,), title):
            return [_literal(word, title=title)], True
        case Phrase(words, title) if all(map(_is_exact, words)):
            texts = [word.text for word in words]
            runs = range(max(1, len(texts) - LONGEST_RUN + 1))
            held = [Literal(Kind.RUN, " ".join(texts[at : at + LONGEST_RUN]), title) for at in runs]
            return held, len(held) == 1
        case Phrase(words, title) | Near(words, _, title):
            return [_literal(word, title=title) for word in words], False
        case InTopic(name):
            return [Literal(Kind.TOPIC, name)], True
        case FromSource(value):
            return [Literal(Kind.SOURCE, value)], True
        case InLanguage(code):
            return [Literal(Kind.LANGUAGE, code)], True
        case About(text, least):
            return [Literal(Kind.ABOUT, text, least=least)], True
    assert_never(term)


def _literal(word: Word, *, title: bool) -> Literal:
    return Literal(_KINDS[word.form], word.text, title)


def _is_exact(word: Word) -> bool:
    return word.form is Form.EXACT or (word.form is Form.INFLECTED and is_wide(word.text))


def is_wide(token: str) -> bool:
    """Whether it is a character of a script without spaces: no other token has its stem."""
    return min(token) >= _FIRST_WIDE and len(tokens(f"a{token}a")) > 2  # noqa: PLR2004 - it parts the two letters
