"""The Why? button: which filters an alert met, in reply to it, with buttons that mend what was unwanted."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import sqlalchemy as sa
from telegram import (
    CallbackQuery,
    InlineKeyboardButton,
    LinkPreviewOptions,
    MaybeInaccessibleMessage,
)
from telegram.constants import ParseMode

from bot.alerts.exclusions import worth_excluding
from bot.alerts.explain import Reason, nearest, reason
from bot.alerts.language.parse import FilterError, read_stored
from bot.alerts.meanings import Encodes
from bot.alerts.story_text import story_text
from bot.alerts.words import StoryWords
from bot.buttons import Action, Button, encode
from bot.chat import texts, why_texts
from bot.chat.context import Context
from bot.chat.failures import answer
from bot.chat.fixes import exclude_button, hold_button
from bot.chat.muting import OUTLET, STORY
from bot.chat.standing_message import Row, keyboard
from bot.chat.why_texts import Met, quote_of
from bot.delivery.telegram import quiet_reply
from bot.model import FilterState, Match
from bot.sentences import split
from bot.storage import proposals, stories, subscribers
from bot.storage.stories import StoryRow
from bot.storage.subscribers import FilterRow, Subscriber
from bot.storage.traces import Trace, trace_of

_MOST_FILTERS = 3  # shown in one message
_MOST_EXCLUSIONS = 3
_MOST_SENTENCES = 60  # that are compared with the text of an about: filter; half a second


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is known of an alert; the story may have been forgotten, and a filter too."""

    subscriber: Subscriber
    trace: Trace
    story: StoryRow | None
    filters: Sequence[FilterRow]

    def filter_of(self, match: Match) -> FilterRow | None:
        """The filter as it is now; traces of older versions hold only what was typed."""
        by_id = (row for row in self.filters if row.id == match.filter_id)
        by_text = (row for row in self.filters if row.typed == match.filter_text)
        return next(by_id, None) or next(by_text, None)


async def show_why(
    query: CallbackQuery, context: Context, button: Button, message: MaybeInaccessibleMessage
) -> None:
    """Replies to the alert with what it met; says so when that is no longer kept.

    Whoever sees the alert may ask: in a group anybody, and no subscriber is made of them.
    """
    look = partial(_look, chat_id=message.chat.id, button=button, message_id=message.message_id)
    seen = await context.database.read(look)
    if seen is None:
        await answer(query, why_texts.GONE, alert=True)
        return
    await answer(query)
    shown = seen.trace.matches[:_MOST_FILTERS]
    met = [await _met(context, seen, match) for match in shown]
    because = (seen.story.topics if seen.story is not None else None) or {}
    html = why_texts.why(
        seen.trace.tells,
        met,
        {context.services.topic_name(topic): why for topic, why in because.items()},
        others=len(seen.trace.matches) - len(shown),
    )
    await context.bot.send_message(
        message.chat.id,
        html,
        parse_mode=ParseMode.HTML,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        reply_parameters=quiet_reply(message.message_id),
        reply_markup=keyboard(await _fixes(context, seen, shown)),
    )


def _look(connection: sa.Connection, *, chat_id: int, button: Button, message_id: int) -> _Seen | None:
    subscriber = subscribers.find(connection, chat_id)
    if subscriber is None:
        return None
    find = partial(trace_of, connection, subscriber.id, button.number)
    trace = find(revision=button.page or 0, message_id=message_id)
    if trace is None:
        return None
    told = stories.load_stories(connection, [trace.story_id])
    theirs = subscribers.filters_of(connection, subscriber.id)
    return _Seen(subscriber, trace, told[0] if told else None, theirs)


async def _met(context: Context, seen: _Seen, match: Match) -> Met:
    why = reason(match, mark=texts.bold, topic_name=context.services.topic_name)
    if why.about and not why.sentence and seen.story is not None and context.services.encoder is not None:
        # The one place where a story's sentences are read by themselves: few people ask, and not often.
        read = partial(_nearest_sentence, context.services.encoder, seen.story, why)
        why = replace(why, sentence=await asyncio.to_thread(read))
    row = seen.filter_of(match)
    return Met(
        typed=match.filter_text,
        reason=why,
        quote=quote_of(why.sentence, seen.story),
        is_followed=row is not None and row.typed == match.filter_text,
    )


def _nearest_sentence(encoder: Encodes, story: StoryRow, why: Reason) -> str:
    """The sentence of the story that is most like what the filter is about."""
    read = [f"{entry.title}\n{entry.text}" for entry in story.entries]
    sentences = list(dict.fromkeys(one.text for text in read for one in split(text)))[:_MOST_SENTENCES]
    if not sentences:
        return ""
    meanings = encoder.meanings([why.about[0][0], *sentences])
    return sentences[nearest(meanings[0], meanings[1:])[0]]


async def _fixes(context: Context, seen: _Seen, matches: Sequence[Match]) -> list[Row]:
    """Buttons: words to exclude, the source and the story to mute, the filters to pause."""
    met = [(number, seen.filter_of(match)) for number, match in enumerate(matches, start=1)]
    live = [(number, row) for number, row in met if row is not None]
    rows: list[Row] = []
    for number, row in live:
        which = f" from {number}" if len(matches) > 1 else ""
        words = _words_to_exclude(row, seen.story, most=max(1, _MOST_EXCLUSIONS // len(live)))
        keep = partial(proposals.propose, subscriber_id=seen.subscriber.id, texts=words, filter_id=row.id)
        kept = await context.database.write(partial(keep, now=context.now)) if words else []
        rows += [[exclude_button(one, which)] for one in kept]
    if seen.story is not None:
        rows += [[button] for button in _mute_buttons(seen.story, matches)]
    for number, row in live:
        which = f"filter {number}" if len(matches) > 1 else "the filter"
        rows.append([hold_button(row.id, which, paused=row.state is FilterState.PAUSED)])
    return rows


def _words_to_exclude(row: FilterRow, story: StoryRow | None, *, most: int) -> list[str]:
    if story is None:
        return []
    try:
        filter_ = read_stored(row.text)
    except FilterError:  # of another version's language
        return []
    return list(worth_excluding(filter_, StoryWords(story_text(story)), most=most))


def _mute_buttons(story: StoryRow, matches: Sequence[Match]) -> list[InlineKeyboardButton]:
    """For the outlet whose sentence brought the story, or else its first; and for the story."""
    quotes = [quote_of(match.sentence, story) for match in matches]
    outlet = next((quote.outlet for quote in quotes if quote is not None and quote.outlet), None)
    entry = next((one for one in story.entries if outlet in {None, one.outlet}), None)
    things = [(why_texts.MUTE_STORY, f"{STORY}{story.id}")]
    if entry is not None:
        things.insert(0, (why_texts.mute_label(entry.outlet), f"{OUTLET}{entry.id}"))
    return [InlineKeyboardButton(label, callback_data=encode(Action.MUTE, what)) for label, what in things]
