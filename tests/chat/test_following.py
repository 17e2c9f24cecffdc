"""Following words: /follow, plain wishes, and their buttons."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.language import FilterError, parse
from bot.chat import texts
from bot.delivery.render import units
from bot.playground.markup import parse as marked
from bot.times import utc_now
from tests.chat.conftest import ACTIVE, DAY, DELETED, HOUR, PAUSED


async def test_follow_says_what_it_understood_and_saves_it(chat):
    (answer,) = await chat.say("/follow north korea missile OR rocket -sport")
    assert answer.startswith("You now follow stories with north, korea and missile or rocket, but not sport.")
    assert chat.bold() == ["north", "korea", "missile", "rocket", "sport"]
    assert chat.filters() == {"korea missile OR rocket north -sport": ACTIVE}


async def test_follow_counts_the_last_seven_days_and_names_the_newest_three(chat):
    now = utc_now()
    for hours in range(1, 6):
        chat.story(f"Ferry number {hours}", at=now - hours * HOUR)
    chat.story("A ferry of long ago", at=now - 8 * DAY)
    chat.story("Cheese", at=now - 2 * HOUR)
    (answer,) = await chat.say("/follow ferry")
    assert answer.splitlines()[2:] == [
        "5 of the 6 stories of the last 7 days would have matched. The newest:",
        "• Ferry number 1 (The Harbour, 1 h ago)",
        "• Ferry number 2 (The Harbour, 2 h ago)",
        "• Ferry number 3 (The Harbour, 3 h ago)",
    ]


async def test_follow_says_that_nothing_would_have_matched(chat):
    chat.story("Cheese")
    (answer,) = await chat.say("/follow ferry")
    assert answer.splitlines()[2:] == ["None of the 1 story of the last 7 days would have matched."]


async def test_undo_takes_it_back_and_follow_again_brings_it_back(chat):
    await chat.say("/follow ferry")
    assert await chat.press("Undo") == "Deleted"
    assert (chat.shown(), chat.filters()) == ("You no longer follow stories with ferry.", {"ferry": DELETED})
    assert await chat.press("Follow again") == "Restored"
    assert (chat.shown(), chat.filters()) == ("You now follow stories with ferry.", {"ferry": ACTIVE})
    assert chat.buttons() == ["Undo"]


async def test_the_same_wish_in_other_words_is_not_saved_twice(chat):
    await chat.say("/follow ferry strike")
    (answer,) = await chat.say("/follow STRIKE ferry")
    assert answer.startswith("You follow this already:")
    assert (chat.filters(), chat.buttons()) == ({"ferry strike": ACTIVE}, [])


async def test_follow_with_a_mistake_shows_the_place_and_saves_nothing(chat):
    (answer,) = await chat.say('/follow ferry "strike')
    assert answer.splitlines() == [
        "I cannot read that filter: a quotation mark is not closed: add the second one.",
        'ferry "strike',
        "      ▲",
    ]
    assert chat.filters() == {}


async def test_follow_with_nothing_explains(chat):
    (answer,) = await chat.say("/follow")
    assert answer.startswith("Tell me what to follow, for example:")


async def test_words_on_a_line_of_their_own_are_all_followed(chat):
    await chat.say("/follow\nferry strike")
    assert chat.filters() == {"ferry strike": ACTIVE}


async def test_an_unknown_topic_is_named_and_the_known_ones_are_listed(chat):
    (answer,) = await chat.say("/follow topic:fishing")
    assert answer == "There is no topic fishing. The topics are: science, space, sport."
    assert chat.filters() == {}


async def test_a_known_topic_is_followed_by_its_name(chat):
    (answer,) = await chat.say("/follow topic:space -budget")
    assert answer.startswith("You now follow stories with the topic Space, but not budget.")
    assert chat.filters() == {"topic:space -budget": ACTIVE}


async def test_plain_words_are_a_wish_that_a_button_confirms(chat):
    chat.story("A ferry strike")
    (answer,) = await chat.say("please tell me about ferry strikes")
    assert answer.startswith("Shall I alert you to stories with ferry and strike")
    assert "1 of the 1 story of the last 7 days would have matched." in answer
    assert (chat.buttons(), chat.filters()) == (["Follow", "No, thanks"], {})
    assert await chat.press("Follow") == "Following"
    assert list(chat.filters().values()) == [ACTIVE]
    assert chat.answers()[-1].reply_to is not None
    assert chat.shown().startswith("You now follow stories with ferry and strike")
    await chat.press("Undo")
    assert list(chat.filters().values()) == [DELETED]


async def test_a_wish_that_was_declined_is_left(chat):
    await chat.say("ferry strikes")
    await chat.press("No, thanks")
    assert (chat.shown(), chat.buttons(), chat.filters()) == (texts.DISMISSED, [], {})


async def test_a_follow_button_pressed_twice_follows_once(chat):
    await chat.say("ferry")
    message = chat.answers()[-1]
    data = message.keyboard[0][0]["callback_data"]
    for _ in range(2):
        chat.world.press(chat.ada, chat.ada, message.id, data)  # a nervous finger, before any answer
    await chat.settled()
    assert (chat.filters(), len(chat.answers())) == ({"ferry": ACTIVE}, 1)


async def test_words_without_a_wish_in_them_get_help(chat):
    assert await chat.say("🙂🙂🙂") == [marked(texts.WELCOME).text]


@pytest.mark.parametrize(
    "refusal", ["stop", "I don't want sport", "no more ferry news", "unsubscribe please"]
)
async def test_a_refusal_is_never_taken_for_a_wish(chat, refusal):
    assert await chat.say(refusal) == [marked(texts.SILENCE).text]


async def test_who_follows_after_stopping_is_told_that_alerts_are_on_again(chat):
    await chat.say("/follow ferry")
    await chat.say("/stop")
    assert marked(texts.OFF).text in (await chat.say("/filters"))[0]
    assert "Alerts are on again" in (await chat.say("/follow tunnel"))[0]
    assert marked(texts.OFF).text not in (await chat.say("/filters"))[0]


@pytest.mark.parametrize(
    ("typed", "saved"),
    [
        ("/follow <b>ferry</b> & R&D", '"b ferry b" "r and d"'),
        ("/follow 🚢 ferry 🚢", "ferry"),
        ("/follow café", "cafe"),
    ],
)
async def test_odd_characters_are_said_back_as_they_were_typed(chat, typed, saved):
    (answer,) = await chat.say(typed)
    assert answer.startswith("You now follow stories with ")
    assert chat.filters() == {saved: ACTIVE}


async def test_html_in_a_mistake_is_escaped(chat):
    (answer,) = await chat.say("/follow (<b>ferry</b> &amp;")
    assert answer.splitlines()[1] == "(<b>ferry</b> &amp;"


async def test_html_in_a_phrase_is_escaped(chat):
    (answer,) = await chat.say('/follow "x<b>y & <i>z"')
    assert answer.startswith("You now follow stories with x<b>y & <i>z.")
    assert chat.bold() == ["x<b>y & <i>z"]


async def test_html_in_a_headline_is_escaped(chat):
    chat.story("<script>alert(1)</script> ferry & <b>co", outlet="<i>Outlet")
    (answer,) = await chat.say("/follow ferry")
    assert "• <script>alert(1)</script> ferry & <b>co (<i>Outlet, just now)" in answer


@pytest.mark.parametrize("words", ["ferry " * 600, "🚢" * 2000, "x" * 4000, "a OR " * 700])
async def test_very_long_words_get_an_answer(chat, words):
    (command,) = await chat.say(f"/follow {words}"[:4096])
    assert command.startswith("I cannot read that filter: this is longer than 300 characters: shorten it.")
    (plain,) = await chat.say(words[:2000])
    assert plain
    assert chat.filters() == {}


async def test_the_longest_filter_is_followed_and_shown(chat):
    words = " ".join(f"word{number}" for number in range(43))[:300]
    (answer,) = await chat.say(f"/follow {words}")
    assert answer.startswith("You now follow stories with word0, word1,")
    (shown,) = await chat.say("/filters")
    assert shown.startswith("You follow 1 filter\n1. word0 word1 ")
    assert shown.endswith("…")


async def test_a_page_of_the_longest_filters_fits_in_a_message(chat):
    await chat.say("/start")
    wide = ["".join(chr(0x20000 + 300 * row + at) for at in range(290)) for row in range(8)]
    chat.follow(*wide)
    (shown,) = await chat.say("/filters")
    assert shown.startswith("You follow 8 filters")
    assert units(shown) <= 4096


FULL = "You follow 200 filters, the most one chat can have"


async def full(chat):
    await chat.say("/start")
    chat.follow(*(f"word{number}" for number in range(200)))


async def test_two_hundred_filters_are_the_most(chat):
    await full(chat)
    (answer,) = await chat.say("/follow one more")
    assert answer.startswith(FULL)
    assert len(chat.filters()) == 200


async def test_whoever_follows_the_most_and_asks_for_one_of_them_has_it_already(chat):
    await full(chat)
    (answer,) = await chat.say("/follow WORD7")
    assert answer.startswith("You follow this already: stories with WORD7.")
    await chat.say("word8")
    assert await chat.press("Follow") == "Following"


async def test_no_button_follows_more_than_the_most(chat):
    await chat.say("/start")
    await chat.say("/follow ferry")
    await chat.press("Undo")
    await chat.say("/follow strike")
    await chat.press("Undo")
    await chat.say("tunnel")
    chat.follow(*(f"word{number}" for number in range(200)))
    for label in ("Space", "Follow again", "Follow"):
        assert (await chat.press(label)).startswith(FULL)
    states = list(chat.filters().values())
    assert (states.count(ACTIVE), states.count(DELETED)) == (200, 2)


async def test_a_filter_that_does_not_fit_wakes_nobody(chat):
    await full(chat)
    await chat.say("/stop")
    await chat.say("/follow one more")
    assert chat.subscriber().state != ACTIVE


async def test_whoever_follows_something_after_stop_hears_of_it(chat):
    await chat.say("/stop")
    await chat.say("/follow ferry")
    assert chat.subscriber().state == ACTIVE


async def test_a_wish_confirmed_after_stop_is_heard_of(chat):
    await chat.say("/stop")
    await chat.say("ferry")
    assert chat.subscriber().state != ACTIVE  # a wish that was not confirmed wakes nobody
    await chat.press("Follow")
    assert chat.subscriber().state == ACTIVE


async def test_filters_lists_pauses_resumes_deletes_and_undoes(chat):
    await chat.say("/start")
    chat.follow("ferry", "strike")
    assert await chat.say("/filters") == [
        "You follow 2 filters\n1. stories with ferry\n2. stories with strike"
    ]
    assert chat.buttons() == ["⏸ Pause 1", "🗑 Delete 1", "⏸ Pause 2", "🗑 Delete 2"]
    assert await chat.press("Pause 2") == "Paused"
    assert chat.shown().splitlines()[2] == "2. stories with strike – paused"
    assert chat.filters() == {"ferry": ACTIVE, "strike": PAUSED}
    assert await chat.press("Resume 2") == "Resumed"
    assert chat.filters() == {"ferry": ACTIVE, "strike": ACTIVE}
    assert await chat.press("Delete 1") == "Deleted"
    assert chat.shown() == "You follow 1 filter\n1. stories with strike"
    assert chat.filters() == {"ferry": DELETED, "strike": ACTIVE}
    assert await chat.press("Undo delete") == "Restored"
    assert chat.filters() == {"ferry": ACTIVE, "strike": ACTIVE}
    assert chat.shown() == "You follow 2 filters\n1. stories with ferry\n2. stories with strike"


async def test_the_last_filter_deleted_can_be_brought_back(chat):
    await chat.say("/start")
    chat.follow("ferry")
    await chat.say("/filters")
    await chat.press("Delete 1")
    assert (chat.shown().startswith("You follow nothing yet."), chat.buttons()) == (True, ["↩ Undo delete"])
    await chat.press("Undo delete")
    assert chat.filters() == {"ferry": ACTIVE}


async def test_filters_with_none_says_how_to_begin(chat):
    (answer,) = await chat.say("/filters")
    assert answer.startswith("You follow nothing yet.")


async def test_more_than_eight_filters_stand_on_pages(chat):
    await chat.say("/start")
    chat.follow(*(f"word{number}" for number in range(1, 19)))
    (first,) = await chat.say("/filters")
    assert (first.splitlines()[0], len(first.splitlines())) == ("You follow 18 filters", 9)
    await chat.press("More ›")
    assert chat.shown().splitlines()[1] == "9. stories with word9"
    await chat.press("More ›")
    assert chat.shown().splitlines()[1:] == ["17. stories with word17", "18. stories with word18"]
    assert chat.buttons()[-1] == "‹ Back"
    await chat.press("Delete 18")
    assert chat.shown().splitlines()[1:] == ["17. stories with word17"]
    await chat.press("Delete 17")
    assert chat.shown().splitlines()[-1] == "16. stories with word16"  # that page is gone: the one before it
    await chat.press("‹ Back")
    assert chat.shown().splitlines()[1] == "1. stories with word1"


@given(st.text(max_size=400))
def test_no_text_makes_a_mistakes_answer_too_long(words):
    said = ""
    try:
        parse(words)
    except FilterError as error:
        said = texts.mistake(words, error)
    assert units(said) <= 4096


async def test_a_filter_is_shown_as_it_was_typed(chat):
    await chat.say("/follow séisme OR Tempête")
    assert "séisme or Tempête" in (await chat.say("/filters"))[0]
    assert chat.filters() == {"seisme OR tempete": ACTIVE}
