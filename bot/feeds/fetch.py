"""A feed's bytes, asked for politely: only if they changed (RFC 9110 section 13)."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import MappingProxyType

from bot.errors import RemoteError
from bot.feeds.parsed import web_address
from bot.links import is_web
from bot.times import utc_now
from bot.web import Response, Web, redacted

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, "
    "application/feed+json;q=0.9, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1"
)
_OK = frozenset({200, 203})
_NOT_MODIFIED = 304
_GONE = 410
_PERMANENT_MOVES = frozenset({301, 308})
_VALIDATOR_MAX = 1024
_RETRY_AFTER_MAX = 366 * 86_400.0
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_LINKS_MAX = 16_384  # of all Link headers together
# RFC 8288 section 3: <target>, and parameters up to a comma that stands in no quotes. Each character is
# looked at once: what is matched is never given back, and a quote that is not closed runs to the end.
_LINK = re.compile(r'<([^<>]*+)>((?:[^",<]|"(?:[^"\\]|\\.)*+"?)*+)', re.DOTALL)
_PARAMETER = re.compile(
    r';\s*+([^\s;,="]++)\s*+(?:=\s*+(?:"((?:[^"\\]|\\.)*+)"?|([^\s;,"]*+)))?'
    r'|"(?:[^"\\]|\\.)*+"?',
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """New bytes. `url` is where they were found, `body_hash` their SHA-256 in hex.

    `etag` and `last_modified` are to be sent back next time. `permanent_url` is where the feed has
    moved for good: every redirect on the way was a 301 or 308. `fresh_seconds` is for how long the answer
    may be taken for the newest, as Cache-Control or Expires say. `hub` and `self_url` are what the Link
    headers name (https://www.w3.org/TR/websub/ section 4): they come before what the feed says itself.
    """

    body: bytes
    url: str
    content_type: str | None
    etag: str | None
    last_modified: str | None
    body_hash: str
    permanent_url: str | None = None
    fresh_seconds: float | None = None
    hub: str | None = None
    self_url: str | None = None


@dataclass(frozen=True, slots=True)
class NotModified:
    """Nothing new; the validators to send next time, and where the feed has moved for good."""

    etag: str | None
    last_modified: str | None
    permanent_url: str | None = None
    fresh_seconds: float | None = None


async def fetch(
    web: Web,
    url: str,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    body_hash: str | None = None,
    secrets: Mapping[str, str] = _NO_HEADERS,
) -> Fetched | NotModified:
    """The feed at `url` if it differs from what the validators and `body_hash` stand for.

    `secrets` are headers for the server of `url` alone.

    Raises RemoteError for any other answer, with its status and the seconds of its Retry-After;
    410 Gone is permanent.
    """
    headers = {"Accept": _ACCEPT}
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    answer = await web.get(url, headers=headers, secrets=secrets)

    new_etag = _validator(answer.headers, "ETag")
    new_last_modified = _validator(answer.headers, "Last-Modified")
    moved_to = _permanent_url(answer)
    fresh = fresh_seconds(answer.headers, utc_now())
    if answer.status == _NOT_MODIFIED:
        return NotModified(new_etag or etag, new_last_modified or last_modified, moved_to, fresh)
    if answer.status not in _OK:
        raise RemoteError(
            f"{redacted(url)} answered {answer.status}",
            permanent=answer.status == _GONE,
            status=answer.status,
            retry_after=retry_after_seconds(answer.headers.get("Retry-After"), utc_now()),
        )
    new_hash = hashlib.sha256(answer.body).hexdigest()
    if new_hash == body_hash:  # many servers know no validators, and send the same bytes again
        return NotModified(new_etag, new_last_modified, moved_to, fresh)
    links = linked(answer.headers, answer.url)
    return Fetched(
        body=answer.body,
        url=answer.url,
        content_type=answer.headers.get("Content-Type"),
        etag=new_etag,
        last_modified=new_last_modified,
        body_hash=new_hash,
        permanent_url=moved_to,
        fresh_seconds=fresh,
        hub=links.get("hub"),
        self_url=links.get("self"),
    )


def linked(headers: Mapping[str, str], url: str) -> dict[str, str]:
    """What the Link headers of a feed found at `url` name as its "hub" and its "self": the first of each.

    A header may come several times, and name several links, each with several relations (RFC 8288).
    """
    values = [value for name, value in headers.items() if name.lower() == "link"]
    found: dict[str, str] = {}
    for target, said in _LINK.findall(", ".join(values)[:_LINKS_MAX]):
        stated: dict[str, str] = {}
        for name, quoted, plain in _PARAMETER.findall(said):
            stated.setdefault(name.lower(), quoted or plain)  # of two of one name the first counts
        wanted = {"hub", "self"} & set(stated.get("rel", "").lower().split()) - found.keys()
        if not wanted or "anchor" in stated:  # an anchor: it is another page that has this relation
            continue
        # A header that is not ASCII is mangled.
        address = web_address(target, url) if target.isascii() else None
        if address and is_web(address):
            found |= dict.fromkeys(wanted, address)
    return found


def fresh_seconds(headers: Mapping[str, str], now: datetime) -> float | None:
    """For how long the answer stays fresh (RFC 9111 section 4.2): max-age less Age, else Expires.

    None where nothing is said.
    What must be asked again each time (no-cache, no-store) is fresh for no time, which is the same as unsaid.
    """
    directives = {
        name.strip().lower(): value.strip(' "')
        for name, _, value in (part.partition("=") for part in headers.get("Cache-Control", "").split(","))
    }
    if "no-cache" in directives or "no-store" in directives:
        return None
    max_age = directives.get("max-age", "")
    if max_age.isascii() and max_age.isdecimal():
        age = headers.get("Age", "").strip()
        left = float(max_age) - (float(age) if age.isascii() and age.isdecimal() else 0.0)
        return min(left, _RETRY_AFTER_MAX) if left > 0 else None
    if "Expires" not in headers:
        return None
    return retry_after_seconds(headers["Expires"], now) or None


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """The seconds a Retry-After header asks for, a number or an HTTP date (RFC 9110 section 10.2.3).

    A date that has passed is 0; what cannot be read is None.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdecimal():
        return min(float(text), _RETRY_AFTER_MAX)
    try:
        at = parsedate_to_datetime(text)
        if at.tzinfo is None:  # "-0000" means UTC with no word on the zone (RFC 5322 section 3.3)
            at = at.replace(tzinfo=UTC)
        return min(max(0.0, (at - now).total_seconds()), _RETRY_AFTER_MAX)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _permanent_url(answer: Response) -> str | None:
    if answer.redirects and all(status in _PERMANENT_MOVES for status, _ in answer.redirects):
        return answer.url
    return None


def _validator(headers: Mapping[str, str], name: str) -> str | None:
    """A header fit to be sent back as it is; a mangled or huge one is forgotten."""
    value = headers.get(name)
    return value if value and value.isprintable() and len(value) <= _VALIDATOR_MAX else None
