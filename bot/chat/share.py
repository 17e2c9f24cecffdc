"""Passing filters on by a link, and taking them over: what they say, never whose they are."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update

from bot.alerts.language.parse import FilterError, read_stored
from bot.alerts.rule import Filter
from bot.buttons import Action, encode
from bot.chat import filter_list, share_texts, texts
from bot.chat.context import Context
from bot.chat.following import keep
from bot.chat.pressed import Pressed
from bot.chat.saved import saved_keyboard
from bot.chat.saying import said
from bot.chat.trying import tried_on_week
from bot.logs import get_logger
from bot.model import FilterState, SubscriberState
from bot.storage import shares, subscribers
from bot.storage.subscribers import FilterRow, Kept, Subscriber
from bot.text import clip

_log = get_logger(__name__)

ALL = "all"
_A_ROW = 4
_LONG = 100  # characters of one filter of a set, said in plain words or else as it was typed


@dataclass(frozen=True, slots=True)
class Shared:
    """A filter that is shared, as it was typed."""

    text: str
    filter: Filter


async def choose(pressed: Pressed) -> None:
    """The list of filters with a button for each that puts it into a link, and one for all."""
    context, page = pressed.context, pressed.button.number
    rows = await _rows(context, pressed.subscriber)
    if not rows:
        await pressed.answer(share_texts.NOTHING_TO_SHARE)
        return
    await pressed.answer()
    text, _ = await filter_list.filter_page(context, pressed.subscriber, page)
    page = max(0, min(page, (len(rows) - 1) // filter_list.PAGE))
    first = page * filter_list.PAGE
    keys = [
        InlineKeyboardButton(f"↗ {number}", callback_data=encode(Action.SHARE, row.id))
        for number, row in enumerate(rows[first : first + filter_list.PAGE], start=first + 1)
    ]
    keyboard = [keys[at : at + _A_ROW] for at in range(0, len(keys), _A_ROW)]
    if len(rows) > 1:
        keyboard.append([InlineKeyboardButton("↗ Share all", callback_data=encode(Action.SHARE, ALL))])
    keyboard.append([InlineKeyboardButton("‹ Back", callback_data=encode(Action.PAGE, page))])
    await pressed.show(f"{text}\n\n{share_texts.CHOOSE}", InlineKeyboardMarkup(keyboard))


async def pass_on(pressed: Pressed) -> None:
    """One filter, or all that are not paused, as a link in a message of its own, to be forwarded."""
    context, every = pressed.context, pressed.button.subject == ALL
    rows = await _rows(context, pressed.subscriber)
    chosen = [
        row.typed
        for row in rows
        if row.id == pressed.button.number or (every and row.state == FilterState.ACTIVE)
    ]
    found = await asyncio.to_thread(_read, chosen)
    if not found:
        await pressed.answer(share_texts.NOTHING_TO_SHARE if every else texts.GONE_FILTER)
        return
    share = partial(shares.share, filters=[one.text for one in found], now=context.now)
    token = await context.database.write(share)
    await pressed.answer()
    _log.info("filters_shared", subscriber_id=pressed.subscriber.id, filters=len(found))
    told = share_texts.passed_on(_said(context, found), share_texts.link(context.bot.username, token))
    await pressed.message.reply_html(told, disable_web_page_preview=True, do_quote=False)


def token_of(said: Sequence[str] | None) -> str | None:
    """The token in what /start was told; None where it was told nothing, or anything else."""
    payload = said[0] if said else ""
    return payload.removeprefix(share_texts.PAYLOAD) if payload.startswith(share_texts.PAYLOAD) else None


async def open_share(
    update: Update, context: Context, subscriber: Subscriber, token: str, *, welcome: str = ""
) -> bool:
    """Answers whoever opened a link: what it shares, and a button; False for a link to nothing.

    `welcome` is said before.
    """
    message = update.effective_message
    assert message is not None
    typed = await context.database.read(lambda c: shares.shared(c, token))
    found = await asyncio.to_thread(_read, typed or ())
    if not found:
        return False
    told = welcome + share_texts.offered(_said(context, found))
    label = f"Follow all {len(found)}"
    if len(found) == 1:
        label = "Follow"
        told += f"\n\n{await tried_on_week(context, subscriber, found[0].filter)}"
    button = InlineKeyboardButton(label, callback_data=encode(Action.TAKE, token))
    await message.reply_html(
        told, reply_markup=InlineKeyboardMarkup([[button]]), disable_web_page_preview=True
    )
    return True


async def take_over(pressed: Pressed) -> None:
    """Follows what a link shares; of what the chat follows already nothing changes."""
    context, subscriber, token = pressed.context, pressed.subscriber, pressed.button.subject
    typed = await context.database.read(lambda c: shares.shared(c, token))
    found = await asyncio.to_thread(_read, typed or ())
    if typed is None or not found:
        await pressed.answer(share_texts.GONE_SHARE, alert=True)
        return
    # One that finds no room says nothing of the next, which may be followed already.
    keepings = [await keep(context, subscriber, one.filter, typed=one.text) for one in found]
    kept = [keeping for keeping in keepings if isinstance(keeping, Kept)]
    if not kept:
        await pressed.answer(texts.too_many(), alert=True)
        return
    await pressed.answer("Following")
    woken = subscriber.state != SubscriberState.ACTIVE
    if len(typed) == 1:
        is_new = kept[0].new
        followed = texts.followed(said(context, found[0].filter), new=is_new, woken=woken)
        await pressed.show(followed, saved_keyboard(kept[0].row) if is_new else None)
        return
    new = sum(one.new for one in kept)
    taken = share_texts.taken(
        new=new,
        known=len(kept) - new,
        full=len(found) - len(kept),
        unread=len(typed) - len(found),
        woken=woken,
    )
    await pressed.show(taken)


async def _rows(context: Context, subscriber: Subscriber) -> list[FilterRow]:
    return await context.database.read(lambda c: subscribers.filters_of(c, subscriber.id))


def _said(context: Context, found: Sequence[Shared]) -> list[str]:
    """Each filter in plain words; in a set, a long one as it was typed, cut off."""
    is_long = {one.text for one in found if len(found) > 1 and len(one.text) > _LONG}
    return [
        texts.code(clip(one.text, _LONG)) if one.text in is_long else said(context, one.filter)
        for one in found
    ]


def _read(typed: Sequence[str]) -> list[Shared]:
    """The filters that this version can read; of two hundred long ones, in a fifth of a second."""
    found = []
    for text in typed:
        with suppress(FilterError):
            found.append(Shared(text, read_stored(text)))
    return found
