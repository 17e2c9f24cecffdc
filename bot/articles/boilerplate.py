"""What surrounds a story on its page — bylines, credits, invitations — taken away. Pure."""

import re
from itertools import pairwise

from bot.articles.patterns import (
    BIO,
    BYLINE,
    CONTACT,
    DATELINES,
    ENDS,
    FIRST_BYLINE,
    LABEL,
    LABEL_WORDS,
    MARKUP,
    NOT_A_CITY,
    ONLY_SIGNS,
    OPENS_LIST,
    OUTLET,
    PERSON_ROLE,
    PLACED,
    TAIL,
    TITLE_SPLIT,
)
from bot.text import fold, squash, words


def clean(paragraphs: list[str], *, title: str, site: str | None) -> list[str]:
    """The paragraphs that tell the story, repaired where a label or dateline clung to one.

    Conservative: a sentence that merely mentions a newsletter or a photo stays. `title` and `site` name
    lines that repeat them; nothing is added and the order is kept.
    """
    shown = [line for line in (repair(paragraph) for paragraph in paragraphs) if line]
    kept: list[str] = []
    in_list = False
    names = {fold(squash(title)), fold(clean_title(title, site)), fold(squash(site or ""))} - {""}
    for place, line in enumerate(shown):
        in_list = (in_list or bool(OPENS_LIST.match(line) and is_label(line))) and not ENDS.search(line)
        near_edge = place < 2 or place >= len(shown) - TAIL  # noqa: PLR2004
        if in_list or is_label(line) or fold(line).rstrip(" .") in names or (near_edge and is_bio(line)):
            continue
        kept.append(line)
    # A standfirst, and now and then a second one, stands before the paragraph with the dateline.
    kept[:3] = [without_dateline(line) for line in kept[:3]]
    return _without_repeats([line for line in kept if line])


def clean_title(title: str, site: str | None) -> str:
    """The headline without the outlet's name: 'Quay reopens | The Harbour Post' → 'Quay reopens'.

    The last part goes when it names the site, or reads like an outlet and leaves a headline of 3 words.
    """
    line = squash(title)
    marks = list(TITLE_SPLIT.finditer(line))
    if not marks:
        return line
    head, tail = line[: marks[-1].start()], line[marks[-1].end() :]
    if _same_site(tail, site):
        return clean_title(head, site)
    first, rest = line[: marks[0].start()], line[marks[0].end() :]
    if _same_site(first, site) and len(words(rest)) > 2:  # noqa: PLR2004
        return rest
    looks_like_outlet = OUTLET.search(tail) and len(words(tail)) <= 4 and tail[:1].isupper()  # noqa: PLR2004
    return head if looks_like_outlet and len(words(head)) > 2 and not ENDS.search(tail) else line  # noqa: PLR2004


def is_label(line: str) -> bool:
    """Whether the whole line is page furniture: a label, an invitation, a credit or a byline."""
    if ONLY_SIGNS.match(line):
        return True
    if len(words(line)) > LABEL_WORDS:
        return False
    return any(form.match(line) for form in (LABEL, BYLINE, PLACED, PERSON_ROLE))


def is_bio(line: str) -> bool:
    """Whether the paragraph introduces its author or says how to reach them."""
    return bool(BIO.match(line) or CONTACT.match(line))


def without_dateline(line: str) -> str:
    """The first paragraph without 'LONDON (Reuters) -' before its first sentence."""
    line = FIRST_BYLINE.sub("", line)
    if NOT_A_CITY.match(line):
        return line
    for form in DATELINES:
        found = form.match(line)
        if found and found.end() < len(line):
            rest = line[found.end() :]
            return rest[0].upper() + rest[1:]
    return line


def repair(paragraph: str) -> str:
    """The paragraph on one line without markup left over from the page."""
    line = squash(paragraph)
    for pattern, replacement in MARKUP:
        line = pattern.sub(replacement, line)
    return squash(line)


def _same_site(part: str, site: str | None) -> bool:
    """Whether this part of a title names the site ('The Harbour Post', 'harbourpost.com')."""
    if not site:
        return False
    one, other = (re.sub(r"^www\.|\.[\w.]+$|^the\s|\W", "", fold(name)) for name in (part, site))
    return bool(one) and one in {other, f"the{other}", f"{other}com", f"{other}news"}


def _without_repeats(lines: list[str]) -> list[str]:
    """The lines without one that says again what the line before it said."""
    return lines[:1] + [line for before, line in pairwise(lines) if fold(line) != fold(before)]
