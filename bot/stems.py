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
LANGUAGES = frozenset(_ALGORITHMS)
"""The codes of the languages that have a stemmer."""


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """The stem of a folded word; the word itself in a language that has no stemmer."""
    stemmer = _stemmer(language)
    if stemmer is None:
        return word
    found: str = stemmer.stemWord(word)
    return found or word


@lru_cache(maxsize=64)
def _stemmer(language: str) -> "Stemmer.Stemmer | None":
    # maxCacheSize: the cache above is ours, and shared by all languages.
    name = _ALGORITHMS.get(language)
    return None if name is None else Stemmer.Stemmer(name, 0)
