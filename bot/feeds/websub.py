"""Subscriptions to hubs, asked for and renewed, so that news comes in seconds (https://www.w3.org/TR/websub/).

The hub confirms through `bot.feeds.callback`. Whatever goes wrong, the feed is polled as if it had no hub.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from ipaddress import ip_address

from bot.errors import OwnNetworkError, RemoteError
from bot.feeds.fetch import retry_after_seconds
from bot.links import split
from bot.logs import get_logger
from bot.model import PushState
from bot.slots import Slots
from bot.storage import pushes
from bot.storage.database import Database
from bot.storage.pushes import PushForHub
from bot.times import utc_now
from bot.web import Web, redacted

_log = get_logger(__name__)

PATH = "/websub"
LEASE_SECONDS = 10 * 86_400  # "a good default" (section 8)

_SLOTS = 4
_WAIT_SECONDS = 0.25
_MOST_BYTES = 64 * 1024  # of an answer that is not even read
_DAY = timedelta(days=1)
# After the first request, the second, and so on, while the hub is silent.
_PATIENCE = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), _DAY)
_OWN_NETWORK_WAIT = timedelta(minutes=5)
_LATER = frozenset({408, 425, 429})  # the only 4xx that mean "not now"
_OK, _REDIRECT, _WRONG, _BROKEN = 200, 300, 400, 500


class Subscribe:
    """Claims subscriptions that are due, and asks their hubs. `public_url` is where hubs reach our server."""

    name = "subscribe"

    def __init__(
        self,
        *,
        database: Database,
        web: Web,
        public_url: str,
        lease: timedelta,
        shortest: timedelta = timedelta(minutes=2),
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._database = database
        self._web = web
        self._public_url = public_url.rstrip("/")
        self._lease = lease
        self._shortest = shortest
        self._clock = clock
        self._slots = Slots(_SLOTS, name=self.name)
        self._is_known = False
        # How often a hub was asked for one and the same lease; in memory, for a restart may well begin anew.
        self._tries: dict[int, tuple[datetime | None, int]] = {}

    async def step(self) -> bool:
        """One claim, and one wait for what is under way; whether there is more."""
        if not self._is_known:
            await self._make_known()
        await self._claim()
        await self._slots.wait(_WAIT_SECONDS)
        return self._slots.busy

    async def drain(self, timeout_seconds: float) -> None:
        """Lets requests in hand finish."""
        await self._slots.drain(timeout_seconds)

    async def _make_known(self) -> None:
        anew = partial(
            pushes.answer_at, public_url=self._public_url, now=self._clock(), shortest=self._shortest
        )
        count = await self._database.write(anew)
        self._is_known = True
        if count:
            _log.info("pushes_asked_anew", hubs=count, because="server.public_url has changed")

    async def _claim(self) -> None:
        if not self._slots.free:
            return
        claim = partial(
            pushes.claim_pushes,
            public_url=self._public_url,
            now=self._clock(),
            lease=self._lease,
            limit=self._slots.free,
            shortest=self._shortest,
        )
        found, claimed = await self._database.write(claim)
        for push_id in claimed.parked:
            _log.error("push_parked", push_id=push_id, mend="needtoknow retry")
        for push in found:
            self._slots.start(self._ask(push))

    async def _ask(self, push: PushForHub) -> None:
        try:
            hub = await self._request(push)
        except OwnNetworkError as error:
            again_at = self._clock() + _OWN_NETWORK_WAIT
            await self._database.write(
                partial(pushes.put_off, push=push, error=str(error), again_at=again_at)
            )
        except RemoteError as error:
            await self._failed(push, error)
        else:
            again_at = self._clock() + self._patience(push)
            await self._database.write(partial(pushes.record_asked, push=push, hub=hub, again_at=again_at))
            _log.info("push_asked", feed=push.feed_url, hub=redacted(hub), renewal=_is_renewal(push))

    async def _request(self, push: PushForHub) -> str:
        """Asks the hub, over https wherever it can be had (section 8); the address that took the request."""
        better = over_https(push.hub)
        if better != push.hub:
            try:
                await self._post(push, better)
            except OwnNetworkError:
                raise
            except RemoteError as error:
                _log.debug("push_without_https", feed=push.feed_url, error=str(error))
            else:
                return better
        await self._post(push, push.hub)
        return push.hub

    async def _post(self, push: PushForHub, hub: str) -> None:
        form = {
            "hub.mode": "subscribe",
            "hub.topic": push.topic,
            "hub.callback": f"{self._public_url}{PATH}/{push.token}",
            "hub.lease_seconds": str(LEASE_SECONDS),
        }
        if keeps_secrets(hub):
            form["hub.secret"] = push.secret
        answer = await self._web.post(hub, form=form, max_bytes=_MOST_BYTES)
        status = answer.status
        if _OK <= status < _REDIRECT:  # 202 by the book; 204 from hubs older than it
            return
        raise RemoteError(
            f"{redacted(hub)} answered {status}",
            permanent=_WRONG <= status < _BROKEN and status not in _LATER,
            status=status,
            retry_after=retry_after_seconds(answer.headers.get("Retry-After"), self._clock()),
        )

    async def _failed(self, push: PushForHub, error: RemoteError) -> None:
        now = self._clock()
        wait = _DAY if error.permanent else self._patience(push)
        again_at = now + max(wait, timedelta(seconds=error.retry_after or 0))
        if _is_renewal(push) and not error.permanent:
            # The lease still runs, and there is time to ask again before it ends.
            await self._database.write(
                partial(pushes.put_off, push=push, error=str(error), again_at=again_at)
            )
        else:
            await self._database.write(
                partial(
                    pushes.record_refused,
                    push=push,
                    error=str(error),
                    again_at=again_at,
                    now=now,
                    shortest=self._shortest,
                )
            )
        _log.warning(
            "push_refused", feed=push.feed_url, hub=redacted(push.hub), reason=str(error), again_at=again_at
        )

    def _patience(self, push: PushForHub) -> timedelta:
        lease, tries = self._tries.get(push.id, (push.lease_until, 0))
        tries = tries if lease == push.lease_until else 0
        self._tries[push.id] = (push.lease_until, tries + 1)
        wait = _PATIENCE[min(tries, len(_PATIENCE) - 1)]
        return wait * (1 + random.random() / 10)  # noqa: S311 - spreads requests, guards nothing


def keeps_secrets(hub: str) -> bool:
    """Whether a hub at this address is told a secret, and so signs what it pushes (section 5.1).

    Over https only, or where nothing leaves the machine.
    """
    parts = split(hub)
    return parts is not None and (parts.scheme == "https" or _is_loopback(hub))


def over_https(hub: str) -> str:
    """The same hub by https, if it stands at the usual port; many feeds still name the old address."""
    parts = split(hub)
    if parts is None or parts.scheme != "http" or ":" in parts.netloc or _is_loopback(hub):
        return hub
    return parts._replace(scheme="https").geturl()


def _is_loopback(url: str) -> bool:
    parts = split(url)
    host = (parts.hostname if parts else None) or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _is_renewal(push: PushForHub) -> bool:
    return push.state == PushState.VERIFIED
