"""What can go wrong in a chat: stale and invented buttons, faults of Telegram's and of ours."""

import asyncio

import pytest
import sqlalchemy as sa

from bot.alerts.topics import TopicIndex
from bot.buttons import Action, encode
from bot.chat import texts
from bot.chat.build import build
from bot.chat.context import Services
from bot.chat.line import Line
from bot.errors import ConfigError
from tests.chat.conftest import ACTIVE, DELETED
from tests.playground.conftest import TOKEN, until


async def test_a_button_we_cannot_read_is_politely_refused(chat):
    await chat.say("/start")
    for data in ["1", "0:follow:1", "1:explode:1", "1:pause:1:x", "follow_42", "💥" * 15]:
        message = await chat.invented(data)
        assert (data, await chat.press_data(data, message=message)) == (data, texts.STALE)


async def test_a_button_whose_subject_is_no_more_is_politely_refused(chat):
    await chat.say("/start")
    for data in ["1:follow:999", "1:topic:fishing", "1:follow:x", "1:try:9", "1:narrow:9", "1:widen:9"]:
        message = await chat.invented(data)
        assert (data, await chat.press_data(data, message=message)) == (data, texts.STALE)


async def test_a_button_of_a_filter_that_is_no_more_says_so(chat):
    await chat.say("/start")
    for data in ["1:pause:999", "1:edit:999", "1:resume:x", "1:delete:0:0", "1:undo:9999999999:0"]:
        message = await chat.invented(data)
        assert (data, await chat.press_data(data, message=message)) == (data, texts.GONE_FILTER)


async def test_a_page_that_there_is_not_shows_one_that_there_is(chat):
    await chat.save("ferry")
    for data in ["1:page:0", "1:page:9999999999", "1:page:x"]:
        message = await chat.invented(data)
        await chat.press_data(data, message=message)
        assert (data, chat.shown()) == (data, "You follow 1 filter\n1. stories with ferry")


@pytest.mark.parametrize("action", [Action.PAUSE, Action.RESUME, Action.DELETE, Action.RESTORE])
async def test_somebody_elses_filter_in_a_payload_is_left_alone(chat, action):
    await chat.say("/start")
    await chat.say("/start", chat=chat.ben)
    state = DELETED if action == Action.RESTORE else ACTIVE
    (bens,) = chat.follow("ferry", chat=chat.ben)
    if state == DELETED:
        await chat.say("/filters", chat=chat.ben)
        await chat.press("Delete 1", chat=chat.ben)
    for data in (encode(action, bens.id), encode(action, bens.id, 0)):
        message = await chat.invented(data)
        assert await chat.press_data(data, message=message) == texts.GONE_FILTER
    assert (chat.filters(chat.ben), chat.filters()) == ({"ferry": state}, {})


async def test_somebody_elses_wish_in_a_payload_is_left_alone(chat):
    await chat.say("/start")
    await chat.say("ferry", chat=chat.ben)
    data = chat.answers(chat.ben)[-1].keyboard[0][0]["callback_data"]
    message = await chat.invented(data)
    assert await chat.press_data(data, message=message) == texts.STALE
    assert chat.filters() == {}


async def test_an_unexpected_error_gives_one_plain_sentence_and_its_cause_to_the_log(chat, log):
    chat.database.write_now(lambda c: c.execute(sa.text("ALTER TABLE filters RENAME TO gone")))
    assert await chat.say("/follow secretword") == [texts.FAILED]
    (line,) = log.lines("chat_failed")
    assert "no such table" in line["exception"]
    assert "secretword" not in log.text


async def test_an_error_while_saving_names_no_word_of_the_persons(chat, log):
    chat.database.write_now(
        lambda c: c.execute(
            sa.text("CREATE TRIGGER no BEFORE INSERT ON filters BEGIN SELECT RAISE(ABORT, 'full'); END")
        )
    )
    await chat.say("/follow secretword")
    assert await chat.press("Save") == texts.FAILED
    (line,) = log.lines("chat_failed")
    assert "full" in line["exception"]
    assert "secretword" not in log.text


async def test_an_unexpected_error_behind_a_button_is_said_too(chat, log):
    await chat.say("ferry")
    chat.database.write_now(lambda c: c.execute(sa.text("ALTER TABLE proposals RENAME TO gone")))
    assert await chat.press("Save") == texts.FAILED
    assert len(log.lines("chat_failed")) == 1


async def test_a_press_that_comes_too_late_for_an_answer_is_done_all_the_same(chat, log):
    await chat.say("/start")
    await chat.press_late("Space")
    assert (chat.filters(), chat.buttons()[0]) == ({"topic:space": ACTIVE}, "✓ Space")
    await chat.say("ferry")
    await chat.press_late("Save")
    assert chat.shown().startswith("You now follow stories with ferry")
    await chat.press_late("Undo")
    assert chat.shown() == "You no longer follow stories with ferry."
    await chat.say("tunnel")
    await chat.press_late("Cancel")
    assert chat.shown() == texts.DISMISSED
    await chat.say("/filters")
    await chat.press_late("Delete 1")
    assert chat.shown().startswith("You follow nothing yet.")
    assert log.lines("chat_failed") == []


