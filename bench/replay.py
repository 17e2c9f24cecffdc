"""The stream of real news replayed through the whole pipeline, every digest judged: `make eval-digests`.

Reads stream/news-2026.jsonl.gz from the data directory (SHARED_DATA, or ../shared/data beside the
repository). Articles are entered, in the order of publishing, as the reading stage leaves them, and an
hour's at a time walk through grouping, matching (for a subscriber who follows everything), writing with the
bundled encoder, and rendering, on a real SQLite database; what is sent goes to a recorder.
`bench.digest_form` judges every digest. LIMIT=N takes a seeded sample of N articles; HALF=tune or HALF=held
the half of them that rules were written looking at, or the other (by a hash of the id); WORST=N prints so
many violations of each rule.
"""

import asyncio
import gzip
import json
import logging
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
import structlog

from bench.digest_form import DIGEST_RULES, SENTENCE_RULES, Violation, check
from bot.alerts.language.parse import parse
from bot.alerts.match import MatchStories
from bot.alerts.topics import Topic, TopicIndex
from bot.delivery.render import LIMIT, alert
from bot.digests.bundled import BundledSummariser
from bot.digests.write import Write, articles_of
from bot.encoder import Encoder
from bot.model import ChatKind, DeliveryKind, DeliveryState, Digest, DigestState, EntryState
from bot.pipeline import Stage
from bot.storage import stories as store
from bot.storage import subscribers, tables
from bot.storage.database import Database
from bot.storage.schema import migrate
from bot.stories.group import Group
from bot.times import utc_now

_LEASE = timedelta(minutes=10)
_SEED = 2026
_SAMPLES = 30
_TARGET = 0.01
SAMPLES = Path(__file__).parent.parent / "docs" / "samples.md"


@dataclass(frozen=True, slots=True)
class Judged:
    """A digest that was written, how long it took, and what the judge says of it."""

    id: int
    digest: Digest
    seconds: float
    violations: Sequence[Violation]
    messages: int


@dataclass(slots=True)
class Replay:
    """What came of a replay."""

    articles: int = 0
    stories: int = 0
    deliveries: Counter[str] = field(default_factory=Counter)
    judged: list[Judged] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def sentences(self) -> int:
        """All sentences of all digests."""
        return sum(len(one.digest.sentences) for one in self.judged)

    @property
    def violations(self) -> list[Violation]:
        """All that was found."""
        return [violation for one in self.judged for violation in one.violations]


def stream() -> Path:
    """Where the stream lies."""
    named = os.environ.get("SHARED_DATA")
    shared = Path(named) if named else Path(__file__).parent.parent.parent / "shared" / "data"
    return shared / "stream" / "news-2026.jsonl.gz"


def articles(path: Path, *, limit: int | None = None, half: str = "") -> list[dict[str, Any]]:
    """The stream's articles in the order of publishing; a seeded sample of `limit`, and one half of that."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    if limit is not None and limit < len(found):
        found = random.Random(_SEED).sample(found, limit)
    if half:
        found = [one for one in found if _half(one["id"]) == half]
    return sorted(found, key=lambda one: (one["published"], one["id"]))


def _half(name: str) -> str:
    return ("tune", "held")[sha256(name.encode()).digest()[0] % 2]


async def replay(found: Sequence[dict[str, Any]], database: Database) -> Replay:
    """Walks the articles through the stages, an hour's at a time, and judges each new digest."""
    result = Replay(articles=len(found))
    began = time.perf_counter()
    feeds = database.write_now(partial(_begin, domains=sorted({one["domain"] for one in found})))
    encoder = Encoder()
    stages = _stages(database, encoder)
    for _, hour in groupby(found, key=lambda one: one["published"][:13]):
        database.write_now(partial(_enter, batch=list(hour), feeds=feeds))
        for stage in stages:
            while await stage.step():
                pass
        result.judged += _judge(database, encoder, after=max((one.id for one in result.judged), default=0))
        database.write_now(_sent)
    result.seconds = time.perf_counter() - began
    result.stories, result.deliveries = database.write_now(_count)
    return result


