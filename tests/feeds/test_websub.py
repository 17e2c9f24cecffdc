"""The whole dance with a hub on loopback: asked, confirmed, pushed, renewed; and every way it goes wrong."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from urllib.parse import parse_qsl, urlencode

import aiohttp
import pytest
import sqlalchemy as sa

from bot.errors import OwnNetworkError, RemoteError
from bot.feeds.callback import websub_route
from bot.feeds.poll import Poll
from bot.feeds.record import Rules
from bot.feeds.websub import Subscribe, over_https
from bot.model import PushState
from bot.offload import Offload
from bot.server import Server
from bot.storage import feeds as feed_store
from bot.storage import items, polls, pushes
from bot.storage.feeds import FeedSpec
from bot.storage.polls import Polled
from bot.storage.tables import entries, feeds
from bot.times import utc_now
from bot.web import Web
from tests.log_lines import log  # noqa: F401 - a fixture
from tests.web_server import WebServer, fixed, serving

FEED, TOPIC = "http://feed.example/rss", "http://feed.example/self?a=b&c=ü"
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
ATOM = {"Content-Type": "application/atom+xml"}
MOST = 50_000


def atom(*names: str, title: str = "The ferry is late") -> bytes:
    listed = "".join(
        f"<entry><id>urn:x:{name}</id><title>{title}: {name}</title><link href='http://feed.example/{name}'/>"
        f"<updated>2026-03-01T12:00:00Z</updated><summary>It is late.</summary></entry>"
        for name in names
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Feed</title>{listed}</feed>".encode()


class Hub:
    """A hub as the standard has it; it asks back when told to."""

    def __init__(self, server: WebServer, session: aiohttp.ClientSession) -> None:
        self.server = server
        self.session = session
        self.url = server.on("/hub", status=202)

    @property
    def asked(self) -> list[dict[str, str]]:
        """What it was asked for, form by form."""
        return [
            dict(parse_qsl(one.body.decode(), strict_parsing=True))
            for one in self.server.requests
            if one.path == "/hub"
        ]

    async def ask_back(self, **changes: str | None) -> tuple[int, str]:
        """Asks whether we meant it, or tells; the status and body of our answer."""
        form = self.asked[-1]
        said = {
            "hub.mode": "subscribe",
            "hub.topic": form["hub.topic"],
            "hub.challenge": "a challenge & more",
            "hub.lease_seconds": form["hub.lease_seconds"],
        } | {f"hub.{name}": value for name, value in changes.items()}
        query = urlencode({name: value for name, value in said.items() if value is not None})
        async with self.session.get(f"{form['hub.callback']}?{query}") as answer:
            return answer.status, await answer.text()

    async def push(self, body: bytes, *, method: str = "sha256", **headers: str | None) -> int:
        """Pushes this, rightly signed; the status of our answer."""
        form = self.asked[-1]
        right = hmac.new(form.get("hub.secret", "").encode(), body, method).hexdigest()
        sent = ATOM | {"X-Hub-Signature": f"{method}={right}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in sent.items() if value is not None}
        async with self.session.post(form["hub.callback"], data=body, headers=sent) as answer:
            return answer.status


class Clock:
    def __init__(self) -> None:
        self.now = utc_now()

    def __call__(self):
        return self.now


class Bot:
    """Our side: the stage, and the callback on the bot's own server."""

    def __init__(self, database, subscribe: Subscribe, clock: Clock, url: str, offload: Offload) -> None:
        self.database = database
        self.subscribe = subscribe
        self.clock = clock
        self.url = url
        self.offload = offload
        self.woken = 0

    async def on_news(self) -> None:
        self.woken += 1

    def want(self, hub: str, *, polled: bool = True) -> None:
        """A feed that has named its hub, and is due in an hour."""

        def work(connection):
            feed_store.list_feeds(connection, [FeedSpec(FEED, "A feed")], now=self.clock.now)
            (feed,), _ = polls.claim_feeds(connection, now=self.clock.now, lease=MINUTE, limit=1)
            before = self.clock.now - 10 * MINUTE
            after = self.clock.now + HOUR
            if polled:
                polls.record_polled(connection, [Polled(feed.id, before, after)])
                items.wear(connection, feed.id, {"shown": "before"}, before={}, now=before)
            else:
                connection.execute(sa.update(feeds).values(due_at=after, claims=0, claimed_at=None))
            pushes.want(connection, feed.id, hub=hub, topic=TOPIC, now=self.clock.now)

        self.database.write_now(work)

    async def run(self) -> None:
        """The stage, until it has nothing more to do."""
        async with asyncio.timeout(10):
            while await self.subscribe.step():
                pass

    def push(self):
        return self.database.write_now(lambda c: c.execute(sa.select(pushes.pushes)).one())

    def feed(self):
        return self.database.write_now(lambda c: c.execute(sa.select(feeds)).one())

    def titles(self) -> list[str]:
        query = sa.select(entries.c.title).where(entries.c.backlog.is_(False)).order_by(entries.c.id)
        return list(self.database.write_now(lambda c: c.execute(query).scalars().all()))

    @property
    def is_due(self) -> bool:
        """Whether the feed is to be polled at once."""
        return self.feed().due_at <= self.clock.now


