"""Feeds that learn their habits and keep their identity; versions, hubs, notices."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ID = sa.BigInteger().with_variant(sa.INTEGER(), "sqlite")


def upgrade() -> None:
    """Forward; there is no way back but the backup."""
    _feeds()
    _seen()
    _entries()
    _pushes()
    _notices()


def _claim_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("claims", sa.Integer(), server_default="0", nullable=False),
        sa.Column("deaths", sa.Integer(), server_default="0", nullable=False),
        sa.Column("claimed_at", sa.BigInteger(), nullable=True),
    ]


def _feeds() -> None:
    with op.batch_alter_table("feeds") as feeds:
        feeds.add_column(sa.Column("origin", sa.String(16), server_default="file", nullable=False))
        feeds.add_column(sa.Column("weight", sa.Float(), server_default="1", nullable=False))
        feeds.add_column(sa.Column("full_text", sa.Boolean(), server_default=sa.true(), nullable=False))
        feeds.add_column(sa.Column("headers", sa.JSON(), nullable=True))
        feeds.add_column(sa.Column("address", sa.Text(), nullable=True))
        feeds.add_column(sa.Column("host", sa.Text(), nullable=False, server_default=sa.text("''")))
        feeds.add_column(sa.Column("moving_to", sa.Text(), nullable=True))
        feeds.add_column(sa.Column("moves", sa.Integer(), server_default="0", nullable=False))
        feeds.add_column(sa.Column("habits", sa.JSON(), nullable=True))
        feeds.add_column(sa.Column("terms", sa.JSON(), nullable=True))
        feeds.add_column(sa.Column("identity", sa.JSON(), nullable=True))
        feeds.add_column(sa.Column("wait_seconds", sa.Float(), nullable=True))
        feeds.add_column(sa.Column("wait_because", sa.Text(), nullable=True))
        feeds.add_column(sa.Column("answered_at", sa.BigInteger(), nullable=True))
        feeds.add_column(sa.Column("failing_since", sa.BigInteger(), nullable=True))
        feeds.add_column(sa.Column("throttled_at", sa.BigInteger(), nullable=True))
        feeds.alter_column("interval_seconds", existing_type=sa.Float(), nullable=True)
        feeds.drop_constraint(op.f("ck_feeds_state"), type_="check")
        feeds.create_check_constraint(
            op.f("ck_feeds_state"), "state IN ('active', 'suspended', 'paused', 'unlisted', 'retired')"
        )
        feeds.create_check_constraint(op.f("ck_feeds_origin"), "origin IN ('file', 'command')")
    # "paused" meant gone from the list. The host is filled in when the list is read at the next start.
    op.execute("UPDATE feeds SET state = 'unlisted' WHERE state = 'paused'")
    with op.batch_alter_table("feeds") as feeds:
        feeds.create_index("ix_feeds_host", ["host"])


def _seen() -> None:
    # What was seen under the old marks cannot be told by the new ones, so that the next poll of every feed
    # counts as its first: its entries are backlog, and alert nobody twice.
    op.drop_table("seen")
    op.create_table(
        "seen",
        sa.Column("feed_id", _ID, nullable=False),
        sa.Column("mark", sa.String(length=16), nullable=False),
        sa.Column("item", sa.String(length=16), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_seen_feed_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("feed_id", "mark", name=op.f("pk_seen")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_seen_seen_at", "seen", ["seen_at"])
    op.execute("UPDATE feeds SET polled_at = NULL, etag = NULL, last_modified = NULL, body_hash = NULL")


def _entries() -> None:
    for column in (
        sa.Column("text_hash", sa.String(16), nullable=True),
        sa.Column("bare_because", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("image_url", sa.Text(), nullable=True),
        sa.Column("canonical_url", sa.Text(), nullable=True),
        sa.Column("page_published_at", sa.BigInteger(), nullable=True),
        sa.Column("page_updated_at", sa.BigInteger(), nullable=True),
    ):
        op.add_column("entries", column)
    op.drop_index("ix_entries_story_id", "entries")
    has_story = sa.text("story_id IS NOT NULL")
    op.create_index(
        "ix_entries_story_id", "entries", ["story_id"], sqlite_where=has_story, postgresql_where=has_story
    )
    op.create_table(
        "versions",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("entry_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("stated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_versions_entry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
        sa.UniqueConstraint("entry_id", "number", name=op.f("uq_versions_entry_id_number")),
    )


def _pushes() -> None:
    op.create_table(
        "pushes",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("feed_id", _ID, nullable=False),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), server_default="wanted", nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("pushed_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        *_claim_columns(),
        sa.CheckConstraint(
            "state IN ('wanted', 'asked', 'verified', 'refused')", name=op.f("ck_pushes_state")
        ),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["feeds.id"], name=op.f("fk_pushes_feed_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pushes")),
        sa.UniqueConstraint("feed_id", name=op.f("uq_pushes_feed_id")),
        sa.UniqueConstraint("token", name=op.f("uq_pushes_token")),
    )
    op.create_index("ix_pushes_due_at", "pushes", ["due_at"])


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("feed_id", _ID, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), server_default="pending", nullable=False),
        *_claim_columns(),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('pending', 'sent', 'dropped')", name=op.f("ck_notices_state")),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["feeds.id"], name=op.f("fk_notices_feed_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index("ix_notices_state_due_at", "notices", ["state", "due_at"])
