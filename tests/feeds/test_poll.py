"""Polls of real servers: what is asked, what is entered, and what becomes of a feed that moves, fails or ends."""

import asyncio
import contextlib
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from bot.feeds.poll import Poll
from bot.feeds.record import Rules
from bot.model import ChatKind, FeedState
from bot.offload import Offload
from bot.storage import feeds as store
from bot.storage import subscribers, tables
from bot.storage.feeds import FeedSpec
from bot.times import utc_now
from bot.web import Web
from tests.web_server import fixed, serving

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ADMIN = 4242
ITEM = "<item><title>{title}</title><link>https://news.example/2026/{number}</link><guid>id-{number}</guid><description>{text}</description></item>"


def rss(*numbers, titles=None, head="", text="Some words."):
    items = [
        ITEM.format(number=n, title=(titles or {}).get(n, f"Story number {n}"), text=text) for n in numbers
    ]
    return f"<rss version='2.0'><channel><title>News</title>{head}{''.join(items)}</channel></rss>".encode()


class Rig:
    """The stage over a real database and a real server, with the clock turned by hand."""

    def __init__(self, database, web, offload, site):
        self.database, self.site = database, site
        self.now = utc_now()
        rules = Rules(shortest=2 * MINUTE, longest=HOUR, admin=ADMIN)
        self.stage = Poll(
            database=database, web=web, offload=offload, lease=2 * MINUTE, rules=rules, clock=lambda: self.now
        )

    async def listed(self, *specs):
        await self.database.write(partial(store.list_feeds, specs=specs, now=self.now))

    async def feed(self, path="/feed.xml", *, body=None, **settings):
        """A listed feed, with its backlog of story number 1 already polled."""
        url = self.site.on(path, rss(1) if body is None else body)
        await self.listed(FeedSpec(url, "Harbour Post", **settings))
        await self.poll()
        return url

    async def poll(self, *, after=timedelta(0)):
        self.now += after
        while await self.stage.step():
            pass

    async def poll_all(self, *, after=2 * DAY):
        """Every feed is due."""
        await self.poll(after=after)

    def rows(self, table, *columns):
        names = [table.c[name] for name in columns]
        return self.database.write_now(
            lambda c: [tuple(row) for row in c.execute(sa.select(*names).order_by(table.c.id))]
        )

    def record(self, url):
        (found,) = self.database.write_now(partial(store.all_feeds, url=url))
        return found

    def titles(self):
        return [title for (title,) in self.rows(tables.entries, "title")]

    def notices(self):
        return self.rows(tables.notices, "chat_id", "text")

    def asked(self, path="/feed.xml"):
        return sum(request.path == path for request in self.site.requests)


@pytest.fixture
async def rig(sqlite):
    async with (
        serving("0.0.0.0") as site,
        Web(user_agent="test", allow_private=True) as web,
        Offload() as offload,
    ):
        made = Rig(sqlite, web, offload, site)
        yield made
        await made.stage.drain(2)


async def test_what_a_feed_shows_at_first_is_backlog_and_then_news(rig):
    url = await rig.feed()
    rig.site.on("/feed.xml", rss(2, 1))
    await rig.poll_all()
    assert rig.rows(tables.entries, "title", "backlog") == [
        ("Story number 1", True),
        ("Story number 2", False),
    ]
    assert rig.record(url).state == FeedState.ACTIVE


async def test_what_comes_first_in_a_feed_that_was_empty_is_news(rig):
    await rig.feed(body=rss())
    await rig.poll_all()
    rig.site.on("/feed.xml", rss(1))
    await rig.poll_all()
    assert rig.rows(tables.entries, "backlog") == [(False,)]


async def test_after_an_empty_first_answer_old_items_are_backlog_all_the_same(rig):
    await rig.feed(body=rss())
    await rig.poll_all()
    dated = rss(1, 2).replace(b"<guid>id-1", b"<pubDate>Mon, 02 Mar 2015 12:00:00 GMT</pubDate><guid>id-1")
    rig.site.on("/feed.xml", dated)
    await rig.poll_all()
    assert sorted(rig.rows(tables.entries, "title", "backlog")) == [
        ("Story number 1", True),
        ("Story number 2", False),
    ]


