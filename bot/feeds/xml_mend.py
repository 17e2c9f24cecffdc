"""XML that is not well-formed: what one entry has broken stays within that entry. Pure.

libxml2's own recovery may let a stray `</description>` end the whole feed, and takes the guid after an
unclosed `<br>` for a part of the description. So raw HTML in a text is escaped, as it should have been,
and each entry is read as a document of its own.
"""

import html
import re
from collections.abc import Callable

from lxml.etree import _Element as Element

_MOST_ENTRIES = 2_500  # more than are read, since some may say nothing
_HEAD_MAX = 65_536
# CDATA and comments are passed over. An unclosed one runs to the end, so the search stays linear.
_ENTRY_TAG = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<(/?)(?:\w{1,20}:)?(?:item|entry)(?=[\s>/])", re.DOTALL
)
_NAMESPACE = re.compile(r"\sxmlns(?::[\w.-]{1,40})?\s{0,9}=\s{0,9}(?:\"[^\"<]{0,300}\"|'[^'<]{0,300}')")
_TEXT_TAG = re.compile(
    r"<((?:(?:dc|media|itunes):)?(?:title|description|summary)|content(?::encoded)?)(?=[\s>])[^<>]{0,1000}>"
)


def mended(text: str, read: Callable[[str], Element | None]) -> Element | None:
    """The root of `text`, which is not well-formed; `read` makes a tree of a text as well as it can."""
    chunks, first, last = _entries(text)
    root = read(text[:first] + text[last:])
    if root is None:
        return None
    parent = next(root.iter("{*}channel"), root)
    if root.tag.rpartition("}")[2].lower() == "rdf":
        parent = root
    spaces = "".join(dict.fromkeys(_NAMESPACE.findall(text, 0, min(first, _HEAD_MAX))))
    for start, end in chunks:
        wrapped = read(f"<x{spaces}>{_with_texts_escaped(text[start:end])}</x>")
        if wrapped is not None and len(wrapped):
            parent.append(wrapped[0])
    return root


def _entries(text: str) -> tuple[list[tuple[int, int]], int, int]:
    """Where each entry starts and ends (at its end tag, or before the next), and the span of them all.

    What was cut off in its middle is left out: it may have lost its guid, and be news again when whole.
    """
    found: list[tuple[int, int]] = []
    first, open_at = None, None
    for tag in _ENTRY_TAG.finditer(text):
        is_end = tag[1] == "/"
        if tag[1] is None or (is_end and open_at is None):
            continue
        if first is None:
            first = tag.start()
        if open_at is not None:
            found.append((open_at, (text.find(">", tag.end()) + 1 or len(text)) if is_end else tag.start()))
        open_at = None if is_end else tag.start()
        if len(found) >= _MOST_ENTRIES:
            return found, first, len(text)
    if first is None:
        return [], len(text), len(text)
    return found, first, found[-1][1] if found and open_at is None else len(text)


def _with_texts_escaped(entry: str) -> str:
    """The entry with `<title>1 < 2</title>` and `<description>a<br>b</description>` as they were meant."""
    pieces, done = [], 0
    for tag in _TEXT_TAG.finditer(entry):
        if tag.start() < done:
            continue
        end = entry.find(f"</{tag[1]}", tag.end())
        if end < 0:
            break  # and so the search stays linear: what is never closed is looked for once
        inner = entry[tag.end() : end]
        if "<" in inner and "<![CDATA[" not in inner:
            inner = html.escape(inner, quote=False)
        pieces += [entry[done : tag.end()], inner]
        done = end
    return "".join([*pieces, entry[done:]])
