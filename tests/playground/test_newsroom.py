"""The demo newsroom keeps its promises: whole feeds, readable pages, and words that come back soon."""

import itertools
import re
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from html import unescape
from io import BytesIO

import feedparser
import httpx
import pytest
import trafilatura
from starlette.applications import Starlette

from bot.playground.newsroom.press import Item, load_press
from bot.playground.newsroom.routes import newsroom_routes
from bot.playground.newsroom.syndication import feeds
from bot.playground.newsroom.timeline import Published, Timeline, suggestions
from bot.text import squash

BASE = "http://newsroom.test"
START = datetime(2031, 4, 8, 7, 30, tzinfo=UTC)
PRESS = load_press()
LIVE = [item for item in PRESS.items if item.at > 0]


class Clock:
    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def forward(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def timeline(clock: Clock) -> Timeline:
    return Timeline(PRESS, now=clock)


@pytest.fixture
async def client(timeline: Timeline) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=newsroom_routes(timeline, base_url=BASE))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE) as opened:
        yield opened


def times_of(word: str, items: list[Item]) -> list[float]:
    return [item.at for item in items if re.search(rf"\b{re.escape(word)}\b", item.text, re.IGNORECASE)]


def flat(text: str) -> str:
    return squash(text.replace("\n", " "))


def test_there_are_four_outlets_and_at_least_thirty_items_with_ids_of_their_own() -> None:
    assert len(PRESS.outlets) == 4
    assert len(LIVE) >= 30
    assert len({item.id for item in PRESS.items}) == len(PRESS.items)
    assert len({(item.outlet, item.slug) for item in PRESS.items}) == len(PRESS.items)


def test_every_outlet_topic_and_author_is_known() -> None:
    for item in PRESS.items:
        assert item.outlet in PRESS.outlets
        assert item.author in PRESS.authors
        assert item.place, item.id
        assert item.caption, item.id


def test_events_are_covered_by_several_outlets_and_stories_develop() -> None:
    outlets, stages = defaultdict(set), defaultdict(set)
    for item in PRESS.items:
        outlets[item.event, item.stage].add(item.outlet)
        stages[item.event].add(item.stage)
    assert sum(len(names) >= 2 for names in outlets.values()) >= 6
    assert sum(len(numbers) >= 2 for numbers in stages.values()) >= 4
    assert sum(item.text_of is not None for item in PRESS.items) >= 1


@pytest.mark.parametrize("item", PRESS.items, ids=lambda item: item.id)
def test_every_text_is_long_enough_to_be_summarised(item: Item) -> None:
    assert 150 <= len(" ".join(item.body).split()) <= 450
    assert 5 <= len(item.body) <= 9


def test_other_languages_are_stated() -> None:
    assert {"en", "fr", "es"} == {item.language for item in PRESS.items}


@pytest.mark.parametrize("word", suggestions())
def test_a_suggested_word_comes_soon_and_comes_back(word: str) -> None:
    came_at = times_of(word, LIVE)
    assert len(came_at) >= 3
    assert came_at[0] <= 80
    gaps = [later - sooner for sooner, later in itertools.pairwise(came_at)]
    assert max(gaps) <= 180


@pytest.mark.parametrize("word", suggestions()[:2])
def test_the_first_words_are_never_more_than_fifty_seconds_away(word: str) -> None:
    came_at = [0, *times_of(word, LIVE)]
    assert came_at[1] <= 45
    assert max(later - sooner for sooner, later in itertools.pairwise(came_at)) <= 50
    assert LIVE[-1].at - came_at[-1] <= 50


def test_items_come_out_every_twenty_to_thirty_seconds_after_the_first() -> None:
    steps = {later.at - sooner.at for sooner, later in itertools.pairwise(LIVE)}
    assert min(steps) >= 20
    assert max(steps) <= 30


def test_only_the_backlog_is_out_at_the_start_and_everything_at_the_end(
    timeline: Timeline, clock: Clock
) -> None:
    assert len(timeline.published()) == len(PRESS.items) - len(LIVE) == 6
    assert timeline.seconds_to_next() == LIVE[0].at
    clock.forward(LIVE[-1].at)
    assert len(timeline.published()) == len(PRESS.items)
    assert timeline.seconds_to_next() is None


def test_the_pace_squeezes_the_waits(clock: Clock) -> None:
    timeline = Timeline(PRESS, now=clock, pace=0.01)
    clock.forward(LIVE[-1].at / 100)
    assert timeline.seconds_to_next() is None


def test_an_item_can_be_published_at_once_and_once_only(timeline: Timeline, clock: Clock) -> None:
    first = timeline.publish("orrin-fund")
    clock.forward(5)
    assert timeline.publish("orrin-fund") == first == timeline.published()[0]


