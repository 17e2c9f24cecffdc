"""A bounded number at a time; a slow one holds its own slot only, and what one raises comes out."""

import asyncio

import pytest

from bot.slots import Slots


async def test_slots_fill_and_come_free():
    slots, door = Slots(2, name="test"), asyncio.Event()
    assert (slots.free, slots.busy) == (2, False)
    slots.start(asyncio.sleep(0))
    slots.start(wait_for(door))
    assert (slots.free, slots.busy) == (0, True)
    await slots.wait(5)
    assert (slots.free, slots.busy) == (1, True)
    door.set()
    await slots.wait(5)
    assert (slots.free, slots.busy) == (2, False)


async def wait_for(door):
    await door.wait()


async def fail(error):
    raise error


async def test_waiting_ends_when_the_time_is_over():
    slots, door = Slots(1, name="test"), asyncio.Event()
    slots.start(wait_for(door))
    await asyncio.wait_for(slots.wait(0.01), 5)
    assert slots.busy
    door.set()
    await slots.drain(5)


async def test_waiting_for_nothing_is_over_at_once():
    await asyncio.wait_for(Slots(1, name="test").wait(60), 1)


async def test_what_one_raises_comes_out_once_and_the_others_go_on():
    slots, door = Slots(2, name="test"), asyncio.Event()
    slots.start(fail(ValueError("one")))
    slots.start(wait_for(door))
    with pytest.raises(ValueError, match="one"):
        await slots.wait(5)
    assert slots.free == 1
    door.set()
    await slots.wait(5)
    assert slots.free == 2


async def test_what_two_raise_comes_out_together():
    slots = Slots(2, name="test")
    slots.start(fail(ValueError("one")))
    slots.start(fail(KeyError("two")))
    await asyncio.sleep(0)
    with pytest.raises(ExceptionGroup, match="test: 2 failed") as raised:
        await slots.wait(5)
    assert {type(error) for error in raised.value.exceptions} == {ValueError, KeyError}
    assert slots.free == 2


async def test_draining_lets_what_is_under_way_finish():
    slots, done = Slots(3, name="test"), []

    async def work(number):
        await asyncio.sleep(0.01)
        done.append(number)

    for number in range(3):
        slots.start(work(number))
    await slots.drain(5)
    assert (sorted(done), slots.free) == ([0, 1, 2], 3)


async def test_draining_cancels_what_is_late_and_lets_it_clean_up():
    slots, cleaned = Slots(2, name="test"), []

    async def late():
        try:
            await asyncio.Event().wait()
        finally:
            cleaned.append(True)

    slots.start(late())
    slots.start(fail(ValueError("not the caller's affair any more")))
    await asyncio.wait_for(slots.drain(0.01), 5)
    assert (cleaned, slots.free) == ([True], 2)


async def test_draining_nothing_is_over_at_once():
    await asyncio.wait_for(Slots(1, name="test").drain(60), 1)
