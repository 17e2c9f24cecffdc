"""What is ordered: alerts for those who have not had a story, what is new in it for those who have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.model import Change, ChangeKind, DeliveryKind, DeliveryState, Match, SubscriberState
from bot.storage import changes
from bot.storage.database import insert_new
from bot.storage.tables import deliveries, stories, subscribers

MUTED_SOURCE = "muted: the source "
"""How the reason begins for which somebody was not to hear of a story: all its sources were muted."""
_CORRECTIONS = frozenset({ChangeKind.CORRECTION, ChangeKind.WITHDRAWAL})


@dataclass(frozen=True, slots=True)
class Telling:
    """A story's revision that is to be told: the filters that it meets, by subscriber; all of them listen.

    `muted` says why somebody is not to hear of it: their row is dropped from the start. Only who is `deaf` to
    this very story hears no correction of what they were told.
    """

    story_id: int
    revision: int
    matches: Mapping[int, Sequence[Match]]
    now: datetime
    muted: Mapping[int, str] = field(default_factory=dict)
    deaf: frozenset[int] = frozenset()


def order(connection: sa.Connection, told: Telling) -> int:
    """An alert for each subscriber it matters to who has not had the story; returns how many will be sent."""
    if not told.matches:
        return 0
    _hold_story(connection, told.story_id)
    known = had_by(connection, told.story_id)
    return _add(connection, told, {who: (DeliveryKind.ALERT, 0) for who in told.matches if who not in known})


def had_by(connection: sa.Connection, story_id: int) -> frozenset[int]:
    """The subscribers who have had the story, wait for it, or were not to hear of it.

    Not those who have muted its sources: another source may report it yet.
    """
    # Whoever had a story that was found to be the same event has had this one.
    same = sa.select(stories.c.id).where(stories.c.merged_into_id == story_id)
    had = sa.select(deliveries.c.subscriber_id).where(
        sa.or_(deliveries.c.story_id == story_id, deliveries.c.story_id.in_(same)),
        sa.or_(
            deliveries.c.state != DeliveryState.DROPPED,
            sa.not_(sa.func.coalesce(deliveries.c.reason, "").startswith(MUTED_SOURCE)),
        ),
    )
    return frozenset(connection.execute(had.distinct()).scalars())


def order_news(connection: sa.Connection, told: Telling) -> int:
    """What is new in the story up to this revision, for those who had it or wait for it; returns how many.

    A correction is for everyone who listens, a follow-up only for those whose filters still meet the story.
    Whoever has an alert or a follow-up waiting gets one more row behind it: the claim of the first takes it
    in, if the digest of the second is there by then.
    """
    if not between(connection, told.story_id, 0, told.revision):
        return 0
    _hold_story(connection, told.story_id)
    heard = connection.execute(
        sa.select(deliveries.c.subscriber_id, sa.func.max(deliveries.c.revision))
        .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .where(
            deliveries.c.story_id == told.story_id,
            deliveries.c.state.in_([DeliveryState.SENT, DeliveryState.PENDING]),
            subscribers.c.state == SubscriberState.ACTIVE,
        )
        .group_by(deliveries.c.subscriber_id)
    )
    last = {who: had for who, had in heard if had < told.revision}
    kinds = {
        had: kind_of(between(connection, told.story_id, had, told.revision)) for had in set(last.values())
    }
    return _add(
        connection,
        told,
        {
            who: (kind, had)
            for who, had in last.items()
            if (kind := kinds[had]) is not None and (kind == DeliveryKind.CORRECTION or who in told.matches)
        },
    )


def between(connection: sa.Connection, story_id: int, after: int, upto: int) -> list[Change]:
    """What the story's revisions after the one, up to the other, have brought; the oldest first."""
    found = changes.since(connection, story_id, after)
    return found[: len(found) - len(changes.since(connection, story_id, upto))]


def kind_of(found: Sequence[Change]) -> DeliveryKind | None:
    """What tells these changes; None when there is nothing to tell."""
    if any(change.kind in _CORRECTIONS for change in found):
        return DeliveryKind.CORRECTION
    return DeliveryKind.FOLLOWUP if found else None


def _hold_story(connection: sa.Connection, story_id: int) -> None:
    # Held until the end: of two orders at once (PostgreSQL), the second sees what the first has ordered.
    connection.execute(sa.select(stories.c.id).where(stories.c.id == story_id).with_for_update()).all()


def _add(connection: sa.Connection, told: Telling, new: Mapping[int, tuple[DeliveryKind, int]]) -> int:
    """One row for each subscriber of `new`: its kind, and the revision that they had.

    Returns how many of them wait to be sent.
    """
    if not new:
        return 0
    muted = {
        who: told.muted[who]
        for who, (kind, _) in new.items()
        if who in told.muted and (kind != DeliveryKind.CORRECTION or who in told.deaf)
    }
    result = connection.execute(
        insert_new(connection, deliveries).returning(deliveries.c.state),
        [
            {
                "subscriber_id": subscriber_id,
                "story_id": told.story_id,
                "revision": told.revision,
                "kind": kind,
                "since_revision": had,
                "trace": [
                    {
                        "filter_text": m.filter_text,
                        "terms": list(m.terms),
                        "filter_id": m.filter_id,
                        "sentence": m.sentence,
                    }
                    for m in told.matches.get(subscriber_id, ())
                ],
                "state": DeliveryState.DROPPED if subscriber_id in muted else DeliveryState.PENDING,
                "reason": muted.get(subscriber_id),
                "message_ids": [],
                "created_at": told.now,
                "due_at": told.now,
            }
            for subscriber_id, (kind, had) in new.items()
        ],
    )
    return sum(state == DeliveryState.PENDING for state in result.scalars())


def read_match(stored: Mapping[str, Any]) -> Match:
    """A match from a delivery's trace; older rows hold no filter's id and no sentence."""
    return Match(
        stored["filter_text"], tuple(stored["terms"]), stored.get("filter_id"), stored.get("sentence", "")
    )
