"""The operator's list of feeds, by the commands as they are typed: beside a running bot, or before it ever ran."""

import asyncio
import json
import re
import shlex
import shutil
import signal
import socketserver
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest

from bot.alerts.topics import TopicIndex
from bot.chat.context import Services
from bot.cli import main
from bot.feeds.cadence import Habits, Terms
from bot.feeds.novelty import Identity, Tally
from bot.model import FeedState
from bot.storage import tables
from bot.storage.database import Database
from bot.storage.feeds import FeedSpec, all_feeds, list_feeds
from bot.storage.items import NewEntry, add_entries
from bot.storage.polls import Failed, Polled, claim_feeds, record_failure, record_learnt, record_polled
from bot.storage.pushes import want
from bot.storage.tables import pushes
from bot.times import utc_now
from tests.web_server import serving

TOPICS = """
[[topic]]
id = "world"
name = "World"
[[topic]]
id = "ai"
name = "Artificial intelligence"
"""
FEEDS = """
[[feed]]
url = "https://daily.example/feed"
name = "The Daily"
topic = "world"
language = "en"
[[feed]]
url = "https://evening.example/rss"
name = "Evening Post"
"""
HTML = {"Content-Type": "text/html; charset=utf-8"}


def rss(title: str, *titles: str, language: str = "en-GB") -> bytes:
    items = "".join(
        f"<item><title>{one}</title><link>https://site.example/{number}</link>"
        f"<pubDate>{number:02} Mar 2026 12:00:00 GMT</pubDate></item>"
        for number, one in enumerate(titles, start=1)
    )
    head = f"<title>{title}</title><language>{language}</language>"
    return f"<rss version='2.0'><channel>{head}{items}</channel></rss>".encode()


def page(*hrefs: str) -> bytes:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{href}">' for href in hrefs)
    return f"<!doctype html><html><head><title>Site</title>{links}</head><body></body></html>".encode()


@pytest.fixture
def server():
    """A web server in a thread of its own: the commands keep this one to themselves."""
    loop, ready, over = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    started = []

    async def serve():
        async with serving() as web_server:
            started.append(web_server)
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait()
    yield started[0]
    loop.call_soon_threadsafe(over.set)
    thread.join()
    loop.close()


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Where an operator keeps a bot: its configuration, and its data to come."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "topics.toml").write_text(TOPICS)
    (tmp_path / "config" / "feeds.toml").write_text(FEEDS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NTK_WEB__ALLOW_PRIVATE", "true")
    monkeypatch.setenv("NTK_STORAGE__URL", f"sqlite:///{tmp_path}/news.db")
    return tmp_path


@pytest.fixture
def made(migrated, place):
    """The database as the bot's first start leaves it, but for the feeds of the file."""
    shutil.copy(migrated, place / "news.db")


@pytest.fixture
def feeds(made, capsys):
    before = signal.getsignal(signal.SIGTERM)

    def run(*arguments):
        code = main(["feeds", *map(str, arguments)])
        out, err = capsys.readouterr()
        assert "unexpected" not in err
        assert (code == 1) >= bool(err)
        assert err.count("\n") <= 1
        return code, out, err

    yield run
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def database(made, place):
    """The same file, as the running bot holds it: owned, and open all the while."""
    opened = Database(f"sqlite:///{place}/news.db")
    opened.own()
    yield opened
    opened.close()


def rows(place):
    opened = Database(f"sqlite:///{place}/news.db")
    try:
        return {feed.spec.url: feed for feed in opened.write_now(all_feeds)}
    finally:
        opened.close()


def listed(database, *urls):
    specs = [FeedSpec(url, url.split("/")[2]) for url in urls]
    database.write_now(lambda connection: list_feeds(connection, specs, now=utc_now()))
    return {feed.spec.url: feed.id for feed in database.write_now(all_feeds)}


def refused(result, *said):
    code, _, err = result
    assert code == 1
    assert err.startswith("needtoknow: ")
    for words in said:
        assert words in err
    return err


# ---- Adding -------------------------------------------------------------------------------------------------


def test_a_feed_is_listed_under_its_title_and_what_it_is_is_said(feeds, place, server):
    url = server.on("/feed.xml", rss("The Gazette", "Dam opens", "Dam closes"))
    code, out, _ = feeds("add", url)
    assert code == 0
    assert f"listed The Gazette ({url})" in out
    assert re.search(r"in en, 2 entries, the latest \d+ days ago: “Dam closes”", out)
    feed = rows(place)[url]
    assert (feed.spec.name, feed.spec.language, feed.origin, feed.state) == (
        "The Gazette",
        "en",
        "command",
        "active",
    )
    assert feed.spec.interval is None
    assert len(server.requests) == 1


def test_every_setting_can_be_given(feeds, place, server, monkeypatch):
    monkeypatch.setenv("FEED_KEY", "s3cr3t")
    url = server.on("/feed.xml", rss("The Gazette", "Dam opens"))
    settings = ("--name", "Gazette", "--language", "de", "--topic", "world", "--weight", "2.5", "--interval")
    code, out, err = feeds(
        "add", url, *settings, "5m", "--no-full-text", "--header", "X-Api-Key: env:FEED_KEY"
    )
    assert code == 0
    assert rows(place)[url].spec == FeedSpec(
        url=url,
        name="Gazette",
        interval=timedelta(minutes=5),
        language="de",
        topic="world",
        weight=2.5,
        full_text=False,
        headers={"X-Api-Key": "env:FEED_KEY"},
    )
    assert server.requests[0].headers["x-api-key"] == "s3cr3t"
    shown = feeds("show", url)[1]
    assert "header X-Api-Key from env:FEED_KEY" in shown
    assert "s3cr3t" not in out + err + shown + feeds("list", "--json")[1]
    assert (
        "topic world · language de · weight 2.5 · asked every 5 min, fixed · its own summaries only" in shown
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--topic", "wrold"), "there is no topic 'wrold'; topics.toml has world, ai"),
        (("--interval", "30s"), "--interval: 2 min is the shortest (feeds.min_interval)"),
        (("--interval", "soon"), "--interval: write a time as 90s, 5m, 2h or 30d"),
        (("--weight", "0"), "--weight: more than 0, up to 10"),
        (("--weight", "nan"), "--weight: more than 0, up to 10"),
        (("--weight", "11"), "--weight: more than 0, up to 10"),
        (("--language", "e" * 17), "--language: at most 16 letters, as en"),
        (("--interval", "400d"), "--interval: 365 days is the longest"),
        (
            ("--header", "Authorization: Bearer s3cr3t"),
            "header Authorization: a list of feeds holds no secrets",
        ),
        (("--header", "X Y: env:A"), "that is no name of a header"),
        (("--header", "X-Key: env:NOT_THERE"), "header X-Key: there is no secret in NOT_THERE"),
    ],
)
def test_a_setting_that_is_wrong_is_named_before_anybody_is_asked(feeds, server, options, said):
    url = server.on("/feed.xml", rss("The Gazette", "Dam opens"))
    assert "s3cr3t" not in refused(feeds("add", url, *options), said)
    assert server.requests == []
    assert url not in feeds("list")[1]