async def test_an_edited_item_is_no_second_entry_but_a_version(rig):
    await rig.feed()
    rig.database.write_now(lambda c: c.execute(sa.update(tables.entries).values(state="grouped")))
    rig.site.on("/feed.xml", rss(1, titles={1: "Story number 1, corrected"}))
    await rig.poll_all()
    assert rig.titles() == ["Story number 1"]
    assert rig.rows(tables.versions, "number", "title") == [(2, "Story number 1, corrected")]
    rig.site.on("/feed.xml", rss(1, titles={1: "Story number 1, CORRECTED!"}, text="<b>Some</b> words"))
    await rig.poll_all()
    assert len(rig.rows(tables.versions, "number")) == 1  # the words are the same


async def test_an_item_edited_before_it_was_read_takes_the_newer_text(rig):
    await rig.feed()
    rig.site.on("/feed.xml", rss(1, titles={1: "Story number 1, corrected"}))
    await rig.poll_all()
    assert rig.titles() == ["Story number 1, corrected"]
    assert rig.rows(tables.versions, "number") == []


async def test_a_feed_that_edits_without_end_does_not_fill_the_disk(rig):
    await rig.feed()
    rig.database.write_now(lambda c: c.execute(sa.update(tables.entries).values(state="grouped")))
    for count in range(30):
        rig.site.on("/feed.xml", rss(1, text=f"{count} comments"))
        await rig.poll_all()
    assert len(rig.rows(tables.versions, "number")) == 19


async def test_a_move_is_believed_when_it_was_said_three_times(rig):
    url = await rig.feed()
    rig.site.on("/new.xml", rss(1, 2))
    rig.site.redirect("/feed.xml", rig.site.url("/new.xml"), status=301)
    for _ in range(2):
        await rig.poll_all()
    assert rig.record(url).address == url
    await rig.poll_all()
    assert rig.record(url).address == rig.site.url("/new.xml")
    asked = rig.asked()
    await rig.poll_all()
    assert (rig.asked(), rig.record(url).state) == (asked, FeedState.ACTIVE)
    assert rig.titles() == ["Story number 1", "Story number 2"]


@pytest.mark.parametrize("status", [302, 307])
async def test_a_move_for_now_is_followed_and_never_believed(rig, status):
    url = await rig.feed()
    rig.site.on("/new.xml", rss(1, 2))
    rig.site.redirect("/feed.xml", rig.site.url("/new.xml"), status=status)
    for _ in range(5):
        await rig.poll_all()
    assert rig.record(url).address == url
    assert rig.titles() == ["Story number 1", "Story number 2"]


async def test_a_move_that_is_taken_back_is_forgotten(rig):
    url = await rig.feed()
    rig.site.on("/new.xml", rss(1))
    for _ in range(2):
        rig.site.redirect("/feed.xml", rig.site.url("/new.xml"), status=308)
        await rig.poll_all()
        await rig.poll_all()
        rig.site.on("/feed.xml", rss(1))
        await rig.poll_all()
    assert rig.record(url).address == url


async def test_a_feed_that_moves_to_where_another_is_ends_there(rig):
    rig.site.on("/new.xml", rss(1, 2))
    rig.site.redirect("/old.xml", rig.site.url("/new.xml"))
    old, new = (FeedSpec(rig.site.url(path), path) for path in ("/old.xml", "/new.xml"))
    await rig.listed(old, new)
    for _ in range(4):
        await rig.poll_all()
    assert rig.record(old.url).state == FeedState.RETIRED
    assert "which is polled as" in rig.record(old.url).error


