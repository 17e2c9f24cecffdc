"""Asks before a feed is listed: whether it is one, where it has moved to, and which feeds a site has."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from bot.app import open_web
from bot.errors import InputError, RemoteError
from bot.feeds.discover import Discovered, discover
from bot.feeds.feed_urls import as_web
from bot.feeds.fetch import Fetched, fetch
from bot.feeds.hints import How, is_comments
from bot.feeds.look import Outline, look
from bot.feeds.secrets import resolve
from bot.links import host_of
from bot.offload import Offload
from bot.settings import Settings
from bot.web import Web

_LOOK_SECONDS = 8.0  # of CPU
_SURE = frozenset({How.ITSELF, How.LINK, How.SITE, How.ANCHOR})  # the page says so itself


@dataclass(frozen=True, slots=True)
class Asked:
    """A feed, and where it is to be polled; `moved_from` is where it was asked, if it has moved for good.

    `instead_of` says why it is another feed than the one that was named.
    """

    url: str
    feed: Outline
    moved_from: str | None = None
    instead_of: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The feeds of a site, for a person to choose from; `trouble` is what the address itself answered."""

    found: Discovered
    trouble: str | None


async def ask(
    settings: Settings, address: str, *, headers: Mapping[str, str], take_first: bool
) -> Asked | Choice:
    """The feed at `address`, or of the site there if it has exactly one, comments aside.

    A feed that was only guessed is for a person to choose, unless the site as a whole was named. `take_first`
    takes the best of several. `headers` are references to secrets. Raises InputError for what
    is no feed and has none, and RemoteError when it cannot be read.
    """
    secrets = resolve(headers)
    async with open_web(settings) as web, Offload(workers=1) as offload:
        url, trouble, failed = as_web(address), None, False
        if url is not None:
            try:
                return await _ask(web, offload, url, secrets)
            except InputError as error:
                if secrets:  # they are for this address, not for those that a page names
                    raise InputError(f"{error}; with a header, give the feed's own address") from error
                trouble = None if _is_root(url) else str(error)
            except RemoteError as error:
                if secrets or error.status is None:
                    raise
                trouble, failed = str(error), True
        found = await discover(web, address, offload=offload)
        if not found.feeds:
            raise InputError(found.explain())
        good = [feed for feed in found.feeds if not is_comments(feed.url, feed.title)]
        # What was asked for has failed: whatever else the site has is for a person to choose.
        is_sure = (
            not failed and bool(good) and (good[0].how in _SURE or _is_root(url or f"https://{address}"))
        )
        if is_sure and (len(good) == 1 or take_first):
            asked = await _ask(web, offload, good[0].url, secrets)
            return replace(asked, instead_of=trouble)
    return Choice(found, trouble)


def _is_root(url: str) -> bool:
    """Whether the address means a site as a whole."""
    parts = urlsplit(url.strip())
    return parts.path in {"", "/"} and not parts.query


async def _ask(web: Web, offload: Offload, url: str, secrets: Mapping[str, str]) -> Asked:
    got = await fetch(web, url, secrets=secrets)
    if not isinstance(got, Fetched):
        raise InputError(f"{url} answered 304 to a first request")
    looked = await offload.run(look, got.body, got.url, got.content_type, timeout_seconds=_LOOK_SECONDS)
    if looked.feed is None:
        raise InputError(looked.why_not)
    moved_to = got.permanent_url
    # A server may not choose whom else to tell the secrets.
    if moved_to in {None, url} or (secrets and host_of(moved_to) != host_of(url)):
        return Asked(url, looked.feed)
    return Asked(moved_to, looked.feed, moved_from=url)
