"""The playground as a newcomer meets it: the real bot, a real page, a real headless Chromium."""

import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.running import Running, running

pytestmark = pytest.mark.browser

DESKTOP = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
TALL = {"width": 460, "height": 1400}  # a whole alert, for the README's picture
_ALERT_SECONDS = 60
_PREVIEWS = 30
_FIRST_SECONDS = 30
_NEWS_SECONDS = 150  # the second report of the earthquake, with more injured, comes after 98


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("playground")) as bot:
        yield bot


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert chromium, "the browser test needs Chromium: apt-get install chromium, or name one with CHROMIUM"
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield started
        started.close()


@pytest.fixture
def young(tmp_path: Path) -> Iterator[Running]:
    """A bot whose news has just begun, for a test that waits for a certain story."""
    with running(tmp_path) as bot:
        yield bot


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Where screenshots go: SHOTS, or somewhere temporary."""
    where = Path(os.environ.get("SHOTS") or tmp_path)
    where.mkdir(parents=True, exist_ok=True)
    return where


def opened(browser: Browser, url: str, viewport: dict[str, int], complaints: list[str]) -> Page:
    page = browser.new_context(viewport=viewport, color_scheme="light", device_scale_factor=2).new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(url)
    return page


PEOPLE = {"Ada": 100001, "Ben": 100002}


def listed(page: Page, name: str) -> Locator:
    return page.locator(f"[data-testid=chat-item][data-chat-id='{PEOPLE[name]}']")


def column(page: Page, name: str) -> Locator:
    return page.locator(f"[data-testid=column][data-chat-id='{PEOPLE[name]}']")


def chat(page: Page, name: str) -> Locator:
    """The named person's conversation, opened."""
    listed(page, name).locator(".chat-open").click()
    return column(page, name)


def say(place: Locator, text: str) -> None:
    place.get_by_test_id("input").fill(text)
    place.get_by_test_id("input").press("Enter")


def begin(place: Locator) -> Locator:
    """The bot, started by its big button (or by hand, when another test pressed it before)."""
    start = place.get_by_test_id("start-button")
    expect(start.or_(place.get_by_test_id("input")).first).to_be_visible()
    if start.is_visible():
        start.click()
    else:
        say(place, "/start")
    expect(said(place, "I read")).to_be_visible()
    return said(place, "I read")


def keys(place: Locator, label: str) -> Locator:
    """The buttons with this in their label."""
    return place.get_by_test_id("inline-button").filter(has_text=label)


def said(place: Locator, text: str) -> Locator:
    """The newest message of the bot with this text."""
    return place.locator("[data-testid=message][data-mine=false]").filter(has_text=text).last


def with_keys(message: Locator, path: Path) -> None:
    """A picture of a message and the buttons under it."""
    message.scroll_into_view_if_needed()
    message.screenshot(path=path)


def test_a_newcomer_follows_a_word_and_reads_an_alert_within_a_minute(bot, browser, shots):
    complaints: list[str] = []
    page = opened(browser, bot.url, DESKTOP, complaints)
    ada = chat(page, "Ada")
    greeting = begin(ada)
    page.screenshot(path=shots / "desktop-start.png")

    keys(greeting, "World").click()
    keys(greeting, "Disasters").click()
    keys(greeting, "All of Disasters").click()
    expect(keys(greeting, "✓ All of Disasters")).to_be_visible()
    keys(greeting, "Back").click()
    expect(keys(greeting, "✓ Disasters")).to_be_visible()
    keys(greeting, "Back").click()
    expect(keys(greeting, "✓ World")).to_be_visible()
    keys(greeting, "World").click()
    keys(greeting, "✓ Disasters").click()
    keys(greeting, "✓ All of Disasters").click()
    expect(keys(greeting, "✓")).to_have_count(0)

    say(ada, "/follow ferry")
    keys(said(ada, "Shall I alert you to stories with ferry"), "Save").click()
    expect(said(ada, "You now follow stories with ferry")).to_be_visible()
    began = time.monotonic()
    alert = said(ada, "What You Need to Know")
    expect(alert).to_be_visible(timeout=_ALERT_SECONDS * 1000)
    print(f"alert after {time.monotonic() - began:.1f} s")
    expect(alert).to_contain_text("Matched: ")
    expect(alert).to_contain_text("Source")
    link = alert.locator("a").first
    assert (link.get_attribute("href") or "").startswith(f"{bot.url}/newsroom/")
    alert.scroll_into_view_if_needed()
    page.screenshot(path=shots / "desktop-alert.png")

    phone = opened(browser, bot.url, PHONE, complaints)
    on_phone = chat(phone, "Ada")
    expect(said(on_phone, "What You Need to Know")).to_be_visible()
    phone.screenshot(path=shots / "phone-alert.png")
    width = phone.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], "the page scrolls sideways on a phone"

    tall = opened(browser, bot.url, TALL, complaints)
    whole = said(chat(tall, "Ada"), "What You Need to Know")
    expect(whole).to_be_in_viewport(ratio=1)
    with_keys(whole, shots / "alert.png")

    # Read before the replies come, for they quote it.
    headline, _, told = alert.get_by_test_id("text").inner_text().partition("What You Need to Know")
    began = time.monotonic()
    keys(alert, "Sources").click()
    passages = said(ada, "Where each sentence comes from")
    expect(passages).to_be_visible()
    expect(passages.get_by_test_id("quote")).to_be_visible()
    assert passages.locator("blockquote").first.inner_text().strip()[:40] == told.strip()[:40]
    passages.scroll_into_view_if_needed()
    page.screenshot(path=shots / "desktop-sources.png")

    news = said(ada, "New: ")
    expect(news).to_be_visible(timeout=_NEWS_SECONDS * 1000)
    print(f"follow-up after {time.monotonic() - began:.1f} s")
    expect(news).to_contain_text("risen to 31")
    expect(news).to_contain_text("(before: ")
    expect(news.get_by_test_id("quote")).to_contain_text(headline.strip()[:30])
    news.scroll_into_view_if_needed()
    page.screenshot(path=shots / "desktop-news.png")
    assert complaints == []


