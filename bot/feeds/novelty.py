"""Which entries of a feed are new: by key, never by the dates they state. Pure."""

import base64
import hashlib
from collections.abc import Collection, Iterable

from bot.feeds.parse import ParsedEntry

_HASH_BYTES = 12  # 96 bits: a billion keys collide with a chance of one in 10^11


def key_hash(key: str) -> str:
    """Sixteen characters that stand for a key in the `seen` table; the same for ever."""
    digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=_HASH_BYTES).digest()
    return base64.urlsafe_b64encode(digest).decode("ascii")


def novel(entries: Iterable[ParsedEntry], seen: Collection[str]) -> list[ParsedEntry]:
    """The entries whose key's hash is not in `seen`, the oldest first: feeds list the newest first."""
    known = frozenset(seen)
    return [entry for entry in entries if key_hash(entry.key) not in known][::-1]
