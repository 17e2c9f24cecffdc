"""Why a story does not meet a filter, in plain words. Pure."""

from bot.alerts.index import StoryWords
from bot.alerts.language import Filter, InTopic, Phrase, Term
from bot.model import StoryText


def first_failure(filter_: Filter, story: StoryText) -> str | None:
    """The first reason why the story does not meet the filter: what is missing, or what it should not have.

    'no "missile" or "rocket" in it', 'it has "sport", which you excluded'; None where it does meet it.
    Terms read as they were typed.
    """
    words = StoryWords(story)
    for clause in filter_.required:
        if all(words.find(term) is None for term in clause):
            return _missing(clause)
    for term in filter_.excluded:
        if words.find(term) is not None:
            verb = "it is in" if isinstance(term, InTopic) else "it has"
            return f"{verb} {_name(term)}, which you excluded"
    return None


def _missing(clause: tuple[Term, ...]) -> str:
    topics = " or ".join(_name(term) for term in clause if isinstance(term, InTopic))
    words = " or ".join(_name(term) for term in clause if isinstance(term, Phrase))
    reasons = [f"no {words} in it" if words else "", f"it is not in {topics}" if topics else ""]
    return ", and ".join(filter(None, reasons))


def _name(term: Term) -> str:
    match term:
        case InTopic(name):
            return f"the topic {name}"
        case Phrase(atoms, spelling):
            return f'"{spelling or " ".join(atoms)}"'
