"""Entries on their way from a feed to a story."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.links import host_of
from bot.model import Article, EntryState
from bot.storage.claims import RELEASED, Claimed, claim, live, take, unsuspected
from bot.storage.tables import entries, feeds, fingerprints, stories

_LONGEST_LANGUAGE = 16  # characters; what a page calls its language is no tag if it is longer
# Due rows that a claim looks at, of the news and of the backlog; then as many of feeds not among them.
_WINDOW = 200
# What a page said stays where only its feed's summary is to be had the second time.
_OF_THE_PAGE = ("text", "bare", "bare_because", "language", "author", "image_url")
_MOST_CANDIDATES = 50  # the likeliest neighbours of an entry; each is compared word by word


@dataclass(frozen=True, slots=True)
class EntryForArticle:
    """An entry whose article is to be read.

    `host` is the one to be asked for its page: empty where none is asked, because there is no link or
    because the feed is listed with `full_text` off. `restated` says that it has a story, and its readers are
    to hear what has changed; `missing`, that its page was gone when it was read again.
    """

    id: int
    title: str
    url: str | None
    summary: str
    language: str | None
    host: str
    full_text: bool
    arrived_at: datetime
    restated: bool = False
    missing: bool = False


@dataclass(frozen=True, slots=True)
class ClaimedForArticle(Claimed):
    """`withheld` says that entries are due whose host has its fill."""

    withheld: bool = False


@dataclass(frozen=True, slots=True)
class EntryForStory:
    """An entry whose article was read and whose story is to be found."""

    id: int
    feed_id: int
    title: str
    url: str | None
    text: str
    arrived_at: datetime
    backlog: bool
    story_id: int | None = None  # of one that was restated


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry of an existing story that shares a mark with a new one."""

    story_id: int
    entry_id: int
    feed_id: int
    title: str
    url: str | None
    text: str


def claim_new(
    connection: sa.Connection,
    *,
    now: datetime,
    lease: timedelta,
    limit: int,
    busy: Collection[str] = (),
    per_host: int | None = None,
    late_before: datetime | None = None,
) -> tuple[list[EntryForArticle], ClaimedForArticle]:
    """Entries whose article is still to be read, claimed: news before backlog, then the oldest due first.

    None of a `busy` host but for news that came before `late_before`, and `per_host` at most of any other.
    However many wait for busy hosts, only a few hundred rows are read.
    """
    rows = _due_rows(connection, now=now, limit=limit, busy=busy)
    parked = [row.id for row in rows if not row.live]
    if parked:  # their claims are used up; without `claimed_at` no claim sees, and so tells of, them again
        connection.execute(sa.update(entries).where(entries.c.id.in_(parked)).values(claimed_at=None))
    hosts = {row.id: _host(row) for row in rows if row.live}
    late = {
        row.id
        for row in rows
        # One that is read again has been told, and a summary in place of its page would say nothing new.
        if late_before and not row.backlog and row.arrived_at < late_before and not row.restated
    }
    late = {entry_id for entry_id in late if hosts.get(entry_id) in busy}
    free = [
        (row.id, row.attempts) for row in rows if row.live and (hosts[row.id] not in busy or row.id in late)
    ]
    wanted: list[int] = []
    of_host: Counter[str] = Counter()
    for entry_id in unsuspected(free):
        host = hosts[entry_id]
        of_host[host] += 1
        if not host or per_host is None or of_host[host] <= per_host or entry_id in late:
            wanted.append(entry_id)
    withheld = len(free) < len(hosts) or len(wanted) < of_host.total()
    ids = _locked(connection, wanted, now=now, limit=limit)
    take(connection, entries, ids, now=now, lease=lease)
    return _for_article(connection, ids), ClaimedForArticle(ids, parked, withheld=withheld)


def _due_rows(
    connection: sa.Connection, *, now: datetime, limit: int, busy: Collection[str]
) -> list[sa.Row[Any]]:
    rows: list[sa.Row[Any]] = []
    # One query each, so that it follows an index and stops: sorted as one, all that is due would be read.
    for backlog in (False, True):
        due = _due(now).where(entries.c.backlog == sa.literal(backlog))
        due = due.order_by(entries.c.due_at, entries.c.id).limit(_WINDOW)
        some = connection.execute(due).all()
        rows += some
        if len(some) == _WINDOW and len({host for row in rows if (host := _host(row)) not in busy}) < limit:
            # A busy host with a long backlog fills the window; behind it stand the entries of other feeds.
            # Passing over the crowd is one walk through the index: 50,000 of them take 20 ms.
            crowd = {row.feed_id for row in some}
            rows += connection.execute(due.where(entries.c.feed_id.not_in(crowd))).all()
    return rows


