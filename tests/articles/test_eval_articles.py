from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.article_pages import Case
from bench.eval_articles import Reading, boilerplate, judge, main, shared_data

STORY = [
    "The old bridge at Port Elsin reopened on Monday.",
    "Engineers replaced 140 cables on the northern span.",
]
PAGE = b"""<html><body><a href="/x">Ferry fares to rise in spring</a><figure><figcaption>A crane lifts the last
cable of the bridge</figcaption></figure></body></html>"""


def case(**changes):
    told = {
        "name": "post/a",
        "outlet": "post",
        "page": PAGE,
        "url": None,
        "lines": STORY,
        "title": "Bridge reopens",
    }
    return Case(**{**told, "date": "2026-03-02 09:30:00+01:00", "authors": ["Jane Doe"], **changes})


def judged(*lines, title="Bridge reopens", date=None):
    return judge(case(), Reading("\n".join(lines), title, date, 0.01))


def test_what_was_expected_scores_full_marks():
    score = judged(*STORY, date=datetime(2026, 3, 2, 8, 30, tzinfo=UTC))
    assert (score.f1, score.stray, score.boilerplate, score.title, score.date) == (1.0, 0.0, (), True, True)


def test_missing_and_added_words_cost_recall_and_precision():
    assert judged(STORY[0]).recall < 1 == judged(STORY[0]).precision
    assert judged(*STORY, "Nobody wrote these words at all.").precision < 1


def test_furniture_is_found_by_page_and_expectation_not_by_the_readers_patterns():
    left = [
        "Jane Doe lives by the sea.",
        "Ferry fares to rise in spring",
        "A crane lifts the last cable of the bridge",
        "Sign up for our newsletter today.",
        "She is our harbour correspondent.",
    ]
    assert list(boilerplate(case(), [*STORY, *left])) == left


def test_a_stray_sentence_of_news_is_no_furniture():
    assert judged(*STORY, "Ships came from three countries that week.").boilerplate == ()


def test_nothing_read_scores_nothing():
    assert (judged().f1, judged().empty) == (0.0, True)


def test_without_the_data_it_says_that_it_is_skipped(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("sys.argv", ["eval_articles", str(tmp_path)])
    assert main() == 0
    assert "SKIPPED" in capsys.readouterr().out


def test_the_data_lie_where_shared_data_says(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("sys.argv", ["eval_articles"])
    monkeypatch.setenv("SHARED_DATA", str(tmp_path))
    assert main() == 0
    assert f"no {tmp_path}/pages/fundus.tar.gz (SHARED_DATA names" in capsys.readouterr().out


@pytest.mark.parametrize("named", [{}, {"SHARED_DATA": ""}])
def test_else_they_lie_beside_the_repository_wherever_it_is_run_from(monkeypatch, tmp_path, named):
    monkeypatch.delenv("SHARED_DATA", raising=False)
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    assert shared_data() == Path(__file__).parents[3] / "shared" / "data"
