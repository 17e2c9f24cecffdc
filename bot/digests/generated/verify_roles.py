"""Whether each name and number does what the source says it does, and not what its neighbour does. Pure.

No parser: a fact is known by the words on either side of it. In "A sued B", A is who stands before "sued"; a
passive turns its verb's sides round. Two facts have been exchanged when each fits the other's place in the
source better than its own.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from bot.digests.generated.verify_facts import same
from bot.digests.generated.verify_sources import Passage, Sources
from bot.digests.generated.verify_text import Fact, FactKind, Said

_WINDOW = 7  # words on each side
_LIGHT_WEIGHT = 0.35
_ACROSS = 0.6  # what is left of a word's weight beyond each comma
_ASIDES = 3  # clauses that may stand between a name and its verb
_MARGIN = 0.08  # by how much the other's places must fit better, for both together
_USURPED = 0.35  # the same for one

type_of_place = dict[tuple[int, str], float]


def misplaced(sentence: Said, passage: Passage, sources: Sources) -> str | None:
    """A fact of the sentence that stands where the source has another; None when all stand right."""
    for kind in FactKind:
        for one, other in combinations(sentence.of(kind), 2):
            if not same(one, sentence, other, sentence) and _exchanged(
                one, other, sentence, passage, sources
            ):
                return f"{one.said} and {other.said} have changed places"
        for fact in sentence.of(kind):
            if rival := _usurped(fact, sentence, passage, sources):
                return f"{fact.said} stands where the source has {rival.said}"
    return None


def _exchanged(one: Fact, other: Fact, sentence: Said, passage: Passage, sources: Sources) -> bool:
    """Whether each of two facts fits the other's place in the source better than its own."""
    said = passage.said
    first, second = _mentions(one, sentence, said), _mentions(other, sentence, said)
    if not (first and second):
        return False
    own = [_place(sentence, fact, [one, other], sources) for fact in (one, other)]
    known = [list(_places(said, mentions, [*first, *second], sources)) for mentions in (first, second)]
    straight = _fit(own[0], known[0]) + _fit(own[1], known[1])
    crossed = _fit(own[0], known[1]) + _fit(own[1], known[0])
    return crossed > straight + _MARGIN


def _usurped(fact: Fact, sentence: Said, passage: Passage, sources: Sources) -> Fact | None:
    """The fact of the source in whose place this one stands, though it is in the source elsewhere."""
    said = passage.said
    own = _mentions(fact, sentence, said)
    if not own:
        return None
    place = _place(sentence, fact, [fact], sources)
    straight = _fit(place, list(_places(said, own, own, sources)))
    for rival in said.of(fact.kind):
        places = list(_places(said, [rival], [rival], sources))
        if rival not in own and _fit(place, places) > straight + _USURPED:
            return rival
    return None


def _mentions(fact: Fact, sentence: Said, text: Said) -> list[Fact]:
    return [known for known in text.of(fact.kind) if same(fact, sentence, known, text)]


def _places(
    text: Said, mentions: Sequence[Fact], without: Sequence[Fact], sources: Sources
) -> Iterator[type_of_place]:
    """The places of the mentions: as they stand, and without the one to three clauses that follow each.

    In "Ann, who sells boats to Bo, left" it is Ann who left.
    """
    for mention in mentions:
        for aside in range(_ASIDES + 1):
            yield _place(text, mention, without, sources, aside=aside)


def _place(
    text: Said, mention: Fact, without: Sequence[Fact], sources: Sources, *, aside: int = 0
) -> type_of_place:
    """What stands around a mention, by side: the nearer, the rarer, and within its clause, the heavier.

    The `aside` clauses that follow it are left out.
    """
    left_out = {at for fact in without for at in range(fact.first, fact.last)}
    clause = text.words[mention.last - 1].clause
    place: type_of_place = defaultdict(float)
    for side, reach in ((-1, range(mention.first - 1, -1, -1)), (1, range(mention.last, len(text.words)))):
        distance = 0
        for at in reach:
            word = text.words[at]
            beyond = word.clause - clause
            if at in left_out or 0 < beyond <= aside:
                continue
            distance += 1
            if distance > _WINDOW:
                break
            crossed = abs(beyond) - (aside if beyond > 0 else 0)
            weight = _LIGHT_WEIGHT if word.light else sources.weight(word.stem)
            turned = -side if at in text.flipped else side
            place[turned, word.stem] += weight / distance * _ACROSS**crossed
    return place


def _fit(own: type_of_place, known: Sequence[type_of_place]) -> float:
    """How well the place fits the likest of the others: the cosine of what stands around, from 0 to 1."""
    return max((_cosine(own, other) for other in known), default=0.0)


def _cosine(a: type_of_place, b: type_of_place) -> float:
    both = sum(weight * b[key] for key, weight in a.items() if key in b)
    norm = math.sqrt(sum(w * w for w in a.values())) * math.sqrt(sum(w * w for w in b.values()))
    return both / norm if norm else 0.0