def test_a_login_in_an_address_is_refused_and_not_repeated(feeds, server):
    url = server.on("/feed.xml", rss("Gazette", "One")).replace("//127", "//me:s3cr3t@127")
    assert "s3cr3t" not in refused(feeds("add", url), "--header 'Authorization: env:NAME'")
    assert server.requests == []


def test_a_feed_that_has_moved_for_good_is_listed_where_it_is_now(feeds, place, server):
    new = server.on("/new.xml", rss("The Gazette", "Dam opens"))
    old = server.redirect("/old.xml", "/new.xml", 301)
    code, out, _ = feeds("add", old)
    assert code == 0
    assert f"{old} has moved for good to {new}" in out
    assert new in rows(place)
    assert old not in rows(place)
    code, out, _ = feeds("add", old)
    assert (code, "is listed already" in out) == (0, True)


def test_a_feed_that_is_elsewhere_for_now_is_listed_where_it_was_asked(feeds, place, server):
    server.on("/new.xml", rss("The Gazette", "Dam opens"))
    url = server.redirect("/feed.xml", "/new.xml", 302)
    assert feeds("add", url)[0] == 0
    assert url in rows(place)


def test_of_a_site_its_one_feed_is_listed_at_once_comments_aside(feeds, place, server):
    site = server.on("/", page("/main.xml", "/comments/feed/"), headers=HTML)
    server.on("/main.xml", rss("The Gazette", "Dam opens"))
    server.on("/comments/feed/", rss("Comments for Gazette", "Re: Dam opens"))
    code, out, _ = feeds("add", site, "--topic", "ai")
    assert code == 0
    assert f"listed The Gazette ({server.url('/main.xml')})" in out
    assert rows(place)[server.url("/main.xml")].spec.topic == "ai"
    assert server.url("/comments/feed/") not in rows(place)


