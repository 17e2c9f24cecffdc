"""/clock: which hours are a chat's night."""

from functools import partial

from telegram import Update

from bot.chat import clock_texts
from bot.chat.context import Context
from bot.chat.zones import clock_in, zone_of
from bot.logs import get_logger
from bot.storage import subscribers

_log = get_logger(__name__)

_MOST = 100  # characters of what may be a place or a time


async def set_clock(update: Update, context: Context) -> None:
    """/clock PLACE or /clock TIME sets the chat's clock; alone, it says what is set."""
    message = update.effective_message
    assert message is not None
    subscriber = await context.subscriber(update)
    said = "".join((message.text or "").split(maxsplit=1)[1:]).strip()
    # A time was true when it was said, which may be a while ago: updates wait while the bot is away.
    at = message.date if message.date is not None else context.now
    if not said:
        here = clock_in(subscriber.time_zone, context.now)
        await message.reply_html(clock_texts.clock(subscriber.time_zone, here))
        return
    name = zone_of(said, now=at) if len(said) <= _MOST else None
    if name is None:
        await message.reply_html(clock_texts.UNKNOWN)
        return
    change = partial(subscribers.set_time_zone, subscriber_id=subscriber.id, name=name)
    await context.database.write(change)
    _log.info("clock_set", subscriber_id=subscriber.id, time_zone=name)
    await message.reply_html(clock_texts.set_to(name, clock_in(name, context.now)))
