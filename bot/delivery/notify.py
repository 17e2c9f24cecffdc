"""Words about the bot itself, sent as alerts are: at least once, and never faster than Telegram allows."""

import asyncio
from datetime import timedelta
from functools import partial
from html import escape
from typing import assert_never

from bot.delivery.policy import Pace, back_off
from bot.delivery.render import Message
from bot.delivery.telegram import Gone, Later, Moved, Refused, Sent, Telegram
from bot.logs import get_logger
from bot.model import NoticeState
from bot.storage import notices as store
from bot.storage.database import Database
from bot.storage.notices import NoticeForSend
from bot.times import utc_now

_log = get_logger(__name__)

_BATCH = 20


class Notify:
    """Claims due notices and sends one after the other: there are few, and none is urgent."""

    name = "notify"

    def __init__(self, *, database: Database, telegram: Telegram, lease: timedelta, pace: Pace) -> None:
        self._database = database
        self._telegram = telegram
        self._lease = lease
        self._pace = pace

    async def step(self) -> bool:
        """One batch; whether there is more."""
        claim = partial(store.claim_notices, now=utc_now(), lease=self._lease, limit=_BATCH)
        found, claimed = await self._database.write(claim)
        for notice_id in claimed.parked:
            _log.error("notice_parked", notice_id=notice_id, mend="needtoknow retry")
        for notice in found:
            await self._send(notice)
        return bool(found)

    async def drain(self, timeout_seconds: float) -> None:
        """Nothing is under way between two steps."""

    async def _send(self, notice: NoticeForSend) -> None:
        now = utc_now()
        await asyncio.sleep((self._pace.take_turn(now=now) - now).total_seconds())
        message = Message(html=escape(notice.text, quote=False), plain=notice.text)
        outcome = await self._telegram.send(notice.chat_id, message)
        match outcome:
            case Sent():
                _log.info("notice_sent", notice_id=notice.id)
                work = partial(store.record_notice, notice_id=notice.id, state=NoticeState.SENT)
            case Later(wait=wait, reason=reason):
                due_at = utc_now() + (back_off(notice.claims) if wait is None else wait)
                _log.info("notice_waits", notice_id=notice.id, reason=reason, until=due_at)
                work = partial(
                    store.postpone_notice, notice_id=notice.id, due_at=due_at, chat_id=notice.chat_id
                )
            case Moved(chat_id=chat_id):
                work = partial(store.postpone_notice, notice_id=notice.id, due_at=utc_now(), chat_id=chat_id)
            case Gone(reason=reason) | Refused(reason=reason):
                _log.info("notice_dropped", notice_id=notice.id, reason=reason)
                work = partial(
                    store.record_notice, notice_id=notice.id, state=NoticeState.DROPPED, reason=reason
                )
            case _:
                assert_never(outcome)
        await self._database.write(work)
