"""A plain English sentence as filter texts, by fixed patterns, for a person to confirm. Pure.

tell me about missile tests in North Korea but not sports  ->  missile tests "north korea" -sports
"""

import re
from collections.abc import Collection, Iterator

from bot.alerts.language.pieces import FIELDS
from bot.alerts.wishes.asides import take_asides
from bot.text import fold, squash

_EXCLUSION = re.compile(
    r"\b(?:but not|and not|but no|but without|except(?:ing)?(?: for)?|excluding|other than|apart from"
    r"|without|not about|and never|unless it(?: i|')s(?: about)?|not(?! only\b| just\b))\b",
    re.IGNORECASE,
)
_FIELD = rf"[-−]?(?:{'|'.join(FIELDS)}):(?:\"[^\"]+\"|[^\s\"(),;]+)"
_PIECE = re.compile(
    rf"(?P<exact>{_FIELD}|[-−]?(?:\"[^\"]+\"|“[^“”]+”|«[^«»]+»))(?:~\d+)?"
    r"|(?P<word>[^\s,;:\"“”«»()|!?]+)|(?P<comma>[,;|])"
)
_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)")
# What only somebody who knows the filter language writes.
_OPERATOR = re.compile(rf"\bOR\b|\bNOT\b|\w\*|\"~\d|(?:^|\s)[-−=][\w\"(]|\b(?:{'|'.join(FIELDS)}):[\w\"(]|\|")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


POLITE = _set("please pls plz thanks thank you thx ok okay hi hello hey bot")
# What a request opens with, dropped from its start only: "show" or "follow" may be a subject further on.
_OPENING = POLITE | _set("""
    wake let's
    i i'm i'd im id we we'd can could would will let do don't may want wants like love need wish am are
    is be interested care curious only just also mostly to know hear read see get receive learn find
    follow track watch monitor subscribe look looking search for tell told send give show notify
    notified alert alerted inform informed update updated keep ping warn warned me us my up posted date
    about of on in regarding concerning around related when whenever if once something anything
    everything any all every each some more latest not recent breaking current today's what what's whats who
    where how why happening happens goes going there there's with that this which it it's news newest
    stories story articles article updates headlines headline reports report information info coverage
    alerts notifications topic topics subject things stuff a an the mentioning covering
""")
_CLOSING = POLITE | _set("""
    news stories story articles updates headlines coverage alerts information info stuff things happens
    happen happening today now only too also as well in particular especially
""")
# Words between subjects: they end a group of words, and are no part of a subject.
_BETWEEN = _set("""
    a an the in at of on for to from with by about into over near between against during after before
    and is are was were be been being has have had do does did there their its his her my our your this
    that these those any all some anything everything something latest which who when where if it also
    then than as regarding concerning involving related including like such but & + plus
""")
_ARTICLES = _set("a an the")
_OR = "or"
_LONGEST_LIST = 60  # words and commas that are looked through for its last joint
_MINUSES = "-−"
# "Bank of England", "House of Lords": what begins so is one name.
_HEADS = _set("""
    bank house university church ministry court city isle gulf strait cape horn league museum institute lord
    game call state
""")

NOT = r"(?:do not|don['’]?t|never)"
COURTESY = r"(?:(?:please|pls|plz|ok|okay|hey|hi|hello|sorry|bot|oh|now)[\s,.!]+)*"
MISS_NOTHING = re.compile(
    rf"^{COURTESY}(?:(?:i|we) )?(?:{NOT}|can(?:['’]t|not)|wouldn['’]t|would not)"
    r" (?:(?:want|like|let me|afford|make me) )?(?:to )?miss\b(?: out)?(?: on)?",
    re.IGNORECASE,
)
"""How a sentence begins that asks for everything: "I don't want to miss anything about ..."."""
_WHATS_NEW = re.compile(r"\bwhat(?:['’]?s| is) (?:new|up|on)\b(?: (?:with|in|at|about))?", re.IGNORECASE)


def propose(sentence: str, *, outlets: Collection[str] = ()) -> Iterator[str]:
    """Filter texts for what a sentence asks for, the best first; none when nothing remains of it.

    A sentence that is written in the filter language comes first, as it stands. Neighbouring capitalised
    words become a phrase; several words beside "or" or after "but not" keep together in brackets.
    `outlets` are names of sources beside those that everybody knows. The texts are not promised to be valid
    filters.
    """
    typed = squash(sentence)
    if _OPERATOR.search(typed) and not any(
        fold(piece) in _OPENING | _BETWEEN and not _is_name(piece) for piece in _pieces(typed)
    ):
        yield typed
    wish = _WHATS_NEW.sub(" ", MISS_NOTHING.sub("", _SENTENCE_END.sub(" ", typed)))
    asked, *unwanted = _EXCLUSION.split(wish)
    texts = [*_wanted(asked, outlets), *(text for part in unwanted for text in _excluded(part, outlets))]
    if texts:
        yield " ".join(dict.fromkeys(texts))


