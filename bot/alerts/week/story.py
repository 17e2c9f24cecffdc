"""A story as the week's arrays hold it: its words as numbers, and what else filters may ask of it. Pure."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.alerts.week.vocabulary import Codes, Vocabulary
from bot.alerts.words import primary
from bot.model import StoryText
from bot.stems import LANGUAGES

T = TypeVar("T")

_UNKNOWN = "en"  # what a story in no known language is read as, as `bot.alerts.words` does


@dataclass(frozen=True, slots=True)
class Told:
    """What is kept of a story besides its words; `stemmers` are the languages that it is read in."""

    id: int
    came_out_at: datetime
    updated_at: datetime
    entries: int
    topics: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    stemmers: tuple[str, ...] = ()
    sources: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Read:
    """A story that was read: its tokens, how many of them are headlines', and its meaning if it is known."""

    told: Told
    tokens: Codes
    headline: int
    meaning: NDArray[np.float16] | None = None


def read(
    vocabulary: Vocabulary,
    story: StoryText,
    *,
    story_id: int,
    came_out_at: datetime,
    updated_at: datetime,
    entries: int,
) -> Read:
    """Reads the story: a millisecond or two for an article."""
    codes = frozenset(map(primary, story.languages))
    stemmers = tuple(sorted(codes & LANGUAGES)) if codes else (_UNKNOWN,)
    found, headline = vocabulary.take_in(story, stemmers)
    told = Told(
        id=story_id,
        came_out_at=came_out_at,
        updated_at=updated_at,
        entries=entries,
        topics=_shared(story.topics),
        codes=_shared(codes),
        stemmers=_shared(stemmers),
        sources=_shared(story.sources),
        addresses=story.addresses,
    )
    return Read(told, found, headline, None if story.meaning is None else story.meaning.astype(np.float16))


@lru_cache(maxsize=5000)
def _shared(value: T) -> T:
    """The first of all equal values: thousands of stories have the same few topics and sources."""
    return value
