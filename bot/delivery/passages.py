"""Where each sentence of an alert comes from, as the Sources button shows it. Pure."""

from dataclasses import replace

from bot.delivery.render import Message, Piece, bold, linked, pack
from bot.model import Digest, Evidence
from bot.text import clip, squash

_MOST_PASSAGES = 3
_MAX_SENTENCE = 300
_MAX_PASSAGE = 400


def passages(digest: Digest) -> list[Message]:
    """Each sentence, and under it whose words it rests on; the sources alone where no words were kept.

    A sentence that is its source's own, word for word, stands there once, as the quotation; and of several
    such that follow each other, the source is named once.
    """
    pieces: list[Piece] = []
    above: tuple[str, str | None] | None = None
    for sentence, found in zip(digest.sentences, digest.evidence, strict=False):
        kept = [one for one in found if one.passage.strip()]
        if kept:
            shown = [piece for one in kept[:_MOST_PASSAGES] for piece in _passage(one)]
            if squash(kept[0].passage) == squash(sentence):
                source = (kept[0].outlet, kept[0].url)
                pieces += shown[1:] if source == above else [replace(shown[0], glue="\n\n"), *shown[1:]]
                above = source if len(kept) == 1 else None
            else:
                above = None
                pieces += [bold(clip(sentence, _MAX_SENTENCE), glue="\n\n"), *shown]
            if len(kept) > _MOST_PASSAGES:
                pieces.append(Piece(f"and {len(kept) - _MOST_PASSAGES} more", glue="\n"))
    if pieces:
        return pack([bold("Where each sentence comes from", glue=""), *pieces])
    return _sources_alone(digest)


def _passage(one: Evidence) -> list[Piece]:
    quote = clip(squash(one.passage), _MAX_PASSAGE)
    outlet = linked(one.outlet or "Source", one.url, glue="\n", tail=":")
    return [outlet, Piece(quote, "<blockquote>", "</blockquote>", glue="\n")]


def _sources_alone(digest: Digest) -> list[Message]:
    if not digest.sources:
        return []
    lines = [
        linked(source.name, source.url, glue="\n", tail=f": {source.title}" if source.title else "")
        for source in digest.sources
    ]
    return pack([bold("What this alert rests on", glue=""), *lines])
