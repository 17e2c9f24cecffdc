"""What a person types is read as the rule it says, or refused with the place and the mend."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.alerts.language.parse import ABOUT_LEAST, MAX_LENGTH, STORED_LENGTH, FilterError, parse, read_stored
from bot.alerts.language.plain import canonical
from bot.alerts.rule import (
    About,
    All,
    Either,
    Filter,
    Form,
    FromSource,
    InLanguage,
    InTopic,
    Near,
    Node,
    Not,
    Phrase,
    Word,
)
from bot.alerts.words import matches
from bot.model import StoryText


def word(text: str, form: Form = Form.INFLECTED, *, title: bool = False) -> Phrase:
    return Phrase((Word(text, form),), title)


def phrase(*texts: str, form: Form = Form.EXACT, title: bool = False) -> Phrase:
    return Phrase(tuple(Word(text, form) for text in texts), title)


NORTH, KOREA, MISSILE, ROCKET, SPORT = map(word, ("north", "korea", "missile", "rocket", "sport"))


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("north korea", All((NORTH, KOREA))),
        ("north AND korea", All((NORTH, KOREA))),
        ("north, korea; missile", All((NORTH, KOREA, MISSILE))),
        ("korea missile OR rocket", All((KOREA, Either((MISSILE, ROCKET))))),
        ("korea missile|rocket || sport", All((KOREA, Either((MISSILE, ROCKET, SPORT))))),
        ("(north korea) OR rocket", Either((All((NORTH, KOREA)), ROCKET))),
        ("（north korea） OR rocket", Either((All((NORTH, KOREA)), ROCKET))),
        ("north (korea (missile OR rocket))", All((NORTH, KOREA, Either((MISSILE, ROCKET))))),
        ("korea -sport", All((KOREA, Not(SPORT)))),
        ("korea −sport", All((KOREA, Not(SPORT)))),
        ("korea –sport", All((KOREA, Not(SPORT)))),
        ("korea NOT sport", All((KOREA, Not(SPORT)))),
        ("korea AND NOT sport", All((KOREA, Not(SPORT)))),
        ("korea -(sport OR rocket)", All((KOREA, Not(SPORT), Not(ROCKET)))),
        ("korea -(sport rocket)", All((KOREA, Either((Not(SPORT), Not(ROCKET)))))),
        ("korea NOT -missile", All((KOREA, MISSILE))),
        ("korea korea", KOREA),
        ("life or death", All((word("life"), word("or"), word("death")))),
        ("Trump: korea", All((word("trump"), KOREA))),
        ("korea when:7d", KOREA),
        ("(korea OR rocket) when:1h", Either((KOREA, ROCKET))),
    ],
)
def test_words_and_operators_are_read(text: str, root: Node) -> None:
    assert parse(text) == Filter(root)


@pytest.mark.parametrize(
    "text",
    [
        '"north korea"',
        "“north korea”",
        "«North Korea»",
        "„north korea“",
        '“north korea"',
        '""north korea""',
        '"“North Korea”"',
        "=north-korea",
    ],
)
def test_a_phrase_stands_in_quotation_marks_of_any_shape(text: str) -> None:
    assert parse(text) == Filter(phrase("north", "korea"))


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("north-korea", phrase("north", "korea", form=Form.INFLECTED)),
        ("=missiles", word("missiles", Form.EXACT)),
        ('"missiles"', word("missiles", Form.EXACT)),
        ("missil*", word("missil", Form.PREFIX)),
        ('"korea missil*"', Phrase((Word("korea", Form.EXACT), Word("missil", Form.PREFIX)))),
        ("北京*", phrase("北", "京", form=Form.INFLECTED)),
        ("US", word("us", Form.CAPITALS)),
        ("U.S.", word("us", Form.CAPITALS)),
        ("us", word("us")),
        ("NATO", word("nato")),
        ("$tsla", word("tsla", Form.CAPITALS)),
        ("#Korea", KOREA),
        ('"US oil"', Phrase((Word("us", Form.CAPITALS), Word("oil", Form.EXACT)))),
        ("10:30", phrase("10", "30", form=Form.INFLECTED)),
        ("1,000", word("1000")),
        ('"missile korea"~5', Near((Word("korea"), Word("missile")), 5)),
        ('"korea missile"~5', Near((Word("korea"), Word("missile")), 5)),
        ('title:"korea missile"~5', Near((Word("korea"), Word("missile")), 5, title=True)),
    ],
)
def test_the_form_of_a_word_is_read_off_its_signs(text: str, root: Node) -> None:
    assert parse(text) == Filter(root)


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("title:korea", word("korea", title=True)),
        ("intitle:korea", word("korea", title=True)),
        ("TITLE：korea", word("korea", title=True)),
        ('title:"north korea"', phrase("north", "korea", title=True)),
        (
            "title:(korea OR =rocket)",
            Either((word("korea", title=True), word("rocket", Form.EXACT, title=True))),
        ),
        ("source:Reuters", FromSource("reuters")),
        ('source:"BBC News"', FromSource("bbc news")),
        ("source:bbc.co.uk/sport", FromSource("bbc.co.uk/sport")),
        ("site:https://www.bbc.co.uk/sport/?x=1#y", FromSource("bbc.co.uk/sport")),
        ("site:*.gov.uk", FromSource("gov.uk")),
        ("source:(reuters OR bbc.com)", Either((FromSource("reuters"), FromSource("bbc.com")))),
        ('source:"U.S. News"', FromSource("us news")),
        ("topic:AI", InTopic("ai")),
        ('topic:"Artificial intelligence"', InTopic("artificial-intelligence")),
        ("korea lang:de", All((KOREA, InLanguage("de")))),
        ("korea lang:pt-BR", All((KOREA, InLanguage("pt")))),
        ("korea language:German", All((KOREA, InLanguage("de")))),
        ('about:"storms at sea"', About("storms at sea", ABOUT_LEAST)),
        ('about:"storms at sea"~63', About("storms at sea", 63)),
        ("about:storms~63", About("storms", 63)),
        ("korea -source:bbc -topic:sport", All((KOREA, Not(FromSource("bbc")), Not(InTopic("sport"))))),
    ],
)
def test_fields_are_read(text: str, root: Node) -> None:
    assert parse(text) == Filter(root)


@pytest.mark.parametrize(
    ("filter_text", "title", "expected"),
    [
        ("ai", "rain in Spain", False),
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
        ("missile", "Missiles fly", True),
        ("missiles", "a missile flies", True),
        ("=missile", "Missiles fly", False),
        ('"missile"', "Missiles fly", False),
        ('"rate cut"', "Rate cuts near", False),
        ("missil*", "Missilery", True),
        ("nato", "Nato summit", True),
        ('"korea missile"~2', "a missile over Korea", True),
        ('"korea missile"~2', "a missile that flew far over Korea", False),
        ("wave -(title:covid OR title:flu)", "A wave of flu", False),
    ],
)
def test_words_match_as_a_person_expects(filter_text: str, title: str, expected: bool) -> None:
    assert (matches(parse(filter_text), StoryText(title, "")) is not None) is expected


@pytest.mark.parametrize(
    ("text", "position", "part"),
    [
        ("missile OR", 8, "something is missing after OR"),
        ("(missile OR) korea", 9, "missing after OR"),
        ("OR korea", 0, "missing before OR"),
        ("(OR korea)", 1, "missing before OR"),
        ("korea OR OR japan", 6, "missing after OR"),
        ("korea |", 6, "missing after OR"),
        ("korea AND", 6, "missing after AND"),
        ("AND korea", 0, "missing before AND"),
        ("korea NOT", 6, "missing after NOT"),
        ("korea -)", 6, "missing after the minus"),
        ("korea -", 6, "minus stands alone"),
        ("korea - japan", 6, "minus stands alone"),
        ("-when:7d korea", 0, "minus stands alone"),
        ('x "a b', 2, "not closed"),
        ('x ""', 2, "no word"),
        ("x (a OR b", 2, "bracket is not closed"),
        ("x) y", 1, "never opened"),
        ("x ()", 2, "nothing between the brackets"),
        ("x title:()", 2, "nothing between the brackets"),
        ("x title:", 2, "nothing stands right after title:"),
        ("x title: korea", 2, "nothing stands right after title:"),
        ("x title:!!!", 2, "no word"),
        ("x topic:", 2, "nothing stands right after topic:"),
        ("x topic:!", 2, "topic:science"),
        ("x source:!", 2, "source:reuters"),
        ("x lang:klingon", 2, "lang:german"),
        ("x inurl:y", 2, "source:bbc.co.uk"),
        ("x allintitle:y", 2, r"title:\(north korea\)"),
        ("x sorce:y", 2, "is source: meant"),
        ("x http://bbc.co.uk/", 2, "source: before it"),
        ("x title:(y source:z)", 11, "cannot stand in the brackets of title:"),
        ("x *", 2, "end of a word only"),
        ("x a*b", 2, "end of a word only"),
        ('x "a * b"', 2, "end of a word only"),
        ("x b*", 2, "two letters"),
        ("x gold~2", 2, "after quotation marks only"),
        ('x "gold silver"~', 2, "1 to 50"),
        ('x "gold silver"~51', 2, "1 to 50"),
        ('x "gold"~5', 2, "two words or more"),
        ('"a b c d e f g"~5', 0, "at most 6"),
        ('x about:"gold"~99', 2, "20 to 95"),
        ('x about:"…"', 2, "no word"),
        ("", 0, "nothing to look for"),
        ("!!! 🔥", 0, "nothing to look for"),
        ("when:7d", 0, "nothing to look for"),
        ("x" * (MAX_LENGTH + 1), MAX_LENGTH, "longer than 1000"),
        ("-korea", 1, "match nearly everything"),
        ("korea OR -japan", 10, "match nearly everything"),
        ("-(korea japan)", 2, "match nearly everything"),
        ("lang:en", 0, "match nearly everything"),
        ("lang:en -sport", 0, "match nearly everything"),
        ("korea OR lang:en", 9, "match nearly everything"),
        ("the OR of", 0, "match nearly everything"),
        ("th*", 0, "match nearly everything"),
        ("korea -korea", 0, "never match"),
        ("korea =japan -japan", 6, "never match"),
        ('"north korea" -korea', 0, "never match"),
        ('"north korea"~3 -korea', 0, "never match"),
        ("(korea OR japan) gold -korea -japan", 1, "never match"),
        ("title:korea -korea", 0, "never match"),
    ],
)
def test_a_wrong_filter_is_answered_with_the_place_and_the_mend(text: str, position: int, part: str) -> None:
    with pytest.raises(FilterError, match=part) as caught:
        parse(text)
    assert caught.value.position == position


@pytest.mark.parametrize(
    "text",
    [
        "korea (japan OR -sport)",
        "korea lang:en",
        "=the korea",
        "WHO",
        '"the of"',
        "korea -title:korea",
        "missile -missil*",
        "title:korea -=korea",
        '"north korea" -"korea north"',
        "source:reuters",
    ],
)
def test_what_only_looks_worthless_is_allowed(text: str) -> None:
    assert parse(text)


def test_brackets_stand_in_one_another_up_to_a_limit() -> None:
    assert parse("(" * 20 + "korea" + ")" * 20) == Filter(KOREA)
    with pytest.raises(FilterError, match="more than 20") as caught:
        parse("(" * 21 + "korea" + ")" * 21)
    assert caught.value.position == 20


def test_a_filter_has_a_most_of_words_and_a_stored_one_a_higher() -> None:
    text = " ".join(f"a{number}" for number in range(101))
    with pytest.raises(FilterError, match="more than 100 words") as caught:
        parse(text)
    assert caught.value.position == text.index("a100")
    assert len(parse(text, max_length=STORED_LENGTH).clauses) == 101


_PIECES = """
    north Korea C++ A.I. AT&T COVID-19 O'Neill U.S. us $TSLA #tag 1,000 don't climat* =ships 北京 북한 ไทย é ½
    "exact_phrase" “curly_one” «à_part» "a_b"~5 -sport −"two_words" topic:ai -topic:sport title:x title:(
    source:bbc.com source:"BBC_News" lang:en about:"a_“b”"~60 OR | AND NOT - – ( ) " topic: , * ~ = when:7d
"""
PIECES = st.sampled_from(_PIECES.split())
TEXTS = st.one_of(
    st.text(st.characters(codec=None), max_size=40),
    st.lists(PIECES, max_size=9).map(lambda pieces: " ".join(pieces).replace("_", " ")),
    st.text('ab "()-~*|OR=$:,.北가\u0e31\ud800', max_size=20),
)


@given(TEXTS)
@example("(" * MAX_LENGTH)
@example("-(" * (MAX_LENGTH // 2))
@example('"' * MAX_LENGTH)
@example("\ud800")
def test_any_text_parses_or_says_where_it_does_not(text: str) -> None:
    try:
        filter_ = parse(text)
    except FilterError as error:
        position = error.position
    else:
        position = 0
        assert read_stored(canonical(filter_)) == filter_
    assert 0 <= position <= len(text)


@pytest.mark.parametrize("text", ["the who", "it OR on", "storm -storm"])
def test_what_is_stored_was_judged_when_it_was_saved(text: str) -> None:
    with pytest.raises(FilterError):
        parse(text)
    assert canonical(read_stored(text)) == text
