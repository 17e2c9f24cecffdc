"""What the bot says of filters that are passed on by a link, as Telegram HTML. Pure."""

from collections.abc import Sequence
from html import escape

from bot.chat.texts import count
from bot.storage.subscribers import MOST_FILTERS

PAYLOAD = "f_"
"""What /start is told by a link to a share: this and the token."""
NOTHING_TO_SHARE = "There is no filter here to share."
GONE_SHARE = "What this link shared is not here any more; whoever sent it can share it again."
CHOOSE = "Which one shall I put into a link? Whoever opens it sees the words, and nothing of you."
_SHOWN = 12  # filters of a set that are told one by one


def link(username: str, token: str) -> str:
    """The address that opens the chat with the bot and says /start with this share."""
    return f"https://t.me/{username}?start={PAYLOAD}{token}"


def passed_on(said: Sequence[str], address: str) -> str:
    """A message to be forwarded: what is shared, and the link."""
    told = said[0] if len(said) == 1 else f"{count(len(said), 'filter')}:\n{_listed(said)}\n"
    return f"Alerts for {told}\nTap to follow as well: {escape(address, quote=False)}"


def offered(said: Sequence[str]) -> str:
    """To whoever opened the link."""
    if len(said) == 1:
        return f"Somebody shares this with you: alerts for {said[0]}. Shall I send them to you as well?"
    return (
        f"Somebody shares {count(len(said), 'filter')} with you:\n{_listed(said)}\n\n"
        f"Shall I send you alerts for these as well?"
    )


def taken(*, new: int, known: int, full: int, unread: int, woken: bool) -> str:
    """A set was taken over; `full` had no room, `unread` are of a newer version's language."""
    told = [f"You now follow {count(new, 'more filter')}." if new else "You follow nothing new."]
    if known:
        told.append(f"{known:,} you followed already.")
    if full:
        told.append(
            f"For {count(full, 'filter')} there is no room: {MOST_FILTERS} are the most one chat can have."
        )
    if unread:
        told.append(f"{count(unread, 'filter')} I cannot read.")
    if woken:
        told.append("Alerts are on again, for all that you follow.")
    return " ".join([*told, "/filters shows them all."])


def _listed(said: Sequence[str]) -> str:
    lines = [f"{number}. {one}" for number, one in enumerate(said[:_SHOWN], start=1)]
    if len(said) > _SHOWN:
        lines.append(f"… and {len(said) - _SHOWN:,} more")
    return "\n".join(lines)
