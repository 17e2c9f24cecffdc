"""The default summariser with its real encoder, and without it."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from bot.digests.bundled import WORDS, BundledSummariser, plain
from bot.digests.candidates import BY_MEANING
from bot.digests.extractive import Method, extractive
from bot.digests.worth import ReadArticle
from bot.encoder import Encoder
from bot.model import Article, Source
from bot.sentences import split
from bot.times import utc_now

NOW = utc_now()
FIRST = Article(
    title="Bridge at Port Elsin reopens",
    text=(
        "The old bridge at Port Elsin reopened on Monday after two years of repairs, the harbour office said.\n"
        "Engineers replaced 140 cables and every bolt on the northern span of the crossing.\n"
        "Lorries above 12 tonnes must still use the tunnel in the south of the town.\n"
        "The council of Port Elsin will vote on a toll for lorries on Friday."
    ),
    site="Elsin Post",
    published_at=NOW,
)
SECOND = Article(
    title="Elsin crossing open again",
    text=(
        "The bridge in Port Elsin was opened once more on Monday, following two years of repairs.\n"
        "Shopkeepers near the harbour hope that visitors will come back in spring.\n"
        "Repairs cost 12 million crowns, twice the sum that had been set aside."
    ),
    site="Strait Herald",
    published_at=NOW + timedelta(hours=1),
)
SOURCES = [Source("Elsin Post", FIRST.title, None), Source("Strait Herald", SECOND.title, None)]
GERMAN = Article(
    title="Brücke in Port Elsin wieder offen",
    text=(
        "Die alte Brücke in Port Elsin ist nach zwei Jahren Reparatur wieder geöffnet, teilte das Hafenamt mit.\n"
        "Ingenieure haben 140 Kabel und sämtliche Bolzen am nördlichen Bogen der Brücke ersetzt.\n"
        "Die Reparatur der Brücke kostete zwölf Millionen Kronen, doppelt so viel wie geplant.\n"
        "Der Stadtrat wird am Freitag über eine Maut für Lastwagen abstimmen.\n"
        "Am Ufer verkauft eine Bäckerin aus Norrholm seit gestern Kuchen mit Zimt."
    ),
    site="Elsiner Bote",
)


@pytest.fixture(scope="module")
def bundled(encoder):
    return BundledSummariser(encoder)


def test_the_record_names_the_model_and_the_language(bundled):
    digest = bundled.digest([FIRST, SECOND], SOURCES)
    assert digest.model.startswith("need-to-know-")
    assert digest.record[:2] == (f"extractive: {digest.model}", "language: en")
    assert digest.language == "en"
    assert digest.sources == tuple(SOURCES)


def test_what_two_sources_tell_in_other_words_is_told_once_and_each_adds_its_own(bundled):
    digest = bundled.digest([FIRST, SECOND], SOURCES)
    assert digest.need_to_know[0].startswith("The old bridge at Port Elsin reopened")
    assert not any("opened once more" in sentence for sentence in digest.sentences)
    assert any(first.article == 1 for first, *_ in digest.evidence)
    assert digest.next == ("The council of Port Elsin will vote on a toll for lorries on Friday.",)


def test_another_language_than_english_is_chosen_by_words_and_the_record_says_so(bundled):
    digest = bundled.digest([GERMAN], [])
    assert (digest.model, digest.language) == (WORDS, "de")
    assert digest.record[:2] == ("extractive: sub-words", "language: de")
    assert digest.need_to_know[0].startswith("Die alte Brücke in Port Elsin ist nach zwei Jahren")
    assert digest.next == ("Der Stadtrat wird am Freitag über eine Maut für Lastwagen abstimmen.",)
    assert digest == plain([GERMAN])


def test_a_digest_is_in_the_language_that_most_articles_share(bundled):
    digest = bundled.digest([GERMAN, FIRST, SECOND], SOURCES)
    assert digest.language == "en"
    assert digest.headline == FIRST.title
    assert not any(first.article == 0 for first, *_ in digest.evidence)


def test_sources_that_disagree_on_a_number_are_told_with_both_their_names(bundled):
    one = "A fire in a paper mill in Norrholm killed 14 people on Monday, the fire service said."
    other = "A fire at a paper mill in Norrholm on Monday killed 19 people, the fire service said."
    rest = "The mill in Norrholm employs 400 people and makes paper for newspapers."
    articles = [
        Article("Fire in Norrholm", f"{one}\n{rest}", site="Elsin Post", published_at=NOW),
        Article(
            "Mill burns", f"{other}\nSmoke was seen across the bay.", site="Strait Herald", published_at=NOW
        ),
    ]
    digest = bundled.digest(articles, [])
    (differ,) = digest.differ
    assert all(word in differ for word in ("14", "19", "Elsin Post", "Strait Herald"))
    place = digest.sentences.index(differ)
    assert {passage.article for passage in digest.evidence[place]} == {0, 1}
    assert len(digest.evidence) == len(digest.sentences)


def test_a_model_that_cannot_be_read_gives_way_to_the_words_and_the_record_says_why(tmp_path):
    digest = BundledSummariser(Encoder(tmp_path)).digest([FIRST], [])
    assert (digest.model, digest.need_to_know) == (WORDS, plain([FIRST]).need_to_know)
    assert any(line.startswith("without the model: the bundled model in") for line in digest.record)


@pytest.mark.parametrize(("hours", "leading"), [(0.5, 0), (2, 1), (-5, 0)])
def test_an_article_an_hour_newer_leads_for_the_first_may_have_been_overtaken(hours, leading):
    later = replace(SECOND, published_at=NOW + timedelta(hours=hours))
    digest = plain([FIRST, later], SOURCES)
    assert digest.headline == [FIRST, later][leading].title
    assert digest.evidence[0][0].article == leading


def test_of_very_many_articles_the_leading_one_and_the_latest_are_read():
    text = "Ferry number {0} of Port Elsin sailed to Norrholm with {0} passengers and {0} dogs."
    many = [Article(f"Ferry {n} sails", text.format(n), site=f"Post {n}") for n in range(11, 60)]
    bare = [Article("Ferries sail", text.format(n), site=f"Post {n}", bare=True) for n in range(60, 90)]
    digest = plain([*many, *bare])
    places = {first.article for first, *_ in digest.evidence}
    assert 0 in places
    assert places <= {0, *range(38, 49)}


TOLD = (
    "Ferries crossed the strait of Velmora on Sunday.",
    "The harbour master of Velmora counted nine passengers.",
    "A café near the quay sold soup with dill.",
    "The ministry of transport in Velmora bought two ships.",
    "A wind from the north blew all day over the bay.",
    "Gulls sat on the roof of the customs house.",
    "The price of a crossing rose by a fifth.",
    "A lamp on the pier was mended by a smith.",
    "Children flew kites on the long beach.",
    "An orchestra played in the park of Norrholm.",
)


def read_as(text, *, number=0, salience=None, meanings=None, published_at=None):
    """An article with what a model would have read of it."""
    sentences = split(text)
    width = 16
    own = np.eye(len(sentences), width, number * 8 % width, dtype=np.float32)
    return ReadArticle(
        number,
        Article("News", text, published_at=published_at),
        sentences,
        np.array(salience if salience is not None else [0.0] * len(sentences), dtype=np.float32),
        own if meanings is None else np.array(meanings, dtype=np.float32),
        np.zeros(width, dtype=np.float32),
    )


ENGLISH = Method("by hand", "en", BY_MEANING)


@pytest.mark.parametrize("salient", range(3, 10))
def test_the_most_salient_sentence_is_in_the_digest_wherever_it_stands(salient):
    salience = [float(place == salient) for place in range(len(TOLD))]
    digest = extractive([read_as("\n".join(TOLD), salience=salience)], method=ENGLISH)
    assert TOLD[salient] in digest.sentences
    assert (TOLD[salient] in digest.need_to_know) == (salient < 8)


def test_what_means_the_same_and_adds_no_fact_is_told_once():
    again = "A soup made with dill was for sale in a quayside café."
    text = "\n".join((TOLD[0], TOLD[2], again, *TOLD[3:6]))
    meanings = np.eye(6, 16, dtype=np.float32)
    meanings[2] = meanings[1]
    digest = extractive([read_as(text, meanings=meanings)], method=ENGLISH)
    assert len({TOLD[2], again} & set(digest.sentences)) == 1


@pytest.mark.parametrize(("hours", "expected"), [(5, True), (-5, False)])
def test_a_newer_number_is_told_though_an_older_article_tells_the_rest(hours, expected):
    newer = "Ferries crossed the strait of Velmora 14 times on Sunday."
    first = read_as("\n".join(TOLD[:4]), published_at=NOW)
    meanings = np.zeros((1, 16), dtype=np.float32)
    meanings[0, 0] = 1.0
    second = read_as(newer, number=1, meanings=meanings, published_at=NOW + timedelta(hours=hours))
    digest = extractive([first, second], method=ENGLISH)
    assert (newer in digest.sentences) == expected
