"""The operator's own server, asked with JSON: it may be on loopback, so it is asked outside the guard."""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import aiohttp
from yarl import URL

from bot.errors import RemoteError
from bot.web.failures import as_remote

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


def post_json(
    url: str,
    body: Mapping[str, Any],
    *,
    timeout_seconds: float,
    max_bytes: int,
    secrets: Mapping[str, str] = _NO_HEADERS,
) -> tuple[int, bytes]:
    """The status and the body of the answer; blocks for `timeout_seconds` at most, so call it in a thread.

    `url` is the operator's word, never a stranger's: any address is asked, private ones too. For that reason
    no redirect is followed (the answer is then its status), nor a proxy used. `secrets` are headers that no
    error tells. Raises RemoteError when there is no whole answer of at most `max_bytes` in time.
    """
    return asyncio.run(_post(URL(url), body, timeout_seconds, max_bytes, secrets))


async def _post(
    url: URL, body: Mapping[str, Any], timeout_seconds: float, max_bytes: int, secrets: Mapping[str, str]
) -> tuple[int, bytes]:
    limit = aiohttp.ClientTimeout(total=timeout_seconds)
    headers = {"Accept-Encoding": "identity", **secrets}
    try:
        async with (
            aiohttp.ClientSession(
                timeout=limit, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
            ) as session,
            session.post(url, json=body, headers=headers, allow_redirects=False) as answer,
        ):
            return answer.status, await _read(answer, max_bytes)
    except TimeoutError as error:
        raise RemoteError(f"{url} did not answer within {timeout_seconds:g} s", unreachable=True) from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise as_remote(error, url) from error


async def _read(answer: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    async for piece in answer.content.iter_any():
        size += len(piece)
        if size > max_bytes:
            raise RemoteError(f"{answer.url} answers with more than {max_bytes:,} bytes")
        pieces.append(piece)
    return b"".join(pieces)
