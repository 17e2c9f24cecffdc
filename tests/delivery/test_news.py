"""What a follow-up and a correction say: the new first, each outlet its own words, and nothing twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.news import CORRECTIONS, merged, news
from bot.model import Change, ChangeKind, Digest, Source
from tests.delivery.test_render import TEXTS, check, letters

URL = "https://bbc.example/dam"
SOURCES = (Source("BBC News", "Dam", URL), Source("Reuters", "Dam", None))
HAD = Digest("The dam holds", ("The dam at Northport holds.",), ("Two gates are open.",), (), "lead")
NOW = Digest(
    "The dam at Northport gives way",
    ("The dam at Northport holds.", "Nine gates are open."),
    (),
    (),
    "lead",
    sources=SOURCES,
    independent=2,
)
FACT = Change(ChangeKind.FACT, "Nine gates are open.", "Two gates are open.", 3, "BBC News", URL)
CORRECTED = Change(ChangeKind.CORRECTION, "Eight gates are open.", "Nine gates are open.", 3, "BBC News", URL)
WITHDRAWN = Change(ChangeKind.WITHDRAWAL, "Dam gives way", None, 4, "Reuters")


def said(*changes, digest=NOW, had=HAD, **options):
    """The one message, without its sources."""
    (message,) = news(digest, changes, had=had, **options)
    check([message])
    return message.html.partition("\n\nSources")[0]


def test_a_follow_up_begins_with_what_is_new_and_ends_with_the_sources():
    (message,) = news(NOW, [FACT], had=HAD)
    assert (
        message.html
        == """<b>New:</b> Nine gates are open. – <a href="https://bbc.example/dam">BBC News</a>
<i>(before: Two gates are open.)</i>

