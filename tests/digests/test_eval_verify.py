"""The measure of `verify` measures: its errors are errors, its other wordings are true, and its tally counts."""

from random import Random

import pytest

from bench.eval_verify import Case, articles, cases, is_held_out, judge, shared_data, table
from bench.news_words import Setting
from bench.planted import ERRORS
from bench.said_otherwise import PARAPHRASES
from bot.digests.generated.verify import Supported, check, sources_of
from bot.model import Article

TEXT = (
    "Kessel Works sued the council of Port Elsin in March 2024 over 12 unpaid bills.\n"
    "After two years of repairs, Kessel Works did not open the northern span on Monday.\n"
    "“We are very glad and very tired of it,” the engineer Ann Orlund said.\n"
    "Nord Lines, which runs the ferry, was also told by Ivo Praed that 1,400 passengers were lost."
)
SENTENCES = TEXT.splitlines()
SETTING = Setting(TEXT, SENTENCES, ["Hanne Marl", "Blue Anchor"], ["a gift that nobody had asked for"])


@pytest.mark.parametrize("kind", ERRORS)
def test_every_kind_of_error_is_planted_and_caught_here(kind):
    read = sources_of([Article(title="", text=TEXT)])
    planted = {
        error
        for sentence in SENTENCES
        for seed in range(10)
        if (error := ERRORS[kind](sentence, SETTING, Random(seed)))
    }
    assert planted
    assert not planted & set(SENTENCES)
    assert [error for error in planted if isinstance(check(error, read), Supported)] == []


@pytest.mark.parametrize(
    "way", ["reordered", "shortened", "attributed", "renumbered", "uncontracted", "lightened"]
)
def test_other_wordings_of_the_same_are_supported_here(way):
    read = sources_of([Article(title="", text=TEXT)])
    said = [other for one in SENTENCES if (other := PARAPHRASES[way](one, SETTING, Random(1)))]
    assert said
    assert [other for other in said if not isinstance(check(other, read), Supported)] == []


def test_the_tally_counts_what_is_caught_and_what_is_refused():
    article = Article(title="", text=TEXT)
    told = [
        ("number", SENTENCES[0].replace("12", "15"), False, ""),
        ("name", SENTENCES[0], False, ""),
        ("verbatim", SENTENCES[1], True, ""),
        ("reworded", "Nobody wrote anything of this kind anywhere.", True, ""),
    ]
    tally = judge([Case(article, told)], None)
    assert (tally.caught.total(), tally.planted.total()) == (1, 2)
    assert (tally.refused.total(), tally.true.total()) == (1, 2)
    assert "50.0 %  1 of 2" in table(tally)


def test_the_halves_share_no_article_and_a_seed_gives_the_same_digests():
    if not shared_data().is_dir():
        pytest.skip("no real data here")
    tuning, held_out = articles(shared_data(), held_out=False), articles(shared_data(), held_out=True)
    assert not {key for key, _ in tuning} & {key for key, _ in held_out}
    assert all(is_held_out(key) for key, _ in held_out)
    first, again = (list(cases(tuning, digests=12)) for _ in range(2))
    assert first == again
    assert [sum(not is_true for _, _, is_true, _ in case.sentences) for case in first] == [1] * 12
