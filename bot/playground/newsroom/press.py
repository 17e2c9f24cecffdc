"""What the newsroom has to print: outlets, authors and items, read from the TOML files beside this."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

from bot.text import fold

_SLUG_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote it: the byline's name and beat, and the sentence at the end of the page."""

    name: str
    beat: str
    bio: str


@dataclass(frozen=True, slots=True)
class Outlet:
    """One invented outlet: `feed` names its feed dialect, `body` its page layout, `style` is CSS.

    `language` is None where an outlet publishes in several; its items then state their own.
    """

    slug: str
    name: str
    motto: str
    feed: str
    body: str
    style: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """One report by one outlet, due `at` seconds after the start (below zero: before it).

    Items of one `event` and `stage` tell the same facts; a higher `stage` brings new ones.
    `text_of` names the item whose text this one took over from the wire. At `corrected_at`, where it has one,
    its publisher replaces the first words of each pair in `correction` by the second.
    """

    id: str
    event: str
    stage: int
    at: float
    outlet: str
    topic: str
    language: str
    author: str
    place: str
    headline: str
    standfirst: str
    caption: str
    body: tuple[str, ...]
    text_of: str | None = None
    corrected_at: float | None = None
    correction: tuple[tuple[str, str], ...] = ()

    @property
    def slug(self) -> str:
        """The item's place in its outlet's address space, made of its headline."""
        plain = re.sub(r"[^a-z0-9]+", "-", fold(self.headline).replace("'", "")).strip("-")
        return plain if len(plain) <= _SLUG_LENGTH else plain[:_SLUG_LENGTH].rpartition("-")[0]

    @property
    def text(self) -> str:
        """Headline, standfirst and body: the words a reader can follow."""
        return "\n".join((self.headline, self.standfirst, *self.body))

    def corrected(self) -> "Item":
        """The item as it reads after its correction."""
        return replace(
            self,
            headline=self._mended(self.headline),
            standfirst=self._mended(self.standfirst),
            body=tuple(self._mended(part) for part in self.body),
        )

    def _mended(self, text: str) -> str:
        for old, new in self.correction:
            text = text.replace(old, new)
        return text


@dataclass(frozen=True, slots=True)
class Press:
    """Everything there is to print; `items` are in order of their time, `base_style` is CSS for all pages."""

    outlets: Mapping[str, Outlet]
    authors: Mapping[str, Author]
    items: tuple[Item, ...]
    base_style: str


def load_press() -> Press:
    """Reads the TOML files of this package; they belong to the code, so a mistake in them just raises."""
    rows: list[dict[str, Any]] = []
    outlets: dict[str, Any] = {}
    for file in sorted(files(__package__).iterdir(), key=lambda f: f.name):
        if file.name == "outlets.toml":
            outlets = tomllib.loads(file.read_text(encoding="utf-8"))
        elif file.name.endswith(".toml"):
            rows += tomllib.loads(file.read_text(encoding="utf-8"))["item"]
    by_id = {row["id"]: row for row in rows}
    items = (_item(row, by_id) for row in rows)
    return Press(
        outlets={o["slug"]: Outlet(**{"language": None} | o) for o in outlets["outlet"]},
        authors={a["name"]: Author(**a) for a in outlets["author"]},
        items=tuple(sorted(items, key=lambda item: item.at)),
        base_style=outlets["base_style"],
    )


def _item(row: dict[str, Any], by_id: Mapping[str, dict[str, Any]]) -> Item:
    wire = by_id[row["text_of"]] if "text_of" in row else row
    text = wire["body"]
    for old, new in row.get("edits", ()):
        if old not in text:
            raise ValueError(f"{row['id']}: the wire copy has no {old!r}")
        text = text.replace(old, new)
    own = {key: value for key, value in row.items() if key not in {"body", "edits"}}
    return Item(
        **{"language": "en", "place": wire["place"], "caption": wire["caption"]}
        | own
        | {"body": tuple(part.strip() for part in text.strip().split("\n\n"))}
        | {"correction": tuple((old, new) for old, new in row.get("correction", ()))}
    )
