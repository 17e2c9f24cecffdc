"""A filter read back: one canonical text, the typed spelling, and plain English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.language.parse import FilterError, parse, read_stored
from bot.alerts.language.plain import canonical, describe, say, write

TERMS = st.sampled_from(
    [
        *(
            "north",
            "Korea",
            "C++",
            "A.I.",
            "AT&T",
            "COVID-19",
            "O'Neill",
            "US",
            "us",
            "$TSLA",
            "#tag",
            "1,000",
        ),
        *(
            "climat*",
            "=ships",
            "=US",
            "US-China",
            "wa*-talks",
            "北京",
            "北京*",
            "iPhone手机",
            "북한",
            "ไทย",
            "é",
            "½",
        ),
        *(
            '"exact phrase"',
            "“curly one”",
            "«à part»",
            '"US oil"',
            '"$TSLA falls"',
            '"one"',
            '"chang* climat"',
        ),
        *(
            '"korea missil*"~5',
            '"b a"~5',
            '"US talks"~45',
            "title:x",
            'title:"u v"',
            "title:=w",
            "intitle:y*",
        ),
        *("topic:ai", "source:reuters", 'source:"BBC News"', "site:http://www.x.org/a?b", "lang:german"),
        *('about:"free text"', "about:«a “b” c»~60", "about:ferry~30"),
    ]
)
NODES = st.recursive(
    TERMS,
    lambda inner: st.builds(
        lambda joint, minus, parts: f"{minus}({joint.join(parts)})",
        st.sampled_from([" ", " OR ", " AND "]),
        st.sampled_from(["", "", "-"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=12,
)
TEXTS = st.builds("{}{}".format, st.sampled_from(["", "zebra "]), NODES)


@given(TEXTS)
def test_every_way_back_into_text_is_read_as_the_same_filter(text: str) -> None:
    try:
        filter_ = parse(text)
    except FilterError:
        return
    one = canonical(filter_)
    again = read_stored(one)
    assert again == filter_
    assert hash(again) == hash(filter_)
    assert canonical(again) == one
    typed = write(filter_)
    assert read_stored(typed) == filter_
    assert write(read_stored(typed)) == typed
    assert describe(read_stored(typed)) == describe(filter_)


@pytest.mark.parametrize(
    ("one", "other", "canonical_text"),
    [
        ("b9 OR c9 A9 -z9 -y9", "a9 -y9 C9|B9 a9 -z9", "a9 b9 OR c9 -y9 -z9"),
        ("(b9 a9) OR c9", "c9 OR (A9 AND B9)", "(a9 b9) OR c9"),
        ("gold -(b9 a9)", "-(A9 B9) gold", "gold -(a9 b9)"),
        ("title:(b9 OR a9)", "title:A9 OR intitle:b9", "title:a9 OR title:b9"),
        ('"missile korea"~5', '"Korea Missile"~5', '"korea missile"~5'),
        ("COVID-19", "covid-19", "covid-19"),
        ("U.S.", "US", "US"),
        ("$tsla", "$TSLA", "$TSLA"),
        ('"missile"', "=Missile", "=missile"),
        ("site:www.BBC.co.uk/", "source:https://bbc.co.uk", "source:bbc.co.uk"),
        ("北京", "北-京", "北京"),
        ('about:"x  y"~45', "about:“x y”", 'about:"x y"~45'),
    ],
)
def test_equal_filters_have_one_canonical_text(one: str, other: str, canonical_text: str) -> None:
    assert canonical(parse(one)) == canonical(parse(other)) == canonical_text


@pytest.mark.parametrize(
    "text",
    [
        "Korea missile OR rocket -sport",
        "(North Sea) OR Oil",
        "“Rate Decision”",
        "=Missiles climat* $TSLA #Ukraine",
        'source:"BBC News" OR source:ft.com',
        'title:"North Korea" "Korea Missile"~5',
        "gold -(Silver Copper)",
    ],
)
def test_a_filter_is_written_as_it_was_typed(text: str) -> None:
    assert write(parse(text)) == text.replace("“", '"').replace("”", '"')


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("north korea missile -sport", "with “north”, “korea” and “missile”, but not “sport”"),
        ("missile OR rocket", "with “missile” or “rocket”"),
        ("missile OR rocket korea", "with “korea” and either “missile” or “rocket”"),
        ("oil OR gas OR (north sea)", "with “oil”, “gas” or both “north” and “sea”"),
        ("korea OR (japan -sport)", "with “korea” or “japan” (but not “sport”)"),
        ("gold -(silver copper)", "with “gold”, but not both “silver” and “copper”"),
        ("gold (silver OR -copper)", "with “gold” and either with “silver” or without “copper”"),
        ("C++ -topic:sport -A.I.", "with “C++”, but not in the topic “sport” or with “A.I.”"),
        ('climat* =missile "rate cut"', "with “climat…”, exactly “missile” and “rate cut”"),
        ('"korea missile"~5', "with “korea” near “missile” (at most 5 words between)"),
        ("title:(korea OR japan)", "with “korea” or “japan” in the headline"),
        ("title:korea missile", "with “korea” in the headline and with “missile”"),
        ("source:Reuters korea", "from “Reuters” with “korea”"),
        ('site:state.gov OR "State Department"', "from “state.gov” or with “State Department”"),
        (
            "korea lang:de OR lang:fr -source:x -source:y",
            "in German or French with “korea”, but not from “x” or “y”",
        ),
        ('about:"storms at sea" -title:poll', "about “storms at sea”, but not with “poll” in the headline"),
        ('about:"storms at sea"~70', "about “storms at sea” (at least 70 % alike)"),
    ],
)
def test_a_filter_reads_as_a_plain_sentence(text: str, said: str) -> None:
    assert describe(parse(text)) == f"stories {said}"


def test_terms_are_marked_and_topics_named_as_the_caller_likes() -> None:
    text = describe(
        parse("korea topic:ai -sport"), mark=lambda term: f"*{term}*", topic_name=lambda name: name.upper()
    )
    assert text == "stories in the topic *AI* with *korea*, but not *sport*"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("korea", ["“korea”"]),
        ("gold missile OR rocket -sport", ["“gold”", "“missile” or “rocket”", "without “sport”"]),
        ("source:reuters lang:de gold", ["from “reuters”", "in German", "“gold”"]),
        ("gold -source:x", ["“gold”", "not from “x”"]),
    ],
)
def test_a_single_clause_is_said_for_itself(text: str, said: list[str]) -> None:
    assert list(map(say, parse(text).clauses)) == said
