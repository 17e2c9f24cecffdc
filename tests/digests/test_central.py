"""Sub-word TF-IDF: what is alike in any language, and what is central."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests.central import central, vectors


@pytest.mark.parametrize(
    ("text", "alike", "other"),
    [
        ("The bridge reopened.", "Bridges are reopening.", "Ferries sailed at noon."),
        ("Die Brücke wurde gesperrt.", "Brückensperrung am Montag.", "Das Parlament tagte gestern."),
        ("Le pont a rouvert lundi.", "La réouverture des ponts.", "Des pluies sont tombées."),
        ("Мост открыли в понедельник.", "Открытие моста состоялось.", "Паромы ушли утром."),
        ("港の橋が再開した。", "橋の再開は月曜日。", "市議会は採決する。"),
        ("เปิดสะพานอีกครั้ง", "สะพานเปิดแล้ว", "ฝนตกหนักทางเหนือ"),
    ],
)
def test_words_with_other_endings_are_alike_in_any_script(text, alike, other):
    one, two, three = vectors([text, alike, other])
    assert one @ two > one @ three


def test_the_same_words_are_the_same_and_a_text_without_words_is_like_nothing():
    one, two, none = vectors(["The bridge reopened.", "the BRIDGE reopened", "…"])
    assert one @ two == pytest.approx(1.0, abs=1e-5)
    assert not none.any()


@given(st.lists(st.text(max_size=60), max_size=8))
def test_no_row_is_longer_than_one_and_the_same_texts_give_the_same_rows(texts):
    rows = vectors(texts)
    assert rows.shape[0] == len(texts)
    assert (np.linalg.norm(rows, axis=1) <= 1 + 1e-5).all()
    assert np.array_equal(rows, vectors(texts))


def test_what_the_document_is_about_is_central_wherever_it_stands():
    told = [
        "El viento sopló toda la tarde.",
        "El puente de Port Elsin reabrió el lunes.",
        "Un café cuesta dos coronas.",
        "El puente reabierto de Port Elsin costó doce millones.",
    ]
    title, *sentences = vectors(["Reabre el puente de Port Elsin", *told])
    salience = central(np.array(sentences), title)
    assert salience.shape == (4,)
    assert salience[1] == salience.max()
    assert salience[3] > salience[2]


def test_of_two_that_tell_the_same_the_earlier_is_more_salient():
    title, *sentences = vectors(["", *["The bridge reopened on Monday."] * 3])
    salience = central(np.array(sentences), title)
    assert list(salience) == sorted(salience, reverse=True)
    assert salience[0] > salience[2]
