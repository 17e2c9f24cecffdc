"""A sentence made to stand alone: cuts, and names in the place of "he" where the article proves them. Pure.

Whom a pronoun means is only said where nobody else can be meant: one person, named shortly before, and since
then no other name, no "man" or "officer" without one, and no pronoun of the other kind. In doubt the sentence
is not used (precision before recall, as in Baldwin, "CogNIAC: high precision coreference with limited
knowledge and linguistic resources", 1997).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.digests.compose import dangles, personal
from bot.digests.leaning import leans
from bot.digests.named import SOMEBODY, TITLES, Name, names, same
from bot.digests.reference import points_away
from bot.digests.trims import trimmed, without_tail
from bot.sentences import Sentence

_NEAR = 3  # sentences back in which somebody must have been named
_QUOTED = re.compile(r"[“\"„«][^“”\"„«»]*[”\"“»]")
_PRONOUN = re.compile(r"\b(?:he|she|his|hers?|him|himself|herself)\b", re.IGNORECASE)
# "Her company", "told him", "he said": what a name can stand for. "hers" and "gave her" it cannot.
_REPLACED = re.compile(
    r"\b(?P<subject>[Hh]e|[Ss]he)\b(?![’'])|\b(?P<own>[Hh]is|^Her)\b(?= [\w“\"])|\b(?P<object>him)\b"
)
_HER = re.compile(r"\b(?:she|hers?|herself)\b", re.IGNORECASE)
_SPEAKER_IT = re.compile(
    r"^(?P<it>It|The (?:company|firm|start-?up|carmaker|chipmaker|airline|retailer|tech giant|automaker"
    r"|lender))"
    r"(?P<own>[’']s(?= [a-z]))?"
    r"(?= (?:also |now |recently |currently |later |has |had |will |plans |is |was )?"
    r"(?:said|says|announced|added|told|plans|plan|expects|launched|unveiled|released|reported|posted|raised"
    r"|employs|operates|filed|sells|sold|makes|bought|acquired|declined|confirmed|denied|intends|hopes|aims"
    r"|launching|planning|working|expanding|investing|invested|opened|owns|valued|founded|offers|introduced"
    r"|hired|laid|cut|acquire|launch|release|offer|open|build|built|published|generated|earned|lost"
    r"|agreed)\b)"
)
_OWN_COMPANY = re.compile(
    r"^(?P<it>The (?:company|firm|start-?up|carmaker|chipmaker|airline|retailer))(?P<own>[’']s)(?= [a-z])"
)
_RIVAL_COMPANY = re.compile(
    r"\b(?:an?|another|rival|other|its|their|the) (?:[\w’'-]+ ){0,3}?(?:compan(?:y|ies)|firms?"
    r"|start-?ups?|rivals?|competitors?"
    r"|agency|agencies|bank|regulator|government|court|ministry|university|team|group|council"
    r"|commission)(?![\w-])",
    re.IGNORECASE,
)
# What may stand before a sentence's subject: "Indian AI company", "Chipmaker".
_LEADS = re.compile(
    r"(?:(?:The )?(?:[\w-]+ ){0,4}(?:company|start-?up|firm|giant|\w*[Mm]aker|airline|retailer|unicorn"
    r"|lab) )?"
)
_BEFORE_SURNAME = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Mx|Miss|Dr|Prof|Herr|Frau|Mme|Señora?|Sra?)\.? )$")
_OTHER_TITLE = re.compile(r"\b([A-ZÀ-Þ][\w-]+)\.? $")


_SAYS_AFTER = re.compile(
    r"(?:,[^,]{3,60},)? (?:said|says|told|added|wrote|argued|argues|explained|noted|warned|recalled|joked)\b"
)
_SAYS_BEFORE = re.compile(r"\b(?:said|says|added|according to|told) $")
_LONGEST_NAME = 3  # words, where only speaking proves that it is a person's


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence as printed, the names of its edits, and the sentences that prove its new words."""

    text: str
    edits: tuple[str, ...] = ()
    proofs: tuple[Sentence, ...] = ()


def standalone(
    sentence: Sentence, before: Sequence[Sentence], *, headline: str = "", given: str = ""
) -> Shown | None:
    """The sentence as it can be printed away from its neighbours; None when it cannot.

    `before` are the sentences of its article that stand before it, in order; `headline` is the digest's own,
    and `given` what the digest says before this sentence: a name that stands there needs not be in full.
    """
    text, cuts = trimmed(sentence.text, opens=not before)
    shown = Shown(text, cuts)
    shown = _with_person(shown, before) or shown
    shown = _with_company(shown, before, headline) or shown
    shown = _in_full(shown, before, f"{headline} {given}")
    if _stands(shown, headline):
        return shown
    plain = Shown(without_tail(shown.text), (*shown.edits, "attribution"), shown.proofs)
    return plain if plain.text != shown.text and _stands(plain, headline) else None


