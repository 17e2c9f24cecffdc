"""Which blocks of a page tell its story: an extractor says where it is, the page says what belongs. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from lxml.html import HtmlElement

from bot.articles.blocks import Block
from bot.articles.furniture import names
from bot.articles.likeness import Run, known, runs, says, size
from bot.articles.patterns import ENDS

_EXPLAINED = 0.7  # of the extractor's words; below, its text came from elsewhere (JSON-LD)
_LINKED = 0.75  # a block that is this much link leads elsewhere
_ITEM_LINKED = 0.5
_WHOLE = 0.95
_HOME = 0.1  # of the story's words: the element that holds so many directly is one of its homes
_NEARLY_ALL = 0.9
_HALF = 0.5
_BODY = re.compile(r"(?:^|[\s_-])(?:article|story|entry|post)[-_]{0,2}(?:body|content|text)(?=$|[\s_-])")
_MAIN_HOME = 0.25
_ECHO = 0.8  # of a block's runs: what says so much of another text repeats it
_MOST_LEADS = 4
_NEAR = 10  # blocks between a headline and its story
_UP = 4  # steps from a list's item to the element that holds the list
_LEAD = re.compile(
    r"(?:^|[\s_-])(?:lead|lede|leadtext|intro\w*|standfirst|sub-?(?:title|head\w*|line)|dek|deck|summary"
    r"|teaser\w*"
    r"|abstract|description|excerpt|chapo|vorspann|entradilla|perex|ingress|preamble|headnote)(?=$|[\s_-])"
)
_LEAD_WORDS = 5
_SENTENCE_WORDS = 8
_STANDFIRST_WORDS = 12
_PROSE = frozenset({"p", "blockquote", "pre"})

_SURE = 0.8  # of the story's words are in the page's own articleBody: then that knows best
_NOT_SAID = 0.3

Home: TypeAlias = HtmlElement | None


def choose(page: list[Block], extracted: list[str], *, title: str, description: str) -> list[Block]:
    """The blocks of the story: what the extractor found, as it stands on the page.

    Headings, list items and paragraphs that it lost among them come back, links to other stories and repeated
    quotes go, and the standfirst under the headline comes first. Empty where the page does not show what the
    extractor found.
    """
    told = known(extracted)
    found = [n for n, block in enumerate(page) if says(told, block.text)]
    wanted = sum(size(line) for line in extracted)
    if not found or sum(size(page[n].text) for n in found) < _EXPLAINED * wanted:
        return []
    found = _inside(page, sorted({*found, *_named_body(page, found)}))
    weight = _weights(page, found)
    chosen = list(_chosen(page, _one_place(page, found, weight), weight))
    chosen = _without_echoes(page, chosen, weight)
    headline = known([title])
    chosen = list(_without_headline(page, chosen, headline))
    if not chosen:
        return []
    lead = _standfirst(page, chosen, headline, known([description]))
    return [page[n] for n in (*lead, *chosen)]


def _named_body(page: list[Block], found: list[int]) -> list[int]:
    """The sentences of what the page names the article's body, where the extractor took only a part of it.

    Pages with a wall show an introduction of its own before it, and extractors stop there.
    """
    prose = [n for n, block in enumerate(page) if block.tag == "p" and block.linked < _ITEM_LINKED]
    bodies: dict[tuple[Home, str], list[int]] = {}  # parts of one body are siblings of one name
    for n in prose:
        parent = page[n].element.getparent()
        if parent is not None and size(page[n].text) >= _SENTENCE_WORDS and _BODY.search(names(parent)):
            bodies.setdefault((parent.getparent(), names(parent)), []).append(n)
    if not bodies:
        return []
    largest = max(bodies.values(), key=lambda places: sum(size(page[n].text) for n in places))
    told, words = set(found), sum(size(page[n].text) for n in largest)
    missed = sum(size(page[n].text) for n in largest if n not in told)
    return (
        largest if missed >= _HALF * words and words >= _HALF * sum(size(page[n].text) for n in found) else []
    )


def _inside(page: list[Block], found: list[int]) -> list[int]:
    """The found blocks in the innermost element with nearly all their words, and sentences before it."""
    words: Counter[HtmlElement] = Counter()
    for n in found:
        for home in page[n].element.iterancestors():
            words[home] += size(page[n].text)
    most = _NEARLY_ALL * sum(size(page[n].text) for n in found)
    holders = [home for home, count in words.items() if count >= most]
    if not holders:
        return found
    inner = max(holders, key=lambda home: sum(1 for _ in home.iterancestors()))
    inside = {n for n in found if inner in page[n].element.iterancestors()}
    return [n for n in found if n in inside or (n < min(inside) and _is_sentence(page[n]))]


def _weights(page: list[Block], found: Iterable[int]) -> Counter[Home]:
    """For each element, the share of the story's words that it holds directly."""
    words: Counter[Home] = Counter()
    for n in found:
        words[page[n].element.getparent()] += size(page[n].text)
    total = words.total()
    return Counter({home: count / total for home, count in words.items()})


