"""The playground on a real loopback server, and a real python-telegram-bot pointed at it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext

import httpx
import pytest
import uvicorn
from telegram import Bot
from telegram.ext import Application, BaseHandler

from bot.playground.residents import Chat, Person
from bot.playground.site import build_app
from bot.playground.world import World

TOKEN = "7000000001:playground"
PATIENCE = 10.0


class QuietServer(uvicorn.Server):
    """A server that leaves the process's signals alone."""

    def capture_signals(self) -> AbstractContextManager[None]:
        return nullcontext()


class Playground:
    """A running playground: its world, its address, and hands to act with."""

    def __init__(self, world: World, url: str, http: httpx.AsyncClient) -> None:
        self.world = world
        self.url = url
        self.http = http

    @property
    def ada(self) -> Person:
        return next(iter(self.world.people.values()))

    @property
    def chat(self) -> Chat:
        return self.world.chats[self.ada.id]

    def said(self, chat_id: int | None = None) -> list[str]:
        """What the bot said in a chat, Ada's by default."""
        chat = self.world.chats[chat_id or self.ada.id]
        return [one.body.text for one in chat.messages.values() if one.sender.is_bot]

    async def call(self, method: str, **params: object) -> dict:
        """A raw call of the Bot API, as JSON."""
        answer = await self.http.post(f"/bot{TOKEN}/{method}", json=params)
        body = answer.json()
        assert answer.status_code == body.get("error_code", 200)
        return body

    async def act(self, path: str, **body: object) -> dict:
        """What the page asks of its own API."""
        answer = await self.http.post(f"/playground/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def fault(self, kind: str, **body: object) -> dict:
        return await self.act("faults", kind=kind, **body)

    async def start(self) -> None:
        """Ada starts the bot, so that it may write to her; nobody waits for that update."""
        self.world.say(self.ada.id, self.ada.id, "/start")
        self.world.updates.clear()

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[Bot]:
        async with Bot(TOKEN, base_url=f"{self.url}/bot", base_file_url=f"{self.url}/file/bot") as bot:
            yield bot

    @asynccontextmanager
    async def polling(self, *handlers: BaseHandler) -> AsyncIterator[Application]:
        """A whole application with these handlers, over long polling."""
        built = Application.builder().token(TOKEN).base_url(f"{self.url}/bot")
        app = built.base_file_url(f"{self.url}/file/bot").job_queue(None).build()
        app.add_handlers(handlers)
        async with app:
            await app.start()
            assert app.updater is not None
            await app.updater.start_polling(timeout=10)
            try:
                yield app
            finally:
                await app.updater.stop()
                await app.stop()


async def until(claim, patience: float = PATIENCE):
    """Waits for `claim()` to become true, and returns what it gave."""
    async with asyncio.timeout(patience):
        while not (found := claim()):  # noqa: ASYNC110 - it watches states that ring no bell
            await asyncio.sleep(0.01)
    return found


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    world = World(people=("Ada", "Ben"), group="Neighbours")
    app = build_app(world, token=TOKEN, title="Need to Know", suggestions=["/follow ferry"])
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off")
    server = QuietServer(config)
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=url, trust_env=False, verify=False) as http:
        yield Playground(world, url, http)
    world.close()
    server.should_exit = True
    await asyncio.wait_for(serving, PATIENCE)


def press_newest(world: World, chat_id: int, label: str, *, person_id: int | None = None) -> bool:
    """Presses the newest of the bot's buttons that says so; False where there is none yet."""
    buttons = [
        (message.id, button["callback_data"])
        for message in world.chats[chat_id].messages.values()
        for row in message.keyboard
        for button in row
        if label in button["text"]
    ]
    if not buttons:
        return False
    world.press(person_id or chat_id, chat_id, *buttons[-1])
    return True
