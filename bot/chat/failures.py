"""When a handler fails: the person gets one plain sentence, the log gets the cause."""

from telegram import CallbackQuery, Update
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.chat import texts
from bot.chat.context import Context
from bot.logs import get_logger
from bot.model import SubscriberState
from bot.storage import subscribers

_log = get_logger(__name__)


async def answer(query: CallbackQuery, text: str | None = None, *, alert: bool = False) -> bool:
    """Answers the press of a button; False when Telegram no longer waits for the answer.

    It waits for some seconds only. What was pressed is done all the same, and the message shows it.
    """
    try:
        await query.answer(text, show_alert=alert)
    except BadRequest as error:
        if "query is too old" not in error.message.lower():
            raise
        return False
    return True


async def failed(update: object, context: Context) -> None:
    """python-telegram-bot's error handler: one of the three places that see every exception."""
    error = context.error
    kind = type(update).__name__
    match error:
        case BadRequest() if "not modified" in error.message.lower():
            return  # a button pressed twice: it shows already what it should
        case Forbidden():
            await _pause(update, context, error)
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
            query = update.callback_query
            if query is None or not await answer(query, texts.FAILED, alert=True):
                await context.bot.send_message(update.effective_chat.id, texts.FAILED)
        except TelegramError as second:
            _log.warning("apology_failed", error=second.message)


async def _pause(update: object, context: Context, error: Forbidden) -> None:
    chat = update.effective_chat if isinstance(update, Update) else None
    if chat is None:
        return
    # Not met anew: whoever shuts us out at the first word is nobody's subscriber.
    subscriber = await context.database.read(lambda c: subscribers.find(c, chat.id))
    if subscriber is not None:
        await context.turn(subscriber, SubscriberState.PAUSED, reason=error.message)
