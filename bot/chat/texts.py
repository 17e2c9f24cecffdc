"""What the bot says in a chat whatever the matter, as Telegram HTML; the rest is in `*_texts`. Pure."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from html import escape

from bot.alerts.language.parse import FilterError
from bot.alerts.week.backtest import Hit
from bot.model import FilterState
from bot.storage.subscribers import MOST_FILTERS, FilterRow
from bot.text import clip

FAILED = "Something went wrong on my side. It has been noted; please try again in a minute."
STALE = "This button is too old for me. Please ask again."
UNKNOWN_COMMAND = (
    "I do not know that command. /filters shows and deletes what you follow; /help says the rest."
)
OFF = "<i>Alerts are off. /start turns them on again.</i>"
SILENCE = "/stop silences me, /filters shows what you follow, with buttons to edit, pause and delete."
WELCOME = "Tell me what you want to hear of, for example <code>/follow earthquake</code>. /help says how."
DISMISSED = "All right, I left it."
SOURCES_GONE = "I no longer keep what this alert was written from. The links in it lead to the sources."
GONE_FILTER = "That filter is gone already."
NOTHING_YET = "There is no news here yet: the feeds are being read. Try again in a minute."
NO_FILTERS = (
    "You follow nothing yet. Tell me what you want to hear of, for example "
    "<code>/follow earthquake</code>, or tap a topic under /start."
)

COMMANDS = (
    ("follow", "Follow words, e.g. /follow ferry strike"),
    ("filters", "What you follow: edit, pause, delete"),
    ("mute", "Not that, e.g. /mute football"),
    ("whynot", "Why a story did not reach you, e.g. /whynot LINK"),
    ("latest", "The newest stories for you"),
    ("start", "What this is, and topics to follow"),
    ("clock", "Your time zone, e.g. /clock Berlin"),
    ("stop", "No more alerts; your filters are kept"),
    ("help", "How to say what you want"),
)

HELP = """<b>How to say what you want</b>
<code>/follow earthquake</code> – stories with that word, whole words only
<code>/follow north korea missile</code> – all of these words, in any form
<code>/follow "rate decision"</code> – these words side by side
<code>/follow earthquake OR tsunami</code> – either of them
<code>/follow storm -football</code> – without that word
<code>/follow merger source:reuters</code> – from that source
<code>/follow about:"ships in trouble"</code> – about that, in whatever words
Or just write what you want to hear of, and I will suggest a filter.
Before I save one, I show you what it would have brought you last week.

/filters shows what you follow, /latest the newest stories for you, /stop silences me.
/clock tells me your time zone.
/mute football keeps stories with that word away for a while.
/whynot with the link of a story says why it did not reach you."""


def bold(text: str) -> str:
    """Bold, escaped."""
    return f"<b>{escape(text, quote=False)}</b>"


def code(text: str) -> str:
    """As typed, escaped."""
    return f"<code>{escape(text, quote=False)}</code>"


def greeting(*, feeds: int) -> str:
    """What this is, in two sentences, and what to do."""
    return (
        f"I read {count(feeds, 'news feed')} and send you a short digest the moment something you follow "
        f"happens, and nothing else. Every sentence is taken from its source, with the link beside it.\n\n"
        f"Tell me what to follow in your own words, or tap a topic:"
    )


def back(*, filters: int) -> str:
    """To someone who had stopped, or blocked us."""
    return f"Welcome back. You follow {count(filters, 'filter')} as before.\n\n" if filters else ""


def stopped(*, filters: int) -> str:
    """After /stop."""
    kept = f"Your {count(filters, 'filter')} {'is' if filters == 1 else 'are'} kept; " if filters else ""
    return f"You will get no more alerts. {kept}/start brings me back."


def followed(said: str, *, new: bool, woken: bool = False, instead_of: str | None = None) -> str:
    """A filter was saved; `woken` says that this turned the chat's alerts on again."""
    before = "" if instead_of is None else f", instead of {instead_of}"
    on = " Alerts are on again, for all that you follow." if woken else ""
    return f"{'You now follow' if new else 'You follow this already:'} {said}{before}.{on}"


def line(hit: Hit, *, now: datetime) -> str:
    """A story on one line."""
    title = escape(clip(hit.title, 120), quote=False)
    linked = f'<a href="{escape(hit.url)}">{title}</a>' if hit.url else title
    return f"{linked} ({escape(hit.outlet, quote=False)}, {ago(now - hit.at)})"


def newest(hits: Sequence[Hit], *, mine: bool, now: datetime) -> str:
    """The answer to /latest."""
    head = "<b>The newest stories for you</b>" if mine else "<b>The newest stories</b>"
    return "\n\n".join([head, *(line(hit, now=now) for hit in hits)])


def none_for_you() -> str:
    """Nothing of the last week meets the person's filters."""
    return "No story of the last 7 days meets your filters. I will write when one does."


def filter_list(
    rows: Sequence[FilterRow], *, first: int, shown: Callable[[FilterRow], str], total: int
) -> str:
    """The answer to /filters: numbered from `first`."""
    lines = [
        f"{number}. {shown(row)}{' – <i>paused</i>' if row.state == FilterState.PAUSED else ''}"
        for number, row in enumerate(rows, start=first)
    ]
    return "\n".join([f"<b>You follow {count(total, 'filter')}</b>", *lines])


def mistake(text: str, error: FilterError) -> str:
    """A filter that cannot be read: the place, and the mend."""
    shown = clip(text, 200)
    pointer = (
        ""
        if error.position > len(shown)
        else f"\n<pre>{escape(shown, quote=False)}\n{' ' * error.position}▲</pre>"
    )
    return f"I cannot read that filter – {escape(str(error), quote=False)}.{pointer}"


def too_many() -> str:
    """One filter more than a chat can have."""
    return f"You follow {MOST_FILTERS} filters, the most one chat can have; delete one in /filters first."


def count(number: int, one: str, many: str | None = None) -> str:
    """'1 filter', '2,300 stories'."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def ago(span: timedelta) -> str:
    """'just now', '5 min ago', '3 h ago', '2 days ago'."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:  # noqa: PLR2004 - minutes in an hour
        return f"{minutes} min ago"
    hours = minutes // 60
    return f"{hours} h ago" if hours < 48 else f"{hours // 24} days ago"  # noqa: PLR2004 - hours in two days
