"""Web addresses compared and joined: one page, one address. Pure."""

import re
from urllib.parse import SplitResult, unquote_plus, urljoin, urlsplit, urlunsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
# Parameters that only say where a click came from; the page is the same without them.
_TRACKING = re.compile(
    r"utm_\w*|at_(?:medium|campaign|custom\d*|link_\w+|ptr_name|format|bbc_team|campaign_type|creation)"
    r"|ns_(?:mchannel|source|campaign|linkname|fee)|mc_(?:cid|eid)|mkt_tok|_hs(?:enc|mi)|hsctatracking"
    r"|(?:fb|g|d|msclk|y|tw|tt|li_fat_|wick)(?:clid|id)|gclsrc|gbraid|wbraid|msclkid|yclid|igshi?d?"
    r"|oly_(?:anon|enc)_id|vero_(?:id|conv)|ref_(?:src|url)|__twitter_impression|_g[al]|spm|xtor|wt_?mc"
    r"|wt\.mc(?:_id)?|cmpid|ocid|ncid|icid|smid|smtyp|s_cid|guccounter|guce_referrer(?:_sig)?|dicbo|__s"
    r"|campaign_id|traffic_source|mbid|taid|fr_?om_rss|feedtype",
    re.IGNORECASE,
)
# "ref=" and its kin may choose the page (a code reference, a product); they go only with these values.
_SOURCE_KEY = re.compile(
    r"ref|referrer|referer|source|src|from|via|partner|cmp|origin|rss|ito", re.IGNORECASE
)
_SOURCE_VALUE = re.compile(
    r"(?:rss|atom|feeds?|rssfeed|twitter|facebook|fb|linkedin|reddit|telegram|whatsapp|instagram|newsletter"
    r"|e?mail|social(?:[_-]?\w+)?|share(?:bar|d)?|homepage|yahoo|google(?:news)?|flipboard"
    r"|rss[_-]\w+|\w+[_-]rss)",
    re.IGNORECASE,
)
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


def canonical(url: str) -> str:
    """The address without what does not choose the page: tracking parameters, fragment, default port.

    Scheme and host come out in lower case. The order and spelling of what stays is kept, and a `#!`
    fragment too, since some sites keep the page's name there. What is no web address comes back stripped.
    """
    stripped = url.strip()
    parts = _split(stripped)
    if parts is None:
        return stripped
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _is_tracking(pair))
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    return urlunsplit((parts.scheme, _netloc(parts), parts.path or "/", query, fragment))


def better_url(url: str, canonical_url: str | None) -> str | None:
    """The address to fetch instead, when `url` is an AMP or print version of a page of the same site.

    `canonical_url` is what the page calls its own address. None where `url` is an ordinary address, and where
    the page names no other, a page that is an AMP or print version itself, another site, or the site's front.
    """
    page, other = _split(url.strip()), _split((canonical_url or "").strip())
    if page is None or other is None or not _is_special(page) or _is_special(other):
        return None
    if other.path in {"", "/"} and not other.query:
        return None
    return canonical(canonical_url or "") if _same_site(page, other) else None


def is_web(url: str) -> bool:
    """Whether this is an http or https address with a host."""
    return _split(url.strip()) is not None


def resolve(base: str | None, url: str) -> str:
    """The address that `url` means on the page `base`; `url` itself where the two cannot be joined."""
    try:
        return urljoin(base or "", url.strip())
    except ValueError:
        return url.strip()


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


def _split(url: str) -> SplitResult | None:
    """The parts of a web address; None for any other text."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in _DEFAULT_PORTS and bool(parts.hostname)
        _ = parts.port  # raises ValueError when it is no number
    except ValueError:
        return None
    return parts if usable and not re.search(r"\s", parts.netloc) else None


def _netloc(parts: SplitResult) -> str:
    user, at, _ = parts.netloc.rpartition("@")
    host = (parts.hostname or "").rstrip(".")
    shown = f"[{host}]" if ":" in host else host
    port = parts.port
    tail = "" if port is None or port == _DEFAULT_PORTS[parts.scheme] else f":{port}"
    return f"{user}{at}{shown}{tail}"


def _is_tracking(pair: str) -> bool:
    key, _, value = pair.partition("=")
    key, value = unquote_plus(key), unquote_plus(value)
    if _TRACKING.fullmatch(key):
        return True
    return bool(_SOURCE_KEY.fullmatch(key) and _SOURCE_VALUE.fullmatch(value))


def host(url: str | None) -> str | None:
    """The host of an address without its 'www.'; None where there is none."""
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.") or None
    except ValueError:
        return None
