"""What the bot says when somebody asks why a story did not reach them, as Telegram HTML. Pure."""

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo
from html import escape
from typing import assert_never

from bot.alerts.whynot import (
    Backlog,
    Muted,
    NoFilters,
    Off,
    Ordered,
    Stage,
    TooLate,
    Underway,
)
from bot.chat.texts import ago, bold, code, count
from bot.model import DeliveryState, FeedState, MuteKind, SubscriberState
from bot.storage.histories import Fate, FeedHistory, Sighting
from bot.storage.mutes import Mute
from bot.text import clip

USAGE = (
    "Send me the link of a story, and I say why it did not reach you:\n"
    "<code>/whynot https://www.bbc.co.uk/news/articles/c1234</code>\n"
    "Or answer a message that holds the link with /whynot."
)
FRONT_PAGE = "That is a front page, which changes all the time. Send me the link of one story."
NO_NEWS = "It was there before I began to read that feed. What a feed brings at the first reading is no news."
NO_FILTERS = "You follow nothing that is not paused. /follow tells me what you want to hear of."
_SHOWN_FEEDS = 3
_SCORE = re.compile(r", \d\.\d\d.*")
_STAGES = {
    Stage.READING: "its page is being read",
    Stage.GROUPING: "I am looking whether it is part of a story that I know",
    Stage.MATCHING: "it is being compared with what everybody follows",
}
_PARKED = "It was tried several times and came to nothing; whoever runs me can have it tried again."


def found(entry: Sighting, *, now: datetime) -> str:
    """The first line: what was found."""
    title = escape(clip(entry.title, 120), quote=False)
    shown = f'<a href="{escape(entry.url)}">{title}</a>' if entry.url else title
    return f"{shown} ({escape(entry.outlet, quote=False)}, {ago(now - entry.arrived_at)})"


def part_of(title: str, because: str | None) -> str:
    """It joined a story that was there before."""
    why = f" ({escape(_because(because), quote=False)})" if because else ""
    return f"It became part of a story that I had already{why}: {bold(clip(title, 120))}."


def _because(stored: str) -> str:
    """The reason without the number of a story and without scores, which mean nothing to a reader."""
    last = stored.rpartition("; ")[2]
    return _SCORE.sub("", last.partition(": ")[2] or last)


def not_polled(host: str, feeds: Sequence[FeedHistory], *, now: datetime) -> str:
    """No feed has brought the link."""
    place = bold(host)
    if not feeds:
        return f"I read no feed of {place}, so I have never seen this link. Whoever runs me can add one."
    asked = "\n".join(f"• {_feed(feed, now=now)}" for feed in feeds[:_SHOWN_FEEDS])
    more = f"\n• … and {len(feeds) - _SHOWN_FEEDS:,} more" if len(feeds) > _SHOWN_FEEDS else ""
    return (
        f"None of the feeds that I read of {place} has brought this link:\n{asked}{more}\n"
        f"A feed lists only some of a site's stories, and often some minutes late."
    )


def _feed(feed: FeedHistory, *, now: datetime) -> str:
    name = escape(feed.name, quote=False)
    match feed.state:
        case FeedState.PAUSED:
            return f"{name}: paused by whoever runs me"
        case FeedState.UNLISTED:
            return f"{name}: no longer on my list"
        case FeedState.RETIRED:
            return f"{name}: closed, or moved to another feed"
        case FeedState.ACTIVE | FeedState.SUSPENDED:
            pass
        case _:
            assert_never(feed.state)
    if feed.failing_since is not None:
        return f"{name}: no answer for {_span(feed.failing_since, now)}"
    if feed.polled_at is None:
        return f"{name}: not read yet"
    return f"{name}: read {ago(now - feed.polled_at)}"


def underway(verdict: Underway) -> str:
    """It is still coming."""
    if verdict.parked:
        return f"It is held up: {_STAGES[verdict.stage]}. {_PARKED}"
    return f"It is on its way: {_STAGES[verdict.stage]}. Ask again in a minute."


def ordered(verdict: Ordered, *, now: datetime, zone: tzinfo) -> str:
    """A message was ordered; what became of it."""
    fate = verdict.fate
    match fate.state:
        case DeliveryState.SENT:
            return f"It did reach you{_at(fate.sent_at, now, zone)}."
        case DeliveryState.PENDING:
            return _pending(fate, now, zone)
        case DeliveryState.DROPPED:
            return _dropped(fate, now, zone)
    assert_never(fate.state)


