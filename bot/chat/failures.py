"""When a handler fails: the person gets one plain sentence, the log gets the cause."""

from functools import partial

from telegram import Update
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import CallbackContext

from bot.chat import texts
from bot.logs import get_logger
from bot.model import SubscriberState
from bot.storage import subscribers

_log = get_logger(__name__)


async def failed(update: object, context: CallbackContext) -> None:  # type: ignore[type-arg]
    """python-telegram-bot's error handler: one of the three places that see every exception."""
    error = context.error
    kind = type(update).__name__
    match error:
        case BadRequest() if (
            "not modified" in error.message.lower() or "query is too old" in error.message.lower()
        ):
            return  # a button pressed twice: it shows already what it should
        case Forbidden():
            await _pause(update, context, error.message)
            return
        case RetryAfter():
            _log.warning("answer_held", wait=error.retry_after)
            return
        case NetworkError() if not isinstance(error, BadRequest):
            _log.warning("telegram_unreachable", error=error.message)
            return
    _log.error("chat_failed", update=kind, exc_info=error)
    if isinstance(update, Update) and update.effective_chat is not None:
        try:
            if update.callback_query is not None:
                await update.callback_query.answer(texts.FAILED, show_alert=True)
            else:
                await context.bot.send_message(update.effective_chat.id, texts.FAILED)
        except TelegramError as second:
            _log.warning("apology_failed", error=second.message)


async def _pause(update: object, context: CallbackContext, reason: str) -> None:  # type: ignore[type-arg]
    if not isinstance(update, Update) or update.effective_chat is None or context.application is None:
        return
    database = context.application.bot_data["services"].database
    chat_id = update.effective_chat.id
    subscriber = await database.read(lambda c: subscribers.find(c, chat_id))
    if subscriber is not None:
        pause = partial(subscribers.set_state, subscriber_id=subscriber.id, state=SubscriberState.PAUSED)
        await database.write(partial(pause, reason=reason))
    _log.info("subscriber_paused", reason=reason)
