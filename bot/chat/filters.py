"""Following: /follow, plain words, /filters, and their buttons."""

from collections.abc import Sequence
from functools import partial

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update

from bot.alerts.backtest import backtest
from bot.alerts.language import Filter, FilterError, canonical, parse, read_stored, topics_named, wish
from bot.alerts.wishes import refuses
from bot.buttons import Action, encode
from bot.chat import texts
from bot.chat.context import Context
from bot.chat.mentions import without_mentions
from bot.logs import get_logger
from bot.model import FilterState, SubscriberState
from bot.storage import subscribers
from bot.storage.subscribers import FilterRow, Full, Keeping, Kept, Subscriber
from bot.text import clip, squash

_log = get_logger(__name__)

PAGE = 8
"""Filters on one page of the list."""
_LONG = 200  # characters of a filter; eight longer ones said in full would not fit in one message


async def follow(update: Update, context: Context) -> None:
    """/follow WORDS: saved at once, answered with what was understood and what it would have brought."""
    message = update.effective_message
    assert message is not None
    subscriber = await context.subscriber(update)
    # After white space of any kind: a phone's keyboard puts the words on a line of their own.
    words = "".join((message.text or "").split(maxsplit=1)[1:])
    if not words:
        await message.reply_html(texts.FOLLOW_HELP)
        return
    try:
        filter_ = parse(words)
    except FilterError as error:
        await message.reply_html(texts.mistake(words, error))
        return
    known = {topic.id for topic in context.services.topics}
    if unknown := topics_named(filter_) - known:
        await message.reply_html(texts.no_such_topic(min(unknown), sorted(known)))
        return
    await _save(message, context, subscriber, filter_, typed=words)


async def _save(
    message: Message, context: Context, subscriber: Subscriber, filter_: Filter, *, typed: str
) -> None:
    """Saves the filter and answers with what it means, what it would have brought, and a way back."""
    keeping = await keep(context, subscriber, filter_, typed=typed)
    if isinstance(keeping, Full):
        await message.reply_html(texts.too_many())
        return
    understood = texts.followed(said(context, filter_), new=keeping.new, woken=_is_off(subscriber))
    await message.reply_html(
        f"{understood}\n\n{await try_on_week(context, filter_)}",
        reply_markup=undo_keyboard(keeping.row) if keeping.new else None,
        disable_web_page_preview=True,
    )


async def keep(context: Context, subscriber: Subscriber, filter_: Filter, *, typed: str) -> Keeping:
    """The filter, followed, unless the chat has as many as it may; whoever follows something is woken."""
    save_filter = partial(subscribers.save_filter, subscriber_id=subscriber.id, text=canonical(filter_))
    keeping = await context.database.write(partial(save_filter, typed=squash(typed), now=context.now))
    if isinstance(keeping, Kept):
        await context.wake(subscriber)
        _log.info("filter_saved", subscriber_id=subscriber.id, filter_id=keeping.row.id, new=keeping.new)
    return keeping


def _is_off(subscriber: Subscriber) -> bool:
    return subscriber.state != SubscriberState.ACTIVE


def undo_keyboard(row: FilterRow) -> InlineKeyboardMarkup:
    """The way back from having followed."""
    return InlineKeyboardMarkup([[InlineKeyboardButton("Undo", callback_data=encode(Action.DELETE, row.id))]])


async def try_on_week(context: Context, filter_: Filter) -> str:
    """What the filter would have brought, in words."""
    now = context.now
    result = await context.database.read(
        partial(backtest, filter_=filter_, topics=context.services.topic_index, now=now)
    )
    return texts.tried(result, now=now)


