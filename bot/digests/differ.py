"""Where a story's sources disagree on a number or a name, said with both names and never decided. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from bot.digests.claims import STEM, TOPICS, Claim, claims, content
from bot.facts import (
    Kind,
    Name,
    Number,
    agree,
    comparable,
    dates,
    names,
    numbers,
    plural,
    same_day,
    same_name,
    tongue,
)
from bot.model import Article, Evidence
from bot.sentences import Sentence
from bot.text import fold, tokens

MOST = 2
_ALIKE = 0.6  # cosine of two sentences' meanings from which they may speak of the same thing
_SHARED = 0.3  # of the shorter sentence's content words, where the meanings are known to be alike
_SHARED_VAGUE = 0.4  # where what was done to those counted is not told either
_SHARED_UNSEEN = 0.5  # where they are not known
_FEWEST_SHARED = 3
_GROWING = frozenset({Kind.COUNT, Kind.MONEY})
_NEWER = timedelta(hours=3)  # a toll, or sales, that much later are newer if they are higher
_OLD = timedelta(hours=24)  # so far apart, nothing is compared
_ROLES = (
    "killed",
    "injured",
    "missing",
    "arrested",
    "rescued",
    "evacuated",
    "displaced",
    "charged",
    "hospitalised",
)
_WHERE = re.compile(
    r"\b(?:in|at|near|across|outside|around|off|on)\s(?:the\s)?(?:\w+\s){0,2}$", re.IGNORECASE
)
_IN_ALL = re.compile(
    r"\b(?:in total|in all|overall|altogether|nationwide|combined|across|throughout|total)\b", re.IGNORECASE
)
_NAMED = re.compile(
    r"\b(?P<role>suspect|gunman|shooter|attacker|victim|driver|pilot|killer|hijacker|assailant"
    r"|bomber)s?\b[^.;]{0,40}?"
    r"\b(?:identified|named)\b(?:[^.;,]{0,40}?)?(?:\bas\b|,)?\s(?:\w+-year-old\s)?$",
    re.IGNORECASE,
)
_CLOSE_SPELLING = 3
_TIMES = frozenset({"minute", "hour", "day", "week", "month"})
_SUBJECT = 40  # characters in which a sentence's subject is named
_PRONOUN = re.compile(
    r"[“\"'‘]?(?:he|she|it|they|his|her|its|their|we|i|you|this|that|these|those)\b", re.IGNORECASE
)
_OPENING = 4  # sentences in which an article says where its story is


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing on which sources differ: a sentence that names them all, and the passages in their order."""

    text: str
    evidence: tuple[Evidence, ...]


def differences(
    articles: Sequence[Article],
    sentences: Sequence[Sequence[Sentence]],
    *,
    meanings: Sequence[NDArray[np.float32]] | None = None,
    most: int = MOST,
) -> list[Difference]:
    """At most `most` differences between the articles of a story, the weightiest first.

    `sentences[i]` are those of `articles[i]`, and `meanings[i]` their meanings (n, d), of unit length, so
    that only sentences alike in meaning (cosine 0.6) are compared; without them words alone tell, and must.
    Copies must have been left out by the caller. English articles with an outlet's name only: others are
    passed over. What one outlet reports both ways, what may be newer rather than different, parts of a whole,
    and bounds and roundings that can both be true are no differences.
    """
    usable = [i for i, article in enumerate(articles) if article.site and _is_english(article)]
    if len({_outlet(articles[i]) for i in usable}) <= 1:
        return []
    stated = {i: list(claims(articles[i], i, sentences[i])) for i in usable}
    said = {i: numbers(f"{articles[i].title}\n{articles[i].text}", "en") for i in usable}
    found: list[tuple[tuple[Claim, ...], str]] = []
    for a, b in combinations(usable, 2):
        if _outlet(articles[a]) == _outlet(articles[b]) or _far_apart(articles[a], articles[b]):
            continue
        found += [
            ((one, other), label)
            for one, other in product(stated[a], stated[b])
            if _contradict(one, other, articles)
            and _settled(one, other.number, said[a], stated[a])
            and _settled(other, one.number, said[b], stated[b])
            and _same_thing(one, other, meanings)
            and _same_place(one, other, sentences)
            and (label := _label(one, other))
        ]
    found.sort(key=lambda pair: (_weight(pair[0][0].number), max(claim.place for claim in pair[0])))
    made: list[Difference] = []
    taken: set[str] = set()
    for pair, label in found:
        if label not in taken:
            taken.add(label)
            made.append(_worded(pair, label, articles))
    made += _named_otherwise(articles, sentences, usable)
    return made[:most]


