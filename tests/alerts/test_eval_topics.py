import tomllib
from pathlib import Path

import numpy as np
import pytest

from bench.eval_topics import AG_NEWS, BBC_NEWS, STREAM, guess, is_tuned_on, measures, table

TOPICS = Path(__file__).parents[2] / "config" / "topics.toml"


@pytest.mark.parametrize("classes", [AG_NEWS, BBC_NEWS])
def test_every_class_is_of_known_topics_and_none_is_of_two(classes: dict[str, str]) -> None:
    known = {topic["id"] for topic in tomllib.loads(TOPICS.read_text(encoding="utf-8"))["topic"]}
    named = [id_ for ids in classes.values() for id_ in ids.split()]
    assert set(named) <= known
    assert len(set(named)) == len(named)
    assert {id_ for ids in STREAM.values() for id_ in ids.split()} <= known


def test_a_class_is_guessed_by_the_sum_of_its_odds() -> None:
    classes = {"one": "a b", "two": "c"}
    assert guess({"a": 0.7, "b": 0.7, "c": 0.8}, classes) == "one"  # odds of 2⅓ twice, against 4
    assert guess({"a": 0.7, "b": 0.1, "c": 0.8}, classes) == "two"


def test_f1_is_that_of_the_textbook() -> None:
    confusion = table(np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1]), 2)
    assert confusion.tolist() == [[2, 1], [0, 1]]
    assert measures(confusion) == pytest.approx(np.array([[1, 2 / 3, 0.8], [0.5, 1, 2 / 3]]))


def test_about_half_is_held_out() -> None:
    assert 450 < sum(is_tuned_on(f"ag{number}") for number in range(1000)) < 550
