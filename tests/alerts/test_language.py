import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.index import matches
from bot.alerts.language import (
    Filter,
    FilterError,
    InTopic,
    Phrase,
    canonical,
    describe,
    parse,
    topics_named,
    wish,
)
from bot.model import StoryText

PIECES = st.sampled_from(
    [
        *(
            "north",
            "Korea",
            "C++",
            "A.I.",
            "AT&T",
            "COVID-19",
            "O'Neill",
            "U.S.",
            "us",
            "$TSLA",
            "#tag",
            "1,000",
        ),
        *('"exact phrase"', "“curly one”", "«à part»", "-sport", '−"two words"', "topic:ai", "-topic:sport"),
        *(
            "OR",
            "|",
            "AND",
            "NOT",
            "北京",
            "ไทย",
            "-",
            "–",
            "(",
            ")",
            '"',
            "topic:",
            ",",
            "é",
            "북한",
            "don't",
        ),
    ]
)
TEXTS = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=8).map(" ".join))


def words(*atoms: str) -> Phrase:
    return Phrase(atoms)


def meets(filter_text: str, title: str) -> bool:
    return matches(parse(filter_text), StoryText(title, "")) is not None


def test_all_words_are_required() -> None:
    assert parse("north korea") == Filter(((words("north"),), (words("korea"),)))


def test_or_binds_tighter_than_spaces() -> None:
    expected = Filter(((words("north"),), (words("korea"),), (words("missile"), words("rocket"))))
    assert parse("north korea missile OR rocket") == parse("north korea missile|rocket") == expected


@pytest.mark.parametrize(
    "text", ['"north korea"', "“north korea”", "«North Korea»", "„north korea“", "north-korea"]
)
def test_a_phrase_stands_in_quotation_marks_of_any_shape(text: str) -> None:
    assert parse(text) == Filter(((words("north", "korea"),),))


@pytest.mark.parametrize("text", ["a -b", "a −b", "a –b", "a NOT b", '-"b" a', "a AND -b", "a a -b -b"])
def test_exclusions_are_written_in_many_ways(text: str) -> None:
    assert parse(text) == Filter(((words("a"),),), (words("b"),))


def test_topics_are_asked_for_and_excluded() -> None:
    filter_ = parse("topic:AI -topic:sport")
    assert filter_ == Filter(((InTopic("ai"),),), (InTopic("sport"),))
    assert topics_named(filter_) == {"ai", "sport"}


def test_lower_case_or_is_a_word() -> None:
    assert parse("life or death") == Filter(((words("life"),), (words("or"),), (words("death"),)))


@pytest.mark.parametrize(
    ("filter_text", "title", "expected"),
    [
        ("ai", "rain in Spain", False),
        ("ai", "AI wins", True),
        ("A.I.", "AI wins", True),
        ("AI", "A.I. wins", True),
        ("AI", "appello ai ministri", False),
        ("C++", "plain C", False),
        ("C++", "C++26 is out", True),
        ("C", "C++ is out", False),
        ("AT&T", "AT&T buys", True),
        ("COVID-19", "Covid 19 wave", True),
        ("COVID-19", "Covid wave, 19 dead", False),
        ("o'neill", "O’Neill’s plan", True),
        ("korea", "Korea's plan", True),
        ("U.S.", "US strikes", True),
        ("U.S.", "join us", False),
        ("us", "US strikes", True),
        ("WHO", "who is it", False),
        ("$TSLA", "Tesla (TSLA) falls", True),
        ("$NOW", "now it falls", False),
        ("$F", "$F falls", True),
        ("$F", "F for fail", False),
        ("#Ukraine", "aid for Ukraine", True),
        ("1000", "1,000 dead", True),
        ("3.5", "a 3.5% rise", True),
        ("iran", "l’Iran répond", True),
        ("sao paulo", "São Paulo", True),
        ("shell", "she'll go", False),
        ("北京", "今日北京地震", True),
        ("北京", "北の京", False),
        ("ไทย", "ประเทศไทยวันนี้", True),
        ("북한", "북한이 발사", True),
        ('"north korea"', "North of Korea", False),
        ("nato", "Nato summit", True),
    ],
)
def test_words_match_as_a_person_expects(filter_text: str, title: str, expected: bool) -> None:
    assert meets(filter_text, title) is expected


