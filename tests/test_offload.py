import asyncio
import os
import signal
import subprocess
import sys
import time
import warnings

import pytest

from bot.errors import InputError, RemoteError
from bot.offload import Offload


def double(number):
    return number * 2


def process_id(*_):
    return os.getpid()


def sleep(seconds):
    time.sleep(seconds)
    return os.getpid()


def sleep_deaf(seconds):
    """A hang that not even a polite end would stop."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    time.sleep(seconds)


def die():
    os._exit(3)


def fail():
    raise KeyError("a bug")


def refuse():
    raise InputError("line 3 is odd")


def refuse_remotely():
    raise RemoteError("later", permanent=True, status=410, retry_after=5.0)


def chatter():
    print("a stray print")
    warnings.warn("stray", stacklevel=1)
    return "clean"


def hog():
    return len(bytes(8 * 1024**3))


def grow():
    kept = [bytes([i % 256]) * 1024**2 for i in range(300)]
    return len(kept), os.getpid()


def survive_signals():
    os.kill(os.getpid(), signal.SIGINT)
    os.kill(os.getpid(), signal.SIGTERM)
    return "alive"


def secrets():
    return [name for name in os.environ if "TOKEN" in name]


def loaded_modules(_):
    return set(sys.modules)


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_work_is_done_in_another_process_that_is_kept():
    async with Offload() as offload:
        assert await offload.run(double, 21, timeout_seconds=10) == 42
        first = await offload.run(process_id, timeout_seconds=10)
        assert first == await offload.run(process_id, timeout_seconds=10) != os.getpid()


async def test_large_inputs_and_answers_pass():
    async with Offload() as offload:
        big = b"x" * 20_000_000
        assert await offload.run(double, big, timeout_seconds=20) == big * 2


async def test_our_own_errors_come_through_whole():
    async with Offload() as offload:
        with pytest.raises(InputError, match="line 3 is odd"):
            await offload.run(refuse, timeout_seconds=10)
        with pytest.raises(RemoteError) as caught:
            await offload.run(refuse_remotely, timeout_seconds=10)
    assert (caught.value.permanent, caught.value.status, caught.value.retry_after) == (True, 410, 5.0)


@pytest.mark.parametrize("job", [die, fail, hog])
async def test_a_death_costs_one_input_and_the_next_is_served(job):
    async with Offload() as offload:
        with pytest.raises(InputError, match="died"):
            await offload.run(job, timeout_seconds=20)
        assert await offload.run(double, 2, timeout_seconds=10) == 4


@pytest.mark.parametrize("hang", [sleep, sleep_deaf])
async def test_a_hang_is_killed_in_time_and_the_next_is_served(hang):
    async with Offload() as offload:
        pid = await offload.run(process_id, timeout_seconds=10)
        began = time.perf_counter()
        with pytest.raises(InputError, match=r"took more than 0\.3 s"):
            await offload.run(hang, 60, timeout_seconds=0.3)
        assert time.perf_counter() - began < 1
        assert not is_alive(pid)
        assert await offload.run(double, 2, timeout_seconds=10) == 4


async def test_waiting_for_a_turn_costs_no_time():
    async with Offload() as offload:
        await offload.run(process_id, timeout_seconds=10)
        jobs = (offload.run(sleep, 0.2, timeout_seconds=0.5) for _ in range(5))
        assert len(set(await asyncio.gather(*jobs))) == 1


async def test_workers_work_side_by_side():
    async with Offload(workers=2) as offload:
        await asyncio.gather(*(offload.run(sleep, 0.3, timeout_seconds=10) for _ in range(2)))
        began = time.perf_counter()
        pids = await asyncio.gather(*(offload.run(sleep, 0.3, timeout_seconds=10) for _ in range(2)))
        assert time.perf_counter() - began < 0.55
    assert len(set(pids)) == 2


async def test_a_cancelled_job_is_killed_and_the_next_is_served():
    async with Offload() as offload:
        pid = await offload.run(process_id, timeout_seconds=10)
        task = asyncio.create_task(offload.run(sleep, 60, timeout_seconds=60))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not is_alive(pid)
        assert await offload.run(double, 2, timeout_seconds=10) == 4


async def test_closing_kills_at_once_even_in_the_middle_of_a_job():
    offload = Offload()
    pid = await offload.run(process_id, timeout_seconds=10)
    task = asyncio.create_task(offload.run(sleep_deaf, 60, timeout_seconds=60))
    await asyncio.sleep(0.1)
    began = time.perf_counter()
    await offload.close()
    with pytest.raises(InputError):
        await task
    assert time.perf_counter() - began < 0.5
    assert not is_alive(pid)
    with pytest.raises(InputError, match="stopping"):
        await offload.run(double, 2, timeout_seconds=10)


async def test_closing_what_never_started_is_nothing():
    async with Offload():
        pass


async def test_a_child_that_died_idle_costs_nothing():
    async with Offload() as offload:
        pid = await offload.run(process_id, timeout_seconds=10)
        os.kill(pid, signal.SIGKILL)
        await asyncio.sleep(0.2)
        assert await offload.run(double, 2, timeout_seconds=10) == 4


async def test_a_child_that_grew_large_is_replaced():
    async with Offload() as offload:
        _, pid = await offload.run(grow, timeout_seconds=20)
        assert await offload.run(process_id, timeout_seconds=10) != pid


async def test_stray_prints_do_not_spoil_the_answers():
    async with Offload() as offload:
        assert await offload.run(chatter, timeout_seconds=10) == "clean"


async def test_signals_to_the_group_are_for_the_parent():
    async with Offload() as offload:
        assert await offload.run(survive_signals, timeout_seconds=10) == "alive"


async def test_children_do_not_inherit_the_token(monkeypatch):
    monkeypatch.setenv("NEEDTOKNOW_TOKEN", "1:secret")
    async with Offload() as offload:
        assert await offload.run(secrets, timeout_seconds=10) == []


def test_a_parsing_child_stays_light():
    program = "import bot.offload, bot.feeds.parse, sys; print(*sys.modules)"
    listed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    ).stdout
    heavy = {"telegram", "transformers", "sqlalchemy", "aiohttp", "trafilatura", "pydantic", "numpy"}
    assert heavy.isdisjoint(listed.split())


async def test_a_child_of_a_big_parent_is_kept_all_the_same():
    ballast = bytearray(400 * 1024**2)
    ballast[::4096] = b"x" * len(ballast[::4096])  # touched, so that it counts as resident
    async with Offload() as offload:
        ids = {await offload.run(os.getpid, timeout_seconds=10) for _ in range(3)}
    del ballast
    assert len(ids) == 1
