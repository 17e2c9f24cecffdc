"""Why a story did not reach a chat: the first stage at which it was held up, and by what. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.alerts.language.parse import FilterError, read_stored
from bot.alerts.muting import muted_by
from bot.alerts.rule import Filter
from bot.alerts.words import StoryWords, evaluate
from bot.model import DeliveryState, EntryState, FilterState, SubscriberState
from bot.storage.histories import Fate, Sighting, StoryHistory, Wish
from bot.storage.mutes import Mute


class Stage(StrEnum):
    """Where a story still is on its way."""

    READING = "reading"  # its page is to be read
    GROUPING = "grouping"  # its story is to be found
    MATCHING = "matching"  # filters are to be asked


@dataclass(frozen=True, slots=True)
class Known:
    """All that decides whether a chat hears of a story: one entry of it, what became of it, and the chat.

    `words` are the story as filters read it, `numbers` all that it is known by; both are empty as long as the
    entry has no story.
    """

    entry: Sighting
    subscriber: SubscriberState
    story: StoryHistory | None = None
    words: StoryWords | None = None
    numbers: frozenset[int] = frozenset()
    fates: Sequence[Fate] = ()
    wishes: Sequence[Wish] = ()
    mutes: Sequence[Mute] = ()


@dataclass(frozen=True, slots=True)
class Underway:
    """It is still coming; `parked` says that it was tried too often, and waits for the operator."""

    stage: Stage
    parked: bool


@dataclass(frozen=True, slots=True)
class Ordered:
    """A message was ordered for the chat, and what became of it."""

    fate: Fate


@dataclass(frozen=True, slots=True)
class Backlog:
    """It was there already when its feed was read for the first time, and is no news."""


@dataclass(frozen=True, slots=True)
class Off:
    """The chat's alerts are off: stopped by its people, or paused since it cannot be written to."""

    state: SubscriberState


@dataclass(frozen=True, slots=True)
class NoFilters:
    """The chat follows nothing, or only what is paused and would not have matched either."""


@dataclass(frozen=True, slots=True)
class Muted:
    """A filter meets it, and a mute keeps it away."""

    wish: Wish
    mute: Mute


@dataclass(frozen=True, slots=True)
class TooLate:
    """A filter meets it that was made, changed or resumed after the story had been tried."""

    wish: Wish
    is_new: bool


@dataclass(frozen=True, slots=True)
class Paused:
    """Only a paused filter meets it."""

    wish: Wish


@dataclass(frozen=True, slots=True)
class Miss:
    """A filter that does not meet it."""

    wish: Wish
    filter: Filter


@dataclass(frozen=True, slots=True)
class Unmet:
    """No filter meets it; the nearest stand first."""

    misses: tuple[Miss, ...]


@dataclass(frozen=True, slots=True)
class Unexplained:
    """A filter meets it, and nothing was ordered: alerts were off when it came, or it has changed since."""

    wish: Wish


Verdict = Underway | Ordered | Backlog | Off | NoFilters | Muted | TooLate | Paused | Unmet | Unexplained


def why_not(known: Known) -> Verdict:
    """The first reason, in the order in which the stages come."""
    entry, story = known.entry, known.story
    if story is None or known.words is None:
        return Underway(Stage.READING if entry.state is EntryState.NEW else Stage.GROUPING, entry.parked)
    if known.fates:
        return Ordered(_telling(known.fates))
    if not story.has_news:
        return Backlog()
    if not story.matched:
        return Underway(Stage.MATCHING, story.parked)
    if known.subscriber is not SubscriberState.ACTIVE:
        return Off(known.subscriber)
    return _by_filters(known, known.words, story)


def furthest(known: Known) -> int:
    """How far this entry of a link has come, to choose among several feeds' entries of one page."""
    if known.fates:
        return 10 + _RANK[_telling(known.fates).state]
    if known.story is None:
        return 0
    return 1 + known.story.has_news + known.story.matched


_RANK = {DeliveryState.DROPPED: 0, DeliveryState.PENDING: 1, DeliveryState.SENT: 2}


def _telling(fates: Sequence[Fate]) -> Fate:
    """The delivery that says most: one that arrived, else one that waits, else the last that was dropped."""
    best = max(_RANK[fate.state] for fate in fates)
    same = [fate for fate in fates if _RANK[fate.state] == best]
    return same[-1] if best == _RANK[DeliveryState.DROPPED] else same[0]


def _by_filters(known: Known, words: StoryWords, story: StoryHistory) -> Verdict:
    read = [(wish, filter_) for wish in known.wishes if (filter_ := _read(wish)) is not None]
    active = [(wish, filter_) for wish, filter_ in read if wish.row.state is FilterState.ACTIVE]
    met = [wish for wish, filter_ in active if evaluate(filter_, words) is not None]
    if met:
        mute = muted_by(known.mutes, words, story_ids=known.numbers)
        return Muted(met[0], mute) if mute is not None else _in_time(met, story)
    for wish, filter_ in read:
        if wish.row.state is FilterState.PAUSED and evaluate(filter_, words) is not None:
            return Paused(wish)
    return Unmet(_misses(active, words)) if active else NoFilters()


def _in_time(met: Sequence[Wish], story: StoryHistory) -> TooLate | Unexplained:
    """Whether a filter stood when the story was tried: soon after its last news."""
    in_time = next((wish for wish in met if wish.changed_at <= story.updated_at), None)
    if in_time is not None:
        return Unexplained(in_time)
    return TooLate(met[0], is_new=met[0].created_at > story.updated_at)


def _misses(active: Sequence[tuple[Wish, Filter]], words: StoryWords) -> tuple[Miss, ...]:
    """The filters by how much of each the story lacks."""
    lacking = [
        sum(evaluate(Filter(clause), words) is None for clause in filter_.clauses) / len(filter_.clauses)
        for _, filter_ in active
    ]
    ranked = sorted(zip(lacking, active, strict=True), key=lambda one: one[0])
    return tuple(Miss(wish, filter_) for _, (wish, filter_) in ranked)


def _read(wish: Wish) -> Filter | None:
    try:
        return read_stored(wish.row.typed)  # the same filter, in the spelling that people know
    except FilterError:  # of another version's language; it is asked by no story either
        return None
