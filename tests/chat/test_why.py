"""The Why? button: which filter an alert met and how, and buttons that mend what was unwanted."""

import numpy as np
import pytest
import sqlalchemy as sa

from bot.alerts.language.parse import read_stored
from bot.alerts.standing import sentence_of
from bot.alerts.story_text import story_text
from bot.alerts.words import StoryWords, evaluate, written
from bot.buttons import Action, encode
from bot.chat import why_texts
from bot.delivery.render import LIMIT, units
from bot.model import DeliveryKind, DeliveryState, Match, SubscriberState
from bot.storage import mutes, stories, tables
from bot.times import utc_now
from tests.chat.conftest import ACTIVE, DELETED, PAUSED, TOPICS, Services, TopicIndex

TITLE = "Ferry union strikes at Northport"
TEXT = "Nine ferries stay in port. The union wants more money for its members.\nThe union will not talk."


def newest_story(chat):
    last = chat.database.write_now(lambda c: c.execute(sa.select(sa.func.max(tables.stories.c.id))).scalar())
    return chat.database.write_now(lambda c: stories.load_stories(c, [last]))[0]


def match_of(row, story):
    """What matching would have written."""
    words = StoryWords(story_text(story))
    met = evaluate(read_stored(row.text), words)
    return Match(row.typed, written(met), row.id, sentence_of(words.text, met))


async def told(chat, *filters, title=TITLE, text=TEXT, kind="alert", topics=None, matches=None, where=None):
    """An alert with a Why? button, of a story that met these filters; the message."""
    if chat.subscriber(where) is None:
        await chat.say("/start", chat=where)
    rows = chat.follow(*filters, chat=where)
    chat.story(title, text)
    story = newest_story(chat)
    if matches is None:
        matches = [match_of(row, story) for row in rows]
    alert = await chat.invented(encode(Action.WHY, story.id, 1), chat=where)
    deliver(chat, story.id, alert.id, kind=kind, matches=matches, where=where)
    if topics is not None:
        chat.database.write_now(lambda c: c.execute(sa.update(tables.stories).values(topics=topics)))
    return alert


def deliver(chat, story_id, message_id, *, kind="alert", matches=(), where=None, state=DeliveryState.SENT):
    now = utc_now()
    trace = [
        {
            "filter_text": m.filter_text,
            "terms": list(m.terms),
            "filter_id": m.filter_id,
            "sentence": m.sentence,
        }
        for m in matches
    ]
    row = {
        "subscriber_id": chat.subscriber(where).id,
        "story_id": story_id,
        "revision": 1,
        "kind": DeliveryKind(kind),
        "state": state,
        "trace": trace,
        "message_ids": [message_id] if message_id else [],
        "created_at": now,
        "due_at": now,
    }
    chat.database.write_now(lambda c: c.execute(sa.insert(tables.deliveries).values(row)))


async def ask(chat, alert, where=None):
    """Presses Why?; the lines of the answer."""
    assert await chat.press("Old", message=alert, chat=where) == ""
    assert chat.answers(where)[-1].reply_to == alert.id
    return chat.shown(where).splitlines()


async def test_the_answer_says_the_filter_the_words_and_the_sentence_with_its_source(chat):
    alert = await told(chat, "ferry strike -sport")
    assert await ask(chat, alert) == [
        "Why you got this",
        "",
        "You follow stories with ferry and strike, but not sport.",
        "The story has: Ferry, strikes.",
        "The Harbour:",
        TITLE,
    ]
    body = chat.answers()[-1].body
    assert {"blockquote", "text_link"} <= {mark.kind for mark in body.entities}


async def test_a_word_that_stands_in_the_text_is_quoted_with_its_sentence(chat):
    lines = await ask(chat, await told(chat, "money"))
    assert lines[-3:] == [
        "The story has: money.",
        "The Harbour:",
        "The union wants more money for its members.",
    ]


async def test_the_storys_topics_are_named_with_the_reasons(chat):
    because = {"space": "“rocket” in the headline", "gone": "from a feed on it"}
    lines = await ask(chat, await told(chat, "ferry", topics=because))
    assert lines[-3:] == ["Its topics:", "• Space – “rocket” in the headline", "• gone – from a feed on it"]


