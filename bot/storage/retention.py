"""Forgetting: what is old goes, in small bites; `seen` stays, so an old item that reappears is not news."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.model import DeliveryState, DigestState, EntryState, FeedState
from bot.storage.claims import live
from bot.storage.tables import deliveries, digests, entries, feeds, fingerprints, proposals, seen, stories

_BITE = 500
# A publisher's archive page can bring an item back after months; the keys cost 60 bytes each.
_SEEN_FOR = timedelta(days=365)
_PROPOSALS_FOR = timedelta(days=7)
_FINGERPRINTS_FOR = timedelta(days=7)

# What each stage still has to do; the states are indexed.
_UNFINISHED = (
    (feeds, feeds.c.state == FeedState.ACTIVE),
    (entries, entries.c.state.in_([EntryState.NEW, EntryState.READY])),
    (stories, stories.c.matched_revision < stories.c.revision),
    (digests, digests.c.state == DigestState.WANTED),
    (deliveries, deliveries.c.state == DeliveryState.PENDING),
)


def forget(connection: sa.Connection, *, now: datetime, keep: timedelta) -> int:
    """Takes one bite of what is older than `keep`; returns how many rows went (0: all is done).

    A bite is 500 stories with all that is theirs, 500 entries without a story, 500 proposals, and the marks
    of 500 entries, 34 each at most. Keys in `seen` that nobody listed for a year come due a few at a time
    and go all at once. A story with a delivery still pending stays, and so do its entries: nothing is lost
    to tidiness.
    """
    waiting = sa.select(deliveries.c.story_id).where(deliveries.c.state == DeliveryState.PENDING)
    old_story = sa.and_(stories.c.updated_at < now - keep, stories.c.id.not_in(waiting))
    old_entry = sa.and_(entries.c.arrived_at < now - keep, entries.c.story_id.is_(None))
    gone = 0
    # Entries first: deleting the story would only cut them loose.
    stale = sa.select(stories.c.id).where(old_story).order_by(stories.c.id).limit(_BITE)
    ids = connection.execute(stale).scalars().all()
    if ids:
        gone += connection.execute(sa.delete(entries).where(entries.c.story_id.in_(ids))).rowcount
        gone += connection.execute(sa.delete(stories).where(stories.c.id.in_(ids))).rowcount
    for table, old in (
        (entries, old_entry),
        (proposals, proposals.c.created_at < now - _PROPOSALS_FOR),
    ):
        some = sa.select(table.c.id).where(old).limit(_BITE)
        gone += connection.execute(sa.delete(table).where(table.c.id.in_(some))).rowcount
    faded = (
        sa.select(fingerprints.c.entry_id)
        .where(fingerprints.c.arrived_at < now - _FINGERPRINTS_FOR)
        .distinct()
        .limit(_BITE)
    )
    gone += connection.execute(sa.delete(fingerprints).where(fingerprints.c.entry_id.in_(faded))).rowcount
    still = sa.exists().where(entries.c.feed_id == seen.c.feed_id, entries.c.key_hash == seen.c.item)
    gone += connection.execute(sa.delete(seen).where(seen.c.seen_at < now - _SEEN_FOR, ~still)).rowcount
    return gone


def statistics(connection: sa.Connection) -> dict[str, int]:
    """Counts for the operator: feeds, failing feeds, pending and parked work."""
    pending = deliveries.c.state == DeliveryState.PENDING
    queries = {
        "feeds": sa.select(sa.func.count()).select_from(feeds).where(feeds.c.state == "active"),
        "feeds_failing": sa.select(sa.func.count())
        .select_from(feeds)
        .where(feeds.c.state == "active", feeds.c.failures > 0),
        "deliveries_pending": sa.select(sa.func.count()).select_from(deliveries).where(pending),
    }
    counts = {name: int(connection.execute(query).scalar() or 0) for name, query in queries.items()}
    parked = 0
    for table, unfinished in _UNFINISHED:
        is_parked = sa.and_(unfinished, sa.not_(live(table)), table.c.claimed_at.is_(None))
        parked += int(connection.execute(sa.select(sa.func.count()).where(is_parked)).scalar() or 0)
    return counts | {"parked": parked}
