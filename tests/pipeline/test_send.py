"""The outbox against Telegram's weather: nothing is lost, nobody waits for another, nothing comes twice."""

import asyncio
from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest
from prometheus_client import CollectorRegistry

from bot.delivery.render import Message, alert
from bot.delivery.send import Send
from bot.delivery.telegram import Sent, Telegram
from bot.model import ChatKind, DeliveryState, FilterState, SubscriberState
from bot.pipeline import Pipeline
from bot.storage import subscribers, tables
from bot.storage.claims import take_back
from bot.times import utc_now
from tests.pipeline.conftest import LEASE, digest
from tests.playground.conftest import until

FATE = ("state", "reason", "claims", "claimed_at")


async def test_a_flood_wait_holds_that_chat_alone_and_is_then_over(path):
    path.order(digest("Ferry"), path.follow(path.ada, "ferry"), path.follow(path.ben, "ferry"))
    await path.telegram.fault("retry_after", chat_id=path.ada.id, retry_after=2)
    await path.run("send")
    asked_at = utc_now()
    assert (path.heard(path.ada), path.heard(path.ben)) == ([], ["Ferry"])
    assert path.rows(tables.deliveries, *FATE)[0] == (DeliveryState.PENDING, "asked to wait", 0, None)
    path.order(digest("Cheese"), 1, 2)
    await path.sent()
    assert sorted(path.heard(path.ada)) == ["Cheese", "Ferry"]
    assert path.heard(path.ben) == ["Ferry", "Cheese"]
    first = min(one.sent_at for one in path.ada.messages.values())
    assert first >= asked_at + timedelta(seconds=1.5)


async def test_a_block_pauses_the_subscriber_and_keeps_the_filters(path):
    path.order(digest("Ferry"), path.follow(path.ada, "ferry"), path.follow(path.ben, "ferry"))
    path.world.block(path.ada.id, path.ada.id, blocked=True)
    path.order(digest("Cheese"), 1)
    await path.sent()
    said = "Forbidden: bot was blocked by the user"
    assert path.rows(tables.subscribers, "state", "reason") == [
        (SubscriberState.PAUSED, said),
        (SubscriberState.ACTIVE, None),
    ]
    assert path.rows(tables.filters, "text", "state") == [("ferry", FilterState.ACTIVE)] * 2
    assert [row[:2] for row in path.rows(tables.deliveries, *FATE)] == [
        (DeliveryState.DROPPED, said),
        (DeliveryState.SENT, None),
        (DeliveryState.DROPPED, said),
    ]
    assert path.heard(path.ben) == ["Ferry"]


async def test_a_group_that_moved_gets_its_alert_in_the_new_place(path):
    path.order(digest("Ferry"), path.follow(path.world.group, "ferry"))
    new = path.world.migrate(path.world.group.id, announce=False)
    await path.sent()
    assert path.heard(new) == ["Ferry"]
    assert path.rows(tables.subscribers, "chat_id", "kind", "state") == [
        (new.id, ChatKind.SUPERGROUP, SubscriberState.ACTIVE)
    ]
    assert path.rows(tables.filters, "text", "state") == [("ferry", FilterState.ACTIVE)]


@pytest.mark.parametrize(("kind", "heard"), [("error500", ["Ferry"]), ("drop", ["Ferry", "Ferry"])])
async def test_what_came_to_nothing_is_tried_again_and_doubles_only_what_was_in_flight(path, kind, heard):
    path.order(digest("Ferry"), path.follow(path.ada, "ferry"))
    await path.telegram.fault(kind, chat_id=path.ada.id)
    await path.run("send")
    assert path.rows(tables.deliveries, "state", "claims", "claimed_at") == [(DeliveryState.PENDING, 1, None)]
    await path.sent()
    assert path.heard(path.ada) == heard
    assert path.rows(tables.deliveries, *FATE) == [(DeliveryState.SENT, None, 0, None)]


async def test_an_outage_of_any_length_parks_no_alert(path):
    path.order(digest("Ferry"), path.follow(path.ada, "ferry"))
    await path.telegram.fault("error500", chat_id=path.ada.id, times=7)
    send = path.stages["send"]
    for _ in range(7):
        await path.run("send")
        # An hour goes by: what is due later is due now, and nobody is held any more.
        path.database.write_now(lambda c: c.execute(tables.deliveries.update().values(due_at=utc_now())))
        send._pace.__init__()
    await path.sent()
    assert path.heard(path.ada) == ["Ferry"]


LONG = [f"Sentence {number} of the ferry: {'word ' * 60}ends here." for number in range(30)]


async def test_a_long_alert_is_cut_in_order_and_goes_on_from_the_part_that_failed(path):
    path.order(digest("Ferry", *LONG), path.follow(path.ada, "ferry"))
    sending = asyncio.create_task(path.sent(20))
    await until(lambda: path.heard(path.ada))
    await path.telegram.fault("error500", chat_id=path.ada.id)
    await sending
    parts = [one.body.text for one in path.ada.messages.values() if one.sender.is_bot]
    assert len(parts) == 3
    assert [part.count("ends here.") for part in parts] == [part.count("Sentence ") for part in parts]
    assert "\n".join(parts).count("ends here.") == 30
    starts = [parts[n].find(f"Sentence {at} of") for n, at in enumerate((0, parts[0].count("ends here.")))]
    assert starts[1] == 0
    ((ids,),) = path.rows(tables.deliveries, "message_ids")
    assert ids == [one.id for one in path.ada.messages.values() if one.sender.is_bot]
    assert [a < b for a, b in pairwise(ids)] == [True, True]