@pytest.fixture
async def server() -> AsyncIterator[WebServer]:
    async with serving() as server:
        yield server


@pytest.fixture
async def hub(server: WebServer) -> AsyncIterator[Hub]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(10)) as session:
        yield Hub(server, session)


class Elsewhere(Web):
    """The web, in which one hub of the open internet stands on loopback: by http, or by https if `secure`."""

    def __init__(self, hub: str = "", *, secure: bool = False, down: bool = False) -> None:
        super().__init__(user_agent="tests", allow_private=True, timeout_seconds=3.0)
        self.hub = hub
        self.secure = secure
        self.down = down

    async def post(self, url, **sent):
        if self.down:
            raise OwnNetworkError("no route")
        if url == "https://hub.example/" and not self.secure:
            raise RemoteError("no TLS there", unreachable=True)
        return await super().post(self.hub if "//hub.example" in url else url, **sent)


@pytest.fixture
async def web(hub: Hub) -> AsyncIterator[Elsewhere]:
    async with Elsewhere(hub.url) as web:
        yield web


@pytest.fixture
async def bot(sqlite, web: Elsewhere) -> AsyncIterator[Bot]:
    clock, server = Clock(), Server(host="127.0.0.1", port=0)
    server.bind()
    subscribe = Subscribe(
        database=sqlite, web=web, public_url=server.url + "/", lease=2 * MINUTE, clock=clock
    )
    async with Offload(workers=1) as offload:
        bot = Bot(sqlite, subscribe, clock, server.url, offload)
        route = websub_route(
            database=sqlite, offload=offload, max_bytes=MOST, on_news=bot.on_news, clock=clock
        )
        await server.start([route])
        yield bot
        await subscribe.drain(1)
        await server.stop()


@pytest.fixture
async def subscribed(bot: Bot, hub: Hub) -> Bot:
    """A bot whose one feed is pushed."""
    bot.want(hub.url)
    await bot.run()
    assert (await hub.ask_back())[0] == 200
    return bot


async def test_a_story_comes_from_the_hub_in_seconds(bot, hub, log):  # noqa: F811
    bot.want(hub.url)
    await bot.run()
    (form,) = hub.asked
    token = bot.push().token
    assert form == {
        "hub.mode": "subscribe",
        "hub.topic": TOPIC,
        "hub.callback": f"{bot.url}/websub/{token}",
        "hub.lease_seconds": "864000",
        "hub.secret": bot.push().secret,
    }
    assert await hub.ask_back() == (200, "a challenge & more")
    assert bot.push().state == PushState.VERIFIED
    assert await hub.push(atom("one", "two")) == 202
    # Written before we answered; and whoever reads entries was woken.
    assert bot.titles() == ["The ferry is late: two", "The ferry is late: one"]
    assert bot.push().pushed_at == bot.clock.now
    assert bot.woken == 1
    assert not bot.is_due
    assert [len(log.lines(event)) for event in ("push_asked", "push_verified")] == [1, 1]
    (line,) = log.lines("push_received")
    assert (line["feed"], line["new"], line["changed"]) == (FEED, 2, 0)
    assert token not in log.text
    assert form["hub.secret"] not in log.text


