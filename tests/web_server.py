"""A real HTTP server on loopback that answers exactly the bytes a test wants, however wrong."""

import asyncio
import contextlib
import ssl
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

# For localhost, signed by itself: nobody trusts it, so its key opens nothing.
SELF_SIGNED = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg2bxhKgYs3g7T8XRt
rrSAiy4IV2BoprF+yOVl9Qq5s5GhRANCAARlDkLhf0pKzDwAxzr6rAwpKkqsA/38
tCB55iIxAs5WAsTmOpSiU7yGnvyG7os+kEJ6+es/BfGtze31il4M5qFY
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUMkypbdGHiKG480+TGldHwSnm0P4wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjIwMDg0NloYDzIxMjYxMDI5
MjAwODQ2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARlDkLhf0pKzDwAxzr6rAwpKkqsA/38tCB55iIxAs5WAsTmOpSiU7yG
nvyG7os+kEJ6+es/BfGtze31il4M5qFYo28wbTAdBgNVHQ4EFgQUXQRlRVVutMA/
EvoiL1IXad9OOOwwHwYDVR0jBBgwFoAUXQRlRVVutMA/EvoiL1IXad9OOOwwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIhAIc8rVuqWN1D/uJMYfg6pdEhXMidNltq8ZgWy6WYQMvGAiAR
DSLA8XxBNCxP5Ev8ldVJUunroxDTfv1muUkMGuhZDA==
-----END CERTIFICATE-----
"""

type_of_answer = Callable[["Request", asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    method: str = "GET"
    body: bytes = b""


@dataclass
class WebServer:
    port: int = 0
    scheme: str = "http"
    answers: dict[str, type_of_answer] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    open: int = 0
    most_open: int = 0
    at_once: int = 0
    most_at_once: int = 0

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def on(self, path: str, body: bytes = b"", *, status: int = 200, headers: dict[str, str] | None = None):
        self.answers[path] = fixed(body, status=status, headers=headers)
        return self.url(path)

    def redirect(self, path: str, target: str, status: int = 301) -> str:
        return self.on(path, status=status, headers={"Location": target})

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open += 1
        self.most_open = max(self.open, self.most_open)
        try:
            await self._talk(reader, writer)
        finally:
            self.open -= 1
        writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                lines = (line.partition(":") for line in head[1:] if line)
                headers = {k.lower(): v.strip() for k, _, v in lines}
                method, path, _ = head[0].split(" ")
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                request = Request(path, headers, method, body)
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


def fixed(body: bytes, *, status: int = 200, headers: dict[str, str] | None = None) -> type_of_answer:
    async def answer(_request: Request, writer: asyncio.StreamWriter) -> None:
        has_body = status not in {204, 304}
        sent = {"Content-Length": str(len(body))} if has_body else {}
        lines = "".join(f"{name}: {value}\r\n" for name, value in (sent | (headers or {})).items())
        writer.write(f"HTTP/1.1 {status} Said\r\n{lines}\r\n".encode() + (body if has_body else b""))

    return answer


@contextlib.asynccontextmanager
async def serving(host: str = "127.0.0.1", *, is_tls: bool = False) -> AsyncIterator[WebServer]:
    web_server = WebServer(scheme="https" if is_tls else "http")
    tasks: set[asyncio.Task] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())
        try:
            await web_server.serve(reader, writer)
        except asyncio.CancelledError:
            writer.transport.abort()

    server = await asyncio.start_server(serve, host, 0, ssl=_self_signed() if is_tls else None)
    web_server.port = server.sockets[0].getsockname()[1]
    try:
        yield web_server
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


def _self_signed() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(SELF_SIGNED)
        file.flush()
        context.load_cert_chain(file.name)
    return context
