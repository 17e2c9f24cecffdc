"""What a generative model wrote, before it is believed; and what is asked of whoever wrote it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.errors import NeedToKnowError
from bot.model import Article


class ModelError(NeedToKnowError):
    """The operator's model gave no answer; says in a few words why."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Sentences as a model wrote them, block by block; none of them has been checked."""

    need_to_know: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    next: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """A sentence that did not stand: why, and the source passages that come nearest to it."""

    sentence: str
    reason: str
    passages: tuple[str, ...]


class Writer(Protocol):
    """A model that writes. Both methods block, and raise ModelError or RemoteError."""

    @property
    def name(self) -> str:
        """As it goes into a digest's record: "openai:llama3.1"."""

    @property
    def prompt(self) -> str:
        """The version of what it is told: "prompt 1"; changes whenever the words do."""

    def draft(self, articles: Sequence[Article]) -> Draft:
        """A first draft of the story's digest."""

    def again(self, failed: Sequence[Failed]) -> Mapping[int, str]:
        """Another sentence for each that failed, by its number; those it has no answer for are missing."""