def test_of_several_feeds_of_a_site_none_is_listed_until_one_is_named(feeds, place, server):
    site = server.on("/", page("/main.xml", "/sport.xml"), headers=HTML)
    main_, sport = (
        server.on("/main.xml", rss("News", "Dam opens")),
        server.on("/sport.xml", rss("Sport", "Cup")),
    )
    code, out, _ = feeds("add", site)
    assert code == 1
    assert f"{site} has 2 feeds:" in out
    assert re.search(r"  1\. News: in en-GB, 1 entry, the latest \d+ days ago: “Dam opens”", out)
    assert f"     needtoknow feeds add {sport}\n" in out
    assert "Nothing was listed yet." in out
    assert not {main_, sport} & rows(place).keys()

    assert feeds("add", site, "--yes")[0] == 0
    assert main_ in rows(place)
    code, out, _ = feeds("add", site)
    assert "     already listed\n" in out


def test_what_is_offered_to_be_typed_does_no_harm_in_a_shell(feeds, server):
    site = server.on("/", page("/a;$(reboot)?b=1", "/sport.xml"), headers=HTML)
    server.on("/a;$(reboot)?b=1", rss("News", "Dam opens"))
    server.on("/sport.xml", rss("Sport", "Cup"))
    typed = [line.strip() for line in feeds("add", site)[1].splitlines() if "feeds add" in line]
    addresses = [server.url("/a;$(reboot)?b=1"), server.url("/sport.xml")]
    assert [shlex.split(line) for line in typed] == [["needtoknow", "feeds", "add", url] for url in addresses]
    assert "$(" not in typed[0].partition("'")[0]


class OnlyPlain(socketserver.BaseRequestHandler):
    """Speaks HTTP and hangs up on TLS."""

    def handle(self):
        if self.request.recv(65_536).startswith(b"GET "):
            body = rss("The Gazette", "Dam opens")
            self.request.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body)


def test_an_address_may_be_given_without_its_scheme(feeds, place):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), OnlyPlain) as server:
        threading.Thread(target=server.serve_forever).start()
        place_ = f"127.0.0.1:{server.server_address[1]}"
        code, out, _ = feeds("add", place_)
        server.shutdown()
    assert (code, out.splitlines()[0]) == (0, f"listed The Gazette (http://{place_})")
    assert f"http://{place_}" in rows(place)


def test_when_the_address_itself_fails_another_feed_is_shown_and_not_taken(feeds, place, server):
    wrong = server.url("/news/feed.xml")
    other = server.on("/feed", rss("The Gazette", "Dam opens"))
    code, out, _ = feeds("add", wrong, "--yes")
    assert code == 1
    assert out.startswith(f"{wrong} answered 404. Its site has 1 feed:\n")
    assert f"needtoknow feeds add {other}" in out
    assert out.endswith("Nothing was listed yet.\n")
    assert other not in rows(place)

    feeds("add", other)
    code, out, _ = feeds("add", wrong)
    assert (code, out.splitlines()[0]) == (1, f"{wrong} answered 404. Its site has 1 feed:")
    assert out.endswith("     already listed\n")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((page(), HTML), "is an HTML page titled 'Site', not a feed. Its"),
        ((b"Nothing to see here.", {"Content-Type": "text/plain"}), "is not a feed but "),
    ],
)
@pytest.mark.parametrize("more", [(), ("--yes",)])
def test_a_feed_that_was_only_guessed_is_not_taken(feeds, server, answer, said, more):
    wrong = server.on("/news/feed.xml", answer[0], headers=answer[1])
    other = server.on("/feed", rss("The Gazette", "Dam opens"))
    code, out, _ = feeds("add", wrong, *more)
    assert code == 1
    assert out.startswith(f"{wrong} {said}")
    assert out.splitlines()[0].endswith(". Its site has 1 feed:")
    assert f"     needtoknow feeds add {other}\nNothing was listed yet.\n" in out
    assert other not in feeds("list")[1]


def test_of_a_site_as_a_whole_a_guessed_feed_is_taken(feeds, place, server):
    site = server.on("/", page(), headers=HTML)
    url = server.on("/feed", rss("The Gazette", "Dam opens"))
    code, out, _ = feeds("add", site)
    assert (code, out.splitlines()[0]) == (0, f"listed The Gazette ({url})")


def test_a_feed_that_the_page_links_is_taken_and_that_it_is_another_is_said(feeds, place, server):
    named = server.on("/news/today", page("/main.xml"), headers=HTML)
    url = server.on("/main.xml", rss("The Gazette", "Dam opens"))
    code, out, _ = feeds("add", named)
    assert code == 0
    first, second, *_ = out.splitlines()
    assert first.startswith(f"{named} is an HTML page")
    assert first.endswith(f"; its site has one at {url}")
    assert second == f"listed The Gazette ({url})"


