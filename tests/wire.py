"""The way to Telegram, as bad as a test wants it."""

import asyncio
import contextlib

from tests.running import free_port


class Wire:
    """A loopback port that leads to the playground: slow, silent, or (closed) not there at all.

    `seconds_a_send` is how late the answer to each message is; while `silent`, no answer comes at all.
    """

    def __init__(self, target: str) -> None:
        self.target = int(target.rpartition(":")[2])
        self.port = free_port()
        self.seconds_a_send = 0.0
        self.silent = False
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/bot"

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", self.port)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self._server.wait_closed()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        with contextlib.suppress(OSError, asyncio.CancelledError):
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
            try:
                async with asyncio.TaskGroup() as both:
                    both.create_task(self._ask(reader, far_writer))
                    both.create_task(self._answer(far_reader, writer))
            finally:
                far_writer.transport.abort()
                writer.transport.abort()
        self._tasks.discard(task)

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if self.silent:
                continue
            # A message is in its chat by now; only the word that it is comes late.
            await asyncio.sleep(self.seconds_a_send if b'"message_id"' in data else 0)
            writer.write(data)
            await writer.drain()
        writer.close()
