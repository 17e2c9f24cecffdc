"""Numerals in digits and in words: where one stands and what it is worth. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

_ONES = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn"
    " sechzehn siebzehn achtzehn neunzehn",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
    " dix-sept dix-huit dix-neuf",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
    " dieciséis diecisiete dieciocho diecinueve",
}
_TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "fr": "vingt trente quarante cinquante soixante",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
}
# Words that multiply the number before them.
_SCALES: dict[str, dict[str, int]] = {
    "en": {"dozen": 12, "hundred": 100, "thousand": 1000}
    | dict.fromkeys(("million", "millions"), 10**6)
    | dict.fromkeys(("billion", "billions"), 10**9)
    | dict.fromkeys(("trillion", "trillions"), 10**12),
    "de": {"dutzend": 12, "hundert": 100, "tausend": 1000}
    | dict.fromkeys(("million", "millionen"), 10**6)
    | dict.fromkeys(("milliarde", "milliarden"), 10**9)
    | dict.fromkeys(("billion", "billionen"), 10**12),
    "fr": {"douzaine": 12, "douzaines": 12, "dizaine": 10, "quinzaine": 15, "vingtaine": 20, "centaine": 100}
    | {"cent": 100, "cents": 100, "mille": 1000, "millier": 1000, "milliers": 1000}
    | dict.fromkeys(("million", "millions"), 10**6)
    | dict.fromkeys(("milliard", "milliards"), 10**9),
    "es": {"docena": 12, "docenas": 12, "cien": 100, "ciento": 100, "mil": 1000}
    | dict.fromkeys(("millón", "millon", "millones"), 10**6)
    | dict.fromkeys(("billón", "billon", "billones"), 10**12),
}
_ALONE = frozenset({"cent", "mille", "cien", "ciento", "mil", "hundert", "tausend"})  # no "one" before them
_SPANISH_HUNDREDS = {
    "doscient": 200, "trescient": 300, "cuatrocient": 400, "quinient": 500,
    "seiscient": 600, "setecient": 700, "ochocient": 800, "novecient": 900,
}  # fmt: skip
_ARTICLES = {"en": "an?|one", "de": "eine?[rm]?", "fr": "une?", "es": "una?"}
_AND = {"en": "and", "de": "und", "fr": "et", "es": "y"}
_NO_NUMBER = frozenset({"un", "uno", "zéro", "zero", "null", "cero"})  # only inside a longer one
# Written right behind digits; "m" is metres where neither money nor a countable noun is near.
_SHORT = re.compile(
    r"[ \u00a0\u202f-]?(?:(?P<k>k)|(?P<M>mn|mln|mio\.?)|(?P<B>bn|bln|mrd\.?)|(?P<T>tn|trn))(?!\w)"
    r"|[ \u00a0\u202f]?(?:(?P<m>m)|(?P<b>b|md))(?!\w)(?P<counted> (?:people|users|homes|jobs|customers|tonnes"
    r"|barrels|children|followers|views|copies|households|workers|voters|refugees|passengers|shares"
    r"|doses)\b)?",
    re.IGNORECASE,
)
_SHORT_WORTH = {"k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}
_MONEY_BEFORE = re.compile(r"[$€£¥₹₽₩][  ]?$")
_DIGITS = {
    "en": r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d{1,3}(?:[\u00a0\u202f\u2009]\d{3})+(?!\d)|\d+(?:\.\d+)?",
    **dict.fromkeys(
        ("de", "fr", "es"),
        r"\d{1,3}(?:[.'’\u00a0\u202f\u2009]\d{3}(?!\d))+(?:,\d+)?|[1-9]\d{0,2}(?: \d{3}(?!\d))+(?:,\d+)?"
        r"|\d+(?:[.,]\d+)?",
    ),
}
_OTHER_DIGITS = r"\d{1,3}(?:[.,'’\u00a0\u202f]\d{3}(?!\d))+(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,]\d+)?"
_GROUPS = re.compile(r"[.,'’\s](?=\d{3}(?!\d))")
_JOINT = r"[ \u00a0\u202f-]"
_HUNDRED = 100
_THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as written in `text[start:end]`: its value, and the scale that multiplied it (1: none).

    `grain` is the worth of the last place that it states: 0.1 million of "1.2 million", 100 of "1,200".
    """

    value: Decimal
    grain: Decimal
    scale: int
    start: int
    end: int


