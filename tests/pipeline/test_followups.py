"""What is new in a story, from `match` to the chat: a reply to the alert, once, and only to whom it concerns."""

from functools import partial

import pytest
import sqlalchemy as sa

from bot.model import Change, ChangeKind, DeliveryKind, DeliveryState, Digest, Evidence, SubscriberState
from bot.storage import subscribers, tables
from bot.storage.claims import take_back
from bot.times import utc_now
from tests.pipeline.conftest import Crash, digest

FACT = Change(ChangeKind.FACT, "Nine ferries stay in port.", "Two ferries stay in port.", outlet="Harbour")
STAGE = Change(ChangeKind.STAGE, "The ferry crews have gone back.", outlet="Harbour")
CORRECTED = Change(
    ChangeKind.CORRECTION, "Eight ferries stay in port.", "Nine ferries stay in port.", outlet="Harbour"
)
WITHDRAWN = Change(ChangeKind.WITHDRAWAL, "Ferry strike", outlet="Harbour")
SAID = "New: Nine ferries stay in port. – Harbour"


def alerts(chat):
    return [one for one in chat.messages.values() if one.sender.is_bot]


async def told(path, *chats, title="Ferry strike"):
    """A story that these chats have been alerted to."""
    story_id = path.order(digest(title), *(path.follow(chat, "ferry") for chat in chats))
    await path.sent()
    return story_id


async def grown(path, story_id, *found, title="Ferry strike"):
    """The story has brought this, and it is matched, written and sent."""
    path.grow(story_id, *found)
    await path.run("match")
    path.written(story_id, digest(title))
    await path.sent()


async def test_something_new_is_a_reply_to_the_first_alert(path):
    story_id = await told(path, path.ada)
    await grown(path, story_id, FACT)
    await grown(path, story_id, STAGE)
    assert path.heard(path.ada) == ["Ferry strike", SAID, "New: The ferry crews have gone back. – Harbour"]
    first, second, third = alerts(path.ada)
    assert (second.reply_to, third.reply_to) == (first.id, first.id)


async def test_a_story_that_grew_with_nothing_new_is_told_nobody_again_and_costs_no_digest(path):
    story_id = await told(path, path.ada)
    path.grow(story_id)
    await path.run("match", "send")
    assert path.rows(tables.digests, "revision") == [(1,)]
    assert path.heard(path.ada) == ["Ferry strike"]


async def test_who_follows_later_gets_the_alert_and_the_others_what_is_new(path):
    story_id = await told(path, path.ada)
    path.follow(path.ben, "ferry")
    await grown(path, story_id, FACT, title="Ferry strike grows")
    assert (path.heard(path.ada), path.heard(path.ben)) == (["Ferry strike", SAID], ["Ferry strike grows"])


async def test_an_alert_that_waits_tells_the_newest_and_no_follow_up_comes(path):
    story_id = path.order(digest("Ferry strike"), path.follow(path.ada, "ferry"))
    await grown(path, story_id, FACT, title="Ferry strike grows")
    assert path.heard(path.ada) == ["Ferry strike grows"]
    assert path.rows(tables.deliveries, "kind", "revision", "state") == [
        (DeliveryKind.ALERT, 2, DeliveryState.SENT)
    ]


async def test_a_correction_reaches_whoever_was_told_and_listens(path):
    for number in range(2):
        path.world.add_person(f"Person {number}")
    deleted, paused, stopped, late = (path.world.chats[person] for person in path.world.people)
    story_id = await told(path, deleted, paused, stopped)
    gone = tables.filters.update().where(tables.filters.c.subscriber_id == 1).values(state="deleted")
    path.database.write_now(lambda c: c.execute(gone.values(changed_at=utc_now())))
    for who, state in ((2, SubscriberState.PAUSED), (3, SubscriberState.STOPPED)):
        await path.database.write(partial(subscribers.set_state, subscriber_id=who, state=state))
    path.follow(late, "ferry")
    await grown(path, story_id, CORRECTED)
    await grown(path, story_id, FACT)
    assert path.heard(deleted) == [
        "Ferry strike",
        "Correction: Harbour now says: Eight ferries stay in port. (before: Nine ferries stay in port.)",
    ]
    assert [path.heard(chat) for chat in (paused, stopped)] == [["Ferry strike"]] * 2
    assert path.heard(late) == ["Ferry strike", SAID]


