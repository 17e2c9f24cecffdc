"""The matching stage: every story once, for each whom it concerns, by however many processes."""

import asyncio
from datetime import timedelta

import numpy as np
import pytest
import sqlalchemy as sa

from bot.alerts.match import MatchStories
from bot.alerts.topics import TopicIndex
from bot.model import Change, ChangeKind, ChatKind, FilterState, MuteKind, SubscriberState
from bot.storage import changes, meanings, mutes, subscribers
from bot.storage import stories as stories_store
from bot.storage.database import Database
from bot.storage.meanings import Meaning
from bot.storage.tables import deliveries, digests, entries, feeds, stories
from bot.times import utc_now

LEASE = timedelta(minutes=2)


def told(database, *titles):
    """Stories that wait to be matched."""
    at = utc_now()
    rows = [{"title": title, "started_at": at, "updated_at": at, "due_at": at} for title in titles]
    database.write_now(lambda c: c.execute(sa.insert(stories), rows))


def follower(database, chat_id, *texts):
    def work(connection):
        who = subscribers.meet(connection, chat_id, ChatKind.PRIVATE, now=utc_now())
        for text in texts:
            subscribers.save_filter(connection, who.id, text, now=utc_now())
        return who.id

    return database.write_now(work)


def stage(database):
    return MatchStories(database=database, topics=TopicIndex(()), lease=LEASE)


def alerts(database):
    """Who gets which story."""
    query = sa.select(deliveries.c.subscriber_id, deliveries.c.story_id).order_by(sa.text("1, 2"))
    return database.write_now(lambda c: [tuple(row) for row in c.execute(query)])


FACT = Change(ChangeKind.FACT, "Nine ferries stay in port.")


def grown(database, *found):
    """The one story has a new revision, which has brought this."""

    def work(connection):
        connection.execute(sa.update(stories).values(revision=2, due_at=utc_now()))
        changes.record(connection, 1, 2, found, now=utc_now())

    database.write_now(work)


def kinds(database):
    """Who gets what, of which revision."""
    query = sa.select(deliveries.c.subscriber_id, deliveries.c.revision, deliveries.c.kind)
    return database.write_now(lambda c: [tuple(row) for row in c.execute(query.order_by(sa.text("1, 2")))])


async def test_a_story_is_ordered_for_those_it_concerns_and_its_digest_once(sqlite):
    told(sqlite, "A ferry strike", "Cheese")
    ada, ben = follower(sqlite, 1, "ferry", "strike"), follower(sqlite, 2, "ferry")
    follower(sqlite, 3, "football")
    matching = stage(sqlite)
    assert [await matching.step(), await matching.step()] == [True, False]
    assert alerts(sqlite) == [(ada, 1), (ben, 1)]
    assert sqlite.write_now(lambda c: c.execute(sa.select(digests.c.story_id)).scalars().all()) == [1]


async def test_who_does_not_listen_is_ordered_nothing(sqlite):
    told(sqlite, "A ferry strike")
    stopped = follower(sqlite, 1, "ferry")
    sqlite.write_now(lambda c: subscribers.set_state(c, stopped, SubscriberState.STOPPED))
    await stage(sqlite).step()
    assert alerts(sqlite) == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_two_processes_that_match_side_by_side_order_each_alert_once(database):
    told(database, *(f"Ferry {number}" for number in range(120)))
    followers = [follower(database, chat_id, "ferry") for chat_id in (1, 2)]
    other = Database(database.url.render_as_string(hide_password=False))

    async def all_of(matching):
        while await matching.step():
            pass

    await asyncio.gather(all_of(stage(database)), all_of(stage(other)))
    await all_of(stage(database))
    other.close()
    assert alerts(database) == [(who, story) for who in followers for story in range(1, 121)]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_story_matched_again_by_one_whose_lease_ran_out_orders_nothing_twice(database):
    told(database, "A ferry strike")
    ada = follower(database, 1, "ferry")
    other = Database(database.url.render_as_string(hide_password=False))
    early, late = (
        MatchStories(database=one, topics=TopicIndex(()), lease=timedelta(0)) for one in (database, other)
    )
    await asyncio.gather(early.step(), late.step())
    other.close()
    assert alerts(database) == [(ada, 1)]


async def test_those_who_had_a_story_are_ordered_what_is_new_and_the_others_the_story(sqlite):
    told(sqlite, "A ferry strike")
    ada = follower(sqlite, 1, "ferry")
    await stage(sqlite).step()
    ben = follower(sqlite, 2, "ferry")
    grown(sqlite, FACT)
    await stage(sqlite).step()
    assert kinds(sqlite) == [(ada, 1, "alert"), (ada, 2, "followup"), (ben, 2, "alert")]


