"""From a page to the addresses where its feeds may be. Pure."""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum
from itertools import islice
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from lxml import etree, html

from bot.feeds.feed_urls import as_web, place
from bot.text import squash

_PAGE_BYTES = 512 * 1024  # a page names its feeds in its head, or in its foot; longer ones are data
_ROBOTS_BYTES = 64 * 1024
_MOST_LINKS = 5_000
_MOST_HINTS = 50
_URL_MAX = 2_000
_TEXT_PIECES = 20  # an <a> that is never closed may hold the rest of the page
_TEXT_MAX = 80  # a label is short; a headline about RSS is not

_FEED_TYPES = frozenset(
    {
        *("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"),
        *("application/json", "application/xml", "text/xml", "text/rss+xml"),
    }
)
# WordPress announces its API as an alternate in JSON on every page; readers offer to take a feed.
_NO_FEED = re.compile(r"/wp-json/|oembed|/sitemap[^/]*\.xml|//(?:[\w.-]+\.)?feedly\.com/", re.IGNORECASE)
_FILE = re.compile(r"\.(?:rss|atom|rdf|xml)\Z|/(?:json/)?feeds?\.json\Z", re.IGNORECASE)
_PATH = re.compile(r"/(?:rss2?|feeds?|atom|rdf)/?\Z|/rss/", re.IGNORECASE)
_QUERY = re.compile(r"\b(?:feed|format|type|output|alt|f)=(?:rss2?|atom|feed|rdf)\b", re.IGNORECASE)
_FEED_HOST = re.compile(r"\A(?:feeds?|rss|feeds2|feedproxy)\.", re.IGNORECASE)
_LABEL = re.compile(r"\b(?:rss|atom|json feed|xml feed|news ?feeds?|web ?feeds?)\b", re.IGNORECASE)
_COMMENTS = re.compile(r"/comments?/|[?&]feed=comments|\bcomments?[-_](?:rss|feed)\b", re.IGNORECASE)
_COMMENTS_TITLE = re.compile(r"\bcomments? (?:on|for|feed)\b", re.IGNORECASE)
# The page's own channel first: the other key is also that of every video recommended beside it.
_CHANNELS = (
    re.compile(rb"\"external(?:Channel)?Id\":\"(UC[\w-]{22})\""),
    re.compile(rb"\"channelId\":\"(UC[\w-]{22})\""),
)
_SITEMAP_LINE = re.compile(r"(?im)^[ \t]*sitemap[ \t]*:[ \t]*(\S+)")

# "/news", "/en/sport"; what is deeper is an article, and WordPress keeps that one's comments there.
_SECTION = re.compile(r"(?:/[^/.]+){1,2}")

# Where content systems and hand-written sites keep a feed, the most usual first.
_COMMON_PATHS = (
    *("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json", "/feeds"),
    "/?feed=rss2",
)


class How(StrEnum):
    """How a feed's address was come by, the surest way first."""

    ITSELF = "is a feed itself"
    LINK = "link element"
    SITE = "this site's own way"
    ANCHOR = "link on the page"
    PATH = "common path"
    SITEMAP = "news sitemap"


@dataclass(frozen=True, slots=True)
class Hint:
    """An address that may be a feed's."""

    url: str
    how: How
    is_comments: bool = False


@dataclass(frozen=True, slots=True)
class _Site:
    """A site that does not always name its feeds, and where it keeps them: `host` and `path` both match."""

    host: re.Pattern[str]
    path: re.Pattern[str]
    feeds: tuple[str, ...]


def _site(host: str, path: str, *feeds: str) -> _Site:
    return _Site(re.compile(rf"\A(?:{host})\Z"), re.compile(rf"\A{path}"), feeds)


