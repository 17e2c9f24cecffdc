"""The real chat: python-telegram-bot over long polling to the playground, and a real SQLite database."""

import itertools
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.alerts.language.parse import parse
from bot.alerts.topics import Topic, TopicIndex
from bot.alerts.week.last_week import LastWeek
from bot.chat.build import build
from bot.chat.context import ChatApplication, Services
from bot.chat.line import Line
from bot.model import EntryState, FilterState
from bot.playground.residents import Message
from bot.storage import subscribers, tables
from bot.storage.database import Database
from bot.storage.subscribers import FilterRow, Subscriber
from bot.times import utc_now
from tests.log_lines import log  # noqa: F401 - a fixture
from tests.playground.conftest import TOKEN, Playground, playground, until  # noqa: F401 - a fixture

TOPICS = (
    Topic("space", "Space", "🚀", "Rockets", parse("NASA OR rocket")),
    Topic("sport", "Sport", "🏅", "Games", parse("football OR tennis")),
    Topic("science", "Science", "🔬", "Research", parse("scientists"), names=("Research and study",)),
    Topic("culture", "Culture", "🎭", "The arts", parse("theatre")),
    Topic("film", "Film", "🎬", "Cinema", parse("film OR cinema"), parent="culture"),
    Topic("music", "Music", "🎵", "Concerts", parse("opera OR concert"), parent="culture"),
    Topic("jazz", "Jazz", "🎷", "Jazz", parse("jazz"), parent="music"),
)
_numbers = itertools.count(1)