def test_the_line_to_choose_a_feed_keeps_the_options(feeds, server):
    site = server.on("/", page("/main.xml", "/sport.xml"), headers=HTML)
    server.on("/main.xml", rss("News", "Dam opens"))
    sport = server.on("/sport.xml", rss("Sport", "Cup"))
    options = ["--name", "R & D", "--topic", "ai", "--weight", "2.0", "--interval", "5m", "--no-full-text"]
    out = feeds("add", site, *options)[1]
    typed = [shlex.split(line) for line in out.splitlines() if f"feeds add {sport}" in line]
    assert typed == [["needtoknow", "feeds", "add", sport, *options]]


def test_a_site_without_feeds_is_told_what_was_tried(feeds, server):
    site = server.on("/", page(), headers=HTML)
    refused(feeds("add", site), "no feed was found", "/rss.xml")


def test_a_header_is_for_the_address_that_was_named_alone(feeds, server, monkeypatch):
    monkeypatch.setenv("FEED_KEY", "s3cr3t")
    site = server.on("/", page("/main.xml"), headers=HTML)
    server.on("/main.xml", rss("The Gazette", "Dam opens"))
    refused(feeds("add", site, "--header", "X-Key: env:FEED_KEY"), "give the feed's own address")
    assert [request.path for request in server.requests] == ["/"]


def test_a_server_that_is_down_is_listed_only_unchecked(feeds, place, server):
    url = server.url("/feed.xml").replace(str(server.port), "1")
    refused(feeds("add", url), "could not be reached: it refused the connection on port 1", "--unchecked")
    assert url not in rows(place)
    code, out, _ = feeds("add", url, "--unchecked", "--topic", "world")
    assert (code, out.splitlines()[0]) == (0, f"listed 127.0.0.1 ({url})")
    assert rows(place)[url].spec.topic == "world"


@pytest.mark.parametrize("address", ["mailto:a@b.example", "ftp://a.example/feed", "", "a b"])
def test_what_is_no_address_is_refused(feeds, address):
    refused(feeds("add", address))
    refused(feeds("add", address, "--unchecked"))


def test_a_feed_that_is_listed_already_is_said_and_not_asked(feeds, server):
    url = server.on("/feed.xml", rss("The Gazette", "Dam opens"))
    feeds("add", url)
    code, out, _ = feeds("add", f"{url}/")
    assert (code, out) == (0, f"The Gazette ({url}) is listed already; needtoknow feeds show {url}\n")
    refused(feeds("add", url, "--weight", "2"), "its settings stay", f"needtoknow feeds remove {url}")
    refused(feeds("add", "http://daily.example/feed", "--topic", "ai"), "they are in config/feeds.toml")
    assert len(server.requests) == 1


def test_a_private_address_is_refused_unless_the_operator_allows_it(feeds, server, monkeypatch):
    monkeypatch.setenv("NTK_WEB__ALLOW_PRIVATE", "false")
    url = server.on("/feed.xml", rss("The Gazette", "Dam opens"))
    said = refused(feeds("add", url), "is a private address; to poll it, set NTK_WEB__ALLOW_PRIVATE=true")
    assert "--unchecked" not in said
    assert server.requests == []


# ---- Seeing -------------------------------------------------------------------------------------------------


def test_before_the_bot_ever_ran_the_list_is_that_of_the_file(feeds, place):
    code, out, _ = feeds("list")
    assert code == 0
    assert "The Daily" in out
    assert out.splitlines()[-1] == "2 feeds: 2 active; 2 have never answered"
    assert {feed.origin for feed in rows(place).values()} == {"file"}


def test_once_it_ran_the_list_is_what_it_asks_whatever_the_file_says_since(feeds, database):
    listed(database, "https://daily.example/feed")
    assert feeds("list")[1].splitlines()[-1] == "1 feed: 1 active; 1 has never answered"


def test_without_any_configuration_the_list_is_empty(feeds, tmp_path, monkeypatch):
    monkeypatch.setenv("NTK_CONFIG_DIR", str(tmp_path / "nowhere"))
    assert feeds("list") == (0, "no feed is listed\n", "")


def test_a_broken_file_is_named(feeds, place):
    (place / "config" / "feeds.toml").write_text("[[feed]]\nurl = 5")
    refused(feeds("list"), "feeds.toml: feed number 1 (5): url")


