"""The local Bot API answers as Telegram's does: seen through real python-telegram-bot."""

import asyncio
from datetime import timedelta

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
)

from tests.playground.conftest import TOKEN, until


async def test_a_retry_after_carries_the_seconds_asked_for(playground, monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # the library warns of its old integers otherwise
    await playground.start()
    await playground.fault("retry_after", chat_id=playground.ada.id, retry_after=7)
    async with playground.bot() as bot:
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(playground.ada.id, "hello")
        assert caught.value.retry_after == timedelta(seconds=7)
        await bot.send_message(playground.ada.id, "again")  # once was asked for, once it was
    assert playground.said() == ["again"]


async def test_a_token_made_invalid_is_refused_as_telegram_refuses_it(playground):
    await playground.fault("unauthorized", method="getme")
    async with playground.http.stream("GET", f"/bot{TOKEN}/getMe") as answer:
        await answer.aread()
        assert (answer.status_code, answer.json()["description"]) == (401, "Unauthorized")


async def test_half_a_surrogate_pair_from_a_bot_wedges_nothing(playground):
    await playground.start()
    body = rf'{{"chat_id": {playground.ada.id}, "text": "ferry \ud83d"}}'
    headers = {"Content-Type": "application/json"}
    answer = await playground.http.post(f"/bot{TOKEN}/sendMessage", content=body, headers=headers)
    assert (answer.status_code, playground.said()) == (200, ["ferry ?"])
    assert (await playground.http.get("/playground/state")).status_code == 200


async def test_a_fault_for_one_chat_leaves_the_others_alone(playground):
    await playground.start()
    await playground.fault("error500", chat_id=playground.world.group.id)
    async with playground.bot() as bot:
        await bot.send_message(playground.ada.id, "hello")
        with pytest.raises(NetworkError, match="Internal Server Error"):
            await bot.send_message(playground.world.group.id, "hello")
    assert playground.said() == ["hello"]


async def test_a_dropped_connection_leaves_the_outcome_unknown_and_the_message_there(playground):
    await playground.start()
    await playground.fault("drop")
    async with playground.bot() as bot:
        with pytest.raises(NetworkError):
            await bot.send_message(playground.ada.id, "did it arrive?")
    assert playground.said() == ["did it arrive?"]


async def test_a_blocked_bot_is_forbidden_until_it_is_unblocked(playground):
    await playground.start()
    ada = playground.ada.id
    await playground.act("block", person=ada, chat_id=ada, blocked=True)
    async with playground.bot() as bot:
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await bot.send_message(ada, "hello")
        await playground.act("block", person=ada, chat_id=ada, blocked=False)
        await bot.send_message(ada, "hello")
        updates = await bot.get_updates(allowed_updates=["my_chat_member"])
    statuses = [
        (one.my_chat_member.old_chat_member.status, one.my_chat_member.new_chat_member.status)
        for one in updates
    ]
    assert statuses == [("member", "kicked"), ("kicked", "member")]


async def test_a_bot_cannot_write_first(playground):
    async with playground.bot() as bot:
        with pytest.raises(Forbidden, match="can't initiate conversation"):
            await bot.send_message(playground.ada.id, "hello")


async def test_a_bot_thrown_out_of_a_group_is_forbidden(playground):
    group = playground.world.group.id
    await playground.act("block", person=playground.ada.id, chat_id=group, blocked=True)
    async with playground.bot() as bot:
        with pytest.raises(Forbidden, match="bot was kicked from the group chat"):
            await bot.send_message(group, "hello")


async def test_a_group_that_became_a_supergroup_tells_its_new_id(playground):
    group = playground.world.group.id
    moved = await playground.fault("migrate", chat_id=group)
    async with playground.bot() as bot:
        with pytest.raises(ChatMigrated) as caught:
            await bot.send_message(group, "hello")
        assert caught.value.new_chat_id == moved["migrate_to_chat_id"]
        message = await bot.send_message(caught.value.new_chat_id, "hello")
    assert message.chat.type == "supergroup"


async def test_a_migration_can_be_announced_to_the_bot(playground):
    group = playground.world.group.id
    moved = await playground.fault("migrate", chat_id=group, announce=True)
    async with playground.bot() as bot:
        updates = await bot.get_updates()
    told = [(one.message.migrate_to_chat_id, one.message.migrate_from_chat_id) for one in updates]
    assert told == [(moved["migrate_to_chat_id"], None), (None, group)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<b>open", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<h1>no</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("é</b>", "Unexpected end tag at byte offset 2"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler"'),
    ],
)
async def test_html_that_telegram_cannot_read_is_refused(playground, text, why):
    await playground.start()
    async with playground.bot() as bot:
        with pytest.raises(BadRequest) as caught:
            await bot.send_message(playground.ada.id, text, parse_mode=ParseMode.HTML)
    assert caught.value.message.startswith("Can't parse entities: ")
    assert why.casefold() in caught.value.message.casefold()  # the library lowers a capital


