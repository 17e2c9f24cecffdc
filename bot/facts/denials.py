"""Where a sentence denies. Pure."""

import re

from bot.facts.tongues import tongue

_WORDS = {
    "en": r"not(?! (?:only|just|least|merely|to mention)\b)|cannot|[a-z]+n['’]t|never|without|neither|nor"
    r"|none|nobody"
    r"|nothing|nowhere|hardly|no longer|no(?! (?:doubt|fewer|less|more than|matter|later|sooner"
    r"|wonder)\b)(?!\.? ?\d)"
    r"|fail(?:s|ed|ing)? to|den(?:y|ies|ied|ying)|refus(?:e[sd]?|ing)|reject(?:s|ed|ing)?|rul(?:es?|ed"
    r"|ing) out"
    r"|declin(?:es?|ed|ing) to|unable to|unlikely|lack(?:s|ed|ing)?",
    "de": r"nicht(?! nur\b)|kein(?:e[mnrs]?)?|nie(?:mals)?|ohne|weder|niemand(?:en|em)?|nichts"
    r"|bestritt(?:en)?|bestreitet"
    r"|dementiert(?:e|en)?|verweiger(?:t|te|ten)|lehn(?:t|te|ten)|abgelehnt",
    "fr": r"ne(?! (?:\w+ )?que\b)|n['’](?=\w)|non|sans|ni|aucune?|jamais|dément(?:i|ent)?|refus(?:e|é|ent)"
    r"|rejet(?:te|é)",
    "es": r"no(?! (?:solo|sólo|obstante)\b)|nunca|jamás|sin(?! embargo\b)|ni|ningun[oa]?|ningún|nadie|nada"
    r"|tampoco"
    r"|neg(?:ó|aron|ado)|niega|rechaz(?:ó|aron|a)",
}
_PATTERNS = {
    language: re.compile(
        rf"(?<![\w’'])(?:{listed})(?!\w)"
        if language != "fr"
        else rf"(?<!\w)(?:{listed})(?:(?!\w)|(?<=['’]))",
        re.IGNORECASE,
    )
    for language, listed in _WORDS.items()
}


def negations(text: str, language: str | None = None) -> list[tuple[int, int]]:
    """The spans of the words that deny: "not", "never", "without", "denied", "ruled out"; not "not only".

    Languages other than en, de, fr and es are not read: none is found.
    """
    pattern = _PATTERNS.get(tongue(text, language))
    return [match.span() for match in pattern.finditer(text)] if pattern else []


def negated(text: str, language: str | None = None) -> bool:
    """Whether anything in the text is denied."""
    return bool(negations(text, language))
