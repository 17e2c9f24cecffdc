"""What filters see of a story. Pure."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bot.model import StoryText
from bot.storage.stories import StoryRow

_MAX_TEXT = 60_000  # characters; more is a flood of entries, and each costs every story a little


def story_text(
    story: StoryRow, *, topics: Collection[str] | None = None, meaning: NDArray[np.float32] | None = None
) -> StoryText:
    """All its headlines and texts, its outlets, links and languages, and what is known of its meaning.

    `topics` are those that it was found to be in; without them, those of its feeds.
    """
    headlines = list(dict.fromkeys(entry.title for entry in story.entries))
    feeds = {entry.topic for entry in story.entries if entry.topic}
    return StoryText(
        title="\n".join(headlines) or story.title,
        text="\n".join(entry.text for entry in story.entries)[:_MAX_TEXT],
        topics=frozenset(feeds if topics is None else topics),
        sources=frozenset(entry.outlet for entry in story.entries),
        languages=frozenset(entry.language for entry in story.entries if entry.language),
        addresses=frozenset(entry.url for entry in story.entries if entry.url),
        meaning=meaning,
    )


def in_topics(text: StoryText, topics: Collection[str]) -> StoryText:
    """The same story, in these topics."""
    return replace(text, topics=frozenset(topics))
