"""A sentence that points at another one is not printed by itself."""

import pytest

from bot.digests.bundled import plain
from bot.digests.reference import points_away
from bot.model import Article


@pytest.mark.parametrize(
    "text",
    [
        "One of its employees used the same password in two places.",
        "Hanne Orlund, its head, said the chance of a strong shock was small.",
        "On the previous flight, eighteen months ago, one of them stuck and the cargo was lost.",
        "A jar of spares stood on the shelf above it.",
        "Half would come from the state and half from a bond.",
        "One is to fly on the Kittiwake 3 rocket on Sunday.",
        "Engineers said this did not change their plan.",
        "Logs suggest that it had been offered to one buyer.",
        "Ms Praed replied that the company would pay more in tax.",
        "Yesterday she asked for more time.",
        "Los buzos revisaron parte de ellas el lunes.",
        "The plant uses 2,600 cubic metres a day, nine tenths of it recycled, and the region had a dry spring.",
        "Port Elsin needs about 40 million litres each summer.",
    ],
)
def test_a_sentence_that_needs_another_one_points_away(text):
    assert points_away(text)


@pytest.mark.parametrize(
    "text",
    [
        "The company said its ships would stay in port.",
        "Alina Morrack said she could no longer be certain of passing a budget.",
        "Engineers will begin checking houses, and they expect to finish by Friday.",
        "It is too early to say whether the bridge will open.",
        "Ten of the injured were struck by falling tiles, said Ruben Tarrow, the mayor of Vannick.",
        "“We had it in our hands and she dropped it,” said Jonas Verrin.",
        "Petra Lindqvale opened the school, and Ms Lindqvale promised a second.",
        "No deaths have been reported.",
        "The plant uses 2,600 cubic metres of water a day.",
        "The plant uses 2,600 cubic metres a day of water from the river.",
        "Water is scarce, and the plant uses 2,600 cubic metres a day.",
        "Water use at the plant is high: it uses 2,600 cubic metres a day.",
        "The lake needs 40 tonnes less salt than the sea.",
        "The bridge carries 40 tonnes on each of two lanes.",
    ],
)
def test_a_sentence_that_stands_alone_does_not(text):
    assert not points_away(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ann Roe, the former harbour master, has been dogged by her past, she said.",
        "Shares in Elsin Ferries fell after the firm sold three of its ships.",
        "Ann Roe spends most of her time at sea.",
    ],
)
def test_of_its_with_its_owner_named_before_stands_alone(text):
    assert not points_away(text)


@pytest.mark.parametrize(
    "text",
    [
        "On Monday, he asked for more time.",
        "After the DUI, he was let go.",
        "Port Elsin hopes that a second bridge will.",
        "The latter, he said, was closed.",
    ],
)
def test_a_day_or_an_abbreviation_is_nobody_whom_he_can_mean(text):
    assert points_away(text)


def test_a_name_in_the_headline_counts_as_given():
    text = "Ms Praed replied that the company would pay more in tax."
    assert not points_away(text, headline="Praed defends the chip plant")


def test_no_detail_points_away():
    text = (
        "The records of 340,000 ferry passengers were copied in spring from the ticket firm Tallypoint.\n"
        "The thieves came in through a company that prints timetables.\n"
        "One of its employees used the same password in two places.\n"
        "Police in Port Elsin opened an inquiry on Monday and asked 11,600 passengers to come forward.\n"
        "The consumers' league will file a claim next week on behalf of the passengers of the ferry.\n"
    )
    digest = plain([Article("Ferry ticket firm loses records", text)])
    assert [one for one in (*digest.details, *digest.next) if "its employees" in one] == []


def test_a_figure_with_a_unit_is_not_printed_without_what_it_measures():
    asked = "Local people raised questions about water."
    measured = "The plant uses 2,600 cubic metres a day, nine tenths of it recycled, and the region had a dry spring."
    told = (
        "A chip plant opened in Velmora on Monday after two years of work.",
        "The owner, Kell Chips, spent 4 billion crowns on two halls and a railway line.",
        "The mayor of Velmora, Ann Roe, called it the largest employer in the region.",
    )
    rest = (
        "The town had 12,000 inhabitants in 2020, according to the census.",
        "Unions in Velmora asked for 40 more buses between the plant and the town.",
    )
    for before in (told, told[:1]):
        digest = plain([Article("News from the strait", "\n".join((*before, asked, measured, *rest)))])
        assert measured not in digest.sentences
