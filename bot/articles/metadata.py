"""What a page says about itself: headline, times, author, language, canonical address, lead image. Pure."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lxml.html import HtmlElement

from bot.articles.likeness import known, says
from bot.articles.urls import resolve
from bot.links import canonical, is_web
from bot.text import squash

_ARTICLE = re.compile(r"Article|Posting|Report|LiveBlog|Review|Story|Analysis|Opinion", re.IGNORECASE)
_PUBLISHED = (
    "article:published_time", "datepublished", "og:published_time", "dc.date.issued", "dcterms.created",
    "parsely-pub-date", "sailthru.date", "article.published", "publishdate", "publish-date", "pubdate",
    "date", "dc.date", "cxenseparse:recs:publishtime", "last-published", "publication_date",
)  # fmt: skip
_UPDATED = (
    "article:modified_time",
    "datemodified",
    "og:updated_time",
    "dcterms.modified",
    "last-modified",
    "revised",
)
_AUTHOR = (
    "author",
    "article:author",
    "parsely-author",
    "byl",
    "dc.creator",
    "dcterms.creator",
    "sailthru.author",
)
_DESCRIPTION = ("og:description", "description", "twitter:description", "dc.description")
_IMAGE = (
    "og:image:secure_url",
    "og:image:url",
    "og:image",
    "twitter:image",
    "twitter:image:src",
    "thumbnail",
)
_LANGUAGE = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_][\w-]*)?\s*$")
_NO_LANGUAGE = frozenset({"und", "zxx", "mul", "xx"})
_NOT_A_NAME = re.compile(r"https?:|www\.|@|^\W*$|^\d+$", re.IGNORECASE)
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//<!\[CDATA\[)|(?:-->|//\]\]>)\s*$"
)  # comments for the sake of old browsers
_MOST_NODES = 2_000
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Metadata:
    """A page's own words about itself; None or empty where it is silent. Times are UTC."""

    titles: tuple[str, ...]  # candidates for the headline, best first
    site: str | None
    published_at: datetime | None
    updated_at: datetime | None
    author: str | None
    language: str | None
    canonical_url: str | None
    image_url: str | None
    description: str
    body: str  # JSON-LD's articleBody
    free: bool | None  # schema.org's isAccessibleForFree


def metadata(tree: HtmlElement, *, url: str | None) -> Metadata:
    """Reads JSON-LD, meta tags and links, in this order of trust ."""
    nodes = list(_nodes(tree))
    article = _article(nodes)
    meta = _meta_tags(tree)
    said = {key: meta[key] for key in meta if meta[key]}
    base = _absolute(_link(tree, "canonical") or said.get("og:url"), url)
    published = _first_time(article.get("datePublished"), *(said.get(key) for key in _PUBLISHED))
    return Metadata(
        titles=_titles(tree, article, said),
        site=_name(said.get("og:site_name"))
        or _name(article.get("publisher"))
        or _name(said.get("application-name")),
        published_at=published or _first_time(*_marked_times(tree)),
        updated_at=_first_time(article.get("dateModified"), *(said.get(key) for key in _UPDATED)),
        author=_names(article.get("author"))
        or next((n for key in _AUTHOR if (n := _names(said.get(key)))), None),
        language=_language(tree, said, article),
        canonical_url=base,
        image_url=_absolute(next((said[key] for key in _IMAGE if key in said), None) or _image(article), url),
        description=next((squash(said[key]) for key in _DESCRIPTION if key in said), "")
        or _text(article, "description"),
        body=max((_text(node, "articleBody") for node in nodes), key=len, default=""),
        free=_free(article),
    )


