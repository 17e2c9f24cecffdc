"""What a button press does. Each answers the press, so that the button stops spinning."""

from functools import partial
from typing import assert_never

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update

from bot.alerts.language import parse, read_stored
from bot.buttons import Action, Button, decode, encode
from bot.chat import texts
from bot.chat.context import Context
from bot.chat.failures import answer
from bot.chat.filters import filter_page, keep, said_row, undo_keyboard
from bot.chat.sources import show_sources
from bot.chat.start import topic_keyboard
from bot.model import FilterState, SubscriberState
from bot.storage import subscribers
from bot.storage.subscribers import FilterRow, Full, Subscriber


async def press(update: Update, context: Context) -> None:
    """Any button of ours; one that is too old gets a polite answer."""
    query = update.callback_query
    assert query is not None
    button = decode(query.data or "")
    message = query.message
    if button is not None and button.action == Action.SOURCES and message is not None:
        # The one button that does not age: Telegram still knows where it stands, if not what it says.
        await show_sources(query, context, button, message)
        return
    if button is None or not isinstance(message, Message):
        await answer(query, texts.STALE)
        return
    subscriber = await context.subscriber(update)
    match button.action:
        case Action.FOLLOW:
            await _accept(query, context, subscriber, button)
        case Action.DISMISS:
            await answer(query)
            await query.edit_message_text(texts.DISMISSED)
        case Action.TOPIC:
            await _topic(query, context, subscriber, button)
        case Action.PAUSE | Action.RESUME | Action.DELETE | Action.RESTORE:
            await _change(query, context, subscriber, button)
        case Action.PAGE:
            await answer(query)
            await _show_page(query, context, subscriber, button.number)
        case Action.SOURCES:
            raise AssertionError("answered above")
        case _:
            assert_never(button.action)


async def _accept(query: CallbackQuery, context: Context, subscriber: Subscriber, button: Button) -> None:
    text = await context.database.read(lambda c: subscribers.proposed(c, subscriber.id, button.number))
    if text is None:
        await answer(query, texts.STALE)
        return
    keeping = await keep(context, subscriber, read_stored(text), typed=text)
    if isinstance(keeping, Full):
        await answer(query, texts.too_many(), alert=True)
        return
    await answer(query, "Following")
    woken = subscriber.state != SubscriberState.ACTIVE
    text = texts.followed(said_row(context, keeping.row), new=keeping.new, woken=woken)
    await query.edit_message_text(text, parse_mode="HTML", reply_markup=undo_keyboard(keeping.row))


async def _topic(query: CallbackQuery, context: Context, subscriber: Subscriber, button: Button) -> None:
    topic = next((topic for topic in context.services.topics if topic.id == button.subject), None)
    if topic is None:
        await answer(query, texts.STALE)
        return
    text = f"topic:{topic.id}"
    mine = await context.database.read(lambda c: subscribers.filters_of(c, subscriber.id))
    followed = next((row for row in mine if row.text == text and row.state == FilterState.ACTIVE), None)
    if followed is None:
        if isinstance(await keep(context, subscriber, parse(text), typed=text), Full):
            await answer(query, texts.too_many(), alert=True)
            return
        await answer(query, f"You now follow {topic.name}")
    else:
        await _set(context, subscriber, followed.id, FilterState.DELETED)
        await answer(query, f"You no longer follow {topic.name}")
    await query.edit_message_reply_markup(await topic_keyboard(context, subscriber))


_DONE = {
    Action.PAUSE: (FilterState.PAUSED, "Paused"),
    Action.RESUME: (FilterState.ACTIVE, "Resumed"),
    Action.DELETE: (FilterState.DELETED, "Deleted"),
}


async def _change(query: CallbackQuery, context: Context, subscriber: Subscriber, button: Button) -> None:
    if button.action == Action.RESTORE:
        restore = partial(subscribers.restore_filter, subscriber_id=subscriber.id, filter_id=button.number)
        keeping = await context.database.write(partial(restore, now=context.now))
        if isinstance(keeping, Full):
            await answer(query, texts.too_many(), alert=True)
            return
        done, row = "Restored", None if keeping is None else keeping.row
    else:
        state, done = _DONE[button.action]
        row = await _set(context, subscriber, button.number, state)
    if row is None:
        await answer(query, texts.GONE_FILTER)
        return
    await answer(query, done)
    if button.page is not None:
        deleted = row.id if row.state == FilterState.DELETED else None
        await _show_page(query, context, subscriber, button.page, deleted=deleted)
        return
    # Under the answer to /follow: what was done, and the way back.
    gone = row.state == FilterState.DELETED
    action, label = (Action.RESTORE, "Follow again") if gone else (Action.DELETE, "Undo")
    await query.edit_message_text(
        f"You {'no longer' if gone else 'now'} follow {said_row(context, row)}.",
        parse_mode="HTML",
        reply_markup=InlineKeyboardMarkup(
            [[InlineKeyboardButton(label, callback_data=encode(action, row.id))]]
        ),
    )


async def _set(
    context: Context, subscriber: Subscriber, filter_id: int, state: FilterState
) -> FilterRow | None:
    return await context.database.write(
        partial(
            subscribers.set_filter,
            subscriber_id=subscriber.id,
            filter_id=filter_id,
            state=state,
            now=context.now,
        )
    )


async def _show_page(
    query: CallbackQuery, context: Context, subscriber: Subscriber, page: int, *, deleted: int | None = None
) -> None:
    text, keyboard = await filter_page(context, subscriber, page, deleted=deleted)
    await query.edit_message_text(text, parse_mode="HTML", reply_markup=keyboard)