async def test_a_feed_that_is_polled_and_pushed_enters_each_entry_once(bot, hub, web):
    links = (
        f"<link rel='hub' href='{hub.url}'/><link rel='self' href='{TOPIC.replace('&', '&amp;')}'/>".encode()
    )

    def published(*names: str) -> str:
        body = atom(*names).replace(b"<title>Feed</title>", b"<title>Feed</title>" + links)
        return hub.server.on("/rss", body, headers=ATOM)

    async def polled() -> None:
        bot.database.write_now(lambda c: c.execute(sa.update(feeds).values(due_at=bot.clock.now)))
        async with asyncio.timeout(10):
            while await poll.step():
                pass

    rules = Rules(shortest=2 * MINUTE, longest=HOUR, push=True)
    poll = Poll(
        database=bot.database, web=web, offload=bot.offload, lease=MINUTE, rules=rules, clock=bot.clock
    )
    listed = partial(feed_store.list_feeds, specs=[FeedSpec(published("old"), "A feed")], now=bot.clock.now)
    bot.database.write_now(listed)
    await polled()
    await bot.run()
    assert hub.asked[-1]["hub.topic"] == TOPIC
    await hub.ask_back()
    published("new", "old")
    assert await hub.push(atom("new")) == 202
    bot.clock.now += 30 * MINUTE
    await polled()
    assert [title[-5:] for title in bot.titles()] == [": new"]
    assert bot.feed().wait_because.startswith("its hub pushes")
    assert bot.push().state == PushState.VERIFIED
    await hub.push(atom("new", "old"))
    assert len(bot.titles()) == 1


async def test_a_hub_in_the_headers_comes_before_the_one_in_the_feed(bot, hub, web):
    links = (
        b"<link rel='hub' href='https://other.example/'/><link rel='self' href='https://other.example/me'/>"
    )
    body = atom("old").replace(b"<title>Feed</title>", b"<title>Feed</title>" + links)
    named = f'<{hub.url}>; rel="hub", </me>; rel="self"'
    url = hub.server.on("/rss", body, headers=ATOM | {"Link": named})
    rules = Rules(shortest=2 * MINUTE, longest=HOUR, push=True)
    poll = Poll(
        database=bot.database, web=web, offload=bot.offload, lease=MINUTE, rules=rules, clock=bot.clock
    )
    specs = [FeedSpec(url, "A feed")]
    bot.database.write_now(partial(feed_store.list_feeds, specs=specs, now=bot.clock.now))
    async with asyncio.timeout(10):
        while await poll.step():
            pass
    assert (bot.push().hub, bot.push().topic) == (hub.url, hub.server.url("/me"))


async def test_the_same_push_twice_and_a_push_of_only_what_is_new_enter_each_entry_once(subscribed, hub):
    for body in (atom("one"), atom("one"), atom("two"), atom("three", "two", "one")):
        assert await hub.push(body) == 202
    assert [title[-5:] for title in subscribed.titles()] == [": one", ": two", "three"]


async def test_two_pushes_at_once_enter_each_entry_once(subscribed, hub):
    statuses = await asyncio.gather(*(hub.push(atom("one", "two")) for _ in range(3)))
    assert statuses == [202, 202, 202]
    assert len(subscribed.titles()) == 2


