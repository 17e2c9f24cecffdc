"""How many planted errors `verify` catches, and how many true sentences it refuses: `make eval-verify`.

Reads stream/news-2026.jsonl.gz from the data directory (the argument, or SHARED_DATA, or ../shared/data
beside the repository). Each digest has six sentences of one real article: some word for word, some said
differently (`said_otherwise`), and in one of them one error (`planted`, the six kinds in turn; every other
error is put into a sentence that was said differently first). The articles are halved by a hash of their id;
`verify` was tuned on the one half, and what counts is the other.
"""

import argparse
import gzip
import hashlib
import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

from bench.news_words import Setting, article_names, quotes_in
from bench.planted import ERRORS
from bench.said_otherwise import PARAPHRASES
from bot.digests.compose import dangles, fault
from bot.digests.generated.verify import Meanings, Supported, check, sources_of
from bot.digests.tongue import language
from bot.model import Article
from bot.sentences import split, word_count

_SEED = 20_261_122
_DIGESTS = 500
_SENTENCES = 6
_PARAPHRASED = 3  # of the five true ones, where so many offer an opening
_TRIED = 12  # sentences: an article without numbers among them has none further down either
_FEWEST, _MOST = 8, 45  # words


@dataclass
class Tally:
    """What was caught and refused, by kind."""

    digests: int = 0
    planted: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    true: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, list[tuple[str, str, str]]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True)
class Case:
    """A digest: its article, and its sentences, each with its kind, and whether it is true."""

    article: Article
    sentences: Sequence[tuple[str, str, bool, str]]


def shared_data(given: str | None = None) -> Path:
    """Where the real data is."""
    return Path(given or os.environ.get("SHARED_DATA") or Path(__file__).parents[2] / "shared" / "data")


def is_held_out(key: str) -> bool:
    """Which half an article is in."""
    return hashlib.sha256(key.encode()).digest()[0] % 2 == 1


def articles(data: Path, *, held_out: bool) -> list[tuple[str, Article]]:
    """One half of the English articles, in order of their ids."""
    with gzip.open(data / "stream" / "news-2026.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    chosen = [row for row in rows if is_held_out(row["id"]) is held_out]
    return [
        (row["id"], Article(title=row["source_title"] or "", text=row["article"], site=row["domain"]))
        for row in sorted(chosen, key=lambda row: row["id"])
        if language(row["article"]) == "en"
    ]


def cases(found: Sequence[tuple[str, Article]], *, digests: int) -> Iterator[Case]:
    """Digests with one planted error each, as many of each kind."""
    rng = Random(_SEED)
    order = list(found)
    rng.shuffle(order)
    kinds = list(ERRORS)
    made = 0
    for at, (_, article) in enumerate(order):
        other = order[(at + 7) % len(order)][1]
        case = _case(article, other, kinds[made % len(kinds)], rng, paraphrased=made % 2 == 1)
        if case is not None:
            yield case
            made += 1
        if made == digests:
            return


def _case(article: Article, other: Article, kind: str, rng: Random, *, paraphrased: bool) -> Case | None:
    sentences = [sentence.text for sentence in split(article.text)]
    whole = [
        text
        for text in dict.fromkeys(sentences[:40])
        if _FEWEST <= word_count(text) <= _MOST and fault(text) is None
    ]
    fit = [text for text in whole if not dangles(text)]
    setting = Setting(article.text, sentences, article_names(other.text), quotes_in(other.text))
    if len(fit) < _SENTENCES:
        return None
    rng.shuffle(fit)
    for text in fit[:_TRIED]:
        base = (_paraphrase(text, setting, rng) or ("verbatim", text))[1] if paraphrased else text
        error = ERRORS[kind](base, setting, rng)
        if error and error not in article.text and error != base:
            rest = [one for one in whole if one != text]
            rng.shuffle(rest)
            true = [(*said, True, one) for one in rest if (said := _paraphrase(one, setting, rng))][
                :_PARAPHRASED
            ]
            used = {text, *(one[3] for one in true)}
            true += [("verbatim", one, True, one) for one in fit if one not in used]
            return Case(article, [(kind, error, False, text), *true[: _SENTENCES - 1]])
    return None


def _paraphrase(text: str, setting: Setting, rng: Random) -> tuple[str, str] | None:
    """The sentence said differently, in one way or two, with the way's name."""
    ways = list(PARAPHRASES)
    rng.shuffle(ways)
    # The rarest openings first, else most sentences would only have a word exchanged.
    ways.sort(key=lambda way: way in {"reworded", "attributed"})
    for way in ways:
        said = PARAPHRASES[way](text, setting, rng)
        if said and said != text:
            again = PARAPHRASES["reworded"](said, setting, rng) if rng.random() < 0.3 else None
            return way, again or said
    return None


def judge(found: Sequence[Case], meanings: Meanings | None) -> Tally:
    """Every sentence of every digest, checked."""
    tally = Tally()
    for case in found:
        sources = sources_of([case.article], language="en")
        tally.digests += 1
        for kind, text, is_true, before in case.sentences:
            result = check(text, sources, meanings=meanings, language=partial(language, tagged="en"))
            refused = not isinstance(result, Supported)
            (tally.true if is_true else tally.planted)[kind] += 1
            if refused:
                (tally.refused if is_true else tally.caught)[kind] += 1
            if refused == is_true:
                reason = "" if isinstance(result, Supported) else result.reason
                tally.reasons[kind].append((reason, before, text))
    return tally


def table(tally: Tally) -> str:
    """The figures, a line a kind."""
    lines = [f"{tally.digests} digests", "planted error      caught"]
    lines += [_line(kind, tally.caught[kind], tally.planted[kind]) for kind in ERRORS]
    lines += [_line("all", tally.caught.total(), tally.planted.total()), "true sentence      refused"]
    lines += [_line(kind, tally.refused[kind], tally.true[kind]) for kind in ("verbatim", *PARAPHRASES)]
    said = tally.true.total() - tally.true["verbatim"]
    lines += [_line("said differently", tally.refused.total() - tally.refused["verbatim"], said)]
    lines += [_line("all", tally.refused.total(), tally.true.total())]
    return "\n".join(lines)


def _line(kind: str, part: int, whole: int) -> str:
    return f"  {kind:<16} {100 * part / whole if whole else 0:6.1f} %  {part} of {whole}"


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", help="the data directory")
    parser.add_argument("--tuning", action="store_true", help="the half that was tuned on")
    parser.add_argument("--digests", type=int, default=_DIGESTS)
    parser.add_argument("--show", metavar="KIND", help="also print what went wrong with a kind")
    parser.add_argument("--words-only", action="store_true", help="without the encoder")
    options = parser.parse_args()
    data = shared_data(options.data)
    if not data.exists():
        print(f"SKIPPED: there is no data at {data} (SHARED_DATA names the directory)")
        return
    meanings = None
    if not options.words_only:
        from bot.encoder import Encoder

        meanings = Encoder().meanings
    found = articles(data, held_out=not options.tuning)
    tally = judge(list(cases(found, digests=options.digests)), meanings)
    print("tuning half" if options.tuning else "held-out half")
    print(table(tally))
    for reason, before, text in tally.reasons.get(options.show or "", []):
        print(f"\n  {reason}\n  - {before}\n  + {text}")


if __name__ == "__main__":
    main()
