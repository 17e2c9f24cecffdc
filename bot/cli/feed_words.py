"""What `needtoknow feeds` says: the list in columns, and one feed in plain words.

Titles, names and errors are strangers' words: whatever could steer a terminal is left out of them.
"""

import re
import shlex
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.feeds.cadence import Habits, Terms, span
from bot.feeds.novelty import Identity, Tally
from bot.logs import redact
from bot.model import FeedOrigin, FeedState, PushState
from bot.storage.feeds import FeedRecord
from bot.text import clip, squash
from bot.times import iso

_C1 = re.compile(r"[\x80-\x9f]")  # xterm takes U+009B for the beginning of an escape
_NAME_WIDTH = 24
_TITLE_MAX = 100
_ERROR_MAX = 300
_WHOLE = 10_000
_BARS = " ▁▂▃▄▅▆▇█"
_ENOUGH_FOR_HOURS = 6  # items: of fewer, no hour of the day is the busiest
_BUSIEST = 3
_GAP = "  "
_LABEL_WIDTH = 12
_UNITS = (("days", 86_400, 2), ("h", 3600, 2), ("min", 60, 1), ("s", 1, 0))
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_ALL_HOURS = 24


def plain(text: str, limit: int = _TITLE_MAX) -> str:
    """A stranger's text on one line, with nothing in it that a terminal would obey, and no password."""
    whole = text.encode("utf-8", "replace").decode()
    return clip(redact(_C1.sub("", squash(whole))), limit)


def safe(url: str) -> str:
    """The same, whole: for addresses, and what an operator typed."""
    return plain(url, limit=_WHOLE)


def command(name: str, url: str) -> str:
    """What to type, fit to be pasted into a shell: an address is a stranger's text."""
    return f"needtoknow feeds {name} {shlex.quote(safe(url))}"


def rough(time: timedelta) -> str:
    """A length of time in whole units: "40 s", "12 min", "3 h"."""
    seconds = max(0.0, time.total_seconds())
    name, size = next((name, size) for name, size, least in _UNITS if seconds >= least * size)
    return f"{int(seconds // size)} {name}"


def ago(at: datetime | None, now: datetime) -> str:
    """When, as "12 min ago", "in 3 h" or "never"."""
    if at is None:
        return "never"
    return f"{rough(now - at)} ago" if at <= now else f"in {rough(at - now)}"


def count(number: int, name: str) -> str:
    """How many, as "1 feed" or "2 feeds"."""
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


# ---- The list ---------------------------------------------------------------------------------------------


def is_failing(feed: FeedRecord) -> bool:
    """Whether its operator should look at it."""
    return feed.state in {FeedState.SUSPENDED, FeedState.RETIRED} or (
        feed.state == FeedState.ACTIVE and feed.failures > 0
    )


def table(feeds: Sequence[FeedRecord], now: datetime, *, width: int | None) -> list[str]:
    """The feeds in columns, cut at `width`; what fails is told under its feed."""
    names = [plain(feed.spec.name) for feed in feeds]
    name_width = min(_NAME_WIDTH, max([4, *map(_width, names)]))
    widths = (9, name_width, 7, 8, 8)
    lines = [_row(("STATE", "NAME", "EVERY", "ANSWERED", "NEWS"), widths, "ADDRESS")]
    for feed, name in zip(feeds, names, strict=True):
        every = feed.spec.interval or feed.wait
        cells = (
            "failing" if feed.state == FeedState.ACTIVE and feed.failures else feed.state.value,
            _cut(name, name_width),
            rough(every) if every else "–",
            "never" if feed.answered_at is None else _age(feed.answered_at, now),
            _age(feed.latest_at, now),
        )
        lines.append(_row(cells, widths, safe(feed.address)))
        if is_failing(feed):
            lines.append(f"{'':9}{_GAP}└ {_never(feed)}{_trouble(feed, now, again=True)}")
        elif feed.answered_at is None and feed.error:
            lines.append(f"{'':9}{_GAP}└ has never answered: {plain(feed.error, _ERROR_MAX)}")
    return [line if width is None else _cut(line, width) for line in lines]


def summary(feeds: Sequence[FeedRecord]) -> str:
    """The last line, as "43 feeds: 41 active (2 failing), 1 suspended, 1 paused"."""
    counts = Counter(feed.state for feed in feeds)
    failing = sum(feed.state == FeedState.ACTIVE and feed.failures > 0 for feed in feeds)
    parts = [f"{counts[state]} {state.value}" for state in FeedState if counts[state]]
    if failing:
        parts[0] += f" ({failing} failing)"
    if not parts:
        return "no feed is listed"
    never = sum(feed.answered_at is None for feed in feeds)
    silent = f"; {never} {'has' if never == 1 else 'have'} never answered" if never else ""
    return f"{count(len(feeds), 'feed')}: {', '.join(parts)}{silent}"


