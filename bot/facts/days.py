"""Dates, weekdays and months as a text gives them, as far as it tells. Pure."""

import re
from dataclasses import dataclass

from bot.facts.tongues import listed, tongue
from bot.text import fold

_MONTHS: tuple[tuple[str, ...], ...] = (
    ("january", "jan", "januar", "jänner", "janvier", "enero"),
    ("february", "feb", "februar", "février", "febrero"),
    ("march", "mar", "märz", "mars", "marzo"),
    ("april", "apr", "avril", "abril"),
    ("may", "mai", "mayo"),
    ("june", "jun", "juni", "juin", "junio"),
    ("july", "jul", "juli", "juillet", "julio"),
    ("august", "aug", "août", "agosto"),
    ("september", "sept", "sep", "septembre", "septiembre"),
    ("october", "oct", "okt", "oktober", "octobre", "octubre"),
    ("november", "nov", "novembre", "noviembre"),
    ("december", "dec", "dez", "dezember", "décembre", "diciembre"),
)
_MONTH_OF = {fold(name): at for at, listed in enumerate(_MONTHS, 1) for name in listed}
_WEEKDAYS: tuple[tuple[str, ...], ...] = (
    ("monday", "mon", "montag", "lundi", "lunes"),
    ("tuesday", "tues", "tue", "dienstag", "mardi", "martes"),
    ("wednesday", "wed", "mittwoch", "mercredi", "miércoles"),
    ("thursday", "thurs", "thu", "donnerstag", "jeudi", "jueves"),
    ("friday", "fri", "freitag", "vendredi", "viernes"),
    ("saturday", "sat", "samstag", "sonnabend", "samedi", "sábado"),
    ("sunday", "sun", "sonntag", "dimanche", "domingo"),
)
_WEEKDAY_OF = {fold(name): at for at, listed in enumerate(_WEEKDAYS) for name in listed}
_RELATIVE = {
    "today": 0, "tonight": 0, "heute": 0, "aujourd'hui": 0, "ce soir": 0, "hoy": 0,
    "yesterday": -1, "gestern": -1, "hier": -1, "ayer": -1,
    "tomorrow": 1, "demain": 1,
}  # fmt: skip
# In English only with a capital: "may" and "march" are verbs, "sun" and "sat" are words.
_NAMED = "|".join(sorted((n for m in _MONTHS for n in m), key=len, reverse=True))
_ABBREVIATED = listed("jan feb mar apr jun jul aug sept sep oct okt nov dec dez")
_CAPITAL_MONTH = "|".join(
    name.capitalize() + ("[.]?" if name in _ABBREVIATED else "")
    for name in sorted((n for m in _MONTHS for n in m), key=len, reverse=True)
)
_LOWER_MONTH = "|".join(name for listed in _MONTHS for name in listed[-2:])
_MONTH = rf"(?:(?:{_CAPITAL_MONTH})|(?:{_LOWER_MONTH}))(?!\w)"
_YEAR = r"(?:1[5-9]|20)\d\d(?!\d|[.,]\d)"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?!\d|[.,:]\d)(?:st|nd|rd|th|er)?"
_FULL = re.compile(
    rf"(?<![\w.,-])(?:"
    rf"(?P<iso>(?P<iy>(?:1[5-9]|20)\d\d)-(?P<im>0[1-9]|1[0-2])-(?P<id>0[1-9]|[12]\d|3[01]))(?!\d)"
    rf"|(?P<m1>{_MONTH}) (?:the )?(?P<d1>{_DAY})(?!\w)(?!%| percent| per cent)(?:,? (?P<y1>{_YEAR}))?"
    rf"|(?P<d2>{_DAY})\.? (?:of |de |d['’])?(?P<m2>{_MONTH})(?:,? (?:de |del )?(?P<y2>{_YEAR}))?"
    rf"|(?P<m3>{_MONTH})(?: of| de|,)? (?P<y3>{_YEAR})"
    rf"|(?P<d4>3[01]|[12]\d|0?[1-9])\.(?P<m4>0?[1-9]|1[0-2])\.(?P<y4>{_YEAR}|\d\d)?(?!\d)"
    rf"|(?P<m5>{_MONTH})"
    rf")"
)
_LONE_YEAR = re.compile(
    rf"\b(?:in|since|by|until|till|from|of|during|before|after|for|early|late|mid|between|and|to|seit|bis"
    rf"|im Jahr"
    rf"|en|depuis|desde|hasta|de|through|season|summer|winter|spring|autumn"
    rf"|fall)[\s-](?P<year>{_YEAR})(?![\w%]|-\w|\s(?:people|years|km))",
)
_WEEKDAY = re.compile(
    r"(?<!\w)(?:" + "|".join(sorted((n.capitalize() for w in _WEEKDAYS for n in w), key=len, reverse=True))
    + "|" + "|".join(name for listed in _WEEKDAYS for name in listed[-2:]) + r")(?!\w)"
)  # fmt: skip
_RELATIVELY = re.compile(
    rf"(?<!\w)(?:{'|'.join(_RELATIVE).replace(chr(39), '[' + chr(39) + '’]')})(?!\w)", re.IGNORECASE
)
_SHORT_WORDS = frozenset(
    {
        "Sun",
        "Sat",
        "Wed",
        "Mon",
        "Mar",
        "Sep",
        "Jan",
        "Jun",
        "May",
        "March",
        "Mars",
        "August",
        "April",
        "June",
    }
)
_BEFORE_MONTH = re.compile(
    r"(?:\b(?:in|since|by|until|of|last|next|this|early|late|mid|from|to|and|during|before|after|for"
    r"|through|between"
    r"|each|every|im|seit|bis|en|depuis|desde|de)[\s-]|mid-)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Date:
    """A date of a text, `text[start:end]`, with what it tells.

    Any of year, month (1–12), day of the month, weekday (0 is Monday), days from today ("yesterday" is -1).
    """

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    offset: int | None = None

    @property
    def key(self) -> str:
        """The date alone, to be compared: "2026-03-04", "-03-04", "2019", "weekday 0", "offset -1"."""
        if self.weekday is not None and self.day is None:
            return f"weekday {self.weekday}"
        if self.offset is not None:
            return f"offset {self.offset}"
        parts = ["" if self.year is None else str(self.year)]
        parts += [f"{part:02}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)


def dates(text: str, language: str | None = None) -> list[Date]:
    """The dates of a text, in order: days, months, years, weekdays, and "yesterday", "today", "tomorrow"."""
    language = tongue(text, language)
    found = [date for match in _FULL.finditer(text) if (date := _dated(text, match, language))]
    spans = [(date.start, date.end) for date in found]

    def free(start: int, end: int) -> bool:
        return not any(a < end and start < b for a, b in spans)

    found += [
        Date(m.start("year"), m.end("year"), year=int(m["year"]))
        for m in _LONE_YEAR.finditer(text)
        if free(*m.span("year"))
    ]
    found += [
        Date(m.start(), m.end(), weekday=_WEEKDAY_OF[fold(m[0])])
        for m in _WEEKDAY.finditer(text)
        if m[0] not in _SHORT_WORDS and (m[0][0].isupper() or language in {"fr", "es"})
    ]
    found += [Date(m.start(), m.end(), offset=_RELATIVE[fold(m[0])]) for m in _RELATIVELY.finditer(text)]
    return sorted(found, key=lambda date: date.start)


def same_day(a: Date, b: Date) -> bool:
    """Whether the two can be the same date: nothing that both tell differs, and something is told by both."""
    pairs = [
        (a.year, b.year),
        (a.month, b.month),
        (a.day, b.day),
        (a.weekday, b.weekday),
        (a.offset, b.offset),
    ]
    told = [(x, y) for x, y in pairs if x is not None and y is not None]
    return bool(told) and all(x == y for x, y in told)


def _dated(text: str, match: re.Match[str], language: str) -> Date | None:
    if match["iso"]:
        return Date(match.start(), match.end(), int(match["iy"]), int(match["im"]), int(match["id"]))
    if match["m5"]:
        name = match["m5"]
        doubtful = name.rstrip(".") in _SHORT_WORDS or name[0].islower() or len(name) < 4  # noqa: PLR2004
        if doubtful and not _BEFORE_MONTH.search(text[: match.start()]):
            return None
        return Date(match.start(), match.end(), month=_month(name))
    if match["m4"] and not match["y4"] and language != "de":
        return None  # "6.1."
    month = next(match[f"m{n}"] for n in range(1, 5) if match[f"m{n}"])
    day = next((match[f"d{n}"] for n in (1, 2, 4) if match[f"d{n}"]), None)
    year = next((match[f"y{n}"] for n in range(1, 5) if match[f"y{n}"]), None)
    return Date(
        match.start(),
        match.end(),
        year=None if year is None else int(year) + (2000 if len(year) == 2 else 0),  # noqa: PLR2004
        month=int(month) if month.isdigit() else _month(month),
        day=None if day is None else int(re.sub(r"\D", "", day)),
    )


def _month(name: str) -> int:
    return _MONTH_OF[fold(name).rstrip(".")]
