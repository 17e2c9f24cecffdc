"""How clean the article reader is, beside plain trafilatura and readability-lxml: `make eval-articles`.

Reads pages/fundus.tar.gz and pages/readability.tar.gz from the data directory (the argument, or SHARED_DATA,
or ../shared/data beside the repository) and prints one table for each set and half. The halves are made by a
hash of the outlet, so that what was tuned on one outlet is never tested on it: rules were written looking at
`tune` only.

No judge here knows the reader's own patterns. `F1`, `prec` and `rec` count words against the expected body
(mean over the pages); `stray` is the share of lines that stand nowhere in it. `boiler` is the share of pages
with a sentence that is not expected and that the page, the expectation or a plain word list shows to be
furniture: an author's name or role, a photo's caption, the text of a link, an invitation.
"""

import logging
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean

from bench.article_pages import Case, fundus, lines_of, readability, shingles, words

_SENTENCE = re.compile(r"(?<=[.!?…])[\"”’»)]*\s+(?=\S)|(?<=[。！？])")

# The judge's own words, in the languages of the sets; only for sentences that the expectation lacks.
_INVITES = re.compile(
    r"newsletter|subscri|abonn|inscri[bv]|suscri|prenumer|zapisz|registr|sign(?:ing)? up|log ?in|anmeld"
    r"|cookie|datenschutz|privacy|advertis|anzeige|werbung|publicidad|publicité|reklam|sponsor"
    r"|read (?:more|also|next)|lesen sie|mehr zum|lire aussi|à lire|leer más|leia|leggi anche|läs (?:mer"
    r"|även)"
    r"|les også|lees ook|čtěte|czytaj|related|trending|most read|most popular|share (?:this|on)|teilen"
    r"|partager"
    r"|follow (?:us|me)|folgen|suivez|síguenos|whatsapp|telegram channel|download (?:the|our)|our app"
    r"|copyright|©|all rights reserved|alle rechte|getty images|shutterstock|file photo|photo ?:|foto ?:"
    r"|image ?:"
    r"|comments?$|kommentar|(?:last )?updated|aktualisiert|min(?:ute)?s? read|lesezeit|advertisement"
    r"|(?:click|tap) here|podcast",
    re.IGNORECASE,
)
_ROLES = re.compile(
    r"\b(?:reporter|correspondent|editor|columnist|freelance|journalist|redakteur|korrespondent|autor"
    r"|journaliste"
    r"|rédact|periodista|redactor|contribut|staff writer|author)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Reading:
    """What an extractor made of a page."""

    text: str
    title: str
    date: datetime | str | None
    seconds: float


@dataclass(frozen=True)
class Score:
    """One reading judged."""

    precision: float
    recall: float
    stray: float
    boilerplate: tuple[str, ...]
    title: bool
    date: bool | None  # None where nobody knows the date
    seconds: float
    empty: bool

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.precision * self.recall / ((self.precision + self.recall) or 1)


def shared_data() -> Path:
    """The folder that holds `pages/`: SHARED_DATA, or the one beside the repository."""
    named = os.environ.get("SHARED_DATA")
    return Path(named) if named else Path(__file__).parents[2] / "shared" / "data"


def main() -> int:
    pages = (Path(sys.argv[1]) if len(sys.argv) > 1 else shared_data()) / "pages"
    missing = pages / "fundus.tar.gz"
    if not missing.exists():
        print(f"eval-articles: SKIPPED, no {missing} (SHARED_DATA names the folder that holds pages/)")
        return 0
    logging.disable(logging.CRITICAL)  # the readers' complaints about odd pages
    print(NOTE)
    for name, load in (("fundus", fundus), ("readability", readability)):
        cases = list(load(pages / f"{name}.tar.gz"))
        for read in READERS.values():
            read(cases[0])  # so that nobody's imports are timed
        scores = {reader: [judge(case, read(case)) for case in cases] for reader, read in READERS.items()}
        for half, wanted in (("tune", True), ("held out", False), ("all", None)):
            chosen = [n for n, case in enumerate(cases) if wanted is None or case.tuned_on == wanted]
            _show(f"{name}, {half}", {reader: [rows[n] for n in chosen] for reader, rows in scores.items()})
    return 0


def _show(heading: str, table: dict[str, list[Score]]) -> None:
    print(f"\n{heading}: {len(next(iter(table.values())))} pages")
    print(f"{'':24}" + "".join(f"{name:>8}" for name in (*COLUMNS, "empty", "ms")))
    for reader, rows in table.items():
        figures = [[float(x) for x in map(column, rows) if x is not None] for column in COLUMNS.values()]
        shown = "".join(f"{100 * fmean(values):8.1f}" if values else f"{'-':>8}" for values in figures)
        milliseconds = 1000 * fmean(row.seconds for row in rows)
        print(f"{reader:24}{shown}{sum(row.empty for row in rows):8d}{milliseconds:8.0f}")


NOTE = """\
Mean over the pages, in per cent; ms of CPU a page. trafilatura's rows are bare_extraction(with_metadata=True)
as it comes, then without comments, then with favor_precision too. stray: lines that stand nowhere in the
expected text; boiler: pages with a sentence of furniture left in; empty: pages without a text."""
COLUMNS: dict[str, Callable[[Score], float | None]] = {
    "F1": lambda row: row.f1,
    "prec": lambda row: row.precision,
    "rec": lambda row: row.recall,
    "stray": lambda row: row.stray,
    "boiler": lambda row: bool(row.boilerplate),
    "title": lambda row: row.title,
    "date": lambda row: row.date,
}


# --- the readers -------------------------------------------------------------------------------------------


def ours(case: Case) -> Reading:
    from bot.articles.readable import readable

    started = time.process_time()
    article = readable(case.page, url=case.url)
    spent = time.process_time() - started
    if article is None:
        return Reading("", "", None, spent)
    return Reading(article.text, article.title, article.published_at, spent)


def _trafilatura(case: Case, **settings: bool) -> Reading:
    from trafilatura import bare_extraction

    started = time.process_time()
    try:
        page = bare_extraction(case.page, url=case.url, with_metadata=True, **settings)
    except ValueError:
        page = None
    spent = time.process_time() - started
    if page is None:
        return Reading("", "", None, spent)
    return Reading(page.text or "", page.title or "", page.date, spent)


def plain(case: Case) -> Reading:
    return _trafilatura(case)


def without_comments(case: Case) -> Reading:
    return _trafilatura(case, include_comments=False)


def precise(case: Case) -> Reading:
    return _trafilatura(case, include_comments=False, favor_precision=True)


def readability_lxml(case: Case) -> Reading:
    try:
        from readability import Document
    except ImportError:
        return Reading("", "", None, 0.0)
    started = time.process_time()
    try:
        document = Document(case.page.decode("utf-8", "replace"), url=case.url)
        text, title = "\n".join(lines_of(document.summary())), document.short_title()
    except Exception:  # noqa: BLE001 - it raises many things; an unread page counts as empty
        text, title = "", ""
    return Reading(text, title, None, time.process_time() - started)


READERS: dict[str, Callable[[Case], Reading]] = {
    "ours": ours,
    "trafilatura, default": plain,
    "trafilatura, no comments": without_comments,
    "trafilatura, precision": precise,
    "readability-lxml": readability_lxml,
}


# --- the judge ---------------------------------------------------------------------------------------------


def judge(case: Case, reading: Reading) -> Score:
    """The reading held against what was expected."""
    expected, found = Counter(words("\n".join(case.lines))), Counter(words(reading.text))
    common = (expected & found).total()
    lines = [line for line in reading.text.splitlines() if words(line)]
    strays = [line for line in lines if _is_stray(case, line)]
    return Score(
        precision=common / found.total() if found else 0.0,
        recall=common / expected.total() if expected else 1.0,
        stray=len(strays) / len(lines) if lines else 0.0,
        boilerplate=tuple(boilerplate(case, lines)),
        title=words(reading.title) == words(case.title),
        date=_same_day(case.date, reading.date) if case.date else None,
        seconds=reading.seconds,
        empty=not found,
    )


def boilerplate(case: Case, lines: list[str]) -> Iterator[str]:
    """The sentences nobody expects, and that are seen to be furniture."""
    links, captions = case.furniture
    authors = [" ".join(words(author)) for author in case.authors if len(words(author)) > 1]
    for line in lines:
        if " ".join(words(line)) in links and _is_stray(case, line):
            yield line
            continue
        for sentence in _SENTENCE.split(line):
            said = " ".join(words(sentence))
            if not said or not _is_stray(case, sentence):
                continue
            runs = shingles(sentence)
            in_caption = len(runs) > 1 and sum(run in captions for run in runs) > 0.6 * len(runs)
            named = any(author in said for author in authors)
            if named or in_caption or _INVITES.search(sentence) or _ROLES.search(sentence):
                yield sentence


def _is_stray(case: Case, part: str) -> bool:
    runs = shingles(part)
    return sum(run in case.known for run in runs) < 0.6 * len(runs)


def _same_day(expected: str, found: datetime | str | None) -> bool:
    """Whether both name one day, in the zone the expectation was written in or in UTC."""
    try:
        wanted = datetime.fromisoformat(expected)
    except ValueError:
        return False
    days = {wanted.date(), wanted.astimezone(UTC).date() if wanted.tzinfo else wanted.date()}
    if isinstance(found, datetime):
        return bool({found.date(), found.astimezone(wanted.tzinfo or UTC).date()} & days)
    return str(found) in {str(day) for day in days}


if __name__ == "__main__":
    sys.exit(main())
