"""The longest filters fit in every answer, and nothing that a client invents is anybody else's."""

import pytest
import sqlalchemy as sa

from bot.buttons import Action, encode
from bot.delivery.render import LIMIT, units
from bot.storage.tables import mutes
from tests.chat.test_whynot import a_story, follow

WORDY = [" ".join(f'"q{row}{at} z"~5' for at in range(18)) for row in range(8)]
"""Filters that are said in five times as many characters."""
WIDE = [" OR ".join(f"(q{row}{at} z{row}{at})" for at in range(48)) for row in range(3)]


async def test_a_page_of_filters_that_take_many_words_fits_in_a_message(chat):
    await chat.say("/start")
    chat.follow(*WORDY)
    (shown,) = await chat.say("/filters")
    assert shown.startswith("You follow 8 filters")
    assert units(shown) <= LIMIT


async def test_what_a_story_lacks_of_the_longest_filters_fits_in_a_message(chat):
    await chat.say("/start")
    link = a_story(chat)
    follow(chat, *WIDE)
    (answer,) = await chat.say(f"/whynot {link}")
    assert answer.count("it does not meet this part") == len(WIDE)
    assert units(answer) <= LIMIT


@pytest.mark.parametrize("subject", ["1", "9999999999", "\x00", "s1"])
async def test_an_invented_button_changes_nothing_of_another_chat(chat, subject):
    await chat.say("/start")
    await chat.save("ferry")
    await chat.say("/mute strike")
    await chat.press("A day")
    before = chat.filters(), chat.database.write_now(lambda c: c.execute(sa.select(mutes)).all())
    await chat.say("/start", chat=chat.ben)
    for action in Action:
        data = encode(action, subject, 1)
        await chat.press_data(data, chat=chat.ben, message=await chat.invented(data, chat=chat.ben))
    after = chat.filters(), chat.database.write_now(lambda c: c.execute(sa.select(mutes)).all())
    assert after == before
    assert not any("Something went wrong" in one.body.text for one in chat.answers(chat.ben))
