"""What a preview says of the last week, in each case that it can bring."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.alerts.language.parse import parse
from bot.alerts.week.backtest import Backtest, Hit
from bot.alerts.week.variants import Variant
from bot.chat import follow_texts

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
HIT = Hit("Ferry & strike", "The Harbour", None, NOW - timedelta(hours=3))
LAUNCH = Variant(parse("launch"), "“<launch>” instead of “test”", 20, more=12)


def week(**changed):
    """A week of 2,140 articles."""
    told = {"articles": 2140, "stories": 1380, "matched": 9, "alerts_a_day": 1.29, "at_night": 0}
    return Backtest(**{**told, "complete": True, "newest": (), **changed})


def said(result, *, by_utc=False):
    return follow_texts.tried(result, now=NOW, by_utc=by_utc)


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({}, "2,140 articles → 1,380 stories → <b>9 alerts</b>, 1.3 a day."),
        ({"at_night": 2}, "2,140 articles → 1,380 stories → <b>9 alerts</b>, 1.3 a day, 2 of them at night."),
        ({"alerts_a_day": 0.9}, "2,140 articles → 1,380 stories → <b>9 alerts</b>."),
        ({"matched": 0, "alerts_a_day": 0.0}, "2,140 articles → 1,380 stories → <b>no alert</b>."),
        (
            {"articles": 1, "stories": 1, "matched": 1, "alerts_a_day": 0.1, "at_night": 1},
            "1 article → 1 story → <b>1 alert</b>, at night.",
        ),
    ],
)
def test_articles_stories_and_alerts_are_told_in_one_line(changed, line):
    assert said(week(**changed)) == f"The last 7 days: {line}"


def test_that_night_is_counted_by_utc_is_said_where_there_is_a_night_to_count():
    assert said(week(at_night=2), by_utc=True).endswith("2 of them at night (by UTC; /clock tells me yours).")
    assert "UTC" not in said(week(), by_utc=True)


def test_the_newest_and_near_misses_follow_and_are_escaped():
    lines = said(week(newest=(HIT,), near_misses=(LAUNCH,))).splitlines()[1:]
    assert lines == [
        "• Ferry &amp; strike (The Harbour, 3 h ago)",
        "Near misses: 12 more with “&lt;launch&gt;” instead of “test”.",
    ]
    assert said(week(near_misses=(LAUNCH, LAUNCH))).count("; 12 more with") == 1


def test_other_thresholds_of_a_meaning_are_counted():
    told = said(week(thresholds=((45, 31), (50, 9), (55, 0))))
    assert told.splitlines()[1:] == ["Looser to stricter: 31 at 45 %, 9 at 50 %, 0 at 55 %."]


@pytest.mark.parametrize(
    ("known", "span"),
    [
        (timedelta(minutes=20), "minutes"),
        (timedelta(minutes=80), "1 hour"),
        (timedelta(hours=47), "47 hours"),
    ],
)
def test_a_bot_that_is_new_says_how_little_it_knows_and_foretells_no_rate(known, span):
    told = said(week(known=known))
    assert told.startswith(f"Of the last 7 days I know {span} so far: 2,140 articles → ")
    assert "a day" not in told


def test_thresholds_that_all_bring_nothing_are_not_told():
    assert "Looser" not in said(week(matched=0, thresholds=((45, 0), (50, 0))))


def test_a_week_that_was_not_read_to_its_end_is_said_to_be_so():
    assert "I have not read the whole week yet" in said(week(complete=False))
    assert "I have not read" not in said(week())


def test_a_long_label_is_cut_and_its_count_is_not():
    assert follow_texts.option("or “launch” " * 10, 1234, most=20) == "or “launch” or…: 1,234"
