"""The meanings of the short texts that filters and topics name, each asked of the encoder once."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Encodes(Protocol):
    """What turns texts into meanings."""

    def meanings(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The meanings of n texts, (n, 384), of unit length."""
        ...


_MOST_KNOWN = 4_000  # texts, of 1.5 kB each


class KnownMeanings:
    """Gives a text's meaning, (384,) of unit length; slow (milliseconds) for one that is new.

    Some thousands of the newest are kept. May be shared by threads: at worst a text is read twice.
    """

    def __init__(self, encoder: Encodes) -> None:
        self._encoder = encoder
        self._known: dict[str, NDArray[np.float32]] = {}

    def __call__(self, text: str) -> NDArray[np.float32]:
        """The text's meaning."""
        known = self._known.get(text)
        if known is not None:
            return known
        read: NDArray[np.float32] = self._encoder.meanings([text])[0]
        if len(self._known) >= _MOST_KNOWN:
            self._known = dict(list(self._known.items())[_MOST_KNOWN // 4 :])
        self._known[text] = read
        return read