def _outlet(article: Article) -> str:
    return fold(article.site or "")


def _is_english(article: Article) -> bool:
    return tongue(article.text[:2000], article.language) == "en"


def _far_apart(a: Article, b: Article) -> bool:
    return bool(a.published_at and b.published_at and abs(a.published_at - b.published_at) > _OLD)


def _contradict(one: Claim, other: Claim, articles: Sequence[Article]) -> bool:
    """Whether the two count the same sort of thing, and cannot both be right."""
    a, b = one.number, other.number
    if not comparable(a, b) or agree(a, b) or _between(one) != _between(other):
        return False
    return not _is_newer(one, other, articles)


def _settled(own: Claim, foreign: Number, said: Sequence[Number], held: Sequence[Claim]) -> bool:
    """Whether the article holds to its own number: the foreign one nowhere, and no other of its sort."""
    if any(number.value == foreign.value and number.kind is foreign.kind for number in said):
        return False
    return all(agree(claim.number, own.number) for claim in held if comparable(claim.number, own.number))


def _between(claim: Claim) -> frozenset[str]:
    """The words between the number and the noun it counts: "12 Ukrainian soldiers" are no "12 soldiers"."""
    number = claim.number
    if number.kind is not Kind.COUNT:
        return frozenset()
    between = [token.term for token in tokens(claim.sentence.text[number.end : number.closes])]
    return frozenset(between[:-1])


def _is_newer(one: Claim, other: Claim, articles: Sequence[Article]) -> bool:
    """Whether the higher of two counts or sums comes hours later: then it is news, and no disagreement."""
    first, second = articles[one.article].published_at, articles[other.article].published_at
    if one.number.kind not in _GROWING or first is None or second is None or abs(first - second) < _NEWER:
        return False
    return (second > first) == (other.number.value > one.number.value)


def _same_thing(one: Claim, other: Claim, meanings: Sequence[NDArray[np.float32]] | None) -> bool:
    """Whether the two sentences speak of the same thing, by meaning, words, days and places."""
    shared = len(one.words & other.words)
    vague = not one.number.role and one.number.unit != "magnitude"
    least = _SHARED_UNSEEN
    if meanings is not None:
        least = _SHARED_VAGUE if vague else _SHARED
        if float(meanings[one.article][one.place] @ meanings[other.article][other.place]) < _ALIKE:
            return False
    if shared < max(_FEWEST_SHARED, least * min(len(one.words), len(other.words))):
        return False
    if vague and not _same_subject(one.sentence.text, other.sentence.text):
        return False
    return not _other_day(one.sentence.text, other.sentence.text)


def _same_subject(one: str, other: str) -> bool:
    """Whether the sentences are about the same one, as far as they begin with a name or a pronoun."""
    if _PRONOUN.match(one) or _PRONOUN.match(other):
        return False
    first, second = ([name for name in names(text, "en") if name.start < _SUBJECT] for text in (one, other))
    return not (first and second) or any(same_name(a, b) for a in first for b in second)


def _other_day(one: str, other: str) -> bool:
    """Whether the sentences give days, or lengths of time, of which none is the same."""
    first, second = dates(one, "en"), dates(other, "en")
    if first and second and not any(same_day(a, b) for a in first for b in second):
        return True
    lengths = _lengths(one), _lengths(other)
    return all(lengths) and lengths[0].isdisjoint(lengths[1])


def _lengths(text: str) -> set[tuple[str, Decimal]]:
    """The lengths of time that a sentence gives: what sold in five hours has sold more in twelve."""
    return {(n.unit, n.value) for n in numbers(text, "en") if n.unit in _TIMES}


def _same_place(one: Claim, other: Claim, sentences: Sequence[Sequence[Sentence]]) -> bool:
    """Whether both count at the same place, as far as they tell: 12 in Kyiv are not 15 in Ukraine."""
    own, foreign = one.sentence.text, other.sentence.text
    if bool(_IN_ALL.search(own)) != bool(_IN_ALL.search(foreign)):
        return False
    here, there = _place(one), _place(other)
    if here and there:
        return same_name(here, there) or (_mentions(foreign, here) and _mentions(own, there))
    if here or there:
        place, away = (here, other) if here else (there, one)
        opening = " ".join(sentence.text for sentence in sentences[away.article][:_OPENING])
        return place is not None and _mentions(f"{opening} {away.sentence.text}", place)
    return True


