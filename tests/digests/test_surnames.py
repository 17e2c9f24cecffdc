"""Half names: whose other half the article has, and what passes for one."""

import pytest

from bot.digests.surnames import half_named
from bot.sentences import split

ARTICLE = split(
    "Shira Orlund, the director of the harbour, spoke on Monday. The ferry of Elsin was late.\n"
    "Critics met Tolo Brandt. Brandt said little. Nothing was decided by the mast of Port Mast.\n"
    "The Grand Velmora, built in 1990, lies in the harbour. Rep. Robin Vik left."
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("While Orlund apologised, the ferry left.", "Orlund"),
        ("Brandt, who is 40, owns a boat.", "Brandt"),
        ("Guards let Vik pass.", "Vik"),
        ("Wexler, 39, owns a boat.", "Wexler"),
    ],
)
def test_a_surname_without_the_name_that_the_article_has_is_half_a_name(text, name):
    assert half_named(text, ARTICLE, given="") == name


@pytest.mark.parametrize(
    "text",
    [
        "Shira Orlund left, and Orlund came back.",
        "President Orlund left.",
        "The ferry of Elsin was late.",
        "The crew of Velmora slept.",
        "The crew saw Mast fall.",
        "Wexler owns a boat.",
    ],
)
def test_what_is_full_titled_or_nobodys_surname_is_not(text):
    assert not half_named(text, ARTICLE, given="")


def test_a_name_that_was_given_before_needs_not_be_full():
    assert not half_named("Guards let Vik pass.", ARTICLE, given="Vik leaves")
    assert half_named("Guards let Vik pass.", ARTICLE, given="Viking leaves") == "Vik"