def numerals(text: str, language: str) -> list[Numeral]:
    """Every numeral of the text, in order, with its scale: "two hundred and five" is 205.

    A number word that cannot go on the number before it begins one of its own ("nine one one" is three).
    Words are read in English, German, French and Spanish; digits everywhere.
    """
    found: list[Numeral] = []
    at = 0
    pattern = _pattern(language)
    while match := pattern.search(text, at):
        numeral = _in_digits(text, match, language) if match["digits"] else _in_words(text, match, language)
        at = numeral.end if numeral else match.end()
        found += [numeral] if numeral else []
    return found


def _in_digits(text: str, match: re.Match[str], language: str) -> Numeral:
    digits = _GROUPS.sub("", match[0]) if _is_grouped(match[0], language) else match[0]
    value = Decimal(digits.replace(",", "."))
    end, scale = _scale_after(text, match.end(), language)
    if scale == 1 and (short := _SHORT.match(text, match.end())) and _is_short(text, match.start(), short):
        letter = next(name for name in "kMBTmb" if short[name])
        scale, end = _SHORT_WORTH[letter.lower()], short.end(letter)
    _, _, decimals = digits.replace(",", ".").partition(".")
    grain = Decimal(scale).scaleb(-len(decimals)) if decimals else _grain(value * scale)
    return Numeral(value * scale, grain, scale, match.start(), end)


def _is_grouped(digits: str, language: str) -> bool:
    """Whether its separators part thousands: in English a dot never does, in German a comma never does."""
    marks = set(re.findall(r"\D", digits))
    if not marks:
        return False
    if language == "en":
        return marks != {"."}
    if language in _ONES:
        return marks != {","} and bool(_GROUPS.search(digits))
    return bool(_GROUPS.search(digits)) and not digits.startswith("0")


def _is_short(text: str, start: int, short: re.Match[str]) -> bool:
    sure = not (short["m"] or short["b"])
    return sure or bool(short["counted"]) or bool(_MONEY_BEFORE.search(text[max(0, start - 2) : start]))


def _scale_after(text: str, end: int, language: str) -> tuple[int, int]:
    """Where the scale words behind a number end, and what they are worth in all."""
    scale = 1
    while (
        (joint := re.compile(_JOINT).match(text, end))
        and (word := _scale_pattern(language).match(text, joint.end()))
        and not (scale == 1 and word[0].lower() == "cent")  # "12 cent" is money
    ):
        scale *= _SCALES[language][word[0].lower()]
        end = word.end()
    return end, scale


def _in_words(text: str, match: re.Match[str], language: str) -> Numeral | None:
    word, article = _plain(match["word"]), match["article"]
    worth = _words(language)
    is_scale = word in _SCALES[language]
    if word in _NO_NUMBER or (is_scale and not article and word not in _ALONE):
        return None
    done, current, last = 0, worth[word], worth[word]
    if is_scale and last >= _THOUSAND:
        done, current = last, 0
    end, scale = match.end(), last if is_scale else 1
    for part, after in _parts(text, end, language):
        value = worth[part]
        if part in _SCALES[language]:
            scale = value
            if not current:
                if value <= last:
                    break
                done *= value
            elif value >= _THOUSAND:
                done, current = done + current * value, 0
            else:
                current *= value
        elif last < _HUNDRED:
            break
        else:
            current += value
        last, end = value, after
    total = Decimal(done + current)
    return Numeral(total, _grain(total), scale, match.start(), end)


