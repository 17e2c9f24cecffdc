"""Numbers with what they count: people killed, euros, per cent; and which numbers can both be true. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from bot.facts.counted import counted, role
from bot.facts.days import dates
from bot.facts.kinds import Kind, counts, is_pronoun, other_kind
from bot.facts.numerals import Numeral, numerals
from bot.facts.tongues import tongue
from bot.facts.units import currency_before, unit_after


class Bound(StrEnum):
    """How far the words let the number be from the truth."""

    EXACT = ""
    ABOUT = "about"
    LEAST = "least"  # at least, more than, or more
    MOST = "most"  # up to, fewer than, nearly


COMPARABLE = frozenset({Kind.COUNT, Kind.SHARE, Kind.MONEY, Kind.MEASURE})


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a text: `text[start:end]` with its scale, `text[opens:closes]` with bound, unit and noun.

    `value` to `high` is the range it gives (the same twice, as a rule); `grain` the worth of its last place.
    `role` says what happened to those counted: killed, injured, missing, arrested, rescued, evacuated,
    displaced, charged, hospitalised, or "". `part` says that it counts only some, or some more: "12 more",
    "12 of the 15", "including 12 children".
    """

    value: Decimal
    high: Decimal
    kind: Kind
    unit: str
    role: str
    approx: Bound
    part: bool
    grain: Decimal
    start: int
    end: int
    opens: int
    closes: int


_BEFORE = {
    Bound.LEAST: "at least|more than|over|no (?:fewer|less) than|(?:a )?minimum of|exceed(?:s|ed|ing)?|above"
    "|upwards of|in excess of|well over|mindestens|wenigstens|mehr als|über|au moins|plus de|al menos"
    "|por lo menos|más de|como mínimo",
    Bound.MOST: "as many as|up to|fewer than|less than|under|below|at most|no(?:t)? more than|nearly|almost"
    "|close to|bis zu|weniger als|fast|knapp|höchstens|jusqu['’]à|moins de|près de|presque|hasta|menos de"
    "|casi",
    Bound.ABOUT: "about|around|roughly|some|approximately|approx[.]?|(?:an )?estimated|circa|ca[.]?"
    "|more or less"
    "|etwa|rund|ungefähr|zirka|gegen|environ|quelque|autour de|alrededor de|unos|unas|cerca de"
    "|aproximadamente",
}
_BOUNDS = [
    (
        bound,
        re.compile(
            rf"(?:^|(?<=[\s(“\"'’—–-]))(?:{listed}) ?(?:an? )?(?:[A-Z]{{1,2}})?[$€£¥₹]?$", re.IGNORECASE
        ),
    )
    for bound, listed in _BEFORE.items()
]
_FARTHEST_BOUND = 28  # characters
_OR_MORE = re.compile(
    r"(?P<least>\s?\+(?!\d)|[^.;,]{0,24}?\bor more\b)|(?P<about>[^.;,]{0,24}?\bor so\b|-odd\b)"
)
_JOINED = re.compile(r"\s?%?\s?(?:[-–—]|to|or|bis|à|a|oder|ou|o)\s?[$€£]?")
_BETWEEN = re.compile(r"\b(?:between|zwischen|entre)\s[$€£]?$", re.IGNORECASE)
_BETWEEN_AND = re.compile(r"%?\s(?:and|und|et|y)\s[$€£]?")
_ORDINALS: tuple[str, ...] = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
    "nineteenth", "twentieth",
)  # fmt: skip
_ORDINAL_WORD = re.compile(rf"\b(?:{'|'.join(_ORDINALS)})\b(?!-)", re.IGNORECASE)
_FRACTION = re.compile(
    r"\b(?P<top>one|two|three|four|an?)[\s-](?P<bottom>half|third|quarter|fourth|fifth|sixth|tenth)s?\b"
    r"(?=\s?(?:of|the|majority|-majority|less|more|fewer|higher|lower))"
    r"|(?<!first )(?<!second )(?<!other )(?<!this )\b(?P<half>half)(?=\s(?:of|the|its|their|all)\b)"
    r"|\b(?P<thirds>two[\s-]thirds|three[\s-]quarters)\b",
    re.IGNORECASE,
)
_BOTTOMS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "tenth": 10}
_TOPS = {"one": 1, "a": 1, "an": 1, "two": 2, "three": 3, "four": 4}
_MORE_BEFORE = re.compile(
    r"\b(?:another|an additional|a further|additional|including|among them|of whom|of which|weitere[nr]?"
    r"|darunter|dont|otr[oa]s|incluid[oa]s|entre ellos|autres?)"
    r"(?:\s(?:at least|about|some|around|up to|more than|nearly))?\s$",
    re.IGNORECASE,
)
_MORE_AFTER = re.compile(
    r"\s(?:(?:\w+\s)?(?:more|others?|additional|further|extra)\b"
    r"|of (?:the|them|those|its|their|these|his|her|whom|which|\d)|out of|in (?:\d|every)|per "
    r"|a (?:day|week|month|year|night)\b|autres|de plus|weitere|otr[oa]s|más\b)",
    re.IGNORECASE,
)
_MINUS = re.compile(r"(?:\bminus[ -]|(?:^|(?<=[\s(]))[-−–])$", re.IGNORECASE)
_NO_HUNDRED = re.compile(r"\b(?:por|pour|per)\s$")  # "por ciento"
_TOLERANCE = Decimal("0.15")
_HUNDRED = Decimal(100)
_ROUNDING = Decimal("0.499")  # of the last place


