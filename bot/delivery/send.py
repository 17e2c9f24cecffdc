"""Stage six: the outbox empties. At least once, and at most one duplicate a message in flight at a crash."""

import asyncio
from datetime import timedelta
from functools import partial
from typing import assert_never

from bot.buttons import Action, encode
from bot.delivery.news import news
from bot.delivery.policy import CHAT_GAP, Pace, back_off
from bot.delivery.render import Message, alert
from bot.delivery.telegram import Button, Gone, Later, Moved, Outcome, Refused, Sent, Telegram
from bot.logs import get_logger
from bot.model import DeliveryKind, SubscriberState
from bot.slots import Slots
from bot.storage import deliveries as store
from bot.storage import subscribers
from bot.storage.database import Database
from bot.storage.deliveries import DeliveryForSend
from bot.times import utc_now

_log = get_logger(__name__)

_SLOTS = 30
_WAIT_SECONDS = 0.05


class Send:
    """Claims due deliveries, no faster than Telegram allows, and sends each in a slot of its own."""

    name = "send"

    def __init__(
        self, *, database: Database, telegram: Telegram, lease: timedelta, pace: Pace | None = None
    ) -> None:
        self._database = database
        self._telegram = telegram
        self._lease = lease
        self._slots = Slots(_SLOTS, name=self.name)
        self._pace = pace or Pace()
        self._in_hand: set[int] = set()

    async def step(self) -> bool:
        """One claim, or one wait for what is under way; whether there is more."""
        now = utc_now()
        busy = self._pace.waiting(now=now) | self._in_hand
        if room := self._slots.free:
            claim = partial(store.claim_due, now=now, lease=self._lease, limit=room, busy=busy)
            found, claimed = await self._database.write(claim)
            for delivery_id in claimed.parked:
                _log.error("delivery_parked", delivery_id=delivery_id, mend="needtoknow retry")
            for delivery in found:
                self._in_hand.add(delivery.subscriber_id)
                self._slots.start(self._send(delivery))
        if self._slots.busy:
            await self._slots.wait(_WAIT_SECONDS)
            return True
        return False

    async def drain(self, timeout_seconds: float) -> None:
        """Lets messages in hand arrive and be recorded."""
        await self._slots.drain(timeout_seconds)

    async def _send(self, delivery: DeliveryForSend) -> None:
        try:
            await self._send_parts(delivery)
        finally:
            self._in_hand.discard(delivery.subscriber_id)

    async def _send_parts(self, delivery: DeliveryForSend) -> None:
        messages = messages_of(delivery)
        if not messages:
            nothing = partial(store.record_dropped, delivery_id=delivery.id, reason="nothing is new any more")
            await self._database.write(nothing)
            return
        buttons = [
            Button(label, encode(action, delivery.story_id, delivery.revision))
            for label, action in (("Sources", Action.SOURCES), ("Why?", Action.WHY))
        ]
        arrived = list(delivery.message_ids)
        for number, message in enumerate(messages[len(arrived) :]):
            if number:
                await asyncio.sleep(CHAT_GAP.total_seconds())
            await self._turn(delivery)
            outcome = await self._telegram.send(
                delivery.chat_id,
                message,
                reply_to=None if arrived else delivery.reply_to,
                buttons=buttons if len(arrived) == len(messages) - 1 else (),
            )
            if not isinstance(outcome, Sent):
                await self._not_sent(delivery, outcome)
                return
            arrived.append(outcome.message_id)
            if len(arrived) < len(messages):
                await self._database.write(
                    partial(store.record_part, delivery_id=delivery.id, message_ids=arrived)
                )
        await self._database.write(
            partial(store.record_sent, delivery_id=delivery.id, message_ids=arrived, now=utc_now())
        )
        _log.info(
            "alert_sent",
            delivery_id=delivery.id,
            story_id=delivery.story_id,
            kind=delivery.tells.value,
            messages=len(messages),
        )

    async def _turn(self, delivery: DeliveryForSend) -> None:
        now = utc_now()
        at = self._pace.take_turn(now=now)
        self._pace.note(delivery.subscriber_id, delivery.kind, now=at)
        await asyncio.sleep((at - now).total_seconds())

    async def _not_sent(self, delivery: DeliveryForSend, outcome: Outcome) -> None:
        now = utc_now()
        match outcome:
            case Later(reason=reason, wait=wait):
                due_at = now + (back_off(delivery.claims) if wait is None else wait)
                # For this chat alone: the others go on.
                self._pace.hold(delivery.subscriber_id, due_at)
                later = partial(store.record_later, delivery_id=delivery.id, due_at=due_at, reason=reason)
                failed = partial(
                    store.record_failed,
                    delivery_id=delivery.id,
                    claims=delivery.claims,
                    due_at=due_at,
                    reason=reason,
                )
                await self._database.write(later if wait is not None else failed)
            case Moved(chat_id=chat_id):
                await self._database.write(
                    lambda c: subscribers.move(c, delivery.subscriber_id, chat_id, now=now)
                )
                moved = partial(
                    store.record_later, delivery_id=delivery.id, due_at=now, reason="the group moved"
                )
                await self._database.write(moved)
            case Gone(reason=reason):
                # Drops what is pending for the chat, this delivery included.
                await self._database.write(
                    lambda c: subscribers.set_state(
                        c, delivery.subscriber_id, SubscriberState.PAUSED, reason=reason
                    )
                )
            case Refused(reason=reason):
                drop = partial(store.record_dropped, delivery_id=delivery.id, reason=reason)
                await self._database.write(drop)
            case Sent():
                raise AssertionError("sent is not a failure")
            case _:
                assert_never(outcome)
        _log.warning(
            "alert_not_sent",
            delivery_id=delivery.id,
            outcome=type(outcome).__name__.lower(),
            reason=getattr(outcome, "reason", None),
        )


def messages_of(delivery: DeliveryForSend) -> list[Message]:
    """What its reader gets; nothing, when what was new has been taken back before it was told."""
    if delivery.tells == DeliveryKind.ALERT:
        return alert(delivery.digest, delivery.matches)
    return news(
        delivery.digest,
        delivery.changes,
        had=delivery.had,
        follows=bool(delivery.matches),
        alone=delivery.reply_to is None,
    )
