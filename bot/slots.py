"""Bounded background work for the stages that wait for others: a slow one holds its own slot only."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class Slots:
    """At most `count` coroutines at a time; what one raises comes out of the next `wait`."""

    def __init__(self, count: int, *, name: str) -> None:
        self._count = count
        self._name = name
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def free(self) -> int:
        """How many more may start now."""
        return self._count - len(self._tasks)

    @property
    def busy(self) -> bool:
        """Whether anything is under way."""
        return bool(self._tasks)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Begins `work` in a free slot."""
        self._tasks.add(asyncio.create_task(work, name=self._name))

    async def wait(self, timeout_seconds: float) -> None:
        """Until one of them is done, or the time is over; raises the first error found, keeps the rest."""
        if not self._tasks:
            return
        done, _ = await asyncio.wait(
            self._tasks, timeout=timeout_seconds, return_when=asyncio.FIRST_COMPLETED
        )
        self._tasks -= done
        errors = [error for task in done if not task.cancelled() and (error := task.exception())]
        if len(errors) == 1:
            raise errors[0]
        if errors:
            raise BaseExceptionGroup(f"{self._name}: {len(errors)} failed", errors)

    async def drain(self, timeout_seconds: float) -> None:
        """Waits for what is under way; what is late is cancelled, and its claim brings it back."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=timeout_seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            self._tasks.clear()