_SITES = (
    _site(
        r"(?:www\.|m\.)?youtube\.com",
        r"/channel/(UC[\w-]{22})",
        r"https://www.youtube.com/feeds/videos.xml?channel_id=\1",
    ),
    _site(
        r"(?:www\.|m\.)?youtube\.com",
        r"/playlist\?(?:.*&)?list=([\w-]+)",
        r"https://www.youtube.com/feeds/videos.xml?playlist_id=\1",
    ),
    _site(
        r"(?:www\.|old\.|new\.)?reddit\.com", r"/((?:r|u|user)/[\w+-]+)", r"https://www.reddit.com/\1/.rss"
    ),
    _site(
        r"(?:www\.)?github\.com",
        r"/([\w-]+/[\w.-]+)",
        r"https://github.com/\1/releases.atom",
        r"https://github.com/\1/commits.atom",
    ),
    _site(r"(?:www\.)?github\.com", r"/([\w-]+)/?\Z", r"https://github.com/\1.atom"),
    _site(r"(?:www\.)?medium\.com", r"/((?:tag/)?@?[\w-]+)", r"https://medium.com/feed/\1"),
    _site(r"bsky\.app", r"/profile/([\w.:-]+)", r"https://bsky.app/profile/\1/rss"),
    _site(r"[\w-]+\.(?:substack|medium)\.com", r"", "/feed"),
    _site(r"[\w-]+\.wordpress\.com", r"", "/feed/"),
    _site(r"[\w-]+\.tumblr\.com", r"", "/rss"),
    _site(r"[\w-]+\.blogspot\.com", r"", "/feeds/posts/default"),
)


def page_hints(body: bytes, url: str, content_type: str | None = None) -> tuple[Hint, ...]:
    """The feeds that the HTML page `body`, found at `url`, names or suggests, the surest first.

    Only the first 512 KiB are read. CPU-bound, and markup made to hurt is slow: for a child process.
    """
    root = _tree(body[:_PAGE_BYTES], content_type)
    named = [*known_feeds(url), *_channel_feeds(body, url)]
    if root is not None:
        base = _base(root, url)
        named = [*_link_elements(root, base), *named, *_anchors(root, base)]
    ranked = sorted(named, key=lambda hint: (hint.is_comments, list(How).index(hint.how)))
    return tuple(islice(_once(ranked, but=place(url)), _MOST_HINTS))


def known_feeds(url: str) -> tuple[Hint, ...]:
    """Where a well-known site keeps the feeds of the page at `url`, by its address alone."""
    parts = urlsplit(url)
    host, path = (parts.hostname or ""), urlunsplit(("", "", parts.path, parts.query, ""))
    for site in _SITES:
        match = site.path.match(path) if site.host.match(host) else None
        if match is not None:
            return tuple(Hint(urljoin(url, match.expand(feed)), How.SITE) for feed in site.feeds)
    return ()


def common_paths(url: str) -> tuple[Hint, ...]:
    """Where feeds usually are, for a page that names none: below its own path, then at its root."""
    parts = urlsplit(url)
    root = urlunsplit((parts.scheme, parts.netloc, "", "", ""))
    own = parts.path.rstrip("/")
    paths = [f"{own}/feed", *_COMMON_PATHS] if _SECTION.fullmatch(own) else [*_COMMON_PATHS]
    hints = [Hint(root + path, How.PATH) for path in paths]
    return tuple(_once(hints, but=place(url)))


def robots_url(url: str) -> str:
    """Where the site of `url` keeps its robots.txt."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))


def news_sitemaps(robots: bytes, url: str) -> tuple[Hint, ...]:
    """The sitemaps of news that the robots.txt at `url` names (`Sitemap:` lines with "news" in them)."""
    named = _SITEMAP_LINE.findall(robots[:_ROBOTS_BYTES].decode("utf-8", "replace"))
    addresses = (_resolve(url, address) for address in named if "news" in address.lower())
    hints = [Hint(a, How.SITEMAP) for a in addresses if a is not None and not a.endswith(".gz")]
    return tuple(_once(hints, but=""))


def is_comments(url: str, title: str) -> bool:
    """Whether this looks like a feed of readers' comments."""
    return bool(_COMMENTS.search(url) or _COMMENTS_TITLE.search(title))


def _tree(page: bytes, content_type: str | None) -> Any:
    """The page's root element; None where there is no HTML to speak of."""
    for encoding in (_encoding(page, content_type), None):
        try:
            return html.document_fromstring(page, parser=html.HTMLParser(encoding=encoding))
        except LookupError:
            continue  # a charset that nobody knows; the page may name a better one
        except (etree.LxmlError, ValueError, AssertionError, RecursionError):
            return None
    return None


