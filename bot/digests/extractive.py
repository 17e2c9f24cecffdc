"""A digest of the sources' own sentences: those that tell most, each once, each standing alone. Pure.

What a sentence tells (its salience) and what it means come in as numbers, from the encoder or from
`bot.digests.central`; the choice weighs them against what is chosen already (maximal marginal relevance:
Carbonell and Goldstein, SIGIR 1998), and every rule of form has the last word.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from bot.digests.candidates import Candidate, Likeness, beyond, candidates, is_told, shown_in
from bot.digests.coming import Coming, coming
from bot.digests.compose import (
    LIMITS,
    Limits,
    addresses,
    adds_fact,
    covers,
    dangles,
    fault,
    faults,
    personal,
    recalls,
    terms,
)
from bot.digests.differ import Difference
from bot.digests.headline import headline
from bot.digests.standalone import Shown
from bot.digests.worth import ReadArticle, bonus
from bot.model import Digest, Source
from bot.sentences import word_count
from bot.text import clip, squash

_OPENING = 8  # sentences of an article in which its news is told
_LAST_OPENING = 20  # how far to look when the opening gives nothing fit
_CLEARLY = 0.4  # what a later sentence must be worth more than an earlier one to open in its place
_FEWEST_DETAILS = 3  # where so many are fit; else a digest is at most half of what could be told
_HEADLINE = 120  # characters of the first sentence that stand in for a title nobody gave


@dataclass(frozen=True, slots=True)
class Method:
    """How the numbers came about, as the digest's record says it."""

    model: str
    language: str | None
    likeness: Likeness
    record: tuple[str, ...] = ()


def extractive(
    read: Sequence[ReadArticle],
    *,
    method: Method,
    titles: Sequence[str] = (),
    sources: Sequence[Source] = (),
    differ: Sequence[Difference] = (),
    limits: Limits = LIMITS,
) -> Digest:
    """The digest of a story; copies and other languages are left out of `read`, the leading article is first.

    `titles` are candidates for the headline, in order; `differ` is what the sources disagree on. What You
    Need to Know is the leading article's, told in its order; the rest draws on all. Where no sentence is fit
    the block stays empty: nothing is made up. Same input, same output.
    """
    title = headline(titles, outlets=[source.name for source in sources])
    pool = list(candidates(read, title, limits, english=method.language == "en"))
    rest = [c for c in pool if word_count(c.text) <= limits.sentence_words and not personal(c.text)]
    told = partial(is_told, likeness=method.likeness)
    need = _need(pool, limits, told)
    next_ = _next([c for c in rest if not told(c, need) and not addresses(c.text)], limits, told)
    details = _details([c for c in rest if not told(c, (*need, *next_))], (*need, *next_), limits, told)
    if not (need or details or next_):
        need = _last_resort(read, limits)
    chosen = _in_context((*need, *details, *next_), title, limits)
    texts = [c.text for c in chosen]
    passages = [c.evidence for c in chosen]
    first, last = len(need), len(need) + len(details)
    return Digest(
        headline=title or next((clip(squash(one.sentences[0].text), _HEADLINE) for one in read), ""),
        need_to_know=tuple(texts[:first]),
        details=tuple(texts[first:last]),
        next=tuple(texts[last:]),
        model=method.model,
        evidence=(*passages[:last], *(one.evidence for one in differ), *passages[last:]),
        sources=tuple(sources),
        differ=tuple(one.text for one in differ),
        language=method.language,
        record=(
            f"extractive: {method.model}",
            f"language: {method.language or 'not known'}",
            *method.record,
            *_edits(chosen),
        ),
    )


_Told = Callable[[Candidate, Sequence[Candidate]], bool]


