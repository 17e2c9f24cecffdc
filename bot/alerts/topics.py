"""Topics: named interests that anyone can follow, found in a story by rule and by example together. Pure."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from threading import Lock

from bot.alerts.examples import Examples, Nearest
from bot.alerts.index.matcher import Matcher
from bot.alerts.rule import Filter
from bot.alerts.words import Finding, Meanings, StoryWords, evaluate, primary
from bot.model import StoryText
from bot.text import clip, fold

# News says what it is about in the headline and first paragraphs; a passing word further down ("the former
# footballer", "shares fell") does not make the topic.
LEAD = 600  # characters of the text that a rule looks at, after the whole title

# Evidence is counted in the encoder's cosines. The weights, shared by all topics, were set on AG News' even
# half and by reading what they do to a stream; see docs/topics.md.
_A_WORD = 0.06  # for a word of the rule
_MOST_WORDS = 3
_IN_HEADLINE = 0.06  # more, if the headline has it
_MOST_IN_HEADLINE = 2
_ENOUGH = 0.33  # for the topic to be likelier than not
_SLOPE = 0.05  # so much more multiplies the odds by e
# What a story has that the encoder did not read, or reads badly: then a word of the headline makes the topic,
# or two of the text.
_UNREAD = 0.23
_READ_WELL = "en"
_WORTH_TELLING = 0.4  # cosine from which an example explains something to a reader who sees words as well


@dataclass(frozen=True, slots=True)
class Topic:
    """A named interest: its id (as in `topic:ID`), what people read, and how stories get into it.

    `parent` is the id of the topic that has all its stories too, `names` what else people call it, `examples`
    sentences such as its stories say.
    """

    id: str
    name: str
    emoji: str
    description: str
    rule: Filter
    parent: str | None = None
    names: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Evidence:
    headline: tuple[str, ...] = ()  # the rule's words there, as written, without repeats
    lead: tuple[str, ...] = ()  # and those in the text alone
    near: Nearest | None = None

    @property
    def score(self) -> float:
        """The probability that the story is in the topic, 0 to 1."""
        words = len(self.headline) + len(self.lead)
        weight = _UNREAD if self.near is None else self.near.cosine
        weight += _A_WORD * min(words, _MOST_WORDS)
        weight += _IN_HEADLINE * min(len(self.headline), _MOST_IN_HEADLINE)
        return 1 / (1 + math.exp((_ENOUGH - weight) / _SLOPE))

    @property
    def why(self) -> str:
        """In words: “missile” in the headline; like the example “Troops besiege a town” (52 %)."""
        found = [
            f"{', '.join(f'“{word}”' for word in words)} in the {place}"
            for words, place in ((self.headline, "headline"), (self.lead, "text"))
            if words
        ]
        if self.near is not None and (self.near.best >= _WORTH_TELLING or not found):
            found.append(f"like the example “{self.near.text}” ({100 * self.near.best:.0f} %)")
        return "; ".join(found)


class TopicIndex:
    """Topics, built once and asked for many stories, by any thread.

    Without `meanings` the rules decide alone. With it the examples are read when the first story with a
    meaning comes, which takes seconds; or by `learn`.
    """

    def __init__(self, topics: Iterable[Topic], meanings: Meanings | None = None) -> None:
        self._topics = {topic.id: topic for topic in topics}
        self._numbered = list(self._topics.values())
        self._rules = Matcher()
        self._asked = Lock()  # the matcher serves one thread at a time
        for number, topic in enumerate(self._numbered):
            self._rules.add(number, topic.rule, subscriber_id=0)
        self._examples = None if meanings is None else Examples(self._numbered_texts(), meanings)

    def learn(self) -> None:
        """Reads the examples now; slow."""
        if self._examples is not None:
            self._examples.learn()

    def topics_of(self, story: StoryText) -> dict[str, str]:
        """The ids of the topics a story is in, each with the reason in words; those above them too.

        A rule sees the title and the first LEAD characters of the text. The known topics of the story's
        feeds are kept.
        """
        found = {id_: evidence.why for id_, evidence in self._evidence(story) if evidence.score > 1 / 2}
        for id_ in sorted(story.topics & self._topics.keys()):
            found[id_] = f"from a feed on {self._topics[id_].name}"
        for id_ in tuple(found):
            for below, above in self._upwards(id_):
                found.setdefault(above, f"{self._topics[below].name} is part of it")
        return found

    def scores(self, story: StoryText) -> dict[str, float]:
        """How likely the story is in each topic by its words and meaning alone, 0 to 1."""
        return {id_: evidence.score for id_, evidence in self._evidence(story)}

    def above(self, id_: str) -> tuple[str, ...]:
        """The ids of the topics that a topic is a part of, the nearest first."""
        return tuple(above for _, above in self._upwards(id_))

    def _upwards(self, id_: str) -> Iterator[tuple[str, str]]:
        seen = {id_}
        while (parent := self._topics[id_].parent) in self._topics and parent not in seen:
            yield id_, parent
            seen.add(parent)
            id_ = parent

    def _evidence(self, story: StoryText) -> Iterator[tuple[str, _Evidence]]:
        if not self._numbered:
            return
        words = StoryWords(replace(story, text=clip(story.text, LEAD)))
        with self._asked:
            met = set(self._rules.match(words).filter_ids.tolist())
        near = self._nearest(story)
        for number, topic in enumerate(self._numbered):
            found = evaluate(topic.rule, words) if number in met else None
            headline, lead = _placed(found or (), ends=len(story.title))
            yield topic.id, _Evidence(headline, lead, near.get(topic.id))

    def _nearest(self, story: StoryText) -> dict[str, Nearest]:
        languages = set(map(primary, story.languages)) or {_READ_WELL}
        if self._examples is None or story.meaning is None or _READ_WELL not in languages:
            return {}
        return self._examples.nearest(story.meaning)

    def _numbered_texts(self) -> dict[str, tuple[str, ...]]:
        # The description is one text more; alone it is too little to go by.
        return {
            topic.id: (*topic.examples, f"{topic.name}: {topic.description}")
            for topic in self._numbered
            if topic.examples
        }


def _placed(found: Iterable[Finding], *, ends: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of the findings without repeats, those of the headline apart; it ends at this character."""
    headline: dict[str, str] = {}
    lead: dict[str, str] = {}
    for one in found:
        if one.start >= 0 and fold(one.written) not in headline:
            place = headline if one.end <= ends else lead
            place.setdefault(fold(one.written), one.written)
    return tuple(headline.values()), tuple(lead.values())
