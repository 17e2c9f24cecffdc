"""Near misses, narrower and wider filters, on weeks made for them; and that none of them is ever a lie."""

from datetime import UTC, datetime, timedelta
from zlib import crc32

import numpy as np
import pytest

from bot.alerts.language.parse import parse
from bot.alerts.language.plain import write
from bot.alerts.week.held import WIDTH, Week
from bot.alerts.week.story import read
from bot.alerts.week.tuning import looser
from bot.alerts.week.variants import narrower, near_misses, wider
from bot.alerts.week.vocabulary import Vocabulary
from bot.model import StoryText

AT = datetime(2026, 3, 1, tzinfo=UTC)
FIELDS = {"test": 0, "trial": 0, "launch": 0, "storm": 1, "rain": 1}  # words of one field have one direction

FILLING = (
    "The minister spoke about schools on a visit to the town",
    "A new library opens beside the river after years of work",
    "Bakers say the price of flour rose again during the winter",
    "Trains were late because a tree had fallen on the line",
    "The choir sang for an hour and the town applauded",
)


def meanings(text: str) -> np.ndarray:
    """Each word of FIELDS in the direction of its field, any other in one of its own."""
    found = np.zeros(WIDTH, np.float32)
    found[FIELDS.get(text.lower(), 3 + crc32(text.encode()) % (WIDTH - 3))] = 1
    return found


def week_of(*texts: str | StoryText, encode=meanings) -> Week:
    """A week of these stories among forty others, the newest first."""
    vocabulary = Vocabulary()
    given = [text if isinstance(text, StoryText) else StoryText("", text) for text in texts]
    filling = [StoryText(f"Notes of day {day}", line) for day in range(8) for line in FILLING]
    stories = [
        read(vocabulary, story, story_id=at, came_out_at=AT, updated_at=AT - timedelta(hours=at), entries=1)
        for at, story in enumerate((*given, *filling))
    ]
    return Week.of(vocabulary, stories, encode=encode)


def told(variants) -> dict[str, tuple[str, int, int]]:
    """Label → the filter's text, and its numbers."""
    return {one.label: (write(one.filter), one.matched, one.more) for one in variants}


MISSILES = (
    *("North Korea fired a missile in a test, its third launch of the year",) * 2,
    *("Korea announces the launch of another missile from the coast",) * 3,
    *("A rocket test ends with a launch abroad, with no damage done",) * 4,
)


def test_a_near_miss_is_a_word_of_the_clause_s_kin_with_what_it_would_bring_beside():
    found = near_misses(parse("korea test"), week_of(*MISSILES))
    assert told(found) == {"“launch” instead of “test”": ("korea launch", 5, 3)}


def test_a_clause_that_nothing_meets_is_replaced_by_what_it_misses_if_that_is_its_kin():
    found = near_misses(parse("korea trial"), week_of(*MISSILES))
    assert told(found) == {"“launch” instead of “trial”": ("korea launch", 5, 5)}
    assert near_misses(parse("korea zither"), week_of(*MISSILES)) == ()


def test_what_brings_far_more_is_no_near_miss():
    launches = ("Another launch of another firm in the market",) * 40
    assert near_misses(parse("test"), week_of(*MISSILES[:2], *launches)) == ()


def test_wider_offers_the_kin_as_an_alternative_and_a_clause_left_out_if_that_brings_something():
    found = told(wider(parse("korea test -damage"), week_of(*MISSILES)))
    assert found["“test” or “launch”"] == ("korea test OR launch -damage", 5, 3)
    assert found["with or without “test”"] == ("korea -damage", 5, 3)
    assert "with or without “korea”" not in found


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("korea source:Reuters", "not only from “Reuters”"),
        ("korea title:(a1 OR b1)", "not only with “a1” or “b1” in the headline"),
        ("korea a1 OR b1", "with or without “a1” or “b1”"),
        ("korea topic:sport", "not only in the topic “sport”"),
    ],
)
def test_a_clause_left_out_is_said_in_good_english(text, label):
    assert label in dict(looser(parse(text)))


