"""Read once, and whatever is wrong is named by its file and its key."""

import re
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import load, load_settings, poll_interval
from bot.errors import ConfigError
from bot.settings import Settings, duration

SHIPPED = Path(__file__).parents[2] / "config" / "bot.toml"
TOKEN = "123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


@pytest.fixture
def directory(tmp_path, monkeypatch):
    monkeypatch.setenv("NTK_CONFIG_DIR", str(tmp_path))
    return tmp_path


def given(directory, text="", **files):
    (directory / "bot.toml").write_text(text, encoding="utf-8")
    for name, content in files.items():
        (directory / f"{name}.toml").write_text(content, encoding="utf-8")


def refused(directory, text=""):
    """What is said of a bot.toml that is wrong."""
    given(directory, text)
    with pytest.raises(ConfigError) as error:
        load_settings()
    return str(error.value)


def test_without_a_file_the_defaults_hold(directory):
    assert load_settings() == Settings()


def test_an_empty_file_changes_nothing(directory):
    given(directory)
    assert load_settings() == Settings()


def test_the_file_is_read(directory):
    given(directory, '[server]\nport = 9000\n[storage]\nkeep = "9d"\n[web]\nallow_private = true')
    settings = load_settings()
    assert (settings.server.port, settings.storage.keep) == (9000, timedelta(days=9))
    assert settings.web.allow_private
    assert settings.server.host == "127.0.0.1"


def test_the_environment_wins_over_the_file_key_by_key(directory, monkeypatch):
    given(directory, '[server]\nport = 9000\nhost = "::1"')
    monkeypatch.setenv("NTK_SERVER__PORT", "9001")
    monkeypatch.setenv("NTK_FEEDS__MIN_INTERVAL", "90s")
    settings = load_settings()
    assert (settings.server.port, settings.server.host) == (9001, "::1")
    assert settings.feeds.min_interval == timedelta(seconds=90)


def test_an_empty_variable_is_no_variable(directory, monkeypatch):
    monkeypatch.setenv("NTK_SERVER__PORT", "")
    assert load_settings().server.port == 8080


def test_the_directory_is_the_one_that_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, port in (("config", 1), ("elsewhere", 2)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "bot.toml").write_text(f"[server]\nport = {port}")
    assert load_settings().server.port == 1
    monkeypatch.setenv("NTK_CONFIG_DIR", "elsewhere")
    assert load_settings().server.port == 2


