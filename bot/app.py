"""The composition root: builds everything, starts it in order, and stops it in the opposite one."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Gauge
from starlette.routing import BaseRoute

from bot.alerts.language.parse import STORED_LENGTH, FilterError, parse
from bot.alerts.match import MatchStories
from bot.alerts.meanings import KnownMeanings
from bot.alerts.topics import Topic, TopicIndex
from bot.alerts.week.last_week import LastWeek
from bot.articles.extract import Extract
from bot.chat.build import build
from bot.chat.context import Services
from bot.chat.line import Line
from bot.chat.proposer import PATIENCE_SECONDS, Proposer
from bot.config import Config, TopicListing
from bot.delivery.notify import Notify
from bot.delivery.policy import Pace
from bot.delivery.send import Send
from bot.delivery.telegram import Telegram
from bot.digests.chosen import asked, own_writer, written_by
from bot.digests.generated.draft import Writer
from bot.digests.write import Summariser, Write
from bot.encoder import Encoder
from bot.errors import ConfigError
from bot.feeds.callback import websub_route
from bot.feeds.listing import spec_of
from bot.feeds.poll import Poll
from bot.feeds.record import Rules
from bot.feeds.websub import Subscribe
from bot.logs import get_logger
from bot.offload import Offload
from bot.pipeline import Pipeline
from bot.playground.host import TOKEN, Playground
from bot.schedule import Schedule
from bot.server import Server, health_route, metrics_route
from bot.settings import Settings, StorageSettings
from bot.storage import pushes, retention
from bot.storage.claims import take_back
from bot.storage.database import Database
from bot.storage.feeds import list_feeds
from bot.storage.schema import migrate
from bot.stories.group import Group
from bot.times import utc_now
from bot.web import Web

_log = get_logger(__name__)

_PLAYGROUND_DATABASE = Path("data/playground.db")
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_KNOCK_EVERY = timedelta(seconds=1)
_COUNT_EVERY = timedelta(seconds=15)
_READ_UP_EVERY = timedelta(seconds=30)
_SETTLED_AFTER = timedelta(seconds=3)
_FORGET_EVERY = timedelta(hours=1)
_LEASE = timedelta(minutes=2)
_WRITE_LEASE = timedelta(minutes=10)  # a generative model on a small machine takes its time
_STOP_SECONDS = 4.0


async def run(config: Config) -> None:
    """The main job, until SIGTERM or SIGINT; with no token, against the playground's own Bot API.

    Raises ConfigError or StorageError when it cannot start.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with _started(config) as line:
        fatal = asyncio.create_task(line.lost())
        waiting = asyncio.create_task(stop.wait())
        await asyncio.wait({fatal, waiting}, return_when=asyncio.FIRST_COMPLETED)
        _log.info("stopping")
        for task in (fatal, waiting):
            task.cancel()
        error = None if fatal.cancelled() or not fatal.done() else fatal.exception()
    _log.info("stopped")
    if error is not None:
        raise error