async def test_several_filters_are_numbered_and_each_can_be_mended(chat):
    lines = await ask(chat, await told(chat, "ferry", "northport"))
    assert [line for line in lines if line[:2] in {"1.", "2."}] == [
        "1. You follow stories with ferry.",
        "2. You follow stories with northport.",
    ]
    assert len(set(filter(None, lines))) == len(list(filter(None, lines))), "the quotation stands there twice"
    assert chat.buttons() == [
        "Exclude “union” from 1",
        "Exclude “union” from 2",
        "🔇 Mute The Harbour",
        "🔇 Mute this story",
        "⏸ Pause filter 1",
        "⏸ Pause filter 2",
    ]


async def test_of_many_filters_three_are_shown_and_the_others_counted(chat):
    lines = await ask(chat, await told(chat, "ferry", "union", "strike", "northport", "port"))
    assert "And 2 more of your filters." in lines
    assert sum("You follow" in line for line in lines) == 3


async def test_the_longest_answer_fits_in_a_message_and_so_does_what_is_done_then(chat):
    long = [f"{letter * 30}{number}" for number in range(25) for letter in "ab"]
    filters = [" ".join(f"{word} OR {word}{side}" for word in long[side : side + 12]) for side in range(3)]
    sentence = f"{'The ferry sails again. ' * 3} ".join(long)
    because = {f"topic-{n}": "“some words”; like the example “a sentence”; " * 40 for n in range(20)}
    alert = await told(chat, *filters, title=" ".join(long), text=sentence, topics=because)
    await ask(chat, alert)
    assert units(chat.shown()) > 1500
    await chat.press("Exclude")
    await chat.press("Pause filter 2")
    assert "✓ Paused: " in chat.shown()
    assert units(chat.shown()) <= LIMIT


async def test_a_correction_that_no_filter_meets_says_why_it_came_all_the_same(chat):
    alert = await told(chat, kind="correction", matches=[])
    lines = await ask(chat, alert)
    assert lines[0] == "Why you got this correction"
    assert lines[2].startswith("You had an alert about this story.")
    assert chat.buttons() == ["🔇 Mute The Harbour", "🔇 Mute this story"]


async def test_a_filter_that_is_no_longer_followed_is_said_so_and_offers_no_fix(chat):
    alert = await told(chat, "ferry")
    await chat.database.write(lambda c: c.execute(sa.update(tables.filters).values(state=DELETED)))
    lines = await ask(chat, alert)
    assert lines[2] == "You follow stories with ferry. (you no longer follow it in these words)"
    assert chat.buttons() == ["🔇 Mute The Harbour", "🔇 Mute this story"]


async def test_an_alert_of_an_older_version_is_explained_by_what_it_kept(chat):
    old = [Match("ferry", ("ferry",))]
    alert = await told(chat, matches=old)
    chat.follow("ferry")
    lines = await ask(chat, alert)
    assert lines[2:] == ["You follow stories with ferry.", "The story has: ferry."]
    assert "⏸ Pause the filter" in chat.buttons()


async def test_a_filter_that_cannot_be_read_is_shown_as_it_was_typed(chat):
    lines = await ask(chat, await told(chat, matches=[Match('"<b>ferry', ("Ferry",))]))
    assert lines[2].startswith('You follow "<b>ferry.')


@pytest.mark.parametrize("data", ["1:why:9999999999:1", "1:why:ferry:1", "1:why:1", "1:why:1:9999999999"])
async def test_a_button_of_no_alert_gets_a_polite_answer(chat, data):
    await chat.say("/start")
    alert = await chat.invented(data)
    assert await chat.press("Old", message=alert) == why_texts.GONE
    assert chat.answers()[-1].id == alert.id


async def test_anybody_in_a_group_may_ask_and_the_answer_stands_in_the_group(chat):
    chat.world.chats[chat.group].started = True
    alert = await told(chat, "ferry", where=chat.group)
    lines = await ask(chat, alert, where=chat.group)
    assert lines[2] == "You follow stories with ferry."
    await chat.press("Pause the filter", chat=chat.group)
    assert chat.filters(chat.group)["ferry"] == PAUSED


