"""A first honest check that a sentence rests on its articles: its numbers, names and quotations. Pure."""

import re
from collections.abc import Sequence

from bot.digests.sentences import word_set
from bot.model import Article
from bot.text import fold, words

_NUMBER = re.compile(r"\d+(?:[.,'’\u00a0\u202f ]\d{3}(?!\d))+(?:[.,]\d+)?|\d+(?:[.,]\d+)*")
_THOUSANDS = re.compile(r"(?<=\d)[.,'’\u00a0\u202f ](?=\d{3}(?!\d))")
_SCALES = {
    **dict.fromkeys(("hundred",), "hundred"),
    **dict.fromkeys(("thousand", "k", "tausend", "mille", "mil"), "thousand"),
    **dict.fromkeys(("million", "millions", "m", "mn", "mln", "mio", "millionen", "millones"), "million"),
    **dict.fromkeys(("billion", "billions", "b", "bn", "bln", "mrd", "milliarden", "milliards"), "billion"),
    **dict.fromkeys(("trillion", "trillions", "tn", "trn", "billionen"), "trillion"),
    **dict.fromkeys(("%", "percent", "per cent", "pc", "prozent", "pour cent", "por ciento"), "percent"),
}
_SCALE = re.compile(
    rf"\s?-?({'|'.join(re.escape(s) for s in sorted(_SCALES, key=len, reverse=True))})(?![^\W\d_])"
)
_QUOTED = re.compile(r"“([^“”]+)”|\"([^\"]+)\"|„([^„“”]+)[“”]|«([^«»]+)»|「([^「」]+)」")
_QUOTED_WORDS = 3
# Capitalised only because they open the sentence.
_OPENERS = word_set(
    "the a an in on at of for from with by to as and but or it its he she they his her their this that"
    " these those there here after before when while since during under over more most some many several"
    " all both no not about around two three four five one who what however meanwhile police officials"
    " people according also new now if although though der die das ein eine im am in nach mit bei und"
    " aber le la les un une des en dans el los las una por con"
)


def unsupported(sentence: str, articles: Sequence[Article]) -> str | None:
    """What in the sentence no article says, named in a few words; None when all of it is found.

    Looked for: every number with its scale ('1.2 million' is not '1.2 billion'; '1,000' is '1000'), every
    capitalised word, and every quoted passage of three words or more. Strict on purpose: a right sentence
    may be refused, and a wrong one made only of the article's words is not caught here.
    """
    said = [f"{article.title}\n{article.text}" for article in articles]
    known = {_bare(word) for text in said for word in _parts(text)}
    return (
        _unknown_number(sentence, said)
        or _unknown_name(sentence, known)
        or _unknown_quotation(sentence, [" ".join(map(_bare, _parts(text))) for text in said])
    )


def _unknown_number(sentence: str, said: Sequence[str]) -> str | None:
    known = {number for text in said for number in _numbers(text)}
    plain = {value for value, _ in known}
    for value, scale in _numbers(sentence):
        if value not in plain or (scale and (value, scale) not in known):
            return f"number {value} {scale}".rstrip()
    return None


def _numbers(text: str) -> list[tuple[str, str]]:
    """Numbers without thousands separators and with a decimal point, each beside its scale or ''."""
    folded = fold(text)
    found = []
    for match in _NUMBER.finditer(folded):
        scale = _SCALE.match(folded, match.end())
        value = _THOUSANDS.sub("", match[0]).replace(",", ".")
        found.append((value, _SCALES[scale[1]] if scale else ""))
    return found


def _unknown_name(sentence: str, known: set[str]) -> str | None:
    for place, word in enumerate(_parts(sentence)):
        if not word[:1].isupper() or (place == 0 and _bare(word) in _OPENERS):
            continue
        if _bare(word) not in known:
            return f"name {word}"
    return None


def _unknown_quotation(sentence: str, said: Sequence[str]) -> str | None:
    for found in _QUOTED.finditer(sentence):
        passage = next(group for group in found.groups() if group is not None)
        inner = " ".join(map(_bare, _parts(passage)))
        if len(inner.split()) >= _QUOTED_WORDS and not any(f" {inner} " in f" {text} " for text in said):
            return f"quotation {passage}"
    return None


def _parts(text: str) -> list[str]:
    """Words, with hyphenated ones taken apart: 'Paris-based' rests on 'Paris'."""
    return [part for word in words(text) for part in re.split(r"[-–—/]", word) if part]


def _bare(word: str) -> str:
    """The folded word without a possessive ending or dots: "Reuters'" and 'U.S.' meet 'Reuters' and 'US'."""
    return re.sub(r"'s$|'$", "", fold(word)).replace(".", "")
