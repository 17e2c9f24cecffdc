"""Whether a page stands before the article instead of showing it: a payment, a consent, a proof. Pure."""

import re
from collections.abc import Iterable

from bot.articles.boilerplate import is_short
from bot.articles.likeness import size
from bot.articles.notices import WALL

# Titles that no article bears: the page asks for a proof of humanity or a consent, or says that it is none.
_CHECK = re.compile(
    r"^\W*(?:(?:just a moment|are you (?:a )?(?:human|robot)|robot check|human verification|security check"
    r"|one more step|(?:re)?captcha|consent|datenschutz|(?:ihre|deine) privatsphäre|zustimmung|einwilligung"
    r"|gestion des cookies|votre vie privée|(?:log|sign) ?in|anmelden|se connecter|not found"
    r"|(?:error )?(?:401|403|404|410|429|451|50[0234]))\W*$"
    r"|attention required|access (?:to this page has been )?denied|pardon our interruption"
    r"|verify(?:ing)? (?:you|that you) are|checking your browser|please (?:wait|verify|enable (?:cookies"
    r"|js|javascript))"
    r"|ddos[- ]guard|bot (?:check|verification)\W*$|request (?:blocked|unsuccessful)|you have been blocked"
    r"|unusual traffic (?:from|detected)|before you continue|we value your privacy|your privacy choices"
    r"|privacy (?:center|manager|settings)|cookie (?:consent|settings|notice)"
    r"|(?:error )?(?:401|403|404|410|429|451|50[0234]) ?\W? ?(?:not found|forbidden|error|gone"
    r"|unauthorized|service)"
    r"|page (?:not found|introuvable)|seite nicht gefunden|página no encontrada|service unavailable"
    r"|bad gateway)",
    re.IGNORECASE,
)
_PROOF = re.compile(
    r"\b(?:you are (?:a )?human|not a (?:ro)?bot|unusual (?:traffic|activity)|ray id|captcha"
    r"|enable javascript"
    r"|javascript (?:is (?:disabled|required)|and cookies)|disable (?:any |your )?ad ?block|ad ?blocker"
    r"|your browser (?:does not support|is (?:out of date|not supported)))",
    re.IGNORECASE,
)
_CHECK_WORDS = 200  # an article of this length is one, whatever its headline
_PROOF_WORDS = 80
_TEASER_WORDS = 120  # what is not for free and shorter than this is a teaser
_CUT_WORDS = 250
_CUT = re.compile(r"(?:…|\.\.\.|\[…\])\W*$")


def is_walled(*, title: str, text: str, free: bool | None, notices: Iterable[str]) -> bool:
    """Whether the text is what a page shows in front of its wall, so that the feed's summary says more.

    `free` is schema.org's word on it, None where the page is silent; `notices` are the page's short texts,
    which are looked at only where the text is short.
    """
    count = size(text)
    if count < _CHECK_WORDS and _CHECK.search(title):
        return True
    if count < _PROOF_WORDS and _PROOF.search(text):
        return True
    if count < _TEASER_WORDS and free is False:
        return True
    is_cut = count < _CUT_WORDS and bool(_CUT.search(text[-20:]))
    return (count < _TEASER_WORDS or is_cut) and any(_is_notice(line) for line in notices)


def _is_notice(line: str) -> bool:
    return is_short(line) and bool(WALL.search(line))
