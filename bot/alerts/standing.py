"""Every filter that stands, in the index, kept current from the database; and why a story meets them."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import numpy as np
import sqlalchemy as sa

from bot.alerts.index.matcher import Hits, Matcher
from bot.alerts.language.parse import FilterError, read_stored
from bot.alerts.rule import Filter
from bot.alerts.story_text import story_text
from bot.alerts.words import Finding, Meanings, StoryWords, evaluate, written
from bot.logs import get_logger
from bot.model import FilterState, Match
from bot.sentences import split
from bot.storage import stories, subscribers
from bot.storage.subscribers import FilterRow
from bot.text import clip, squash

_log = get_logger(__name__)

# A transaction that began earlier may commit later: a filter is looked for a little longer than needed.
_OVERLAP = timedelta(seconds=60)
_RECENT = timedelta(days=7)
_LEARNT = 100  # stories
_LONGEST_SENTENCE = 300  # characters kept of the sentence in which a filter was met


class StandingFilters:
    """Every active filter, in the index. Read once at the start, then from the log of changes.

    One thread at a time.
    """

    def __init__(self, meanings: Meanings | None = None) -> None:
        self._matcher = Matcher(meanings)
        self._recent: dict[int, FilterRow] = {}  # what the last look brought, and the next will bring again
        self._read_at: datetime | None = None

    def __len__(self) -> int:
        return len(self._matcher)

    @property
    def is_read(self) -> bool:
        """Whether the filters were read for the first time; that may take a while."""
        return self._read_at is not None

    def begin(self, connection: sa.Connection, *, now: datetime) -> None:
        """Reads every filter for the first time: a second for some ten thousand."""
        # Filters stand under the rarest of their words, and recent stories tell which words are rare.
        for story in stories.iterate_newest(connection, since=now - _RECENT, limit=_LEARNT):
            self._matcher.learn(StoryWords(story_text(story)))
        self.refresh(connection, now=now)

    def refresh(self, connection: sa.Connection, *, now: datetime) -> None:
        """Takes in what has changed since the last time, by whichever process."""
        since = None if self._read_at is None else self._read_at - _OVERLAP
        recent: dict[int, FilterRow] = {}
        for row in subscribers.filters_changed_since(connection, since):
            if since is not None:
                recent[row.id] = row
            if self._recent.get(row.id) != row:
                self._take(row)
        self._recent, self._read_at = recent, now

    def match(self, words: StoryWords) -> Hits:
        """The filters that the story meets, with their subscribers."""
        return self._matcher.match(words)

    def _take(self, row: FilterRow) -> None:
        filter_ = _read(row) if row.state == FilterState.ACTIVE else None
        if filter_ is None:
            self._matcher.remove(row.id)
        else:
            self._matcher.add(row.id, filter_, subscriber_id=row.subscriber_id)


def _read(row: FilterRow) -> Filter | None:
    try:
        return read_stored(row.text)
    except FilterError as error:
        # Saved by another version of the language; its owner still sees it in /filters.
        _log.error("filter_unreadable", filter_id=row.id, error=str(error))
        return None


def traces(
    connection: sa.Connection, hits: Hits, words: StoryWords, among: Collection[int]
) -> dict[int, list[Match]]:
    """Why the story concerns each of these subscribers: the filters of theirs that it meets, and where."""
    is_theirs = np.isin(hits.subscriber_ids, np.fromiter(among, np.int32, len(among)))
    theirs = sorted(hits.filter_ids[is_theirs].tolist())
    tracer = _Tracer(words)
    found: dict[int, list[Match]] = {}
    for row in subscribers.filters_by_id(connection, theirs):
        match = tracer.trace(row)
        if match is not None:
            found.setdefault(row.subscriber_id, []).append(match)
    return found


class _Tracer:
    """Says where a story meets a filter; equal filters of many subscribers are asked once."""

    def __init__(self, words: StoryWords) -> None:
        self._words = words
        self._known: dict[str, tuple[tuple[str, ...], str] | None] = {}

    def trace(self, row: FilterRow) -> Match | None:
        """The match; None where the filter was changed since the index read it."""
        if row.text not in self._known:
            filter_ = _read(row)
            met = None if filter_ is None else evaluate(filter_, self._words)
            self._known[row.text] = (
                None if met is None else (written(met), sentence_of(self._words.text, met))
            )
        known = self._known[row.text]
        return None if known is None else Match(row.typed, known[0], row.id, known[1])


def sentence_of(text: str, met: Sequence[Finding]) -> str:
    """The sentence in which the first of the findings stands; empty where none is in the text."""
    first = next((one for one in met if one.start >= 0), None)
    if first is None:
        return ""
    begins = text.rfind("\n", 0, first.start) + 1
    ends = text.find("\n", first.end)
    paragraph = text[begins : None if ends < 0 else ends]
    at = first.start - begins
    for sentence in split(paragraph):
        if sentence.start <= at < sentence.end:
            return clip(squash(paragraph[sentence.start : sentence.end]), _LONGEST_SENTENCE)
    return clip(squash(paragraph), _LONGEST_SENTENCE)
