"""Which of the languages whose number words, days and denials we know a sentence is in. Pure."""

from bot.text import fold, words


def listed(row: str) -> frozenset[str]:
    """The words of a row, as a set."""
    return frozenset(row.split())


KNOWN = ("en", "de", "fr", "es")
_LITTLE = {
    "en": "the of and to in is was were has have said that for on with by from at he she it its an are be",
    "de": "der die das und ist war wurde wurden den dem des ein eine einen einer von mit im zu auf nicht sich"
    " für bei nach am sind hat haben worden es sie",
    "fr": "le la les des du et est une dans par sur avec pour au aux qui que ont sont ete selon plus d l"
    " deux",
    "es": "el la los las del y es una por con para en que al se ha han fue fueron segun mas tras lo su",
}
_SIGNS = {language: listed(fold(little)) for language, little in _LITTLE.items()}


def tongue(text: str, language: str | None = None) -> str:
    """The language whose rules read the text: the one given ("en-GB" is en), else by its little words.

    English when nothing tells. One of the languages given that we have no rules for stays as it is.
    """
    if language:
        return language.lower().replace("_", "-").partition("-")[0]
    own = [part for word in words(fold(text)) for part in word.split("'")]
    return max(KNOWN, key=lambda known: sum(word in _SIGNS[known] for word in own))
