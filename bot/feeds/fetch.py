"""A feed's bytes, asked for politely: only if they changed (RFC 9110 section 13)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.errors import RemoteError
from bot.times import utc_now
from bot.web import Response, Web

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1"
)
_OK = frozenset({200, 203})
_NOT_MODIFIED = 304
_GONE = 410
_PERMANENT_MOVES = frozenset({301, 308})
_VALIDATOR_MAX = 1024
_RETRY_AFTER_MAX = 366 * 86_400.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """New bytes. `url` is where they were found, `body_hash` their SHA-256 in hex.

    `etag` and `last_modified` are to be sent back next time. `permanent_url` is where the feed has
    moved for good: every redirect on the way was a 301 or 308.
    """

    body: bytes
    url: str
    content_type: str | None
    etag: str | None
    last_modified: str | None
    body_hash: str
    permanent_url: str | None = None


@dataclass(frozen=True, slots=True)
class NotModified:
    """Nothing new; the validators to send next time, and where the feed has moved for good."""

    etag: str | None
    last_modified: str | None
    permanent_url: str | None = None


async def fetch(
    web: Web,
    url: str,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    body_hash: str | None = None,
) -> Fetched | NotModified:
    """The feed at `url` if it differs from what the validators and `body_hash` stand for.

    Raises RemoteError for any other answer, with its status and the seconds of its Retry-After;
    410 Gone is permanent.
    """
    headers = {"Accept": _ACCEPT}
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    answer = await web.get(url, headers=headers)

    new_etag = _validator(answer.headers, "ETag")
    new_last_modified = _validator(answer.headers, "Last-Modified")
    moved_to = _permanent_url(answer)
    if answer.status == _NOT_MODIFIED:
        return NotModified(new_etag or etag, new_last_modified or last_modified, moved_to)
    if answer.status not in _OK:
        raise RemoteError(
            f"{url} answered {answer.status}",
            permanent=answer.status == _GONE,
            status=answer.status,
            retry_after=retry_after_seconds(answer.headers.get("Retry-After"), utc_now()),
        )
    new_hash = hashlib.sha256(answer.body).hexdigest()
    if new_hash == body_hash:  # many servers know no validators, and send the same bytes again
        return NotModified(new_etag, new_last_modified, moved_to)
    return Fetched(
        body=answer.body,
        url=answer.url,
        content_type=answer.headers.get("Content-Type"),
        etag=new_etag,
        last_modified=new_last_modified,
        body_hash=new_hash,
        permanent_url=moved_to,
    )


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
