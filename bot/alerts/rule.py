"""A filter as a tree: what a subscriber wants, apart from how it was typed. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Form(StrEnum):
    """How much of a word's spelling counts; case and accents never do, but for CAPITALS."""

    INFLECTED = "inflected"  # any form of the word, by the stemmer of the story's language
    EXACT = "exact"  # =word, and every word between quotation marks
    CAPITALS = "capitals"  # exact, and written in capitals or after a dollar sign: US, WHO, $TSLA
    PREFIX = "prefix"  # word*


@dataclass(frozen=True, slots=True, order=True)
class Word:
    """One token as `bot.text.tokens` makes it (folded), and how it is to be found."""

    text: str
    form: Form = Form.INFLECTED


@dataclass(frozen=True, slots=True)
class Phrase:
    """One word, or several side by side in this order; `title` says that only headlines are searched.

    `spelling` is how it was typed, for reading back; it does not count in comparisons. So with the others.
    """

    words: tuple[Word, ...]
    title: bool = False
    spelling: str = field(compare=False, default="")


@dataclass(frozen=True, slots=True)
class Near:
    """Two words or more in any order, with at most `within` others among them, in one paragraph."""

    words: tuple[Word, ...]
    within: int
    title: bool = False
    spelling: str = field(compare=False, default="")


@dataclass(frozen=True, slots=True)
class InTopic:
    """The story is in this topic, or in one below it; `name` is the topic's id."""

    name: str


@dataclass(frozen=True, slots=True)
class FromSource:
    """One of the story's sources is called so (whole words of its name), or has this address.

    `value` is folded: the words of a name joined by spaces, or a host with a path (`bbc.co.uk/sport`).
    """

    value: str
    spelling: str = field(compare=False, default="")


@dataclass(frozen=True, slots=True)
class InLanguage:
    """One of the story's languages; `code` is the primary subtag, as `en`."""

    code: str


@dataclass(frozen=True, slots=True)
class About:
    """The story's meaning is near this text's: their cosine is at least `least` hundredths."""

    text: str
    least: int


Term = Phrase | Near | InTopic | FromSource | InLanguage | About


@dataclass(frozen=True, slots=True)
class All:
    """Every part is met."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One part at least is met."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part is not met."""

    part: "Node"


Node = Term | All | Either | Not


@dataclass(frozen=True, slots=True, eq=False)
class Filter:
    """A subscriber's wish. Filters are equal when they say the same in another order.

    `parse` makes them in normal form: Not stands before terms only, All and Either hold two parts or more,
    none of their own kind, and none twice. The order is the typed one, for reading back.
    """

    root: Node

    def __eq__(self, other: object) -> bool:
        return unordered(self.root) == unordered(other.root) if isinstance(other, Filter) else NotImplemented

    def __hash__(self) -> int:
        return hash(unordered(self.root))

    @property
    def clauses(self) -> tuple[Node, ...]:
        """What must all hold, in the typed order."""
        return self.root.parts if isinstance(self.root, All) else (self.root,)


def unordered(node: Node) -> object:
    """The node with sets for sequences: equal for nodes that say the same in another order."""
    match node:
        case All(parts):
            return "all", frozenset(map(unordered, parts))
        case Either(parts):
            return "either", frozenset(map(unordered, parts))
        case Not(part):
            return "not", unordered(part)
        case _:
            return node


def normal(node: Node) -> Node:
    """The node in normal form (see Filter); it means the same."""
    return _normal(node, negated=False)


def _normal(node: Node, *, negated: bool) -> Node:
    match node:
        case Not(part):
            return _normal(part, negated=not negated)
        case All(parts) | Either(parts):
            kind = All if isinstance(node, All) is not negated else Either
            flat: list[Node] = []
            for part in parts:
                plain = _normal(part, negated=negated)
                flat += plain.parts if isinstance(plain, kind) else (plain,)
            kept = tuple({unordered(part): part for part in reversed(flat)}.values())[::-1]
            return kept[0] if len(kept) == 1 else kind(kept)
        case _:
            return Not(node) if negated else node


def terms(node: Node) -> Iterator[Term]:
    """Every term of the node in order, those that are excluded too."""
    match node:
        case All(parts) | Either(parts):
            for part in parts:
                yield from terms(part)
        case Not(part):
            yield from terms(part)
        case _:
            yield node


def wanted(node: Node, *, negated: bool = False) -> Iterator[Term]:
    """The terms that help a story in, not those that keep it out."""
    match node:
        case All(parts) | Either(parts):
            for part in parts:
                yield from wanted(part, negated=negated)
        case Not(part):
            yield from wanted(part, negated=not negated)
        case _:
            if not negated:
                yield node


def topics_named(filter_: Filter) -> frozenset[str]:
    """The ids of the topics a filter names, so that a caller who knows the topics can check them."""
    return frozenset(term.name for term in terms(filter_.root) if isinstance(term, InTopic))


def meanings_named(filter_: Filter) -> frozenset[str]:
    """The texts whose meaning a filter asks for."""
    return frozenset(term.text for term in terms(filter_.root) if isinstance(term, About))
