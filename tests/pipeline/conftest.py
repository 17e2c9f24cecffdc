"""The stages on real parts: feeds and pages over HTTP on loopback, SQLite, and the playground's Bot API."""

import asyncio
import random
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import partial
from html import escape
from pathlib import Path as FilePath
from typing import Any

import pytest
import sqlalchemy as sa

from bot.alerts.match import MatchStories
from bot.alerts.topics import TopicIndex
from bot.articles.extract import Extract
from bot.chat.build import build
from bot.chat.context import Services
from bot.delivery.notify import Notify
from bot.delivery.policy import Pace
from bot.delivery.send import Send
from bot.delivery.telegram import Telegram
from bot.digests.bundled import plain
from bot.digests.write import Write
from bot.encoder import Encoder
from bot.feeds.poll import Poll
from bot.model import Change, ChatKind, DeliveryState, Digest, Match
from bot.offload import Offload
from bot.pipeline import Stage
from bot.playground.residents import Chat
from bot.storage import changes, orders, subscribers, tables
from bot.storage import feeds as feed_store
from bot.storage import stories as story_store
from bot.storage.database import Database, T, Work
from bot.storage.feeds import FeedSpec
from bot.storage.orders import Telling
from bot.stories.group import Group
from bot.times import utc_now
from bot.web import Web
from tests.log_lines import log  # noqa: F401 - a fixture
from tests.playground.conftest import TOKEN, Playground, playground  # noqa: F401 - a fixture
from tests.web_server import WebServer, serving
from tests.wire import Wire

LEASE = timedelta(minutes=2)
ENCODER = Encoder()
_WORDS = str.split(
    "harbour council morning captain engine timetable passenger island weather repair budget meeting valley "
    "market library orchard railway teacher hospital mountain window garden letter bridge summer festival "
    "river engineer parliament museum factory student journey winter kitchen village concert doctor"
)


def told(title: str) -> str:
    """An article's text: sentences that no other title shares."""
    dice = random.Random(title)
    lines = [f"{title} was the news of the day, officials said in a statement on Monday."]
    for _ in range(9):
        said = " ".join(dice.choices(_WORDS, k=12))
        lines.append(
            f"The {said} were counted by {dice.randint(2, 900)} people at the {dice.choice(_WORDS)}."
        )
    return " ".join(lines)


class Crash(Exception):  # noqa: N818 - what happens, not what is wrong
    """The power goes."""


class Mortal(Database):
    """A real database; `dies_after` so many more writes every write is a crash, `deaths` times at most."""

    dies_after: int | None = None
    deaths = 1_000

    async def write(self, work: Work[T]) -> T:
        if self.dies_after is not None:
            if self.dies_after == 0 and self.deaths > 0:
                self.deaths -= 1
                raise Crash
            self.dies_after = max(0, self.dies_after - 1)
        return await super().write(work)


class Outlet:
    """A feed and its pages on a loopback server."""

    def __init__(self, site: WebServer, name: str, *, host: str = "127.0.0.1") -> None:
        self.site = site
        self.name = name
        self.host = host
        self.path = f"/{name}.xml"
        self.items: list[str] = []
        self.pages = 0
        self.show()

    @property
    def url(self) -> str:
        return self.site.url(self.path, self.host)

    def publish(
        self,
        title: str,
        *,
        text: str | None = None,
        guid: str | None = None,
        at: datetime | None = None,
        link: str | None = None,
    ) -> None:
        """A new item on top of the feed, and its page."""
        self.pages += 1
        page = f"/{self.name}/{self.pages}"
        paragraphs = "".join(f"<p>{escape(line)}.</p>" for line in (text or told(title)).split(". "))
        body = f"<html><head><title>{escape(title)}</title></head><body><article><h1>{escape(title)}</h1>{paragraphs}"
        self.site.on(page, f"{body}</article></body></html>".encode(), headers={"Content-Type": "text/html"})
        link = link or self.site.url(page, self.host)
        date = f"<pubDate>{format_datetime(at)}</pubDate>" if at else ""
        self.items.insert(
            0,
            f"<item><title>{escape(title)}</title><link>{link}</link><guid isPermaLink='false'>{guid or link}</guid>"
            f"{date}</item>",
        )
        self.show()

    def show(self, *, headers: dict[str, str] | None = None) -> None:
        """Serves the items as they are now."""
        body = f"<rss version='2.0'><channel><title>{self.name}</title>{''.join(self.items)}</channel></rss>"
        self.site.on(
            self.path, body.encode(), headers={"Content-Type": "application/rss+xml", **(headers or {})}
        )

    def asked(self) -> int:
        """How often the feed was asked for."""
        return sum(request.path == self.path for request in self.site.requests)


