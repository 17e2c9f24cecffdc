"""A feed's own summary as an article, for want of a page. Pure."""

import re
from html.parser import HTMLParser

from bot.articles.boilerplate import clean, clean_title
from bot.articles.patterns import listed
from bot.articles.urls import host
from bot.model import Article
from bot.text import squash

_LONGEST = 50_000  # characters of a summary: what a feed sends beyond is no summary, or an attack
_BREAKS = listed(
    "address article aside blockquote br caption dd div dl dt fieldset figcaption figure footer form h1"
    " h2 h3 h4 h5 h6 header hr li main nav ol option p pre section table td th tr ul"
)
_HIDDEN = frozenset({"script", "style", "noscript", "template", "iframe", "svg", "figcaption", "button"})
_STILL_HTML = re.compile(r"</?(?:p|br|div|a|strong|em|img|ul|li|span|b|i)\b[^>]*>", re.IGNORECASE)
_BLOCK = re.compile(rf"<(?:{'|'.join(sorted(_BREAKS))})\b", re.IGNORECASE)


def from_summary(title: str, summary_html: str, *, url: str | None) -> Article:
    """The feed's own summary as a bare article: tags dropped, paragraphs kept, nothing added.

    Text may be empty. Never raises, whatever the feed sent.
    """
    headline = squash(" ".join(_lines(title[:_LONGEST])))
    lines = _lines(summary_html[:_LONGEST])
    if _STILL_HTML.search("\n".join(lines)):  # some feeds escape twice
        lines = _lines("\n".join(lines))
    site = host(url)
    shown = clean_title(headline, site)
    return Article(
        title=shown, text="\n".join(clean(lines, title=headline, site=site)), url=url, site=site, bare=True
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
