"""/filters: the list of what a chat follows, and the buttons to change it."""

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update

from bot.buttons import Action, encode
from bot.chat import mute_texts, texts
from bot.chat.context import Context
from bot.chat.following import restore as bring_back
from bot.chat.following import set_state
from bot.chat.mute_texts import Muted, mute_lines
from bot.chat.mutes import end_mute, unmute_button
from bot.chat.mutes import unmute as unmute_there
from bot.chat.muting import mutes_of
from bot.chat.pressed import Pressed
from bot.chat.saved import saved_keyboard
from bot.chat.saying import said_row
from bot.chat.zones import zone
from bot.model import FilterState, SubscriberState
from bot.storage import subscribers
from bot.storage.subscribers import FilterRow, Full, Subscriber

PAGE = 8
"""Filters on one page of the list."""
_LONG = 200  # characters of a filter; eight longer ones said in full would not fit in one message

_DONE = {
    Action.PAUSE: (FilterState.PAUSED, "Paused"),
    Action.RESUME: (FilterState.ACTIVE, "Resumed"),
    Action.DELETE: (FilterState.DELETED, "Deleted"),
}


async def show_filters(update: Update, context: Context) -> None:
    """/filters: the list, with buttons to edit, pause and delete."""
    assert update.effective_message is not None
    subscriber = await context.subscriber(update)
    text, keyboard = await filter_page(context, subscriber, 0)
    off = f"\n\n{texts.OFF}" if subscriber.state != SubscriberState.ACTIVE else ""
    await update.effective_message.reply_html(text + off, reply_markup=keyboard)


async def filter_page(
    context: Context, subscriber: Subscriber, page: int, *, deleted: int | None = None
) -> tuple[str, InlineKeyboardMarkup | None]:
    """A page of the list (the last one when there are fewer) and its buttons; `deleted` can be undone."""
    rows = await context.database.read(lambda c: subscribers.filters_of(c, subscriber.id))
    muted = await mutes_of(context, subscriber)
    pages = -(-(len(rows) + len(muted)) // PAGE)
    page = max(0, min(page, pages - 1))
    first = page * PAGE
    # What is muted stands behind the last filter, and goes on on pages of its own.
    silent = muted[max(0, first - len(rows)) : max(0, first + PAGE - len(rows))]
    keyboard = _keyboard(rows[first : first + PAGE], silent, page=page, pages=pages)
    if deleted is not None:
        undo = encode(Action.RESTORE, deleted, page)
        keyboard.append([InlineKeyboardButton("↩ Undo delete", callback_data=undo)])
    ending = f"\n\n{_muted_lines(context, subscriber, silent)}" if silent else ""
    if not rows:
        return texts.NO_FILTERS + ending, InlineKeyboardMarkup(keyboard) if keyboard else None
    text = texts.filter_list(
        rows[first : first + PAGE],
        first=first + 1,
        shown=lambda row: said_row(context, row, most=_LONG),
        total=len(rows),
    )
    return text + ending, InlineKeyboardMarkup(keyboard)


def _muted_lines(context: Context, subscriber: Subscriber, muted: Sequence[Muted]) -> str:
    return mute_lines(muted, now=context.now, zone=zone(subscriber.time_zone))


def _keyboard(
    rows: Sequence[FilterRow], muted: Sequence[Muted], *, page: int, pages: int
) -> list[list[InlineKeyboardButton]]:
    keyboard = [_buttons(row, number, page) for number, row in enumerate(rows, start=page * PAGE + 1)]
    keyboard += [[unmute_button(one, page=page)] for one in muted]
    leaves = []
    if page:
        leaves.append(InlineKeyboardButton("‹ Back", callback_data=encode(Action.PAGE, page - 1)))
    if page + 1 < pages:
        leaves.append(InlineKeyboardButton("More ›", callback_data=encode(Action.PAGE, page + 1)))
    if rows:
        leaves.append(InlineKeyboardButton("↗ Share", callback_data=encode(Action.SHARES, page)))
    return [*keyboard, leaves] if leaves else keyboard


def _buttons(row: FilterRow, number: int, page: int) -> list[InlineKeyboardButton]:
    paused = row.state == FilterState.PAUSED
    hold, label = (Action.RESUME, "▶ Resume") if paused else (Action.PAUSE, "⏸ Pause")
    return [
        InlineKeyboardButton(f"✎ Edit {number}", callback_data=encode(Action.EDIT, row.id)),
        InlineKeyboardButton(f"{label} {number}", callback_data=encode(hold, row.id, page)),
        InlineKeyboardButton(f"🗑 Delete {number}", callback_data=encode(Action.DELETE, row.id, page)),
    ]


async def turn(pressed: Pressed) -> None:
    """Another page of the list."""
    await pressed.answer()
    await _show_page(pressed, pressed.button.number)


async def change(pressed: Pressed) -> None:
    """Pauses, resumes or deletes a filter."""
    state, done = _DONE[pressed.button.action]
    row = await set_state(pressed.context, pressed.subscriber, pressed.button.number, state)
    if row is None:
        await pressed.answer(texts.GONE_FILTER)
        return
    await pressed.answer(done)
    await _show_changed(pressed, row)


async def restore(pressed: Pressed) -> None:
    """Brings a deleted filter back."""
    keeping = await bring_back(pressed.context, pressed.subscriber, pressed.button.number)
    if isinstance(keeping, Full):
        await pressed.answer(texts.too_many(), alert=True)
        return
    if keeping is None:
        await pressed.answer(texts.GONE_FILTER)
        return
    await pressed.answer("Restored")
    await _show_changed(pressed, keeping.row)


async def unmute(pressed: Pressed) -> None:
    """Ends a mute: in the list, or under the message that made it."""
    if pressed.button.page is None:
        await unmute_there(pressed)
        return
    ended = await end_mute(pressed)
    await pressed.answer(mute_texts.GONE if ended is None else "Unmuted")
    await _show_page(pressed, pressed.button.page)


async def _show_changed(pressed: Pressed, row: FilterRow) -> None:
    gone = row.state == FilterState.DELETED
    if pressed.button.page is not None:
        await _show_page(pressed, pressed.button.page, deleted=row.id if gone else None)
        return
    # Under the answer to a Save: what was done, and the way back.
    again = InlineKeyboardButton("Follow again", callback_data=encode(Action.RESTORE, row.id))
    await pressed.show(
        f"You {'no longer' if gone else 'now'} follow {said_row(pressed.context, row)}.",
        InlineKeyboardMarkup([[again]]) if gone else saved_keyboard(row),
    )


async def _show_page(pressed: Pressed, page: int, *, deleted: int | None = None) -> None:
    await pressed.show(*await filter_page(pressed.context, pressed.subscriber, page, deleted=deleted))
