"""The tables, as they are today; how they came to be is in `migrations/`.

Every stage's input table carries four columns: `due_at` (when to claim), `claims` (how often it was claimed
without an outcome), `deaths` (how often the process died meanwhile) and `claimed_at` (since when it is held;
null when nobody holds it).
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy import Text as SqlText
from sqlalchemy import text as sa_text
from sqlalchemy import true as sa_true
from sqlalchemy.dialects import sqlite

from bot.model import (
    ChangeKind,
    ChatKind,
    DeliveryKind,
    DeliveryState,
    DigestState,
    EntryState,
    FeedOrigin,
    FeedState,
    FilterState,
    MuteKind,
    NoticeState,
    PushState,
    SubscriberState,
)
from bot.times import from_micros, to_micros


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC time, kept as whole microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """To microseconds."""
        return None if value is None else to_micros(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Back to an aware time."""
        return None if value is None else from_micros(value)


class Text(TypeDecorator[str]):
    """Text that both databases take: PostgreSQL refuses NUL, and neither takes half a surrogate pair.

    Both come with pages and headers, and a row that cannot be written would be tried until it is parked.
    """

    impl = SqlText
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Without NUL, and with `?` for the half of a pair."""
        return None if value is None else value.replace("\0", "").encode("utf-8", "replace").decode()


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows by itself only in a column that is exactly INTEGER.
_Id = BigInteger().with_variant(sqlite.INTEGER(), "sqlite")


def _id() -> Column[int]:
    return Column("id", _Id, primary_key=True, autoincrement=True)


def _claim_columns() -> list[Column[Any]]:
    return [
        Column("due_at", UtcTime, nullable=False),
        Column("claims", Integer, nullable=False, server_default="0"),
        Column("deaths", Integer, nullable=False, server_default="0"),
        Column("claimed_at", UtcTime),
    ]


def _state(states: type[StrEnum], default: StrEnum) -> list[Any]:
    allowed = ", ".join(f"'{state.value}'" for state in states)
    return [
        Column("state", String(16), nullable=False, server_default=default.value),
        CheckConstraint(f"state IN ({allowed})", name="state"),
    ]


def _refers(name: str, target: str, *, nullable: bool = False, ondelete: str = "CASCADE") -> Column[int]:
    return Column(name, _Id, ForeignKey(target, ondelete=ondelete), nullable=nullable)


def _index_of_some(table: str, column: str) -> Index:
    """Of the rows that refer to another at all: whoever deletes that one looks for them."""
    refers = sa_text(f"{column} IS NOT NULL")
    return Index(f"ix_{table}_{column}", column, sqlite_where=refers, postgresql_where=refers)


feeds = Table(
    "feeds",
    metadata,
    _id(),
    Column("url", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("language", String(16)),
    Column("topic", String(64)),
    Column("interval_seconds", Float),  # fixed by the operator; null: the bot adapts
    # what the operator decided
    Column("origin", String(16), nullable=False, server_default=FeedOrigin.FILE.value),
    CheckConstraint(f"origin IN ({', '.join(repr(origin.value) for origin in FeedOrigin)})", name="origin"),
    Column("weight", Float, nullable=False, server_default="1"),
    Column("full_text", Boolean, nullable=False, server_default=sa_true()),
    Column("headers", JSON(none_as_null=True)),  # names to references ("env:NAME"), never secrets
    # where it is asked: it may have moved from the address it is listed under
    Column("address", Text),
    Column("host", Text, nullable=False, server_default=sa_text("''")),  # of that address
    Column("moving_to", Text),
    Column("moves", Integer, nullable=False, server_default="0"),  # polls in a row that said so
    # what we learnt, and what we made of it
    Column("habits", JSON(none_as_null=True)),  # bot.feeds.cadence.Habits
    Column("terms", JSON(none_as_null=True)),  # bot.feeds.cadence.Terms
    Column("identity", JSON(none_as_null=True)),  # bot.feeds.novelty.Identity
    Column("wait_seconds", Float),
    Column("wait_because", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("validators_at", UtcTime),  # since when; dropped weekly, for servers that answer 304 for ever
    Column("body_hash", String(64)),
    Column("polled_at", UtcTime),  # null until the first poll, whose entries are backlog
    Column("answered_at", UtcTime),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("failing_since", UtcTime),
    Column("throttled_at", UtcTime),  # its last 429 or 503 with a Retry-After; null since it answered
    Column("error", Text),
    *_state(FeedState, FeedState.ACTIVE),
    *_claim_columns(),
    Index("ix_feeds_due_at", "due_at"),
    Index("ix_feeds_host", "host"),
)

seen = Table(
    "seen",
    metadata,
    _refers("feed_id", "feeds.id"),
    Column("mark", String(16), nullable=False),  # of a guid or a link
    Column("item", String(16), nullable=False),  # entries.key_hash of the item that wore it first
    Column("seen_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("feed_id", "mark"),
    Index("ix_seen_seen_at", "seen_at"),
    sqlite_with_rowid=False,  # kept in the order of its key: one tree to write instead of two
)

pushes = Table(
    "pushes",
    metadata,
    _id(),
    Column("feed_id", _Id, ForeignKey("feeds.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("hub", Text, nullable=False),
    Column("topic", Text, nullable=False),  # what the feed calls itself at its hub
    Column("token", String(64), nullable=False, unique=True),  # the secret part of our callback's address
    Column("secret", String(64), nullable=False),  # what the hub signs with
    *_state(PushState, PushState.WANTED),
    Column("lease_until", UtcTime),
    Column("pushed_at", UtcTime),
    Column("error", Text),
    *_claim_columns(),
    Index("ix_pushes_due_at", "due_at"),
)

stories = Table(
    "stories",
    metadata,
    _id(),
    Column("title", Text, nullable=False),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("matched_revision", Integer, nullable=False, server_default="0"),
    Column("started_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    # how much it matters, 0 to 100, and why; from independent sources, weight, growth, topic
    Column("importance", Integer, nullable=False, server_default="0"),
    Column("importance_because", JSON(none_as_null=True)),
    Column("independent", Integer, nullable=False, server_default="1"),  # sources that are no copies
    Column("topics", JSON(none_as_null=True)),  # the id of each topic it is in, and why
    # it was found to be the same event as an older one, whose number it answers to since
    _refers("merged_into_id", "stories.id", nullable=True, ondelete="SET NULL"),
    *_claim_columns(),
    Index("ix_stories_due_at", "due_at"),
    Index("ix_stories_updated_at", "updated_at"),
    _index_of_some("stories", "merged_into_id"),
)

entries = Table(
    "entries",
    metadata,
    _id(),
    _refers("feed_id", "feeds.id"),
    Column("key_hash", String(32), nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Text),
    Column("summary", Text, nullable=False),
    Column("published_at", UtcTime),  # as the feed stated it: shown, never decides
    Column("arrived_at", UtcTime, nullable=False),
    Column("backlog", Boolean, nullable=False),
    *_state(EntryState, EntryState.NEW),
    *_claim_columns(),
    Column("text_hash", String(16)),  # of title and summary as the feed last stated them
    # the article, once it was read
    Column("headline", Text),
    Column("text", Text),
    Column("bare", Boolean),
    Column("bare_because", Text),
    Column("language", String(16)),
    Column("author", Text),
    Column("image_url", Text),
    Column("canonical_url", Text),
    Column("page_published_at", UtcTime),
    Column("page_updated_at", UtcTime),
    # the story, once it was grouped
    _refers("story_id", "stories.id", nullable=True, ondelete="SET NULL"),
    Column("joined_because", Text),
    _refers("copy_of_id", "entries.id", nullable=True, ondelete="SET NULL"),  # whose wording it repeats
    # what its readers were told, while a restated entry waits to be judged; null otherwise
    Column("was_headline", Text),
    Column("was_text", Text),
    Column("withdrawn_at", UtcTime),
    UniqueConstraint("feed_id", "key_hash"),
    Index("ix_entries_state_due_at", "state", "due_at"),
    # An entry that is new has no story, and need not be written to this index.
    _index_of_some("entries", "story_id"),
    _index_of_some("entries", "copy_of_id"),
    Index("ix_entries_arrived_at", "arrived_at"),
)

versions = Table(
    "versions",
    metadata,
    _id(),
    _refers("entry_id", "entries.id"),
    Column("number", Integer, nullable=False),  # 2 and up: the entry itself holds what was stated first
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("stated_at", UtcTime, nullable=False),
    UniqueConstraint("entry_id", "number"),
)

fingerprints = Table(
    "fingerprints",
    metadata,
    _refers("entry_id", "entries.id"),
    Column("mark", BigInteger, nullable=False),
    Column("arrived_at", UtcTime, nullable=False),
    Index("ix_fingerprints_mark_arrived_at", "mark", "arrived_at"),
    Index("ix_fingerprints_entry_id", "entry_id"),
)

meanings = Table(
    "meanings",
    metadata,
    Column("entry_id", _Id, ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True),
    Column("vector", LargeBinary, nullable=False),  # bot.encoder's, as little-endian float16
    Column("arrived_at", UtcTime, nullable=False),
    Index("ix_meanings_arrived_at", "arrived_at"),
)

changes = Table(
    "changes",
    metadata,
    _id(),
    _refers("story_id", "stories.id"),
    Column("revision", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    CheckConstraint(f"kind IN ({', '.join(repr(kind.value) for kind in ChangeKind)})", name="kind"),
    Column("text", Text, nullable=False),
    Column("before", Text),
    _refers("entry_id", "entries.id", nullable=True, ondelete="SET NULL"),
    Column("outlet", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Index("ix_changes_story_id_revision", "story_id", "revision"),
    _index_of_some("changes", "entry_id"),
)

subscribers = Table(
    "subscribers",
    metadata,
    _id(),
    Column("chat_id", BigInteger, nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    CheckConstraint(f"kind IN ({', '.join(repr(kind.value) for kind in ChatKind)})", name="kind"),
    *_state(SubscriberState, SubscriberState.ACTIVE),
    Column("reason", Text),  # why it is paused
    Column("time_zone", String(64)),  # IANA's name, as Europe/Berlin; null until they say
    Column("created_at", UtcTime, nullable=False),
)

filters = Table(
    "filters",
    metadata,
    _id(),
    _refers("subscriber_id", "subscribers.id"),
    Column("text", Text, nullable=False),  # canonical: equal wishes are equal texts
    Column("typed", Text, nullable=False),  # as its owner wrote it, to be shown
    *_state(FilterState, FilterState.ACTIVE),
    Column("created_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),  # the matcher's change log
    UniqueConstraint("subscriber_id", "text"),
    Index("ix_filters_changed_at", "changed_at"),
)

proposals = Table(
    "proposals",
    metadata,
    _id(),
    _refers("subscriber_id", "subscribers.id"),
    Column("text", Text, nullable=False),  # a wish that waits for its button: too long for a payload
    _refers("filter_id", "filters.id", nullable=True, ondelete="CASCADE"),  # the filter that it would change
    Column("created_at", UtcTime, nullable=False),
)

mutes = Table(
    "mutes",
    metadata,
    _id(),
    _refers("subscriber_id", "subscribers.id"),
    Column("kind", String(16), nullable=False),
    CheckConstraint(f"kind IN ({', '.join(repr(kind.value) for kind in MuteKind)})", name="kind"),
    Column("value", Text, nullable=False),  # a filter's text, an outlet's name, a topic's or a story's id
    Column("until", UtcTime),  # null: for ever
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("subscriber_id", "kind", "value"),
)

shares = Table(
    "shares",
    metadata,
    _id(),
    Column("token", String(32), nullable=False, unique=True),  # what the link carries
    Column("filters", JSON, nullable=False),  # as they were typed
    Column("created_at", UtcTime, nullable=False),
)

digests = Table(
    "digests",
    metadata,
    _id(),
    _refers("story_id", "stories.id"),
    Column("revision", Integer, nullable=False),
    *_state(DigestState, DigestState.WANTED),
    *_claim_columns(),
    Column("model", Text),
    Column("content", JSON),  # bot.model.Digest
    Column("seconds", Float),
    Column("written_at", UtcTime),
    UniqueConstraint("story_id", "revision"),
    Index("ix_digests_state_due_at", "state", "due_at"),
)

deliveries = Table(
    "deliveries",
    metadata,
    _id(),
    _refers("subscriber_id", "subscribers.id"),
    _refers("story_id", "stories.id"),
    Column("revision", Integer, nullable=False),
    Column("kind", String(16), nullable=False, server_default=DeliveryKind.ALERT.value),
    CheckConstraint(f"kind IN ({', '.join(repr(kind.value) for kind in DeliveryKind)})", name="kind"),
    Column("since_revision", Integer, nullable=False, server_default="0"),  # what the reader had before
    Column("trace", JSON, nullable=False),  # which filters and which words matched
    *_state(DeliveryState, DeliveryState.PENDING),
    *_claim_columns(),
    Column("message_ids", JSON, nullable=False),  # the parts that have arrived
    Column("reason", Text),
    Column("created_at", UtcTime, nullable=False),
    Column("sent_at", UtcTime),
    UniqueConstraint("subscriber_id", "story_id", "revision"),
    Index("ix_deliveries_state_due_at", "state", "due_at"),
    Index("ix_deliveries_story_id", "story_id"),
)

notices = Table(
    "notices",
    metadata,
    _id(),
    Column("chat_id", BigInteger, nullable=False),
    _refers("feed_id", "feeds.id", nullable=True, ondelete="SET NULL"),  # what it is about
    Column("text", Text, nullable=False),
    *_state(NoticeState, NoticeState.PENDING),
    *_claim_columns(),
    Column("reason", Text),
    Column("created_at", UtcTime, nullable=False),
    Index("ix_notices_state_due_at", "state", "due_at"),
)

# For whoever needs them all: what a stage can hold, with the columns of _claim_columns.
CLAIMED = (feeds, pushes, entries, stories, digests, deliveries, notices)
