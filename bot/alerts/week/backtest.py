"""What a filter would have brought in the last seven days, told before anyone waits for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice

import numpy as np
import sqlalchemy as sa

from bot.alerts.rule import Filter
from bot.alerts.story_text import story_text
from bot.alerts.week.held import Mask, Week
from bot.alerts.week.last_week import SPAN, LastWeek
from bot.alerts.week.tuning import TopicName, threshold, with_threshold
from bot.alerts.week.variants import Variant, near_misses
from bot.alerts.words import StoryWords, evaluate
from bot.storage import meanings as meanings_store
from bot.storage import stories
from bot.storage.stories import StoryRow

_NEWEST = 3
_MOST_READ = 50  # stories that are read again with the words' own evaluator
_BATCH = 10
_OLDEST = timedelta(days=365)
_DAY = timedelta(days=1)
_EVENING, _MORNING = 22, 7  # hours of the clock between which it is night
_STEPS = (-10, -5, 0, 5, 10)  # hundredths, around the threshold of an about:


@dataclass(frozen=True, slots=True)
class Hit:
    """A story that would have matched."""

    title: str
    outlet: str
    url: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Backtest:
    """What the filter would have brought in the last seven days, had it been followed then.

    `articles` in so many `stories` were looked at, which are all of the week if it is `complete`, else the
    newest; the oldest came out as long ago as `known`. Of those stories, `matched` would each have been an
    alert, `at_night` of them between 22:00 and 07:00. `near_misses` say what it just missed; `thresholds`,
    for a filter with about: only, how many stories would have matched at a looser or stricter one: pairs of
    hundredths and stories, the looser first, the filter's own among them.
    """

    articles: int
    stories: int
    matched: int
    alerts_a_day: float
    at_night: int
    complete: bool
    newest: tuple[Hit, ...]
    near_misses: tuple[Variant, ...] = ()
    thresholds: tuple[tuple[int, int], ...] = ()
    known: timedelta = SPAN


def backtest(
    connection: sa.Connection,
    filter_: Filter,
    *,
    last_week: LastWeek,
    now: datetime,
    zone: tzinfo = UTC,
    topic_name: TopicName = str,
) -> Backtest:
    """Tries the filter on the stories of the last seven days; `zone` is that of the subscriber's clock.

    `topic_name` gets a topic's id and returns what people call it.
    """
    # One story is one alert, at the time it came out: what it brings later is a follow-up, and rare. A story
    # that is all backlog alerts nobody, since its feeds were not read when it came out. Had they been, it
    # would have; so it counts, at the time its publishers state, and not at all where they state none or an
    # older one. Else a bot that was installed an hour ago would tell all that their filters bring nothing.
    week = last_week.read(connection, now=now)
    met = week.meets(filter_.root)
    times = [week.told[at].came_out_at for at in np.flatnonzero(met).tolist()]
    return Backtest(
        articles=sum(told.entries for told in week.told),
        stories=len(week),
        matched=len(times),
        alerts_a_day=len(times) / max(1.0, _known(week, now) / _DAY),
        at_night=sum(_is_night(at.astimezone(zone)) for at in times),
        complete=week.complete,
        newest=tuple(hit(story) for story in islice(matching(connection, (filter_,), week), _NEWEST)),
        near_misses=near_misses(filter_, week, topic_name=topic_name),
        thresholds=tuple(_thresholds(filter_, week).items()),
        known=_known(week, now),
    )


def matching(connection: sa.Connection, filters: Sequence[Filter], week: Week) -> Iterator[StoryRow]:
    """The newest stories of the week that meet one of the filters, each read and asked again.

    The week is quick and this is sure: what is shown to a person comes from the very evaluator of alerts.
    """
    met: Mask = np.zeros(len(week), np.bool_)
    for one in filters:
        met |= week.meets(one.root)
    ids = [week.told[at].id for at in np.flatnonzero(met)[:_MOST_READ].tolist()]
    topics = {told.id: told.topics for told in week.told}
    for start in range(0, len(ids), _BATCH):
        some = ids[start : start + _BATCH]
        meanings = meanings_store.of_stories(connection, some)
        for story in stories.load_stories(connection, some):
            text = story_text(story, topics=topics[story.id], meaning=meanings.get(story.id))
            words = StoryWords(text, week.encode)
            if any(evaluate(one, words) is not None for one in filters):
                yield story


def hit(story: StoryRow) -> Hit:
    """A story as one line: its first entry's headline, outlet and link, and when it came out."""
    first = story.entries[0] if story.entries else None
    return Hit(
        title=story.title,
        outlet=first.outlet if first else "",
        url=first.url if first else None,
        at=_stated(story),
    )


def _stated(story: StoryRow) -> datetime:
    # The publishers' word, where it can be true: a first poll brings what is hours old. It is only shown.
    stated = [entry.published_at for entry in story.entries if entry.published_at is not None]
    plausible = [at for at in stated if story.started_at - _OLDEST < at <= story.updated_at]
    return max(plausible, default=story.updated_at)


def _known(week: Week, now: datetime) -> timedelta:
    """How much of the week the stories cover: a bot that is new knows less than seven days."""
    return now - min((told.came_out_at for told in week.told), default=now)


def _is_night(at: datetime) -> bool:
    return at.hour >= _EVENING or at.hour < _MORNING


def _thresholds(filter_: Filter, week: Week) -> dict[int, int]:
    """Hundredths that the filter's first about: might ask for → stories; all others are moved alike."""
    moved = [with_threshold(filter_, by) for by in _STEPS]
    return {least: week.count(one.root) for one in moved if (least := threshold(one)) is not None}
