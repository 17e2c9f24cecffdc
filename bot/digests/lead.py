"""The honest digest without a model: the article's own sentences, the ones that carry the news. Pure."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

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
    repeats,
    terms,
    without_connective,
)
from bot.digests.reference import points_away
from bot.digests.sentences import Sentence, split, word_count
from bot.model import Article, Digest, Evidence, Source
from bot.text import clip, squash

MODEL = "lead"
_OPENING = 8  # sentences of the first article in which its news is told
_HEADLINE = 120  # characters of the first sentence that stand in for a title nobody gave
_LAST_OPENING = 20  # how far to look when the opening gives nothing fit
_DAY = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves"
    r"|viernes|sábado|domingo"
)
_MONTH = (
    r"jan(?:uary|\.)|feb(?:ruary|\.)|march|april|may|june|july|aug(?:ust|\.)|sept?(?:ember|\.)"
    r"|oct(?:ober|\.)|nov(?:ember|\.)|dec(?:ember|\.)"
    r"|januar|jänner|februar|märz|mai|juni|juli|oktober|dezember|janvier|février|mars|avril"
    r"|juin|juillet|août|septembre|octobre|novembre|décembre"
    r"|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
)
_WHEN = (
    rf"tomorrow|tonight|on (?:{_DAY})|next (?:week|month|year|spring|summer|autumn|fall|winter"
    rf"|season|{_DAY}|{_MONTH}|few)"
    r"|later (?:this|today|in)|this (?:week|weekend|month|year|coming|spring|summer|autumn"
    rf"|fall|winter|{_DAY}|evening|afternoon)|(?:in|over) the (?:coming|next)|by (?:the end"
    rf"|{_MONTH}|early|late|mid|20\d\d)"
    r"|(?:on|for|in|until|from|before|of|starting|early|late"
    rf"|mid)[ -](?:\d{{1,2}} )?(?:{_MONTH})(?: \d{{1,2}})?|in (?:early |late |mid-?)?20\d\d"
    rf"|before the end|at the end|(?:first|second|third|fourth) quarter|[0-9] (?:{_MONTH})"
    rf"|am (?:kommenden )?(?:{_DAY})|nächste[nrs]? (?:woche|monat|jahr)|kommende[nrs]? (?:woche"
    rf"|monat|jahr)|morgen|im (?:{_MONTH})|bis (?:ende|zum)"
    rf"|(?:ce |le )?(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)|ce soir|cette semaine|demain"
    rf"|la semaine prochaine|le mois prochain|l[’']année prochaine|les prochain(?:s jours|es semaines)"
    rf"|d[’']ici|(?:en|début|fin) (?:{_MONTH})|(?:le|au) (?:1er|\d{{1,2}}) (?:{_MONTH})"
    rf"|(?:(?:el|los|del?) )?próximos?|las? próximas?|(?:el|este) (?:{_DAY})|mañana|esta (?:noche|semana)"
    rf"|(?:el|al) \d{{1,2}} de (?:{_MONTH})|(?:la semana|el mes|el año) que viene|a (?:finales|principios) de"
)
_COMING = re.compile(
    r"\b(?:will|won[’']t|(?:is|are|was|were) (?:now )?(?:\w+ly )?(?:scheduled|set|due|expected"
    r"|slated|planned|poised|to (?:be held|begin|start|launch|meet|vote|appear))"
    r"|(?:plans?|expects?|intends?|hopes|aims) to|scheduled for"
    r"|begins?|starts?|opens?|launches|arrives|kicks off|takes place|returns|goes on sale"
    r"|wird|werden|soll|sollen|ist geplant|findet"
    r"|(?:se|(?:s[’'])?ouvri|commence|débute|reprend|entre|vote|décide|se (?:tiend|réuni|joue))(?:ra|ront)"
    r"|au(?:ra|ront) lieu|(?:est|sont) attendue?s?|doit|doivent|devra(?:it|ient)?|devront|prévue?s?"
    r"|(?:se|hab|ten|abri|vota|entra|celebra|comenza|empeza|arranca|reanuda|decidi|reuni|disputa)d?rán?"
    r"|deberán?|prevén?|se esperan?|están? previst[oa]s?|previst[oa]s? para)\b"
    rf".{{0,140}}?\b(?:{_WHEN})(?!\w)",
    re.IGNORECASE,
)
_PAST_VIEW = re.compile(
    r"\b(?:would|could|had been|was (?:originally|initially)|were (?:originally|initially)"
    r"|might|initialement|inicialmente|ursprünglich)\b",
    re.IGNORECASE,
)
_CJK_COMING = re.compile(r"(?:明日|来週|来月|来年|予定|明天|下周|下个月|明年|将于|预计)")
_NUMBER = re.compile(r"\d")
_NAME = re.compile(r"(?<=[\w,] )[A-ZÀ-Þ][\w’'-]+")
_SPOKEN = re.compile(r"[“\"„«][^“”\"„«»]{12,}[”\"“»]")
_TEASER = re.compile(
    r"^(?:here[’']s|this is|watch|why|how|what|when|where|who|the best|you|everything|opinion"
    r"|analysis|video)\b|\?$|won[’']t believe",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence, its article's number, its own number there, and `shown`: what a digest would print."""

    article: int
    place: int
    sentence: Sentence
    shown: str

    @property
    def evidence(self) -> Evidence:
        return Evidence(self.article, self.sentence.start, self.sentence.end)


