import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot import config
from bot.alerts.language.parse import STORED_LENGTH, parse
from bot.alerts.rule import Not, topics_named
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
    assert len(topics) >= 40
    for key in ("id", "name", "emoji", "description"):
        assert len({topic[key] for topic in topics}) == len(topics)
    for topic in topics:
        assert topic.keys() <= {"id", "name", "emoji", "description", "parent", "names", "rule", "examples"}
        if "rule" in topic:
            rule = parse(topic["rule"], max_length=STORED_LENGTH)
            assert not topics_named(rule)  # a rule cannot ask for what rules decide


def test_a_topic_has_a_rule_and_examples_unless_it_only_gathers_others() -> None:
    topics = entries("topic")
    for topic in topics:
        if {"rule", "examples"} <= topic.keys():
            assert len(set(topic["examples"])) == len(topic["examples"]) >= 6
            assert all(len(example.split()) >= 4 for example in topic["examples"])
        else:
            assert not {"rule", "examples"} & topic.keys()
            assert sum(other.get("parent") == topic["id"] for other in topics) > 1


def test_alternatives_of_a_rule_are_not_broken_by_a_forgotten_or() -> None:
    # Without OR two words must both occur, and so must all that stands on either side of the gap.
    for topic in entries("topic"):
        rule = parse(topic["rule"], max_length=STORED_LENGTH) if "rule" in topic else None
        asked = [] if rule is None else [one for one in rule.clauses if not isinstance(one, Not)]
        assert len(asked) <= 1 + (topic["id"] == "ukraine")


def test_topics_of_the_first_level_fit_on_a_screen_and_every_name_stands_for_one() -> None:
    listed = config.load(CONFIG).topics  # which refuses a lost parent, and a name of two topics
    assert len([topic for topic in listed if topic.parent is None]) == 12
    assert {
        "world",
        "conflict",
        "politics",
        "economy",
        "markets",
        "business",
        "technology",
        "ai",
        "security",
    } < {topic.id for topic in listed}
