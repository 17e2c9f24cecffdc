"""The grouping stage on a real database, and on pairs of real pages that tell the same news."""

import gzip
import json
import random
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.cli.grouping import Grouping
from bot.model import Article
from bot.storage import entries as store
from bot.storage import feeds as feeds_store
from bot.storage.feeds import FeedSpec, NewEntry, Polled
from bot.storage.tables import entries, feeds, stories
from bot.stories.group import WINDOW, Group
from bot.times import utc_now

NOW = utc_now()
LEASE = timedelta(minutes=2)
PAIRS = Path(__file__).parents[3] / "shared" / "data" / "stories" / "same-article-pairs.jsonl.gz"
TITLE = "Harbour dam holds through the night"
TEXT = (
    "The harbour dam at Northport held through the night after the river rose four metres in six hours, "
    "the water board said on Tuesday. Engineers opened two of the three gates shortly before midnight, and "
    "some two hundred people who had left the lower town were told that they could return by noon."
)
OTHER_TEXT = (
    "A woman of forty has been chosen to lead the national orchestra for the next five seasons, its first "
    "new conductor since the hall was rebuilt. She made her name with the music of small islands, and will "
    "give her opening concert in September before she takes the players to three cities in the east."
)


async def ready(database, *given, feed=1, at=NOW):
    """Entries (title, text[, url]) of a feed that were read at that time and wait for their stories."""

    def work(connection):
        url = f"http://feed{feed}.example/"
        known = [FeedSpec(row.url, row.name, LEASE) for row in connection.execute(sa.select(feeds))]
        specs = [one for one in known if one.url != url] + [FeedSpec(url, f"Feed {feed}", LEASE)]
        feeds_store.list_feeds(connection, specs, now=at)
        feed_id = connection.execute(sa.select(feeds.c.id).where(feeds.c.url == url)).scalar()
        polled = Polled(feed_id, at, None, None, None, None)
        feeds_store.record_poll(connection, polled, new=[], listed=[], now=at)  # the backlog is over
        count = connection.execute(sa.select(sa.func.count()).select_from(entries)).scalar()
        new = [
            NewEntry(f"key-{count + number}", title, None, "", None)
            for number, (title, *_) in enumerate(given)
        ]
        feeds_store.record_poll(connection, polled, new=new, listed=[], now=at)
        found = connection.execute(sa.select(entries.c.id).where(entries.c.state == "new")).scalars().all()
        for entry_id, (title, text, *url_given) in zip(found, given, strict=True):
            article = Article(title, text, *url_given)
            store.record_article(connection, entry_id, article, now=at)

    await database.write(work)


async def group(database):
    stage = Group(database=database, lease=LEASE)
    while await stage.step():
        pass


async def stories_of(database):
    """The story of each entry, in order of arrival."""
    query = sa.select(entries.c.story_id).order_by(entries.c.id)
    return await database.read(lambda c: c.execute(query).scalars().all())


async def reasons(database):
    query = sa.select(entries.c.joined_because).order_by(entries.c.id)
    return await database.read(lambda c: c.execute(query).scalars().all())


async def test_near_verbatim_copies_are_one_story(sqlite):
    await ready(sqlite, (TITLE, TEXT))
    await ready(sqlite, ("Northport dam survives flood", TEXT.replace("Tuesday", "Wednesday")), feed=2)
    await group(sqlite)
    assert await stories_of(sqlite) == [1, 1]
    because = await reasons(sqlite)
    assert because[0] == "nothing like it in three days"
    assert because[1].startswith("same text, 0.")


async def test_a_story_grows_and_is_due_again(sqlite):
    await ready(sqlite, (TITLE, TEXT), (TITLE, TEXT), (TITLE, TEXT))
    await group(sqlite)
    (story,) = await sqlite.read(lambda c: c.execute(sa.select(stories)).all())
    assert (story.title, story.revision, story.matched_revision, story.claims) == (TITLE, 3, 0, 0)


async def test_the_same_headline_at_another_outlet_is_the_same_story(sqlite):
    await ready(sqlite, (TITLE, TEXT))
    await ready(sqlite, (TITLE.upper(), OTHER_TEXT), feed=2)
    await group(sqlite)
    assert await stories_of(sqlite) == [1, 1]


async def test_a_headline_that_an_outlet_uses_again_for_another_text_is_another_story(sqlite):
    await ready(sqlite, ("What you should know this morning", TEXT))
    await ready(sqlite, ("What you should know this morning", OTHER_TEXT))
    await group(sqlite)
    assert await stories_of(sqlite) == [1, 2]


