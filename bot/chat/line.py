"""The line to Telegram: connecting (however long it takes), long polling, and hanging up in order."""

import asyncio
from collections.abc import Awaitable, Callable

from telegram.error import Conflict, InvalidToken, TelegramError

from bot.chat.build import ALLOWED_UPDATES, introduce
from bot.chat.context import ChatApplication
from bot.errors import ConfigError
from bot.logs import get_logger

_log = get_logger(__name__)

_MOST_SECONDS = 60.0
_POLL_SECONDS = 20
_STOP_SECONDS = 1.5
_QUIET_SECONDS = 300.0  # longer than the library waits between two failing polls
_POLLING_TASK = "Updater:start_polling:polling_task"


class Line:
    """Owns the python-telegram-bot application's lifecycle.

    `state` is for /health: connecting, connected, or lost and why.
    """

    def __init__(self, application: ChatApplication) -> None:
        self._application = application
        self._task: asyncio.Task[None] | None = None
        self._lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._failed_at = -_QUIET_SECONDS
        self._is_lost = False
        self.state = "connecting"

    def open(self, *, on_connect: Callable[[], None]) -> None:
        """Begins to connect, and to talk once connected."""
        self._task = asyncio.create_task(self._open(on_connect), name="line")
        self._task.add_done_callback(self._ended)

    async def lost(self) -> None:
        """Returns never; raises ConfigError when Telegram refuses the token at the first word."""
        await asyncio.shield(self._lost)

    def alive(self) -> bool:
        """False when nothing more will be heard from Telegram."""
        return not self._is_lost

    async def hang_up(self) -> None:
        """Takes no more updates, finishes those in hand, and confirms what was handled.

        Messages can still be sent, until `close`: alerts under way must arrive and be recorded.
        """
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        updater = self._application.updater
        if updater is not None and updater.running:
            try:
                await _soon(updater.stop())
            except Exception:
                if not self._is_lost:  # else it is what ended the polling, and was told
                    raise
        if self._application.running:
            await _soon(self._application.stop())

    async def close(self) -> None:
        """Lets go of the connections; nothing can be sent any more. Comes after `hang_up`."""
        await self._application.shutdown()
        # An application that was never up does not close what it tried to connect with.
        await self._application.bot.request.shutdown()

    async def _open(self, on_connect: Callable[[], None]) -> None:
        try:
            await self._initialize()
        except ConfigError as error:
            self._lose("the token is unknown there")
            self._lost.set_exception(error)
            return
        on_connect()
        await self._application.start()
        await self._poll()
        self.state = "connected"
        _log.info("telegram_connected", bot=self._application.bot.username)
        try:
            await introduce(self._application)
        except TelegramError as error:
            _log.warning("command_menu_not_set", error=error.message)

    async def _poll(self) -> None:
        updater = self._application.updater
        assert updater is not None
        before = asyncio.all_tasks()
        await updater.start_polling(
            timeout=_POLL_SECONDS,
            bootstrap_retries=-1,
            allowed_updates=ALLOWED_UPDATES,
            error_callback=self._polling_failed,
        )
        # The library keeps this task to itself, and says nothing when it ends.
        for task in asyncio.all_tasks() - before:
            if task.get_name() == _POLLING_TASK:
                task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if task.cancelled() or (error := task.exception()) is None:
            return
        if isinstance(error, InvalidToken):
            self._lose("the token was revoked")
            _log.error(
                "telegram_lost", error=error.message, mend="ask @BotFather for the bot's token and restart"
            )
        else:
            self._lose(type(error).__name__)
            _log.error("telegram_lost", exc_info=error, mend="a defect; restart, and please report it")

    def _lose(self, why: str) -> None:
        self._is_lost = True
        self.state = f"lost: {why}"

    async def _initialize(self) -> None:
        wait = 1.0
        while True:
            try:
                await self._application.initialize()
            except InvalidToken as error:
                raise ConfigError(
                    "telegram.token: Telegram does not know this token; ask @BotFather for the right one"
                ) from error
            except TelegramError as error:  # a request to wait is none of the network's errors
                if wait == 1.0:
                    _log.warning(
                        "telegram_unreachable", error=error.message, meaning="trying again until it answers"
                    )
                await asyncio.sleep(wait)
                wait = min(wait * 2, _MOST_SECONDS)
            else:
                return

    def _polling_failed(self, error: TelegramError) -> None:
        # Called on the way of every failed poll; an outage is said once, and the next one again.
        now = asyncio.get_running_loop().time()
        is_first = now - self._failed_at >= _QUIET_SECONDS
        self._failed_at = now
        if isinstance(error, Conflict):
            _log.error(
                "telegram_conflict", error=error.message, mend="another bot runs with this token; stop it"
            )
        elif is_first:
            _log.warning("telegram_unreachable", error=error.message)


async def _soon(stopping: Awaitable[None]) -> None:
    # It waits for Telegram, which may be silent for as long as it likes.
    try:
        await asyncio.wait_for(stopping, _STOP_SECONDS)
    except TimeoutError:
        _log.warning("telegram_silent", meaning="not waited for; what was said last may be heard again")
    except TelegramError as error:  # polling had ended with it, and only now says so
        _log.warning("telegram_unreachable", error=error.message)
