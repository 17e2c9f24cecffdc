"""From a page, or from a feed's own summary, to an article's plain text. Pure."""

from copy import deepcopy
from datetime import datetime

from lxml.etree import LxmlError
from lxml.html import HtmlElement

from bot.articles.blocks import blocks
from bot.articles.boilerplate import clean, headline
from bot.articles.furniture import cut
from bot.articles.likeness import size
from bot.articles.metadata import Metadata, metadata, parse_time
from bot.articles.patterns import ENOUGH_WORDS
from bot.articles.story import choose, confirmed
from bot.articles.summary import from_summary
from bot.articles.urls import host
from bot.articles.walls import is_walled
from bot.model import Article
from bot.text import fold, squash, words

__all__ = ["from_summary", "is_thin", "read_page", "readable"]

# What lxml, trafilatura and htmldate raise on absurd or broken pages: then the feed's summary will do.
_TRIPPED = (RecursionError, ValueError, LxmlError, AttributeError, TypeError, LookupError)
_MORE = 1.3  # the page's own articleBody is so much longer than what the extractor found: the better guide
_TELLING = 4  # letters of a word that tells what a page is about
_WHOLE_BODY = 100  # words of an articleBody that is no excerpt


def readable(html: bytes | str, *, url: str | None, fallback_title: str = "") -> Article | None:
    """The article on a page; None where nothing of it can be read, so that the feed's summary serves.

    That is so on pages that ask for a payment, a consent or a proof of humanity and show no more than a
    teaser. `fallback_title` (the feed's) is used where the page names none. Times are the page's, in UTC; one
    without a zone is taken at its word as UTC. CPU-bound: 10 to 200 ms a page.
    """
    from trafilatura.utils import load_html  # heavy: 0.5 s and 60 MB, so only where a page is read

    try:
        tree = load_html(html)
        return None if tree is None else _read(tree, url, squash(fallback_title))
    except _TRIPPED:
        return None


def read_page(html: bytes, url: str, title: str) -> Article | None:
    """The article on the page of a feed's entry with that title; None where it is none, or hardly any."""
    article = readable(html, url=url, fallback_title=title)
    return None if article is None or is_thin(article, title) else article


def is_thin(article: Article, title: str) -> bool:
    """Whether so little was found that it may be no article: few words, and none of the feed's title.

    A news flash has twenty words; so has a page that wants its scripts switched on.
    """
    if size(article.text) >= ENOUGH_WORDS:
        return False
    named = {word for word in words(fold(title)) if len(word) >= _TELLING}
    return not named & set(words(fold(article.text)))


def _read(tree: HtmlElement, url: str | None, fallback_title: str) -> Article | None:
    said = metadata(tree, url=url)
    title = headline(said.titles, said.site) or fallback_title
    published = said.published_at or _dated(tree)
    whole = deepcopy(tree)
    cut(tree)
    text = "\n".join(clean(_story(tree, whole, said, title), title=title, site=said.site, author=said.author))
    if not text:
        return None
    # Looked at only where the text is short: a page's header may name its subscribers too.
    notices = (block.text for block in blocks(whole))
    if is_walled(title=title, text=text, free=said.free, notices=notices):
        return None
    return Article(
        title=title,
        text=text,
        url=url or said.canonical_url,
        published_at=published,
        updated_at=said.updated_at,
        author=said.author,
        language=said.language,
        site=said.site or host(url),
        canonical_url=said.canonical_url,
        image_url=said.image_url,
    )


def _story(tree: HtmlElement, whole: HtmlElement, said: Metadata, title: str) -> list[str]:
    """The story's paragraphs, credits still among them; `tree` is `whole` without its furniture."""
    extracted = _extract(tree) or _extract(whole)
    page = blocks(tree)
    found = choose(page, extracted, title=title, description=said.description)
    if size(said.body) > _MORE * sum(size(line) for line in extracted):
        found = choose(page, [said.body], title=title, description=said.description) or found
    if size(said.body) >= _WHOLE_BODY:
        found = confirmed(found, said.body)
    return [block.text for block in found] or extracted or [said.body]


def _extract(tree: HtmlElement) -> list[str]:
    from trafilatura import bare_extraction

    page = bare_extraction(tree, include_comments=False, with_metadata=False)
    found = page if page is None or isinstance(page, dict) else page.as_dict()
    return [line for line in ((found or {}).get("text") or "").split("\n") if line.strip()]


def _dated(tree: HtmlElement) -> datetime | None:
    """The day that the page shows or its address names, where no tag states a time."""
    from htmldate import find_date

    return parse_time(find_date(tree, extensive_search=False, original_date=True))
