"""Which story an entry belongs to, if any: conservative, because a false join hides news. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.stories.fingerprint import Fingerprint, headlines_touch, jaccard, same_title

# Two reports of a wire text share most trigrams; two own reports of one event rarely share a tenth.
_NEAR = 0.5
# One outlet reuses headlines ("Morning briefing") for new texts, so there the text must agree as well.
_SAME_OUTLET_NEAR = 0.3


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


def decide(print_: Fingerprint, *, feed_id: int, neighbours: Sequence[Neighbour]) -> Joined | Started:
    """The best reason to join one of the neighbours' stories, or none."""
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
    return Started() if best is None else Joined(best[1], best[2])
