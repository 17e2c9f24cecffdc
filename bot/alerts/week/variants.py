"""Filters beside a filter, each tried on the week: near misses, and what would bring fewer or more. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from bot.alerts.language.plain import say
from bot.alerts.rule import (
    All,
    Either,
    Filter,
    Form,
    InTopic,
    Near,
    Node,
    Not,
    Phrase,
    terms,
    topics_named,
    wanted,
)
from bot.alerts.week.held import Mask, Week
from bot.alerts.week.kin import akin, apart, marks
from bot.alerts.week.tuning import Changed, TopicName, beside, instead, looser, other_clauses, stricter
from bot.stems import stem

MOST = 5
"""Filters that are offered at once."""
_MOST_MISSES = 3
_MOST_NAMED = 3  # alternatives of a clause that kin is looked for of
_MOST_CLAUSES = 4  # the first, that kin is looked for of
_MOST_KIN = 15  # words that a clause is tried with
_MOST_MARKS = 15  # words that a filter's own stories are parted by
_FEWER = 0.75  # of the stories at most: what brings hardly fewer is no choice
_PART = (0.12, 0.6)  # the share of a filter's stories that a word may part from the others
_TIMES = 2  # what brings more than so many times as many again is another filter, and no near miss
_FEW = 10  # but so many are never too many
_LEAST = 2
_MOST_WITH = 2
_LEAST_PART = 3


@dataclass(frozen=True, slots=True)
class Variant:
    """A filter beside another one, and in plain words what sets it apart.

    `matched` stories of the week meet it, and `more` of them do not meet the other.
    """

    filter: Filter
    label: str
    matched: int
    more: int


def near_misses(filter_: Filter, week: Week, *, topic_name: TopicName = str) -> tuple[Variant, ...]:
    """What the filter just misses: a clause replaced by a word of its kin, “launch” instead of “test”.

    Three at most, one for a clause; those that bring the most first.
    """
    now = week.meets(filter_.root)
    found = []
    for at, clause in enumerate(filter_.clauses[:_MOST_CLAUSES]):
        for kin in islice(_kin(filter_, at, week), 1):
            label = f"{say(kin)} instead of {_said(clause, topic_name)}"
            found += [_tried(week, now, label, changed) for changed in instead(filter_, at, kin)]
    return tuple(sorted(found, key=lambda one: -one.more)[:_MOST_MISSES])


def narrower(filter_: Filter, week: Week, *, topic_name: TopicName = str) -> tuple[Variant, ...]:
    """Filters that bring clearly fewer stories, five at most, those that bring the most first."""
    now = week.meets(filter_.root)
    by_topic = _by_topic(filter_, week, topic_name)
    tried = _all_tried(filter_, week, [*stricter(filter_), *by_topic, *_parted(filter_, week)])
    fewer = [one for one in tried if 0 < one.matched <= _FEWER * int(now.sum())]
    return tuple(sorted(fewer[:MOST], key=lambda one: -one.matched))


def wider(filter_: Filter, week: Week, *, topic_name: TopicName = str) -> tuple[Variant, ...]:
    """Filters that bring more stories, five at most, those that bring the fewest first."""
    tried = _all_tried(filter_, week, [*_with_kin(filter_, week, topic_name), *looser(filter_, topic_name)])
    more = sorted((one for one in tried if one.more), key=lambda one: one.matched)
    return tuple(more[:MOST])


def _all_tried(filter_: Filter, week: Week, given: Iterable[Changed]) -> list[Variant]:
    """Each on the week, and none twice."""
    now = week.meets(filter_.root)
    labels = {changed: label for label, changed in given if changed != filter_}
    return [_tried(week, now, label, changed) for changed, label in labels.items()]


def _tried(week: Week, now: Mask, label: str, changed: Filter) -> Variant:
    then = week.meets(changed.root)
    return Variant(changed, label, matched=int(then.sum()), more=int((then & ~now).sum()))


def _missed(filter_: Filter, at: int, week: Week) -> Mask:
    """The stories that meet every clause but this one."""
    rest = other_clauses(filter_, at)
    missed = ~week.meets(filter_.clauses[at])
    return missed & week.meets(All(rest)) if rest else missed


def _kin(filter_: Filter, at: int, week: Week) -> Iterator[Phrase]:
    """Words of a clause's kin that bring some of the stories which miss this clause alone.

    They mark the stories that meet the clause, wherever those stand; where an encoder can tell, they are also
    near to it in meaning. For a clause that nothing meets, they mark what it misses, and must be near to it.
    """
    clause = filter_.clauses[at]
    met, missed = week.meets(clause), _missed(filter_, at, week)
    if not _asks_for_a_word(clause) or not missed.any():
        return
    is_known = met.sum() >= _LEAST
    most = max(_FEW, _TIMES * week.count(filter_.root))
    for mark in marks(week, met if is_known else missed, most=_MOST_KIN):
        held = week.meets(mark.phrase)
        if (
            _LEAST <= held[missed].sum() <= most
            and (len(filter_.clauses) == 1 or held[missed].mean() >= held.mean())
            and _is_new(mark.phrase, filter_, week)
            and akin(week, clause, mark.phrase, unknown=is_known)
        ):
            yield mark.phrase


def _with_kin(filter_: Filter, week: Week, topic_name: TopicName) -> Iterator[Changed]:
    """With the first of its kin, or the first two, as alternatives to a clause of words."""
    is_alone = len(filter_.clauses) == 1
    for at, clause in enumerate(filter_.clauses[:_MOST_CLAUSES]):
        for kin in islice(_kin(filter_, at, week), 1 + is_alone):
            label = f"or {say(kin)}" if is_alone else f"{_said(clause, topic_name)} or {say(kin)}"
            yield from ((label, changed) for changed in instead(filter_, at, Either((clause, kin))))


def _by_topic(filter_: Filter, week: Week, topic_name: TopicName) -> Iterator[Changed]:
    """In the topic that most of the filter's stories are in, and not in another one."""
    now = week.meets(filter_.root)
    topics = Counter(topic for at in np.flatnonzero(now).tolist() for topic in sorted(week.told[at].topics))
    least, most = (share * int(now.sum()) for share in _PART)
    parts = [
        (InTopic(topic), week.meets(InTopic(topic)) & now)
        for topic, count in sorted(topics.items(), key=lambda one: (-one[1], one[0]))
        if max(_LEAST_PART, least) <= count <= most and topic not in topics_named(filter_)
    ]
    for topic, held in parts[:1]:
        others = [other for other, elsewhere in parts if apart([held], elsewhere)] or [topic]
        said = [say(one, topic_name=topic_name) for one in (topic, others[0])]
        yield from ((f"only {said[0]}", changed) for changed in beside(filter_, topic))
        yield from ((f"not {said[1]}", changed) for changed in beside(filter_, Not(others[0])))


