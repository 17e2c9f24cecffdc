"""Digests a second with the bundled model, and its memory, beside a summariser of distilbart's size.

`make bench-digest`. The rival has random weights: what it costs does not depend on them. It is given what it
does at the least (one forward pass over the article and a summary of 60 tokens) and what it does when used
(beam search as its own configuration says: four beams, 56 to 142 tokens).
"""

import argparse
import gzip
import json
import os
import resource
import statistics
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import numpy as np

from bot.encoder import MODEL

TOKENS = 700
ARTICLES = 60
ROUNDS = 5
CORES = 2
BARS = {"articles a second": 8.0, "resident MB": 250.0, "times faster": 40.0}
NEWSROOM = Path(__file__).parent.parent / "bot" / "playground" / "newsroom"
LEAN = Path(".venv/bin/python")  # the default install: no torch beside the bundled model


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer articles and rounds")
    parser.add_argument("--own", action="store_true", help="only the bundled model, as JSON")
    args = parser.parse_args()
    rounds, count = (2, 10) if args.quick else (ROUNDS, ARTICLES)
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    if args.own:
        print(json.dumps(own(rounds, count)))
        return
    python = str(LEAN) if LEAN.exists() else sys.executable
    command = [python, "-m", "bench.bench_digest", "--own", *(["--quick"] if args.quick else [])]
    ours = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    forward, generated = rival(2 if args.quick else 3)
    each = statistics.median(ours["seconds"]) / count
    rates = sorted(count / seconds for seconds in ours["seconds"])
    rows = [
        ("bundled, whole digest", f"{1 / each:.1f} articles a second ({rates[0]:.1f} to {rates[-1]:.1f})"),
        ("bundled, the model alone", f"{1 / ours['model']:.1f} articles a second"),
        ("bundled, resident", f"{ours['resident']:.0f} MB, {ours['before']:.0f} MB before the model"),
        ("distilbart-sized, forward", f"{forward:.2f} s an article: {forward / each:.0f} times our digest"),
        (
            "distilbart-sized, in use",
            f"{generated:.2f} s an article: {generated / each:.0f} times our digest",
        ),
    ]
    print(f"{count} articles of {TOKENS} word pieces ({ours['source']}), {CORES} cores, {rounds} rounds\n")
    for name, said in rows:
        print(f"{name:27}{said}")
    print()
    got = {"articles a second": 1 / each, "resident MB": ours["resident"], "times faster": generated / each}
    for name, bar in BARS.items():
        fine = got[name] <= bar if name == "resident MB" else got[name] >= bar
        print(f"{name}: {got[name]:.1f}, bar {bar:g}: {'reached' if fine else 'NOT reached'}")


def own(rounds: int, count: int) -> dict[str, object]:
    """Times of the whole digest and of the model alone, and the memory."""
    before = _resident()
    from bot.digests.bundled import BundledSummariser
    from bot.encoder import Encoder
    from bot.model import Article, Source
    from bot.sentences import split

    encoder = Encoder(threads=CORES)
    summariser = BundledSummariser(encoder)
    texts, source = articles(count)
    sources = [Source("Outlet", "", "https://outlet.example/1")]
    made = [Article(title=text.split(".")[0][:90], text=text, site="Outlet", language="en") for text in texts]
    summariser.digest([made[0]], sources)
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        for article in made:
            summariser.digest([article], sources)
        seconds.append(time.perf_counter() - began)
    cut = [[sentence.text for sentence in split(text)] for text in texts]
    alone = _median(lambda: [encoder.read(sentences) for sentences in cut], rounds) / count
    return {"seconds": seconds, "model": alone, "resident": _resident(), "before": before, "source": source}


def articles(count: int) -> tuple[list[str], str]:
    """Texts of about 700 word pieces: real ones where the data is, else the playground's own, joined."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    tokenizer.no_truncation()
    stream = Path(os.environ.get("SHARED_DATA", "../shared/data")) / "stream" / "news-2026.jsonl.gz"
    if stream.exists():
        with gzip.open(stream, "rt", encoding="utf-8") as file:
            whole = [json.loads(line)["article"] for line in file]
        source = "real ones"
    else:
        read = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(NEWSROOM.glob("*.toml"))]
        whole = ["\n".join(_strings(one)) for one in read]
        source = "the playground's"
    texts: list[str] = []
    for text in cycle(whole):
        encoded = tokenizer.encode(text)
        if len(encoded.ids) > TOKENS:
            texts.append(text[: encoded.offsets[TOKENS][0]])
        if len(texts) == count:
            return texts, source
    raise AssertionError("no text is long enough")


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value] if len(value.split()) > 12 else []
    if isinstance(value, dict):
        return [text for one in value.values() for text in _strings(one)]
    return [text for one in value for text in _strings(one)] if isinstance(value, list) else []


def rival(rounds: int) -> tuple[float, float]:
    """Seconds an article, of a model of distilbart-cnn-12-6's size: a bare forward pass, and beam search."""
    import torch
    from transformers import BartConfig, BartForConditionalGeneration

    torch.manual_seed(0)
    torch.set_num_threads(CORES)
    config = BartConfig(encoder_layers=12, decoder_layers=6)  # 306 million weights
    model = BartForConditionalGeneration(config).eval()
    rng = np.random.default_rng(0)
    ids = torch.from_numpy(rng.integers(10, 50000, (1, TOKENS)))
    summary = torch.from_numpy(rng.integers(10, 50000, (1, 60)))
    with torch.inference_mode():
        forward = _median(lambda: model(input_ids=ids, decoder_input_ids=summary), rounds)
        used = _median(
            lambda: model.generate(ids, num_beams=4, min_length=56, max_length=142, do_sample=False), rounds
        )
    return forward, used


def _median(work: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _resident() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    main()