def test_a_wish_in_plain_words_is_confirmed_listed_paused_and_deleted(bot, browser, shots):
    complaints: list[str] = []
    page = opened(browser, bot.url, DESKTOP, complaints)
    ben = chat(page, "Ben")
    begin(ben)

    say(ben, "tell me about earthquakes but not football please")
    proposal = said(ben, "Shall I alert you")
    expect(proposal).to_contain_text("earthquakes")
    expect(proposal.get_by_test_id("quote")).to_contain_text("tell me about earthquakes")
    keys(proposal, "Save").click()
    expect(said(ben, "You now follow stories with earthquakes")).to_contain_text("but not football")
    expect(ben.get_by_text("Shall I alert you")).to_have_count(0)

    say(ben, "/filters")
    answer = said(ben, "You follow 1 filter")
    expect(answer).to_be_visible()
    page.screenshot(path=shots / "desktop-filters.png")
    keys(answer, "Pause").click()
    expect(answer).to_contain_text("paused")
    expect(answer.get_by_test_id("edited")).to_be_visible()
    keys(answer, "Delete").click()
    nothing = said(ben, "You follow nothing yet")
    expect(nothing).to_be_visible()
    keys(nothing, "Undo").click()
    expect(said(ben, "You follow 1 filter")).to_be_visible()
    assert complaints == []


def test_a_wish_is_tried_narrowed_and_saved_and_its_alert_says_why_and_is_mended(young, browser, shots):
    complaints: list[str] = []
    page = opened(browser, young.url, TALL, complaints)
    ada = chat(page, "Ada")
    begin(ada)

    preview = said(ada, "Shall I alert you to stories with velmora, but not football?")
    for _ in range(_PREVIEWS):  # what was published before the start is read in the first seconds
        before = preview.count() and preview.get_attribute("data-message-id")
        say(ada, "anything about Velmora but not football")
        # The first one waits for the encoder.
        expect(preview).not_to_have_attribute("data-message-id", str(before), timeout=_FIRST_SECONDS * 1000)
        if re.search(r"→ [2-9] alerts", preview.inner_text()):
            break
        time.sleep(0.5)
    expect(preview).to_contain_text("/follow velmora -football")
    keys(preview, "Narrow").click()
    expect(said(ada, "These bring fewer")).to_be_visible()
    keys(said(ada, "These bring fewer"), "only in the headline: ").click()
    narrowed = said(ada, "Shall I alert you to stories with velmora in the headline, but not football?")
    expect(narrowed).to_contain_text(re.compile(r"\d+ articles → \d+ stories → \d+ alert"))
    expect(narrowed).to_contain_text("Bank of Velmora")
    with_keys(narrowed, shots / "follow.png")
    keys(narrowed, "Save").click()
    expect(said(ada, "You now follow stories with velmora in the headline")).to_be_visible()

    alert = said(ada, "What You Need to Know")
    expect(alert).to_contain_text("Bank of Velmora", timeout=_NEWS_SECONDS * 1000)
    keys(alert, "Why?").click()
    why = said(ada, "Why you got this")
    expect(why).to_contain_text("You follow stories with velmora in the headline, but not football.")
    expect(why).to_contain_text("The story has: Velmora.")
    exclude = keys(why, "Exclude “").first
    word = exclude.inner_text().removeprefix("Exclude “").removesuffix("”")
    exclude.click()
    expect(why).to_contain_text(
        f"✓ You now follow stories with velmora in the headline, but not football or {word}."
    )
    outlet = keys(why, "Mute The ").inner_text().removeprefix("🔇 Mute ")
    keys(why, f"Mute {outlet}").click()
    keys(why, "A day").click()
    expect(why).to_contain_text(f"✓ Muted: {outlet}, until ")
    page.screenshot(path=shots / "tall-why.png")

    say(ada, "/mute ferry")
    keys(said(ada, "How long shall I mute ferry?"), "For ever").click()
    expect(said(ada, "Muted: ferry, for ever.")).to_be_visible()
    say(ada, "/filters")
    mine = said(ada, "You follow 1 filter")
    expect(mine).to_contain_text(f"1. stories with velmora in the headline, but not football or {word}")
    expect(mine).to_contain_text(f"🔇 {outlet} – until ")
    expect(mine).to_contain_text("🔇 ferry – for ever")
    keys(mine, "Unmute ferry").click()
    expect(mine).not_to_contain_text("🔇 ferry")
    assert complaints == []


def test_two_people_are_played_side_by_side(bot, browser, shots):
    complaints: list[str] = []
    page = opened(browser, bot.url, DESKTOP, complaints)
    ada = chat(page, "Ada")
    if not column(page, "Ben").is_visible():  # two are open from the start where there is room
        listed(page, "Ben").get_by_test_id("open-beside").click()
    expect(page.get_by_test_id("column")).to_have_count(2)
    ben = column(page, "Ben")
    begin(ada)
    begin(ben)
    say(ben, "/help")
    expect(said(ben, "How to say what you want")).to_be_visible()
    say(ada, "/latest")
    # In the first seconds there may be nothing to tell yet.
    expect(said(ada, "newest stories").or_(said(ada, "There is no news here yet"))).to_be_visible()
    page.screenshot(path=shots / "desktop-side-by-side.png")
    assert complaints == []
