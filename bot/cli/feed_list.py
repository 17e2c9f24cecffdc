"""`needtoknow feeds list`, `show`, `pause`, `resume` and `remove`."""

import asyncio
import json
import shutil
import sys

from bot.cli import feed_words as words
from bot.cli.feed_rows import feeds_of, find, list_file, named, opened, say
from bot.errors import InputError
from bot.model import FeedOrigin, FeedState
from bot.storage.feeds import all_feeds, pause_feed, remove_feed, resume_feed
from bot.times import utc_now

_LEAST_WIDTH = 80


def show_list(*, failing: bool, as_json: bool) -> int:
    """Every feed, or those that fail, in columns or as JSON lines."""
    with opened() as database:
        listed = feeds_of(database)
    shown = [feed for feed in listed if not failing or words.is_failing(feed)]
    if as_json:
        for feed in shown:
            print(json.dumps(words.as_json(feed), ensure_ascii=False))
        return 0
    if shown:
        say(words.table(shown, utc_now(), width=_columns()))
        print()
    print(words.summary(listed))
    return 0


def show_one(wanted: str) -> int:
    """All that is known of a feed."""
    with opened() as database:
        # By its whole address, one that is off the list can be seen as well.
        gone = asyncio.run(database.read(lambda connection: all_feeds(connection, url=wanted)))
        feed = next(iter(gone), None) or find(feeds_of(database), wanted, by_part=True)
    say(words.told(feed, utc_now(), listed_in=str(list_file())))
    return 0


def _columns() -> int | None:
    """Where lines are cut: a terminal has an edge, a file has none."""
    if not sys.stdout.isatty():
        return None
    return max(_LEAST_WIDTH, shutil.get_terminal_size().columns)


def pause(wanted: str) -> int:
    """The feed is not asked until it is resumed."""
    with opened() as database:
        feed = find(feeds_of(database), wanted)
        if feed.state == FeedState.PAUSED:
            print(f"{named(feed)} is paused already")
            return 0
        database.write_now(lambda connection: pause_feed(connection, feed.id))
    print(f"paused {named(feed)}; to go on: {words.command('resume', feed.spec.url)}")
    return 0


def resume(wanted: str) -> int:
    """A feed that was paused, suspended or retired is asked again."""
    now = utc_now()
    with opened() as database:
        feed = find(feeds_of(database), wanted)
        if feed.state == FeedState.ACTIVE:
            # To resume it would make news of what came out meanwhile into backlog.
            due = words.ago(feed.due_at, now) if feed.due_at > now else "now"
            print(f"{named(feed)} is active, and due {due}; there is nothing to resume")
            return 0
        database.write_now(lambda connection: resume_feed(connection, feed.id, now=now))
    print(f"resumed {named(feed)}; it is due now, and what came out meanwhile alerts nobody")
    return 0


def remove(wanted: str) -> int:
    """A feed that was added by command is off the list."""
    with opened() as database:
        feed = find(feeds_of(database), wanted)
        if feed.origin == FeedOrigin.FILE:
            raise InputError(
                f"{named(feed)} is listed in {list_file()}; take it out there, and restart the bot "
                f"(or only pause it: {words.command('pause', feed.spec.url)})"
            )
        database.write_now(lambda connection: remove_feed(connection, feed.id))
    print(f"removed {named(feed)}; what came from it stays")
    return 0
