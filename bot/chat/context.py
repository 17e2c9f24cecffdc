"""What every handler is given: the database, the topics, and who is speaking."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from telegram import Chat, Update
from telegram.ext import Application, CallbackContext, ExtBot

from bot.alerts.meanings import Encodes
from bot.alerts.topics import Topic, TopicIndex
from bot.alerts.week.last_week import LastWeek
from bot.alerts.words import Meanings
from bot.logs import get_logger
from bot.model import ChatKind, SubscriberState
from bot.storage import retention, subscribers
from bot.storage.database import Database
from bot.storage.subscribers import Subscriber
from bot.times import utc_now

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Services:
    """What the handlers work with."""

    database: Database
    topics: Sequence[Topic]
    topic_index: TopicIndex
    meanings: Meanings | None = None
    """What about: filters are tried with; without it they meet nothing."""
    last_week: LastWeek = field(default_factory=LastWeek)
    """The stories that filters are tried on."""
    encoder: Encodes | None = None
    """What reads a story's sentences when somebody asks why it came to an about: filter."""
    propose: Callable[[str], Awaitable[str | None]] | None = None
    """The operator's own model: the text of a filter for a sentence, or None when it has none in time."""
    feeds: int | None = None
    """How many feeds the greeting names; None: as many as are asked at that moment."""

    def topic_name(self, topic_id: str) -> str:
        """What people read for a topic; its id when there is none of the kind any more."""
        return next((topic.name for topic in self.topics if topic.id == topic_id), topic_id)

    async def feeds_asked(self) -> int:
        """How many feeds are asked now, those added by command among them."""
        if self.feeds is not None:
            return self.feeds
        return (await self.database.read(retention.statistics))["feeds"]


class Context(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """python-telegram-bot's context, with ours in it."""

    @property
    def services(self) -> Services:
        """The services that `bot.chat.build` put there."""
        services: Services = self.application.bot_data["services"]
        return services

    @property
    def database(self) -> Database:
        """The database."""
        return self.services.database

    @property
    def now(self) -> datetime:
        """The clock."""
        return utc_now()

    async def subscriber(self, update: Update) -> Subscriber:
        """The chat that speaks; a new one is met."""
        chat = update.effective_chat
        assert chat is not None  # no handler is registered for updates without a chat
        return await self.database.write(
            partial(subscribers.meet, chat_id=chat.id, kind=kind_of(chat), now=self.now)
        )

    async def turn(
        self, subscriber: Subscriber, state: SubscriberState, *, reason: str | None = None
    ) -> None:
        """The chat in another state: active, paused or stopped."""
        change = partial(subscribers.set_state, subscriber_id=subscriber.id, state=state, reason=reason)
        await self.database.write(change)
        _log.info("subscriber_changed", subscriber_id=subscriber.id, state=state.value, reason=reason)

    async def wake(self, subscriber: Subscriber) -> None:
        """Whoever follows something wants to hear of it: what was stopped or paused goes on."""
        if subscriber.state != SubscriberState.ACTIVE:
            await self.turn(subscriber, SubscriberState.ACTIVE)


ChatApplication = Application[ExtBot[None], Context, dict[Any, Any], dict[Any, Any], dict[Any, Any], None]


def kind_of(chat: Chat) -> ChatKind:
    """Telegram's kind of chat, as ours."""
    return ChatKind(str(chat.type))