def test_a_directory_that_is_not_there_is_said(tmp_path):
    with pytest.raises(ConfigError, match=r"no configuration directory .*nowhere; .*NTK_CONFIG_DIR"):
        load(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        *(("90s", 90), ("5m", 300), ("2h", 7200), ("30d", 2_592_000), ("1.5h", 5400), ("250ms", 0.25)),
        *((90, 90), (0.5, 0.5), (" 90 s ", 90), ("0", 0)),
    ],
)
def test_a_time_is_read_with_its_unit(text, seconds):
    assert duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", "s", "5 minutes", "-5m", "5w", "1e3", "5m30s", "soon", True, None, [5], "9" * 30 + "d"]
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match="write a time as 90s, 5m, 2h or 30d"):
        duration(text)


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("[server]\nprot = 1", "server.prot", "its section knows host, port"),
        ("[sever]\nport = 1", "sever", "the sections are telegram, storage"),
        ("[server]\nport = 70000", "server.port", "less than or equal to 65535"),
        ("[server]\nport = -1", "server.port", "greater than or equal to 0"),
        ('[server]\nport = "http"', "server.port", "(it is 'http')"),
        ('[storage]\nkeep = "7d"', "storage.keep", "greater than or equal to"),
        ('[storage]\nkeep = "30 days"', "storage.keep", "write a time as 90s, 5m, 2h or 30d"),
        ('[storage]\nkeep = "99999999d"', "storage.keep", "less than or equal to"),
        (f'[storage]\nkeep = "{"9" * 30}d"', "storage.keep", "write a time as"),
        ("[feeds]\nmin_interval = 0", "feeds.min_interval", "greater than"),
        (
            '[feeds]\nmin_interval = "40m"',
            "feeds.min_interval (40m)",
            "is above feeds.max_interval (30m)",
        ),
        (
            '[feeds]\nmin_interval = 90\nmax_interval = "1m"',
            "feeds.min_interval (90s)",
            "is above feeds.max_interval (1m)",
        ),
        ('[web]\ntimeout = "1h"', "web.timeout", "less than or equal to"),
        ("[web]\nmax_bytes = 1", "web.max_bytes", "greater than or equal to 10000"),
        ('[summariser]\nkind = "gpt"', "summariser.kind", "'bundled', 'transformers' or 'openai'"),
        ('[summariser]\nkind = "transformers"', "summariser.model", "names no model"),
        ('[summariser]\nkind = "openai"\nurl = "http://localhost/v1"', "summariser.model", "names no model"),
        ('[summariser]\nkind = "openai"\nmodel = "m"', "summariser.url", "names no server"),
        ('[summariser]\nurl = "localhost:11434/v1"', "summariser.url", "as http://localhost:11434/v1"),
        ('[summariser]\nurl = "http://localhost/v1?key=1"', "summariser.url", "write the address"),
        ('[summariser]\ntimeout = "5m"', "summariser.timeout", "less than or equal to"),
        ("[summariser]\ninput_tokens = 10", "summariser.input_tokens", "greater than or equal to 256"),
        ("[summariser]\noutput_tokens = 10", "summariser.output_tokens", "greater than or equal to 64"),
        ('[log]\nlevel = "loud"', "log.level", "'debug', 'info', 'warning' or 'error'"),
        ("server = 5", "server", "(it is 5)"),
        ("telegram = 5", "telegram", "(it is 5)"),
        ("[server\nport = 1", "bot.toml", "line 1"),
    ],
)
def test_what_is_wrong_in_the_file_is_named(directory, text, key, said):
    message = refused(directory, text)
    assert str(directory / "bot.toml") in message
    assert key in message
    assert said in message


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("NTK_SERVER__PORT", "http", "NTK_SERVER__PORT: "),
        ("NTK_SERVER__PROT", "1", "NTK_SERVER__PROT: there is no such setting; its section knows host, port"),
        ("NTK_SEVER__PORT", "1", "NTK_SEVER__PORT: there is no section 'sever'; the sections are telegram"),
        ("NTK_STORAGE__KEEP", "1d", "NTK_STORAGE__KEEP: "),
        ("NTK_TELEGRAM", TOKEN, "NTK_TELEGRAM: "),
    ],
)
def test_what_is_wrong_in_the_environment_is_named_by_its_variable(directory, monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)
    message = refused(directory)
    assert message.startswith(said)
    assert TOKEN not in message


def test_a_file_that_is_not_utf_8_is_said(directory):
    (directory / "bot.toml").write_bytes(b"[server]\nhost = '\xff'")
    with pytest.raises(ConfigError, match=r"bot\.toml: cannot be read"):
        load_settings()


def test_a_token_in_the_file_is_refused_without_repeating_it(directory):
    message = refused(directory, f'[telegram]\ntoken = "{TOKEN}"')
    assert "telegram.token is a secret" in message
    assert "NTK_TELEGRAM__TOKEN" in message
    assert TOKEN not in message


def test_the_token_comes_from_the_environment_and_is_not_shown(directory, monkeypatch):
    monkeypatch.setenv("NTK_TELEGRAM__TOKEN", TOKEN)
    settings = load_settings()
    assert settings.telegram.token.get_secret_value() == TOKEN
    assert TOKEN not in repr(settings)
    assert TOKEN not in settings.model_dump_json()


def test_the_token_comes_from_a_file_that_is_named(directory, tmp_path, monkeypatch):
    (tmp_path / "secret").write_text(f"{TOKEN}\n")
    given(directory, f'[telegram]\ntoken_file = "{tmp_path}/secret"')
    assert load_settings().telegram.token.get_secret_value() == TOKEN
    monkeypatch.setenv("NTK_TELEGRAM__TOKEN", "other")
    assert load_settings().telegram.token.get_secret_value() == "other"


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe"])
def test_a_token_file_with_no_token_stops_the_start(directory, tmp_path, content):
    # Else the playground would start in the place of the bot.
    if content is not None:
        (tmp_path / "secret").write_bytes(content)
    assert "telegram.token_file" in refused(directory, f'[telegram]\ntoken_file = "{tmp_path}/secret"')


def test_a_models_key_in_the_file_is_refused_without_repeating_it(directory):
    message = refused(directory, '[summariser]\napi_key = "sk-crumpet"')
    assert "summariser.api_key is a secret" in message
    assert "NTK_SUMMARISER__API_KEY" in message
    assert "crumpet" not in message


