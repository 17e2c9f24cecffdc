"""The chat page and its own small API: what people do, live events, and faults on demand."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.errors import InputError
from bot.playground.faults import Fault, FaultKind
from bot.playground.guard import LoopbackGuard
from bot.playground.params import read_body, read_json
from bot.playground.refusals import RefusedError
from bot.playground.residents import Json
from bot.playground.world import World

SHOWN = 300  # messages of a chat that the page gets at first
HEARTBEAT = 15.0  # seconds between signs of life on a quiet stream
_MAX_FAULT_TIMES = 1_000
_MAX_RETRY_AFTER = 3_600
_FILES = Path(__file__).parent / "page"
_KINDS = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
# Everything the page needs is its own: no inline script or style, no foreign address, no frames.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}

Act = Callable[[Json], Json]


@dataclass(frozen=True, slots=True)
class PageConfig:
    """What the host says on its page: a title, lines above the list, and words to try."""

    title: str
    notices: tuple[str, ...]
    suggestions: tuple[str, ...]


class Page:
    """Serves the page's files, its state, its stream and what people do there."""

    def __init__(self, world: World, config: PageConfig) -> None:
        self._world = world
        self._config = config

    def routes(self) -> list[BaseRoute]:
        """`/` and all under `/playground/`."""
        guard = [Middleware(LoopbackGuard)]

        def route(path: str, endpoint: Callable[[Request], Awaitable[Response]], *methods: str) -> Route:
            return Route(path, endpoint, methods=methods, middleware=guard)

        return [
            route("/", self.index, "GET"),
            route("/playground/static/{name}", self.static, "GET"),
            route("/playground/state", self.state, "GET"),
            route("/playground/events", self.events, "GET"),
            route("/playground/messages", _acting(self._say), "POST"),
            route("/playground/press", _acting(self._press), "POST"),
            route("/playground/people", _acting(self._add_person), "POST"),
            route("/playground/block", _acting(self._block), "POST"),
            route("/playground/faults", self.faults, "GET", "DELETE"),
            route("/playground/faults", _acting(self._add_fault), "POST"),
        ]

    async def index(self, _: Request) -> Response:
        """The page."""
        return _file("index.html")

    async def static(self, request: Request) -> Response:
        """One of the page's files, by its bare name."""
        name = request.path_params["name"]
        if name not in {path.name for path in _FILES.iterdir()}:
            return Response("Not Found", 404)
        return _file(name)

    async def state(self, _: Request) -> Response:
        """All that the page shows, at this moment."""
        world = self._world
        chats = [
            world.chat_state(chat)
            | {"messages": [chat.message_json(one) for one in list(chat.messages.values())[-SHOWN:]]}
            for chat in world.chats.values()
        ]
        state = {
            "title": self._config.title,
            "notices": self._config.notices,
            "suggestions": self._config.suggestions,
            "bot": world.bot.as_json() | {"description": world.description},
            "people": [person.as_json() for person in world.people.values()],
            "chats": chats,
        }
        return JSONResponse(state, headers={"Cache-Control": "no-store"})

    async def events(self, _: Request) -> Response:
        """What happens from now on, as Server-Sent Events; the first says hello: fetch the state now."""
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._stream(), media_type="text/event-stream", headers=headers)

    async def _stream(self) -> AsyncIterator[str]:
        with self._world.live.listen() as listener:
            yield f"retry: 1000\n{_event({'kind': 'hello'})}"
            while (event := await listener.next(HEARTBEAT)) is not None:
                yield _event(event) if event else ": still here\n\n"

    async def faults(self, request: Request) -> Response:
        """The faults that still wait; DELETE forgets them."""
        if request.method == "DELETE":
            self._world.faults.clear()
        return JSONResponse({"faults": self._world.faults.as_json()})

    def _say(self, asked: Json) -> Json:
        reply_to = _optional(asked, "reply_to")
        person, chat_id = _whole(asked, "person"), _whole(asked, "chat_id")
        message = self._world.say(person, chat_id, _text(asked, "text"), reply_to)
        return {"message_id": message.id}

    def _press(self, asked: Json) -> Json:
        person, chat_id = _whole(asked, "person"), _whole(asked, "chat_id")
        message_id, data = _whole(asked, "message_id"), _text(asked, "data")
        return {"query_id": self._world.press(person, chat_id, message_id, data)}

    def _add_person(self, asked: Json) -> Json:
        person = self._world.add_person(_text(asked, "name"))
        return {"person": person.as_json()}

    def _block(self, asked: Json) -> Json:
        blocked = asked.get("blocked")
        if not isinstance(blocked, bool):
            raise InputError('"blocked" is true or false.')
        self._world.block(_whole(asked, "person"), _whole(asked, "chat_id"), blocked=blocked)
        return {"blocked": blocked}

    def _add_fault(self, asked: Json) -> Json:
        kind = _text(asked, "kind")
        if kind == "migrate":  # a lasting change, not weather
            moved = self._world.migrate(_whole(asked, "chat_id"), announce=asked.get("announce") is True)
            return {"migrate_to_chat_id": moved.id}
        if kind not in set(FaultKind):
            raise InputError(f'"kind" is one of: {", ".join(FaultKind)}, migrate.')
        method = _text(asked, "method").casefold() if "method" in asked else None
        self._world.faults.add(
            Fault(
                FaultKind(kind),
                _optional(asked, "chat_id"),
                method,
                retry_after=_between(asked, "retry_after", _MAX_RETRY_AFTER),
                times=_between(asked, "times", _MAX_FAULT_TIMES),
            )
        )
        return {"faults": self._world.faults.as_json()}


def _acting(act: Act) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that reads a JSON object, acts, and answers 400 with a sentence when it cannot."""

    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(act(await _asked(request)))
        except InputError as error:
            return JSONResponse({"error": str(error)}, 400)
        except RefusedError as refused:
            return JSONResponse({"error": refused.description}, refused.code)

    return endpoint


async def _asked(request: Request) -> Json:
    # A plain form cannot send this type across sites without asking the browser first.
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise InputError("Send JSON, with Content-Type: application/json.")
    try:
        asked = read_json(await read_body(request))
    except ValueError as error:
        raise InputError("That is no JSON.") from error
    if not isinstance(asked, dict):
        raise InputError("Send a JSON object.")
    return asked


def _text(asked: Json, name: str) -> str:
    value = asked.get(name)
    if not isinstance(value, str):
        raise InputError(f'"{name}" is a string.')
    return value


def _whole(asked: Json, name: str) -> int:
    value = asked.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise InputError(f'"{name}" is a whole number.')
    return value


def _optional(asked: Json, name: str) -> int | None:
    return None if asked.get(name) is None else _whole(asked, name)


def _between(asked: Json, name: str, most: int) -> int:
    value = _whole({name: 1} | asked, name)
    if not 1 <= value <= most:
        raise InputError(f'"{name}" is from 1 to {most}.')
    return value


def _event(facts: dict[str, Any]) -> str:
    return f"data: {json.dumps(facts, separators=(',', ':'))}\n\n"


def _file(name: str) -> Response:
    path = _FILES / name
    return FileResponse(path, media_type=_KINDS.get(path.suffix, "text/plain"), headers=_HEADERS)
