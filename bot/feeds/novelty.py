"""Which entries of a feed are new: by what in this feed has proved to stay the same. Pure.

An item wears up to three marks: its guid, its link and its title. Publishers change each of them: they edit
titles, make new guids on every request, move to another host, hang tracking parameters on links, and some
give every item the same link or number their guids by place. So each feed is watched: a mark that changes
while another shows that the item is the same loses its credit, and is then neither believed nor kept. A date
proves nothing by itself: it only tells apart, or joins, items that have the same title.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.feeds.marks import TITLE_WORDS, Listed, Marks
from bot.links import host_of
from bot.text import fold, words

_ENOUGH_TO_JUDGE = 8
_MOST_COUNTED = 400  # then the tallies are halved: what was long ago weighs less
_A_MIGRATION = 5  # items that all changed their guid and link at once, and kept their titles
_KINDS = ("guid", "link", "title")


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a mark stayed while the item was the same, and how often it changed."""

    kept: int = 0
    changed: int = 0

    @property
    def is_stable(self) -> bool:
        """Whether to believe it; until there is evidence, yes."""
        return self.kept + self.changed < _ENOUGH_TO_JUDGE or self.changed < self.kept

    def plus(self, kept: int, changed: int) -> "Tally":
        """With more evidence."""
        more = Tally(self.kept + kept, self.changed + changed)
        full = more.kept + more.changed > _MOST_COUNTED
        return Tally(more.kept // 2, more.changed // 2) if full else more


@dataclass(frozen=True, slots=True)
class Identity:
    """What in a feed stays the same; `changed` counts of `link` include links that several items share."""

    guid: Tally = Tally()
    link: Tally = Tally()
    title: Tally = Tally()

    def as_json(self) -> dict[str, list[int]]:
        """For the database."""
        return {kind: [getattr(self, kind).kept, getattr(self, kind).changed] for kind in _KINDS}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | None) -> "Identity":
        """Back from the database."""
        return cls(**{kind: Tally(*stored[kind]) for kind in _KINDS}) if stored else cls()


@dataclass(frozen=True, slots=True)
class KnownItem:
    """An item that the feed has shown before, as it was last stated, where its entry is still kept."""

    title: str
    published_at: datetime | None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Sorted:
    """What a feed lists: the new, oldest first, and the known by their item, with what was learnt.

    `worn` are the marks to remember, each with its item.
    """

    new: tuple[Listed, ...]
    known: Mapping[str, Listed]
    worn: Mapping[str, str]
    identity: Identity


def marks_to_ask(shown: Sequence[Listed]) -> set[str]:
    """The marks whose items `sort_out` wants to know."""
    return {mark for one in shown for mark in (one.marks.guid, one.marks.link, one.marks.text) if mark}


def sort_out(
    shown: Sequence[Listed],
    *,
    seen: Mapping[str, str],
    items: Mapping[str, KnownItem],
    titles: Mapping[str, str],
    identity: Identity,
) -> Sorted:
    """Which of the entries a feed shows are new.

    `seen` gives the item that wore a mark, `items` what is known of these items, `titles` the item of the
    same feed that has this folded title.
    """
    judge = _Judge(shown, seen, items, titles, identity)
    for one in shown:
        judge.by_marks(one)
    judge.by_titles()
    return judge.verdict()