async def test_a_correction_that_is_pushed_is_no_new_entry(subscribed, hub):
    await hub.push(atom("one"))
    await hub.push(atom("one", title="The ferry is cancelled"))
    assert len(subscribed.titles()) == 1


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
async def test_every_signature_of_the_standard_is_understood(subscribed, hub, method):
    assert await hub.push(atom("one"), method=method) == 202
    assert len(subscribed.titles()) == 1


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "sha256",
        "sha256=",
        "sha256=" + "0" * 64,
        "sha256=\u00fc\u00fc",
        "md5=" + "0" * 32,
        "sha1=" + hmac.new(b"", atom("one"), "sha1").hexdigest(),
        "sha256=" + hashlib.sha256(atom("one")).hexdigest(),
    ],
)
async def test_what_is_not_rightly_signed_is_ignored_and_nobody_learns_so(subscribed, hub, signature, log):  # noqa: F811
    assert await hub.push(atom("one"), X_Hub_Signature=signature) == 202
    assert subscribed.titles() == []
    assert subscribed.woken == 0
    assert not subscribed.is_due
    assert len(log.lines("push_refused")) == 1


async def test_a_signature_is_for_one_body_only(subscribed, hub):
    secret = hub.asked[-1]["hub.secret"].encode()
    other = hmac.new(secret, atom("one"), "sha256").hexdigest()
    await hub.push(atom("two"), X_Hub_Signature=f"sha256={other}")
    assert subscribed.titles() == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "application/atom+xml"),
        (b"not a feed at all", "text/plain"),
        (b"\x1f\x8b\x08\x00 packed, perhaps", "application/atom+xml"),
        (atom(), "application/atom+xml"),
        (
            b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>"
            + b"".join(b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
            + b"]><rss version='2.0'><channel><item><title>&j;</title></item></channel></rss>",
            "application/rss+xml",
        ),
        (b"<rss>" + b"<a>" * 10_000, "application/rss+xml"),
    ],
    ids=["empty", "no feed", "packed", "no entries", "entity bomb", "deep"],
)
async def test_what_cannot_be_used_makes_us_poll_at_once(subscribed, hub, body, kind):
    assert await hub.push(body, Content_Type=kind) == 202
    assert subscribed.titles() == []
    assert subscribed.is_due
    assert subscribed.woken == 1
    assert await hub.push(atom("one")) == 202  # and the next is read as ever
    assert len(subscribed.titles()) == 1


async def test_before_the_first_poll_a_push_is_only_a_hint(bot, hub):
    bot.want(hub.url, polled=False)
    await bot.run()
    await hub.ask_back()
    assert await hub.push(atom("one")) == 202
    assert bot.database.write_now(lambda c: c.execute(sa.select(entries)).all()) == []
    assert bot.is_due


async def test_a_hint_while_the_feed_is_being_asked_is_to_come_again(subscribed, hub):
    def claimed(connection):
        connection.execute(sa.update(feeds).values(claimed_at=subscribed.clock.now))

    subscribed.database.write_now(claimed)
    assert await hub.push(b"unreadable") == 503
    assert await hub.push(atom("one")) == 202


@pytest.mark.parametrize("stated", [True, False], ids=["and says so", "and does not say so"])
async def test_a_push_that_is_too_large_is_refused(subscribed, hub, stated):
    body = atom("one") + b" " * MOST
    form = hub.asked[-1]
    right = hmac.new(form["hub.secret"].encode(), body, "sha1").hexdigest()

    async def pieces():
        for start in range(0, len(body), 10_000):
            yield body[start : start + 10_000]

    headers = ATOM | {"X-Hub-Signature": f"sha1={right}"}
    data = body if stated else pieces()
    async with hub.session.post(form["hub.callback"], data=data, headers=headers) as answer:
        assert answer.status == 413
    assert subscribed.titles() == []