def _one_place(page: list[Block], found: list[int], weight: Counter[Home]) -> set[int]:
    """The found blocks without copies that stand elsewhere on the page (a teaser, a hidden twin)."""
    places: dict[str, list[int]] = {}
    for n in found:
        places.setdefault(page[n].text.casefold(), []).append(n)
    alone = _weights(page, [copies[0] for copies in places.values() if len(copies) == 1])
    kept: set[int] = set()
    for copies in places.values():
        best = max(copies, key=lambda n: (page[n].heading, weight[page[n].element.getparent()]))
        kept |= {
            n for n in copies if alone[page[n].element.getparent()] >= _HOME or _beside(page[n], page[best])
        }
    return kept


def _beside(one: Block, other: Block) -> bool:
    """Whether two blocks stand in one element, or in two of a kind side by side."""
    home, next_door = one.element.getparent(), other.element.getparent()
    if home is next_door:
        return True
    if home is None or next_door is None:
        return False
    return home.tag == next_door.tag and home.getparent() is next_door.getparent()


def _chosen(page: list[Block], found: set[int], weight: Counter[Home]) -> Iterator[int]:
    first, last = min(found), max(found)
    while last + 1 < len(page) and _goes_on(page, last, weight):
        last += 1
    for n in range(first, last + 1):
        if (n in found or _belongs(page[n], weight)) and not _leads_away(page, n, found):
            yield n


def _goes_on(page: list[Block], last: int, weight: Counter[Home]) -> bool:
    """Whether a sentence of the story's main home stands within the next few blocks."""
    return any(
        block.tag == "p"
        and weight[block.element.getparent()] >= _MAIN_HOME
        and block.linked < _ITEM_LINKED
        and size(block.text) >= _SENTENCE_WORDS
        for block in page[last + 1 : last + 7]
    )


def _belongs(block: Block, weight: Counter[Home]) -> bool:
    """Whether a block that the extractor left out stands where the story stands."""
    if block.linked >= _ITEM_LINKED:
        return False
    if block.heading or block.tag in _PROSE:
        wrapped = (home for home in block.element.iterancestors() if home.tag not in {"blockquote", "figure"})
        return weight[next(wrapped, None)] >= _HOME
    return block.tag == "li" and any(weight[home] >= _HOME for home in _above(block.element))


def _above(element: HtmlElement) -> Iterator[HtmlElement]:
    for _, home in zip(range(_UP), element.iterancestors(), strict=False):
        yield home


def _leads_away(page: list[Block], n: int, found: set[int]) -> bool:
    """Whether the block is a link to something else, not a sentence of this story or a heading in it."""
    block = page[n]
    if block.linked < (_ITEM_LINKED if block.tag == "li" else _LINKED):
        return False
    if block.tag in {"p", "li"} and block.linked < _WHOLE and _is_sentence(block):
        return False
    if not block.heading or next(block.element.iterancestors("a"), None) is not None:
        return True
    following = page[n + 1] if n + 1 < len(page) else None
    return not (
        following
        and n + 1 in found
        and size(following.text) >= _SENTENCE_WORDS
        and following.linked < _ITEM_LINKED
    )