@contextlib.asynccontextmanager
async def _started(config: Config) -> AsyncIterator[Line]:
    settings = config.settings
    token = settings.telegram.token.get_secret_value() if settings.telegram.token else None
    topics = read_topics(config.topics)
    encoder = Encoder()
    meanings = KnownMeanings(encoder)
    topic_index = TopicIndex(topics, meanings)
    registry = CollectorRegistry()
    async with AsyncExitStack() as stack:
        database = open_database(settings, playground=token is None)
        stack.callback(database.close)

        host = _host(settings, playground=token is None)
        server = Server(host=host, port=settings.server.port)
        server.bind()
        stack.push_async_callback(server.stop)
        playground = Playground(server.url) if token is None else None
        own = playground.feeds() if playground else ()
        feeds = [*(spec_of(feed, settings) for feed in config.feeds), *own]
        await database.write(partial(list_feeds, specs=feeds, now=utc_now()))

        trusted = [(host, server.port)] if playground else ()
        web = await stack.enter_async_context(open_web(settings, trusted=trusted))
        offload = await stack.enter_async_context(Offload(workers=2))
        writer = own_writer(settings.summariser)
        services = Services(
            database=database,
            topics=topics,
            topic_index=topic_index,
            meanings=meanings,
            encoder=encoder,
            last_week=LastWeek(topic_index, meanings),
            propose=proposer(settings, writer, topics),
        )
        application = build(
            token or TOKEN, f"{server.url}/bot" if playground else settings.telegram.base_url, services
        )
        line = Line(application)
        telegram, pace = Telegram(application.bot), Pace()
        lease = _LEASE + settings.web.timeout
        subscribing = await _subscribing(settings, database, web, lease)
        pipeline = Pipeline(
            [
                *subscribing,
                Poll(database=database, web=web, offload=offload, lease=lease, rules=_rules(settings)),
                Extract(
                    database=database,
                    web=web,
                    offload=offload,
                    lease=lease,
                    ours=(host,) if playground else (),
                ),
                Group(database=database, encoder=encoder, lease=_LEASE, topics=topic_index.topics_of),
                MatchStories(database=database, topics=topic_index, lease=_LEASE, meanings=meanings),
                Write(database=database, summariser=written_by(writer, encoder), lease=_WRITE_LEASE),
                Send(database=database, telegram=telegram, lease=_LEASE, pace=pace),
                Notify(database=database, telegram=telegram, lease=_LEASE, pace=pace),
            ],
            registry=registry,
        )
        routes: list[BaseRoute] = [
            health_route(lambda: {"ok": pipeline.alive() and line.alive(), "telegram": line.state}),
            metrics_route(registry),
            *(playground.routes() if playground else ()),
        ]
        if subscribing:
            routes.append(
                websub_route(
                    database=database,
                    offload=offload,
                    max_bytes=settings.web.max_bytes,
                    on_news=pipeline.knock,
                    shortest=settings.feeds.min_interval,
                )
            )
        schedule = _scheduled(settings, services, pipeline, registry)

        # From here on things move; they stop in the opposite order.
        if playground is not None:
            stack.callback(playground.close)
        await server.start(routes)
        # The connections to Telegram go last: alerts in hand arrive and are recorded before.
        stack.push_async_callback(line.close)
        stack.push_async_callback(pipeline.stop, _STOP_SECONDS)
        pipeline.open(*(stage.name for stage in subscribing), "poll", "extract", "group", "match", "write")
        stack.push_async_callback(line.hang_up)
        # Sending begins with the connection: a message that cannot leave must not count as tried.
        line.open(on_connect=partial(pipeline.open, "send", "notify"))
        schedule.start()
        stack.callback(schedule.stop)
        _log.info(
            "started",
            feeds=await services.feeds_asked(),
            topics=len(topics),
            server=server.url,
            playground=playground is not None,
        )
        if playground is not None:
            playground.announce()
        yield line


def _scheduled(
    settings: Settings, services: Services, pipeline: Pipeline, registry: CollectorRegistry
) -> Schedule:
    schedule, now = Schedule(), utc_now()
    schedule.every(_KNOCK_EVERY, pipeline.knock, name="knock", first_at=now)
    schedule.every(_COUNT_EVERY, _counting(services.database, registry), name="count", first_at=now)
    schedule.every(_FORGET_EVERY, _forgetting(services.database, settings), name="forget", first_at=now)
    # After the first news has been read, which a start has more need of.
    schedule.every(_READ_UP_EVERY, _reading_up(services), name="read_up", first_at=now + _SETTLED_AFTER)
    return schedule


def _host(settings: Settings, *, playground: bool) -> str:
    host = settings.server.host
    if playground and host not in _LOOPBACK:
        _log.warning("playground_stays_on_loopback", ignored=f"server.host = {host}")
        return "127.0.0.1"
    return host


