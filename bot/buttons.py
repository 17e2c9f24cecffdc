"""What a button carries: one versioned codec for payloads of at most 64 bytes. Pure."""

from dataclasses import dataclass
from enum import StrEnum

MAX_BYTES = 64
"""Telegram's limit; python-telegram-bot does not check it."""
_VERSION = "1"


class Action(StrEnum):
    """What a press means; the subject is in brackets."""

    FOLLOW = "follow"  # [proposal id]
    DISMISS = "no"  # [proposal id]
    TOPIC = "topic"  # [topic id] followed, or not any more
    PAUSE = "pause"  # [filter id]
    RESUME = "resume"  # [filter id]
    DELETE = "delete"  # [filter id]
    RESTORE = "undo"  # [filter id]
    PAGE = "page"  # [page of the list of filters]
    SOURCES = "src"  # [story id], `page` is the revision: where each sentence of the alert comes from


@dataclass(frozen=True, slots=True)
class Button:
    """An action on a subject; `page` is a second number: where in the list of filters, or which revision."""

    action: Action
    subject: str
    page: int | None = None

    @property
    def number(self) -> int:
        """The subject as an id; 0, which is nobody's, when it is none."""
        return _number(self.subject) or 0


def encode(action: Action, subject: int | str, page: int | None = None) -> str:
    """The payload; raises ValueError when it does not fit (a programming error: subjects are short ids)."""
    payload = f"{_VERSION}:{action}:{subject}" + ("" if page is None else f":{page}")
    if len(payload.encode()) > MAX_BYTES:
        raise ValueError(f"a button payload holds {MAX_BYTES} bytes: {payload!r}")
    return payload


def decode(payload: str) -> Button | None:
    """What was encoded; None for anything else: an older version's button, or somebody's invention."""
    match payload.split(":"):
        case [version, action, subject, *rest] if version == _VERSION and action in set(Action):
            page = _number(rest[0]) if rest else None
            if len(rest) > 1 or (rest and page is None):
                return None
            return Button(Action(action), subject, page)
        case _:
            return None


def _number(text: str) -> int | None:
    # Ten digits are more than any id, and int() of a very long text is slow.
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else None  # noqa: PLR2004
