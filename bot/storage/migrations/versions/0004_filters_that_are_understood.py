"""Mutes, shared filters, why a story is in a topic, and a subscriber's clock."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_ID = sa.BigInteger().with_variant(sa.INTEGER(), "sqlite")


def upgrade() -> None:
    """Forward; there is no way back but the backup."""
    op.add_column("stories", sa.Column("topics", sa.JSON(), nullable=True))
    op.add_column("subscribers", sa.Column("time_zone", sa.String(length=64), nullable=True))
    with op.batch_alter_table("proposals") as proposals:
        proposals.add_column(sa.Column("filter_id", _ID, nullable=True))
        proposals.create_foreign_key(
            op.f("fk_proposals_filter_id"), "filters", ["filter_id"], ["id"], ondelete="CASCADE"
        )
    _mutes()
    _shares()


def _mutes() -> None:
    op.create_table(
        "mutes",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("subscriber_id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('word', 'source', 'story', 'topic')", name=op.f("ck_mutes_kind")),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_mutes_subscriber_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mutes")),
        sa.UniqueConstraint("subscriber_id", "kind", "value", name=op.f("uq_mutes_subscriber_id_kind_value")),
    )


def _shares() -> None:
    op.create_table(
        "shares",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shares")),
        sa.UniqueConstraint("token", name=op.f("uq_shares_token")),
    )
