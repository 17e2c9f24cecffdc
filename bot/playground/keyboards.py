"""Inline keyboards, checked as Telegram checks them. Pure."""

from typing import Any

from bot.playground.refusals import bad_request

MAX_BUTTONS = 100
MAX_DATA = 64  # bytes, not characters: python-telegram-bot does not look

Keyboard = tuple[tuple[dict[str, Any], ...], ...]

_LINKS = ("http://", "https://", "tg://")
_OTHER_KINDS = frozenset({"keyboard", "remove_keyboard", "force_reply"})  # they show nothing here


def keyboard_of(markup: Any) -> Keyboard:
    """The rows of buttons of a `reply_markup`; raises RefusedError (400) for what Telegram refuses."""
    if markup is None:
        return ()
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if markup.keys() & _OTHER_KINDS:
        return ()
    rows = markup.get("inline_keyboard", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be of type Array')
    keyboard = tuple(tuple(_button(button) for button in row) for row in rows if row)
    if sum(map(len, keyboard)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return keyboard


def _button(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if not button["text"].strip():
        raise bad_request("inline keyboard button text is empty")
    data, url = button.get("callback_data"), button.get("url")
    if data is not None:
        if not isinstance(data, str) or not 1 <= len(data.encode()) <= MAX_DATA:
            raise bad_request("BUTTON_DATA_INVALID")
    elif url is not None:
        if not isinstance(url, str) or not url.casefold().startswith(_LINKS):
            raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    else:
        raise bad_request("Text buttons are unallowed in the inline keyboard")
    return button
