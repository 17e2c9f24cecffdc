"""What a filter would have brought last week, on a real database."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from bot.alerts.language.parse import parse
from bot.alerts.week.backtest import backtest
from bot.alerts.week.last_week import LastWeek
from bot.chat.recent import newest
from bot.encoder import WIDTH
from bot.storage import meanings as meanings_store
from bot.storage.meanings import Meaning
from tests.storage.builders import a_feed, act, join, ready_entries, start

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def feed_id(sqlite):
    return a_feed(sqlite)


def told(database, feed_id, number, title, *, ago, text="A text."):
    """The entry and the id of a story that came out so long before NOON."""
    at = NOON - ago
    (entry,) = ready_entries(database, feed_id, number, now=at, title=title, text=text, published_at=at)
    return entry, start(database, entry, now=at, marks=())


def tried(database, asked, *, last_week=None, **options):
    return act(database, backtest, parse(asked), last_week=last_week or LastWeek(), now=NOON, **options)


def test_it_goes_from_articles_to_stories_to_alerts(sqlite, feed_id):
    _, story_id = told(sqlite, feed_id, 1, "Dam breaks", ago=4 * DAY)
    (entry,) = ready_entries(sqlite, feed_id, 2, now=NOON - 3 * DAY, title="Dam broke")
    join(sqlite, story_id, entry, now=NOON - 3 * DAY)
    told(sqlite, feed_id, 3, "A second dam leaks", ago=HOUR)
    told(sqlite, feed_id, 4, "A cup final", ago=2 * HOUR)
    result = tried(sqlite, "dam")
    assert (result.articles, result.stories, result.matched, result.complete) == (4, 3, 2, True)
    assert result.alerts_a_day == 2 / 4  # nothing is known of the days before the first story
    assert [hit.title for hit in result.newest] == ["A second dam leaks", "Dam breaks"]
    assert (result.newest[0].outlet, result.newest[0].url) == ("Feed 1", "http://a.example/3")
    assert result.newest[0].at == NOON - HOUR


def test_the_newest_three_are_shown_and_all_are_counted(sqlite, feed_id):
    for number in range(5):
        told(sqlite, feed_id, number, f"Dam {number} breaks", ago=(5 - number) * HOUR)
    result = tried(sqlite, "dam")
    assert result.known == 5 * HOUR
    assert (result.matched, result.alerts_a_day) == (5, 5.0)  # less than a day is known: it counts as one
    assert [hit.title for hit in result.newest] == [f"Dam {number} breaks" for number in (4, 3, 2)]


def test_night_is_by_the_subscriber_s_clock(sqlite, feed_id):
    for number, clock in enumerate((5, 6.5, 7, 12, 20.5, 21.5, 22)):
        told(sqlite, feed_id, number, f"Dam {number} breaks", ago=timedelta(hours=36 - clock))
    assert tried(sqlite, "dam").at_night == 3  # 05:00, 06:30 and 22:00
    assert tried(sqlite, "dam", zone=ZoneInfo("Europe/Berlin")).at_night == 3  # 06:00, 22:30 and 23:00
    assert tried(sqlite, "dam", zone=ZoneInfo("America/New_York")).at_night == 3  # 00:00, 01:30 and 02:00
    assert tried(sqlite, "dam", zone=ZoneInfo("Asia/Kolkata")).at_night == 3  # 02:00, 03:00 and 03:30


def test_a_week_that_was_read_in_part_says_so(sqlite, feed_id):
    told(sqlite, feed_id, 1, "Dam breaks", ago=DAY)
    told(sqlite, feed_id, 2, "Dam breaks", ago=HOUR)
    result = tried(sqlite, "dam", last_week=LastWeek(most_tokens=6))
    assert (result.stories, result.matched, result.complete) == (1, 1, False)


def test_without_stories_there_is_nothing_to_tell(sqlite):
    result = tried(sqlite, "dam")
    assert (result.articles, result.stories, result.matched, result.alerts_a_day) == (0, 0, 0, 0)
    assert (result.newest, result.near_misses, result.thresholds) == ((), (), ())


def test_an_about_tells_what_other_thresholds_would_bring(sqlite, feed_id):
    def direction(cosine):
        found = np.zeros(WIDTH, np.float32)
        found[:2] = cosine, np.sqrt(1 - cosine**2)
        return found

    for number, cosine in enumerate((0.42, 0.47, 0.52, 0.57, 0.9)):
        entry, _ = told(sqlite, feed_id, number, f"Story {number}", ago=HOUR)
        act(sqlite, meanings_store.save, Meaning(entry.id, NOON, direction(cosine)))
    result = tried(sqlite, 'about:"floods"~50', last_week=LastWeek(None, lambda _: direction(1)))
    assert result.thresholds == ((40, 5), (45, 4), (50, 3), (55, 2), (60, 1))
    assert result.matched == len(result.newest) == 3
    assert tried(sqlite, 'about:"floods"~50').matched == 0  # no encoder, no meaning


def test_near_misses_are_told_with_it(sqlite, feed_id):
    texts = ["The dam broke in a flood"] * 2 + ["The flood reached the town"] * 2 + ["A cup final"] * 6
    for number, text in enumerate(texts):
        told(sqlite, feed_id, number, f"Headline {number}", ago=HOUR, text=text)
    (missed,) = tried(sqlite, "dam").near_misses
    assert (missed.label, missed.matched, missed.more) == ("“flood” instead of “dam”", 4, 2)


def test_latest_brings_the_newest_that_meet_any_filter_or_simply_the_newest(sqlite, feed_id):
    for number, title in enumerate(("Dam breaks", "A cup final", "A rocket starts", "Dam holds")):
        told(sqlite, feed_id, number, title, ago=(9 - number) * HOUR)

    def titles(*asked):
        filters = [parse(one) for one in asked]
        hits = act(sqlite, newest, filters=filters, last_week=LastWeek(), now=NOON)
        return [hit.title for hit in hits]

    assert titles("dam", "cup") == ["Dam holds", "A cup final", "Dam breaks"]
    assert titles("zither") == []
    assert titles() == ["Dam holds", "A rocket starts", "A cup final", "Dam breaks"]
