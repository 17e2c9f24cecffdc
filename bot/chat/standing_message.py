"""A message that stays while its buttons are used: the last thing done stands under it. Pure."""

from collections.abc import Callable, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.buttons import Button, decode

_DONE = "\n\n✓ "

Row = list[InlineKeyboardButton]


def with_outcome(message: Message, html: str) -> str:
    """The message's HTML with what was just done as its last line, in place of what was done before it."""
    words = message.text_html or ""
    before, found, _ = words.rpartition(_DONE)
    return f"{before if found else words}{_DONE}{html}"


def rows_of(message: Message) -> list[Row]:
    """The buttons under the message."""
    markup = message.reply_markup
    return [] if markup is None else [list(row) for row in markup.inline_keyboard]


def carried(button: InlineKeyboardButton) -> Button | None:
    """What one of our buttons carries."""
    data = button.callback_data
    return decode(data) if isinstance(data, str) else None


def changed(
    rows: Sequence[Row], change: Callable[[InlineKeyboardButton], InlineKeyboardButton | None]
) -> list[Row]:
    """The rows with each button changed, or taken away; rows that are left empty go too."""
    kept = [[new for button in row if (new := change(button)) is not None] for row in rows]
    return [row for row in kept if row]


def keyboard(rows: Sequence[Row]) -> InlineKeyboardMarkup | None:
    """The rows as Telegram takes them."""
    return InlineKeyboardMarkup(rows) if rows else None
