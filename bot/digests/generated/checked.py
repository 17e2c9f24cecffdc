"""A digest by the operator's own model: written, checked, mended once, and else the sources' own sentences.

Nothing of the model's that a check has not passed is in the digest: not when it fails, not when it is late.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.digests.compose import LIMITS, dangles, fault, repeats
from bot.digests.generated.draft import Draft, Failed, ModelError, Writer
from bot.digests.generated.verify import Meanings, Sources, Supported, Unsupported, check, sources_of
from bot.digests.reference import points_away
from bot.digests.tongue import language
from bot.errors import RemoteError
from bot.logs import get_logger
from bot.model import Article, Digest, Evidence, Source
from bot.sentences import word_count
from bot.text import clip, squash

_log = get_logger(__name__)

_LONGEST = 1000  # characters of a written sentence that are looked at; twice what may stand
_TOLD = 160  # characters of a reason in the record
_MOST = {"need to know": LIMITS.need_sentences, "details": LIMITS.details, "next": LIMITS.next}
_FEWEST_DETAILS = 3

_Shown = tuple[str, tuple[Evidence, ...]]  # a sentence, and what it rests on


@dataclass(frozen=True, slots=True)
class _Written:
    """A sentence of the draft: its block, its place there from 1, and what the check says."""

    block: str
    place: int
    text: str
    verdict: Supported | Unsupported


class CheckedSummariser:
    """Writes digests with `writer`; `plain` writes those that it cannot, and lends sentences to the rest.

    `meanings` gives texts as unit vectors. Blocks for as long as the writer does; call it off the event loop.
    """

    def __init__(
        self,
        writer: Writer,
        plain: Callable[[Sequence[Article], Sequence[Source]], Digest],
        *,
        meanings: Meanings,
    ) -> None:
        self._writer = writer
        self._plain = plain
        self._meanings = meanings

    def digest(self, articles: Sequence[Article], sources: Sequence[Source]) -> Digest:
        """The story's digest; its record says who wrote it, and what of it was written again or replaced."""
        plain = self._plain(articles, sources)
        told = _in_language(articles, plain.language)
        if not told:
            return plain
        try:
            draft = self._writer.draft(told)
        except (ModelError, RemoteError) as error:
            return self._failed(plain, str(error))
        read = sources_of(articles, language=plain.language)
        written = [self._checked(*one, plain, read) for one in _sentences(draft)]
        mended, record = self._mended(written, plain, read)
        return self._composed(plain, mended, record)

    def _failed(self, plain: Digest, reason: str) -> Digest:
        _log.warning("model_failed", model=self._writer.name, reason=reason)
        told = clip(squash(reason), _TOLD)
        return replace(plain, record=(*plain.record, f"not by {self._writer.name}: {told}"))

    def _checked(self, block: str, place: int, text: str, plain: Digest, read: Sources) -> _Written:
        return _Written(block, place, text, self._verdict(text, plain, read))

    def _verdict(self, text: str, plain: Digest, read: Sources) -> Supported | Unsupported:
        """Whether the sentence is what the sources say, and may stand by itself."""
        speaks = partial(language, tagged=plain.language)
        verdict = check(text, read, meanings=self._meanings, language=speaks)
        if isinstance(verdict, Unsupported):
            return verdict
        reason = fault(text, title=plain.headline)
        if reason is None and (dangles(text) or points_away(text, headline=plain.headline)):
            reason = "leans on another sentence"
        return verdict if reason is None else Unsupported(f"form: {reason}", verdict.evidence)

    def _mended(
        self, written: Sequence[_Written], plain: Digest, read: Sources
    ) -> tuple[list[_Written], tuple[str, ...]]:
        """The sentences with those that failed written again, once; and what was done about each."""
        failed = [one for one in written if isinstance(one.verdict, Unsupported)]
        again = self._again(failed, read)
        result: list[_Written] = []
        record: list[str] = []
        for one in written:
            if isinstance(one.verdict, Supported):
                result.append(one)
                continue
            reason = f"{one.block} {one.place}: {clip(squash(one.verdict.reason), _TOLD)}"
            text = again.get(failed.index(one))
            new = None if text is None else self._checked(one.block, one.place, text, plain, read)
            if new is None:
                result.append(one)
                record.append(f"{reason}; replaced")
            elif isinstance(new.verdict, Supported):
                result.append(new)
                record.append(f"{reason}; written again")
            else:
                result.append(new)
                record.append(f"{reason}; written again: {clip(squash(new.verdict.reason), _TOLD)}; replaced")
        return result, tuple(record)

    def _again(self, failed: Sequence[_Written], read: Sources) -> Mapping[int, str]:
        """Other sentences for those that failed, by number, tidied; none when the model fails now."""
        asked = [
            Failed(one.text, one.verdict.reason, tuple(_passages(one.verdict.nearest, read)))
            for one in failed
            if isinstance(one.verdict, Unsupported)
        ]
        if not asked:
            return {}
        try:
            answer = self._writer.again(asked)
        except (ModelError, RemoteError) as error:
            _log.warning("model_failed", model=self._writer.name, reason=str(error))
            return {}
        return {number: tidy for number, text in answer.items() if (tidy := squash(text[:_LONGEST]))}

    def _composed(self, plain: Digest, written: Sequence[_Written], record: tuple[str, ...]) -> Digest:
        """The digest: what stood the check, with the plain digest's sentences in the gaps."""
        if not any(isinstance(one.verdict, Supported) for one in written):
            return self._failed(
                replace(plain, record=(*plain.record, *record)), "no sentence stood the check"
            )
        lent = _blocks(plain)
        blocks: dict[str, list[_Shown]] = {block: [] for block in _MOST}
        for one in written:
            if isinstance(one.verdict, Supported):
                _add((one.text, one.verdict.evidence), one.block, blocks)
        borrowed = 0
        for block in _MOST:
            own = sum(one.block == block for one in written)
            borrowed += _fill(block, own, lent[block], blocks)
        name = self._writer.name + (f"+{plain.model}" if borrowed else "")
        need, details, next_ = (blocks[block] for block in _MOST)
        shown = [*need, *details, *lent["differ"], *next_]
        return replace(
            plain,
            need_to_know=tuple(text for text, _ in need),
            details=tuple(text for text, _ in details),
            next=tuple(text for text, _ in next_),
            model=name,
            evidence=tuple(evidence for _, evidence in shown),
            record=(*plain.record, f"written by {self._writer.name} ({self._writer.prompt})", *record),
        )


