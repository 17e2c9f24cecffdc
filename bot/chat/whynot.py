"""/whynot: at which stage, and why, a story did not reach this chat."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import assert_never

import sqlalchemy as sa
from telegram import Message, Update
from telegram.constants import ParseMode

from bot.alerts.explain import missing
from bot.alerts.story_text import story_text
from bot.alerts.whynot import (
    Backlog,
    Known,
    Miss,
    Muted,
    NoFilters,
    Off,
    Ordered,
    Paused,
    TooLate,
    Underway,
    Unexplained,
    Unmet,
    Verdict,
    furthest,
    why_not,
)
from bot.alerts.words import Meanings, StoryWords
from bot.chat import whynot_texts
from bot.chat.context import Context
from bot.chat.link import Page, asked_link, is_of, page
from bot.chat.saying import said_row
from bot.chat.zones import zone as zone_of
from bot.delivery.telegram import quiet_reply
from bot.feeds.marks import marks_of
from bot.feeds.parse import ParsedEntry
from bot.model import DeliveryState, MuteKind
from bot.storage import histories, meanings, mutes, repairs, stories
from bot.storage.histories import FeedHistory, Sighting
from bot.storage.subscribers import Subscriber
from bot.text import clip

_LOOKED_BACK = timedelta(days=7)  # for what only its page's address tells, and for what feeds bring of a host
_MOST_ENTRIES = 5  # of one page, which several feeds may list
_SHOWN_FILTERS = 3
_LONG = 200  # characters of a filter that is said in plain words
_LONG_LACK = 300  # characters of what a story lacks


async def whynot(update: Update, context: Context) -> None:
    """/whynot LINK, or as an answer to a message with a link."""
    message = update.effective_message
    assert message is not None
    subscriber = await context.subscriber(update)
    link = asked_link(message)
    asked = page(link) if link else None
    if asked is None or not asked.words:
        await message.reply_html(whynot_texts.USAGE if asked is None else whynot_texts.FRONT_PAGE)
        return
    now, zone = context.now, zone_of(subscriber.time_zone)
    look = partial(_look, asked=asked, subscriber=subscriber, meant=context.services.meanings, now=now)
    known = await context.database.read(look)
    if known is None:
        feeds = await context.database.read(partial(_feeds, asked=asked, now=now))
        told = whynot_texts.not_polled(asked.host, feeds, now=now)
        await message.reply_html(told, disable_web_page_preview=True)
        return
    verdict = await asyncio.to_thread(why_not, known)  # two hundred long filters take half a second
    lines = [whynot_texts.found(known.entry, now=now), *_joined(known)]
    lines.append(_answer(context, known, verdict, now=now, zone=zone))
    await _reply(message, "\n\n".join(lines), verdict)


def _look(
    connection: sa.Connection, *, asked: Page, subscriber: Subscriber, meant: Meanings | None, now: datetime
) -> Known | None:
    """What is known of the page: of several feeds' entries the one that came furthest; None for no entry."""
    link = ParsedEntry(asked.url, "", asked.url, "", None, None)
    mark = marks_of(link).link
    seen = histories.wearing(connection, mark) if mark else []
    found = _of_page(seen, asked)
    if not found:
        since = now - _LOOKED_BACK
        found = _of_page(histories.addressed(connection, asked.words, since=since), asked)
    known = [
        _known(connection, entry, subscriber=subscriber, meant=meant, now=now)
        for entry in sorted(found, key=lambda entry: (entry.backlog, entry.id))[:_MOST_ENTRIES]
    ]
    return max(known, key=furthest, default=None)


def _of_page(found: Sequence[Sighting], asked: Page) -> list[Sighting]:
    return [entry for entry in found if is_of(asked, entry.url, entry.canonical_url)]


def _known(
    connection: sa.Connection,
    entry: Sighting,
    *,
    subscriber: Subscriber,
    meant: Meanings | None,
    now: datetime,
) -> Known:
    alone = Known(entry, subscriber.state)
    if entry.story_id is None:
        return alone
    story_id = repairs.current(connection, entry.story_id)
    story, rows = histories.story(connection, story_id), stories.load_stories(connection, [story_id])
    if story is None or not rows:
        return alone
    meaning = meanings.of_stories(connection, [story_id]).get(story_id)
    numbers = repairs.numbers_of(connection, story_id)
    return Known(
        entry=entry,
        subscriber=subscriber.state,
        story=story,
        words=StoryWords(story_text(rows[0], topics=rows[0].topics, meaning=meaning), meant),
        numbers=numbers,
        fates=histories.fates(connection, subscriber.id, numbers),
        wishes=histories.wishes(connection, subscriber.id),
        mutes=mutes.of_subscriber(connection, subscriber.id, now=now),
    )


def _feeds(connection: sa.Connection, *, asked: Page, now: datetime) -> list[FeedHistory]:
    return histories.feeds_of(connection, asked.hosts, since=now - _LOOKED_BACK)


def _joined(known: Known) -> list[str]:
    story = known.story
    if story is None or story.first_entry == known.entry.id:
        return []
    return [whynot_texts.part_of(story.title, known.entry.joined_because)]


def _answer(context: Context, known: Known, verdict: Verdict, *, now: datetime, zone: tzinfo) -> str:
    match verdict:
        case Underway():
            return whynot_texts.underway(verdict)
        case Ordered():
            return whynot_texts.ordered(verdict, now=now, zone=zone)
        case Backlog() | NoFilters():
            return whynot_texts.standing(verdict)
        case Off():
            return whynot_texts.off(verdict)
        case Unmet(misses):
            return _unmet(context, known, misses)
        case Muted() | TooLate() | Paused() | Unexplained():
            return _met(context, verdict, now=now, zone=zone)
    assert_never(verdict)


def _met(
    context: Context, verdict: Muted | TooLate | Paused | Unexplained, *, now: datetime, zone: tzinfo
) -> str:
    said = said_row(context, verdict.wish.row, most=_LONG)
    match verdict:
        case Muted():
            mute = verdict.mute
            topic = context.services.topic_name(mute.value) if mute.kind is MuteKind.TOPIC else ""
            return whynot_texts.muted(verdict, said, topic=topic)
        case TooLate():
            return whynot_texts.too_late(verdict, said, now=now, zone=zone)
        case Paused():
            return whynot_texts.paused(said)
        case Unexplained():
            return whynot_texts.unexplained(said)
    assert_never(verdict)


def _unmet(context: Context, known: Known, misses: Sequence[Miss]) -> str:
    assert known.words is not None  # filters were asked
    nearest = [
        (
            said_row(context, miss.wish.row, most=_LONG),
            clip(missing(miss.filter, known.words, topic_name=context.services.topic_name) or "", _LONG_LACK),
        )
        for miss in misses[:_SHOWN_FILTERS]
    ]
    return whynot_texts.unmet(nearest, others=len(misses) - len(nearest))


async def _reply(message: Message, told: str, verdict: Verdict) -> None:
    """The answer; where the story did reach the chat, in reply to it, so that one tap leads there."""
    sent = verdict.fate if isinstance(verdict, Ordered) else None
    if sent is None or sent.state is not DeliveryState.SENT or sent.message_id is None:
        await message.reply_html(told, disable_web_page_preview=True)
        return
    await message.get_bot().send_message(
        message.chat_id,
        told,
        parse_mode=ParseMode.HTML,
        disable_web_page_preview=True,
        reply_parameters=quiet_reply(sent.message_id),
    )