async def test_the_operator_alone_hears_of_a_feed_that_ends_where_another_is(rig):
    old, new = (FeedSpec(rig.site.on(path, rss(1)), path) for path in ("/old.xml", "/new.xml"))
    await rig.listed(old, new)
    await rig.poll()
    had_an_alert(rig, 1, story_feeds=[old.url])
    rig.site.redirect("/old.xml", new.url)
    for _ in range(4):
        await rig.poll_all()
    ((chat, text),) = rig.notices()
    assert chat == ADMIN
    said = f"Feed retired: /old.xml\n{old.url}\nit moved to {new.url}, which is polled as {new.url}\n"
    assert text.startswith(said)


async def test_a_feed_that_is_gone_is_never_asked_again_and_the_operator_hears_of_it(rig):
    url = await rig.feed()
    rig.site.on("/feed.xml", status=410)
    await rig.poll_all()
    asked = rig.asked()
    await rig.poll_all(after=60 * DAY)
    assert (rig.asked(), rig.record(url).state) == (asked, FeedState.RETIRED)
    ((chat, text),) = rig.notices()
    assert chat == ADMIN
    assert text.startswith(f"Feed retired: Harbour Post\n{url}\n{url} answered 410")


def had_an_alert(rig, chat_id, *, story_feeds):
    """A chat that was sent an alert for a story of these feeds."""

    def work(connection):
        subscriber = subscribers.meet(connection, chat_id, ChatKind.PRIVATE, now=rig.now)
        at = {"due_at": rig.now}
        story = connection.execute(
            sa.insert(tables.stories).values(title="A story", started_at=rig.now, updated_at=rig.now, **at)
        ).inserted_primary_key[0]
        for number, feed in enumerate(story_feeds):
            feed_id = connection.execute(
                sa.select(tables.feeds.c.id).where(tables.feeds.c.url == feed)
            ).scalar()
            connection.execute(
                sa.insert(tables.entries).values(
                    feed_id=feed_id, key_hash=f"{chat_id}-{number}", title="A", summary="", arrived_at=rig.now,
                    backlog=False, story_id=story, state="grouped", **at
                )
            )  # fmt: skip
        connection.execute(
            sa.insert(tables.deliveries).values(
                subscriber_id=subscriber.id, story_id=story, revision=1, trace=[], message_ids=[1], state="sent",
                created_at=rig.now, sent_at=rig.now, **at
            )
        )  # fmt: skip

    rig.database.write_now(work)


async def test_a_feed_silent_for_a_week_is_suspended_and_those_who_lose_by_it_are_told_once(rig):
    url = await rig.feed()
    rig.site.on("/other.xml", rss(9))
    await rig.listed(*(FeedSpec(rig.site.url(path), path) for path in ("/feed.xml", "/other.xml")))
    await rig.poll()
    had_an_alert(rig, 1, story_feeds=[url])
    had_an_alert(rig, 2, story_feeds=[url, rig.site.url("/other.xml")])
    had_an_alert(rig, 3, story_feeds=[rig.site.url("/other.xml")])
    rig.site.on("/feed.xml", status=500)
    for _ in range(12):
        await rig.poll_all(after=1.2 * DAY)
    assert rig.record(url).state == FeedState.SUSPENDED
    people, admin = rig.notices()
    assert people[0] == 1
    assert people[1].startswith("/feed.xml has not answered for ")
    assert admin[0] == ADMIN
    assert f"{url} answered 500" in admin[1]

    asked = rig.asked()
    await rig.poll_all(after=1.2 * DAY)  # still asked, once a day
    assert rig.asked() == asked + 1
    rig.site.on("/feed.xml", rss(1, 2))
    await rig.poll_all(after=1.2 * DAY)
    assert rig.record(url).state == FeedState.ACTIVE
    assert [text for _, text in rig.notices()[2:]] == ["/feed.xml answers again, after 15.6 days."] * 2


async def suspended(rig, *told):
    """A feed of two weeks' silence that these chats have lost something by."""
    url = await rig.feed()
    for chat_id in told:
        had_an_alert(rig, chat_id, story_feeds=[url])
    rig.site.on("/feed.xml", status=500)
    for _ in range(12):
        await rig.poll_all(after=1.2 * DAY)
    assert rig.record(url).state == FeedState.SUSPENDED
    return url


