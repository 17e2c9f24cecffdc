"""Keeps the last week's stories at hand and current, so that trying a filter takes milliseconds."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate
from threading import Lock
from time import monotonic
from typing import Protocol

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from bot.alerts.story_text import in_topics, story_text
from bot.alerts.week.held import Week
from bot.alerts.week.story import Read, read
from bot.alerts.week.vocabulary import Vocabulary
from bot.alerts.words import Meanings
from bot.model import StoryText
from bot.storage import arrivals, stories
from bot.storage import meanings as meanings_store
from bot.storage.arrivals import Listed
from bot.storage.stories import StoryRow

SPAN = timedelta(days=7)
MOST_STORIES = 4000
MOST_TOKENS = 3_000_000
"""Of all stories together. Three thousand articles have 2.3 million, and take 25 MB with all the rest."""
_PATIENCE = timedelta(seconds=2)
_BATCH = 50  # stories read between two looks at the clock
_MOST_TERMS = 200_000  # before the vocabulary is first asked whether stories still have them all


class FindsTopics(Protocol):
    """What knows the topics."""

    def topics_of(self, story: StoryText) -> Collection[str]:
        """The ids of the topics that a story is in."""
        ...


@dataclass(frozen=True, slots=True)
class _Look:
    """A story as it was when it was looked at, and when it came out, if anybody knows."""

    state: Listed
    came_out_at: datetime | None


class LastWeek:
    """The stories that came out in the last seven days; one for the whole process, shared by threads.

    It is read at first use, the newest first and for about `patience`, and at each later use what is new
    since and what is left. So an answer soon after the start may know a part of the week: `Week.complete`
    says so. At most `most_stories` and `most_tokens` are held, the newest; a story is read once in each state
    it has. `topics` find the topics of those that were not matched yet, `meanings` serve about: filters.
    """

    def __init__(
        self,
        topics: FindsTopics | None = None,
        meanings: Meanings | None = None,
        *,
        patience: timedelta = _PATIENCE,
        most_stories: int = MOST_STORIES,
        most_tokens: int = MOST_TOKENS,
    ) -> None:
        self._topics = topics
        self._patience = patience
        self._most_stories = most_stories
        self._most_tokens = most_tokens
        self._lock = Lock()
        self._week = Week.of(Vocabulary(), (), encode=meanings)
        self._seen: dict[int, _Look] = {}  # of every story that was looked at; not all are held
        self._trim_at = _MOST_TERMS

    def read(self, connection: sa.Connection, *, now: datetime) -> Week:
        """The stories of the seven days before `now`, as far as they have been read."""
        with self._lock:
            since = now - SPAN
            listed = arrivals.changed(connection, since=since, limit=self._most_stories)
            seen, new = self._take_in(connection, listed, since=since)
            # What has changed and was not looked at again is held as it was: better than not at all.
            old = {told.id: at for at, told in enumerate(self._week.told) if told.id not in seen}
            found = {story_id: self._week.story(at) for story_id, at in old.items()} | new
            held = [found[one.id] for one in listed if one.id in found]
            held = _fitting([one for one in held if one.told.came_out_at >= since], self._most_tokens)
            ids = {one.told.id for one in held}
            known = {one.id: self._seen[one.id] for one in listed if one.id in self._seen} | seen
            complete = len(listed) < self._most_stories and all(
                (look := known.get(one.id)) is not None
                and look.state == one
                and (one.id in ids or look.came_out_at is None or look.came_out_at < since)
                for one in listed
            )
            self._hold(held, complete=complete, same=not new and len(held) == len(self._week))
            self._seen = known
            return self._week

    def _take_in(
        self, connection: sa.Connection, listed: Sequence[Listed], *, since: datetime
    ) -> tuple[dict[int, _Look], dict[int, Read]]:
        """Looks at what has changed, as far as patience allows, and reads what came out since then."""
        deadline = monotonic() + self._patience.total_seconds()
        stale = [one for one in listed if one.id not in self._seen or self._seen[one.id].state != one]
        seen: dict[int, _Look] = {}
        new: dict[int, Read] = {}
        for start in range(0, len(stale), _BATCH):
            if start and monotonic() > deadline:
                break
            some = {one.id: one for one in stale[start : start + _BATCH]}
            came_out = arrivals.of_stories(connection, list(some))
            seen |= {i: _Look(state, came_out[i].at if i in came_out else None) for i, state in some.items()}
            inside = {i: one for i, one in came_out.items() if one.at is not None and one.at >= since}
            meanings = meanings_store.of_stories(connection, list(inside))
            for row in stories.load_stories(connection, list(inside)):
                new[row.id] = read(
                    self._week.vocabulary,
                    self._text(row, meanings.get(row.id)),
                    story_id=row.id,
                    updated_at=row.updated_at,
                    came_out_at=inside[row.id].at or row.started_at,
                    entries=inside[row.id].entries,
                )
        return seen, new

    def _text(self, row: StoryRow, meaning: NDArray[np.float32] | None) -> StoryText:
        text = story_text(row, topics=row.topics, meaning=meaning)
        if row.topics is not None or self._topics is None:
            return text
        return in_topics(text, self._topics.topics_of(text))

    def _hold(self, held: Sequence[Read], *, complete: bool, same: bool) -> None:
        if same:  # its answers so far stay true
            self._week = replace(self._week, complete=complete)
            return
        vocabulary, encode = self._week.vocabulary, self._week.encode
        self._week = Week.of(vocabulary, held, encode=encode, complete=complete)
        if len(vocabulary) > self._trim_at:
            vocabulary, tokens = vocabulary.trimmed(self._week.tokens)
            self._week = replace(self._week, vocabulary=vocabulary, tokens=tokens)
            self._trim_at = max(_MOST_TERMS, 3 * len(vocabulary) // 2)


def _fitting(found: Sequence[Read], most_tokens: int) -> list[Read]:
    """As many of the first as fit."""
    ends = accumulate(len(one.tokens) for one in found)
    return [one for one, end in zip(found, ends, strict=True) if end <= most_tokens]
