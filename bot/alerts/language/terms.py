"""What one word or quotation of a typed filter asks for. Pure."""

import re

from bot.alerts.language.names import code_of
from bot.alerts.language.pieces import FilterError, Kind, Piece
from bot.alerts.rule import About, Form, FromSource, InLanguage, InTopic, Near, Phrase, Term, Word
from bot.alerts.words import MOST_WITHIN
from bot.text import Token, fold, in_capitals, squash, tokens

ABOUT_LEAST = 45
"""How near a story's meaning has to be to that of about:"...", in hundredths, where no ~ says it."""
LEAST_LEAST, MOST_LEAST = 20, 95
_MOST_NEAR = 6  # words of one "..."~n; with more, which token is whose can take long to find out
_SHORTEST_PREFIX = 2
_LONG_NUMBER = 4  # digits that no limit here has

# Short names that are also everyday words of a language we poll: "join us", "un attentat", "ai ministri".
_EVERYDAY = "act ai apt car eu ice ira is it led ms nice pm sec un ups us who"
NAMES_IN_CAPITALS = frozenset(_EVERYDAY.split())
"""Words that ask for capitals in the story when they are typed in capitals."""

_TOPIC = re.compile(r"[a-z0-9_-]+")
# A host of two labels or more with a path, after its scheme and "www." are gone.
_ADDRESS = re.compile(r"(?:[\w-]+\.)+[^\W\d_][\w-]*(?:/[\w./~%+@&:=-]*)?")
_BEFORE_HOST = re.compile(r"(?:[a-z]+://)?(?:www\.|\*?\.)?")
_TILDE = re.compile(r"(.+)~(\w*)")
_QUOTES = re.compile(r"[\"“”„‟＂«»]+")


def read_term(piece: Piece, field: str) -> Term:
    """What a WORD or QUOTED piece asks for within a field; empty for none. Raises FilterError."""
    piece = _without_tilde(piece)
    if piece.tilde is not None and not (field == "about" or (field in {"", "title"} and _is_quoted(piece))):
        raise FilterError('~ is understood after quotation marks only, as in "korea missile"~5', piece.at)
    match field:
        case "topic":
            return _topic(piece)
        case "source":
            return _source(piece)
        case "lang":
            return _language(piece)
        case "about":
            return _about(piece)
        case _ if piece.tilde is not None:
            return _near(piece, title=field == "title")
        case _:
            return _phrase(piece, title=field == "title")


def read_words(text: str, *, exact: bool, at: int = 0) -> tuple[Word, ...]:
    """The words of a text, `exact` or in any form; a star after one makes it a prefix. Raises FilterError."""
    return _words(text, tokens(text), exact=exact, at=at)


def _words(text: str, found: list[Token], *, exact: bool, at: int) -> tuple[Word, ...]:
    if "*" in text:
        _check_stars(text, found, at)
    return tuple(Word(token.term, _form(text, token, exact=exact, at=at)) for token in found)


def _check_stars(text: str, found: list[Token], at: int) -> None:
    ends, starts = {token.end for token in found}, {token.start for token in found}
    if any(one == "*" and (i not in ends or i + 1 in starts) for i, one in enumerate(text)):
        raise FilterError("a star is understood at the end of a word only, as in climat*", at)


def _form(text: str, token: Token, *, exact: bool, at: int) -> Form:
    if text.startswith("*", token.end) and _can_go_on(token.term):
        if len(token.term) < _SHORTEST_PREFIX:
            raise FilterError("a star needs two letters before it, or more", at)
        return Form.PREFIX
    after_dollar = text[: token.start].endswith("$")
    if in_capitals(text, token) and (after_dollar or token.term in NAMES_IN_CAPITALS):
        return Form.CAPITALS
    return Form.EXACT if exact else Form.INFLECTED


def _can_go_on(term: str) -> bool:
    # Not a Chinese character, whose word goes on in the next token anyway, and not "c++".
    return len(tokens(f"{term}a")) == 1


def _is_quoted(piece: Piece) -> bool:
    return piece.kind is Kind.QUOTED


def _without_tilde(piece: Piece) -> Piece:
    match = None if _is_quoted(piece) else _TILDE.fullmatch(piece.text)
    return piece if match is None else Piece(piece.kind, piece.at, match[1], piece.field, match[2])


def _phrase(piece: Piece, *, title: bool) -> Phrase:
    found = tokens(piece.text)
    exact = _is_quoted(piece) or piece.text.startswith("=")
    words = _words(piece.text, found, exact=exact, at=piece.at)
    if not words:
        raise FilterError(_nothing_in(piece), piece.at)
    return Phrase(words, title, _spelling(piece.text, found))


def _near(piece: Piece, *, title: bool) -> Near:
    found = tokens(piece.text)
    words = _words(piece.text, found, exact=False, at=piece.at)
    within = _number(piece.tilde)
    if not 1 <= within <= MOST_WITHIN:
        raise FilterError(f"after ~ stands how many words may be between: 1 to {MOST_WITHIN}", piece.at)
    if not 1 < len(words) <= _MOST_NEAR:
        raise FilterError(
            f"~ takes two words or more, and at most {_MOST_NEAR}, in the quotation marks", piece.at
        )
    return Near(tuple(sorted(words)), within, title, _spelling(piece.text, found))


def _topic(piece: Piece) -> InTopic:
    typed = fold(piece.text.strip())
    # "Artificial intelligence" is a name, which whoever knows the topics can find by this.
    name = typed if _TOPIC.fullmatch(typed) else "-".join(token.term for token in tokens(typed))
    if not _TOPIC.fullmatch(name):
        raise FilterError("name a topic right after topic: in plain letters, as in topic:science", piece.at)
    return InTopic(name)


def _source(piece: Piece) -> FromSource:
    address = _BEFORE_HOST.sub("", fold(piece.text.strip()), count=1).partition("?")[0].partition("#")[0]
    host, slash, path = address.rstrip("/").partition("/")
    address = host.partition(":")[0] + slash + path
    is_address = _ADDRESS.fullmatch(address) is not None
    found = tokens(piece.text)
    value = address if is_address else " ".join(token.term for token in found)
    if not value:
        raise FilterError(
            "name a source right after source: as in source:reuters or source:bbc.co.uk", piece.at
        )
    return FromSource(value, value if is_address else _spelling(piece.text, found))


def _language(piece: Piece) -> InLanguage:
    code = code_of(piece.text)
    if code is None:
        raise FilterError(
            "this language is not known: name it in English or by its code, as in lang:german or lang:de",
            piece.at,
        )
    return InLanguage(code)


def _about(piece: Piece) -> About:
    text = squash(_QUOTES.sub(" ", piece.text))
    if not tokens(text):
        raise FilterError(_nothing_in(piece), piece.at)
    least = ABOUT_LEAST if piece.tilde is None else _number(piece.tilde)
    if not LEAST_LEAST <= least <= MOST_LEAST:
        raise FilterError(f"after about:… and ~ stands a number from {LEAST_LEAST} to {MOST_LEAST}", piece.at)
    return About(text, least)


def _nothing_in(piece: Piece) -> str:
    return "there is no word between the quotation marks" if _is_quoted(piece) else "there is no word here"


def _number(typed: str | None) -> int:
    return int(typed) if typed and typed.isdecimal() and len(typed) < _LONG_NUMBER else -1


def _spelling(text: str, found: list[Token]) -> str:
    """How the tokens of a text are written, from the first to the last with its star."""
    start, end = found[0].start, found[-1].end
    start -= text[:start].endswith(("$", "#"))
    end += text.startswith("*", end)
    return squash(text[start:end])