def _stands(shown: Shown, headline: str) -> bool:
    text = shown.text
    # A name of one word at the front passes for any capitalised opener: here it is known to be a name.
    named = shown.edits and shown.edits[-1].partition(" → ")[2]
    if named and " " not in named and text.startswith(named):
        text = f"The {text}"
    if dangles(shown.text) or leans(shown.text) or personal(shown.text):
        return False
    return not points_away(text, headline=headline)


def _with_person(shown: Shown, before: Sequence[Sentence]) -> Shown | None:
    """The sentence with its first "he" or "she" named; None where nobody is proven."""
    spoken = _spoken(shown.text)
    first = _PRONOUN.search(spoken)
    if first is None or any(not _place(name) for name in names(shown.text) if name.start < first.start()):
        return None
    found = _REPLACED.match(spoken, first.start())
    own = names(shown.text)
    if found is None or any(name.person for name in own) or SOMEBODY.search(spoken[: first.start()]):
        return None
    proven = _person(before, she=bool(_HER.match(first[0])))
    if proven is None:
        return None
    name, proofs = proven
    if any(same(name, other.text) for other in own):
        return None
    return _put(shown, found.start(), found.end(), f"{name}’s" if found["own"] else name, proofs)


def _person(before: Sequence[Sentence], *, she: bool) -> tuple[str, tuple[Sentence, ...]] | None:
    """The full name of the one person that "he" or "she" can mean here, and the sentences that prove it."""
    for back, sentence in enumerate(reversed(before[-_NEAR:]), 1):
        spoken = _spoken(sentence.text)
        found = [name for name in names(sentence.text) if not _place(name)]
        if not found:
            other = _PRONOUN.search(spoken)
            if SOMEBODY.search(spoken) or (other and bool(_HER.match(other[0])) != she):
                return None
            continue
        return _only_one(found, spoken, before[: len(before) - back], sentence, she=she)
    return None


def _only_one(
    found: Sequence[Name], spoken: str, earlier: Sequence[Sentence], sentence: Sentence, *, she: bool
) -> tuple[str, tuple[Sentence, ...]] | None:
    """The person whom a sentence with these names is about, if there is exactly one and nobody else."""
    full = [(name, one) for one in (*earlier, sentence) for name in names(one.text) if name.person]
    whole = [(name, one) for name, one in full if " " in name.text]
    people = [(name, one) for name, one in whole if any(same(name.text, other.text) for other in found)]
    spelled = {name.text for name, _ in people}
    if len(spelled) != 1:
        return None
    named, proof = people[-1]
    if any(name.she is not None and name.she != she for name, _ in full if same(name.text, named.text)):
        return None
    # Nobody else in that sentence: no other name that could be a person, nobody without a name.
    others = [name for name in found if not same(name.text, named.text) and _could_be_a_person(name, earlier)]
    if others or _somebody_else(spoken, named.text):
        return None
    # The only person of the article so far, or the one whom that sentence is about.
    alone = all(same(name.text, named.text) for name, _ in whole)
    if not alone and not _is_subject(spoken, found, named):
        return None
    return named.text, (proof,) if proof is sentence else (proof, sentence)


def _could_be_a_person(name: Name, earlier: Sequence[Sentence]) -> bool:
    if name.company:
        return False
    if name.person:
        return True
    if " " not in name.text:  # a surname that was somebody's before
        return any(
            other.person and same(other.text, name.text) for one in earlier for other in names(one.text)
        )
    return len(name.text.split()) in {2, 3} and not any(c.isdigit() for c in name.text)


def _somebody_else(spoken: str, name: str) -> bool:
    """Whether the sentence has a "man" or an "officer" who is not said to be the one named."""
    for found in SOMEBODY.finditer(spoken):
        around = spoken[max(0, found.start() - len(name) - 3) : found.end() + len(name) + 3]
        if name not in around:
            return True
    return False


def _is_subject(spoken: str, found: Sequence[Name], named: Name) -> bool:
    first = found[0]
    titles = spoken[: first.start].split()
    return same(first.text, named.text) and all(word.strip(".,") in TITLES for word in titles)