async def suggest(update: Update, context: Context) -> None:
    """Plain text is taken as a wish to follow, to be confirmed with a button."""
    message = update.effective_message
    assert message is not None
    subscriber = await context.subscriber(update)
    said_to_me = without_mentions(message, context.bot.username)
    if refuses(said_to_me):
        await message.reply_html(texts.SILENCE)
        return
    proposed = wish(said_to_me)
    if proposed is None:
        await message.reply_html(texts.WELCOME)
        return
    proposal, filter_ = proposed
    number = await context.database.write(
        partial(subscribers.propose, subscriber_id=subscriber.id, text=proposal, now=context.now)
    )
    buttons = [
        InlineKeyboardButton("Follow", callback_data=encode(Action.FOLLOW, number)),
        InlineKeyboardButton("No, thanks", callback_data=encode(Action.DISMISS, number)),
    ]
    await message.reply_html(
        f"{texts.suggested(said(context, filter_))}\n\n{await try_on_week(context, filter_)}",
        reply_markup=InlineKeyboardMarkup([buttons]),
        disable_web_page_preview=True,
        do_quote=True,
    )


async def show_filters(update: Update, context: Context) -> None:
    """/filters: the list, with buttons to pause and delete."""
    assert update.effective_message is not None
    subscriber = await context.subscriber(update)
    text, keyboard = await filter_page(context, subscriber, 0)
    off = f"\n\n{texts.OFF}" if _is_off(subscriber) else ""
    await update.effective_message.reply_html(text + off, reply_markup=keyboard)


async def filter_page(
    context: Context, subscriber: Subscriber, page: int, *, deleted: int | None = None
) -> tuple[str, InlineKeyboardMarkup | None]:
    """A page of the list (the last one when there are fewer) and its buttons; `deleted` can be undone."""
    rows = await context.database.read(lambda c: subscribers.filters_of(c, subscriber.id))
    page = max(0, min(page, (len(rows) - 1) // PAGE))
    first = page * PAGE
    keyboard = _keyboard(rows[first : first + PAGE], page=page, pages=-(-len(rows) // PAGE))
    if deleted is not None:
        undo = encode(Action.RESTORE, deleted, page)
        keyboard.append([InlineKeyboardButton("↩ Undo delete", callback_data=undo)])
    if not rows:
        return texts.NO_FILTERS, InlineKeyboardMarkup(keyboard) if keyboard else None
    text = texts.filter_list(
        rows[first : first + PAGE],
        first=first + 1,
        shown=lambda row: (
            said_row(context, row) if len(row.typed) <= _LONG else texts.code(clip(row.typed, _LONG))
        ),
        total=len(rows),
    )
    return text, InlineKeyboardMarkup(keyboard)


def _keyboard(rows: Sequence[FilterRow], *, page: int, pages: int) -> list[list[InlineKeyboardButton]]:
    keyboard = []
    for number, row in enumerate(rows, start=page * PAGE + 1):
        paused = row.state == FilterState.PAUSED
        action, label = (Action.RESUME, "▶ Resume") if paused else (Action.PAUSE, "⏸ Pause")
        keyboard.append(
            [
                InlineKeyboardButton(f"{label} {number}", callback_data=encode(action, row.id, page)),
                InlineKeyboardButton(f"🗑 Delete {number}", callback_data=encode(Action.DELETE, row.id, page)),
            ]
        )
    turn = []
    if page:
        turn.append(InlineKeyboardButton("‹ Back", callback_data=encode(Action.PAGE, page - 1)))
    if page + 1 < pages:
        turn.append(InlineKeyboardButton("More ›", callback_data=encode(Action.PAGE, page + 1)))
    return [*keyboard, turn] if turn else keyboard


def said(context: Context, filter_: Filter) -> str:
    """A filter in plain words, topics by their names."""
    names = {topic.id: topic.name for topic in context.services.topics}
    return texts.meaning(filter_, lambda topic: names.get(topic, topic))


def said_row(context: Context, row: FilterRow) -> str:
    """A saved filter in plain words; as it was typed when this version cannot read it."""
    try:
        return said(context, read_stored(row.typed))
    except FilterError:
        return texts.code(row.typed)