def test_a_models_key_in_the_address_is_refused(directory):
    message = refused(directory, '[summariser]\nurl = "https://me:crumpet@models.example/v1"')
    assert "set NTK_SUMMARISER__API_KEY" in message
    assert "crumpet" not in message


def test_a_models_key_comes_from_the_environment_or_a_file_and_is_not_shown(directory, tmp_path, monkeypatch):
    (tmp_path / "key").write_text("sk-crumpet\n")
    given(directory, f'[summariser]\napi_key_file = "{tmp_path}/key"')
    settings = load_settings()
    assert settings.summariser.api_key.get_secret_value() == "sk-crumpet"
    assert "crumpet" not in repr(settings)
    monkeypatch.setenv("NTK_SUMMARISER__API_KEY", "other")
    assert load_settings().summariser.api_key.get_secret_value() == "other"


def test_a_models_key_file_that_is_not_there_stops_the_start(directory, tmp_path):
    said = refused(directory, f'[summariser]\napi_key_file = "{tmp_path}/none"')
    assert "summariser.api_key_file: cannot read" in said


FEED = '[[feed]]\nurl = "https://a.example/feed"\n'


def test_the_lists_are_read(directory):
    topics = '[[topic]]\nid = "world"\nname = "World"'
    feeds = FEED + 'topic = "world"\n[[feed]]\nurl = "https://b.example/"\nname = "B"\ninterval = "1h"'
    given(directory, feeds=feeds, topics=topics)
    config = load()
    assert [(feed.name, feed.topic) for feed in config.feeds] == [("a.example", "world"), ("B", None)]
    assert config.feeds[1].interval == timedelta(hours=1)
    assert (config.feeds[1].weight, config.feeds[1].full_text, config.feeds[1].headers) == (1, True, {})
    assert [topic.id for topic in config.topics] == ["world"]


@pytest.mark.parametrize(
    ("feeds", "said"),
    [
        (FEED + FEED, "feed 'https://a.example/feed' is listed twice"),
        (FEED + "name = 5", "feed number 1 (https://a.example/feed): name"),
        (FEED + 'intervall = "1h"', "feed number 1 (https://a.example/feed): intervall"),
        (FEED + 'interval = "soon"', "interval"),
        (FEED + f'language = "{"e" * 17}"', "language"),
        (FEED + f'topic = "{"e" * 65}"', "topic"),
        (FEED + 'interval = "99999999d"', "interval"),
        (
            FEED + "weight = 0",
            "feed number 1 (https://a.example/feed): weight: Input should be greater than 0",
        ),
        (FEED + "weight = 10.5", "weight"),
        (FEED + "weight = nan", "weight"),
        (FEED + 'full_text = "sometimes"', "full_text"),
        (FEED + 'headers = "X-Key: 5"', "headers"),
        (FEED + 'headers = { "X Key" = "env:KEY" }', "headers: header 'X Key': that is no name of a header"),
        ('[[feed]]\nname = "A"', "feed number 1: url"),
        ('[[feed]]\nurl = "file:///etc/passwd"', "must begin with http:// or https://"),
        ('[[feed]]\nurl = "http://[::1"', "must begin with http:// or https://"),
        ("[[feeds]]\nurl = 1", "expected only [[feed]] tables, found feeds"),
        ('feed = "https://a.example"', "expected only [[feed]] tables"),
        ("feed = [5]", "feed number 1"),
    ],
)
def test_what_is_wrong_in_the_list_of_feeds_is_named(directory, feeds, said):
    given(directory, feeds=feeds)
    with pytest.raises(ConfigError) as error:
        load()
    assert str(directory / "feeds.toml") in str(error.value)
    assert said in str(error.value)


@pytest.mark.parametrize("value", ["Bearer s3cr3t", "env:", "env: ", "file:", "s3cr3t:", ":s3cr3t", ""])
def test_a_secret_does_not_stand_in_the_list_of_feeds_and_is_not_repeated(directory, value):
    given(directory, feeds=FEED + f'headers = {{ Authorization = "{value}" }}')
    with pytest.raises(
        ConfigError, match=r"header Authorization: .* write env:NAME .* or file:PATH"
    ) as error:
        load()
    assert "s3cr3t" not in str(error.value)


