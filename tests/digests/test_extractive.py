"""The digest of the sources' own sentences: what is chosen, in which order, and what never is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.digests.bundled import plain
from bot.digests.compose import balanced, dangles, terms
from bot.model import Article, Digest, Source
from bot.sentences import split, word_count

STORY = Article(
    title="Port Elsin bridge reopens",
    text=(
        "The old bridge at Port Elsin reopened on Monday after two years of repairs, the harbour office said.\n"
        "It carries 9,000 cars a day. Why did it take so long?\n"
        "“The cables were worse than we feared,” said harbour master Ann Roe. “We replaced all of them.”\n"
        "However, the northern lane stays closed to lorries above 12 tonnes.\n"
        "Engineers replaced 140 cables and every bolt on the northern span of the bridge.\n"
        "The council of Port Elsin will vote on a toll for lorries on Friday.\n"
        "Sign up for our daily newsletter about bridges and harbours.\n"
        "Repairs cost 12 million crowns, twice the sum that the council had set aside in 2023."
    ),
)
SECOND = Article(
    title="Toll row after bridge opens",
    text=(
        "Shopkeepers in Port Elsin protested against the planned toll outside the council hall.\n"
        "The old bridge at Port Elsin reopened on Monday after two years of repairs, the harbour office said.\n"
        "Some 300 people took part in the protest, according to police in Port Elsin."
    ),
)


def printed(digest: Digest) -> tuple[str, ...]:
    return digest.sentences


def said(text: str) -> set[str]:
    """The words of a text, of names the bare form too."""
    return {part for term in terms(text) for part in (term, term.removesuffix("'s"))} | {""}


def test_the_digest_tells_the_news_then_details_then_what_comes():
    digest = plain([STORY])
    assert digest.headline == "Port Elsin bridge reopens"
    assert digest.need_to_know[0].startswith("The old bridge at Port Elsin reopened on Monday")
    assert not any(sentence.startswith("It carries") for sentence in printed(digest))
    assert digest.next == ("The council of Port Elsin will vote on a toll for lorries on Friday.",)
    assert "Engineers replaced 140 cables and every bolt on the northern span of the bridge." in printed(
        digest
    )
    assert (digest.model, digest.language) == ("sub-words", "en")
    assert digest.record[:2] == ("extractive: sub-words", "language: en")


def test_no_question_and_no_boilerplate_gets_in():
    text = " ".join(printed(plain([STORY, SECOND])))
    assert "?" not in text
    assert "newsletter" not in text


def test_nothing_is_said_twice_across_articles():
    text = printed(plain([STORY, SECOND]))
    assert sum("reopened on Monday" in sentence for sentence in text) == 1


def test_a_second_article_adds_its_own_details():
    digest = plain([STORY, SECOND])
    assert any(first.article == 1 for first, *_ in digest.evidence[len(digest.need_to_know) :])


def test_a_page_leads_before_a_bare_summary():
    bare = Article(
        title="Bridge", text="A short summary of the bridge story was sent by the feed.", bare=True
    )
    assert plain([bare, STORY]).need_to_know[0].startswith("The old bridge")


def test_the_evidence_points_at_the_words_printed():
    articles = [STORY, SECOND]
    digest = plain(articles)
    assert len(digest.evidence) == len(printed(digest))
    for sentence, passages in zip(printed(digest), digest.evidence, strict=True):
        assert {w.removesuffix("'s") for w in terms(sentence)} <= said(
            " ".join(articles[e.article].text[e.start : e.end] for e in passages)
        )


@pytest.mark.parametrize("text", ["", "\n", "Why?", "Read more"])
def test_a_text_with_nothing_to_say_leaves_the_headline_alone(text):
    digest = plain([Article(title="Bridge reopens", text=text, bare=True)])
    assert (digest.headline, printed(digest)) == ("Bridge reopens", ())


def test_without_articles_the_sources_title_serves():
    digest = plain([], [Source(name="Post", title="Bridge reopens", url=None)])
    assert (digest.headline, printed(digest)) == ("Bridge reopens", ())


def test_a_bare_standfirst_is_printed_as_it_is():
    digest = plain(
        [Article(title="Bridge", text="Old crossing opens to traffic after two years of repairs", bare=True)]
    )
    assert digest.need_to_know == ("Old crossing opens to traffic after two years of repairs",)


def test_a_text_without_spaces_gets_a_digest():
    text = (
        "港湾当局は月曜日、二年間の修理を終えて橋を再開したと発表した。技術者は百四十本のケーブルを交換した。"
        "市議会は来週、通行料について採決する予定だ。費用は千二百万クローネに上った。"
    )
    digest = plain([Article(title="橋が再開", text=text)])
    assert digest.need_to_know
    assert digest.next == ("市議会は来週、通行料について採決する予定だ。",)


def test_a_question_gives_way_to_a_headline_that_states_something():
    asks = Article(title="Is the bridge safe?", text=STORY.text)
    assert plain([asks, STORY]).headline == STORY.title


def test_a_past_schedule_is_not_what_comes_next():
    text = STORY.text + "\nThe bridge would have been ready by the end of 2024 without the storm in May."
    assert not any("would have" in sentence for sentence in plain([Article(title="B", text=text)]).next)


LAST = "Repairs cost 12 million crowns, twice the sum that the council had set aside in 2023."
REST = f"Engineers replaced 140 cables on the northern span of the old crossing.\n{LAST}"


def need(standfirst, sentence):
    return plain(
        [Article(title="News from the strait", text=f"{standfirst}\n{sentence}\n{REST}")]
    ).need_to_know[:2]


@pytest.mark.parametrize(
    ("standfirst", "sentence"),
    [
        (
            "Old bridge at Port Elsin reopens after two years of repairs.",
            "The old bridge at Port Elsin has reopened after two years of repairs.",
        ),
        (
            "Striking crews agreed to return and ferries resumed crossings.",
            "The crews on strike are agreeing on a return, with ferries resuming every crossing.",
        ),
    ],
)
def test_a_sentence_that_tells_the_standfirst_again_in_other_words_is_left_out(standfirst, sentence):
    found = need(standfirst, sentence)
    assert found[0] == standfirst
    assert sentence not in found


@pytest.mark.parametrize(
    ("standfirst", "sentence"),
    [
        (
            "Crews return to work and ferries resume crossing the strait.",
            "Crews have returned to work and 14 ferries have resumed crossing the strait.",
        ),
        (
            "Crews return to work and ferries resume crossing the strait.",
            "Crews have returned to work and ferries have resumed crossing the strait, Ann Roe said.",
        ),
    ],
)
def test_a_sentence_that_tells_the_standfirst_and_more_stands_alone(standfirst, sentence):
    found = need(standfirst, sentence)
    assert found[0] == sentence
    assert standfirst not in found


@pytest.mark.parametrize(
    ("standfirst", "sentence"),
    [
        (
            "Crews of 14 ferries return to work on the strait of Velmora.",
            "Crews of 19 ferries returned to work on the strait of Velmora.",
        ),
        (
            "The council of Port Elsin will pay for the repairs of the bridge.",
            "The council of Cape Ullin will pay for the repairs of the bridge.",
        ),
        (
            "The council of Port Elsin will pay for the repairs of the bridge.",
            "The council of Port Elsin will not pay for the repairs of the bridge, nor for 3 ferries.",
        ),
    ],
)
def test_a_number_a_name_and_a_not_are_never_lost_as_a_repetition(standfirst, sentence):
    said = " ".join(need(standfirst, sentence))
    assert sentence in said


def test_a_short_fact_that_names_its_speaker_is_kept():
    told = (
        "A lighthouse keeper was lifted off Skerry Rock by helicopter on Sunday.",
        "The keeper was unhurt, the coastguard said.",
        "The boat service resumes on Tuesday.",
    )
    assert printed(plain([Article(title="News from the strait", text=" ".join(told))])) == told


RECALLED = "Authorities had spoken of 14 injured earlier in the day."
COUNTED = "A factory fire in Norrholm has injured 19 people, the fire service said."


@pytest.mark.parametrize(
    "told",
    [
        (RECALLED, COUNTED),
        (RECALLED, "It burned all night.", "He fled.", "They ran.", "She stayed behind.", COUNTED),
    ],
)
def test_what_had_been_before_does_not_open_the_digest(told):
    digest = plain([Article(title="News from the strait", text="\n".join((*told, REST)))])
    assert digest.need_to_know[0] == COUNTED
    assert RECALLED not in digest.need_to_know


@pytest.mark.parametrize("other", ["", "It burned all night in Norrholm.", "Will there be more of them?"])
def test_what_had_been_before_opens_where_nothing_else_can(other):
    digest = plain([Article(title="News from the strait", text=f"{RECALLED}\n{other}")])
    assert digest.need_to_know[0] == RECALLED


def test_what_had_been_before_may_follow_the_news():
    digest = plain([Article(title="News from the strait", text=f"{COUNTED}\n{RECALLED}\n{REST}")])
    assert digest.need_to_know[:2] == (COUNTED, RECALLED)


WORDS = [
    "The",
    "bridge",
    "He",
    "But",
    "“",
    "”",
    '"',
    "(",
    ")",
    "will",
    "on Friday",
    "12",
    "Roe",
    "said",
    "…",
    "newsletter",
]
ANY = st.text(max_size=400) | st.lists(
    st.sampled_from([*WORDS, ". ", "? ", "! ", ", ", "\n", " "]), max_size=300
).map(" ".join)


ANNOUNCED = (
    "The council of Port Elsin will vote on a toll for lorries on Friday.",
    "Port Elsin plans to open a second bridge by the end of 2031.",
    "Ferries are scheduled to return to the strait next week.",
    "“The bridge will be shut on Sunday,” said harbour master Ann Roe.",
    "But the governor will visit Port Elsin on 3 May.",
    "It will be closed tomorrow.",
    "Le vote du conseil est prévu jeudi à Port Elsin.",
    "市議会は来週、通行料について採決する予定だ。",
)
SENTENCES = (*(sentence.text for article in (STORY, SECOND) for sentence in split(article.text)), *ANNOUNCED)
# Of real sentences in any order, with noise between them: so that every block of a digest is filled.
NEWS = st.lists(st.sampled_from(SENTENCES) | ANY, min_size=1, max_size=14).map("\n".join)
ARTICLES = st.lists(
    st.builds(Article, title=st.text(max_size=40), text=ANY | NEWS, bare=st.booleans()), max_size=3
)


@settings(deadline=None)  # the first odd text loads the language model
@given(ARTICLES)
def test_a_digest_of_any_text_obeys_the_form_and_quotes_its_source(articles):
    digest = plain(articles)
    assert len(digest.need_to_know) <= 3
    assert sum(map(word_count, digest.need_to_know)) <= 70
    assert len(digest.details) <= 5
    assert len(digest.next) <= 2
    assert all(balanced(sentence) for sentence in printed(digest))
    assert not any(dangles(sentence) for sentence in printed(digest))
    assert plain(articles) == digest
    for sentence, passages in zip(printed(digest), digest.evidence, strict=True):
        assert {w.removesuffix("'s") for w in terms(sentence)} <= said(
            " ".join(articles[e.article].text[e.start : e.end] for e in passages)
        )


@settings(deadline=None)
@given(st.permutations(SENTENCES[:11]), st.sampled_from(ANNOUNCED[:3]), st.integers(4, 11))
def test_what_is_announced_below_the_opening_is_what_comes_next(told, announced, place):
    text = "\n".join(one for one in told if "will vote" not in one)
    lines = text.split("\n")
    lines.insert(place, announced)
    digest = plain([Article(title="B", text="\n".join(lines))])
    assert announced in (*digest.need_to_know, *digest.next)
    assert not set(digest.next) & set(digest.details)
    assert not set(digest.next) & set(digest.need_to_know)
