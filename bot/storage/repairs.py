"""Stories put right: two that tell one event become one, a part that does not belong becomes another."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from bot.model import DeliveryKind, DeliveryState, MuteKind
from bot.storage.claims import RELEASED
from bot.storage.tables import changes, deliveries, digests, entries, mutes, stories

_LONGEST_CHAIN = 20  # mergers to follow; each leads to an older story, so there is an end


def free(connection: sa.Connection, ids: Collection[int]) -> frozenset[int]:
    """Those of the stories that nobody is matching at the moment; they are held until the transaction ends.

    A story that is merged while it is matched would be alerted under a number that is no more.
    """
    rows = connection.execute(
        sa.select(stories.c.id)
        .where(stories.c.id.in_(ids), stories.c.claimed_at.is_(None), stories.c.merged_into_id.is_(None))
        .order_by(stories.c.id)
        .with_for_update()
    )
    return frozenset(rows.scalars())


def current(connection: sa.Connection, story_id: int) -> int:
    """The story that this number answers to today: itself, or the one it was merged into."""
    for _ in range(_LONGEST_CHAIN):
        into = connection.execute(
            sa.select(stories.c.merged_into_id).where(stories.c.id == story_id)
        ).scalar()
        if into is None:
            break
        story_id = into
    return story_id


def numbers_of(connection: sa.Connection, story_id: int) -> frozenset[int]:
    """Every number the story is known by: its own, and those of the stories that were merged into it."""
    known = {story_id}
    newest = known
    for _ in range(_LONGEST_CHAIN):
        into = stories.c.merged_into_id.in_(newest)
        newest = set(connection.execute(sa.select(stories.c.id).where(into)).scalars()) - known
        if not newest:
            break
        known |= newest
    return frozenset(known)


def merge(connection: sa.Connection, kept: int, gone: int, *, because: str, now: datetime) -> None:
    """Makes the story `gone` part of the older one, `kept`; both must be `free`.

    What it has moves along. Its revisions follow those of the older story, so digests and deliveries keep
    what they tell. Whoever had, or awaits, an alert for both gets no second one.
    """
    one, other = (
        connection.execute(sa.select(stories).where(stories.c.id == story_id)).one()
        for story_id in (kept, gone)
    )
    _drop_second_alerts(connection, kept, gone)
    _move_mutes(connection, kept, gone)
    reason = sa.func.coalesce(entries.c.joined_because, "") + f"; {because}"
    connection.execute(
        sa.update(entries).where(entries.c.story_id == gone).values(story_id=kept, joined_because=reason)
    )
    for table in (digests, changes, deliveries):
        moved = {"story_id": kept, "revision": table.c.revision + one.revision}
        if table is deliveries:
            had = table.c.since_revision
            moved["since_revision"] = sa.case((had > 0, had + one.revision), else_=had)
        connection.execute(sa.update(table).where(table.c.story_id == gone).values(moved))
    revision = one.revision + other.revision + 1
    told = one.matched_revision == one.revision and other.matched_revision == other.revision
    news = connection.execute(
        sa.select(sa.exists().where(entries.c.story_id == kept, entries.c.backlog.is_(sa.false())))
    ).scalar()
    matched = revision - (1 if news else 0) if told else one.matched_revision
    connection.execute(
        sa.update(stories)
        .where(stories.c.id == kept)
        .values(
            revision=revision,
            matched_revision=matched,  # matched again, for those whose wish only both together meet
            started_at=min(one.started_at, other.started_at),
            updated_at=max(one.updated_at, other.updated_at),
            due_at=now,
            **RELEASED,
        )
    )
    connection.execute(
        sa.update(stories)
        .where((stories.c.id == gone) | (stories.c.merged_into_id == gone))
        .values(merged_into_id=kept, matched_revision=stories.c.revision, **RELEASED)
    )


def _drop_second_alerts(connection: sa.Connection, kept: int, gone: int) -> None:
    for story_id, other, told in (
        (gone, kept, (DeliveryState.SENT, DeliveryState.PENDING)),
        (kept, gone, (DeliveryState.SENT,)),
    ):
        has = sa.select(deliveries.c.subscriber_id).where(
            deliveries.c.story_id == other, deliveries.c.state.in_(told)
        )
        connection.execute(
            sa.update(deliveries)
            .where(
                deliveries.c.story_id == story_id,
                deliveries.c.state == DeliveryState.PENDING,
                deliveries.c.kind == DeliveryKind.ALERT,
                deliveries.c.subscriber_id.in_(has),
            )
            .values(
                state=DeliveryState.DROPPED,
                reason=f"stories {kept} and {gone} are one, and the other was told",
                **RELEASED,
            )
        )


def _move_mutes(connection: sa.Connection, kept: int, gone: int) -> None:
    # The row of the one that is gone is forgotten first, and what it was muted by with it.
    of_story = mutes.c.kind == MuteKind.STORY
    have = sa.select(mutes.c.subscriber_id).where(of_story, mutes.c.value == str(kept))
    connection.execute(
        sa.update(mutes)
        .where(of_story, mutes.c.value == str(gone), mutes.c.subscriber_id.not_in(have))
        .values(value=str(kept))
    )


def part(connection: sa.Connection, story_id: int, ids: Sequence[int], *, because: str, now: datetime) -> int:
    """A new story of these entries, which do not tell what `story_id` does; that one keeps its alerts.

    The new one is matched as any other, unless nothing in it is news.
    """
    rows = connection.execute(
        sa.select(entries).where(entries.c.id.in_(ids), entries.c.story_id == story_id).order_by(entries.c.id)
    ).all()
    result = connection.execute(
        sa.insert(stories).values(
            title=rows[0].headline or rows[0].title,
            started_at=min(row.arrived_at for row in rows),
            updated_at=max(row.arrived_at for row in rows),
            due_at=now,
            matched_revision=1 if all(row.backlog for row in rows) else 0,
        )
    )
    new = int(result.inserted_primary_key[0]) if result.inserted_primary_key else 0
    moved = entries.c.id.in_([row.id for row in rows])
    connection.execute(sa.update(entries).where(moved).values(story_id=new, joined_because=because))
    for home in (new, story_id):
        # A copy of what now stands in another story is no copy in this one.
        here = sa.select(entries.c.id).where(entries.c.story_id == home).scalar_subquery()
        connection.execute(
            sa.update(entries)
            .where(entries.c.story_id == home, entries.c.copy_of_id.not_in(here))
            .values(copy_of_id=None)
        )
    return new
