"""What stands under the words that a filter was saved."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.buttons import Action, encode
from bot.storage.subscribers import FilterRow


def saved_keyboard(row: FilterRow, *, before: int | None = None) -> InlineKeyboardMarkup:
    """The way back, and on to others; `before` is the proposal of what the filter was until now."""
    undo = encode(Action.DELETE, row.id) if before is None else encode(Action.FOLLOW, before)
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton("Undo", callback_data=undo),
                InlineKeyboardButton("↗ Share", callback_data=encode(Action.SHARE, row.id)),
            ]
        ]
    )