def _parted(filter_: Filter, week: Week) -> Iterator[Changed]:
    """Without a word that some of the filter's stories have; and with one, or another."""
    now = week.meets(filter_.root)
    if now.sum() < _FEW:
        return  # what a few stories have in common is chance
    parts = [
        (mark.phrase, held)
        for mark in marks(week, now, most=_MOST_MARKS)
        if _PART[0] <= mark.share <= _PART[1]
        and _is_new(mark.phrase, filter_, week)
        and (held := week.meets(mark.phrase) & now).sum() >= _LEAST_PART
    ]
    asked: list[tuple[Phrase, Mask]] = []
    for part in parts:
        if len(asked) < _MOST_WITH and apart([held for _, held in asked], part[1]):
            asked.append(part)
    others = [phrase for phrase, held in parts if apart([taken for _, taken in asked], held)]
    # What a person did not mean is rather what the rest of the week is full of: storm, and football.
    for phrase in sorted(others, key=lambda one: float(now[week.meets(one)].mean()))[:1]:
        yield from ((f"without {say(phrase)}", changed) for changed in beside(filter_, Not(phrase)))
    for phrase, _ in asked:
        yield from ((f"only with {say(phrase)}", changed) for changed in beside(filter_, phrase))


def _said(clause: Node, topic_name: TopicName) -> str:
    return say(clause, topic_name=topic_name).removeprefix("with ")


def _asks_for_a_word(node: Node) -> bool:
    """Or for one of a few; many have no kin in common."""
    return 0 < sum(isinstance(term, Phrase | Near) for term in wanted(node)) <= _MOST_NAMED


def _is_new(phrase: Phrase, filter_: Filter, week: Week) -> bool:
    """Whether the filter names no form of the word."""
    (word,) = phrase.words
    named = [one for term in terms(filter_.root) if isinstance(term, Phrase | Near) for one in term.words]
    return not any(
        one.text == word.text
        or (one.form is Form.PREFIX and word.text.startswith(one.text))
        or any(stem(one.text, language) == stem(word.text, language) for language in week.languages)
        for one in named
    )
