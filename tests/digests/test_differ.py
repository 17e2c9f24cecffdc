"""Where sources differ, and all that only looks like it; the stories are made up."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from bot.digests.differ import differences
from bot.model import Article
from bot.sentences import split

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
OPENING = "A gas explosion destroyed a block of flats in Velmora on Monday."
TOLL = "Rescue workers in Velmora said the explosion in the block of flats killed {} people."


def article(text, *, site, hours=0, title="Explosion in Velmora", language="en"):
    return Article(
        title=title, text=text, site=site, language=language, published_at=NOON + timedelta(hours=hours)
    )


def found(*articles, meanings=None):
    return differences(articles, [split(a.text) for a in articles], meanings=meanings)


def pair(one, other, *, hours=0, opening=OPENING):
    return found(
        article(f"{opening}\n{one}", site="Reuters"),
        article(f"{opening}\n{other}", site="BBC News", hours=hours),
    )


def tolls(one, other, **kwargs):
    return pair(TOLL.format(one), TOLL.format(other), **kwargs)


def test_two_outlets_with_two_tolls_are_both_named():
    (difference,) = tolls("12", "15")
    assert difference.text == "Sources differ on the number killed: Reuters reports 12, BBC News reports 15."


def test_a_difference_keeps_the_passages_it_rests_on():
    texts = [f"{OPENING}\n{TOLL.format(n)}" for n in (12, 15)]
    articles = [article(text, site=site) for text, site in zip(texts, ("Reuters", "BBC News"), strict=True)]
    (difference,) = found(*articles)
    assert [e.article for e in difference.evidence] == [0, 1]
    assert [texts[e.article][e.start : e.end] for e in difference.evidence] == [
        TOLL.format(12),
        TOLL.format(15),
    ]


def test_a_number_is_shown_with_the_words_that_bound_it():
    (difference,) = tolls("at least 15", "12")
    assert difference.text.endswith("Reuters reports at least 15, BBC News reports 12.")


def test_a_number_in_words_differs_from_one_in_digits():
    assert tolls("twelve", "15")
    assert not tolls("twelve", "12")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12", "12"),
        ("at least 12", "more than 10"),
        ("at least 12", "15"),
        ("about 100", "97"),
        ("10 to 12", "11"),
        ("another 12", "15"),
        ("12 more", "15"),
        ("up to 20", "15"),
    ],
)
def test_numbers_that_can_both_be_true_are_no_difference(one, other):
    assert not tolls(one, other)


def test_a_higher_toll_hours_later_is_newer_and_not_different():
    assert not tolls("12", "15", hours=6)
    assert tolls("12", "15", hours=1)


def test_a_lower_toll_hours_later_is_a_difference():
    assert tolls("15", "12", hours=6)


def test_higher_sales_hours_later_are_newer_and_those_of_a_longer_time_no_difference():
    early = "The game Lantern sold about 150,000 copies on its first day of release, its makers said."
    late = "The game Lantern sold about 250,000 copies on its first day of release, its makers said."
    assert pair(early, late, hours=1)
    assert not pair(early, late, hours=6)
    assert not pair(
        "The game Lantern sold 150,000 copies in six hours, its makers said.",
        "The game Lantern sold 250,000 copies in twelve hours, its makers said.",
    )


def test_what_is_more_than_a_day_apart_is_not_compared():
    assert not tolls("15", "12", hours=30)


def test_tolls_by_different_days_are_no_difference():
    assert not pair(
        "By Monday the explosion in the block of flats had killed 12 people, rescue workers said.",
        "By Tuesday the explosion in the block of flats had killed 15 people, rescue workers said.",
    )


def test_a_part_at_one_place_is_not_the_whole():
    assert not pair(
        "The explosions killed 12 people in Kyiv, rescue workers said.",
        "The explosions killed 15 people in Ukraine, rescue workers said.",
    )
    assert not pair(
        "The explosions killed 12 people in Kyiv, rescue workers said.",
        "The explosions killed 15 people in total, rescue workers said.",
    )


def test_a_group_is_not_the_whole():
    assert not pair(TOLL.format("12 Belvian"), TOLL.format("15"))
    assert not pair(
        "Rescue workers said the explosion in the flats killed 12 firefighters.",
        "Rescue workers said the explosion in the flats killed 15 people.",
    )
    assert not pair(
        "Rescue workers said the explosion in the flats killed 12 people, including 3 children.",
        "Rescue workers said the explosion in the flats killed 12 people, including 5 children.",
    )


def test_the_killed_are_not_compared_with_the_injured():
    assert not pair(TOLL.format("12"), TOLL.format("15").replace("killed", "injured"))


def test_an_article_that_knows_both_numbers_does_not_differ():
    assert not pair(f"{TOLL.format('12')}\nOther officials counted 15 bodies.", TOLL.format("15"))


def test_an_article_with_tolls_of_two_events_is_left_alone():
    background = "A landslide near the town killed 40 people."
    assert not pair(f"{TOLL.format('12')}\n{background}", TOLL.format("15"))


def test_a_toll_of_another_year_is_no_toll_of_this_story():
    old = "An explosion in a block of flats in Velmora killed 40 people in 2019, rescue workers said."
    assert not pair(TOLL.format("12"), old)


@pytest.mark.parametrize(
    "sentence",
    [
        "Rescue workers in Velmora feared the explosion in the block of flats had killed 15 people.",
        "The explosion in the block of flats in Velmora could have killed 15 people, rescue workers said.",
        "Rescue workers in Velmora had earlier said the explosion in the block of flats killed 15 people.",
        "Rescue workers in Velmora did not say the explosion in the block of flats killed 15 people.",
        "Did the explosion in the block of flats in Velmora kill 15 people?",
    ],
)
def test_what_is_feared_denied_asked_or_past_is_no_claim(sentence):
    assert not pair(TOLL.format("12"), sentence)


def test_sentences_of_other_things_are_not_compared():
    assert not pair(TOLL.format("12"), "Storms along the northern coast killed 15 people, fishermen said.")


def test_one_outlet_does_not_differ_with_itself():
    texts = [f"{OPENING}\n{TOLL.format(n)}" for n in (12, 15)]
    assert not found(*(article(text, site="Reuters") for text in texts))


def test_an_article_without_an_outlet_is_passed_over():
    texts = [f"{OPENING}\n{TOLL.format(n)}" for n in (12, 15)]
    assert not found(article(texts[0], site=None), article(texts[1], site="BBC News"))


def test_articles_in_other_languages_are_passed_over():
    texts = [f"Bei der Explosion in dem Wohnhaus in Velmora wurden {n} Menschen getötet." for n in (12, 15)]
    assert not found(*(article(t, site=s, language="de") for t, s in zip(texts, "AB", strict=True)))


def test_sums_differ_only_where_both_say_what_they_are_of():
    (difference,) = pair(
        "The city of Velmora put the cost of rebuilding the bridge at $40 million.",
        "The city of Velmora put the cost of rebuilding the bridge at $55 million.",
    )
    assert (
        difference.text
        == "Sources differ on the cost: Reuters reports $40 million, BBC News reports $55 million."
    )
    assert not pair(
        "The city of Velmora will pay $40 million for rebuilding the bridge.",
        "The city of Velmora will pay $55 million for rebuilding the bridge.",
    )


def test_counted_things_differ_when_the_sentences_tell_the_same():
    (difference,) = pair(
        "The explosion in Velmora damaged seven bridges along the river.",
        "The explosion in Velmora damaged nine bridges along the river.",
    )
    assert "on the number of bridges: Reuters reports seven, BBC News reports nine." in difference.text


def test_magnitudes_differ():
    (difference,) = pair(
        "The quake that shook Velmora at night had a magnitude of 6.1.",
        "The quake that shook Velmora at night had a magnitude of 5.9.",
    )
    assert difference.text == "Sources differ on the magnitude: Reuters reports 6.1, BBC News reports 5.9."


def test_counts_of_two_subjects_are_not_compared():
    assert not pair(
        "Ann Roe sold 22 paintings of the harbour museum at the auction.",
        "Jon Kell sold 17 paintings of the harbour museum at the auction.",
    )


def test_meanings_that_are_apart_rule_a_difference_out():
    articles = [
        article(f"{OPENING}\n{TOLL.format(n)}", site=s) for n, s in ((12, "Reuters"), (15, "BBC News"))
    ]
    alike = np.array([[1, 0], [0.8, 0.6]], dtype=np.float32)
    apart = np.array([[1, 0], [-0.6, 0.8]], dtype=np.float32)
    assert len(found(*articles, meanings=[alike, alike])) == 1
    assert not found(*articles, meanings=[alike, apart])


def test_a_suspect_identified_by_two_names_is_told():
    (difference,) = pair(
        "The suspect was identified by police as Jon Kell.",
        "Police said the suspect was identified as Ivo Marten.",
    )
    assert (
        difference.text
        == "Sources differ on the name of the suspect: Reuters reports Jon Kell, BBC News reports Ivo Marten."
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jon Kell", "Jon Kell"),
        ("Jon Kell", "John Kell"),
        ("Olek Zelenski", "Olek Zelenskyy"),
        ("Jon A. Kell", "Jon Kell"),
    ],
)
def test_a_name_in_another_spelling_is_no_difference(one, other):
    assert not pair(f"The suspect was identified as {one}.", f"The suspect was identified as {other}.")


def test_two_suspects_are_not_two_names_of_one():
    both = "The suspect was identified as Jon Kell.\nA second suspect was identified as Ivo Marten."
    assert not pair(both, "The suspect was identified as Ivo Marten.")


def test_at_most_two_differences_are_told_the_dead_first():
    texts = [
        f"The explosion in Velmora damaged {a} bridges along the river.\n"
        f"The quake in Velmora had a magnitude of {b}.\n"
        f"{TOLL.format(c)}"
        for a, b, c in (("seven", "6.1", "12"), ("nine", "5.9", "15"))
    ]
    told = found(
        *(article(text, site=site) for text, site in zip(texts, ("Reuters", "BBC News"), strict=True))
    )
    assert len(told) == 2
    assert "the number killed" in told[0].text


def test_one_story_of_one_source_has_no_difference():
    assert found(article(OPENING, site="Reuters")) == []
    assert found() == []