def _need(pool: Sequence[Candidate], limits: Limits, told: _Told) -> tuple[Candidate, ...]:
    """Two or three sentences of the leading article; one when only one is fit, none when none is.

    What had been before the news comes first only where nothing else can; and writers who speak of
    themselves, or to the reader, come second.
    """
    leading = [c for c in pool if c.read is pool[0].read]
    past: tuple[Candidate, ...] = ()
    for reach in (_OPENING // 2, _OPENING, _LAST_OPENING, math.inf):
        for willing in (False, True):
            fit = [c for c in leading if willing or not (personal(c.text) or addresses(c.text))]
            chosen = _opening([c for c in fit if c.place < reach], fit, limits, told)
            if chosen and not recalls(chosen[0].text):
                return chosen
            past = past or chosen
    return past


def _opening(
    near: Sequence[Candidate], fit: Sequence[Candidate], limits: Limits, told: _Told
) -> tuple[Candidate, ...]:
    """A first sentence from `near` and one or two that tell most beyond it, in the order of the article."""
    openers = [c for c in near if not recalls(c.text)] or near
    if not openers:
        return ()
    best = max(c.worth for c in openers)
    first = next(c for c in openers if c.worth >= best - _CLEARLY)
    chosen = [_fullest(first, fit)]
    enough = float(np.median([c.worth for c in fit]))
    while len(chosen) < limits.need_sentences:
        room = limits.need_words - sum(word_count(c.text) for c in chosen)
        follow = [
            c
            for c in fit
            if c.place > chosen[0].place
            and word_count(c.text) <= min(room, limits.sentence_words)
            and not told(c, chosen)
            # What's Next is the better place for it.
            and not (len(chosen) > 1 and _announces(c))
        ]
        near = [c for c in follow if c.place < chosen[0].place + _OPENING]
        if not near and len(chosen) == 1:  # a second one from anywhere rather than none
            near = follow
        next_best = max(near, key=partial(beyond, chosen=tuple(chosen)), default=None)
        if next_best is None or (len(chosen) > 1 and next_best.worth < enough):
            break
        chosen.append(next_best)
    return tuple(sorted(chosen, key=lambda c: c.place))


def _fullest(first: Candidate, fit: Sequence[Candidate]) -> Candidate:
    """The sentence that tells what `first`, a standfirst, does and more; `first` itself where none does."""
    for other in fit:
        if other.place <= first.place or other.place > first.place + _OPENING // 2 or recalls(other.text):
            continue
        if covers(other.text, first.text) and not adds_fact(first.text, other.text):
            more = adds_fact(other.text, first.text)
            return other if more else first
    return first


def _announces(candidate: Candidate) -> bool:
    return coming(candidate.text, told_at=candidate.read.article.published_at) is Coming.DATED


def _next(rest: Sequence[Candidate], limits: Limits, told: _Told) -> tuple[Candidate, ...]:
    """What is to come, what has a date before what has none; in the order told."""
    ranked = sorted(rest, key=lambda c: -_coming(c))
    chosen: list[Candidate] = []
    for candidate in ranked:
        if len(chosen) == limits.next or not _coming(candidate):
            break
        if _coming(candidate) is Coming.ANNOUNCED and chosen:
            break
        if not told(candidate, chosen):
            chosen.append(candidate)
    return tuple(sorted(chosen, key=rest.index))


def _coming(candidate: Candidate) -> Coming:
    return coming(candidate.text, told_at=candidate.read.article.published_at)


def _details(
    left: Sequence[Candidate], taken: Sequence[Candidate], limits: Limits, told: _Told
) -> tuple[Candidate, ...]:
    """The most telling sentences that are left, in the order of the articles."""
    plain = [c for c in left if not addresses(c.text)]
    most = min(limits.details, max(_FEWEST_DETAILS, math.ceil(len(plain) / 2)))
    if len(plain) >= _FEWEST_DETAILS:  # else a sentence that speaks to the reader is better than none
        left = plain
    chosen: list[Candidate] = []
    while len(chosen) < most:
        new = [c for c in left if c not in chosen and not told(c, chosen)]
        if not new:
            break
        chosen.append(max(new, key=lambda c: beyond(c, chosen=(*taken, *chosen)) + bonus(c.text)))
    return tuple(sorted(chosen, key=left.index))


def _last_resort(read: Sequence[ReadArticle], limits: Limits) -> tuple[Candidate, ...]:
    """The first sentence with a fault we can live with: it points away, or is a bare standfirst."""
    bearable = {"too short", "fragment"}
    for one in read[:1]:
        for place, sentence in enumerate(one.sentences[:_OPENING]):
            text = sentence.text
            found = set(faults(text, limits=limits))
            fit = found <= bearable if len(one.sentences) == 1 else not found
            if fit and len(terms(text)) > 2 and not dangles(text):  # noqa: PLR2004
                return (Candidate(one, place, 0.0, Shown(text)),)
    return ()


def _in_context(chosen: Sequence[Candidate], title: str, limits: Limits) -> tuple[Candidate, ...]:
    """Those chosen as they read one after another: somebody named in full before needs not be again."""
    again: list[Candidate] = []
    for candidate in chosen:
        given = " ".join(c.text for c in again)
        shown = shown_in(candidate.read, candidate.place, title=title, given=given)
        fits = shown is not None and fault(shown.text, title=title, limits=limits) is None
        again.append(replace(candidate, shown=shown) if shown and fits else candidate)
    return tuple(again)


def _edits(chosen: Sequence[Candidate]) -> Iterator[str]:
    """What was changed in the sources' sentences, for the record."""
    for number, candidate in enumerate(chosen, 1):
        if candidate.shown.edits:
            yield f"sentence {number}: {', '.join(candidate.shown.edits)}"
