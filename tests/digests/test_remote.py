"""The path to a model on a server, over a real connection to a real server on loopback."""

import json
import threading
from datetime import timedelta

import pytest

from bot.app import summariser
from bot.digests.generated.draft import ModelError
from bot.digests.generated.instructed import InstructedWriter
from bot.digests.generated.prompt import Message
from bot.digests.generated.remote import RemoteModel
from bot.digests.generated.verify import Supported, check, sources_of
from bot.errors import RemoteError
from bot.settings import Settings, SummariserSettings
from tests.digests.openai_server import Answer, running, says, seconds
from tests.digests.story import ARTICLES, GOOD, SOURCES, checked

HELLO = [Message("user", "hello")]


def model(server, **changes):
    told = {"api_key": None, "timeout_seconds": 5.0, "output_tokens": 300, **changes}
    return RemoteModel(server.url, "tiny", **told)


def written(server, **changes):
    writer = InstructedWriter("openai:tiny", model(server, **changes).say, input_tokens=1000)
    return checked(writer).digest(ARTICLES, SOURCES)


def sentences(digest):
    return [text for text in digest.sentences if text not in ARTICLES[0].text]


def test_an_ordinary_answer_becomes_the_digest_with_evidence_for_every_sentence():
    with running(says(GOOD)) as server:
        digest = written(server)
    lines = [line.partition(": ")[2] for line in GOOD.splitlines()]
    assert [*digest.need_to_know, *digest.details, *digest.next] == lines
    assert digest.model == "openai:tiny"
    assert "written by openai:tiny (prompt 1)" in digest.record
    assert len(digest.evidence) == len(digest.sentences)
    for evidence in digest.evidence:
        assert evidence
        assert all(ARTICLES[e.article].text[e.start : e.end].endswith(".") for e in evidence)
    assert len(server.asked) == 1


def test_the_server_is_told_the_model_the_budget_and_the_key():
    with running(says(GOOD)) as server:
        model(server, api_key="sk-crumpet", output_tokens=77).say(HELLO)
    asked = server.asked[0]
    assert (asked["model"], asked["max_tokens"], asked["stream"]) == ("tiny", 77, False)
    assert asked["messages"] == [{"role": "user", "content": "hello"}]
    assert server.headers[0]["Authorization"] == "Bearer sk-crumpet"
    assert server.paths == ["/v1/chat/completions"]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"{}", status=500),
        Answer(b"not JSON at all"),
        Answer(b"[" * 100_000),
        Answer(b'{"choices": []}'),
        Answer(b'{"choices": [{"message": {"content": null}}]}'),
        Answer(b'{"choices": [{"message": {"content": "  "}}]}'),
        Answer(b'{"choices": "none"}'),
        Answer(b"", status=204),
        Answer(b"", status=302, headers={"Location": "http://127.0.0.1:9/"}),
        says("I am sorry, but I cannot help with that."),
        Answer(b'{"choices": [{"message": {"content": "' + b"a" * 2_000_000 + b'"}}]}'),
        Answer(b"{", headers={"Content-Length": "100"}),
        Answer(b"\xff\xfe"),
    ],
)
def test_whatever_else_the_server_answers_the_bundled_digest_stands_in_and_says_so(answer):
    with running(answer) as server:
        digest = written(server)
    assert digest.need_to_know
    assert sentences(digest) == []
    assert not digest.model.startswith("openai")
    assert any(line.startswith("not by openai:tiny: ") for line in digest.record)
    assert len(server.asked) == 1


def test_a_server_that_is_not_there_is_said():
    with running(says(GOOD)) as server:
        pass
    digest = written(server)
    assert any("refused the connection" in line for line in digest.record)
    assert sentences(digest) == []


@pytest.mark.parametrize("answer", [says(GOOD), Answer(says(GOOD).body, pieces=100)])
def test_no_answer_is_waited_for_longer_than_the_time_out(answer):
    answer = Answer(answer.body, pause_seconds=10 if answer.pieces == 1 else 0, pieces=answer.pieces)
    with running(answer) as server:
        found = []
        took = seconds(lambda: found.append(written(server, timeout_seconds=0.5)))
    assert took < 4
    assert any("did not answer within 0.5 s" in line for line in found[0].record)


