"""Who and what the world holds: people, the bot, chats, messages; each knows its shape on the wire."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.model import ChatKind
from bot.playground.markup import Entity, Marked

Json = dict[str, Any]

MAX_MESSAGES = 2_000


class Standing(StrEnum):
    """The bot's place in a chat, in Telegram's words."""

    MEMBER = "member"
    KICKED = "kicked"  # blocked by the person, or thrown out of the group
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the chat page, or the bot itself."""

    id: int
    name: str
    username: str
    language: str | None = "en"
    is_bot: bool = False

    def as_json(self) -> Json:
        """Telegram's User."""
        user: Json = {
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.name,
            "username": self.username,
        }
        return user | {"language_code": self.language} if self.language else user


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it stands now; an edit makes a new one with the same id."""

    id: int
    sender: Person
    sent_at: datetime
    body: Marked
    keyboard: tuple[tuple[Json, ...], ...] = ()
    reply_to: int | None = None
    thread_id: int | None = None
    edited_at: datetime | None = None
    service: Json = field(default_factory=dict)  # "new_chat_members" and its like, as on the wire

    def buttons(self) -> frozenset[str]:
        """The callback data that can be pressed here."""
        return frozenset(
            button["callback_data"] for row in self.keyboard for button in row if "callback_data" in button
        )


@dataclass(slots=True)
class Chat:
    """A private chat or a group; the newest 2,000 messages are kept."""

    id: int
    kind: ChatKind
    members: list[Person]
    title: str = ""
    standing: Standing = Standing.MEMBER
    started: bool = False  # a bot cannot write first
    moved_to: int | None = None
    messages: dict[int, Message] = field(default_factory=dict)
    last_id: int = 0

    @property
    def private(self) -> bool:
        """Whether it is one person's chat with the bot."""
        return self.kind is ChatKind.PRIVATE

    def keep(self, message: Message) -> None:
        """Adds a message, or puts its newer form in its place."""
        self.messages[message.id] = message
        self.last_id = max(self.last_id, message.id)
        while len(self.messages) > MAX_MESSAGES:
            del self.messages[next(iter(self.messages))]

    def as_json(self) -> Json:
        """Telegram's Chat."""
        if self.private:
            person = self.members[0]
            return {
                "id": self.id,
                "type": "private",
                "first_name": person.name,
                "username": person.username,
            }
        return {"id": self.id, "type": self.kind.value, "title": self.title}

    def message_json(self, message: Message, *, quote: bool = True) -> Json:
        """Telegram's Message; the message it answers stands inside, one level deep as at Telegram."""
        shown: Json = {
            "message_id": message.id,
            "from": message.sender.as_json(),
            "chat": self.as_json(),
            "date": int(message.sent_at.timestamp()),
        }
        if message.body.text:
            shown["text"] = message.body.text
        if message.body.entities:
            shown["entities"] = entities_json(message.body.entities)
        if message.keyboard:
            shown["reply_markup"] = {"inline_keyboard": [list(row) for row in message.keyboard]}
        if message.edited_at is not None:
            shown["edit_date"] = int(message.edited_at.timestamp())
        if message.thread_id is not None:
            shown["message_thread_id"] = message.thread_id
        if quote and message.reply_to in self.messages:
            shown["reply_to_message"] = self.message_json(self.messages[message.reply_to], quote=False)
        return shown | message.service

    def member_json(self, person: Person) -> Json:
        """Telegram's ChatMember: the bot's standing; the first of a group's people made it."""
        user = person.as_json()
        if person.is_bot and self.standing is Standing.KICKED:
            return {"user": user, "status": "kicked", "until_date": 0}
        if person.is_bot:
            return {"user": user, "status": self.standing.value}
        if person not in self.members:
            return {"user": user, "status": "left"}
        if not self.private and person == self.members[0]:
            return {"user": user, "status": "creator", "is_anonymous": False}
        return {"user": user, "status": "member"}


def entities_json(entities: tuple[Entity, ...]) -> list[Json]:
    """Entities on the wire."""
    return [entity.as_json() for entity in entities]
