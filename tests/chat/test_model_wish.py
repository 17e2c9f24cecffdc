"""Plain words where a model proposes the filter: its rule is checked, shown, and saved by a button only."""

import pytest

from bot.alerts.language.parse import parse
from bot.alerts.topics import TopicIndex
from bot.alerts.week.last_week import LastWeek
from bot.chat.context import Services
from tests.chat.conftest import TOPICS


@pytest.fixture
def asked():
    """The sentences that the model was asked about."""
    return []


@pytest.fixture
def services(sqlite, asked):
    index = TopicIndex(TOPICS)
    said = {
        "Anything on ships standing still": "ferry strike OR blockade",
        "nonsense": "ferry OR",
        "a topic of its own making": "topic:fishing ferry",
        "a topic by another name": "topic:research-and-study ferry",
    }

    async def propose(sentence):
        asked.append(sentence)
        return said.get(sentence)

    return Services(
        database=sqlite,
        topics=TOPICS,
        topic_index=index,
        last_week=LastWeek(index),
        propose=propose,
        feeds=42,
    )


async def test_its_rule_is_shown_as_the_models_and_saved_with_a_button(chat):
    await chat.ask("Anything on ships standing still")
    head, rule, whose = chat.shown().splitlines()[:3]
    assert head == "Shall I alert you to stories with ferry and either strike or blockade?"
    assert rule == "/follow ferry strike OR blockade"
    assert whose == "A language model turned your words into this filter."
    await chat.press("Save")
    assert list(map(parse, chat.filters())) == [parse("ferry strike OR blockade")]


@pytest.mark.parametrize("sentence", ["nonsense", "a topic of its own making", "ferry strikes"])
async def test_where_it_has_no_rule_that_can_be_read_the_patterns_propose(chat, sentence):
    await chat.ask(sentence)
    assert chat.shown().startswith("Shall I alert you to stories ")
    assert "language model" not in chat.shown()


async def test_it_may_name_a_topic_by_another_name(chat):
    await chat.ask("a topic by another name")
    assert chat.shown().splitlines()[1] == "/follow topic:science ferry"


async def test_a_refusal_is_not_shown_to_it(chat, asked):
    await chat.ask("stop")
    assert chat.shown().startswith("/stop silences me")
    assert asked == []
