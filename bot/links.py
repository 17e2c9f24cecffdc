"""Web addresses compared: one page, one address. Pure."""

import re
from urllib.parse import SplitResult, unquote_plus, urlsplit, urlunsplit

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


def canonical(url: str) -> str:
    """The address without what does not choose the page: tracking parameters, fragment, default port.

    Scheme and host come out in lower case. The order and spelling of what stays is kept, and a `#!`
    fragment too, since some sites keep the page's name there. What is no web address comes back stripped.
    """
    stripped = url.strip()
    parts = split(stripped)
    if parts is None:
        return stripped
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    user, at, _ = parts.netloc.rpartition("@")
    place = f"{user}{at}{site_of(parts)}"
    return urlunsplit((parts.scheme, place, parts.path or "/", choosing(parts.query), fragment))


def is_web(url: str) -> bool:
    """Whether this is an http or https address with a host."""
    return split(url.strip()) is not None


def host_of(url: str) -> str:
    """The host in lower case, without the port; empty for what is no web address."""
    parts = split(url.strip())
    return (parts.hostname or "").rstrip(".") if parts else ""


def site_of(parts: SplitResult) -> str:
    """The host in lower case, with its port where that is not the usual one."""
    host = (parts.hostname or "").rstrip(".")
    shown = f"[{host}]" if ":" in host else host
    port = parts.port
    return shown if port is None or port == _DEFAULT_PORTS[parts.scheme] else f"{shown}:{port}"


def route_of(url: str) -> str:
    """The first segment of the path: what a host that serves many keeps apart by."""
    parts = split(url.strip())
    return parts.path.lstrip("/").partition("/")[0] if parts else ""


def choosing(query: str) -> str:
    """The part of a query that chooses the page."""
    return "&".join(pair for pair in query.split("&") if pair and not _is_tracking(pair))


def split(url: str) -> SplitResult | None:
    """The parts of a web address; None for any other text."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        usable = parts.scheme in _DEFAULT_PORTS and bool(host) and parts.port != 0
    except ValueError:  # "http://[", a port that is no number
        return None
    return parts if usable and not re.search(r"\s", parts.netloc) else None


def _is_tracking(pair: str) -> bool:
    key, _, value = pair.partition("=")
    key, value = unquote_plus(key), unquote_plus(value)
    if _TRACKING.fullmatch(key):
        return True
    return bool(_SOURCE_KEY.fullmatch(key) and _SOURCE_VALUE.fullmatch(value))
