"""One loopback server with as many feeds as anybody asks for, each on a host of its own.

`python -m bench.feed_server` prints its port and serves until its stdin ends. Real feeds live on different
hosts, and a poller spares each of them, so feed 300 has the address http://127.1.1.44:PORT/feed/300: all of
127.0.0.0/8 is this machine (on Linux). Written by hand over asyncio, so that it is no rival's bottleneck.
"""

import asyncio
import json
import random
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

ENTRIES = 40
_TEMPLATES = 64
_HOLE = "@FEED@"
_WORDS = [
    "council",
    "harbour",
    "ferry",
    "budget",
    "minister",
    "storm",
    "railway",
    "hospital",
    "museum",
    "election",
    "inquiry",
    "bridge",
    "teachers",
    "farmers",
    "river",
    "prices",
    "court",
    "report",
    "strike",
    "market",
    "station",
    "evening",
    "residents",
    "police",
    "engineers",
    "company",
    "festival",
    "winter",
    "summer",
    "border",
    "export",
    "climate",
    "energy",
    "science",
    "school",
    "airport",
    "union",
    "village",
    "capital",
    "agreed",
    "warned",
    "opened",
    "closed",
    "delayed",
    "raised",
    "reported",
    "approved",
    "rejected",
    "launched",
    "repaired",
    "flooded",
    "said",
    "announced",
    "planned",
    "expected",
    "after",
    "before",
    "against",
    "during",
    "despite",
    "within",
    "without",
    "near",
    "beyond",
    "the",
    "a",
    "of",
    "to",
]


def url_of(number: int, port: int) -> str:
    """Where feed `number` is: an address of its own within 127.0.0.0/8."""
    high, low = divmod(number, 256)
    return f"http://127.{1 + high // 256}.{high % 256}.{low}:{port}/feed/{number}"


def templates(now: datetime) -> list[list[bytes]]:
    """Feeds in pieces: joined by a feed's number, they are that feed, about 30 KB of RSS."""
    dice = random.Random(40)
    return [_template(dice, now).encode().split(_HOLE.encode()) for _ in range(_TEMPLATES)]


def _template(dice: random.Random, now: datetime) -> str:
    at = now - timedelta(minutes=dice.randint(5, 90))
    items = []
    for place in range(ENTRIES):
        items.append(_item(dice, ENTRIES - place, at))
        at -= timedelta(minutes=dice.randint(10, 240))
    head = (
        f"<title>The {_HOLE} Courier</title><link>https://courier{_HOLE}.example/</link>"
        f"<description>{_sentence(dice)}</description><language>en-gb</language>"
        f"<lastBuildDate>{format_datetime(now)}</lastBuildDate>"
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">\n'
        f"<channel>{head}\n{''.join(items)}</channel></rss>\n"
    )


def _item(dice: random.Random, number: int, at: datetime) -> str:
    words = dice.choices(_WORDS, k=dice.randint(6, 11))
    title, slug = " ".join(words).capitalize(), "-".join(words)
    said = " ".join(_sentence(dice) for _ in range(dice.randint(2, 3)))
    link = f"https://courier{_HOLE}.example/{at:%Y/%m/%d}/{slug}-{number}"
    return (
        f"<item><title>{title} in district {_HOLE}</title><link>{link}</link>"
        f'<guid isPermaLink="false">courier-{_HOLE}-{number}</guid>'
        f"<description><![CDATA[<p>{said} District {_HOLE} hears more on Monday.</p>]]></description>"
        f"<dc:creator>{dice.choice(_WORDS).title()} {dice.choice(_WORDS).title()}</dc:creator>"
        f"<category>{dice.choice(_WORDS)}</category><pubDate>{format_datetime(at)}</pubDate></item>\n"
    )


def _sentence(dice: random.Random) -> str:
    return " ".join(dice.choices(_WORDS, k=dice.randint(12, 24))).capitalize() + "."


class _Feeds:
    """What is served, and what was asked since the last look at `/counts`."""

    def __init__(self) -> None:
        now = datetime.now(UTC).replace(microsecond=0)
        self._templates = templates(now)
        self._modified = format_datetime(now, usegmt=True).encode()
        self._asked: Counter[bytes] = Counter()
        self._statuses: Counter[int] = Counter()
        self._cpu_from = time.process_time()

    def answer(self, head: bytes) -> bytes:
        """The whole answer to a request's head."""
        path = head.split(b" ", 2)[1]
        if path == b"/counts":
            return _whole(b"200 OK", b"Content-Type: application/json", self._counts())
        number = path.rpartition(b"/")[2]
        etag = b'"feed-' + number + b'"'
        named = b"ETag: " + etag + b"\r\nLast-Modified: " + self._modified
        self._asked[number] += 1
        if b"\r\nif-none-match: " + etag in head.lower():
            self._statuses[304] += 1
            return b"HTTP/1.1 304 Not Modified\r\n" + named + b"\r\n\r\n"
        self._statuses[200] += 1
        body = number.join(self._templates[int(number) % _TEMPLATES])
        return _whole(b"200 OK", b"Content-Type: application/rss+xml; charset=utf-8\r\n" + named, body)

    def _counts(self) -> bytes:
        cpu = time.process_time()
        counts = {
            "feeds": len(self._asked),
            "most": max(self._asked.values(), default=0),
            "whole": self._statuses[200],
            "unchanged": self._statuses[304],
            "cpu_seconds": cpu - self._cpu_from,
        }
        self._asked.clear()
        self._statuses.clear()
        self._cpu_from = cpu
        return json.dumps(counts).encode()


def _whole(status: bytes, headers: bytes, body: bytes) -> bytes:
    return b"HTTP/1.1 %b\r\n%b\r\nContent-Length: %d\r\n\r\n%b" % (status, headers, len(body), body)


class _Line(asyncio.Protocol):
    """One connection, kept open unless the client says otherwise."""

    def __init__(self, feeds: _Feeds) -> None:
        self._feeds = feeds
        self._transport: asyncio.Transport | None = None
        self._heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keeps the transport."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answers every request whose head is whole."""
        assert self._transport is not None
        self._heard += data
        while b"\r\n\r\n" in self._heard:
            head, _, self._heard = self._heard.partition(b"\r\n\r\n")
            self._transport.write(self._feeds.answer(head))
            if b"\r\nconnection: close" in head.lower():
                self._transport.close()


async def _serve() -> None:
    feeds = _Feeds()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Line(feeds), "0.0.0.0", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)  # until whoever started us is done, or dead


if __name__ == "__main__":
    asyncio.run(_serve())
