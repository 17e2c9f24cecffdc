"""The bundled transformer: sentences to meanings and salience, through onnxruntime; no torch.

How it was made is in `training/`, what it can do in `bot/digests/model/MODEL_CARD.md`.
"""

import json
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.errors import ConfigError

MODEL = Path(__file__).parent / "digests" / "model"
WIDTH = 384
_MOST_SENTENCES = 96  # of one document; what is new does not come later
_MOST_ROWS = 16  # packed rows in one pass of `meanings`: bounds the memory
_OPENING = 1200  # characters
_LOOK_BACK = 16  # rows that may still have room for a sentence


@dataclass(frozen=True, slots=True)
class Reading:
    """What one pass over a document gives, n sentences.

    `meanings` (n, 384) and `headline` (384,) are of unit length: dot products are cosines. `salience` (n,) is
    higher for what a reader needs, comparable within one document only.
    """

    meanings: NDArray[np.float32]
    salience: NDArray[np.float32]
    headline: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Loaded:
    session: Any
    tokenizer: Any
    config: Any


class Encoder:
    """The bundled model, loaded when it is first used; may be shared by threads, of which one runs at a time.

    Raises ConfigError when the model's files are missing or broken. Slow (tens of milliseconds a document):
    call it off the event loop.
    """

    def __init__(self, folder: Path = MODEL, *, threads: int = 2) -> None:
        self._folder = folder
        self._threads = threads
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None

    @property
    def name(self) -> str:
        """The model's name and number, for the record."""
        try:
            return str(json.loads((self._folder / "config.json").read_text(encoding="utf-8"))["name"])
        except (OSError, ValueError, KeyError) as cause:
            raise self._broken(cause) from cause

    def read(self, sentences: Sequence[str], *, headline: str = "") -> Reading:
        """One forward pass over a document; sentences after the 96th are given the least salience."""
        near = list(sentences[:_MOST_SENTENCES])
        meanings, salience = self._run([headline, *near], longest="sentence_tokens", count=len(sentences))
        least = salience[1:].min(initial=0.0) - 1.0
        beyond = list(sentences[_MOST_SENTENCES:])
        if beyond:
            meanings = np.concatenate([meanings, self.meanings(beyond)])
            salience = np.concatenate([salience, np.full(len(beyond), least, np.float32)])
        return Reading(meanings=meanings[1:], salience=salience[1:], headline=meanings[0])

    def meanings(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The meanings of texts that have nothing to do with each other, (n, 384), of unit length."""
        found = [np.zeros((0, WIDTH), np.float32)]
        for start in range(0, len(texts), _MOST_ROWS * 2):
            some = texts[start : start + _MOST_ROWS * 2]
            found.append(self._run(some, longest="text_tokens", count=len(some))[0])
        return np.concatenate(found)

    def _run(
        self, texts: Sequence[str], *, longest: str, count: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        loaded = self._load()
        with self._lock:  # a tokenizer's truncation is a state of its own
            read = loaded.tokenizer(
                list(texts), truncation=True, max_length=getattr(loaded.config, longest), padding=False
            )["input_ids"]
        feed = pack(read, row=max(loaded.config.row_tokens, *map(len, read)))
        feed |= places(len(texts), count=count, most=loaded.config.places, parts=loaded.config.parts)
        with self._lock:
            meanings, salience = loaded.session.run(None, feed)
        return meanings, salience

    def _load(self) -> _Loaded:
        with self._lock:
            if self._loaded is None:
                try:
                    self._loaded = _load(self._folder, self._threads)
                except Exception as cause:  # each of three libraries has its own
                    raise self._broken(cause) from cause
            return self._loaded

    def _broken(self, cause: BaseException) -> ConfigError:
        said = (str(cause).strip().splitlines() or [type(cause).__name__])[0]
        return ConfigError(f"the bundled model in {self._folder} cannot be read ({said}); install it again")


def opening(title: str, text: str) -> str:
    """What of an article stands for its meaning: it reads 128 word pieces, and news says what it is first."""
    return f"{title}. {text[:_OPENING]}"


def _load(folder: Path, threads: int) -> _Loaded:
    import onnxruntime

    os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")  # it would advise to install torch
    from transformers import AutoConfig, PreTrainedTokenizerFast

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # it would keep the largest document's memory for ever
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # the loop needs the cores too
    return _Loaded(
        session=onnxruntime.InferenceSession(
            folder / "model.onnx", options, providers=["CPUExecutionProvider"]
        ),
        tokenizer=PreTrainedTokenizerFast.from_pretrained(folder, local_files_only=True),
        config=AutoConfig.from_pretrained(folder, local_files_only=True),
    )


def pack(texts: Sequence[Sequence[int]], *, row: int) -> dict[str, NDArray[np.int64]]:
    """Token ids of n texts, packed into rows of `row` tokens so that little is padding.

    `ids`, `segments` (text k is k + 1, padding 0) and `positions` within the text, each (rows, row).
    """
    rows: list[list[int]] = []
    room: list[int] = []
    for number in sorted(range(len(texts)), key=lambda one: -len(texts[one])):
        length = len(texts[number])
        fits = [place for place in range(max(0, len(rows) - _LOOK_BACK), len(rows)) if room[place] >= length]
        if not fits:
            rows.append([])
            room.append(row)
        place = min(fits, key=lambda one: room[one]) if fits else len(rows) - 1
        rows[place].append(number)
        room[place] -= length
    width = row - min(room, default=0)
    ids, segments, positions = (np.zeros((max(1, len(rows)), max(1, width)), np.int64) for _ in range(3))
    for place, numbers in enumerate(rows):
        at = 0
        for number in numbers:
            end = at + len(texts[number])
            ids[place, at:end] = texts[number]
            segments[place, at:end] = number + 1
            positions[place, at:end] = np.arange(end - at)
            at = end
    return {"ids": ids, "segments": segments, "positions": positions}


def places(texts: int, *, count: int, most: int, parts: int) -> dict[str, NDArray[np.int64]]:
    """Where each of `texts` stands, the headline first, in a document of `count` sentences.

    `places` is its number, the last of `most` for all beyond; `parts` its tenth of the document, from 1. The
    headline has 0 in both.
    """
    number: NDArray[np.int64] = np.arange(texts, dtype=np.int64)
    tenth = 1 + np.minimum((number - 1) * (parts - 1) // max(1, count), parts - 2)
    return {"places": np.minimum(number, most), "parts": np.where(number == 0, 0, tenth).astype(np.int64)}
