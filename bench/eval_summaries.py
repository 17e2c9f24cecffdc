"""How well the bundled model finds what a reader needs: ROUGE on the tenth of the pairs that it never saw.

`make eval`; beside lead, LexRank (sumy) and the greedy oracle, with bootstrap intervals, seeds fixed.
"""

import argparse
import os
import random
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from rouge_score.rouge_scorer import RougeScorer
from sumy.models.dom import ObjectDocumentModel, Paragraph
from sumy.models.dom import Sentence as SumySentence
from sumy.summarizers.lex_rank import LexRankSummarizer

from bot.encoder import Encoder
from training.pairs import Pair, in_tenths, read_pairs
from training.rouge import grams, oracle, tokens

KINDS = ("rouge1", "rouge2", "rougeLsum")
MOST = 3
STYLES = {
    "cnn": "CNN highlights",
    "deck": "publisher decks",
    "bbc": "BBC extracts",
    "digitalgov": "US government",
}
DRAWS = 1000
# What `make eval` must show over lead-3, in points of F.
BARS = {("cnn", "rouge1"): 2.5, ("cnn", "rouge2"): 1.0, ("deck", "rouge1"): 2.5, ("deck", "rouge2"): 1.0}

Ranking = Callable[[Pair], Sequence[Sequence[int]]]  # the places chosen for 1, 2 and 3 sentences


class _Words:
    """A tokenizer as sumy asks for it, without the corpus that it would download."""

    def to_words(self, text: str) -> tuple[str, ...]:
        return tuple(tokens(text))


def by_score(scores: Sequence[float]) -> list[list[int]]:
    """The best one, two and three places, each in the document's order."""
    order = np.argsort(-np.asarray(scores), kind="stable")
    return [sorted(order[:count].tolist()) for count in range(1, MOST + 1)]


def lead(pair: Pair) -> list[list[int]]:
    """The first sentences."""
    return by_score([-place for place in range(len(pair.sentences))])


def bundled(encoder: Encoder) -> Ranking:
    """The shipped model's salience."""
    return lambda pair: by_score(encoder.read(pair.sentences, headline=pair.title).salience.tolist())


def lexrank(pair: Pair) -> list[list[int]]:
    """LexRank as sumy has it (Erkan and Radev, 2004)."""
    words = _Words()
    sentences = [SumySentence(sentence, words) for sentence in pair.sentences]
    document = ObjectDocumentModel([Paragraph(sentences)])
    summarizer = LexRankSummarizer()
    place_of = {id(sentence): place for place, sentence in enumerate(document.sentences)}
    return [
        sorted(place_of[id(sentence)] for sentence in summarizer(document, count))
        for count in range(1, MOST + 1)
    ]


def best_possible(pair: Pair) -> list[list[int]]:
    """The greedy oracle, which knows the summary."""
    target = grams(tokens(" ".join(pair.summary)))
    found = oracle([tokens(sentence) for sentence in pair.sentences], target, most=MOST) or [0]
    return [sorted(found[:count]) for count in range(1, MOST + 1)]


@cache
def _scorer() -> RougeScorer:
    return RougeScorer(list(KINDS), use_stemmer=True)


def measured(pairs: Sequence[Pair], ranking: Ranking) -> np.ndarray:
    """F in percent, (pairs, numbers of sentences, kinds of ROUGE)."""
    found = np.zeros((len(pairs), MOST, len(KINDS)))
    for row, pair in enumerate(pairs):
        for count, places in enumerate(ranking(pair)):
            chosen = "\n".join(pair.sentences[place] for place in places)
            scores = _scorer().score("\n".join(pair.summary), chosen)
            found[row, count] = [100 * scores[kind].fmeasure for kind in KINDS]
    return found


def interval(differences: np.ndarray, *, seed: int = 0) -> tuple[float, float]:
    """The 95 % bootstrap interval of the mean (Efron, 1979)."""
    rng = np.random.default_rng(seed)
    draws = rng.integers(0, len(differences), (DRAWS, len(differences)))
    low, high = np.percentile(differences[draws].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def best_count(scores: np.ndarray) -> int:
    """Which number of sentences has the highest mean of the three kinds, from 0."""
    return int(scores.mean(axis=(0, 2)).argmax())


def report(pairs: Sequence[Pair], rankings: Mapping[str, Ranking], choosing: Sequence[Pair]) -> bool:
    """Prints the table; whether every bar is reached. The number of sentences is chosen on other pairs."""
    print(f"{'':26}{'n':>5}  {'k':>1}  " + "  ".join(f"{kind.upper():>9}" for kind in KINDS))
    reached = True
    for group, style in STYLES.items():
        some = [pair for pair in pairs if pair.group == group]
        others = [pair for pair in choosing if pair.group == group]
        if not some:
            continue
        all_scores = {name: measured(some, ranking) for name, ranking in rankings.items()}
        for name, scores in all_scores.items():
            for count in range(MOST):
                means = "  ".join(f"{value:9.2f}" for value in scores[:, count].mean(axis=0))
                print(f"{style + ', ' + name:26}{len(some):>5}  {count + 1}  {means}")
        ours, leads = all_scores["bundled"], all_scores["lead"]
        count = best_count(measured(others, rankings["bundled"])) if others else MOST - 1
        their_best = best_count(measured(others, lead)) if others else MOST - 1
        for against, theirs in (
            ("lead-3", leads[:, MOST - 1]),
            (f"lead-{their_best + 1}, its best", leads[:, their_best]),
        ):
            for kind, name in enumerate(KINDS):
                gained = ours[:, count, kind] - theirs[:, kind]
                low, high = interval(gained)
                bar = BARS.get((group, name)) if against == "lead-3" else None
                said = (
                    ""
                    if bar is None
                    else f"  bar +{bar}: {'reached' if gained.mean() >= bar else 'NOT reached'}"
                )
                reached = reached and (bar is None or gained.mean() >= bar)
                print(
                    f"  bundled, {count + 1} sentence{'s' if count else ''}, over {against}: {name}"
                    f" {gained.mean():+.2f} [{low:+.2f}, {high:+.2f}]{said}"
                )
        print()
    return reached


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, help="another file of pairs, all of it to be measured")
    parser.add_argument("--limit", type=int, default=0, help="at most so many pairs of each style")
    parser.add_argument("--model", type=Path, help="another folder with a model")
    args = parser.parse_args()
    file = Path(os.environ.get("SHARED_DATA", "../shared/data")) / "summaries" / "train.jsonl.gz"
    if not (args.pairs or file).exists():
        print(f"Nothing measured: {args.pairs or file} does not exist (SHARED_DATA names the folder).")
        return
    encoder = Encoder(args.model) if args.model else Encoder()
    pairs = read_pairs(args.pairs) if args.pairs else in_tenths(read_pairs(file), [0])
    choosing = in_tenths(read_pairs(file), [1]) if file.exists() else []
    if args.limit:
        pairs, choosing = _some(pairs, args.limit), _some(choosing, args.limit)
    print(f"{encoder.name}: F in percent, k sentences; held out: {len(pairs)} pairs\n")
    rankings = {"lead": lead, "LexRank": lexrank, "bundled": bundled(encoder), "oracle": best_possible}
    print("every bar is reached" if report(pairs, rankings, choosing) else "NOT every bar is reached")


def _some(pairs: Sequence[Pair], limit: int) -> list[Pair]:
    kept: list[Pair] = []
    for group in STYLES:
        some = [pair for pair in pairs if pair.group == group]
        kept += random.Random(0).sample(some, min(limit, len(some)))
    return kept


if __name__ == "__main__":
    main()