async def test_a_word_is_excluded_with_one_tap_and_taken_back_with_another(chat):
    await ask(chat, await told(chat, "ferry"))
    assert "Exclude “union”" in chat.buttons()
    assert await chat.press("Exclude “union”") == "Done"
    assert chat.filters() == {"ferry -union": ACTIVE}
    assert chat.shown().splitlines()[0] == "Why you got this"
    assert chat.shown().splitlines()[-1] == "✓ You now follow stories with ferry, but not union."
    assert "↩ Undo: exclude “union”" in chat.buttons()
    assert await chat.press("Undo: exclude “union”") == "Done"
    assert chat.filters() == {"ferry": ACTIVE}
    assert chat.shown().splitlines()[-1] == "✓ You now follow stories with ferry."
    assert "Exclude “union”" in chat.buttons()
    assert chat.shown().count("✓") == 1


async def test_two_words_can_be_excluded_one_after_the_other(chat):
    await ask(chat, await told(chat, "ferry"))
    first, second, _ = (label for label in chat.buttons() if label.startswith("Exclude"))
    await chat.press(first)
    await chat.press(second)
    assert list(chat.filters()) == ["ferry -strikes -union"]
    await chat.press("Undo: exclude “union”")
    assert chat.filters() == {"ferry -strikes": ACTIVE}


async def test_a_topic_that_is_followed_is_narrowed_by_a_word(chat):
    await ask(chat, await told(chat, matches=[Match("topic:sport", ("topic:sport",), 1)], topics={}))
    chat.follow("topic:sport")
    await ask(chat, chat.answers()[-2])
    await chat.press("Exclude “union”")
    assert chat.filters() == {"topic:sport -union": ACTIVE}


async def test_what_was_excluded_once_before_and_deleted_comes_back_and_can_be_undone(chat):
    alert = await told(chat, "ferry")
    chat.follow("ferry -union")
    chat.database.write_now(
        lambda c: c.execute(
            sa.update(tables.filters).where(tables.filters.c.text != "ferry").values(state=DELETED)
        )
    )
    await ask(chat, alert)
    await chat.press("Exclude “union”")
    assert chat.filters() == {"ferry": DELETED, "ferry -union": ACTIVE}
    await chat.press("Undo: exclude")
    assert chat.filters() == {"ferry": ACTIVE, "ferry -union": DELETED}


async def test_a_paused_filter_stays_paused_when_a_word_is_excluded(chat):
    await ask(chat, await told(chat, "ferry"))
    assert await chat.press("Pause the filter") == "Paused"
    assert chat.shown().endswith("✓ Paused: stories with ferry.")
    await chat.press("Exclude “union”")
    assert chat.filters() == {"ferry -union": PAUSED}
    assert await chat.press("Resume the filter") == "Resumed"
    assert chat.filters() == {"ferry -union": ACTIVE}
    assert "⏸ Pause the filter" in chat.buttons()


async def test_a_chat_that_has_stopped_stays_silent_when_a_word_is_excluded(chat):
    await ask(chat, await told(chat, "ferry"))
    answer = chat.answers()[-1]
    await chat.say("/stop")
    await chat.press("Exclude “union”", message=answer)
    assert chat.filters() == {"ferry -union": ACTIVE}
    assert chat.subscriber().state == SubscriberState.STOPPED


async def test_a_nervous_finger_excludes_a_word_once(chat):
    await ask(chat, await told(chat, "ferry"))
    answer = chat.answers()[-1]
    (data,) = [b["callback_data"] for row in answer.keyboard for b in row if "union" in b["text"]]
    for _ in range(2):
        chat.world.press(chat.ada, chat.ada, answer.id, data)  # before any answer
    await chat.settled()
    assert chat.filters() == {"ferry -union": ACTIVE}
    assert chat.buttons().count("↩ Undo: exclude “union”") == 1


async def test_a_fix_for_a_filter_that_is_gone_gets_a_polite_answer(chat):
    await ask(chat, await told(chat, "ferry"))
    before = chat.shown()
    chat.database.write_now(lambda c: c.execute(sa.update(tables.filters).values(state=DELETED)))
    assert await chat.press("Exclude “union”") == why_texts.NO_FILTER
    assert await chat.press("Pause the filter") == why_texts.NO_FILTER
    assert chat.shown() == before


