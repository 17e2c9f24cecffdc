"""Stories by meaning, what is new in them, and who was told."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ID = sa.BigInteger().with_variant(sa.INTEGER(), "sqlite")


def upgrade() -> None:
    """Forward; there is no way back but the backup."""
    _stories()
    _entries()
    _meanings()
    _changes()
    _deliveries()


def _stories() -> None:
    with op.batch_alter_table("stories") as stories:
        stories.add_column(sa.Column("importance", sa.Integer(), server_default="0", nullable=False))
        stories.add_column(sa.Column("importance_because", sa.JSON(), nullable=True))
        stories.add_column(sa.Column("independent", sa.Integer(), server_default="1", nullable=False))
        stories.add_column(sa.Column("merged_into_id", _ID, nullable=True))
        stories.create_foreign_key(
            op.f("fk_stories_merged_into_id"), "stories", ["merged_into_id"], ["id"], ondelete="SET NULL"
        )


def _entries() -> None:
    with op.batch_alter_table("entries") as entries:
        entries.add_column(sa.Column("copy_of_id", _ID, nullable=True))
        entries.add_column(sa.Column("was_headline", sa.Text(), nullable=True))
        entries.add_column(sa.Column("was_text", sa.Text(), nullable=True))
        entries.add_column(sa.Column("withdrawn_at", sa.BigInteger(), nullable=True))
        entries.create_foreign_key(
            op.f("fk_entries_copy_of_id"), "entries", ["copy_of_id"], ["id"], ondelete="SET NULL"
        )


def _meanings() -> None:
    op.create_table(
        "meanings",
        sa.Column("entry_id", _ID, nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_meanings_entry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_meanings")),
    )
    op.create_index("ix_meanings_arrived_at", "meanings", ["arrived_at"])


def _changes() -> None:
    op.create_table(
        "changes",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("story_id", _ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("entry_id", _ID, nullable=True),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('fact', 'actor', 'stage', 'sources', 'importance', 'correction', 'withdrawal')",
            name=op.f("ck_changes_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_changes_story_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_changes_entry_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
    )
    op.create_index("ix_changes_story_id_revision", "changes", ["story_id", "revision"])


def _deliveries() -> None:
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.add_column(sa.Column("kind", sa.String(16), server_default="alert", nullable=False))
        deliveries.add_column(sa.Column("since_revision", sa.Integer(), server_default="0", nullable=False))
        deliveries.create_check_constraint(
            op.f("ck_deliveries_kind"), "kind IN ('alert', 'followup', 'correction')"
        )
        deliveries.drop_constraint(op.f("uq_deliveries_subscriber_id_story_id"), type_="unique")
        deliveries.create_unique_constraint(
            op.f("uq_deliveries_subscriber_id_story_id_revision"), ["subscriber_id", "story_id", "revision"]
        )
