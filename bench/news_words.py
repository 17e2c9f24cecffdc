"""What news sentences are made of, as far as eval_verify's makers need it: names, quotations, months."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHORT_MONTHS = ("Jan.", "Feb.", "Mar.", "Apr.", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
SMALL = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NAME = re.compile(
    r"[A-Z][\w’'&-]*[A-Za-z0-9](?:(?: (?:of|de|the|van|von) | )(?:[A-Z][\w’'&-]*[A-Za-z0-9]|\d{1,2}(?=\W)))*"
)
NO_NAME = frozenset(
    [
        "The",
        "A",
        "An",
        "In",
        "On",
        "At",
        "For",
        "From",
        "With",
        "By",
        "To",
        "As",
        "And",
        "But",
        "Or",
        "It",
        "Its",
        "He",
        "She",
        "They",
        "I",
        "We",
        "You",
        "Your",
        "My",
        "Our",
        "His",
        "Her",
        "Their",
        "This",
        "That",
        "These",
        "Those",
        "There",
        "Here",
        "After",
        "Before",
        "When",
        "While",
        "Since",
        "During",
        "Under",
        "Over",
        "More",
        "Most",
        "Some",
        "Many",
        "Several",
        "All",
        "Both",
        "No",
        "Not",
        "If",
        "Although",
        "Though",
        "Now",
        "However",
        "What",
        "Who",
        "Why",
        "How",
        "One",
        "Two",
        "Three",
        "Also",
        "So",
        "Then",
        "According",
        "Last",
        "Next",
        "Only",
        "Just",
        "Even",
        "Every",
        "Each",
        "Another",
        "Other",
    ]
) | {*MONTHS, *DAYS}
QUOTE = re.compile(r"[“\"]([^“”\"]{12,220})[”\"]")


@dataclass(frozen=True)
class Setting:
    """What may be drawn on: the article's text and sentences, and names and quotes from elsewhere."""

    text: str
    sentences: Sequence[str]
    strange_names: Sequence[str]
    strange_quotes: Sequence[str]


def names_in(sentence: str, text: str) -> list[tuple[int, int]]:
    """Where names stand, quotations left out; an opening word only if it is a name elsewhere."""
    blank = blanked(sentence)
    spans = []
    for found in _NAME.finditer(blank):
        start, end = found.span()
        words = found[0].split()
        if words[0] in NO_NAME:
            start += len(words[0]) + 1
        said = re.sub(r"['’]s$", "", blank[start:end])
        end = start + len(said)
        opens = start == 0 and not re.search(rf"[a-z,] {re.escape(said)}\b", text)
        if (
            len(said) > 2
            and not re.match(r"I[’' ]", said)
            and said[0].isupper()
            and not opens
            and not set(said.split()) & NO_NAME
        ):
            spans.append((start, end))
    return spans


def article_names(text: str) -> list[str]:
    """The names of an article, each once, in order."""
    found = (m[0] for m in re.finditer(rf"(?<=[a-z,] )(?!I[’'\s])(?:{_NAME.pattern})", text))
    return list(dict.fromkeys(n for n in found if not set(n.split()) & NO_NAME and len(n) > 2))


def quotes_in(text: str) -> list[str]:
    """Quotations of five to twenty words."""
    found = (m[1] for m in QUOTE.finditer(text) if 5 <= len(m[1].split()) <= 20)
    return [quote for quote in found if quote == quote.strip() and "\n" not in quote]


def blanked(sentence: str) -> str:
    """The sentence with its quotations blanked out, each character where it was."""
    return re.sub(r"[“\"][^“”\"]*[”\"]", lambda found: "·" * len(found[0]), sentence)


def outside_quotes(one: str, other: str) -> bool:
    return re.findall(r"[“\"][^“”\"]*[”\"]", one) == re.findall(r"[“\"][^“”\"]*[”\"]", other)


def lowered(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:] if sentence.split(maxsplit=1)[0] in NO_NAME else sentence
