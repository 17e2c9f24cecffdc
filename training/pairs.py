"""The article and summary pairs, split three ways by a hash of their ids, and cut into sentences."""

import gzip
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.sentences import split

MOST_SENTENCES = 40  # of an article in training; later ones are hardly ever in a summary


@dataclass(frozen=True, slots=True)
class Pair:
    """An article and what somebody wrote as its summary; `group` is the style of the summary."""

    id: str
    group: str
    title: str
    sentences: tuple[str, ...]
    summary: tuple[str, ...]  # its lines


_GROUPS = {"cnndm_val": "cnn", "cnndm_train": "cnn", "newsagg_deck": "deck"}


def tenth(pair_id: str) -> int:
    """Which tenth a pair is in: 0 is held out for reporting, 1 for choosing, the rest is for training."""
    return int.from_bytes(hashlib.blake2b(pair_id.encode(), digest_size=8).digest(), "big") % 10


def read_pairs(path: Path) -> list[Pair]:
    """All pairs whose article has two sentences or more, in the order of the file."""
    pairs = []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            sentences = tuple(sentence.text for sentence in split(row["article"]))[:MOST_SENTENCES]
            lines = tuple(part.strip() for part in row["summary"].split("\n") if part.strip())
            if len(sentences) > 1 and lines:
                group = _GROUPS.get(row["source"], row["source"])
                pairs.append(Pair(row["id"], group, row.get("source_title") or "", sentences, lines))
    return pairs


def in_tenths(pairs: Sequence[Pair], tenths: Sequence[int]) -> list[Pair]:
    """The pairs of these tenths."""
    return [pair for pair in pairs if tenth(pair.id) in tenths]
