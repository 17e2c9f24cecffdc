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
    NARROW = "narrow"  # [proposal id] stricter ones are offered
    WIDEN = "widen"  # [proposal id] looser ones are offered
    TRY = "try"  # [proposal id] is shown with what it would have brought
    BESIDE = "beside"  # [proposal id] is followed, and the filter that it would change is kept too
    EDIT = "edit"  # [filter id]
    TOPICS = "topics"  # [topic id] shows what is in it; an empty one: the topics that are in no other
    SHARES = "shares"  # [page of the list of filters] which one is to be shared
    SHARE = "share"  # [filter id, or "all"] becomes a link
    TAKE = "take"  # [token of a share] what it shares is followed
    SOURCES = "src"  # [story id], `page` is the revision: where each sentence of the alert comes from
    WHY = "why"  # [story id], `page` is the revision: which filters it met, and how
    EXCLUDE = "less"  # [proposal id] its word is kept out of the filter that it would change
    INCLUDE = "more"  # [proposal id] and that is taken back
    HOLD = "hold"  # [filter id] is paused, under Why?
    GO_ON = "goon"  # [filter id] is no longer paused, under Why?
    MUTE = "mute"  # [p, e or s, and the id of a proposal, an entry or a story]; `page` says how long
    UNMUTE = "hear"  # [mute id]; with `page`, in the list of filters


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
