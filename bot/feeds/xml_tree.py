"""Text to an XML tree: what authors broke is mended, what attackers built is refused. Pure."""

import html
import html.entities
import re
from functools import cache, partial

from lxml import etree
from lxml.etree import _Element as Element

from bot.errors import InputError
from bot.feeds.xml_mend import mended

_MOST_LEVELS = 200
# XML 1.0 production [2] Char leaves these out; one of them would cost the rest of the feed.
_FORBIDDEN_BYTES = bytes(set(range(32)) - {9, 10, 13})
_NONCHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
# What Windows-1252 has in the places where Unicode has unused controls: ’ “ ” – … €
_C1 = re.compile("[\x80-\x9f]")
_C1_MEANT = {n: bytes([n]).decode("cp1252", "ignore") for n in range(0x80, 0xA0)}
_ODD_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)")
# CDATA and comments are passed over. An unclosed one runs to the end, so the search stays linear.
_REFERENCE = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    r"|&(?!(?:amp|lt|gt|quot|apos);)(?:#[xX]([0-9a-fA-F]+);|#([0-9]+);|([A-Za-z][A-Za-z0-9]{0,31});)?",
    re.DOTALL,
)
_FEED_START = re.compile(r"<(?:\?xml\b|!DOCTYPE\b|!--|(?:rdf:)?RDF\b|rss\b|feed\b|urlset\b|sitemapindex\b)")
_JUNK_MAX = 65_536


def tree(text: str, url: str) -> Element | None:
    """The root of `text`, with no entities and no comments left in it; None where there is no XML.

    What is not well-formed is read as far as it makes sense. Raises InputError for nesting beyond 200
    levels, which would hurt whoever walks it, and for declared entities ("a billion laughs").
    """
    text = _with_known_references(_from_the_feed_on(text))
    try:
        root = _read(text, is_lenient=False)
    except (etree.LxmlError, ValueError):
        root = mended(text, partial(_read, is_lenient=True))
    if root is None:
        return None
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and next(iter(declared.iterentities()), None) is not None:
        raise InputError(f"{url} declares entities (<!ENTITY …>) in its DOCTYPE, which feeds may not")
    if _too_deep()(root):
        raise InputError(f"{url} nests elements more than {_MOST_LEVELS} levels deep")
    return root


@cache
def _too_deep() -> etree.XPath:
    # In C and level by level: 0.01 ms for a feed, where a second expat pass that counts took 1 ms.
    return etree.XPath(f"boolean({'/*' * (_MOST_LEVELS + 1)})")


def _read(text: str, *, is_lenient: bool) -> Element | None:
    data = text.encode("utf-8", "replace").translate(None, _FORBIDDEN_BYTES)
    for character in _NONCHARACTERS:
        data = data.replace(character, b"")
    # libxml2's own limits stay on: levels, amplification, and text nodes of 10 MB.
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=is_lenient,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError):
        if is_lenient:
            return None
        raise


def _with_known_references(text: str) -> str:
    if not text.isascii():
        text = _C1.sub(lambda match: _C1_MEANT[ord(match[0])], text)
    return _REFERENCE.sub(_known_reference, text) if _ODD_REFERENCE.search(text) else text


def _from_the_feed_on(text: str) -> str:
    """The text without what a PHP warning or a stray blank put before it."""
    text = text.lstrip()
    if _FEED_START.match(text):
        return text
    found = _FEED_START.search(text, 0, _JUNK_MAX)
    return text[found.start() :] if found else text


def _known_reference(match: re.Match[str]) -> str:
    """A reference as XML knows it: `&nbsp;` becomes its character, `AT & T` keeps its sign."""
    hexadecimal, decimal, name = match.groups()
    if name:
        meant = html.entities.html5.get(f"{name};")
        return html.escape(meant) if meant else f"&amp;{name};"
    if hexadecimal or decimal:
        # html.unescape knows what HTML makes of 128 to 159, of surrogates and of what is no character.
        code = match[0] if len(match[0]) < 12 else "&#xFFFD;"  # noqa: PLR2004  # longer than any character's
        return html.escape(html.unescape(code) or "\ufffd")
    return match[0] if match[0] != "&" else "&amp;"
