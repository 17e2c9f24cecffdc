"""Bytes to entries: RSS 0.9x to 2.0, RDF, Atom, JSON Feed and news sitemaps. Pure.

bytes ─ charset ─ text ─┬─ json_feed ──────────────────┐
                        └─ xml_tree ─┬─ xml_feed ──────┼─ parsed.ParsedFeed
                                     └─ sitemap ───────┘
                        not_a_feed says what else it may be
"""

from itertools import islice

from bot.errors import InputError
from bot.feeds import json_feed, not_a_feed, sitemap, xml_feed
from bot.feeds.charset import decode
from bot.feeds.parsed import ParsedEntry, ParsedFeed
from bot.feeds.xml_names import tag_name
from bot.feeds.xml_tree import tree

__all__ = ["ParsedEntry", "ParsedFeed", "parse"]

_PIECES = 20


def parse(body: bytes, url: str, content_type: str | None = None) -> ParsedFeed:
    """The feed in `body`, read from `url` with that Content-Type header.

    At most 2,000 entries are read, the first as listed. Raises InputError, which names `url` and what
    came instead, if it is no feed or not safe to read. A feed without entries is a feed.
    """
    if not body.strip():
        raise InputError(f"{url} gave an empty answer")
    text = decode(body, content_type).lstrip("\ufeff \t\r\n")
    if "\0" in text:
        raise InputError(f"{url} is not a feed: it has NUL bytes, which XML forbids")
    if text.startswith(("{", "[")):
        return json_feed.read(text, url)
    if not_a_feed.is_html(text):
        raise InputError(f"{url} is {not_a_feed.html_page(text)}, not a feed")
    if "<" not in text:
        raise InputError(f"{url} is not a feed but {not_a_feed.plain_text(text)}")
    return _xml(text, url)


def _xml(text: str, url: str) -> ParsedFeed:
    root = tree(text, url)
    if root is None:
        raise InputError(f"{url} is not a feed: no XML can be read in it")
    kind = tag_name(root.tag)
    local = root.tag.rpartition("}")[2]
    if local == "sitemapindex":
        sitemap.refuse_index(root, url)
    if local == "urlset":
        return sitemap.read(root, url)
    if kind in {"html", "xhtml:html"}:
        raise InputError(f"{url} is {not_a_feed.html_page(text)}, not a feed")
    if not xml_feed.is_feed(root):
        words = " ".join(islice(root.itertext(), _PIECES))
        raise InputError(f"{url} is not a feed but {not_a_feed.xml(local, words)}")
    return xml_feed.read(root, url)
