"""`needtoknow feeds add`: an address, or a site's, becomes a listed feed."""

import argparse
import asyncio
import shlex
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from pydantic import ValidationError

from bot import config
from bot.cli.feed_asking import Asked, Choice, ask
from bot.cli.feed_rows import feeds_of, language_of, list_file, named, opened, same, say
from bot.cli.feed_words import ago, command, count, plain, safe
from bot.config import Config, FeedListing
from bot.errors import InputError, RemoteError
from bot.feeds.cadence import span
from bot.feeds.discover import Discovered
from bot.feeds.feed_urls import as_web
from bot.feeds.listing import spec_of
from bot.feeds.look import Latest
from bot.links import host_of
from bot.model import FeedOrigin
from bot.settings import Settings
from bot.storage.feeds import FeedRecord, FeedSpec, add_feed
from bot.times import utc_now
from bot.web.failures import PrivateHostError

_RANGES = {
    "weight": "more than 0, up to 10",
    "language": "at most 16 letters, as en",
    "topic": "at most 64 letters, of topics.toml",
    "interval": "365 days is the longest",
}


def add(options: argparse.Namespace) -> int:
    """Asks the address, unless told not to, and lists the feed that it is or has."""
    loaded = config.load()
    wanted = _wanted(options, loaded)
    url = as_web(options.address)
    if url is None and options.unchecked:
        raise InputError(f"{safe(options.address)} is no web address; it begins with https:// or http://")
    with opened(may_be_new=True) as database:
        listed = feeds_of(database)
        if url is not None and (known := same(listed, url)) is not None:
            return _already(known, options)
        asked = None
        if not options.unchecked:
            answer = _ask(loaded.settings, options, wanted)
            if isinstance(answer, Choice):
                return _let_choose(answer, listed, options)
            asked, url = answer, answer.url
            if asked.instead_of is not None:
                print(f"{safe(asked.instead_of)}; its site has one at {safe(url)}")
            if asked.moved_from is not None:
                print(f"{safe(asked.moved_from)} has moved for good to {safe(url)}")
            if (known := same(listed, url)) is not None:
                return _already(known, options)
        assert url is not None
        spec = spec_of(_completed(wanted, url, asked), loaded.settings)
        if not database.write_now(lambda connection: add_feed(connection, spec, now=utc_now())):
            print(f"{safe(url)} is listed already")  # by another, a moment ago
            return 0
    say(_welcome(spec, asked))
    return 0


def _wanted(options: argparse.Namespace, loaded: Config) -> FeedListing:
    """What the options ask for, by the rules of feeds.toml."""
    pairs = (header.partition(":") for header in options.header)
    given = {
        "name": options.name,
        "language": options.language,
        "topic": options.topic,
        "weight": options.weight,
        "interval": options.interval,
        "full_text": not options.no_full_text,
        "headers": {name.strip(): value.strip() for name, _, value in pairs},
    }
    try:
        wanted = FeedListing(url=options.address, **{k: v for k, v in given.items() if v is not None})
    except ValidationError as error:
        first = error.errors()[0]
        option = "header" if first["loc"][0] == "headers" else str(first["loc"][0])
        said = first["msg"].removeprefix("Value error, ")
        if first["type"] != "value_error":
            said = _RANGES.get(option, said)
        raise InputError(f"--{option}: {said}") from error
    topics = [topic.id for topic in loaded.topics]
    if wanted.topic is not None and wanted.topic not in topics:
        known = f"topics.toml has {', '.join(topics)}" if topics else "topics.toml has none"
        raise InputError(f"--topic: there is no topic {wanted.topic!r}; {known}")
    shortest = loaded.settings.feeds.min_interval
    if wanted.interval is not None and wanted.interval < shortest:
        raise InputError(f"--interval: {span(shortest)} is the shortest (feeds.min_interval)")
    try:
        has_login = "@" in urlsplit(options.address).netloc
    except ValueError:
        has_login = False
    if has_login:
        raise InputError(
            "an address with a login in it is shown wherever feeds are listed; "
            "write --header 'Authorization: env:NAME' instead"
        )
    return wanted


