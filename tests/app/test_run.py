"""The whole bot as a process of its own, against a Bot API that stays when it goes."""

import asyncio
import contextlib
import json
import signal
import socket
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.playground.residents import Chat
from tests.pipeline.conftest import Outlet
from tests.playground.conftest import TOKEN, Playground, playground, press_newest, until  # noqa: F401 - a fixture
from tests.running import Running, start
from tests.web_server import serving
from tests.wire import Wire

NEWS = "Ferry strike halts crossings"
STOPS_WITHIN = 10.0


class Town:
    """A newsroom, a Bot API with people, the way between, and the bot that is started and stopped here."""

    def __init__(self, telegram: Playground, outlet: Outlet, wire: Wire, directory: Path) -> None:
        self.telegram = telegram
        self.world = telegram.world
        self.outlet = outlet
        self.wire = wire
        self.directory = directory
        self.bots: list[Running] = []
        (directory / "config").mkdir()
        feed = f'[[feed]]\nurl = "{outlet.url}"\nname = "The Harbour"\n'
        (directory / "config" / "feeds.toml").write_text(feed, encoding="utf-8")

    def start(self, **settings: str) -> Running:
        given = {
            "NTK_CONFIG_DIR": str(self.directory / "config"),
            "NTK_STORAGE__URL": f"sqlite:///{self.database}",
            "NTK_FEEDS__MIN_INTERVAL": "1",
            "NTK_FEEDS__MAX_INTERVAL": "1",
            "NTK_WEB__ALLOW_PRIVATE": "true",
            "NTK_TELEGRAM__TOKEN": TOKEN,
            "NTK_TELEGRAM__BASE_URL": self.wire.base_url,
            "NTK_LOG__FORMAT": "json",
        }
        bot = start(self.directory, {**given, **settings})
        self.bots.append(bot)
        return bot

    async def up(self) -> Running:
        """A bot that talks to Telegram and has read the backlog."""
        bot = self.start()
        await until(
            lambda: said(bot, "telegram_connected") and self.sql("SELECT 1 FROM feeds WHERE polled_at"), 30
        )
        return bot

    @property
    def database(self) -> Path:
        return self.directory / "bot.db"

    def sql(self, query: str) -> list[tuple]:
        if not self.database.exists():
            return []
        with contextlib.closing(sqlite3.connect(self.database, timeout=30)) as connection:
            try:
                return connection.execute(query).fetchall()
            except sqlite3.OperationalError:  # it is just being made
                return []

    async def follow(self, text: str, *chats: Chat) -> None:
        """Each chat follows these words, through the bot."""
        for chat in chats:
            who = next(iter(self.world.people)) if not chat.private else chat.id
            self.world.say(who, chat.id, f"/follow {text}")
            await until(lambda: press_newest(self.world, chat.id, "Save", person_id=who), 30)  # noqa: B023
        await until(
            lambda: all(any("You now follow" in text for text in answers(chat)) for chat in chats), 30
        )

    def alerts(self, chat: Chat) -> int:
        """How often the chat got the news."""
        return sum(text.startswith(NEWS) for text in answers(chat))


def answers(chat: Chat) -> list[str]:
    return [one.body.text for one in chat.messages.values() if one.sender.is_bot]


def said(bot: Running, event: str) -> list[dict]:
    """The log's lines of one event."""
    lines = [json.loads(line) for line in bot.log.read_text().splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == event]


async def ended(bot: Running, patience: float = STOPS_WITHIN) -> int:
    return await asyncio.to_thread(bot.process.wait, patience)


async def stopped(bot: Running) -> int:
    """SIGTERM; the exit code, which must come within ten seconds."""
    bot.process.send_signal(signal.SIGTERM)
    return await ended(bot)


@pytest.fixture
async def town(playground: Playground, tmp_path: Path) -> AsyncIterator[Town]:  # noqa: F811
    async with serving() as site:
        outlet = Outlet(site, "harbour")
        outlet.publish("Old tale")
        wire = Wire(playground.url)
        await wire.open()
        found = Town(playground, outlet, wire, tmp_path)
        yield found
        for bot in found.bots:
            if bot.process.poll() is None:
                bot.kill()
        await wire.close()


def fifty(town: Town) -> list[Chat]:
    for number in range(48):
        town.world.add_person(f"Person {number}")
    return [town.world.chats[person] for person in town.world.people]


async def test_news_reaches_fifty_followers_once_each_and_not_the_one_who_excluded_it(town):
    bot = await town.up()
    followers = fifty(town)
    await town.follow("ferry", *followers)
    await town.follow("ferry -strike", town.world.group)
    town.outlet.publish(NEWS)
    await until(lambda: all(town.alerts(chat) for chat in followers), 30)
    assert await stopped(bot) == 0
    assert [town.alerts(chat) for chat in followers] == [1] * 50
    assert town.alerts(town.world.group) == 0
    assert town.sql("SELECT state, count(*) FROM deliveries GROUP BY state") == [("sent", 50)]
    assert said(bot, "job_failed") == said(bot, "chat_failed") == []
    assert TOKEN not in bot.log.read_text()


async def test_a_clean_stop_while_alerts_flow_loses_nothing_and_doubles_nothing(town):
    bot = await town.up()
    followers = fifty(town)
    await town.follow("ferry", *followers)
    town.wire.seconds_a_send = 0.7  # so that many are under way at any time
    town.outlet.publish(NEWS)
    await until(lambda: sum(town.alerts(chat) for chat in followers) >= 5, 30)
    assert await stopped(bot) == 0
    assert (
        sum(town.alerts(chat) for chat in followers) < 50
    )  # or else the stop came too late to show anything
    again = await town.up()
    await until(lambda: all(town.alerts(chat) for chat in followers), 30)
    assert await stopped(again) == 0
    assert [town.alerts(chat) for chat in followers] == [1] * 50


