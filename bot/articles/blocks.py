"""A page's tree as a row of text blocks, each with what the page says about it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from bot.articles.patterns import ENDS, HEADINGS, listed
from bot.text import squash

_BLOCKS = listed(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td"
    " tfoot th thead tr ul"
)
# What no reader sees, or reads as part of the story.
_UNSEEN = listed(
    "script style noscript template iframe svg math button select option input textarea head object video"
    " audio canvas label nav figcaption dialog"
)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading or list item: its text, how much of it is link, and where it stands."""

    text: str
    linked: float  # share of its characters that stand in links
    element: HtmlElement

    @property
    def tag(self) -> str:
        """The name of the element that holds it."""
        return str(self.element.tag)

    @property
    def heading(self) -> bool:
        """Whether it is one of h1 to h6."""
        return self.element.tag in HEADINGS


def blocks(tree: HtmlElement) -> list[Block]:
    """The text blocks of the tree, in reading order; two line breaks, or one behind a sentence, part them."""
    walk = _Walk(tree)
    # Not recursive: a page made to hurt nests its elements deeply.
    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        if event == "start":
            walk.enter(element)
        else:
            walk.leave(element, closed=event == "end")
    walk.finish()
    return walk.found


class _Walk:
    """Goes through a tree and collects the text between one block's edge and the next."""

    def __init__(self, tree: HtmlElement) -> None:
        self.found: list[Block] = []
        self._tree = tree
        self._holders = [tree]
        self._lines: list[list[tuple[str, bool]]] = [[]]  # of pieces, and whether they stand in a link
        self._links = 0
        self._unseen = 0

    def enter(self, element: HtmlElement) -> None:
        if self._unseen or element.tag in _UNSEEN:
            self._unseen += 1
            return
        if element.tag in _BLOCKS:
            self.finish()
            self._holders.append(element)
        elif element.tag == "br":
            self._lines.append([])
        elif element.tag == "a":
            self._links += 1
        self._add(element.text)

    def leave(self, element: HtmlElement, *, closed: bool) -> None:
        if closed:
            self._close(element)
        if not self._unseen and element is not self._tree:
            self._add(element.tail)

    def finish(self) -> None:
        """The text so far becomes a block, or several."""
        for pieces in self._paragraphs():
            text = squash("".join(piece for piece, _ in pieces))
            linked = sum(len(squash(piece)) for piece, in_link in pieces if in_link)
            if text:
                self.found.append(Block(text, min(1.0, linked / len(text)), self._holders[-1]))
        self._lines = [[]]

    def _close(self, element: HtmlElement) -> None:
        if self._unseen:
            self._unseen -= 1
        elif element.tag in _BLOCKS:
            self.finish()
            self._holders.pop()
        elif element.tag == "a":
            self._links -= 1

    def _add(self, text: str | None) -> None:
        if text:
            self._lines[-1].append((text, self._links > 0))

    def _paragraphs(self) -> Iterator[list[tuple[str, bool]]]:
        pieces: list[tuple[str, bool]] = []
        before = ""
        for line in self._lines:
            said = "".join(piece for piece, _ in line).strip()
            if pieces and (not said or ENDS.search(before)):
                yield pieces
                pieces = []
            pieces += [(" ", False), *line]
            before = said
        yield pieces
