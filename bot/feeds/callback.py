"""Where hubs find us (https://www.w3.org/TR/websub/): they confirm subscriptions, and push what is new.

Only who knows the token in the address gets past the door, and only what is signed with the subscription's
secret is read: anything else is at most a hint to poll.
"""

import asyncio
import hmac
import random
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.errors import InputError
from bot.feeds.ingest import Taken, take_in
from bot.feeds.reading import Reading, read
from bot.feeds.websub import LEASE_SECONDS, PATH, keeps_secrets
from bot.logs import get_logger
from bot.offload import Offload
from bot.storage import pushes
from bot.storage.database import Database
from bot.storage.pushes import PushTarget
from bot.text import squash
from bot.times import utc_now
from bot.web import redacted

_log = get_logger(__name__)

_TOKEN = re.compile(r"[\w-]{1,64}", re.ASCII)
_MOST_CHALLENGE = 1024
_MOST_REASON = 200
_SHORTEST_LEASE = timedelta(minutes=5)  # less, and we would do nothing but renew
_LONGEST_LEASE = timedelta(days=30)
_RENEW_AFTER = 0.75  # of the lease, give or take a twentieth, so that not all are renewed at once
_DENIED_FOR = timedelta(days=1)
_AT_ONCE = 4
_BODY_SECONDS = 15.0
_PARSE_SECONDS = 20.0
_SIGNATURES = frozenset(
    {"sha1", "sha256", "sha384", "sha512"}
)  # section 7.1.1; most hubs still use the first
# Section 8: what is echoed must not become a page.
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'",
    "Cache-Control": "no-store",
}
_TAKEN = 202


def websub_route(
    *,
    database: Database,
    offload: Offload,
    max_bytes: int,
    on_news: Callable[[], Awaitable[None]] | None = None,
    shortest: timedelta = timedelta(minutes=2),
    clock: Callable[[], datetime] = utc_now,
) -> Route:
    """`/websub/TOKEN` for hubs; `max_bytes` caps a push, `on_news` wakes whoever reads new entries, or polls.

    `shortest` is the least time between two polls of a feed: how soon it is due when its hub lets it down.
    """
    door = _Callback(
        database=database,
        offload=offload,
        max_bytes=max_bytes,
        on_news=on_news,
        shortest=shortest,
        clock=clock,
    )
    return Route(f"{PATH}/{{token}}", door.answer, methods=["GET", "POST"])


