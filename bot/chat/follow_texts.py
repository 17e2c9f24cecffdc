"""What the bot says while somebody chooses what to follow, as Telegram HTML. Pure."""

from datetime import datetime, timedelta
from html import escape

from bot.alerts.topics import Topic
from bot.alerts.week.backtest import Backtest
from bot.chat.texts import bold, code, count, line
from bot.text import clip

FOLLOW_HELP = """Tell me what to follow, for example:
<code>/follow earthquake</code>
<code>/follow "interest rate" OR "rate decision"</code>
<code>/follow storm -football</code>
Before I save it, I show you what it would have brought you last week."""

PROPOSED = "<i>A language model turned your words into this filter.</i>"
EDIT_HOW = "Narrow or widen it below, or send me the new words with /follow."
NONE_NARROWER = "I find no words that would narrow it."
NONE_WIDER = "I find no words that would widen it."
ALREADY = "You follow this already"
UNREADABLE = "I cannot read that filter any more. Please say it anew with /follow, and delete this one."
_A_RATE = timedelta(days=2)  # what so many days brought says how many alerts a day to expect


def shall(said: str, *, instead_of: str | None = None) -> str:
    """A filter that waits for its button; `said` in plain words."""
    return f"Shall I alert you to {said}{'' if instead_of is None else f', instead of {instead_of}'}?"


def already(said: str) -> str:
    """A filter that was asked for and is followed."""
    return f"{ALREADY}: {said}."


def edited(said: str) -> str:
    """A filter whose Edit was pressed."""
    return f"You follow {said}.\n{EDIT_HOW}"


def as_typed(text: str) -> str:
    """A filter's own text, for those who did not type it."""
    return code(f"/follow {text}")


def topic_hint(topic: Topic, inner: Topic | None) -> str:
    """How to follow less than a whole topic; `inner` is a topic in it, if there is one."""
    less = f"topic:{inner.id}" if inner else "word"
    return f"To leave something out, say it with a minus: {code(f'/follow topic:{topic.id} -{less}')}"


def following_topic(topic: Topic) -> str:
    """In a toast: a topic was tapped."""
    return f"You now follow {topic.name}. /filters narrows it."


def no_such_topic(name: str, nearest: str | None) -> str:
    """A filter names a topic that there is not."""
    mend = f"Did you mean {code(f'topic:{nearest}')}? " if nearest else ""
    return f"There is no topic {code(name)}. {mend}/start shows them all."


def tried(result: Backtest, *, now: datetime, by_utc: bool) -> str:
    """What a filter would have brought in the last seven days; `by_utc`: nobody told us their clock."""
    if not result.stories:
        return "I have no stories of the last 7 days to try it on yet."
    return "\n".join(
        [
            _flow(result, by_utc=by_utc),
            *(f"• {line(hit, now=now)}" for hit in result.newest),
            *_near_misses(result),
            *_thresholds(result),
            *_unread(result),
        ]
    )


def _flow(result: Backtest, *, by_utc: bool) -> str:
    articles, stories = count(result.articles, "article"), count(result.stories, "story", "stories")
    alerts = bold(count(result.matched, "alert")) if result.matched else bold("no alert")
    is_rate = result.alerts_a_day >= 1 and result.known >= _A_RATE
    rate = f", {result.alerts_a_day:.1f} a day" if is_rate else ""
    night = _at_night(result, by_utc=by_utc)
    head = f"{_known(result.known)}: {articles} → {stories} → {alerts}{rate}{night}."
    return f"{head} The newest:" if result.newest else head


def _known(known: timedelta) -> str:
    # Whoever has just started the bot shall not take a handful of stories for a week's.
    if known >= _A_RATE:
        return "The last 7 days"
    hours = round(known / timedelta(hours=1))
    return f"Of the last 7 days I know {count(hours, 'hour') if hours else 'minutes'} so far"


def _at_night(result: Backtest, *, by_utc: bool) -> str:
    if not result.at_night:
        return ""
    some = f"{result.at_night:,} of them " if result.matched > 1 else ""
    return f", {some}at night{' (by UTC; /clock tells me yours)' if by_utc else ''}"


def _near_misses(result: Backtest) -> list[str]:
    missed = [f"{one.more:,} more with {escape(one.label, quote=False)}" for one in result.near_misses]
    return [f"Near misses: {'; '.join(missed)}."] if missed else []


def _thresholds(result: Backtest) -> list[str]:
    # How near a story must be is told by its results: nobody has a feeling for a cosine.
    counts = [f"{matched:,} at {least} %" for least, matched in result.thresholds]
    brings_any = any(matched for _, matched in result.thresholds)
    return [f"Looser to stricter: {', '.join(counts)}."] if brings_any else []


def _unread(result: Backtest) -> list[str]:
    return [] if result.complete else ["<i>I have not read the whole week yet; ask again for the rest.</i>"]


def offered(said: str, *, narrower: bool) -> str:
    """Before the buttons with other filters."""
    how = "These bring fewer" if narrower else "These bring more"
    return f"{shall(said)}\n\n{how}; each with its alerts of the last 7 days:"


def option(label: str, matched: int, *, most: int) -> str:
    """On a button: what would be different, and how many alerts of the last seven days it had brought.

    `most` characters of the label.
    """
    return f"{clip(label, most)}: {matched:,}"
