"""What a report adds to what readers know, and what adds nothing."""

import pytest

from bot.model import ChangeKind
from bot.stories.changes import Report, find, most
from bot.stories.stages import Stage, stages

QUAKE = Report(
    "Earthquake kills 12 in Northport",
    (
        "At least 12 people were killed when an earthquake struck Northport on Monday, the mayor said.",
        "Some 40 people were injured.",
        "The harbour wall fell into the sea.",
    ),
    "Harbour Post",
)
ARREST = Report(
    "Man arrested over Northport museum theft",
    (
        "A man was arrested on Monday over the theft of a painting from the Northport museum, police said.",
        "The painting has not been found.",
    ),
    "Harbour Post",
)


def report(title, *sentences, outlet="Island News"):
    return Report(title, sentences or (f"{title}, officials said on Tuesday.",), outlet)


def kinds(known, new):
    return [change.kind for change in find(known, new)]


def test_a_toll_that_has_risen_is_a_new_fact_with_what_was_known_before():
    new = report(
        "Earthquake toll rises", "The earthquake killed at least 15 people, the mayor said on Tuesday."
    )
    (change,) = find([QUAKE], new, entry=7)
    assert change.kind is ChangeKind.FACT
    assert change.text == new.sentences[0]
    assert change.before == QUAKE.sentences[0]
    assert (change.entry, change.outlet) == (7, "Island News")


@pytest.mark.parametrize(
    "sentence",
    [
        "The earthquake killed at least 12 people in the town, the mayor said.",  # as known
        "The earthquake killed at least 9 people, the mayor said.",  # an older count
        "Three more people were killed on Tuesday.",  # a part
        "The earthquake of 1953 killed 300 people in 1953.",  # another year's
        "Some 2,000 people died in a flood of the same river years ago.",  # background
        "Quakes have killed 40,000 people across the continent.",  # a leap that no headline tells
    ],
)
def test_a_count_that_is_known_or_old_or_of_something_else_is_nothing_new(sentence):
    assert kinds([QUAKE], report("Northport buries its dead", sentence)) == []


def test_the_first_dead_are_a_new_fact_where_nobody_has_spoken_of_any():
    shaken = report("Earthquake shakes Northport", "An earthquake shook Northport on Monday.")
    first = report("Earthquake kills 12 in Northport", "At least 12 people were killed in Northport.")
    (change,) = find([shaken], first)
    assert (change.kind, change.text, change.before) == (ChangeKind.FACT, first.sentences[0], None)
    feared = report("Many feared dead in Northport", "An earthquake shook Northport on Monday.")
    assert kinds([feared], first) == []


def test_a_large_toll_counted_a_little_further_is_no_message():
    known = report("Quake kills 1,012", "The earthquake killed 1,012 people.")
    assert kinds([known], report("Toll at 1,034", "The earthquake killed 1,034 people.")) == []
    assert kinds([known], report("Toll at 1,120", "The earthquake killed 1,120 people.")) == [ChangeKind.FACT]


def test_a_count_stands_far_down_in_the_article_is_no_news():
    far = report(
        "Northport rebuilds", "The town rebuilds.", "It is cold.", "Snow fell.", "It killed 15 people."
    )
    assert kinds([QUAKE], far) == []


def test_the_highest_count_that_any_outlet_has_told_is_what_is_known():
    other = report("Quake kills 15", "The earthquake killed 15 people.")
    new = report("Quake kills 14", "The earthquake killed 14 people.", outlet="A third")
    assert kinds([QUAKE, other], new) == []


