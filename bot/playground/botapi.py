"""The Bot API over HTTP: tokens, long polls, faults on demand, and answers shaped like Telegram's."""

import secrets
from typing import Any

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from bot.playground.faults import Fault, FaultKind
from bot.playground.guard import LoopbackGuard
from bot.playground.methods import METHODS
from bot.playground.params import Params, read_params
from bot.playground.refusals import RefusedError, bad_request, too_many_requests
from bot.playground.world import World

MAX_POLL = 50  # seconds; Telegram's own bound
MAX_UPDATES = 100


class BrokenOff(Response):
    """An answer that never comes: the connection breaks after the headers."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Promises a byte and leaves; the server closes the connection on the spot."""
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})


class BotApi:
    """Answers `/bot<token>/<method>` for one token."""

    def __init__(self, world: World, *, token: str) -> None:
        self._world = world
        self._token = token

    def routes(self) -> list[BaseRoute]:
        """The one route, for GET and POST alike."""
        path = "/bot{token}/{method}"
        guard = [Middleware(LoopbackGuard)]
        return [Route(path, self.call, methods=["GET", "POST"], middleware=guard)]

    async def call(self, request: Request) -> Response:
        """Answers one call."""
        try:
            self._check_token(request.path_params["token"])
            return await self._answer(request.path_params["method"].casefold(), await read_params(request))
        except RefusedError as refused:
            wait = refused.parameters.get("retry_after")
            headers = {} if wait is None else {"Retry-After": str(wait)}
            return JSONResponse(refused.as_json(), refused.code, headers=headers)

    def _check_token(self, token: str) -> None:
        if not secrets.compare_digest(token.encode(), self._token.encode()):
            raise RefusedError(401, "Unauthorized")

    async def _answer(self, method: str, params: Params) -> Response:
        fault = self._world.faults.take(method, params.whole("chat_id"))
        if fault is not None and fault.kind is not FaultKind.DROP:
            raise self._weather(fault, params)
        result = await self._result(method, params)
        return BrokenOff() if fault is not None else JSONResponse({"ok": True, "result": result})

    async def _result(self, method: str, params: Params) -> Any:
        if method == "getupdates":
            return await self._updates(params)
        if method not in METHODS:
            raise RefusedError(404, "Not Found: method not found")
        return METHODS[method](self._world, params)

    async def _updates(self, params: Params) -> list[dict[str, Any]]:
        allowed = params.thing("allowed_updates")
        if allowed is not None:  # absent: what was asked for last time still holds
            if not isinstance(allowed, list):
                raise bad_request("can't parse allowed updates JSON array")
            self._world.updates.allow([str(kind) for kind in allowed])
        return await self._world.updates.get(
            offset=params.whole("offset") or 0,
            limit=min(max(params.whole("limit") or MAX_UPDATES, 1), MAX_UPDATES),
            timeout=min(max(params.whole("timeout") or 0, 0), MAX_POLL),
        )

    def _weather(self, fault: Fault, params: Params) -> RefusedError:
        """The refusal that a fault asks for."""
        match fault.kind:
            case FaultKind.RETRY_AFTER:
                return too_many_requests(fault.retry_after)
            case FaultKind.BLOCKED:
                chat = self._world.chats.get(params.whole("chat_id") or 0)
                return self._world.shut_out(chat) if chat else bad_request("chat not found")
            case FaultKind.UNAUTHORIZED:
                return RefusedError(401, "Unauthorized")
            case _:
                return RefusedError(500, "Internal Server Error")