def test_an_exclusion_can_be_given_up():
    week = week_of(*("A storm over the sea",) * 3, *("A storm on the football field",) * 2)
    assert told(wider(parse("storm -football"), week))["“football” too"] == ("storm", 5, 2)


def test_a_phrase_is_loosened_an_exact_word_inflected_and_a_headline_opened():
    week = week_of(
        "The rate decision came late",
        "The decision on the bank's key rates came late",
        StoryText("Rates and a decision", "Both came late, said the decision"),
    )
    assert told(wider(parse('"rate decision"'), week))["words near each other"] == ('"rate decision"~5', 3, 2)
    assert told(wider(parse("=decisions OR =rate"), week))["in any form of the words"][1:] == (3, 2)
    assert told(wider(parse("title:decision"), week))["also below the headline"] == ("decision", 3, 2)


def test_narrower_asks_for_the_headline():
    week = week_of(*("Rain in the hills",) * 3, StoryText("Rain at last", "In the hills"))
    assert told(narrower(parse("rain"), week)) == {"only in the headline": ("title:rain", 1, 0)}


def test_narrower_parts_a_filter_s_stories_by_the_words_that_mark_some_of_them():
    week = week_of(
        *("A storm brings rain and flooding to the coast",) * 6,
        *("Melbourne beat the Storm in a close football match",) * 5,
    )
    found = told(narrower(parse("storm"), week))
    only = [numbers for label, (_, *numbers) in found.items() if label.startswith("only with")]
    assert [5, 0] in only
    words = {label.partition("“")[2].rstrip("”") for label in found}
    assert words <= {"rain", "flooding", "coast", "brings", "Melbourne", "football", "match", "close", "beat"}


def test_narrower_parts_by_topics_called_by_their_names():
    sport = frozenset({"sport"})
    week = week_of(
        *(StoryText("Storm", f"Match {n}", topics=sport) for n in range(4)), *("A storm at sea",) * 6
    )
    found = told(narrower(parse("storm"), week, topic_name={"sport": "Sport"}.__getitem__))
    assert found["only in the topic “Sport”"] == ("storm topic:sport", 4, 0)
    assert found["not in the topic “Sport”"] == ("storm -topic:sport", 6, 0)


def test_an_about_is_moved_both_ways():
    def at(degrees):
        direction = np.zeros(WIDTH, np.float32)
        direction[1:3] = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        return StoryText("A headline", "Wet", meaning=direction)

    week = week_of(at(30), at(52), at(57), at(62))  # 87, 62, 54 and 47 % alike
    assert told(narrower(parse('about:"rain"~53'), week)) == {
        "at least 58 % alike": ('about:"rain"~58', 2, 0)
    }
    assert told(wider(parse('about:"rain"~51'), week)) == {"at least 46 % alike": ('about:"rain"~46', 4, 1)}
    assert narrower(parse('about:"rain"~95'), week) == ()


QUERIES = (
    *(
        "korea test",
        "storm",
        "-football storm",
        'title:storm OR "close football"',
        "(korea OR storm) -launch",
    ),
    *("topic:sport", "lang:en test", '"a storm brings"~3', "=test launch*", 'about:"storm"~40', "zither"),
)


@pytest.mark.parametrize("encode", [meanings, None])
@pytest.mark.parametrize("query", QUERIES)
def test_every_variant_is_another_filter_that_can_be_typed_with_the_numbers_it_has(query, encode):
    storms = ("A storm brings rain to the coast",) * 6 + ("Melbourne beat the Storm at close football",) * 5
    week = week_of(*MISSILES, *storms, encode=encode)
    filter_ = parse(query)
    now = week.meets(filter_.root)
    for given in (near_misses(filter_, week), narrower(filter_, week), wider(filter_, week)):
        assert len({one.filter for one in given}) == len({one.label for one in given}) == len(given) <= 5
        for one in given:
            then = week.meets(parse(write(one.filter)).root)
            assert one.filter != filter_
            assert (one.matched, one.more) == (then.sum(), (then & ~now).sum())
    assert all(one.more for one in (*near_misses(filter_, week), *wider(filter_, week)))
    assert all(0 < one.matched < now.sum() for one in narrower(filter_, week))