def parse_time(said: object) -> datetime | None:
    """An ISO time in UTC; what names no zone is taken at its word as UTC. None for anything else."""
    if not isinstance(said, str) or not 8 <= len(said.strip()) <= 40:  # noqa: PLR2004 - from 20260302 up
        return None
    try:
        at = datetime.fromisoformat(re.sub(r"\s+([+-]\d\d:?\d\d)$", r"\1", said.strip()))
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _nodes(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Every JSON-LD object of the page, outer ones first."""
    waiting: list[Any] = []
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        try:
            waiting.append(json.loads(_WRAPPING.sub("", script.text or ""), strict=False))
        except (ValueError, RecursionError):
            continue
    seen = 0
    while waiting and seen < _MOST_NODES:
        value = waiting.pop(0)
        seen += 1
        if isinstance(value, dict):
            yield value
            waiting += [inner for inner in value.values() if isinstance(inner, dict | list)]
        elif isinstance(value, list):
            waiting[:0] = [inner for inner in value if isinstance(inner, dict | list)]


def _article(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """The object that is the page's article; an empty one where none is."""
    for node in nodes:
        kinds = node.get("@type")
        named = " ".join(map(str, kinds)) if isinstance(kinds, list) else str(kinds)
        if _ARTICLE.search(named) and (node.get("headline") or node.get("datePublished")):
            return node
    return {}


def _meta_tags(tree: HtmlElement) -> dict[str, str]:
    """The first content of each meta tag, by its name, property or itemprop in lower case."""
    found: dict[str, str] = {}
    for tag in tree.iter("meta"):
        content = tag.get("content")
        for key in ("property", "name", "itemprop", "http-equiv"):
            for name in (tag.get(key) or "").lower().split():
                if content and content.strip():
                    found.setdefault(name, content.strip())
    return found


def _titles(tree: HtmlElement, article: dict[str, Any], said: dict[str, str]) -> tuple[str, ...]:
    lines = [squash(t.text_content()) for t in tree.iter("title") if t.getparent().tag != "svg"]
    stated = [_text(article, "headline"), squash(said.get("og:title", ""))]
    others = [squash(said.get("twitter:title", "")), *lines[:1]]
    # An h1 that the page's other titles do not resemble is the site's name, or a section's.
    told = known(text for text in (*stated, *others) if text)
    headings = [text for h in tree.iter("h1") if (text := squash(h.text_content())) and says(told, text)]
    return tuple(dict.fromkeys(text for text in (*stated, *headings[:1], *others) if text))


def _marked_times(tree: HtmlElement) -> Iterator[str | None]:
    """Times that the visible page marks: itemprop first, then the first `<time>` of the article."""
    for element in tree.iter():
        if isinstance(element.tag, str) and "datepublished" in (element.get("itemprop") or "").lower():
            yield element.get("datetime") or element.get("content")
    for element in tree.iter("time"):
        yield element.get("datetime")


def _first_time(*said: object) -> datetime | None:
    return next((at for text in said if (at := parse_time(text))), None)


def _language(tree: HtmlElement, said: dict[str, str], article: dict[str, Any]) -> str | None:
    root = tree if tree.tag == "html" else next(tree.iter("html"), tree)
    candidates = (
        root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang"),
        said.get("og:locale"), said.get("content-language"), article.get("inLanguage"),
    )  # fmt: skip
    for text in candidates:
        found = _LANGUAGE.match(text) if isinstance(text, str) else None
        if found and found[1].lower() not in _NO_LANGUAGE:
            return found[1].lower()
    return None


def _link(tree: HtmlElement, relation: str) -> str | None:
    for link in tree.iter("link"):
        if relation in (link.get("rel") or "").lower().split() and (link.get("href") or "").strip():
            return str(link.get("href"))
    return None


def _absolute(link: str | None, url: str | None) -> str | None:
    full = resolve(url, link) if link else ""
    return canonical(full) if is_web(full) else None


def _text(node: dict[str, Any], key: str) -> str:
    value = node.get(key)
    return squash(value) if isinstance(value, str) else ""


def _name(value: object) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name")
    text = squash(value) if isinstance(value, str) else ""
    return text if text and len(text) <= _LONGEST_NAME and not _NOT_A_NAME.search(text) else None


def _names(value: object) -> str | None:
    """The names of one author or several, joined with commas."""
    several = value if isinstance(value, list) else [value]
    return ", ".join(dict.fromkeys(name for one in several[:10] if (name := _name(one)))) or None


def _image(article: dict[str, Any]) -> str | None:
    value = article.get("image")
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("url")
    return value if isinstance(value, str) else None


def _free(article: dict[str, Any]) -> bool | None:
    """schema.org's isAccessibleForFree; of its parts, where the whole is silent."""
    parts = article.get("hasPart")
    several = [article, *(parts if isinstance(parts, list) else [parts])]
    said = [str(p.get("isAccessibleForFree", "")) for p in several if isinstance(p, dict)]
    stated = [text.rpartition("/")[2].strip().lower() for text in said]
    return {"true": True, "false": False}.get(next((word for word in stated if word), ""))
