"""What came instead of a feed, in words that help its owner. Pure."""

import html
import re

from bot.text import clip, squash

_SNIFFED = 1_024
_READ = 65_536
_TITLE_MAX = 80
_EXCERPT_MAX = 120
_SMALL_PAGE = 16_384
# An unclosed comment runs to the end, so the search stays linear.
_ASIDES = re.compile(r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)", re.DOTALL)
_HTML_START = re.compile(r"(?i)<(?:!doctype\s+html|html|head|body|script|meta|title|center|div|h1|p)\b")
_FEED_ROOT = re.compile(r"(?i)<(?:\w+:)?(?:rss|feed|rdf|urlset|sitemapindex)\b")
_TITLE = re.compile(r"(?i)<title\b[^>]{0,200}>([^<]{0,500})")
# What Cloudflare, Akamai, Imperva, DataDome, PerimeterX and DDoS-Guard put on their pages.
_CHECKS = re.compile(
    r"(?i)just a moment|attention required|checking your browser|pardon our interruption|access denied"
    r"|cf[-_]chl|/cdn-cgi/challenge|_incapsula_|datadome|px-captcha|perimeterx|ddos[- ]guard|unusual traffic"
    r"|are you (?:a )?(?:human|robot)|not a robot|verify(?:ing)? (?:that )?you are (?:a )?human"
    r"|enable javascript and cookies"
)
_CAPTCHA = re.compile(r"(?i)captcha")


def is_html(text: str) -> bool:
    """Whether a page starts here; a feed that only wears an HTML doctype is none."""
    start = _ASIDES.sub("", text[:_READ]).lstrip()
    return bool(_HTML_START.match(start)) and not _FEED_ROOT.search(text[:_SNIFFED])


def html_page(text: str) -> str:
    """`an HTML page titled 'Just a moment…' (a bot check)`."""
    found = _TITLE.search(text[:_READ])
    title = clip(squash(html.unescape(found[1])), _TITLE_MAX) if found else ""
    # Many a page has a captcha in its contact form; a small one has nothing else.
    is_check = _CHECKS.search(title) or (
        len(text) < _SMALL_PAGE and (_CHECKS.search(text) or _CAPTCHA.search(text))
    )
    return f"an HTML page{f' titled {title!r}' if title else ''}{' (a bot check)' if is_check else ''}"


def plain_text(text: str) -> str:
    """`plain text: 'Too many requests'`."""
    printable = sum(character.isprintable() or character.isspace() for character in text[:_SNIFFED])
    if "\ufffd" in text[:_SNIFFED] or printable < len(text[:_SNIFFED]):
        return "neither XML nor JSON, nor any text"
    return f"plain text: {clip(squash(text[:_SNIFFED]), _EXCERPT_MAX)!r}"


def xml(root_name: str, words: str) -> str:
    """`XML of another kind (<Error>): 'Access denied'`."""
    if root_name.lower() == "opml":
        return "an OPML list of feeds, which can be imported"
    said = clip(squash(words), _EXCERPT_MAX)
    return f"XML of another kind (<{clip(root_name, _TITLE_MAX)}>){f': {said!r}' if said else ''}"