def numbers(text: str, language: str | None = None) -> list[Number]:
    """Every number of the text in order, with its kind, unit, role and bound.

    The language is that of the words read (en, de, fr, es); None guesses. Other languages keep to digits,
    signs and international units.
    """
    language = tongue(text, language)
    days = [(day.start, day.end) for day in dates(text, language)]
    found = _fractions(text) if language == "en" else []
    if language == "en":
        found += [n for n in _ordinal_words(text) if _is_free(n.start, n.end, found)]
    raw = [n for n in numerals(text, language) if _is_free(n.start, n.end, found)]
    at = 0
    while at < len(raw):
        second = raw[at + 1] if at + 1 < len(raw) else None
        number = _ranged(text, raw[at], second, language) if second else None
        at += 2 if number else 1
        if number is None:
            following = second.start if second else len(text)
            number = _number(text, raw[at - 1], following, days, language)
        found += [number] if number else []
    return sorted(found, key=lambda number: number.start)


def comparable(a: Number, b: Number) -> bool:
    """Whether the two count the same sort of thing: same kind, unit and role, and both of them wholes.

    A bare number meets any count of people with the same role: "killed 12", "12 people killed".
    """
    if a.kind is not b.kind or a.kind not in COMPARABLE or a.part or b.part or a.role != b.role:
        return False
    if a.role:
        return a.unit == b.unit or {a.unit, b.unit} <= {"", "people"}
    return a.unit == b.unit != ""


def agree(a: Number, b: Number) -> bool:
    """Whether both numbers can be true of one quantity, going by their bounds, ranges and rounding.

    "At least 12" and "more than 10" can; "12" and "at least 10" can; "1.2 million" and 1,234,567 can; "about
    100" and 97 can; 12 and 15 cannot. Units and roles are not looked at.
    """
    low_a, high_a = _span(a)
    low_b, high_b = _span(b)
    return low_a <= high_b and low_b <= high_a


def _span(number: Number) -> tuple[Decimal, Decimal]:
    """The least and the most that the number can mean."""
    half = number.grain * _ROUNDING if number.grain != 1 else Decimal(0)
    low, high = number.value - half, number.high + half
    if number.approx is Bound.LEAST:
        return low, Decimal("Infinity")
    if number.approx is Bound.MOST:
        return Decimal("-Infinity"), high
    slack = abs(number.value) * _TOLERANCE if number.approx is Bound.ABOUT else Decimal(0)
    return low - slack, high + slack


def _ranged(text: str, first: Numeral, second: Numeral, language: str) -> Number | None:
    """The range that two numerals give: "10 to 12 people", "between 5 and 8 per cent", "$1.5-2 million"."""
    between = text[first.end : second.start]
    spoken = _BETWEEN.search(text[max(0, first.start - 12) : first.start]) and _BETWEEN_AND.fullmatch(between)
    if not spoken and not _JOINED.fullmatch(between):
        return None
    scale = second.scale if first.scale == 1 and first.value < second.value / second.scale else 1
    low = first.value * scale
    sign, opens = currency_before(text, first.start)
    last = _number(text, second, len(text), (), language, ranged=True)
    if last is None or last.kind not in COMPARABLE or not (last.unit or sign) or low >= second.value:
        return None
    kind = Kind.MONEY if sign else last.kind
    bound, opens = _bound(text, first.start, opens, last.end)
    return replace(
        last,
        value=low,
        kind=kind,
        unit=sign or last.unit,
        role=role(text, first.start, second.end, len(text)) if kind is Kind.COUNT else "",
        approx=bound,
        part=_is_part(text, first.start, second.end),
        grain=max(first.grain * scale, second.grain),
        start=first.start,
        opens=opens,
    )


