"""A model that proposes filters, on a real server on loopback: whatever it says, only what can be read is proposed."""

import asyncio
import re
import threading

import pytest

from bot.alerts.language.parse import FilterError, parse
from bot.alerts.topics import Topic
from bot.alerts.wishes.proposing import mistake, propose, read
from bot.app import proposer
from bot.chat.proposer import Proposer
from bot.digests.chosen import own_writer
from bot.errors import RemoteError
from bot.settings import Settings, SummariserSettings
from tests.digests.openai_server import Answer, running, says
from tests.log_lines import log  # noqa: F401 - a fixture

SENTENCE = "Tell me about ferry strikes, but not football"
TOPICS = (Topic("space", "Space", "🚀", "Rockets", parse("rocket")),)


def settings(server, **changes):
    return Settings(summariser=SummariserSettings(kind="openai", url=server.url, model="tiny", **changes))


def built(server, **changes) -> Proposer:
    chosen = settings(server, **changes)
    found = proposer(chosen, own_writer(chosen.summariser), TOPICS)
    assert found is not None
    return found


async def test_the_models_filter_is_proposed():
    with running(says("ferry strike -football")) as server:
        assert await built(server)(SENTENCE) == "ferry strike -football"
    assert len(server.asked) == 1
    assert server.asked[0]["messages"][-1] == {"role": "user", "content": SENTENCE}
    assert "the ids are: space." in server.told(0)


async def test_a_wrong_filter_is_asked_for_once_more_with_what_is_wrong():
    with running(says('ferry "strike'), says('ferry "strike"')) as server:
        assert await built(server)(SENTENCE) == 'ferry "strike"'
    again = server.asked[1]["messages"][-1]["content"]
    with pytest.raises(FilterError) as error:
        parse('ferry "strike')
    assert again.startswith(SENTENCE)
    assert f"{error.value} (at character {error.value.position + 1})" in again


async def test_a_topic_that_there_is_not_is_a_mistake():
    with running(says("topic:fishing ferry"), says("topic:space ferry")) as server:
        assert await built(server)(SENTENCE) == "topic:space ferry"
    assert "there is no topic fishing" in server.told(1)


@pytest.mark.parametrize("answer", ["NONE", "none.", "   \n", "```\n```", "<think>a ferry</think>"])
async def test_where_it_sees_no_wish_nothing_is_proposed(answer):
    assert propose(SENTENCE, lambda system, asked: answer) is None


async def test_a_filter_that_is_wrong_twice_is_not_proposed():
    with running(says('ferry "strike')) as server:
        assert await built(server)(SENTENCE) is None
    assert len(server.asked) == 2


@pytest.mark.parametrize("answer", [Answer(b"", status=500), Answer(b"[]"), says(" ")])
async def test_a_server_that_fails_proposes_nothing_and_the_log_says_why(answer, log):  # noqa: F811
    with running(answer) as server:
        assert await built(server)(SENTENCE) is None
    assert len(log.lines("proposal_failed")) == 1


async def test_a_model_that_is_late_is_not_waited_for():
    answered = threading.Event()

    def say(system: str, asked: str) -> str:
        answered.wait(5)
        return "ferry"

    async with asyncio.timeout(2):
        assert await Proposer(say, patience_seconds=0.05)(SENTENCE) is None
    answered.set()


async def test_a_model_that_hangs_does_not_gather_threads():
    answered, asked = threading.Event(), []

    def say(system: str, wish: str) -> str:
        asked.append(wish)
        answered.wait(5)
        return "ferry"

    hung = Proposer(say, patience_seconds=0.05)
    assert [await hung(SENTENCE) for _ in range(6)] == [None] * 6
    assert len(asked) == 4
    answered.set()


def test_only_a_model_that_takes_instructions_is_asked():
    assert proposer(Settings(), None, TOPICS) is None


@pytest.mark.parametrize(
    "answer",
    [
        "ferry strike",
        "`ferry strike`",
        "\n\nferry strike\nBecause ferries strike.",
        "Filter: ferry strike",
        "=> ferry strike",
        "```\nferry strike\n```",
        "Here you are:\n```text\nferry strike\n```\nEnjoy!",
        "<think>Ferries?\nOr -boats?</think>\nferry strike",
    ],
)
def test_the_filter_is_found_in_whatever_form_it_is_answered(answer):
    assert read(answer) == "ferry strike"


def test_a_long_sentence_is_cut_and_its_lines_are_one():
    told = []
    propose("ferry\n" * 1000, lambda system, asked: told.append(asked) or "ferry")
    assert len(told[0]) <= 500
    assert "\n" not in told[0]


def test_what_say_raises_is_raised():
    def say(system: str, asked: str) -> str:
        raise RemoteError("it is down")

    with pytest.raises(RemoteError):
        propose(SENTENCE, say)


def test_every_example_that_the_model_is_told_is_a_filter():
    told = []
    propose(SENTENCE, lambda system, asked: told.append(system) or "NONE", topics=["space"])
    examples = re.findall(r"^.+ => (.+)$", told[0], re.MULTILINE)
    assert len(examples) == 8
    assert [text for text in examples if mistake(text, ["space"])] == []
