"""A handful of jobs that run again and again, whatever becomes of one run."""

import asyncio
from datetime import timedelta

import pytest
import structlog

from bot.schedule import Schedule, guarded
from bot.times import utc_now

SOON = timedelta(milliseconds=20)


async def runs(schedule, job, *, at_least):
    """Starts the job and waits until it has run that often."""
    enough = asyncio.Event()
    count = 0

    async def counted():
        nonlocal count
        count += 1
        if count >= at_least:
            enough.set()
        await job(count)

    schedule.every(SOON, counted, name="job", first_at=utc_now())
    schedule.start()
    await asyncio.wait_for(enough.wait(), 10)


async def test_a_job_runs_again_and_again_until_it_is_stopped():
    schedule, seen = Schedule(), []

    async def job(count):
        seen.append(count)

    await runs(schedule, job, at_least=3)
    schedule.stop()
    await asyncio.sleep(0)
    so_far = len(seen)
    await asyncio.sleep(3 * SOON.total_seconds())
    assert (seen[:3], len(seen)) == ([1, 2, 3], so_far)


async def test_a_job_that_fails_is_logged_and_run_again():
    schedule = Schedule()

    async def job(count):
        if count == 1:
            raise ValueError("the first time")

    with structlog.testing.capture_logs() as logs:
        await runs(schedule, job, at_least=3)
        schedule.stop()
    assert [(line["event"], line["job"], line["log_level"]) for line in logs] == [
        ("job_failed", "job", "error")
    ]
    assert logs[0]["exc_info"]


async def test_a_job_that_takes_long_does_not_run_beside_itself():
    schedule, running, most = Schedule(), 0, 0

    async def job(_):
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(4 * SOON.total_seconds())
        running -= 1

    await runs(schedule, job, at_least=3)
    schedule.stop()
    await asyncio.sleep(5 * SOON.total_seconds())
    assert (most, running) == (1, 0)


async def test_a_late_run_is_run_not_skipped():
    schedule, ran = Schedule(), asyncio.Event()

    async def job():
        ran.set()

    schedule.every(timedelta(hours=1), job, name="late", first_at=utc_now() - timedelta(minutes=10))
    schedule.start()
    await asyncio.wait_for(ran.wait(), 10)
    schedule.stop()


async def test_without_a_first_time_a_job_waits_one_interval():
    schedule, ran = Schedule(), []

    async def job():
        ran.append(True)

    schedule.every(timedelta(hours=1), job, name="hourly")
    schedule.start()
    await asyncio.sleep(0.02)
    schedule.stop()
    assert ran == []


async def test_stopping_lets_a_run_under_way_finish():
    schedule, begun, finished = Schedule(), asyncio.Event(), asyncio.Event()

    async def job():
        begun.set()
        await asyncio.sleep(0.02)
        finished.set()

    schedule.every(timedelta(hours=1), job, name="slow", first_at=utc_now())
    schedule.start()
    await asyncio.wait_for(begun.wait(), 10)
    schedule.stop()
    schedule.stop()
    await asyncio.wait_for(finished.wait(), 10)


async def test_guarded_passes_on_what_the_job_returns_and_swallows_no_cancelling():
    async def answer():
        return 42

    async def cancelled():
        raise asyncio.CancelledError

    assert await guarded(answer, "answer") == 42
    with pytest.raises(asyncio.CancelledError):
        await guarded(cancelled, "cancelled")
