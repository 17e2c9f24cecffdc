"""The evaluator, the index and the language, held to the naive evaluator of `tests.alerts.brute`."""

import os
import unicodedata
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from bot.alerts.index.matcher import Matcher
from bot.alerts.language.parse import FilterError, parse, read_stored
from bot.alerts.language.plain import canonical, describe, write
from bot.alerts.language.worth import asks_too_little, impossible
from bot.alerts.rule import All, Either, Filter, Form, Near, Node, Not, Phrase, normal, terms
from bot.alerts.words import StoryWords, evaluate
from tests.alerts.brute import Read, brute, holds
from tests.alerts.strategies import asks_for_something, filters, meanings, nodes, stories, typed

pytestmark = pytest.mark.filterwarnings(
    "ignore:Generating overly large repr"
)  # of strategies, when one fails
FEW_PAIRS = 2_500
MOST_IDS = 60
PAIRS_AN_EXAMPLE = 100  # at least, and three times that as a rule
_SIGNS = "\"“”«()（|-−*~:=,.&'$# \nß東\0"
MARKS = st.sampled_from((*_SIGNS, "OR", "AND", "NOT", " OR ", " NOT ", "title:", "about:", "when:"))

thorough = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@st.composite
def rounds(draw):
    """Filters; and several times: which of them stand under which ids from now on, and stories that come then.

    An id's filter is often replaced or, by None, removed; a filter often stands under several ids.
    """
    some = draw(st.lists(filters, min_size=10, max_size=25))
    change = st.tuples(st.integers(0, MOST_IDS), st.none() | st.sampled_from(some))
    changes = st.lists(change, min_size=20, max_size=MOST_IDS)
    return some, draw(
        st.lists(st.tuples(changes, st.lists(stories, min_size=5, max_size=8)), min_size=2, max_size=3)
    )