class Path:
    """The six stages, to be stepped by hand; everything between them is rows."""

    def __init__(self, telegram: Playground, wire: Wire, database: Mortal, stages: Sequence[Stage]) -> None:
        self.telegram = telegram
        self.wire = wire
        self.world = telegram.world
        self.database = database
        self.stages = {stage.name: stage for stage in stages}

    async def run(self, *names: str) -> None:
        """Steps the named stages, or all, each until it has nothing more to do."""
        for name in names or tuple(self.stages):
            while await self.stages[name].step():
                pass

    async def listed(self, *outlets: Outlet | str) -> None:
        """The operator lists these feeds."""
        urls = [one if isinstance(one, str) else one.url for one in outlets]
        specs = [FeedSpec(url, url.rpartition("/")[2], timedelta(hours=1)) for url in urls]
        await self.database.write(partial(feed_store.list_feeds, specs=specs, now=utc_now()))

    def all_due(self) -> None:
        """An hour has gone by: every feed is due again."""
        due = sa.update(tables.feeds).values(due_at=utc_now())
        self.database.write_now(lambda c: c.execute(due))

    def due(self, outlet: Outlet) -> None:
        """This feed alone is due again."""
        due = sa.update(tables.feeds).where(tables.feeds.c.url == outlet.url).values(due_at=utc_now())
        self.database.write_now(lambda c: c.execute(due))

    async def polled(self) -> None:
        """Every feed is asked again, and what is new walks all the way."""
        self.all_due()
        await self.run()
        await self.sent()

    async def sent(self, patience: float = 10) -> None:
        """Until the outbox is empty; each chat gets one message a second."""
        async with asyncio.timeout(patience):
            while any(state == DeliveryState.PENDING for (state,) in self.rows(tables.deliveries, "state")):
                await self.run("send")
                await asyncio.sleep(0.05)

    def follow(self, chat: Chat, *texts: str) -> int:
        """A chat that follows these words; its subscriber id."""
        chat.started = True

        def write(connection: sa.Connection) -> int:
            who = subscribers.meet(connection, chat.id, ChatKind(chat.kind), now=utc_now())
            for text in texts:
                subscribers.save_filter(connection, who.id, text, now=utc_now())
            return who.id

        return self.database.write_now(write)

    def order(self, digest: Digest, *subscriber_ids: int) -> int:
        """An alert that waits to be sent, as the stages before `send` leave it; the story's id."""
        now = utc_now()

        def write(connection: sa.Connection) -> int:
            told = {"title": digest.headline, "started_at": now, "updated_at": now, "due_at": now}
            made = connection.execute(sa.insert(tables.stories).values(matched_revision=1, **told))
            story_id = int(made.inserted_primary_key[0])
            found = {one: [Match("ferry", ("ferry",))] for one in subscriber_ids}
            orders.order(connection, Telling(story_id, 1, found, now))
            return story_id

        story_id = self.database.write_now(write)
        self.written(story_id, digest)
        return story_id

    def grow(self, story_id: int, *found: Change) -> None:
        """The story's next revision, as the stages before `match` leave it: it has brought these changes."""
        now = utc_now()
        is_it = tables.stories.c.id == story_id

        def write(connection: sa.Connection) -> None:
            values = {"revision": tables.stories.c.revision + 1, "due_at": now}
            connection.execute(sa.update(tables.stories).where(is_it).values(values))
            revision = connection.execute(sa.select(tables.stories.c.revision).where(is_it)).scalar_one()
            changes.record(connection, story_id, revision, found, now=now)

        self.database.write_now(write)

    def written(self, story_id: int, digest: Digest) -> None:
        """The digest of the story's newest revision is there."""
        now = utc_now()

        def write(connection: sa.Connection) -> None:
            newest = sa.select(tables.stories.c.revision).where(tables.stories.c.id == story_id)
            revision = connection.execute(newest).scalar_one()
            story_store.want_digest(connection, story_id, revision, now=now)
            wanted = sa.select(tables.digests.c.id).where(
                tables.digests.c.story_id == story_id, tables.digests.c.revision == revision
            )
            digest_id = connection.execute(wanted).scalar_one()
            story_store.record_digest(connection, digest_id, digest, seconds=0.0, now=now)

        self.database.write_now(write)

    def rows(self, table: sa.Table, *columns: str) -> list[tuple[Any, ...]]:
        """These columns of a table, by id."""
        query = sa.select(*(table.c[name] for name in columns)).order_by(*table.primary_key)
        return [tuple(row) for row in self.database.write_now(lambda c: c.execute(query).all())]

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows there are, but when each feed was and will be asked."""
        return {
            table.name: self.rows(table, *(column.name for column in table.columns))
            for table in tables.metadata.sorted_tables
            if table is not tables.feeds
        }

    def heard(self, chat: Chat) -> list[str]:
        """The first lines of what the bot said in a chat."""
        return [
            one.body.text.splitlines()[0]
            for one in chat.messages.values()
            if one.sender.is_bot and one.body.text
        ]

    @property
    def ada(self) -> Chat:
        return self.world.chats[next(iter(self.world.people))]

    @property
    def ben(self) -> Chat:
        return self.world.chats[list(self.world.people)[1]]


def digest(headline: str, *sentences: str) -> Digest:
    return Digest(headline, sentences or (f"{headline}, officials said.",), (), (), model="by hand")


@pytest.fixture
def sqlite(migrated: FilePath, tmp_path: FilePath) -> Iterator[Mortal]:
    """A migrated SQLite database that can be made to die."""
    opened = Mortal(f"sqlite:///{shutil.copy(migrated, tmp_path)}")
    yield opened
    opened.close()


@pytest.fixture
async def site() -> AsyncIterator[WebServer]:
    async with serving("0.0.0.0") as server:
        yield server


@pytest.fixture
async def path(playground: Playground, sqlite: Mortal, site: WebServer) -> AsyncIterator[Path]:  # noqa: F811
    services = Services(database=sqlite, topics=(), topic_index=TopicIndex(()), feeds=1)
    await asyncio.to_thread(ENCODER.meanings, ["A ferry."])  # loading takes longer than the tests' leases
    wire = Wire(playground.url)
    await wire.open()
    application = build(TOKEN, wire.base_url, services)
    async with (
        Web(
            user_agent="test",
            trusted=[("127.0.0.1", site.port), ("127.0.0.2", site.port)],
            max_bytes=1_000_000,
            first_byte_seconds=1.5,
        ) as web,
        Offload(workers=1) as offload,
        application.bot,
    ):
        reading = {"database": sqlite, "web": web, "offload": offload, "lease": LEASE}
        stages = [
            Poll(**reading),
            Extract(**reading, delay=timedelta(0)),
            Group(database=sqlite, encoder=ENCODER, lease=LEASE),
            MatchStories(database=sqlite, topics=TopicIndex(()), lease=LEASE),
            Write(database=sqlite, summariser=plain, lease=LEASE),
            Send(database=sqlite, telegram=Telegram(application.bot), lease=LEASE),
            Notify(database=sqlite, telegram=Telegram(application.bot), lease=LEASE, pace=Pace()),
        ]
        yield Path(playground, wire, sqlite, stages)
        for stage in stages:
            await stage.drain(5)
    await wire.close()
