"""What an item wears by which it is known again: its guid, its link and its words, hashed. Pure."""

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.feeds.parse import ParsedEntry
from bot.links import choosing, split
from bot.text import fold, words

TITLE_WORDS = 3  # "Live" and "Correction" are the titles of many items
_HASH_BYTES = 12  # 96 bits: a billion keys collide with a chance of one in 10^11
_TAG = re.compile(r"<[^<>]*>")  # not past the next "<", or hostile markup would make it quadratic
_NO_WORD = re.compile(r"[\W_]+")


def key_hash(key: str) -> str:
    """Sixteen characters that stand for a key in the database; the same for ever."""
    digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=_HASH_BYTES).digest()
    return base64.urlsafe_b64encode(digest).decode("ascii")


def text_hash(title: str, summary: str) -> str:
    """What the words of an entry come to: markup, case and spacing changed leave it as it is."""
    return key_hash(_NO_WORD.sub(" ", fold(f"{title} {_TAG.sub(' ', summary)}")).strip())


@dataclass(frozen=True, slots=True)
class Marks:
    """An entry's marks, hashed. `item` is what it is called if it is new; `guid` and `link` may be missing.

    A guid that is an address is marked as the link is: without scheme, host and tracking, so that both
    outlive a move to another host, and are one mark where they are the same address. `text` serves where
    neither can be believed: the title, with the summary where the title says too little. `title` is folded,
    not hashed.
    """

    item: str
    guid: str | None
    link: str | None
    text: str
    title: str

    def __reduce__(self) -> "tuple[type[Marks], tuple[object, ...]]":
        """To pickle as a call, as `ParsedEntry` does."""
        return Marks, (self.item, self.guid, self.link, self.text, self.title)


def marks_of(entry: ParsedEntry) -> Marks:
    """The marks of an entry as its feed states it now."""
    guid = _place(entry.guid, is_guid=True) or entry.guid if entry.guid else None
    link = _place(entry.url) if entry.url else None
    title = fold(entry.title)
    said = title if len(words(title)) >= TITLE_WORDS else f"{title}\n{entry.summary}"
    # Where nothing else tells them apart, the same warning of another day is another one.
    dated = "" if guid or entry.published_at is None else f"\n{entry.published_at.isoformat()}"
    return Marks(
        item=key_hash("\n".join((guid or "", link or "", title, "" if guid or link else said)) + dated),
        guid=key_hash(guid) if guid else None,
        link=key_hash(link) if link else None,
        text=key_hash(f"text\n{said}{dated}"),
        title=title,
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of the feed beside its marks and its `text_hash`."""

    entry: ParsedEntry
    marks: Marks
    text_hash: str

    def __reduce__(self) -> "tuple[type[Listed], tuple[object, ...]]":
        """To pickle as a call, as `ParsedEntry` does."""
        return Listed, (self.entry, self.marks, self.text_hash)


def listed(entries: Iterable[ParsedEntry]) -> tuple[Listed, ...]:
    """The entries with their marks, in the feed's order; the same item stated twice is one."""
    found: dict[str, Listed] = {}
    for entry in entries:
        marks = marks_of(entry)
        if marks.item not in found:
            found[marks.item] = Listed(entry, marks, text_hash(entry.title, entry.summary))
    return tuple(found.values())


def _place(url: str, *, is_guid: bool = False) -> str | None:
    """An address less scheme, host and tracking: what outlives a move; None for a home page or no address.

    A path that is one bare word ("/news") is the place of many items in turn, so the host stays with it.
    """
    parts = split(url.strip())
    if parts is None:
        return None
    query = choosing(parts.query)
    path = parts.path.rstrip("/")
    kept = is_guid and not re.fullmatch(r"\d{0,2}|.*=.*", parts.fragment)  # "#0": how often the BBC edited it
    fragment = parts.fragment if kept or parts.fragment.startswith("!") else ""
    if not (path or query or fragment):
        return None
    rest = f"{path}?{query}#{fragment}"
    host = (parts.hostname or "").removeprefix("www.")
    return rest if re.search(r"\d|-.*-|/.*/|_", rest) else f"{host}{rest}"