async def test_more_than_a_few_pushes_at_once_are_to_come_again(subscribed, hub):
    form, waiting = hub.asked[-1], asyncio.Event()

    async def slow():
        yield b"<"
        await waiting.wait()

    held = [asyncio.create_task(hub.session.post(form["hub.callback"], data=slow())) for _ in range(5)]
    (first,), late = await asyncio.wait(held, timeout=5, return_when=asyncio.FIRST_COMPLETED)
    assert ((await first).status, (await first).headers["Retry-After"]) == (503, "5")
    waiting.set()
    assert [(await one).status for one in late] == [202] * 4  # unsigned, and so ignored
    assert subscribed.titles() == []
    assert await hub.push(atom("one")) == 202
    assert len(subscribed.titles()) == 1


async def test_nobody_gets_in_without_the_token(subscribed, hub):
    at = f"{subscribed.url}/websub"
    for token in ("x", "x" * 5_000, "%00", "..%2f", subscribed.push().token[:-1], "%C3%BC"):
        async with hub.session.post(f"{at}/{token}", data=atom("one")) as answer:
            assert answer.status == 404
        async with hub.session.get(f"{at}/{token}?hub.mode=subscribe&hub.challenge=echo") as answer:
            assert answer.status == 404
            assert "echo" not in await answer.text()
    assert subscribed.titles() == []


async def test_only_what_was_asked_for_is_confirmed(bot, hub):
    bot.want(hub.url)
    await bot.run()
    assert (await hub.ask_back(topic="http://other.example/"))[0] == 404
    assert (await hub.ask_back(topic=None))[0] == 404
    assert (await hub.ask_back(mode="unsubscribe"))[0] == 404
    assert (await hub.ask_back(mode="publish"))[0] == 404
    assert (await hub.ask_back(challenge=None))[0] == 400
    assert (await hub.ask_back(challenge="x" * 5_000))[0] == 400
    assert bot.push().state == PushState.ASKED
    assert (await hub.ask_back())[0] == 200


async def test_a_look_confirms_nothing(bot, hub):
    bot.want(hub.url)
    await bot.run()
    query = urlencode({"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": "x"})
    async with hub.session.head(f"{hub.asked[-1]['hub.callback']}?{query}") as answer:
        assert answer.status == 405
    assert bot.push().state == PushState.ASKED


async def test_an_echo_is_never_a_page(bot, hub):
    bot.want(hub.url)
    await bot.run()
    query = urlencode(
        {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": "<script>alert(1)</script>"}
    )
    async with hub.session.get(f"{hub.asked[-1]['hub.callback']}?{query}") as answer:
        assert await answer.text() == "<script>alert(1)</script>"
        assert answer.content_type == "text/plain"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        ("86400", DAY),
        ("1", 5 * MINUTE),
        ("0", 5 * MINUTE),
        ("99999999999", 30 * DAY),
        ("9" * 400, 10 * DAY),
        ("-5", 10 * DAY),
        ("soon", 10 * DAY),
        (None, 10 * DAY),
    ],
)
async def test_a_lease_is_what_the_hub_says_within_bounds(bot, hub, stated, kept):
    bot.want(hub.url)
    await bot.run()
    assert (await hub.ask_back(lease_seconds=stated))[0] == 200
    push = bot.push()
    assert push.lease_until == bot.clock.now + kept
    assert 0.7 * kept <= push.due_at - bot.clock.now <= 0.8 * kept


async def test_a_lease_is_renewed_before_it_ends(subscribed, hub):
    await subscribed.run()
    assert len(hub.asked) == 1
    subscribed.clock.now += 8 * DAY
    await subscribed.run()
    assert len(hub.asked) == 2
    assert hub.asked[0] == hub.asked[1]
    wait = subscribed.push().due_at - subscribed.clock.now
    assert 10 * MINUTE <= wait <= 11 * MINUTE  # if it is not confirmed: no longer than the first time
    await hub.ask_back()
    assert subscribed.push().lease_until == subscribed.clock.now + 10 * DAY
    assert await hub.push(atom("one")) == 202
    assert len(subscribed.titles()) == 1


