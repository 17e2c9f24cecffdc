"""What a filter would have brought in the last seven days, told before anyone waits for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.alerts.index import Sieve, matches
from bot.alerts.language import Filter, topics_named
from bot.alerts.match import story_text
from bot.alerts.topics import TopicIndex
from bot.storage import stories
from bot.storage.stories import StoryRow

SPAN = timedelta(days=7)
_MOST = 3000  # stories; what an answer in a chat may cost
_NEWEST = 3
_OLDEST = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Hit:
    """A story that would have matched."""

    title: str
    outlet: str
    url: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Backtest:
    """How many of the stories looked at would have matched, and the newest of them."""

    matched: int
    looked_at: int
    newest: tuple[Hit, ...]


def backtest(connection: sa.Connection, filter_: Filter, *, topics: TopicIndex, now: datetime) -> Backtest:
    """Runs the filter over the stories of the last seven days, the newest 3,000 at most."""
    found = 0
    looked_at = 0
    newest: list[Hit] = []
    # Finding a story's topics costs more than all the rest, so it is done for those who ask for topics.
    needed = topics if topics_named(filter_) else TopicIndex(())
    for story in recent(connection, now=now):
        looked_at += 1
        text = story_text(story, needed)
        if not Sieve(text).lets_through(filter_) or matches(filter_, text) is None:
            continue
        found += 1
        if len(newest) < _NEWEST:
            newest.append(hit(story))
    return Backtest(found, looked_at, tuple(newest))


def recent(connection: sa.Connection, *, now: datetime) -> Iterator[StoryRow]:
    """The stories of the last seven days, the newest first, loaded a few at a time."""
    yield from stories.iterate_newest(connection, since=now - SPAN, limit=_MOST)


def hit(story: StoryRow) -> Hit:
    """A story as one line: its first entry's headline, outlet and link, and when it came out."""
    first = story.entries[0] if story.entries else None
    return Hit(
        title=story.title,
        outlet=first.outlet if first else "",
        url=first.url if first else None,
        at=_came_out(story),
    )


def _came_out(story: StoryRow) -> datetime:
    # The publishers' word, where it can be true: a first poll brings what is hours old. It is only shown.
    stated = [entry.published_at for entry in story.entries if entry.published_at is not None]
    plausible = [at for at in stated if story.started_at - _OLDEST < at <= story.updated_at]
    return max(plausible, default=story.updated_at)