def _pending(fate: Fate, now: datetime, zone: tzinfo) -> str:
    if not fate.written:
        return "You will have it soon: its digest is being written."
    if fate.due_at > now:
        why = f": {escape(fate.reason, quote=False)}" if fate.reason else ""
        return f"It waits to be sent to you{why}. I try{_at(fate.due_at, now, zone)}."
    return "You will have it in a moment: it is next in line."


def _dropped(fate: Fate, now: datetime, zone: tzinfo) -> str:
    reason, when = fate.reason or "", _at(fate.created_at, now, zone)
    if reason.startswith("muted: "):
        muted = escape(reason.removeprefix("muted: "), quote=False)
        return (
            f"It would have come{when}, but you have muted {muted}. /filters lists your mutes, to undo them."
        )
    if reason == "/stop":
        return f"It was ready for you{when}, but alerts had been silenced with /stop. /start turns them on."
    why = f": {escape(reason, quote=False)}" if reason else ""
    return f"It was ready for you{when}, and was not sent{why}."


def off(verdict: Off) -> str:
    """The chat hears nothing at all."""
    if verdict.state is SubscriberState.STOPPED:
        return "Alerts are off here since /stop. /start turns them on again."
    return "Alerts are off here, because I could not write to this chat. /start turns them on again."


def muted(verdict: Muted, said: str, *, topic: str) -> str:
    """A mute keeps it away; `said` is the filter that it meets, `topic` what a muted topic is called."""
    return (
        f"It meets your filter for {said}, but you have muted {_muted(verdict.mute, topic)}. "
        f"/filters lists your mutes, to undo them."
    )


def _muted(mute: Mute, topic: str) -> str:
    match mute.kind:
        case MuteKind.STORY:
            return "this story"
        case MuteKind.TOPIC:
            return f"the topic {bold(topic)}"
        case MuteKind.WORD:
            return f"the word {bold(mute.value)}"
        case MuteKind.SOURCE:
            return f"the source {bold(mute.value)}"
    assert_never(mute.kind)


def too_late(verdict: TooLate, said: str, *, now: datetime, zone: tzinfo) -> str:
    """The filter came after the story."""
    wish = verdict.wish
    if verdict.is_new:
        since = _at(wish.created_at, now, zone)
        return f"It meets your filter for {said}, but you have followed that only since{_bare(since)}."
    since = _at(wish.changed_at, now, zone)
    return f"It meets your filter for {said}, but that was changed or resumed{since}, after the story came."


def paused(said: str) -> str:
    """Only a paused filter meets it."""
    return f"It meets your filter for {said}, but that is paused. /filters resumes it."


def unexplained(said: str) -> str:
    """Nothing stands in its way now."""
    return (
        f"It meets your filter for {said} as it stands now. When it came, alerts were off here, or it did "
        f"not say yet what it says now."
    )


def unmet(misses: Sequence[tuple[str, str]], *, others: int) -> str:
    """No filter meets it: the nearest ones in plain words, each with what the story lacks."""
    lines = [f"• {said}: {escape(lacks, quote=False)}" for said, lacks in misses]
    head = "None of your filters meets it:" if len(lines) + others > 1 else "Your filter does not meet it:"
    if others:
        lines.append(f"• … and {count(others, 'filter')} further from it")
    return "\n".join([head, *lines, f"To widen one: /filters, {code('Edit')}."])


def standing(verdict: Backlog | NoFilters) -> str:
    """What needs no more than one sentence."""
    return NO_NEWS if isinstance(verdict, Backlog) else NO_FILTERS


def _at(when: datetime | None, now: datetime, zone: tzinfo) -> str:
    """' at 14:03', ' on 3 May at 14:03', by the reader's clock; empty for no time."""
    if when is None:
        return ""
    local, today = when.astimezone(zone), now.astimezone(zone).date()
    day = "" if local.date() == today else f" on {local.day} {local:%B}"
    return f"{day} at {local:%H:%M}{' UTC' if zone.tzname(when) == 'UTC' else ''}"


def _bare(at: str) -> str:
    """After 'since': ' 14:03', ' 3 May at 14:03'."""
    return at.removeprefix(" at").removeprefix(" on")


def _span(since: datetime, now: datetime) -> str:
    return ago(now - since).removesuffix(" ago").replace("just now", "a minute")
