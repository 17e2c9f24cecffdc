"""A follow-up or a correction as its reader gets it: what is new first, then what it was before. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.delivery.render import Message, Piece, bold, linked, pack, source_pieces
from bot.model import Change, ChangeKind, Digest
from bot.text import tokens

CORRECTIONS = frozenset({ChangeKind.CORRECTION, ChangeKind.WITHDRAWAL})
"""What everyone who had the alert must hear of, whatever they follow by now."""
_ABOUT_THE_STORY = frozenset({ChangeKind.SOURCES, ChangeKind.IMPORTANCE})
"""What is no sentence of a source's, and stands behind those that are."""
_MOST_NEW = 5
_MOST_SENTENCES = 3
# Of the words of a sentence, the part that one known sentence may hold before it is the same thing again.
_KNOWN = 0.6


def news(
    digest: Digest,
    changes: Sequence[Change],
    *,
    had: Digest | None = None,
    follows: bool = True,
    alone: bool = False,
) -> list[Message]:
    """What `changes` tell someone who had the story; no message when nothing is left to tell.

    `had` is the digest that the reader was sent last, `digest` that of now: of its sentences only those that
    add something are shown. `follows` says that a filter of theirs still meets the story: whoever follows it
    no more hears of corrections only. `alone` says that there is no alert to reply to, so that the headline
    must say what this is about.
    """
    told = merged(changes)
    corrections = [change for change in told if change.kind in CORRECTIONS]
    new = [change for change in told if change.kind not in CORRECTIONS][-_MOST_NEW:] if follows else []
    if any(change.kind != ChangeKind.IMPORTANCE for change in new):
        # The news itself says why it matters more.
        new = [change for change in new if change.kind != ChangeKind.IMPORTANCE]
    new.sort(key=lambda change: change.kind in _ABOUT_THE_STORY)
    pieces: list[Piece] = []
    for change in (*corrections, *new):
        pieces += _change(change, glue="\n\n" if pieces else "")
    if not pieces:
        return []
    if alone:
        pieces = [bold(digest.headline, glue=""), replace(pieces[0], glue="\n\n"), *pieces[1:]]
    if new:
        said = [text for change in told for text in (change.text, change.before) if text]
        known = [*said, digest.headline, *((had.headline, *had.sentences) if had is not None else ())]
        added = _added((*digest.need_to_know, *digest.differ), known)
        pieces += [Piece(sentence, glue=" " if n else "\n\n") for n, sentence in enumerate(added)]
    sources = source_pieces(digest)
    return pack([*pieces, *([replace(sources[0], glue="\n\n"), *sources[1:]] if sources else ())])


def merged(changes: Sequence[Change]) -> list[Change]:
    """The changes with none that a later one replaced: 3, then 5, then 9 is 9, and before it was 3.

    What came back to where it was is no change to someone who never saw it leave; what was corrected before
    they heard of it is simply new; and of a report that was withdrawn nothing is told but that.
    """
    kept: list[Change] = []
    for change in changes:
        earlier = next((one for one in kept if _replaced(one, by=change)), None)
        if earlier is not None:
            kept.remove(earlier)
            if earlier.before is not None and earlier.before == change.text:
                continue
            change = _instead(earlier, change)  # noqa: PLW2901
        if change.kind == ChangeKind.WITHDRAWAL and change.entry is not None:
            kept = [one for one in kept if one.entry != change.entry]
        if not any(one.kind == change.kind and one.text == change.text for one in kept):
            kept.append(change)
    return kept


def _replaced(earlier: Change, *, by: Change) -> bool:
    if by.kind == ChangeKind.IMPORTANCE:
        return earlier.kind == ChangeKind.IMPORTANCE
    if by.before is None or by.before != earlier.text:
        return False
    # Anybody may know more than was known; only the publisher itself takes its own words back.
    return by.kind not in CORRECTIONS or by.outlet == earlier.outlet


def _instead(earlier: Change, change: Change) -> Change:
    # What an outlet is said to have said before must be its own words; a fact's `before` may be another's.
    never_told = change.kind == ChangeKind.CORRECTION and earlier.kind not in CORRECTIONS
    return replace(change, kind=earlier.kind if never_told else change.kind, before=earlier.before)


def _change(change: Change, *, glue: str) -> list[Piece]:
    """One change: the label, whose word it is, the sentence, and what was known before."""
    glue_before = " " if change.kind in CORRECTIONS else "\n"
    before = [Piece(f"(before: {change.before})", "<i>", "</i>", glue_before)] if change.before else []
    match change.kind:
        case ChangeKind.CORRECTION:
            return [
                bold("Correction:", glue=glue),
                _outlet(change),
                Piece(f"now says: {change.text}"),
                *before,
            ]
        case ChangeKind.WITHDRAWAL:
            gone = Piece(f"has withdrawn this: {change.before or change.text}")
            word = [Piece(f"({change.text})", "<i>", "</i>")] if change.before else []
            return [bold("Withdrawn:", glue=glue), _outlet(change), gone, *word]
        case _:
            # The outlet stands behind its own sentence, and alone: what was known before may be another's.
            whose = [Piece("–"), linked(change.outlet, change.url)] if change.outlet else []
            return [bold("New:", glue=glue), Piece(change.text), *whose, *before]


def _outlet(change: Change) -> Piece:
    return linked(change.outlet or "The publisher", change.url)


def _added(sentences: Iterable[str], known: Sequence[str]) -> list[str]:
    """The sentences that say something that no known sentence says: other words, or another number."""
    seen = [_terms(sentence) for sentence in known]
    added: list[str] = []
    for sentence in sentences:
        terms = _terms(sentence)
        is_said = any(len(terms & one) >= _KNOWN * len(terms) for one in seen)
        if not is_said or not _numbers(terms) <= _numbers(frozenset().union(*seen)):
            added.append(sentence)
            seen.append(terms)
    return added[:_MOST_SENTENCES]


def _numbers(terms: frozenset[str]) -> frozenset[str]:
    return frozenset(term for term in terms if any(character.isdigit() for character in term))


def _terms(sentence: str) -> frozenset[str]:
    return frozenset(token.term for token in tokens(sentence))
