from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.alerts.index.conjuncts import MOST_CONJUNCTS, Conjunct, Kind, Literal, conjuncts
from bot.alerts.rule import All, Either, Form, InTopic, Near, Node, Not, Phrase, Word

NAMES = "abcd"
TOPICS = st.sampled_from(NAMES).map(InTopic)
NODES = st.recursive(
    TOPICS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: All(tuple(parts))),
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: Either(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=10,
)


def is_true(node: Node, held: set[str]) -> bool:
    match node:
        case All(parts):
            return all(is_true(part, held) for part in parts)
        case Either(parts):
            return any(is_true(part, held) for part in parts)
        case Not(part):
            return not is_true(part, held)
        case InTopic(name):
            return name in held
    raise AssertionError(node)


def is_met(conjunct: Conjunct, held: set[str]) -> bool:
    wanted, absent = ({one.text for one in some} for some in (conjunct.wanted, conjunct.absent))
    return wanted <= held and not absent & held


@settings(max_examples=60)
@given(NODES)
def test_a_story_that_meets_the_node_meets_a_conjunct_and_the_reverse_where_it_says_so(node: Node) -> None:
    found = conjuncts(node)
    for chosen in product((False, True), repeat=len(NAMES)):
        held = {name for name, is_in in zip(NAMES, chosen, strict=True) if is_in}
        met = [one for one in found if is_met(one, held)]
        assert met or not is_true(node, held)
        assert is_true(node, held) or not any(one.is_all for one in met)


def exact(*words: str) -> Phrase:
    return Phrase(tuple(Word(word, Form.EXACT) for word in words))


def test_many_alternatives_of_many_clauses_stay_few_and_say_that_they_are_not_all() -> None:
    clauses = tuple(Either(tuple(exact(f"{clause}{one}") for one in range(6))) for clause in "abcde")
    found = conjuncts(All(clauses))
    assert 1 < len(found) <= MOST_CONJUNCTS
    assert not any(one.is_all for one in found)


def test_one_clause_of_many_alternatives_is_whole_however_many_they_are() -> None:
    found = conjuncts(All((exact("a"), Either(tuple(exact(f"w{one}") for one in range(90))))))
    assert [one.is_all for one in found] == [True] * 90
    assert len(conjuncts(Either(tuple(exact(f"w{one}") for one in range(90))))) == 90


def test_exact_words_side_by_side_are_one_literal_and_more_than_four_are_several() -> None:
    assert conjuncts(exact("north", "korea")) == [
        Conjunct(frozenset({Literal(Kind.RUN, "north korea")}), frozenset(), is_all=True)
    ]
    (found,) = conjuncts(exact("a", "b", "c", "d", "e"))
    assert {one.text for one in found.wanted} == {"a b c d", "b c d e"}
    assert not found.is_all


def test_scripts_without_spaces_need_no_stemmer() -> None:
    (found,) = conjuncts(Phrase((Word("東"), Word("京"))))
    assert found == Conjunct(frozenset({Literal(Kind.RUN, "東 京")}), frozenset(), is_all=True)


def test_what_must_not_be_near_is_no_literal() -> None:
    near = Near((Word("a"), Word("b")), 5)
    (found,) = conjuncts(All((exact("c"), Not(near))))
    assert (found.wanted, found.absent, found.is_all) == ({Literal(Kind.EXACT, "c")}, frozenset(), False)


def test_a_contradiction_leaves_nothing() -> None:
    assert conjuncts(All((exact("a"), Not(exact("a"))))) == []