def lead(articles: Sequence[Article], *, sources: Sequence[Source] = (), limits: Limits = LIMITS) -> Digest:
    """A digest made of the articles' own sentences, and of nothing else.

    The first article with a text leads. Each sentence is printed as it stands in its source, but for a
    connective ('However,') taken from its front. Where no sentence is fit the block stays empty: nothing
    is made up. Same input, same output.
    """
    pool = _candidates(articles)
    title = _headline(articles, sources)
    leading = next((c.article for c in pool), 0)
    need = _need([c for c in pool if c.article == leading], title, limits)
    taken = [c.shown for c in need]
    rest = [c for c in pool if _stands(c, title, limits) and not repeats(c.shown, taken)]
    coming = _coming(rest, limits)
    details = _details(pool, rest, [*taken, *(c.shown for c in coming)], limits)
    chosen = (*need, *details, *coming)
    return Digest(
        headline=title or next((clip(squash(c.sentence.text), _HEADLINE) for c in pool), ""),
        need_to_know=tuple(taken),
        details=tuple(c.shown for c in details),
        next=tuple(c.shown for c in coming),
        model=MODEL,
        evidence=tuple((c.evidence,) for c in chosen),
        sources=tuple(sources),
    )


def _candidates(articles: Sequence[Article]) -> list[_Candidate]:
    """Every sentence, articles read from a page before those that are only a feed's summary."""
    order = sorted(range(len(articles)), key=lambda number: (articles[number].bare, number))
    return [
        _Candidate(number, place, sentence, without_connective(sentence.text))
        for number in order
        for place, sentence in enumerate(split(articles[number].text))
    ]


def _headline(articles: Sequence[Article], sources: Sequence[Source]) -> str:
    """The first title that states something; the first title when none does, or '' without any."""
    titles = [squash(title) for title in (*(a.title for a in articles), *(s.title for s in sources))]
    named = [title for title in titles if title]
    clear = [t for t in named if not _TEASER.search(t) and 3 <= word_count(t) <= 20 and not t.isupper()]  # noqa: PLR2004
    return next(iter(clear or named), "")


def _stands(candidate: _Candidate, headline: str, limits: Limits) -> bool:
    """Whether the sentence may be printed by itself, away from its neighbours."""
    text = candidate.shown
    return (
        fault(text, title=headline, limits=limits) is None
        and word_count(text) <= limits.sentence_words
        and not dangles(text)
        and not points_away(text, headline=headline)
        and not personal(text)
        and not addresses(text)
    )


