"""The path of a news item: every arrow is a row.

      poll ──entries─▶ extract ──texts─▶ group ──stories─▶ match ──deliveries─▶ write ──digests─▶ send
       │                 │                 │                 │                    │                 │
    feeds, due       entries, new     entries, ready   stories, grown      digests, wanted    deliveries,
                                                                                              pending

Each stage claims rows that the stage before it wrote, asks a pure function what to do, and writes its result
in one transaction. The schedule only knocks on doors; a stage that did something knocks on the next door
itself, so an item walks through without waiting for the clock. What a stage raises is logged, and the claim
brings the row back: a crash loses nothing, and any stage can be run again, alone.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter

from bot.schedule import guarded


class Stage(Protocol):
    """One stage: a small class whose `step` does a bounded piece of work."""

    @property
    def name(self) -> str:
        """One word, for the log."""

    async def step(self) -> bool:
        """Does a batch; whether there is more."""

    async def drain(self, timeout_seconds: float) -> None:
        """Finishes what is under way, or lets go of it."""


class Pipeline:
    """Runs every stage in a task of its own, from knock to knock."""

    def __init__(self, stages: Sequence[Stage], *, registry: CollectorRegistry) -> None:
        self._stages = list(stages)
        self._doors = [asyncio.Event() for _ in stages]
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._stopping = False
        self._knocked = time.monotonic()
        self._steps = Counter("needtoknow_steps", "Steps that did something", ["stage"], registry=registry)
        self._failures = Counter(
            "needtoknow_step_failures", "Steps that raised", ["stage"], registry=registry
        )

    def open(self, *names: str) -> None:
        """Begins the named stages, or all."""
        for number, stage in enumerate(self._stages):
            if not names or stage.name in names:
                task = asyncio.create_task(self._run(number), name=f"stage-{stage.name}")
                self._tasks[stage.name] = task

    async def knock(self) -> None:
        """Wakes every stage: something may be due."""
        self._knocked = time.monotonic()
        for door in self._doors:
            door.set()

    def alive(self) -> bool:
        """Whether the knocks come and every stage that was begun still listens."""
        knocking = time.monotonic() - self._knocked < 30  # noqa: PLR2004 - seconds; knocks come every second
        return knocking and not any(task.done() for task in self._tasks.values())

    async def stop(self, timeout_seconds: float) -> None:
        """Takes nothing new, and gives what is under way this long to finish."""
        self._stopping = True
        for door in self._doors:
            door.set()
        await asyncio.gather(*(self._finish(stage, timeout_seconds) for stage in self._stages))

    async def _finish(self, stage: Stage, timeout_seconds: float) -> None:
        ends_at = time.monotonic() + timeout_seconds
        task = self._tasks.get(stage.name)
        if task is not None:
            # The step before the drain: it may be starting just now what is then to be finished.
            await asyncio.wait({task}, timeout=timeout_seconds)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await stage.drain(max(0.0, ends_at - time.monotonic()))

    async def _run(self, number: int) -> None:
        stage, door = self._stages[number], self._doors[number]
        following = self._doors[number + 1] if number + 1 < len(self._doors) else None
        while not self._stopping:
            await door.wait()
            door.clear()
            more: bool | None = True
            while more and not self._stopping:
                more = await guarded(stage.step, stage.name)
                if more is None:
                    self._failures.labels(stage.name).inc()
                elif more:
                    self._steps.labels(stage.name).inc()
                if following is not None and more is not False:
                    following.set()