def _stages(database: Database, encoder: Encoder) -> list[Stage]:
    everything = Topic("all", "All", "", "", parse("topic:all"))
    return [
        Group(database=database, encoder=encoder, lease=_LEASE),
        MatchStories(database=database, topics=TopicIndex([everything]), lease=_LEASE),
        Write(database=database, summariser=BundledSummariser(encoder).digest, lease=_LEASE),
    ]


def _begin(connection: sa.Connection, *, domains: Sequence[str]) -> dict[str, int]:
    """A subscriber who follows everything, and a feed for each outlet; the feeds' ids."""
    now = utc_now()
    who = subscribers.meet(connection, 1, ChatKind.PRIVATE, now=now)
    subscribers.save_filter(connection, who.id, "topic:all", now=now)
    for domain in domains:
        made = {
            "url": f"https://{domain}/feed",
            "name": domain,
            "topic": "all",
            "polled_at": now,
            "due_at": now,
        }
        connection.execute(sa.insert(tables.feeds).values(made))
    rows = connection.execute(sa.select(tables.feeds.c.name, tables.feeds.c.id)).all()
    return {str(name): int(number) for name, number in rows}


def _enter(connection: sa.Connection, *, batch: Sequence[dict[str, Any]], feeds: dict[str, int]) -> None:
    """The articles as the reading stage leaves them: ready to be grouped."""
    now = utc_now()
    for one in batch:
        published = datetime.fromisoformat(one["published"])
        row = {
            "feed_id": feeds[one["domain"]],
            "key_hash": sha256(one["id"].encode()).hexdigest()[:16],
            "title": one["source_title"] or "",
            "headline": one["source_title"] or "",
            "url": one["url"],
            "summary": one["summary"] or "",
            "text": one["article"] or one["summary"] or "",
            "bare": not one["article"],
            "published_at": published,
            "arrived_at": published,
            "backlog": False,
            "state": EntryState.READY,
            "due_at": now,
        }
        connection.execute(sa.insert(tables.entries).values(row))


def _judge(database: Database, encoder: Encoder, *, after: int) -> Iterator[Judged]:
    """The digests written since that one, while their stories are still what they were written from."""
    digests = tables.digests
    written = sa.select(digests).where(digests.c.state == DigestState.WRITTEN, digests.c.id > after)
    for row in database.write_now(lambda c: c.execute(written.order_by(digests.c.id)).all()):
        (story,) = database.write_now(partial(store.load_stories, ids=[row.story_id]))
        digest = store.read_digest(row.content)
        sentences = digest.sentences
        meanings = encoder.meanings(sentences) if sentences else np.zeros((0, 1), np.float32)
        violations = check(digest, articles_of(story.entries), meanings=meanings)
        messages = alert(digest)
        assert all(len(one.plain) <= LIMIT for one in messages)
        yield Judged(row.id, digest, row.seconds, violations, len(messages))


def _sent(connection: sa.Connection) -> None:
    """The recorder: what waits and has its digest has arrived."""
    outbox = tables.deliveries
    told = sa.exists().where(
        tables.digests.c.story_id == outbox.c.story_id,
        tables.digests.c.revision >= outbox.c.revision,
        tables.digests.c.state == DigestState.WRITTEN,
    )
    pending = sa.update(outbox).where(outbox.c.state == DeliveryState.PENDING, told)
    connection.execute(pending.values(state=DeliveryState.SENT, sent_at=utc_now(), message_ids=[1]))


def _count(connection: sa.Connection) -> tuple[int, Counter[str]]:
    number = connection.execute(sa.select(sa.func.count()).select_from(tables.stories)).scalar_one()
    kinds = connection.execute(sa.select(tables.deliveries.c.kind)).scalars()
    return int(number), Counter(str(kind) for kind in kinds)


