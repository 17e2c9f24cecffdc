"""/latest: the newest stories, those that meet the person's own filters when there are any."""

from datetime import datetime
from functools import partial

import sqlalchemy as sa
from telegram import Update

from bot.alerts.backtest import Hit, hit, recent
from bot.alerts.index import Sieve, matches
from bot.alerts.language import Filter, FilterError, read_stored, topics_named
from bot.alerts.match import story_text
from bot.alerts.topics import TopicIndex
from bot.chat import texts
from bot.chat.context import Context
from bot.model import FilterState
from bot.storage import subscribers

_SHOWN = 5


async def latest(update: Update, context: Context) -> None:
    """The newest five."""
    assert update.effective_message is not None
    subscriber = await context.subscriber(update)
    rows = await context.database.read(lambda c: subscribers.filters_of(c, subscriber.id))
    mine = [f for row in rows if row.state == FilterState.ACTIVE and (f := _read(row.text)) is not None]
    now = context.now
    hits = await context.database.read(
        partial(newest, filters=mine, topics=context.services.topic_index, now=now)
    )
    if hits:
        text = texts.newest(hits, mine=bool(mine), now=now)
    else:
        text = texts.none_for_you() if mine else texts.NOTHING_YET
    await update.effective_message.reply_html(text, disable_web_page_preview=True)


def newest(
    connection: sa.Connection, *, filters: list[Filter], topics: TopicIndex, now: datetime
) -> list[Hit]:
    """The newest stories that meet any of the filters, or simply the newest when there is no filter."""
    needed = topics if any(topics_named(f) for f in filters) else TopicIndex(())
    hits: list[Hit] = []
    for story in recent(connection, now=now):
        text = story_text(story, needed)
        sieve = Sieve(text)
        likely = [f for f in filters if sieve.lets_through(f)]
        if not filters or any(matches(f, text) is not None for f in likely):
            hits.append(hit(story))
        if len(hits) == _SHOWN:
            break
    return hits


def _read(text: str) -> Filter | None:
    try:
        return read_stored(text)
    except FilterError:
        return None