async def test_a_story_that_grew_with_nothing_new_is_ordered_nobody_again(sqlite):
    told(sqlite, "A ferry strike")
    ada = follower(sqlite, 1, "ferry")
    await stage(sqlite).step()
    grown(sqlite)
    await stage(sqlite).step()
    assert kinds(sqlite) == [(ada, 1, "alert")]
    assert sqlite.write_now(lambda c: c.execute(sa.select(digests.c.revision)).scalars().all()) == [1]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_two_processes_that_match_what_is_new_order_it_once(database):
    told(database, "A ferry strike")
    ada = follower(database, 1, "ferry")
    await stage(database).step()
    grown(database, FACT)
    other = Database(database.url.render_as_string(hide_password=False))
    early, late = (
        MatchStories(database=one, topics=TopicIndex(()), lease=timedelta(0)) for one in (database, other)
    )
    await asyncio.gather(early.step(), late.step())
    other.close()
    assert kinds(database) == [(ada, 1, "alert"), (ada, 2, "followup")]


async def test_a_story_that_was_merged_while_it_waited_is_ordered_under_its_new_number_only(sqlite):
    follower(sqlite, 1, "ferries")
    told(sqlite, "All ferries stay in port", "Ferries stay in port, says the harbour")
    (late,) = sqlite.write_now(lambda c: stories_store.load_stories(c, [2]))

    def merge(connection):
        connection.execute(sa.update(stories).where(stories.c.id == 2).values(merged_into_id=1))

    sqlite.write_now(merge)
    matching = stage(sqlite)
    assert sqlite.write_now(lambda c: matching._match(c, late)) == 0  # claimed before the merger
    while await matching.step():
        pass
    assert alerts(sqlite) == [(1, 1)]


def muted(database, subscriber_id, kind, value):
    database.write_now(lambda c: mutes.add(c, subscriber_id, kind, value, until=None, now=utc_now()))


def fates(database):
    """Who gets the story, or why not."""
    query = sa.select(deliveries.c.subscriber_id, deliveries.c.state, deliveries.c.reason)
    return database.write_now(lambda c: [tuple(row) for row in c.execute(query.order_by(sa.text("1")))])


async def test_what_is_muted_is_recorded_with_its_reason_and_never_written_or_sent(sqlite):
    told(sqlite, "A ferry strike")
    ada = follower(sqlite, 1, "ferry")
    muted(sqlite, ada, MuteKind.WORD, "strike")
    await stage(sqlite).step()
    ((who, state, reason),) = fates(sqlite)
    assert (who, state) == (ada, "dropped")
    assert "strike" in reason
    assert sqlite.write_now(lambda c: c.execute(sa.select(digests.c.story_id)).scalars().all()) == []


async def test_a_muted_word_silences_a_follow_up_but_no_correction(sqlite):
    told(sqlite, "A ferry strike")
    ada = follower(sqlite, 1, "ferry")
    await stage(sqlite).step()
    muted(sqlite, ada, MuteKind.WORD, "strike")
    grown(sqlite, FACT)
    await stage(sqlite).step()
    assert [state for _, state, _ in fates(sqlite)] == ["pending", "dropped"]
    corrected = Change(ChangeKind.CORRECTION, "Eight ferries.", "Nine ferries.")

    def again(connection):
        connection.execute(sa.update(stories).values(revision=3, due_at=utc_now()))
        changes.record(connection, 1, 3, [corrected], now=utc_now())

    sqlite.write_now(again)
    await stage(sqlite).step()
    assert kinds(sqlite)[-1] == (ada, 3, "correction")
    assert [state for _, state, _ in fates(sqlite)] == ["pending", "dropped", "pending"]


async def test_a_muted_story_is_silent_even_when_it_is_corrected(sqlite):
    told(sqlite, "A ferry strike")
    ada = follower(sqlite, 1, "ferry")
    await stage(sqlite).step()
    muted(sqlite, ada, MuteKind.STORY, "1")
    grown(sqlite, Change(ChangeKind.CORRECTION, "Eight ferries.", "Nine ferries."))
    await stage(sqlite).step()
    assert [state for _, state, _ in fates(sqlite)] == ["pending", "dropped"]


def reports(database, outlet):
    """One outlet more reports the story."""

    def work(connection):
        at = utc_now()
        feed = {"url": f"https://{outlet}.example/", "name": outlet, "due_at": at}
        feed_id = connection.execute(sa.insert(feeds).values(feed)).inserted_primary_key[0]
        values = {
            "feed_id": feed_id,
            "key_hash": "k",
            "title": "A ferry strike",
            "summary": "",
            "story_id": 1,
        }
        connection.execute(sa.insert(entries).values(**values, arrived_at=at, due_at=at, backlog=False))

    database.write_now(work)