async def test_a_fix_of_another_chat_is_nobodys(chat):
    await ask(chat, await told(chat, "ferry"))
    theirs = [b["callback_data"] for row in chat.answers()[-1].keyboard for b in row]
    chat.world.say(chat.ben, chat.ben, "/start")
    await chat.settled()
    for data in theirs:
        if data.startswith(("1:less", "1:hold")):
            stolen = await chat.invented(data, chat=chat.ben)
            assert await chat.press("Old", chat=chat.ben, message=stolen) == why_texts.NO_FILTER
    assert chat.filters() == {"ferry": ACTIVE}


async def test_the_source_is_muted_for_a_day_and_unmuted_under_the_answer(chat):
    await ask(chat, await told(chat, "ferry"))
    answer = chat.shown()
    await chat.press("Mute The Harbour")
    assert chat.shown() == answer
    assert chat.buttons()[-6:-2] == ["An hour", "A day", "Until Monday", "For ever"]
    assert await chat.press("For ever") == "Muted"
    assert chat.shown() == f"{answer}\n\n✓ Muted: The Harbour, for ever."
    (mute,) = muted(chat)
    assert (mute.kind, mute.value, mute.until) == ("source", "The Harbour", None)
    assert "An hour" not in chat.buttons()
    assert await chat.press("Unmute The Harbour") == "Unmuted"
    assert chat.shown() == f"{answer}\n\n✓ No longer muted: The Harbour."
    assert muted(chat) == []
    assert "🔇 Mute The Harbour" in chat.buttons()
    assert "🔈 Unmute The Harbour" not in chat.buttons()


async def test_pressing_mute_again_asks_no_more(chat):
    await ask(chat, await told(chat, "ferry"))
    before = chat.buttons()
    await chat.press("Mute this story")
    await chat.press("Mute The Harbour")
    assert chat.buttons().count("An hour") == 1
    await chat.press("Mute The Harbour")
    assert chat.buttons() == before


async def test_a_muted_story_is_told_no_more_and_what_waits_of_it_is_dropped(chat):
    await ask(chat, await told(chat, "ferry"))
    story = newest_story(chat)
    chat.database.write_now(lambda c: c.execute(sa.update(tables.deliveries).values(revision=2)))
    deliver(chat, story.id, 0, kind="correction", state=DeliveryState.PENDING)
    await chat.press("Mute this story")
    await chat.press("An hour")
    assert chat.shown().splitlines()[-1].startswith(f"✓ Muted: the story {TITLE}, until ")
    (mute,) = muted(chat)
    assert (mute.kind, mute.value) == ("story", str(story.id))
    fates = [(row.state, row.reason) for row in rows(chat, tables.deliveries)]
    assert fates == [(DeliveryState.SENT, None), (DeliveryState.DROPPED, "muted: this story")]


async def test_of_a_story_with_more_sources_the_others_still_come(chat):
    alert = await told(chat, "ferry")
    story = newest_story(chat)
    chat.story("Another", outlet="BBC News")
    chat.database.write_now(lambda c: c.execute(sa.update(tables.entries).values(story_id=story.id)))
    await ask(chat, alert)
    await chat.press("Mute The Harbour")
    await chat.press("For ever")
    assert chat.shown().endswith("✓ Muted: The Harbour, for ever. What other sources report still comes.")


def rows(chat, table):
    return chat.database.write_now(lambda c: c.execute(sa.select(table).order_by(table.c.id)).all())


def muted(chat):
    found = chat.subscriber()
    return chat.database.write_now(lambda c: mutes.of_subscriber(c, found.id, now=utc_now()))


class _Reads:
    """An encoder that finds money in a text, or does not."""

    def meanings(self, texts):
        return np.array([[float("money" in text), float("money" not in text)] for text in texts], np.float32)


class TestMeaning:
    """Alerts that an about: filter brought."""

    @pytest.fixture
    def services(self, sqlite):
        return Services(sqlite, TOPICS, TopicIndex(TOPICS), encoder=_Reads(), feeds=1)

    async def test_the_nearness_and_the_nearest_sentence_are_shown(self, chat):
        await chat.say("/start")
        chat.follow('about:"money matters"~45')
        met = Match('about:"money matters"~45', ('about:"money matters" (61 %)',), 1)
        lines = await ask(chat, await told(chat, matches=[met]))
        assert lines[2:] == [
            "You follow stories about money matters.",
            "Its meaning is 61 % like money matters.",
            "The Harbour:",
            "The union wants more money for its members.",
        ]
