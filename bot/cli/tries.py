"""`needtoknow try …`: the parse, the article, the digest, the match and the story of a file."""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.errors import InputError
from bot.times import iso

_FIRST_YEAR, _LAST_YEAR = 1900, 2999  # beyond them a window of some days may leave the calendar


def add_tries(parser: argparse.ArgumentParser) -> None:
    """Adds the tries to the `try` command."""
    tries = parser.add_subparsers(required=True, metavar="ROOM")

    feed = tries.add_parser("feed", help="print a feed's entries as JSON lines")
    feed.add_argument("place", metavar="URL|FILE")
    feed.set_defaults(command=_feed)

    extract = tries.add_parser("extract", help="print the readable text of a saved page")
    extract.add_argument("file", type=Path, metavar="FILE.html")
    extract.add_argument("--url", help="where the page was found")
    extract.set_defaults(command=_extract)

    for name, run, said in (
        ("digest", _digest, 'write a digest of each {"title","text","url"?,"source"?} line'),
        (
            "match",
            _match,
            'name the filters that each {"id","title","text","source"?,"url"?,"language"?} line meets',
        ),
        ("group", _group, 'name the story of each {"id","title","text","published_at"?} line'),
    ):
        one = tries.add_parser(name, help=f"{said} of standard input")
        one.add_argument("--jsonl", action="store_true", help="JSON lines in and out (the only form)")
        if name == "match":
            one.add_argument("--filters", type=Path, required=True, metavar="FILE", help="one filter a line")
        one.set_defaults(command=run)


def _print(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False), flush=True)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error


def _feed(options: argparse.Namespace) -> int:
    from bot.feeds.parse import parse

    if options.place.startswith(("http://", "https://")):
        body, url, content_type = asyncio.run(_fetch(options.place))
    else:
        body, url, content_type = _read(Path(options.place)), options.place, None
    for entry in parse(body, url=url, content_type=content_type).entries:
        _print(
            {
                "key": entry.key,
                "title": entry.title,
                "url": entry.url,
                "summary": entry.summary,
                "published_at": iso(entry.published_at),
                "author": entry.author,
            }
        )
    return 0


async def _fetch(url: str) -> tuple[bytes, str, str | None]:
    from bot.app import open_web
    from bot.config import load_settings
    from bot.feeds.fetch import Fetched, fetch

    async with open_web(load_settings()) as web:
        got = await fetch(web, url)
    if not isinstance(got, Fetched):
        raise InputError(f"{url} answered 304 to a first request")
    return got.body, got.url, got.content_type


def _extract(options: argparse.Namespace) -> int:
    from bot.articles.readable import readable

    article = readable(_read(options.file), url=options.url)
    if article is None:
        raise InputError(f"{options.file}: there is no readable text in it")
    found = asdict(article) | {"published_at": iso(article.published_at)}
    _print(
        {name: found[name] for name in ("title", "text", "published_at", "author", "language", "site", "url")}
    )
    return 0


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    value: dict[str, Any]

    def text(self, key: str, *, required: bool = True) -> str:
        found = self.value.get(key)
        if isinstance(found, str) and (found.strip() or not required):
            return found
        if found is None and not required:
            return ""
        if key == "id" and isinstance(found, int):
            return str(found)
        raise InputError(f'line {self.number}: "{key}" must be a text, and it is {json.dumps(found)[:60]}')

    def some(self, key: str) -> frozenset[str]:
        """The texts of a list, or the one text, if there are any."""
        found = self.value.get(key)
        if isinstance(found, list) and all(isinstance(one, str) for one in found):
            return frozenset(found)
        text = self.text(key, required=False)
        return frozenset({text} if text else ())


def _lines() -> Iterator[_Line]:
    for number, raw in enumerate(sys.stdin.buffer, start=1):
        if not raw.strip():
            continue
        try:
            value = _printable(json.loads(raw))
        except json.JSONDecodeError as error:
            raise InputError(
                f"line {number}: this is not JSON: {error.msg}, character {error.colno}"
            ) from error
        except (ValueError, RecursionError) as error:
            raise InputError(f"line {number}: this is not JSON that can be read") from error
        if not isinstance(value, dict):
            raise InputError(f"line {number}: expected an object in braces")
        yield _Line(number, value)


def _printable(value: Any) -> Any:
    # JSON can spell half a surrogate pair, which nothing can print or store.
    whole = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    return json.loads(whole)


def _digest(_: argparse.Namespace) -> int:
    from bot.app import summariser
    from bot.config import load_settings
    from bot.encoder import Encoder
    from bot.model import Article, Source

    write = summariser(load_settings(), Encoder())
    for line in _lines():
        title, text = line.text("title", required=False), line.text("text", required=False)
        if not (title.strip() or text.strip()):
            raise InputError(f'line {line.number}: "title" and "text" are both empty')
        url, source = line.text("url", required=False) or None, line.text("source", required=False)
        began = time.perf_counter()
        digest = write(
            [Article(title=title, text=text, url=url, site=source or None)], [Source(source, title, url)]
        )
        _print(
            {
                "headline": digest.headline,
                "need_to_know": digest.need_to_know,
                "details": digest.details,
                "next": digest.next,
                "model": digest.model,
                "seconds": round(time.perf_counter() - began, 4),
            }
        )
    return 0


def _match(options: argparse.Namespace) -> int:
    from bot.app import read_topics
    from bot.cli.matching import Matching, listed
    from bot.config import load_topics

    topics = read_topics(load_topics())
    matching = Matching(listed(options.filters, _read(options.filters), topics), topics)
    for line in _lines():
        story = matching.read(
            line.text("title", required=False),
            line.text("text", required=False),
            sources=line.some("source"),
            addresses=line.some("url"),
            languages=line.some("language"),
            topics=line.some("topics"),
        )
        _print({"id": line.value.get("id")} | matching.match(story))
    return 0


def _group(_: argparse.Namespace) -> int:
    from bot.cli.grouping import Grouping
    from bot.encoder import Encoder

    grouping = Grouping(Encoder())
    try:
        for line in _lines():
            story = grouping.add(
                title=line.text("title", required=False),
                text=line.text("text", required=False),
                arrived_at=_time(line),
            )
            _print({"id": line.value.get("id"), "story": story})
    finally:
        grouping.close()
    return 0


def _time(line: _Line) -> datetime | None:
    text = line.text("published_at", required=False)
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f'line {line.number}: "published_at" is no time: {text!r}') from error
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
        raise InputError(f'line {line.number}: "published_at" has no zone: write {iso(at)}')
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise InputError(f'line {line.number}: "published_at" is no time of news: {text!r}')
    return at
