"""What a number is when it is no quantity: an age, a score, a year, a time, part of a name. Pure."""

import re
from collections.abc import Sequence
from enum import StrEnum

from bot.facts.counted import role
from bot.facts.numerals import Numeral
from bot.facts.proper import is_title_case
from bot.facts.tongues import listed
from bot.facts.units import currency_before, unit_after


class Kind(StrEnum):
    """What a number is. Only the first four say how much or how many, and can be compared."""

    COUNT = "count"  # 12 people; unit: the noun, or "" where none is told
    SHARE = "share"  # 40%, two-thirds; unit "%"
    MONEY = "money"  # £75m; unit: the currency's sign, with its country where told ("A$")
    MEASURE = "measure"  # 6 km, magnitude 6.2, three days; unit: its usual sign or English singular
    AGE = "age"
    SCORE = "score"  # 3-1, a vote of 52-47
    YEAR = "year"
    DATE = "date"  # part of a date
    TIME = "time"  # of the day
    ORDINAL = "ordinal"  # 21st, third
    LABEL = "label"  # iPhone 17, F-16, Article 5: a name


_YEARS_OLD = re.compile(
    r"[-\s]years?[-\s]olds?\b|[-\s]months?[-\s]old\b|\s?years of age|-jährige?[nrs]?\b|\s?Jahre alt"
    r"|\s?ans\b(?=[,.;)]|$)|\s?años\b(?=[,.;)]|$)|\s?años de edad",
)
_AGED = re.compile(
    r"\b(?:aged|ages?|turn(?:s|ed)|im Alter von|âgée?s? de)(?: between| of)?\s$", re.IGNORECASE
)
_AFTER_NAME = re.compile(r"[A-ZÀ-Þ][\w’'.-]+,\s$|[A-ZÀ-Þ][\w’'-]+\s\($")
_ENDS_AGE = re.compile(r"\s?[,.;)]|\s(?:and|was|who|is|from|of)\b|$")
_CLOCK = re.compile(
    r"[:.h]\d\d(?:\s?(?:[ap]\.?m\b\.?|GMT|UTC|[A-Z]{2,4}T\b|Uhr|h\b))?(?!\d)|\s?(?i:[ap]\.?\s?m)\b\.?"
    r"|\s?o['’]clock|\s?Uhr\b|\s(?:GMT|UTC|CET|EST|ET|BST)\b|\s?h(?:eures?)?\s?\d\d\b|h\b"
    r"|\s?heures?\b(?=\s?(?:du|locales|\())"
)
_POINT_SIXTY = re.compile(r"\.\d\d(?!\s?(?i:[ap]\.?m|GMT|UTC|Uhr|h\b))")  # 10.30 alone may be a price
_CLOCK_INSIDE = re.compile(r"\d{1,2}:$")
_SCORED = re.compile(r"\s?[-–:]\s?\d{1,3}(?![\d%]|[.,]\d)")
_SCORED_BEFORE = re.compile(r"(?<![\d,.])\d{1,3}\s?[-–:]\s?$")
_ORDINAL_AFTER = re.compile(r"(?:st|nd|rd|th|er|ère|ème|º|ª)\b", re.IGNORECASE)
_ORDINAL_DOT = re.compile(r"\.\s(?=[a-zäöüA-ZÄÖÜ])")
_LABELS = re.compile(
    r"(?:\b(?:Boeing|Airbus|Flight|Article|Section|Highway|Route|Group|Covid|iPhone|iPad|Galaxy|Pixel|Windows"
    r"|Android|iOS|Number|No|Nos|Channel|Apollo|Artemis|Game|Week|Day|Chapter|Title|Formula|Grade|Type|Level"
    r"|Tier|Phase|Stage|Room|Season|Episode|Part|Volume|Page|War|Area|Unit|Platform|Gate|Pier|Falcon|Soyuz"
    r"|Shenzhou|Apartment|Suite|Catch|Interstate|Act|Rule|Category|Cat|Round|Lot|Line|GPT|Claude|Gemini|Llama"
    r"|MiG|Su|Class|Division|District|Ward|Proposition|Prop|Amendment|Resolution|Bundesliga|Ligue|Serie|Liga"
    r"|Super Bowl|Top|Fortune|FTSE|CAC|DAX|Nikkei|S&P|page|phase|stage|grade|level|chapter|article|season"
    r"|episode|number|no|route|type|tier|week|day|top|section|room|Rang|Platz|Artikel|Paragraf|numéro)\b\.?"
    r"|#)[\s-]?$"
)
_GLUED_BEFORE = re.compile(r"[^\W\d_][-‑]?$|\d[./-]$")
_GLUED_AFTER = re.compile(r"(?:[^\W\d_]|\.\d|/\d)")
_DECADE = re.compile(r"0s\b")
_CAPITAL_BEFORE = re.compile(r"(?<=[\w,’'”\") ] )[A-ZÀ-Þ][\w’'&.-]*\s$")
_MOST_LABEL = 3000
_STREET = re.compile(
    r"\s(?:[A-Z][\w’'.]+\s){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Boulevard|Blvd|Square|Way|Place)\b"
)
_RESOLUTION = re.compile(r"[2458]K\b")
_ONE_OF = re.compile(
    r"\s(?:of|another|day|by|point|hand|thing|way|side|more thing|time|who|that|which|to|is|was|has|in|can"
    r"|could|would|should|might|may|must|will|on|and|or|for|with|the|step|a)\b|-(?:on|off|time|way|sided|of|to|upped?)\b|[.,;:?!”\"’']|$",
    re.IGNORECASE,
)
_ONE_BEFORE = re.compile(
    r"\b(?:no|any|every|each|some|the|this|that|which|only|first|last|next|number|square|day)\s$|-$",
    re.IGNORECASE,
)
_COUNTABLE = listed("people soldier troop child woman man worker civilian home house job student passenger")
_OLDEST, _DAY_HOURS, _MOST_SCORED = 120, 25, 1000
_FIRST_YEAR, _LAST_YEAR, _YEAR_DIGITS = 1500, 2100, 4


