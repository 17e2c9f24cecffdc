"""Whom a number counts, and what happened to them. Pure."""

import re

from bot.facts.tongues import listed
from bot.text import fold

_PEOPLE = listed(
    "people person persons menschen personen leute personnes personne gens personas persona dead fatality"
    " death casualty victim injury tote toten todesopfer verletzte verletzten mort morts blesse blesses"
    " muertos heridos opfer victimes victimas deads"
)
_IRREGULAR = {
    "people": "people", "men": "man", "women": "woman", "children": "child", "police": "police",
    "lives": "life",
    "dead": "people", "others": "other", "wives": "wife", "servicemen": "serviceman", "firemen": "fireman",
    "servicewomen": "servicewoman", "policemen": "policeman", "fishermen": "fisherman", "gunmen": "gunman",
    "staff": "staff", "personnel": "personnel", "cattle": "cattle", "sheep": "sheep", "aircraft": "aircraft",
    "knives": "knife", "feet": "foot", "wolves": "wolf", "families": "family", "troops": "troop",
    "crew": "crew",
    "mice": "mouse", "teeth": "tooth", "series": "series", "species": "species", "bodies": "body",
    "buses": "bus", "viruses": "virus", "movies": "movie", "homes": "home", "houses": "house",
}  # fmt: skip
_SAME = frozenset({"people"})
_NOT_PLURAL = listed(
    "is was has does says dies kills leaves requires handles makes"
    " takes gets this its his us as less across plus versus perhaps always news politics economics"
)
_BREAKS = listed(
    "the a an and or but of in on at to for from with by as after before when while who that which were"
    " was is are have has had be been said says killed injured wounded died dead arrested missing if than"
    " into over under about against during since until because also not no per more other additional"
    " further such"
)
_THROUGH = frozenset(["more", "other", "additional", "further"])
_STEP = re.compile(r"[\s\u00a0-]([^\W\d_][\w’'.-]*)")
_FAR = 5  # words
_REACH = 200  # characters
_BACK = 140
_KILLED = (
    r"dead|killed|died|dies|dying|slain|murdered|perished|drowned|(?:lost|losing|lose) (?:their|his"
    r"|her) lives"
    r"|deaths|fatalities|fatally|bodies|getötet|tot|tote[nr]?|todesopfern?|gestorben|starben|umgekommen"
    r"|ums leben"
    r"|morts?|mortes?|tuée?s?|décédée?s?|décès|muert[oa]s|murieron|fallecid[oa]s|fallecieron"
)
_AFTER: dict[str, str] = {
    "killed": _KILLED,
    "injured": r"injured|wounded|hurt|injuries|verletzte?[nr]?|blessée?s?|herid[oa]s|resultaron herid[oa]s",
    "missing": r"(?:still )?missing|unaccounted for|vermisste?[nr]?|disparue?s?|desaparecid[oa]s",
    "arrested": r"arrested|detained|arrests|detentions|in custody|festgenommen|festnahmen|arrêtée?s?"
    r"|interpellée?s?"
    r"|detenid[oa]s",
    "rescued": r"rescued|saved|gerettet|secourue?s?|rescatad[oa]s",
    "evacuated": r"evacuated|evakuiert|évacuée?s?|evacuad[oa]s",
    "displaced": r"displaced|vertrieben|déplacée?s?|desplazad[oa]s",
    "charged": r"charged|indicted|angeklagt|inculpée?s?|imputad[oa]s",
    "hospitalised": r"hospitali[sz]ed|taken to (?:hospital|the hospital)",
}
_BEFORE: dict[str, str] = {
    "killed": r"kill(?:ed|ing|s)?|claim(?:ed|ing|s)(?: the lives of)?|deaths? of|bodies of|murder(?:ed"
    r"|ing)?|slaying"
    r"|leaves|(?:death )?toll (?:\w+ ){0,9}?(?:to|at|of|was|is|as|reache[sd]|reached|hits?|passe[sd]|tops"
    r"|exceeds)"
    r"|deaths (?:\w+ )?(?:to|at|reached)|töte(?:te|ten|t)|tua(?:nt|it)|tué|mató|mataron|matando",
    "injured": r"injur(?:ed|ing|es?)|wound(?:ed|ing|s)|hurt(?:ing|s)?|verletzte|blessant|hiriendo|hirió",
    "arrested": r"arrest(?:ed|ing|s)?|detain(?:ed|ing|s)?|arrests? of|nahm|arrêté|detuvo",
    "rescued": r"rescu(?:ed|es?|ing)|saved",
    "evacuated": r"evacuat(?:ed|es?|ing)(?: of)?",
    "displaced": r"displac(?:ed|es?|ing)",
    "charged": r"charg(?:ed|es|ing)|indict(?:ed|ing|s)",
}
_LEFT = (
    "(?:another|an? (?:additional|further|estimated|total of)|some|about|around|nearly|almost|roughly"
    "|at least|at most|more than|over|up to|as many as|fewer than|less than|no fewer than|approximately"
    "|the|all|mindestens|rund|etwa|au moins|plus de|al menos|más de|unas|unos|between|well over|reportedly)"
)
_BEFORE_PATTERN = re.compile(
    rf"(?<!\bto )(?<!\bwere )(?<!\bwas )(?<!\bbeen )(?<!\bbe )\b"
    rf"(?:{'|'.join(f'(?P<{name}>{listed})' for name, listed in _BEFORE.items())})(?: {_LEFT})*\s?$",
    re.IGNORECASE,
)
# "The number of people injured in the flood has risen from 14 to": whom it counts stands far before it.
_NUMBER_OF = re.compile(
    r"\b(?:number|count|total) of (?:(?!of\b)[\w’'-]+ ){0,2}?"
    r"(?:(?P<killed>dead|deaths|killed|fatalities)|(?P<injured>injured|wounded|hurt|injuries)|(?P<missing>missing)"
    r"|(?P<arrested>arrested|arrests|detained)|(?P<rescued>rescued)|(?P<evacuated>evacuated)"
    r"|(?P<displaced>displaced))(?: [\w’'-]+){0,8}?"
    r" (?:ris(?:es|en|ing)|rose|climb(?:s|ed|ing)|increas(?:es|ed|ing)|grow(?:s|n|ing)|grew|jump(?:s|ed)"
    r"|reach(?:es|ed)|stands|stood|is|was|now|f[ae]ll(?:s|en)?|dropp?(?:s|ed))"
    rf"(?: (?:from|by) [\d.,]+)?(?: (?:now|to|at))?(?: {_LEFT})*\s?$",
    re.IGNORECASE,
)
_STOP_WORDS = (
    "and|or|but|with|after|as|to|for|by|that|which|when|while|because|if|than|into|where|und|et|y|avec"
    "|mit|con|said|says"
)
_LINK = (
    r"(?:(?:who|that|have|has|had|were|was|are|is|been|being|feared|confirmed|reported|reportedly"
    r"|presumed|believed"
    r"|also|be|left|found|pronounced|declared|allegedly|officially|so far|wurden?|worden|sind|ont été"
    r"|sont|fueron|han)\s)"
)
_AFTER_PATTERNS = {
    name: re.compile(
        rf"(?P<noun>(?:[\s-](?!(?:{_STOP_WORDS})\b|(?:{listed})\b"
        rf"|{_LINK})[^\W\d_][\w’'-]*){{0,4}}?)[\s-](?P<link>{_LINK}*)"
        rf"(?P<role>{listed})\b(?P<object>\s(?:an?|the|his|her|their|its|two|three|four|five|at least"
        rf"|more|\d|(?-i:[A-Z])))?",
        re.IGNORECASE,
    )
    for name, listed in _AFTER.items()
}
_CLAUSE_END = re.compile(r"[.;:!?—–()]|,(?!\s(?:including|among))")


