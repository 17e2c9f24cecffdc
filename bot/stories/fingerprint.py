"""What makes two entries the same news, as far as their wording tells: link, headline, and text.

Text is compared by the Jaccard index of its word trigrams; MinHash with banding finds the pairs worth
comparing (Broder, "On the resemblance and containment of documents", 1997). Pure.
"""

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from bot.text import fold, words

_SHINGLE = 3
_BANDS = 32
_ROWS = 3  # 32 bands of 3: a pair with Jaccard 0.5 is found in 99 of 100 cases, one with 0.1 in 3
_PRIME = (1 << 31) - 1
_MIN_SHINGLES = 12
_MIN_TITLE_WORDS = 5
_WEIGHTY = 3  # letters: "dam" and "oil" tell something, "to" and "UK" next to nothing
# Found in headlines of every kind.
# fmt: off
_LIGHT = frozenset({
    "after", "all", "and", "are", "but", "can", "for", "from", "has", "her", "his", "how",
    "into", "its", "new", "not", "off", "out", "over", "says", "she", "that", "the", "und",
    "was", "what", "who", "why", "will", "with", "you",
})
# fmt: on
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_MASK = (1 << 63) - 1


def _factors(kind: str, lowest: int) -> NDArray[np.uint64]:
    # The hash family, from a hash: the same in every process and with every numpy, since marks are stored.
    found = [lowest + _hash(kind, str(row)) % (_PRIME - lowest) for row in range(_BANDS * _ROWS)]
    return np.array(found, dtype=np.uint64)[:, None]


def _hash(kind: str, value: str) -> int:
    digest = hashlib.blake2b(f"{kind}\0{value}".encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") & _MASK


_A = _factors("a", 1)
_B = _factors("b", 0)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """An entry's wording: its link, its headline's words, and the hashes of its text's trigrams."""

    link: str | None
    title: tuple[str, ...]
    shingles: frozenset[int]


def fingerprint(title: str, text: str, url: str | None) -> Fingerprint:
    """The fingerprint of an entry; `url` is canonical already, or None."""
    return Fingerprint(link=_link(url), title=tuple(_terms(title)), shingles=_shingles(text))


def marks(print_: Fingerprint) -> list[int]:
    """The 63-bit numbers under which the entry is found again: any shared one makes a candidate."""
    found = []
    if print_.link:
        found.append(_hash("link", print_.link))
    if len(print_.title) >= _MIN_TITLE_WORDS:
        found.append(_hash("title", " ".join(sorted(set(print_.title)))))
    if len(print_.shingles) >= _MIN_SHINGLES:
        values = np.fromiter(print_.shingles, dtype=np.uint64, count=len(print_.shingles)) % _PRIME
        # 31-bit factors: the products stay below 2**63.
        lowest: NDArray[np.uint64] = ((values[None, :] * _A + _B) % _PRIME).min(axis=1)
        for band in range(_BANDS):
            rows = lowest[band * _ROWS : (band + 1) * _ROWS]
            found.append(_hash(f"band{band}", ",".join(str(int(row)) for row in rows)))
    return sorted(set(found))


def jaccard(one: Fingerprint, other: Fingerprint) -> float:
    """The share of trigrams that both texts have, 0 to 1; 0 when either is too short to tell."""
    if min(len(one.shingles), len(other.shingles)) < _MIN_SHINGLES:
        return 0.0
    shared = len(one.shingles & other.shingles)
    return shared / (len(one.shingles) + len(other.shingles) - shared)


def same_title(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether both headlines say the same words in the same order, and enough of them to mean something.

    The order counts: "Russia accuses Ukraine" is not "Ukraine accuses Russia".
    """
    return len(one.title) >= _MIN_TITLE_WORDS and one.title == other.title


def headlines_touch(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether two headlines have a word of some weight in common; true as well where one has no headline.

    What a paywall says instead of an article is the same under every headline.
    """
    if not one.title or not other.title:
        return True
    shared = set(one.title) & set(other.title)
    return any(len(word) >= _WEIGHTY or _CJK.search(word) for word in shared - _LIGHT)


def _terms(text: str) -> list[str]:
    terms: list[str] = []
    for word in words(fold(text)):
        # Where no spaces part the words, characters serve; but one such name makes no page Chinese.
        terms.extend((c for c in word if c.isalnum()) if _CJK.search(word) else (word,))
    return terms


def _shingles(text: str) -> frozenset[int]:
    terms = _terms(text)
    return frozenset(_hash("", " ".join(terms[i : i + _SHINGLE])) for i in range(len(terms) - _SHINGLE + 1))


def _link(url: str | None) -> str | None:
    if not url:
        return None
    parts = urlsplit(url)
    # A bare front page says nothing about which of its stories is meant.
    if parts.path in {"", "/"} and not parts.query:
        return None
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path}?{parts.query}"