def _in_language(articles: Sequence[Article], spoken: str | None) -> list[Article]:
    """The articles with a text in the story's language."""
    texts = [article for article in articles if article.text.strip()]
    return [article for article in texts if language(article.text, article.language) == spoken] or texts


def _sentences(draft: Draft) -> Iterator[tuple[str, int, str]]:
    """The draft's sentences that there is room for: block, place, text."""
    blocks = (draft.need_to_know, draft.details, draft.next)
    for (block, most), texts in zip(_MOST.items(), blocks, strict=True):
        tidy = [one for text in texts if (one := squash(text[:_LONGEST]))]
        yield from ((block, place, text) for place, text in enumerate(tidy[:most], start=1))


def _passages(nearest: Sequence[Evidence], read: Sources) -> Iterator[str]:
    for one in nearest:
        yield read.articles[one.article].text[one.start : one.end]


def _blocks(plain: Digest) -> dict[str, list[_Shown]]:
    """The plain digest's sentences with their evidence, block by block."""
    evidence = iter(plain.evidence)
    parts = (
        ("need to know", plain.need_to_know),
        ("details", plain.details),
        ("differ", plain.differ),
        ("next", plain.next),
    )
    return {block: [(text, next(evidence, ())) for text in texts] for block, texts in parts}


def _fill(block: str, written: int, lent: Sequence[_Shown], blocks: Mapping[str, list[_Shown]]) -> int:
    """Fills a block up to as many sentences as were written for it; with all lent ones where none stood.

    Details are made up to three. How many were lent.
    """
    kept = len(blocks[block])
    wanted = written if kept else len(lent)
    if block == "details":
        wanted = max(wanted, min(_FEWEST_DETAILS, len(lent)))
    for sentence in lent:
        if len(blocks[block]) < wanted:
            _add(sentence, block, blocks)
    return len(blocks[block]) - kept


def _add(sentence: _Shown, block: str, blocks: Mapping[str, list[_Shown]]) -> None:
    """Adds the sentence to its block where it fits and no block tells it already."""
    text, shown = sentence[0], blocks[block]
    room = LIMITS.sentence_words
    if block == "need to know":
        room = LIMITS.need_words - sum(word_count(known) for known, _ in shown)
    told = [known for others in blocks.values() for known, _ in others]
    if len(shown) < _MOST[block] and word_count(text) <= room and not repeats(text, told):
        shown.append(sentence)
