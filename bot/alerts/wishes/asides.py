"""What a sentence says beside its subject: from which source, in which language, in the headline. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from bot.alerts.language.names import NAMES, code_of

_OUTLETS = (
    "ABC News|AFP|Agence France-Presse|Al Jazeera|AP|Ars Technica|Associated Press|Axios|BBC News|BBC"
    "|Bloomberg|CBC|CBS|CNBC|CNN|Der Spiegel|Deutsche Welle|DPA|DW|Economist|El País|El Pais|Euronews"
    "|Financial Times|Forbes|Fox News|FT|Guardian|Haaretz|Hacker News|Independent|Kyodo|Le Monde|NBC"
    "|New York Times|NHK|NPR|NYT|Politico|Reuters|RTÉ|Semafor|Sky News|Spiegel|Tagesschau|TASS|TechCrunch"
    "|Verge|Wall Street Journal|Washington Post|Wired|WSJ|Xinhua"
)
_CALLED = "Times|Post|News|Journal|Herald|Tribune|Telegraph|Gazette|Chronicle|Observer"
_PAPER = rf"(?:[A-Z][\w.&-]* ){{1,3}}(?:{_CALLED})"
_HOST = r"(?:https?://)?(?:www\.)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[\w/.-]*)?\b"
# "from Israel" names no source, so only what is known to be one counts.
_OUTLET = rf"(?:(?i:the )?(?:(?i:{_HOST}|{_OUTLETS})\b|{_PAPER}\b))"
_JOINT = r"(?:\s*,\s*|\s+(?i:or|and)\s+)(?:(?i:from) )?"
_FROM = re.compile(rf"\b(?i:from|by|via) (?P<list>{_OUTLET}(?:{_JOINT}{_OUTLET})*)")
_THE = re.compile(r"^the ", re.IGNORECASE)

_NAMED = "|".join(sorted((name for name in NAMES.values() if " " not in name), key=len, reverse=True))
# Not "in German elections": the name has to be the end of what is said, or what follows has to begin anew.
_IN = re.compile(
    rf"\b(?:only )?(?:written )?in (?P<list>(?:{_NAMED})(?:(?:\s*,\s*|\s+or\s+|\s+and\s+)(?:{_NAMED}))*)"
    r"(?: language| only)?(?=\s*(?:$|[,;:()]|(?:about|on|from|by|via|regarding|concerning|mentioning)\b))",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(_NAMED, re.IGNORECASE)

_IN_HEADLINE = re.compile(
    r"\b(?:only |just )?in (?:the|its|their) (?:headline|title)\b(?: only)?(?=\s*(?:$|[,;:()]))"
    r"|\b(?:only|just) (?:the )?headlines (?:about|on|with|of)\b"
    r"|\b(?:headlines|titles) (?:with|containing|mentioning|that (?:have|contain|mention|say))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asides:
    """What was said beside the subject, as filter texts, and the sentence without it."""

    rest: str
    sources: tuple[str, ...]
    languages: tuple[str, ...]
    headline: bool


def take_asides(sentence: str, *, outlets: Iterable[str] = ()) -> Asides:
    """The sentence and its asides; one that may be a subject ("from Israel") stays in the sentence.

    `outlets` are names of sources beside those that everybody knows.
    """
    rest = sentence
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    outlet = _outlet(frozenset(outlets))
    # What only this bot's feeds are called may be a maker of news too: "launched by NASA".
    named = re.search(rf"\b(?i:from) (?P<list>{outlet}(?:{_JOINT}{outlet})*)", rest)
    if said := named or _FROM.search(rest):
        sources = tuple(_source(one[0]) for one in re.finditer(outlet, said["list"]))
        rest = rest[: said.start()] + rest[said.end() :]
    if said := _IN.search(rest):
        languages = tuple(f"lang:{code_of(one[0])}" for one in _LANGUAGE.finditer(said["list"]))
        rest = rest[: said.start()] + rest[said.end() :]
    short = _IN_HEADLINE.sub(" ", rest)
    return Asides(short, sources, languages, short != rest)


@lru_cache(maxsize=4)
def _outlet(names: frozenset[str]) -> str:
    """A pattern of one source; of names that begin alike, the longest is taken."""
    bare = sorted({_THE.sub("", name, count=1) for name in names}, key=lambda name: (-len(name), name))
    known = "|".join(re.escape(name) for name in bare if name)
    return rf"(?:(?i:the )?(?i:{known})(?!\w)|{_OUTLET})" if known else _OUTLET


def _source(said: str) -> str:
    name = _THE.sub("", said, count=1)
    return f'source:"{name}"' if " " in name else f"source:{name}"
