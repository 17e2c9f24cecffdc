"""The window finds what is near in meaning, whoever grouped it, and forgets what is old."""

from datetime import timedelta

import numpy as np
import sqlalchemy as sa

from bot.storage import meanings
from bot.storage.meanings import Meaning
from bot.storage.tables import entries, feeds
from bot.stories.window import WIDTH, WINDOW, Window, outlet_of
from bot.times import utc_now

NOW = utc_now()


def meaning(number, *, at=NOW, direction=None):
    vector = np.zeros(WIDTH, dtype=np.float32)
    vector[number % WIDTH if direction is None else direction] = 1.0
    return Meaning(number, at, vector)


def nearest(window, direction, *, since=NOW - WINDOW):
    found = window.near(meaning(0, direction=direction).vector, since=since, least=0.5, limit=3)
    return [entry_id for entry_id, _ in found]


def stored(connection, *given):
    """Meanings in the database, each with its entry."""
    feed = {"url": "u", "name": "Feed", "host": "h", "due_at": NOW}
    feed_id = connection.execute(sa.select(feeds.c.id)).scalar()
    if feed_id is None:
        feed_id = connection.execute(sa.insert(feeds).values(feed)).inserted_primary_key[0]
    for one in given:
        row = {
            "id": one.entry_id,
            "feed_id": feed_id,
            "key_hash": str(one.entry_id),
            "title": "T",
            "text": "x",
        }
        row |= {"summary": "", "arrived_at": one.arrived_at, "backlog": False, "due_at": NOW}
        connection.execute(sa.insert(entries).values(row))
        meanings.save(connection, one)


def test_what_is_near_is_found_and_the_rest_is_not():
    window = Window()
    for number in range(1, 10):
        window.add(meaning(number))
    assert nearest(window, 4) == [4]
    assert nearest(window, 100) == []


def test_what_came_too_early_is_not_found():
    window = Window()
    window.add(meaning(1, at=NOW - WINDOW - timedelta(minutes=1), direction=7))
    window.add(meaning(2, direction=7))
    assert nearest(window, 7) == [2]


def test_an_entry_that_means_something_else_now_is_there_once():
    window = Window()
    window.add(meaning(1, direction=7))
    window.add(meaning(1, direction=8))
    assert (len(window), nearest(window, 7), nearest(window, 8)) == (1, [], [1])


def test_it_grows_as_it_must_and_forgets_what_is_twice_as_old_as_it_looks_back():
    window = Window()
    long_ago = NOW - 2 * WINDOW - timedelta(hours=1)
    for number in range(1, 3000):
        window.add(meaning(number, at=long_ago, direction=1))
    size = len(window)
    for number in range(3000, 9000):
        window.add(meaning(number, direction=2 if number == 5000 else 3))
    assert size == 2999
    assert len(window) < 9000
    assert nearest(window, 2) == [5000]


def test_a_new_process_knows_what_the_database_knows(database):
    database.write_now(lambda c: stored(c, meaning(1, direction=7), meaning(2, at=NOW - 2 * WINDOW)))
    window = Window()
    database.write_now(lambda c: window.refresh(c, now=NOW))
    assert (len(window), nearest(window, 7)) == (1, [1])


def test_what_another_process_has_grouped_is_found(database):
    window = Window()
    database.write_now(lambda c: window.refresh(c, now=NOW))
    database.write_now(lambda c: stored(c, meaning(1, direction=7)))
    database.write_now(lambda c: window.refresh(c, now=NOW))
    # An SQLite file has one owner: nobody else can have grouped anything.
    assert nearest(window, 7) == ([] if database.is_sqlite else [1])


def test_a_meaning_is_stored_as_exactly_as_it_needs_to_be(database):
    rng = np.random.default_rng(1)
    vector = rng.normal(size=WIDTH).astype(np.float32)
    vector /= np.linalg.norm(vector)
    database.write_now(lambda c: stored(c, Meaning(1, NOW, vector)))
    (found,) = database.write_now(lambda c: meanings.load(c, [1]))
    assert float(found.vector @ vector) > 0.9999


def test_feeds_of_one_machine_at_home_are_outlets_of_their_own():
    assert outlet_of("https://www.herald.example/a", 1) == outlet_of("https://herald.example/b", 2)
    near = {outlet_of(f"http://{host}:8080/a", 1) for host in ("127.0.0.1", "localhost", "192.168.0.9")}
    assert near == {"feed 1"}
    assert outlet_of(None, 2) == "feed 2"