def test_the_list_is_in_columns_and_counts_the_states(feeds, database, capsys):
    names = ("a", "b", "c", "d")
    ids = listed(database, *(f"https://{name}.example/feed" for name in names))
    now = utc_now()
    wait = Polled(
        ids["https://a.example/feed"],
        now - timedelta(minutes=3),
        now + timedelta(minutes=9),
        wait_seconds=720.0,
        wait_because="it publishes about every 50 min at this hour",
    )
    since = now - timedelta(days=8)
    gone = Failed(ids["https://b.example/feed"], 14, "b.example answered 500", now, since, state="suspended")
    first = Failed(ids["https://d.example/feed"], 1, "d.example hung up", now + timedelta(hours=2), now)
    database.write_now(lambda connection: record_polled(connection, [wait]))
    database.write_now(lambda connection: record_failure(connection, gone))
    database.write_now(lambda connection: record_failure(connection, first))
    feeds("pause", "https://c.example/feed")

    lines = feeds("list")[1].splitlines()
    assert lines[-1] == "4 feeds: 2 active (1 failing), 1 suspended, 1 paused; 3 have never answered"
    column = lines[0].index("ADDRESS")
    rows_ = [line for line in lines[1:-2] if "└" not in line]
    assert [line[column:] for line in rows_] == [f"https://{name}.example/feed" for name in names]
    assert [line.split()[0] for line in rows_] == ["active", "suspended", "paused", "failing"]
    assert re.match(r"active +a.example +12 min +3 min +– +https", rows_[0])
    assert any(
        "└ has never answered; 14 failures in a row, for 8 days; asked again now, when the bot runs: b.example answered 500"
        in line
        for line in lines
    )
    assert any("1 failure in a row" in line and "asked again in 1" in line for line in lines)

    failing = feeds("list", "--failing")[1]
    assert ("a.example" in failing, "b.example" in failing, "d.example" in failing) == (False, True, True)
    assert failing.splitlines()[-1] == lines[-1]

    objects = [json.loads(line) for line in feeds("list", "--json")[1].splitlines()]
    assert [one["state"] for one in objects] == ["active", "suspended", "paused", "active"]
    assert objects[1]["error"] == "b.example answered 500"
    assert objects[0]["wait_seconds"] == 720


def test_on_a_terminal_no_line_is_wider_than_it_is(feeds, database, monkeypatch):
    listed(database, f"https://a.example/{'long/' * 40}")
    monkeypatch.setenv("COLUMNS", "90")
    assert max(map(len, feeds("list")[1].splitlines())) > 200  # into a file, whole
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert max(map(len, feeds("list")[1].splitlines())) == 90


def test_one_feed_is_told_in_plain_words(feeds, database):
    url = "https://a.example/feed"
    feed_id = listed(database, url)[url]
    now = utc_now()
    watched = Habits(at=now - timedelta(days=4))
    habits = watched.seen((now - timedelta(hours=hour) for hour in range(96) if hour % 4), now=now)
    terms = Terms(ttl_minutes=60, skip_hours=frozenset({0, 1, 2, 5}), fresh_seconds=300.0)
    identity = Identity(guid=Tally(340, 0), link=Tally(2, 30), title=Tally(328, 12))
    polled = Polled(
        feed_id,
        now - timedelta(minutes=2),
        now + timedelta(minutes=12, seconds=30),
        wait_seconds=720.0,
        wait_because="it publishes about every 50 min at this hour",
        etag='"abc"',
        last_modified="Sun, 01 Mar 2026 12:00:00 GMT",
        terms=terms.as_json(),
    )

    def work(connection):
        record_polled(connection, [polled])
        record_learnt(connection, feed_id, habits=habits.as_json(), identity=identity.as_json())
        want(connection, feed_id, hub="https://hub.example/", topic=url, now=now)
        lease = {"state": "verified", "lease_until": now + timedelta(days=3, hours=1)}
        connection.execute(pushes.update().values(lease))

    database.write_now(work)
    lines = feeds("show", "a.exam")[1].splitlines()
    assert lines[:2] == ["a.example", url]
    told = {line[2:14].strip(): line[14:] for line in lines[2:] if line[2:14].strip()}
    assert told["state"] == "active, listed in config/feeds.toml"
    assert told["asked"] == (
        "it last answered 2 min ago; asked again in 12 min: it publishes about every 50 min at this hour"
    )
    assert (
        told["publisher"] == "ttl 60 min · Cache-Control or Expires: fresh for 5 min · skipHours 0–2, 5 UTC"
    )
    assert re.match(r"1\d items a day lately; busiest at \d\d, \d\d, \d\d h UTC", told["habits"])
    assert re.search(r"  0h [ ▁▂▃▄▅▆▇█]{24} 23h", "\n".join(lines))
    assert told["identity"] == (
        "guid: stable (340 of 340 looks) · link: changes, not believed (2 of 32 looks) · "
        "title: edited in 12 of 340 looks"
    )
    assert told["validators"] == 'ETag "abc" · Last-Modified Sun, 01 Mar 2026 12:00:00 GMT'
    assert re.match(
        r"https://hub.example/: pushes until [-\d]+ [:\d]+ UTC \(in 3 days\); last push never", told["hub"]
    )
    assert told["entries"] == "none yet"
    assert told["settings"] == (
        "topic none · language not stated · weight 1 · asked as it publishes · the articles are read in full"
    )