class _Callback:
    def __init__(
        self,
        *,
        database: Database,
        offload: Offload,
        max_bytes: int,
        on_news: Callable[[], Awaitable[None]] | None,
        shortest: timedelta,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._offload = offload
        self._max_bytes = max_bytes
        self._on_news = on_news
        self._shortest = shortest
        self._clock = clock
        self._in_hand = 0

    async def answer(self, request: Request) -> Response:
        """A hub's question, or what it pushes."""
        if request.method == "HEAD":  # Starlette adds it to GET, but a confirmation is more than a look
            return _said(405)
        token = request.path_params["token"]
        target = None
        if _TOKEN.fullmatch(token):
            target = await self._database.read(partial(pushes.find_push, token=token))
        if target is None:
            return _said(404)
        return await (
            self._pushed(request, target) if request.method == "POST" else self._asked(request, target)
        )

    async def _asked(self, request: Request, target: PushTarget) -> Response:
        said = request.query_params
        if said.get("hub.topic") != target.topic:
            return _said(404)
        match said.get("hub.mode"):
            case "subscribe" if target.polled:
                return await self._verify(
                    target, said.get("hub.challenge", ""), said.get("hub.lease_seconds")
                )
            case "unsubscribe" if not target.polled:
                return _echo(said.get("hub.challenge", ""))
            case "denied":
                return await self._denied(target, squash(said.get("hub.reason", ""))[:_MOST_REASON])
        return _said(404)  # "does not agree with the action" (section 5.3.1)

    async def _verify(self, target: PushTarget, challenge: str, lease_seconds: str | None) -> Response:
        answer = _echo(challenge)
        if answer.status_code != 200:  # noqa: PLR2004 - there is nothing to echo
            return answer
        now, lease = self._clock(), _lease(lease_seconds)
        spread = _RENEW_AFTER + (random.random() - 0.5) / 10  # noqa: S311 - guards nothing
        is_ours = await self._database.write(
            partial(
                pushes.record_verified,
                token=target.token,
                lease_until=now + lease,
                renew_at=now + lease * spread,
                now=now,
            )
        )
        if not is_ours:
            return _said(404)
        _log.info("push_verified", feed=target.feed_url, hub=redacted(target.hub), lease_until=now + lease)
        return answer

    async def _denied(self, target: PushTarget, reason: str) -> Response:
        now = self._clock()
        error = f"the hub denied it: {reason}" if reason else "the hub denied it"
        await self._database.write(
            partial(
                pushes.record_denied,
                push=target,
                error=error,
                again_at=now + _DENIED_FOR,
                now=now,
                shortest=self._shortest,
            )
        )
        _log.warning("push_refused", feed=target.feed_url, hub=redacted(target.hub), reason=error)
        return _said(200)

    async def _pushed(self, request: Request, target: PushTarget) -> Response:
        if not target.polled:
            await self._database.write(partial(pushes.record_ended, push_id=target.id, now=self._clock()))
            return _said(410)  # section 7: the subscription is over
        if self._in_hand >= _AT_ONCE:
            return _said(503, retry_after=5)
        self._in_hand += 1
        try:
            return await self._receive(request, target)
        finally:
            self._in_hand -= 1

    async def _receive(self, request: Request, target: PushTarget) -> Response:
        if not keeps_secrets(target.hub):
            return await self._poll_instead(target, "its hub has no https, and cannot sign what it pushes")
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                body = await _body(request, self._max_bytes)
        except (TimeoutError, ClientDisconnect):
            return _said(408)
        if body is None:
            self._refused(target, f"larger than the cap of {self._max_bytes:,} bytes")
            return _said(413)
        wrong = _wrong_signature(request.headers.get("X-Hub-Signature"), target.secret, body)
        if wrong:
            # Section 7.1.2: ignored, but acknowledged, so that nobody learns which signatures are right.
            self._refused(target, wrong)
            return _said(_TAKEN)
        return await self._take_in(target, body, request.headers.get("Content-Type"))

    async def _take_in(self, target: PushTarget, body: bytes, content_type: str | None) -> Response:
        place = redacted(target.address)
        try:
            reading = await self._offload.run(read, body, place, content_type, timeout_seconds=_PARSE_SECONDS)
        except InputError as error:
            return await self._poll_instead(target, f"what came could not be read: {error}")
        taken = await self._database.write(
            partial(_enter, token=target.token, reading=reading, now=self._clock())
        )
        if taken is None:
            return await self._poll_instead(target, "its first poll is still to come, or nothing was in it")
        _log.info("push_received", feed=target.feed_url, new=taken.new, changed=taken.changed)
        await self._wake()
        return _said(_TAKEN)  # only now: had we died before, the hub would try again

    async def _poll_instead(self, target: PushTarget, because: str) -> Response:
        is_due = await self._database.write(partial(_ping, target=target, now=self._clock()))
        _log.info("push_received", feed=target.feed_url, polled_because=because)
        if not is_due:
            return _said(503, retry_after=30)  # a poll is under way, and may have come too early
        await self._wake()
        return _said(_TAKEN)

    async def _wake(self) -> None:
        if self._on_news is not None:
            await self._on_news()

    def _refused(self, target: PushTarget, reason: str) -> None:
        _log.warning("push_refused", feed=target.feed_url, hub=redacted(target.hub), reason=reason)


def _enter(connection: sa.Connection, token: str, reading: Reading, *, now: datetime) -> Taken | None:
    """What a push brought; None where only a poll can tell what is new, or nobody polls any more."""
    target = pushes.find_push(connection, token)
    if target is None or not target.polled or target.first or not reading.shown:
        return None
    pushes.record_pushed(connection, target.id, now=now)
    return take_in(connection, target.feed_id, reading, now=now)


def _ping(connection: sa.Connection, target: PushTarget, *, now: datetime) -> bool:
    pushes.record_pushed(connection, target.id, now=now)
    return pushes.poll_now(connection, target.feed_id, now=now)


async def _body(request: Request, cap: int) -> bytes | None:
    """The body, read no further than `cap`; None when there is more."""
    stated = request.headers.get("Content-Length", "0")
    if not stated.isdecimal() or int(stated[:20]) > cap:
        return None
    pieces: list[bytes] = []
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > cap:
            return None
        pieces.append(piece)
    return b"".join(pieces)


def _wrong_signature(header: str | None, secret: str, body: bytes) -> str | None:
    """What is wrong with the signature of a push; None when it is right."""
    if header is None:
        return "it is not signed"
    method, _, stated = header.strip().partition("=")
    method = method.lower()
    if method not in _SIGNATURES:
        return "it is signed in a way that the standard does not know"
    right = hmac.new(secret.encode(), body, method).hexdigest()
    # As bytes: compare_digest takes no text that is not ASCII.
    same = hmac.compare_digest(right.encode(), stated.strip().lower().encode("utf-8", "replace"))
    return None if same else "its signature is wrong"


def _lease(stated: str | None) -> timedelta:
    """For how long the hub says that it will push, within bounds; what we asked for where it does not say."""
    text = (stated or "").strip()
    seconds = int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else LEASE_SECONDS  # noqa: PLR2004 - digits
    return max(_SHORTEST_LEASE, min(timedelta(seconds=seconds), _LONGEST_LEASE))


def _echo(challenge: str) -> Response:
    """The challenge to the letter: that is the proof (section 5.3.1)."""
    if not 0 < len(challenge) <= _MOST_CHALLENGE:
        return _said(400)
    return PlainTextResponse(challenge, headers=_SAFE)


def _said(status: int, *, retry_after: int | None = None) -> Response:
    headers = _SAFE if retry_after is None else {**_SAFE, "Retry-After": str(retry_after)}
    return PlainTextResponse("", status_code=status, headers=headers)
