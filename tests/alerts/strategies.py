"""Random filters and stories over one small vocabulary, so that they often meet and often almost do."""

import math

import numpy as np
from hypothesis import strategies as st

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
    normal,
)
from bot.encoder import WIDTH
from bot.model import StoryText
from bot.text import tokens

PLAIN = (
    *(
        "missile",
        "missiles",
        "test",
        "tests",
        "tested",
        "Testing",
        "run",
        "running",
        "runs",
        "north",
        "korea",
    ),
    *("Café", "CAFÉ's", "house", "houses", "Häuser", "Haus", "ракета", "ракеты", "misiles", "misil"),
)
"""Words and their inflections, some of them in other languages."""
ODD = (
    *(
        "US",
        "us",
        "U.S.",
        "WHO",
        "who",
        "it",
        "IT",
        "$TSLA",
        "tsla",
        "C++",
        "C#",
        "A.I.",
        "AI",
        "AT&T",
        "COVID-19",
    ),
    *(
        "covid",
        "19",
        "10,000",
        "10000",
        "3.5",
        "O'Neill",
        "don't",
        "東京",
        "京都",
        "東",
        "バス",
        "ไทย",
        "한국",
        "ﬁre",
    ),
)
"""Words that are no plain words: capitals, numbers, marks, and scripts without spaces."""
NAMES_IN_CAPITALS = ("us", "who", "it", "ai", "tsla")
TOPICS = ("conflict", "sport", "football", "space")
SOURCES = ("Reuters", "BBC News", "Newsday", "BBC Sport", "Le Monde", "investing.com", "東京新聞")
ADDRESSES = (
    *(
        "https://www.bbc.co.uk/sport/football/1",
        "https://bbc.co.uk/news?page=sport",
        "http://reuters.com:8080/",
    ),
    *("https://feeds.reuters.com/world/asia#top", "https://notreuters.com/world", "https://BBC.co.uk/sports"),
)
SOURCE_VALUES = (
    *(
        "reuters",
        "bbc",
        "bbc news",
        "news",
        "sport",
        "le monde",
        "monde le",
        "investing.com",
        "東 京",
        "world",
    ),
    *(
        "bbc.co.uk",
        "bbc.co.uk/sport",
        "co.uk",
        "reuters.com",
        "reuters.com/world",
        "feeds.reuters.com/world/asia",
    ),
)
LANGUAGES = ("en", "EN-gb", "de", "ru", "es", "ja", "pt_BR")
CODES = ("en", "de", "ru", "es", "ja", "pt")
DIRECTIONS = {"war in the north": 0.0, "a cup final": 70.0, "rockets to the moon": 110.0}


def meanings(text: str) -> np.ndarray:
    """The meaning of a text that filters ask about: a direction in one plane, in degrees."""
    return _direction(DIRECTIONS[text])


def _direction(degrees: float) -> np.ndarray:
    found = np.zeros(WIDTH, np.float32)
    found[:2] = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return found


WRITTEN = st.one_of(st.sampled_from(PLAIN), st.sampled_from(ODD))
_TERMS = sorted({token.term for word in (*PLAIN, *ODD) for token in tokens(word)})
_terms = st.sampled_from(_TERMS)
_inflected = st.builds(Word, _terms)
_exact = st.builds(Word, _terms, st.just(Form.EXACT))
_in_capitals = st.builds(Word, st.sampled_from(NAMES_IN_CAPITALS), st.just(Form.CAPITALS))
_BEGINNINGS = {
    term[:end] for term in _TERMS for end in (2, 4)
}  # of two letters or more, in scripts with spaces
_beginnings = st.sampled_from(
    sorted(one for one in _BEGINNINGS if len(one) > 1 and len(tokens(f"{one}a")) == 1)
)
_prefix = st.builds(Word, _beginnings, st.just(Form.PREFIX))
_of_word = st.sampled_from(PLAIN + ODD).map(lambda word: tuple(Word(one.term) for one in tokens(word)))

phrases = st.builds(
    Phrase,
    st.one_of(
        _of_word,
        st.one_of(_exact, _in_capitals, _prefix).map(lambda word: (word,)),
        st.lists(st.one_of(_exact, _in_capitals, _prefix), min_size=2, max_size=3).map(tuple),
    ),
    title=st.sampled_from((False, False, False, True)),
)
near = st.builds(
    Near,
    st.lists(st.one_of(_inflected, _prefix), min_size=2, max_size=3).map(lambda some: tuple(sorted(some))),
    within=st.sampled_from((1, 2, 5, 50)),
    title=st.sampled_from((False, False, False, True)),
)
terms = st.one_of(
    phrases,
    phrases,
    phrases,
    near,
    st.builds(InTopic, st.sampled_from(TOPICS)),
    st.builds(FromSource, st.sampled_from(SOURCE_VALUES)),
    st.builds(InLanguage, st.sampled_from(CODES)),
    st.builds(About, st.sampled_from(sorted(DIRECTIONS)), st.sampled_from((35, 60, 85))),
)


