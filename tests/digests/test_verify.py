import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests.sentences import split
from bot.digests.verify import unsupported
from bot.model import Article

ARTICLE = Article(
    title="Bridge reopens in Port Elsin",
    text=(
        "The old bridge reopened on Monday after 1,400 days, the U.S. engineer Ann O'Roe said.\n"
        "It cost 1.2 million crowns and 3.5% of the city's budget. “We are very glad and tired,” she told the Post."
    ),
)


@pytest.mark.parametrize(
    "sentence",
    [
        "The bridge in Port Elsin cost 1.2 million crowns.",
        "It reopened after 1400 days, O’Roe said.",
        "It took 3.5 percent of the budget.",
        "“We are very glad and tired,” O'Roe said.",
        "The US engineer was “glad”.",
        "Port Elsin's bridge is open.",
        "",
    ],
)
def test_what_the_article_says_is_supported(sentence):
    assert unsupported(sentence, [ARTICLE]) is None


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("It reopened after 1,500 days.", "number 1500"),
        ("It cost 1.2 billion crowns.", "number 1.2 billion"),
        ("It cost 2 crowns.", "number 2"),
        ("The bridge in Port Marl is open.", "name Marl"),
        ("Bernard said that it was open.", "name Bernard"),
        ("O'Roe said: “We are very glad and rested.”", "quotation We are very glad and rested."),
    ],
)
def test_what_no_article_says_is_named(sentence, reason):
    assert unsupported(sentence, [ARTICLE]) == reason


def test_without_articles_nothing_is_supported():
    assert unsupported("Port Elsin is open.", []) == "name Port"


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_every_sentence_of_an_article_is_supported_by_it(text):
    for sentence in split(text):
        assert unsupported(sentence.text, [Article(title="", text=text)]) is None
