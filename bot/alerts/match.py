"""Stage four: who should hear of a story, or of what is new in it, and which words say so."""

from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa

from bot.alerts.index import Matcher
from bot.alerts.language import FilterError, read_stored
from bot.alerts.topics import TopicIndex
from bot.logs import get_logger
from bot.model import FilterState, Match, StoryText
from bot.storage import orders, stories, subscribers
from bot.storage.claims import one_by_one
from bot.storage.database import Database
from bot.storage.stories import StoryRow
from bot.storage.subscribers import FilterRow
from bot.storage.tables import stories as stories_table
from bot.times import utc_now

_log = get_logger(__name__)

_BATCH = 50
_MAX_TEXT = 60_000
# A transaction that began earlier may commit later: a filter is looked for a little longer than needed.
_OVERLAP = timedelta(seconds=60)


class StandingFilters:
    """Every active filter, compiled, and kept current from the database's change log."""

    def __init__(self) -> None:
        self._matcher = Matcher()
        self._rows: dict[int, FilterRow] = {}
        self._read_at: datetime | None = None

    def __len__(self) -> int:
        return len(self._rows)

    def refresh(self, connection: sa.Connection, *, now: datetime) -> None:
        """Takes in what has changed since the last time, by whichever process."""
        since = None if self._read_at is None else self._read_at - _OVERLAP
        for row in subscribers.filters_changed_since(connection, since):
            if self._rows.get(row.id) == row:
                continue
            if self._rows.pop(row.id, None) is not None:
                self._matcher.remove(row.id)
            if row.state == FilterState.ACTIVE:
                self._add(row)
        self._read_at = now

    def _add(self, row: FilterRow) -> None:
        try:
            self._matcher.add(row.id, read_stored(row.text))
        except FilterError as error:
            # Saved by another version of the language; its owner still sees it in /filters.
            _log.error("filter_unreadable", filter_id=row.id, error=str(error))
        else:
            self._rows[row.id] = row

    def match(self, story: StoryText) -> dict[int, list[Match]]:
        """Subscriber id → the filters of theirs that meet the story, with the words that met them."""
        found: dict[int, list[Match]] = {}
        for filter_id, terms in sorted(self._matcher.match(story).items()):
            row = self._rows[filter_id]
            found.setdefault(row.subscriber_id, []).append(Match(row.typed, terms))
        return found


class MatchStories:
    """Claims stories with a new revision; orders an alert for each subscriber they concern, once.

    Those who have had the story are ordered what is new in it, when something is.
    """

    name = "match"

    def __init__(self, *, database: Database, topics: TopicIndex, lease: timedelta) -> None:
        self._database = database
        self._topics = topics
        self._lease = lease
        self._filters = StandingFilters()

    async def step(self) -> bool:
        """One batch; whether there may be more."""
        claim = partial(stories.claim_unmatched, now=utc_now(), lease=self._lease, limit=_BATCH)
        found, claimed = await self._database.write(claim)
        for story_id in claimed.parked:
            _log.error("story_parked", story_id=story_id, stage=self.name, mend="needtoknow retry")
        if not found:
            return False
        ordered = await one_by_one(self._database, stories_table, found, self._match)
        _log.info("stories_matched", stories=len(found), filters=len(self._filters), alerts=sum(ordered))
        return True

    async def drain(self, timeout_seconds: float) -> None:
        """Nothing is left under way between steps."""

    def _match(self, connection: sa.Connection, story: StoryRow) -> int:
        now = utc_now()
        if stories.is_merged(connection, story.id):
            return 0  # between the claim and now; the story it is part of is due
        # Read in the same transaction as the story is marked matched: no filter falls between.
        self._filters.refresh(connection, now=now)
        matches = self._filters.match(story_text(story, self._topics))
        active = subscribers.active_among(connection, set(matches))
        wanted = {subscriber: match for subscriber, match in matches.items() if subscriber in active}
        told = orders.Telling(story.id, story.revision, wanted, now)
        ordered = orders.order(connection, told) + orders.order_news(connection, told)
        if ordered:
            stories.want_digest(connection, story.id, story.revision, now=now)
        stories.record_matched(connection, story.id, story.revision)
        return ordered


def story_text(story: StoryRow, topics: TopicIndex) -> StoryText:
    """What filters see of a story: all its headlines and texts, its topics, outlets and languages."""
    headlines = list(dict.fromkeys(entry.title for entry in story.entries))
    text = StoryText(
        title="\n".join(headlines) or story.title,
        text="\n".join(entry.text for entry in story.entries)[:_MAX_TEXT],
        topics=frozenset(entry.topic for entry in story.entries if entry.topic),
        sources=frozenset(entry.outlet for entry in story.entries),
        languages=frozenset(entry.language for entry in story.entries if entry.language),
    )
    return StoryText(
        title=text.title,
        text=text.text,
        topics=topics.topics_of(text),
        sources=text.sources,
        languages=text.languages,
    )
