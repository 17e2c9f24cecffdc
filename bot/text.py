"""Words as people mean them: folding, tokens, and white space. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# A word as it is written: letters and digits, joined inside by apostrophes, dots, hyphens or
# ampersands ("O'Neill", "U.S", "COVID-19", "AT&T"); the joiners split it again when terms are made.
_WORD = re.compile(r"[^\W_]+(?:['’.\-&][^\W_]+)*")
_SPACE = re.compile(r"\s+")
# Control and formatting characters: zero-width joiners stay (emoji are built with them).
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\u200b\u202a-\u202e\u2066-\u2069]")
_APOSTROPHES = dict.fromkeys("’‘ʼ`´", "'")
# Letters that Unicode does not decompose, though people leave their strokes out ("Lodz", "Sorensen");
# and trade marks, which would otherwise become letters of the word before them.
_STROKES = dict(zip("øłđħŧı", "oldhti", strict=True)) | {"æ": "ae", "œ": "oe", "™": "", "℠": ""}
# In Russian й is a letter, not an accented и: half of the endings that a stemmer knows are made with it.
_WHOLE = "йЙ"
_PARTED = re.compile("[иИ]\u0306")  # й, as it may also be written
# In kana these marks are no accents: バス is a bus, ハス a lotus.
_KANA_MARKS = "\u3099\u309a"

# Scripts written without spaces (Thai, Lao, Burmese, Khmer, Chinese, Japanese), and Korean, whose
# particles hang on the word: every character is a token, so that a word in a row of them is a phrase.
_WIDE = (
    r"\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff"
    r"\u3100-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
_WIDE_MARKS = (
    r"\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u1056-\u1059\u105e-\u1060"
    r"\u1062-\u1064\u1067-\u106d\u1071-\u1074\u1082-\u108d\u108f\u109a-\u109d\u17b4-\u17d3\u17dd\u3099\u309a"
)
_LONGEST_CAPITALS = 5
_END = r"(?![^\W_])"
_START = r"(?<![^\W_])"
_LETTER = rf"[^\W\d_{_WIDE}]"
_ALNUM = rf"[^\W_{_WIDE}]"
# The vowel signs of Indic scripts are not \w to Python, yet stand inside words.
_RUN = rf"{_ALNUM}+(?:(?=\W)[\u0900-\u0963\u0966-\u0dff]{_ALNUM}*)*"
_TOKEN = re.compile(  # over folded text; the order of the alternatives matters: the special before the plain
    rf"(?:(?P<term>{_START}{_LETTER}(?:\.{_LETTER})+{_END}\.?"  # U.S., A.I
    rf"|\d{{1,3}}(?:,\d{{3}})+(?!\d){_ALNUM}*|\d+\.\d+(?!\.?\d){_ALNUM}*"  # 10,000 and 3.5bn
    rf"|{_START}[a-z](?:\+\+|\#{_END})"  # C++, C#
    rf"|{_RUN}'(?:ll|re|ve|[dmt]){_END}"  # "she'll" is no "shell"
    rf"|{_RUN}"
    rf"|[\u1100-\u115f][\u1160-\u11a7]?[\u11a8-\u11ff]?"  # a Korean syllable, decomposed by fold()
    rf"|(?=[^\W_])[{_WIDE}][{_WIDE_MARKS}]*"
    rf")(?:'s{_END})?"  # the possessive is dropped
    r"|(?:(?<=[^\W_])|(?<=[^\W_]\s))(?P<and>&)(?=\s?[^\W_]))"  # AT&T, "Johnson & Johnson"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: its folded form, and where the original stands (`text[start:end]`)."""

    term: str
    start: int
    end: int


def squash(text: str) -> str:
    """The text on one line: control characters dropped, runs of white space one space."""
    return _SPACE.sub(" ", _CONTROL.sub("", text)).strip()


def fold(text: str) -> str:
    """Case, accents, apostrophe shapes and compatibility forms folded: 'CAFÉ’S' → "cafe's".

    Works character by character, so that the fold of a part is the part of the fold; invisible
    formatting characters are dropped. Folding twice changes nothing.
    """
    return text.lower().replace("`", "'") if text.isascii() else text.translate(_FOLDS)


@lru_cache(maxsize=8192)
def _fold_character(character: str) -> str:
    folded = character
    if character in _WHOLE:
        return "й"
    while True:  # to a fixed point: some compatibility forms decompose to capitals, or to apostrophes
        plain = "".join(_STROKES.get(c, c) for c in folded.casefold())
        decomposed = unicodedata.normalize("NFKD", plain)
        kept = (c for c in decomposed if c in _KANA_MARKS or not _is_dropped(c))
        again = "".join(_APOSTROPHES.get(c, c) for c in kept)
        if again == folded:
            return folded
        folded = again


class _Folds(dict[int, str]):
    """The fold of each character met so far, for `str.translate`, which is quick where it need not ask."""

    def __missing__(self, code: int) -> str:
        if len(self) > _MOST_FOLDS:
            self.clear()
        self[code] = _fold_character(chr(code))
        return self[code]


_FOLDS = _Folds()
_MOST_FOLDS = 20_000


def _is_dropped(character: str) -> bool:
    return unicodedata.combining(character) != 0 or unicodedata.category(character) == "Cf"


def tokens(text: str) -> list[Token]:
    """The tokens of a text in order, in folded form: what a filter's words are compared with.

    Hyphens, slashes and apostrophes part tokens ("COVID-19" is covid, 19; "O'Neill" is o, neill), so a
    hyphenated word is a phrase of them. Dotted letters are one ("A.I." is ai), `&` is and, a possessive
    's is dropped, thousands lose their commas, C++ and C# are themselves. In scripts without spaces
    every character is a token. The tokens of the terms joined by spaces are those terms again.
    """
    if text.isascii():
        folded, origin = fold(text), None
    else:
        pieces = list(map(_fold_character, text))
        for at in (match.start() for match in _PARTED.finditer(text)):
            pieces[at] = "й"
        folded = "".join(pieces)
        # No piece empty and no length gained: every character became exactly one.
        one_to_one = len(folded) == len(text) and all(pieces)
        origin = None if one_to_one else [at for at, piece in enumerate(pieces) for _ in piece]
    found = []
    for match in _TOKEN.finditer(folded):
        term = match["term"]
        start, end = match.span("and" if term is None else "term")
        if term is None:
            term = "and"
        elif term[0].isdecimal():
            term = term.replace(",", "")
        else:
            term = term.replace(".", "")
        if origin is not None:
            start, end = origin[start], origin[end - 1] + 1
            while end < len(text) and not _fold_character(text[end]):
                end += 1  # the accent that was dropped belongs to the word
        found.append(Token(term, start, end))
    return found


def in_capitals(text: str, token: Token) -> bool:
    """Whether the text writes the token as a name: "U.S.", "US", "$tsla"; not "us", and not a long word.

    A long word in capitals is a headline that shouts, as often as not.
    """
    if not (token.term.isascii() and token.term.isalpha()):
        return False
    if token.start > 0 and text[token.start - 1] == "$":
        return True
    return 1 < len(token.term) <= _LONGEST_CAPITALS and text[token.start : token.end].isupper()


def words(text: str) -> list[str]:
    """The words of a text in order, as they are written."""
    return _WORD.findall(text)


def clip(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words, with an ellipsis when something was cut."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    head, _, _ = cut.rpartition(" ")
    return (head if len(head) > limit // 2 else cut).rstrip(" ,;:–-") + "…"
