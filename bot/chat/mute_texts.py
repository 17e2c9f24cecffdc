"""What the bot says of mutes, as Telegram HTML. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.lasting import said_until
from bot.chat.texts import bold
from bot.model import MuteKind
from bot.storage.mutes import MOST_MUTES
from bot.text import clip

HELP = """Tell me what you do not want to hear of, whatever you follow:
<code>/mute football</code> – stories with that word
<code>/mute "royal family"</code> – with these words side by side
<code>/mute source:reuters</code> – stories that no other source has
<code>/mute topic:sport</code> – stories in that topic
/filters shows what you muted."""
ONE_THING = """One thing at a time, please: a word, some "words side by side", source:NAME or topic:NAME."""
GONE = "That mute has ended already."
TOO_MANY = f"You have muted {MOST_MUTES} things, the most one chat can have; unmute one in /filters first."
STALE = "I no longer know what that was about. /mute does it by words."
_LONG = 60


@dataclass(frozen=True, slots=True)
class Muted:
    """A mute with what people call the thing that is muted; it ends at `until`, None is never."""

    id: int
    kind: MuteKind
    name: str
    until: datetime | None

    @property
    def html(self) -> str:
        """Said in a sentence."""
        return called(self.kind, self.name)


def called(kind: MuteKind, name: str) -> str:
    """A thing that can be muted, said in a sentence."""
    shown = bold(clip(name, _LONG))
    match kind:
        case MuteKind.WORD | MuteKind.SOURCE:
            return shown
        case MuteKind.TOPIC:
            return f"the topic {shown}"
        case MuteKind.STORY:
            return f"the story {shown}"


def how_long(kind: MuteKind, name: str) -> str:
    """Asks before anything is muted."""
    return f"How long shall I mute {called(kind, name)}?"


def muted(one: Muted, *, now: datetime, zone: ZoneInfo, others: bool = False) -> str:
    """It is done; `others` says that the story has more sources than the one that is muted."""
    rest = " What other sources report still comes." if others else ""
    return f"Muted: {one.html}, {said_until(one.until, now=now, zone=zone)}.{rest}"


def unmuted(one: Muted) -> str:
    """It is undone."""
    return f"No longer muted: {one.html}."


def unmute_label(one: Muted) -> str:
    """On the button that ends a mute."""
    return f"🔈 Unmute {clip(one.name, 30)}"


def mute_lines(mutes: Sequence[Muted], *, now: datetime, zone: ZoneInfo) -> str:
    """The end of /filters: what is muted, and until when."""
    lines = [f"🔇 {one.html} – {said_until(one.until, now=now, zone=zone)}" for one in mutes]
    return "\n".join(["<b>Muted</b>", *lines])