def compare(pairs: int) -> Counter[bool]:
    """Compares the evaluator and the index with brute force on so many pairs; counts those met and not met."""
    seen: Counter[bool] = Counter()

    @settings(thorough, max_examples=max(1, pairs // PAIRS_AN_EXAMPLE), derandomize=pairs <= FEW_PAIRS)
    @given(rounds())
    def walk(drawn):
        if seen.total() >= pairs:
            return
        some, times = drawn
        matcher, standing = Matcher(meanings), {}
        for changes, arrived in times:
            for filter_id, filter_ in changes:
                standing.pop(filter_id, None)
                matcher.remove(filter_id)
                if filter_ is not None:
                    standing[filter_id] = filter_
                    matcher.add(filter_id, filter_, subscriber_id=filter_id % 7)
            for story in arrived:
                words, read = StoryWords(story, meanings), Read(story, meanings)
                met = {filter_: holds(filter_.root, read) for filter_ in some}
                assert {one: evaluate(one, words) is not None for one in some} == met
                hits = matcher.match(words)
                expected = sorted(filter_id for filter_id, one in standing.items() if met[one])
                found = sorted(zip(hits.filter_ids.tolist(), hits.subscriber_ids.tolist(), strict=True))
                assert found == [(filter_id, filter_id % 7) for filter_id in expected]
                assert len(matcher) == len(standing)
                seen.update(met.values())

    walk()
    return seen


def test_on_a_few_random_pairs_evaluator_and_index_agree_with_brute_force():
    seen = compare(FEW_PAIRS)
    assert seen.total() >= FEW_PAIRS
    assert seen[True] > 0.05 * seen.total()


@pytest.mark.filters
def test_on_many_random_pairs_evaluator_and_index_agree_with_brute_force():
    pairs = int(os.environ.get("PAIRS", "100000"))
    seen = compare(pairs)
    print(f"{seen.total()} pairs, {seen[True]} of them met, no difference")
    assert seen.total() >= pairs
    assert seen[True] > 0.05 * seen.total()


@settings(thorough, max_examples=80)
@given(nodes, st.lists(stories, min_size=1, max_size=3))
def test_the_normal_form_means_the_same(node, some):
    for story in some:
        assert brute(Filter(normal(node)), story, meanings) == brute(Filter(node), story, meanings)


@settings(thorough, max_examples=150)
@given(filters, stories, st.randoms(use_true_random=False))
def test_a_filter_is_written_so_that_it_is_read_back_and_means_the_same(filter_, story, dice):
    assume(not asks_too_little(filter_.root))
    assume(not impossible(filter_.root))
    text = canonical(filter_)
    for back in (read_stored(text), read_stored(write(filter_))):
        assert back == filter_
        assert brute(back, story, meanings) == brute(filter_, story, meanings)
    shuffled = Filter(turned(filter_.root, dice))
    assert shuffled == filter_
    assert canonical(shuffled) == text


@settings(thorough, max_examples=100)
@given(typed, st.lists(stories, min_size=1, max_size=3))
def test_what_is_typed_is_read_as_it_is_meant(given_, some):
    text, node = given_
    if not asks_for_something(normal(node)):
        with pytest.raises(FilterError, match="would match nearly everything"):
            parse(text)
        return
    assume(not asks_too_little(normal(node)))
    assume(not impossible(normal(node)))
    filter_ = parse(text)
    assert filter_ == Filter(normal(node))
    assert read_stored(canonical(filter_)) == read_stored(write(filter_)) == filter_
    for story in some:
        assert (evaluate(filter_, StoryWords(story, meanings)) is not None) == brute(
            Filter(node), story, meanings
        )


@settings(thorough, max_examples=300)
@given(st.one_of(st.text(max_size=60), st.lists(MARKS | st.text(max_size=3), max_size=20).map("".join)))
@example("title:(a OR source:b)")
@example("x" * 1_001)
@example("(" * 40)
def test_junk_is_a_filter_or_a_mistake_with_its_place(text):
    check(text)


@settings(thorough, max_examples=150)
@given(typed, st.lists(st.tuples(st.integers(0, 200), st.integers(0, 2), MARKS), min_size=1, max_size=3))
def test_a_filter_with_slips_in_it_is_a_filter_or_a_mistake_with_its_place(given_, slips):
    text, _ = given_
    for at, dropped, put in slips:
        text = text[: at % (len(text) + 1)] + put + text[at % (len(text) + 1) + dropped :]
    check(text)


def read(text):
    """The filter; None where it is a mistake, which has its place."""
    try:
        return parse(text)
    except FilterError as error:
        mistake = error
    assert 0 <= mistake.position <= len(text)
    assert str(mistake).strip()
    return None


def check(text):
    filter_ = read(text)
    if filter_ is None:
        return
    assert filter_.root == normal(filter_.root)
    assert read_stored(canonical(filter_)) == filter_
    assert read_stored(write(filter_)) == filter_
    assert canonical(read_stored(write(filter_))) == canonical(filter_)
    assert describe(filter_).startswith("stories ")


@settings(thorough, max_examples=100)
@given(filters, stories, st.sampled_from(["NFD", "NFC", "accents", "spaces", "case"]))
def test_case_accents_and_spaces_of_a_story_change_nothing(filter_, story, change):
    assume(change != "case" or not any(map(asks_for_capitals, terms(filter_.root))))
    other = replace(story, title=changed(story.title, change), text=changed(story.text, change))
    before, after = (evaluate(filter_, StoryWords(one, meanings)) for one in (story, other))
    assert (before is None) == (after is None)
    assert brute(filter_, other, meanings) == brute(filter_, story, meanings)


@settings(thorough, max_examples=60)
@given(typed)
def test_spaces_around_a_filter_and_accents_in_it_change_nothing(given_):
    text, _ = given_
    filter_ = read(text)
    assume(filter_ is not None)
    accented = text if ":" in text else text.replace("e", "é")
    for other in (f"  {text}\n", text.replace(" ", "  "), unicodedata.normalize("NFD", text), accented):
        assert parse(other) == filter_


def asks_for_capitals(term):
    return isinstance(term, Phrase | Near) and any(word.form is Form.CAPITALS for word in term.words)


def changed(text, change):
    match change:
        case "case":
            return text.swapcase()
        case "spaces":
            return text.replace(" ", "   ")
        case "accents":
            return "".join(f"{one}\u0301" if one.isascii() and one.isalpha() else one for one in text)
        case form:
            return unicodedata.normalize(form, text)


def turned(node: Node, dice) -> Node:
    """The node with the parts of All and Either in another order."""
    match node:
        case All(parts) | Either(parts):
            return type(node)(tuple(dice.sample([turned(part, dice) for part in parts], len(parts))))
        case Not(part):
            return Not(turned(part, dice))
        case _:
            return node