async def test_different_events_are_different_stories(sqlite):
    await ready(sqlite, (TITLE, TEXT), ("National orchestra names conductor", OTHER_TEXT))
    await group(sqlite)
    assert await stories_of(sqlite) == [1, 2]


async def test_the_same_link_is_the_same_story(sqlite):
    await ready(sqlite, (TITLE, TEXT, "https://a.example/dam"))
    await ready(sqlite, ("Updated", OTHER_TEXT, "https://www.a.example/dam"), feed=2)
    await group(sqlite)
    assert await stories_of(sqlite) == [1, 1]


async def test_a_story_is_looked_for_three_days_back_and_no_further(sqlite):
    await ready(sqlite, (TITLE, TEXT), at=NOW - WINDOW - timedelta(seconds=1))
    await group(sqlite)
    await ready(sqlite, (TITLE, TEXT), feed=2, at=NOW - timedelta(seconds=1))
    await group(sqlite)
    assert await stories_of(sqlite) == [1, 1]
    await ready(sqlite, (TITLE, TEXT), feed=3, at=NOW - timedelta(seconds=1) + WINDOW)
    # A chain of reports holds a story together: each within three days of one before it.
    await sqlite.write(lambda c: c.execute(sa.update(entries).values(due_at=NOW - WINDOW)))
    await group(sqlite)
    assert await stories_of(sqlite) == [1, 1, 1]


async def test_a_report_after_three_days_of_silence_starts_anew(sqlite):
    await ready(sqlite, (TITLE, TEXT), at=NOW - WINDOW - timedelta(seconds=2))
    await group(sqlite)
    await ready(sqlite, (TITLE, TEXT), feed=2, at=NOW - timedelta(seconds=1))
    await group(sqlite)
    assert await stories_of(sqlite) == [1, 2]


async def test_texts_without_spaces_are_grouped_too(sqlite):
    text = (
        "北港大坝整夜坚守，工程师在午夜前打开了三个闸门中的两个。水务局周二表示，河水在六小时内上涨了四米。"
    )
    other = "国家交响乐团选出了新的指挥，她将在九月举行首场音乐会，随后带领乐手前往东部的三座城市演出。"
    await ready(sqlite, ("北港大坝坚守", text))
    await ready(sqlite, ("大坝未受损", text.replace("周二", "周三")), feed=2)
    await ready(sqlite, ("乐团新指挥", other), feed=3)
    await group(sqlite)
    assert await stories_of(sqlite) == [1, 1, 2]


async def test_an_entry_of_nothing_but_a_headline_gets_its_story(sqlite):
    await ready(sqlite, ("Brief", ""), ("Brief", ""))
    await group(sqlite)
    assert await stories_of(sqlite) == [1, 2]


async def test_with_nothing_to_group_there_is_no_more(sqlite):
    assert not await Group(database=sqlite, lease=LEASE).step()


needs_pairs = pytest.mark.skipif(
    not PAIRS.exists(), reason="the pairs of real pages are not beside this checkout"
)


@pytest.fixture(scope="module")
def pairs():
    with gzip.open(PAIRS, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def joined(couples):
    """How many couples of real pages share a story; each couple arrives out of reach of the others."""
    grouping = Grouping()
    count = 0
    for number, couple in enumerate(couples):
        at = NOW + number * 2 * WINDOW
        one, other = (grouping.add(title=p["title"], text=p["text"], arrived_at=at) for p in couple)
        count += one == other
    grouping.close()
    return count


@needs_pairs
def test_of_real_pages_that_tell_the_same_nine_in_ten_join(pairs):
    alike = [(pair["a"], pair["b"]) for pair in pairs if pair["jaccard"] >= 0.5]
    count = joined(alike)
    print(f"joined {count} of {len(alike)} pairs")
    assert len(alike) >= 500
    assert count >= 0.9 * len(alike)


@needs_pairs
def test_of_real_pages_that_tell_different_things_none_join(pairs):
    rng = random.Random(20260301)
    strangers = []
    while len(strangers) < 300:
        one, other = rng.sample(pairs, 2)
        if one["url"] != other["url"]:
            strangers.append((one["a"], other["b"]))
    count = joined(strangers)
    print(f"joined {count} of {len(strangers)} strangers")
    assert count == 0
