"""A filter made stricter or looser by a turn of one screw, without looking at any story. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bot.alerts.language.parse import parse
from bot.alerts.language.pieces import FilterError
from bot.alerts.language.plain import say, write
from bot.alerts.language.terms import LEAST_LEAST, MOST_LEAST
from bot.alerts.rule import (
    About,
    All,
    Either,
    Filter,
    Form,
    Near,
    Node,
    Not,
    Phrase,
    Term,
    Word,
    normal,
    wanted,
)

STEP = 5
"""What the threshold is moved by."""
_WITHIN = 5  # other words, where a phrase is loosened

TopicName = Callable[[str], str]
Change = Callable[[Term], Term]
Changed = tuple[str, Filter]
"""A filter beside another, and before it what sets it apart, in plain words."""


def stricter(filter_: Filter) -> Iterator[Changed]:
    """The filter with one thing asked for more strictly."""
    yield from _turned(filter_, "only in the headline", _in_headline)
    yield from _moved(filter_, STEP)


def looser(filter_: Filter, topic_name: TopicName = str) -> Iterator[Changed]:
    """The filter with one thing asked for less strictly, or not at all."""
    yield from _turned(filter_, "in any form of the words", _inflected)
    yield from _turned(filter_, "words near each other", _near)
    yield from _turned(filter_, "also below the headline", _anywhere)
    yield from _moved(filter_, -STEP)
    for at, clause in enumerate(filter_.clauses):
        is_excluded = isinstance(clause, Not)
        said = say(clause.part if isinstance(clause, Not) else clause, topic_name=topic_name)
        if rest := other_clauses(filter_, at):
            yield from _typed(f"{said} too" if is_excluded else _dropped(clause, said), rest)


def _dropped(clause: Node, said: str) -> str:
    is_of_words = all(isinstance(one, Phrase | Near) and not one.title for one in wanted(clause))
    return f"with or without {said}" if is_of_words else f"not only {said}"


def other_clauses(filter_: Filter, at: int) -> tuple[Node, ...]:
    """All clauses but that one."""
    return filter_.clauses[:at] + filter_.clauses[at + 1 :]


def instead(filter_: Filter, at: int, node: Node) -> Iterator[Filter]:
    """The filter with this node in the place of a clause, if it can be typed."""
    before, after = filter_.clauses[:at], filter_.clauses[at + 1 :]
    return (changed for _, changed in _typed("", (*before, node, *after)))


def beside(filter_: Filter, node: Node) -> Iterator[Filter]:
    """The filter with one clause more, if it can be typed."""
    return (changed for _, changed in _typed("", (*filter_.clauses, node)))


def threshold(filter_: Filter) -> int | None:
    """What the first wanted about: asks for, in hundredths; None for a filter without one."""
    return next((term.least for term in wanted(filter_.root) if isinstance(term, About)), None)


def with_threshold(filter_: Filter, by: int) -> Filter:
    """The filter with every threshold of an about: moved by so many hundredths, as far as it goes."""
    return Filter(normal(_mapped(filter_.root, lambda term: _threshold(term, by))))


def _moved(filter_: Filter, by: int) -> Iterator[Changed]:
    moved = with_threshold(filter_, by)
    if moved != filter_:
        yield f"at least {threshold(moved)} % alike", moved


def _turned(filter_: Filter, label: str, change: Change) -> Iterator[Changed]:
    root = _mapped(filter_.root, change)
    if root != filter_.root:
        yield from _typed(label, (root,))


def _typed(label: str, clauses: Sequence[Node]) -> Iterator[Changed]:
    """The filter of these clauses, as its text is read back; nothing when the language refuses it."""
    try:
        yield label, parse(write(Filter(normal(All(tuple(clauses))))))
    except FilterError:
        return


def _mapped(node: Node, change: Change) -> Node:
    """The node with every wanted term changed; Not stands before terms only."""
    match node:
        case All(parts):
            return All(tuple(_mapped(part, change) for part in parts))
        case Either(parts):
            return Either(tuple(_mapped(part, change) for part in parts))
        case Not():
            return node
        case _:
            return change(node)


def _in_headline(term: Term) -> Term:
    return replace(term, title=True) if isinstance(term, Phrase | Near) else term


def _anywhere(term: Term) -> Term:
    return replace(term, title=False) if isinstance(term, Phrase | Near) else term


def _inflected(term: Term) -> Term:
    """A word that was asked for exactly, in any form; a phrase stays a phrase."""
    if not isinstance(term, Phrase) or [word.form for word in term.words] != [Form.EXACT]:
        return term
    return replace(term, words=(Word(term.words[0].text),))


def _near(term: Term) -> Term:
    """The words of an exact phrase, in any order and any form, with others between."""
    is_quoted = isinstance(term, Phrase) and {word.form for word in term.words} == {Form.EXACT}
    if not isinstance(term, Phrase) or not is_quoted or len(term.words) == 1:
        return term
    return Near(
        tuple(Word(word.text) for word in term.words), _WITHIN, title=term.title, spelling=term.spelling
    )


def _threshold(term: Term, by: int) -> Term:
    if not isinstance(term, About):
        return term
    return replace(term, least=min(MOST_LEAST, max(LEAST_LEAST, term.least + by)))
