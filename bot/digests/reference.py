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
# Whom "he" can mean: no abbreviation, no day and no month.
_NOBODY = (
    r"(?!(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August"
    r"|September"
    r"|October|November|December|On|In|At|After|Before|During|For|From|With|By|Since|Until|When|While|As"
    r"|If|Although"
    r"|Though|But|And|The|An?|This|That|Earlier|Later|Last|Next)\b)"
)
_PERSON_NAME = re.compile(
    rf"(?:^|(?<=\s)){_NOBODY}[A-ZÀ-Þ][\w’'-]*[a-zß-ÿ][\w’'-]*(?: (?:[a-z]{{2,3}} )?[A-ZÀ-Þ][\w’'-]+)+"
    rf"|(?<=[\w,] ){_NOBODY}[A-ZÀ-Þ][\w’'-]*[a-zß-ÿ][\w’'-]*"
)
# A capitalised opener that is what the sentence is about: "Google closed its …". Not "Police said it …".
_SUBJECT = re.compile(
    r"^(?!(?:In|On|At|By|For|From|With|Without|After|Before|As|When|While|If|Since|Although|Though"
    r"|Because|Until"
    r"|Unless|Once|Despite|During|Under|Over|To|Of|Off|Rather|Just|Even|Ever|Not|Now|Given|Like|Unlike"
    r"|There|Here|What"
    r"|Why|How|Who|Where|Instead|Most|Only|Also|Still|Yet|And|But|Or|So|It|They|Them|This|That|These"
    r"|Those|He|She|His"
    r"|Her|Their|Its|Yesterday|Today|Last|Earlier|Later|Next|Two|Three|One|Half|Both|Perhaps|Maybe|Then"
    r"|Thanks|Due"
    r"|Along|Among|Between|Beyond|Inside|Outside|About|Around|Against|Across|Through|Throughout"
    r"|According|I|We|You)\b"
    r"|\w+(?:ly|ing)\b)[A-Za-zÀ-ÿ]*[A-ZÀ-Þ][\w’'&.-]*(?:,[^,]{1,80},)? "
    r"(?!(?:said|says|told|added|adds|noted|wrote|announced|confirmed|believes?|thinks?|argued?s?|warned"
    r"|claimed) )[a-z]"
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
    r" of (?:them|these|those|it)\b"
    r"|\b(?:above|beside|below|behind|around|near|under|inside|beneath|alongside|without|like) (?:it|them)\b"
    r"|\bthis (?:did|does|was|is|has|had|will|would|could|may|might|means|meant|makes|made)\b"
    r"|^(?:half|one|two|three|four|five|six|both|neither|none|others?|another|each|several)"
    r" (?:would|will|is|are|was|were|has|have|had|may|could|expects?|said|says?|came|went|to|in)\b"
    r"|^\w+ (?:suggests?|shows?|indicates?|means?) (?:that )?(?:it|they|he|she)\b"
    r"|\bthe (?:former|latter)\b(?=[,.;:]|$|[’']s | (?:is|was|has|had|will|said|would|can|could)\b)"
    r"|\bsuch a (?:move|step|decision)\b"
    r"|\b(?:will|would|can|could|do|does|did|has|have|should|might|may)(?: not)?\.$"
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
    return _unnamed(plain, _PERSON, _PERSON_NAME) or _unnamed(plain, _THING, _NOUN, _NAME, _SUBJECT)


def _unnamed(text: str, pronoun: re.Pattern[str], *antecedents: re.Pattern[str]) -> bool:
    found = pronoun.search(text)
    if found is None:
        return False
    before = text[: found.start()]
    return not any(antecedent.search(before) for antecedent in antecedents)