def _need(pool: Sequence[_Candidate], headline: str, limits: Limits) -> list[_Candidate]:
    """Two or three sentences from the article's opening; one when only one is fit, none when none is.

    What had been before the news comes first only where nothing else can.
    """
    past: list[_Candidate] = []
    sound = [c for c in pool if fault(c.shown, title=headline, limits=limits) is None]
    for reach in (_OPENING // 2, _OPENING, _LAST_OPENING, len(pool)):
        near = [c for c in sound if c.place < reach]
        for willing in (False, True):  # writers who speak of themselves come second
            chosen = _opening(
                near, [c for c in sound if c.place < max(reach, _OPENING)], limits, willing=willing
            )
            if chosen and not recalls(chosen[0].shown):
                return chosen
            past = past or chosen
    return past or _last_resort(pool, limits)


def _opening(
    near: Sequence[_Candidate], after: Sequence[_Candidate], limits: Limits, *, willing: bool
) -> list[_Candidate]:
    """A first sentence from `near` and one or two that follow it from `after`; none when no first is fit.

    `willing` takes a writer's own voice too ('I tried …').
    """
    fit = [c for c in near if willing or not personal(c.shown)]
    upright = [c for c in fit if not dangles(c.shown)]
    first = min(upright, key=_unready, default=None)
    if first is None:
        return []
    if word_count(first.shown) > limits.sentence_words:
        if first.place <= 1:
            return [first]  # a long lead tells the news alone
        first = min(
            (c for c in upright if word_count(c.shown) <= limits.sentence_words), key=_unready, default=first
        )
    chosen = [first]
    for candidate in after:
        if len(chosen) == limits.need_sentences:
            break
        if candidate.place <= first.place or not _goes_on(candidate, chosen, limits, willing=willing):
            continue
        if chosen == [first] and _outdoes(candidate, first):
            chosen = [candidate]
        else:
            chosen.append(candidate)
    return chosen


def _goes_on(candidate: _Candidate, chosen: Sequence[_Candidate], limits: Limits, *, willing: bool) -> bool:
    """Whether the sentence may stand behind those chosen: there is room, and it tells more than they do."""
    text = candidate.shown
    room = limits.need_words - sum(word_count(c.shown) for c in chosen)
    follows = candidate.place == chosen[-1].place + 1
    if word_count(text) > min(room, limits.sentence_words) or (_leans(candidate) and not follows):
        return False
    if any(covers(text, c.shown) and not adds_fact(text, c.shown) for c in chosen):
        return False
    if len(chosen) > 1 and _announces(text):
        return False  # What's Next is the better place for it
    return willing or not personal(text)


def _outdoes(candidate: _Candidate, first: _Candidate) -> bool:
    """Whether the sentence tells what a standfirst does, and more: then it is the better first one."""
    told = covers(candidate.shown, first.shown) and not adds_fact(first.shown, candidate.shown)
    return told and not _leans(candidate) and not recalls(candidate.shown)


def _unready(candidate: _Candidate) -> tuple[bool, bool]:
    """What speaks against a sentence as the first of a digest, the weightier reason first."""
    return points_away(candidate.shown), recalls(candidate.shown)


def _leans(candidate: _Candidate) -> bool:
    return dangles(candidate.shown) or points_away(candidate.shown)


def _last_resort(pool: Sequence[_Candidate], limits: Limits) -> list[_Candidate]:
    """The first sentence with a fault we can live with: it leans on another, or is a bare standfirst."""
    bearable = {"too short", "fragment"}
    for candidate in pool[:_OPENING]:
        text = candidate.sentence.text
        found = set(faults(text, limits=limits))
        if (found <= bearable if len(pool) == 1 else not found) and len(terms(text)) > 2:  # noqa: PLR2004
            return [_Candidate(candidate.article, candidate.place, candidate.sentence, text)]
    return []


def _coming(rest: Sequence[_Candidate], limits: Limits) -> list[_Candidate]:
    """What is announced for a stated time, in the order told; what no longer holds is left out."""
    chosen: list[_Candidate] = []
    for candidate in rest:
        text = candidate.shown
        if _announces(text) and not repeats(text, [c.shown for c in chosen]):
            chosen.append(candidate)
        if len(chosen) == limits.next:
            break
    return chosen


def _announces(text: str) -> bool:
    """Whether the sentence announces something for a stated time still to come."""
    if _CJK_COMING.search(text):
        return True
    return bool(_COMING.search(text)) and not _PAST_VIEW.search(text)


def _details(
    pool: Sequence[_Candidate], rest: Sequence[_Candidate], taken: Sequence[str], limits: Limits
) -> list[_Candidate]:
    """The most telling sentences that are left, at most half of them, in the order of the articles."""
    weights = _weights([c.sentence.text for c in pool])
    left = [c for c in rest if not repeats(c.shown, taken)]
    ranked = sorted(left, key=lambda c: (-_score(c, weights), c.article, c.place))
    chosen: list[_Candidate] = []
    for candidate in ranked[: 4 * limits.details]:
        if len(chosen) == min(limits.details, math.ceil(len(left) / 2)):
            break
        if not repeats(candidate.shown, [*taken, *(c.shown for c in chosen)]):
            chosen.append(candidate)
    return sorted(chosen, key=pool.index)


def _weights(texts: Sequence[str]) -> dict[str, float]:
    """How much a term tells: often in the story, yet not in every sentence (tf·idf over sentences)."""
    seen = Counter(term for text in texts for term in terms(text))
    return {t: n * math.log(1 + len(texts) / n) if n > 1 else 0.0 for t, n in seen.items()}


def _score(candidate: _Candidate, weights: dict[str, float]) -> float:
    """Centrality of a sentence's words, its place, and a bonus for numbers, names and quoted speech."""
    text = candidate.shown
    own = terms(text)
    strongest = max(weights.values(), default=0.0) or 1.0
    central = sum(weights.get(term, 0.0) for term in own) / (strongest * math.sqrt(len(own) or 1))
    bonus = (
        0.15 * bool(_NUMBER.search(text)) + 0.1 * bool(_NAME.search(text)) + 0.1 * bool(_SPOKEN.search(text))
    )
    return central + 0.6 / (1 + 0.15 * candidate.place) + bonus
