"""/start, /help and /stop, and coming and going of the bot itself."""

from telegram import ChatMember, Update

from bot.chat import texts
from bot.chat.context import Context
from bot.chat.share import open_share, token_of
from bot.chat.share_texts import GONE_SHARE
from bot.chat.topic_menu import topic_keyboard
from bot.model import SubscriberState
from bot.storage import subscribers

_OUT = {ChatMember.LEFT, ChatMember.BANNED}


async def start(update: Update, context: Context) -> None:
    """Says what this is and offers topics; resumes what was paused or stopped."""
    assert update.effective_message is not None
    subscriber = await context.subscriber(update)
    welcome = ""
    if subscriber.state != SubscriberState.ACTIVE:
        await context.turn(subscriber, SubscriberState.ACTIVE)
        mine = await context.database.read(lambda c: subscribers.filters_of(c, subscriber.id))
        welcome = texts.back(filters=len(mine))
    token = token_of(context.args)
    if token is not None:
        if await open_share(update, context, subscriber, token, welcome=welcome):
            return
        welcome += f"{GONE_SHARE}\n\n"
    await update.effective_message.reply_html(
        welcome + texts.greeting(feeds=await context.services.feeds_asked()),
        reply_markup=await topic_keyboard(context, subscriber),
    )


async def show_help(update: Update, context: Context) -> None:
    """How to say what one wants."""
    assert update.effective_message is not None
    await context.subscriber(update)
    await update.effective_message.reply_html(texts.HELP)


async def stop(update: Update, context: Context) -> None:
    """No more alerts; the filters are kept."""
    assert update.effective_message is not None
    subscriber = await context.subscriber(update)
    await context.turn(subscriber, SubscriberState.STOPPED, reason="/stop")
    mine = await context.database.read(lambda c: subscribers.filters_of(c, subscriber.id))
    await update.effective_message.reply_html(texts.stopped(filters=len(mine)))


async def unknown_command(update: Update, context: Context) -> None:
    """A command that is none of ours; in a group it may be another bot's, so there we stay silent."""
    assert update.effective_message is not None
    await context.subscriber(update)
    await update.effective_message.reply_html(texts.UNKNOWN_COMMAND)


async def membership(update: Update, context: Context) -> None:
    """The bot was blocked, thrown out, or invited: what is pending is dropped, or the group is greeted."""
    change = update.my_chat_member
    assert change is not None
    subscriber = await context.subscriber(update)
    was_out = change.old_chat_member.status in _OUT
    is_out = change.new_chat_member.status in _OUT
    if is_out:
        reason = f"the bot is {change.new_chat_member.status} there"
        await context.turn(subscriber, SubscriberState.PAUSED, reason=reason)
    elif was_out and change.chat.type in {"group", "supergroup"}:
        await context.turn(subscriber, SubscriberState.ACTIVE)
        await context.bot.send_message(
            change.chat.id,
            texts.greeting(feeds=await context.services.feeds_asked()),
            parse_mode="HTML",
            reply_markup=await topic_keyboard(context, subscriber),
        )


async def migrated(update: Update, context: Context) -> None:
    """The group became a supergroup: its subscriber moves along."""
    message = update.effective_message
    assert message is not None
    if message.migrate_to_chat_id is None:
        return
    new_chat_id = message.migrate_to_chat_id
    now = context.now
    # Not met anew: a send may have found out before us, and moved the subscriber already.
    old = await context.database.read(lambda c: subscribers.find(c, message.chat_id))
    if old is not None:
        await context.database.write(lambda c: subscribers.move(c, old.id, new_chat_id, now=now))
