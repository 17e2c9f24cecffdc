"""Changing a filter before it is saved, and after: Narrow, Widen, Edit, and the menu of topics."""

from bot.alerts.language.parse import parse
from bot.buttons import Action
from bot.chat import texts
from bot.chat.presses import ANYBODYS, OF_SUBSCRIBERS
from tests.chat.conftest import ACTIVE, DELETED, noon


def a_week(chat):
    """Ferries: two in the headline, four in passing, of which two are of strikes."""
    chat.story("Cheese", "It is old.", at=noon(6))
    for days in (1, 2):
        chat.story(f"Ferry number {days}", "It sails again.", at=noon(days))
        chat.story(f"Harbour number {days}", "A ferry was seen there.", at=noon(days))
        chat.story(f"Port number {days}", "Of the strike at the ferry nothing is heard.", at=noon(days))


async def test_narrow_offers_filters_that_bring_fewer_and_back_leads_back(chat):
    a_week(chat)
    (preview,) = await chat.say("/follow ferry")
    assert "→ 6 alerts" in preview
    await chat.press("Narrow")
    assert chat.shown().startswith("Shall I alert you to stories with ferry?\n\nThese bring fewer")
    *offered, back = chat.buttons()
    assert (1 <= len(offered) <= 5, back) == (True, "‹ Back")
    assert all(int(label.rpartition(": ")[2]) < 6 for label in offered)
    assert "only in the headline: 2" in offered
    await chat.press("Back")
    assert chat.shown().startswith("Shall I alert you to stories with ferry?\n/follow ferry\n")
    assert chat.buttons() == ["Save", "Narrow", "Widen", "Cancel"]


async def test_an_offered_filter_is_shown_with_its_own_week_and_saved(chat):
    a_week(chat)
    await chat.say("/follow ferry")
    await chat.press("Narrow")
    await chat.press("only in the headline")
    assert chat.shown().splitlines()[1] == "/follow title:ferry"
    assert "→ 2 alerts. The newest:" in chat.shown()
    assert await chat.press("Save") == "Following"
    assert chat.filters() == {"title:ferry": ACTIVE}
    await chat.press("Undo")
    assert chat.filters() == {"title:ferry": DELETED}


async def test_widen_offers_filters_that_bring_more(chat):
    a_week(chat)
    (preview,) = await chat.say("/follow title:ferry")
    assert "→ 2 alerts" in preview
    await chat.press("Widen")
    *offered, _ = chat.buttons()
    assert offered
    assert all(int(label.rpartition(": ")[2]) > 2 for label in offered)
    await chat.press(offered[0])
    assert chat.buttons() == ["Save", "Narrow", "Widen", "Cancel"]


async def test_where_nothing_would_narrow_a_filter_the_press_says_so(chat):
    await chat.say("/follow ferry")
    before = chat.shown()
    assert await chat.press("Narrow") == "I find no words that would narrow it."
    assert (chat.shown(), chat.buttons()[0]) == (before, "Save")


async def test_the_button_of_a_proposal_that_is_another_chats_does_nothing(chat):
    await chat.say("/follow ferry")
    (data,) = [
        one["callback_data"] for row in chat.answers()[-1].keyboard for one in row if one["text"] == "Save"
    ]
    await chat.say("/start", chat=chat.ben)
    for action in ("follow", "beside", "try", "narrow", "widen"):
        shown = await chat.invented(data.replace("follow", action), chat=chat.ben)
        assert await chat.press("Old", chat=chat.ben, message=shown) == texts.STALE
    assert chat.filters(chat.ben) == {}


async def edited(chat, words="ferry"):
    """A filter whose Edit was pressed."""
    await chat.save(words)
    await chat.say("/filters")
    await chat.press("Edit 1")


async def test_edit_shows_the_filter_with_its_week_and_ways_to_change_it(chat):
    a_week(chat)
    await edited(chat)
    assert chat.shown().startswith("You follow stories with ferry.\nNarrow or widen it below, or send me")
    assert "→ 6 alerts" in chat.shown()
    assert chat.buttons() == ["Narrow", "Widen", "Close"]


async def test_an_edited_filter_takes_the_place_of_the_one_before_and_undo_gives_it_back(chat):
    a_week(chat)
    await edited(chat)
    await chat.press("Narrow")
    await chat.press("only in the headline")
    assert ", instead of stories with ferry?\n" in chat.shown()
    assert chat.buttons() == ["Save", "Keep both", "Narrow", "Widen", "Cancel"]
    assert await chat.press("Save") == "Changed"
    assert chat.filters() == {"title:ferry": ACTIVE}
    assert chat.shown().endswith(", instead of stories with ferry.")
    await chat.press("Undo")
    assert chat.filters() == {"ferry": ACTIVE}
    assert chat.shown().startswith("You now follow stories with ferry, instead of ")
    await chat.press("Undo")
    assert chat.filters() == {"title:ferry": ACTIVE}


async def test_an_edited_filter_can_be_saved_beside_the_one_before(chat):
    a_week(chat)
    await edited(chat)
    await chat.press("Narrow")
    await chat.press("only in the headline")
    assert await chat.press("Keep both") == "Following"
    assert chat.filters() == {"ferry": ACTIVE, "title:ferry": ACTIVE}


