"""One line an event, and never a token or a password in any of them."""

import json
import logging
from datetime import UTC, datetime

import httpx
import pytest
import structlog

from bot.logs import configure, get_logger, redact

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"
IN_URL = f"https://api.telegram.org/bot{TOKEN}/sendMessage"
FORMS = ["json", "console"]


@pytest.fixture(autouse=True)
def _as_it_was():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def said(capsys):
    return lambda: capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    [TOKEN, IN_URL, f"token={TOKEN}", f"({TOKEN})", f"/file/bot{TOKEN}/a.jpg", IN_URL.replace(":A", "%3AA")],
)
def test_a_token_is_blacked_out_wherever_it_stands(text):
    assert "AAHdqTcv" not in redact(text)
    assert "***" in redact(text)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://bot:hunter2@db.example/news",
        "postgresql://:hunter2@db.example/news",
        "postgresql://bot:hun/ter2@db.example/news",
        "postgresql://bot:hun:ter2@db.example/news",
        "https://me:hunter2@feeds.example/rss?x=1",
    ],
)
def test_a_password_in_a_url_is_blacked_out_and_the_rest_stays(url):
    shown = redact(f"cannot open {url} now")
    assert "hun" not in shown
    assert "ter2" not in shown
    assert "example" in shown
    assert shown.endswith(" now")


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01T12:00:00Z",
        "http://127.0.0.1:8080/health",
        "12345:short",
        "a@b.example",
        "http://a.example:80/x and then b@c.example",
        "https://a.example/@someone",
    ],
)
def test_what_is_no_secret_stays(text):
    assert redact(text) == text


@pytest.mark.parametrize("form", FORMS)
def test_no_line_of_ours_has_a_secret(form, said):
    configure(form=form)
    log = get_logger("test")
    log.info("asked", url=IN_URL, nested={"urls": [IN_URL]}, database="postgresql://a:hunter2@b/c")
    log.warning("failed at %s", IN_URL)
    shown = said()
    assert shown.count("\n") == 2
    assert "asked" in shown
    assert "AAHdqTcv" not in shown
    assert "hunter2" not in shown


@pytest.mark.parametrize("form", FORMS)
def test_no_traceback_has_a_secret(form, said):
    configure(form=form)
    try:
        int(f"{IN_URL} postgresql://a:hunter2@b/c")
    except ValueError:
        get_logger("test").exception("job_failed")
        logging.getLogger("foreign").exception("it failed: %s", IN_URL)
    shown = said()
    assert shown.count("ValueError") >= 2
    assert "AAHdqTcv" not in shown
    assert "hunter2" not in shown


@pytest.mark.parametrize("level", ["info", "debug"])
async def test_httpx_does_not_name_its_urls(level, said):
    configure(level=level, form="json")
    transport = httpx.MockTransport(lambda request: httpx.Response(200))
    async with httpx.AsyncClient(transport=transport) as client:
        await client.post(IN_URL)
    logging.getLogger("httpx").warning("trouble at %s", IN_URL)
    (line,) = said().splitlines()
    assert json.loads(line)["event"] == "trouble at https://api.telegram.org/bot***/sendMessage"


def test_a_line_is_json_with_the_time_the_level_and_the_event_first(said):
    configure(form="json")
    at = datetime(2026, 3, 1, 12, 0, 5, 123456, tzinfo=UTC)
    get_logger("bot.test").info("feed_polled", new=3, next_poll_at=at, feed="水")
    line = said()
    event = json.loads(line)
    assert list(event)[:3] == ["timestamp", "level", "event"]
    assert (event["level"], event["event"], event["logger"]) == ("info", "feed_polled", "bot.test")
    assert (event["new"], event["next_poll_at"], event["feed"]) == (3, "2026-03-01T12:00:05Z", "水")
    assert event["timestamp"].endswith("Z")
    assert "水" in line


def test_without_a_terminal_auto_is_json(said):
    configure(form="auto")
    get_logger("test").info("started")
    assert json.loads(said())["event"] == "started"


def test_a_person_reads_the_console_form(said):
    configure(form="console")
    get_logger("test").info("started", feeds=3)
    shown = said()
    assert "started" in shown
    assert "feeds=3" in shown
    with pytest.raises(ValueError, match=r"Expecting value|Extra data"):
        json.loads(shown)


def test_what_is_below_the_level_is_not_said(said):
    configure(level="warning", form="json")
    get_logger("test").info("small")
    logging.getLogger("foreign").info("small")
    get_logger("test").warning("grave")
    assert [json.loads(line)["event"] for line in said().splitlines()] == ["grave"]


def test_configuring_twice_says_things_once(said):
    configure(form="json")
    configure(form="json")
    get_logger("test").info("once")
    assert said().count("once") == 1
