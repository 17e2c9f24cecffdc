"""The outlets' web pages: an article amid all that real sites put around one, front pages, the index."""

import json
import re
from collections.abc import Iterable, Sequence
from html import escape

from bot.playground.newsroom.drawings import picture
from bot.playground.newsroom.press import Author, Item, Outlet
from bot.playground.newsroom.syndication import feed_path, feed_type
from bot.playground.newsroom.timeline import Published, Timeline, suggestions
from bot.times import iso

_SECTIONS = ("world", "politics", "economy", "science", "culture", "sport")
# The furniture of a page, in the languages the outlets print.
_LABELS = {
    "en": {
        "by": "By", "home": "Home", "more": "Read more", "also": "Also read", "related": "Related",
        "most": "Most read", "photo": "Drawing", "comments": "Comments", "closed": "Comments are closed.",
        "letter": "The morning letter", "ask": "Five stories before breakfast, free, on weekdays.",
        "join": "Sign up", "cookies": "We use cookies to count our readers. None of them is real.",
        "accept": "Accept all", "rights": "All rights reserved.", "published": "Published",
    },
    "fr": {
        "by": "Par", "home": "Accueil", "more": "Lire aussi", "also": "À lire",
        "related": "Sur le même sujet", "most": "Les plus lus", "photo": "Dessin", "comments": "Commentaires",
        "closed": "Les commentaires sont fermés.", "letter": "La lettre du matin",
        "ask": "Cinq articles avant le petit déjeuner.", "join": "S'inscrire",
        "cookies": "Nous utilisons des cookies pour compter nos lecteurs.", "accept": "Tout accepter",
        "rights": "Tous droits réservés.", "published": "Publié le",
    },
    "es": {
        "by": "Por", "home": "Portada", "more": "Leer más", "also": "Lea también", "related": "Relacionado",
        "most": "Lo más leído", "photo": "Dibujo", "comments": "Comentarios",
        "closed": "Los comentarios están cerrados.", "letter": "La carta de la mañana",
        "ask": "Cinco noticias antes del desayuno.", "join": "Suscribirse",
        "cookies": "Usamos cookies para contar a nuestros lectores.", "accept": "Aceptar todo",
        "rights": "Todos los derechos reservados.", "published": "Publicado el",
    },
}  # fmt: skip


def article_page(one: Published, *, timeline: Timeline, base_url: str) -> str:
    """The page of one item that is out; every link on it leads to a page that exists."""
    item, outlet = one.item, timeline.press.outlets[one.item.outlet]
    labels, others = _LABELS[item.language], [o for o in timeline.published(outlet.slug) if o != one]
    author = timeline.press.authors[item.author]
    related = sorted(others, key=lambda o: (o.item.event != item.event, o.item.topic != item.topic))[:3]
    home = f'<a href="/newsroom/{outlet.slug}/">{labels["home"]}</a>'
    crumbs = f'<nav class="crumbs">{home} › {item.topic.title()}</nav>'
    main = "".join(
        [
            crumbs,
            _article(one, outlet=outlet, author=author, related=related),
            _box("related", labels["related"], related),
            f'<section class="comments"><h2>{labels["comments"]}</h2><p>{labels["closed"]}</p></section>',
        ]
    )
    side = _box("most-read", labels["most"], others[:5]) + (
        f'<form class="newsletter"><h2>{labels["letter"]}</h2><p>{labels["ask"]}</p>'
        '<input type="email" disabled placeholder="you@mail.example"> '
        f"<button disabled>{labels['join']}</button></form>"
    )
    return _page(
        outlet,
        style=timeline.press.base_style + outlet.style,
        title=f"{item.headline} | {outlet.name}",
        head=_metadata(one, outlet, base_url=base_url),
        content=(
            f'<div class="columns"><div class="main">{main}</div><aside class="side">{side}</aside></div>'
        ),
        language=item.language,
    )


