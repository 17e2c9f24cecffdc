from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.alerts.language.parse import parse
from bot.alerts.topics import LEAD, Topic, TopicIndex
from bot.model import StoryText


def topic(id_: str, rule: str = "", *, parent: str | None = None, examples: tuple[str, ...] = ()) -> Topic:
    return Topic(
        id_, id_.title(), "•", "", parse(rule or f"topic:{id_}"), parent=parent, examples=tuple(examples)
    )


def unit(*numbers: float) -> NDArray[np.float32]:
    vector = np.array(numbers, np.float32)
    return vector / np.float32(np.linalg.norm(vector))


class Compass:
    """Meanings that are easy to see: what rises is north of what falls, what is of sport is east."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, text: str) -> NDArray[np.float32]:
        self.read.append(text)
        return unit("east" in text, "north" in text, 0.001)


TOPICS = TopicIndex((topic("space", "rocket OR NASA"), topic("sport", "football"), topic("tea", "tea")))
FAMILY = (
    topic("sport", "athletes"),
    topic("football", "football", parent="sport"),
    topic("cup", "final", parent="football"),
)
EXAMPLES = tuple(f"east {number}" for number in range(4))
EASTERN = topic("eastern", "compass", examples=EXAMPLES)


def test_a_story_is_in_the_topics_whose_rule_it_meets() -> None:
    assert TOPICS.topics_of(StoryText("NASA flies to the football", "")).keys() == {"space", "sport"}


def test_one_word_in_the_text_makes_no_topic_and_two_do() -> None:
    said = (StoryText("On time", "A rocket."), StoryText("On time", "A rocket of NASA."))
    assert [set(TOPICS.topics_of(story)) for story in said] == [set(), {"space"}]


def test_one_word_said_twice_is_one_word() -> None:
    assert not TOPICS.topics_of(StoryText("On time", "A rocket is a Rocket, and a rocket a rocket."))


def test_the_reason_names_the_words_and_where_they_stand() -> None:
    said = TOPICS.topics_of(StoryText("Rockets\nA rocket and its Rockets", "NASA said NASA flies rockets."))
    assert said == {"space": "“Rockets” in the headline; “NASA” in the text"}


def test_the_known_topics_of_its_feeds_are_kept() -> None:
    story = StoryText("Quiet day", "", frozenset({"sport", "unknown"}))
    assert TOPICS.topics_of(story) == {"sport": "from a feed on Sport"}


def test_a_passing_word_far_down_makes_no_topic() -> None:
    story = StoryText("Election", "vote " * LEAD + "football football final")
    assert not TopicIndex((topic("sport", "football OR final"),)).topics_of(story)


def test_a_word_kept_out_by_its_rule_makes_no_topic() -> None:
    index = TopicIndex((topic("football", "football -quarterback"),))
    found = [index.topics_of(StoryText("Football", text)) for text in ("", "A quarterback.")]
    assert [set(one) for one in found] == [{"football"}, set()]


def test_a_story_of_a_topic_is_in_those_above_it() -> None:
    assert TopicIndex(FAMILY).topics_of(StoryText("Final", "")) == {
        "cup": "“Final” in the headline",
        "football": "Cup is part of it",
        "sport": "Football is part of it",
    }


def test_a_topic_above_keeps_a_reason_of_its_own() -> None:
    found = TopicIndex(FAMILY).topics_of(StoryText("Athletes in the final", ""))
    assert found["sport"] == "“Athletes” in the headline"


def test_the_topics_above_are_known() -> None:
    assert TopicIndex(FAMILY).above("cup") == ("football", "sport")


def test_topics_above_each_other_end_somewhere() -> None:
    index = TopicIndex((topic("hen", "hen", parent="egg"), topic("egg", parent="hen")))
    assert index.topics_of(StoryText("Hen", "")).keys() == {"hen", "egg"}


def test_a_story_near_the_examples_is_in_the_topic_without_its_words() -> None:
    index = TopicIndex((EASTERN, topic("other", "other")), Compass())
    found = index.topics_of(StoryText("Sunrise", "", meaning=unit(1, 1, 0)))
    assert found == {"eastern": "like the example “east 0” (71 %)"}


def test_a_word_of_the_rule_is_believed_less_when_the_examples_are_far() -> None:
    index = TopicIndex((EASTERN,), Compass())
    story = StoryText("Compass", "")
    away = replace(story, meaning=unit(-1, 1, 0))
    assert [set(index.topics_of(one)) for one in (story, away)] == [{"eastern"}, set()]


def test_one_near_example_among_many_far_ones_is_not_enough() -> None:
    lonely = topic("lonely", "compass", examples=("east", "north 1", "north 2", "north 3"))
    index = TopicIndex((lonely,), Compass())
    assert not index.topics_of(StoryText("Sunrise", "", meaning=unit(1, -0.5, 0)))


def test_two_examples_are_as_good_as_many() -> None:
    index = TopicIndex((topic("eastern", "compass", examples=("east", "far east")),), Compass())
    east, west = (StoryText("Sunrise", "", meaning=unit(along, 0, 0)) for along in (1, -1))
    assert [set(index.topics_of(story)) for story in (east, west)] == [{"eastern"}, set()]


@pytest.mark.parametrize(("languages", "is_read"), [({"en"}, True), ({"de"}, False), ({"de", "en-GB"}, True)])
def test_the_meaning_of_a_story_in_another_language_is_not_gone_by(
    languages: set[str], is_read: bool
) -> None:
    index = TopicIndex((EASTERN,), Compass())
    story = StoryText("Sonne", "", languages=frozenset(languages), meaning=unit(1, 0, 0))
    assert bool(index.topics_of(story)) == is_read


def test_the_examples_are_read_when_they_are_needed_and_once() -> None:
    compass = Compass()
    index = TopicIndex((EASTERN,), compass)
    index.topics_of(StoryText("Compass", ""))
    before = list(compass.read)
    for _ in range(2):
        index.topics_of(StoryText("Compass", "", meaning=unit(1, 0, 0)))
    assert (before, len(compass.read)) == ([], len(EXAMPLES) + 1)


def test_the_examples_can_be_read_beforehand() -> None:
    compass = Compass()
    index = TopicIndex((EASTERN, topic("other", "other")), compass)
    index.learn()
    read = list(compass.read)
    index.topics_of(StoryText("Compass", "", meaning=unit(1, 0, 0)))
    assert compass.read == read
    assert set(EXAMPLES) < set(read)


MORE: list[Callable[[StoryText], StoryText]] = [
    lambda story: replace(story, text="Compass."),
    lambda story: replace(story, text="Compass. Magnet."),
    lambda story: replace(story, title="Compass"),
    lambda story: replace(story, title="Compass and magnet"),
    lambda story: replace(story, meaning=unit(1, 0.5, 0)),
]


@pytest.mark.parametrize("more", MORE)
def test_whatever_speaks_for_a_topic_makes_it_likelier(more: Callable[[StoryText], StoryText]) -> None:
    index = TopicIndex((replace(EASTERN, rule=parse("compass OR magnet")),), Compass())
    plain = StoryText("Sunrise", "", meaning=unit(0.2, 1, 0))
    assert 0 < index.scores(plain)["eastern"] < index.scores(more(plain))["eastern"] < 1


def test_a_topic_is_found_when_it_is_likelier_than_not() -> None:
    index = TopicIndex((EASTERN,), Compass())
    for slope in np.linspace(-1, 1, 21):
        story = StoryText("Sunrise", "", meaning=unit(float(slope), 1, 0))
        assert (index.scores(story)["eastern"] > 1 / 2) == ("eastern" in index.topics_of(story))


def test_where_no_topic_has_examples_nothing_is_to_be_learnt() -> None:
    compass = Compass()
    for index in (TopicIndex((), compass), TopicIndex((topic("tea", "tea"),), compass)):
        index.learn()
        assert index.topics_of(StoryText("Coffee", "", meaning=unit(1.0, 0.0, 0.0))) == {}


def test_no_topics_are_no_topics() -> None:
    assert TopicIndex(()).topics_of(StoryText("NASA", "", frozenset({"space"}))) == {}


def test_an_index_is_asked_many_times() -> None:
    assert [set(TOPICS.topics_of(StoryText(title, ""))) for title in ("rocket", "sea")] == [{"space"}, set()]