async def test_a_corrected_report_keeps_its_address_and_says_the_new_figure_everywhere(
    client: httpx.AsyncClient, timeline: Timeline, clock: Clock
) -> None:
    item = next(item for item in LIVE if item.corrected_at)
    (wrong, right), *_ = item.correction
    path = timeline.publish(item.id).path
    feed = f"/newsroom/{item.outlet}/feed.xml"
    before = await client.get(feed)
    assert wrong in (await client.get(path)).text
    clock.forward(item.corrected_at - item.at)
    page = (await client.get(path)).text
    assert right in page
    assert wrong not in page
    after = await client.get(feed, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert BASE + path in after.text
    assert right in after.text
    assert wrong not in after.text
    assert wrong not in "".join(one.text for one in PRESS.items if one.at > item.corrected_at)


def test_wire_copy_keeps_most_of_the_text_under_a_headline_of_its_own() -> None:
    original = next(item for item in PRESS.items if item.id == "quake-strikes")
    copy = next(item for item in PRESS.items if item.text_of == "quake-strikes")
    assert copy.headline != original.headline
    assert copy.body != original.body
    assert sum(a == b for a, b in zip(copy.body, original.body, strict=True)) >= 5


@pytest.mark.parametrize("feed", feeds(BASE, PRESS), ids=lambda feed: feed.name)
async def test_a_feed_parses_to_all_that_is_out(
    feed, client: httpx.AsyncClient, timeline: Timeline, clock: Clock
) -> None:
    clock.forward(LIVE[-1].at)
    answer = await client.get(feed.url)
    parsed = feedparser.parse(BytesIO(answer.content), response_headers=dict(answer.headers))
    outlet = next(one for one in PRESS.outlets.values() if one.name == feed.name)
    out = timeline.published(outlet.slug)
    assert not parsed.bozo
    assert parsed.feed.title == feed.name
    assert [entry.link for entry in parsed.entries] == [BASE + one.path for one in out]
    assert len({entry.id for entry in parsed.entries}) == len(out)
    assert all(entry.published_parsed for entry in parsed.entries)
    assert answer.headers["Content-Encoding"] == "gzip"
    for entry, one in zip(parsed.entries, out, strict=True):
        if outlet.feed == "rss-full":
            assert one.item.body[-1][-30:] in unescape(entry.content[0].value)
        if outlet.feed == "rss-html":
            assert entry.summary.endswith("…</a></p>")


async def test_a_title_with_odd_characters_survives(client: httpx.AsyncClient, timeline: Timeline) -> None:
    one = timeline.publish("rowing-moved")
    answer = await client.get("/newsroom/elsin-courier/feed.xml")
    assert "Crews &amp; crowds" in answer.text
    assert "&lt;b&gt;noon&lt;/b&gt;" in answer.text
    page = (await client.get(one.path)).text
    assert "<b>noon" not in page
    assert '"headline": "Crews & crowds' in page


@pytest.mark.parametrize("item", PRESS.items, ids=lambda item: item.id)
async def test_a_page_is_absent_before_its_time_and_readable_after(
    item: Item, client: httpx.AsyncClient, timeline: Timeline, clock: Clock
) -> None:
    if item.at > 0:
        path = Published(item, START + timedelta(seconds=item.at), item.slug).path
        clock.forward(item.at - 1)
        assert (await client.get(path)).status_code == 404
        clock.forward(1)
    one = next(one for one in timeline.published(item.outlet) if one.item == item)
    answer = await client.get(one.path)
    assert answer.status_code == 200
    text = flat(trafilatura.extract(answer.text) or "")
    assert flat(item.body[0]) in text
    assert flat(item.body[-1]) in text


async def test_every_link_on_a_page_leads_somewhere(client: httpx.AsyncClient, timeline: Timeline) -> None:
    page = (await client.get(timeline.publish("quake-31-hurt").path)).text
    links = set(re.findall(r'href="(/[^"]*)"', page))
    assert len(links) >= 4
    for link in links:
        assert (await client.get(link)).status_code == 200, link


async def test_index_and_front_pages_show_what_is_out(
    client: httpx.AsyncClient, timeline: Timeline, clock: Clock
) -> None:
    index = (await client.get("/newsroom/")).text
    assert all(outlet.name in index for outlet in PRESS.outlets.values())
    assert "Next in 10 seconds." in index
    clock.forward(LIVE[-1].at)
    assert "quiet now" in (await client.get("/newsroom/")).text
    for outlet in PRESS.outlets:
        front = (await client.get(f"/newsroom/{outlet}/")).text
        assert front.count('class="teaser"') == len(timeline.published(outlet))
    for path in ("/newsroom/nobody/", "/newsroom/nobody/feed.xml"):
        assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("asked", "given"), [("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")]
)
async def test_a_conditional_get_is_answered_304_until_something_is_published(
    asked: str, given: str, client: httpx.AsyncClient, clock: Clock
) -> None:
    path = "/newsroom/strait-wire/feed.xml"
    known = {asked: (await client.get(path)).headers[given]}
    again = await client.get(path, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    clock.forward(LIVE[0].at)
    assert (await client.get(path, headers=known)).status_code == 200


@pytest.mark.parametrize("since", ["yesterday", "Tue, 08 Apr 2031 07:30:00 -0000"])
async def test_a_date_without_sense_is_ignored(since: str, client: httpx.AsyncClient) -> None:
    answer = await client.get("/newsroom/velmoran/feed.xml", headers={"If-Modified-Since": since})
    assert answer.status_code == 200


def test_items_stand_in_order_of_their_time() -> None:
    assert [item.at for item in PRESS.items] == sorted(item.at for item in PRESS.items)
