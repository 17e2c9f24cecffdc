"""/whynot: for each stage at which a story can be held up, the reason and what to do about it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.chat import whynot_texts
from bot.feeds.marks import marks_of
from bot.feeds.parse import ParsedEntry
from bot.model import DeliveryState, EntryState, FeedState, FilterState, MuteKind, SubscriberState
from bot.storage import items, mutes, subscribers, tables
from bot.times import utc_now
from tests.chat.conftest import DAY, HOUR, Chat
from tests.storage.builders import write_digest

TITLE, TEXT = "Ferry workers strike at Northport", "The ferries of Northport stand still."


def newest(chat: Chat, table: sa.Table):
    query = sa.select(table).order_by(table.c.id.desc()).limit(1)
    return chat.database.write_now(lambda c: c.execute(query).one())


def change(chat: Chat, table: sa.Table, **values: object) -> None:
    """The newest row of the table, with other values."""
    here = table.c.id == newest(chat, table).id
    chat.database.write_now(lambda c: c.execute(sa.update(table).where(here).values(**values)))


def a_story(chat: Chat, **values: object) -> str:
    """The link of a story of one entry, three hours old and matched; `values` are of the entry."""
    chat.story(TITLE, TEXT, at=utc_now() - 3 * HOUR)
    if values:
        change(chat, tables.entries, **values)
    return newest(chat, tables.entries).url


def follow(chat: Chat, *typed: str, ago: timedelta = DAY) -> None:
    """Filters that have stood for a while."""
    chat.follow(*typed)
    then = utc_now() - ago
    chat.database.write_now(
        lambda c: c.execute(sa.update(tables.filters).values(created_at=then, changed_at=then))
    )


def ordered(chat: Chat, state: DeliveryState, **values: object) -> None:
    """A delivery of the newest story to Ada."""
    then = utc_now() - 2 * HOUR
    row = {
        "subscriber_id": chat.subscriber().id,
        "story_id": newest(chat, tables.stories).id,
        "revision": 1,
        "trace": [],
        "message_ids": [],
        "created_at": then,
        "due_at": then,
    }
    chat.database.write_now(
        lambda c: c.execute(sa.insert(tables.deliveries).values(**row | {"state": state} | values))
    )


async def asked(chat: Chat, link: str) -> list[str]:
    """What is answered, by its paragraphs; the first names the story."""
    (answer,) = await chat.say(f"/whynot {link}")
    return answer.split("\n\n")


@pytest.fixture
async def ada(chat: Chat) -> Chat:
    """The chat, once Ada is known."""
    await chat.say("/start")
    return chat


async def test_without_a_link_it_says_how_to_ask(ada):
    for said in ("/whynot", "/whynot ferries", "/whynot http://", "/whynot javascript:alert(1)"):
        (answer,) = await ada.say(said)
        assert answer.startswith("Send me the link of a story")
    assert await asked(ada, "https://www.outlet.example/?utm_source=x") == [whynot_texts.FRONT_PAGE]


async def test_a_link_of_no_feed_was_never_seen(ada):
    (answer,) = await asked(ada, "https://www.nowhere.example/2026/ferry")
    assert answer.startswith("I read no feed of nowhere.example, so I have never seen this link.")


async def test_a_link_that_no_feed_has_brought_names_the_feeds_of_its_site_and_how_they_do(ada):
    now = utc_now()
    for values in (
        {"polled_at": now - 5 * timedelta(minutes=1), "name": "Harbour A"},
        {"failing_since": now - 4 * HOUR, "polled_at": now - HOUR, "name": "Harbour B"},
        {"state": FeedState.PAUSED, "name": "Harbour C"},
        {"name": "Harbour D"},
    ):
        ada.story("Cheese", outlet="Harbour")
        change(ada, tables.feeds, **values)
    (answer,) = await asked(ada, "outlet.example/ferry/4711.html")
    assert answer.splitlines()[1:5] == [
        "• Harbour A: read 5 min ago",
        "• Harbour B: no answer for 4 h",
        "• Harbour C: paused by whoever runs me",
        "• … and 1 more",
    ]


async def test_a_link_is_known_however_it_is_spelled(ada):
    link = a_story(ada, canonical_url="https://www.outlet.example/ferries/Strike-At_50%25?id=7")
    bare = link.removeprefix("http://")
    for spelled in (
        *(link, f"https://www.{bare}/", f"<{bare}?utm_source=x&fbclid=y#top>", f"https://m.{bare}"),
        "http://outlet.example/ferries/Strike-At_50%25/?id=7&at_medium=RSS",
    ):
        assert (await asked(ada, spelled))[0] == f"{TITLE} (The Harbour, 3 h ago)"
    for other in (f"{link}s", f"{link}?page=2", link.replace("outlet", "other")):
        assert not (await asked(ada, other))[0].startswith(TITLE)


async def test_an_old_story_is_known_by_what_its_feed_has_shown(ada):
    link = a_story(ada, arrived_at=utc_now() - 20 * DAY)
    assert not (await asked(ada, link))[0].startswith(TITLE)
    entry = newest(ada, tables.entries)
    mark = marks_of(ParsedEntry(link, "", link, "", None, None)).link
    worn = {mark: entry.key_hash}
    ada.database.write_now(lambda c: items.wear(c, entry.feed_id, worn, before={}, now=utc_now()))
    assert (await asked(ada, link))[0] == f"{TITLE} (The Harbour, 20 days ago)"


async def test_what_was_there_before_the_feed_was_read_is_no_news(ada):
    follow(ada, "ferry")
    assert (await asked(ada, a_story(ada, backlog=True)))[1:] == [whynot_texts.NO_NEWS]


@pytest.mark.parametrize(
    ("entry", "story", "said"),
    [
        ({"state": EntryState.NEW, "story_id": None}, {}, "on its way: its page is being read"),
        ({"state": EntryState.READY, "story_id": None}, {}, "on its way: I am looking whether"),
        ({"state": EntryState.NEW, "story_id": None, "claims": 5}, {}, "held up: its page is being read"),
        ({}, {"matched_revision": 0}, "on its way: it is being compared"),
        ({}, {"matched_revision": 0, "claims": 5}, "held up: it is being compared"),
    ],
)
async def test_a_story_on_its_way_says_where_it_is(ada, entry, story, said):
    follow(ada, "ferry")
    link = a_story(ada, **entry)
    if story:
        change(ada, tables.stories, **story)
    (answer,) = (await asked(ada, link))[1:]
    assert answer.startswith(f"It is {said}")
    assert ("whoever runs me" in answer) == ("held up" in said)


async def test_each_filter_says_what_the_story_lacks_the_nearest_first(ada):
    follow(ada, "goat cheese", "ferry strike -workers", "ferry strike Southport", "wine & beer", "mice")
    (answer,) = (await asked(ada, a_story(ada)))[1:]
    head, *lines = answer.splitlines()
    assert head == "None of your filters meets it:"
    assert "“workers”" in lines[0]
    assert "excludes" in lines[0]
    assert "“Southport”" in lines[1] or "“southport”" in lines[1]
    assert lines[3] == "• … and 2 filters further from it"
    assert lines[4].startswith("To widen one: /filters")


async def test_a_topic_is_the_one_that_was_found_when_the_story_was_matched(ada):
    follow(ada, "topic:space")
    link = a_story(ada)
    assert "the topic “Space”" in (await asked(ada, link))[1]
    change(ada, tables.stories, topics={"space": "by hand"})
    assert "It meets your filter" in (await asked(ada, link))[1]


async def test_a_paused_filter_would_have_matched(ada):
    follow(ada, "ferry")
    change(ada, tables.filters, state=FilterState.PAUSED)
    link = a_story(ada)
    (answer,) = (await asked(ada, link))[1:]
    assert answer == "It meets your filter for stories with ferry, but that is paused. /filters resumes it."
    change(ada, tables.filters, text="cheese", typed="cheese")
    assert (await asked(ada, link))[1:] == [whynot_texts.NO_FILTERS]


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (MuteKind.WORD, "northport", "the word northport"),
        (MuteKind.SOURCE, "The Harbour", "the source The Harbour"),
        (MuteKind.TOPIC, "space", "the topic Space"),
        (MuteKind.STORY, "1", "this story"),
    ],
)
async def test_a_mute_keeps_away_what_a_filter_meets(ada, kind, value, said):
    follow(ada, "ferry")
    link = a_story(ada)
    change(ada, tables.stories, topics={"space": "by hand"})
    who, now = ada.subscriber().id, utc_now()
    ada.database.write_now(lambda c: mutes.add(c, who, kind, value, until=now + HOUR, now=now))
    (answer,) = (await asked(ada, link))[1:]
    assert answer.startswith(f"It meets your filter for stories with ferry, but you have muted {said}.")


async def test_an_alert_that_waits_says_what_for(ada):
    link = a_story(ada)
    ordered(ada, DeliveryState.PENDING)
    assert (await asked(ada, link))[1:] == ["You will have it soon: its digest is being written."]
    write_digest(ada.database, newest(ada, tables.stories).id)
    assert (await asked(ada, link))[1:] == ["You will have it in a moment: it is next in line."]
    due_at = utc_now() + timedelta(seconds=30)
    change(ada, tables.deliveries, due_at=due_at, reason="Telegram asks us to wait")
    assert (await asked(ada, link))[1:] in (
        [f"It waits to be sent to you: Telegram asks us to wait. I try at {due_at:%H:%M} UTC."],
        [
            f"It waits to be sent to you: Telegram asks us to wait. I try on {due_at.day} {due_at:%B} at {due_at:%H:%M} UTC."
        ],
    )


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("muted: the word northport", "but you have muted the word northport. /filters lists your mutes"),
        ("/stop", "alerts had been silenced with /stop. /start turns them on."),
        ("quiet <hours>", "and was not sent: quiet <hours>."),
    ],
)
async def test_an_alert_that_was_dropped_says_why(ada, reason, said):
    link = a_story(ada)
    ordered(ada, DeliveryState.DROPPED, reason=reason)
    (answer,) = (await asked(ada, link))[1:]
    assert said in answer


async def test_an_alert_that_did_arrive_is_shown_by_the_readers_clock(ada):
    follow(ada, "ferry")
    link = a_story(ada)
    await ada.say("/help")
    shown = ada.answers()[-1]
    sent_at = utc_now().replace(hour=1, minute=23) - 3 * DAY
    ordered(ada, DeliveryState.SENT, message_ids=[shown.id, 4711], sent_at=sent_at)
    who = ada.subscriber().id
    ada.database.write_now(lambda c: subscribers.set_time_zone(c, who, "Asia/Kathmandu"))
    there = sent_at + timedelta(hours=5, minutes=45)
    assert (await asked(ada, link))[1:] == [f"It did reach you on {there.day} {there:%B} at 07:08."]
    assert ada.answers()[-1].reply_to == shown.id


async def test_a_link_that_joined_a_story_leads_to_that_storys_alert(ada):
    a_story(ada)
    story_id = newest(ada, tables.stories).id
    ordered(ada, DeliveryState.SENT, sent_at=utc_now())
    because = f"joined story {story_id}: same text, 0.93 of its word triples"
    ada.story("Strike stops ferries", "The ferries stand still.", outlet="The Post")
    change(ada, tables.entries, story_id=story_id, joined_because=because)
    answer = await asked(ada, newest(ada, tables.entries).url)
    assert answer[0].startswith("Strike stops ferries (The Post")
    assert answer[1] == f"It became part of a story that I had already (same text): {TITLE}."
    assert answer[2].startswith("It did reach you at ")


async def test_a_source_is_named_as_it_was_typed(ada):
    link = a_story(ada)
    follow(ada, 'source:"Strait Wire"')
    assert "it is not from “Strait Wire”" in (await asked(ada, link))[1]


async def test_a_filter_made_or_resumed_after_the_story_came_too_late(ada):
    link = a_story(ada)
    follow(ada, "ferry", ago=HOUR)
    at = f"{utc_now() - HOUR:%H:%M} UTC"
    (answer,) = (await asked(ada, link))[1:]
    assert "but you have followed that only since " in answer
    assert answer.endswith(f"{at}.")
    change(ada, tables.filters, created_at=utc_now() - DAY)
    (answer,) = (await asked(ada, link))[1:]
    assert "but that was changed or resumed" in answer


async def test_where_nothing_stands_in_its_way_now_it_says_so(ada):
    follow(ada, "ferry")
    (answer,) = (await asked(ada, a_story(ada)))[1:]
    assert answer.startswith("It meets your filter for stories with ferry as it stands now.")


@pytest.mark.parametrize("state", [SubscriberState.STOPPED, SubscriberState.PAUSED])
async def test_a_chat_whose_alerts_are_off_is_told_so(ada, state):
    follow(ada, "ferry")
    link = a_story(ada)
    change(ada, tables.subscribers, state=state)
    (answer,) = (await asked(ada, link))[1:]
    assert answer.startswith("Alerts are off here")
    assert "/start" in answer


async def test_of_several_feeds_entries_of_a_page_the_one_that_came_furthest_is_told(ada):
    link = a_story(ada)
    ordered(ada, DeliveryState.SENT, sent_at=utc_now())
    ada.story("The same page", outlet="The Post")
    change(ada, tables.entries, url=link, state=EntryState.NEW, story_id=None)
    answer = await asked(ada, link)
    assert answer[0].startswith(TITLE)
    assert answer[1].startswith("It did reach you")


async def test_in_a_group_an_answer_to_a_message_asks_about_its_link_for_the_groups_own_filters(ada):
    link, ask = a_story(ada), f"/whynot@{ada.world.bot.username}"
    follow(ada, "ferry")
    ada.world.say(ada.ada, ada.group, f"Have you seen this? {link}, it is odd.")
    (asking,) = [one for one in ada.world.chats[ada.group].messages.values() if link in one.body.text]
    (answer,) = await ada.say(ask, chat=ada.group, reply_to=asking.id)
    assert answer.startswith(TITLE)
    assert answer.endswith(whynot_texts.NO_FILTERS)
    said = await ada.say(ask, chat=ada.group, reply_to=ada.answers(ada.group)[-1].id)
    assert said == [answer]  # the link in the bot's own words
    plain = await ada.invented("1:src:1:1", chat=ada.group)
    (answer,) = await ada.say(ask, chat=ada.group, reply_to=plain.id)
    assert answer.startswith("Send me the link")
