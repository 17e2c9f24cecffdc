"""Live events for the chat pages: each listener has its own bounded queue."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

MAX_BEHIND = 1_000

Event = dict[str, Any]


class Listener:
    """One page's ear. `next` gives None when the stream is over, {} when nothing happened in time."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue(MAX_BEHIND)

    def put(self, event: Event) -> bool:
        """Hands an event over; False when this listener is too far behind to be worth keeping."""
        if self._queue.full():
            return False
        self._queue.put_nowait(event)
        return True

    def end(self) -> None:
        """Nothing more will come; what was not read is dropped, since the page asks for the state anew."""
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(None)

    async def next(self, patience: float) -> Event | None:
        """The next event, waiting `patience` seconds for it."""
        try:
            return await asyncio.wait_for(self._queue.get(), patience)
        except TimeoutError:
            return {}


class Live:
    """Tells every listener what happens."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()
        self._closed = False

    @contextmanager
    def listen(self) -> Iterator[Listener]:
        """A listener, for as long as the block lasts."""
        listener = Listener()
        if self._closed:
            listener.end()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    def tell(self, kind: str, **facts: Any) -> None:
        """Sends an event to all; a listener that fell too far behind is ended, and will reconnect."""
        for listener in [*self._listeners]:
            if not listener.put({"kind": kind, **facts}):
                self._listeners.discard(listener)
                listener.end()

    def close(self) -> None:
        """Ends every stream."""
        self._closed = True
        for listener in self._listeners:
            listener.end()
