"""The state in memory: people, chats, messages and updates; what people do, and what the bot may do."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.delivery.render import units
from bot.errors import InputError
from bot.model import ChatKind
from bot.playground.faults import Faults
from bot.playground.live import Live
from bot.playground.markup import Marked, plain, whole
from bot.playground.privacy import hears
from bot.playground.refusals import RefusedError, bad_request, forbidden, migrated
from bot.playground.residents import Chat, Json, Message, Person, Standing
from bot.playground.updates import UpdateQueue
from bot.times import utc_now

MAX_TEXT = 4096
MAX_PEOPLE = 50
MAX_PRESSES = 1_000
MAX_NAME = 64
_SUPERGROUPS = -1_001_000_000_000


class World:
    """A small Telegram: some people, a private chat with the bot for each, and a group with all.

    People act through `say`, `press`, `block` and `migrate`, which raise InputError with a sentence;
    the bot acts through `chat_for_bot`, `post`, `amend` and `remove`, which raise RefusedError.
    """

    def __init__(
        self,
        *,
        people: Sequence[str] = ("Ada", "Ben"),
        group: str = "Neighbours",
        bot_name: str = "Need to Know",
        bot_username: str = "NeedToKnowBot",
        bot_id: int = 7_000_000_001,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.bot = Person(bot_id, bot_name, bot_username, language=None, is_bot=True)
        self.updates = UpdateQueue()
        self.live = Live()
        self.faults = Faults()
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}  # by scope and language
        self.description = ""
        self.short_description = ""
        self._clock = clock
        self._ids = itertools.count(1)
        self._presses: dict[str, tuple[int, int]] = {}  # unanswered ones: chat and message
        self.group = self._open(Chat(-200_001, ChatKind.GROUP, [], group, started=True))
        for name in people:
            self.add_person(name)

    def close(self) -> None:
        """Ends every long poll and every page's stream, so that the server can stop at once."""
        self.updates.close()
        self.live.close()

    # --- what people do ---------------------------------------------------------------------------

    def add_person(self, name: str) -> Person:
        """Somebody new, with a private chat of their own and a place in the groups."""
        name = " ".join(whole(name).split())
        if not name or len(name) > MAX_NAME:
            raise InputError(f"A name has 1 to {MAX_NAME} characters.")
        if len(self.people) >= MAX_PEOPLE:
            raise InputError(f"The playground holds {MAX_PEOPLE} people.")
        number = next(self._ids)
        handle = "".join(char for char in name.casefold() if char.isascii() and char.isalnum()) or "person"
        person = Person(100_000 + number, name, f"{handle}_{number}")
        self.people[person.id] = person
        self._open(Chat(person.id, ChatKind.PRIVATE, [person]))
        for chat in self.chats.values():
            if not chat.private:
                chat.members.append(person)
                self.show_chat(chat)
        return person

    def say(self, person_id: int, chat_id: int, text: str, reply_to: int | None = None) -> Message:
        """A person's message; the bot hears of it where Telegram would let it."""
        chat, person = self._place(person_id, chat_id)
        body = plain(whole(text))
        if not body.text:
            raise InputError("Say something: the message is empty.")
        if units(body.text) > MAX_TEXT:
            raise InputError(f"A message has at most {MAX_TEXT} characters.")
        if chat.moved_to is not None:
            raise InputError("This group became a supergroup: write there.")
        if reply_to is not None and reply_to not in chat.messages:
            raise InputError("The message to answer is gone.")
        if chat.private and chat.standing is Standing.KICKED:
            raise InputError("You blocked the bot: unblock it first.")
        message = self._add(chat, person, body, reply_to=reply_to)
        chat.started = True
        if hears(self.bot, chat, message):
            self.updates.put("message", chat.message_json(message))
        return message

    def press(self, person_id: int, chat_id: int, message_id: int, data: str) -> str:
        """A press of an inline button; returns the id that the bot's answer will carry."""
        chat, person = self._place(person_id, chat_id)
        message = chat.messages.get(message_id)
        if message is None or data not in message.buttons():
            raise InputError("That button is gone.")
        if chat.standing is not Standing.MEMBER:
            raise InputError("The bot is not in this chat.")
        query_id = str(4_000_000_000 + next(self._ids))
        self._presses[query_id] = (chat_id, message_id)
        while len(self._presses) > MAX_PRESSES:
            del self._presses[next(iter(self._presses))]
        query: Json = {"id": query_id, "from": person.as_json(), "message": chat.message_json(message)}
        self.updates.put("callback_query", query | {"chat_instance": str(chat_id), "data": data})
        return query_id

    def block(self, person_id: int, chat_id: int, *, blocked: bool) -> None:
        """Blocks the bot or throws it out of the group; or lets it back in. The bot is told."""
        chat, person = self._place(person_id, chat_id)
        self.stand(chat, Standing.KICKED if blocked else Standing.MEMBER, by=person)

    def stand(self, chat: Chat, standing: Standing, *, by: Person) -> None:
        """Gives the bot another standing in a chat, and tells it as Telegram does."""
        if standing is chat.standing:
            return
        old = chat.member_json(self.bot)
        chat.standing = standing
        self.updates.put(
            "my_chat_member",
            {
                "chat": chat.as_json(),
                "from": by.as_json(),
                "date": int(self._clock().timestamp()),
                "old_chat_member": old,
                "new_chat_member": chat.member_json(self.bot),
            },
        )
        if not chat.private:
            bot = self.bot.as_json()
            there = standing is Standing.MEMBER
            note: Json = {"new_chat_members": [bot]} if there else {"left_chat_member": bot}
            self._add(chat, by, Marked(""), service=note)
        self.show_chat(chat)

    def migrate(self, chat_id: int, *, announce: bool) -> Chat:
        """Turns a group into a supergroup with a new id; `announce` sends the two service messages."""
        old = self.chats.get(chat_id)
        if old is None or old.kind is not ChatKind.GROUP or old.moved_to is not None:
            raise InputError("Only a group can become a supergroup, and only once.")
        new = Chat(
            _SUPERGROUPS - next(self._ids), ChatKind.SUPERGROUP, [*old.members], old.title, started=True
        )
        new.standing = old.standing
        old.moved_to = new.id
        self._open(new)
        self.show_chat(old)
        owner = old.members[0] if old.members else self.bot
        left = self._add(old, owner, Marked(""), service={"migrate_to_chat_id": new.id})
        came = self._add(new, owner, Marked(""), service={"migrate_from_chat_id": old.id})
        if announce:
            self.updates.put("message", old.message_json(left))
            self.updates.put("message", new.message_json(came))
        return new

    # --- what the bot does ------------------------------------------------------------------------

    def chat_for_bot(self, chat_id: int | None) -> Chat:
        """The chat the bot asks for, when it may write there; raises RefusedError as Telegram would."""
        chat = self.chats.get(chat_id or 0)
        if chat is None:
            raise bad_request("chat not found")
        if chat.moved_to is not None:
            raise migrated(chat.moved_to)
        if chat.standing is not Standing.MEMBER:
            raise self.shut_out(chat)
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        return chat

    def shut_out(self, chat: Chat) -> RefusedError:
        """The refusal of a chat that does not want the bot (any more)."""
        if chat.private:
            return forbidden("bot was blocked by the user")
        where = f"the {chat.kind.value} chat"
        if chat.standing is Standing.LEFT:
            return forbidden(f"bot is not a member of {where}")
        return forbidden(f"bot was kicked from {where}")

    def post(
        self,
        chat: Chat,
        body: Marked,
        *,
        keyboard: tuple[tuple[Json, ...], ...] = (),
        reply_to: int | None = None,
        thread_id: int | None = None,
    ) -> Message:
        """The bot's message, shown to the page."""
        return self._add(chat, self.bot, body, keyboard=keyboard, reply_to=reply_to, thread_id=thread_id)

    def amend(
        self, chat: Chat, message: Message, body: Marked, keyboard: tuple[tuple[Json, ...], ...]
    ) -> Message:
        """The bot's message with other words or buttons; a change of buttons alone is no "edited"."""
        edited_at = message.edited_at if body == message.body else self._clock()
        amended = replace(message, body=body, keyboard=keyboard, edited_at=edited_at)
        chat.keep(amended)
        self.live.tell("message", message=chat.message_json(amended))
        return amended

    def remove(self, chat: Chat, message: Message) -> None:
        """Deletes a message."""
        del chat.messages[message.id]
        self.live.tell("deleted", chat_id=chat.id, message_id=message.id)

    def answer(self, query_id: str, text: str, *, alert: bool) -> None:
        """Answers a press of a button, once."""
        press = self._presses.pop(query_id, None)
        if press is None:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        self.live.tell(
            "answer", query_id=query_id, chat_id=press[0], message_id=press[1], text=text, alert=alert
        )

    # --- what the pages see -----------------------------------------------------------------------

    def show_chat(self, chat: Chat) -> None:
        """Tells the pages how a chat stands."""
        self.live.tell("chat", chat=self.chat_state(chat))

    def chat_state(self, chat: Chat) -> Json:
        """A chat as the page needs it, without its messages."""
        return chat.as_json() | {
            "members": [person.as_json() for person in chat.members],
            "blocked": chat.standing is not Standing.MEMBER,
            "moved_to": chat.moved_to,
            "commands": self.commands_in(chat),
        }

    def commands_in(self, chat: Chat) -> list[Json]:
        """The command menu of a chat: its own, else that of its kind, else the default one."""
        kind = "all_private_chats" if chat.private else "all_group_chats"
        language = (chat.members[0].language or "") if chat.private else ""
        for scope in (f"chat:{chat.id}", kind, "default"):
            for tongue in (language, ""):
                if found := self.commands.get((scope, tongue)):
                    return found
        return []

    # --- inside -----------------------------------------------------------------------------------

    def _open(self, chat: Chat) -> Chat:
        self.chats[chat.id] = chat
        self.show_chat(chat)
        return chat

    def _place(self, person_id: int, chat_id: int) -> tuple[Chat, Person]:
        """The chat and the person in it."""
        chat, person = self.chats.get(chat_id), self.people.get(person_id)
        if chat is None or person is None or person not in chat.members:
            raise InputError("There is no such person in that chat.")
        return chat, person

    def _add(
        self,
        chat: Chat,
        sender: Person,
        body: Marked,
        *,
        keyboard: tuple[tuple[Json, ...], ...] = (),
        reply_to: int | None = None,
        thread_id: int | None = None,
        service: Json | None = None,
    ) -> Message:
        now = self._clock()
        message = Message(
            chat.last_id + 1, sender, now, body, keyboard, reply_to, thread_id, service=service or {}
        )
        chat.keep(message)
        self.live.tell("message", message=chat.message_json(message))
        return message