def _with_company(shown: Shown, before: Sequence[Sentence], headline: str) -> Shown | None:
    """The sentence with "The company" at its front named; None where no company is proven."""
    found = _SPEAKER_IT.match(shown.text) or _OWN_COMPANY.match(shown.text)
    if found is None or not before:
        return None
    proven = _company(before, headline)
    if proven is None or any(same(proven[0], name.text) for name in names(shown.text)):
        return None
    name, proofs = proven
    return _put(shown, 0, found.end(), f"{name}’s" if found["own"] else name, proofs)


def _company(before: Sequence[Sentence], headline: str) -> tuple[str, tuple[Sentence, ...]] | None:
    """The one company that the sentences just before are about, and the sentences that prove it."""
    others = False
    for sentence in reversed(before[-_NEAR:]):
        spoken = _spoken(sentence.text)
        found = [name for name in names(sentence.text) if not name.person]
        subject = found[0] if found and _LEADS.fullmatch(spoken[: found[0].start]) else None
        rest = found if subject is None else [n for n in found[1:] if not same(n.text, subject.text)]
        others = others or bool(rest)
        if subject is not None:
            return _proven_company(subject.text, before, sentence, alone=not others, headline=headline)
        if not _SPEAKER_IT.match(sentence.text) or _RIVAL_COMPANY.search(spoken):
            return None
    return None


def _proven_company(
    name: str, before: Sequence[Sentence], subject_of: Sentence, *, alone: bool, headline: str
) -> tuple[str, tuple[Sentence, ...]] | None:
    """That company, if the article calls it one and no other is spoken of, or it alone is in the headline."""
    if _RIVAL_COMPANY.search(_spoken(subject_of.text).partition(name)[2]):
        return None
    if not alone:
        headed = [one for one in names(headline) if not one.person]
        if not headed or any(not same(one.text, name) for one in headed) or headline.istitle():
            return None
    for one in before:
        if any(found.company and found.text == name for found in names(one.text)):
            return name, (one,) if one is subject_of else (one, subject_of)
    return None


def _in_full(shown: Shown, before: Sequence[Sentence], given: str) -> Shown:
    """The sentence with a surname at its first mention made the full name, where the article proves it."""
    own = names(shown.text)
    for name in own:
        if " " in name.text or (
            name.text in given and re.search(rf"(?<!\w){re.escape(name.text)}(?!\w)", given)
        ):
            continue
        if any(
            " " in other.text and same(other.text, name.text) for other in own if other.start < name.start
        ):
            continue
        start = name.start
        title = _BEFORE_SURNAME.search(shown.text[:start])
        start = title.start() if title else start
        if not title and _OTHER_TITLE.search(shown.text[:start]):
            continue  # "President Roe" is how the article calls her, and a name enough
        proven = _full(name, before, speaks=_speaks(shown.text, start, name.end))
        if proven is not None:
            return _put(shown, start, name.end, proven[0].text, (proven[1],))
    return shown


def _full(name: Name, before: Sequence[Sentence], *, speaks: bool) -> tuple[Name, Sentence] | None:
    """The one name in full that ends in this one, and where it stands; None where there is none, or two.

    It must be a person's by what stands beside it, or the sentence must let the bearer speak (`speaks`).
    """
    held = [
        (full, one)
        for one in before
        if name.text in one.text
        for full in names(one.text)
        if " " in full.text and name.text in full.text.split()
    ]
    if not held or len({full.text for full, _ in held}) != 1 or held[0][0].last != name.text:
        return None  # a company's too, a place's, or a brother's
    proven = [(full, one) for full, one in held if full.person]
    full, proof = (proven or held)[-1]
    if not proven and not (speaks and len(full.text.split()) <= _LONGEST_NAME and not full.company):
        return None
    return None if full.she is not None and name.she is not None and full.she != name.she else (full, proof)


def _speaks(text: str, start: int, end: int) -> bool:
    return bool(_SAYS_AFTER.match(text, end) or _SAYS_BEFORE.search(text[:start]))


def _place(name: Name) -> bool:
    """Whether the name is only a word that cannot be a person or a company: an abbreviation of a country."""
    return len(name.text) == 1


def _put(shown: Shown, start: int, end: int, name: str, proofs: tuple[Sentence, ...]) -> Shown:
    before = shown.text[start:end]
    known = tuple(one for one in proofs if one not in shown.proofs)
    return Shown(
        shown.text[:start] + name + shown.text[end:],
        (*shown.edits, f"{before} → {name}"),
        (*shown.proofs, *known),
    )


def _spoken(text: str) -> str:
    """The text with its quotations blanked out, every character in its place."""
    return _QUOTED.sub(lambda found: "…" * len(found[0]), text)