@dataclass(slots=True)
class _Judge:
    """One reading of a feed, entry by entry."""

    shown: Sequence[Listed]
    seen: Mapping[str, str]
    items: Mapping[str, KnownItem]
    titles: Mapping[str, str]
    identity: Identity
    shared_links: frozenset[str] = frozenset()
    shared_guids: frozenset[str] = frozenset()
    known: dict[str, Listed] = field(default_factory=dict)
    unknown: list[Listed] = field(default_factory=list)
    counts: Counter[tuple[str, bool]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        # What two items of one reading share tells neither of them from the other.
        self.shared_links = _shared(self.shown, "link")
        self.shared_guids = _shared(self.shown, "guid")

    def by_marks(self, one: Listed) -> None:
        """Known by its guid, or by its link, as far as this feed's guids and links can be believed."""
        by_guid = self._item(one.marks.guid, self.shared_guids)
        by_link = self._item(one.marks.link, self.shared_links)
        by_guid, by_link = (
            None if item and self._is_elsewhere(one, item) else item for item in (by_guid, by_link)
        )
        item = self._agreed(one, by_guid, by_link)
        if item is None and self._is_all_there_is(one):
            item = self.seen.get(one.marks.text)
        if item is None and one.marks.item in self.items:
            item = one.marks.item  # guid, link and title are what they were
        if item is None:
            self.unknown.append(one)
        else:
            self._is_known(one, item)

    def by_titles(self) -> None:
        """Known by its title: where nothing else can be believed, or all items lost their marks at once."""
        still: list[Listed] = []
        same = [self._titled(one) for one in self.unknown]
        # Yesterday's titles under today's dates are no migration: warnings and forecasts look like that.
        alike = sum(
            item is not None and not self._other_date(one, item)
            for one, item in zip(self.unknown, same, strict=True)
        )
        moved = not self.known and alike >= max(_A_MIGRATION, len(self.unknown) / 2)
        for one, item in zip(self.unknown, same, strict=True):
            other = moved or self._is_all_there_is(one)
            if item is not None and (
                self._same_date(one, item) or (other and not self._other_date(one, item))
            ):
                self._is_known(one, item)
            else:
                still.append(one)
        self.unknown = still

    def verdict(self) -> Sorted:
        """The result, with what this reading taught."""
        identity = self._learnt()
        worn: dict[str, str] = {}
        for item, one in [*self.known.items(), *((one.marks.item, one) for one in self.unknown)]:
            worn.update(dict.fromkeys(self._lasting(one.marks, identity), item))
        return Sorted(tuple(reversed(self.unknown)), self.known, worn, identity)

    def _item(self, mark: str | None, shared: Collection[str]) -> str | None:
        return self.seen.get(mark) if mark and mark not in shared else None

    def _is_elsewhere(self, one: Listed, item: str) -> bool:
        """At another host and under another title: two sites of one collection number their posts alike."""
        known = self.items.get(item)
        if known is None or not known.url or not one.entry.url or self._shares_a_word(one, item):
            return False
        return host_of(known.url).removeprefix("www.") != host_of(one.entry.url).removeprefix("www.")

    def _agreed(self, one: Listed, by_guid: str | None, by_link: str | None) -> str | None:
        if by_guid and by_link and by_guid != by_link:
            # Guids numbered by place: what was number 1 is number 2 now, under its old link.
            return by_link if self._like(one, by_link) or not self.identity.guid.is_stable else by_guid
        if by_link and (self.identity.link.is_stable or self._like(one, by_link)):
            if one.marks.guid and not by_guid and self._is_reused(one, by_link):
                return None
            return by_link
        if by_guid and (self._like(one, by_guid) or self._may_be_edited(one, by_guid)):
            return by_guid
        return None

    def _is_reused(self, one: Listed, item: str) -> bool:
        """A link used again: another guid where guids last, and no word of the title left."""
        return self.identity.guid.is_stable and not self._shares_a_word(one, item)

    def _may_be_edited(self, one: Listed, item: str) -> bool:
        """The same guid with another title: an edit, unless the item is listed under its own link as well."""
        guid = self.identity.guid
        if not guid.is_stable:
            return False
        if one.marks.link and guid.kept < _ENOUGH_TO_JUDGE and not self._shares_a_word(one, item):
            return False  # another link, another title: nothing but the guid says that it is the same
        links = {mark for mark, owner in self.seen.items() if owner == item}
        elsewhere = any(
            other is not one and other.marks.link in links and other.marks.link != one.marks.link
            for other in self.shown
            if other.marks.link
        )
        return not elsewhere

    def _like(self, one: Listed, item: str) -> bool:
        known = self.items.get(item)
        return known is not None and fold(known.title) == one.marks.title

    def _shares_a_word(self, one: Listed, item: str) -> bool:
        known = self.items.get(item)
        if known is None:  # long gone: the same address is all there is to go by
            return True
        before, now = (
            {word for word in words(title) if len(word) > 3}  # noqa: PLR2004 - "the", "and", "for"
            for title in (fold(known.title), one.marks.title)
        )
        return bool(before & now) or not (before and now)

    def _titled(self, one: Listed) -> str | None:
        item = self.titles.get(one.marks.title)
        if item is None or item in self.known:
            return None
        return item if len(words(one.marks.title)) >= TITLE_WORDS else None

    def _is_all_there_is(self, one: Listed) -> bool:
        guid = one.marks.guid and one.marks.guid not in self.shared_guids and self.identity.guid.is_stable
        link = one.marks.link and one.marks.link not in self.shared_links and self.identity.link.is_stable
        return not (guid or link)

    def _other_date(self, one: Listed, item: str) -> bool:
        known, stated = self.items.get(item), one.entry.published_at
        return known is not None and None not in (stated, known.published_at) and known.published_at != stated

    def _same_date(self, one: Listed, item: str) -> bool:
        known = self.items.get(item)
        stated = one.entry.published_at
        return known is not None and stated is not None and known.published_at == stated

    def _is_known(self, one: Listed, item: str) -> None:
        for kind, mark in (("guid", one.marks.guid), ("link", one.marks.link)):
            if mark:
                self.counts[kind, self.seen.get(mark) == item] += 1
        if item in self.items:
            self.counts["title", self._like(one, item)] += 1
        self.known.setdefault(item, one)

    def _learnt(self) -> Identity:
        for kind, shared in (("guid", self.shared_guids), ("link", self.shared_links)):
            self.counts[kind, False] += sum(getattr(one.marks, kind) in shared for one in self.unknown)
        tallies = {
            kind: getattr(self.identity, kind).plus(self.counts[kind, True], self.counts[kind, False])
            for kind in _KINDS
        }
        return Identity(**tallies)

    def _lasting(self, marks: Marks, identity: Identity) -> list[str]:
        """The marks worth remembering: a guid made anew on every request would fill the database."""
        lasting = [
            mark
            for kind, mark, shared in (
                ("guid", marks.guid, self.shared_guids),
                ("link", marks.link, self.shared_links),
            )
            if mark and mark not in shared and getattr(identity, kind).is_stable
        ]
        return lasting or [marks.text]


def _shared(shown: Sequence[Listed], kind: str) -> frozenset[str]:
    counts = Counter(mark for one in shown if (mark := getattr(one.marks, kind)))
    return frozenset(mark for mark, count in counts.items() if count > 1)
