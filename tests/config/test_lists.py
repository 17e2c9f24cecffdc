import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.alerts.language import parse, topics_named
from bot.settings import duration

CONFIG = Path(__file__).parents[2] / "config"


def entries(name: str) -> list[dict[str, Any]]:
    with (CONFIG / f"{name}s.toml").open("rb") as file:
        listed: list[dict[str, Any]] = tomllib.load(file)[name]
    return listed


def test_there_are_many_feeds_and_none_twice() -> None:
    urls = [feed["url"] for feed in entries("feed")]
    assert len(urls) >= 25
    assert len({url.rstrip("/").lower() for url in urls}) == len(urls)


def test_every_feed_is_complete() -> None:
    topics = {topic["id"] for topic in entries("topic")}
    for feed in entries("feed"):
        assert feed.keys() <= {"url", "name", "language", "topic", "interval", "weight", "full_text"}
        assert urlsplit(feed["url"]).scheme == "https"
        assert feed["name"]
        assert re.fullmatch("[a-z]{2}", feed["language"])
        assert feed["topic"] in topics
        assert timedelta(minutes=1) <= duration(feed.get("interval", "15m")) <= timedelta(days=1)


def test_every_topic_is_complete_and_its_rule_can_be_read() -> None:
    topics = entries("topic")
    assert 16 <= len(topics) <= 20
    for key in ("id", "name", "emoji"):
        assert len({topic[key] for topic in topics}) == len(topics)
    for topic in topics:
        assert topic.keys() == {"id", "name", "emoji", "description", "rule"}
        rule = parse(topic["rule"], max_length=10_000)
        assert not topics_named(rule)  # a rule cannot ask for what rules decide
