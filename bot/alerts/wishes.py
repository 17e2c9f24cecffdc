"""Reads a plain English sentence as a filter text, by fixed patterns, for a person to confirm. Pure.

tell me about missile tests in North Korea but not sports  ->  missile tests "north korea" -sports
"""

import re

from bot.text import fold, squash

_EXCLUSION = re.compile(
    r"\b(?:but not|and not|but no|but without|except(?:ing)?(?: for)?|excluding|other than|apart from"
    r"|without|not about|and never|unless it(?: i|')s(?: about)?|not)\b",
    re.IGNORECASE,
)
_PIECE = re.compile(
    r'(?P<exact>[-−]?(?:"[^"]+"|“[^“”]+”|«[^«»]+»)|[-−]?topic:[\w-]+)|(?P<word>[^\s,;:"“”«»()|!?]+)|(?P<comma>[,;|])'
)
_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_POLITE = _set("please pls plz thanks thank you thx ok okay hi hello hey bot")
# What a request opens with, dropped from its start only: "show" or "follow" may be a subject further on.
_OPENING = _POLITE | _set("""
    wake let's
    i i'm i'd im id we we'd can could would will let do don't may want wants like love need wish am are
    is be interested care curious only just also mostly to know hear read see get receive learn find
    follow track watch monitor subscribe look looking search for tell told send give show notify
    notified alert alerted inform informed update updated keep ping warn warned me us my up posted date
    about of on in regarding concerning around related when whenever if once something anything
    everything any all every each some more latest recent breaking current today's what what's whats who
    where how why happening happens goes going there there's with that this which it it's news newest
    stories story articles article updates headlines headline reports report information info coverage
    alerts notifications topic topics subject things stuff a an the
""")
_CLOSING = _POLITE | _set("""
    news stories story articles updates headlines coverage alerts information info stuff things happens
    happen happening today now only too also as well in particular especially
""")
# Words between subjects: they end a group of words, and are no part of a subject.
_BETWEEN = _set("""
    a an the in at of on for to from with by about into over near between against during after before
    and is are was were be been being has have had do does did there their its his her my our your this
    that these those any all some anything everything something latest which who when where if it also
    then than as regarding concerning involving related including like such & + plus
""")
_OR = "or"


# An English plural, as far as its ending tells: not "gas", "virus", "crisis", "glass", "news", "boxes".
_PLURAL = re.compile(
    r"(?!(?:news|series|species|olympics|politics|physics|texas)$)(?!.*(?:[sxz]|[cs]h)es$)"
    r"[a-z]{3,}(?:[^aiousxz]|[ao]|e)s"
)


_REFUSAL = re.compile(
    r"(?:please |ok |okay )?(?:i (?:do not|don't|dont) (?:want|need|like|care)"
    r"|(?:do not|don't|dont) (?:send|tell|show|write)|no more|no thanks?|not interested|stop|unsubscribe"
    r"|unfollow|(?:delete|remove|cancel|clear|pause|mute) (?:my|all|the|every|this|that)|leave me|shut up"
    r"|quiet|enough)\b"
)


def refuses(sentence: str) -> bool:
    """Whether the sentence asks for less: the opposite of a wish, and never to be taken for one."""
    return _REFUSAL.match(fold(squash(sentence))) is not None


def propose(sentence: str) -> str:
    """A filter text for what a sentence asks for; empty when nothing remains of it.

    Neighbouring capitalised words become a phrase; so do groups of words beside "or" or after "but not".
    The text is not promised to be a valid filter.
    """
    asked, *unwanted = _EXCLUSION.split(_SENTENCE_END.sub(" ", squash(sentence)))
    wanted = [_joined(run) for run in _runs(_groups(_core(asked)))]
    excluded = [
        _minus(_as_one(group)) for part in unwanted for group in _groups(_core(part)) if group != [_OR]
    ]
    return " ".join(filter(None, dict.fromkeys((*wanted, *excluded))))


def _core(part: str) -> list[str]:
    """The pieces of a part of the sentence, without its opening and closing courtesies."""
    pieces = [match[0] for match in _PIECE.finditer(part)]
    while pieces and fold(pieces[0]) in _OPENING | {","} and not _is_name(pieces[0]):
        del pieces[0]
    while pieces and fold(pieces[-1]) in _CLOSING | {","} and not _is_name(pieces[-1]):
        del pieces[-1]
    return pieces


def _groups(pieces: list[str]) -> list[list[str]]:
    """Runs of words with nothing between them; "or" stands as a group of its own.

    A comma means "or" where the sentence says "or" further on, as in "Iran, Iraq or Syria".
    """
    groups: list[list[str]] = [[]]
    for at, piece in enumerate(pieces):
        folded = fold(piece)
        if folded == _OR or (piece in ",;|" and _OR in map(fold, pieces[at:])):
            groups += [[_OR], []]
        elif piece in ",;|" or (folded in _BETWEEN and not _is_name(piece)):
            groups.append([])
        elif _stands_alone(piece):
            groups += [[piece], []]
        else:
            groups[-1].append(piece.strip("-−'’"))
    return [kept for group in groups if (kept := [piece for piece in group if piece])]


def _stands_alone(piece: str) -> bool:
    return ":" in piece or any(quote in piece for quote in '"“«')


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
        return " OR ".join(dict.fromkeys(_either_number(_as_one(group)) for group in run))
    (group,) = run
    return " ".join(_either_number(term) for term in _with_names(group))


def _either_number(term: str) -> str:
    """A plural word, or its singular: whoever asks for "earthquakes" wants to hear of one, too."""
    if not _PLURAL.fullmatch(term):
        return term
    return f"{term} OR {term[:-3]}y" if term.endswith("ies") else f"{term} OR {term[:-1]}"


def _with_names(group: list[str]) -> list[str]:
    """The words of a group, neighbouring capitalised words ("North Korea") as one phrase."""
    terms: list[list[str]] = []
    for at, word in enumerate(group):
        if at and word[0].isupper() and group[at - 1][0].isupper():
            terms[-1].append(word)
        else:
            terms.append([word])
    return [_as_one(term) for term in terms]


def _as_one(words: list[str]) -> str:
    if len(words) == 1 and (_stands_alone(words[0]) or _is_name(words[0])):
        return words[0]
    text = " ".join(word if _is_name(word) else word.lower() for word in words)
    return f'"{text}"' if len(words) > 1 else text


def _minus(term: str) -> str:
    return term if term.startswith(("-", "−")) else f"-{term}"
