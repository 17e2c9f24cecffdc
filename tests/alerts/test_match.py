"""The matching stage: every story once, for each whom it concerns, by however many processes."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.alerts.match import MatchStories
from bot.alerts.topics import TopicIndex
from bot.model import ChatKind, SubscriberState
from bot.storage import subscribers
from bot.storage.database import Database
from bot.storage.tables import deliveries, digests, stories
from bot.times import utc_now

LEASE = timedelta(minutes=2)


def told(database, *titles):
    """Stories that wait to be matched."""
    at = utc_now()
    rows = [{"title": title, "started_at": at, "updated_at": at, "due_at": at} for title in titles]
    database.write_now(lambda c: c.execute(sa.insert(stories), rows))


def follower(database, chat_id, *texts):
    def work(connection):
        who = subscribers.meet(connection, chat_id, ChatKind.PRIVATE, now=utc_now())
        for text in texts:
            subscribers.save_filter(connection, who.id, text, now=utc_now())
        return who.id

    return database.write_now(work)


def stage(database):
    return MatchStories(database=database, topics=TopicIndex(()), lease=LEASE)


def alerts(database):
    """Who gets which story."""
    query = sa.select(deliveries.c.subscriber_id, deliveries.c.story_id).order_by(sa.text("1, 2"))
    return database.write_now(lambda c: [tuple(row) for row in c.execute(query)])


async def test_a_story_is_ordered_for_those_it_concerns_and_its_digest_once(sqlite):
    told(sqlite, "A ferry strike", "Cheese")
    ada, ben = follower(sqlite, 1, "ferry", "strike"), follower(sqlite, 2, "ferry")
    follower(sqlite, 3, "football")
    matching = stage(sqlite)
    assert [await matching.step(), await matching.step()] == [True, False]
    assert alerts(sqlite) == [(ada, 1), (ben, 1)]
    assert sqlite.write_now(lambda c: c.execute(sa.select(digests.c.story_id)).scalars().all()) == [1]


async def test_who_does_not_listen_is_ordered_nothing(sqlite):
    told(sqlite, "A ferry strike")
    stopped = follower(sqlite, 1, "ferry")
    sqlite.write_now(lambda c: subscribers.set_state(c, stopped, SubscriberState.STOPPED))
    await stage(sqlite).step()
    assert alerts(sqlite) == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_two_processes_that_match_side_by_side_order_each_alert_once(database):
    told(database, *(f"Ferry {number}" for number in range(120)))
    followers = [follower(database, chat_id, "ferry") for chat_id in (1, 2)]
    other = Database(database.url.render_as_string(hide_password=False))

    async def all_of(matching):
        while await matching.step():
            pass

    await asyncio.gather(all_of(stage(database)), all_of(stage(other)))
    await all_of(stage(database))
    other.close()
    assert alerts(database) == [(who, story) for who in followers for story in range(1, 121)]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_story_matched_again_by_one_whose_lease_ran_out_orders_nothing_twice(database):
    told(database, "A ferry strike")
    ada = follower(database, 1, "ferry")
    other = Database(database.url.render_as_string(hide_password=False))
    early, late = (
        MatchStories(database=one, topics=TopicIndex(()), lease=timedelta(0)) for one in (database, other)
    )
    await asyncio.gather(early.step(), late.step())
    other.close()
    assert alerts(database) == [(ada, 1)]
