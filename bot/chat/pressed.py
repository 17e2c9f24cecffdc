"""A button that was pressed, with all that its handler needs."""

from dataclasses import dataclass

from telegram import CallbackQuery, InlineKeyboardMarkup, Message

from bot.buttons import Button
from bot.chat.context import Context
from bot.chat.failures import answer
from bot.storage.subscribers import Subscriber


@dataclass(frozen=True, slots=True)
class Pressed:
    """The press of a button under a message that can still be changed; `subscriber` is the chat's."""

    query: CallbackQuery
    context: Context
    button: Button
    message: Message
    subscriber: Subscriber

    async def answer(self, text: str | None = None, *, alert: bool = False) -> None:
        """Stops the button spinning, with a few words (200 characters at most) or none.

        Every handler calls it once, before it changes the message.
        """
        await answer(self.query, text, alert=alert)

    async def show(self, html: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
        """The message, with other words and buttons."""
        await self.query.edit_message_text(
            html, parse_mode="HTML", reply_markup=keyboard, disable_web_page_preview=True
        )