def other_kind(text: str, numeral: Numeral, days: Sequence[tuple[int, int]], language: str) -> Kind | None:
    """The kind of a number that is no quantity, by the characters beside it; None where it may be one.

    `days` are the spans of the text's dates.
    """
    start, end, value = numeral.start, numeral.end, numeral.value
    before, digits = text[max(0, start - 40) : start], text[start].isdigit()
    if numeral.scale == 1 and any(a <= start and end <= b for a, b in days):
        return Kind.YEAR if digits and end - start == _YEAR_DIGITS else Kind.DATE
    if currency_before(text, start)[0]:
        return None
    if _YEARS_OLD.match(text, end) or _AGED.search(before[-20:]):
        return Kind.AGE
    if not digits or numeral.scale != 1:
        return None
    tests = (
        (Kind.TIME, _is_time(text, numeral)),
        (
            Kind.ORDINAL,
            _ORDINAL_AFTER.match(text, end) or (language == "de" and _ORDINAL_DOT.match(text, end)),
        ),
        (Kind.AGE, value < _OLDEST and _AFTER_NAME.search(before[-40:]) and _ENDS_AGE.match(text, end)),
        (
            Kind.SCORE,
            value < _MOST_SCORED and (_SCORED.match(text, end) or _SCORED_BEFORE.search(before[-8:])),
        ),
        (Kind.LABEL, _LABELS.search(before[-20:]) or _STREET.match(text, end)),
    )
    return next((kind for kind, holds in tests if holds), None) or _glued(text, numeral)


def _is_time(text: str, numeral: Numeral) -> bool:
    if _CLOCK_INSIDE.search(text[max(0, numeral.start - 3) : numeral.start]):
        return True
    if numeral.value >= _DAY_HOURS or _POINT_SIXTY.match(text, numeral.end):
        return False
    return bool(_CLOCK.match(text, numeral.end))


def _glued(text: str, numeral: Numeral) -> Kind | None:
    """A number that touches letters is part of a name ("F-16", "5G"), unless they are its unit ("6km")."""
    unit = unit_after(text, numeral.end)[0]
    before = text[max(0, numeral.start - 3) : numeral.start]
    if _GLUED_BEFORE.search(before) and not (unit and before.endswith("-")):
        return Kind.LABEL
    if _GLUED_AFTER.match(text, numeral.end) and not unit:
        return Kind.YEAR if _DECADE.match(text, numeral.end - 1) else Kind.LABEL
    return None


def is_pronoun(text: str, numeral: Numeral) -> bool:
    """Whether the numeral is the "one" of "one of them", "no one", "one another", "one day"."""
    if text[numeral.start : numeral.end].lower() != "one":
        return False
    before = text[max(0, numeral.start - 12) : numeral.start]
    return bool(_ONE_OF.match(text, numeral.end) or _ONE_BEFORE.search(before))


def counts(text: str, numeral: Numeral, noun: str, *, bound: bool) -> Kind:
    """Whether a number without unit counts, is a year, or belongs to the name before it.

    `noun` is what it seems to count, `bound` whether words like "about" stand before it.
    """
    start, end, before = numeral.start, numeral.end, text[max(0, numeral.start - 40) : numeral.start]
    word = text[start:end]
    if not word.isdigit() or noun in _COUNTABLE:
        return Kind.COUNT
    if len(word) == _YEAR_DIGITS and _FIRST_YEAR <= numeral.value <= _LAST_YEAR and not bound:
        return Kind.YEAR
    if numeral.value < _MOST_LABEL and _CAPITAL_BEFORE.search(before):
        real = is_title_case(text) or role(text, start, end, len(text))
        return Kind.COUNT if real else Kind.LABEL
    return Kind.LABEL if _RESOLUTION.match(text, start) else Kind.COUNT
