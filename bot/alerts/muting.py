"""Whether a story is muted for a subscriber, and by which of their mutes. Pure."""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from bot.alerts.language.parse import FilterError, read_stored
from bot.alerts.rule import Filter
from bot.alerts.words import StoryWords, evaluate, source_values
from bot.model import MuteKind
from bot.storage.mutes import Mute
from bot.storage.orders import MUTED_SOURCE
from bot.text import fold, tokens


def muted_by(mutes: Sequence[Mute], words: StoryWords, *, story_ids: Collection[int]) -> Mute | None:
    """The first mute that keeps the story from its reader; None where none does.

    `story_ids` are all numbers that the story is known by. Sources are muted together: a story that one more
    outlet reports is still news.
    """
    for mute in mutes:
        match mute.kind:
            case MuteKind.STORY:
                is_meant = mute.value in {str(one) for one in story_ids}
            case MuteKind.TOPIC:
                is_meant = mute.value in words.story.topics
            case MuteKind.WORD:
                is_meant = _has_word(mute.value, words)
            case MuteKind.SOURCE:
                is_meant = False
        if is_meant:
            return mute
    return _by_sources([mute for mute in mutes if mute.kind is MuteKind.SOURCE], words)


def said(mute: Mute) -> str:
    """Why a story was not told, for the record and for whoever asks."""
    match mute.kind:
        case MuteKind.STORY:
            return "muted: this story"
        case MuteKind.TOPIC:
            return f"muted: the topic {mute.value}"
        case MuteKind.WORD:
            return f"muted: the word {mute.value}"
        case MuteKind.SOURCE:
            return f"{MUTED_SOURCE}{mute.value}"


def _has_word(value: str, words: StoryWords) -> bool:
    filter_ = _read(value)
    return filter_ is not None and evaluate(filter_, words) is not None


@lru_cache(maxsize=2000)
def _read(value: str) -> Filter | None:
    try:
        return read_stored(value)
    except FilterError:  # saved by another version of the language; its owner sees it in the list
        return None


def _by_sources(mutes: Sequence[Mute], words: StoryWords) -> Mute | None:
    """The mute of the first source, when every source is muted: all by their names, or all by their links."""
    story = words.story
    by_name = _covering(mutes, ((name, source_values((name,), ())) for name in sorted(story.sources)))
    if by_name is not None:
        return by_name
    # An outlet that gave no link is not seen there; nothing is kept from the reader on its account.
    if len(story.addresses) < len(story.sources):
        return None
    return _covering(mutes, ((link, source_values((), (link,))) for link in sorted(story.addresses)))


def _covering(mutes: Sequence[Mute], sources: Iterable[tuple[str, Iterable[str]]]) -> Mute | None:
    first: Mute | None = None
    for _, values in sources:
        called = set(values)
        mute = next((one for one in mutes if called & _names(one.value)), None)
        if mute is None:
            return None
        first = first or mute
    return first


@lru_cache(maxsize=2000)
def _names(value: str) -> frozenset[str]:
    """What a source that is muted so may be called: the words of the name, or the address as it stands."""
    return frozenset({" ".join(token.term for token in tokens(value)), fold(value)}) - {""}
