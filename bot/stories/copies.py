"""Whose wording or voice an entry repeats: then it is no independent witness. Pure.

A wire copy is no second witness, nor is an outlet that writes its own report anew; what an outlet has from a
news agency is that agency's voice.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.stories.fingerprint import Fingerprint, jaccard

_COPIED = 0.5  # of all word triples of both
_HELD = 0.7  # of the shorter one's: a copy that was cut, or added to
_LEAST = 40  # triples, before a share of them can say so
_REWRITTEN = 0.2  # at the same outlet
_OPENING = 400  # characters in which a dateline stands
_CLOSING = 200
# A dateline "(Reuters)", or a credit in a line of its own, "© AFP 2026"; not a mention.
# Capitals count: "(PA)" is an agency, "(pa)" is not.
_WIRES = {
    "reuters": r"(?:Thomson )?(?:Reuters|REUTERS)",
    "ap": r"AP|Associated Press|ASSOCIATED PRESS",
    "afp": r"AFP|Agence France-Presse",
    "dpa": r"dpa|DPA|Deutsche Presse-Agentur",
    "upi": r"UPI|United Press International",
    "pa": r"PA Media|PA|Press Association",
    "bloomberg": r"Bloomberg(?: News)?",
    "ani": r"ANI",
    "pti": r"PTI|Press Trust of India",
    "xinhua": r"Xinhua",
    "efe": r"EFE|Agencia EFE",
    "ansa": r"ANSA",
    "tass": r"TASS",
}
_DATELINES = {wire: re.compile(rf"\(\s?(?:{names})\s?\)") for wire, names in _WIRES.items()}
_CREDITS = {
    wire: re.compile(
        rf"(?:(?i:by|with|from|source:|©|copyright)\s+)?(?i:the )?(?:{names})(?: Staff)?(?: \d{{4}})?\W*"
    )
    for wire, names in _WIRES.items()
}
_HOSTS = {"reuters.com": "reuters", "apnews.com": "ap", "afp.com": "afp", "dpa.com": "dpa", "upi.com": "upi"}
_HOSTS |= {"bloomberg.com": "bloomberg", "aninews.in": "ani", "ptinews.com": "pti", "ansa.it": "ansa"}
_HOSTS |= {"tass.com": "tass", "tass.ru": "tass", "efe.com": "efe", "xinhuanet.com": "xinhua"}


@dataclass(frozen=True, slots=True)
class Telling:
    """An entry as a witness: its outlet, the agency it is from if it says so, and its wording."""

    entry_id: int
    outlet: str
    wire: str | None
    print: Fingerprint


def wire(text: str, *, host: str = "", author: str | None = None) -> str | None:
    """The news agency that an entry says it is from ("reuters"), or whose own it is; None for any other."""
    site = host.removeprefix("www.")
    for known, name in _HOSTS.items():
        if site == known or site.endswith(f".{known}"):
            return name
    opening = text[:_OPENING]
    for name, dateline in _DATELINES.items():
        if dateline.search(opening):
            return name
    lines = [line.strip() for line in text[-_CLOSING:].split("\n")[-1:] + opening.split("\n")[:1]]
    if author:
        lines += [part.strip() for part in re.split(r"[,|/]", author)]
    for name, credit in _CREDITS.items():
        if any(credit.fullmatch(line) for line in lines):
            return name
    return None


def copied(entry: Telling, earlier: Sequence[Telling]) -> int | None:
    """The first of the story's earlier entries whose wording or voice this one repeats; or None."""
    return next((other.entry_id for other in earlier if _is_copy(entry, other)), None)


def _is_copy(entry: Telling, other: Telling) -> bool:
    near = jaccard(entry.print, other.print)
    if near >= _COPIED or _held(entry.print, other.print) >= _HELD:
        return True
    if entry.wire is not None and entry.wire == other.wire:
        return True
    return entry.outlet == other.outlet and (
        near >= _REWRITTEN or (entry.print.link is not None and entry.print.link == other.print.link)
    )


def _held(one: Fingerprint, other: Fingerprint) -> float:
    least = min(len(one.shingles), len(other.shingles))
    return len(one.shingles & other.shingles) / least if least >= _LEAST else 0.0
