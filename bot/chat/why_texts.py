"""What the bot says when somebody asks why an alert came, as Telegram HTML. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from bot.alerts.explain import Reason
from bot.chat.texts import bold, code
from bot.model import DeliveryKind
from bot.storage.stories import StoryRow
from bot.text import clip, squash

GONE = "I no longer keep why this came. /filters shows what you follow."
NO_FILTER = "That filter is gone already. /filters shows what you follow."
NOTHING_LEFT = "This filter asks for that very word. Pause the filter instead."
MUTE_STORY = "🔇 Mute this story"
LONG_RULE = 120
"""Characters of a filter that is said in plain words; a longer one is shown as it was typed, cut off.

With this and what follows, three filters and what is done to them fit in one message.
"""
_MOST_WORDS = 8
_MOST_ABOUT = 2
_MOST_TOPICS = 5
_LONG_SENTENCE = 200
_LONG_BECAUSE = 220
_LONG_NAME = 60
_LONG_WORD = 30


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of the story, with its outlet and link where they are still known."""

    text: str
    outlet: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Met:
    """A filter that the story met, as it was typed then; `is_followed` says that it is followed unchanged."""

    typed: str
    reason: Reason
    quote: Quote | None
    is_followed: bool


def why(tells: DeliveryKind, met: Sequence[Met], topics: Mapping[str, str], *, others: int = 0) -> str:
    """The answer; `topics` are the story's, by name, with the reasons; `others` counts filters not shown."""
    parts = [f"<b>{_heading(tells)}</b>"]
    if not met:
        parts.append(_without_filter(tells))
    told: set[Quote | None] = set()
    for number, one in enumerate(met, start=1):
        parts.append(_filter(one, f"{number}. " if len(met) > 1 else "", quoted=one.quote not in told))
        told.add(one.quote)
    if others:
        parts.append(f"And {others} more of your filters.")
    if topics:
        parts.append(_topics(topics))
    return "\n\n".join(parts)


def _heading(tells: DeliveryKind) -> str:
    match tells:
        case DeliveryKind.ALERT:
            return "Why you got this"
        case DeliveryKind.FOLLOWUP:
            return "Why you got this follow-up"
        case DeliveryKind.CORRECTION:
            return "Why you got this correction"


def _without_filter(tells: DeliveryKind) -> str:
    if tells is DeliveryKind.CORRECTION:
        return "You had an alert about this story. What its publishers correct goes to all who had it."
    return "I no longer keep which of your filters it met."


def _filter(met: Met, number: str, *, quoted: bool) -> str:
    reason = met.reason
    is_short = reason.rule is not None and len(met.typed) <= LONG_RULE
    rule = reason.rule if is_short else code(clip(met.typed, LONG_RULE))
    since = "" if met.is_followed else " <i>(you no longer follow it in these words)</i>"
    lines = [f"{number}You follow {rule}.{since}"]
    if reason.words:
        found = ", ".join(bold(clip(word, _LONG_WORD)) for word in reason.words[:_MOST_WORDS])
        lines.append(f"The story has: {found}.")
    for text, near in reason.about[:_MOST_ABOUT]:
        lines.append(f"Its meaning is {near} % like {bold(clip(text, _LONG_NAME))}.")
    if met.quote is not None and quoted:
        lines += _quoted(met.quote)
    return "\n".join(lines)


def _quoted(quote: Quote) -> list[str]:
    name = escape(clip(quote.outlet, _LONG_NAME), quote=False)
    outlet = f'<a href="{escape(quote.url)}">{name}</a>' if quote.url else name
    shown = f"<blockquote>{escape(clip(quote.text, _LONG_SENTENCE), quote=False)}</blockquote>"
    return [f"{outlet}:", shown] if quote.outlet else [shown]


def _topics(topics: Mapping[str, str]) -> str:
    some = list(topics.items())[:_MOST_TOPICS]
    said = [f"• {bold(name)} – {escape(clip(because, _LONG_BECAUSE), quote=False)}" for name, because in some]
    return "\n".join(["Its topics:", *said])


def quote_of(sentence: str, story: StoryRow | None) -> Quote | None:
    """The sentence with whoever wrote it; None of no sentence. The story may have been forgotten."""
    if not sentence:
        return None
    kept = sentence.removesuffix("…")
    for entry in () if story is None else story.entries:
        if kept in squash(entry.title) or kept in squash(entry.text):
            return Quote(sentence, entry.outlet, entry.url)
    return Quote(sentence)


def mute_label(outlet: str) -> str:
    """On the button that mutes an outlet."""
    return f"🔇 Mute {clip(outlet, 25)}"


def follows(rule: str, *, same: bool) -> str:
    """A filter excludes a word, or no longer; `same` says that there was such a one already."""
    return f"You follow this already, beside the other: {rule}." if same else f"You now follow {rule}."


def paused(rule: str) -> str:
    """The filter was paused."""
    return f"Paused: {rule}."


def resumed(rule: str) -> str:
    """The filter goes on."""
    return f"You follow {rule} again."
