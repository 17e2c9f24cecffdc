"""Following: /follow, plain words, and the Edit of a filter; each is answered with a preview."""

from dataclasses import dataclass
from functools import partial

from telegram import Message, Update

from bot.alerts.language.parse import FilterError, parse
from bot.alerts.language.plain import write
from bot.alerts.rule import Filter, topics_named
from bot.alerts.wishes.wish import refuses, wish
from bot.chat import follow_texts, texts
from bot.chat.context import Context
from bot.chat.editing import begin_edit, edited_now
from bot.chat.mentions import without_mentions
from bot.chat.pressed import Pressed
from bot.chat.preview import Origin, followed_as, preview
from bot.chat.topic_names import by_its_names, nearest, resolved
from bot.storage import feeds, proposals, subscribers
from bot.storage.proposals import Proposal
from bot.storage.subscribers import MOST_FILTERS, FilterRow, Subscriber
from bot.text import squash


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asked for, as a filter; `text` is how it would be saved."""

    filter: Filter
    text: str
    origin: Origin


async def follow(update: Update, context: Context) -> None:
    """/follow WORDS: answered with what was understood and what it would have brought; a button saves it."""
    message = update.effective_message
    assert message is not None
    subscriber = await context.subscriber(update)
    # After white space of any kind: a phone's keyboard puts the words on a line of their own.
    words = "".join((message.text or "").split(maxsplit=1)[1:])
    if not words:
        await message.reply_html(follow_texts.FOLLOW_HELP)
        return
    try:
        typed = parse(words)
    except FilterError as error:
        await message.reply_html(texts.mistake(words, error))
        return
    names = by_its_names(context.services.topics)
    filter_ = resolved(typed, names)
    if unknown := topics_named(filter_) - set(names.values()):
        name = min(unknown)
        await message.reply_html(follow_texts.no_such_topic(name, nearest(name, names)))
        return
    text = squash(words) if filter_ == typed else write(filter_)
    await _show(message, context, subscriber, Wish(filter_, text, Origin.TYPED))


async def suggest(update: Update, context: Context) -> None:
    """Plain text is taken as a wish to follow: the rule for it is shown, and a button saves it."""
    message = update.effective_message
    assert message is not None
    subscriber = await context.subscriber(update)
    said_to_me = without_mentions(message, context.bot.username)
    if refuses(said_to_me):
        await message.reply_html(texts.SILENCE)
        return
    found = await _by_model(context, said_to_me) or await _by_pattern(context, said_to_me)
    if found is None:
        await message.reply_html(texts.WELCOME)
    else:
        await _show(message, context, subscriber, found)


async def _by_pattern(context: Context, sentence: str) -> Wish | None:
    proposed = wish(sentence, outlets=await context.database.read(feeds.names))
    return None if proposed is None else Wish(proposed[1], proposed[0], Origin.WISH)


async def _by_model(context: Context, sentence: str) -> Wish | None:
    """What the operator's own model makes of the sentence, checked by the grammar."""
    propose = context.services.propose
    text = await propose(sentence) if propose is not None else None
    if not text:
        return None
    names = by_its_names(context.services.topics)
    try:
        filter_ = resolved(parse(text), names)
    except FilterError:
        return None
    if topics_named(filter_) - set(names.values()):
        return None
    return Wish(filter_, write(filter_), Origin.MODEL)


async def edit(pressed: Pressed) -> None:
    """The filter in a message of its own, with what would narrow or widen it."""
    context, subscriber, number = pressed.context, pressed.subscriber, pressed.button.number
    rows = await context.database.read(lambda c: subscribers.filters_of(c, subscriber.id))
    row = next((row for row in rows if row.id == number), None)
    if row is None:
        await pressed.answer(texts.GONE_FILTER)
        return
    try:
        proposal = await _propose(context, subscriber, row.typed, instead_of=row)
        html, keyboard = await preview(context, subscriber, proposal)
    except FilterError:
        await pressed.answer(follow_texts.UNREADABLE, alert=True)
        return
    begin_edit(context, row.id)
    await pressed.answer()
    await pressed.message.reply_html(
        html, reply_markup=keyboard, disable_web_page_preview=True, do_quote=False
    )


async def _show(message: Message, context: Context, subscriber: Subscriber, wish: Wish) -> None:
    """Answers with the preview of what was asked for, unless the chat is full."""
    rows = await context.database.read(lambda c: subscribers.filters_of(c, subscriber.id))
    same = followed_as(rows, wish.filter)
    edited = next((row for row in rows if row.id == edited_now(context)), None)
    if same is None and edited is None and len(rows) >= MOST_FILTERS:
        await message.reply_html(texts.too_many())
        return
    # What is followed already is what a narrower one takes the place of.
    proposal = await _propose(context, subscriber, wish.text, instead_of=same or edited)
    html, keyboard = await preview(context, subscriber, proposal, wish.origin)
    await message.reply_html(
        html, reply_markup=keyboard, disable_web_page_preview=True, do_quote=wish.origin is not Origin.TYPED
    )


async def _propose(
    context: Context, subscriber: Subscriber, text: str, *, instead_of: FilterRow | None
) -> Proposal:
    propose = partial(proposals.propose, subscriber_id=subscriber.id, texts=[text], now=context.now)
    filter_id = None if instead_of is None else instead_of.id
    (made,) = await context.database.write(partial(propose, filter_id=filter_id))
    return made