def _ask(settings: Settings, options: argparse.Namespace, wanted: FeedListing) -> Asked | Choice:
    try:
        return asyncio.run(ask(settings, options.address, headers=wanted.headers, take_first=options.yes))
    except PrivateHostError:
        raise  # unchecked, it would be refused at every poll
    except RemoteError as error:
        message = f"{safe(str(error))}; to list it all the same: --unchecked"
        raise RemoteError(message, status=error.status) from error


def _let_choose(choice: Choice, listed: Sequence[FeedRecord], options: argparse.Namespace) -> int:
    found = choice.found
    ours = [feed.url for feed in found.feeds if same(listed, feed.url) is not None]
    head, *lines = choices(found, ours, utc_now(), options=_given(options))
    if choice.trouble is not None:
        head = f"{safe(choice.trouble)}. Its site has {count(len(found.feeds), 'feed')}:"
    say([head, *lines])
    if len(ours) < len(found.feeds):
        print("Nothing was listed yet.")
    return 1


def _given(options: argparse.Namespace) -> str:
    """The options as they were typed, for the line that is to be typed next."""
    named = ("name", "language", "topic", "weight", "interval")
    values = [(name, getattr(options, name)) for name in named]
    values += [("header", header) for header in options.header]
    words = [f" --{name} {shlex.quote(safe(f'{value}'))}" for name, value in values if value is not None]
    return "".join([*words, *([" --no-full-text"] if options.no_full_text else [])])


def _completed(wanted: FeedListing, url: str, asked: Asked | None) -> FeedListing:
    """With what the feed says of itself, where the operator said nothing."""
    name, language = wanted.name, wanted.language
    if asked is not None:
        name = name or plain(asked.feed.title)
        language = language or language_of(asked.feed.language)
    return wanted.model_copy(update={"url": url, "name": name or host_of(url), "language": language})


def _welcome(spec: FeedSpec, asked: Asked | None) -> Iterator[str]:
    yield f"listed {safe(spec.name)} ({safe(spec.url)})"
    if asked is not None:
        feed = asked.feed
        inside = holds(language=spec.language, entries=feed.entries, latest=feed.latest, now=utc_now())
        yield f"  {inside}"
    yield "  what it shows at its first poll is old news; alerts begin with what comes after"


def _already(feed: FeedRecord, options: argparse.Namespace) -> int:
    said = f"{named(feed)} is listed already"
    settings = (options.name, options.language, options.topic, options.weight, options.interval)
    if any(value is not None for value in settings) or options.no_full_text or options.header:
        by_file = f"they are in {list_file()}"
        by_command = f"to change them: {command('remove', feed.spec.url)}, then add it again"
        raise InputError(
            f"{said}, and its settings stay; {by_file if feed.origin == FeedOrigin.FILE else by_command}"
        )
    print(f"{said}; {command('show', feed.spec.url)}")
    return 0


def holds(*, language: str | None, entries: int, latest: Latest | None, now: datetime) -> str:
    """A feed in short: "in en, 25 entries, the latest 4 min ago: “…”"."""
    said = [f"in {plain(language)}"] if language else []
    said.append(count(entries, "entry").replace("entrys", "entries"))
    if latest is not None:
        when = "of no date" if latest.published_at is None else ago(latest.published_at, now)
        said.append(f"the latest {when}: “{plain(latest.title)}”")
    return ", ".join(said)


def choices(found: Discovered, listed: Iterable[str], now: datetime, *, options: str = "") -> list[str]:
    """The feeds of a site, numbered, with how to add each; `listed` are the addresses that are ours."""
    ours = set(listed)
    lines = [f"{safe(found.explain())}:"]
    for number, feed in enumerate(found.feeds, start=1):
        inside = holds(language=feed.language, entries=feed.entries, latest=feed.latest, now=now)
        mend = "already listed" if feed.url in ours else f"{command('add', feed.url)}{options}"
        lines += [f"{number:3}. {plain(feed.title) or '(no title)'}: {inside}", f"     {mend}"]
    return lines
