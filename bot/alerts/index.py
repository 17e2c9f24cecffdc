"""Matches a story against many standing filters at once, evaluating only those it can meet. Pure.

Each filter hangs on anchors: keys of one of its clauses, the rarest, one key for each alternative. A story
that meets the filter must hold one of them, so only the filters under the story's own keys are evaluated.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import assert_never

from bot.alerts.language import Filter, InTopic, Phrase, Term, in_capitals
from bot.model import StoryText
from bot.text import fold, tokens

# Everyday words make poor anchors; a missing one costs time, never a match.
_COMMON = """
    a about after all also an and are as at be been but by can for from had has have he her his how if
    in into is it its last like made make may more most new news no not now of off on one or our out
    over said say says she so some than that the their them then there they this time to two up us was
    we week were what when which who will with world would year years you your
"""
_COMMON_ATOMS = frozenset(_COMMON.split())
_FIRST_WIDE = "\u0e00"  # from here on lie the scripts in which every character is an atom
_PAIR_RARITY = 9  # two characters of such a script tell as much as a word of this length
_TOPIC_RARITY = 1
_AND = "and"  # may be written "&"


class StoryWords:
    """A story's words with their places, read once and asked by many filters.

    Title and text are apart, and so are paragraphs: no phrase spans two of them.
    """

    def __init__(self, story: StoryText) -> None:
        self._topics = story.topics
        self._text = f"{story.title}\n{story.text}"
        self._places: dict[str, list[int]] = {}  # of each term and of each form in capitals
        self._terms: dict[int, str] = {}  # and the other way round
        self._capitals: dict[int, str] = {}
        self._spans: dict[int, tuple[int, int]] = {}  # characters of the whole text
        self._pairs: set[str] = set()
        start = place = 0
        for paragraph in self._text.split("\n"):
            place = self._read(paragraph, start, place) + 1  # the gap that no phrase crosses
            start += len(paragraph) + 1

    def keys(self) -> set[str]:
        """Every anchor that this story holds."""
        return {*self._places, *self._pairs, *map(_topic_key, self._topics)}

    def find(self, term: Term) -> tuple[int, str] | None:
        """Where the term first occurs, and how the story writes it there; None where it does not.

        The place is a rank: it orders the words of one story. Topics come after all words.
        """
        if isinstance(term, InTopic):
            return (len(self._text) + 1, _topic_key(term.name)) if term.name in self._topics else None
        first, *rest = term.atoms
        for place in self._places.get(first, ()):
            if not rest or all(self._holds(place + step, atom) for step, atom in enumerate(rest, 1)):
                start, end = self._spans[place][0], self._spans[place + len(rest)][1]
                return place, self._text[start:end]
        return None

    def _read(self, paragraph: str, start: int, place: int) -> int:
        before = ""
        for token in tokens(paragraph):
            term = token.term
            self._terms[place] = term
            self._spans[place] = (start + token.start, start + token.end)
            self._places.setdefault(term, []).append(place)
            if capitals := in_capitals(paragraph, token):
                self._capitals[place] = capitals
                self._places.setdefault(capitals, []).append(place)
            if is_wide := term >= _FIRST_WIDE:
                self._pairs.add(before + term)
            before = term if is_wide else ""
            place += 1
        return place

    def _holds(self, place: int, atom: str) -> bool:
        return self._terms.get(place) == atom or self._capitals.get(place) == atom


class Sieve:
    """A cheap look at a story, for whoever asks one filter of thousands of stories.

    It knows which words cannot be there; whether the others stand as whole words, and in which order, only
    `StoryWords` tells.
    """

    def __init__(self, story: StoryText) -> None:
        self._topics = story.topics
        # tokens() drops dots and commas inside words and numbers; here they are dropped everywhere.
        self._letters = _loose(fold(f"{story.title}\n{story.text}"))

    def lets_through(self, filter_: Filter) -> bool:
        """False when the story certainly does not meet the filter."""
        return all(any(self._may_hold(term) for term in clause) for clause in filter_.required)

    def _may_hold(self, term: Term) -> bool:
        if isinstance(term, InTopic):
            return term.name in self._topics
        return all(atom == _AND or _loose(atom).lower() in self._letters for atom in term.atoms)


def _loose(text: str) -> str:
    return text.replace(".", "").replace(",", "")


def evaluate(filter_: Filter, story: StoryWords) -> tuple[str, ...] | None:
    """The story's words that meet the filter, as `matches` gives them; None where it does not."""
    met: list[tuple[int, str]] = []
    for clause in filter_.required:
        found = [hit for term in clause if (hit := story.find(term)) is not None]
        if not found:
            return None
        met += found
    if any(story.find(term) is not None for term in filter_.excluded):
        return None
    return tuple(dict.fromkeys(written for _, written in sorted(met)))


