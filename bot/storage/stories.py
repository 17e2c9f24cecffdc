"""Stories and the digests written for them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.model import Digest, DigestState, Evidence, Source
from bot.storage.claims import RELEASED, Claimed, claim
from bot.storage.database import insert_new
from bot.storage.tables import digests, entries, feeds, stories

_GROUPING = 6_584_748  # PostgreSQL's advisory locks are numbers; the one before is `schema`'s


@dataclass(frozen=True, slots=True)
class StoryEntry:
    """One entry of a story, with its outlet."""

    id: int
    outlet: str
    topic: str | None
    title: str
    url: str | None
    text: str
    bare: bool
    language: str | None
    published_at: datetime | None
    copy_of_id: int | None = None  # the entry whose wording it repeats
    withdrawn: bool = False  # its publisher has taken it back


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A story with its entries, the oldest first."""

    id: int
    title: str
    revision: int
    started_at: datetime
    updated_at: datetime
    entries: tuple[StoryEntry, ...]
    topics: Mapping[str, str] | None = None  # each topic it is in, and why; None until it is matched


@dataclass(frozen=True, slots=True)
class DigestWanted:
    """A digest to be written; `attempts` counts those that came to nothing and this one."""

    id: int
    story_id: int
    revision: int
    attempts: int


def take_turn(connection: sa.Connection) -> None:
    """Waits until no other process looks for a story, until the end of this transaction.

    Two that look at once would not see what the other starts, and the event would be two stories. SQLite has
    one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_GROUPING)))


def load_stories(connection: sa.Connection, ids: Sequence[int]) -> list[StoryRow]:
    """The stories with all their entries, in the order of `ids`; those deleted meanwhile are left out."""
    if not ids:
        return []
    rows = {row.id: row for row in connection.execute(sa.select(stories).where(stories.c.id.in_(ids)))}
    of_story: dict[int, list[StoryEntry]] = {}
    query = (
        sa.select(entries, feeds.c.name, feeds.c.topic, feeds.c.language.label("feed_language"))
        .join(feeds)
        .where(entries.c.story_id.in_(ids))
        .order_by(entries.c.id)
    )
    for r in connection.execute(query):
        of_story.setdefault(r.story_id, []).append(
            StoryEntry(
                id=r.id,
                outlet=r.name,
                topic=r.topic,
                title=r.headline or r.title,
                url=r.url,
                text=r.text or "",
                bare=bool(r.bare),
                language=r.language or r.feed_language,
                published_at=r.published_at,
                copy_of_id=r.copy_of_id,
                withdrawn=r.withdrawn_at is not None,
            )
        )
    return [
        StoryRow(
            id=rows[i].id,
            title=rows[i].title,
            revision=rows[i].revision,
            started_at=rows[i].started_at,
            updated_at=rows[i].updated_at,
            entries=tuple(of_story.get(i, ())),
            topics=rows[i].topics,
        )
        for i in ids
        if i in rows
    ]


def iterate_newest(connection: sa.Connection, *, since: datetime, limit: int) -> Iterator[StoryRow]:
    """Stories updated since then, the newest first, `limit` at most; loaded a hundred at a time."""
    ids = connection.execute(
        sa.select(stories.c.id)
        .where(stories.c.updated_at >= since)
        .order_by(stories.c.updated_at.desc(), stories.c.id.desc())
        .limit(limit)
    )
    found = list(ids.scalars())
    for start in range(0, len(found), 100):
        yield from load_stories(connection, found[start : start + 100])


def claim_unmatched(
    connection: sa.Connection, *, now: datetime, lease: timedelta, limit: int
) -> tuple[list[StoryRow], Claimed]:
    """Stories with a revision that was not matched yet, claimed."""
    ready = sa.and_(stories.c.matched_revision < stories.c.revision, stories.c.merged_into_id.is_(None))
    claimed = claim(connection, stories, ready, now=now, lease=lease, limit=limit)
    return load_stories(connection, claimed.ids), claimed


def is_merged(connection: sa.Connection, story_id: int) -> bool:
    """Whether the story is told under another's number by now; its row is held until the transaction ends."""
    into = sa.select(stories.c.merged_into_id).where(stories.c.id == story_id).with_for_update()
    return connection.execute(into).scalar() is not None


def record_matched(
    connection: sa.Connection, story_id: int, revision: int, *, topics: Mapping[str, str] | None = None
) -> None:
    """That the story was matched up to this revision (it may have grown meanwhile: then it is due again).

    `topics`, each with the reason, are recorded only where they are given: grouping may know newer ones.
    """
    found = {} if topics is None else {"topics": dict(topics)}
    connection.execute(
        sa.update(stories)
        .where(stories.c.id == story_id)
        .values(matched_revision=revision, **found, **RELEASED)
    )


def want_digest(connection: sa.Connection, story_id: int, revision: int, *, now: datetime) -> None:
    """Orders the digest of a story's revision, once."""
    values = {"story_id": story_id, "revision": revision, "state": DigestState.WANTED, "due_at": now}
    connection.execute(insert_new(connection, digests).values(values))


def claim_wanted(
    connection: sa.Connection, *, now: datetime, lease: timedelta, limit: int
) -> tuple[list[DigestWanted], Claimed]:
    """Digests to be written, claimed."""
    claimed = claim(
        connection, digests, digests.c.state == DigestState.WANTED, now=now, lease=lease, limit=limit
    )
    rows = connection.execute(sa.select(digests).where(digests.c.id.in_(claimed.ids)).order_by(digests.c.id))
    return [DigestWanted(r.id, r.story_id, r.revision, r.claims + r.deaths) for r in rows], claimed


def record_digest(
    connection: sa.Connection, digest_id: int, digest: Digest, *, seconds: float, now: datetime
) -> bool:
    """The digest, written; False when another process was first, and what it wrote stays.

    It may be on its way to readers already, part by part.
    """
    result = connection.execute(
        sa.update(digests)
        .where(digests.c.id == digest_id, digests.c.state == DigestState.WANTED)
        .values(
            state=DigestState.WRITTEN,
            model=digest.model,
            content=asdict(digest),
            seconds=seconds,
            written_at=now,
            **RELEASED,
        )
    )
    return result.rowcount == 1


def read_digest(content: Mapping[str, Any]) -> Digest:
    """A digest from its stored form."""
    return Digest(
        headline=content["headline"],
        need_to_know=tuple(content["need_to_know"]),
        details=tuple(content["details"]),
        next=tuple(content["next"]),
        model=content["model"],
        evidence=tuple(_passages(one) for one in content["evidence"]),
        sources=tuple(Source(**one) for one in content["sources"]),
        differ=tuple(content.get("differ", ())),
        independent=content.get("independent", 0),
        language=content.get("language"),
        record=tuple(content.get("record", ())),
    )


def _passages(stored: Any) -> tuple[Evidence, ...]:
    # Before a sentence could rest on several passages, each had its one.
    return tuple(Evidence(**one) for one in ([stored] if isinstance(stored, dict) else stored))
