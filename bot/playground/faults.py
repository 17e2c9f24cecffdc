"""Faults on demand: the next so many calls meet the weather that a bot must survive."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MAX_FAULTS = 100
_SENDING = frozenset({"sendmessage", "editmessagetext", "editmessagereplymarkup"})


class FaultKind(StrEnum):
    """What goes wrong."""

    RETRY_AFTER = "retry_after"  # 429: wait so many seconds
    BLOCKED = "blocked"  # 403, as if blocked or thrown out; the chat itself stays as it is
    UNAUTHORIZED = "unauthorized"  # 401, as when @BotFather has made the token invalid
    ERROR500 = "error500"  # nothing was done, and Telegram says that it stumbled
    DROP = "drop"  # it WAS done, and the connection broke before the answer: the outcome is unknown


@dataclass(slots=True)
class Fault:
    """A fault that waits for its calls: None as chat means any chat, as method any that sends or edits."""

    kind: FaultKind
    chat_id: int | None = None
    method: str | None = None
    retry_after: int = 1
    times: int = 1

    def meets(self, method: str, chat_id: int | None) -> bool:
        """Whether this call is one of those to spoil."""
        wanted = method == self.method if self.method else method in _SENDING
        return wanted and self.chat_id in (None, chat_id)

    def as_json(self) -> dict[str, Any]:
        """For the control API."""
        return {
            "kind": self.kind.value,
            "chat_id": self.chat_id,
            "method": self.method,
            "retry_after": self.retry_after,
            "times": self.times,
        }


class Faults:
    """The faults that still wait, first in, first met."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Puts a fault in the way; past a hundred the oldest gives way."""
        self._waiting = [*self._waiting, fault][-MAX_FAULTS:]

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault this call meets, counted down; None when the sky is clear."""
        for fault in self._waiting:
            if fault.meets(method, chat_id):
                fault.times -= 1
                self._waiting = [one for one in self._waiting if one.times > 0]
                return fault
        return None

    def clear(self) -> None:
        """Fair weather again."""
        self._waiting = []

    def as_json(self) -> list[dict[str, Any]]:
        """Those that still wait."""
        return [fault.as_json() for fault in self._waiting]
