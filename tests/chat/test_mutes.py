"""/mute and the list of what is muted: asked how long, shown in /filters, and undone there."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.buttons import Action, encode
from bot.chat import mute_texts
from bot.chat.filter_list import PAGE
from bot.chat.lasting import Lasting, end_of, said_until
from bot.model import DeliveryState, MuteKind
from bot.playground.markup import parse as marked
from bot.storage import mutes, subscribers, tables
from bot.storage.mutes import MOST_MUTES
from bot.times import utc_now
from tests.chat.conftest import DAY, HOUR

BERLIN, UTC_ZONE = ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")
WEDNESDAY = datetime(2026, 3, 25, 14, 30, tzinfo=UTC)


def muted(chat, where=None):
    found = chat.subscriber(where)
    return chat.database.write_now(lambda c: mutes.of_subscriber(c, found.id, now=utc_now()))


def mute(chat, kind, value, *, until=None):
    """Something that is muted already."""
    found = chat.subscriber()
    return chat.database.write_now(lambda c: mutes.add(c, found.id, kind, value, until=until, now=utc_now()))


async def test_a_word_is_muted_for_as_long_as_a_button_says(chat):
    (question,) = await chat.say("/mute football")
    assert question == "How long shall I mute football?"
    assert chat.buttons() == ["An hour", "A day", "Until Monday", "For ever", "Cancel"]
    assert muted(chat) == []
    before = utc_now()
    assert await chat.press("A day") == "Muted"
    (one,) = muted(chat)
    assert (one.kind, one.value) == (MuteKind.WORD, "football")
    assert before + DAY <= one.until <= utc_now() + DAY
    assert chat.shown().startswith("Muted: football, until ")
    assert chat.buttons() == ["🔈 Unmute football"]
    assert await chat.press("Unmute") == "Unmuted"
    assert (chat.shown(), chat.buttons(), muted(chat)) == ("No longer muted: football.", [], [])


@pytest.mark.parametrize(
    ("typed", "kind", "value", "called"),
    [
        ("football", MuteKind.WORD, "football", "football"),
        ("royal family", MuteKind.WORD, '"royal family"', "royal family"),
        ('"Royal Family"', MuteKind.WORD, '"Royal Family"', "Royal Family"),
        ("COVID-19", MuteKind.WORD, "COVID-19", "COVID-19"),
        ("source:Reuters", MuteKind.SOURCE, "Reuters", "Reuters"),
        ('source:"BBC News"', MuteKind.SOURCE, "BBC News", "BBC News"),
        ("source:https://www.bbc.co.uk/sport/", MuteKind.SOURCE, "bbc.co.uk/sport", "bbc.co.uk/sport"),
        ("topic:sport", MuteKind.TOPIC, "sport", "the topic Sport"),
        ("topic:Research-and-study", MuteKind.TOPIC, "science", "the topic Science"),
    ],
)
async def test_words_sources_and_topics_can_be_typed(chat, typed, kind, value, called):
    await chat.say(f"/mute {typed}")
    await chat.press("For ever")
    assert [(one.kind, one.value, one.until) for one in muted(chat)] == [(kind, value, None)]
    assert chat.shown() == f"Muted: {called}, for ever."


@pytest.mark.parametrize(
    "typed", ["football -ferry", "ferry OR tunnel", "lang:de football", "title:ferry tunnel", 'about:"x y"']
)
async def test_more_than_one_thing_at_once_is_not_muted(chat, typed):
    await chat.say("/start")
    assert await chat.say(f"/mute {typed}") == [mute_texts.ONE_THING]
    assert muted(chat) == []


async def test_without_words_it_explains(chat):
    assert await chat.say("/mute") == [marked(mute_texts.HELP).text]


async def test_a_mistake_shows_its_place(chat):
    (answer,) = await chat.say('/mute "football')
    assert answer.startswith("I cannot read that filter")
    assert answer.splitlines()[1] == '"football'


async def test_an_unknown_topic_is_named(chat):
    (answer,) = await chat.say("/mute topic:sports")
    assert answer.startswith("There is no topic sports. Did you mean topic:sport?")


async def test_a_question_can_be_cancelled(chat):
    await chat.say("/mute football")
    await chat.press("Cancel")
    assert (chat.buttons(), muted(chat)) == ([], [])


async def test_html_in_a_word_is_escaped(chat):
    (question,) = await chat.say('/mute "x <b>y & z"')
    assert question == "How long shall I mute x <b>y & z?"
    await chat.press("For ever")
    assert chat.shown() == "Muted: x <b>y & z, for ever."


async def test_what_is_muted_is_listed_with_its_end_and_unmuted_there(chat):
    await chat.say("/start")
    chat.follow("ferry")
    mute(chat, MuteKind.WORD, "football")
    mute(chat, MuteKind.TOPIC, "sport", until=utc_now() + 3 * DAY)
    chat.story("Ferry strike")
    mute(chat, MuteKind.STORY, "1")
    (shown,) = await chat.say("/filters")
    lines = shown.splitlines()
    assert lines[:3] == ["You follow 1 filter", "1. stories with ferry", ""]
    assert lines[3:5] == ["Muted", "🔇 football – for ever"]
    assert lines[5].startswith("🔇 the topic Sport – until ")
    assert lines[6] == "🔇 the story Ferry strike – for ever"
    assert await chat.press("Unmute football") == "Unmuted"
    assert "football" not in chat.shown()
    assert "🔇 the topic Sport" in chat.shown()
    assert [one.value for one in muted(chat)] == ["sport", "1"]


async def test_who_follows_nothing_sees_what_is_muted(chat):
    await chat.say("/start")
    mute(chat, MuteKind.WORD, "football")
    (shown,) = await chat.say("/filters")
    assert shown.endswith("Muted\n🔇 football – for ever")
    await chat.press("Unmute football")
    assert chat.buttons() == []


async def test_many_mutes_go_on_on_the_next_page(chat):
    await chat.say("/start")
    chat.follow(*(f"ferry{number}" for number in range(PAGE - 2)))
    for number in range(PAGE):
        mute(chat, MuteKind.WORD, f"football{number}")
    (shown,) = await chat.say("/filters")
    assert (shown.count("🔇"), "football2" in shown) == (2, False)
    await chat.press("More ›")
    assert chat.shown().count("🔇") == PAGE - 2
    assert sum(label.startswith("🔈") for label in chat.buttons()) == PAGE - 2
    await chat.press("Unmute football5")
    assert chat.shown().count("🔇") == PAGE - 3


async def test_the_longest_mutes_fit_in_a_message(chat):
    await chat.say("/start")
    for number in range(PAGE):
        mute(chat, MuteKind.WORD, f"{number}{'x' * 900}")
    (shown,) = await chat.say("/filters")
    assert shown.count("🔇") == PAGE


async def test_a_mute_that_ended_meanwhile_is_said_to_be_over(chat):
    await chat.say("/start")
    one = mute(chat, MuteKind.WORD, "football")
    await chat.say("/filters")
    chat.database.write_now(lambda c: mutes.remove(c, one.subscriber_id, one.id))
    assert await chat.press("Unmute football") == mute_texts.GONE
    assert "football" not in chat.shown()


async def test_one_mute_too_many_is_refused(chat):
    await chat.say("/start")
    row = {"subscriber_id": chat.subscriber().id, "kind": MuteKind.WORD, "created_at": utc_now()}
    many = [row | {"value": f"word{number}"} for number in range(MOST_MUTES)]
    chat.database.write_now(lambda c: c.execute(sa.insert(tables.mutes), many))
    await chat.say("/mute football")
    assert await chat.press("For ever") == mute_texts.TOO_MANY
    assert len(muted(chat)) == MOST_MUTES


@pytest.mark.parametrize("what", ["p9999999999", "e9999999999", "s9999999999", "x1", "p", "s", "pferry"])
async def test_a_button_of_nothing_gets_a_polite_answer(chat, what):
    await chat.say("/start")
    old = await chat.invented(encode(Action.MUTE, what, 1))
    assert await chat.press("Old", message=old) == mute_texts.STALE
    assert muted(chat) == []


async def test_a_button_that_says_no_known_time_mutes_nothing(chat):
    await chat.say("/mute football")
    (data,) = [b["callback_data"] for row in chat.answers()[-1].keyboard for b in row if b["text"] == "A day"]
    old = await chat.invented(data.removesuffix("2") + "77")
    assert await chat.press("Old", message=old) == mute_texts.STALE
    assert muted(chat) == []


async def test_another_chats_question_is_nobodys(chat):
    await chat.say("/mute football")
    (data,) = [b["callback_data"] for row in chat.answers()[-1].keyboard for b in row if b["text"] == "A day"]
    chat.world.say(chat.ben, chat.ben, "/start")
    await chat.settled()
    stolen = await chat.invented(data, chat=chat.ben)
    assert await chat.press("Old", chat=chat.ben, message=stolen) == mute_texts.STALE
    assert muted(chat, chat.ben) == []


@pytest.mark.parametrize(
    ("typed", "dropped"),
    [
        ("ferry", {"Ferry strike": "muted: the word ferry"}),
        (
            "source:harbour",
            {"Ferry strike": "muted: the source harbour", "A tunnel": "muted: the source harbour"},
        ),
        ("topic:space", {"A tunnel": "muted: the topic space"}),
        ("football", {}),
    ],
)
async def test_what_waits_and_is_muted_is_dropped_with_the_reason(chat, typed, dropped):
    await chat.say("/start")
    now = utc_now()
    for title in ("Ferry strike", "A tunnel"):
        chat.story(title)
    row = {"subscriber_id": chat.subscriber().id, "revision": 1, "trace": [], "message_ids": []}
    waiting = [row | {"story_id": number, "created_at": now, "due_at": now} for number in (1, 2)]
    in_space = sa.update(tables.stories).where(tables.stories.c.title == "A tunnel")
    chat.database.write_now(lambda c: c.execute(in_space.values(topics={"space": "said so"})))
    chat.database.write_now(lambda c: c.execute(sa.insert(tables.deliveries), waiting))
    await chat.say(f"/mute {typed}")
    await chat.press("A day")
    query = sa.select(tables.stories.c.title, tables.deliveries.c.reason).join(
        tables.deliveries, tables.deliveries.c.story_id == tables.stories.c.id
    )
    is_dropped = tables.deliveries.c.state == DeliveryState.DROPPED
    found = chat.database.write_now(lambda c: c.execute(query.where(is_dropped)).all())
    assert {row.title: row.reason for row in found} == dropped


async def test_until_monday_goes_by_the_chats_clock(chat):
    await chat.say("/start")
    found = chat.subscriber()
    chat.database.write_now(lambda c: subscribers.set_time_zone(c, found.id, name="Asia/Tokyo"))
    await chat.say("/mute football")
    await chat.press("Until Monday")
    there = muted(chat)[0].until.astimezone(ZoneInfo("Asia/Tokyo"))
    assert (there.weekday(), there.hour, there.minute) == (0, 7, 0)
    assert ", 07:00." in chat.shown() or "until 07:00." in chat.shown()


def test_the_ends_of_a_mute_are_what_the_buttons_say():
    ends = [end_of(lasting, now=WEDNESDAY, zone=BERLIN) for lasting in Lasting]
    assert ends[:2] == [WEDNESDAY + HOUR, WEDNESDAY + DAY]
    # Summer time began on Sunday: seven in the morning is five by UTC.
    assert ends[2] == datetime(2026, 3, 30, 5, 0, tzinfo=UTC)
    assert ends[3] is None


@pytest.mark.parametrize("hour", [0, 6, 7, 23])
def test_on_a_monday_the_next_monday_is_meant(hour):
    monday = datetime(2026, 3, 23, hour, tzinfo=UTC)
    assert end_of(Lasting.MONDAY, now=monday, zone=UTC_ZONE) == datetime(2026, 3, 30, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("until", "zone", "said"),
    [
        (None, BERLIN, "for ever"),
        (WEDNESDAY + HOUR, BERLIN, "until 16:30"),
        (WEDNESDAY + HOUR, UTC_ZONE, "until 15:30 UTC"),
        (WEDNESDAY + 11 * HOUR, BERLIN, "until 02:30"),
        (WEDNESDAY + DAY, BERLIN, "until Thursday 26 March, 15:30"),
        (WEDNESDAY + timedelta(days=5), UTC_ZONE, "until Monday 30 March, 14:30 UTC"),
    ],
)
def test_the_end_is_said_by_the_chats_clock(until, zone, said):
    assert said_until(until, now=WEDNESDAY, zone=zone) == said
