"""A wire copy is no second witness."""

import pytest

from bot.stories.copies import Telling, copied, wire
from bot.stories.fingerprint import fingerprint

TEXT = " ".join(f"word{number}" for number in range(120))
OTHER = " ".join(f"other{number}" for number in range(120))


def telling(entry_id, text, *, outlet="a", wire=None, url=None):
    return Telling(entry_id, outlet, wire, fingerprint("", text, url))


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("NORTHPORT, March 3 (Reuters) - The dam holds.", "reuters"),
        ("NORTHPORT (AP) — The dam holds.", "ap"),
        ("Berlin (dpa) - Der Damm hält.", "dpa"),
        ("By the Associated Press\nThe dam holds.", "ap"),
        ("The dam holds.\nBy The Associated Press", "ap"),
        ("The dam holds, the board told Reuters. Asked by AP, it said no more.", None),
        ("The AP English exam is in May.", None),
        ("The dam holds.", None),
    ],
)
def test_a_dateline_or_a_credit_names_the_agency_and_a_mention_does_not(text, agency):
    assert wire(text) == agency


def test_an_agency_speaks_for_itself_at_its_own_address():
    assert wire("The dam holds.", host="www.reuters.com") == "reuters"
    assert wire("The dam holds.", host="notreuters.com") is None


def test_an_author_may_be_the_agency():
    assert wire("The dam holds.", author="Reuters") == "reuters"
    assert wire("The dam holds.", author="Ada Brunel") is None


def test_a_text_with_most_of_anothers_wording_is_its_copy():
    first, copy = telling(1, TEXT), telling(2, TEXT + " and a last sentence", outlet="b")
    assert copied(copy, [first]) == 1


def test_a_copy_that_was_cut_is_a_copy():
    cut = " ".join(TEXT.split()[:50])
    assert copied(telling(2, cut, outlet="b"), [telling(1, TEXT)]) == 1


def test_two_reports_from_one_agency_are_one_voice():
    assert copied(telling(2, OTHER, outlet="b", wire="ap"), [telling(1, TEXT, wire="ap")]) == 1
    assert copied(telling(2, OTHER, outlet="b", wire="afp"), [telling(1, TEXT, wire="ap")]) is None


def test_an_outlet_that_writes_its_report_anew_is_no_second_source():
    anew = " ".join(TEXT.split()[:70]) + " " + " ".join(OTHER.split()[:50])
    assert copied(telling(2, anew), [telling(1, TEXT)]) == 1
    part = " ".join(TEXT.split()[:45]) + " " + " ".join(OTHER.split()[:75])
    assert copied(telling(2, part), [telling(1, TEXT)]) == 1
    assert copied(telling(2, part, outlet="b"), [telling(1, TEXT)]) is None


def test_own_words_at_another_outlet_are_no_copy():
    assert copied(telling(2, OTHER, outlet="b"), [telling(1, TEXT)]) is None


def test_of_several_the_first_was_copied():
    assert copied(telling(3, TEXT, outlet="c"), [telling(1, TEXT), telling(2, TEXT, outlet="b")]) == 1