def _number(
    text: str,
    numeral: Numeral,
    following: int,
    days: Sequence[tuple[int, int]],
    language: str,
    *,
    ranged: bool = False,
) -> Number | None:
    """The number that a numeral is; None for "one another". `following` is where the next one starts."""
    start, end = numeral.start, numeral.end
    if is_pronoun(text, numeral):
        return None
    kind = other_kind(text, numeral, days, language)
    if ranged and kind in {Kind.SCORE, Kind.LABEL}:
        kind = None  # it seemed one for the number before it
    unit, closes = "", end
    sign, opens = currency_before(text, start)
    bound, opens = _bound(text, start, opens, end)
    if kind is None and sign:
        kind, unit = Kind.MONEY, sign
    elif kind is None:
        unit, told, closes = unit_after(text, end)
        if not unit and _NO_HUNDRED.search(text[max(0, start - 5) : start]):
            return None
        if unit:
            kind = Kind(told)
        else:
            unit, closes = counted(text, end, language)
            kind = counts(text, numeral, unit, bound=bound is not Bound.EXACT)
    quantity = kind in COMPARABLE
    value = -numeral.value if quantity and _MINUS.search(text[max(0, start - 8) : start]) else numeral.value
    return Number(
        value=value,
        high=value,
        kind=kind,
        unit=unit if quantity else "",
        role=role(text, start, end, following) if kind is Kind.COUNT else "",
        approx=bound,
        part=quantity and _is_part(text, start, end),
        grain=numeral.grain,
        start=start,
        end=end,
        opens=opens,
        closes=closes if quantity else end,
    )


def _is_free(start: int, end: int, found: Sequence[Number]) -> bool:
    return not any(number.start < end and start < number.end for number in found)


def _is_part(text: str, start: int, end: int) -> bool:
    return bool(_MORE_BEFORE.search(text[max(0, start - 40) : start]) or _MORE_AFTER.match(text, end))


def _bound(text: str, start: int, opens: int, end: int) -> tuple[Bound, int]:
    """What bounds the number, and where the words that do so begin: `opens`, where none do."""
    near = max(0, start - _FARTHEST_BOUND)
    for bound, pattern in _BOUNDS:
        if match := pattern.search(text[near:start]):
            return bound, near + match.start()
    after = _OR_MORE.match(text, end)
    if after is None:
        return Bound.EXACT, opens
    return (Bound.LEAST if after["least"] else Bound.ABOUT), opens


def _fractions(text: str) -> list[Number]:
    """Shares in words: "a third of", "half the", "two-thirds", in per cent, and never quite exact."""
    found = []
    for match in _FRACTION.finditer(text):
        if match["thirds"]:
            value = _HUNDRED * 2 / 3 if "third" in match[0].lower() else Decimal(75)
        elif match["half"]:
            value = Decimal(50)
        else:
            value = _HUNDRED * _TOPS[match["top"].lower()] / _BOTTOMS[match["bottom"].lower()]
        bound, opens = _bound(text, match.start(), match.start(), match.end())
        plain = _plain(match, round(value, 2), Kind.SHARE, "%")
        found.append(replace(plain, approx=bound or Bound.ABOUT, opens=opens))
    return found


def _ordinal_words(text: str) -> list[Number]:
    return [
        _plain(match, Decimal(_ORDINALS.index(match[0].lower()) + 1), Kind.ORDINAL, "")
        for match in _ORDINAL_WORD.finditer(text)
    ]


def _plain(match: re.Match[str], value: Decimal, kind: Kind, unit: str) -> Number:
    start, end = match.span()
    return Number(
        value=value, high=value, kind=kind, unit=unit, role="", approx=Bound.EXACT, part=False,
        grain=Decimal(1), start=start, end=end, opens=start, closes=end,
    )  # fmt: skip
