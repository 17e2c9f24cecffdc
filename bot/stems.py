"""The stem of a word in its language, by Snowball (Porter, 2001): "missiles" and "missile" are one. Pure."""

from functools import lru_cache

import Stemmer

_ALGORITHMS = {
    "ar": "arabic",
    "hy": "armenian",
    "eu": "basque",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "nl": "dutch",
    "en": "english",
    "eo": "esperanto",
    "et": "estonian",
    "fi": "finnish",
    "fr": "french",
    "de": "german",
    "el": "greek",
    "hi": "hindi",
    "hu": "hungarian",
    "id": "indonesian",
    "ga": "irish",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "no": "norwegian",
    "nb": "norwegian",
    "nn": "norwegian",
    "fa": "persian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "es": "spanish",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
# Words of which news is full and which have another's stem, though nobody means both: imports are not
# important, executives no executions, and Mars is not Mar-a-Lago. Each has the first of its line for a stem.
_APART = {
    "en": """
        aids
        animal animals
        anime
        authority authorities
        boeing
        city cities
        commons
        customer customers
        customs
        emirates
        engineer engineers engineering engineered
        executive executives
        experiment experiments experimental experimented experimenting
        generally
        goods
        hamas
        harris
        important importantly importance
        lagos
        marcos
        mars
        national nationals nationally nationality nationalities
        officer officers
        positive positives positively
        publication publications
        santos
        securities
        several
        united
    """,
}
_OWN = {
    (language, word): line.split()[0]
    for language, lines in _APART.items()
    for line in lines.split("\n")
    for word in line.split()
}
# Plurals that the algorithms do not bring to their singulars: gobiernos; and, without its accents, eleicoes.
_ENDINGS = {"es": ("iernos", "ierno"), "pt": ("oes", "ao")}
LANGUAGES = frozenset(_ALGORITHMS)
"""The codes of the languages that have a stemmer."""


@lru_cache(maxsize=20_000)  # a third of a kilobyte each, and they save half a microsecond
def stem(word: str, language: str) -> str:
    """The stem of a folded word; the word itself in a language that has no stemmer."""
    stemmer = _stemmer(language)
    if stemmer is None:
        return word
    own = _OWN.get((language, word))
    if own is not None:
        return own
    plural, singular = _ENDINGS.get(language, ("", ""))
    if plural and word.endswith(plural):
        word = word.removesuffix(plural) + singular
    found: str = stemmer.stemWord(word)
    return found or word


@lru_cache(maxsize=64)
def _stemmer(language: str) -> "Stemmer.Stemmer | None":
    # maxCacheSize: the cache above is ours, and shared by all languages.
    name = _ALGORITHMS.get(language)
    return None if name is None else Stemmer.Stemmer(name, 0)
