from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import clip, fold, squash, tokens, words


def terms(text: str) -> list[str]:
    return [token.term for token in tokens(text)]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Café’S", "cafe's"),
        ("ＣＯＶＩＤ", "covid"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("𝐀lpha", "alpha"),
        ("Windows™", "windows"),
        ("soft\u00adhyphen", "softhyphen"),
        ("e\u0301t\u00e9", "ete"),
    ],
)
def test_case_accents_and_shapes_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("COVID-19's peak", ["covid", "19", "peak"]),
        ("the U.S. and A.I.", ["the", "us", "and", "ai"]),
        ("AT&T, S & P 500", ["at", "and", "t", "s", "and", "p", "500"]),
        ("O’Neill said", ["o", "neill", "said"]),
        ("l’Iran", ["l", "iran"]),
        ("she'll don't", ["she'll", "don't"]),
        ("C++ C# C F#.", ["c++", "c#", "c", "f#"]),
        ("1,000 3.5% 3.5bn 2,500.", ["1000", "3.5", "3.5bn", "2500"]),
        ("東京で地震", ["東", "京", "て\u3099", "地", "震"]),
        ("J.R.R. Tolkien", ["jrr", "tolkien"]),
        ("#tag $TSLA snake_case", ["tag", "tsla", "snake", "case"]),
        ("", []),
    ],
)
def test_tokens_are_words_as_people_mean_them(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_a_token_stands_where_the_original_stands() -> None:
    text = "Ｎorth Korea’s e\u0301tat"
    assert [text[t.start : t.end] for t in tokens(text)] == ["Ｎorth", "Korea", "e\u0301tat"]


def test_korean_is_a_token_for_each_syllable() -> None:
    assert terms("북한이")[:2] == terms("북한")


def test_kana_keep_their_voicing_marks() -> None:
    assert terms("バス") != terms("ハス")


def test_indic_words_keep_their_vowel_signs() -> None:
    assert len(terms("हिन्दी समाचार")) == 2


def test_a_russian_letter_is_the_same_in_one_piece_and_in_two() -> None:
    one, two = "Байден ЕЙ йод", "Баи\u0306ден ЕИ\u0306 и\u0306од"
    assert terms(one) == terms(two) == ["байден", "ей", "йод"]
    assert [two[t.start : t.end] for t in tokens(two)] == two.split()


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(), st.text())
def test_the_fold_of_a_part_is_the_part_of_the_fold(left: str, right: str) -> None:
    assert fold(left + right) == fold(left) + fold(right)


@given(st.text())
def test_terms_joined_by_spaces_are_those_terms_again(text: str) -> None:
    assert terms(" ".join(terms(text))) == terms(text)


@given(st.text())
def test_tokens_lie_in_the_text_in_order(text: str) -> None:
    found = tokens(text)
    assert all(0 <= t.start < t.end <= len(text) and t.term for t in found)
    assert all(a.start <= b.start for a, b in pairwise(found))


def test_squash_puts_a_text_on_one_line() -> None:
    assert squash(" a\n\tb\u200b  c\x00 ") == "a b c"


def test_words_are_as_they_are_written() -> None:
    assert words("O'Neill of AT&T") == ["O'Neill", "of", "AT&T"]


@given(st.text(), st.integers(min_value=2, max_value=50))
def test_a_clipped_text_keeps_its_limit(text: str, limit: int) -> None:
    assert len(clip(text, limit)) <= limit