def test_a_failing_feed_is_told_with_its_error_and_the_next_try(feeds, database):
    url = "https://a.example/feed"
    now = utc_now()
    failed = Failed(
        listed(database, url)[url],
        4,
        f"{url} answered 503",
        now + timedelta(minutes=40, seconds=30),
        now - timedelta(hours=3),
    )
    database.write_now(lambda connection: record_failure(connection, failed))
    out = feeds("show", url)[1]
    assert "failing, listed in config/feeds.toml" in out
    assert f"4 failures in a row, for 3 h: {url} answered 503" in out
    assert "it has never answered; asked again in 40 min: less and less often while it fails" in out
    assert out.count("asked again") == 1

    feeds("pause", url)
    out = feeds("show", url)[1]
    assert f"4 failures in a row, for 3 h: {url} answered 503" in out
    assert "asked again" not in out


def test_a_feed_that_never_answered_is_told_with_its_last_error(feeds, database):
    url = "https://a.example/feed"
    feed_id = listed(database, url)[url]
    stated = tables.feeds.update().where(tables.feeds.c.id == feed_id).values(error="no way to a.example")
    database.write_now(lambda connection: connection.execute(stated))
    lines = feeds("list")[1].splitlines()
    assert "└ has never answered: no way to a.example" in lines[2]
    assert lines[1].split()[3] == "never"
    assert "it has never answered: no way to a.example; asked again" in feeds("show", url)[1]


def test_a_feed_is_shown_that_was_never_asked(feeds):
    out = feeds("show", "https://daily.example/feed")[1]
    assert "it has never answered; asked again now, when the bot runs" in out
    assert "not known yet" in out


def test_a_feed_is_found_by_a_part_of_its_name_if_there_is_one_such(feeds):
    assert feeds("show", "evening")[1].startswith("Evening Post\n")
    refused(feeds("show", "e"), "may be 2 feeds: Evening Post (", "The Daily (")
    refused(feeds("show", "Evning Post"), "there is no feed Evning Post; did you mean Evening Post (")
    refused(feeds("show", "zebra"), "there is no feed zebra; needtoknow feeds list names them all")


def test_nothing_that_a_terminal_obeys_comes_from_a_feed(feeds, place, server):
    evil = "A\x9b31m\x1b]0;owned\x07\u202eB"
    body = json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": evil,
            "items": [{"id": "1", "title": evil, "content_text": "x"}],
        }
    )
    url = server.on("/feed.json", body.encode(), headers={"Content-Type": "application/feed+json"})
    said = feeds("add", url)[1]
    feed = rows(place)[url]
    opened = Database(f"sqlite:///{place}/news.db")
    entry = NewEntry("k", evil, None, "", None)
    opened.write_now(
        lambda connection: add_entries(connection, feed.id, [entry], backlog=True, now=utc_now())
    )
    failed = Failed(feed.id, 1, f"answered {evil}", utc_now())
    opened.write_now(lambda connection: record_failure(connection, failed))
    opened.close()
    said += feeds("list")[1] + feeds("show", url)[1] + feeds("pause", url)[1] + feeds("export")[1]
    assert "31m" in said
    assert re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", said) == []


# ---- Pausing, resuming, removing ------------------------------------------------------------------------------


def test_a_feed_is_paused_and_resumed_wherever_it_is_listed(feeds, place, server):
    added = server.on("/feed.xml", rss("The Gazette", "Dam opens"))
    feeds("add", added)
    for url in (added, "https://daily.example/feed"):
        assert feeds("pause", url)[1].startswith("paused ")
        assert rows(place)[url].state == "paused"
        assert "paused already" in feeds("pause", url)[1]
        assert feeds("resume", url)[1].startswith("resumed ")
        assert rows(place)[url].state == "active"


def test_the_running_bot_sees_it_at_its_next_claim(feeds, database):
    ids = listed(database, "https://a.example/feed", "https://b.example/feed")

    def claimed():
        work = database.write_now(
            lambda connection: claim_feeds(connection, now=utc_now(), lease=timedelta(minutes=2), limit=9)
        )
        return [feed.url for feed in work[0]]

    feeds("pause", "https://a.example/feed")
    feeds("add", "https://c.example/feed", "--unchecked")
    assert claimed() == ["https://b.example/feed", "https://c.example/feed"]
    assert ids
    feeds("resume", "https://a.example/feed")
    assert claimed() == ["https://a.example/feed"]


