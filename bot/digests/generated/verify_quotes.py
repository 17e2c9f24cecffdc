"""Whether quotations are word for word what somebody said, and that somebody is who is named. Pure."""

import re
from collections.abc import Iterator

from bot.digests.generated.verify_sources import Passage, Sources
from bot.digests.generated.verify_text import Fact, FactKind, Said
from bot.text import tokens

_SPOKE = re.compile(
    r"\b(?:said|says|say|saying|told|tells|wrote|writes|added|adds|asked|asks|replied|explained|explains|noted"
    r"|notes|stated|states|announced|argued|argues|warned|warns|called|calls|calling|continued|posted|tweeted"
    r"|insisted|joked|claimed|claims|confirmed|wrote|according to|recalled|described|describes)\b"
)
_AROUND = 2  # passages before and after a quotation in which its speaker may be named


def wrong_quotation(sentence: Said, sources: Sources) -> str | None:
    """The first quotation of the sentence that no source has in marks, or that another one said."""
    for start, end in sentence.quotes:
        quoted = sentence.text[start:end]
        terms = _terms(quoted)
        if not terms:
            continue
        found = [passage for passage in sources.passages if _has(passage, terms)]
        if not found:
            found = list(_across(terms, sources))
        if not found:
            return f"quotation {quoted}"
        speakers = [fact for fact in _speakers(sentence) if len(terms) > 2]  # noqa: PLR2004 - a title has none
        for speaker in speakers:
            if not any(_is_named(sentence, speaker, passage, sources) for passage in found):
                return f"quotation {quoted}: not said by {speaker.said}"
    return None


def _terms(text: str) -> tuple[str, ...]:
    return tuple(token.term for token in tokens(text))


def _has(passage: Passage, terms: tuple[str, ...]) -> bool:
    """Whether the passage has the words in a row, within quotation marks."""
    said = passage.said
    return any(_within(terms, _terms(said.text[start:end])) for start, end in said.quotes)


def _within(terms: tuple[str, ...], known: tuple[str, ...]) -> bool:
    return any(known[at : at + len(terms)] == terms for at in range(len(known) - len(terms) + 1))


def _across(terms: tuple[str, ...], sources: Sources) -> Iterator[Passage]:
    """Passages inside a quotation of several sentences or paragraphs: its marks stand elsewhere."""
    for passage in sources.passages:
        if _within(terms, _terms(passage.said.text)) and _is_inside(passage, sources):
            yield passage


def _is_inside(passage: Passage, sources: Sources) -> bool:
    """Whether a quotation mark is open around the passage: before it one opens that has not closed."""
    text = sources.articles[passage.article].text
    before, own = text[: passage.evidence.start], text[passage.evidence.start : passage.evidence.end]
    paragraph = before.rpartition("\n")[2]
    opened = (before.count("“") > before.count("”")) or paragraph.count('"') % 2 == 1
    return opened or own.lstrip()[:1] in {"“", '"', "„", "«"} or own.rstrip()[-1:] in {"”", '"', "“", "»"}


def _speakers(sentence: Said) -> Iterator[Fact]:
    """The names beside a verb of saying, outside the quotations."""
    outside = [
        fact
        for fact in sentence.of(FactKind.NAME)
        if not any(start <= sentence.words[fact.first].start < end for start, end in sentence.quotes)
    ]
    for verb in _SPOKE.finditer(sentence.text):
        if any(start <= verb.start() < end for start, end in sentence.quotes):
            continue
        before = [fact for fact in outside if sentence.words[fact.last - 1].end <= verb.start()]
        after = [fact for fact in outside if sentence.words[fact.first].start >= verb.end()]
        near = [fact for fact in before[-1:] if verb.start() - sentence.words[fact.last - 1].end <= 2]  # noqa: PLR2004
        near += [fact for fact in after[:1] if sentence.words[fact.first].start - verb.end() <= 2]  # noqa: PLR2004
        yield from near or before[-1:]


def _is_named(sentence: Said, speaker: Fact, passage: Passage, sources: Sources) -> bool:
    """Whether the passage names the speaker, or names nobody and those around it do."""
    own = set(sentence.stems_of(speaker))
    inside = [fact for fact in passage.said.of(FactKind.NAME) if not _is_quoted(passage.said, fact)]
    if any(own & set(passage.said.stems_of(fact)) for fact in inside):
        return True
    if any(True for _ in _speakers(passage.said)):
        return False
    # "… she told the Post" was named before; a bare quotation may be followed by its speaker.
    tells = any(not _is_in_quotes(passage.said, verb.start()) for verb in _SPOKE.finditer(passage.said.text))
    around = sources.near(passage, before=_AROUND, after=0 if tells else 1)
    return any(
        own & set(other.said.stems_of(fact)) for other in around for fact in other.said.of(FactKind.NAME)
    )


def _is_quoted(said: Said, fact: Fact) -> bool:
    return _is_in_quotes(said, said.words[fact.first].start)


def _is_in_quotes(said: Said, at: int) -> bool:
    return any(start <= at < end for start, end in said.quotes)
