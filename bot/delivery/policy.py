"""When a chat may be written to again: Telegram's limits, and the waits it asks for. Pure.

One message a second to a chat, 20 a minute to a group, 30 a second over all
(https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
"""

from collections import deque
from datetime import datetime, timedelta

from bot.model import ChatKind

CHAT_GAP = timedelta(seconds=1)
GROUP_WINDOW = timedelta(minutes=1)
GROUP_LIMIT = 20
# 25 a second, evenly: of 30 in a burst, some would arrive with the next second's on a slow line.
ALL_GAP = timedelta(milliseconds=40)
_BACK_OFF = (2, 10, 60, 300)


class Pace:
    """Remembers what went out; answers who must wait, and when the next message may go."""

    def __init__(self) -> None:
        self._ready_at: dict[int, datetime] = {}
        self._groups: dict[int, deque[datetime]] = {}
        self._next_at: datetime | None = None

    def note(self, subscriber_id: int, kind: ChatKind, *, now: datetime) -> None:
        """A message goes out to the chat now."""
        ready_at = now + CHAT_GAP
        if kind != ChatKind.PRIVATE:
            sent = self._groups.setdefault(subscriber_id, deque(maxlen=GROUP_LIMIT))
            sent.append(now)
            if len(sent) == GROUP_LIMIT:
                ready_at = max(ready_at, sent[0] + GROUP_WINDOW)
        self.hold(subscriber_id, ready_at)

    def hold(self, subscriber_id: int, until: datetime) -> None:
        """The chat is not written to before then."""
        self._ready_at[subscriber_id] = max(until, self._ready_at.get(subscriber_id, until))

    def waiting(self, *, now: datetime) -> set[int]:
        """The chats that must wait; those whose wait is over are forgotten."""
        self._ready_at = {chat: at for chat, at in self._ready_at.items() if at > now}
        for chat in [c for c, sent in self._groups.items() if sent[-1] <= now - GROUP_WINDOW]:
            del self._groups[chat]
        return set(self._ready_at)

    def take_turn(self, *, now: datetime) -> datetime:
        """When one more message may go out over all chats; each call takes the next turn."""
        at = now if self._next_at is None else max(now, self._next_at)
        self._next_at = at + ALL_GAP
        return at


def back_off(claims: int) -> timedelta:
    """How long to wait after the `claims`-th attempt came to nothing: 2 s, 10 s, 1 min, 5 min."""
    return timedelta(seconds=_BACK_OFF[min(max(claims, 1), len(_BACK_OFF)) - 1])
