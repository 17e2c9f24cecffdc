"""Web addresses: read, followed, and shown without the passwords in them. Pure."""

import re
from base64 import b64encode

from yarl import URL

from bot.errors import RemoteError

_USER_INFO = re.compile(r"(?:(?<=//)|\A)[^/?#]*@")
_LONGEST = 8_000


def redacted(url: str) -> str:
    """The address as it may be told and logged: without the user and password in it."""
    return _USER_INFO.sub("", url)


def address(url: str) -> tuple[URL, str | None]:
    """The address with no fragment and no user, and what its user and password are as Authorization.

    Raises RemoteError, permanent, for what is no http or https address.
    """
    try:
        parsed = URL(url)
    except ValueError:  # not chained: yarl's own words repeat the password
        raise RemoteError(f"{_unread(url)} is not a web address", permanent=True) from None
    if len(url) > _LONGEST:
        raise RemoteError(f"{_unread(url)}… is too long for an address", permanent=True)
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise RemoteError(f"{_unread(url)} is not an http or https address", permanent=True)
    if parsed.raw_fragment:
        parsed = parsed.with_fragment(None)
    if parsed.raw_user is None and parsed.raw_password is None:
        return parsed, None
    login = f"{parsed.user or ''}:{parsed.password or ''}".encode()  # RFC 7617 section 2.1
    return parsed.with_user(None), f"Basic {b64encode(login).decode('ascii')}"


def next_address(here: URL, target: str, *, with_form: bool = False) -> URL:
    """Where a Location header leads; it may be relative (RFC 9110 section 10.2.2).

    A user and password in it are dropped: they would be the server's choice, not ours. A form may hold
    a secret, so it is not sent on from https to http.
    """
    try:
        there = str(here.join(URL(target)))
    except ValueError:
        raise RemoteError(f"{here} redirects to what is not a web address") from None
    found = address(there)[0]
    if with_form and (here.scheme, found.scheme) == ("https", "http"):
        raise RemoteError(f"{here} would have our form sent on with no encryption")
    return found


def _unread(url: str) -> str:
    """An address that makes no sense, as it may be told: who knows where a password ends in it."""
    return url.rpartition("@")[2][:200]