async def test_an_unexpected_error_behind_a_late_press_is_said_as_a_message(chat, log):
    await chat.say("ferry")
    chat.database.write_now(lambda c: c.execute(sa.text("ALTER TABLE proposals RENAME TO gone")))
    await chat.press_late("Save")
    assert chat.shown() == texts.FAILED
    assert (len(log.lines("chat_failed")), log.lines("apology_failed")) == (1, [])


async def test_a_word_is_answered_after_telegram_stumbled_over_the_one_before(chat, log):
    await chat.playground.fault("error500", chat_id=chat.ada)
    assert await chat.say("/help") == []
    assert len(await chat.say("/help")) == 1
    assert [line["level"] for line in log.lines("telegram_unreachable")] == ["warning"]
    assert log.lines("chat_failed") == []


async def test_a_flood_wait_is_noted_and_the_next_word_is_answered(chat, log):
    await chat.playground.fault("retry_after", chat_id=chat.ada, retry_after=1)
    assert await chat.say("/help") == []
    assert len(await chat.say("/help")) == 1
    assert len(log.lines("answer_held")) == 1


async def test_what_was_said_while_the_bot_was_away_is_answered_when_it_is_back(playground, sqlite):
    playground.world.say(playground.ada.id, playground.ada.id, "/start")
    line = opened(playground, sqlite)
    await until(playground.said)
    await line.hang_up()
    await line.close()
    assert len(playground.said()) == 1


async def test_an_answered_word_is_not_answered_again_after_a_restart(playground, sqlite):
    for _ in range(2):
        line = opened(playground, sqlite)
        playground.world.say(playground.ada.id, playground.ada.id, "/help")
        count = len(playground.said())
        await until(lambda count=count: len(playground.said()) > count)
        await line.hang_up()
        await line.close()
    assert len(playground.said()) == 2


@pytest.mark.parametrize("kind", ["retry_after", "drop"])
async def test_trouble_at_the_first_word_is_waited_out(playground, sqlite, kind):
    await playground.fault(kind, method="getme")
    line = opened(playground, sqlite)
    await until(lambda: line.state == "connected")
    await line.hang_up()
    await line.close()
    assert line.alive()


async def test_a_token_that_telegram_does_not_know_is_said_to_the_operator(playground, sqlite):
    line = opened(playground, sqlite, token="7000000002:wrong")
    with pytest.raises(ConfigError, match="Telegram does not know this token"):
        await asyncio.wait_for(line.lost(), 10)
    await line.hang_up()
    await line.close()
    assert not line.alive()


async def test_a_token_revoked_while_the_bot_runs_is_no_good_health_and_the_log_says_what_to_do(
    playground, sqlite, log
):
    line = opened(playground, sqlite)
    await until(lambda: line.state == "connected")
    assert line.alive()
    await playground.fault("unauthorized", method="getupdates")
    playground.world.say(playground.ada.id, playground.ada.id, "/start")  # ends the poll under way
    await until(lambda: not line.alive())
    assert line.state == "lost: the token was revoked"
    (said,) = log.lines("telegram_lost")
    assert (said["level"], said["mend"]) == ("error", "ask @BotFather for the bot's token and restart")
    await line.hang_up()
    await line.close()
    assert not line.alive()


async def test_a_token_revoked_before_the_first_poll_is_no_good_health_either(playground, sqlite, log):
    await playground.fault("unauthorized", method="deletewebhook")
    line = opened(playground, sqlite)
    await until(lambda: not line.alive())
    assert line.state == "lost: the token was revoked"
    assert len(log.lines("telegram_lost")) == 1
    await line.hang_up()
    await line.close()


async def test_what_breaks_when_the_line_opens_is_no_good_health(playground, sqlite, log):
    services = Services(database=sqlite, topics=(), topic_index=TopicIndex(()), feeds=1)
    line = Line(build(TOKEN, f"{playground.url}/bot", services))

    def fails():
        raise RuntimeError("no room")

    line.open(on_connect=fails)
    await until(lambda: not line.alive())
    assert line.state == "lost: RuntimeError"
    assert "no room" in log.lines("telegram_lost")[0]["exception"]
    await line.hang_up()
    await line.close()


def opened(playground, database, token=TOKEN):
    services = Services(database=database, topics=(), topic_index=TopicIndex(()), feeds=1)
    line = Line(build(token, f"{playground.url}/bot", services))
    line.open(on_connect=lambda: None)
    return line
