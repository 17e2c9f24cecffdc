"""The many namespaces that feeds are written in, as one vocabulary. Pure."""

from functools import lru_cache

# All that feeds are written in counts as one vocabulary, as with feedparser: `atom:link` in RSS is a link.
_PLAIN_SPACES = frozenset(
    {
        *("", "http://www.w3.org/2005/atom", "http://purl.org/atom/ns#", "http://purl.org/rss/1.0/"),
        *("http://my.netscape.com/rdf/simple/0.9/", "http://channel.netscape.com/rdf/simple/0.9/"),
        *("http://backend.userland.com/rss", "http://backend.userland.com/rss2"),
        *("http://backend.userland.com/rss091", "http://backend.userland.com/rss092"),
        *("http://blogs.law.harvard.edu/tech/rss", "http://purl.org/net/rss1.1#", "http://purl.org/pie/"),
        *("http://purl.org/rss/1.0/modules/rss091#", "http://www.rssboard.org/rss-specification"),
    }
)
_PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://www.w3.org/1999/xhtml": "xhtml",
}


@lru_cache(maxsize=4_096)
def tag_name(tag: str) -> str:
    """`{namespace}Tag` in one word: `tag` for what feeds are written in, `dc:tag` for their extensions.

    A prefix that nobody declared counts for what it usually stands for.
    """
    space, _, local = tag.rpartition("}")
    space = space.removeprefix("{").lower()
    if space in _PLAIN_SPACES or space.startswith("http://backend.userland.com/rss"):
        return local.lower()
    prefix = _PREFIXES.get(space)
    return f"{prefix}:{local.lower()}" if prefix else tag
