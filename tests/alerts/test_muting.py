"""A muted word, source, story or topic keeps a story from its reader, and nothing else does."""

import pytest

from bot.alerts.muting import muted_by, said
from bot.alerts.words import StoryWords
from bot.model import MuteKind, StoryText
from bot.storage.mutes import Mute

STORY = StoryText(
    title="Ferries stay in port",
    text="The ferry union said no.\nA royal family watched in North Korea.",
    topics=frozenset({"transport", "economy"}),
    sources=frozenset({"BBC News", "The Harbour"}),
    languages=frozenset({"en"}),
    addresses=frozenset({"https://www.bbc.co.uk/news/1", "https://harbour.example/2"}),
)
WORD, SOURCE, TOPIC = MuteKind.WORD, MuteKind.SOURCE, MuteKind.TOPIC


def mute(kind, value, number=1):
    return Mute(number, 1, kind, value, None)


def found(*mutes, story=STORY, story_ids=(7,)):
    by = muted_by(mutes, StoryWords(story), story_ids=story_ids)
    return None if by is None else by.value


@pytest.mark.parametrize("word", ["ferry", "FERRIES", "union", '"royal family"', "north-korea", "ferr*"])
def test_a_muted_word_mutes_every_story_that_has_it_in_any_form(word):
    assert found(mute(WORD, word)) == word


@pytest.mark.parametrize("word", ["ferr", "=ferrys", '"family royal"', "title:union", '"unreadable', ""])
def test_a_word_that_is_not_there_or_cannot_be_read_mutes_nothing(word):
    assert found(mute(WORD, word)) is None


def test_a_muted_story_is_muted_by_each_number_that_it_is_known_by():
    assert found(mute(MuteKind.STORY, "5"), story_ids={7, 5}) == "5"
    assert found(mute(MuteKind.STORY, "70"), story_ids={7, 5}) is None


def test_a_muted_topic_mutes_the_stories_in_it():
    assert found(mute(TOPIC, "economy")) == "economy"
    assert found(mute(TOPIC, "econ")) is None


def test_a_source_mutes_only_the_stories_that_no_other_has():
    alone = StoryText("Ferries", "", sources=frozenset({"BBC News"}))
    assert found(mute(SOURCE, "BBC News"), story=alone) == "BBC News"
    assert found(mute(SOURCE, "bbc"), story=alone) == "bbc"
    assert found(mute(SOURCE, "BBC News")) is None
    assert found(mute(SOURCE, "BBC News"), mute(SOURCE, "Al Jazeera", 2)) is None


def test_muted_sources_mute_together():
    assert found(mute(SOURCE, "the harbour"), mute(SOURCE, "bbc", 2)) == "bbc"
    assert found(mute(SOURCE, "bbc.co.uk"), mute(SOURCE, "harbour.example", 2)) == "harbour.example"


@pytest.mark.parametrize(("value", "is_muted"), [("bbc.co.uk/news", True), ("bbc.co.uk/sport", False)])
def test_a_source_is_muted_by_its_address_too(value, is_muted):
    links = frozenset({"https://www.bbc.co.uk/news/1", "https://bbc.co.uk/news/2"})
    alone = StoryText("Ferries", "", sources=frozenset({"BBC News"}), addresses=links)
    assert (found(mute(SOURCE, value), story=alone) is not None) == is_muted


def test_a_source_without_a_link_is_not_muted_by_the_address_of_another():
    story = StoryText("Ferries", "", sources=STORY.sources, addresses=frozenset({"https://bbc.co.uk/1"}))
    assert found(mute(SOURCE, "bbc.co.uk"), story=story) is None


def test_a_story_of_no_source_is_muted_by_none():
    assert found(mute(SOURCE, "bbc"), story=StoryText("Ferries", "")) is None


def test_without_mutes_nothing_is_muted():
    assert found() is None


def test_the_first_mute_that_holds_is_named_with_its_reason():
    mutes = [mute(WORD, "tunnel"), mute(TOPIC, "economy", 2), mute(WORD, "ferry", 3)]
    by = muted_by(mutes, StoryWords(STORY), story_ids=())
    assert said(by) == "muted: the topic economy"
    reasons = [said(mute(kind, "x")) for kind in MuteKind]
    assert reasons == ["muted: the word x", "muted: the source x", "muted: this story", "muted: the topic x"]
