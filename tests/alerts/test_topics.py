from bot.alerts.language import parse
from bot.alerts.topics import LEAD, Topic, TopicIndex
from bot.model import StoryText


def topic(id_: str, rule: str) -> Topic:
    return Topic(id_, id_.title(), "•", "", parse(rule))


TOPICS = TopicIndex((topic("space", "rocket OR NASA"), topic("sport", "football")))


def test_a_story_is_in_the_topics_whose_rule_it_meets() -> None:
    assert TOPICS.topics_of(StoryText("NASA flies to the football", "")) == {"space", "sport"}


def test_one_word_in_the_text_makes_no_topic_and_two_do() -> None:
    said = (StoryText("On time", "A rocket."), StoryText("On time", "A rocket of NASA."))
    assert [TOPICS.topics_of(story) for story in said] == [frozenset(), {"space"}]


def test_the_known_topics_of_its_feeds_are_kept() -> None:
    story = StoryText("Quiet day", "", frozenset({"sport", "unknown"}))
    assert TOPICS.topics_of(story) == {"sport"}


def test_a_passing_word_far_down_makes_no_topic() -> None:
    story = StoryText("Election", "vote " * LEAD + "football")
    assert TOPICS.topics_of(story) == frozenset()


def test_an_index_is_asked_many_times() -> None:
    assert [TOPICS.topics_of(StoryText(title, "")) for title in ("rocket", "tea")] == [{"space"}, set()]
