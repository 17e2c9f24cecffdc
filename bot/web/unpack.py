"""Packed bodies, unpacked as streams that never make much more than they are asked for. Pure."""

import sys
import zlib
from collections.abc import Callable, Mapping
from typing import Protocol

import brotli  # type: ignore[import-untyped]

from bot.errors import RemoteError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
# Joined members are legal (RFC 1952 section 2.2, RFC 8878 section 3); thousands of tiny ones are an
# attack on our time.
_MAX_MEMBERS = 100
_GZIP_MARK = b"\x1f\x8b"
_DEFLATE = 8  # the compression method in the low bits of a zlib header (RFC 1950 section 2.2)
_WINDOW_LOG_MAX = 23  # 8 MiB, the most that zstd on the web may ask for (RFC 9659)
_ZSTD_OPTIONS: Mapping[int, int] = {zstd.DecompressionParameter.window_log_max: _WINDOW_LOG_MAX}
_BROTLI_STEP = 65_536  # its output buffer grows in leaps far past a limit that is large
_DAMAGED = (zlib.error, zstd.ZstdError, brotli.error)


class Unpack(Protocol):
    """One body's decoder."""

    @property
    def is_whole(self) -> bool:
        """Whether the stream came to its end; no bytes at all are a whole empty body."""

    def feed(self, packed: bytes, limit: int) -> bytes:
        """What the bytes unpack to; from `limit` bytes on the rest may be lost, so the caller stops."""


def unpacker(encoding: str, place: str) -> Unpack | None:
    """The decoder for a Content-Encoding, or None where nothing is packed; `place` is for its errors.

    Raises RemoteError for what we did not accept: other kinds, and one packed in another.
    """
    match encoding.strip().lower():
        case "" | "identity":
            return None
        case "gzip" | "x-gzip":
            return _Members(place, lambda _start: zlib.decompressobj(16 + zlib.MAX_WBITS), _GZIP_MARK)
        case "deflate":
            return _Members(place, _deflate, None)
        case "zstd":
            return _Members(place, lambda _start: zstd.ZstdDecompressor(options=_ZSTD_OPTIONS), b"")
        case "br":
            return _Brotli(place)
        case other:
            raise RemoteError(f"{place} is packed as {other[:40]!r}, which we did not accept")


class _Stream(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _Members:
    """Members one behind the other, each begun anew where the last one ended.

    `mark` is what a further member starts with; what starts otherwise is padding, which gzip(1) and
    browsers ignore too. None: there is no further member.
    """

    def __init__(self, place: str, begin: Callable[[bytes], _Stream], mark: bytes | None) -> None:
        self._place = place
        self._begin = begin
        self._mark = mark
        self._stream: _Stream | None = None
        self._members = 0
        self._held = b""
        self._is_over = False

    @property
    def is_whole(self) -> bool:
        return self._stream is None or self._stream.eof

    def feed(self, packed: bytes, limit: int) -> bytes:
        made: list[bytes] = []
        packed = self._held + packed
        self._held = b""
        try:
            while packed and limit > 0 and self._may_begin(packed):
                if self._stream is None or self._stream.eof:
                    self._stream = self._next_member(packed)
                made.append(self._stream.decompress(packed, limit))
                limit -= len(made[-1])
                packed = self._stream.unused_data
        except _DAMAGED as error:
            raise _damaged(self._place, error) from error
        return b"".join(made)

    def _may_begin(self, packed: bytes) -> bool:
        if self._stream is None or not self._stream.eof:
            return True
        if self._mark is None or self._is_over:
            return False
        if len(packed) < len(self._mark) and self._mark.startswith(packed):
            self._held = packed  # half a mark: the rest may come with the next bytes
            return False
        self._is_over = not packed.startswith(self._mark)
        return not self._is_over

    def _next_member(self, packed: bytes) -> _Stream:
        self._members += 1
        if self._members > _MAX_MEMBERS:
            raise RemoteError(f"{self._place} sent a body in more than {_MAX_MEMBERS} compressed parts")
        return self._begin(packed)


class _Brotli:
    def __init__(self, place: str) -> None:
        self._place = place
        self._stream = brotli.Decompressor()
        self._is_begun = False

    @property
    def is_whole(self) -> bool:
        return not self._is_begun or bool(self._stream.is_finished())

    def feed(self, packed: bytes, limit: int) -> bytes:
        self._is_begun = self._is_begun or bool(packed)
        made = bytearray()
        try:
            while len(made) < limit:
                step = min(_BROTLI_STEP, limit - len(made))
                made += self._stream.process(packed, output_buffer_limit=step)
                packed = b""
                if self._stream.can_accept_more_data():
                    break
        except _DAMAGED as error:
            raise _damaged(self._place, error) from error
        return bytes(made)


def _deflate(start: bytes) -> _Stream:
    # "deflate" means zlib (RFC 9110 section 8.4.1.2); some servers send the bare stream (RFC 1951).
    is_zlib = start[0] & 0x0F == _DEFLATE
    return zlib.decompressobj(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)


def _damaged(place: str, error: Exception) -> RemoteError:
    return RemoteError(f"{place} sent a damaged compressed body ({str(error)[:100]})")
