"""Asks the operator's own model for a filter, aside from everything else and not for long."""

import asyncio
import threading
from collections.abc import Collection
from contextlib import suppress

from bot.alerts.wishes.proposing import Say, propose
from bot.errors import NeedToKnowError
from bot.logs import get_logger

_log = get_logger(__name__)

PATIENCE_SECONDS = 15.0
"""So long somebody who wrote a sentence waits for the model; then the fixed patterns propose."""
_AT_ONCE = 4  # a thread cannot be stopped: a model that hangs must not gather them


class Proposer:
    """An asynchronous function of a sentence: a filter's text, or None where the model has none in time."""

    def __init__(
        self, say: Say, *, topics: Collection[str] = (), patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._say = say
        self._topics = frozenset(topics)
        self._patience_seconds = patience_seconds
        self._room = threading.BoundedSemaphore(_AT_ONCE)

    async def __call__(self, sentence: str) -> str | None:
        """What the model proposes; its failures go to the log."""
        if not self._room.acquire(blocking=False):
            _log.warning("proposal_failed", error="the model is still busy with others")
            return None
        done: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        # A thread that nobody waits for at the end of the process, as with digests.
        threading.Thread(target=self._work, args=(sentence, done), name="proposal", daemon=True).start()
        try:
            async with asyncio.timeout(self._patience_seconds):
                return await done
        except TimeoutError:
            _log.warning("proposal_failed", error=f"no answer within {self._patience_seconds:g} s")
            return None

    def _work(self, sentence: str, done: asyncio.Future[str | None]) -> None:
        text = None
        try:
            text = propose(sentence, self._say, topics=self._topics)
        except NeedToKnowError as error:
            _log.warning("proposal_failed", error=str(error))
        finally:
            self._room.release()
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                done.get_loop().call_soon_threadsafe(_tell, done, text)


def _tell(done: asyncio.Future[str | None], text: str | None) -> None:
    if not done.done():
        done.set_result(text)
