"""Names looked up by the system, in threads of their own."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

from aiohttp.abc import AbstractResolver, ResolveResult


class SystemNames(AbstractResolver):
    """The system's resolver, with a thread for each request there may be.

    aiohttp's own one shares the loop's few threads with all that is slow, and half a dozen names whose
    servers never answer would hold them all.
    """

    def __init__(self, threads: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of a host, as the connector asks for them."""
        found = await asyncio.get_running_loop().run_in_executor(
            self._threads,
            socket.getaddrinfo,
            *(host, port, family, socket.SOCK_STREAM, 0, socket.AI_ADDRCONFIG),
        )
        return [
            ResolveResult(
                hostname=host,
                host=str(where[0]),
                port=port,
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, protocol, _, where in found
        ]

    async def close(self) -> None:
        """Leaves lookups that still wait to their threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)
