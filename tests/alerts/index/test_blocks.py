import random

import numpy as np

from bot.alerts.index.blocks import Blocks, Pages, distinct

KEYS = 40


def rows(blocks: Blocks, key: int) -> list[tuple[int, ...]]:
    return list(zip(*(blocks.block(key, column).tolist() for column in range(2)), strict=True))


def test_blocks_hold_what_lists_under_keys_hold() -> None:
    dice, blocks = random.Random(1), Blocks(np.int32, np.int64)
    lists: list[list[tuple[int, int]]] = [[] for _ in range(KEYS)]
    for step in range(6_000):
        key = min(dice.randrange(KEYS), dice.randrange(KEYS))
        is_shrinking = step % 2_000 > 1_200
        if lists[key] and dice.random() < (0.7 if is_shrinking else 0.3):
            number = dice.randrange(len(lists[key]))
            blocks.remove(key, number)
            lists[key][number] = lists[key][-1]
            lists[key].pop()
        else:
            row = (dice.randrange(-9, 9), step << 33)
            assert blocks.append(key, *row) == len(lists[key])
            lists[key].append(row)
        assert blocks.size(key) == len(lists[key])
        if step % 500 == 0:
            assert [rows(blocks, one) for one in range(KEYS)] == lists
    keys = np.array(dice.sample(range(KEYS), 20), np.int32)
    at = blocks.gather(keys)
    gathered = zip(*(column.take(at).tolist() for column in blocks.columns), strict=True)
    assert list(gathered) == [row for key in keys.tolist() for row in lists[key]]


def test_nothing_is_gathered_where_nothing_is() -> None:
    blocks = Blocks(np.int32)
    assert blocks.gather(np.zeros(0, np.int32)).tolist() == []
    assert blocks.gather(np.array([1, 2], np.int32)).tolist() == []
    assert blocks.block(5_000, 0).tolist() == []


def test_room_that_was_left_is_used_again() -> None:
    blocks = Blocks(np.int32)
    lengths = set()
    for _ in range(30):
        for number in range(300):
            blocks.append(number % 7, number)
        for key in range(7):
            while blocks.size(key):
                blocks.remove(key, 0)
        lengths.add(len(blocks.columns[0]))
    assert len(lengths) == 1


def test_pages_give_what_was_put_and_else_less_than_nothing() -> None:
    pages = Pages()
    for key in (0, 4_095, 4_096, 2**31 - 1):
        assert pages[key] == -1
        pages[key] = key + 2**40
    assert [pages[key] for key in (0, 4_095, 4_096, 2**31 - 1)] == [
        key + 2**40 for key in (0, 4_095, 4_096, 2**31 - 1)
    ]
    assert pages[1] == -1


def test_distinct_numbers_are_in_order_each_once() -> None:
    assert distinct(np.array([3, 1, 3, 0, 1], np.int32)).tolist() == [0, 1, 3]
    assert distinct(np.zeros(0, np.int32)).tolist() == []
