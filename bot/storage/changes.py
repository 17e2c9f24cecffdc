"""What is new in stories: one row a change, kept with the revision that brought it."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from bot.model import Change, ChangeKind
from bot.storage.stories import read_digest
from bot.storage.tables import changes, digests


def record(
    connection: sa.Connection, story_id: int, revision: int, found: Sequence[Change], *, now: datetime
) -> None:
    """What the story's revision has brought; nothing, when nothing is new."""
    if found:
        connection.execute(
            sa.insert(changes),
            [
                {
                    "story_id": story_id,
                    "revision": revision,
                    "kind": change.kind,
                    "text": change.text,
                    "before": change.before,
                    "entry_id": change.entry,
                    "outlet": change.outlet,
                    "created_at": now,
                }
                for change in found
            ],
        )


def since(connection: sa.Connection, story_id: int, revision: int) -> list[Change]:
    """All that is new in a story since that revision, the oldest first; none where nothing is."""
    rows = connection.execute(
        sa.select(changes)
        .where(changes.c.story_id == story_id, changes.c.revision > revision)
        .order_by(changes.c.revision, changes.c.id)
    )
    return [
        Change(
            kind=ChangeKind(row.kind),
            text=row.text,
            before=row.before,
            entry=row.entry_id,
            outlet=row.outlet,
        )
        for row in rows
    ]


def digested(connection: sa.Connection, story_id: int) -> frozenset[str]:
    """The passages that the story's digests rest on, as they stood: what its readers were told."""
    contents = connection.execute(
        sa.select(digests.c.content).where(digests.c.story_id == story_id, digests.c.content.is_not(None))
    ).scalars()
    return frozenset(
        passage.passage
        for content in contents
        for passages in read_digest(content).evidence
        for passage in passages
        if passage.passage
    )
