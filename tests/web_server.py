"""A real HTTP server on loopback that answers exactly the bytes a test wants, however wrong."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

type_of_answer = Callable[["Request", asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]


@dataclass
class WebServer:
    port: int = 0
    answers: dict[str, type_of_answer] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    at_once: int = 0
    most_at_once: int = 0

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def on(self, path: str, body: bytes = b"", *, status: int = 200, headers: dict[str, str] | None = None):
        self.answers[path] = fixed(body, status=status, headers=headers)
        return self.url(path)

    def redirect(self, path: str, target: str, status: int = 301) -> str:
        return self.on(path, status=status, headers={"Location": target})

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                lines = (line.partition(":") for line in head[1:] if line)
                request = Request(head[0].split(" ")[1], {k.lower(): v.strip() for k, _, v in lines})
                self.requests.append(request)
                self.at_once += 1
                self.most_at_once = max(self.at_once, self.most_at_once)
                try:
                    await self.answers.get(request.path, fixed(b"", status=404))(request, writer)
                    await writer.drain()
                finally:
                    self.at_once -= 1
                if writer.is_closing():
                    break
        writer.close()


def fixed(body: bytes, *, status: int = 200, headers: dict[str, str] | None = None) -> type_of_answer:
    async def answer(_request: Request, writer: asyncio.StreamWriter) -> None:
        has_body = status not in {204, 304}
        sent = {"Content-Length": str(len(body))} if has_body else {}
        lines = "".join(f"{name}: {value}\r\n" for name, value in (sent | (headers or {})).items())
        writer.write(f"HTTP/1.1 {status} Said\r\n{lines}\r\n".encode() + (body if has_body else b""))

    return answer


@contextlib.asynccontextmanager
async def serving() -> AsyncIterator[WebServer]:
    web_server = WebServer()
    tasks: set[asyncio.Task] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())
        try:
            await web_server.serve(reader, writer)
        except asyncio.CancelledError:
            writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    web_server.port = server.sockets[0].getsockname()[1]
    try:
        yield web_server
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