async def test_a_long_alert_cut_off_by_a_stop_goes_on_where_it_was(path):
    path.order(digest("Ferry", *LONG), path.follow(path.ada, "ferry"))
    first = path.stages["send"]
    await first.step()
    await until(lambda: path.rows(tables.deliveries, "message_ids") != [([],)])
    await first.drain(0)  # the process is gone
    path.database.write_now(lambda c: take_back(c, now=utc_now()))
    path.stages["send"] = Send(database=path.database, telegram=first._telegram, lease=LEASE)
    await path.sent(20)
    parts = [one.body.text for one in path.ada.messages.values() if one.sender.is_bot]
    assert [sum(f"Sentence {at} of" in part for part in parts) for at in range(30)] == [1] * 30


async def test_a_chat_gets_one_message_a_second(path):
    who = path.follow(path.ada, "ferry")
    for number in range(3):
        path.order(digest(f"Ferry {number}"), who)
    await path.sent()
    assert path.heard(path.ada) == ["Ferry 0", "Ferry 1", "Ferry 2"]
    times = [one.sent_at for one in path.ada.messages.values()]
    assert all(b - a > timedelta(seconds=0.9) for a, b in pairwise(times))


async def test_all_chats_together_get_thirty_a_second(path):
    for number in range(48):
        path.world.add_person(f"Person {number}")
    chats = [path.world.chats[person] for person in path.world.people]
    path.order(digest("Ferry"), *(path.follow(chat, "ferry") for chat in chats))
    await path.sent()
    assert [path.heard(chat) for chat in chats] == [["Ferry"]] * 50
    times = sorted(one.sent_at for chat in chats for one in chat.messages.values())
    second = timedelta(seconds=0.8)  # a message may be under way for a while before it is stamped
    assert max(sum(start <= at < start + second for at in times) for start in times) <= 30


async def test_html_that_telegram_refuses_is_sent_as_plain_text(path):
    path.follow(path.ada, "ferry")
    telegram: Telegram = path.stages["send"]._telegram
    outcome = await telegram.send(path.ada.id, Message("<b>Ferry", "Ferry <b>"))
    assert isinstance(outcome, Sent)
    assert path.heard(path.ada) == ["Ferry <b>"]


async def test_an_alert_that_telegram_refuses_is_dropped_with_the_reason_and_holds_up_nothing(path, log):
    who = path.follow(path.ada, "ferry")
    path.order(digest("Ferry"), who)
    await path.telegram.call("getMe")
    del path.world.chats[path.ada.id]  # the account is deleted: Telegram knows no such chat
    path.order(digest("Ferry"), path.follow(path.ben, "ferry"))
    await path.sent()
    assert [row[:2] for row in path.rows(tables.deliveries, *FATE)] == [
        (DeliveryState.DROPPED, "Chat not found"),
        (DeliveryState.SENT, None),
    ]
    assert [line["outcome"] for line in log.lines("alert_not_sent")] == ["gone"]


async def test_a_stopped_subscriber_gets_nothing_that_was_pending(path):
    who = path.follow(path.ada, "ferry")
    path.order(digest("Ferry"), who)
    stop = partial(subscribers.set_state, subscriber_id=who, state=SubscriberState.STOPPED, reason="/stop")
    await path.database.write(stop)
    await path.run("send")
    assert path.heard(path.ada) == []
    assert [row[:2] for row in path.rows(tables.deliveries, *FATE)] == [(DeliveryState.DROPPED, "/stop")]


async def test_odd_sentences_of_any_length_are_html_that_telegram_takes(path):
    path.follow(path.ada, "ferry")
    telegram: Telegram = path.stages["send"]._telegram
    odd = digest("<b>&amp; 🚢" * 50, "🔥" * 5000, "<" * 3000, "&" * 4095, "x" * 9000)
    messages = alert(odd)
    assert [type(await telegram.send(path.ada.id, message)) for message in messages] == [Sent] * len(messages)
    heard = [one.body.text for one in path.ada.messages.values()]
    assert heard == [message.plain for message in messages]


@pytest.mark.parametrize("seconds", [0.0, 0.003, 0.01, 0.03, 0.1])
async def test_stopped_at_any_moment_what_has_arrived_is_recorded(path, seconds):
    for number in range(28):
        path.world.add_person(f"Person {number}")
    chats = [path.world.chats[person] for person in path.world.people]
    path.order(digest("Ferry"), *(path.follow(chat, "ferry") for chat in chats))
    path.wire.seconds_a_send = 0.3
    pipeline = Pipeline([path.stages["send"]], registry=CollectorRegistry())
    pipeline.open()
    await pipeline.knock()
    await asyncio.sleep(seconds)
    await pipeline.stop(4)
    heard = [len(path.heard(chat)) for chat in chats]
    await asyncio.sleep(0.5)  # nothing goes on behind our back
    assert [len(path.heard(chat)) for chat in chats] == heard
    sent = [int(state == DeliveryState.SENT) for (state,) in path.rows(tables.deliveries, "state")]
    assert sent == heard