def _due(now: datetime) -> sa.Select[Any]:
    return (
        sa.select(
            *(entries.c[name] for name in ("id", "feed_id", "url", "backlog", "due_at", "arrived_at")),
            (entries.c.claims + entries.c.deaths).label("attempts"),
            live(entries).label("live"),
            entries.c.was_text.is_not(None).label("restated"),
            feeds.c.full_text,
        )
        .join(feeds)
        .where(_is_due(now))
    )


def _is_due(now: datetime) -> sa.ColumnElement[bool]:
    # What is parked and was told of is left out, or it would fill the window in time.
    return sa.and_(
        entries.c.state == EntryState.NEW,
        entries.c.due_at <= now,
        live(entries) | entries.c.claimed_at.is_not(None),
    )


def _host(row: sa.Row[Any]) -> str:
    return host_of(row.url) if row.url and row.full_text else ""


def _for_article(connection: sa.Connection, ids: Sequence[int]) -> list[EntryForArticle]:
    rows = connection.execute(
        sa.select(entries, feeds.c.full_text, feeds.c.language.label("feed_language"))
        .join(feeds)
        .where(entries.c.id.in_(ids))
    )
    found = {
        row.id: EntryForArticle(
            id=row.id,
            title=row.title,
            url=row.url,
            summary=row.summary,
            language=row.feed_language,
            host=_host(row),
            full_text=row.full_text,
            arrived_at=row.arrived_at,
            restated=row.was_text is not None,
            missing=row.withdrawn_at is not None,
        )
        for row in rows
    }
    return [found[entry_id] for entry_id in ids]


