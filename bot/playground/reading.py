"""What a call asks for, checked as Telegram checks it: the chat, the words, the buttons, the quote."""

import json
import re
from typing import Any

from bot.delivery.render import units
from bot.playground.keyboards import Keyboard, keyboard_of
from bot.playground.markup import Marked, parse, plain
from bot.playground.params import Params
from bot.playground.refusals import bad_request
from bot.playground.residents import Chat, Json, Message
from bot.playground.world import MAX_TEXT, World

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_MAX_COMMAND_DESCRIPTION = 256


def asked_chat(world: World, params: Params) -> Chat:
    """The chat, when the bot may write there."""
    if not params.text("chat_id"):
        raise bad_request("chat_id is empty")
    return world.chat_for_bot(params.whole("chat_id"))


def asked_body(params: Params) -> Marked:
    """The words of a message, marked by its parse mode or by entities given beside them."""
    match params.text("parse_mode").casefold():
        case "html":
            body = parse(params.text("text"))
        case "" | "none":
            body = plain(params.text("text"))
        case _:
            raise bad_request("unsupported parse_mode: the playground reads HTML only")
    if not body.text:
        raise bad_request("message text is empty")
    if units(body.text) > MAX_TEXT:
        raise bad_request("message is too long")
    return body


def asked_keyboard(params: Params) -> Keyboard:
    """The inline keyboard, or none."""
    return keyboard_of(params.thing("reply_markup"))


def asked_reply(chat: Chat, params: Params) -> int | None:
    """The message to quote: reply_parameters, or the older reply_to_message_id."""
    reply = params.thing("reply_parameters") or {}
    if not isinstance(reply, dict):
        raise bad_request("object expected as reply parameters")
    message_id = reply.get("message_id") or params.whole("reply_to_message_id")
    if message_id is None:
        return None
    if message_id in chat.messages:
        return int(message_id)
    if reply.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def asked_message(world: World, params: Params) -> tuple[Chat, Message]:
    """A message of the bot's own that it wants to edit."""
    chat = asked_chat(world, params)
    message = chat.messages.get(params.whole("message_id") or 0)
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender != world.bot:
        raise bad_request("message can't be edited")
    return chat, message


def asked_scope(params: Params) -> tuple[str, str]:
    """Whose command menu is meant, and in which language."""
    scope = params.thing("scope") or {"type": "default"}
    if not isinstance(scope, dict):
        raise bad_request("object expected as bot command scope")
    kind = str(scope.get("type", "default"))
    known_as = f"chat:{scope['chat_id']}" if kind == "chat" and "chat_id" in scope else kind
    if kind in ("chat_administrators", "chat_member"):
        known_as = json.dumps(scope, sort_keys=True)
    return known_as, params.text("language_code")


def asked_command(command: Any) -> Json:
    """One line of a command menu."""
    name = command.get("command") if isinstance(command, dict) else None
    if not isinstance(name, str) or _COMMAND.fullmatch(name.removeprefix("/")) is None:
        raise bad_request("BOT_COMMAND_INVALID")
    description = command.get("description")
    if not isinstance(description, str) or not 1 <= len(description) <= _MAX_COMMAND_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name.removeprefix("/"), "description": description}