def _encoding(page: bytes, content_type: str | None) -> str | None:
    """UTF-8 where the bytes are, whatever is declared; else the header's charset; else the page's own."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(page)  # incremental: the cut may part a character
    except UnicodeDecodeError:
        header = Message()
        header["Content-Type"] = (content_type or "").replace("\n", " ").replace("\r", " ")
        return header.get_content_charset()
    return "utf-8"


def _base(root: Any, url: str) -> str:
    for element in root.iter("base"):
        href = element.get("href")
        if href is not None:
            return _resolve(url, href) or url  # only the first counts (HTML, section 4.2.3)
    return url


def _link_elements(root: Any, base: str) -> Iterator[Hint]:
    for element in islice(root.iter("link"), _MOST_LINKS):
        relations = element.get("rel", "").lower().split()
        kind = element.get("type", "").partition(";")[0].strip().lower()
        is_feed = ("alternate" in relations and kind in _FEED_TYPES) or "feed" in relations
        target = _resolve(base, element.get("href", "")) if is_feed else None
        if target is not None and not _NO_FEED.search(target):
            yield Hint(target, How.LINK, is_comments(target, element.get("title", "")))


def _anchors(root: Any, base: str) -> list[Hint]:
    """Links that look like feeds: by their address first, then by their label alone."""
    by_address, by_label = [], []
    for element in islice(root.iter("a", "area"), _MOST_LINKS):
        href = element.get("href", "")
        target = _resolve(base, href)
        if target is None or _NO_FEED.search(target):
            continue
        label = _label(element)
        hint = Hint(target, How.ANCHOR, is_comments(target, label))
        is_stated = element.get("type", "").lower() in _FEED_TYPES or href.lower().startswith("feed:")
        if is_stated or _looks_like_feed(target, base):
            by_address.append(hint)
        elif len(label) <= _TEXT_MAX and _LABEL.search(label) and _is_same_site(target, base):
            by_label.append(hint)
    return by_address + by_label


def _looks_like_feed(target: str, base: str) -> bool:
    parts = urlsplit(target)
    if _FILE.search(parts.path) or _FEED_HOST.match(parts.hostname or ""):
        return True
    # Elsewhere "/feed" is a timeline to share on.
    is_own = _is_same_site(target, base)
    return is_own and bool(_PATH.search(parts.path) or _QUERY.search(parts.query))


def _is_same_site(target: str, base: str) -> bool:
    there, here = _host(urlsplit(target)), _host(urlsplit(base))
    return there == here or there.endswith(f".{here}") or here.endswith(f".{there}")


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").removeprefix("www.")


def _label(element: Any) -> str:
    """What the link says: its text, or where it has none, its tooltip or its picture's text."""
    text = squash("".join(islice(element.itertext(), _TEXT_PIECES)))
    pictures = (image.get("alt", "") for image in islice(element.iter("img"), 1))
    return text or element.get("title", "") or element.get("aria-label", "") or next(pictures, "")


def _channel_feeds(body: bytes, url: str) -> list[Hint]:
    """The feed of the YouTube channel that a page like youtube.com/@name is about.

    All of the page is searched: its data, with the channel's id, come after 600 KB of script.
    """
    if not re.search(r"(?:\A|\.)youtube\.com\Z", urlsplit(url).hostname or ""):
        return []
    found = next(filter(None, (channel.search(body) for channel in _CHANNELS)), None)
    address = "https://www.youtube.com/feeds/videos.xml?channel_id="
    return [Hint(address + found[1].decode("ascii"), How.SITE)] if found else []


def _resolve(base: str, href: str) -> str | None:
    """The web address that `href` means on the page `base`, without its fragment."""
    stated = href.strip()
    if not stated or stated.startswith("#") or len(stated) > _URL_MAX:
        return None
    direct = as_web(stated)
    try:
        joined = direct or as_web(urljoin(base, stated.replace(" ", "%20")))
    except ValueError:  # "http://[" and the like
        return None
    return joined.partition("#")[0] if joined else None


def _once(hints: Iterable[Hint], *, but: str) -> Iterator[Hint]:
    """Each place once, and the place `but` not at all."""
    seen = {but}
    for hint in hints:
        key = place(hint.url)
        if key not in seen:
            seen.add(key)
            yield hint
