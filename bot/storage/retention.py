"""Forgetting: what is old goes, in small bites; `seen` stays, so an old item that reappears is not news."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.model import DeliveryState, DigestState, EntryState, FeedState, MuteKind, NoticeState
from bot.storage.claims import live
from bot.storage.polls import ASKED
from bot.storage.tables import (
    deliveries,
    digests,
    entries,
    feeds,
    fingerprints,
    meanings,
    mutes,
    notices,
    proposals,
    pushes,
    seen,
    stories,
)

_BITE = 500
# A publisher's archive page can bring an item back after months; the keys cost 60 bytes each.
_SEEN_FOR = timedelta(days=365)
_PROPOSALS_FOR = timedelta(days=7)
_MARKS_FOR = timedelta(days=7)  # longer than grouping looks back

# What each stage still has to do; the states are indexed.
_UNFINISHED = (
    (feeds, feeds.c.state.in_(ASKED)),
    (pushes, pushes.c.feed_id.in_(sa.select(feeds.c.id).where(feeds.c.state.in_(ASKED)))),
    (entries, entries.c.state.in_([EntryState.NEW, EntryState.READY])),
    (stories, stories.c.matched_revision < stories.c.revision),
    (digests, digests.c.state == DigestState.WANTED),
    (deliveries, deliveries.c.state == DeliveryState.PENDING),
    (notices, notices.c.state == NoticeState.PENDING),
)


def forget(connection: sa.Connection, *, now: datetime, keep: timedelta) -> int:
    """Takes one bite of what is older than `keep`; returns how many rows went (0: all is done).

    A bite is 500 stories with all that is theirs, 500 entries without a story, 500 notices, 500 proposals,
    500 mutes that have ended, and the marks, 34 each at most, and the meanings of 500 entries. Keys in `seen`
    that nobody listed for a year come due a few at a time and go all at once. A story with a delivery still
    pending stays, and so do its entries: nothing is lost to tidiness. A notice about a feed that is still
    silent stays as well, for it says who must hear of the end.
    """
    waiting = sa.select(deliveries.c.story_id).where(deliveries.c.state == DeliveryState.PENDING)
    old_story = sa.and_(stories.c.updated_at < now - keep, stories.c.id.not_in(waiting))
    old_entry = sa.and_(entries.c.arrived_at < now - keep, entries.c.story_id.is_(None))
    is_silent = sa.exists().where(feeds.c.id == notices.c.feed_id, feeds.c.state == FeedState.SUSPENDED)
    over = notices.c.state.in_([NoticeState.SENT, NoticeState.DROPPED])
    old_notice = sa.and_(over, notices.c.created_at < now - keep, ~is_silent)
    gone = 0
    # Entries first: deleting the story would only cut them loose.
    stale = sa.select(stories.c.id).where(old_story).order_by(stories.c.id).limit(_BITE)
    ids = connection.execute(stale).scalars().all()
    if ids:
        gone += connection.execute(sa.delete(entries).where(entries.c.story_id.in_(ids))).rowcount
        gone += connection.execute(sa.delete(stories).where(stories.c.id.in_(ids))).rowcount
        # The number of a story that is gone may be given to another, which nobody has muted.
        of_story = mutes.c.value.in_([str(number) for number in ids])
        muted = sa.delete(mutes).where(mutes.c.kind == MuteKind.STORY, of_story)
        gone += connection.execute(muted).rowcount
    for table, old in (
        (entries, old_entry),
        (notices, old_notice),
        (proposals, proposals.c.created_at < now - _PROPOSALS_FOR),
        (mutes, mutes.c.until <= now),
    ):
        some = sa.select(table.c.id).where(old).limit(_BITE)
        gone += connection.execute(sa.delete(table).where(table.c.id.in_(some))).rowcount
    for table in (fingerprints, meanings):
        old = table.c.arrived_at < now - _MARKS_FOR
        faded = sa.select(table.c.entry_id).where(old).distinct().limit(_BITE)
        gone += connection.execute(sa.delete(table).where(table.c.entry_id.in_(faded))).rowcount
    still = sa.exists().where(entries.c.feed_id == seen.c.feed_id, entries.c.key_hash == seen.c.item)
    gone += connection.execute(sa.delete(seen).where(seen.c.seen_at < now - _SEEN_FOR, ~still)).rowcount
    return gone


def statistics(connection: sa.Connection) -> dict[str, int]:
    """Counts for the operator: feeds that are asked, those in trouble, pending and parked work.

    A suspended feed is asked, and fails.
    """

    def count(table: sa.Table, *which: sa.ColumnElement[bool]) -> int:
        query = sa.select(sa.func.count()).select_from(table).where(*which)
        return int(connection.execute(query).scalar() or 0)

    asked = feeds.c.state.in_(ASKED)
    return {
        "feeds": count(feeds, asked),
        "feeds_failing": count(feeds, asked, feeds.c.failures > 0),
        "feeds_suspended": count(feeds, feeds.c.state == FeedState.SUSPENDED),
        "deliveries_pending": count(deliveries, deliveries.c.state == DeliveryState.PENDING),
        "parked": sum(
            count(table, unfinished, sa.not_(live(table)), table.c.claimed_at.is_(None))
            for table, unfinished in _UNFINISHED
        ),
    }
