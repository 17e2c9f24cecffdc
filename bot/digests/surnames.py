"""Whether a sentence calls somebody by half a name, of which its article has the other half. Pure."""

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.digests.named import ROLE, TITLES, Name, is_given, may_be_given, names, same
from bot.sentences import Sentence

_NEAR = 30  # characters around a name in which something shows that it is a person's
_SIGN = re.compile(
    rf"\b(?:said|says|told|added|wrote|who|Mr|Ms|Mrs|Dr|Rep|Sen|Gov|chair\w*|lead|star|creator|{ROLE})\b"
    r"|, \d\d,"
)
_SPEAKS = r"(?:said|says|told|added|wrote|explained|argued|noted|tweeted|posted|warned)"
_TITLE = re.compile(r"([A-ZÀ-Þ][\w-]*)\.? $")
_AGE = re.compile(r", \d{1,2}(?:,|\.$)")


def half_named(text: str, article: Sequence[Sentence], *, given: str) -> str:
    """The first surname in the text that neither it nor `given` has in full before, though the article does.

    '' where there is none. A name with an age ("Roe, 39, …") is half a name in any case.
    """
    own = names(text)
    for name in own:
        if " " in name.text or _mentioned(name.text, given) or _introduced(name, own, text):
            continue
        if _AGE.match(text, name.end) or _is_surname(name.text, article):
            return name.text
    return ""


def _mentioned(name: str, given: str) -> bool:
    return name in given and bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", given))


def _introduced(name: Name, own: Sequence[Name], text: str) -> bool:
    """Whether its full form stands before it, or a title that makes it one: "President Roe"."""
    title = _TITLE.search(text[: name.start])
    if title and title[1] in TITLES:
        return True
    return any(" " in one.text and same(one.text, name.text) for one in own if one.start < name.start)


def _is_surname(word: str, article: Sequence[Sentence]) -> bool:
    """Whether the article shows somebody of that surname: a given name before it, and what only people do."""
    small = word.lower()
    holding = [one.text for one in article if word in one.text or small in one.text]
    if any(re.search(rf"\b{re.escape(small)}\b", text) for text in holding if small in text):
        return False  # a common word
    whole, speaks = _patterns(word)
    found = [(one, text) for text in holding for one in whole.finditer(text) if may_be_given(one[1])]
    if not found:
        return False
    return any(speaks.search(text) for text in holding) or any(
        is_given(one[1]) or _SIGN.search(text[max(0, one.start() - _NEAR) : one.end() + _NEAR])
        for one, text in found
    )


@lru_cache(maxsize=512)
def _patterns(word: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The word behind a given name, and the word as who speaks."""
    last = re.escape(word)
    return (
        re.compile(rf"\b([A-ZÀ-Þ][\w’'-]*\.?) (?:[A-Z]\. ?)?{last}\b(?! [A-Z])"),
        re.compile(rf"\b{last},? {_SPEAKS}\b|\b(?:said|says|according to) {last}\b"),
    )