async def test_a_hub_that_does_not_confirm_is_asked_again_ever_more_seldom(bot, hub):
    bot.want(hub.url)
    waits = []
    for _ in range(5):
        await bot.run()
        waits.append(bot.push().due_at - bot.clock.now)
        bot.clock.now = bot.push().due_at
    assert len(hub.asked) == 5
    for wait, least in zip(waits, (10 * MINUTE, HOUR, 6 * HOUR, DAY, DAY), strict=True):
        assert least <= wait <= 1.1 * least


async def test_a_renewal_that_is_not_confirmed_ends_in_polling(subscribed, hub):
    subscribed.clock.now += 9 * DAY
    await subscribed.run()
    subscribed.clock.now += DAY
    later = sa.update(feeds).values(due_at=subscribed.clock.now + HOUR)
    subscribed.database.write_now(lambda c: c.execute(later))
    await subscribed.run()
    assert subscribed.push().state == PushState.ASKED
    assert subscribed.feed().due_at == subscribed.clock.now + 2 * MINUTE


async def test_a_hub_may_deny_at_any_time(subscribed, hub, log):  # noqa: F811
    reason = "You\r\nhave been " + "very " * 500
    assert (await hub.ask_back(mode="denied", reason=reason))[0] == 200
    push = subscribed.push()
    assert push.state == PushState.REFUSED
    assert push.error.startswith("the hub denied it: You have been very")
    assert len(push.error) < 250
    assert push.due_at == subscribed.clock.now + DAY
    assert subscribed.feed().due_at == subscribed.clock.now + 2 * MINUTE
    assert (await hub.ask_back())[0] == 404  # what we no longer ask for
    assert len(log.lines("push_refused")) == 1


async def test_a_denial_of_another_topic_changes_nothing(subscribed, hub):
    assert (await hub.ask_back(mode="denied", topic="http://other.example/"))[0] == 404
    assert subscribed.push().state == PushState.VERIFIED


@pytest.mark.parametrize("status", [400, 403, 404, 410, 422])
async def test_a_hub_that_says_no_is_asked_again_in_a_day(bot, hub, status):
    hub.server.on("/hub", status=status)
    bot.want(hub.url)
    await bot.run()
    push = bot.push()
    assert (push.state, push.due_at) == (PushState.REFUSED, bot.clock.now + DAY)
    assert str(status) in push.error
    assert bot.feed().due_at == bot.clock.now + HOUR  # it was polled all the time


@pytest.mark.parametrize("status", [301, 429, 500, 503])
async def test_a_hub_that_cannot_now_is_asked_again_soon(bot, hub, status):
    hub.server.on("/hub", status=status)
    bot.want(hub.url)
    await bot.run()
    push = bot.push()
    assert push.state == PushState.REFUSED
    assert 10 * MINUTE <= push.due_at - bot.clock.now <= 11 * MINUTE


async def test_a_hub_is_left_alone_for_as_long_as_it_asks(bot, hub):
    hub.server.on("/hub", status=503, headers={"Retry-After": "7200"})
    bot.want(hub.url)
    await bot.run()
    assert bot.push().due_at == bot.clock.now + 2 * HOUR


async def test_a_hub_that_cannot_be_reached_leaves_the_feed_to_polling(bot, hub, log):  # noqa: F811
    bot.want("http://127.0.0.1:1/hub")
    await bot.run()
    assert bot.push().state == PushState.REFUSED
    (line,) = log.lines("push_refused")
    assert bot.push().token not in log.text
    assert line["feed"] == FEED


async def test_a_renewal_that_fails_for_now_keeps_the_lease(subscribed, hub):
    hub.server.on("/hub", status=503)
    subscribed.clock.now += 8 * DAY
    await subscribed.run()
    push = subscribed.push()
    assert (push.state, "503" in push.error) == (PushState.VERIFIED, True)
    assert await hub.push(atom("one")) == 202
    assert len(subscribed.titles()) == 1


