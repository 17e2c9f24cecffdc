"""A stage that dies between its claim and its outcome: the row comes back, and nothing is lost."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.cli import main
from bot.digests.bundled import plain
from bot.digests.write import Write
from bot.model import DeliveryState, DigestState, EntryState
from bot.storage import tables
from bot.times import utc_now
from tests.pipeline.conftest import Crash, Outlet, digest

SHORT = timedelta(seconds=1)
STAGES = ["poll", "extract", "group", "match", "write", "send"]
NEWS = "Ferry strike halts crossings"


@pytest.mark.parametrize("name", STAGES)
async def test_a_stage_that_dies_before_its_outcome_does_it_again_after_the_lease(path, site, name):
    outlet = Outlet(site, "harbour")
    outlet.publish("Old tale")
    await path.listed(outlet)
    await path.run()
    path.follow(path.ada, "ferry")
    outlet.publish(NEWS)
    path.all_due()
    stage = path.stages[name]
    stage._lease = SHORT
    for earlier in STAGES[: STAGES.index(name)]:
        await path.run(earlier)

    path.database.dies_after = 1  # the claim is written, the outcome is not
    with pytest.raises(Crash):
        await path.run(name)
    path.database.dies_after = None
    before = path.everything()
    await path.run(name)
    assert path.everything() == before  # nobody touches it while the lease lasts

    await asyncio.sleep(SHORT.total_seconds())
    await path.run(*STAGES[STAGES.index(name) :])
    await path.sent()
    # What was in flight at the crash may come twice, and nothing else.
    assert path.heard(path.ada) == [NEWS] * (2 if name == "send" else 1)
    assert path.rows(tables.deliveries, "state", "claims") == [(DeliveryState.SENT, 0)]


async def test_five_failures_park_an_entry_and_retry_revives_it(path, site, log, monkeypatch, tmp_path):
    outlet = Outlet(site, "harbour")
    await path.listed(outlet)
    await path.run()
    path.follow(path.ada, "ferry")
    outlet.publish(NEWS)
    path.all_due()
    for name in ("poll", "extract"):
        await path.run(name)
    group = path.stages["group"]
    group._lease = timedelta(0)
    for _ in range(5):
        path.database.dies_after = 1
        with pytest.raises(Crash):
            await group.step()
    path.database.dies_after = None
    await path.polled()
    assert path.rows(tables.entries, "state") == [(EntryState.READY,)]
    assert [(line["stage"], line["mend"]) for line in log.lines("entry_parked")] == [
        ("group", "needtoknow retry")
    ]

    monkeypatch.setenv("NTK_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("NTK_STORAGE__URL", str(path.database.url))
    assert main(["retry"]) == 0
    await path.polled()
    assert path.heard(path.ada) == [NEWS]


async def test_a_summariser_that_always_fails_still_lets_the_headline_through(path):
    def broken(articles, sources):
        raise ValueError("the model is broken")

    story(path, NEWS)
    stage = path.stages["write"] = Write(database=path.database, summariser=broken, lease=timedelta(0))
    for _ in range(2):  # then it is done without that summariser
        with pytest.raises(ValueError, match="the model is broken"):
            await stage.step()
    await path.run("write")
    await path.sent()
    assert path.heard(path.ada) == [NEWS]


async def test_a_story_whose_digest_fails_holds_up_no_other(path):
    def choosy(articles, sources):
        if articles[0].title == "Poison":
            raise ValueError("this one")
        return plain(articles, sources)

    path.stages["write"] = Write(database=path.database, summariser=choosy, lease=timedelta(minutes=10))
    for title in ("Poison", "Ferry one", "Cheese"):
        story(path, title)
    with pytest.raises(ValueError, match="this one"):
        await path.run("write")
    await path.run("write")
    assert path.rows(tables.digests, "state") == [
        (DigestState.WANTED,),
        (DigestState.WRITTEN,),
        (DigestState.WRITTEN,),
    ]


async def test_an_entry_whose_grouping_fails_holds_up_no_other(path, site):
    outlet = Outlet(site, "harbour")
    for title in ("Bees", "Ferry strike halts crossings", "Cheese prices up"):
        outlet.publish(title)
    await path.listed(outlet)
    await path.run("poll", "extract")
    path.database.dies_after = 1
    path.database.deaths = 1
    with pytest.raises(Crash):
        await path.run("group")
    await path.run("group")
    states = sorted(state for (state,) in path.rows(tables.entries, "state"))
    assert states == [EntryState.GROUPED, EntryState.GROUPED, EntryState.READY]


def story(path, title="Ferry"):
    """A story whose digest is wanted, and who wants it."""
    path.order(digest(title), path.follow(path.ada, "ferry"))
    now = utc_now()

    def unwrite(connection):
        feed = {"url": f"http://outlet.example/{title}", "name": "Harbour", "interval_seconds": 60.0}
        feed_id = connection.execute(sa.insert(tables.feeds).values(due_at=now, **feed)).inserted_primary_key[
            0
        ]
        story_id = connection.execute(sa.select(sa.func.max(tables.stories.c.id))).scalar_one()
        entry = {"title": title, "summary": "", "text": f"{title} was there, and stayed.", "bare": False}
        connection.execute(
            sa.insert(tables.entries).values(
                feed_id=feed_id,
                key_hash=title,
                arrived_at=now,
                backlog=False,
                state=EntryState.GROUPED,
                due_at=now,
                story_id=story_id,
                **entry,
            )
        )
        connection.execute(
            sa.update(tables.digests)
            .where(tables.digests.c.story_id == story_id)
            .values(state=DigestState.WANTED, content=None)
        )

    path.database.write_now(unwrite)