async def test_a_story_of_a_muted_source_still_comes_once_another_source_reports_it(sqlite):
    told(sqlite, "A ferry strike")
    ada = follower(sqlite, 1, "ferry")
    muted(sqlite, ada, MuteKind.SOURCE, "Harbour")
    reports(sqlite, "Harbour")
    await stage(sqlite).step()
    assert [state for _, state, _ in fates(sqlite)] == ["dropped"]
    reports(sqlite, "Lighthouse")
    grown(sqlite)
    await stage(sqlite).step()
    assert kinds(sqlite) == [(ada, 1, "alert"), (ada, 2, "alert")]
    assert [state for _, state, _ in fates(sqlite)] == ["dropped", "pending"]


async def test_a_story_that_a_muted_word_kept_away_does_not_come_when_it_grows(sqlite):
    told(sqlite, "A ferry strike")
    ada = follower(sqlite, 1, "ferry")
    muted(sqlite, ada, MuteKind.WORD, "strike")
    await stage(sqlite).step()
    sqlite.write_now(lambda c: mutes.remove(c, ada, 1))
    grown(sqlite)
    await stage(sqlite).step()
    assert [state for _, state, _ in fates(sqlite)] == ["dropped"]


async def test_the_trace_names_the_filter_its_words_and_the_sentence_they_stand_in(sqlite):
    told(sqlite, "Ferries strike again")
    ada = follower(sqlite, 1, "ferry -football")
    await stage(sqlite).step()
    (trace,) = sqlite.write_now(lambda c: c.execute(sa.select(deliveries.c.trace)).scalars().all())
    (mine,) = sqlite.write_now(lambda c: subscribers.filters_of(c, ada))
    assert trace == [
        {
            "filter_text": "ferry -football",
            "terms": ["Ferries"],
            "filter_id": mine.id,
            "sentence": "Ferries strike again",
        }
    ]


async def test_a_filter_that_another_process_saves_changes_or_deletes_is_known_at_the_next_story(sqlite):
    matching = stage(sqlite)
    told(sqlite, "Cheese")
    await matching.step()
    ada = follower(sqlite, 1, "ferry")  # written beside the stage, as another process would
    told(sqlite, "A ferry strike")
    await matching.step()
    (mine,) = sqlite.write_now(lambda c: subscribers.filters_of(c, ada))

    def delete(connection):
        subscribers.set_filter(connection, ada, mine.id, FilterState.DELETED, now=utc_now())

    sqlite.write_now(delete)
    told(sqlite, "Another ferry strike")
    await matching.step()
    assert alerts(sqlite) == [(ada, 2)]


async def test_a_story_is_matched_by_the_topics_that_were_found_when_it_was_grouped(sqlite):
    told(sqlite, "A ferry strike")
    ada = follower(sqlite, 1, "topic:transport")
    sqlite.write_now(lambda c: c.execute(sa.update(stories).values(topics={"transport": "by rule"})))
    await stage(sqlite).step()
    assert alerts(sqlite) == [(ada, 1)]


async def test_a_story_is_matched_by_its_meaning_where_an_encoder_reads_it(sqlite):
    told(sqlite, "Crews walk out")
    near, far = follower(sqlite, 1, 'about:"labour strikes"~60'), follower(sqlite, 2, 'about:"football"~60')
    vectors = {"labour strikes": [1.0, 0.0], "football": [0.0, 1.0]}

    def entry(connection):
        connection.execute(sa.insert(feeds).values(url="https://a.example/", name="A", due_at=utc_now()))
        values = {"feed_id": 1, "key_hash": "k", "title": "Crews walk out", "summary": "", "story_id": 1}
        times = {"arrived_at": utc_now(), "due_at": utc_now()}
        connection.execute(sa.insert(entries).values(**values, **times, backlog=False))
        meanings.save(connection, Meaning(1, utc_now(), np.array([0.9, 0.1], np.float32)))

    sqlite.write_now(entry)
    matching = MatchStories(
        database=sqlite,
        topics=TopicIndex(()),
        lease=LEASE,
        meanings=lambda text: np.array(vectors[text], np.float32),
    )
    await matching.step()
    assert alerts(sqlite) == [(near, 1)]
    assert far


async def test_topics_that_were_found_while_a_story_was_matched_are_not_put_back(sqlite):
    told(sqlite, "A ferry strike")
    sqlite.write_now(lambda c: c.execute(sa.update(stories).values(topics={"transport": "by rule"})))
    (claimed,) = sqlite.write_now(lambda c: stories_store.load_stories(c, [1]))
    newer = {"transport": "by rule", "economy": "by rule"}  # another entry has joined since
    sqlite.write_now(lambda c: c.execute(sa.update(stories).values(revision=2, topics=newer)))
    sqlite.write_now(lambda c: stage(sqlite)._match(c, claimed))
    assert sqlite.write_now(lambda c: c.execute(sa.select(stories.c.topics)).scalar()) == newer
