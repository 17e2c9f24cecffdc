"""The language says what people ask of Google News: 176 queries that are in use, and look-alikes of each shape.

The queries are in the data folder (SHARED_DATA, or ../shared/data beside the project); without it only the
look-alikes run. A query is taken as it stands, but for one that was cut off where its source wrapped the line.
"""

import gzip
import json
import os
import re
from itertools import chain
from pathlib import Path

import pytest

from bot.alerts.language.parse import FilterError, parse, read_stored
from bot.alerts.language.plain import canonical
from bot.alerts.rule import All, Either, Filter, FromSource, Node, Phrase, Term, terms
from bot.alerts.words import StoryWords, failed, matches
from bot.model import StoryText
from bot.stems import stem
from bot.text import tokens

QUERIES = Path(os.environ.get("SHARED_DATA") or Path(__file__).parents[4] / "shared" / "data").joinpath(
    "filters", "real-queries.jsonl.gz"
)
needs_queries = pytest.mark.skipif(
    not QUERIES.exists(), reason=f"the real queries are not there: {QUERIES} (SHARED_DATA names the folder)"
)


def completed(query: str) -> str:
    """The query; one that was cut off loses its last OR, and its brackets are closed."""
    kept = re.sub(r"\s+OR$", "", query)
    return kept + ")" * (kept.count("(") - kept.count(")"))


def real_queries() -> list[str]:
    with gzip.open(QUERIES, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["query"] for line in lines]


def story(*met: Term) -> StoryText:
    """A story that meets these terms, each in a paragraph of its own."""
    words = [term.spelling for term in met if isinstance(term, Phrase)]
    hosts = [term.value for term in met if isinstance(term, FromSource)]
    return StoryText("", "\n".join(words), addresses=frozenset(f"https://www.{host}/1" for host in hosts))


def way_in(node: Node, which: int) -> tuple[Term, ...]:
    """The terms of one way to meet the node; `which` picks among alternatives."""
    match node:
        case All(parts):
            return tuple(chain.from_iterable(way_in(part, which) for part in parts))
        case Either(parts):
            return way_in(parts[which % len(parts)], which)
        case Phrase() | FromSource():
            return (node,)
        case _:
            raise AssertionError(node)  # no query holds anything else


def said_by(query: str) -> StoryText:
    """A story with every word and every site of a query, read without the language."""
    sites = re.findall(r"site:([^\s()]+)", query)
    words = re.sub(r"\b(?:site|when):[^\s()]+|\bOR\b|[()]|\"", " ", query)
    return StoryText(words, "", addresses=frozenset(f"https://www.{site}/1" for site in sites))


def shares_words(one: Node, others: list[Node]) -> bool:
    def of(node: Node) -> set[str]:
        spelled = [term.spelling for term in terms(node) if isinstance(term, Phrase)]
        return {stem(token.term, "en") for text in spelled for token in tokens(text)}

    return any(of(one) & of(other) for other in others)


@needs_queries
def test_every_real_query_is_a_filter_as_it_stands_but_for_those_that_were_cut_off() -> None:
    queries = real_queries()
    assert len(queries) == 176
    for query in queries:
        cut_off = query.endswith(" OR")
        assert (completed(query) != query) is cut_off
        try:
            filter_ = parse(completed(query))
        except FilterError as error:
            pytest.fail(f"{query}: {error}")
        assert read_stored(canonical(filter_)) == filter_


@needs_queries
def test_every_real_query_meets_the_stories_it_should_and_no_others() -> None:
    for query in map(completed, real_queries()):
        filter_ = parse(query)
        assert matches(filter_, said_by(query)) is not None, query
        assert matches(filter_, StoryText("A quiet day in the village", "Nothing happened.")) is None, query
        for which in range(6):
            assert matches(filter_, story(*way_in(filter_.root, which))) is not None, query
        check_that_no_clause_can_be_missing(filter_)


def check_that_no_clause_can_be_missing(filter_: Filter) -> None:
    for clause in filter_.clauses:
        others = [one for one in filter_.clauses if one is not clause]
        if not shares_words(clause, others):
            without = story(*chain.from_iterable(map(terms, others)))
            assert failed(filter_, StoryWords(without)) == clause


BBC = frozenset({"https://www.bbc.co.uk/sport/cricket/1"})


@pytest.mark.parametrize(
    ("query", "met", "missed"),
    [
        ("site:bbc.co.uk when:3d", StoryText("Rain", "", addresses=BBC), StoryText("Rain at bbc.co.uk", "")),
        (
            "site:bbc.co.uk",
            StoryText("Rain", "", addresses=BBC),
            StoryText("BBC", "", frozenset(), frozenset({"BBC"})),
        ),
        (
            "site:bbc.co.uk/sport (cricket OR rugby) when:1d",
            StoryText("Cricket: a draw", "", addresses=BBC),
            StoryText("Tennis: a draw", "", addresses=BBC),
        ),
        (
            "site:kr-asia.com OR site:bbc.co.uk when:7d",
            StoryText("Rain", "", addresses=BBC),
            StoryText("Rain", "", addresses=frozenset({"https://asia.com/1"})),
        ),
        (
            '(site:defence.gov OR "Defence Department") when:1d',
            StoryText("The Defence Department denies it", ""),
            StoryText("A department of defence denies it", ""),
        ),
        (
            '(FTSE OR "share price" OR "stock market") when:3d',
            StoryText("The stock market is shut", ""),
            StoryText("Stock is taken at the market", ""),
        ),
        (
            '("decacorn" OR "$10 billion valuation") startup when:14d',
            StoryText("Startups at a $10 billion valuation", ""),
            StoryText("A startup worth $10 billion", ""),
        ),
        (
            "(Lufthansa OR Ryanair) strike OR cancelled when:1d",
            StoryText("Ryanair: flights cancelled", ""),
            StoryText("Lufthansa grows", ""),
        ),
        ("tech layoffs when:7d", StoryText("A tech layoff", ""), StoryText("Layoffs at a mill", "")),
        ("BHP (mining OR copper OR", StoryText("BHP sells copper", ""), StoryText("BHP pays", "")),
        ("(S-1 OR", StoryText("An S-1 is filed", ""), StoryText("S. has 1", "")),
        ("(U3O8 OR uranium) price", StoryText("U3O8 at a new price", ""), StoryText("O8 at a new price", "")),
        (
            '"Vision 2030" (project OR announced) -rumour when:14d',
            StoryText("Projects of Vision 2030", ""),
            StoryText("Rumours of a Vision 2030 project", ""),
        ),
        (
            '("People\'s Bank of China" OR PBoC)',
            StoryText("People’s Bank of China cuts", ""),
            StoryText("China’s people cut, says a bank", ""),
        ),
        (
            '"“green steel”" when:7d',
            StoryText("Green steel is made", ""),
            StoryText("Green is the steel", ""),
        ),
        (
            "intitle:tariff site:bbc.co.uk",
            StoryText("Tariffs", "", addresses=BBC),
            StoryText("", "Tariffs", addresses=BBC),
        ),
    ],
)
def test_a_look_alike_of_each_shape_does_what_it_says(query: str, met: StoryText, missed: StoryText) -> None:
    filter_ = parse(completed(query))
    assert matches(filter_, met) is not None
    assert matches(filter_, missed) is None
    assert read_stored(canonical(filter_)) == filter_
