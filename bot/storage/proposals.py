"""Filters that wait for a button: too long for what a button carries, and not followed yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.storage.tables import proposals


@dataclass(frozen=True, slots=True)
class Proposal:
    """A filter's text as its owner may save it; `filter_id` is the filter whose place it would take."""

    id: int
    text: str
    filter_id: int | None


def propose(
    connection: sa.Connection,
    subscriber_id: int,
    texts: Sequence[str],
    *,
    now: datetime,
    filter_id: int | None = None,
) -> list[Proposal]:
    """Keeps filters until their buttons are pressed; in the order of `texts`."""
    made = []
    for text in texts:
        values = {
            "subscriber_id": subscriber_id,
            "text": text,
            "filter_id": filter_id,
            "created_at": now,
        }
        key = connection.execute(sa.insert(proposals).values(values)).inserted_primary_key
        assert key is not None  # one row was inserted
        made.append(Proposal(int(key[0]), text, filter_id))
    return made


def proposed(connection: sa.Connection, subscriber_id: int, proposal_id: int) -> Proposal | None:
    """The filter behind a button; None when it is another chat's, or too old to be kept."""
    row = connection.execute(
        sa.select(proposals).where(proposals.c.id == proposal_id, proposals.c.subscriber_id == subscriber_id)
    ).one_or_none()
    return None if row is None else Proposal(row.id, row.text, row.filter_id)
