"""What the frozen layers make of every sentence, computed once; and the starting model's own vectors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from training.net import Encoder, pool

ROW = 128  # tokens in a packed row
SENTENCE_TOKENS = 48
SUMMARY_TOKENS = 96


@dataclass(slots=True)
class States:
    """Token states of many texts after the frozen layers: text k has tokens[starts[k] : starts[k + 1]]."""

    tokens: Tensor  # (tokens, 384), bfloat16
    starts: np.ndarray  # (texts + 1,)
    vectors: Tensor  # (texts, 384), unit length: what the starting model itself makes of them


def packed(lengths: Sequence[int], row: int = ROW) -> Iterator[list[int]]:
    """Numbers of texts whose lengths fill a row, one row at a time, by best fit of the longest first."""
    left = sorted(range(len(lengths)), key=lambda number: -lengths[number])
    rows: list[list[int]] = []
    room: list[int] = []
    for number in left:
        fits = [place for place in range(max(0, len(room) - 64), len(room)) if room[place] >= lengths[number]]
        if fits:
            place = min(fits, key=lambda one: room[one])
        else:
            place = len(rows)
            rows.append([])
            room.append(row)
        rows[place].append(number)
        room[place] -= lengths[number]
    yield from rows


def frozen_states(encoder: Encoder, texts: Sequence[Sequence[int]], *, until: int, batch: int = 24) -> States:
    """Runs every text (its token ids) through the first `until` layers, and through all for its vector."""
    starts = np.zeros(len(texts) + 1, np.int64)
    starts[1:] = np.cumsum([len(ids) for ids in texts])
    tokens = torch.zeros(int(starts[-1]), 384, dtype=torch.bfloat16)
    vectors = torch.zeros(len(texts), 384)
    encoder.eval()
    rows = list(packed([len(ids) for ids in texts]))
    for first in range(0, len(rows), batch):
        some = rows[first : first + batch]
        width = max(sum(len(texts[n]) for n in row) for row in some)
        ids, segments, positions = (np.zeros((len(some), width), np.int64) for _ in range(3))
        order: list[int] = []
        for place, row in enumerate(some):
            at = 0
            for number in row:
                order.append(number)
                length = len(texts[number])
                ids[place, at : at + length] = texts[number]
                segments[place, at : at + length] = len(order)
                positions[place, at : at + length] = np.arange(length)
                at += length
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            seg = torch.from_numpy(segments)
            x = encoder.bottom(torch.from_numpy(ids), seg, torch.from_numpy(positions), until)
            last = encoder.top(x, seg, until).float()
        vectors[order] = F.normalize(pool(last, seg, len(order))[0], dim=-1)
        flat, flat_segments = x.reshape(-1, 384).to(torch.bfloat16), segments.reshape(-1)
        by_segment = np.argsort(flat_segments, kind="stable")[(flat_segments == 0).sum() :]
        at = 0
        for number in order:
            length = len(texts[number])
            tokens[starts[number] : starts[number] + length] = flat[by_segment[at : at + length]]
            at += length
    return States(tokens, starts, vectors)
