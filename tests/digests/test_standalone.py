import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.digests.standalone import Shown, standalone
from bot.digests.trims import trimmed, without_connective, without_tail
from bot.sentences import split


def shown(text: str, *, headline: str = "", given: str = "") -> Shown | None:
    """The last sentence of a text, made to stand alone."""
    *before, last = split(text)
    return standalone(last, before, headline=headline, given=given)


def said(text: str, **known: str) -> str | None:
    found = shown(text, **known)
    return found.text if found else None


# --- only ever deletes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("KYIV (Reuters) - The dam at Elsin broke.", "The dam at Elsin broke."),
        ("PORT ELSIN, March 3 (AP) — The dam broke.", "The dam broke."),
        ("Paris (AFP) – The dam broke.", "The dam broke."),
        ("(CNN) The dam at Elsin broke.", "The dam at Elsin broke."),
        ("(CNN)The dam at Elsin broke.", "The dam at Elsin broke."),
        ("PORT ELSIN, March 3, 2026 /PRNewswire/ -- Elsin Power opened a dam.", "Elsin Power opened a dam."),
        ("LONDON — The dam at Elsin broke.", "The dam at Elsin broke."),
        ("By Jane Roe | The dam at Elsin broke.", "The dam at Elsin broke."),
    ],
)
def test_a_dateline_or_byline_before_an_articles_first_words_is_cut(text, left):
    assert trimmed(text, opens=True)[0] == left


@pytest.mark.parametrize(
    "text",
    [
        "NASA — which built the probe — lost it.",
        "AT&T - The company grew.",
        "Elsin (population 400) lost its dam.",
        "IBM — The company grew.",
        "Mayor Jane Roe - The dam's builder - resigned.",
    ],
)
def test_what_only_looks_like_a_dateline_stays(text):
    assert trimmed(text, opens=True)[0] == text


def test_a_dateline_is_looked_for_only_where_one_can_stand():
    assert trimmed("LONDON — The dam broke.", opens=False)[0] == "LONDON — The dam broke."


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("However, the dam at Elsin held.", "The dam at Elsin held."),
        ("But the dam at Elsin held.", "The dam at Elsin held."),
        ("And Elsin Power paid.", "Elsin Power paid."),
        ("Meanwhile, 400 people left.", "400 people left."),
        ("For example, Elsin Power raised its fares.", "Elsin Power raised its fares."),
        ("As a result, the dam at Elsin closed.", "The dam at Elsin closed."),
    ],
)
def test_a_leading_connective_is_cut(text, left):
    assert without_connective(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "But for the storm, the dam would have held.",
        "So far, the dam holds.",
        "And yet the dam holds.",
        "Instead, the dam was closed.",
        "Then the dam broke.",
        "But I was there.",
        "However hard it rained, the dam held.",
    ],
)
def test_a_connective_that_carries_meaning_stays(text):
    assert without_connective(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("The dam\u2060(opens in a new window) at Elsin broke.", "The dam at Elsin broke."),
        ("Jane Roe (pictured above) built the dam.", "Jane Roe built the dam."),
        ("Elsin Power (NYSE: ELS) lost a dam.", "Elsin Power lost a dam."),
        ("The dam broke (see photo below).", "The dam broke."),
        (
            "The dam (a wall of four hundred metres that stood for sixty years above the town of Elsin) broke.",
            "The dam broke.",
        ),
    ],
)
def test_a_bracket_of_furniture_or_length_is_cut(text, left):
    assert trimmed(text)[0] == left


@pytest.mark.parametrize(
    "text",
    [
        "The World Dam Council (WDC) met.",
        "The dam (400 metres) broke.",
        "The dam (which officials had said was not safe before the storms of last winter came) broke.",
    ],
)
def test_a_bracket_that_says_something_short_or_takes_something_back_stays(text):
    assert trimmed(text)[0] == text


@pytest.mark.parametrize(
    "tail", ["Read more.", "[Read more]", "Continue reading →", "Click here for details."]
)
def test_an_invitation_to_read_on_is_cut(tail):
    assert trimmed(f"The dam at Elsin broke. {tail}")[0] == "The dam at Elsin broke."


def test_also_is_cut_but_not_out_of_not_only_but_also():
    assert trimmed("Jane Roe also said the dam held.")[0] == "Jane Roe said the dam held."
    kept = "The storm not only broke the dam but also flooded Elsin."
    assert trimmed(kept)[0] == kept
    quoted = "“The dam also has cracks,” Jane Roe said."
    assert trimmed(quoted)[0] == quoted