@pytest.mark.parametrize(
    ("text", "position", "part"),
    [
        ("a OR", 2, "missing after OR"),
        ("OR a", 0, "missing before OR"),
        ("a OR OR b", 2, "missing after OR"),
        ("a OR -b", 5, "exclusion"),
        ("-a OR b", 3, "exclusion"),
        ("a NOT", 2, "missing after the minus"),
        ("a -", 2, "minus"),
        ('x "a b', 2, "not closed"),
        ('x ""', 2, "no word"),
        ("-a", 1, "match everything"),
        ("", 0, "nothing to look for"),
        ("!!!", 0, "nothing to look for"),
        ("x" * 301, 300, "longer than 300"),
        ("(a OR b)", 0, "brackets"),
        ("topic:", 0, "topic"),
        ("a site:x.org", 2, "only field"),
        ("a -a", 3, "never match"),
    ],
)
def test_an_unreadable_filter_says_what_and_where(text: str, position: int, part: str) -> None:
    with pytest.raises(FilterError, match=part) as caught:
        parse(text)
    assert caught.value.position == position


def test_a_longer_filter_may_be_allowed() -> None:
    assert parse("x" * 301, max_length=400).required


@given(TEXTS)
def test_any_text_parses_or_says_where_it_does_not(text: str) -> None:
    try:
        parse(text)
    except FilterError as error:
        position = error.position
    else:
        position = 0
    assert 0 <= position <= len(text)


@given(TEXTS)
def test_the_canonical_text_parses_back_to_the_same_filter(text: str) -> None:
    try:
        filter_ = parse(text)
    except FilterError:
        return
    again = parse(canonical(filter_), max_length=10_000)
    assert again == filter_
    assert hash(again) == hash(filter_)
    assert canonical(again) == canonical(filter_)


def test_equal_filters_have_one_canonical_text() -> None:
    assert canonical(parse("b OR c A -z -y")) == canonical(parse("a -y C|B a -z")) == "a b OR c -y -z"


def test_a_filter_reads_as_plain_words() -> None:
    text = describe(parse("north korea missile OR rocket -sport"), mark=lambda term: f"*{term}*")
    assert text == "stories with *north*, *korea* and *missile* or *rocket*, but not *sport*"


def test_a_description_keeps_the_spelling_and_names_topics() -> None:
    assert (
        describe(parse("C++ -topic:sport -A.I.")) == "stories with “C++”, but not the topic “sport” or “A.I.”"
    )


@pytest.mark.parametrize(
    ("sentence", "filter_text"),
    [
        (
            "tell me about missile tests in North Korea but not sports",
            'missile tests OR test "north korea" -sports',
        ),
        ("earthquakes", "earthquakes OR earthquake"),
        ("ferries or buses", "ferries OR ferry OR buses"),
        ("the gas crisis", "gas crisis"),
        ("news about the ferry strike please", "ferry strike"),
        ("anything on climate change or global warming", '"climate change" OR "global warming"'),
        ("Iran, Iraq or Syria without oil prices", 'iran OR iraq OR syria -"oil prices"'),
        ("what's happening in Sudan?", "sudan"),
        ("New York", '"new york"'),
        ("the US and the WHO", "US WHO"),
        ("please", None),
        ("", None),
        ("but not sports", None),
    ],
)
def test_a_sentence_becomes_a_proposal(sentence: str, filter_text: str | None) -> None:
    proposed = wish(sentence)
    assert (proposed and proposed[0]) == filter_text


@given(TEXTS)
def test_every_proposal_is_a_filter(text: str) -> None:
    proposed = wish(text)
    assert proposed is None or parse(proposed[0]) == proposed[1]
