"""The Bot API's methods, one function each: the world and the parameters in, the result out."""

from collections.abc import Callable
from typing import Any

from bot.playground.keyboards import Keyboard
from bot.playground.markup import Marked
from bot.playground.params import Params
from bot.playground.reading import (
    asked_body,
    asked_chat,
    asked_command,
    asked_keyboard,
    asked_message,
    asked_reply,
    asked_scope,
)
from bot.playground.refusals import bad_request
from bot.playground.residents import Chat, Json, Message, Standing
from bot.playground.world import World

MAX_COMMANDS = 100
_MAX_ANSWER = 200
_UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
_CHAT_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)

Method = Callable[[World, Params], Any]


# --- the bot itself and its updates ---------------------------------------------------------------


def get_me(world: World, _: Params) -> Json:
    """Who the token belongs to; privacy mode is on, as for every new bot."""
    return world.bot.as_json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_webhook(world: World, params: Params) -> bool:
    """RefusedError: the playground has nowhere to call; an empty URL is a wish for no webhook."""
    if params.text("url"):
        raise bad_request("bad webhook: the playground serves getUpdates only")
    return delete_webhook(world, params)


def delete_webhook(world: World, params: Params) -> bool:
    """There is none; what waits can be dropped all the same."""
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    return True


def get_webhook_info(world: World, _: Params) -> Json:
    """No webhook, and how many updates wait."""
    return {"url": "", "has_custom_certificate": False, "pending_update_count": len(world.updates)}


# --- messages -------------------------------------------------------------------------------------


def send_message(world: World, params: Params) -> Json:
    """A message to a chat."""
    chat = asked_chat(world, params)
    message = world.post(
        chat,
        asked_body(params),
        keyboard=asked_keyboard(params),
        reply_to=asked_reply(chat, params),
        thread_id=params.whole("message_thread_id"),
    )
    return chat.message_json(message)


def edit_message_text(world: World, params: Params) -> Json:
    """Other words for a message of the bot's; without a keyboard its keyboard goes."""
    chat, message = asked_message(world, params)
    return _amend(world, chat, message, body=asked_body(params), keyboard=asked_keyboard(params))


def edit_message_reply_markup(world: World, params: Params) -> Json:
    """Other buttons for a message of the bot's, or none."""
    chat, message = asked_message(world, params)
    return _amend(world, chat, message, body=message.body, keyboard=asked_keyboard(params))


def delete_message(world: World, params: Params) -> bool:
    """Takes a message away; in a group, where the bot is no administrator, only its own."""
    chat = asked_chat(world, params)
    message = chat.messages.get(params.whole("message_id") or 0)
    if message is None:
        raise bad_request("message to delete not found")
    if not chat.private and message.sender != world.bot:
        raise bad_request("message can't be deleted")
    world.remove(chat, message)
    return True


def answer_callback_query(world: World, params: Params) -> bool:
    """Ends the progress on a pressed button; its text is a toast, or an alert."""
    text = params.text("text")
    if len(text) > _MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    world.answer(params.text("callback_query_id"), text, alert=params.flag("show_alert"))
    return True


def send_chat_action(world: World, params: Params) -> bool:
    """Typing, for five seconds or until the next message."""
    chat = asked_chat(world, params)
    action = params.text("action")
    if action not in _CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.live.tell("action", chat_id=chat.id, action=action)
    return True


# --- the menu and the profile ---------------------------------------------------------------------


def set_my_commands(world: World, params: Params) -> bool:
    """The command menu of a scope and a language."""
    commands = params.thing("commands")
    if not isinstance(commands, list):
        raise bad_request("can't parse commands JSON array")
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    world.commands[asked_scope(params)] = [asked_command(command) for command in commands]
    _show_chats(world)
    return True


def get_my_commands(world: World, params: Params) -> list[Json]:
    """That menu, as it was set."""
    return world.commands.get(asked_scope(params), [])


def delete_my_commands(world: World, params: Params) -> bool:
    """Forgets that menu: the next wider one shows."""
    world.commands.pop(asked_scope(params), None)
    _show_chats(world)
    return True


def set_my_description(world: World, params: Params) -> bool:
    """What an empty chat with the bot says above its start button."""
    world.description = params.text("description")[:512]
    world.live.tell("bot", description=world.description)
    return True


def set_my_short_description(world: World, params: Params) -> bool:
    """What the bot's profile says."""
    world.short_description = params.text("short_description")[:120]
    return True


# --- chats ----------------------------------------------------------------------------------------


def get_chat(world: World, params: Params) -> Json:
    """All about a chat."""
    chat = asked_chat(world, params)
    return chat.as_json() | {"accent_color_id": abs(chat.id) % 7, "max_reaction_count": 11, **_accepts()}


def get_chat_member(world: World, params: Params) -> Json:
    """Somebody's place in a chat."""
    chat = asked_chat(world, params)
    user_id = params.whole("user_id") or 0
    person = world.bot if user_id == world.bot.id else world.people.get(user_id)
    if person is None:
        raise bad_request("user not found")
    return chat.member_json(person)


def get_chat_administrators(world: World, params: Params) -> list[Json]:
    """Who runs a group: whoever made it."""
    chat = asked_chat(world, params)
    if chat.private:
        raise bad_request("there are no administrators in the private chat")
    return [chat.member_json(person) for person in chat.members[:1]]


def leave_chat(world: World, params: Params) -> bool:
    """The bot leaves a group of its own will."""
    chat = asked_chat(world, params)
    if chat.private:
        raise bad_request("chat member status can't be changed in private chats")
    world.stand(chat, Standing.LEFT, by=world.bot)
    return True


def _yes(_: World, __: Params) -> bool:
    """For what needs no doing here."""
    return True


def _amend(world: World, chat: Chat, message: Message, *, body: Marked, keyboard: Keyboard) -> Json:
    if body == message.body and keyboard == message.keyboard:
        raise bad_request(_UNCHANGED)
    return chat.message_json(world.amend(chat, message, body, keyboard))


def _show_chats(world: World) -> None:
    for chat in world.chats.values():
        world.show_chat(chat)


def _accepts() -> Json:
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    return {"accepted_gift_types": dict.fromkeys(gifts, False)}


METHODS: dict[str, Method] = {
    "getme": get_me,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "sendmessage": send_message,
    "editmessagetext": edit_message_text,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "answercallbackquery": answer_callback_query,
    "sendchataction": send_chat_action,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "setmydescription": set_my_description,
    "setmyshortdescription": set_my_short_description,
    "getchat": get_chat,
    "getchatmember": get_chat_member,
    "getchatadministrators": get_chat_administrators,
    "leavechat": leave_chat,
    "setchatmenubutton": _yes,
    "logout": _yes,
    "close": _yes,
}