async def test_whoever_was_told_of_a_silence_hears_of_its_end_however_long_it_was(rig):
    url = await suspended(rig, 1)
    await rig.poll(after=70 * DAY)  # the alerts are long past the thirty days that count
    rig.site.on("/feed.xml", rss(1, 2))
    await rig.poll_all()
    assert rig.record(url).state == FeedState.ACTIVE
    told = [(chat, text.partition(", after")[0]) for chat, text in rig.notices()[2:]]
    assert told == [(1, "Harbour Post answers again"), (ADMIN, "Harbour Post answers again")]


async def test_only_those_who_were_told_of_this_silence_and_still_listen_hear_of_its_end(rig):
    url = await suspended(rig, 1, 2, 3)
    mine, blocked = (tables.notices.c.chat_id == chat for chat in (1, 2))
    had_an_alert(rig, 4, story_feeds=[url])  # never told of the silence
    rig.database.write_now(lambda c: c.execute(sa.update(tables.notices).where(mine).values(state="sent")))
    rig.database.write_now(
        lambda c: c.execute(sa.update(tables.notices).where(blocked).values(state="dropped"))
    )
    rig.database.write_now(
        lambda c: c.execute(
            sa.update(tables.subscribers).where(tables.subscribers.c.chat_id == 3).values(state="paused")
        )
    )
    before = len(rig.notices())
    rig.site.on("/feed.xml", rss(1, 2))
    await rig.poll_all()
    assert [chat for chat, _ in rig.notices()[before:]] == [1, ADMIN]

    # Another silence, of which nobody but the operator is told: that of before is over.
    rig.now += 40 * DAY
    before = len(rig.notices())
    rig.site.on("/feed.xml", status=500)
    for _ in range(12):
        await rig.poll_all(after=1.2 * DAY)
    rig.site.on("/feed.xml", rss(1, 2, 3))
    await rig.poll_all()
    assert [chat for chat, _ in rig.notices()[before:]] == [ADMIN, ADMIN]


async def test_whoever_was_told_of_a_silence_hears_that_it_is_for_good(rig):
    await suspended(rig, 1)
    await rig.poll(after=70 * DAY)
    rig.site.on("/feed.xml", status=410)
    await rig.poll_all()
    told = [(chat, text) for chat, text in rig.notices()[2:]]
    assert [chat for chat, _ in told] == [1, ADMIN]
    assert told[0][1].startswith("Harbour Post has closed its feed for good.")


async def test_a_feed_that_fails_is_asked_less_and_less(rig):
    url = await rig.feed()
    rig.site.on("/feed.xml", status=500)
    waits = []
    for _ in range(6):
        await rig.poll_all()
        waits.append((rig.record(url).due_at - rig.now) / MINUTE)
    assert [round(wait / 2) for wait in waits] == pytest.approx([2, 4, 8, 16, 32, 64], rel=0.2)


async def test_too_many_requests_holds_the_feed_for_as_long_as_it_says(rig):
    url = await rig.feed()
    rig.site.on("/feed.xml", status=429, headers={"Retry-After": "7200"})
    await rig.poll_all()
    assert rig.record(url).due_at - rig.now == 2 * HOUR


async def three_throttled(rig, *paths):
    """Three feeds of a host are told to wait for six hours; and the rest are not."""
    every = ["/bbc/world", "/bbc/uk", "/bbc/sport", "/nasa/news"]
    specs = [FeedSpec(rig.site.on(path, rss(1)), path) for path in every]
    await rig.listed(*specs)
    await rig.poll()
    for path in paths:
        rig.site.on(path, status=503, headers={"Retry-After": "21600"})
    await rig.poll_all()
    return {path: rig.record(rig.site.url(path)).due_at - rig.now >= 5 * HOUR for path in every}