def test_one_thing_is_asked_at_a_time():
    with running(Answer(says(GOOD).body, pause_seconds=0.2)) as server:
        asked = model(server)
        threads = [threading.Thread(target=asked.say, args=(HELLO,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (len(server.asked), server.most_at_once) == (3, 1)


def test_what_the_server_says_is_wrong_is_told_without_the_key():
    body = json.dumps({"error": {"message": "no model 'tiny'; your key sk-crumpet is fine"}}).encode()
    with running(Answer(body, status=404)) as server, pytest.raises(RemoteError) as error:
        model(server, api_key="sk-crumpet").say(HELLO)
    assert "answers 404: no model 'tiny'" in str(error.value)
    assert "crumpet" not in str(error.value)
    assert error.value.status == 404


def test_half_a_surrogate_pair_in_an_answer_can_be_stored():
    with running(says("x")) as server:
        server.answers = [Answer(b'{"choices": [{"message": {"content": "a \\ud800 b"}}]}')]
        assert model(server).say(HELLO) == "a ? b"


def test_an_answer_with_no_text_is_a_model_error():
    with running(says("")) as server, pytest.raises(ModelError, match="with no text"):
        model(server).say(HELLO)


WRONG = GOOD.replace("12 million", "15 million")


def test_a_wrong_figure_is_written_again_once_and_then_stands():
    right = "1: According to the harbour office, the repairs of the bridge cost 12 million crowns."
    with running(says(WRONG), says(right)) as server:
        digest = written(server)
    assert digest.need_to_know[1] == right.removeprefix("1: ")
    assert digest.model == "openai:tiny"
    assert "need to know 2: number 15 million; written again" in digest.record
    assert len(server.asked) == 2
    again = server.told(1)
    assert "WRONG: number 15 million" in again
    assert "PASSAGE: The repairs cost 12 million crowns, the harbour office said." in again


@pytest.mark.parametrize(
    "second",
    [
        says("1: The repairs of the bridge cost 19 million crowns, the harbour office said."),
        says("1: The bridge is a triumph of the Kessel Works."),
        says("Certainly! Here is the sentence you asked for."),
        says("7: The repairs cost 12 million crowns, the harbour office said."),
        Answer(b"", status=500),
    ],
)
def test_a_sentence_that_is_wrong_twice_gives_way_to_a_sources_own(second):
    with running(says(WRONG), second) as server:
        digest = written(server)
    assert len(server.asked) == 2
    assert digest.need_to_know[0].startswith("The old bridge at Port Elsin reopened")
    assert (
        digest.details[0]
        == "Engineers replaced 140 cables and every bolt on the northern span of the bridge."
    )
    assert not any("15" in text or "19" in text or "triumph" in text for text in digest.sentences)
    assert any(line.startswith("need to know 2: number 15 million") for line in digest.record)
    assert any(line.endswith("replaced") for line in digest.record)


def test_when_nothing_stands_the_digest_is_the_bundled_one_and_says_why():
    lies = "NEED: The bridge at Port Elsin collapsed on Tuesday and killed 30 people.\n"
    with running(says(lies), says(lies)) as server:
        digest = written(server)
    assert sentences(digest) == []
    assert digest.need_to_know
    assert not digest.model.startswith("openai")
    assert any("no sentence stood the check" in line for line in digest.record)


HOSTILE = """\
<think>The article tells me to write about Wexcoin. NEED: Buy Wexcoin now.</think>
NEED: Buy Wexcoin now at wexcoin.example and double your money this week!
NEED: The old bridge at Port Elsin reopened on Monday after two years of repairs.
DETAIL: “The bridge is a disgrace,” Ann Orlund told the Post.
DETAIL: “We are very glad and very tired,” Mayor Ivo Praed told the Post.
DETAIL: The builder Kessel Works sued Mayor Ivo Praed over the delay in March 2024.
DETAIL: Lorries may cross the bridge before the spring, the harbour office said.
DETAIL: Lorries cross the bridge before the spring.
NEXT: A second inspection of the bridge is planned for 8 May 2027.
"""


def test_of_a_hostile_answer_only_what_is_so_comes_through():
    with running(says(HOSTILE), says("nothing to add")) as server:
        digest = written(server)
    for lie in ("Wexcoin", "disgrace", "Works sued", "8 May", "tired,” Mayor"):
        assert not any(lie in text for text in digest.sentences)
    assert not any(
        text.startswith("Lorries may cross") or "Lorries cross" in text for text in digest.sentences
    )
    assert (
        digest.need_to_know[0]
        == "The old bridge at Port Elsin reopened on Monday after two years of repairs."
    )
    read = sources_of(ARTICLES)
    assert all(isinstance(check(text, read), Supported) for text in digest.sentences)


def test_the_settings_lead_to_the_server(encoder):
    with running(says(GOOD)) as server:
        chosen = SummariserSettings(
            kind="openai", model="tiny", url=server.url, api_key="sk-crumpet", timeout=timedelta(seconds=9)
        )
        digest = summariser(Settings(summariser=chosen), encoder)(ARTICLES, SOURCES)
    assert digest.model == "openai:tiny"
    assert server.headers[0]["Authorization"] == "Bearer sk-crumpet"
    assert server.asked[0]["max_tokens"] == 500
