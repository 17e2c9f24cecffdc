"""The queue of updates: long polling, and offsets that confirm."""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Any

from bot.playground.refusals import conflict

MAX_WAITING = 10_000
# What Telegram leaves out unless it is asked for by name.
_UNASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

Update = dict[str, Any]


class UpdateQueue:
    """Updates wait here until a later request's offset confirms them; a crash in between repeats them."""

    def __init__(self) -> None:
        self._waiting: deque[Update] = deque(maxlen=MAX_WAITING)
        self._next_id = 1
        self._allowed: frozenset[str] | None = None
        self._poll: asyncio.Event | None = None
        self._closed = False

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, kind: str, payload: dict[str, Any]) -> None:
        """Queues an update, unless the bot asked for other kinds only."""
        if kind not in self._allowed if self._allowed else kind in _UNASKED:
            return
        self._waiting.append({"update_id": self._next_id, kind: payload})
        self._next_id += 1
        self._wake()

    def allow(self, kinds: Sequence[str]) -> None:
        """The kinds of update to queue from now on; none named means the usual ones."""
        self._allowed = frozenset(kinds) or None

    def clear(self) -> None:
        """Forgets what waits."""
        self._waiting.clear()

    def close(self) -> None:
        """Ends the poll that waits, with what there is."""
        self._closed = True
        self._wake()

    async def get(self, *, offset: int, limit: int, timeout: float) -> list[Update]:  # noqa: ASYNC109 - the API's own word
        """The first `limit` unconfirmed updates, waiting up to `timeout` seconds for one.

        A positive `offset` confirms everything below it; a negative one forgets all but the last so
        many. Raises RefusedError (409) when a newer poll takes this one's place.
        """
        self._confirm(offset)
        self._wake()  # a poll that still waits is the older one: it sees below that it was replaced
        mine = self._poll = asyncio.Event()
        try:
            if not self._waiting and timeout > 0 and not self._closed:
                await asyncio.wait_for(mine.wait(), timeout)
        except TimeoutError:
            return []
        finally:
            replaced = self._poll is not mine
            if not replaced:
                self._poll = None
        if replaced:
            raise conflict()
        return list(self._waiting)[:limit]

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popleft()
        while offset > 0 and self._waiting and self._waiting[0]["update_id"] < offset:
            self._waiting.popleft()

    def _wake(self) -> None:
        if self._poll is not None:
            self._poll.set()
