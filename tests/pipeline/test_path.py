"""The path of a news item, stage by stage and row by row."""

from datetime import timedelta
from functools import partial

from bot.model import DeliveryState, DigestState, EntryState, FilterState
from bot.storage import subscribers, tables
from bot.times import EPOCH, utc_now
from tests.pipeline.conftest import Outlet, told

NEWS = "Ferry strike halts crossings"


async def begun(path, site, *names, host="127.0.0.1"):
    """Outlets with an old item each, polled once."""
    outlets = [Outlet(site, name, host=host) for name in names]
    for outlet in outlets:
        outlet.publish(f"Old ferry tale of {outlet.name}")
    await path.listed(*outlets)
    await path.run()
    return outlets


async def test_the_first_poll_is_backlog_and_alerts_nobody(path, site):
    path.follow(path.ada, "ferry")
    await begun(path, site, "harbour")
    assert path.rows(tables.entries, "title", "backlog", "state") == [
        ("Old ferry tale of harbour", True, EntryState.GROUPED)
    ]
    assert path.rows(tables.stories, "revision", "matched_revision") == [(1, 1)]
    assert path.rows(tables.deliveries, "id") == []
    assert path.heard(path.ada) == []


async def test_each_stage_leaves_its_row_for_the_next(path, site):
    (outlet,) = await begun(path, site, "harbour")
    path.follow(path.ada, "ferry strike")
    outlet.publish(NEWS)
    path.all_due()

    await path.run("poll")
    entry = ("title", "backlog", "state", "bare", "story_id", "claims")
    assert path.rows(tables.entries, *entry)[1:] == [(NEWS, False, EntryState.NEW, None, None, 0)]

    await path.run("extract")
    assert path.rows(tables.entries, *entry)[1:] == [(NEWS, False, EntryState.READY, False, None, 0)]
    ((text,),) = path.rows(tables.entries, "text")[1:]
    assert told(NEWS).partition(". ")[0] in text

    await path.run("group")
    assert path.rows(tables.entries, *entry)[1:] == [(NEWS, False, EntryState.GROUPED, False, 2, 0)]
    story = ("title", "revision", "matched_revision", "claims")
    assert path.rows(tables.stories, *story)[1:] == [(NEWS, 1, 0, 0)]

    await path.run("match")
    assert path.rows(tables.stories, *story)[1:] == [(NEWS, 1, 1, 0)]
    delivery = ("story_id", "state", "trace", "message_ids", "claims")
    trace = [
        {
            "filter_text": "ferry strike",
            "terms": ["Ferry", "strike"],
            "filter_id": 1,
            "sentence": "Ferry strike halts crossings",
        }
    ]
    assert path.rows(tables.deliveries, *delivery) == [(2, DeliveryState.PENDING, trace, [], 0)]
    assert path.rows(tables.digests, "story_id", "revision", "state") == [(2, 1, DigestState.WANTED)]

    await path.run("send")  # too early: there is no digest yet
    assert path.heard(path.ada) == []

    await path.run("write")
    assert path.rows(tables.digests, "state", "model", "claims") == [(DigestState.WRITTEN, "sub-words", 0)]

    await path.run("send")
    assert path.heard(path.ada) == [NEWS]
    (message,) = [one.id for one in path.ada.messages.values() if one.sender.is_bot]
    assert path.rows(tables.deliveries, *delivery) == [(2, DeliveryState.SENT, trace, [message], 0)]


async def test_news_reaches_fifty_followers_once_each_and_not_the_one_who_excluded_it(path, site):
    (outlet,) = await begun(path, site, "harbour")
    for number in range(48):
        path.world.add_person(f"Person {number}")
    followers = [path.world.chats[person] for person in path.world.people]
    for chat in followers:
        path.follow(chat, "ferry")
    path.follow(path.world.group, "ferry -strike")
    outlet.publish(NEWS)
    await path.polled()
    assert [path.heard(chat) for chat in followers] == [[NEWS]] * 50
    assert path.heard(path.world.group) == []
    assert path.rows(tables.digests, "story_id") == [(2,)]


async def test_several_filters_that_meet_make_one_alert(path, site):
    (outlet,) = await begun(path, site, "harbour")
    path.follow(path.ada, "ferry", "strike", "cheese")
    outlet.publish(NEWS)
    await path.polled()
    (alert,) = [one.body.text for one in path.ada.messages.values() if one.sender.is_bot]
    assert "Matched: Ferry, strike (your filters: ferry · strike)" in alert


async def test_another_outlets_copy_brings_no_second_alert(path, site):
    harbour, herald = await begun(path, site, "harbour", "herald")
    path.follow(path.ada, "ferry")
    harbour.publish(NEWS)
    await path.polled()
    herald.publish(NEWS, text=told(NEWS))
    await path.polled()
    assert path.heard(path.ada) == [NEWS]
    assert path.rows(tables.stories, "title", "revision", "matched_revision")[-1] == (NEWS, 2, 2)


async def test_who_follows_later_hears_of_the_story_when_it_grows(path, site):
    harbour, herald = await begun(path, site, "harbour", "herald")
    path.follow(path.ada, "ferry")
    harbour.publish(NEWS)
    await path.polled()
    path.follow(path.ben, "strike")
    herald.publish(NEWS, text=told(NEWS))
    await path.polled()
    assert (path.heard(path.ada), path.heard(path.ben)) == ([NEWS], [NEWS])


