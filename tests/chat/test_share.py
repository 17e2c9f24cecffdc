"""Filters passed on by a link, and taken over by whoever opens it."""

import re

import pytest

from bot.chat import share_texts, texts
from bot.storage import shares, subscribers
from bot.storage.subscribers import MOST_FILTERS
from bot.times import utc_now
from tests.chat.conftest import ACTIVE, DELETED, PAUSED, Chat

LINK = re.compile(r"https://t\.me/(\w+)\?start=([A-Za-z0-9_-]{1,64})$")


def opened(chat: Chat, message: str) -> str:
    """What Telegram says for somebody who taps the link in the message."""
    found = LINK.search(message)
    assert found is not None, message
    assert found[1] == chat.world.bot.username
    return f"/start {found[2]}"


def a_share(chat: Chat, *typed: str) -> str:
    token = chat.database.write_now(lambda c: shares.share(c, typed, now=utc_now()))
    return f"/start f_{token}"


@pytest.fixture
async def ada(chat: Chat) -> Chat:
    """The chat, once Ada is known."""
    await chat.say("/start")
    return chat


async def test_one_filter_of_the_list_becomes_a_link_and_whoever_opens_it_takes_it_over(ada):
    ada.follow("storm", "ferry strike -football")
    ada.story("A ferry strike")
    await ada.say("/filters")
    await ada.press("↗ Share")
    assert ada.buttons() == ["↗ 1", "↗ 2", "↗ Share all", "‹ Back"]
    await ada.press("↗ 2")
    link = ada.shown()
    assert link.startswith("Alerts for stories with ferry and strike, but not football\n")
    (answer,) = await ada.say(opened(ada, link), chat=ada.ben)
    assert answer.startswith(
        "Somebody shares this with you: alerts for stories with ferry and strike, but not football."
    )
    assert "A ferry strike (The Harbour" in answer
    assert "Ada" not in answer
    assert ada.filters(ada.ben) == {}
    await ada.press("Follow", chat=ada.ben)
    assert ada.shown(ada.ben).startswith("You now follow stories with ferry and strike, but not football.")
    assert list(ada.filters(ada.ben).values()) == [ACTIVE]
    await ada.press("Undo", chat=ada.ben)
    assert list(ada.filters(ada.ben).values()) == [DELETED]


async def test_all_that_is_not_paused_is_shared_as_one_set(ada):
    _, _, paused = ada.follow("storm", "topic:space -budget", "cheese")
    await ada.press("Old", message=await ada.invented(f"1:pause:{paused.id}"))
    await ada.say("/filters")
    await ada.press("↗ Share")
    await ada.press("Share all")
    link = ada.shown()
    assert link.splitlines()[:3] == [
        "Alerts for 2 filters:",
        "1. stories with storm",
        "2. stories in the topic Space, but not budget",
    ]
    (answer,) = await ada.say(opened(ada, link), chat=ada.ben)
    assert answer.startswith("Somebody shares 2 filters with you:\n1. stories with storm\n")
    assert "stories in the topic Space" in answer
    ada.follow("storm", chat=ada.ben)
    await ada.press("Follow all 2", chat=ada.ben)
    assert ada.shown(ada.ben) == (
        "You now follow 1 more filter. 1 you followed already. /filters shows them all."
    )
    assert ada.filters(ada.ben) == {"storm": ACTIVE, "topic:space -budget": ACTIVE}
    assert ada.filters()["cheese"] == PAUSED


async def test_a_saved_filter_can_be_shared_at_once(ada):
    await ada.say("/follow ferry")
    await ada.press("Save")
    await ada.press("Share")
    await ada.say(opened(ada, ada.shown()), chat=ada.ben)
    assert ada.shown(ada.ben).startswith("Somebody shares this with you: alerts for stories with ferry.")


async def test_back_leads_to_the_list_again(ada):
    ada.follow("ferry")
    await ada.say("/filters")
    before = (ada.shown(), ada.buttons())
    await ada.press("↗ Share")
    assert ada.buttons() == ["↗ 1", "‹ Back"]
    await ada.press("Back")
    assert (ada.shown(), ada.buttons()) == before


