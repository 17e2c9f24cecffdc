"""Puts the chat together: which handler answers what."""

from telegram import BotCommand, Message, Update
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)
from telegram.request import HTTPXRequest

from bot.chat import texts
from bot.chat.clock import set_clock
from bot.chat.context import ChatApplication, Context, Services
from bot.chat.failures import failed
from bot.chat.filter_list import show_filters
from bot.chat.follow import follow, suggest
from bot.chat.mentions import mentions
from bot.chat.mutes import mute_typed
from bot.chat.presses import press
from bot.chat.recent import latest
from bot.chat.start import membership, migrated, show_help, start, stop, unknown_command
from bot.chat.whynot import whynot

ALLOWED_UPDATES = [Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]
_CONNECTIONS = 40  # thirty alerts in flight, and answers beside them


def build(token: str, base_url: str, services: Services) -> ChatApplication:
    """The python-telegram-bot application, not yet started; its job queue stays off: one scheduler."""
    application: ChatApplication = (
        ApplicationBuilder()
        .token(token)
        .base_url(base_url)
        .request(HTTPXRequest(connection_pool_size=_CONNECTIONS, pool_timeout=20, read_timeout=20))
        .get_updates_request(HTTPXRequest(connection_pool_size=1, read_timeout=40))
        .context_types(ContextTypes(context=Context))
        .job_queue(None)
        .build()
    )
    application.bot_data["services"] = services
    said = filters.UpdateType.MESSAGE
    for name, handler in {
        "start": start,
        "help": show_help,
        "follow": follow,
        "filters": show_filters,
        "mute": mute_typed,
        "latest": latest,
        "clock": set_clock,
        "whynot": whynot,
        "stop": stop,
    }.items():
        application.add_handler(CommandHandler(name, handler, filters=said))
    application.add_handler(CallbackQueryHandler(press))
    application.add_handler(ChatMemberHandler(membership, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_handler(MessageHandler(said & filters.StatusUpdate.MIGRATE, migrated))
    private = said & filters.ChatType.PRIVATE
    application.add_handler(MessageHandler(private & filters.COMMAND, unknown_command))
    # In a group, only what is said to the bot is a wish: other people's talk is none of its business.
    to_me = filters.TEXT & ~filters.COMMAND & (private | (said & _ToMe()))
    # Whoever waits for a model to propose keeps nobody else waiting.
    is_quick = services.propose is None
    application.add_handler(MessageHandler(to_me, suggest, block=is_quick))
    application.add_error_handler(failed)
    return application


class _ToMe(filters.MessageFilter):
    """A reply to one of the bot's own messages, or one that names it."""

    def filter(self, message: Message) -> bool:
        me = message.get_bot()
        answered = message.reply_to_message
        is_reply = answered is not None and answered.from_user is not None and answered.from_user.id == me.id
        return is_reply or mentions(message, me.username)


async def introduce(application: ChatApplication) -> None:
    """Tells Telegram the command menu."""
    await application.bot.set_my_commands([BotCommand(name, said) for name, said in texts.COMMANDS])
