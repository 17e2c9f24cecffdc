"""The list of feeds in the database: opened beside a bot that may be running, and searched for one."""

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path

import sqlalchemy as sa

from bot.cli.feed_words import safe
from bot.cli.opening import existing
from bot.config import config_directory, load, load_settings
from bot.errors import InputError, StorageError
from bot.feeds.feed_urls import place
from bot.feeds.listing import spec_of
from bot.model import FeedOrigin
from bot.storage.database import Database
from bot.storage.feeds import FeedRecord, all_feeds, list_feeds
from bot.storage.schema import migrate
from bot.storage.tables import feeds
from bot.text import fold
from bot.times import utc_now

_MOST_NAMED = 5


@contextmanager
def opened(*, may_be_new: bool = False) -> Iterator[Database]:
    """The database in today's shape, beside a bot that may be running on it: nobody's alone.

    Raises StorageError where there is none, unless it `may_be_new`.
    """
    url = load_settings().storage.url
    database = Database(url) if may_be_new else existing(url)
    try:
        migrate(database, now=utc_now())
        _list_file_first(database)
        yield database
    except sa.exc.SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        raise StorageError(f"the database cannot be used now: {cause}") from error
    finally:
        database.close()


def _list_file_first(database: Database) -> None:
    """Before the bot ever ran, feeds.toml is not in the database yet; later on, that is for the bot to do."""
    query = sa.select(feeds.c.id).where(feeds.c.origin == FeedOrigin.FILE).limit(1)
    is_known = asyncio.run(database.read(lambda connection: connection.execute(query).scalar()))
    if is_known is not None or not config_directory().is_dir():
        return
    loaded = load()
    specs = [spec_of(feed, loaded.settings) for feed in loaded.feeds]
    if specs:
        database.write_now(lambda connection: list_feeds(connection, specs, now=utc_now()))


def feeds_of(database: Database) -> list[FeedRecord]:
    """Every listed feed, by name."""
    return asyncio.run(database.read(all_feeds))


def same(listed: Iterable[FeedRecord], url: str) -> FeedRecord | None:
    """The feed that is listed under this address, or asked there; http or https, "/" or not, are one."""
    return next((feed for feed in listed if place(url) in {place(feed.spec.url), place(feed.address)}), None)


def find(listed: Sequence[FeedRecord], wanted: str, *, by_part: bool = False) -> FeedRecord:
    """The one feed that is meant; raises InputError that names those that may be."""
    if (known := same(listed, wanted)) is not None:
        return known
    word = fold(wanted.strip())
    tests: list[Callable[[FeedRecord], bool]] = [lambda feed: fold(feed.spec.name) == word]
    if by_part:
        tests.append(lambda feed: bool(word) and word in fold(f"{feed.spec.name}\n{feed.spec.url}"))
    for is_meant in tests:
        found = [feed for feed in listed if is_meant(feed)]
        if len(found) == 1:
            return found[0]
        if found:
            raise InputError(f"{safe(wanted)} may be {len(found)} feeds: {_several(found)}")
    near = _near(listed, word)
    mend = f"did you mean {_several(near)}?" if near else "needtoknow feeds list names them all"
    raise InputError(f"there is no feed {safe(wanted)}; {mend}")


def _near(listed: Sequence[FeedRecord], word: str) -> list[FeedRecord]:
    by_word: dict[str, FeedRecord] = {}
    for feed in listed:
        by_word |= {fold(feed.spec.url): feed, fold(feed.spec.name): feed}
    close = [by_word[match] for match in get_close_matches(word, by_word, n=_MOST_NAMED)]
    within = [feed for text, feed in by_word.items() if word and word in text]
    return list({feed.id: feed for feed in [*close, *within]}.values())


def _several(found: Sequence[FeedRecord]) -> str:
    more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
    return ", ".join(map(named, found[:_MOST_NAMED])) + more


def list_file() -> Path:
    """Where feeds.toml is."""
    return config_directory() / load_settings().feeds.file


def language_of(stated: str | None) -> str | None:
    """The language that a feed states ("en-US" and "en_us" are en); None for what is none at all."""
    found = re.match(r"[a-z]{2,3}(?![a-z])", (stated or "").strip().lower())
    return found[0] if found else None


def named(feed: FeedRecord) -> str:
    """A feed's name with its address."""
    return f"{safe(feed.spec.name)} ({safe(feed.spec.url)})"


def say(lines: Iterable[str]) -> None:
    """Prints the lines."""
    for line in lines:
        print(line)
