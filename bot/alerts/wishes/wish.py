"""Whether a plain sentence asks for more or for less, and the filter that it may be asking for. Pure."""

import re
from collections.abc import Collection

from bot.alerts.language.parse import FilterError, parse
from bot.alerts.rule import Filter
from bot.alerts.wishes.sentences import COURTESY, MISS_NOTHING, NOT, POLITE, propose
from bot.text import fold, squash, words


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WRITE = "send|tell|show|write|message|text|bother|alert|notify|spam|ping"
_WRITING = "sending|telling|showing|writing|messaging|texting|bothering|alerting|notifying|spamming|pinging"
# These turn down whatever follows: nobody words a subject of the news like this.
_NO_WISH = re.compile(
    rf"{COURTESY}(?:(?:i|we) {NOT} (?:want|need|like|care|wish)"
    rf"|{NOT} (?:{_WRITE}) (?:to )?(?:me|us|anything|this|that|it|any)"
    rf"|(?:stop|quit) (?:{_WRITING})(?:$| (?:to )?(?:me|us|this|that|it|these|those|so)\b)"
    r"|(?:i'm |i am |im )?not interested|unsubscribe|unfollow|leave (?:me|us) alone|shut up$"
    r"|no,? thank(?:s| you)\b)"
)
# These do so only before the bot's own things, or nothing: "stop the boats" and "no more tariffs" are news.
_LESS = re.compile(
    rf"{COURTESY}(?:i(?:'ve| have) had )?(?:stop|quit|no more|enough|quiet|silence|mute|pause|cancel|clear"
    r"|delete|remove|drop|turn off|switch off|disable)\b(?P<rest>.*)"
)
_OWN = POLITE | _set("""
    alert alerts message messages notification notifications update updates digest digests filter filters
    news story stories subscription subscriptions reminder reminders topic topics
    this that these those it its everything anything all any every each them
""")
_AROUND = _set("""
    a an the my our your of with from about for to at me us i we have had now already right here again
    completely forever today tonight immediately off so many much more bot you
""")


def wish(text: str, *, outlets: Collection[str] = ()) -> tuple[str, Filter] | None:
    """A filter proposed for a plain sentence, as its text and read; None where nothing remains.

    A text that is a filter already is proposed as it stands. "From" one of the `outlets` asks for that
    source, as from one that everybody knows.
    """
    for proposed in propose(text, outlets=outlets):
        try:
            return proposed, parse(proposed)
        except FilterError:
            continue
    return None


def refuses(sentence: str) -> bool:
    """Whether the sentence asks the bot for less: the opposite of a wish, and never to be taken for one."""
    said = fold(squash(sentence))
    if MISS_NOTHING.match(said):
        return False
    if _NO_WISH.match(said):
        return True
    less = _LESS.match(said)
    return less is not None and _is_own(words(less["rest"]))


def _is_own(rest: list[str]) -> bool:
    """Whether words after "stop" or "no more" are about the bot: all of them, or the thing they end with."""
    if all(word in _OWN | _AROUND for word in rest):
        return True
    while rest[-1] in POLITE | _AROUND:
        rest = rest[:-1]
    return rest[-1] in _OWN - POLITE and rest[-2:] != ["fake", "news"]