def _place(claim: Claim) -> Name | None:
    """The place named first behind the number, else the last before it."""
    text, number = claim.sentence.text, claim.number
    placed = [name for name in names(text, "en") if _WHERE.search(text[: name.start])]
    after = [name for name in placed if name.start >= number.end]
    before = [name for name in placed if name.end <= number.start]
    return after[0] if after else before[-1] if before else None


def _mentions(text: str, place: Name) -> bool:
    return any(same_name(place, name) for name in names(text, "en"))


def _label(one: Claim, other: Claim) -> str:
    """What the two numbers are of, in words; "" where no word says it for both."""
    number = one.number
    if number.kind is Kind.COUNT:
        unit = number.unit or other.number.unit
        noun = "" if unit in {"", "people"} and number.role else f" of {plural(unit)}"
        return f"the number{noun} {_told(number.role)}".rstrip()
    if number.unit == "magnitude":
        return "the magnitude"
    shared = _near(one) & _near(other)
    return next((f"the {topic}" for topic in TOPICS[number.kind].split() if topic[:STEM] in shared), "")


def _near(claim: Claim) -> frozenset[str]:
    text, number = claim.sentence.text, claim.number
    return content(text[max(0, number.opens - 60) : number.closes + 60])


def _weight(number: Number) -> int:
    """The place of the number's role among all, the gravest first."""
    return _ROLES.index(number.role) if number.role else len(_ROLES)


def _told(role: str) -> str:
    return "taken to hospital" if role == "hospitalised" else role


def _worded(pair: tuple[Claim, ...], label: str, articles: Sequence[Article]) -> Difference:
    parts = [f"{articles[claim.article].site} reports {_shown(claim)}" for claim in pair]
    return Difference(
        f"Sources differ on {label}: {', '.join(parts)}.",
        tuple(Evidence(claim.article, claim.sentence.start, claim.sentence.end) for claim in pair),
    )


def _shown(claim: Claim) -> str:
    """The number as its source writes it, with its bound and unit; of a count, without the noun."""
    number = claim.number
    bare = number.kind is Kind.COUNT or number.unit == "magnitude"
    text = claim.sentence.text[number.opens : number.end if bare else number.closes].replace("-", " ")
    return text[:1].lower() + text[1:]


def _named_otherwise(
    articles: Sequence[Article], sentences: Sequence[Sequence[Sentence]], usable: Sequence[int]
) -> list[Difference]:
    """Suspects and victims that two outlets say were identified, by different names."""
    named = {i: list(_identified(i, sentences[i])) for i in usable}
    known = {i: names(f"{articles[i].title}\n{articles[i].text}", "en") for i in usable}
    made: list[Difference] = []
    for a, b in combinations(usable, 2):
        if _outlet(articles[a]) == _outlet(articles[b]):
            continue
        for (role, one, first), (other_role, other, second) in ((x, y) for x in named[a] for y in named[b]):
            if role != other_role or _spelled_alike(one, other) or len(named[a]) != 1 or len(named[b]) != 1:
                continue
            if any(_spelled_alike(one, name) for name in known[b]) or any(
                _spelled_alike(other, name) for name in known[a]
            ):
                continue
            text = (
                f"Sources differ on the name of the {role}: {articles[a].site} reports {one.text},"
                f" {articles[b].site} reports {other.text}."
            )
            made.append(
                Difference(text, (Evidence(a, first.start, first.end), Evidence(b, second.start, second.end)))
            )
    return made


def _identified(index: int, sentences: Sequence[Sentence]) -> Iterator[tuple[str, Name, Sentence]]:
    del index
    for sentence in sentences:
        for name in names(sentence.text, "en"):
            match = _NAMED.search(sentence.text[: name.start])
            if match and len(name.words) > 1:
                yield match["role"].lower(), name, sentence


def _spelled_alike(a: Name, b: Name) -> bool:
    """Whether the two names may be one, in another spelling or in part."""
    if same_name(a, b) or a.last == b.last:
        return True
    return _distance(a.last, b.last) < _CLOSE_SPELLING


def _distance(a: str, b: str) -> int:
    """The edits from one word to the other (Levenshtein 1966)."""
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, its in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (letter != its))
    return row[-1]