def _parts(text: str, end: int, language: str) -> Iterator[tuple[str, int]]:
    """The number words that follow, each with its end; "and" only where hundreds or thousands precede it."""
    pattern = _pattern(language)
    joint = re.compile(rf"{_JOINT}(?:{_AND[language]} )?", re.IGNORECASE)
    while (between := joint.match(text, end)) and (match := pattern.match(text, between.end())):
        if match["digits"] or match["article"]:
            return
        word = _plain(match["word"])
        if len(between[0]) > 1 and (word in _SCALES[language] or _words(language)[word] >= _HUNDRED):
            return
        yield word, match.end()
        end = match.end()


def _plain(word: str) -> str:
    return re.sub(r"[\s-]+", "-", word.lower())


def _grain(value: Decimal) -> Decimal:
    """The place of the last digit that is no zero, at most a fifth; below a hundred every unit counts."""
    if value < _HUNDRED or value != value.to_integral_value():
        return Decimal(1)
    digits = str(int(value))
    return min(Decimal(10) ** (len(digits) - len(digits.rstrip("0"))), value / 5)


@cache
def _words(language: str) -> dict[str, int]:
    """What each number word is worth, those under a hundred whole ("twenty-one", "quatre-vingt-onze")."""
    ones = dict(zip(_ONES[language].split(), range(20), strict=True))
    tens = {word: ten * 10 for ten, word in enumerate(_TENS[language].split(), 2)}
    found = ones | tens | _SCALES[language]
    if language == "de":
        stems = {("ein" if word == "eins" else word): value for word, value in ones.items() if value}
        small = (
            {f"{one}und{ten}": stems[one] + tens[ten] for one in list(stems)[:9] for ten in tens}
            | tens
            | stems
        )
        found |= small | {f"{one}hundert": 100 * value for one, value in list(stems.items())[:9]}
        found |= {f"{one}tausend": 1000 * value for one, value in small.items()}
        found.pop("ein")
    elif language == "fr":
        found |= {f"{ten}-{one}": tens[ten] + ones[one] for ten in tens for one in list(ones)[2:10]}
        found |= {f"{ten}-et-un": tens[ten] + 1 for ten in tens} | {
            "soixante-et-onze": 71,
            "quatre-vingts": 80,
        }
        found |= {f"soixante-{one}": 60 + value for one, value in ones.items() if value >= 10}  # noqa: PLR2004
        found |= {f"quatre-vingt-{one}": 80 + value for one, value in ones.items() if value}
    elif language == "es":
        plain = dict(
            zip(
                ["iuno", "iún", "idós", "itrés", "icuatro", "icinco", "iséis", "isiete", "iocho", "inueve"],
                (1, *range(1, 10)),
                strict=True,
            )
        )
        found |= {f"veint{end}": 20 + value for end, value in plain.items()}
        found |= {f"{ten}-y-{one}": tens[ten] + ones[one] for ten in tens for one in list(ones)[1:10]}
        found |= {f"{stem}{end}": value for stem, value in _SPANISH_HUNDREDS.items() for end in ("os", "as")}
    else:
        found |= {f"{ten}-{one}": tens[ten] + ones[one] for ten in tens for one in list(ones)[1:10]}
    return found


@cache
def _pattern(language: str) -> re.Pattern[str]:
    """A numeral's beginning: digits, or a number word with "a" before its scale."""
    digits = rf"(?<![\d])(?P<digits>{_DIGITS.get(language, _OTHER_DIGITS)})"
    if language not in _ONES:
        return re.compile(rf"{digits}|(?P<article>(?!))(?P<word>(?!))")
    listed = sorted(_words(language), key=len, reverse=True)
    words = "|".join(word.replace("-", r"[ \u00a0-]") for word in listed)
    scales = "|".join(_SCALES[language])
    return re.compile(
        rf"{digits}|(?<![\w’'])(?:(?P<article>{_ARTICLES[language]}) (?=(?:{scales})\b))?"
        rf"(?P<word>{words})(?!\w)",
        re.IGNORECASE,
    )


@cache
def _scale_pattern(language: str) -> re.Pattern[str]:
    listed = sorted(_SCALES.get(language, {}), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(listed) or '(?!)'})(?!\w)", re.IGNORECASE)
