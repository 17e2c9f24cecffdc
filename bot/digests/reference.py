"""Words that point at another sentence: a pronoun, "half", "Ms Praed" whose name was not given. Pure.

A sentence can be true where it stands and false where it is put: "One of its employees" is about whoever was
named just before. These rules are for sentences that are printed away from their neighbours; they err on the
side of leaving one out.
"""

import re

_QUOTED = re.compile(r"[“\"„«][^“”\"„«»]*[”\"“»]")
_PERSON = re.compile(r"\b(?:he|she|him|his|hers?|himself|herself)\b", re.IGNORECASE)
_THING = re.compile(r"\b(?:it|its|they|them|theirs?|itself|themselves)\b", re.IGNORECASE)
# "It is hard to say", "it will rain": these point nowhere.
_EMPTY_IT = re.compile(
    r"\bit (?:is|was|will be|would be|has been|takes|took|rained|snowed|remains|seems|appears)\b"
    r"(?=.{0,60}\b(?:to|that|whether|how|when|if|why)\b)",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?:^|(?<=\s))[A-ZÀ-Þ][\w’'-]+(?: (?:[a-z]{2,3} )?[A-ZÀ-Þ][\w’'-]+)+|(?<=[\w,] )[A-ZÀ-Þ][\w’'-]+"
)
_NOUN = re.compile(
    r"\b(?:an?|the|every|each|all|some|many|most|several|two|three|four|five|\d[\d,.]*|this|that|these|those)"
    r" (?:[\w’'-]+ )?[\w’'-]+|^(?!one\b|half\b|both\b|others?\b|none\b)[a-zà-þ]{3,}s\b",
    re.IGNORECASE,
)
_POINTS = re.compile(
    # "Hanne Orlund, its head", "one of them", "the shelf above it", "this did not"
    r"^(?:[A-ZÀ-Þ][\w’'-]+ ){1,3}?[A-ZÀ-Þ][\w’'-]+, (?:its|their|his|her)\b"
    r"|\b(?:one|two|three|four|five|ten|half|some|most|many|none|all|part|each|both|neither|either|a \w+)"
    r" of (?:them|these|those|its|their|his|her|it)\b"
    r"|\b(?:above|beside|below|behind|around|near|under|inside|beneath|alongside|without|like) (?:it|them)\b"
    r"|\bthis (?:did|does|was|is|has|had|will|would|could|may|might|means|meant|makes|made)\b"
    r"|^(?:half|one|two|three|four|five|six|both|neither|none|others?|another|each|several)"
    r" (?:would|will|is|are|was|were|has|have|had|may|could|expects?|said|says?|came|went|to|in)\b"
    r"|^\w+ (?:suggests?|shows?|indicates?|means?) (?:that )?(?:it|they|he|she)\b"
    r"|\b(?:the (?:former|latter)|such a (?:move|step|decision))\b"
    r"|\b(?:ellos|ellas|celui-ci|celle-ci|ceux-ci|celles-ci|letztere[rs]?)\b"
    r"|^(?:la decisión|la décision|die entscheidung|esa|ese|esto|cette|cela)\b",
    re.IGNORECASE,
)
_HONORIFIC = re.compile(r"\b(?:Mr|Mrs|Ms|Mx|Dr|Herr|Frau|Mme|Sra?)\.? ([A-ZÀ-Þ][\w’'-]+)")
# "The plant uses 2,600 cubic metres a day": of what, the sentence before says.
_OF_WHAT = re.compile(
    r"^[^,;:—–]*?\b(?:use|consume|need|require)(?:s|d|ed)?"
    r" (?:(?:about|around|some|nearly|almost|up to|over|more than|less than|at least) )?"
    r"\d[\d.,]*(?: (?:thousand|million|billion))?"
    r" (?:cubic (?:metre|meter|feet|foot)|litre|liter|gallon|tonne|ton|kilogram|kilo)s?"
    r"(?: (?:a|per|each|every) \w+)?(?=[.,;]|$| and\b)",
    re.IGNORECASE,
)


def points_away(text: str, *, headline: str = "") -> bool:
    """Whether the sentence needs another one to be understood, as far as its words tell.

    A name that `headline` gives counts as given.
    """
    spoken = _QUOTED.sub(" … ", text)
    if _POINTS.search(spoken) or _OF_WHAT.search(spoken):
        return True
    for found in _HONORIFIC.finditer(spoken):
        if found[1] not in headline and f" {found[1]}" not in spoken[: found.start()]:
            return True
    plain = _EMPTY_IT.sub(" … ", spoken)
    return _unnamed(plain, _PERSON, _NAME) or _unnamed(plain, _THING, _NOUN, _NAME)


def _unnamed(text: str, pronoun: re.Pattern[str], *antecedents: re.Pattern[str]) -> bool:
    found = pronoun.search(text)
    if found is None:
        return False
    before = text[: found.start()]
    return not any(antecedent.search(before) for antecedent in antecedents)