def front_page(outlet: Outlet, *, timeline: Timeline) -> str:
    """The outlet's front page: what is out, newest first."""
    teasers = "".join(
        f'<section class="teaser"><div class="thumb">{picture(o.item)}</div><div>'
        f'<p class="kicker">{o.item.topic}</p><h2>{_link(o)}</h2>'
        f"<p>{escape(o.item.standfirst)}</p></div></section>"
        for o in timeline.published(outlet.slug)
    )
    kind = feed_type(outlet).partition(";")[0]
    feed = f'<link rel="alternate" type="{kind}" href="feed.xml">'
    return _page(
        outlet,
        style=timeline.press.base_style + outlet.style,
        title=outlet.name,
        head=feed,
        content=f'<div class="front">{teasers}</div>',
        language=outlet.language or "en",
    )


def index_page(timeline: Timeline) -> str:
    """The door: the four outlets, words to follow, and when the next item is due."""
    wait = timeline.seconds_to_next()
    coming = (
        "All of it is out; the newsroom is quiet now." if wait is None else f"Next in {wait:.0f} seconds."
    )
    cards = "".join(
        f'<section class="card"><h2><a href="/newsroom/{outlet.slug}/">{escape(outlet.name)}</a></h2>'
        f'<p>{escape(outlet.motto)}.</p><p><a href="{feed_path(outlet)}">feed</a> · '
        f"{len(timeline.published(outlet.slug))} published</p></section>"
        for outlet in timeline.press.outlets.values()
    )
    latest = "".join(
        f"<li><time>{o.at:%H:%M:%S}</time> {_link(o)} "
        f"<small>{escape(timeline.press.outlets[o.item.outlet].name)}</small></li>"
        for o in timeline.published()[:12]
    )
    follow = " ".join(f"<code>{escape(word)}</code>" for word in suggestions())
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The demo newsroom</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta http-equiv="refresh" content="15"><style>{timeline.press.base_style}</style></head><body>'
        '<div class="wrap"><h1>The demo newsroom</h1><p>Four invented outlets report from Velmora, a country '
        "that does not exist. Every person, place and event is made up. "
        f'Words to follow: {follow}</p><div class="cards">{cards}</div>'
        f'<h2>Latest</h2><p>{coming}</p><ul class="latest">{latest}</ul></div></body></html>'
    )


def _article(one: Published, *, outlet: Outlet, author: Author, related: Sequence[Published]) -> str:
    item, labels = one.item, _LABELS[one.item.language]
    head = (
        f'<h1>{escape(item.headline)}</h1><p class="standfirst">{escape(item.standfirst)}</p>'
        f'<p class="byline">{labels["by"]} {escape(author.name)}, {escape(author.beat)}</p>'
        f'<p class="date">{labels["published"]} '
        f'<time datetime="{iso(one.at)}">{one.at:%d.%m.%Y, %H:%M} UTC</time></p>'
    )
    if one.corrected_at is not None:
        head += f'<p class="date">Corrected {one.corrected_at:%d.%m.%Y, %H:%M} UTC</p>'
    figure = (
        f"<figure>{picture(item)}<figcaption>{escape(item.caption)} "
        f'<span class="credit">{labels["photo"]}: {escape(outlet.name)}</span></figcaption></figure>'
    )
    bio, top = escape(author.bio), head + figure
    # Each layout wraps the text in its own way, so that reading a page is not a matter of one class name.
    match outlet.body:
        case "courier":
            body = _paragraphs(item, related, dateline=f"{item.place} — ")
            story = f'<article class="story">{top}<div class="story__body">{body}</div></article>'
            return f'{story}<p class="author-bio">{bio}</p>'
        case "wire":
            body = _paragraphs(item, related, dateline=f"{item.place} ({outlet.name}) — ")
            last = f'<p class="reporter"><em>{bio}</em></p>'
            return f'<div id="content">{top}<div class="copy">{body}{last}</div></div>'
        case "velmoran":
            body = _paragraphs(item, related, dateline=f"{item.place}: ", insert=_pull_quote(item))
            last = f'<footer class="bio"><h3>{escape(author.name)}</h3><p>{bio}</p></footer>'
            return f'<main>{top}<section itemprop="articleBody">{body}</section>{last}</main>'
        case _:
            body = _paragraphs(item, related, dateline=f"{item.place}. ", tag="div")
            text = f'<div class="nota-text">{body}</div><div class="sign">{bio}</div>'
            return f'<div class="nota">{top}{text}</div>'


