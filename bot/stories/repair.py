"""Stories looked at again when they have grown: two that are one are merged, what does not belong is parted.

Numbers are stable: of two stories the older keeps its own, and of a parted one the part that began it.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from bot.storage import meanings as store
from bot.storage import repairs
from bot.stories.alike import Side, middle
from bot.stories.cluster import merger, parted
from bot.stories.window import Window

_LEAST = 0.3  # cosine: of the pairs of one event in ECB+, 99 in 100 are nearer
_NEAREST = 60  # entries near in meaning, whose stories are compared
_MOST_STORIES = 8
_FIRST, _LAST = 4, 8  # entries that stand for a long story: what it began with, and what it has come to


def standing(
    connection: sa.Connection, window: Window, itself: Side, *, since: datetime, but: int | None = None
) -> dict[int, Side]:
    """The middles of the stories that have entries near in meaning, by number; not of the story `but`."""
    near = window.near(itself.meaning, since=since, least=_LEAST, limit=_NEAREST)
    home = store.stories_of(connection, [entry_id for entry_id, _ in near])
    ranked = dict.fromkeys(home[entry_id] for entry_id, _ in near if entry_id in home)
    chosen = [story_id for story_id in ranked if story_id != but][:_MOST_STORIES]
    found = _sides(connection, window, chosen, since=since)
    return {story_id: middle(list(sides.values())) for story_id, sides in found.items() if sides}


def _sides(
    connection: sa.Connection, window: Window, story_ids: Sequence[int], *, since: datetime
) -> dict[int, dict[int, Side]]:
    chosen = {
        story_id: ids if len(ids) <= _FIRST + _LAST else ids[:_FIRST] + ids[-_LAST:]
        for story_id, ids in store.members(connection, story_ids, since=since).items()
    }
    sides = window.sides(connection, [one for ids in chosen.values() for one in ids])
    return {story_id: {one: sides[one] for one in ids if one in sides} for story_id, ids in chosen.items()}


def is_free(connection: sa.Connection, story_id: int) -> bool:
    """Whether the story may be merged or parted: nobody is matching it at the moment."""
    return story_id in repairs.free(connection, [story_id])


def look_again(
    connection: sa.Connection,
    window: Window,
    story_id: int,
    *,
    newest: int,
    since: datetime,
    now: datetime,
) -> int:
    """Parts and merges the story, which has grown and is free; returns where its newest entry is now."""
    sides = _sides(connection, window, [story_id], since=since).get(story_id, {})
    gone = parted(sides, bound=store.bound(connection, list(sides)))
    if gone:
        because = f"parted from story {story_id}: another event"
        new = repairs.part(connection, story_id, sorted(gone), because=because, now=now)
        if newest in gone:
            story_id = new
        sides = {one: side for one, side in sides.items() if (one in gone) == (newest in gone)}
    return _merged(connection, window, story_id, sides, since=since, now=now)


def _merged(
    connection: sa.Connection,
    window: Window,
    story_id: int,
    sides: dict[int, Side],
    *,
    since: datetime,
    now: datetime,
) -> int:
    if not sides:
        return story_id
    grown = middle(list(sides.values()))
    found = merger(grown, standing(connection, window, grown, since=since, but=story_id))
    if found is None or not is_free(connection, found[0]):
        return story_id
    other, because = found
    kept, gone = min(story_id, other), max(story_id, other)
    said = f"story {gone} merged into story {kept}: {because}"
    repairs.merge(connection, kept, gone, because=said, now=now)
    return kept
