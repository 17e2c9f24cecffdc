"""The outlets' feeds, each in a dialect met in the wild: two RSS 2.0, one Atom, one RSS full of HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape

from bot.playground.newsroom.press import Outlet, Press, load_press
from bot.playground.newsroom.timeline import Published
from bot.times import iso

POLL_SECONDS = 5
_MORE = {"en": "Read more…", "fr": "Lire la suite…", "es": "Leer más…"}
_RSS = (
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
)


@dataclass(frozen=True, slots=True)
class NewsFeed:
    """A feed to register; `language` is None where the items state their own."""

    url: str
    name: str
    language: str | None
    topic: str | None = None  # all four outlets are general newspapers
    poll_seconds: int = POLL_SECONDS


def feeds(base_url: str, press: Press | None = None) -> list[NewsFeed]:
    """The four feeds under `base_url`, which is scheme, host and port without a final slash."""
    outlets = (press or load_press()).outlets.values()
    return [NewsFeed(base_url + feed_path(one), one.name, one.language) for one in outlets]


def feed_path(outlet: Outlet) -> str:
    """Where the outlet's feed lies."""
    return f"/newsroom/{outlet.slug}/feed.xml"


def feed_type(outlet: Outlet) -> str:
    """The media type of the outlet's feed."""
    return f"application/{'atom' if outlet.feed == 'atom' else 'rss'}+xml; charset=utf-8"


def feed_xml(outlet: Outlet, out: Sequence[Published], *, base_url: str) -> str:
    """The feed of what is out, newest first. It states no "now", so it changes only with the news."""
    if outlet.feed == "atom":
        return _atom(outlet, out, base_url)
    home, self_url = f"{base_url}/newsroom/{outlet.slug}/", base_url + feed_path(outlet)
    head = [
        f"<title>{escape(outlet.name)}</title><link>{escape(home)}</link>",
        f"<description>{escape(outlet.motto)}</description>",
        f'<atom:link rel="self" type="application/rss+xml" href="{escape(self_url)}"/>',
        f"<language>{outlet.language}</language>" if outlet.language else "",
        f"<lastBuildDate>{_rfc822(out[0].at)}</lastBuildDate>" if out else "",
    ]
    items = "\n".join(_rss_item(outlet, one, base_url) for one in out)
    channel = f"<channel>{''.join(head)}\n{items}\n</channel>"
    return f'<?xml version="1.0" encoding="utf-8"?>\n{_RSS}{channel}</rss>\n'


def _rss_item(outlet: Outlet, one: Published, base_url: str) -> str:
    item, link = one.item, escape(base_url + one.path)
    parts = [f"<title>{escape(item.headline)}</title><link>{link}</link><pubDate>{_rfc822(one.at)}</pubDate>"]
    match outlet.feed:
        case "rss-full":
            body = "".join(f"<p>{escape(part)}</p>" for part in item.body)
            parts += [
                f'<guid isPermaLink="true">{link}</guid><dc:creator>{escape(item.author)}</dc:creator>',
                f"<description>{escape(item.standfirst)}</description>",
                f"<content:encoded><![CDATA[{body}]]></content:encoded>",
            ]
        case "rss-short":
            parts += [
                f'<guid isPermaLink="false">{outlet.slug}:{item.id}</guid>',
                f"<description>{escape(item.standfirst)}</description>",
            ]
        case _:
            teaser = (
                f'<p class="teaser"><strong>{escape(item.standfirst)}</strong></p>'
                f'<p>{escape(item.body[0])} <a href="{link}">{_MORE[item.language]}</a></p>'
            )
            parts += [
                f'<guid isPermaLink="false">{outlet.slug}/{item.id}</guid>',
                f"<description>{escape(teaser)}</description><dc:language>{item.language}</dc:language>",
            ]
    return f"<item>{''.join(parts)}<category>{item.topic}</category></item>"


def _atom(outlet: Outlet, out: Sequence[Published], base_url: str) -> str:
    entries = "\n".join(_atom_entry(outlet, one, base_url) for one in out)
    home, self_url = f"{base_url}/newsroom/{outlet.slug}/", base_url + feed_path(outlet)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.language or "en"}">'
        f"<id>{escape(home)}</id><title>{escape(outlet.name)}</title><subtitle>{escape(outlet.motto)}</subtitle>"
        f'<link rel="self" href="{escape(self_url)}"/><link rel="alternate" href="{escape(home)}"/>'
        f"<updated>{iso(out[0].at) if out else '1970-01-01T00:00:00Z'}</updated>\n{entries}\n</feed>\n"
    )


def _atom_entry(outlet: Outlet, one: Published, base_url: str) -> str:
    item = one.item
    return (
        # A tag URI (RFC 4151): the id must not change with the port the demo happens to use.
        f"<entry><id>tag:{outlet.slug}.example,2020:{item.id}</id>"
        f'<title type="html">{escape(escape(item.headline, quote=False))}</title>'
        f'<link rel="alternate" type="text/html" href="{escape(base_url + one.path)}"/>'
        f"<published>{iso(one.at)}</published><updated>{iso(one.corrected_at or one.at)}</updated>"
        f"<author><name>{escape(item.author)}</name></author>"
        f'<category term="{item.topic}"/><summary>{escape(item.standfirst)}</summary></entry>'
    )


def _rfc822(at: datetime) -> str:
    return format_datetime(at, usegmt=True)
