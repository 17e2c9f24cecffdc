"""Reads a plain English sentence as a filter text, by fixed patterns, for a person to confirm. Pure.

tell me about missile tests in North Korea but not sports  ->  missile tests "north korea" -sports
"""

import re

from bot.text import fold, squash, words

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


_NOT = r"(?:do not|don['’]?t|never)"
_COURTESY = r"(?:(?:please|pls|plz|ok|okay|hey|hi|hello|sorry|bot|oh|now)[\s,.!]+)*"
# "I don't want to miss anything about …" asks for everything.
_MISS_NOTHING = re.compile(
    rf"^{_COURTESY}(?:(?:i|we) )?(?:{_NOT}|can(?:['’]t|not)|wouldn['’]t|would not)"
    r" (?:(?:want|like|let me|afford|make me) )?(?:to )?miss\b(?: out)?(?: on)?",
    re.IGNORECASE,
)
_WRITE = "send|tell|show|write|message|text|bother|alert|notify|spam|ping"
_WRITING = "sending|telling|showing|writing|messaging|texting|bothering|alerting|notifying|spamming|pinging"
# These turn down whatever follows: nobody words a subject of the news like this.
_NO_WISH = re.compile(
    rf"{_COURTESY}(?:(?:i|we) {_NOT} (?:want|need|like|care|wish)"
    rf"|{_NOT} (?:{_WRITE}) (?:to )?(?:me|us|anything|this|that|it|any)"
    rf"|(?:stop|quit) (?:{_WRITING})(?:$| (?:to )?(?:me|us|this|that|it|these|those|so)\b)"
    r"|(?:i'm |i am |im )?not interested|unsubscribe|unfollow|leave (?:me|us) alone|shut up$"
    r"|no,? thank(?:s| you)\b)"
)
# These do so only before the bot's own things, or nothing: "stop the boats" and "no more tariffs" are news.
_LESS = re.compile(
    rf"{_COURTESY}(?:i(?:'ve| have) had )?(?:stop|quit|no more|enough|quiet|silence|mute|pause|cancel|clear"
    r"|delete|remove|drop|turn off|switch off|disable)\b(?P<rest>.*)"
)
_OWN = _POLITE | _set("""
    alert alerts message messages notification notifications update updates digest digests filter filters
    news story stories subscription subscriptions reminder reminders topic topics
    this that these those it its everything anything all any every each them
""")
_AROUND = _set("""
    a an the my our your of with from about for to at me us i we have had now already right here again
    completely forever today tonight immediately off so many much more bot you
""")


def refuses(sentence: str) -> bool:
    """Whether the sentence asks the bot for less: the opposite of a wish, and never to be taken for one."""
    said = fold(squash(sentence))
    if _MISS_NOTHING.match(said):
        return False
    if _NO_WISH.match(said):
        return True
    less = _LESS.match(said)
    return less is not None and _is_own(words(less["rest"]))


def _is_own(rest: list[str]) -> bool:
    """Whether words after "stop" or "no more" are about the bot: all of them, or the thing they end with."""
    if all(word in _OWN | _AROUND for word in rest):
        return True
    while rest[-1] in _POLITE | _AROUND:
        rest = rest[:-1]
    return rest[-1] in _OWN - _POLITE and rest[-2:] != ["fake", "news"]


def propose(sentence: str) -> str:
    """A filter text for what a sentence asks for; empty when nothing remains of it.

    Neighbouring capitalised words become a phrase; so do groups of words beside "or" or after "but not".
    The text is not promised to be a valid filter.
    """
    wish = _MISS_NOTHING.sub("", _SENTENCE_END.sub(" ", squash(sentence)))
    asked, *unwanted = _EXCLUSION.split(wish)
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