async def test_every_page_of_the_list_shares_its_own(ada):
    ada.follow(*(f"ferry{n:02}" for n in range(10)))
    await ada.say("/filters")
    await ada.press("More")
    await ada.press("↗ Share")
    assert ada.buttons() == ["↗ 9", "↗ 10", "↗ Share all", "‹ Back"]
    await ada.press("↗ 10")
    assert "ferry09" in ada.shown()


@pytest.mark.parametrize("payload", ["f_nothing", "f_", "f_" + "x" * 62, "g_4711", "4711"])
async def test_a_link_to_nothing_is_greeted_as_anybody_else(ada, payload):
    (answer,) = await ada.say(f"/start {payload}")
    assert "Tell me what to follow" in answer
    assert answer.startswith(share_texts.GONE_SHARE) == payload.startswith("f_")


async def test_opening_a_link_turns_alerts_on_as_start_does(ada):
    ada.follow("storm")
    await ada.say("/stop")
    (answer,) = await ada.say(a_share(ada, "ferry"))
    assert answer.startswith("Welcome back. You follow 1 filter as before.\n\nSomebody shares this with you:")
    await ada.press("Follow")
    assert ada.subscriber().state == "active"


async def test_what_is_followed_already_is_said_and_has_no_undo(ada):
    ada.follow("ferry")
    await ada.say(a_share(ada, "FERRY"))
    await ada.press("Follow")
    assert ada.shown() == "You follow this already: stories with FERRY."
    assert ada.buttons() == []


async def test_no_more_is_taken_over_than_a_chat_may_have(ada):
    who, now = ada.subscriber().id, utc_now()

    def fill(connection):
        for n in range(MOST_FILTERS - 1):
            subscribers.save_filter(connection, who, f"ferry{n}", now=now)

    ada.database.write_now(fill)
    await ada.say(a_share(ada, "storm", "ferry1", "cheese", "wine"))
    await ada.press("Follow all 4")
    assert ada.shown() == (
        "You now follow 1 more filter. 1 you followed already. For 2 filters there is no room: 200 are the most "
        "one chat can have. /filters shows them all."
    )
    assert len(ada.filters()) == MOST_FILTERS
    await ada.say(a_share(ada, "goat"))
    assert await ada.press("Follow") == texts.too_many()
    assert len(ada.filters()) == MOST_FILTERS


async def test_a_filter_of_another_version_is_left_out(ada):
    await ada.say(a_share(ada, "ferry", 'storm "'))
    assert ada.buttons() == ["Follow"]
    (answer,) = await ada.say(a_share(ada, 'storm "'))
    assert answer.startswith(share_texts.GONE_SHARE)


async def test_words_of_others_are_shown_as_words(ada):
    (answer,) = await ada.say(a_share(ada, '"<b>ferry</b> & <a href=x>strike"'))
    assert "ferry" in answer
    assert [mark.kind for mark in ada.answers()[-1].body.entities if mark.kind == "text_link"] == []
    many = [f'"storm & {"x" * 180} {n}"' for n in range(60)]
    (answer,) = await ada.say(a_share(ada, *many))
    assert "… and 48 more" in answer


@pytest.mark.parametrize("data", ["1:share:4711", "1:share:all", "1:take:nobody", "1:shares:0"])
async def test_a_button_of_nothing_gets_a_polite_answer(ada, data):
    shown = await ada.invented(data)
    assert await ada.press("Old", message=shown) != ""
    assert ada.filters() == {}


async def test_another_chats_filter_cannot_be_shared(ada):
    (row,) = ada.follow("ferry")
    await ada.say("/start", chat=ada.ben)
    theirs = await ada.invented(f"1:share:{row.id}", chat=ada.ben)
    assert await ada.press("Old", chat=ada.ben, message=theirs) == texts.GONE_FILTER


async def test_a_group_takes_over_for_itself(ada):
    await ada.say(a_share(ada, "ferry").replace("/start", f"/start@{ada.world.bot.username}"), chat=ada.group)
    await ada.press("Follow", chat=ada.group)
    assert ada.filters(ada.group) == {"ferry": ACTIVE}
    assert ada.filters() == {}
