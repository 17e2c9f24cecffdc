"""Whether names, numbers and dates stand in the passage that tells what the sentence tells of them. Pure."""

from collections.abc import Sequence

from bot.digests.generated.verify_sources import Passage, Sources
from bot.digests.generated.verify_text import Fact, FactKind, Said, bounds_agree
from bot.facts import Kind, Number, same_day
from bot.sentences import word_set

_NEAR = 3  # telling words on each side of a fact that say what it is about
_PRONOUNS = word_set("he she him his her hers they them their theirs it its who whose i we our")
_ROLES = word_set(
    "company firm studio group agency president minister director founder startup developer publisher court"
    " chief spokesperson spokeswoman spokesman analyst team actor author union bank giant maker retailer"
)
_GAP = 3  # words from one part of a name to the next
_BACK = 3  # sentences before a passage in which its "he" may be named
_BY_ITSELF = frozenset({Kind.MONEY, Kind.SHARE, Kind.MEASURE})
_ROUNDED = _BY_ITSELF | {Kind.COUNT}


def wrong_fact(sentence: Said, group: Sequence[Passage], sources: Sources) -> str | None:
    """The first fact of the sentence that its passages do not tell of what stands around it."""
    for fact in sentence.facts:
        owners = _owners(sentence, fact, group, sources)
        if not any(_holds(sentence, fact, owner, sources) for owner in owners):
            return f"{fact.kind} {fact.said}"
    return None


def same(fact: Fact, of: Said, known: Fact, other: Said) -> bool:
    """Whether two facts are one: the same name (or a part of it), an equal number, the same day."""
    if fact.kind is not known.kind:
        return False
    if fact.kind is FactKind.NUMBER:
        assert fact.number is not None
        assert known.number is not None
        return same_number(fact.number, known.number)
    if fact.kind is FactKind.DATE:
        assert fact.date is not None
        assert known.date is not None
        return same_day(fact.date, known.date)
    own, whole = set(of.stems_of(fact)), set(other.stems_of(known))
    return own <= whole or whole <= own


def same_number(own: Number, known: Number) -> bool:
    """Whether a number repeats a known one: its value (or that rounded), its unit, and its "at least"."""
    if own.kind is not known.kind and {own.kind, known.kind} & (_BY_ITSELF | {Kind.ORDINAL}):
        return False
    if own.kind in _BY_ITSELF and own.unit != known.unit:
        return False
    exact = own.value == known.value and own.high == known.high
    rounded = (
        own.kind in _ROUNDED
        and own.grain > known.grain
        and abs(own.value - known.value) * 20 <= abs(known.value)
    )
    return (exact or (rounded and abs(own.value - known.value) * 2 <= own.grain)) and bounds_agree(own, known)


def _owners(sentence: Said, fact: Fact, group: Sequence[Passage], sources: Sources) -> list[Passage]:
    """Those of the passages that best cover the words around the fact: it must stand in one of them."""
    if len(group) == 1:
        return list(group)
    around = frozenset(_around(sentence, fact))
    covers = [sum(map(sources.weight, around & passage.said.stems)) for passage in group]
    return [passage for passage, cover in zip(group, covers, strict=True) if cover >= max(covers) - 1e-9]


def _around(sentence: Said, fact: Fact) -> list[str]:
    """The telling words next to a fact that are no facts themselves; its own clause's where there are any."""
    inside = {at for other in sentence.facts for at in range(other.first, other.last)}
    words = sentence.words
    telling = [at for at, word in enumerate(words) if not word.light and at not in inside]
    clause = {words[at].clause for at in range(fact.first, fact.last)}
    own = [at for at in telling if words[at].clause in clause] or telling
    before = [at for at in own if at < fact.first][-_NEAR:]
    after = [at for at in own if at >= fact.last][:_NEAR]
    return [words[at].stem for at in before + after]


def _holds(sentence: Said, fact: Fact, owner: Passage, sources: Sources) -> bool:
    """Whether the passage has the fact, or has a pronoun in its place and has just named it."""
    equal = [known for known in owner.said.of(fact.kind) if same(fact, sentence, known, owner.said)]
    if fact.kind is FactKind.NUMBER and (label := _label(fact, sentence)):
        equal = [known for known in equal if _label(known, owner.said) == label]
    if equal:
        return fact.kind is not FactKind.NAME or _is_whole(sentence, fact, owner, sources)
    if fact.kind is not FactKind.NAME:
        return False
    return _stands(sentence, fact, owner.said) or _is_pronoun_for(sentence, fact, owner, sources)


def _label(number: Fact, said: Said) -> str | None:
    """The name that the number belongs to, where it stands right behind one: "Far Cry 2" is another game."""
    last = number.first - 1
    is_name = any(name.last - 1 == last for name in said.of(FactKind.NAME))
    quantity = number.number is not None and number.number.kind in _BY_ITSELF
    return said.words[last].stem if is_name and not quantity else None


def _stands(sentence: Said, fact: Fact, said: Said) -> bool:
    """Whether the name's words stand in this order in the text, however they are written there.

    A few others may stand between them: "Ann (Annie) O'Roe", "the Health (HELP) Committee".
    """
    wanted = sentence.stems_of(fact)
    places: dict[str, list[int]] = {}
    for at, word in enumerate(said.words):
        places.setdefault(word.stem, []).append(at)
    reached = set(places.get(wanted[0], ()))
    for stem in wanted[1:]:
        reached = {at for at in places.get(stem, ()) for here in reached if here < at <= here + _GAP}
    return bool(reached)


def _is_whole(sentence: Said, fact: Fact, owner: Passage, sources: Sources) -> bool:
    """Whether the name is the passage's, or the longer form of it that an article gives elsewhere."""
    own = sentence.stems_of(fact)
    if any(set(own) <= set(owner.said.stems_of(known)) for known in owner.said.of(FactKind.NAME)):
        return True
    return _stands(sentence, fact, owner.said) or any(
        _stands(sentence, fact, said)
        for said in (*(passage.said for passage in sources.passages), *sources.titles)
    )


def _is_pronoun_for(sentence: Said, fact: Fact, owner: Passage, sources: Sources) -> bool:
    """Whether the passage says "he" or "the company" and names nobody whom the sentence leaves out.

    The name must stand shortly before, or in the headline.
    """
    said = owner.said
    points = any(word.stem in _PRONOUNS | _ROLES for word in said.words)
    left_out = [
        known
        for known in said.of(FactKind.NAME)
        if not any(same(other, sentence, known, said) for other in sentence.of(FactKind.NAME))
        and not any(start <= said.words[known.first].start < end for start, end in said.quotes)
    ]
    if not points or left_out:
        return False
    before = [passage.said for passage in sources.near(owner, before=_BACK)]
    return any(_stands(sentence, fact, text) for text in (*before, sources.titles[owner.article]))
