"""The words we use, as types: frozen facts, and small unions for expected outcomes. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class FeedState(StrEnum):
    """What becomes of a feed at its next due time; only the first two are ever asked."""

    ACTIVE = "active"
    SUSPENDED = "suspended"  # silent for a week: asked once a day, and back with its first answer
    PAUSED = "paused"  # by the operator
    UNLISTED = "unlisted"  # gone from feeds.toml
    RETIRED = "retired"  # 410 Gone, or moved to where another feed is


class FeedOrigin(StrEnum):
    """Who listed a feed, and so who takes it off the list."""

    FILE = "file"  # feeds.toml
    COMMAND = "command"  # `needtoknow feeds add` or `import`


class PushState(StrEnum):
    """How far the subscription to a feed's hub has come (W3C WebSub)."""

    WANTED = "wanted"  # to be asked for
    ASKED = "asked"  # the hub is to confirm it
    VERIFIED = "verified"  # the hub pushes until the lease ends
    REFUSED = "refused"  # the hub said no, or did not push; asked again later


class NoticeState(StrEnum):
    """The fate of a word about the bot itself."""

    PENDING = "pending"
    SENT = "sent"
    DROPPED = "dropped"


class EntryState(StrEnum):
    """How far an entry has come."""

    NEW = "new"  # its article is still to be read
    READY = "ready"  # to be grouped
    GROUPED = "grouped"


class DigestState(StrEnum):
    """Whether a digest is still to be written."""

    WANTED = "wanted"
    WRITTEN = "written"


class DeliveryState(StrEnum):
    """The fate of an alert."""

    PENDING = "pending"
    SENT = "sent"
    DROPPED = "dropped"


class DeliveryKind(StrEnum):
    """What a delivery tells its reader."""

    ALERT = "alert"  # a story they had not heard of
    FOLLOWUP = "followup"  # something new in a story they had
    CORRECTION = "correction"  # what they were told has been changed or withdrawn by its publisher


class ChangeKind(StrEnum):
    """What is new in a story, so that those who had it may hear of it."""

    FACT = "fact"  # a number changed
    ACTOR = "actor"  # somebody new does something
    STAGE = "stage"  # it went a step on: charged, convicted; rescued, found dead
    SOURCES = "sources"  # the third independent source
    IMPORTANCE = "importance"  # a step up
    CORRECTION = "correction"  # a publisher changed a figure or what a headline means
    WITHDRAWAL = "withdrawal"  # a publisher took it back


class SubscriberState(StrEnum):
    """Whether a chat wants to hear from us."""

    ACTIVE = "active"
    PAUSED = "paused"  # it blocked us or threw us out; /start resumes, the filters are kept
    STOPPED = "stopped"  # /stop


class FilterState(StrEnum):
    """Whether a filter takes part in matching."""

    ACTIVE = "active"
    PAUSED = "paused"
    DELETED = "deleted"  # kept as a row, so that every process's matcher hears of it


class MuteKind(StrEnum):
    """What a subscriber does not want to hear of, whatever they follow."""

    WORD = "word"  # stories with it; a word or a phrase
    SOURCE = "source"  # stories that no other source has
    STORY = "story"  # one story, whatever becomes of it
    TOPIC = "topic"  # stories in it, or in a topic below it


class ChatKind(StrEnum):
    """Telegram's kinds of chat."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Source:
    """One source of a story, as the reader sees it: outlet name, headline and link."""

    name: str
    title: str
    url: str | None
    bare: bool = False  # read from the feed's own summary, not from the article
    copy_of: str | None = None  # the source whose text it repeats: a wire copy is no second witness


@dataclass(frozen=True, slots=True)
class Article:
    """The readable text of an entry: `text` has one paragraph a line, and no boilerplate.

    `bare` says that it is the feed's own summary, because no page could be read. Times are the page's own,
    in UTC. `canonical_url` is the address that the page itself calls its own, less tracking.
    """

    title: str
    text: str
    url: str | None = None
    published_at: datetime | None = None
    author: str | None = None
    language: str | None = None
    site: str | None = None
    bare: bool = False
    updated_at: datetime | None = None
    canonical_url: str | None = None
    image_url: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that a digest's sentence rests on: article number, and characters [start, end) of its text.

    The rest is known once the digest is stored, and outlives the entry: the entry's id, its outlet and link,
    and the passage as it stood when the digest was written.
    """

    article: int
    start: int
    end: int
    entry: int | None = None
    outlet: str = ""
    url: str | None = None
    passage: str = ""


@dataclass(frozen=True, slots=True)
class Digest:
    """The text written for a story's revision.

    `evidence` runs beside `sentences`: for each, the passages it rests on (none of them for a headline).
    `differ` says where sources disagree, each with both names. `independent` counts the sources that are no
    copies of others. `record` says how it was written: method, language, and what a check replaced.
    """

    headline: str
    need_to_know: tuple[str, ...]
    details: tuple[str, ...]
    next: tuple[str, ...]
    model: str
    evidence: tuple[tuple[Evidence, ...], ...] = ()
    sources: tuple[Source, ...] = ()
    differ: tuple[str, ...] = ()
    independent: int = 0
    language: str | None = None
    record: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """Every sentence, in the order in which they are read."""
        return (*self.need_to_know, *self.details, *self.differ, *self.next)


@dataclass(frozen=True, slots=True)
class Change:
    """Something new in a story: the sentence that says it, whose it is, and for a correction what it was."""

    kind: ChangeKind
    text: str
    before: str | None = None
    entry: int | None = None
    outlet: str = ""
    url: str | None = None  # the entry's link, when it is told to readers


@dataclass(frozen=True, slots=True)
class StoryText:
    """What filters are matched against: a story's words, topics, sources and languages.

    `sources` are the names of its outlets, `addresses` the links of its entries; `meaning` is (384,) of unit
    length, and None where no encoder has read it.
    """

    title: str
    text: str
    topics: frozenset[str] = field(default_factory=frozenset)
    sources: frozenset[str] = field(default_factory=frozenset)
    languages: frozenset[str] = field(default_factory=frozenset)
    addresses: frozenset[str] = field(default_factory=frozenset)
    meaning: NDArray[np.float32] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Match:
    """That a filter meets a story: the filter as typed, and the words of the story that met it.

    `sentence` is the one in which the first of them stands, empty where no words met it.
    """

    filter_text: str
    terms: tuple[str, ...]
    filter_id: int | None = None
    sentence: str = ""
