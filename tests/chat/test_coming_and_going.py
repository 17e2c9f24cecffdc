"""/start, /stop, /help, /latest, groups, and the bot being thrown out and let in."""

from functools import partial

import pytest

from bot.chat import texts
from bot.model import ChatKind, SubscriberState
from bot.playground.markup import parse
from bot.playground.residents import Standing
from bot.storage import subscribers
from bot.times import utc_now
from tests.chat.conftest import ACTIVE, DAY, DELETED, HOUR, PAUSED


def plain(html: str) -> str:
    return parse(html).text


async def test_start_says_what_this_is_and_offers_every_topic(chat):
    (answer,) = await chat.say("/start")
    assert answer == plain(texts.greeting(feeds=42))
    assert chat.buttons() == ["🚀 Space", "🏅 Sport", "🔬 Science", "🎭 Culture ›"]
    assert chat.subscriber().state == ACTIVE


async def test_a_topic_button_follows_the_topic_and_pressed_again_lets_go_of_it(chat):
    await chat.say("/start")
    assert await chat.press("Sport") == "You now follow Sport. /filters narrows it."
    assert (chat.buttons(), chat.filters()) == (
        ["🚀 Space", "✓ Sport", "🔬 Science", "🎭 Culture ›"],
        {"topic:sport": ACTIVE},
    )
    assert await chat.press("Sport") == "You no longer follow Sport"
    assert (chat.buttons(), chat.filters()) == (
        ["🚀 Space", "🏅 Sport", "🔬 Science", "🎭 Culture ›"],
        {"topic:sport": DELETED},
    )


async def test_a_topic_tapped_after_stop_wakes_the_chat(chat):
    await chat.say("/start")
    await chat.say("/stop")
    await chat.press("Space")
    assert chat.subscriber().state == ACTIVE


async def test_stop_keeps_the_filters_and_start_resumes_them(chat):
    await chat.save("ferry")
    assert await chat.say("/stop") == [
        "You will get no more alerts. Your 1 filter is kept; /start brings me back."
    ]
    assert (chat.subscriber().state, chat.filters()) == (SubscriberState.STOPPED, {"ferry": ACTIVE})
    (answer,) = await chat.say("/start")
    assert answer.startswith("Welcome back. You follow 1 filter as before.")
    assert (chat.subscriber().state, chat.filters()) == (ACTIVE, {"ferry": ACTIVE})


async def test_help_says_how_to_say_it(chat):
    assert await chat.say("/help") == [plain(texts.HELP)]


async def test_the_command_menu_is_set(chat):
    menu = chat.world.commands["default", ""]
    assert [(line["command"], line["description"]) for line in menu] == list(texts.COMMANDS)


async def test_every_command_of_the_menu_is_answered(chat):
    answers = [await chat.say(f"/{name}") for name, _ in texts.COMMANDS]
    assert [len(answer) for answer in answers] == [1] * len(texts.COMMANDS)
    assert [texts.UNKNOWN_COMMAND] not in answers


async def test_latest_shows_the_newest_five_of_all(chat):
    now = utc_now()
    for hours in range(1, 8):
        chat.story(f"Story {hours}", at=now - hours * HOUR)
    (answer,) = await chat.say("/latest")
    shown = [f"Story {hours} (The Harbour, {hours} h ago)" for hours in range(1, 6)]
    assert answer.split("\n\n") == ["The newest stories", *shown]


async def test_latest_with_filters_shows_what_meets_one_that_is_not_paused(chat):
    now = utc_now()
    chat.story("A ferry", at=now - HOUR)
    chat.story("Cheese", at=now)
    chat.story("A rocket", at=now - 2 * DAY)
    await chat.say("/start")
    chat.follow("ferry", "topic:space", "cheese")
    await chat.say("/filters")
    await chat.press("Pause 3")
    (answer,) = await chat.say("/latest")
    assert answer.split("\n\n") == [
        "The newest stories for you",
        "A ferry (The Harbour, 1 h ago)",
        "A rocket (The Harbour, 2 days ago)",
    ]


async def test_latest_says_when_there_is_nothing(chat):
    assert await chat.say("/latest") == [texts.NOTHING_YET]
    chat.story("Cheese")
    await chat.save("ferry")
    assert await chat.say("/latest") == [texts.none_for_you()]


async def test_an_unknown_command_is_answered_in_private_and_left_to_others_in_a_group(chat):
    assert await chat.say("/weather") == [texts.UNKNOWN_COMMAND]
    assert await chat.say("/weather", chat=chat.group) == []


async def test_in_a_group_plain_talk_is_nobodys_wish_and_an_answer_to_the_bot_is_one(chat):
    await chat.say("/start", chat=chat.group)
    assert await chat.say("have you seen the ferry strike?", chat=chat.group) == []
    greeting = chat.answers(chat.group)[-1]
    (answer,) = await chat.say("ferry strike", chat=chat.group, reply_to=greeting.id)
    assert answer.startswith("Shall I alert you to stories with ferry and strike?")
    await chat.press("Save", chat=chat.group)
    assert (chat.filters(chat.group), chat.filters()) == ({"ferry strike": ACTIVE}, {})


