from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.index import Matcher, Sieve, matches
from bot.alerts.language import Filter, InTopic, Phrase, parse
from bot.model import StoryText

ATOMS = ["north", "korea", "us", "US", "TSLA", "c++", "the", "北", "京", "and", "19", "lus"]
WRITTEN = [
    "North",
    "Korea’s",
    "us",
    "U.S.",
    "US",
    "TSLA",
    "$tsla",
    "C++",
    "the",
    "北京",
    "京",
    "&",
    "19",
    "\n",
    "-",
    "x",
    "1,9",
    "ŁUS",
]
TERMS = st.one_of(
    st.lists(st.sampled_from(ATOMS), min_size=1, max_size=3).map(lambda atoms: Phrase(tuple(atoms))),
    st.sampled_from(["ai", "sport"]).map(InTopic),
)
FILTERS = st.builds(
    Filter,
    st.lists(st.lists(TERMS, min_size=1, max_size=3).map(tuple), min_size=1, max_size=3).map(tuple),
    st.lists(TERMS, max_size=1).map(tuple),
)
PROSE = st.lists(st.sampled_from(WRITTEN), max_size=12).map(" ".join)
STORIES = st.builds(StoryText, PROSE, PROSE, st.frozensets(st.sampled_from(["ai", "sport", "other"])))


@given(FILTERS, STORIES)
def test_the_sieve_holds_back_nothing_that_matches(filter_: Filter, story: StoryText) -> None:
    assert matches(filter_, story) is None or Sieve(story).lets_through(filter_)


def test_the_sieve_holds_back_what_has_not_the_words() -> None:
    sieve = Sieve(StoryText("Ferry strike ends", "Crews go back to work."))
    assert [sieve.lets_through(parse(text)) for text in ("ferry", "ferry OR missile", "missile")] == [
        True,
        True,
        False,
    ]


@given(st.lists(FILTERS, max_size=12), st.sets(st.integers(0, 11)), st.lists(STORIES, max_size=3))
def test_the_matcher_finds_what_brute_force_finds(
    filters: list[Filter], removed: set[int], stories: list[StoryText]
) -> None:
    matcher = Matcher()
    for number, filter_ in enumerate(filters):
        matcher.add(number, filter_)
    for number in removed:
        matcher.remove(number)
    left = {number: filter_ for number, filter_ in enumerate(filters) if number not in removed}
    for story in stories:
        expected = {n: terms for n, f in left.items() if (terms := matches(f, story)) is not None}
        assert matcher.match(story) == expected
    assert len(matcher) == len(left)


def test_the_trace_has_the_words_as_the_story_writes_them() -> None:
    story = StoryText("Missile over NORTH Korea’s coast", "A rocket, then a missile.", frozenset({"world"}))
    trace = matches(parse("rocket OR missile korea north topic:world"), story)
    assert trace == ("Missile", "NORTH", "Korea", "rocket", "topic:world")


def test_a_phrase_is_traced_as_one_piece() -> None:
    assert matches(parse("covid-19"), StoryText("The Covid 19 wave", "")) == ("Covid 19",)


def test_no_phrase_spans_title_and_text_or_two_paragraphs() -> None:
    phrase = parse('"north korea"')
    assert matches(phrase, StoryText("Up north", "Korea")) is None
    assert matches(phrase, StoryText("", "north\nKorea")) is None
    assert matches(phrase, StoryText("", "north Korea")) == ("north Korea",)


def test_an_exclusion_stops_a_match() -> None:
    assert matches(parse("korea -sport"), StoryText("Korea", "sport")) is None


def test_a_filter_is_replaced_under_its_id() -> None:
    matcher = Matcher()
    matcher.add(1, parse("north"))
    matcher.add(1, parse("south"))
    assert matcher.match(StoryText("north", "")) == {}
    assert matcher.match(StoryText("south", "")) == {1: ("south",)}


def test_equal_filters_of_two_subscribers_are_apart() -> None:
    matcher = Matcher()
    matcher.add(2, parse("a b"))
    matcher.add(1, parse("b a"))
    matcher.remove(2)
    assert matcher.match(StoryText("a b", "")) == {1: ("a", "b")}


def test_an_emptied_matcher_keeps_nothing() -> None:
    matcher = Matcher()
    matcher.add(1, parse("a OR b"))
    matcher.remove(1)
    matcher.remove(1)
    assert not matcher._anchored
    assert not matcher._groups
