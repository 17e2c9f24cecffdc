"""What a publisher has changed in a report that readers have had: a figure, a name, or its sense. Pure.

Wording alone is nothing, nor is what moves or is left out. A figure or name counts as changed only where the
sentence that had it has another one now, and the old one stands nowhere in the text any more.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import assert_never

from bot.facts import Kind as Sort
from bot.facts import Number
from bot.model import Change, ChangeKind
from bot.stories.changes import RISING, Report, find
from bot.stories.wording import Kind, Swap, likeness, said_in, swaps, terms

_LEAD = 5  # sentences that readers can have been told, beside the headline and what a digest took
_ALIKE = 0.7  # the share of words that makes it the same sentence with another figure
_VERY_ALIKE = 0.8  # and with another name
_SAME = 0.9  # and with a "not", which may stand in what was added
_HEADLINE_ALIKE = 0.4  # headlines have few words, and these two have one place
_MOST = 3
_ROUNDING = Decimal("0.02")  # of a price or a share: "$449.99" is "$449"
_SHARES = frozenset({Sort.SHARE, Sort.MONEY, Sort.MEASURE})
# What moves all day is not corrected when it is told anew, nor is a shop's offer.
_MOVING = re.compile(
    r"\b(?:shares?|stocks?|futures|trad(?:es|ed|ing)|yields?|index|indices|barrel|benchmark|nikkei"
    r"|kospi|hang seng|dow"
    r"|nasdaq|s&p|ftse|dax|bitcoin|crypto\w*|basis points?|premarket|pre-market|gallon|ounce|deals?"
    r"|on sale|coupon"
    r"|discount\w*|for just|free (?:delivery|shipping)|drops? to|dropped (?:in price )?to)\b",
    re.IGNORECASE,
)
_MOVES = re.compile(
    r"\b(?:drop|fell|fall|slump|pop|jump|rose|ris|surg|sank|sink|slid|slip|tumbl|climb|gain|lost|los"
    r"|plung|plummet|soar"
    r"|rall|crater|dip|add|advanc|declin)\w*(?:\W+\w+){0,3}?\W+\d[\d.]*(?:%| per ?cent)|\bfor \$\d",
    re.IGNORECASE,
)
_ITSELF = r"\b(?:this|our) (?:\w+ ){0,2}?(?:article|story|report|headline|post|piece)\b"
_WITHDRAWN = re.compile(
    rf"{_ITSELF}[^.]{{0,60}}?\b(?:has been|was|is|had been|is being) (?:\w+ )?(?:withdrawn|retracted"
    rf"|taken down"
    r"|removed|pulled|unpublished)\b"
    rf"|\b(?:withdraw|withdrawn|withdrew|retract|retracted|retracting|taken down|removed) {_ITSELF}"
    r"|^\W*(?:withdrawn|retracted|retraction|kill)\b\s*[:–—]|\bstory withdrawn\b",
    re.IGNORECASE,
)
_CORRECTED = re.compile(
    r"^\W*correct(?:ion|ed|s)\b\s*(?:\([^)]*\)\s*)?[:–—]"
    r"|\b(?:earlier|previous|prior|original) version of this (?:\w+ )?(?:article|story|report|post"
    r"|headline|piece)\b"
    rf"|{_ITSELF} (?:has been|was) (?:\w+ )?(?:corrected|amended to correct)",
    re.IGNORECASE,
)
_OF_NO_WEIGHT = re.compile(
    r"\b(?:photo\w*|caption|image|picture|spelling|misspell\w*|misspelt|typo\w*|byline)\b", re.IGNORECASE
)


def corrected(
    was: Report, now: Report, *, told: Iterable[str] = (), entry: int | None = None
) -> list[Change]:
    """What readers of `was` must hear of, now that it says `now`; `told` are the sentences of their digests.

    A toll that has risen is news (FACT), not a mistake. Nothing where only words differ.
    """
    withdrawal = _notice(was, now, _WITHDRAWN)
    if withdrawal is not None:
        return [Change(ChangeKind.WITHDRAWAL, withdrawal, was.title, entry, now.outlet)]
    swapped = list(_swapped(was, now, frozenset(told)))
    found = [_change(before, after, swap, entry, now.outlet) for before, after, swap in swapped]
    notice = _notice(was, now, _CORRECTED)
    if notice is not None and not any(change.kind is ChangeKind.CORRECTION for change in found):
        found.insert(0, Change(ChangeKind.CORRECTION, notice, None, entry, now.outlet))
    texts, kinds = {change.text for change in found}, {change.kind for change in found}
    added = find([was], now, entry=entry)
    return (found + [one for one in added if one.text not in texts and one.kind not in kinds])[:_MOST]


def _notice(was: Report, now: Report, pattern: re.Pattern[str]) -> str | None:
    before = set(was.all)
    new = (s for s in now.all if s not in before and pattern.search(s))
    return next((s for s in new if not _OF_NO_WEIGHT.search(s)), None)


def _change(before: str, after: str, swap: Swap, entry: int | None, outlet: str) -> Change:
    kind = ChangeKind.FACT if _is_risen_toll(swap) else ChangeKind.CORRECTION
    return Change(kind, after, before, entry, outlet)


def _is_risen_toll(swap: Swap) -> bool:
    old, new = swap.before[0].number, swap.after[0].number
    return old is not None and new is not None and new.role in RISING and new.value > old.value


def _swapped(was: Report, now: Report, told: frozenset[str]) -> Iterator[tuple[str, str, Swap]]:
    """Sentence before, sentence now, and what was swapped; each swap is told once."""
    told_of: set[tuple[tuple[str, ...], tuple[str, ...]]] = set()
    for before, after, alike in _pairs(was, now, told):
        for swap in swaps(before, after, _names(was, now) if before == was.title else frozenset()):
            key = tuple(t.said for t in swap.before), tuple(t.said for t in swap.after)
            if (
                key not in told_of
                and _is_told(swap, before, alike, was)
                and _is_gone(swap, was, now, in_title=before == was.title)
            ):
                told_of.add(key)
                yield before, after, swap
                break


def _names(was: Report, now: Report) -> frozenset[str]:
    """The words of the names in both texts: in a headline of capitals nothing else tells what is a name."""
    return frozenset(term.said for s in (*was.sentences, *now.sentences) for term in terms(s) if term.is_name)


def _pairs(was: Report, now: Report, told: frozenset[str]) -> Iterator[tuple[str, str, float]]:
    """The sentences that were told and are not there any more, each with the one in its place."""
    if was.title != now.title:
        alike = likeness(terms(was.title), terms(now.title))
        if alike >= _HEADLINE_ALIKE:
            yield was.title, now.title, alike
    kept = set(was.sentences) & set(now.sentences)
    new = [(s, terms(s)) for s in now.sentences if s not in kept]
    for before in dict.fromkeys((*was.sentences[:_LEAD], *(s for s in was.sentences if s in told))):
        if before not in kept and new:
            alike, after = max((likeness(terms(before), listed), s) for s, listed in new)
            if alike >= _ALIKE:
                yield before, after, alike


def _is_told(swap: Swap, sentence: str, alike: float, was: Report) -> bool:
    """Whether readers must hear of a swap: no price that moves, no rounding, no other sentence."""
    match swap.kind:
        case Kind.FIGURE:
            old, new = swap.before[0].number, swap.after[0].number
            if old is None or new is None or (old.kind in _SHARES and _moves(sentence, was)):
                return False
            return old.kind not in _SHARES or abs(new.value - old.value) > _ROUNDING * abs(old.value)
        case Kind.OPPOSITE:
            return True
        case Kind.NAME:
            return alike >= (_HEADLINE_ALIKE if sentence == was.title else _VERY_ALIKE)
        case Kind.DENIAL:
            return alike >= _SAME
        case _ as never:
            assert_never(never)


def _moves(sentence: str, report: Report) -> bool:
    """Whether the figure is a price that moves, or a shop's: some sentences do not say so themselves."""
    return bool(
        _MOVING.search(sentence) or (_MOVES.search(sentence) and any(map(_MOVING.search, report.all)))
    )


def _is_gone(swap: Swap, was: Report, now: Report, *, in_title: bool) -> bool:
    """Whether the old figure or name stands nowhere any more, and the new one nowhere before.

    A headline alone can have been wrong: what it says now may have stood in the text all the time. And where
    the text is as it was, it may not have been read again: then the headline's new figure is the publisher's.
    """
    before = (was.title,) if in_title else was.all
    after = (now.title,) if in_title and was.sentences == now.sentences else now.all
    if swap.kind is Kind.FIGURE:
        return not _has(after, swap.before[0].number) and not _has(before, swap.after[0].number)
    if swap.kind is Kind.NAME:
        old, new = ({term.said for term in side} for side in (swap.before, swap.after))
        return not old & said_in(now.all) and not new & said_in(before)
    return True


def _has(sentences: Iterable[str], figure: Number | None) -> bool:
    return figure is not None and any(
        (term.number.value, term.number.kind, term.number.unit) == (figure.value, figure.kind, figure.unit)
        for sentence in sentences
        for term in terms(sentence)
        if term.number is not None
    )