async def test_in_a_group_naming_the_bot_is_speaking_to_it(chat):
    await chat.say("/start", chat=chat.group)
    for words in (
        "@NeedToKnowBot ferry strike",
        "🚢🚢 @needtoknowbot: ferry strike",
        "ferry @NEEDTOKNOWBOT strike",
    ):
        (answer,) = await chat.say(words, chat=chat.group)
        assert (words, answer.partition("?")[0]) == (
            words,
            "Shall I alert you to stories with ferry and strike",
        )


@pytest.mark.parametrize(
    "words",
    ["@NeedToKnowBots ferry strike", "write to me@NeedToKnowBot", "https://t.me/@NeedToKnowBot is odd"],
)
async def test_in_a_group_a_name_that_only_holds_the_bots_is_not_its_name(chat, words):
    await chat.say("/start", chat=chat.group)
    assert await chat.say(words, chat=chat.group) == []


async def test_in_private_the_bots_name_is_no_part_of_a_wish(chat):
    (answer,) = await chat.say("@needtoknowbot ferry strike")
    assert answer.startswith("Shall I alert you to stories with ferry and strike?")


async def test_what_a_person_follows_in_private_is_not_the_groups(chat):
    await chat.say("/follow@NeedToKnowBot ferry", chat=chat.group)
    await chat.press("Save", chat=chat.group)
    await chat.save("strike")
    assert (chat.filters(chat.group), chat.filters()) == ({"ferry": ACTIVE}, {"strike": ACTIVE})


async def test_a_block_pauses_and_start_after_it_resumes_with_the_filters_kept(chat):
    await chat.save("ferry")
    chat.world.block(chat.ada, chat.ada, blocked=True)
    await chat.settled()
    assert (chat.subscriber().state, chat.filters()) == (PAUSED, {"ferry": ACTIVE})
    chat.world.block(chat.ada, chat.ada, blocked=False)
    (answer,) = await chat.say("/start")
    assert answer.startswith("Welcome back.")
    assert (chat.subscriber().state, chat.filters()) == (ACTIVE, {"ferry": ACTIVE})


async def test_a_block_that_shows_only_when_answering_pauses_too(chat, log):
    await chat.save("ferry")
    await chat.playground.fault("blocked", chat_id=chat.ada, method="sendmessage")
    assert await chat.say("/help") == []
    assert chat.subscriber().state == PAUSED
    (line,) = log.lines("subscriber_changed")
    assert (line["state"], line["reason"]) == ("paused", "Forbidden: bot was blocked by the user")


@pytest.mark.parametrize("standing", [Standing.KICKED, Standing.LEFT])
async def test_a_group_that_throws_the_bot_out_is_paused_and_one_that_invites_it_is_greeted(chat, standing):
    await chat.save("ferry", chat=chat.group)
    ada = chat.playground.ada
    chat.world.stand(chat.world.group, standing, by=ada)
    await chat.settled()
    assert (chat.subscriber(chat.group).state, chat.filters(chat.group)) == (PAUSED, {"ferry": ACTIVE})
    chat.world.stand(chat.world.group, Standing.MEMBER, by=ada)
    await chat.settled()
    assert chat.subscriber(chat.group).state == ACTIVE
    assert chat.shown(chat.group) == plain(texts.greeting(feeds=42))


async def test_a_group_that_became_a_supergroup_keeps_its_filters(chat):
    await chat.save("ferry", chat=chat.group)
    before = chat.subscriber(chat.group)
    new = chat.world.migrate(chat.group, announce=True)
    await chat.settled()
    after = chat.subscriber(new.id)
    assert (after.id, after.kind, chat.subscriber(chat.group)) == (before.id, ChatKind.SUPERGROUP, None)
    assert chat.filters(new.id) == {"ferry": ACTIVE}


async def test_a_move_that_was_heard_of_twice_loses_no_filter(chat):
    await chat.save("ferry", chat=chat.group)
    new = chat.world.migrate(chat.group, announce=False)
    moved = chat.subscriber(chat.group)
    # A send found out first; then the group's own message about it comes in.
    move = partial(subscribers.move, subscriber_id=moved.id, new_chat_id=new.id, now=utc_now())
    await chat.database.write(move)
    old = chat.world.chats[chat.group]
    left = next(one for one in old.messages.values() if one.service)
    chat.world.updates.put("message", old.message_json(left))
    await chat.settled()
    assert (chat.filters(new.id), chat.subscriber(chat.group)) == ({"ferry": ACTIVE}, None)


async def test_a_stopped_group_stays_stopped_when_it_moves(chat):
    await chat.save("ferry", chat=chat.group)
    await chat.say("/stop", chat=chat.group)
    new = chat.world.migrate(chat.group, announce=False)
    moved = chat.subscriber(chat.group)
    move = partial(subscribers.move, subscriber_id=moved.id, new_chat_id=new.id, now=utc_now())
    await chat.database.write(move)
    old = chat.world.chats[chat.group]
    left = next(one for one in old.messages.values() if one.service)
    chat.world.updates.put("message", old.message_json(left))
    await chat.settled()
    assert chat.subscriber(new.id).state == SubscriberState.STOPPED
