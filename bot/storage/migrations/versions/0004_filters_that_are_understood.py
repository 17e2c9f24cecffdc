"""Mutes, shared filters, why a story is in a topic, and a subscriber's clock; filters in the new language."""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

# What was typed, and reads otherwise now: stars, tildes, fields and more. The canonical text reads as it did.
_READS_OTHERWISE = re.compile(r"[*~=]|(?<!topic):|--|-[^\w\s\"]|\"\S*\"")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]+")
_SOME = 1000

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
    _filters()
    for table, column in (("stories", "merged_into_id"), ("entries", "copy_of_id"), ("changes", "entry_id")):
        refers = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"ix_{table}_{column}", table, [column], sqlite_where=refers, postgresql_where=refers)


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


def _filters() -> None:
    connection = op.get_bind()
    filters = sa.table("filters", sa.column("id", _ID), sa.column("text"), sa.column("typed"))
    last = 0
    while rows := connection.execute(
        sa.select(filters).where(filters.c.id > last).order_by(filters.c.id).limit(_SOME)
    ).all():
        last = rows[-1].id
        for row in rows:
            text = _with_short_i(row.text, row.typed)
            typed = text if _READS_OTHERWISE.search(row.typed) else row.typed
            if (text, typed) != (row.text, row.typed):
                change = sa.update(filters).where(filters.c.id == row.id)
                connection.execute(change.values(text=text, typed=typed))


def _with_short_i(text: str, typed: str) -> str:
    """The text with the й of what was typed: it was an и with an accent, and is a letter now."""
    whole = {
        _folded(word): _folded(word, keep="й")
        for word in _CYRILLIC.findall(unicodedata.normalize("NFC", typed).casefold())
    }
    return _CYRILLIC.sub(lambda found: whole.get(found[0], found[0]), text)


def _folded(word: str, keep: str = "") -> str:
    return "".join(one if one in keep else unicodedata.normalize("NFD", one)[0] for one in word)
