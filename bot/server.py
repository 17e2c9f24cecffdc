"""In from the web: the one ASGI server, with health and metrics."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.errors import ConfigError

_DRAIN_SECONDS = 2


class _Quiet(uvicorn.Server):
    """uvicorn without its own signal handlers: the process has one owner, `bot.app`."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


class Server:
    """Serves on `host:port`; port 0 takes a free one, told by `port` once it is bound."""

    def __init__(self, *, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self._server: _Quiet | None = None
        self._task: asyncio.Task[None] | None = None
        self._socket: socket.socket | None = None

    def bind(self) -> None:
        """Takes the port; raises ConfigError when another program has it."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        taken = socket.socket(family, socket.SOCK_STREAM)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind((self.host, self.port))
        except (OSError, OverflowError) as error:
            taken.close()
            raise ConfigError(
                f"server.port: cannot listen on {self.host}:{self.port} ({error}); "
                f"choose another with NTK_SERVER__PORT"
            ) from error
        taken.listen(128)
        taken.setblocking(False)  # noqa: FBT003 - the socket API
        self._socket = taken
        self.port = taken.getsockname()[1]

    @property
    def url(self) -> str:
        """Where to find it, for a browser on this machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host and not host.startswith('[') else host}:{self.port}"

    async def start(self, routes: Sequence[BaseRoute]) -> None:
        """Answers from now on."""
        if self._socket is None:
            self.bind()
        assert self._socket is not None
        config = uvicorn.Config(
            Starlette(routes=list(routes)),
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=_DRAIN_SECONDS,
        )
        self._server = _Quiet(config)
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]), name="server")
        while not self._server.started and not self._task.done():  # noqa: ASYNC110 - uvicorn has no event
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """Lets requests in hand finish, two seconds at most."""
        if self._server is not None and self._task is not None:
            self._server.should_exit = True
            await self._task
        if self._socket is not None:
            self._socket.close()


def health_route(health: Callable[[], Mapping[str, Any]]) -> Route:
    """`/health`: 200 while `health()["ok"]` is true, else 503; the body says why."""

    async def answer(_: Request) -> Response:
        state = health()
        return JSONResponse(dict(state), status_code=200 if state["ok"] else 503)

    return Route("/health", answer)


def metrics_route(registry: CollectorRegistry) -> Route:
    """`/metrics` for Prometheus."""

    async def answer(_: Request) -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return Route("/metrics", answer)