async def test_a_message_of_4096_characters_passes_and_one_more_is_too_long(playground):
    await playground.start()
    async with playground.bot() as bot:
        await bot.send_message(playground.ada.id, f"<b>{'a' * 4096}</b>", parse_mode=ParseMode.HTML)
        with pytest.raises(BadRequest, match="Message is too long"):
            await bot.send_message(playground.ada.id, "a" * 4097)


async def test_a_message_of_tags_alone_is_empty(playground):
    await playground.start()
    async with playground.bot() as bot:
        with pytest.raises(BadRequest, match="Message text is empty"):
            await bot.send_message(playground.ada.id, "<b> </b>", parse_mode=ParseMode.HTML)


async def test_button_data_is_counted_in_bytes_and_holds_64(playground):
    await playground.start()

    def keyboard(data: str) -> InlineKeyboardMarkup:
        return InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data=data)]])

    async with playground.bot() as bot:
        await bot.send_message(playground.ada.id, "fits", reply_markup=keyboard("é" * 32))
        with pytest.raises(BadRequest, match="Button_data_invalid"):
            await bot.send_message(playground.ada.id, "does not", reply_markup=keyboard("é" * 32 + "x"))
    assert playground.said() == ["fits"]


async def test_an_edit_that_changes_nothing_is_refused(playground):
    await playground.start()
    async with playground.bot() as bot:
        message = await bot.send_message(playground.ada.id, "same")
        with pytest.raises(BadRequest, match="Message is not modified"):
            await message.edit_text("same")
        edited = await message.edit_text("other")
        with pytest.raises(BadRequest, match="Message to edit not found"):
            await bot.edit_message_text("x", chat_id=playground.ada.id, message_id=999)
    assert (edited.text, edited.edit_date is not None) == ("other", True)


async def test_a_deleted_message_is_gone_and_cannot_be_deleted_again(playground):
    await playground.start()
    async with playground.bot() as bot:
        message = await bot.send_message(playground.ada.id, "soon gone")
        await message.delete()
        with pytest.raises(BadRequest, match="Message to delete not found"):
            await message.delete()
    assert playground.said() == []


async def test_a_reply_quotes_the_message_it_answers(playground):
    await playground.start()
    first = next(iter(playground.chat.messages))
    async with playground.bot() as bot:
        message = await bot.send_message(
            playground.ada.id, "yes?", reply_parameters=ReplyParameters(message_id=first)
        )
        assert message.reply_to_message is not None
        assert message.reply_to_message.text == "/start"
        with pytest.raises(BadRequest, match="Message to be replied not found"):
            await bot.send_message(playground.ada.id, "no", reply_parameters=ReplyParameters(message_id=99))
        lenient = ReplyParameters(message_id=99, allow_sending_without_reply=True)
        assert (await bot.send_message(playground.ada.id, "so", reply_parameters=lenient)).text == "so"


async def test_an_unknown_chat_is_not_found(playground):
    async with playground.bot() as bot:
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(12345, "hello")


async def test_a_wrong_token_is_unauthorized(playground):
    bot = Bot("1:wrong", base_url=f"{playground.url}/bot")
    with pytest.raises(InvalidToken):
        await bot.initialize()
    await bot.shutdown()


async def test_an_unknown_method_is_not_found(playground):
    async with playground.bot() as bot:
        with pytest.raises(EndPointNotFound):
            await bot.do_api_request("sendRichMessage", {"chat_id": 1})


async def test_method_names_are_read_without_regard_to_case(playground):
    assert (await playground.call("GETME"))["result"]["username"] == "NeedToKnowBot"


