"""Risky and slow pure work, done in a child process that may hang or die without us.

A plain child with pickles on its pipes, and not `ProcessPoolExecutor`: that cannot kill one hung job,
and its workers import our `__main__`, so each would carry the whole bot in memory.
"""

import asyncio
import contextlib
import os
import pickle
import resource
import signal
import struct
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar, TypeVarTuple

from bot.errors import InputError, NeedToKnowError

_T = TypeVar("_T")
_Args = TypeVarTuple("_Args")
_LENGTH = struct.Struct("!Q")
_CHILD = "from bot.offload import serve; serve()"
# What a child needs to start; above all not the bot's token, which is in the environment too.
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONHOME", "SYSTEMROOT", "TZ")
_MOST_MEMORY_BYTES = 2 * 1024**3  # a bomb ends in MemoryError there, not in the machine's OOM killer here
_RETIRE_BYTES = 256 * 1024**2  # Python seldom gives memory back: a child that grew so big is replaced
_GRACE_SECONDS = 5.0  # how much later than us a hung child whose parent is gone ends itself


class Offload:
    """Up to `workers` children, started when first needed, and replaced when they die or hang."""

    def __init__(self, *, workers: int = 1) -> None:
        self._places = asyncio.Semaphore(workers)
        self._idle: list[Process] = []
        self._busy: set[Process] = set()
        self._is_closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def run(self, function: Callable[[*_Args], _T], *args: *_Args, timeout_seconds: float) -> _T:
        """`function(*args)`, worked out in a child; all of it must pickle (a module's own function).

        Waiting for a free child does not count towards `timeout_seconds`. Raises what the function
        raises if it is one of our errors, and InputError if the child hung or died: that is the
        input's doing, and the next input gets a new child.
        """
        job = pickle.dumps((timeout_seconds + _GRACE_SECONDS, function, args))
        async with self._places:
            if self._is_closed:
                raise InputError("was not read: the bot is stopping")
            child = await self._take()
            is_reusable = False
            try:
                async with asyncio.timeout(timeout_seconds):
                    is_ok, answer, peak_bytes = await _exchange(child, job)
                is_reusable = peak_bytes < _RETIRE_BYTES
            except TimeoutError as error:
                raise InputError(f"took more than {timeout_seconds:g} s to read, and was given up") from error
            except (asyncio.IncompleteReadError, ConnectionError) as error:
                raise InputError("the process that read it died of it") from error
            finally:
                # A cancelled job lands here too: its child is in the middle of what nobody waits for.
                self._busy.discard(child)
                if is_reusable and not self._is_closed:
                    self._idle.append(child)
                else:
                    await _kill(child)
        if not is_ok:
            raise answer
        return answer  # type: ignore[no-any-return]  # the child answers with what `function` returned

    async def close(self) -> None:
        """Kills every child at once; a job under way ends in InputError."""
        self._is_closed = True
        for child in (*self._idle, *self._busy):
            await _kill(child)
        self._idle.clear()

    async def _take(self) -> Process:
        child = None
        while self._idle and child is None:
            idle = self._idle.pop()
            child = idle if idle.returncode is None else None
        child = child or await _start()
        self._busy.add(child)
        return child


async def _start() -> Process:
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    return await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-c", _CHILD, stdin=PIPE, stdout=PIPE, env=environment
    )


async def _exchange(child: Process, job: bytes) -> tuple[bool, Any, int]:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(_LENGTH.pack(len(job)) + job)
    await child.stdin.drain()
    (length,) = _LENGTH.unpack(await child.stdout.readexactly(_LENGTH.size))
    answer: tuple[bool, Any, int] = pickle.loads(await child.stdout.readexactly(length))  # noqa: S301  # our child
    return answer


async def _kill(child: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        child.kill()
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.close()
    await child.wait()
    await child.stdout.read()  # to its end: only then does asyncio let go of the pipe


def serve() -> None:
    """The child's life: jobs in on stdin, answers out on stdout, until stdin ends.

    An error that is not one of ours ends the child, with its trace on stderr: a bug, or a bomb.
    """
    # Ctrl-C and a service manager signal the whole group; when to stop is for the parent to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY_BYTES, _MOST_MEMORY_BYTES))
    jobs, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a stray print must not land among the answers
    while len(header := jobs.read(_LENGTH.size)) == _LENGTH.size:
        (length,) = _LENGTH.unpack(header)
        seconds, function, args = pickle.loads(jobs.read(length))  # noqa: S301  # from our parent
        signal.setitimer(signal.ITIMER_REAL, seconds)  # SIGALRM kills: no orphan outlives its job
        try:
            is_ok, answer = True, function(*args)
        except NeedToKnowError as error:
            is_ok, answer = False, error
        signal.setitimer(signal.ITIMER_REAL, 0)
        peak_bytes = _peak_bytes()
        packed = pickle.dumps((is_ok, answer, peak_bytes))
        answers.write(_LENGTH.pack(len(packed)) + packed)
        answers.flush()


def _peak_bytes() -> int:
    # Not getrusage: its ru_maxrss is inherited through fork and exec, so a child of a big parent looks big.
    try:
        with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - the child imports little
            found = next(line for line in status if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        return 0
    return int(found.split()[1]) * 1024
