"""A whole bot over long polling: commands, buttons, quotes and groups, as people use them."""

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest
from telegram.ext import CallbackQueryHandler, CommandHandler, ContextTypes

from tests.playground.conftest import until

Context = ContextTypes.DEFAULT_TYPE


async def hello(update: Update, context: Context) -> None:
    name = update.effective_user.first_name
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("More", callback_data="more")]])
    await update.message.reply_html(f"Hello <b>{name}</b>: {' '.join(context.args)}", reply_markup=keyboard)


async def more(update: Update, _: Context) -> None:
    await update.callback_query.answer("Here you are")
    await update.callback_query.edit_message_text(f"pressed: {update.callback_query.data}")


async def test_a_command_reaches_its_handler_and_the_answer_its_chat(playground):
    async with playground.polling(CommandHandler("hello", hello)):
        ada = playground.ada.id
        await playground.act("messages", person=ada, chat_id=ada, text="/hello 🚢 there")
        await until(playground.said)
    assert playground.said() == ["Hello Ada: 🚢 there"]
    (answer,) = (one for one in playground.chat.messages.values() if one.sender.is_bot)
    assert [(one.kind, one.offset, one.length) for one in answer.body.entities] == [("bold", 6, 3)]


async def test_a_pressed_button_is_answered_and_its_message_edited(playground):
    ada = playground.ada.id
    with playground.world.live.listen() as listener:
        async with playground.polling(CommandHandler("hello", hello), CallbackQueryHandler(more)):
            await playground.act("messages", person=ada, chat_id=ada, text="/hello")
            await until(playground.said)
            asked = {"person": ada, "chat_id": ada, "message_id": 2, "data": "more"}
            pressed = await playground.act("press", **asked)
            await until(lambda: playground.said() == ["pressed: more"])
        events = []
        while event := await listener.next(0.01):
            events.append(event)
    (answer,) = (one for one in events if one["kind"] == "answer")
    assert (answer["query_id"], answer["text"]) == (pressed["query_id"], "Here you are")
    assert playground.chat.messages[2].edited_at is not None
    assert not playground.chat.messages[2].keyboard


async def test_a_button_press_can_be_answered_once(playground):
    await playground.start()
    async with playground.bot() as bot:
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])
        await bot.send_message(playground.ada.id, "?", reply_markup=keyboard)
        query = playground.world.press(playground.ada.id, playground.ada.id, 2, "go")
        await bot.answer_callback_query(query)
        with pytest.raises(BadRequest, match="Query is too old"):
            await bot.answer_callback_query(query)


async def test_a_command_named_to_the_bot_is_heard_in_a_group(playground):
    group = playground.world.group.id
    async with playground.polling(CommandHandler("hello", hello)):
        await playground.act(
            "messages", person=playground.ada.id, chat_id=group, text="/hello@NeedToKnowBot x"
        )
        await until(lambda: playground.said(group))
    assert playground.said(group) == ["Hello Ada: x"]


async def test_a_group_answer_quotes_the_command(playground):
    group = playground.world.group
    async with playground.polling(CommandHandler("hello", hello)):
        await playground.act("messages", person=playground.ada.id, chat_id=group.id, text="/hello")
        await until(lambda: playground.said(group.id))
    assert [one.reply_to for one in group.messages.values()] == [None, 1]


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("just talk", False),
        ("/hello", True),
        ("/hello@SomeOtherBot", False),
        ("well, @needtoknowbot?", True),
        ("either/or", False),
    ],
)
async def test_privacy_mode_keeps_a_groups_talk_from_the_bot(playground, text, heard):
    playground.world.say(playground.ada.id, playground.world.group.id, text)
    assert len(playground.world.updates) == heard


async def test_an_answer_to_the_bot_is_heard_in_a_group(playground):
    group = playground.world.group.id
    async with playground.bot() as bot:
        question = await bot.send_message(group, "Which topics?")
        playground.world.say(playground.ada.id, group, "ferries", reply_to=question.message_id)
        (update,) = await bot.get_updates()
    assert update.message.reply_to_message.text == "Which topics?"