def table(result: Replay) -> str:
    """The figures, one a line."""
    found = Counter(violation.rule for violation in result.violations)
    of_sentences = sum(found[rule] for rule in SENTENCE_RULES)
    faulty = sum(len({v.sentence for v in one.violations if v.sentence}) for one in result.judged)
    rate = len(result.violations) / max(1, result.sentences)
    lines = [
        ("articles", result.articles),
        ("stories", result.stories),
        ("digests", len(result.judged)),
        ("sentences", result.sentences),
        ("sentences a digest", f"{result.sentences / max(1, len(result.judged)):.1f}"),
        ("digests with no sentence", sum(not one.digest.sentences for one in result.judged)),
        ("follow-ups", result.deliveries[DeliveryKind.FOLLOWUP]),
        ("corrections", result.deliveries[DeliveryKind.CORRECTION]),
        ("seconds, all", f"{result.seconds:.0f}"),
        ("seconds a digest", f"{np.mean([one.seconds for one in result.judged] or [0]):.2f}"),
        ("", ""),
        *((rule, found[rule]) for rule in (*SENTENCE_RULES, *DIGEST_RULES) if found[rule]),
        ("", ""),
        ("violations", len(result.violations)),
        ("  of sentences", of_sentences),
        ("sentences at fault", f"{faulty} ({faulty / max(1, result.sentences):.2%})"),
        ("violations a sentence", f"{rate:.2%} (target: under {_TARGET:.0%})"),
    ]
    return "\n".join(f"{name:<28}{value:>12}" for name, value in lines)


def worst(result: Replay, count: int) -> str:
    """So many examples of each rule, drawn with a fixed seed."""
    lines = []
    for rule in (*SENTENCE_RULES, *DIGEST_RULES):
        found = [(one, v) for one in result.judged for v in one.violations if v.rule == rule]
        for one, violation in random.Random(_SEED).sample(found, min(count, len(found))):
            link = one.digest.sources[0].url if one.digest.sources else ""
            lines.append(f"[{rule}] {violation.why!r}\n    {violation.sentence}\n    {link}")
    return "\n".join(lines)


def samples(result: Replay) -> str:
    """Thirty digests drawn with a fixed seed, as links and figures: no word of the publishers'."""
    drawn = random.Random(_SEED).sample(result.judged, min(_SAMPLES, len(result.judged)))
    rate = len(result.violations) / max(1, result.sentences)
    lines = [
        "# Thirty digests of the stream",
        "",
        f"Drawn with seed {_SEED} from the {len(result.judged):,} digests ({result.sentences:,} sentences)",
        f"that `make eval-digests` wrote of {result.articles:,} articles. The judge, `bench/digest_form.py`,",
        f"counted {len(result.violations):,} violations over all digests, {rate:.2%} of the sentences. Links",
        "and figures only: the words are the publishers'. A block is sentences / words.",
        "",
        "| Article | Outlets | Need to know | Details | Next | Violations | Salience | Seconds |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in drawn:
        digest = one.digest
        blocks = (_block(part) for part in (digest.need_to_know, digest.details, digest.next))
        broken = ", ".join(sorted({v.rule for v in one.violations})) or "none"
        link = digest.sources[0].url if digest.sources else ""
        lines.append(
            f"| <{link}> | {len(digest.sources)} | {' | '.join(blocks)} | {broken} | {digest.model}"
            f" | {one.seconds:.2f} |"
        )
    return "\n".join(lines) + "\n"


def _block(sentences: Sequence[str]) -> str:
    return f"{len(sentences)} / {sum(len(one.split()) for one in sentences)}" if sentences else "–"


def main() -> int:
    """Replays, prints the table, and writes the samples when the whole stream was replayed."""
    if not stream().exists():
        print(f"SKIPPED: no {stream()} (SHARED_DATA names the directory)")
        return 0
    logging.disable(logging.INFO)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    limit, half = os.environ.get("LIMIT"), os.environ.get("HALF", "")
    found = articles(stream(), limit=int(limit) if limit else None, half=half)
    with tempfile.TemporaryDirectory() as place:
        database = Database(f"sqlite:///{place}/replay.db")
        migrate(database, now=utc_now())
        result = asyncio.run(replay(found, database))
        database.close()
    print(table(result))
    print(worst(result, int(os.environ.get("WORST", "0"))))
    if not limit and not half:
        SAMPLES.write_text(samples(result), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
