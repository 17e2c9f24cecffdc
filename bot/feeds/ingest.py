"""From a feed's bytes to rows: read in a child process, then sorted out and written in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.feeds.cadence import Habits, first_habits
from bot.feeds.marks import Listed
from bot.feeds.novelty import Identity, KnownItem, marks_to_ask, sort_out
from bot.feeds.reading import Reading
from bot.storage import items as store
from bot.storage.items import KeptEntry, NewEntry
from bot.storage.polls import learnt, record_learnt
from bot.text import fold

_MOST_TITLE = 500
_OLD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a reading brought: new entries, changed ones, and the habits and identity learnt."""

    new: int
    changed: int
    backlog: bool
    habits: Habits | None


def take_in(
    connection: sa.Connection,
    feed_id: int,
    reading: Reading,
    *,
    now: datetime,
) -> Taken:
    """Enters what is new and keeps what has changed, all asked again inside the transaction.

    So a poll whose lease ran out, or a push beside a poll, cannot enter anything twice.
    """
    shown = reading.shown
    known = learnt(connection, feed_id)
    backlog = not known.begun
    shown_before = known.begun or store.has_shown_anything(connection, feed_id)
    seen = store.seen_items(connection, feed_id, marks_to_ask(shown)) if shown_before else {}
    wanted = {*seen.values(), *(one.marks.item for one in shown)}
    kept = store.kept_entries(connection, feed_id, wanted) if shown_before else {}
    titled = _titled(connection, feed_id, shown, seen) if shown and not backlog else {}
    sorted_out = sort_out(
        shown,
        seen=seen,
        items={
            item: KnownItem(one.title, one.published_at, one.url) for item, one in (titled | kept).items()
        },
        titles={fold(one.title): item for item, one in titled.items()},
        identity=Identity.from_json(known.identity),
    )
    new = sorted_out.new
    old = new if backlog else _old(connection, feed_id, new, now=now)
    # By name: to compare whole entries, each with each, takes seconds for a feed of 2,000.
    named = {one.marks.item for one in old}
    news = [one for one in new if one.marks.item not in named]
    store.add_entries(connection, feed_id, [_new_entry(one) for one in old], backlog=True, now=now)
    store.add_entries(connection, feed_id, [_new_entry(one) for one in news], backlog=False, now=now)
    changed = sum(
        store.add_version(connection, entry, _new_entry(one), now=now)
        for entry, one in _changed(sorted_out.known, titled | kept)
    )
    store.wear(connection, feed_id, sorted_out.worn, before=seen, now=now)
    habits = _habits(known.habits, reading, news, backlog=backlog, now=now)
    record_learnt(
        connection,
        feed_id,
        habits=habits.as_json() if habits else None,
        identity=sorted_out.identity.as_json(),
    )
    return Taken(len(new), changed, backlog, habits)


def _old(
    connection: sa.Connection, feed_id: int, new: Sequence[Listed], *, now: datetime
) -> Sequence[Listed]:
    """What is backlog of a feed that has been empty so far: what it dates more than a day ago.

    The feed of big earthquakes is empty most of the time, and what comes next is news; but a server in
    trouble answers with an empty feed too, and then with the items of years.
    """
    if not new or store.has_shown_anything(connection, feed_id):
        return ()
    dated = [(one, one.entry.published_at) for one in new]
    return [one for one, at in dated if at is not None and at < now - _OLD]


def _titled(
    connection: sa.Connection, feed_id: int, shown: Iterable[Listed], seen: Mapping[str, str]
) -> dict[str, KeptEntry]:
    """The kept entries that have the title of an entry whose marks are all unknown."""
    titles = {
        _title(one)
        for one in shown
        if one.entry.title and not any(mark in seen for mark in (one.marks.guid, one.marks.link))
    }
    return store.entries_titled(connection, feed_id, titles) if titles else {}


def _changed(
    known: Mapping[str, Listed], kept: Mapping[str, KeptEntry]
) -> Iterable[tuple[KeptEntry, Listed]]:
    for item, one in known.items():
        entry = kept.get(item)
        if entry is not None and entry.text_hash is not None and entry.text_hash != one.text_hash:
            yield entry, one


def _new_entry(one: Listed) -> NewEntry:
    return NewEntry(
        key_hash=one.marks.item,
        title=_title(one),
        url=one.entry.url,
        summary=one.entry.summary.replace("\0", ""),
        published_at=one.entry.published_at,
        text_hash=one.text_hash,
    )


def _title(one: Listed) -> str:
    return one.entry.title[:_MOST_TITLE]


def _habits(
    stored: Mapping[str, Any] | None,
    reading: Reading,
    new: Iterable[Listed],
    *,
    backlog: bool,
    now: datetime,
) -> Habits | None:
    before = Habits.from_json(stored)
    if backlog or before is None:
        guess = first_habits((one.entry.published_at for one in reading.shown), now=now)
        return before or guess or Habits(at=now)
    stated = [one.entry.published_at for one in new]
    # When it came out, if the feed says so believably; else when we saw it.
    arrivals = [at if at is not None and before.at < at <= now else now for at in stated]
    return before.seen(arrivals, now=now) if arrivals else before