def test_all_that_a_feed_can_be_given_is_read(directory):
    settings = 'weight = 2\nfull_text = false\nheaders = { X-Key = "env:KEY", Cookie = "file:/run/cookie" }'
    given(directory, feeds=FEED + settings)
    (feed,) = load().feeds
    assert (feed.weight, feed.full_text) == (2.0, False)
    assert feed.headers == {"X-Key": "env:KEY", "Cookie": "file:/run/cookie"}


def test_a_listed_interval_fixes_it_and_without_one_the_bot_adapts(directory):
    given(directory, feeds=FEED.replace("/feed", "/1") + FEED.replace("/feed", "/2") + 'interval = "5m"')
    config = load()
    assert [poll_interval(feed, config.settings) for feed in config.feeds] == [None, timedelta(minutes=5)]
    hasty = config.feeds[1].model_copy(update={"interval": timedelta(seconds=1)})
    assert poll_interval(hasty, config.settings) == config.settings.feeds.min_interval


def test_a_feeds_topic_must_be_listed(directory):
    given(directory, feeds=FEED + 'topic = "wrold"', topics='[[topic]]\nid = "world"\nname = "World"')
    with pytest.raises(ConfigError, match=r"topic 'wrold' is not in topics\.toml"):
        load()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('parent = "wrold"', r"topic 'ai': parent 'wrold' is not in topics\.toml"),
        ('parent = "ai"', r"topic 'ai': parent 'ai' leads back to itself"),
        ('names = ["TÉCH"]', r"topic 'ai': 'TÉCH' stands for topic 'tech' already"),
        ('names = ["technology"]', r"topic 'ai': 'technology' stands for topic 'tech' already"),
        ('example = ["AI"]', r"topic number 2 \(ai\): example: Extra inputs"),
    ],
)
def test_a_topic_that_contradicts_the_others_is_refused(directory, more, said):
    topics = '[[topic]]\nid = "tech"\nname = "Technology"\n[[topic]]\nid = "ai"\nname = "AI"\n'
    given(directory, feeds=FEED, topics=topics + more)
    with pytest.raises(ConfigError, match=said):
        load()


def test_topics_that_are_above_each_other_are_refused(directory):
    one, other = ('[[topic]]\nid = "{}"\nname = "{}"\nparent = "{}"\n'.format(*ids) for ids in ("aAb", "bBa"))
    given(directory, feeds=FEED, topics=one + other)
    with pytest.raises(ConfigError, match="leads back to itself"):
        load()


def test_all_that_a_topic_can_be_given_is_read(directory):
    topics = (
        '[[topic]]\nid = "tech"\nname = "Technology"\n[[topic]]\nid = "ai"\nname = "AI"\nemoji = "🤖"\n'
        'description = "Thinking"\nparent = "tech"\nnames = ["Robots"]\nrule = "AI"\nexamples = ["It thinks"]'
    )
    given(directory, feeds=FEED, topics=topics)
    ai = load().topics[1]
    assert (ai.emoji, ai.description, ai.rule) == ("🤖", "Thinking", "AI")
    assert (ai.parent, ai.names, ai.examples) == ("tech", ("Robots",), ("It thinks",))


def test_a_list_of_feeds_that_is_not_there_is_said(directory):
    given(directory)
    with pytest.raises(ConfigError, match=r"feeds\.toml: cannot be read"):
        load()


def uncommented():
    """config/bot.toml with every setting in force."""
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    return "\n".join(re.sub(r"^# (?=[a-z_]+ = )", "", line) for line in lines)


def test_every_setting_is_in_the_shipped_file_and_no_other():
    shipped = tomllib.loads(uncommented())
    known = {
        section: set(field.annotation.model_fields) - {"token", "api_key"}
        for section, field in Settings.model_fields.items()
    }
    assert {section: set(keys) for section, keys in shipped.items()} == known


def test_the_shipped_file_shows_the_true_defaults(directory):
    text = uncommented()
    examples = re.compile(
        r"(?m)^(?:token_file|admin|public_url|url = \"http|api_key_file).*$"
    )  # their default is none; the file shows one
    assert len(examples.findall(text)) == 5
    given(directory, examples.sub("", text))
    assert load_settings() == Settings()


def test_the_shipped_file_as_it_is_changes_nothing():
    assert all(keys == {} for keys in tomllib.loads(SHIPPED.read_text(encoding="utf-8")).values())
