"""How much a story matters, 0 to 100, and why, in words: who tells it, how fast, what happened. Pure.

The terms are those by which editors say they choose (Harcup and O'Neill, "What is news?", 2017: magnitude,
bad news, follow-up by others) as far as they can be counted. Each adds points; the sum is cut at 100.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log2, log10

STEPS = (40, 60, 80)
"""What readers of a story hear of when it is passed upwards."""

_FACT = re.compile(r"\b(?:sources?|dead|hurt)\b(?! an hour)")
_ONE = 10  # points for a story that one outlet has
_DOUBLED = 12  # for twice as many independent outlets
_MOST_SOURCES = 46
_WEIGHTY = 8  # for the heaviest outlet, at twice the usual weight
_MOST_WEIGHT = 16
_EARLY = timedelta(hours=6)  # in which growth counts as speed: later ones repeat
_A_MOMENT = timedelta(hours=1)  # two reports of one minute are one wire, not sixty an hour
_PER_HOUR = 5
_MOST_SPEED = 15
_HARM = 6  # points for a death; six more for ten times as many
_MOST_HARM = 24
_HURT = 0.5  # the injured and missing, beside the dead
# What a story of this topic has before anybody else tells it; the heaviest topic counts.
TOPICS = {
    "conflict": 12,
    "disasters": 12,
    "politics": 8,
    "health": 8,
    "world": 6,
    "economy": 6,
    "climate": 6,
    "energy": 6,
    "security": 6,
    "transport": 4,
    "science": 4,
    "space": 4,
    "markets": 4,
    "business": 2,
    "technology": 2,
    "ai": 2,
}


@dataclass(frozen=True, slots=True)
class Witness:
    """An independent outlet that tells the story: its weight (1 is usual), and since when."""

    weight: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Importance:
    """0 to 100, and the reasons with their points."""

    score: int
    because: tuple[str, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """Of the reasons those that tell a reader something: how many tell it, and how many it harmed."""
        return tuple(why.rpartition(" ")[0] for why in self.because if _FACT.search(why))


def weigh(
    witnesses: Sequence[Witness], *, topics: Collection[str] = (), dead: int = 0, hurt: int = 0
) -> Importance:
    """The importance of a story; `dead` and `hurt` are the numbers that it names, 0 for none."""
    if not witnesses:
        return Importance(0, ())
    found = [
        _of_sources(len(witnesses)),
        _of_weight(max(one.weight for one in witnesses)),
        _of_speed(sorted(one.at for one in witnesses)),
        _of_topics(topics),
        _of_harm(dead, hurt),
    ]
    told = [(points, why) for points, why in found if points]
    score = min(100, max(0, sum(points for points, _ in told)))
    return Importance(score, tuple(f"{why} {points:+d}" for points, why in told))


def step(before: int, after: int) -> int | None:
    """The highest of STEPS that a story has passed upwards, or None."""
    return max((one for one in STEPS if before < one <= after), default=None)


def _of_sources(count: int) -> tuple[int, str]:
    points = min(_MOST_SOURCES, round(_ONE + _DOUBLED * log2(count)))
    return points, "one source" if count == 1 else f"{count} independent sources"


def _of_weight(weight: float) -> tuple[int, str]:
    points = round(_WEIGHTY * log2(weight)) if weight > 0 else -_ONE
    return max(-_ONE, min(_MOST_WEIGHT, points)), f"an outlet of weight {weight:g}"


def _of_speed(times: Sequence[datetime]) -> tuple[int, str]:
    early = [at for at in times if at - times[0] <= _EARLY]
    if len(early) == 1:
        return 0, ""
    rate = (len(early) - 1) / (max(_A_MOMENT, early[-1] - early[0]) / timedelta(hours=1))
    return min(_MOST_SPEED, round(_PER_HOUR * rate)), f"{rate:.1f} more sources an hour"


def _of_topics(topics: Collection[str]) -> tuple[int, str]:
    points, topic = max(((TOPICS.get(one, 0), one) for one in sorted(topics)), default=(0, ""))
    return points, topic


def _of_harm(dead: int, hurt: int) -> tuple[int, str]:
    points = max(_magnitude(dead), round(_HURT * _magnitude(hurt)))
    words = [f"{dead:,} dead"] if dead > 0 else []
    words += [f"{hurt:,} hurt"] if hurt > 0 else []
    return points, " and ".join(words)


def _magnitude(people: int) -> int:
    return min(_MOST_HARM, round(_HARM * (1 + log10(people)))) if people > 0 else 0