def matches(filter_: Filter, story: StoryText) -> tuple[str, ...] | None:
    """The words of the story that meet the filter; None where it does not meet it.

    As the story writes them, in the order in which they first occur, without repeats; every alternative
    that occurs is named. A topic that was asked for and met comes last, as `topic:NAME`.
    """
    return evaluate(filter_, StoryWords(story))


class Matcher:
    """Standing filters, each under an id of the caller's, asked which of them a story meets.

    Equal filters of many subscribers are evaluated once.
    """

    def __init__(self) -> None:
        self._filters: dict[int, Filter] = {}
        self._groups: dict[Filter, _Group] = {}
        self._anchored: dict[str, set[_Group]] = {}

    def __len__(self) -> int:
        return len(self._filters)

    def add(self, filter_id: int, filter_: Filter) -> None:
        """Add a filter, or replace the one with this id."""
        self.remove(filter_id)
        self._filters[filter_id] = filter_
        group = self._groups.get(filter_)
        if group is None:
            group = self._groups[filter_] = _Group(filter_)
            for key in _anchors(filter_):
                self._anchored.setdefault(key, set()).add(group)
        group.ids.add(filter_id)

    def remove(self, filter_id: int) -> None:
        """Remove the filter with this id, if there is one."""
        filter_ = self._filters.pop(filter_id, None)
        if filter_ is None:
            return
        group = self._groups[filter_]
        group.ids.remove(filter_id)
        if group.ids:
            return
        del self._groups[filter_]
        for key in _anchors(filter_):
            self._anchored[key].remove(group)
            if not self._anchored[key]:
                del self._anchored[key]

    def match(self, story: StoryText) -> dict[int, tuple[str, ...]]:
        """The ids of the filters the story meets, in order, each with the words that met it."""
        words = StoryWords(story)
        candidates = {group for key in words.keys() & self._anchored.keys() for group in self._anchored[key]}
        met = ((group, terms) for group in candidates if (terms := evaluate(group.filter, words)) is not None)
        return dict(sorted((filter_id, terms) for group, terms in met for filter_id in group.ids))


@dataclass(slots=True, eq=False)
class _Group:
    """Equal filters; compared by identity, because hashing a whole filter for every story is slow."""

    filter: Filter
    ids: set[int] = field(default_factory=set)


def _anchors(filter_: Filter) -> set[str]:
    """One key for each alternative of the rarest clause. Equal filters have equal anchors."""
    clauses = (sorted(map(_anchor, clause)) for clause in filter_.required)
    # A clause is as common as its most common alternative; of two alike, the one with fewer.
    rarest = max(clauses, key=lambda ranked: (ranked[0][0], -len(ranked), ranked))
    return {key for _, key in rarest}


def _anchor(term: Term) -> tuple[int, str]:
    """The rarest key of a term, after its rarity: a rough guess, by length."""
    match term:
        case InTopic(name):
            return _TOPIC_RARITY, _topic_key(name)
        case Phrase(atoms):
            keys = [(0 if atom in _COMMON_ATOMS else len(atom), atom) for atom in atoms]
            pairs = pairwise(atoms)
            keys += [(_PAIR_RARITY, a + b) for a, b in pairs if min(a, b) >= _FIRST_WIDE]
            return max(keys)
    assert_never(term)


def _topic_key(name: str) -> str:
    return f"topic:{name}"  # no word holds a colon