def _without_headline(page: list[Block], chosen: list[int], headline: set[Run]) -> Iterator[int]:
    """Without the headline, as h1 wherever it stands, or as any heading before the first sentence."""
    begun = False
    for n in chosen:
        block = page[n]
        begun = begun or (not block.heading and size(block.text) >= _SENTENCE_WORDS)
        if block.tag != "h1" and (begun or not (block.heading and says(headline, block.text))):
            yield n


def _without_echoes(page: list[Block], chosen: list[int], weight: Counter[Home]) -> list[int]:
    """Without quotes pulled out of the text: what stands alone, is a small part, and is said elsewhere."""
    together = Counter(page[n].element.getparent() for n in chosen)
    told = Counter(run for n in chosen for run in set(runs(page[n].text)))
    kept: list[int] = []
    for n in chosen:
        block, own = page[n], set(runs(page[n].text))
        home = block.element.getparent()
        apart = together[home] == 1 and weight[home] < _MAIN_HOME and not block.heading
        if apart and kept and size(block.text) >= _LEAD_WORDS and _share(told, own) >= _ECHO:
            told.subtract(own)
        else:
            kept.append(n)
    return kept


def _share(told: Counter[Run], own: set[Run]) -> float:
    """How many of a block's runs are told by another block too."""
    return sum(told[run] > 1 for run in own) / (len(own) or 1)


def _standfirst(page: list[Block], chosen: list[int], headline: set[Run], described: set[Run]) -> list[int]:
    """Where the standfirst stands, between headline and story; empty where none is seen."""
    first = chosen[0]
    told = known(page[n].text for n in chosen)
    lead: list[int] = []
    for n in range(_top(page, first, headline) + 1, first):
        block = page[n]
        if says(headline, block.text, share=_ECHO) or says(told, block.text, share=_ECHO):
            continue
        beside = bool(lead) and block.element.getparent() is page[lead[-1]].element.getparent()
        opening = n == first - 1 and block.tag == "p" and _is_sentence(block)
        if opening or ((not lead or beside) and _is_lead(block, described)):
            lead.append(n)
    return lead[:_MOST_LEADS]


def _top(page: list[Block], first: int, headline: set[Run]) -> int:
    """Where the headline stands: the last h1 or heading that says it, or a heading near the story."""
    tops = [
        n for n in range(first) if page[n].tag == "h1" or (page[n].heading and says(headline, page[n].text))
    ]
    near = [n for n in range(max(0, first - _NEAR), first) if page[n].heading and not _is_sentence(page[n])]
    return max(tops or near, default=first)


def _is_lead(block: Block, described: set[Run]) -> bool:
    if size(block.text) < _LEAD_WORDS or block.linked >= _ITEM_LINKED:
        return False
    parent = block.element.getparent()
    named = names(block.element) + " " + (names(parent) if parent is not None else "")
    in_header = parent is not None and parent.tag in {"header", "hgroup"} and block.tag in {"p", "h2"}
    return says(described, block.text) or bool(_LEAD.search(named)) or in_header or _is_sentence(block)


def _is_sentence(block: Block) -> bool:
    return size(block.text) >= _STANDFIRST_WORDS and bool(ENDS.search(block.text))


def confirmed(story: list[Block], body: str) -> list[Block]:
    """The story without what the page's own `articleBody` leaves out, where the two are one text.

    A headline or a standfirst at the top stays: many bodies begin behind it.
    """
    told = known([body])
    said = [says(told, block.text, share=_NOT_SAID) for block in story]
    words = sum(size(block.text) for block in story)
    sure = sum(size(block.text) for block, in_body in zip(story, said, strict=True) if in_body)
    if not any(said) or sure < _SURE * words or sure < _SURE * size(body):
        return story
    first = said.index(True)
    return [
        block
        for n, block in enumerate(story)
        if said[n] or block.heading or (n < first and _is_sentence(block))
    ]