def _nested(depth: int) -> st.SearchStrategy[Node]:
    """Nodes with `depth` floors of All, Either and Not at most."""
    if not depth:
        return terms
    parts = st.lists(_nested(depth - 1), min_size=2, max_size=3).map(tuple)
    return st.one_of(
        terms, st.builds(All, parts), st.builds(Either, parts), st.builds(Not, _nested(depth - 1))
    )


nodes = _nested(3)
"""Any node, in normal form or not."""


def asks_for_something(node: Node) -> bool:
    """Whether a story has to have something to meet it: only such filters can be typed."""
    match node:
        case All(parts):
            return any(map(asks_for_something, parts))
        case Either(parts):
            return all(map(asks_for_something, parts))
        case Not():
            return False
        case _:
            return True


filters = nodes.map(normal).filter(asks_for_something).map(Filter)
"""Filters as `parse` makes them: in normal form, and none that everything meets."""

_between = st.sampled_from((" ", " ", " ", " ", ", ", "-", "\n", " … the ", "", ". "))


@st.composite
def _running(draw: st.DrawFn, most: int) -> str:
    """Words with what stands between words; some words touch, and some lines end."""
    found = draw(st.lists(st.tuples(WRITTEN, _between), max_size=most))
    return "".join(word + between for word, between in found)


stories = st.builds(
    StoryText,
    title=_running(4),
    text=_running(12),
    topics=st.frozensets(st.sampled_from(TOPICS), max_size=2),
    sources=st.frozensets(st.sampled_from(SOURCES), max_size=2),
    languages=st.frozensets(st.sampled_from(LANGUAGES), max_size=2),
    addresses=st.frozensets(st.sampled_from(ADDRESSES), max_size=2),
    meaning=st.one_of(st.none(), st.integers(0, 35).map(lambda turn: _direction(turn * 10))),
)

_TYPED: dict[str, Node] = {
    "missiles": Phrase((Word("missiles"),)),
    "TESTED": Phrase((Word("tested"),)),
    "café's": Phrase((Word("cafe"),)),
    "=tests": Phrase((Word("tests", Form.EXACT),)),
    "us": Phrase((Word("us"),)),
    "U.S.": Phrase((Word("us", Form.CAPITALS),)),
    "$tsla": Phrase((Word("tsla", Form.CAPITALS),)),
    "C++": Phrase((Word("c++"),)),
    "10,000": Phrase((Word("10000"),)),
    "COVID-19": Phrase((Word("covid"), Word("19"))),
    "AT&T": Phrase((Word("at"), Word("and"), Word("t"))),
    "東京": Phrase((Word("東"), Word("京"))),
    "Mis*": Phrase((Word("mis", Form.PREFIX),)),
    '"North Korea"': Phrase((Word("north", Form.EXACT), Word("korea", Form.EXACT))),
    "«WHO tests»": Phrase((Word("who", Form.CAPITALS), Word("tests", Form.EXACT))),
    '"korea missile"~5': Near((Word("korea"), Word("missile")), 5),
    'title:"missile tests korea"~2': Near((Word("korea"), Word("missile"), Word("tests")), 2, title=True),
    "title:missile": Phrase((Word("missile"),), title=True),
    'title:"us"': Phrase((Word("us", Form.EXACT),), title=True),
    "topic:sport": InTopic("sport"),
    'source:"BBC News"': FromSource("bbc news"),
    "site:www.bbc.co.uk/sport/": FromSource("bbc.co.uk/sport"),
    "lang:German": InLanguage("de"),
    'about:"a cup final"~85': About("a cup final", 85),
}
"""Terms as people type them, and what each asks for."""
Typed = tuple[str, Node]
_typed_terms = st.sampled_from(list(_TYPED.items()))
_ors = st.sampled_from((" OR ", " | ", "|"))
_spaces = st.sampled_from((" ", " ", "  ", "\n", ", ", " AND "))
_nots = st.sampled_from(("-", "−", "NOT ", "NOT -"))


def _joined(kind: type[All | Either], sign: str, found: list[Typed]) -> Typed:
    return sign.join(text for text, _ in found), kind(tuple(node for _, node in found))


def _excluded(sign: str, found: Typed) -> Typed:
    text, node = found
    return sign + text, node if sign == "NOT -" else Not(node)


def _typed_all(depth: int) -> st.SearchStrategy[Typed]:
    either = st.builds(_joined, st.just(Either), _ors, st.lists(_typed_one(depth), min_size=1, max_size=2))
    return st.builds(_joined, st.just(All), _spaces, st.lists(either, min_size=1, max_size=3))


def _typed_one(depth: int) -> st.SearchStrategy[Typed]:
    if not depth:
        return _typed_terms
    bracketed = _typed_all(depth - 1).map(lambda inner: (f"({inner[0]})", inner[1]))
    plain = st.one_of(_typed_terms, _typed_terms, _typed_terms, bracketed)
    return st.one_of(plain, plain, plain, st.builds(_excluded, _nots, plain))


typed = _typed_all(2)
"""Filters as people type them, brackets within brackets, and what each asks for."""
