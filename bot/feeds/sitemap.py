"""News sitemaps (https://www.google.com/schemas/sitemap-news/0.9): the pages of the last two days. Pure."""

from itertools import islice
from typing import NoReturn

from lxml.etree import _Element as Element

from bot.errors import InputError
from bot.feeds.dates import parse_date
from bot.feeds.parsed import MOST_ENTRIES, ParsedEntry, ParsedFeed, distinct, entry, name, web_address
from bot.feeds.titles import plain

_CHILDREN_NAMED = 3


def read(root: Element, url: str) -> ParsedFeed:
    """The news under a `urlset`: pages without a `news:news` of their own are left out.

    Raises InputError for a sitemap that lists pages and no news.
    """
    pages = root.findall("{*}url")
    news = [(page, said) for page in pages if (said := page.find("{*}news")) is not None]
    if pages and not news:
        raise InputError(
            f"{url} is a sitemap of {len(pages)} pages without news:news, not a news sitemap: "
            "pages without titles and dates are no news"
        )
    entries = [found for page, said in news[:MOST_ENTRIES] if (found := _entry(page, said, url))]
    publication = news[0][1].find("{*}publication") if news else None
    return ParsedFeed(
        title=plain(_text(publication, "name"), may_guess=True),
        language=name(_text(publication, "language")) or None,
        entries=distinct(entries),
        ttl_minutes=None,
    )


def refuse_index(root: Element, url: str) -> NoReturn:
    """Raises InputError that names the first sitemaps an index leads to."""
    addresses = (web_address(one.text or "", url) for one in root.iterfind("{*}sitemap/{*}loc"))
    named = ", ".join(islice(filter(None, addresses), _CHILDREN_NAMED))
    raise InputError(
        f"{url} is a sitemap index, not a news sitemap: "
        + (f"add the one of its sitemaps that has the news, such as {named}" if named else "it lists nothing")
    )


def _entry(page: Element, news: Element, url: str) -> ParsedEntry | None:
    return entry(
        guid="",
        title=plain(_text(news, "title"), may_guess=True),
        url=web_address(_text(page, "loc"), url),
        summary="",
        published_at=parse_date(_text(news, "publication_date")),
        updated_at=parse_date(_text(page, "lastmod")),
    )


def _text(parent: Element | None, tag: str) -> str:
    found = parent.find(f"{{*}}{tag}") if parent is not None else None
    return (found.text or "").strip() if found is not None else ""
