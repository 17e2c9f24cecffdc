"""`needtoknow try match`: which filters of a file each story of standard input meets, and how."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from bot.alerts.index.matcher import Matcher
from bot.alerts.language.parse import STORED_LENGTH, FilterError, parse
from bot.alerts.meanings import KnownMeanings
from bot.alerts.rule import Filter, meanings_named, topics_named
from bot.alerts.standing import sentence_of
from bot.alerts.story_text import in_topics
from bot.alerts.topics import Topic, TopicIndex
from bot.alerts.words import StoryWords, evaluate, written
from bot.encoder import Encoder, opening
from bot.errors import InputError
from bot.model import StoryText


@dataclass(frozen=True, slots=True)
class Listed:
    """A filter of the file, as it stands there and read."""

    typed: str
    filter: Filter


class Matching:
    """Filters asked of one story after another, through the index that the bot itself uses.

    Only what the filters name is worked out: the encoder is for topic: and about:.
    """

    def __init__(self, listed: Sequence[Listed], topics: Sequence[Topic]) -> None:
        self._listed = listed
        names_topics = any(topics_named(one.filter) for one in listed)
        needs_encoder = names_topics or any(meanings_named(one.filter) for one in listed)
        self._encoder = Encoder() if needs_encoder else None
        self._meanings = KnownMeanings(self._encoder) if self._encoder else None
        self._topics = TopicIndex(topics, self._meanings) if names_topics else None
        self._matcher = Matcher(self._meanings)
        for number, one in enumerate(listed):
            self._matcher.add(number, one.filter, subscriber_id=number)

    def match(self, story: StoryText) -> dict[str, Any]:
        """The filters that the story meets, and its topics with the reasons when filters name any."""
        found: dict[str, Any] = {}
        if self._topics is not None:
            found["topics"] = self._topics.topics_of(story)
            story = in_topics(story, {*story.topics, *found["topics"]})
        words = StoryWords(story, self._meanings)
        numbers = sorted(self._matcher.match(words).filter_ids.tolist())
        found["matches"] = [self._said(self._listed[number], words) for number in numbers]
        return found

    def read(self, title: str, text: str, **known: frozenset[str]) -> StoryText:
        """A story as the bot would have it; its meaning is that of the title and how the text begins."""
        meaning = None if self._encoder is None else self._encoder.meanings([opening(title, text)])[0]
        return StoryText(title=title, text=text, meaning=meaning, **known)

    def _said(self, one: Listed, words: StoryWords) -> dict[str, Any]:
        met = evaluate(one.filter, words) or ()
        return {"filter": one.typed, "terms": list(written(met)), "sentence": sentence_of(words.text, met)}


def listed(path: Path, content: bytes, topics: Sequence[Topic]) -> list[Listed]:
    """The filters of a file, one a line; raises InputError that names line, character and mend."""
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: this is not UTF-8: {error}") from error
    known = [topic.id for topic in topics]
    found = []
    for number, line in enumerate(lines, start=1):
        typed = line.strip()
        if not typed:
            continue
        try:
            filter_ = parse(typed, max_length=STORED_LENGTH)
        except FilterError as error:
            raise InputError(f"{path}, line {number}, character {error.position + 1}: {error}") from error
        for name in sorted(topics_named(filter_) - set(known)):
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean topic:{near[0]}" if near else f"the topics are {', '.join(known) or 'none'}"
            raise InputError(f"{path}, line {number}: there is no topic {name!r}; {hint}")
        found.append(Listed(typed, filter_))
    return found
