"""What surrounds a story on its page — bylines, credits, invitations — taken away. Pure."""

import re
from collections.abc import Sequence
from itertools import pairwise

from bot.articles.notices import CREDIT, ENDNOTE, INVITATION, OFFER, STAMP, WALL
from bot.articles.patterns import (
    BIO,
    BYLINE,
    CONTACT,
    CRUMB_SIGNS,
    CRUMB_WIDE,
    CRUMB_WORDS,
    DATELINES,
    ENDS,
    ENOUGH_WORDS,
    EXTRA,
    FIRST_BYLINE,
    LABEL,
    LABEL_SIGNS,
    LABEL_WORDS,
    MARKUP,
    MOST_CRUMBS,
    NOT_A_CITY,
    ONLY_SIGNS,
    OPENS_LIST,
    OUTLET,
    PERSON_ROLE,
    PLACED,
    STAMP_WORDS,
    STANDFIRST_WORDS,
    TAIL,
    TITLE_SPLIT,
    WIDE,
)
from bot.text import fold, squash, words


def clean(paragraphs: list[str], *, title: str, site: str | None, author: str | None = None) -> list[str]:
    """The paragraphs that tell the story, repaired where a label or dateline clung to one.

    Conservative: a sentence that merely mentions a newsletter or a photo stays. Lines that only repeat
    `title`, `site` or `author` go; nothing is added and the order is kept.
    """
    shown = [line for line in (repair(paragraph) for paragraph in paragraphs) if line]
    kept: list[str] = []
    in_list = False
    names = {fold(squash(name)) for name in (title, clean_title(title, site), site, *_people(author)) if name}
    for place, line in enumerate(shown):
        in_list = (in_list or bool(OPENS_LIST.match(line) and is_label(line))) and not ENDS.search(line)
        at_end = place >= len(shown) - TAIL
        if in_list or is_label(line) or fold(line).strip(" .:") in names:
            continue
        if (place < 2 and is_bio(line)) or (at_end and (is_bio(line) or is_endnote(line))):  # noqa: PLR2004
            continue
        kept.append(line)
    kept = _without_crumbs(kept)
    # A standfirst, and now and then a second one, stands before the paragraph with the dateline.
    kept[:3] = [without_dateline(line) for line in kept[:3]]
    return _without_repeats([line for line in kept if line])


def _people(author: str | None) -> list[str]:
    """The names of the authors, together and each."""
    return [author, *author.split(", ")] if author else []


def _without_crumbs(lines: list[str]) -> list[str]:
    """Without what stands before the first sentence and behind the last: kickers, stamps, lost headings.

    A longer run of such lines is a list, and stays; so do the lines of a text that is little more than they.
    """
    first = next((n for n, line in enumerate(lines) if not is_crumb(line)), 0)
    last = next((n for n in range(len(lines), 0, -1) if not is_crumb(lines[n - 1])), len(lines))
    first = first if first <= MOST_CRUMBS else 0
    last = last if len(lines) - last <= MOST_CRUMBS else len(lines)
    kept = lines[first:last]
    return kept if len(kept) > 1 and sum(len(words(line)) for line in kept) >= ENOUGH_WORDS else lines


def is_crumb(line: str) -> bool:
    """Whether a line at the edge of a text is a kicker, a place, a date, a photographer or a sign."""
    if ENDS.search(line):
        return False
    few = len(words(line))
    if few <= CRUMB_WORDS and len(line) <= (CRUMB_WIDE if WIDE.search(line) else CRUMB_SIGNS):
        return True
    return few <= STAMP_WORDS and bool(STAMP.search(line) or CREDIT.search(line))


def is_endnote(line: str) -> bool:
    """Whether a line at the end speaks of the text's makers, or to its reader."""
    return is_short(line) and bool(ENDNOTE.search(line))


def is_short(line: str) -> bool:
    """Whether a line is short enough for furniture: a longer one is somebody's prose, or made to hurt."""
    return len(line) <= LABEL_SIGNS and len(words(line)) <= LABEL_WORDS


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


def headline(candidates: Sequence[str], site: str | None) -> str:
    """The best of a page's candidates for its headline, the most trusted first, without the outlet's name.

    Where one candidate is another and something more behind a separator ('Quay reopens | DW | 2 March'),
    the shorter one is the headline.
    """
    if not candidates:
        return ""
    best = clean_title(candidates[0], site)
    for other in (clean_title(text, site) for text in candidates[1:]):
        more = best.replace(other, "", 1) if len(words(other)) > 2 else ""  # noqa: PLR2004
        if more and (best.startswith(other) or best.endswith(other)) and EXTRA.match(more):
            best = other
    return best


def is_label(line: str) -> bool:
    """Whether the whole line is page furniture: a label, an invitation, a credit or a byline."""
    if ONLY_SIGNS.match(line):
        return True
    if not is_short(line):
        return False
    if any(form.match(line) for form in (LABEL, BYLINE, PLACED, PERSON_ROLE, OFFER)):
        return True
    return bool(INVITATION.search(line) or WALL.search(line))


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
    """The lines without a standfirst that says again what the line before it said.

    Only at the top, where pages show it twice; what a text repeats further down (a chant, a refrain) stays.
    """
    top = lines[:3]
    kept = top[:1] + [
        line
        for before, line in pairwise(top)
        if fold(line) != fold(before) or len(words(line)) > STANDFIRST_WORDS
    ]
    return kept + lines[3:]
