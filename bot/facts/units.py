"""The units written beside a number: money, shares and measures, under one sign each. Pure."""

import re

_MONEY = {
    "$": r"(?:us |u\.s\. )?dollars?|us-dollar|dólares|usd|bucks?|\$",
    "€": r"euros?|eur|€",
    "£": "pounds sterling|sterling|gbp|£",
    "¥": "yen|jpy|¥|円",
    "CN¥": "yuan|renminbi|rmb|cny",
    "₹": "rupees?|inr|₹",
    "₽": "roubles?|rubles?|rubel",
    "₩": "won|krw",
    "CHF": "swiss francs?|francs?|franken|chf",
    "kr": "kronor|kroner|kronen|crowns?|sek|nok|dkk",
    "peso": "pesos?",
    "real": "reais|reals?",
    "lira": "liras?|try",
    "cent": "cents?",
    "pence": "pence",
    "zł": "zlotys?|złoty(?:ch)?|pln",
    "rand": "rands?|zar",
}
_MEASURES = {
    "km": r"km|kilomet(?:er|re)s?|kilómetros?|kilomètres?",
    "m": r"m|met(?:er|re)s?|metern?|mètres?|metros?",
    "cm": r"cm|centimet(?:er|re)s?|zentimetern?",
    "mm": r"mm|millimet(?:er|re)s?",
    "mile": r"miles?|meilen?|millas?",
    "foot": r"feet|foot|ft",
    "inch": r"inch(?:es)?",
    "yard": r"yards?",
    "g": r"g|gram(?:me)?s?|gramm|gramos?",
    "kg": r"kg|kilos?|kilogram(?:me)?s?|kilogramm",
    "tonne": r"tonnes?|metric tons?|tonnen|toneladas?",
    "ton": r"tons?",
    "lb": r"lbs?",
    "pound": r"pounds?|pfund|libras?",
    "litre": r"lit(?:er|re)s?|litros?",
    "gallon": r"gallons?",
    "barrel": r"barrels?",
    "hectare": r"hectares?|hektar|hectáreas?|ha",
    "acre": r"acres?",
    "km²": r"(?:square|sq)\.? (?:kilomet(?:er|re)s?|km)|km²|km2|quadratkilometern?",
    "mi²": r"(?:square|sq)\.? miles?",
    "m²": r"(?:square|sq)\.? (?:met(?:er|re)s?|m)|m²|m2|quadratmetern?",
    "ft²": r"(?:square|sq)\.? (?:feet|foot|ft)",
    "m³": r"cubic met(?:er|re)s?|m³",
    "km/h": r"km/h|kmh|kph|kilomet(?:er|re)s (?:per|an) hour|stundenkilometern?",
    "mph": r"mph|miles (?:per|an) hour",
    "knot": r"knots?",
    "°C": r"°\s?c|degrees? (?:celsius|centigrade)|grad celsius",
    "°F": r"°\s?f|degrees? fahrenheit",
    "°": r"°|degrees?|grad|degrés?|grados?",
    "W": r"watts?",
    "kW": r"kw|kilowatts?",
    "MW": r"mw|megawatts?",
    "GW": r"gw|gigawatts?",
    "second": r"seconds?|secs?|sekunden?|secondes?|segundos?",
    "minute": r"minutes?|mins?|minuten?|minutos?",
    "hour": r"hours?|hrs?|stunden?|heures?|horas?",
    "day": r"days?|tagen?|tage|jours?|días?",
    "week": r"weeks?|wochen?|semaines?|semanas?",
    "month": r"months?|monaten?|monate|mois|meses|mes",
    "year": r"years?|jahren?|jahre|ans?|années?|años?",
    "decade": r"decades?",
    "magnitude": r"magnitude|on the richter scale",
    "bp": r"basis points?|basispunkten?",
    "pp": r"percentage points?|prozentpunkten?",
    "point": r"points?|punkten?|puntos?",
}
_SHARE = r"%|per ?cent(?:age)?|pct|prozent|pour cent|por ciento"
_EVERY = [("%", "share", _SHARE)]
_EVERY += [(sign, "money", listed) for sign, listed in _MONEY.items()]
_EVERY += [(sign, "measure", listed) for sign, listed in _MEASURES.items()]
_END = r"(?![\w²³])(?!-old)"
_GAP = r"[\s\u00a0\u202f-]?"
_PATTERNS = [
    (sign, kind, re.compile(rf"{_GAP}(?:d['’]|de )?(?:{listed}){_END}", re.IGNORECASE))
    for sign, kind, listed in _EVERY
]
_ANY = re.compile(
    rf"{_GAP}(?:d['’]|de )?(?:{'|'.join(listed for _, _, listed in _EVERY)}){_END}", re.IGNORECASE
)
_SIGN = re.compile(
    r"(?P<land>US|A|AU|C|CA|NZ|HK|S|NT|R|MX|CN)?(?P<sign>[$€£¥₹₽₩])[ \u00a0]?$|\b(?P<code>USD|EUR|GBP|CHF"
    r"|JPY|INR|Rs\.?)\s?$"
)
_CODES = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "Rs": "₹", "Rs.": "₹"}
_MAGNITUDE = re.compile(r"\bmagnitude(?: of| was|-)?\s?$", re.IGNORECASE)
_SIGN_REACH, _LONGEST_NUMBER = 6, 12  # characters


def unit_after(text: str, end: int) -> tuple[str, str, int]:
    """The unit of the number that ends at `end`: sign, kind (share, money, measure), and where it ends.

    Two empty strings and `end` where there is none. The longest unit counts: "miles per hour", not "miles".
    """
    best = ("", "", end)
    if _ANY.match(text, end):
        for sign, kind, pattern in _PATTERNS:
            match = pattern.match(text, end)
            if match and match.end() > best[2]:
                best = (sign, kind, match.end())
        return best
    number = re.search(r"\S+$", text[max(0, end - _LONGEST_NUMBER) : end])
    before = end - len(number[0]) if number else 0
    return ("magnitude", "measure", end) if _MAGNITUDE.search(text[max(0, before - 16) : before]) else best


def currency_before(text: str, start: int) -> tuple[str, int]:
    """The currency whose sign or code stands right before a number, and where it begins; "" for none."""
    near = max(0, start - _SIGN_REACH)
    match = _SIGN.search(text[near:start])
    if match is None:
        return "", start
    if match["code"]:
        return _CODES.get(match["code"], match["code"]), near + match.start()
    land = match["land"] or ""
    return match["sign"] if land in {"US", ""} else land + match["sign"], near + match.start()