async def test_words_sent_after_edit_are_meant_for_that_filter(chat):
    await edited(chat)
    (answer,) = await chat.say("/follow ferry strike")
    assert answer.startswith(
        "Shall I alert you to stories with ferry and strike, instead of stories with ferry?"
    )
    await chat.press("Save")
    assert list(map(parse, chat.filters())) == [parse("ferry strike")]
    (answer,) = await chat.say("/follow tunnel")
    assert answer.startswith("Shall I alert you to stories with tunnel?")


async def test_an_edit_that_was_closed_is_over(chat):
    await edited(chat)
    await chat.press("Close")
    (answer,) = await chat.say("/follow tunnel")
    assert answer.startswith("Shall I alert you to stories with tunnel?")
    await chat.press("Save")
    assert chat.filters() == {"ferry": ACTIVE, "tunnel": ACTIVE}


async def test_an_edited_filter_that_was_deleted_meanwhile_is_saved_as_a_new_one(chat):
    await edited(chat)
    await chat.say("/follow tunnel")
    preview = chat.answers()[-1]
    await chat.press("Delete 1")
    assert await chat.press("Save", message=preview) == "Following"
    assert chat.filters() == {"ferry": DELETED, "tunnel": ACTIVE}


async def test_editing_a_filter_into_another_that_is_followed_changes_neither(chat):
    await chat.say("/start")
    await chat.save("tunnel")
    await edited(chat, "ferry")
    assert "You follow stories with tunnel." in chat.shown()
    (answer,) = await chat.say("/follow ferry")
    assert answer.startswith("You follow this already: stories with ferry.")
    assert chat.filters() == {"tunnel": ACTIVE, "ferry": ACTIVE}


async def test_a_filter_is_edited_though_the_chat_is_full(chat):
    await chat.say("/start")
    chat.follow(*(f"word{number}" for number in range(200)))
    await chat.say("/filters")
    await chat.press("Edit 1")
    await chat.say("/follow ferry")
    assert await chat.press("Keep both") == texts.too_many()
    assert await chat.press("Save") == "Changed"
    assert list(chat.filters().values()) == [ACTIVE] * 200


async def test_a_followed_topic_is_narrowed_and_still_ticked(chat):
    for number in range(3):
        chat.story(f"Rocket number {number}", "It flies.", at=noon(1 + number))
    for number in range(3):
        chat.story(f"Rocket number {number} of NASA", "The budget grows.", at=noon(1 + number))
    await edited(chat, "topic:space")
    await chat.press("Narrow")
    *offered, _ = chat.buttons()
    assert offered
    await chat.say("/follow topic:space -budget")
    await chat.press("Save")
    assert list(map(parse, chat.filters())) == [parse("topic:space -budget")]
    await chat.say("/start")
    assert "✓ Space" in chat.buttons()
    assert await chat.press("Space") == "You no longer follow Space"
    assert list(chat.filters().values()) == [DELETED]


async def test_a_topic_that_is_followed_ticks_all_that_it_is_in(chat):
    await chat.say("/start")
    await chat.press("Culture")
    await chat.press("Music")
    await chat.press("Jazz")
    assert chat.buttons() == ["🎵 All of Music", "✓ Jazz", "‹ Back"]
    await chat.press("Back")
    assert chat.buttons() == ["🎭 All of Culture", "🎬 Film", "✓ Music ›", "‹ Back"]
    await chat.press("Back")
    assert "✓ Culture ›" in chat.buttons()


async def test_a_topic_with_others_in_it_opens_them(chat):
    await chat.say("/start")
    assert chat.buttons() == ["🚀 Space", "🏅 Sport", "🔬 Science", "🎭 Culture ›"]
    await chat.press("Culture")
    assert chat.buttons() == ["🎭 All of Culture", "🎬 Film", "🎵 Music ›", "‹ Back"]
    assert chat.filters() == {}
    assert (await chat.press("Film")).startswith("You now follow Film.")
    assert chat.buttons() == ["🎭 All of Culture", "✓ Film", "🎵 Music ›", "‹ Back"]
    await chat.press("Back")
    assert chat.buttons() == ["🚀 Space", "🏅 Sport", "🔬 Science", "✓ Culture ›"]
    assert chat.filters() == {"topic:film": ACTIVE}


async def test_all_of_a_topic_is_followed_at_once(chat):
    await chat.say("/start")
    await chat.press("Culture")
    assert (await chat.press("All of Culture")).startswith("You now follow Culture.")
    assert chat.buttons()[0] == "✓ All of Culture"
    assert chat.filters() == {"topic:culture": ACTIVE}
    assert await chat.press("All of Culture") == "You no longer follow Culture"
    assert (chat.buttons()[0], chat.filters()) == ("🎭 All of Culture", {"topic:culture": DELETED})


async def test_a_topic_that_is_no_more_gets_a_polite_answer(chat):
    await chat.say("/start")
    for data in ("1:topics:fishing", "1:topic:fishing"):
        shown = await chat.invented(data)
        assert await chat.press("Old", message=shown) == texts.STALE


def test_every_button_has_one_handler():
    assert set(ANYBODYS) | set(OF_SUBSCRIBERS) == set(Action)
    assert not set(ANYBODYS) & set(OF_SUBSCRIBERS)