def _locked(connection: sa.Connection, ids: Sequence[int], *, now: datetime, limit: int) -> list[int]:
    """The first `limit` of these rows, in their order, that nobody else has taken meanwhile or is taking."""
    free = set(
        connection.execute(
            sa.select(entries.c.id)
            # Asked again of the row as it is when its lock is had.
            .where(entries.c.id.in_(ids), entries.c.state == EntryState.NEW, entries.c.due_at <= now)
            .order_by(entries.c.backlog, entries.c.due_at, entries.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).scalars()
    )
    return [one for one in ids if one in free]


def put_off(connection: sa.Connection, entry_id: int, *, due_at: datetime) -> None:
    """Not now, and not the entry's doing: its article is due again then, and the claim does not count."""
    connection.execute(
        sa.update(entries)
        .where(entries.c.id == entry_id, entries.c.state == EntryState.NEW)
        .values(due_at=due_at, **RELEASED)
    )


def record_article(
    connection: sa.Connection,
    entry_id: int,
    article: Article,
    *,
    bare_because: str | None = None,
    gone: bool = False,
    now: datetime,
) -> bool:
    """The article text (or the feed's own, and why), and on to the next stage; whether it was written.

    An entry that has an article keeps it: a reader that outlived its claim comes too late. One that is read
    again keeps the whole text that it has where there is only a summary now; `gone` says that its page is no
    more.
    """
    values = _article_values(article, bare_because)
    if article.bare:
        kept = entries.c.was_text.is_not(None) & entries.c.bare.is_(sa.false())
        values |= {name: sa.case((kept, entries.c[name]), else_=values[name]) for name in _OF_THE_PAGE}
        values["headline"] = sa.case(
            (kept, sa.func.coalesce(entries.c.headline, article.title)), else_=article.title
        )
    result = connection.execute(
        sa.update(entries)
        .where(entries.c.id == entry_id, entries.c.state == EntryState.NEW)
        .values(
            state=EntryState.READY,
            due_at=now,
            # Known only of an entry whose page was gone when it was read again: is it so?
            withdrawn_at=entries.c.withdrawn_at if gone else None,
            **values,
            **RELEASED,
        )
    )
    return result.rowcount == 1


def _article_values(article: Article, bare_because: str | None) -> dict[str, Any]:
    return {
        "headline": article.title,
        "text": article.text,
        "url": article.url,
        "bare": article.bare,
        "bare_because": bare_because,
        "language": article.language if len(article.language or "") <= _LONGEST_LANGUAGE else None,
        "author": article.author,
        "image_url": article.image_url,
        "canonical_url": article.canonical_url,
        "page_published_at": article.published_at,
        "page_updated_at": article.updated_at,
    }


def claim_ready(
    connection: sa.Connection, *, now: datetime, lease: timedelta, limit: int
) -> tuple[list[EntryForStory], Claimed]:
    """Entries to be grouped, claimed, in order of arrival."""
    claimed = claim(
        connection, entries, entries.c.state == EntryState.READY, now=now, lease=lease, limit=limit
    )
    rows = connection.execute(sa.select(entries).where(entries.c.id.in_(claimed.ids)).order_by(entries.c.id))
    found = [
        EntryForStory(
            *(r.id, r.feed_id, r.headline or r.title, r.url, r.text or "", r.arrived_at, r.backlog),
            story_id=r.story_id,
        )
        for r in rows
    ]
    return found, claimed


def candidates(connection: sa.Connection, marks: Sequence[int], *, since: datetime) -> list[Candidate]:
    """The grouped entries since then that share the most marks, the oldest first."""
    if not marks:
        return []
    shared = (
        sa.select(fingerprints.c.entry_id, sa.func.count().label("marks"))
        .where(fingerprints.c.mark.in_(marks), fingerprints.c.arrived_at >= since)
        .group_by(fingerprints.c.entry_id)
        .subquery()
    )
    likeliest = (
        sa.select(entries.c.id)
        .join(shared, shared.c.entry_id == entries.c.id)
        .where(entries.c.story_id.is_not(None))
        .order_by(shared.c.marks.desc(), entries.c.id.desc())
        .limit(_MOST_CANDIDATES)
    )
    rows = connection.execute(
        sa.select(entries).where(entries.c.id.in_(likeliest.scalar_subquery())).order_by(entries.c.id)
    )
    return [Candidate(r.story_id, r.id, r.feed_id, r.headline or r.title, r.url, r.text or "") for r in rows]


def start_story(connection: sa.Connection, entry: EntryForStory, *, now: datetime) -> int:
    """A new story with this entry as its first; a backlog entry makes one that is matched already."""
    result = connection.execute(
        sa.insert(stories).values(
            title=entry.title,
            started_at=entry.arrived_at,
            updated_at=entry.arrived_at,
            due_at=now,
            matched_revision=1 if entry.backlog else 0,
        )
    )
    return int(result.inserted_primary_key[0]) if result.inserted_primary_key else 0


def grow_story(connection: sa.Connection, story_id: int, entry: EntryForStory, *, now: datetime) -> None:
    """One more entry: the revision grows, and the story is due for matching, unless all it got is backlog."""
    values: dict[str, object] = {"revision": stories.c.revision + 1, "updated_at": _later(entry.arrived_at)}
    if entry.backlog:
        # Only a story that was matched in full stays so; one that waits for matching goes on waiting.
        values["matched_revision"] = sa.case(
            (stories.c.matched_revision == stories.c.revision, stories.c.revision + 1),
            else_=stories.c.matched_revision,
        )
    else:
        values |= {"due_at": now, **RELEASED}
    connection.execute(sa.update(stories).where(stories.c.id == story_id).values(values))


def _later(at: datetime) -> sa.ColumnElement[datetime]:
    # An entry that comes late must not make the story old, and so forgotten.
    return sa.case(
        (stories.c.updated_at < at, sa.literal(at, stories.c.updated_at.type)), else_=stories.c.updated_at
    )


def is_ready(connection: sa.Connection, entry_id: int) -> bool:
    """Whether the entry still waits for its story; it is held until the transaction ends."""
    found = connection.execute(
        sa.select(entries.c.id)
        .where(entries.c.id == entry_id, entries.c.state == EntryState.READY)
        .with_for_update()
    )
    return found.scalar() is not None


def record_story(
    connection: sa.Connection,
    entry: EntryForStory,
    *,
    story_id: int,
    because: str,
    marks: Sequence[int],
    copy_of_id: int | None = None,
) -> bool:
    """Where the entry belongs and why, whose wording it repeats, and the marks by which later ones find it.

    False, and nothing is written, when it has its story already: a grouping that outlived its claim.
    """
    result = connection.execute(
        sa.update(entries)
        .where(entries.c.id == entry.id, entries.c.state == EntryState.READY)
        .values(
            state=EntryState.GROUPED,
            story_id=story_id,
            joined_because=because,
            copy_of_id=copy_of_id,
            **RELEASED,
        )
    )
    if result.rowcount != 1:
        return False
    if marks:
        connection.execute(
            sa.insert(fingerprints),
            [{"entry_id": entry.id, "mark": mark, "arrived_at": entry.arrived_at} for mark in marks],
        )
    return True