def _pull_quote(item: Item) -> str:
    """A sentence of the text repeated in large type, as magazines do."""
    quoted = re.search(r'"([^"]{20,})"', " ".join(item.body))
    words = quoted[1].rstrip(",") if quoted else item.standfirst
    return f'<aside class="pullquote">“{escape(words)}”</aside>'


def _paragraphs(
    item: Item, related: Sequence[Published], *, dateline: str, insert: str = "", tag: str = "p"
) -> str:
    labels, parts = _LABELS[item.language], [f"<{tag}>{escape(part)}</{tag}>" for part in item.body]
    parts[0] = f'<{tag} class="lead"><b class="dateline">{escape(dateline)}</b>{escape(item.body[0])}</{tag}>'
    if related[1:]:
        parts.insert(5, f'<{tag} class="inline-link"><b>{labels["also"]}:</b> {_link(related[1])}</{tag}>')
    parts.insert(3, insert)
    if related:
        parts.insert(2, f'<{tag} class="inline-link"><b>{labels["more"]}:</b> {_link(related[0])}</{tag}>')
    return "\n".join(parts)


def _metadata(one: Published, outlet: Outlet, *, base_url: str) -> str:
    item, url = one.item, base_url + one.path
    tags = {
        "og:type": "article", "og:title": item.headline, "og:description": item.standfirst,
        "og:site_name": outlet.name, "og:url": url, "article:published_time": iso(one.at) or "",
        "article:section": item.topic,
    }  # fmt: skip
    head = "".join(f'<meta property="{key}" content="{escape(value)}">' for key, value in tags.items())
    head += f'<link rel="canonical" href="{escape(url)}"><meta name="author" content="{escape(item.author)}">'
    if outlet.body in {"courier", "velmoran"}:
        facts = {
            "@context": "https://schema.org", "@type": "NewsArticle", "headline": item.headline,
            "datePublished": iso(one.at), "inLanguage": item.language, "mainEntityOfPage": url,
            "author": {"@type": "Person", "name": item.author},
            "publisher": {"@type": "Organization", "name": outlet.name},
        }  # fmt: skip
        # "</script>" inside a string would end the element: "<" is written as an escape.
        safe = json.dumps(facts).replace("<", "\\u003c")
        head += f'<script type="application/ld+json">{safe}</script>'
    return head


def _page(outlet: Outlet, *, style: str, title: str, head: str, content: str, language: str) -> str:
    labels = _LABELS[language]
    menu = "".join(f'<li><a href="/newsroom/{outlet.slug}/">{name.title()}</a></li>' for name in _SECTIONS)
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">{head}'
        f"<style>{style}</style></head><body>"
        '<input type="checkbox" id="cookies-ok" hidden><div class="cookie-banner" role="dialog">'
        f'{labels["cookies"]} <label for="cookies-ok">{labels["accept"]}</label></div>'
        '<header class="masthead"><p class="name">'
        f'<a href="/newsroom/{outlet.slug}/">{escape(outlet.name)}</a></p>'
        f'<p class="motto">{escape(outlet.motto)}</p><nav><ul>{menu}</ul></nav></header>'
        f'<div class="wrap">{content}</div>'
        f'<footer class="site-footer">© {escape(outlet.name)}. {labels["rights"]} '
        '<a href="/newsroom/">All four outlets</a></footer></body></html>'
    )


def _box(kind: str, title: str, items: Iterable[Published]) -> str:
    rows = "".join(f"<li>{_link(one)}</li>" for one in items)
    return f'<section class="{kind}"><h2>{title}</h2><ul>{rows}</ul></section>' if rows else ""


def _link(one: Published) -> str:
    return f'<a href="{escape(one.path)}">{escape(one.item.headline)}</a>'