def as_json(feed: FeedRecord) -> dict[str, Any]:
    """All of it for a script."""
    spec = feed.spec
    return {
        "url": redact(spec.url),
        "address": redact(feed.address),
        "name": spec.name,
        "state": feed.state.value,
        "origin": feed.origin.value,
        "language": spec.language,
        "topic": spec.topic,
        "weight": spec.weight,
        "full_text": spec.full_text,
        "headers": dict(spec.headers or {}),
        "interval_seconds": spec.interval.total_seconds() if spec.interval else None,
        "wait_seconds": feed.wait.total_seconds() if feed.wait else None,
        "wait_because": feed.wait_because,
        "due_at": iso(feed.due_at),
        "answered_at": iso(feed.answered_at),
        "failures": feed.failures,
        "failing_since": iso(feed.failing_since),
        "error": redact(feed.error) if feed.error else None,
        "entries": feed.entries,
        "latest_title": feed.latest_title,
        "latest_at": iso(feed.latest_at),
        "hub": feed.hub,
        "hub_state": feed.hub_state,
        "lease_until": iso(feed.lease_until),
    }


# ---- One feed ---------------------------------------------------------------------------------------------


def told(feed: FeedRecord, now: datetime, *, listed_in: str) -> list[str]:
    """All that is known of a feed, in plain words; `listed_in` is the path of feeds.toml."""
    lines = [plain(feed.spec.name), safe(feed.spec.url)]
    sections: list[tuple[str, Iterable[str]]] = [
        ("moved to", [safe(feed.address)] if feed.address != feed.spec.url else []),
        ("state", _state(feed, now, listed_in)),
        ("asked", [_asked(feed, now)]),
        ("publisher", [_terms(Terms.from_json(feed.terms))]),
        ("habits", _habits(Habits.from_json(feed.habits), now)),
        ("identity", [_identity(Identity.from_json(feed.identity))]),
        ("validators", [_validators(feed)]),
        ("hub", [_hub(feed, now)]),
        ("entries", [_entries(feed, now)]),
        ("settings", _settings(feed)),
    ]
    for label, said in sections:
        lines += [f"  {label if first else '':{_LABEL_WIDTH}}{line}" for first, line in _marked(said)]
    return lines


def _marked(lines: Iterable[str]) -> Iterable[tuple[bool, str]]:
    return ((number == 0, line) for number, line in enumerate(lines))


def _state(feed: FeedRecord, now: datetime, listed_in: str) -> list[str]:
    origin = f"listed in {listed_in}" if feed.origin == FeedOrigin.FILE else "added by command"
    resume = command("resume", feed.spec.url)
    match feed.state:
        case FeedState.ACTIVE:
            said = f"{'failing' if feed.failures else 'active'}, {origin}"
        case FeedState.SUSPENDED:
            said = f"suspended, {origin}: asked once a day, and back with its first answer"
        case FeedState.PAUSED:
            said = f"paused, {origin}; to go on: {resume}"
        case FeedState.UNLISTED:
            return [f"not listed any more; to list it again: {command('add', feed.spec.url)}"]
        case FeedState.RETIRED:
            said = f"retired, {origin}: not asked any more; if that is a mistake: {resume}"
    trouble = feed.failures or (feed.error and feed.state == FeedState.RETIRED)
    return [said, *([_trouble(feed, now)] if trouble else [])]


def _never(feed: FeedRecord) -> str:
    return "" if feed.answered_at else "has never answered; "


def _trouble(feed: FeedRecord, now: datetime, *, again: bool = False) -> str:
    error = plain(feed.error or "no reason is known", _ERROR_MAX)
    if feed.state == FeedState.RETIRED:
        return error
    since = f", for {rough(now - feed.failing_since)}" if feed.failing_since else ""
    next_try = f"; asked again {_again(feed, now)}" if again else ""
    return f"{count(feed.failures, 'failure')} in a row{since}{next_try}: {error}"


def _again(feed: FeedRecord, now: datetime) -> str:
    return ago(feed.due_at, now) if feed.due_at > now else "now, when the bot runs"


def _asked(feed: FeedRecord, now: datetime) -> str:
    answered = "it has never answered"
    if feed.answered_at:
        answered = f"it last answered {ago(feed.answered_at, now)}"
    elif feed.error and not feed.failures and feed.state != FeedState.RETIRED:
        answered += f": {plain(feed.error, _ERROR_MAX)}"  # else it stands under its state
    if feed.state not in {FeedState.ACTIVE, FeedState.SUSPENDED}:
        return answered
    again = f"asked again {_again(feed, now)}"
    if feed.failures:
        return f"{answered}; {again}: less and less often while it fails"
    every = f": {plain(feed.wait_because, _ERROR_MAX)}" if feed.wait_because else ""
    return f"{answered}; {again}{every}"