def test_an_active_feed_is_not_resumed_for_its_news_would_be_taken_for_old(feeds, database):
    url = "https://a.example/feed"
    feed_id = listed(database, url)[url]
    polled = Polled(feed_id, utc_now(), utc_now() + timedelta(minutes=5, seconds=30))
    database.write_now(lambda connection: record_polled(connection, [polled]))
    code, out, _ = feeds("resume", url)
    assert (code, out) == (
        0,
        f"a.example ({url}) is active, and due in 5 min; there is nothing to resume\n",
    )
    assert database.write_now(all_feeds)[0].polled_at is not None


def test_a_feed_of_the_file_is_not_removed_by_command(feeds, place):
    refused(
        feeds("remove", "https://daily.example/feed"), "is listed in config/feeds.toml; take it out there"
    )
    assert rows(place)["https://daily.example/feed"].state == "active"


def test_a_feed_that_was_added_is_removed_and_may_come_back(feeds, place, server):
    url = server.on("/feed.xml", rss("The Gazette", "Dam opens"))
    feeds("add", url)
    assert feeds("remove", "the gazette") == (
        0,
        f"removed The Gazette ({url}); what came from it stays\n",
        "",
    )
    assert url not in rows(place)
    assert f"not listed any more; to list it again: needtoknow feeds add {url}" in feeds("show", url)[1]
    refused(feeds("remove", url), "there is no feed")
    refused(feeds("resume", url), "there is no feed")
    assert feeds("add", url, "--weight", "3")[0] == 0
    assert rows(place)[url].spec.weight == 3


def test_the_greeting_counts_what_is_asked_at_that_moment(feeds, database):
    services = Services(database=database, topics=(), topic_index=TopicIndex(()))

    def counted():
        return asyncio.run(services.feeds_asked())

    ids = listed(database, "https://a.example/feed", "https://b.example/feed")
    silent = Failed(ids["https://a.example/feed"], 14, "500", utc_now(), state=FeedState.SUSPENDED)
    database.write_now(lambda connection: record_failure(connection, silent))
    feeds("add", "https://c.example/feed", "--unchecked")
    assert counted() == 3
    feeds("pause", "https://b.example/feed")
    assert counted() == 2
    feeds("remove", "https://c.example/feed")
    assert counted() == 1


@pytest.mark.parametrize("command", ["pause", "resume", "remove"])
def test_what_changes_a_feed_takes_no_part_of_a_name(feeds, command):
    refused(feeds(command, "evening"), "there is no feed evening; did you mean Evening Post (")


# ---- OPML -----------------------------------------------------------------------------------------------------

OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Mine</title></head><body>
<outline text="🌍 WORLD">
  <outline text="Gazette" type="rss" xmlUrl="https://gazette.example/feed" language="en-us"/>
  <outline text="Daily" type="rss" xmlUrl="http://daily.example/feed/"/>
