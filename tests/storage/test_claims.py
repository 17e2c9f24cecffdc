"""The claim is the safety net."""

from datetime import timedelta
from functools import partial

import sqlalchemy as sa

from bot.storage import feeds as feeds_store
from bot.storage import polls as store
from bot.storage.claims import MAX_CLAIMS, MAX_DEATHS, retry_parked, take_back
from bot.storage.feeds import FeedSpec
from bot.storage.polls import Failed
from bot.storage.tables import feeds
from bot.times import utc_now

LEASE = timedelta(minutes=2)
NOW = utc_now()


async def listed(database, count=3):
    specs = [FeedSpec(f"http://one.example/{n}", f"Feed {n}", timedelta(minutes=5)) for n in range(count)]
    await database.write(partial(feeds_store.list_feeds, specs=specs, now=NOW))


async def claim(database, *, now=NOW, limit=10):
    return await database.write(partial(store.claim_feeds, now=now, lease=LEASE, limit=limit))


async def test_a_claimed_row_is_nobody_elses_until_its_lease_ends(database):
    await listed(database)
    first, _ = await claim(database)
    assert len(first) == 3
    assert (await claim(database))[0] == []
    assert (await claim(database, now=NOW + LEASE - timedelta(seconds=1)))[0] == []
    again, _ = await claim(database, now=NOW + LEASE)
    assert [feed.id for feed in again] == [feed.id for feed in first]


async def test_a_row_that_came_back_twice_is_claimed_alone(database):
    await listed(database)
    at = NOW
    for _ in range(2):
        assert len((await claim(database, now=at))[0]) == 3
        at += LEASE
    assert [len((await claim(database, now=at))[0]) for _ in range(4)] == [1, 1, 1, 0]


async def test_a_row_is_parked_and_reported_once_after_five_claims(database):
    await listed(database, 1)
    at = NOW
    for _ in range(MAX_CLAIMS):
        found, claimed = await claim(database, now=at)
        assert (len(found), list(claimed.parked)) == (1, [])
        at += LEASE
    found, claimed = await claim(database, now=at)
    assert (found, len(claimed.parked)) == ([], 1)
    found, claimed = await claim(database, now=at + LEASE)
    assert (found, list(claimed.parked)) == ([], [])
    assert await database.write(partial(retry_parked, now=at)) == 1
    assert len((await claim(database, now=at))[0]) == 1


async def test_the_owner_of_a_database_takes_back_what_a_crash_left_claimed(database):
    await listed(database)
    await claim(database)
    assert await database.write(partial(take_back, now=NOW)) == 3
    assert len((await claim(database))[0]) == 3


async def test_an_outcome_clears_the_count(database):
    await listed(database, 1)
    (feed,), _ = await claim(database)
    await database.write(lambda c: store.record_failure(c, Failed(feed.id, 1, "no answer", NOW)))
    row = await database.read(lambda c: c.execute(sa.select(feeds)).one())
    assert (row.claims, row.claimed_at, row.failures) == (0, None, 1)


async def test_five_deaths_of_the_process_park_nothing(database):
    await listed(database, 1)
    for _ in range(MAX_CLAIMS + 1):
        found, claimed = await claim(database)
        assert (len(found), list(claimed.parked)) == (1, [])
        await database.write(partial(take_back, now=NOW))
    assert len((await claim(database))[0]) == 1


async def test_a_row_that_the_process_dies_of_every_time_is_parked_in_the_end(database):
    await listed(database, 1)
    for _ in range(MAX_DEATHS):
        assert len((await claim(database))[0]) == 1
        await database.write(partial(take_back, now=NOW))
    found, claimed = await claim(database)
    assert (found, len(claimed.parked)) == ([], 1)  # reported, and only once
    assert (await claim(database))[1].parked == []