def counted(text: str, end: int, language: str = "en") -> tuple[str, int]:
    """The noun that the number before `end` counts, as a singular, and where it ends; "" where none is seen.

    People are "people" in each of the four languages, and so are the dead and the injured.
    """
    at, chosen, closes = end, "", end
    for step in range(_FAR):
        match = _STEP.match(text, at)
        if match is None:
            break
        word = match[1].rstrip(".'’")
        low = fold(word)
        found = _noun(word, low, language, chosen)
        if found:
            chosen, closes = found, match.start(1) + len(word)
        elif chosen or (low in _BREAKS and not (step == 0 and low in _THROUGH)):
            break
        at = match.end()
        if word != match[1]:  # a full stop, or a possessive's apostrophe
            break
    return ("people" if chosen == "other" else chosen), closes


def plural(noun: str) -> str:
    """The plural of a noun that `counted` gave, in English."""
    known = {singular: many for many, singular in _IRREGULAR.items() if singular != "people"}
    if noun in known or noun in _SAME:
        return known.get(noun, noun)
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("ch", "sh", "x", "ss", "z")) else "s")


def _noun(word: str, low: str, language: str, chosen: str) -> str:
    """The singular of a word that can be what is counted, else ""."""
    if low in _PEOPLE:
        return "people"
    if low in _IRREGULAR:
        return _IRREGULAR[low]
    return _singular(low, language) if low not in _BREAKS and _is_plural(word, low, language, chosen) else ""


def role(text: str, start: int, end: int, following: int) -> str:
    """What happened to those counted by the number `text[start:end]`, before the next number at `following`.

    One of the roles named at `bot.facts.Number`, or "". Only words bound to the number closely count: "killed
    at least 12", "12 people were killed", "the death toll rose to 12".
    """
    before = text[max(0, start - _BACK) : start]
    after = text[end : min(following, end + _REACH)]
    stop = _CLAUSE_END.search(after)
    after = after[: stop.start()] if stop else after
    for name, pattern in _AFTER_PATTERNS.items():
        match = pattern.match(after)
        if match and not (match["object"] and not match["link"] and _is_act(match["role"])):
            return name
    match = _BEFORE_PATTERN.search(before) or _NUMBER_OF.search(before)
    return next(name for name, said in match.groupdict().items() if said) if match else ""


def _is_act(word: str) -> bool:
    """Whether the word can also be what those counted did to somebody: "12 men killed a guard"."""
    return fold(word) in {
        "killed", "injured", "wounded", "hurt", "arrested", "detained", "rescued", "saved", "evacuated",
        "murdered",
        "charged", "indicted", "displaced",
    }  # fmt: skip


def _is_plural(word: str, low: str, language: str, chosen: str) -> bool:
    if language == "de":
        return word[0].isupper() and not chosen
    if low in _NOT_PLURAL or len(low) < 4:  # noqa: PLR2004
        return False
    if language == "fr" and low.endswith(("x", "s")):
        return not chosen
    return low.endswith("s") and not low.endswith(("ss", "ous", "'s", "is", "us"))


def _singular(low: str, language: str) -> str:
    if language != "en":
        return low.rstrip("sx") if language in {"fr", "es"} else low
    if low.endswith("ies") and len(low) > 4:  # noqa: PLR2004
        return low[:-3] + "y"
    if low.endswith(("ches", "shes", "xes", "sses", "zes")):
        return low[:-2]
    return low[:-1]
