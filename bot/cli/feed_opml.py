"""`needtoknow feeds import` and `export`: lists in OPML, whose folders are topics."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot import config
from bot.cli.feed_rows import feeds_of, language_of, opened, say
from bot.cli.feed_words import count, safe
from bot.errors import InputError
from bot.feeds.feed_urls import place
from bot.feeds.opml import Listed, parse_opml, topic_of, write_opml
from bot.links import host_of
from bot.logs import redact
from bot.storage.feeds import FeedSpec, add_feed
from bot.times import utc_now

_LIST_MAX_BYTES = 10_000_000


def import_list(path: Path, *, dry_run: bool) -> int:
    """The feeds of an OPML file are listed, unless they are already; its folders are topics."""
    try:
        opml = parse_opml(_contents(path))
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    topics = {topic.id: topic.name for topic in config.load().topics}
    specs, astray = [], []
    with opened(may_be_new=True) as database:
        ours = {place(url) for feed in feeds_of(database) for url in (feed.spec.url, feed.address)}
        skipped = [str(skipped) for skipped in opml.skipped]
        for feed in opml.feeds:
            if place(feed.url) in ours:
                continue
            if "@" in feed.url.split("/")[2]:
                skipped.append(f"“{feed.name}” has a login in its address; add it with --header")
                continue
            topic = topic_of(feed.topic_path, topics)
            if feed.topic_path and topic is None:
                astray.append(" / ".join(feed.topic_path))
            specs.append(FeedSpec(feed.url, _name(feed), language=language_of(feed.language), topic=topic))
        if not dry_run:
            now = utc_now()
            database.write_now(lambda connection: [add_feed(connection, spec, now=now) for spec in specs])
    already = len(opml.feeds) - len(specs) - (len(skipped) - len(opml.skipped))
    say(_imported(specs, already, skipped, astray, dry_run=dry_run))
    return 0


def _imported(
    specs: Sequence[FeedSpec], already: int, skipped: Sequence[str], astray: Sequence[str], *, dry_run: bool
) -> Iterator[str]:
    said = "would list" if dry_run else "listed"
    yield f"{said} {count(len(specs), 'feed')}; {already} already listed, {len(skipped)} skipped"
    yield from (f"  {safe(spec.name)} ({safe(spec.url)}), {spec.topic or 'no topic'}" for spec in specs)
    yield from (f"  skipped: {safe(reason)}" for reason in skipped)
    if astray:
        folders = ", ".join(f"{safe(name)} ({number})" for name, number in Counter(astray).most_common())
        yield f"  without a topic, for topics.toml has none of this name: {folders}"


def export_list(path: Path | None) -> int:
    """Every listed feed as OPML, to standard output without a path."""
    topics = {topic.id: topic.name for topic in config.load().topics}
    with opened() as database:
        listed = feeds_of(database)
    opml = write_opml(
        [
            Listed(
                url=redact(feed.address),
                name=feed.spec.name,
                topic_path=(topics.get(feed.spec.topic, feed.spec.topic),) if feed.spec.topic else (),
                language=feed.spec.language,
            )
            for feed in listed
        ],
        "Need to Know",
        utc_now(),
    )
    if path is None:
        sys.stdout.buffer.write(opml)
        sys.stdout.flush()
        return 0
    try:
        path.write_bytes(opml)
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror}") from error
    print(f"wrote {count(len(listed), 'feed')} to {path}")
    return 0


def _contents(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            body = file.read(_LIST_MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}") from error
    if len(body) > _LIST_MAX_BYTES:
        raise InputError(f"is longer than {_LIST_MAX_BYTES // 1_000_000} MB")
    return body


def _name(feed: Listed) -> str:
    return safe(feed.name) or host_of(feed.url)
