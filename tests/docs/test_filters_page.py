"""The page on filters: every example is run as the page shows it, and every limit is the one that holds."""

import re
from pathlib import Path

import pytest

from bot.alerts.language.parse import MAX_LENGTH, FilterError, parse
from bot.alerts.language.pieces import FIELDS
from bot.alerts.language.terms import LEAST_LEAST, MOST_LEAST
from bot.alerts.meanings import KnownMeanings
from bot.alerts.wishes.wish import wish
from bot.alerts.words import MOST_WITHIN, matches
from bot.encoder import Encoder
from bot.model import StoryText
from bot.storage.subscribers import MOST_FILTERS

PAGE = (Path(__file__).parents[2] / "docs" / "filters.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1:]]


def story(cell: str) -> StoryText:
    """The story of a cell: "Headline / text [from Source] [at address] [in language] [topic id]"."""
    said, *notes = re.split(r"\s*\[", cell)
    title, _, text = said.partition(" / ")
    noted = [note.rstrip("] ").split(" ", 1) for note in notes]

    def of(kind: str) -> frozenset[str]:
        return frozenset(value for name, value in noted if name == kind)

    assert {name for name, _ in noted} <= {"from", "at", "in", "topic"}
    addresses = frozenset(f"https://www.{address}" for address in of("at"))
    return StoryText(title, text, of("topic"), of("from"), of("in"), addresses)


@pytest.mark.parametrize("row", rows("Words") + rows("More than words"), ids=lambda row: row[0])
def test_every_example_finds_the_one_story_and_not_the_other(row: list[str]) -> None:
    example, found, missed = row
    filter_ = parse(example.strip("`"))
    assert matches(filter_, story(found)) is not None
    assert matches(filter_, story(missed)) is None


@pytest.mark.parametrize("row", rows("Plain English"), ids=lambda row: row[0])
def test_every_sentence_becomes_the_filter_beside_it(row: list[str]) -> None:
    sentence, shown = row
    proposed = wish(sentence)
    assert proposed is not None
    assert f"`{proposed[0]}`" == shown


@pytest.mark.parametrize("row", rows("What is refused"), ids=lambda row: row[0])
def test_every_refusal_is_answered_as_the_page_says(row: list[str]) -> None:
    wrong, answer = row
    with pytest.raises(FilterError) as caught:
        parse(wrong.strip("`"))
    assert str(caught.value) == answer


def test_the_tables_are_all_there() -> None:
    headings = ("Words", "More than words", "Plain English", "What is refused")
    assert [len(rows(heading)) >= 6 for heading in headings] == [True] * 4


SAID = {"missile": "missiles", "missiles": "missile", "cafe": "Café", "A.I.": "AI", "covid-19": "Covid 19"}


@pytest.mark.parametrize(("word", "written"), SAID.items())
def test_what_the_page_says_of_words_is_so(word: str, written: str) -> None:
    assert f"`{word}`" in PAGE
    assert matches(parse(word), StoryText(written, "")) is not None


@pytest.mark.parametrize(
    ("word", "written"),
    [("=missile", "missiles"), ('"missile"', "missiles"), ("c++", "c"), ("US", "us"), ("IT", "it")],
)
def test_what_the_page_says_is_not_found_is_not(word: str, written: str) -> None:
    assert matches(parse(word), StoryText(written, "")) is None


def test_a_meaning_is_found_as_the_page_says(encoder: Encoder) -> None:
    usual, narrow = map(parse, re.findall(r"`(about:[^`]+)`", PAGE))
    said = re.search(r'it finds "([^"]+)", and not "([^"]+)"', PAGE.replace("\n", " "))
    assert said is not None
    meanings = KnownMeanings(encoder)
    found, missed = (StoryText(title, "", meaning=meanings(title)) for title in said.groups())
    assert matches(usual, found, meanings) is not None
    assert matches(usual, missed, meanings) is None
    assert matches(narrow, found, meanings) is None


def test_the_limits_are_those_that_hold() -> None:
    assert f"more than {MAX_LENGTH} characters or {MAX_LENGTH // 10} words" in PAGE
    assert f"from {LEAST_LEAST} to {MOST_LEAST}" in PAGE
    assert f"`~` takes 1 to {MOST_WITHIN}" in PAGE
    assert f"A chat can follow {MOST_FILTERS} filters" in PAGE


def test_the_grammar_names_every_field() -> None:
    grammar = PAGE.partition("\n## The grammar\n")[2]
    assert set(re.findall(r'["`]([a-z]+):["`]', grammar)) == set(FIELDS)


def grammar_words(rule: str) -> list[str]:
    (line,) = re.findall(rf"^    {rule} += (.+)$", PAGE, re.MULTILINE)
    return re.findall(r'"([^" ]+)"', line)


def test_the_grammar_names_every_operator() -> None:
    for operator in grammar_words("either"):
        assert parse(f"gold {operator} silver") == parse("gold OR silver")
    for operator in grammar_words("all"):
        assert parse(f"gold {operator} silver") == parse("gold silver")
    assert parse("gold -silver") == parse("gold NOT silver")
    assert grammar_words("one") == ["-", "NOT", "(", ")"]
