"""What a publisher changes after the alert, from its feed to the chat, through every stage."""

from datetime import timedelta
from html import escape

import sqlalchemy as sa

from bot.storage import tables
from bot.storage.claims import take_back
from bot.times import utc_now
from tests.pipeline.conftest import Crash, Outlet

TEXT = (
    "The repair of the ferry harbour will cost 12 million euros, Mayor Jane Porter told the council on Monday. "
    "The eastern wall moved by four centimetres in the storm of last week, and engineers closed it on Friday. "
    "Ferry passengers will board at the northern pier until the wall is mended, which takes until the summer. "
    "The council will vote on the plan in two weeks, and the owners of the ferry will pay a part of the bill."
)
TITLE = "Ferry harbour repair to cost 12 million euros"


def restate(outlet, title, text):
    """The feed's newest item and its page say this now."""
    outlet.items[0] = outlet.items[0].replace(escape(TITLE), escape(title))
    paragraphs = "".join(f"<p>{escape(line)}.</p>" for line in text.split(". "))
    body = f"<html><head><title>{escape(title)}</title></head><body><article><h1>{escape(title)}</h1>{paragraphs}"
    outlet.site.on(
        f"/{outlet.name}/{outlet.pages}",
        f"{body}</article></body></html>".encode(),
        headers={"Content-Type": "text/html"},
    )
    outlet.show()


async def alerted(path, site):
    """An outlet whose newest item Ada has an alert of."""
    outlet = Outlet(site, "harbour")
    outlet.publish("Something from yesterday")
    await path.listed(outlet)
    path.follow(path.ada, "ferry")
    await path.polled()
    outlet.publish(TITLE, text=TEXT)
    await path.polled()
    assert len(path.heard(path.ada)) == 1
    return outlet


async def test_a_changed_figure_reaches_whoever_was_alerted_with_before_and_after(path, site):
    outlet = await alerted(path, site)
    restate(outlet, TITLE.replace("12", "15"), TEXT.replace("12", "15"))
    await path.polled()
    _, correction = path.heard(path.ada)
    assert correction.startswith("Correction:")
    assert TITLE.replace("12", "15") in correction
    assert f"before: {TITLE}" in correction


async def test_a_minor_edit_is_read_again_and_tells_nobody(path, site):
    outlet = await alerted(path, site)
    restate(
        outlet, "Ferry harbour's repair to cost 12 million euros", TEXT.replace("told the", "said in the")
    )
    await path.polled()
    assert path.rows(tables.versions, "number") == [(2,)]
    assert "said in the council" in path.rows(tables.entries, "text")[-1][0]
    assert path.rows(tables.stories, "revision")[-1] == (1,)
    assert len(path.heard(path.ada)) == 1


async def test_a_page_that_is_gone_twice_is_withdrawn(path, site):
    outlet = await alerted(path, site)
    page = f"/{outlet.name}/{outlet.pages}"
    outlet.items[0] = outlet.items[0].replace(TITLE, "Ferry harbour repair: article not available")
    outlet.show()
    site.on(page, b"Gone", status=404)
    await path.polled()
    assert len(path.heard(path.ada)) == 1  # it may be away for a minute
    (state, due_at, withdrawn_at) = path.rows(tables.entries, "state", "due_at", "withdrawn_at")[-1]
    assert (state, withdrawn_at is None) == ("new", False)
    assert due_at > utc_now() + timedelta(minutes=10)
    path.database.write_now(lambda c: c.execute(sa.update(tables.entries).values(due_at=utc_now())))
    await path.polled()
    _, withdrawal = path.heard(path.ada)
    assert withdrawal.startswith("Withdrawn:")
    assert TITLE in withdrawal


async def test_a_page_that_comes_back_was_never_withdrawn(path, site):
    outlet = await alerted(path, site)
    outlet.items[0] = outlet.items[0].replace("<guid", "<description>More soon.</description><guid")
    outlet.show()
    page = f"/{outlet.name}/{outlet.pages}"
    there = site.answers[page]
    site.on(page, b"Gone", status=404)
    await path.polled()
    assert path.rows(tables.entries, "withdrawn_at")[-1] != (None,)
    site.answers[page] = there
    path.database.write_now(lambda c: c.execute(sa.update(tables.entries).values(due_at=utc_now())))
    await path.polled()
    assert path.rows(tables.entries, "withdrawn_at", "state")[-1] == (None, "grouped")
    assert len(path.heard(path.ada)) == 1


async def test_a_restated_page_that_fails_for_other_reasons_keeps_its_text(path, site):
    outlet = await alerted(path, site)
    outlet.items[0] = outlet.items[0].replace("<guid", "<description>More soon.</description><guid")
    outlet.show()
    site.on(f"/{outlet.name}/{outlet.pages}", b"Oops", status=500)
    await path.polled()
    (text, bare, state, was) = path.rows(tables.entries, "text", "bare", "state", "was_text")[-1]
    assert ("eastern wall" in text, bare, state, was) == (True, False, "grouped", None)
    assert len(path.heard(path.ada)) == 1


async def test_a_crash_at_any_write_of_the_way_loses_no_correction(path, site):
    outlet = await alerted(path, site)
    restate(outlet, TITLE.replace("12", "15"), TEXT.replace("12", "15"))
    path.all_due()
    crashes = 0
    for dies_after in range(12):
        path.database.dies_after, path.database.deaths = dies_after % 4, 1
        for name in ("poll", "extract", "group", "match", "write", "send"):
            try:
                await path.run(name)
            except Crash:
                crashes += 1
                path.database.write_now(lambda c: take_back(c, now=utc_now()))
        path.database.dies_after = None
        path.database.write_now(lambda c: take_back(c, now=utc_now()))
    await path.polled()
    assert crashes >= 4
    corrections = [line for line in path.heard(path.ada) if line.startswith("Correction:")]
    assert 1 <= len(corrections) <= 2