class Chat:
    """Hands to say and press with, and eyes for what the bot said and stored. All are Ada's by default."""

    def __init__(self, telegram: Playground, database: Database, application: ChatApplication) -> None:
        self.playground = telegram
        self.world = telegram.world
        self.database = database
        self.application = application
        self.ada = telegram.ada.id
        self.ben = list(self.world.people)[1]
        self.group = self.world.group.id

    async def settled(self) -> None:
        """Until every update has been fetched and handled to the end."""
        await until(lambda: not len(self.world.updates))
        await self.application.update_queue.join()

    async def say(self, text: str, *, chat: int | None = None, reply_to: int | None = None) -> list[str]:
        """Says it; the bot's new messages."""
        chat = chat or self.ada
        before = len(self.answers(chat))
        who = chat if chat in self.world.people else self.ada
        self.world.say(who, chat, text, reply_to)
        await self.settled()
        return [one.body.text for one in self.answers(chat)[before:]]

    async def save(self, words: str, *, chat: int | None = None) -> str:
        """Follows the words, and saves them; what the message says then."""
        await self.say(f"/follow {words}", chat=chat)
        await self.press("Save", chat=chat)
        return self.shown(chat)

    async def ask(self, text: str) -> None:
        """Says it where the answer may come later than the next update is taken, and waits for it."""
        before = len(self.answers())
        self.world.say(self.ada, self.ada, text, None)
        await until(lambda: len(self.answers()) > before)

    async def press(self, label: str, *, chat: int | None = None, message: Message | None = None) -> str:
        """Presses the newest button whose label holds these words; the toast that came back."""
        chat = chat or self.ada
        found = [
            (one, button["callback_data"])
            for one in ([message] if message else self.answers(chat))
            for row in one.keyboard
            for button in row
            if label in button["text"]
        ]
        assert found, f"no button says {label!r}"
        shown, data = found[-1]
        return await self.press_data(data, chat=chat, message=shown)

    async def press_late(self, label: str) -> None:
        """Presses the button in Ada's newest message, so late that Telegram takes no answer any more."""
        shown = self.answers()[-1]
        (data,) = [b["callback_data"] for row in shown.keyboard for b in row if label in b["text"]]
        query_id = self.world.press(self.ada, self.ada, shown.id, data)
        self.world.answer(query_id, "", alert=False)
        await self.settled()

    async def press_data(self, data: str, *, chat: int | None = None, message: Message) -> str:
        chat = chat or self.ada
        with self.world.live.listen() as listener:
            who = chat if chat in self.world.people else self.ada
            self.world.press(who, chat, message.id, data)
            await self.settled()
            while event := await listener.next(0.5):
                if event["kind"] == "answer":
                    return str(event["text"])
        raise AssertionError("nobody answered the press: the button goes on spinning")

    async def invented(self, data: str, *, chat: int | None = None) -> Message:
        """A message of the bot's with a button of our own making, as an older version may have left one."""
        chat = chat or self.ada
        button = [{"text": "Old", "callback_data": data}]
        body = {"chat_id": chat, "text": "An old message", "reply_markup": {"inline_keyboard": [button]}}
        sent = await self.playground.call("sendMessage", **body)
        return self.world.chats[chat].messages[sent["result"]["message_id"]]

    def answers(self, chat: int | None = None) -> list[Message]:
        """The bot's messages in a chat, as they stand now."""
        messages = self.world.chats[chat or self.ada].messages.values()
        return [one for one in messages if one.sender.is_bot and not one.service]

    def shown(self, chat: int | None = None) -> str:
        return self.answers(chat)[-1].body.text

    def buttons(self, chat: int | None = None) -> list[str]:
        return [button["text"] for row in self.answers(chat)[-1].keyboard for button in row]

    def bold(self) -> list[str]:
        """The words that stand in bold in the newest message."""
        body = self.answers()[-1].body
        units = body.text.encode("utf-16-le")
        marks = [mark for mark in body.entities if mark.kind == "bold"]
        return [units[mark.offset * 2 : mark.end * 2].decode("utf-16-le") for mark in marks]

    def subscriber(self, chat: int | None = None) -> Subscriber | None:
        return self.database.write_now(lambda c: subscribers.find(c, chat or self.ada))

    def filters(self, chat: int | None = None) -> dict[str, str]:
        """The text and state of a chat's filters, the deleted ones too."""
        found = self.subscriber(chat)
        mine = tables.filters.c.subscriber_id == (found.id if found else 0)
        query = sa.select(tables.filters.c.text, tables.filters.c.state).where(mine)
        rows = self.database.write_now(lambda c: c.execute(query).all())
        return {row.text: row.state for row in rows}

    def follow(self, *texts: str, chat: int | None = None) -> list[FilterRow]:
        """Filters that are there already."""
        found = self.subscriber(chat)
        assert found is not None

        def save(connection: sa.Connection) -> list[FilterRow]:
            kept = [subscribers.save_filter(connection, found.id, text, now=utc_now()) for text in texts]
            return [one.row for one in kept]

        return self.database.write_now(save)

    def story(
        self, title: str, text: str = "", *, at: datetime | None = None, outlet: str = "The Harbour"
    ) -> None:
        """A story of one entry, as the pipeline would have left it."""
        number, at = next(_numbers), at or utc_now()

        def write(connection: sa.Connection) -> None:
            feed = {"url": f"http://outlet.example/{number}", "name": outlet, "host": "outlet.example"}
            feed_id = connection.execute(
                sa.insert(tables.feeds).values(due_at=at, **feed)
            ).inserted_primary_key[0]
            told = {"title": title, "started_at": at, "updated_at": at, "due_at": at, "matched_revision": 1}
            story_id = connection.execute(sa.insert(tables.stories).values(**told)).inserted_primary_key[0]
            connection.execute(
                sa.insert(tables.entries).values(
                    feed_id=feed_id,
                    key_hash=str(number),
                    title=title,
                    url=f"http://outlet.example/{number}/story",
                    summary="",
                    arrived_at=at,
                    backlog=False,
                    state=EntryState.GROUPED,
                    due_at=at,
                    text=text,
                    bare=False,
                    story_id=story_id,
                )
            )

        self.database.write_now(write)


@pytest.fixture
def services(sqlite: Database) -> Services:
    """What the handlers work with; a module may have its own."""
    index = TopicIndex(TOPICS)
    return Services(database=sqlite, topics=TOPICS, topic_index=index, last_week=LastWeek(index), feeds=42)


@pytest.fixture
async def chat(
    playground: Playground,  # noqa: F811
    sqlite: Database,
    services: Services,
) -> AsyncIterator[Chat]:
    application = build(TOKEN, f"{playground.url}/bot", services)
    line = Line(application)
    line.open(on_connect=lambda: None)
    try:
        await until(lambda: line.state == "connected" and playground.world.commands)
        yield Chat(playground, sqlite, application)
    finally:
        await line.hang_up()
        await line.close()


ACTIVE, PAUSED, DELETED = FilterState.ACTIVE, FilterState.PAUSED, FilterState.DELETED
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def noon(days_ago: int) -> datetime:
    """A time of a day that is no night in Europe."""
    return (utc_now() - days_ago * DAY).replace(hour=12, minute=0)
