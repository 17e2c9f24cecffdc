import pytest
from hypothesis import given

from bot.alerts.explain import first_failure
from bot.alerts.index import matches
from bot.alerts.language import Filter, parse
from bot.model import StoryText
from tests.alerts.test_index import FILTERS, STORIES

STORY = StoryText("North Korea plays", "A sport report.", frozenset({"sport"}))


@pytest.mark.parametrize(
    ("filter_text", "reason"),
    [
        ("korea Missile OR rocket", 'no "Missile" or "rocket" in it'),
        ("korea -sport", 'it has "sport", which you excluded'),
        ("korea topic:ai", "it is not in the topic ai"),
        ("missile OR topic:ai", 'no "missile" in it, and it is not in the topic ai'),
        ("korea -topic:sport", "it is in the topic sport, which you excluded"),
        ('"korea north" C++', 'no "korea north" in it'),
        ("korea", None),
    ],
)
def test_the_first_failure_is_told_in_plain_words(filter_text: str, reason: str | None) -> None:
    assert first_failure(parse(filter_text), STORY) == reason


@given(FILTERS, STORIES)
def test_a_reason_is_given_just_when_there_is_no_match(filter_: Filter, story: StoryText) -> None:
    assert (first_failure(filter_, story) is None) == (matches(filter_, story) is not None)
