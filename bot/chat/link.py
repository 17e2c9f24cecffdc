"""The link that somebody asks about: found in what they wrote, and compared with the links of feeds."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from telegram import Message, MessageEntity

from bot.links import canonical, choosing, is_web, site_of, split

_WWW = re.compile(r"^(?:www\d?|m|mobile|amp)\.")
_PLAIN = re.compile(r"[A-Za-z0-9._~/-]+")
_NO_SCHEME = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?/\S*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """A page by its address. `key` is the same for every spelling of it: with http or https, www or not.

    `words` stand in every spelling, for a first look; they are empty for a site's front page.
    """

    url: str
    host: str
    key: str
    words: str

    @property
    def hosts(self) -> tuple[str, str]:
        """The spellings of its host."""
        return self.host, f"www.{self.host}"


def page(url: str) -> Page | None:
    """The page of an address; None for what is no web address."""
    parts = split(url.strip())
    if parts is None:
        return None
    host = _WWW.sub("", site_of(parts))
    path = parts.path.rstrip("/")
    query = "&".join(sorted(choosing(parts.query).split("&")))
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    words = max(_PLAIN.findall(f"{path} {query}"), key=len, default="").strip("/")
    return Page(canonical(url), host, f"{host}{unquote(path)}?{query}#{fragment}", words)


def is_of(page_: Page, *urls: str | None) -> bool:
    """Whether one of the addresses is this page's."""
    return any(other.key == page_.key for url in urls if url and (other := page(url)) is not None)


def asked_link(message: Message) -> str | None:
    """The first link in a command's words, or in the message that it replies to; None where there is none."""
    words = (message.text or "").split()[1:]
    found = next((link for word in words if (link := _link(word)) is not None), None)
    if found is not None or message.reply_to_message is None:
        return found
    return _first_link(message.reply_to_message)


def _link(word: str) -> str | None:
    bare = word.strip("<>()[]\"'“”«»,;")
    if is_web(bare):
        return bare
    return f"https://{bare}" if _NO_SCHEME.fullmatch(bare) else None


def _first_link(message: Message) -> str | None:
    kinds: list[str | None] = [MessageEntity.URL, MessageEntity.TEXT_LINK]  # a list's type is exact
    marks = sorted(message.parse_entities(kinds).items(), key=lambda one: one[0].offset)
    links = (mark.url if mark.type == MessageEntity.TEXT_LINK else _link(text) for mark, text in marks)
    return next((link for link in links if link), None)
