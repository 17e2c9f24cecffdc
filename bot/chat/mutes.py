"""Mutes in the chat: /mute, the question how long, and the way back."""

from functools import partial

from telegram import InlineKeyboardButton, Update

from bot.alerts.language.parse import FilterError, parse
from bot.alerts.language.plain import write
from bot.alerts.rule import All, Filter, InTopic, Phrase
from bot.buttons import Action, Button, encode
from bot.chat import follow_texts, mute_texts, texts
from bot.chat.context import Context
from bot.chat.lasting import LABELS, Lasting, end_of
from bot.chat.mute_texts import Muted
from bot.chat.muting import PROPOSED, name_of, named, silence, thing_meant, thing_typed
from bot.chat.pressed import Pressed
from bot.chat.standing_message import Row, carried, changed, keyboard, rows_of, with_outcome
from bot.chat.topic_names import by_its_names, nearest, resolved
from bot.chat.zones import zone
from bot.storage import mutes, proposals

_ENDS = ((Lasting.HOUR, Lasting.DAY), (Lasting.MONDAY, Lasting.EVER))  # two rows: a phone is narrow


async def mute_typed(update: Update, context: Context) -> None:
    """/mute WORD, /mute source:NAME or /mute topic:NAME: asks how long."""
    message = update.effective_message
    assert message is not None
    words = "".join((message.text or "").split(maxsplit=1)[1:])
    if not words:
        await message.reply_html(mute_texts.HELP)
        return
    names = by_its_names(context.services.topics)
    try:
        filter_ = resolved(_as_one(parse(words), words), names)
    except FilterError as error:
        await message.reply_html(texts.mistake(words, error))
        return
    thing = thing_typed(filter_)
    if thing is None:
        await message.reply_html(mute_texts.ONE_THING)
        return
    if isinstance(filter_.root, InTopic) and thing.value not in names.values():
        await message.reply_html(follow_texts.no_such_topic(thing.value, nearest(thing.value, names)))
        return
    rows = await _question(update, context, filter_)
    text = mute_texts.how_long(thing.kind, name_of(context, thing.kind, thing.value))
    await message.reply_html(text, reply_markup=keyboard(rows))


def _as_one(filter_: Filter, words: str) -> Filter:
    """Several plain words are taken as a phrase: what is muted is one thing."""
    is_plain = all(isinstance(part, Phrase) and part.spelling in words.split() for part in filter_.clauses)
    return parse(f'"{words}"') if isinstance(filter_.root, All) and is_plain else filter_


async def _question(update: Update, context: Context, filter_: Filter) -> list[Row]:
    subscriber = await context.subscriber(update)
    keep = partial(proposals.propose, subscriber_id=subscriber.id, texts=[write(filter_)], now=context.now)
    (proposal,) = await context.database.write(keep)
    cancel = InlineKeyboardButton("Cancel", callback_data=encode(Action.DISMISS, proposal.id))
    return [*_ends(f"{PROPOSED}{proposal.id}"), [cancel]]


def _ends(subject: str) -> list[Row]:
    return [
        [
            InlineKeyboardButton(LABELS[end], callback_data=encode(Action.MUTE, subject, int(end)))
            for end in row
        ]
        for row in _ENDS
    ]


async def mute(pressed: Pressed) -> None:
    """Asks how long, or stops asking; or mutes, when the button says how long."""
    if pressed.button.page is None:
        await _ask(pressed)
        return
    context, subject = pressed.context, pressed.button.subject
    number = Button(Action.MUTE, subject[1:]).number
    meant = partial(thing_meant, subscriber_id=pressed.subscriber.id, what=subject[:1], number=number)
    thing = await context.database.read(meant)
    if thing is None or pressed.button.page not in set(Lasting):
        await pressed.answer(mute_texts.STALE, alert=True)
        return
    here = zone(pressed.subscriber.time_zone)
    until = end_of(Lasting(pressed.button.page), now=context.now, zone=here)
    muted = await silence(context, pressed.subscriber, thing, until)
    if muted is None:
        await pressed.answer(mute_texts.TOO_MANY, alert=True)
        return
    await pressed.answer("Muted")
    done = mute_texts.muted(muted, now=context.now, zone=here, others=thing.others)
    rows = _without_question(_without_unmute(rows_of(pressed.message), muted.id))
    await _show(pressed, done, rows, [unmute_button(muted)])


async def _ask(pressed: Pressed) -> None:
    await pressed.answer()
    before, subject = rows_of(pressed.message), pressed.button.subject
    is_asked = any(_is_end(button) and _subject(button) == subject for row in before for button in row)
    rows: list[Row] = []
    for row in _without_question(before):
        rows.append(row)
        if not is_asked and any(_subject(button) == subject for button in row):
            rows += _ends(subject)
    await pressed.query.edit_message_reply_markup(keyboard(rows))


async def unmute(pressed: Pressed) -> None:
    """Ends a mute, under the message that made it."""
    ended = await end_mute(pressed)
    rows = _without_unmute(rows_of(pressed.message), pressed.button.number)
    if ended is None:
        await pressed.answer(mute_texts.GONE)
        await pressed.query.edit_message_reply_markup(keyboard(rows))
        return
    await pressed.answer("Unmuted")
    await _show(pressed, mute_texts.unmuted(ended), rows)


async def end_mute(pressed: Pressed) -> Muted | None:
    """The mute that the button speaks of, which is over now; None when it was already."""
    remove = partial(mutes.remove, subscriber_id=pressed.subscriber.id, mute_id=pressed.button.number)
    gone = await pressed.context.database.write(remove)
    return None if gone is None else (await named(pressed.context, [gone]))[0]


def unmute_button(muted: Muted, *, page: int | None = None) -> InlineKeyboardButton:
    """Ends a mute; `page` is that of the list in which the button stands."""
    label = mute_texts.unmute_label(muted)
    return InlineKeyboardButton(label, callback_data=encode(Action.UNMUTE, muted.id, page))


async def _show(pressed: Pressed, done: str, rows: list[Row], last: Row | None = None) -> None:
    # A message that was nothing but the question says the answer; any other keeps its words.
    html = with_outcome(pressed.message, done) if rows else done
    await pressed.show(html, keyboard([*rows, last] if last else rows))


def _without_question(rows: list[Row]) -> list[Row]:
    return changed(rows, lambda button: None if _is_end(button) or _is_cancel(button) else button)


def _without_unmute(rows: list[Row], mute_id: int) -> list[Row]:
    gone = Button(Action.UNMUTE, str(mute_id))
    return changed(rows, lambda button: None if carried(button) == gone else button)


def _is_end(button: InlineKeyboardButton) -> bool:
    found = carried(button)
    return found is not None and found.action is Action.MUTE and found.page is not None


def _is_cancel(button: InlineKeyboardButton) -> bool:
    found = carried(button)
    return found is not None and found.action is Action.DISMISS


def _subject(button: InlineKeyboardButton) -> str | None:
    found = carried(button)
    return found.subject if found is not None and found.action is Action.MUTE else None
