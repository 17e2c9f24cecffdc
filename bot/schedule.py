"""APScheduler's one door: a handful of fixed jobs in memory that knock on doors, and nothing more."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.logs import get_logger

_log = get_logger(__name__)

Job = Callable[[], Awaitable[Any]]
T = TypeVar("T")


class Schedule:
    """Runs jobs at fixed intervals on the running loop."""

    def __init__(self) -> None:
        # misfire_grace_time=None: a late run is run, not skipped in silence, as the default of 1 s does.
        self._scheduler = AsyncIOScheduler(
            executors={"default": AsyncIOExecutor()},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            timezone="UTC",
        )

    def every(self, interval: timedelta, job: Job, *, name: str, first_at: datetime | None = None) -> None:
        """Runs `job` every `interval`, first at `first_at` (or one interval from now)."""
        extra = {} if first_at is None else {"next_run_time": first_at}
        self._scheduler.add_job(
            guarded, "interval", seconds=interval.total_seconds(), args=(job, name), id=name, **extra
        )

    def start(self) -> None:
        """Starts knocking."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stops knocking, and lets a run under way finish: APScheduler 3's shutdown would cancel it.

        A paused scheduler holds no thread and no timer, so there is nothing more to let go of.
        """
        if self._scheduler.running:
            self._scheduler.pause()


async def guarded(job: Callable[[], Awaitable[T]], name: str) -> T | None:
    """What the job returns; None when it raised, which is logged with its cause and never goes further."""
    try:
        return await job()
    except Exception:  # noqa: BLE001 - one of the three places: a failed job is run again next time
        _log.exception("job_failed", job=name)
        return None