async def test_a_withdrawal_is_told(path):
    story_id = await told(path, path.ada)
    await grown(path, story_id, WITHDRAWN)
    assert path.heard(path.ada)[1] == "Withdrawn: Harbour has withdrawn this: Ferry strike"


async def test_an_alert_that_its_reader_deleted_does_not_lose_what_is_new(path):
    story_id = await told(path, path.ada)
    (first,) = alerts(path.ada)
    path.world.remove(path.ada, first)
    await grown(path, story_id, FACT)
    assert path.heard(path.ada) == [SAID]
    assert alerts(path.ada)[0].reply_to is None


async def test_in_a_group_that_moved_no_other_message_is_taken_for_the_alert(path):
    story_id = await told(path, path.world.group)
    new = path.world.migrate(path.world.group.id, announce=False)
    await grown(path, story_id, FACT)
    (found,) = alerts(new)
    assert (found.reply_to, found.body.text.splitlines()[:3]) == (None, ["Ferry strike", "", SAID])


async def test_a_follow_up_cut_off_by_a_crash_comes_again_and_tells_no_change_twice_after_it(path):
    story_id = await told(path, path.ada)
    path.grow(story_id, FACT)
    await path.run("match")
    path.written(story_id, digest("Ferry strike"))
    path.stages["send"]._pace.__init__()  # a second has gone by
    path.database.dies_after = 1  # it is claimed and sent, and not recorded
    with pytest.raises(Crash):
        await path.run("send")
    path.database.dies_after = None
    path.database.write_now(lambda c: take_back(c, now=utc_now()))
    await path.sent()
    assert path.heard(path.ada) == ["Ferry strike", SAID, SAID]
    await grown(path, story_id, STAGE)
    assert path.heard(path.ada)[3:] == ["New: The ferry crews have gone back. – Harbour"]


async def test_while_telegram_does_not_answer_follow_ups_become_one(path):
    story_id = await told(path, path.ada)
    await path.telegram.fault("error500", chat_id=path.ada.id)
    path.grow(story_id, FACT)
    await path.run("match")
    path.written(story_id, digest("Ferry strike"))
    await path.run("send")
    await grown(path, story_id, STAGE)
    first, second = alerts(path.ada)
    assert second.reply_to == first.id
    before = "(before: Two ferries stay in port.)"
    assert second.body.text == f"{SAID}\n{before}\n\nNew: The ferry crews have gone back. – Harbour"


async def test_what_was_taken_back_before_it_was_told_is_dropped(path):
    story_id = await told(path, path.ada)
    path.grow(story_id, FACT)
    await path.run("match")
    path.database.write_now(lambda c: c.execute(sa.delete(tables.changes)))
    path.written(story_id, digest("Ferry strike"))
    await path.sent()
    assert path.heard(path.ada) == ["Ferry strike"]
    assert path.rows(tables.deliveries, "state", "reason")[1:] == [
        (DeliveryState.DROPPED, "nothing is new any more")
    ]


async def test_each_alert_and_follow_up_has_its_buttons_under_its_last_part(path):
    long = [f"Sentence {number} of the ferry: {'word ' * 60}ends here." for number in range(20)]
    passage = Evidence(0, 0, 9, None, "Harbour", None, "Nine ferries stay in port, it says.")
    first = Digest("Ferry strike", tuple(long), (), (), "by hand", evidence=((passage,),) * 20)
    story_id = path.order(first, path.follow(path.ada, "ferry"))
    await path.sent(30)
    await grown(path, story_id, FACT)
    shown = [[button["callback_data"] for row in one.keyboard for button in row] for one in alerts(path.ada)]
    assert shown == [[], *([f"1:src:{story_id}:{n}", f"1:why:{story_id}:{n}"] for n in (1, 2))]
    assert {b["text"] for one in alerts(path.ada) for row in one.keyboard for b in row} == {"Sources", "Why?"}