def test_an_attribution_to_nobody_is_cut_only_from_a_plain_fact():
    assert without_tail("The dam holds 40 tonnes of water, it said.") == "The dam holds 40 tonnes of water."
    for kept in (
        "The rebels killed 40 people, it said.",
        "“The dam holds,” it said.",
        "The dam holds, Jane Roe said.",
        "The dam could hold 40 tonnes, it said.",
        "The dam holds, he said.",
    ):
        assert without_tail(kept) == kept


_WORD = re.compile(r"\w+")
_PIECES = st.sampled_from(
    [
        *(
            "However, ",
            "But the ",
            "KYIV (Reuters) - ",
            "(CNN) ",
            "Exclusive: ",
            "By Jane Roe | ",
            "And ",
            "also ",
        ),
        *(
            "(pictured) ",
            "(NYSE: ELS) ",
            "“It holds,” ",
            "the dam ",
            "Jane Roe ",
            "has ",
            "said ",
            "not ",
            "broke. ",
        ),
        *(
            "Read more.",
            ", it said.",
            "Elsin ",
            "40 ",
            "tonnes ",
            "(" + "very long words " * 6 + ") ",
            "— ",
            "[sic] ",
        ),
    ]
)


@given(st.lists(_PIECES, min_size=1, max_size=12).map("".join), st.booleans())
def test_cuts_only_delete(text, opens):
    left = iter(_WORD.findall(text.lower()))
    cut = without_tail(trimmed(text, opens=opens)[0])
    assert all(word in left for word in _WORD.findall(cut.lower()))
    assert not set(_WORD.findall(text.lower())) & {"not"} - set(_WORD.findall(cut.lower()))


@given(st.text(alphabet=string.printable + "“”’—é", max_size=200))
def test_any_text_is_cut_without_an_error_and_a_second_time_changes_nothing_much(text):
    once, _ = trimmed(text)
    assert len(once) <= len(text)


# --- names in the place of pronouns ----------------------------------------------------------------------

_ROE = "Jane Roe, the mayor of Elsin, opened the dam. "


@pytest.mark.parametrize(
    ("before", "last", "expected"),
    [
        (_ROE, "She said the town was safe.", "Jane Roe said the town was safe."),
        (_ROE, "Her office paid for the dam.", "Jane Roe’s office paid for the dam."),
        (_ROE, "“The town is safe,” she said.", "“The town is safe,” Jane Roe said."),
        (_ROE, "In 2019, she moved to Elsin.", "In 2019, Jane Roe moved to Elsin."),
        (_ROE + "Roe was born in 1970. ", "She moved to Elsin.", "Jane Roe moved to Elsin."),
        (_ROE + "The dam is new. ", "She said so on Monday.", "Jane Roe said so on Monday."),
        ("The dam, said engineer Bo Lind, is safe. ", "He built it in 1990.", "Bo Lind built it in 1990."),
    ],
)
def test_a_pronoun_becomes_the_one_person_whom_it_can_mean(before, last, expected):
    assert said(before + last) == expected


@pytest.mark.parametrize(
    ("before", "last"),
    [
        # two people; somebody without a name; the wrong pronoun; nobody
        ("Jane Roe met Anna Lind at the dam. ", "She said the town was safe."),
        (_ROE + "Anna Lind, an engineer, came too. A woman fell. ", "She was unhurt."),
        ("Jane Roe, the mayor, thanked a nurse. ", "She said the town was safe."),
        ("Police chief Jane Roe said officers shot a man at the dam. ", "She died on Monday."),
        (_ROE, "He said the town was safe."),
        ("The dam at Elsin broke. ", "She said the town was safe."),
        # too far back, and a man in between
        (_ROE + "The dam is new. It is tall. The wall is grey. ", "She said the town was safe."),
        (_ROE + "A man asked why. ", "She said the town was safe."),
        # a name that nothing shows to be a person's
        ("Port Elsin lost its dam. ", "She said the town was safe."),
        # it is somebody's who is named only then
        (_ROE, "Before she spoke, Anna Lind wept."),
        # "she" in somebody else's mouth; and what no name can stand for
        (_ROE, "She’s the mayor of the town."),
    ],
)
def test_in_doubt_the_sentence_is_not_used(before, last):
    assert said(before + last) is None