def test_a_next_stage_is_new_and_the_sentence_says_it():
    new = report(
        "Man charged over Northport museum theft",
        "A 34-year-old man was charged on Tuesday with the theft of a painting from the Northport museum.",
    )
    (change,) = find([ARREST], new)
    assert (change.kind, change.text, change.before) == (ChangeKind.STAGE, new.sentences[0], None)


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        (
            "Man could be charged over museum theft",
            "The man could be charged on Tuesday over the museum theft.",
        ),
        ("Man not charged over museum theft", "Prosecutors have not charged the man over the museum theft."),
        (
            "Was the museum thief charged?",
            "It is a question that the town asks itself about the museum theft.",
        ),
        ("Museum thief was known to police", "The man was convicted of another museum theft in 2009."),
        ("Man arrested over museum theft", "Police arrested a man over the museum theft in Northport."),
        ("Museum open again", "The Northport museum, where a convicted thief worked, is open again."),
    ],
)
def test_a_stage_that_is_expected_denied_asked_past_or_known_is_nothing_new(title, sentence):
    assert kinds([ARREST], report(title, sentence)) == []


def test_a_stage_that_somebody_has_told_is_told_once():
    charged = report("Man charged over Northport museum theft")
    again = report("Northport museum: man is charged with theft of painting", outlet="A third")
    assert kinds([ARREST, charged], again) == []


def test_a_stage_of_another_matter_is_nothing_new():
    new = report("Minister resigns", "The minister of fisheries resigned on Tuesday.")
    assert kinds([ARREST], new) == []


@pytest.mark.parametrize(
    ("before", "after", "stage"),
    [
        (
            "Hiker missing in Northport hills",
            "Missing hiker found dead in Northport hills",
            Stage("search", 1),
        ),
        ("Senate debates Northport harbour bill", "Senate passes Northport harbour bill", Stage("law", 1)),
        (
            "Northport mayor under pressure over harbour",
            "Northport mayor resigns over harbour",
            Stage("office", 1),
        ),
        (
            "Northport ferry firm in merger talks",
            "Northport ferry firm agrees to buy rival",
            Stage("deal", 1),
        ),
        ("Northport ferry crews threaten strike", "Northport ferry crews go on strike", Stage("strike", 1)),
        ("Northport rocket launch scheduled", "Northport rocket lifts off", Stage("mission", 1)),
        ("Power outage hits Northport hospital", "Power restored to Northport hospital", Stage("outage", 1)),
    ],
)
def test_the_ladders_meet_the_headlines_of_their_matters(before, after, stage):
    assert stage in stages(after)
    assert stage not in stages(before)
    assert kinds([report(before)], report(after)) == [ChangeKind.STAGE]


def test_somebody_new_who_acts_is_new():
    new = report(
        "Coast Guard seizes stolen painting",
        "The Northern Coast Guard seized a boat off Northport on Tuesday, and the painting was in it.",
    )
    (change,) = find([ARREST], new)
    assert (change.kind, change.text) == (ChangeKind.ACTOR, new.sentences[0])


@pytest.mark.parametrize(
    "sentence",
    [
        "Jane Porter said on Tuesday that the painting was lovely.",  # to say something is no deed
        "The theft in East Northport Valley stunned the town.",  # a place
        "A guide for Jane Porter ordered new keys.",  # not the one who acts
    ],
)
def test_a_new_name_that_does_nothing_central_is_nothing_new(sentence):
    assert kinds([ARREST], report("Northport museum mourns its painting", sentence)) == []


def test_somebody_known_by_initials_is_not_new():
    known = report("FBI joins search", "The FBI joined the search for the painting.")
    new = report(
        "Painting: more agents", "The Federal Bureau of Investigation sent more agents to Northport."
    )
    assert kinds([ARREST, known], new) == []


def test_a_rewrite_and_a_repeated_report_are_nothing_new():
    rewritten = Report(
        "Northport earthquake: 12 dead",
        (
            "Twelve people died in Monday's earthquake in Northport, according to the mayor.",
            *QUAKE.sentences[1:],
        ),
        "Island News",
    )
    assert kinds([QUAKE], rewritten) == []
    assert kinds([QUAKE], QUAKE) == []


def test_where_nobody_knows_anything_nothing_is_new():
    assert find([], QUAKE) == []


def test_the_largest_number_of_the_dead_is_found():
    assert most(QUAKE.all, "killed") == 12
    assert most(QUAKE.all, "injured", "missing") == 40
    assert most(ARREST.all, "killed") == 0
