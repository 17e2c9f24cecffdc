"""Which story an entry belongs to, if any: conservative, because a false join hides news. Pure.

What is said in the same words, under the same headline or at the same link is one story, whatever else. Other
entries belong where they are most alike on average; a story that has grown is then looked at again, and may
turn out to be the same as another one, or to be two.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.stories.alike import Side, alike, headlines_meet, middle, within
from bot.stories.fingerprint import Fingerprint, headlines_touch, jaccard, same_title

# Two reports of a wire text share most trigrams; two own reports of one event rarely share a tenth.
_NEAR = 0.5
# One outlet reuses headlines ("Morning briefing") for new texts, so there the text must agree as well.
_SAME_OUTLET_NEAR = 0.3
# Log odds. What is parted is told as news, so that takes clearer evidence than not to have joined it.
JOIN = 0.0
MERGE = 0.0
PART = -0.75
# Two stories of a few entries each are one only if they are not much less alike than each is within itself
# (relative closeness, after Karypis, Han and Kumar's Chameleon, 1999): two like events stay two.
_CLOSENESS = 0.3
_LEAST_TERMS = 5  # of an entry, before it can be said to be like another: "Brief" is like every other "Brief"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An entry that a story already has."""

    story_id: int
    feed_id: int
    print: Fingerprint


@dataclass(frozen=True, slots=True)
class Joined:
    """The entry belongs to that story, and why."""

    story_id: int
    because: str


@dataclass(frozen=True, slots=True)
class Started:
    """Nobody has told this yet."""

    because: str = "nothing like it in three days"


def decide(
    print_: Fingerprint,
    *,
    feed_id: int,
    neighbours: Sequence[Neighbour],
    itself: Side | None = None,
    standing: Mapping[int, Side] | None = None,
) -> Joined | Started:
    """The best reason to join a story, or none.

    `neighbours` share some wording with the entry; `standing` are the middles of the stories that have
    something near in meaning, by number, to be compared with the entry `itself`.
    """
    exact = _by_wording(print_, feed_id=feed_id, neighbours=neighbours)
    if exact is not None or itself is None or not standing or len(itself.terms) < _LEAST_TERMS:
        return exact or Started()
    offers = {other.story_id for other in neighbours if _is_offer(print_, other.print)}
    likeliest = likest(itself, {number: one for number, one in standing.items() if number not in offers})
    if likeliest is None or likeliest[1] <= JOIN:
        return Started()
    story_id, _, because = likeliest
    return Joined(story_id, f"joined story {story_id}: {because}")


def _by_wording(print_: Fingerprint, *, feed_id: int, neighbours: Sequence[Neighbour]) -> Joined | None:
    best: tuple[float, int, str] | None = None
    for other in neighbours:
        near = jaccard(print_, other.print)
        score, because = 0.0, ""
        if print_.link and print_.link == other.print.link:
            score, because = 2.0, "same link"
        elif near >= _NEAR and headlines_touch(print_, other.print):
            score, because = near, f"same text, {near:.2f} of its word triples"
        elif same_title(print_, other.print) and (feed_id != other.feed_id or near >= _SAME_OUTLET_NEAR):
            score, because = (
                1.0,
                "same headline at another outlet" if feed_id != other.feed_id else "same headline",
            )
        if because and (best is None or (score, -other.story_id) > (best[0], -best[1])):
            best = (score, other.story_id, because)
    return None if best is None else Joined(best[1], best[2])


def _is_offer(one: Fingerprint, other: Fingerprint) -> bool:
    # One text under headlines that have nothing in common: a paywall's, and no word of it tells an event.
    return not headlines_touch(one, other) and jaccard(one, other) >= _NEAR


def likest(itself: Side, standing: Mapping[int, Side]) -> tuple[int, float, str] | None:
    """The story that is most alike: its number, the log odds, and why; of equals the oldest."""
    found = [
        (alike(itself, side), story_id) for story_id, side in standing.items() if headlines_meet(itself, side)
    ]
    if not found:
        return None
    near, story_id = max(found, key=lambda one: (one[0].odds, -one[1]))
    return story_id, near.odds, near.because


def merger(grown: Side, others: Mapping[int, Side]) -> tuple[int, str] | None:
    """The story that tells the same event as the one that has `grown`, and why; None where none does."""
    found = [
        (near.odds - _CLOSENESS * _own(grown, other), story_id, near.because)
        for story_id, other in others.items()
        if headlines_meet(grown, other) and (near := alike(grown, other)).odds > MERGE
    ]
    if not found:
        return None
    score, story_id, because = max(found, key=lambda one: (one[0], -one[1]))
    return (story_id, because) if score > MERGE else None


def _own(one: Side, other: Side) -> float:
    # One entry alone says nothing of how far its story reaches; of two groups, the looser one does.
    both = within(one), within(other)
    return max(0.0, min(both) if min(one.size, other.size) > 1 else max(both))


def parted(sides: Mapping[int, Side], *, bound: Collection[int] = ()) -> frozenset[int]:
    """The entries, by number, that do not belong to the story that the oldest tells; empty where all do.

    The story is built up again, most alike first, until two parts are left; if those are not alike, they are
    two stories. The part without the oldest entry is the one that goes, unless an entry in it is `bound`: the
    wording of another says where it belongs.
    """
    parts = [(frozenset({entry_id}), one) for entry_id, one in sorted(sides.items())]
    while len(parts) > 2:  # noqa: PLR2004
        _, i, j = max(
            (alike(a[1], b[1]).kinship, i, j) for j, b in enumerate(parts) for i, a in enumerate(parts[:j])
        )
        other = parts.pop(j)
        parts[i] = (parts[i][0] | other[0], middle([parts[i][1], other[1]]))
    if len(parts) < 2 or alike(parts[0][1], parts[1][1]).kinship > PART:  # noqa: PLR2004
        return frozenset()
    oldest = min(sides)
    gone = next(ids for ids, _ in parts if oldest not in ids)
    return frozenset() if gone & set(bound) else gone
