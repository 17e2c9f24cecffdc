"""Out to Telegram: one message, and one of five outcomes for whatever comes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.delivery.render import Message


@dataclass(frozen=True, slots=True)
class Button:
    """One button under a message, and what its press will carry."""

    label: str
    payload: str


@dataclass(frozen=True, slots=True)
class Sent:
    """It has arrived."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Later:
    """Not now. `wait` is what Telegram asked for; None when nobody knows whether it has arrived."""

    reason: str
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """The group lives on under another id."""

    chat_id: int


@dataclass(frozen=True, slots=True)
class Gone:
    """The chat does not want us, or is no more."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """This message will never be taken; the chat has done nothing wrong."""

    reason: str


Outcome = Sent | Later | Moved | Gone | Refused

# Telegram answers these with 400, though they mean the same as a 403.
_GONE = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "user is deactivated",
    "group chat was deactivated",
    "not enough rights",
    "have no rights to send",
    "chat_write_forbidden",
    "chat_restricted",
    "bot is not a member",
    "topic_closed",
)


def outcome_of(error: TelegramError) -> Outcome:
    """One of the five, the most specific class first: `BadRequest` is a `NetworkError` there."""
    match error:
        case RetryAfter():
            wait = error.retry_after  # seconds, or a timedelta, by the library's setting
            return Later("asked to wait", wait if isinstance(wait, timedelta) else timedelta(seconds=wait))
        case ChatMigrated():
            return Moved(error.new_chat_id)
        case Forbidden():
            return Gone(error.message)
        case BadRequest():
            said = error.message.lower()
            return Gone(error.message) if any(sign in said for sign in _GONE) else Refused(error.message)
        case InvalidToken():
            # The operator's mistake, not the chat's: everything waits until it is mended.
            return Later(f"the token was refused: {error.message}")
        case TimedOut():
            return Later("no answer in time")
        case NetworkError():
            return Later(f"network: {error.message}")
        case _:
            return Later(f"{type(error).__name__}: {error.message}")


class Telegram:
    """Sends messages with a python-telegram-bot `Bot`."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(
        self, chat_id: int, message: Message, *, reply_to: int | None = None, buttons: Sequence[Button] = ()
    ) -> Outcome:
        """One message, as HTML; once more as plain text when Telegram cannot read our HTML.

        The buttons stand side by side. A reply to a message that was deleted arrives all the same, as no
        reply.
        """
        send = partial(self._send, chat_id, reply_to=reply_to, buttons=buttons)
        outcome = await send(message.html, ParseMode.HTML)
        if isinstance(outcome, Refused) and "can't parse entities" in outcome.reason.lower():
            outcome = await send(message.plain, None)
        return outcome

    async def _send(
        self,
        chat_id: int,
        text: str,
        parse_mode: ParseMode | None,
        *,
        reply_to: int | None,
        buttons: Sequence[Button],
    ) -> Outcome:
        try:
            sent = await self._bot.send_message(
                chat_id,
                text,
                parse_mode=parse_mode,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                reply_parameters=None if reply_to is None else quiet_reply(reply_to),
                reply_markup=_keyboard(buttons) if buttons else None,
            )
        except TelegramError as error:
            return outcome_of(error)
        return Sent(sent.message_id)


def quiet_reply(message_id: int) -> ReplyParameters:
    """A reply that is sent without its quote when the message is gone."""
    return ReplyParameters(message_id, allow_sending_without_reply=True)


def _keyboard(buttons: Sequence[Button]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(button.label, callback_data=button.payload) for button in buttons]]
    )
