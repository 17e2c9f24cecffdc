"""Topics: named interests that anyone can follow, each with a rule in the filter language. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.alerts.index import Matcher
from bot.alerts.language import Filter
from bot.model import StoryText
from bot.text import clip, fold

# News says what it is about in the headline and first paragraphs; a passing word further down ("the former
# footballer", "shares fell") does not make the topic.
LEAD = 600  # characters of the text that a rule looks at, after the whole title


@dataclass(frozen=True, slots=True)
class Topic:
    """A named interest: its id (as in `topic:ID`), what people read, and the rule that stories meet."""

    id: str
    name: str
    emoji: str
    description: str
    rule: Filter


class TopicIndex:
    """Topics, built once and asked for many stories."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        self._ids: list[str] = []
        self._rules = Matcher()
        for number, topic in enumerate(topics):
            self._ids.append(topic.id)
            self._rules.add(number, topic.rule)
        self._known = frozenset(self._ids)

    def topics_of(self, story: StoryText) -> frozenset[str]:
        """The ids of the known topics a story is in: those of its feeds, and those whose rule it meets.

        A rule sees the title and the first LEAD characters of the text, and the story's own topics. The
        title's word suffices; in the text it takes two different ones, since one is often said in passing.
        """
        if not self._ids:
            return frozenset()
        in_title = self._rules.match(replace(story, text=""))
        met = self._rules.match(replace(story, text=clip(story.text, LEAD)))
        sure = [n for n, words in met.items() if n in in_title or len(set(map(fold, words))) > 1]
        return (story.topics & self._known) | {self._ids[number] for number in sure}