def _terms(terms: Terms) -> str:
    said = []
    if terms.ttl_minutes:
        said.append(f"ttl {span(timedelta(minutes=terms.ttl_minutes))}")
    if terms.update_seconds:
        said.append(f"publishes every {span(timedelta(seconds=terms.update_seconds))}, it says")
    if terms.fresh_seconds:
        said.append(f"Cache-Control or Expires: fresh for {span(timedelta(seconds=terms.fresh_seconds))}")
    if terms.skip_hours:
        said.append(f"skipHours {_hours(terms.skip_hours)} UTC")
    if terms.skip_days:
        said.append(f"skipDays {', '.join(_DAYS[day] for day in sorted(terms.skip_days))}")
    return " · ".join(said) or "asks for nothing"


def _hours(hours: Iterable[int]) -> str:
    """The hours, with those that follow one another joined, as "0–5, 22"."""
    runs: list[list[int]] = []
    for hour in sorted(hours):
        if runs and runs[-1][-1] == hour - 1:
            runs[-1].append(hour)
        else:
            runs.append([hour])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _habits(habits: Habits | None, now: datetime) -> list[str]:
    if habits is None:
        return ["not known yet"]
    lately = habits.seen((), now=now)
    if lately.hours < 1:
        return ["watched for less than an hour"]
    rate = f"{lately.items / lately.hours * _ALL_HOURS:.2g} items a day lately"
    if sum(lately.profile) < _ENOUGH_FOR_HOURS:
        return [f"{rate}; too few to tell its hours"]
    most = max(lately.profile)
    busiest = sorted(sorted(range(_ALL_HOURS), key=lambda hour: -lately.profile[hour])[:_BUSIEST])
    named = [f"{hour:02}" for hour in busiest if lately.profile[hour] > most / 2]
    bars = "".join(_BARS[round(items / most * (len(_BARS) - 1))] for items in lately.profile)
    return [f"{rate}; busiest at {', '.join(named)} h UTC", f"0h {bars} 23h"]


def _identity(identity: Identity) -> str:
    title = identity.title
    seen = title.kept + title.changed
    if not seen:
        edited = "title: nothing to tell yet"
    elif title.changed:
        edited = f"title: edited in {title.changed} of {count(seen, 'look')}"
    else:
        edited = f"title: stable ({seen} of {count(seen, 'look')})"
    return " · ".join((_mark("guid", identity.guid), _mark("link", identity.link), edited))


def _mark(name: str, tally: Tally) -> str:
    seen = tally.kept + tally.changed
    if not seen:
        return f"{name}: nothing to tell yet"
    said = "stable" if tally.is_stable else "changes, not believed"
    return f"{name}: {said} ({tally.kept} of {count(seen, 'look')})"


def _validators(feed: FeedRecord) -> str:
    named = (("ETag", feed.etag), ("Last-Modified", feed.last_modified))
    return " · ".join(f"{name} {plain(value)}" for name, value in named if value) or "none"


def _hub(feed: FeedRecord, now: datetime) -> str:
    if not feed.hub:
        return "none"
    hub = safe(feed.hub)
    match feed.hub_state:
        case PushState.VERIFIED if feed.lease_until and feed.lease_until > now:
            said = f"pushes until {_time(feed.lease_until)} ({ago(feed.lease_until, now)})"
        case PushState.VERIFIED:
            said = "its lease has ended, to be renewed"
        case PushState.ASKED:
            said = "asked, and has not confirmed yet"
        case PushState.REFUSED:
            said = f"refused: {plain(feed.hub_error or 'no reason is known', _ERROR_MAX)}"
        case _:
            said = "to be asked"
    return f"{hub}: {said}; last push {ago(feed.pushed_at, now)}"


def _entries(feed: FeedRecord, now: datetime) -> str:
    if feed.latest_title is None:
        return "none yet"
    return f"{feed.entries} kept; the latest came {ago(feed.latest_at, now)}: “{plain(feed.latest_title)}”"


def _settings(feed: FeedRecord) -> list[str]:
    spec = feed.spec
    every = f"asked every {span(spec.interval)}, fixed" if spec.interval else "asked as it publishes"
    full = "the articles are read in full" if spec.full_text else "its own summaries only"
    topic, language = spec.topic or "none", spec.language or "not stated"
    lines = [f"topic {topic} · language {language} · weight {spec.weight:g} · {every} · {full}"]
    return [*lines, *(f"header {name} from {place}" for name, place in (spec.headers or {}).items())]


# ---- Columns ----------------------------------------------------------------------------------------------


def _row(cells: Sequence[str], widths: Sequence[int], last: str) -> str:
    padded = (cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True))
    return _GAP.join((*padded, last))


def _age(at: datetime | None, now: datetime) -> str:
    return "–" if at is None else rough(now - at)


def _cut(text: str, width: int) -> str:
    if _width(text) <= width:
        return text
    while text and _width(text) >= width:
        text = text[:-1]
    return f"{text}…"


def _width(text: str) -> int:
    """Columns of a terminal: an ideograph takes two, an accent none."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
