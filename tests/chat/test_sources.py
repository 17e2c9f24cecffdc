"""The Sources button: the words that an alert rests on, in reply to it, for whoever sees it."""

import pytest
import sqlalchemy as sa

from bot.buttons import Action, encode
from bot.chat import texts
from bot.model import Digest, Evidence
from bot.storage import retention, stories, tables
from bot.times import utc_now
from tests.chat.conftest import DAY

WORDS = "The dam at Northport has held through the night."
BBC = Evidence(0, 0, 9, None, "BBC News", "https://bbc.example/dam", WORDS)
DIGEST = Digest("The dam holds", ("The dam holds.",), (), (), "lead", evidence=((BBC,),))


async def an_alert(chat, data):
    """An alert with a button that carries this."""
    await chat.say("/start")
    return await chat.invented(data)


def digest_of(chat, digest=DIGEST):
    """The number of a story with this digest at revision 2."""
    chat.story("The dam holds", WORDS)

    def write(connection):
        story_id = connection.execute(sa.select(sa.func.max(tables.stories.c.id))).scalar_one()
        stories.want_digest(connection, story_id, 2, now=utc_now())
        digest_id = connection.execute(sa.select(tables.digests.c.id)).scalar_one()
        stories.record_digest(connection, digest_id, digest, seconds=0.0, now=utc_now())
        return story_id

    return chat.database.write_now(write)


async def test_a_press_shows_outlet_and_passage_in_reply_to_the_alert(chat):
    alert = await an_alert(chat, encode(Action.SOURCES, digest_of(chat), 2))
    assert await chat.press("Old", message=alert) == ""
    answer = chat.answers()[-1]
    assert answer.reply_to == alert.id
    assert answer.body.text == f"Where each sentence comes from\n\nThe dam holds.\nBBC News:\n{WORDS}"
    marks = {(mark.kind, mark.url) for mark in answer.body.entities}
    assert marks == {("bold", None), ("text_link", "https://bbc.example/dam"), ("blockquote", None)}


async def test_anybody_in_a_group_may_ask_and_becomes_no_subscriber_by_it(chat):
    story_id = digest_of(chat)
    chat.world.chats[chat.group].started = True
    alert = await chat.invented(encode(Action.SOURCES, story_id, 2), chat=chat.group)
    await chat.press("Old", chat=chat.group, message=alert)
    assert chat.answers(chat.group)[-1].reply_to == alert.id
    assert chat.subscriber(chat.group) is None


async def test_many_passages_are_several_replies_in_order(chat):
    sentences = tuple(f"Sentence {n} of the digest." for n in range(20))
    long = Evidence(0, 0, 9, None, "BBC News", None, "word " * 70)
    story_id = digest_of(chat, Digest("Dam", sentences, (), (), "lead", evidence=((long,),) * 20))
    alert = await an_alert(chat, encode(Action.SOURCES, story_id, 2))
    await chat.press("Old", message=alert)
    replies = [one for one in chat.answers() if one.reply_to == alert.id]
    assert len(replies) == 2
    said = "\n".join(one.body.text for one in replies)
    assert [said.find(sentence) for sentence in sentences] == sorted(said.find(one) for one in sentences)


async def test_the_passages_outlive_the_entries(chat):
    story_id = digest_of(chat)
    chat.database.write_now(lambda c: c.execute(sa.delete(tables.entries)))
    alert = await an_alert(chat, encode(Action.SOURCES, story_id, 2))
    await chat.press("Old", message=alert)
    assert WORDS in chat.shown()


async def test_when_the_story_was_forgotten_the_answer_says_so(chat):
    story_id = digest_of(chat)
    alert = await an_alert(chat, encode(Action.SOURCES, story_id, 2))
    later = utc_now() + 40 * DAY
    assert chat.database.write_now(lambda c: retention.forget(c, now=later, keep=30 * DAY)) > 0
    assert await chat.press("Old", message=alert) == texts.SOURCES_GONE
    assert chat.answers()[-1].id == alert.id


@pytest.mark.parametrize(
    "data",
    ["1:src:9999999999:1", "1:src:ferry:1", "1:src:1", "1:src:99999999999999999999:1", "1:src:1:9999999999"],
)
async def test_a_button_of_no_story_gets_a_polite_answer(chat, data):
    alert = await an_alert(chat, data)
    assert await chat.press("Old", message=alert) == texts.SOURCES_GONE
    assert chat.answers()[-1].id == alert.id


async def test_an_alert_deleted_after_the_press_still_has_its_answer(chat):
    alert = await an_alert(chat, encode(Action.SOURCES, digest_of(chat), 2))
    chat.world.press(chat.ada, chat.ada, alert.id, alert.keyboard[0][0]["callback_data"])
    chat.world.remove(chat.world.chats[chat.ada], alert)
    await chat.settled()
    assert (chat.answers()[-1].reply_to, WORDS in chat.shown()) == (None, True)
