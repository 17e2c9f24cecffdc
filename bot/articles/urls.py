"""Addresses of articles: relative links, and AMP and print pages led back to the page itself. Pure."""

import re
from urllib.parse import SplitResult, urljoin, urlsplit

from bot.links import canonical, split

# Pages made for a reader app, a phone or a printer, which name the real one as their canonical address.
_SPECIAL_HOST = re.compile(r"(?:^|\.)(?:amp|print)\.|\.cdn\.ampproject\.org$|^google\.[\w.]+$", re.IGNORECASE)
_SPECIAL_PATH = re.compile(
    r"[/._-]amp(?:\.html?|\.php)?/?$|/amp/|(?:^|/)(?:print|druck|drucken|imprimer|imprimir|stampa|druckversion|printpage)"
    r"(?:\.\w+)?(?:/|$)|[._-]print(?:\.\w+)?/?$",
    re.IGNORECASE,
)
_SPECIAL_QUERY = re.compile(
    r"(?:^|&)(?:(?:amp|print|printable|druck|imprimir)(?:=(?:1|true|yes|y))?|(?:outputtype|view|mode|format|layout|output)"
    r"=(?:amp|print|printable|druck))(?=&|$)",
    re.IGNORECASE,
)


def better_url(url: str, canonical_url: str | None) -> str | None:
    """The address to fetch instead, when `url` is an AMP or print version of a page of the same site.

    `canonical_url` is what the page calls its own address. None where `url` is an ordinary address, and where
    the page names no other, a page that is an AMP or print version itself, another site, or the site's front.
    """
    page, other = split(url.strip()), split((canonical_url or "").strip())
    if page is None or other is None or not _is_special(page) or _is_special(other):
        return None
    if other.path in {"", "/"} and not other.query:
        return None
    return canonical(canonical_url or "") if _same_site(page, other) else None


def resolve(base: str | None, url: str) -> str:
    """The address that `url` means on the page `base`; `url` itself where the two cannot be joined."""
    try:
        return urljoin(base or "", url.strip())
    except ValueError:
        return url.strip()


def host(url: str | None) -> str | None:
    """The host of an address without its 'www.'; None where there is none."""
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


def _is_special(parts: SplitResult) -> bool:
    """Whether the address is that of an AMP or print version."""
    name = (parts.hostname or "").removeprefix("www.")
    if _SPECIAL_HOST.search(name):
        return not name.startswith("google.") or parts.path.startswith("/amp/")
    return bool(_SPECIAL_PATH.search(parts.path) or _SPECIAL_QUERY.search(parts.query))


def _same_site(page: SplitResult, other: SplitResult) -> bool:
    """Whether both are of one site; an AMP cache names the site in its host or its path."""
    site, wanted = _site(page.hostname or ""), _site(other.hostname or "")
    if site == wanted:
        return True
    cached = (page.hostname or "").partition(".")[0].replace("-", ".").replace("..", "-")
    return wanted in {_site(cached), *(_site(part) for part in page.path.split("/")[:6] if "." in part)}


def _site(name: str) -> str:
    """The host without what stands before the site's own name: 'amp.news.example' → 'news.example'.

    Two labels, or three where the last two are short ('co.uk'): near enough to compare two hosts of one page.
    """
    labels = name.lower().rstrip(".").split(".")
    short = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3  # noqa: PLR2004
    return ".".join(labels[-3:] if short else labels[-2:])
