"""Why a story met a filter, and what it lacks where it did not, in words that are true of it."""

import numpy as np
import pytest

from bot.alerts.explain import Reason, missing, nearest, reason
from bot.alerts.language.parse import parse
from bot.alerts.words import StoryWords, matches
from bot.model import Match, StoryText

STORY = StoryText(
    title="Ferry strikes enter third day\nFerries idle in Northport",
    text="Talks in Northport failed. Let us hope.\nMissile tests went on.\nNorth of the border Korea waits.",
    topics=frozenset({"transport"}),
    sources=frozenset({"The Harbour", "BBC News"}),
    languages=frozenset({"en"}),
    meaning=np.eye(1, 384, dtype=np.float32)[0],
)


def meanings(text):
    """A text is as near to the story as it says."""
    return np.eye(1, 384, dtype=np.float32)[0] * int(text) / 100


def lacks(text, story=STORY, **options):
    return missing(parse(text), StoryWords(story, meanings), **options)


@pytest.mark.parametrize(
    ("filter_text", "said"),
    [
        ("japan", "it has no “japan”"),
        ("ferry japan", "it has “Ferry”, but not “japan”"),
        ("korea missile japan", "it has “Korea” and “Missile”, but not “japan”"),
        ("ferry japan OR china", "it has “Ferry”, but not “japan” or “china”"),
        ("tunnel OR japan", "it has no “tunnel” or “japan”"),
        ("ferry japa*", "it has “Ferry”, but not “japa…”"),
        ('"ferry strike"', "it has “Ferry strikes”, but not “ferry strike”"),
        ("=talk", "it has “Talks”, but not exactly “talk”"),
        ("ferry US", "it has “us”, but not “US” in capitals"),
        ('"north korea"', "it has the words of “north korea”, but not side by side"),
        ("title:korea", "it has “korea” in the text, but not in the headline"),
        ("title:japan", "it has no “japan” in the headline"),
        ('"talks hope"~1', "it has “hope” and “talks”, but not with at most 1 word between them"),
        ('"talks japan"~9', "it has no “japan”"),
        ("ferry -missile", "it has “Missile”, which the filter excludes"),
        ("ferry -topic:transport", "it is in the topic “transport”, which the filter excludes"),
        ("ferry -source:bbc", "it is from “bbc”, which the filter excludes"),
        ("topic:sport", "it is not in the topic “sport”; it is in transport"),
        ("source:reuters", "it is not from “reuters”; it is from BBC News and The Harbour"),
        ("ferry lang:de", "it is not in German; it is in English"),
        ('about:"40"~60', "it is 40 % near “40”, and the filter asks for 60 %"),
        (
            "ferry japan OR (korea tunnel)",
            "it does not meet this part: “japan” or both “korea” and “tunnel”",
        ),
    ],
)
def test_the_first_clause_that_fails_is_said_with_the_nearest_the_story_has(filter_text, said):
    assert lacks(filter_text) == said


def test_of_several_that_fail_the_first_as_typed_is_said():
    assert lacks("ferry tunnel japan -missile") == "it has “Ferry”, but not “tunnel”"


def test_of_a_story_that_meets_the_filter_nothing_is_missing():
    assert lacks('ferry "missile tests" -japan topic:transport') is None


def test_without_an_encoder_a_meaning_is_not_known():
    assert missing(parse('about:"40"'), StoryWords(STORY)) == "how near it is to “40” is not known"


def test_marks_and_names_of_topics_are_the_askers():
    said = lacks("topic:sport", mark=lambda word: f"<b>{word}</b>", topic_name=str.upper)
    assert said == "it is not in the topic <b>SPORT</b>; it is in TRANSPORT"


def test_a_match_is_explained_by_its_rule_its_words_and_its_sentence():
    match = Match("strike -sport", ("strikes",), 7, "Ferry strikes enter third day")
    assert reason(match) == Reason(
        rule="stories with “strike”, but not “sport”",
        words=("strikes",),
        sentence="Ferry strikes enter third day",
    )


def test_what_is_met_by_no_words_is_none_of_the_storys_words():
    text = 'ferry topic:transport source:bbc lang:en about:"80"~60'
    terms = matches(parse(text), STORY, meanings)
    why = reason(Match(text, terms))
    assert (why.words, why.about) == (("Ferry",), (("80", 80),))


def test_a_rule_that_cannot_be_read_any_more_is_none():
    assert reason(Match('"unreadable', ("x",))).rule is None


def test_the_nearest_of_several_meanings_is_found():
    others = np.stack([meanings(text) for text in ("20", "90", "50")])
    assert nearest(meanings("100"), others) == (1, 90)