async def test_any_stage_run_again_changes_nothing(path, site):
    (outlet,) = await begun(path, site, "harbour")
    path.follow(path.ada, "ferry")
    outlet.publish(NEWS)
    await path.polled()
    before = path.everything()
    for name in path.stages:
        path.all_due()
        await path.run(name)
    assert path.everything() == before
    assert path.heard(path.ada) == [NEWS]


async def test_an_old_item_that_comes_back_is_no_news(path, site):
    (outlet,) = await begun(path, site, "harbour")
    path.follow(path.ada, "ferry")
    old = outlet.items
    outlet.items = []
    outlet.publish("Cheese", guid="cheese")
    await path.polled()
    outlet.items = old + outlet.items
    outlet.show()
    await path.polled()
    assert path.heard(path.ada) == []
    assert len(path.rows(tables.entries, "id")) == 2


async def test_an_edited_title_with_the_same_guid_is_no_news(path, site):
    (outlet,) = await begun(path, site, "harbour")
    path.follow(path.ada, "ferry")
    outlet.publish(NEWS, guid="one")
    await path.polled()
    del outlet.items[0]
    outlet.publish("UPDATE: ferry strike goes on", guid="one")
    await path.polled()
    assert path.heard(path.ada) == [NEWS]


async def test_an_empty_feed_means_that_nothing_happened(path, site):
    (outlet,) = await begun(path, site, "harbour")
    path.follow(path.ada, "ferry")
    before, old = path.everything(), outlet.items
    outlet.items = []
    outlet.show()
    await path.polled()
    outlet.items = old
    outlet.show()
    await path.polled()
    assert path.everything() == before


async def test_the_same_body_again_is_not_read(path, site):
    (outlet,) = await begun(path, site, "harbour")
    before = path.everything()
    await path.polled()
    assert (outlet.asked(), path.everything()) == (2, before)


async def test_a_304_changes_nothing_and_what_is_new_after_it_is_news(path, site):
    outlet = Outlet(site, "harbour")
    outlet.publish("Old ferry tale")
    outlet.show(headers={"ETag": '"one"'})
    await path.listed(outlet)
    await path.run()
    path.follow(path.ada, "ferry")
    before = path.everything()
    site.on(outlet.path, status=304)
    await path.polled()
    assert site.requests[-1].headers["if-none-match"] == '"one"'
    assert path.everything() == before
    outlet.publish(NEWS)
    await path.polled()
    assert path.heard(path.ada) == [NEWS]


async def test_a_feed_that_failed_at_first_has_its_backlog_at_its_first_answer(path, site):
    outlet = Outlet(site, "harbour")
    outlet.publish("Old ferry tale")
    site.on(outlet.path, status=500)
    path.follow(path.ada, "ferry")
    await path.listed(outlet)
    await path.run()
    assert path.rows(tables.feeds, "failures", "polled_at") == [(1, None)]
    outlet.show()
    await path.polled()
    assert (path.heard(path.ada), path.rows(tables.feeds, "failures")) == ([], [(0,)])
    outlet.publish(NEWS)
    await path.polled()
    assert path.heard(path.ada) == [NEWS]


async def test_an_entry_whose_page_cannot_be_read_is_told_from_the_feed(path, site):
    (outlet,) = await begun(path, site, "harbour")
    path.follow(path.ada, "ferry")
    outlet.publish(NEWS, link=site.url("/nowhere"))
    await path.polled()
    assert path.heard(path.ada) == [NEWS]
    (alert,) = [one.body.text for one in path.ada.messages.values() if one.sender.is_bot]
    assert "(from the feed’s summary)" in alert


async def test_a_filter_paused_before_the_news_brings_nothing(path, site):
    (outlet,) = await begun(path, site, "harbour")
    who = path.follow(path.ada, "ferry", "strike")
    path.follow(path.ben, "ferry")
    outlet.publish("Ferry one")
    await path.polled()
    pause = partial(subscribers.set_filter, subscriber_id=who, filter_id=1, state=FilterState.PAUSED)
    await path.database.write(partial(pause, now=utc_now()))
    captain = (
        "The ferry to Eastport has a new captain. Maria Lund took the wheel on Tuesday in thick fog. She had "
        "driven the number 9 bus for 20 years. Her first crossing took 35 minutes, and nobody was seasick."
    )
    outlet.publish("Ferry two goes another way", text=captain)
    await path.polled()
    assert path.heard(path.ada) == ["Ferry one"]
    assert path.heard(path.ben) == ["Ferry one", "Ferry two goes another way"]


async def test_no_date_decides_what_is_news(path, site):
    (outlet,) = await begun(path, site, "harbour")
    group = path.world.group
    for chat, word in ((path.ada, "boat"), (path.ben, "tram"), (group, "bus")):
        path.follow(chat, word)
    outlet.publish("Boat of 1970", at=EPOCH)
    outlet.publish("A tram long ago indeed", at=utc_now() - timedelta(days=900))
    outlet.publish("Some bus of a century to come", at=EPOCH.replace(year=2099))
    await path.polled()
    heard = [path.heard(path.ada), path.heard(path.ben), path.heard(group)]
    assert heard == [["Boat of 1970"], ["A tram long ago indeed"], ["Some bus of a century to come"]]
