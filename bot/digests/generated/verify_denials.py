"""Whether the sentence denies what its passages deny, and leaves no "may" out. Pure."""

from collections.abc import Sequence

from bot.digests.generated.verify_sources import Passage
from bot.digests.generated.verify_text import Said


def wrong_denial(sentence: Said, group: Sequence[Passage]) -> str | None:
    """What the sentence denies or asserts against its passages, in a few words."""
    texts = [passage.said for passage in group]
    for scope in sentence.denied:
        stems = _stems(sentence, scope)
        if not stems and len(sentence.denied) <= sum(len(text.denied) for text in texts):
            continue  # "some were not": what it denies, no word behind it tells
        if not any(_meets(stems, _stems(text, known)) for text in texts for known in text.denied):
            return f"denies “{_words(sentence, scope)}”, which the source does not"
    for text in texts:
        for scope in text.denied:
            if _is_said(_stems(text, scope), sentence) and not any(
                _meets(_stems(text, scope), _stems(sentence, own)) for own in sentence.denied
            ):
                return f"leaves out that the source denies “{_words(text, scope)}”"
        for scope in text.hedged:
            if _is_said(_stems(text, scope), sentence) and not sentence.hedged:
                return f"is sure of “{_words(text, scope)}”, which the source is not"
    return None


def _stems(text: Said, scope: Sequence[int]) -> list[str]:
    return [text.words[at].stem for at in scope]


def _words(text: Said, scope: Sequence[int]) -> str:
    return text.text[text.words[scope[0]].start : text.words[scope[-1]].end] if scope else "it"


def _meets(own: list[str], known: list[str]) -> bool:
    """Whether two denials deny the same: the first word of one is among the other's."""
    return bool(own and known) and (own[0] in known or known[0] in own)


def _is_said(scope: list[str], sentence: Said) -> bool:
    """Whether the sentence speaks of what the source denies: of the first word of it."""
    return bool(scope) and scope[0] in sentence.stems