async def test_a_stop_does_not_wait_for_a_telegram_that_is_silent(town):
    bot = await town.up()
    town.wire.silent = True
    town.world.say(town.telegram.ada.id, town.telegram.ada.id, "/help")
    town.outlet.publish(NEWS)
    await until(lambda: len(town.sql("SELECT 1 FROM entries WHERE state = 'grouped'")) == 2)
    assert await stopped(bot) == 0


async def test_what_was_said_and_published_while_it_was_away_is_heard_and_told(town):
    bot = await town.up()
    ada, ben = (town.world.chats[person] for person in town.world.people)
    await town.follow("ferry", ada)
    assert await stopped(bot) == 0
    town.world.say(ben.id, ben.id, "/follow ferry")
    town.outlet.publish(NEWS)
    await town.up()
    await until(lambda: town.alerts(ada) and answers(ben), 30)
    assert town.alerts(ada) == 1
    assert answers(ben)[0].startswith("Shall I alert you to stories with ferry?")


async def test_a_wrong_token_ends_it_with_a_plain_sentence(town):
    bot = town.start(NTK_TELEGRAM__TOKEN="7000000002:wrong-wrong-wrong-wrong-wrong")
    assert await ended(bot, 30) == 1
    last = bot.log.read_text().splitlines()[-1]
    assert last == (
        "needtoknow: telegram.token: Telegram does not know this token; ask @BotFather for the right one"
    )
    assert "Traceback" not in bot.log.read_text()
    assert "wrong-wrong" not in bot.log.read_text()


async def test_a_telegram_that_cannot_be_reached_is_waited_for(town):
    await town.wire.close()
    bot = town.start()
    await until(lambda: said(bot, "telegram_unreachable"), 30)
    await until(lambda: town.sql("SELECT 1 FROM feeds WHERE polled_at"), 30)  # the rest works all the while
    assert bot.process.poll() is None
    await town.wire.open()
    await until(lambda: said(bot, "telegram_connected"), 30)
    await town.follow("ferry", town.telegram.chat)
    assert await stopped(bot) == 0


async def test_it_can_be_stopped_while_it_waits_for_telegram(town):
    await town.wire.close()
    bot = town.start()
    await until(lambda: said(bot, "telegram_unreachable"), 30)
    assert await stopped(bot) == 0


async def test_a_port_that_is_taken_ends_it_with_a_plain_sentence(town):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        bot = town.start(NTK_SERVER__PORT=str(port))
        assert await ended(bot, 30) == 1
    last = bot.log.read_text().splitlines()[-1]
    assert last.startswith(f"needtoknow: server.port: cannot listen on 127.0.0.1:{port}")
    assert last.endswith("choose another with NTK_SERVER__PORT")


async def test_a_second_bot_on_the_same_database_is_refused(town):
    await town.up()
    second = town.start()
    assert await ended(second, 30) == 1
    assert "another needtoknow is running on" in second.log.read_text()


async def test_health_and_metrics_answer(town):
    bot = await town.up()
    async with httpx.AsyncClient(base_url=bot.url, trust_env=False) as http:
        await until(lambda: said(bot, "feed_polled"))
        health, metrics = await http.get("/health"), await http.get("/metrics")
    assert (health.status_code, health.json()) == (200, {"ok": True, "telegram": "connected"})
    families = {family.name: family for family in text_string_to_metric_families(metrics.text)}
    assert [sample.value for sample in families["needtoknow_feeds"].samples] == [1.0]
    polls = [s.value for s in families["needtoknow_steps"].samples if s.labels == {"stage": "poll"}]
    assert polls[0] >= 1
    assert await stopped(bot) == 0


async def test_with_no_token_the_playground_brings_an_alert_within_a_minute(tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "feeds.toml").write_text("")
    bot = start(tmp_path, {"NTK_CONFIG_DIR": str(tmp_path / "config"), "NTK_LOG__FORMAT": "json"})
    try:
        await asyncio.to_thread(bot.wait_ready)
        async with httpx.AsyncClient(base_url=bot.url, trust_env=False) as http:
            state = (await http.get("/playground/state")).json()
            ada = state["people"][0]["id"]
            await http.post(
                "/playground/messages", json={"person": ada, "chat_id": ada, "text": "/follow ferry"}
            )
            async with asyncio.timeout(60):
                while not (shown := await newest(http, ada, "Shall I alert you")):  # noqa: ASYNC110 - over HTTP
                    await asyncio.sleep(0.2)
                save = shown["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
                pressed = {"person": ada, "chat_id": ada, "message_id": shown["message_id"], "data": save}
                await http.post("/playground/press", json=pressed)
                while not (shown := await newest(http, ada, "Matched: ")):  # noqa: ASYNC110 - over HTTP
                    await asyncio.sleep(0.2)
        alert = shown["text"]
        assert "ferry" in alert.lower()
        assert "What You Need to Know" in alert
        assert await stopped(bot) == 0
    finally:
        if bot.process.poll() is None:
            bot.kill()


async def newest(http: httpx.AsyncClient, chat_id: int, saying: str) -> dict | None:
    """The newest message of the bot's with these words."""
    state = (await http.get("/playground/state")).json()
    (chat,) = [one for one in state["chats"] if one["id"] == chat_id]
    said = [one for one in chat["messages"] if one["from"]["is_bot"] and saying in one.get("text", "")]
    return said[-1] if said else None
