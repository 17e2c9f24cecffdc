"""Asks before a feed is listed: whether it is one, where it has moved to, and which feeds a site has."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.app import open_web
from bot.errors import InputError, RemoteError
from bot.feeds.discover import Discovered, discover
from bot.feeds.feed_urls import as_web
from bot.feeds.fetch import Fetched, fetch
from bot.feeds.hints import is_comments
from bot.feeds.look import Outline, look
from bot.feeds.secrets import resolve
from bot.links import host_of
from bot.offload import Offload
from bot.settings import Settings
from bot.web import Web

_LOOK_SECONDS = 8.0  # of CPU


@dataclass(frozen=True, slots=True)
class Asked:
    """A feed, and where it is to be polled; `moved_from` is where it was asked, if it has moved for good."""

    url: str
    feed: Outline
    moved_from: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The feeds of a site, for a person to choose from; `trouble` is what the address itself answered."""

    found: Discovered
    trouble: str | None


async def ask(
    settings: Settings, address: str, *, headers: Mapping[str, str], take_first: bool
) -> Asked | Choice:
    """The feed at `address`, or of the site there if it has exactly one, comments aside.

    `take_first` takes the best of several. `headers` are references to secrets. Raises InputError for what
    is no feed and has none, and RemoteError when it cannot be read.
    """
    secrets = resolve(headers)
    async with open_web(settings) as web, Offload(workers=1) as offload:
        url, trouble = as_web(address), None
        if url is not None:
            try:
                return await _ask(web, offload, url, secrets)
            except InputError as error:
                if secrets:  # they are for this address, not for those that a page names
                    raise InputError(f"{error}; with a header, give the feed's own address") from error
            except RemoteError as error:
                if secrets or error.status is None:
                    raise
                trouble = str(error)
        found = await discover(web, address, offload=offload)
        if not found.feeds:
            raise InputError(found.explain())
        good = [feed for feed in found.feeds if not is_comments(feed.url, feed.title)]
        # What was asked for has failed: whatever else the site has is for a person to choose.
        if trouble is None and (len(good) == 1 or (good and take_first)):
            return await _ask(web, offload, good[0].url, secrets)
    return Choice(found, trouble)


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
