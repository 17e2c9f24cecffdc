"""What became of a link for one chat: its entries, their story, the chat's deliveries and filters."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.model import DeliveryState, DigestState, EntryState, FeedState, FilterState
from bot.storage.claims import live
from bot.storage.subscribers import FilterRow
from bot.storage.tables import deliveries, digests, entries, feeds, filters, seen, stories

_MOST_LOOKED_AT = 500  # entries whose address holds the same words
_MOST_FEEDS = 200


@dataclass(frozen=True, slots=True)
class Sighting:
    """An entry that a feed brought; `parked` says that it was tried too often and waits for the operator."""

    id: int
    outlet: str
    title: str
    url: str | None
    canonical_url: str | None
    arrived_at: datetime
    backlog: bool
    state: EntryState
    parked: bool
    story_id: int | None
    joined_because: str | None


@dataclass(frozen=True, slots=True)
class StoryHistory:
    """How far a story has come; `has_news` says that not all of it was there at its feeds' first polls."""

    id: int
    title: str
    first_entry: int
    has_news: bool
    matched: bool
    parked: bool
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Fate:
    """A delivery of the story to the chat; `written` says that its digest is there."""

    state: DeliveryState
    reason: str | None
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None
    message_id: int | None
    written: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """A filter of the chat, since when it has it, and when it was last changed, paused or resumed."""

    row: FilterRow
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class FeedHistory:
    """A feed, and how it has answered."""

    name: str
    state: FeedState
    polled_at: datetime | None
    due_at: datetime
    failing_since: datetime | None


def wearing(connection: sa.Connection, mark: str) -> list[Sighting]:
    """The entries of any feed whose item wears this mark."""
    # By feed, because the marks are kept in the order of their feeds.
    everyone = sa.select(feeds.c.id).scalar_subquery()
    worn = sa.and_(seen.c.feed_id == entries.c.feed_id, seen.c.item == entries.c.key_hash)
    query = _sightings().join(seen, worn).where(seen.c.feed_id.in_(everyone), seen.c.mark == mark)
    return [_sighting(row) for row in connection.execute(query)]


def addressed(connection: sa.Connection, words: str, *, since: datetime) -> list[Sighting]:
    """The entries since then with these words in their own or their page's address, the newest 500."""
    holds = sa.or_(_holds(entries.c.url, words), _holds(entries.c.canonical_url, words))
    query = _sightings().where(entries.c.arrived_at >= since, holds)
    query = query.order_by(entries.c.arrived_at.desc()).limit(_MOST_LOOKED_AT)
    return [_sighting(row) for row in connection.execute(query)]


def story(connection: sa.Connection, story_id: int) -> StoryHistory | None:
    """The story; None when it is gone."""
    row = connection.execute(
        sa.select(stories, live(stories).label("live")).where(stories.c.id == story_id)
    ).one_or_none()
    if row is None:
        return None
    of_story = entries.c.story_id == story_id
    first = connection.execute(sa.select(sa.func.min(entries.c.id)).where(of_story)).scalar() or 0
    news = sa.exists().where(of_story, entries.c.backlog.is_(sa.false()))
    matched = row.matched_revision >= row.revision
    return StoryHistory(
        id=row.id,
        title=row.title,
        first_entry=first,
        has_news=bool(connection.execute(sa.select(news)).scalar()),
        matched=matched,
        parked=not matched and not row.live and row.claimed_at is None,
        updated_at=row.updated_at,
    )


def fates(connection: sa.Connection, subscriber_id: int, story_ids: Collection[int]) -> list[Fate]:
    """The chat's deliveries of a story, by all its numbers, the oldest first."""
    written = sa.exists().where(
        digests.c.story_id == deliveries.c.story_id,
        digests.c.revision >= deliveries.c.revision,
        digests.c.state == DigestState.WRITTEN,
    )
    rows = connection.execute(
        sa.select(deliveries, written.label("written"))
        .where(deliveries.c.subscriber_id == subscriber_id, deliveries.c.story_id.in_(story_ids))
        .order_by(deliveries.c.id)
    )
    return [
        Fate(
            state=DeliveryState(row.state),
            reason=row.reason,
            created_at=row.created_at,
            due_at=row.due_at,
            sent_at=row.sent_at,
            message_id=next(iter(row.message_ids), None),
            written=bool(row.written),
        )
        for row in rows
    ]


def wishes(connection: sa.Connection, subscriber_id: int) -> list[Wish]:
    """The chat's filters, active and paused, the oldest first."""
    mine = sa.and_(filters.c.subscriber_id == subscriber_id, filters.c.state != FilterState.DELETED)
    rows = connection.execute(sa.select(filters).where(mine).order_by(filters.c.id))
    return [
        Wish(
            FilterRow(row.id, row.subscriber_id, row.text, row.typed, FilterState(row.state)),
            row.created_at,
            row.changed_at,
        )
        for row in rows
    ]


def feeds_of(connection: sa.Connection, hosts: Sequence[str], *, since: datetime) -> list[FeedHistory]:
    """The feeds at these hosts, and those that brought anything of theirs since then; by name."""
    brought = sa.select(entries.c.feed_id).where(
        entries.c.arrived_at >= since, sa.or_(*(_holds(entries.c.url, f"//{host}/") for host in hosts))
    )
    rows = connection.execute(
        sa.select(feeds)
        .where(sa.or_(feeds.c.host.in_(hosts), feeds.c.id.in_(brought)))
        .order_by(sa.func.lower(feeds.c.name))
        .limit(_MOST_FEEDS)
    )
    return [
        FeedHistory(row.name, FeedState(row.state), row.polled_at, row.due_at, row.failing_since)
        for row in rows
    ]


def _holds(column: sa.Column[str], words: str) -> sa.ColumnElement[bool]:
    return column.contains(words, autoescape=True)


def _sightings() -> sa.Select[tuple[object, ...]]:
    return sa.select(entries, feeds.c.name, live(entries).label("live")).join(
        feeds, feeds.c.id == entries.c.feed_id
    )


def _sighting(row: sa.Row[tuple[object, ...]]) -> Sighting:
    state = EntryState(row.state)
    return Sighting(
        id=row.id,
        outlet=row.name,
        title=row.headline or row.title,
        url=row.url,
        canonical_url=row.canonical_url,
        arrived_at=row.arrived_at,
        backlog=row.backlog,
        state=state,
        parked=state != EntryState.GROUPED and not row.live and row.claimed_at is None,
        story_id=row.story_id,
        joined_because=row.joined_because,
    )
