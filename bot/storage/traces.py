"""Why a subscriber was told of a story: what the delivery behind a message says."""

from dataclasses import dataclass

import sqlalchemy as sa

from bot.model import DeliveryKind, DeliveryState, Match
from bot.storage.orders import read_match
from bot.storage.repairs import current
from bot.storage.tables import deliveries


@dataclass(frozen=True, slots=True)
class Trace:
    """What a message told of, by the number that the story has today, and the filters that the story met."""

    story_id: int
    tells: DeliveryKind
    matches: tuple[Match, ...]


def trace_of(
    connection: sa.Connection, subscriber_id: int, story_id: int, *, revision: int, message_id: int
) -> Trace | None:
    """What stands behind a message that told a subscriber of a story; None when it is no longer kept.

    Found by the message, else by the revision: the message may be sent and not recorded yet, or stand in a
    chat that moved. Else it is the last that they were told of the story, which was merged with another.
    """
    known_as = current(connection, story_id)
    rows = connection.execute(
        sa.select(deliveries)
        .where(
            deliveries.c.subscriber_id == subscriber_id,
            deliveries.c.story_id == known_as,
            deliveries.c.state != DeliveryState.DROPPED,
        )
        .order_by(deliveries.c.revision, deliveries.c.id)
    ).all()
    if not rows:
        return None
    by_message = next((row for row in rows if message_id in row.message_ids), None)
    by_revision = next((row for row in rows if row.revision == revision), None)
    row = by_message or by_revision or rows[-1]
    return Trace(known_as, DeliveryKind(row.kind), tuple(map(read_match, row.trace)))