async def test_bodies_may_be_json_form_multipart_or_a_query_string(playground):
    await playground.start()
    path, ada = f"/bot{TOKEN}/sendMessage", playground.ada.id
    http = playground.http
    await http.post(path, json={"chat_id": ada, "text": "json é"})
    await http.post(path, data={"chat_id": str(ada), "text": "form é"})
    await http.post(path, files={"chat_id": (None, str(ada)), "text": (None, "multipart é")})
    await http.get(path, params={"chat_id": ada, "text": "query é"})
    assert playground.said() == ["json é", "form é", "multipart é", "query é"]


async def test_an_oversized_body_is_refused(playground):
    answer = await playground.http.post(f"/bot{TOKEN}/sendMessage", content=b"x" * 1_100_000)
    assert answer.status_code == 413


async def test_an_offset_confirms_what_lies_below_it_and_nothing_else_does(playground):
    for word in ("one", "two", "three"):
        playground.world.say(playground.ada.id, playground.ada.id, word)
    async with playground.bot() as bot:
        first = await bot.get_updates(limit=2)
        assert [one.message.text for one in first] == ["one", "two"]
        assert await bot.get_updates(limit=2) == first  # nothing was confirmed
        rest = await bot.get_updates(offset=first[-1].update_id + 1)
        assert [one.message.text for one in rest] == ["three"]
        assert await bot.get_updates(offset=rest[-1].update_id + 1) == ()
        assert await bot.get_updates() == ()


async def test_a_negative_offset_keeps_the_last_ones_only(playground):
    for word in ("one", "two", "three"):
        playground.world.say(playground.ada.id, playground.ada.id, word)
    async with playground.bot() as bot:
        assert [one.message.text for one in await bot.get_updates(offset=-1)] == ["three"]
        assert [one.message.text for one in await bot.get_updates()] == ["three"]


async def test_a_newer_poll_ends_the_older_one_with_a_conflict(playground):
    older = asyncio.create_task(playground.call("getUpdates", timeout=30))
    await until(lambda: playground.world.updates._poll)
    newer = asyncio.create_task(playground.call("getUpdates", timeout=30))
    refused = await asyncio.wait_for(older, 5)
    assert (refused["error_code"], "terminated by other getUpdates" in refused["description"]) == (409, True)
    playground.world.say(playground.ada.id, playground.ada.id, "hello")
    assert len((await asyncio.wait_for(newer, 5))["result"]) == 1


async def test_only_the_allowed_kinds_of_update_are_queued(playground):
    async with playground.bot() as bot:
        await bot.get_updates(allowed_updates=["callback_query"])
        playground.world.say(playground.ada.id, playground.ada.id, "unheard")
        assert await bot.get_updates() == ()
        await bot.get_updates(allowed_updates=[])
        playground.world.say(playground.ada.id, playground.ada.id, "heard")
        assert [one.message.text for one in await bot.get_updates()] == ["heard"]


async def test_closing_the_world_ends_a_long_poll_at_once(playground):
    poll = asyncio.create_task(playground.call("getUpdates", timeout=30))
    await until(lambda: playground.world.updates._poll)
    playground.world.close()
    assert await asyncio.wait_for(poll, 1) == {"ok": True, "result": []}


async def test_the_command_menu_is_kept_by_scope_and_language(playground):
    async with playground.bot() as bot:
        await bot.set_my_commands([("help", "Help")])
        await bot.set_my_commands([("help", "Hilfe")], language_code="de")
        assert [one.description for one in await bot.get_my_commands(language_code="de")] == ["Hilfe"]
        with pytest.raises(BadRequest, match="Bot_command_invalid"):
            await bot.set_my_commands([("no-dash", "x")])
    assert playground.world.commands_in(playground.chat) == [{"command": "help", "description": "Help"}]


async def test_a_group_knows_its_people_and_who_runs_it(playground):
    group = playground.world.group.id
    async with playground.bot() as bot:
        assert (await bot.get_chat(group)).title == "Neighbours"
        (boss,) = await bot.get_chat_administrators(group)
        assert (boss.status, boss.user.id) == ("creator", playground.ada.id)
        assert (await bot.get_chat_member(group, bot.id)).status == "member"
        await bot.leave_chat(group)
        with pytest.raises(Forbidden, match="bot is not a member of the group chat"):
            await bot.send_message(group, "hello")


async def test_a_webhook_is_refused_and_none_is_reported(playground):
    async with playground.bot() as bot:
        with pytest.raises(BadRequest, match="Bad webhook"):
            await bot.set_webhook("https://example.org/")
        assert await bot.delete_webhook(drop_pending_updates=True)
        assert (await bot.get_webhook_info()).url == ""
