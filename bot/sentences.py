"""Where sentences begin and end in news text. Pure."""

import re
from dataclasses import dataclass


def word_set(listed: str) -> frozenset[str]:
    """The words of a list, as a set."""
    return frozenset(listed.split())


_CJK_CHARACTER = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]")
_LINE = re.compile(r"[^\r\n\x0b\x0c\x85\u2028\u2029]+")
_BULLET = re.compile(r"\s*(?:[-–—*•·▪◦‣●■►▶✔]+\s+|\d{1,2}\)\s+)+")
_STOP = re.compile(
    r"(?:[.!?…؟۔।]+[\"'”“’»›)\]]*(?=\s|$)|[。！？｡]+[\"'”’」』）)]*|(?<=[a-z]{3})\.(?=[A-Z][a-z]+\s))"
)
_NEXT_WORD = re.compile(r"[\s\"'“‘«„‹(\[¿¡]*([\w’'.\-]+)?")
_TOKEN_BEFORE = re.compile(r"\S+$")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]$")  # U.S, p.m, z.B, but not 1.5
# After these a dot is part of the word, whatever follows.
_TITLES = word_set(
    "mr mrs ms mx dr prof sen rep reps sens gov gen lt col sgt capt cpl maj adm cmdr rev hon pres st"
    " ste mt ft vs messrs supt insp det fr sr sra srta mme mlle mgr bzw ca evtl ggf sog inkl nr abs dipl"
    " bgm phil jur hl dgl fig vol approx pp cf viz esp"
)
# After these a dot ends the sentence only when a word follows that usually opens one.
_SHORT = word_set(
    "inc corp co ltd ave blvd bros jr plc llc etc al jan feb mar apr jun jul aug sep sept oct nov dec mon tue"
    " tues wed thu thurs fri sat sun dept univ assn mio mrd mill usw str okt dez cie av no nos ph.d ed md"
)
# Words of their own in small letters: "in the sun." ends, "Sun." need not.
_WORDS_TOO = frozenset({"sun", "sat", "wed", "mar", "no", "co", "art", "dec", "ed", "av"})
_OPENERS = word_set(
    "the a an it he she they we i you this that these those in on at for from with by but and or so if"
    " when while as after before since although though however meanwhile there here his her its their"
    " our my some many most all both one two what who how why where not no now then still also yet"
    " police officials shares another other such under der die das ein eine er sie es wir im am auf mit"
    " nach bei und aber doch auch wie wenn dies diese le la les un une il elle ils elles mais et en dans"
    " pour el los las una ella pero y con por según"
)
_MONTHS = word_set(
    "january february march april may june july august september october november december januar"
    " jänner februar märz mai juni juli oktober dezember jan feb mar apr jun jul aug sep sept oct okt"
    " nov dec dez jahrhundert"
)
_ZONES = word_set(
    "et est edt pt pst pdt ct cst cdt mt gmt utc bst cet cest ist jst aest on monday tuesday wednesday"
    " thursday friday saturday sunday eastern pacific central local"
)  # fmt: skip
_GERMAN_BEFORE_ORDINAL = word_set("am der den dem vom zum beim im des die das bis und ab seit dieser jeder")
_EXCLAIMING_NAMES = frozenset({"Yahoo!", "Jeopardy!", "Yum!", "Joomla!", "E!"})
_SPEECH_AFTER = re.compile(
    r"\s+(?:[A-Z][\w.'’-]+\s){1,4}(?:said|says|asked|asks|wrote|writes|told|added|tweeted"
    r"|posted|replied|shouted)\b"
    r"|\s+(?:sagte|fragte|schrieb|a déclaré|a demandé|dijo|preguntó)\b"
)
_QUOTE = re.compile(r"[\"“”„«»]")
_NEAR = 60  # characters before a stop that can tell what it means
_LONGEST_QUOTED = 600  # characters: beyond, a quotation that never closes must not swallow the article


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and where it stands: `text[start:end]` of its article, in paragraph number `paragraph`."""

    text: str
    start: int
    end: int
    paragraph: int


def split(text: str) -> list[Sentence]:
    """The sentences of a text, in order; a line break is always a border, bullets are left out.

    A quotation of several sentences stays in one piece with the words that name its speaker, up to 600
    characters, so that nobody is quoted by half. For each sentence `text[start:end] == sentence.text`.
    """
    found: list[Sentence] = []
    paragraph = 0
    for line in _LINE.finditer(text):
        bullet = _BULLET.match(line[0])
        start = line.start() + (bullet.end() if bullet else 0)
        pieces = _trimmed(text, start, line.end())
        if pieces is None:
            continue
        found += [
            Sentence(text[first:last], first, last, paragraph)
            for first, last in _spans(text, pieces[0], pieces[1])
        ]
        paragraph += 1
    return found


def word_count(text: str) -> int:
    """Words of a text; where a script writes no spaces, two characters count as one word."""
    unspaced = len(_CJK_CHARACTER.findall(text))
    return len(_CJK_CHARACTER.sub(" ", text).split()) + (unspaced + 1) // 2 if unspaced else len(text.split())


def _spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The spans of the sentences on one line."""
    line = text[start:end]
    spans: list[tuple[int, int]] = []
    first = 0
    for stop in _STOP.finditer(line):
        if stop.end() < len(line) and (
            not _ends_here(line, stop) or _inside_quotation(line, first, stop.end())
        ):
            continue
        span = _trimmed(text, start + first, start + stop.end())
        spans += [span] if span else []
        first = stop.end()
    rest = _trimmed(text, start + first, end)
    return spans + ([rest] if rest else [])


