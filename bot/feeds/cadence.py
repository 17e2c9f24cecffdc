"""When to ask a feed again: by how often it publishes, and by what its publisher asks for. Pure.

With a given number of requests, news is late by the least when a feed that publishes at the rate r is asked
at a rate proportional to the square root of r, hour by hour of its day (Sia, Cho and Cho, "Efficient
Monitoring Algorithm for Fast News Alerts", IEEE TKDE 19(7), 2007). So each feed gathers √r over time, and is
due when a fixed amount has come together.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from bot.times import from_micros, to_micros

_LONGEST_WAIT = timedelta(hours=24)
_JITTER = 0.1  # a tenth, so that feeds added together do not stay together
_MOST_DOUBLINGS = 20  # past any cap, and well short of overflow

_HOUR = timedelta(hours=1)
_HOURS = 24
_HALF_LIFE = 14 * 24.0  # hours, of what we know of a feed's habits
_FRESH_HALF_LIFE = 1.5  # hours: news comes in bursts, and a feed that has just woken is asked more often
_BEGINNING = timedelta(minutes=10)  # nothing is known of the feed yet
_PRIOR_ITEMS, _PRIOR_HOURS = 0.25, 12.0  # a quarter of an item's worth of belief in one every other day
_PRIOR_BURST_HOURS = 1.0
_HOURLY_FLOOR = 0.25  # no hour of the day is ever taken for quieter than a quarter of the average
_SMOOTHING = 24.0  # items: a profile of the day needs some before it is believed
# √(items an hour) times hours: one item an hour is asked for every 6 minutes, one a day every 30. Of the
# values tried in the simulated day this saves most requests at the delay of a fixed 5-minute poll.
_ENOUGH = 6 / 60
_A_BURST = timedelta(minutes=1)  # an item a minute is as fast as a publisher gets ...
_SMALL_WINDOW = timedelta(minutes=5)  # ... and to ask more often than this for that reason would be rude
_KNOWN_HOURS = 6.0  # watched, before silence is taken for a habit
_LEAST_CAP = timedelta(hours=1)  # a publisher's wish is honoured up to here, whatever the longest wait is
_MOST_DATED = 500


@dataclass(frozen=True, slots=True)
class Terms:
    """What the publisher asks for; hours and days are GMT, Monday is 0.

    In the feed: `ttl`, `skipHours`, `skipDays`, `sy:updatePeriod`; in headers: `Cache-Control`, `Expires`.
    """

    ttl_minutes: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    update_seconds: float | None = None
    fresh_seconds: float | None = None
    shown: int | None = None  # items that the feed lists at a time: what is pushed out unseen is lost

    def as_json(self) -> dict[str, Any]:
        """For the database."""
        return {
            "ttl_minutes": self.ttl_minutes,
            "skip_hours": sorted(self.skip_hours),
            "skip_days": sorted(self.skip_days),
            "update_seconds": self.update_seconds,
            "fresh_seconds": self.fresh_seconds,
            "shown": self.shown,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | None) -> "Terms":
        """Back from the database."""
        stored = stored or {}
        return cls(
            ttl_minutes=stored.get("ttl_minutes"),
            skip_hours=frozenset(stored.get("skip_hours") or ()),
            skip_days=frozenset(stored.get("skip_days") or ()),
            update_seconds=stored.get("update_seconds"),
            fresh_seconds=stored.get("fresh_seconds"),
            shown=stored.get("shown"),
        )


NO_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Habits:
    """How often a feed has published: items and hours watched until `at`, the older the less they weigh.

    `profile` are the items of each hour of the day (UTC), `burst` those of the last hours.
    """

    at: datetime
    items: float = 0.0
    hours: float = 0.0
    burst: float = 0.0
    profile: tuple[float, ...] = (0.0,) * _HOURS

    def seen(self, arrivals: Iterable[datetime], *, now: datetime) -> "Habits":
        """The habits after these arrivals, none of them later than `now`."""
        faded = self.as_of(now)
        profile = list(faded.profile)
        items = burst = 0.0
        for at in arrivals:
            age = max(0.0, (now - at) / _HOUR)
            profile[at.hour] += 0.5 ** (age / _HALF_LIFE)
            items += 0.5 ** (age / _HALF_LIFE)
            burst += 0.5 ** (age / _FRESH_HALF_LIFE)
        return replace(faded, items=faded.items + items, burst=faded.burst + burst, profile=tuple(profile))

    def rate(self, at: datetime) -> float:
        """Items an hour to be expected at that time, `at` or later."""
        later = self.as_of(at)
        mean = (later.items + _PRIOR_ITEMS) / (later.hours + _PRIOR_HOURS)
        counted = sum(later.profile)
        hourly = (later.profile[at.hour] * _HOURS + _SMOOTHING) / (counted + _SMOOTHING)
        # In a steady state the burst holds rate × half-life / ln 2 items: more than that is a burst.
        lasting = _FRESH_HALF_LIFE / math.log(2)
        bursting = later.burst / (lasting + _PRIOR_BURST_HOURS)
        return max(mean * max(hourly, _HOURLY_FLOOR), bursting)

    def as_json(self) -> dict[str, Any]:
        """For the database."""
        return {
            "at": to_micros(self.at),
            "items": round(self.items, 4),
            "hours": round(self.hours, 3),
            "burst": round(self.burst, 4),
            "profile": [round(count, 3) for count in self.profile],
        }

    @classmethod
    def from_json(cls, stored: Any) -> "Habits | None":
        """Back from the database."""
        try:
            at, profile = from_micros(stored["at"]), tuple(float(count) for count in stored["profile"])
            items, hours, burst = (float(stored[name]) for name in ("items", "hours", "burst"))
        except (KeyError, TypeError, ValueError, OverflowError):
            return None  # another version's: learnt anew
        if len(profile) != _HOURS or not all(map(math.isfinite, (items, hours, burst, *profile))):
            return None
        return cls(at, items, hours, burst, profile)

    def as_of(self, now: datetime) -> "Habits":
        """The same habits, faded until now."""
        hours = max(0.0, (now - self.at) / _HOUR)
        if not hours:
            return self
        kept, fresh = 0.5 ** (hours / _HALF_LIFE), 0.5 ** (hours / _FRESH_HALF_LIFE)
        # Time watched fades while it is being watched: the integral of what is left of each moment.
        watched = (1 - kept) * _HALF_LIFE / math.log(2)
        return Habits(
            at=max(now, self.at),
            items=self.items * kept,
            hours=self.hours * kept + watched,
            burst=self.burst * fresh,
            profile=tuple([count * kept for count in self.profile]),
        )


def first_habits(dates: Iterable[datetime | None], *, now: datetime) -> Habits | None:
    """A first guess from the dates that a feed states, for its interval only; None where they tell nothing.

    A feed lists its last items, so the time from the oldest to now is the time in which it published them.
    """
    stated = sorted((at for at in dates if at is not None and at <= now), reverse=True)[:_MOST_DATED]
    recent = [at for at in stated if now - at < 2 * timedelta(hours=_HALF_LIFE)]
    if len(recent) < 2:  # noqa: PLR2004 - one date is no habit
        return None
    # Items with one and the same date were stamped by a machine, not published then.
    distinct = [recent[0]] + [at for before, at in pairwise(recent) if at != before]
    watched = Habits(at=distinct[-1])
    return watched.seen(distinct[:-1], now=now)


@dataclass(frozen=True, slots=True)
class Wait:
    """How long to leave a feed alone, and why, in words for `needtoknow feeds show`."""

    time: timedelta
    because: str
    firm: bool = False  # never to be made shorter by jitter


def decide(
    now: datetime,
    *,
    habits: Habits | None,
    terms: Terms,
    shortest: timedelta,
    longest: timedelta,
    fixed: timedelta | None = None,
    pushed: bool = False,
) -> Wait:
    """The wait of a healthy feed: by its habits, between `shortest` and `longest`, and as its publisher asks.

    `fixed` is the operator's word and wins over both. `pushed` says that a hub tells us of news.
    """
    if fixed is not None:
        return Wait(fixed, f"its own interval is {span(fixed)}")
    if pushed:
        by_hub = Wait(longest, "its hub pushes; asked only in case a push is lost")
        return _as_asked(by_hub, terms, now, longest)
    return _as_asked(_by_habit(now, habits, terms, shortest, longest), terms, now, longest)


def next_poll(
    now: datetime,
    *,
    wait: Wait,
    terms: Terms = NO_TERMS,
    failures: int = 0,
    retry_after: float | None = None,
    jitter: float,
) -> datetime:
    """`wait` from now, doubled for each failure in a row up to a day, spread by `jitter` in [0, 1).

    `retry_after`, in seconds, is honoured as a minimum, up to a day as well, and so are skipped hours. A
    failure of our own network does not count as the feed's: pass `failures` as before, 0 for a healthy feed.
    """
    spread = 1 + _JITTER * jitter if wait.firm else 1 - _JITTER + 2 * _JITTER * jitter
    time = wait.time * spread
    if failures > 0:
        time = min(time * 2 ** min(failures, _MOST_DOUBLINGS), max(_LONGEST_WAIT, wait.time))
    if retry_after is not None:
        time = max(time, timedelta(seconds=min(retry_after, _LONGEST_WAIT.total_seconds())))
    return _after_skipped(now + time, terms)


def span(time: timedelta) -> str:
    """A length of time in words: "45 s", "12 min", "3 h", "2 days"."""
    seconds = time.total_seconds()
    for unit, size, least in (("days", 86_400, 2), ("h", 3600, 2), ("min", 60, 1)):
        if seconds >= least * size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"


def _by_habit(
    now: datetime, habits: Habits | None, terms: Terms, shortest: timedelta, longest: timedelta
) -> Wait:
    habits = habits.as_of(now) if habits else None
    longest, full = _before_full(terms, shortest, longest)
    time = _clamp(_until_enough(habits, now, longest), shortest, longest) if habits else longest
    if habits is None or (habits.hours < _KNOWN_HOURS and time > _BEGINNING):
        return _to_begin_with(terms, shortest, longest)
    gap = timedelta(hours=1 / habits.rate(now))
    because = f"it publishes about every {span(gap)} at this hour"
    if time == shortest:
        because += f", and {span(shortest)} is the shortest allowed"
    elif time == longest:
        because += full or f", and {span(longest)} is the longest allowed"
    return Wait(time, because)


def _before_full(terms: Terms, shortest: timedelta, longest: timedelta) -> tuple[timedelta, str]:
    """The longest wait for a feed that lists few items, and why: a burst must not push one out unseen.

    In the simulated day a feed of ten, asked every half hour, published eleven within one.
    """
    if not terms.shown:
        return longest, ""
    least = max(shortest, _SMALL_WINDOW, terms.shown * _A_BURST)
    return (least, f", but lists only {terms.shown} items at a time") if least < longest else (longest, "")


def _to_begin_with(terms: Terms, shortest: timedelta, longest: timedelta) -> Wait:
    if terms.update_seconds:
        said = timedelta(seconds=terms.update_seconds)
        return Wait(_clamp(said / 4, shortest, longest), f"it says that it publishes every {span(said)}")
    return Wait(_clamp(_BEGINNING, shortest, longest), "its habits are not known yet")


def _until_enough(habits: Habits, now: datetime, longest: timedelta) -> timedelta:
    """How long until √rate has gathered; the rate is that of each hour on the way, for days have mornings."""
    gathered, at = 0.0, now
    while at - now < longest:
        hour_ends = at.replace(minute=0, second=0, microsecond=0) + _HOUR
        root = math.sqrt(habits.rate(at))
        needed = timedelta(hours=(_ENOUGH - gathered) / root)
        if at + needed <= hour_ends:
            return at + needed - now
        gathered += root * ((hour_ends - at) / _HOUR)
        at = hour_ends
    return longest


def _as_asked(wait: Wait, terms: Terms, now: datetime, longest: timedelta) -> Wait:
    """At least as long as the publisher asks, up to an hour or `longest`: many write anything into `ttl`."""
    cap = max(longest, _LEAST_CAP)
    asked = []
    if terms.ttl_minutes:
        asked.append((timedelta(minutes=terms.ttl_minutes), "its ttl asks for"))
    if terms.fresh_seconds:
        asked.append((timedelta(seconds=terms.fresh_seconds), "its Cache-Control or Expires asks for"))
    for time, words in sorted(asked):
        least = min(time, cap)
        # Jitter may shorten a wait by a tenth, but not below what was asked for.
        if least > wait.time * (1 - _JITTER):
            capped = f", capped at {span(cap)}" if time > cap else ""
            because = f"{words} {span(time)}{capped}" if least > wait.time else wait.because
            wait = Wait(max(least, wait.time), because, firm=True)
    due_at = now + wait.time
    opens_at = _after_skipped(due_at, terms)
    if opens_at > due_at:
        because = f"its skipHours or skipDays ask for silence until {opens_at:%a %H:%M} UTC"
        return Wait(opens_at - now, because, firm=True)
    return wait


def _after_skipped(at: datetime, terms: Terms) -> datetime:
    """The first moment from `at` on, within a day, that is in no skipped hour or day."""
    if len(terms.skip_hours) >= _HOURS or len(terms.skip_days) > 6:  # noqa: PLR2004 - it would skip them all
        return at
    found = at
    for _ in range(_HOURS):
        if found.hour not in terms.skip_hours and found.weekday() not in terms.skip_days:
            return found
        found = found.replace(minute=0, second=0, microsecond=0) + _HOUR
    return found


def _clamp(time: timedelta, shortest: timedelta, longest: timedelta) -> timedelta:
    return max(shortest, min(time, max(longest, shortest)))