def _wanted(part: str, outlets: Collection[str]) -> Iterator[str]:
    asides = take_asides(part, outlets=outlets)
    subject = " ".join(_joined(run) for run in _runs(_groups(_core(asides.rest))))
    if subject:
        yield _in_headline(subject) if asides.headline else subject
    yield from filter(None, (" OR ".join(asides.sources), " OR ".join(asides.languages)))


def _excluded(part: str, outlets: Collection[str]) -> Iterator[str]:
    asides = take_asides(part, outlets=outlets)
    for group in _groups(_core(asides.rest)):
        if group != [_OR]:
            yield _minus(_together(group))
    yield from map(_minus, (*asides.sources, *asides.languages))


def _pieces(part: str) -> list[str]:
    return [match[0] for match in _PIECE.finditer(part)]


def _core(part: str) -> list[str]:
    """The pieces of a part of the sentence, without its opening and closing courtesies."""
    pieces = _pieces(part)
    while pieces and fold(pieces[0]) in _OPENING | {","} and not _is_name(pieces[0]):
        del pieces[0]
    while pieces and fold(pieces[-1]) in _CLOSING | {","} and not _is_name(pieces[-1]):
        del pieces[-1]
    return pieces


def _groups(pieces: list[str]) -> list[list[str]]:
    """Runs of words with nothing between them; "or" stands as a group of its own.

    In a list ("Iran, Iraq or Syria", "Spain, Portugal and Italy") commas mean "or", and so does its "and".
    """
    groups: list[list[str]] = [[]]
    listing = False  # inside a list of three or more
    for at, piece in enumerate(pieces):
        folded = fold(piece)
        listing = listing or (piece in ",;|" and _is_list(pieces[at : at + _LONGEST_LIST]))
        if folded == _OR or (listing and (piece in ",;|" or folded == "and")):
            groups += [[_OR], []]
            listing = listing and piece in ",;|"
        elif piece in ",;|" or (folded in _BETWEEN and not _is_name(piece)):
            joins_name = folded == "of" and _stands_in_name(pieces, at)
            groups += [] if joins_name else [[]]
            groups[-1] += [piece] * joins_name
        elif len(piece) > 1 and _stands_alone(piece):
            groups += [[piece], []]
        else:
            groups[-1].append(piece.strip("-−'’"))
    return [kept for group in groups if (kept := [piece for piece in group if piece])]


def _is_list(pieces: list[str]) -> bool:
    """Whether nothing but words and commas stands from this comma on to an "or" or an "and"."""
    for piece in pieces:
        folded = fold(piece)
        if folded in {_OR, "and"}:
            return True
        if folded in _BETWEEN - _ARTICLES and not _is_name(piece):
            return False
    return False


def _stands_in_name(pieces: list[str], at: int) -> bool:
    before, after = pieces[at - 1 : at], pieces[at + 1 : at + 2]
    return (
        bool(before and after)
        and fold(before[0]) in _HEADS
        and before[0][0].isupper()
        and after[0][0].isupper()
    )


def _stands_alone(piece: str) -> bool:
    return piece[0] in _MINUSES or ":" in piece or any(quote in piece for quote in '"“«')


def _is_name(piece: str) -> bool:
    return len(piece) > 1 and piece.isupper()  # WHO, IT


def _runs(groups: list[list[str]]) -> list[list[list[str]]]:
    """The groups, those joined by "or" put together."""
    runs: list[list[list[str]]] = []
    joins = False
    for group in groups:
        if group == [_OR]:
            joins = bool(runs)
        elif joins:
            runs[-1].append(group)
            joins = False
        else:
            runs.append([group])
    return runs


def _joined(run: list[list[str]]) -> str:
    if len(run) > 1:
        return " OR ".join(dict.fromkeys(map(_together, run)))
    return " ".join(_names(run[0]))


def _together(group: list[str]) -> str:
    """The terms of a group as one: in brackets where there are several."""
    terms = _names(group)
    return terms[0] if len(terms) == 1 else f"({' '.join(terms)})"


def _names(group: list[str]) -> list[str]:
    """The terms of a group, neighbouring capitalised words ("North Korea") as one phrase."""
    names: list[list[str]] = []
    for at, word in enumerate(group):
        if at and (
            word == "of" or (word[0].isupper() and (group[at - 1][0].isupper() or group[at - 1] == "of"))
        ):
            names[-1].append(word)
        else:
            names.append([word])
    return list(map(_as_one, names))


def _as_one(words: list[str]) -> str:
    if len(words) == 1 and (_stands_alone(words[0]) or _is_name(words[0])):
        return words[0]
    text = " ".join(word if _is_name(word) else word.lower() for word in words)
    return f'"{text}"' if len(words) > 1 else text


def _minus(term: str) -> str:
    return term if term[0] in _MINUSES else f"-{term}"


def _in_headline(subject: str) -> str:
    return f"title:({subject})" if " " in subject and not subject.startswith('"') else f"title:{subject}"
