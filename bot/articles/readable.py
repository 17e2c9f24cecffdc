"""From a page, or from a feed's own summary, to an article's plain text."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from urllib.parse import urlsplit

from bot.articles.boilerplate import clean, clean_title
from bot.model import Article
from bot.text import squash, words

ENOUGH_WORDS = 25
_LONGEST = 50_000  # characters of a summary: what a feed sends beyond is no summary, or an attack


def _set(listed: str) -> frozenset[str]:
    """The words of a list, as a set."""
    return frozenset(listed.split())


_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]")
_BREAKS = _set(
    "address article aside blockquote br caption dd div dl dt fieldset figcaption figure footer form h1"
    " h2 h3 h4 h5 h6 header hr li main nav ol option p pre section table td th tr ul"
)
_HIDDEN = frozenset({"script", "style", "noscript", "template", "iframe", "svg", "figcaption", "button"})
_STILL_HTML = re.compile(r"</?(?:p|br|div|a|strong|em|img|ul|li|span|b|i)\b[^>]*>", re.IGNORECASE)
_BLOCK = re.compile(rf"<(?:{'|'.join(sorted(_BREAKS))})\b", re.IGNORECASE)
_LANGUAGE = re.compile(r"<html\b[^>]*?\blang\s*=\s*[\"']?([A-Za-z]{2,3})\b", re.IGNORECASE)
_PUBLISHED = (
    re.compile(r"\"datePublished\"\s*:\s*\"([^\"]{8,40})\""),
    re.compile(
        r"<meta\b[^>]*\barticle:published_time[\"'][^>]*\bcontent\s*=\s*[\"']([^\"']{8,40})", re.IGNORECASE
    ),
    re.compile(
        r"<meta\b[^>]*\bcontent\s*=\s*[\"']([^\"']{8,40})[\"'][^>]*\barticle:published_time", re.IGNORECASE
    ),
    re.compile(
        r"itemprop\s*=\s*[\"']datePublished[\"'][^>]*\b(?:content"
        r"|datetime)\s*=\s*[\"']([^\"']{8,40})",
        re.IGNORECASE,
    ),
)


def readable(html: bytes | str, *, url: str | None, fallback_title: str = "") -> Article | None:
    """The article on a page; None when the page holds fewer than 25 words of it.

    `fallback_title` (the feed's) is used where the page names none. `published_at` is what the page says,
    in UTC; a page that gives no zone is taken at its word as UTC. CPU-bound: 10 to 100 ms a page.
    """
    from trafilatura import bare_extraction  # heavy: 0.5 s and 60 MB, so only where a page is read

    try:
        page = bare_extraction(
            html, url=url, with_metadata=True, include_comments=False, include_tables=False, deduplicate=False
        )
    except (RecursionError, ValueError):  # lxml on absurdly deep or broken pages; the feed's summary will do
        return None
    if page is None:
        return None
    found = page if isinstance(page, dict) else page.as_dict()
    site = squash(found.get("sitename") or "") or None
    title = clean_title(found.get("title") or "", site) or squash(fallback_title)
    text = "\n".join(clean((found.get("text") or "").split("\n"), title=title, site=site))
    if _size(text) < ENOUGH_WORDS:
        return None
    head = html[:200_000] if isinstance(html, str) else html[:200_000].decode("utf-8", "replace")
    language = _LANGUAGE.search(head)
    return Article(
        title=title,
        text=text,
        url=url or found.get("url"),
        published_at=_published(head) or _time(found.get("date") or ""),
        author=squash(found.get("author") or "") or None,
        language=language[1].lower() if language else None,
        site=site or _host(url),
    )


def from_summary(title: str, summary_html: str, *, url: str | None) -> Article:
    """The feed's own summary as a bare article: tags dropped, paragraphs kept, nothing added.

    Text may be empty. Never raises, whatever the feed sent.
    """
    headline = squash(" ".join(_lines(title[:_LONGEST])))
    lines = _lines(summary_html[:_LONGEST])
    if _STILL_HTML.search("\n".join(lines)):  # some feeds escape twice
        lines = _lines("\n".join(lines))
    host = _host(url)
    shown = clean_title(headline, host)
    return Article(
        title=shown, text="\n".join(clean(lines, title=headline, site=host)), url=url, site=host, bare=True
    )


class _Text(HTMLParser):
    """Collects the text of an HTML fragment, with a line break where a block begins or ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _HIDDEN:
            self._hidden.append(tag)
        if tag in _BREAKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            while self._hidden.pop() != tag:
                pass
        if tag in _BREAKS:
            self.pieces.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _BREAKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


def _lines(html: str) -> list[str]:
    """The lines of an HTML fragment, or of plain text, without tags; blank lines dropped.

    Where blocks part the text a line break is only a space, as in HTML; plain text keeps its own breaks.
    """
    parser = _Text()
    parser.feed(re.sub(r"\s+", " ", html) if _BLOCK.search(html) else html)
    parser.close()
    return [line for line in (squash(part) for part in "".join(parser.pieces).splitlines()) if line]


def _size(text: str) -> int:
    """Words, with two characters to a word in scripts that write no spaces."""
    return len(words(_CJK.sub(" ", text))) + len(_CJK.findall(text)) // 2


def _published(head: str) -> datetime | None:
    for pattern in _PUBLISHED:
        found = pattern.search(head)
        at = _time(found[1]) if found else None
        if at:
            return at
    return None


def _time(said: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(said.strip())
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _host(url: str | None) -> str | None:
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.") or None
    except ValueError:
        return None
