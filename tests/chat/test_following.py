"""Following words: /follow, plain wishes, and their buttons."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.language.parse import FilterError, parse
from bot.chat import follow_texts, texts
from bot.delivery.render import units
from bot.playground.markup import parse as marked
from bot.times import utc_now
from tests.chat.conftest import ACTIVE, DELETED, HOUR, PAUSED, noon


async def test_follow_says_what_it_understood_and_a_button_saves_it(chat):
    (answer,) = await chat.say("/follow north korea missile OR rocket -sport")
    said = "stories with north, korea and either missile or rocket, but not sport"
    assert answer.startswith(f"Shall I alert you to {said}?")
    assert chat.bold() == ["north", "korea", "missile", "rocket", "sport"]
    assert (chat.buttons(), chat.filters()) == (["Save", "Narrow", "Widen", "Cancel"], {})
    assert await chat.press("Save") == "Following"
    assert chat.shown() == f"You now follow {said}."
    (text,) = chat.filters()
    assert parse(text) == parse("north korea missile OR rocket -sport")


async def test_the_preview_counts_the_last_seven_days_and_names_the_newest_three(chat):
    for days in range(1, 6):
        chat.story(f"Ferry number {days}", at=noon(days))
    chat.story("A ferry of long ago", at=noon(9))
    chat.story("Cheese", at=noon(6))
    (answer,) = await chat.say("/follow ferry")
    head, *newest = answer.splitlines()[2:6]
    assert head == "The last 7 days: 6 articles → 6 stories → 5 alerts. The newest:"
    assert newest == [
        f"• Ferry number {days} (The Harbour, {texts.ago(utc_now() - noon(days))})" for days in (1, 2, 3)
    ]


async def test_the_preview_says_how_many_a_day_there_would_be(chat):
    for number in range(10):
        chat.story(f"Ferry number {number}", at=noon(1 + number % 6))
    (answer,) = await chat.say("/follow ferry")
    assert re.search(r"10 articles → 10 stories → 10 alerts, 1\.[3-9] a day\. The newest:", answer)


async def test_night_is_by_utc_until_they_tell_their_clock(chat):
    for days in (1, 2):
        chat.story(f"Ferry number {days}", at=noon(days))  # 21:00 in Tokyo, 01:00 in New Zealand
    chat.story("Ferry at night", at=noon(2).replace(hour=3))
    chat.story("Cheese", at=noon(6))
    (answer,) = await chat.say("/follow ferry")
    assert "3 alerts, 1 of them at night (by UTC; /clock tells me yours). The newest:" in answer
    await chat.say("/clock Auckland")
    (answer,) = await chat.say("/follow ferry")
    assert "3 alerts, 2 of them at night. The newest:" in answer


async def test_the_preview_says_that_nothing_would_have_come(chat):
    chat.story("Cheese", at=utc_now() - 30 * HOUR)
    (answer,) = await chat.say("/follow ferry")
    assert answer.splitlines()[2:] == [
        "Of the last 7 days I know 30 hours so far: 1 article → 1 story → no alert."
    ]


async def test_without_stories_the_preview_says_so(chat):
    (answer,) = await chat.say("/follow ferry")
    assert answer.splitlines()[2:] == ["I have no stories of the last 7 days to try it on yet."]


async def test_cancel_saves_nothing(chat):
    await chat.say("/follow ferry")
    await chat.press("Cancel")
    assert (chat.shown(), chat.buttons(), chat.filters()) == (texts.DISMISSED, [], {})


async def test_undo_takes_it_back_and_follow_again_brings_it_back(chat):
    await chat.save("ferry")
    assert await chat.press("Undo") == "Deleted"
    assert (chat.shown(), chat.filters()) == ("You no longer follow stories with ferry.", {"ferry": DELETED})
    assert await chat.press("Follow again") == "Restored"
    assert (chat.shown(), chat.filters()) == ("You now follow stories with ferry.", {"ferry": ACTIVE})
    assert "Undo" in chat.buttons()


async def test_the_same_wish_in_other_words_is_not_saved_twice(chat):
    await chat.save("ferry strike")
    (answer,) = await chat.say("/follow STRIKE ferry")
    assert answer.startswith("You follow this already: stories with STRIKE and ferry.")
    assert (chat.filters(), chat.buttons()) == ({"ferry strike": ACTIVE}, ["Narrow", "Widen", "Close"])


async def test_follow_with_a_mistake_shows_the_place_and_saves_nothing(chat):
    (answer,) = await chat.say('/follow ferry "strike')
    assert answer.splitlines() == [
        "I cannot read that filter – a quotation mark is not closed: add the second one.",
        'ferry "strike',
        "      ▲",
    ]
    assert chat.filters() == {}


async def test_follow_with_nothing_explains(chat):
    (answer,) = await chat.say("/follow")
    assert answer.startswith("Tell me what to follow, for example:")


async def test_words_on_a_line_of_their_own_are_all_followed(chat):
    await chat.save("\nferry strike")
    assert chat.filters() == {"ferry strike": ACTIVE}


@pytest.mark.parametrize(
    ("typed", "mend"),
    [
        ("sience", "Did you mean topic:science? "),
        ("movies-and-film", ""),
        ("filme", "Did you mean topic:film? "),
    ],
)
async def test_an_unknown_topic_is_named_with_the_nearest_one(chat, typed, mend):
    (answer,) = await chat.say(f"/follow topic:{typed} -budget")
    assert answer == f"There is no topic {typed}. {mend}/start shows them all."
    assert chat.filters() == {}


@pytest.mark.parametrize("typed", ["space", "SPACE", "Space"])
async def test_a_known_topic_is_followed_by_its_id(chat, typed):
    (answer,) = await chat.say(f"/follow topic:{typed} -budget")
    assert answer.startswith("Shall I alert you to stories in the topic Space, but not budget?")
    await chat.press("Save")
    assert list(map(parse, chat.filters())) == [parse("topic:space -budget")]


@pytest.mark.parametrize("typed", ["research-and-study", "research_and_study", "Science"])
async def test_a_topic_is_known_by_its_other_names(chat, typed):
    assert await chat.save(f"topic:{typed}") == "You now follow stories in the topic Science."
    assert chat.filters() == {"topic:science": ACTIVE}


@pytest.mark.parametrize(
    ("topic", "narrowed"), [("science", "topic:science -word"), ("culture", "topic:culture -topic:film")]
)
async def test_the_preview_of_a_topic_says_how_to_leave_something_out(chat, topic, narrowed):
    (answer,) = await chat.say(f"/follow topic:{topic}")
    assert answer.splitlines()[1] == f"To leave something out, say it with a minus: /follow {narrowed}"


async def test_plain_words_are_a_wish_that_a_button_confirms(chat):
    chat.story("A ferry strike", at=noon(1))
    (answer,) = await chat.say("please tell me about ferry strikes")
    assert answer.startswith("Shall I alert you to stories with ferry and strike")
    assert answer.splitlines()[1] == "/follow ferry strikes"
    assert "1 article → 1 story → 1 alert" in answer
    assert (chat.buttons(), chat.filters()) == (["Save", "Narrow", "Widen", "Cancel"], {})
    assert await chat.press("Save") == "Following"
    assert list(chat.filters().values()) == [ACTIVE]
    assert chat.answers()[-1].reply_to is not None
    assert chat.shown().startswith("You now follow stories with ferry and strike")
    await chat.press("Undo")
    assert list(chat.filters().values()) == [DELETED]


async def test_a_wish_that_was_declined_is_left(chat):
    await chat.say("ferry strikes")
    await chat.press("Cancel")
    assert (chat.shown(), chat.buttons(), chat.filters()) == (texts.DISMISSED, [], {})


async def test_a_save_button_pressed_twice_saves_once_and_keeps_its_undo(chat):
    await chat.say("ferry")
    message = chat.answers()[-1]
    data = message.keyboard[0][0]["callback_data"]
    for _ in range(2):
        chat.world.press(chat.ada, chat.ada, message.id, data)  # a nervous finger, before any answer
    await chat.settled()
    assert (chat.filters(), len(chat.answers())) == ({"ferry": ACTIVE}, 1)
    assert chat.shown() == "You now follow stories with ferry."
    assert "Undo" in chat.buttons()


async def test_words_without_a_wish_in_them_get_help(chat):
    assert await chat.say("🙂🙂🙂") == [marked(texts.WELCOME).text]


@pytest.mark.parametrize(
    "refusal", ["stop", "I don't want sport", "no more ferry news", "unsubscribe please"]
)
async def test_a_refusal_is_never_taken_for_a_wish(chat, refusal):
    assert await chat.say(refusal) == [marked(texts.SILENCE).text]


async def test_who_follows_after_stopping_is_told_that_alerts_are_on_again(chat):
    await chat.save("ferry")
    await chat.say("/stop")
    assert marked(texts.OFF).text in (await chat.say("/filters"))[0]
    assert "Alerts are on again" in await chat.save("tunnel")
    assert marked(texts.OFF).text not in (await chat.say("/filters"))[0]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("R&D café", "stories with R&D and café"),
        ("🚢 ferry 🚢", "stories with ferry"),
        ("C++", "stories with C++"),
    ],
)
async def test_odd_characters_are_said_back_as_they_were_typed(chat, typed, said):
    assert await chat.save(typed) == f"You now follow {said}."
    assert list(map(parse, chat.filters())) == [parse(typed)]


async def test_html_in_a_mistake_is_escaped(chat):
    (answer,) = await chat.say("/follow (<b>ferry</b> &amp;")
    assert answer.splitlines()[1] == "(<b>ferry</b> &amp;"


async def test_html_in_a_phrase_is_escaped(chat):
    (answer,) = await chat.say('/follow "x<b>y & <i>z"')
    assert answer.startswith("Shall I alert you to stories with x<b>y & <i>z?")
    assert chat.bold() == ["x<b>y & <i>z"]


async def test_html_in_a_headline_is_escaped(chat):
    chat.story("<script>alert(1)</script> ferry & <b>co", outlet="<i>Outlet", at=noon(3))
    (answer,) = await chat.say("/follow ferry")
    assert "• <script>alert(1)</script> ferry & <b>co (<i>Outlet, " in answer


@pytest.mark.parametrize("words", ["ferry " * 600, "🚢" * 2000, "x" * 4000, "a OR " * 700])
async def test_very_long_words_get_an_answer(chat, words):
    (command,) = await chat.say(f"/follow {words}"[:4096])
    assert command.startswith("I cannot read that filter – this is longer than 1000 characters")
    (plain,) = await chat.say(words[:2000])
    assert plain
    assert chat.filters() == {}


@pytest.mark.parametrize(
    "words",
    [
        " ".join(f"word{number}" for number in range(100))[:900],
        " ".join(f"title:w{number}" for number in range(90)),
        " OR ".join(f'"one word{number}"' for number in range(55)),
    ],
)
async def test_the_longest_filter_is_followed_and_shown(chat, words):
    (answer,) = await chat.say(f"/follow {words}")
    assert answer.startswith("Shall I alert you to ")
    assert units(answer) <= 4096
    assert await chat.press("Save") == "Following"
    (shown,) = await chat.say("/filters")
    assert shown.startswith(f"You follow 1 filter\n1. {words[:20]}")
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
    assert (await chat.say("word8"))[0].startswith("You follow this already: stories with word8.")


async def test_no_button_follows_more_than_the_most(chat):
    await chat.say("/start")
    await chat.save("ferry")
    await chat.press("Undo")
    await chat.save("strike")
    await chat.press("Undo")
    await chat.say("tunnel")
    chat.follow(*(f"word{number}" for number in range(200)))
    for label in ("Space", "Follow again", "Save"):
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
    await chat.save("ferry")
    assert chat.subscriber().state == ACTIVE


async def test_a_wish_confirmed_after_stop_is_heard_of(chat):
    await chat.say("/stop")
    await chat.say("ferry")
    assert chat.subscriber().state != ACTIVE  # a wish that was not confirmed wakes nobody
    await chat.press("Save")
    assert chat.subscriber().state == ACTIVE


async def test_filters_lists_pauses_resumes_deletes_and_undoes(chat):
    await chat.say("/start")
    chat.follow("ferry", "strike")
    assert await chat.say("/filters") == [
        "You follow 2 filters\n1. stories with ferry\n2. stories with strike"
    ]
    assert chat.buttons()[:3] == ["✎ Edit 1", "⏸ Pause 1", "🗑 Delete 1"]
    assert chat.buttons()[3:6] == ["✎ Edit 2", "⏸ Pause 2", "🗑 Delete 2"]
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
    assert "‹ Back" in chat.buttons()
    assert "More ›" not in chat.buttons()
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
    await chat.save("séisme OR Tempête")
    assert "séisme or Tempête" in (await chat.say("/filters"))[0]
    assert chat.filters() == {"seisme OR tempete": ACTIVE}


async def test_a_paused_filter_that_is_followed_again_goes_on(chat):
    await chat.save("ferry")
    await chat.say("/filters")
    await chat.press("Pause 1")
    (answer,) = await chat.say("/follow ferry")
    assert answer.startswith("Shall I alert you to stories with ferry?")
    assert await chat.press("Save") == "Following"
    assert chat.filters() == {"ferry": ACTIVE}


async def test_a_filter_of_another_versions_language_is_listed_and_cannot_be_edited(chat):
    await chat.say("/start")
    chat.follow("ferry (")
    assert "1. ferry (" in (await chat.say("/filters"))[0]
    assert await chat.press("Edit 1") == follow_texts.UNREADABLE
    assert chat.filters() == {"ferry (": ACTIVE}
