"""Shared filters: the same for whoever has the token, and nothing for anybody else."""

import re

from bot.storage import shares as store
from bot.storage.tables import shares
from tests.storage.builders import DAY, NOW, act, rows

THREE = ["ferry strike", '"north korea" -sport', "東京 OR Zürich"]


def test_the_filters_come_back_as_they_were_typed_and_in_their_order(database):
    token = act(database, store.share, THREE, now=NOW)
    assert act(database, store.shared, token) == tuple(THREE)


def test_a_token_fits_in_a_link_and_a_button_and_is_hard_to_guess(database):
    tokens = {act(database, store.share, [f"ferry {n}"], now=NOW) for n in range(20)}
    assert len(tokens) == 20
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{24}", token) for token in tokens)


def test_the_same_filters_are_the_same_share_however_often_they_are_shared(database):
    first = act(database, store.share, THREE, now=NOW)
    assert act(database, store.share, THREE, now=NOW + DAY) == first
    assert act(database, store.share, THREE[::-1], now=NOW) != first
    assert [row.token for row in rows(database, shares)].count(first) == 1


def test_a_token_of_nothing_brings_nothing(database):
    act(database, store.share, THREE, now=NOW)
    assert act(database, store.shared, "nobody-shared-this-token") is None
    assert act(database, store.shared, "") is None
    assert act(database, store.shared, "\x00" * 24) is None
