"""Forms of one word have one stem, and words that nobody confuses have two."""

import pytest

from bot.stems import stem


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", "missile missiles"),
        ("en", "test tests testing tested"),
        ("en", "import imports importing imported importer"),
        ("en", "executive executives"),
        ("en", "execute executed executing execution executions"),
        ("en", "city cities"),
        ("en", "engineer engineers engineering"),
        ("de", "rakete raketen"),
        ("fr", "election elections"),
        ("es", "gobierno gobiernos gobierna"),
        ("pt", "eleicao eleicoes"),  # as folded: eleição, eleições
        ("ru", "байден байдена"),
    ],
)
def test_forms_of_a_word_share_its_stem(language: str, forms: str) -> None:
    assert len({stem(form, language) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("import", "important"),
        ("severe", "several"),
        ("execution", "executive"),
        ("author", "authority"),
        ("customs", "customer"),
        ("aid", "aids"),
        ("animation", "animal"),
        ("animation", "anime"),
        ("experience", "experiment"),
        ("unit", "united"),
        ("good", "goods"),
        ("position", "positive"),
        ("office", "officer"),
        ("citi", "city"),
        ("mar", "mars"),
        ("lago", "lagos"),
        ("marco", "marcos"),
        ("hama", "hamas"),
        ("harry", "harris"),
        ("nation", "national"),
        ("boe", "boeing"),
        ("new", "news"),
        ("university", "universe"),
        ("organ", "organization"),
        ("march", "mars"),
        ("policy", "police"),
    ],
)
def test_words_that_nobody_confuses_are_told_apart(one: str, other: str) -> None:
    assert stem(one, "en") != stem(other, "en")


def test_a_language_without_a_stemmer_has_its_words_as_they_are() -> None:
    assert stem("missiles", "ja") == stem("missiles", "xx") == "missiles"