Sources (2 independent): <a href="https://bbc.example/dam">BBC News</a> · Reuters"""
    )
    check([message])


def test_a_correction_has_what_the_outlet_says_now_and_what_it_said_before():
    assert (
        said(CORRECTED)
        == '<b>Correction:</b> <a href="https://bbc.example/dam">BBC News</a> now says: Eight gates are open. '
        "<i>(before: Nine gates are open.)</i>"
    )


def test_what_was_withdrawn_says_by_whom():
    assert said(WITHDRAWN) == "<b>Withdrawn:</b> Reuters has withdrawn this: Dam gives way"


def test_a_withdrawal_with_a_word_of_its_publisher_has_both():
    change = Change(ChangeKind.WITHDRAWAL, "This report was wrong.", "Dam gives way", 4, "Reuters")
    assert (
        said(change)
        == "<b>Withdrawn:</b> Reuters has withdrawn this: Dam gives way <i>(This report was wrong.)</i>"
    )


def test_corrections_stand_before_what_is_new():
    lines = said(FACT, WITHDRAWN).split("\n\n")
    assert [line.partition(":")[0] for line in lines] == ["<b>Withdrawn", "<b>New"]


def test_a_change_whose_outlet_or_past_is_not_known_is_told_without():
    change = Change(ChangeKind.SOURCES, "Three independent sources report it now.")
    assert said(change, digest=HAD) == "<b>New:</b> Three independent sources report it now."


def test_a_sentence_of_the_digest_is_added_when_it_says_something_more():
    told = Digest(NOW.headline, (*NOW.need_to_know, "Engineers left for Eastport."), (), (), "lead")
    assert said(FACT, digest=told).endswith("\n\nEngineers left for Eastport.")


@pytest.mark.parametrize(
    "sentence",
    [
        "The dam at Northport holds.",
        "At Northport the dam holds.",
        "Nine gates are open.",
        "The dam at Northport gives way.",
    ],
)
def test_a_sentence_that_the_reader_has_already_is_not_said_again(sentence):
    told = Digest(NOW.headline, (sentence,), (), (), "lead")
    assert said(FACT, digest=told).count("\n\n") == 0


def test_a_known_sentence_with_another_number_says_something_more():
    had = Digest("Dam", ("The wall has 12 gates and 3 of them are shut.",), (), (), "lead")
    told = Digest("Dam", ("The wall has 12 gates and 4 of them are shut.",), (), (), "lead")
    assert said(FACT, digest=told, had=had).endswith("4 of them are shut.")


def test_with_no_alert_to_reply_to_the_headline_says_what_it_is_about():
    assert said(FACT, alone=True).startswith(
        "<b>The dam at Northport gives way</b>\n\n<b>New:</b> Nine gates"
    )


def test_whoever_follows_it_no_more_reads_the_correction_alone():
    assert said(CORRECTED, FACT, follows=False).count("<b>") == 1
    assert news(NOW, [FACT], had=HAD, follows=False) == []


def test_nothing_new_is_no_message():
    assert news(NOW, [], had=HAD) == []


def fact(text, before, outlet="BBC News", kind=ChangeKind.FACT):
    return Change(kind, text, before, None, outlet)


def test_of_several_steps_the_reader_hears_the_last_and_where_it_began():
    steps = [fact("5 dead.", "3 dead."), fact("9 dead.", "5 dead.", "Reuters")]
    assert merged(steps) == [fact("9 dead.", "3 dead.", "Reuters")]


def test_a_step_from_what_was_never_told_has_no_before():
    steps = [fact("5 dead.", None), fact("9 dead.", "5 dead.")]
    assert merged(steps) == [fact("9 dead.", None)]


def test_what_went_back_to_where_it_was_is_nothing_new():
    steps = [
        fact("9 dead.", "3 dead.", kind=ChangeKind.CORRECTION),
        fact("3 dead.", "9 dead.", kind=ChangeKind.CORRECTION),
    ]
    assert merged(steps) == []


def test_one_outlet_takes_back_nothing_that_another_says():
    steps = [fact("5 dead.", "3 dead."), fact("4 dead.", "5 dead.", "Reuters", ChangeKind.CORRECTION)]
    assert merged(steps) == steps


def test_what_was_corrected_before_it_was_told_is_new_and_nobody_is_said_to_have_said_the_old():
    steps = [fact("9 dead.", "3 dead."), fact("8 dead.", "9 dead.", kind=ChangeKind.CORRECTION)]
    assert merged(steps) == [fact("8 dead.", "3 dead.")]


def test_of_a_report_that_was_withdrawn_nothing_else_is_told():
    steps = [
        Change(ChangeKind.FACT, "9 dead.", None, 3, "BBC News"),
        Change(ChangeKind.STAGE, "They are charged.", None, 4, "Reuters"),
        Change(ChangeKind.CORRECTION, "Dam weak", "Dam gives way", 3, "BBC News"),
        Change(ChangeKind.WITHDRAWAL, "We were wrong.", "Dam weak", 3, "BBC News"),
    ]
    gone = Change(ChangeKind.WITHDRAWAL, "We were wrong.", "Dam gives way", 3, "BBC News")
    assert merged(steps) == [steps[1], gone]


def test_a_sentence_of_a_source_stands_before_what_is_said_of_the_story():
    three = Change(ChangeKind.SOURCES, "Three independent sources report it now.")
    lines = said(three, FACT, digest=HAD).split("\n\n")
    assert [line.removeprefix("<b>New:</b> ").partition(" ")[0] for line in lines] == ["Nine", "Three"]


def test_a_step_in_importance_is_told_only_where_nothing_says_why():
    more = Change(ChangeKind.IMPORTANCE, "It matters more now.")
    assert "It matters more now." in said(more, digest=HAD)
    assert "It matters more now." not in said(more, FACT, digest=HAD)


def test_of_two_steps_in_importance_the_last_is_told():
    steps = [Change(ChangeKind.IMPORTANCE, f"It matters more now: {n} dead.") for n in (50, 70)]
    assert merged(steps) == steps[1:]


def test_the_same_news_from_two_is_told_once():
    steps = [fact("5 dead.", None), fact("5 dead.", None, "Reuters")]
    assert merged(steps) == steps[:1]


CHANGES = st.builds(
    Change, st.sampled_from(ChangeKind), TEXTS, st.none() | TEXTS, st.none(), TEXTS, st.none() | TEXTS
)


@given(st.lists(CHANGES, min_size=1, max_size=4), st.booleans())
def test_any_changes_are_whole_messages_and_the_last_of_them_is_told(changes, alone):
    found = check(news(NOW, changes, had=HAD, alone=alone))
    left = merged(changes)
    steps = [change for change in left if change.kind == ChangeKind.IMPORTANCE]
    told = [change for change in left if change.kind not in CORRECTIONS]
    for change in left if steps == told else [one for one in left if one not in steps]:
        shown = (change.before or change.text) if change.kind == ChangeKind.WITHDRAWAL else change.text
        assert letters(shown) in found
    assert bool(found) == bool(left)
