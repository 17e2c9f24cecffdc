"""A sentence that a model wrote is what one or two passages of the sources say, or it is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.digests.generated.verify import Supported, Unsupported, check, sources_of
from bot.model import Article
from bot.sentences import split

ARTICLE = Article(
    title="Bridge reopens in Port Elsin",
    text=(
        "The old bridge in Port Elsin reopened on Monday after 1,400 days, the U.S. engineer Ann O'Roe said.\n"
        "It cost 1.2 million crowns and 3.5% of the city's budget. “We are very glad and tired,” she told the Post.\n"
        "Kessel Works sued Mayor Ivo Praed in March 2024 over unpaid bills.\n"
        "Lorries may not cross the bridge before the spring, the harbour office said.\n"
        "Two of the twelve workers who were injured in February have not returned.\n"
        "Hanne Marl, who runs the ferry, expects to lose 400 passengers a day. Marl did not criticise the council.\n"
        "The builder could finish the northern span in May.\n"
        "“The bridge is a gift to the town,” Praed said. “It was worth the wait.”"
    ),
)
OTHER = Article(
    title="Ferry loses passengers",
    text="The ferry across the Elsin sound lost 30 per cent of its passengers to the bridge, Nord Lines said on Tuesday.",
)


def verdict(sentence, *articles, **options):
    return check(sentence, sources_of(articles or [ARTICLE]), **options)


def passages(found, *articles):
    return [(articles or [ARTICLE])[e.article].text[e.start : e.end] for e in found.evidence]


@pytest.mark.parametrize(
    "sentence",
    [
        "The old bridge in Port Elsin reopened on Monday after 1400 days, the U.S. engineer Ann O’Roe said.",
        "After 1,400 days, the old bridge in Port Elsin reopened on Monday.",
        "The old bridge reopened on Monday.",
        "The old bridge in Port Elsin reopened on Monday, according to the United States engineer Ann O'Roe.",
        "It cost 1.2 million crowns and 3.5 percent of the city's budget.",
        "“We are very glad and tired,” O'Roe told the Post.",
        "Mayor Ivo Praed was sued by Kessel Works in March 2024 over unpaid bills.",
        "In March 2024 Kessel Works sued Mayor Ivo Praed over unpaid bills.",
        "Lorries may not cross the bridge before the spring.",
        "2 of the 12 workers injured in February have not returned.",
        "Two of the twelve workers who were injured in February haven't returned.",
        "Hanne Marl expects to lose 400 passengers a day.",
        "Hanne Marl didn't criticise the council.",
        "“The bridge is a gift to the town,” Ivo Praed said.",
        "“It was worth the wait,” Praed said.",
    ],
)
def test_what_the_source_says_in_its_words_or_others_is_supported(sentence):
    assert isinstance(verdict(sentence), Supported), verdict(sentence)


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("The old bridge in Port Elsin reopened on Monday after 1,500 days.", "number 1,500"),
        ("It cost 1.2 billion crowns and 3.5% of the city's budget.", "number 1.2 billion"),
        ("It cost 1.2 million euros and 3.5% of the city's budget.", "number 1.2 million"),
        ("It cost 3.5 million crowns and 1.2% of the city's budget.", "number 3.5 million"),
        ("Four of the twelve workers who were injured in February have not returned.", "number Four"),
        ("Twelve of the two workers who were injured in February have not returned.", "changed places"),
        ("The old bridge in Port Marl reopened on Monday.", "name Port Marl"),
        (
            "The old bridge in Port Elsin reopened on Monday, the U.S. engineer Ann Marl said.",
            "name Ann Marl",
        ),
        (
            "The old bridge in Port Elsin reopened on Monday, the U.S. engineer Hanne Marl said.",
            "name Hanne Marl",
        ),
        ("The old bridge in Port Elsin reopened on Tuesday.", "date Tuesday"),
        ("Kessel Works sued Mayor Ivo Praed in March 2025 over unpaid bills.", "date March 2025"),
        ("Kessel Works sued Mayor Ivo Praed in May 2024 over unpaid bills.", "date May 2024"),
        ("Mayor Ivo Praed sued Kessel Works in March 2024 over unpaid bills.", "changed places"),
        ("Kessel Works was sued by Mayor Ivo Praed in March 2024 over unpaid bills.", "changed places"),
        ("Lorries may cross the bridge before the spring.", "leaves out that the source denies"),
        ("Two of the twelve workers who were injured in February have returned.", "leaves out"),
        ("The old bridge in Port Elsin has not reopened on Monday.", "denies"),
        ("Hanne Marl criticised the council.", "leaves out"),
        ("The builder finishes the northern span in May.", "is sure of"),
        ("“We are very glad and rested,” O'Roe told the Post.", "quotation We are very glad and rested,"),
        ("“We are very glad and tired,” Praed told the Post.", "not said by Praed"),
        ("“The bridge is a gift to the town,” Ann O'Roe said.", "not said by Ann O'Roe"),
        ("Ann O'Roe said the old bridge “reopened on Monday after 1,400 days”.", "quotation reopened"),
        ("The bridge fell into the sea and forty lorries with it.", ""),
        ("Aliens opened the bridge.", ""),
    ],
)
def test_what_the_source_does_not_say_is_refused_with_the_reason(sentence, reason):
    found = verdict(sentence)
    assert isinstance(found, Unsupported), found
    assert reason in found.reason


def test_the_passage_that_a_sentence_rests_on_is_its_evidence():
    found = verdict("Mayor Ivo Praed was sued by Kessel Works over unpaid bills.")
    assert passages(found) == ["Kessel Works sued Mayor Ivo Praed in March 2024 over unpaid bills."]


def test_a_sentence_may_rest_on_two_passages_of_two_sources():
    sentence = "Kessel Works sued Mayor Ivo Praed over unpaid bills, and the ferry lost 30 per cent of its passengers to the bridge."
    found = verdict(sentence, ARTICLE, OTHER)
    assert isinstance(found, Supported), found
    assert {e.article for e in found.evidence} == {0, 1}


def test_two_passages_lend_one_another_no_names():
    sentence = (
        "Nord Lines sued Mayor Ivo Praed over unpaid bills, and the ferry lost 30 per cent of its passengers."
    )
    assert isinstance(verdict(sentence, ARTICLE, OTHER), Unsupported)


def test_a_bag_of_the_articles_words_is_no_support():
    sentence = "The engineer Ann O'Roe sued the harbour office over the ferry in February."
    assert isinstance(verdict(sentence, ARTICLE, OTHER), Unsupported)


def test_a_refusal_names_the_nearest_passages():
    found = verdict("Kessel Works sued Mayor Ivo Praed in March 2021 over unpaid bills.")
    near = [ARTICLE.text[e.start : e.end] for e in found.nearest]
    assert "Kessel Works sued Mayor Ivo Praed in March 2024 over unpaid bills." in near


def test_another_meaning_is_refused_where_the_words_are_the_same():
    def opposite(texts):
        return np.array([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32)[: len(texts)]

    found = verdict("The old bridge reopened on Monday.", meanings=opposite)
    assert isinstance(found, Unsupported)
    assert found.reason == "another meaning than the source's"


def test_another_language_is_refused():
    found = check(
        "Die alte Brücke in Port Elsin ist wieder offen.",
        sources_of([ARTICLE], language="en"),
        language=lambda _: "de",
    )
    assert isinstance(found, Unsupported)
    assert found.reason == "language: de"


def test_a_sentence_longer_than_a_digest_is_refused():
    found = verdict("The old bridge in Port Elsin reopened on Monday " + "after 1,400 days " * 30)
    assert isinstance(found, Unsupported)
    assert found.reason.startswith("length")


def test_without_articles_nothing_is_supported():
    assert isinstance(check("Port Elsin is open.", sources_of([])), Unsupported)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_every_sentence_of_an_article_is_supported_by_it(text):
    article = Article(title="", text=text)
    read = sources_of([article])
    for sentence in split(text):
        found = check(sentence.text, read)
        assert isinstance(found, Supported)
        assert found.evidence[0].article == 0


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_no_sentence_can_do_harm(text):
    assert isinstance(verdict(text), Supported | Unsupported)