def test_of_two_people_it_is_the_one_whom_the_sentence_before_is_about():
    before = "Bo Lind, an engineer, built the dam. The mayor is Jane Roe. Roe opened the dam on Monday. "
    assert said(before + "She said the town was safe.") == "Jane Roe said the town was safe."


def test_a_pronoun_that_has_its_name_in_the_sentence_stays():
    assert said(_ROE + "Bo Lind said he built the dam.") == "Bo Lind said he built the dam."


def test_a_name_that_is_put_in_rests_on_the_passages_that_prove_it():
    found = shown(_ROE + "She said the town was safe.")
    assert [proof.text for proof in found.proofs] == [_ROE.strip()]
    assert found.edits == ("She → Jane Roe",)


# --- names in full ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("short", ["Roe", "Ms Roe", "Ms. Roe"])
def test_a_surname_at_its_first_mention_is_made_the_full_name(short):
    assert said(f"{_ROE}{short} said the town was safe.") == "Jane Roe said the town was safe."


def test_a_name_that_was_given_before_stays_short():
    last = _ROE + "Roe said the town was safe."
    assert said(last, given="Jane Roe opened a dam.") == "Roe said the town was safe."
    assert said(last, headline="Roe opens a dam") == "Roe said the town was safe."


@pytest.mark.parametrize(
    "before",
    [
        "Jane Roe, the mayor, and Anna Roe, an engineer, met. ",  # which of them?
        "Jane Roe, the mayor, works for Roe Dams Inc. in Elsin. ",  # she or her company?
    ],
)
def test_a_surname_that_may_be_anothers_stays(before):
    assert said(before + "Roe said the town was safe.") == "Roe said the town was safe."


def test_mr_without_a_known_name_is_refused():
    assert said("The dam broke. Mr Roe said the town was safe.") is None


# --- the company -----------------------------------------------------------------------------------------

_DAMCO = "Damco, a maker of dams, raised its prices. "


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("The company said it lost money.", "Damco said it lost money."),
        ("It plans to build a dam.", "Damco plans to build a dam."),
        ("The company’s shares fell.", "Damco’s shares fell."),
    ],
)
def test_the_company_is_named_where_there_is_one(last, expected):
    assert said(_DAMCO + last) == expected


@pytest.mark.parametrize(
    "before",
    [
        "Damco, a maker of dams, bought Wallco. ",
        "Damco, a maker of dams, sued a rival firm. ",
        "Damco raised its prices. ",  # nothing shows it to be a company
        _DAMCO + "Wallco did the same. ",
    ],
)
def test_the_company_is_not_named_in_doubt(before):
    assert said(before + "The company said it lost money.") is None


def test_the_only_company_of_the_headline_is_the_company_whoever_else_is_named():
    before = "Damco, a maker of dams, opened an office in Elsin with money from Roe Partners. "
    last = "The company plans to build a dam."
    assert said(before + last, headline="Damco opens an office") == "Damco plans to build a dam."
    assert said(before + last, headline="Damco and Wallco open an office") is None


# --- all together ----------------------------------------------------------------------------------------

_NAMES = st.sampled_from(["Jane Roe", "Roe", "Bo Lind", "Lind", "Damco", "a man", "the nurse", "Elsin Power"])
_DOES = st.sampled_from(["opened the dam", "said the town was safe", ", a maker of dams, left", ", 45, left"])
_OPENS = st.sampled_from(
    ["He", "She", "It", "The company", "Roe", "Mr Lind", "However, she", "“Yes,” he", "But Roe"]
)


@settings(max_examples=300)
@given(st.lists(st.tuples(_NAMES, _DOES), max_size=4), _OPENS)
def test_new_words_are_names_that_the_sentences_before_have(told, opener):
    before = " ".join(f"{name} {does}.".replace(" ,", ",") for name, does in told)
    last = f"{opener} said the wall stood."
    found = shown(f"{before} {last}")
    if found is None:
        return
    new = [word for word in _WORD.findall(found.text) if word.lower() not in _WORD.findall(last.lower())]
    assert all(word in _WORD.findall(before) for word in new)
    assert bool(new) <= bool(found.proofs)
    assert found.text.endswith("said the wall stood.")


def test_who_speaks_is_a_person_and_gets_the_full_name_that_the_article_has():
    before = "Growth was led by Rasmus Ready in the spring. "
    assert said(before + "Ready said the town was safe.") == "Rasmus Ready said the town was safe."
    assert said(before + "Ready meals sold well in Elsin.") == "Ready meals sold well in Elsin."