async def test_one_feed_told_to_wait_holds_no_other(rig):
    held = await three_throttled(rig, "/bbc/world")
    assert held == {"/bbc/world": True, "/bbc/uk": False, "/bbc/sport": False, "/nasa/news": False}


async def test_several_on_one_route_of_a_shared_host_hold_that_route_only(rig):
    await rig.listed(*(FeedSpec(rig.site.on(f"/bbc/{n}", rss(1)), str(n)) for n in range(9)))
    held = await three_throttled(rig, "/bbc/world", "/bbc/uk", "/bbc/sport")
    assert held == {"/bbc/world": True, "/bbc/uk": True, "/bbc/sport": True, "/nasa/news": False}


async def test_several_on_different_routes_hold_the_host(rig):
    held = await three_throttled(rig, "/bbc/world", "/bbc/uk", "/nasa/news")
    assert held == dict.fromkeys(held, True)


PAGES = {
    "a page": b"<!doctype html><html><head><title>Harbour Post</title></head><body>Welcome</body></html>",
    "a bot check": b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking</body></html>",
    "an apology in JSON": b'{"error": "rate limited"}',
    "nothing": b"",
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
async def test_what_is_no_feed_is_a_failure_and_not_an_empty_feed(rig, page):
    url = await rig.feed()
    rig.site.on("/feed.xml", page)
    await rig.poll_all()
    found = rig.record(url)
    assert found.failures == 1
    assert found.error
    rig.site.on("/feed.xml", rss(1, 2))
    await rig.poll_all()
    assert rig.titles() == ["Story number 1", "Story number 2"]
    assert (rig.record(url).failures, rig.record(url).error) == (0, None)


async def test_a_server_that_cannot_be_reached_with_all_others_counts_against_nobody(rig):
    url = "http://no-such-name.invalid/feed.xml"
    await rig.listed(FeedSpec(url, "Nowhere"))
    await rig.poll()
    assert rig.record(url).failures == 0
    assert rig.record(url).error


async def test_the_decision_and_its_reason_are_kept(rig):
    url = await rig.feed(body=rss(1, head="<ttl>25</ttl>"))
    found = rig.record(url)
    assert (found.wait, found.wait_because) == (25 * MINUTE, "its ttl asks for 25 min")
    assert 25 * MINUTE <= found.due_at - rig.now <= 28 * MINUTE


async def test_a_missing_secret_does_not_prove_that_the_network_is_up(rig):
    away = [FeedSpec(f"http://name{n}.invalid/feed.xml", f"Away {n}") for n in range(4)]
    locked = replace(away[0], url="http://locked.invalid/feed.xml", headers={"X-Key": "env:NO_SUCH_VARIABLE"})
    await rig.listed(*away, locked)
    for _ in range(4):
        await rig.poll_all(after=HOUR)
    assert [rig.record(feed.url).failures for feed in away] == [0] * 4
    assert rig.record(locked.url).failures == 4


async def test_a_suspended_feed_that_is_resumed_loses_no_news(rig):
    url = await rig.feed()
    rig.database.write_now(
        lambda c: c.execute(sa.update(tables.feeds).values(state="suspended", failures=12))
    )
    rig.site.on("/feed.xml", rss(2, 1))
    feed_id = rig.record(url).id
    rig.database.write_now(lambda c: store.resume_feed(c, feed_id, now=rig.now))
    await rig.poll()
    assert rig.rows(tables.entries, "title", "backlog")[1] == ("Story number 2", False)


async def test_a_host_is_held_for_as_long_as_it_asks_and_not_for_one_feeds_back_off(rig):
    urls = [rig.site.on(f"/{n}/feed.xml", rss(1)) for n in range(5)]
    await rig.listed(*(FeedSpec(url, url) for url in urls))
    await rig.poll()
    rig.database.write_now(
        lambda c: c.execute(sa.update(tables.feeds).where(tables.feeds.c.url == urls[2]).values(failures=10))
    )
    for number in range(3):
        rig.site.on(f"/{number}/feed.xml", status=429, headers={"Retry-After": "60"})
    await rig.poll_all()
    waits = [rig.record(url).due_at - rig.now for url in urls[3:]]
    assert max(waits) <= 2 * HOUR


async def test_many_feeds_with_nothing_new_are_written_in_one_go(rig):
    specs = [
        FeedSpec(rig.site.url(f"/{number}.xml", host=f"127.0.1.{number}"), "A feed") for number in range(1, 9)
    ]
    for number in range(1, 9):
        rig.site.on(f"/{number}.xml", rss(1))
    await rig.listed(*specs)
    await rig.poll()
    before = rig.now
    await rig.poll_all()
    assert len(rig.site.requests) == 16
    assert all(at > before for (at,) in rig.rows(tables.feeds, "answered_at"))


async def test_a_feed_with_an_interval_of_its_own_keeps_it(rig):
    url = await rig.feed(interval=5 * MINUTE)
    assert rig.record(url).wait_because == "its own interval is 5 min"
    await rig.poll(after=6 * MINUTE)
    assert rig.asked() == 2


async def test_validators_are_sent_back_and_dropped_after_a_week(rig):
    await rig.feed()
    rig.site.on("/feed.xml", rss(1, 2), headers={"ETag": '"7"'})
    await rig.poll_all()
    await rig.poll_all()
    assert rig.site.requests[-1].headers["if-none-match"] == '"7"'
    await rig.poll_all(after=8 * DAY)
    assert "if-none-match" not in rig.site.requests[-1].headers


async def test_secret_headers_go_to_the_feed_and_never_into_the_database(rig, monkeypatch):
    monkeypatch.setenv("HARBOUR_KEY", "s3cret")
    url = await rig.feed(headers={"X-Api-Key": "env:HARBOUR_KEY"})
    assert rig.site.requests[-1].headers["x-api-key"] == "s3cret"
    assert "s3cret" not in str(rig.record(url))
    monkeypatch.delenv("HARBOUR_KEY")
    asked = rig.asked()
    await rig.poll_all()
    assert rig.record(url).error == "header X-Api-Key: there is no secret in HARBOUR_KEY"
    assert rig.asked() == asked


async def test_one_host_is_never_asked_by_more_than_two_at_once(rig):
    busy = asked = most = 0

    async def slow(request, writer):
        nonlocal busy, asked, most
        busy, asked = busy + 1, asked + 1
        most = max(most, busy)
        await asyncio.sleep(0.35)  # longer than the stage waits
        busy -= 1
        await fixed(rss(1))(request, writer)

    paths = [f"/{number}.xml" for number in range(6)]
    rig.site.answers.update(dict.fromkeys(paths, slow))
    await rig.listed(*(FeedSpec(rig.site.url(path), path) for path in paths))
    while asked < 6:
        rig.now += timedelta(seconds=1)
        await rig.poll()
    assert most == 2


async def test_a_row_that_cannot_be_written_spoils_no_other(rig):
    good, bad = (FeedSpec(rig.site.on(path, rss(1)), path) for path in ("/good.xml", "/bad.xml"))
    await rig.listed(good, bad)
    await rig.poll()
    bad_id = rig.record(bad.url).id
    rig.database.write_now(
        lambda c: c.execute(
            sa.text(
                f"CREATE TRIGGER spoil BEFORE INSERT ON entries WHEN NEW.feed_id = {bad_id} "
                "BEGIN SELECT RAISE(ABORT, 'a bad page of the disk'); END"
            )
        )
    )
    for path in ("/good.xml", "/bad.xml"):
        rig.site.on(path, rss(1, 2))
    rig.now += DAY
    for _ in range(2):
        with contextlib.suppress(sa.exc.IntegrityError):
            await rig.poll()
    assert rig.rows(tables.entries, "feed_id", "title").count((bad_id, "Story number 2")) == 0
    assert (rig.record(good.url).id, "Story number 2") in rig.rows(tables.entries, "feed_id", "title")
    assert rig.record(bad.url).polled_at < rig.now