def _ends_here(line: str, stop: re.Match[str]) -> bool:
    """Whether the stop ends a sentence, judged by the words on both sides of it."""
    mark = stop[0]
    if mark[0] in "。！？｡":
        return True
    following = _NEXT_WORD.match(line, stop.end())
    word = (following[1] or "") if following else ""
    if word[:1].islower() and not re.match(r"[a-z][A-Z]", word):  # iPhone and eBay open sentences
        return False
    before = line[max(0, stop.start() - _NEAR) : stop.start()]
    token_before = _TOKEN_BEFORE.search(before)
    token = (token_before[0] if token_before else "").lstrip("\"'“‘«„([")
    if mark[-1] in '"”’»' and mark[0] in "?!":
        return not _SPEECH_AFTER.match(line, stop.end())
    if mark != ".":
        return f"{token}{mark}" not in _EXCLAIMING_NAMES
    if not line[stop.end() : stop.end() + 1].isspace():
        return word.lower() in _OPENERS
    return _dot_ends(token, word, before)


def _dot_ends(token: str, word: str, before: str) -> bool:
    """Whether a single dot between `token` and `word` ends a sentence."""
    low, next_low = token.lower(), word.lower().rstrip(".")
    opens = next_low in _OPENERS
    if token in _WORDS_TOO and not word[:1].isdigit():
        return True
    if low in _TITLES:
        return False
    if low in {"a.m", "p.m"}:
        return next_low not in _ZONES and not word[:1].isdigit()
    if low in {"no", "nos", "nr", "art"}:
        return not word[:1].isdigit()
    if low in _SHORT or _DOTTED.fullmatch(token) or (len(token) == 1 and token.isalpha()):
        return opens
    if token.isdigit() and len(token) <= 2:  # noqa: PLR2004
        words_before = before.split()
        ordinal = len(words_before) > 1 and words_before[-2].lower() in _GERMAN_BEFORE_ORDINAL
        return not (next_low in _MONTHS or ordinal or len(words_before) == 1)
    return True


def _inside_quotation(line: str, first: int, at: int) -> bool:
    """Whether a quotation opened in line[first:at] is still open there, and closes soon."""
    if at - first > _LONGEST_QUOTED:
        return False
    open_marks = _depth(line[first:at])
    rest = line[at : at + _LONGEST_QUOTED]
    return open_marks > 0 and bool(re.search(r"[\"”“»«]", rest))


def _depth(piece: str) -> int:
    """How many double quotation marks stand open at the end of the piece."""
    depth = 0
    straight = False
    german = "„" in piece
    for mark in _QUOTE.findall(piece):
        if mark == '"':
            straight = not straight
        elif mark in "„«" or (mark == "“" and not german):
            depth += 1
        else:
            depth = max(0, depth - 1)
    return depth + straight


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span without white space at its ends; None when nothing is left."""
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    return (start + left, start + right) if left < right else None