async def test_our_own_network_being_down_counts_against_no_hub(bot, hub, web):
    web.down = True
    bot.want(hub.url)
    await bot.run()
    push = bot.push()
    assert (push.state, push.due_at) == (PushState.ASKED, bot.clock.now + 5 * MINUTE)
    web.down = False
    bot.clock.now += 5 * MINUTE
    await bot.run()
    assert 10 * MINUTE <= bot.push().due_at - bot.clock.now <= 11 * MINUTE


async def test_a_hub_that_has_https_is_told_the_secret_though_the_feed_names_it_by_http(bot, hub, web):
    web.secure = True
    bot.want("http://hub.example/")
    await bot.run()
    assert [form["hub.secret"] for form in hub.asked] == [bot.push().secret]
    assert bot.push().hub == "https://hub.example/"
    await hub.ask_back()
    assert await hub.push(atom("one")) == 202
    assert len(bot.titles()) == 1


async def test_a_hub_without_https_is_told_no_secret_and_its_pushes_only_make_us_poll(bot, hub):
    bot.want("http://hub.example/")
    await bot.run()
    (form,) = hub.asked
    assert "hub.secret" not in form
    await hub.ask_back()
    assert await hub.push(atom("one")) == 202
    assert bot.titles() == []
    assert bot.is_due
    assert bot.woken == 1
    # Even if it is signed with what only we know: nobody was told.
    right = hmac.new(bot.push().secret.encode(), atom("one"), "sha256").hexdigest()
    await hub.push(atom("one"), X_Hub_Signature=f"sha256={right}")
    assert bot.titles() == []


@pytest.mark.parametrize(
    ("hub", "better"),
    [
        ("http://hub.example/x?y=z", "https://hub.example/x?y=z"),
        ("https://hub.example/", "https://hub.example/"),
        ("http://hub.example:8080/", "http://hub.example:8080/"),
        ("http://127.0.0.1/", "http://127.0.0.1/"),
        ("http://[::1]/", "http://[::1]/"),
        ("no address", "no address"),
    ],
)
def test_https_is_tried_where_it_may_be(hub, better):
    assert over_https(hub) == better


@pytest.mark.parametrize("state", ["paused", "unlisted", "retired"])
async def test_a_hub_is_told_to_stop_when_the_feed_is_no_longer_polled(subscribed, hub, state):
    stop = sa.update(feeds).values(state=state)
    subscribed.database.write_now(lambda c: c.execute(stop))
    assert await hub.push(atom("one")) == 410
    assert subscribed.titles() == []
    assert await hub.ask_back() == (404, "")
    assert await hub.ask_back(mode="unsubscribe") == (200, "a challenge & more")
    await subscribed.run()
    assert len(hub.asked) == 1
    resumed = partial(feed_store.resume_feed, feed_id=subscribed.feed().id, now=subscribed.clock.now)
    subscribed.database.write_now(resumed)
    await subscribed.run()
    assert len(hub.asked) == 2


async def test_a_hub_that_confirms_before_it_answers_is_believed(bot, hub):
    async def at_once(request, writer):
        assert (await hub.ask_back())[0] == 200
        await fixed(b"", status=204)(request, writer)

    hub.server.answers["/hub"] = at_once
    bot.want(hub.url)
    await bot.run()
    push = bot.push()
    assert push.state == PushState.VERIFIED
    assert push.due_at > bot.clock.now + 6 * DAY


async def test_a_bot_that_has_moved_asks_anew(subscribed, hub, web):
    moved = Subscribe(
        database=subscribed.database,
        web=web,
        public_url="https://bot.example",
        lease=MINUTE,
        clock=subscribed.clock,
    )
    while await moved.step():
        pass
    before, after = hub.asked
    assert after["hub.callback"].startswith("https://bot.example/websub/")
    assert after["hub.callback"].rpartition("/")[2] != before["hub.callback"].rpartition("/")[2]
