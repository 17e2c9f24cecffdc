"""Stage four: who should hear of a story, or of what is new in it, and which words say so."""

from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa

from bot.alerts.muting import muted_by, said
from bot.alerts.standing import StandingFilters, traces
from bot.alerts.story_text import in_topics, story_text
from bot.alerts.topics import TopicIndex
from bot.alerts.words import Meanings, StoryWords
from bot.logs import get_logger
from bot.model import MuteKind
from bot.storage import meanings as meanings_store
from bot.storage import mutes, orders, repairs, stories, subscribers
from bot.storage.claims import one_by_one
from bot.storage.database import Database
from bot.storage.orders import Telling
from bot.storage.stories import StoryRow
from bot.storage.tables import stories as stories_table
from bot.times import utc_now

_log = get_logger(__name__)

_BATCH = 50


class MatchStories:
    """Claims stories with a new revision; orders an alert for each subscriber they concern, once.

    Those who have had the story are ordered what is new in it, when something is. Without `meanings` no
    story meets an about: filter.
    """

    name = "match"

    def __init__(
        self, *, database: Database, topics: TopicIndex, lease: timedelta, meanings: Meanings | None = None
    ) -> None:
        self._database = database
        self._topics = topics
        self._lease = lease
        self._meanings = meanings
        self._filters = StandingFilters(meanings)

    async def step(self) -> bool:
        """One batch; whether there may be more."""
        if not self._filters.is_read:
            # A hundred thousand filters take seconds, and the writer has others to serve.
            await self._database.read(partial(self._filters.begin, now=utc_now()))
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
        meaning = meanings_store.of_stories(connection, [story.id]).get(story.id)
        text = story_text(story, meaning=meaning)
        # Known since it was grouped, unless an older version grouped it.
        topics = self._topics.topics_of(text) if story.topics is None else story.topics
        told = self._telling(connection, story, StoryWords(in_topics(text, topics), self._meanings), now=now)
        ordered = orders.order(connection, told) + orders.order_news(connection, told)
        if ordered:
            stories.want_digest(connection, story.id, story.revision, now=now)
        # Only what nobody had recorded: an entry that joined since the claim may have brought other topics.
        new = topics if story.topics is None else None
        stories.record_matched(connection, story.id, story.revision, topics=new)
        return ordered

    def _telling(
        self, connection: sa.Connection, story: StoryRow, words: StoryWords, *, now: datetime
    ) -> Telling:
        hits = self._filters.match(words)
        had = orders.had_by(connection, story.id)
        has_news = bool(orders.between(connection, story.id, 0, story.revision))
        # A story that only grew is told to those who have not had it; the others wait for something new.
        concerned = set(hits.subscriber_ids.tolist())
        active = subscribers.active_among(connection, concerned if has_news else concerned - had)
        heard = had if has_news else frozenset()
        known_as = repairs.numbers_of(connection, story.id)
        muted: dict[int, str] = {}
        deaf: set[int] = set()
        for subscriber_id, theirs in mutes.of_many(connection, active | heard, now=now).items():
            # This very story's mute comes before others: it silences corrections too.
            theirs.sort(key=lambda one: one.kind is not MuteKind.STORY)
            mute = muted_by(theirs, words, story_ids=known_as)
            if mute is not None:
                muted[subscriber_id] = said(mute)
                if mute.kind is MuteKind.STORY:
                    deaf.add(subscriber_id)
        return Telling(
            story_id=story.id,
            revision=story.revision,
            matches=traces(connection, hits, words, active),
            now=now,
            muted=muted,
            deaf=frozenset(deaf),
        )