def open_database(settings: Settings, *, playground: bool = False) -> Database:
    """The database, ours alone, in today's shape, with what a crash left claimed made due again.

    The playground's people live in memory, so its database starts empty each time, unless the operator named
    one. Raises StorageError.
    """
    url = settings.storage.url
    fresh = playground and url == StorageSettings().url
    database = Database(f"sqlite:///{_PLAYGROUND_DATABASE}" if fresh else url)
    try:
        database.own()
        if fresh:
            database.erase()
        migrate(database, now=utc_now())
        if database.is_sqlite:
            count = database.write_now(partial(take_back, now=utc_now()))
            if count:
                _log.info("claims_taken_back", rows=count)
    except BaseException:
        database.close()
        raise
    return database


def open_web(settings: Settings, *, trusted: Collection[tuple[str, int]] = ()) -> Web:
    """The one client, by the settings; `trusted` is our own newsroom."""
    return Web(
        user_agent=settings.web.user_agent,
        allow_private=settings.web.allow_private,
        max_bytes=settings.web.max_bytes,
        timeout_seconds=settings.web.timeout.total_seconds(),
        trusted=trusted,
        trusted_path="/newsroom/",
    )


async def _subscribing(
    settings: Settings, database: Database, web: Web, lease: timedelta
) -> Sequence[Subscribe]:
    """The stage that asks hubs to push, where they can reach us; else feeds go back to being polled."""
    public_url, shortest = settings.server.public_url, settings.feeds.min_interval
    if public_url:
        return [Subscribe(database=database, web=web, public_url=public_url, lease=lease, shortest=shortest)]
    await database.write(partial(pushes.answer_at, public_url=None, now=utc_now(), shortest=shortest))
    return []


def _rules(settings: Settings) -> Rules:
    return Rules(
        shortest=settings.feeds.min_interval,
        longest=max(settings.feeds.max_interval, settings.feeds.min_interval),
        admin=settings.telegram.admin,
        push=bool(settings.server.public_url),
    )


def read_topics(listings: Sequence[TopicListing]) -> list[Topic]:
    """The topics with their rules read; raises ConfigError that names the topic and the place."""
    topics = []
    for listing in listings:
        try:
            rule = parse(listing.rule or f"topic:{listing.id}", max_length=STORED_LENGTH)
        except FilterError as error:
            raise ConfigError(
                f"topics.toml: topic {listing.id!r}: rule, character {error.position + 1}: {error}"
            ) from error
        topics.append(
            Topic(
                listing.id,
                listing.name,
                listing.emoji,
                listing.description,
                rule,
                parent=listing.parent,
                names=listing.names,
                examples=listing.examples,
            )
        )
    return topics


def summariser(settings: Settings, encoder: Encoder) -> Summariser:
    """Who writes the digests, by `summariser.kind`; raises ConfigError when its model cannot be had."""
    return written_by(own_writer(settings.summariser), encoder)


def proposer(settings: Settings, writer: Writer | None, topics: Sequence[Topic]) -> Proposer | None:
    """Who proposes a filter for a plain sentence: the operator's own model, where it takes instructions."""
    say = asked(settings.summariser, writer, patience_seconds=PATIENCE_SECONDS)
    return None if say is None else Proposer(say, topics=[topic.id for topic in topics])


def _counting(database: Database, registry: CollectorRegistry) -> Any:
    gauges: dict[str, Gauge] = {}

    async def count() -> None:
        for name, value in (await database.read(retention.statistics)).items():
            if name not in gauges:
                gauges[name] = Gauge(f"needtoknow_{name}", name.replace("_", " "), registry=registry)
            gauges[name].set(value)

    return count


def _reading_up(services: Services) -> Any:
    async def read_up() -> None:
        # What answers in the chat are worked out with, so that nobody has to wait for it. The database comes
        # first: after seconds of anything else it may be closed.
        await services.database.read(partial(services.last_week.read, now=utc_now()))
        await asyncio.to_thread(services.topic_index.learn)

    return read_up


def _forgetting(database: Database, settings: Settings) -> Any:
    async def forget() -> None:
        gone = 0
        # In bites, so that an alert never waits long for the writer.
        while some := await database.write(
            partial(retention.forget, now=utc_now(), keep=settings.storage.keep)
        ):
            gone += some
        if gone:
            _log.info("old_rows_forgotten", rows=gone)

    return forget
