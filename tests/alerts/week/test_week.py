"""Filters on a week held in arrays: the same answers as story by story, and what the arrays keep beside."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.alerts.language.parse import parse
from bot.alerts.rule import Filter, Node
from bot.alerts.week.held import Week
from bot.alerts.week.story import Read, read
from bot.alerts.week.vocabulary import Vocabulary
from bot.alerts.words import StoryWords, evaluate
from bot.model import StoryText
from tests.alerts.strategies import meanings, nodes, stories

AT = datetime(2026, 3, 1, tzinfo=UTC)
some_nodes = st.lists(nodes, min_size=5, max_size=10)
some_stories = st.lists(stories, min_size=4, max_size=8)
thorough = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def read_all(vocabulary: Vocabulary, texts: list[StoryText]) -> list[Read]:
    return [
        read(vocabulary, text, story_id=number, came_out_at=AT, updated_at=AT, entries=1)
        for number, text in enumerate(texts)
    ]


def week_of(*texts: StoryText) -> Week:
    vocabulary = Vocabulary()
    return Week.of(vocabulary, read_all(vocabulary, list(texts)), encode=meanings)


def found(week: Week, text: str) -> list[bool]:
    return week.meets(parse(text).root).tolist()


def check(some: list[Node], texts: list[StoryText]) -> None:
    week = week_of(*texts)
    stories = [StoryWords(text, meanings) for text in texts]
    for node in some:
        one_by_one = [evaluate(Filter(node), words) is not None for words in stories]
        assert week.meets(node).tolist() == one_by_one


@given(some_nodes, some_stories)
@settings(thorough, max_examples=25)
def test_the_week_answers_as_each_story_would(some, texts):
    check(some, texts)


@pytest.mark.filters
@given(some_nodes, some_stories)
@settings(thorough, max_examples=1500)
def test_the_week_answers_as_each_story_would_at_length(some, texts):
    check(some, texts)


@given(some_nodes, some_stories, st.data())
@settings(thorough, max_examples=10)
def test_a_trimmed_vocabulary_answers_as_before_for_the_stories_that_are_left(some, texts, data):
    week = week_of(*texts)
    left = data.draw(st.lists(st.integers(0, len(texts) - 1), unique=True))
    fewer = Week.of(week.vocabulary, [week.story(at) for at in left], encode=meanings)
    vocabulary, tokens = week.vocabulary.trimmed(fewer.tokens)
    trimmed = replace(fewer, vocabulary=vocabulary, tokens=tokens, _kept={})
    for node in some:
        assert trimmed.meets(node).tolist() == week.meets(node)[left].tolist()
    assert len(vocabulary) <= len(week.vocabulary)


def test_each_story_is_read_in_its_own_language():
    week = week_of(
        StoryText("Die Häuser", "", languages=frozenset({"de"})),
        StoryText("The houses", "", languages=frozenset({"en"})),
        StoryText("Las casas", "", languages=frozenset({"es"})),
        StoryText("The houses", "", languages=frozenset({"ja"})),  # no stemmer: the word itself only
    )
    assert found(week, "haus OR house OR casa") == [True, True, True, False]


def test_words_are_near_in_one_paragraph_only_and_each_has_a_place_of_its_own():
    week = week_of(
        StoryText("", "The missile was seen\nbefore a test"),
        StoryText("", "Testing a missile"),
        StoryText("", "One missile"),
        StoryText("", "A missile beside other missiles"),
    )
    assert found(week, '"missile test"~5') == [False, True, False, False]
    assert found(week, '"missile missiles"~5') == [False, False, False, True]
    assert found(week, '"missile missiles a be*"~5') == [False, False, False, True]
    assert found(week, '"missile missiles missile"~5') == [False] * 4


def test_a_word_is_spelt_as_most_stories_write_it():
    vocabulary = Vocabulary()
    texts = ["In Ragnarök", "NVIDIA and Ragnarök", "Nvidia and Nvidia", "Nvidia ragnarok"]
    read_all(vocabulary, [StoryText("RAGNARÖK NVIDIA", text) for text in texts])
    numbers = [vocabulary.exact(term)[0] for term in ("ragnarok", "nvidia")]
    assert [vocabulary.spelling(number) for number in numbers] == ["Ragnarök", "Nvidia"]


def test_a_week_without_stories_answers():
    assert found(week_of(), 'a"b c" OR "d e"~3 OR topic:x OR about:"a cup final" OR source:y') == []
