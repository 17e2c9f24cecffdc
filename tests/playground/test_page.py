"""The page's own API: state, live events, polite refusals, and nothing for other sites."""

import asyncio
import json

import pytest

from bot.playground.world import MAX_PEOPLE, World


async def events(response):
    async for line in response.aiter_lines():
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


async def test_a_message_reaches_the_page_as_a_live_event(playground):
    ada = playground.ada.id
    async with asyncio.timeout(10), playground.http.stream("GET", "/playground/events") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        stream = events(response)
        assert await anext(stream) == {"kind": "hello"}
        await playground.act("messages", person=ada, chat_id=ada, text="hello")
        event = await anext(stream)
        await stream.aclose()
    assert (event["kind"], event["message"]["text"]) == ("message", "hello")


async def test_closing_the_world_ends_the_stream(playground):
    async with asyncio.timeout(5), playground.http.stream("GET", "/playground/events") as response:
        stream = events(response)
        await anext(stream)
        playground.world.close()
        assert [event async for event in stream] == []


async def test_a_page_that_cannot_keep_up_is_ended_and_not_remembered():
    world = World()
    with world.live.listen() as listener:
        for number in range(1_001):
            world.live.tell("noise", number=number)
        assert await listener.next(1) is None
        assert not world.live._listeners


async def test_the_state_holds_what_the_page_shows(playground):
    await playground.start()
    state = (await playground.http.get("/playground/state")).json()
    assert (state["title"], state["suggestions"]) == ("Need to Know", ["/follow ferry"])
    chats = [(chat["type"], chat["blocked"], len(chat["messages"])) for chat in state["chats"]]
    assert chats == [("group", False, 0), ("private", False, 1), ("private", False, 0)]


async def test_a_new_person_gets_a_chat_and_a_place_in_the_group(playground):
    person = (await playground.act("people", name="  Chiara  B. "))["person"]
    assert person["first_name"] == "Chiara B."
    assert playground.world.chats[person["id"]].private
    assert person["id"] in {one.id for one in playground.world.group.members}


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("messages", {"person": 1, "chat_id": 1, "text": "x"}, "There is no such person in that chat."),
        ("messages", {"person": "1", "chat_id": 1, "text": "x"}, '"person" is a whole number.'),
        (
            "messages",
            {"person": 100001, "chat_id": 100001, "text": " "},
            "Say something: the message is empty.",
        ),
        (
            "messages",
            {"person": 100001, "chat_id": 100002, "text": "x"},
            "There is no such person in that chat.",
        ),
        (
            "press",
            {"person": 100001, "chat_id": 100001, "message_id": 1, "data": "x"},
            "That button is gone.",
        ),
        ("people", {"name": ""}, "A name has 1 to 64 characters."),
        ("block", {"person": 100001, "chat_id": 100001, "blocked": 1}, '"blocked" is true or false.'),
        ("faults", {"kind": "retry_after", "times": 0}, '"times" is from 1 to 1000.'),
        (
            "faults",
            {"kind": "migrate", "chat_id": 100001},
            "Only a group can become a supergroup, and only once.",
        ),
        ("people", [], "Send a JSON object."),
        ("people", "[" * 100_000, "That is no JSON."),
    ],
)
async def test_bad_input_is_answered_with_a_sentence(playground, path, body, sentence):
    content = body if isinstance(body, str) else json.dumps(body)
    headers = {"Content-Type": "application/json"}
    answer = await playground.http.post(f"/playground/{path}", content=content, headers=headers)
    assert (answer.status_code, answer.json()) == (400, {"error": sentence})


async def test_half_a_surrogate_pair_typed_into_the_page_wedges_nothing(playground):
    ada = playground.ada.id
    asked = [
        ("messages", rf'{{"person": {ada}, "chat_id": {ada}, "text": "ferry \ud83d \ud83d\udea2"}}'),
        ("people", r'{"name": "Eve \udea2"}'),
        ("faults", r'{"kind": "error500", "method": "\ud83d"}'),
    ]
    for path, body in asked:
        headers = {"Content-Type": "application/json"}
        answer = await playground.http.post(f"/playground/{path}", content=body, headers=headers)
        assert (path, answer.status_code) == (path, 200)
    state = (await playground.http.get("/playground/state")).json()
    assert [one["text"] for chat in state["chats"] for one in chat["messages"]] == ["ferry ? 🚢"]
    assert [one.name for one in playground.world.people.values()] == ["Ada", "Ben", "Eve ?"]
    assert (await playground.http.get("/playground/faults")).status_code == 200
    (update,) = (await playground.call("getUpdates"))["result"]
    assert update["message"]["text"] == "ferry ? 🚢"


async def test_a_form_is_not_json(playground):
    answer = await playground.http.post("/playground/people", data={"name": "Eve"})
    assert (answer.status_code, len(playground.world.people)) == (400, 2)


async def test_the_playground_fills_up(playground):
    for number in range(MAX_PEOPLE - 2):
        playground.world.add_person(f"Person {number}")
    answer = await playground.http.post("/playground/people", json={"name": "One too many"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
@pytest.mark.parametrize("path", ["/playground/people", "/bot7000000001:playground/getMe"])
async def test_other_sites_are_refused(playground, headers, path):
    answer = await playground.http.post(path, json={"name": "Eve"}, headers=headers)
    assert (answer.status_code, len(playground.world.people)) == (403, 2)


async def test_our_own_page_may_post(playground):
    headers = {"Origin": playground.url, "Sec-Fetch-Site": "same-origin"}
    answer = await playground.http.post("/playground/people", json={"name": "Eve"}, headers=headers)
    assert answer.status_code == 200


async def test_the_page_is_served_under_a_strict_policy_and_nothing_beside_it(playground):
    page = await playground.http.get("/")
    assert "<title>" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert (
        (await playground.http.get("/playground/static/app.js"))
        .headers["content-type"]
        .startswith("text/javascript")
    )
    assert (await playground.http.get("/playground/static/..%2fpage.py")).status_code == 404


async def test_faults_are_listed_and_forgotten(playground):
    await playground.fault("retry_after", retry_after=3, times=2)
    (fault,) = (await playground.http.get("/playground/faults")).json()["faults"]
    assert (fault["kind"], fault["retry_after"], fault["times"]) == ("retry_after", 3, 2)
    assert (await playground.http.delete("/playground/faults")).json() == {"faults": []}
