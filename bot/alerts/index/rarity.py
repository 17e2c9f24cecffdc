"""How rare what a filter asks for is among stories: by those seen, and before that by a guess. Pure."""

from collections.abc import Callable

from bot.alerts.index.conjuncts import Kind, Literal

# Everyday words; one that is missing here costs time, never a match.
_WORDS = """
    a about after again all also am an and any are as at back be because been before being best but by can
    could day did do does down even every first for from game get go going good had has have he her here him
    his how i if in into is it its just know last like look made make many may me more most much my new news
    no not now of off on one only or other our out over own people said same say says see she so some still
    such take than that the their them then there these they thing this those three through time to too two
    up us use very want was way we week well were what when where which while who why will with work world
    would year years you your
"""
_EVERYDAY = frozenset(_WORDS.split())
_EVERYDAY_SHARE = 0.4
_SHARE_OF_SHORT = 0.1  # of the stories, so to speak, have a word of no letters; with each, a third fewer
_SHARE_PER_LETTER = 0.66
_TRUST = 20  # a guess weighs as much as this many stories
_NEIGHBOURS = 0.05  # of the stories that have the rarer word of a run have the run
_IN_TITLE = 0.1  # of the stories that have a word have it in a headline
_SHARES = {Kind.TOPIC: 0.1, Kind.SOURCE: 0.05, Kind.LANGUAGE: 0.8, Kind.ABOUT: 0.02}


def share(literal: Literal, seen: Callable[[str], int], stories: int) -> float:
    """About which share of stories holds the literal: `seen` says how many of `stories` had a word."""
    if literal.kind in _SHARES:
        return _SHARES[literal.kind]
    words = literal.text.split(" ")
    least = min((seen(word) + _TRUST * _guess(word)) / (stories + _TRUST) for word in words)
    return least * (_NEIGHBOURS if len(words) > 1 else 1) * (_IN_TITLE if literal.title else 1)


def _guess(word: str) -> float:
    return _EVERYDAY_SHARE if word in _EVERYDAY else _SHARE_OF_SHORT * _SHARE_PER_LETTER ** len(word)
