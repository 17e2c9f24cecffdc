"""What is announced or dated for a time still to come, by the words of a sentence. Pure."""

import re
from datetime import date, datetime
from enum import IntEnum
from functools import partial

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
    r"\b(?:will|won[’']t|(?:is|are) (?:now |also )?(?:\w+ly )?(?:scheduled|set|due|expected"
    r"|slated|planned|poised|to (?:be held|begin|start|launch|meet|vote|appear))"
    r"|(?:plans?|expects?|intends?|hopes|aims) to|scheduled for"
    r"|begins|starts|opens|launches|arrives|kicks off|takes place|returns|goes on sale"
    r"|wird|werden|soll|sollen|ist geplant|findet"
    r"|(?:se|(?:s[’'])?ouvri|commence|débute|reprend|entre|vote|décide|se (?:tiend|réuni|joue))(?:ra|ront)"
    r"|au(?:ra|ront) lieu|(?:est|sont) attendue?s?|doit|doivent|devra(?:it|ient)?|devront|prévue?s?"
    r"|(?:se|hab|ten|abri|vota|entra|celebra|comenza|empeza|arranca|reanuda|decidi|reuni|disputa)d?rán?"
    r"|deberán?|prevén?|se esperan?|están? previst[oa]s?|previst[oa]s? para)\b"
    rf".{{0,140}}?\b(?:{_WHEN})(?!\w)",
    re.IGNORECASE,
)
# Announced, but for no stated time: only by words that say so outright, and only in English.
_UNDATED = re.compile(
    r"\b(?:(?:is|are) (?:now |also |still )?(?:scheduled|due|slated) (?:to|for)"
    r"|will (?:(?:now|also|then|next) )?(?:vote|meet|launch|release|publish|open|appear|decide|announce"
    r"|resume|be (?:held|released|published|sentenced|launched|announced|extradited|inaugurated))"
    r"|the next (?:step|stage|phase|hearing|round) (?:is|will))\b",
    re.IGNORECASE,
)
_PAST_VIEW = re.compile(
    r"\b(?:would|could|had been|was (?:originally|initially)|were (?:originally|initially)"
    r"|might|initialement|inicialmente|ursprünglich)\b",
    re.IGNORECASE,
)
_CJK_COMING = re.compile(r"(?:明日|来週|来月|来年|予定|明天|下周|下个月|明年|将于|预计)")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|March|Mar\.|April|Apr\.|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?"
    r"|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DATE = re.compile(
    rf"\b(?:(?P<month>{_ENGLISH_MONTH}) (?P<day>\d{{1,2}})|(?P<the>\d{{1,2}}) (?P<of>{_ENGLISH_MONTH}))(?!\w)"
    r"(?:,? (?P<year>20\d\d))?"
)


class Coming(IntEnum):
    """How much a sentence tells of what comes; the higher, the more."""

    NOTHING = 0
    ANNOUNCED = 1  # for no stated time
    DATED = 2


def coming(text: str, *, told_at: datetime | None = None) -> Coming:
    """What the sentence tells of the time after `told_at`; years that had passed by then are not to come."""
    if _PAST_VIEW.search(text) or (told_at and _is_over(text, told_at)):
        return Coming.NOTHING
    if _CJK_COMING.search(text) or _COMING.search(text):
        return Coming.DATED
    return Coming.ANNOUNCED if _UNDATED.search(text) else Coming.NOTHING


def _is_over(text: str, told_at: datetime) -> bool:
    """Whether the years it names have passed, or every full date in it (this year's without one)."""
    years = [int(year) for year in _YEAR.findall(text)]
    if years and max(years) < told_at.year:
        return True
    days = [day for day in map(partial(_day, year=told_at.year), _DATE.finditer(text)) if day]
    return bool(days) and max(days) < told_at.date()


def _day(found: re.Match[str], *, year: int) -> date | None:
    month = _MONTHS.index((found["month"] or found["of"])[:3].lower()) + 1
    try:
        return date(int(found["year"] or year), month, int(found["day"] or found["the"]))
    except ValueError:
        return None
