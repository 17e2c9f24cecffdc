"""Words that a reader may want to exclude say what the story is about, and are none of the filter's."""

import pytest

from bot.alerts.exclusions import worth_excluding
from bot.alerts.language.parse import parse
from bot.alerts.words import StoryWords, evaluate
from bot.model import StoryText


def offered(filter_text, title, text="", language="en"):
    story = StoryText(title, text, languages=frozenset({language} if language else ()))
    return worth_excluding(parse(filter_text), StoryWords(story))


def test_the_words_that_the_story_repeats_come_first():
    text = "The union said talks failed. Unions want more talks, and the union will strike."
    assert offered("strike", "Ferry strike goes on as union talks fail", text) == ("union", "talks", "fail")


@pytest.mark.parametrize("asked", ["strikes", '"ferry strike"', "port -strike", '"strike port"~3'])
def test_a_word_of_the_filters_is_not_offered_in_any_form(asked):
    assert "strike" not in offered(asked, "Harbour strike")


def test_what_says_nothing_of_the_subject_is_not_offered():
    assert offered("ferry", "What you need to know on Monday: 3 of 10,000 ferries for the US") == ()


def test_words_are_offered_as_the_headline_writes_them():
    assert offered("ferry", "Ferry: Überfall in Łódź", language="de") == ("Überfall", "Łódź")


def test_scripts_without_spaces_offer_no_words():
    assert offered("渡轮", "渡轮罢工进入第三天", language="zh") == ()


def test_an_excluded_word_keeps_the_story_out():
    title = "Football club strikes a deal over new stadium"
    story = StoryWords(StoryText(title, "Football is football.", languages=frozenset({"en"})))
    assert evaluate(parse("strike"), story) is not None
    for word in worth_excluding(parse("strike"), story):
        assert evaluate(parse(f"strike -{word}"), story) is None
