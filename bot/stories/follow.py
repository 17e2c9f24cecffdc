"""What a story's new entry, or a restated one, means to its readers: what is new, and how much it matters.

Both are called by the stage that groups, inside its transaction: the entry, the story's revision and what is
new in it are there together or not at all.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa

from bot.model import Change, ChangeKind, StoryText
from bot.sentences import split
from bot.storage import changes as store
from bot.storage import meanings, reports
from bot.storage import restated as had
from bot.storage.reports import ReportRow
from bot.stories.changes import Report, find, most
from bot.stories.corrections import corrected
from bot.stories.importance import Importance, Witness, step, weigh

_ENOUGH = 3  # independent sources: an event that so many tell is no rumour
_MOST_KNOWN = 20  # reports that are compared; who has told it twenty times has told it all
_MOST_TEXT = 12_000  # characters of a report: what is new does not come later
_MOST_OUTLETS = 3
_HURT = ("injured", "missing")
Topics = Callable[[StoryText], Mapping[str, str]]
"""Gives a story's topics, each with the reason."""


class Grouped(Protocol):
    """An entry that has its story."""

    @property
    def id(self) -> int:
        """The entry's id."""

    @property
    def backlog(self) -> bool:
        """Whether it was there before its feed was followed: then it is no news."""


def told(
    connection: sa.Connection,
    *,
    story_id: int,
    entry: Grouped,
    joined: bool,
    now: datetime,
    topics: Topics | None = None,
) -> list[Change]:
    """Stores what the entry brings that is new to the story's readers, and how much the story matters now.

    To be called once the entry is in its story and the story has its revision. `joined` is false for an entry
    that starts one: all of it is new, and its readers get an alert.
    """
    rows = reports.load(connection, story_id)
    before = reports.standing(connection, story_id)
    others = [row for row in rows if row.id != entry.id]
    mine = next((row for row in rows if row.id == entry.id), None)
    within = _topics(connection, story_id, rows, topics)
    weighed = _weigh(rows, within)
    found: list[Change] = []
    if joined and others and mine is not None and not entry.backlog:
        if not mine.is_copy:
            found += find([_report(row) for row in others[-_MOST_KNOWN:]], _report(mine), entry=entry.id)
        found += _sources(others, rows)
        was = max(before.importance, _weigh(others, within).score)
        found += _step(was, weighed)
    _record_standing(connection, story_id, rows, weighed, topics=within)
    store.record(connection, story_id, before.revision, found, now=now)
    return found


def restated(
    connection: sa.Connection, entry: Grouped, *, now: datetime, topics: Topics | None = None
) -> list[Change]:
    """Judges a restated entry against what readers were told; stores what they must hear of, if anything.

    The story's revision grows only when there is something. The entry is grouped again either way, and what
    was told of it is let go.
    """
    one = had.load(connection, entry.id)
    if one is None:
        had.settle(connection, entry.id, withdrawn_at=None)
        return []
    found = _judged(connection, one)
    withdrawn = any(change.kind is ChangeKind.WITHDRAWAL for change in found)
    had.settle(connection, entry.id, withdrawn_at=now if withdrawn else None)
    if one.story_id is None or not found:
        return []
    rows = reports.load(connection, one.story_id)
    found = [change for change in found if not _is_known(change, rows, entry.id)]
    if found:
        revision = had.revise(connection, one.story_id, now=now)
        store.record(connection, one.story_id, revision, found, now=now)
    within = _topics(connection, one.story_id, rows, topics)
    _record_standing(connection, one.story_id, rows, _weigh(rows, within), topics=within)
    return found


def _judged(connection: sa.Connection, one: had.Restated) -> list[Change]:
    if one.gone:
        return [Change(ChangeKind.WITHDRAWAL, one.was_headline, None, one.id, one.outlet)]
    was = Report(one.was_headline, _sentences(one.was_text), one.outlet)
    says = Report(one.headline, _sentences(one.text), one.outlet)
    read = frozenset() if one.story_id is None else store.digested(connection, one.story_id)
    return corrected(was, says, told=read, entry=one.id)


def _report(row: ReportRow) -> Report:
    return Report(row.title, _sentences(row.text), row.outlet)


def _sentences(text: str) -> tuple[str, ...]:
    return tuple(sentence.text for sentence in split(text[:_MOST_TEXT]))


def _is_known(change: Change, rows: Sequence[ReportRow], entry_id: int) -> bool:
    """Whether another outlet has told readers already what is news in a restated entry."""
    if change.kind in {ChangeKind.CORRECTION, ChangeKind.WITHDRAWAL}:
        return False
    others = [_report(row) for row in rows if row.id != entry_id][-_MOST_KNOWN:]
    mine = Report(change.text, (change.text,), change.outlet)
    return bool(others) and not any(one.kind is change.kind for one in find(others, mine))


def _witnesses(rows: Sequence[ReportRow]) -> list[Witness]:
    """The outlets that tell the story of their own, each since its first report."""
    found: dict[str, Witness] = {}
    for row in rows:
        if not row.is_copy and not row.is_withdrawn:
            found.setdefault(row.outlet, Witness(row.weight, row.arrived_at))
    return list(found.values())


def _topics(
    connection: sa.Connection, story_id: int, rows: Sequence[ReportRow], topics: Topics | None
) -> Mapping[str, str] | None:
    """The topics of the story, with the reasons; None when nobody can tell."""
    standing = [row for row in rows if not row.is_withdrawn]
    if topics is None or not standing:
        return None
    return topics(
        StoryText(
            title="\n".join(dict.fromkeys(row.title for row in standing)),
            text="\n".join(row.text for row in standing)[:_MOST_TEXT],
            topics=frozenset(row.topic for row in standing if row.topic),
            sources=frozenset(row.outlet for row in standing),
            languages=frozenset(row.language for row in standing if row.language),
            meaning=meanings.of_stories(connection, [story_id]).get(story_id),
        )
    )


def _weigh(rows: Sequence[ReportRow], topics: Mapping[str, str] | None) -> Importance:
    standing = [row for row in rows if not row.is_withdrawn]
    names = {row.topic for row in standing if row.topic}.union(topics or ())
    leads = [sentence for row in standing for sentence in _report(row).central]
    return weigh(_witnesses(standing), topics=names, dead=most(leads, "killed"), hurt=most(leads, *_HURT))


def _sources(others: Sequence[ReportRow], rows: Sequence[ReportRow]) -> list[Change]:
    if not len(_witnesses(others)) < _ENOUGH <= len(_witnesses(rows)):
        return []
    names = list(dict.fromkeys(row.outlet for row in rows if not row.is_copy and not row.is_withdrawn))
    listed = f"{', '.join(names[: _MOST_OUTLETS - 1])} and {names[_MOST_OUTLETS - 1]}"
    return [Change(ChangeKind.SOURCES, f"Three independent sources report it now: {listed}.")]


def _step(before: int, after: Importance) -> list[Change]:
    if step(before, after.score) is None:
        return []
    return [Change(ChangeKind.IMPORTANCE, f"It matters more now: {', '.join(after.facts)}.")]


def _record_standing(
    connection: sa.Connection,
    story_id: int,
    rows: Sequence[ReportRow],
    weighed: Importance,
    *,
    topics: Mapping[str, str] | None,
) -> None:
    reports.record_standing(
        connection,
        story_id,
        importance=weighed.score,
        because=weighed.because,
        independent=max(1, len(_witnesses(rows))),
        topics=topics,
    )