</outline>
<outline text="Cooking"><outline text="Soups" xmlUrl="https://soup.example/rss"/></outline>
<outline text="Nowhere"/>
<outline text="Locked" xmlUrl="https://me:s3cr3t@locked.example/rss"/>
<outline text="Gazette again" type="rss" xmlUrl="https://gazette.example/feed"/>
</body></opml>
"""


def test_a_list_in_opml_is_taken_in_with_folders_as_topics(feeds, place):
    (place / "mine.opml").write_text(OPML, encoding="utf-8")
    said = (
        " 2 feeds; 1 already listed, 2 skipped",
        "skipped: line 8: “Nowhere” has no address (xmlUrl)",
        "skipped: “Locked” has a login in its address; add it with --header",
        "without a topic, for topics.toml has none of this name: Cooking (1)",
    )
    code, out, _ = feeds("import", "mine.opml", "--dry-run")
    assert (code, [words for words in said if words not in out]) == (0, [])
    assert out.startswith("would list 2 feeds")
    assert "  Gazette (https://gazette.example/feed), world\n" in out
    assert "s3cr3t" not in out
    assert len(rows(place)) == 2

    code, out, _ = feeds("import", "mine.opml")
    assert (code, [words for words in said if words not in out]) == (0, [])
    assert out.startswith("listed 2 feeds")
    assert "  Gazette (https://gazette.example/feed), world\n" in out
    assert rows(place)["https://gazette.example/feed"].spec == FeedSpec(
        "https://gazette.example/feed", "Gazette", language="en", topic="world"
    )
    assert rows(place)["https://soup.example/rss"].spec.topic is None
    assert feeds("import", "mine.opml")[1].startswith("listed 0 feeds; 3 already listed, 2 skipped")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (OPML.replace('text="Daily"', "text=Daily"), "mine.opml: line 5, column "),
        (OPML.replace("</outline>", "", 1), "mine.opml: line 3: <outline> is not closed"),
        ("<rss/>", "mine.opml: line 1: this is <rss>"),
        ("", "mine.opml: the list is empty"),
    ],
)
def test_a_broken_list_names_its_line_and_changes_nothing(feeds, place, body, said):
    (place / "mine.opml").write_text(body, encoding="utf-8")
    refused(feeds("import", "mine.opml"), said)
    assert rows(place) == {}


def test_a_list_that_cannot_be_read_is_said(feeds, place):
    refused(feeds("import", "nowhere.opml"), "nowhere.opml: cannot be read: No such file")
    refused(feeds("import", "."), "cannot be read: Is a directory")
    (place / "big.opml").write_bytes(b" " * 10_000_001)
    refused(feeds("import", "big.opml"), "is longer than 10 MB")


def test_what_is_exported_is_taken_in_elsewhere_the_same(feeds, place, monkeypatch):
    feeds("add", "https://robots.example/a?b=1&c=2", "--unchecked", "--topic", "ai", "--name", "R & D")
    feeds("pause", "https://evening.example/rss")
    code, out, _ = feeds("export")
    assert code == 0
    assert '<outline text="Artificial intelligence">' in out
    assert feeds("export", "all.opml") == (0, "wrote 3 feeds to all.opml\n", "")
    before = rows(place)

    (place / "config" / "feeds.toml").write_text("")
    monkeypatch.setenv("NTK_STORAGE__URL", f"sqlite:///{place}/other/news.db")
    assert feeds("import", "all.opml")[1].startswith("listed 3 feeds; 0 already")
    after = rows(place / "other")
    assert {url: (feed.spec.name, feed.spec.topic, feed.spec.language) for url, feed in after.items()} == {
        url: (feed.spec.name, feed.spec.topic, feed.spec.language) for url, feed in before.items()
    }
    refused(feeds("export", "nowhere/all.opml"), "cannot write nowhere/all.opml")


@pytest.mark.parametrize(
    "arguments",
    [
        *(["feeds", name, "a.example"] for name in ("show", "pause", "resume", "remove")),
        *(["feeds", "list"], ["feeds", "export"], ["backup", "copy.db"], ["retry"]),
    ],
)
def test_a_database_that_is_missing_is_not_made_by_mistake(place, monkeypatch, capsys, arguments):
    monkeypatch.setenv("NTK_STORAGE__URL", "sqlite:///data/news.db")
    assert main(arguments) == 1
    assert capsys.readouterr().err == (
        "needtoknow: there is no database at data/news.db; "
        "start where the bot is started, or set NTK_STORAGE__URL\n"
    )
    assert not (place / "data").exists()


@pytest.mark.parametrize("command", ["add", "import"])
def test_feeds_may_be_listed_before_the_bot_ever_ran(place, monkeypatch, command):
    monkeypatch.setenv("NTK_STORAGE__URL", "sqlite:///data/news.db")
    (place / "mine.opml").write_text(OPML, encoding="utf-8")
    arguments = (
        ["add", "https://robots.example/feed", "--unchecked"] if command == "add" else ["import", "mine.opml"]
    )
    assert main(["feeds", *arguments]) == 0
    assert "https://daily.example/feed" in rows(place / "data")


# ---- The command line itself ------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [[], ["ad"], ["show"], ["add", "a.example", "--weight", "heavy"]])
def test_a_misspelt_command_is_told_so(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["feeds", *arguments])
    assert stopped.value.code == 2
    assert "usage: needtoknow feeds" in capsys.readouterr().err


def test_a_database_of_a_newer_version_is_left_alone(feeds, database):
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    refused(feeds("list"), "made by a newer version of Need to Know")


def test_ages_are_told_in_whole_units():
    from bot.cli.feed_words import ago, rough

    now = datetime(2026, 3, 1, tzinfo=UTC)
    spans = {
        0: "0 s",
        59: "59 s",
        60: "1 min",
        7199: "119 min",
        7200: "2 h",
        172_799: "47 h",
        172_800: "2 days",
    }
    assert {seconds: rough(timedelta(seconds=seconds)) for seconds in spans} == spans
    assert ago(now, now) == "0 s ago"
    assert ago(now + timedelta(hours=3), now) == "in 3 h"
