"""Topics as buttons: those that are in no other first, and what is in one behind it."""

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.alerts.language.parse import FilterError, parse, read_stored
from bot.alerts.rule import Filter, InTopic, Not
from bot.alerts.topics import Topic
from bot.buttons import Action, encode
from bot.chat import follow_texts, texts
from bot.chat.context import Context
from bot.chat.following import keep, set_state
from bot.chat.pressed import Pressed
from bot.model import FilterState
from bot.storage import subscribers
from bot.storage.subscribers import FilterRow, Full, Subscriber

_A_ROW = 2


async def topic_keyboard(
    context: Context, subscriber: Subscriber, *, of: Topic | None = None
) -> InlineKeyboardMarkup | None:
    """A button for each topic in `of`, or in no other; ticked when it is followed, if only in part."""
    topics = context.services.topics
    followed = set(_followed(await _filters(context, subscriber)))
    shown = _within(topics, of)
    buttons = [_button(topic, topics, followed) for topic in shown]
    rows = [buttons[i : i + _A_ROW] for i in range(0, len(buttons), _A_ROW)]
    if of is not None:
        tick = "✓" if of.id in followed else of.emoji
        every = encode(Action.TOPIC, of.id)
        rows.insert(0, [InlineKeyboardButton(f"{tick} All of {of.name}".strip(), callback_data=every)])
        rows.append([InlineKeyboardButton("‹ Back", callback_data=encode(Action.TOPICS, of.parent or ""))])
    return InlineKeyboardMarkup(rows) if rows else None


async def turn(pressed: Pressed) -> None:
    """Shows what is in a topic, or the topics that are in no other."""
    topic = _known(pressed.context.services.topics, pressed.button.subject)
    if topic is None and pressed.button.subject:
        await pressed.answer(texts.STALE)
        return
    await pressed.answer()
    await _show(pressed, topic)


async def toggle(pressed: Pressed) -> None:
    """Follows the topic; pressed again, lets go of it, though it was narrowed."""
    context, subscriber = pressed.context, pressed.subscriber
    topics = context.services.topics
    topic = _known(topics, pressed.button.subject)
    if topic is None:
        await pressed.answer(texts.STALE)
        return
    followed = _followed(await _filters(context, subscriber)).get(topic.id, ())
    if followed:
        for row in followed:
            await set_state(context, subscriber, row.id, FilterState.DELETED)
        await pressed.answer(f"You no longer follow {topic.name}")
    else:
        text = f"topic:{topic.id}"
        if isinstance(await keep(context, subscriber, parse(text), typed=text), Full):
            await pressed.answer(texts.too_many(), alert=True)
            return
        await pressed.answer(follow_texts.following_topic(topic))
    inner = _within(topics, topic)
    await _show(pressed, topic if inner else _known(topics, topic.parent or ""))


async def _show(pressed: Pressed, of: Topic | None) -> None:
    keyboard = await topic_keyboard(pressed.context, pressed.subscriber, of=of)
    await pressed.query.edit_message_reply_markup(keyboard)


def _button(topic: Topic, topics: Sequence[Topic], followed: set[str]) -> InlineKeyboardButton:
    inner = _within(topics, topic)
    is_ticked = _is_followed(topic, topics, followed)
    label = f"{'✓' if is_ticked else topic.emoji} {topic.name}{' ›' if inner else ''}".strip()
    return InlineKeyboardButton(
        label, callback_data=encode(Action.TOPICS if inner else Action.TOPIC, topic.id)
    )


def _is_followed(topic: Topic, topics: Sequence[Topic], followed: set[str]) -> bool:
    """The topic itself, or one that is in it, however deep."""
    return topic.id in followed or any(_is_followed(one, topics, followed) for one in _within(topics, topic))


def _within(topics: Sequence[Topic], parent: Topic | None) -> list[Topic]:
    return [topic for topic in topics if topic.parent == (None if parent is None else parent.id)]


def _known(topics: Sequence[Topic], topic_id: str) -> Topic | None:
    return next((topic for topic in topics if topic.id == topic_id), None)


async def _filters(context: Context, subscriber: Subscriber) -> list[FilterRow]:
    return await context.database.read(lambda c: subscribers.filters_of(c, subscriber.id))


def _followed(rows: Sequence[FilterRow]) -> dict[str, list[FilterRow]]:
    """Topic id → the active filters that follow it, the whole of it or less some words."""
    followed: dict[str, list[FilterRow]] = {}
    for row in rows:
        if row.state == FilterState.ACTIVE and "topic:" in row.text:
            try:
                topic_id = topic_followed(read_stored(row.text))
            except FilterError:
                continue  # another version's
            if topic_id is not None:
                followed.setdefault(topic_id, []).append(row)
    return followed


def topic_followed(filter_: Filter) -> str | None:
    """The topic that a filter asks for and nothing beside it, though it may exclude; None for any other."""
    asked = [clause for clause in filter_.clauses if not isinstance(clause, Not)]
    return asked[0].name if len(asked) == 1 and isinstance(asked[0], InTopic) else None
