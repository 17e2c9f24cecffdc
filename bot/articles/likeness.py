"""Texts measured and compared by their words, in any script. Pure."""

import re
from collections.abc import Iterable

# Scripts without spaces between words: each character is compared as a word of its own.
_WIDE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7ff\uf900-\ufaff"
_WORD = re.compile(rf"[{_WIDE}]|[^\W_{_WIDE}]+")
_WIDE_CHARACTER = re.compile(rf"[{_WIDE}]")
_RUN = 3
_SAME = 0.6

Run = tuple[str, ...]


def runs(text: str) -> list[Run]:
    """The runs of three words of a text; a shorter text is one run."""
    found = _WORD.findall(text.casefold())
    if len(found) < _RUN:
        return [tuple(found)] if found else []
    return list(zip(found, found[1:], found[2:], strict=False))


def known(lines: Iterable[str]) -> set[Run]:
    """All runs of the lines, and across their ends."""
    kept = list(lines)
    return {run for line in kept for run in runs(line)} | set(runs(" ".join(kept)))


def says(told: set[Run], text: str, *, share: float = _SAME) -> bool:
    """Whether what is told contains this text: at least `share` of its runs."""
    own = runs(text)
    return bool(own) and sum(run in told for run in own) >= share * len(own)


def size(text: str) -> int:
    """The number of words; in scripts without spaces two characters are one."""
    wide = len(_WIDE_CHARACTER.findall(text))
    return len(_WORD.findall(text)) - wide + (wide + 1) // 2
