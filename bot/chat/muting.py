"""What can be muted and what it is called, and all that follows from muting it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import sqlalchemy as sa

from bot.alerts.language.parse import FilterError, read_stored
from bot.alerts.language.plain import say, write
from bot.alerts.muting import muted_by, said
from bot.alerts.rule import Filter, FromSource, InTopic, Near, Phrase
from bot.alerts.story_text import story_text
from bot.alerts.words import StoryWords
from bot.chat.context import Context
from bot.chat.mute_texts import Muted
from bot.logs import get_logger
from bot.model import MuteKind
from bot.storage import mutes, proposals, repairs, stories
from bot.storage.mutes import Mute
from bot.storage.subscribers import Subscriber

_log = get_logger(__name__)

PROPOSED, OUTLET, STORY = "p", "e", "s"
"""What the button of a mute speaks of: what was typed, an entry's outlet, a story; then its id."""
_MOST_WAITING = 200  # stories looked at when something is muted; more hardly ever wait for one chat


@dataclass(frozen=True, slots=True)
class Thing:
    """What may be muted; `others` says that the story it was found in has other sources as well."""

    kind: MuteKind
    value: str
    others: bool = False


def thing_typed(filter_: Filter) -> Thing | None:
    """What a filter of one term would mute; None for any other filter."""
    term = filter_.root
    match term:
        case Phrase() | Near():
            return Thing(MuteKind.WORD, write(filter_))
        case InTopic(name):
            return Thing(MuteKind.TOPIC, name)
        case FromSource(value, spelling):
            # An address is compared as it was folded; of a name the spelling is kept to be shown.
            return Thing(MuteKind.SOURCE, value if "." in value or "/" in value else spelling or value)
        case _:
            return None


def thing_meant(connection: sa.Connection, subscriber_id: int, what: str, number: int) -> Thing | None:
    """What a button speaks of; None when it is no longer known."""
    if what == PROPOSED:
        proposal = proposals.proposed(connection, subscriber_id, number)
        filter_ = None if proposal is None else _read(proposal.text)
        return None if filter_ is None else thing_typed(filter_)
    if what == OUTLET:
        return _outlet(connection, number)
    if what == STORY:
        known_as = repairs.current(connection, number)
        return Thing(MuteKind.STORY, str(known_as)) if stories.load_stories(connection, [known_as]) else None
    return None


def _outlet(connection: sa.Connection, entry_id: int) -> Thing | None:
    found = mutes.outlet_of(connection, entry_id)
    if found is None:
        return None
    outlet, story_id = found
    told = stories.load_stories(connection, [] if story_id is None else [story_id])
    others = {entry.outlet for story in told for entry in story.entries} - {outlet}
    return Thing(MuteKind.SOURCE, outlet, others=bool(others))


def name_of(context: Context, kind: MuteKind, value: str) -> str:
    """What people call a thing that is muted, by its value; not for stories."""
    match kind:
        case MuteKind.WORD:
            filter_ = _read(value)
            return value if filter_ is None else say(filter_.root, str)
        case MuteKind.TOPIC:
            return context.services.topic_name(value)
        case MuteKind.SOURCE | MuteKind.STORY:
            return value


async def named(context: Context, found: Sequence[Mute]) -> list[Muted]:
    """The mutes with what people call what is muted."""
    ids = [int(mute.value) for mute in found if mute.kind is MuteKind.STORY]
    told = await context.database.read(lambda c: stories.load_stories(c, ids))
    titles = {(MuteKind.STORY, str(story.id)): story.title for story in told}
    return [
        Muted(
            id=mute.id,
            kind=mute.kind,
            name=titles.get((mute.kind, mute.value)) or name_of(context, mute.kind, mute.value),
            until=mute.until,
        )
        for mute in found
    ]


async def mutes_of(context: Context, subscriber: Subscriber) -> list[Muted]:
    """All that the chat has muted and that has not ended, the oldest first."""
    found = partial(mutes.of_subscriber, subscriber_id=subscriber.id, now=context.now)
    return await named(context, await context.database.read(found))


async def silence(
    context: Context, subscriber: Subscriber, thing: Thing, until: datetime | None
) -> Muted | None:
    """Mutes it, and drops what waits and is muted by it; None when the chat has as many mutes as it may."""
    add = partial(mutes.add, subscriber_id=subscriber.id, kind=thing.kind, value=thing.value)
    mute = await context.database.write(partial(add, until=until, now=context.now))
    if mute is None:
        return None
    waiting = partial(_muted_among_awaited, subscriber_id=subscriber.id, now=context.now)
    # After the mute was written: what is ordered from now on is held back where it is ordered.
    dropped = 0
    for story_id, by in (await context.database.read(waiting)).items():
        drop = partial(mutes.drop_awaited, subscriber_id=subscriber.id, story_ids=[story_id])
        is_story = by.kind is MuteKind.STORY
        dropped += await context.database.write(partial(drop, reason=said(by), corrections=is_story))
    _log.info("muted", subscriber_id=subscriber.id, kind=thing.kind.value, dropped=dropped)
    return (await named(context, [mute]))[0]


def _muted_among_awaited(connection: sa.Connection, subscriber_id: int, *, now: datetime) -> dict[int, Mute]:
    """The stories that the subscriber waits for and has muted, and by what."""
    theirs = mutes.of_subscriber(connection, subscriber_id, now=now)
    waiting = mutes.awaited(connection, subscriber_id)[-_MOST_WAITING:]
    found = {}
    for story in stories.load_stories(connection, waiting):
        words = StoryWords(story_text(story, topics=story.topics))
        mute = muted_by(theirs, words, story_ids=repairs.numbers_of(connection, story.id))
        if mute is not None:
            found[story.id] = mute
    return found


def _read(text: str) -> Filter | None:
    try:
        return read_stored(text)
    except FilterError:  # of another version's language
        return None
