"""The pages that `eval_articles` reads: real ones, each with what a person expects of it."""

import gzip
import hashlib
import json
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from lxml import html as lxml_html

from bot.text import fold

_WIDE = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7ff"  # scripts without spaces: a character, a word
_WORD = re.compile(rf"[{_WIDE}]|[^\W_{_WIDE}]+")
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
        "tr",
        "section",
        "article",
        "figure",
        "dt",
        "dd",
        "br",
    ]
)
_LAST_PAGE = re.compile(r"_(\d{4}_\d\d_\d\d)\.html\.gz$")


@dataclass(frozen=True)
class Case:
    """A page and what a person expects of it."""

    name: str
    outlet: str
    page: bytes
    url: str | None
    lines: list[str]
    title: str
    date: str
    authors: list[str]
    captions: list[str] = field(default_factory=list)

    @property
    def tuned_on(self) -> bool:
        """Whether its outlet is one of those the rules were written with."""
        return hashlib.sha256(self.outlet.encode()).digest()[0] % 2 == 0

    @cached_property
    def known(self) -> set[tuple[str, ...]]:
        """The runs of three words of the expected body and title, and its lines shorter than that."""
        runs = set(shingles(" \n ".join([*self.lines, self.title])))
        return runs | {run for line in self.lines for run in shingles(line)}

    @cached_property
    def furniture(self) -> tuple[set[str], set[tuple[str, ...]]]:
        """What the page itself marks: whole texts of links, and the three-word runs of captions."""
        try:
            tree = lxml_html.fromstring(self.page)
        except (ValueError, lxml_html.etree.ParserError):
            return set(), set()
        links = {" ".join(words(a.text_content())) for a in tree.iter("a")}
        shown = [*self.captions, *(c.text_content() for c in tree.iter("figcaption"))]
        return {text for text in links if text.count(" ") > 2}, {s for c in shown for s in shingles(c)}


def shingles(text: str) -> list[tuple[str, ...]]:
    """Runs of three words; of a shorter text, each of its words padded, so that it can match only itself."""
    found = words(text)
    if len(found) < 3:
        return [tuple(found)] if found else []
    return list(zip(found, found[1:], found[2:], strict=False))


def words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def fundus(archive: Path) -> Iterator[Case]:
    """The pages of news sites; each outlet's expectations, by version, belong to its pages, by date."""
    files = _files(archive)
    for name in sorted(files):
        if not name.endswith(".json"):
            continue
        outlet = name.removesuffix(".json")
        meta = json.loads(files[f"{name.rpartition('/')[0]}/meta.info"])
        pages = sorted(p for p in files if p.startswith(f"{outlet}_") and _LAST_PAGE.search(p))
        versions = sorted(json.loads(files[name]).items(), key=lambda item: item[0])
        for (_, wanted), page in zip(versions, pages, strict=True):
            body = wanted["body"]
            parts = [part for s in body["sections"] for part in (*s["headline"], *s["paragraphs"])]
            url = meta[page.rpartition("/")[2]]["url"]
            yield Case(
                name=page.removesuffix(".html.gz"),
                outlet=_outlet(url),
                page=gzip.decompress(files[page]),
                url=url,
                lines=[*body["summary"], *parts],
                title=wanted["title"] or "",
                date=wanted["publishing_date"] or "",
                authors=wanted.get("authors") or [],
                captions=[
                    i[key] for i in wanted.get("images") or [] for key in ("caption", "description") if i[key]
                ],
            )


def readability(archive: Path) -> Iterator[Case]:
    """The pages that Mozilla's Readability is tested with."""
    files = _files(archive)
    for name in sorted(files):
        if not name.endswith("/source.html"):
            continue
        folder = name.removesuffix("/source.html")
        meta = json.loads(files[f"{folder}/expected-metadata.json"])
        short = folder.rpartition("/")[2]
        yield Case(
            name=short,
            outlet=re.sub(r"-\d+$", "", short),
            page=files[name],
            url=None,
            lines=lines_of(files[f"{folder}/expected.html"].decode()),
            title=meta.get("title") or "",
            date=meta.get("publishedTime") or "",
            authors=[meta["byline"]] if meta.get("byline") else [],
        )


def _files(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as packed:
        opened = ((member.name, packed.extractfile(member)) for member in packed)
        return {name.partition("/")[2]: file.read() for name, file in opened if file}


def _outlet(url: str) -> str:
    """The site's own name in its host: 'www.euronews.com' and 'de.euronews.com' are one outlet."""
    labels = (urlsplit(url).hostname or "").split(".")
    short = len(labels) > 2 and len(labels[-2]) <= 3 and len(labels[-1]) == 2
    return labels[-3] if short else labels[-2]


def lines_of(html: str) -> list[str]:
    """The lines of an HTML document, one a block."""
    pieces: list[str] = []
    for element in lxml_html.fromstring(html or "<p></p>").iter():
        shown = isinstance(element.tag, str) and element.tag not in {"script", "style"}
        pieces.append("\n" if element.tag in _BLOCKS else "")
        pieces.append((element.text or "") if shown else "")
        pieces.append(element.tail or "")
    return [line for line in (" ".join(part.split()) for part in "".join(pieces).split("\n")) if line]
