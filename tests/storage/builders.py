"""What the storage tests are built from, by the same functions that the bot uses."""

from datetime import timedelta

import sqlalchemy as sa

from bot.model import Article, ChatKind, Digest, Match
from bot.storage import deliveries, entries, feeds, items, orders, polls, stories, subscribers
from bot.storage.feeds import FeedSpec
from bot.storage.items import NewEntry
from bot.storage.orders import Telling
from bot.storage.polls import Polled
from bot.times import utc_now

NOW = utc_now()
LEASE = timedelta(minutes=2)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
DIGEST = Digest("The dam holds", ("The dam holds.",), (), (), "lead")


def act(database, function, *args, **kwargs):
    """`function` of a connection, in one transaction."""
    return database.write_now(lambda connection: function(connection, *args, **kwargs))


def rows(database, table, *columns):
    """The rows of a table in their order, or of some columns."""
    order = table.primary_key.columns.values() or table.columns
    query = sa.select(*(columns or (table,))).order_by(*order)
    return database.write_now(lambda connection: connection.execute(query).all())


def spec(number=1, **changes):
    values = {"url": f"http://feed{number}.example/", "name": f"Feed {number}", "interval": 5 * MINUTE}
    return FeedSpec(**values | changes)


def new_entry(number=1, **changes):
    values = {"key_hash": f"key-{number}", "title": f"Title {number}", "url": f"http://a.example/{number}"}
    return NewEntry(**values | {"summary": "<p>A summary</p>", "published_at": NOW} | changes)


def polled(feed_id, **changes):
    values = {"now": NOW, "next_poll_at": NOW + 5 * MINUTE, "etag": '"1"', "last_modified": None}
    return Polled(feed_id=feed_id, **values | {"validators_at": NOW, "body_hash": "f" * 64} | changes)


def take_in(connection, feed_id, new, *, now=NOW):
    """Entries and their marks; returns how many are new."""
    marks = {entry.key_hash: entry.key_hash for entry in new}
    before = items.seen_items(connection, feed_id, marks)
    fresh = [entry for entry in new if entry.key_hash not in before]
    items.add_entries(
        connection, feed_id, fresh, backlog=not polls.learnt(connection, feed_id).begun, now=now
    )
    items.wear(connection, feed_id, marks, before=before, now=now)
    return len(fresh)


def poll(database, feed_id, new, *, now=NOW, **changes):
    """A poll that showed these entries; returns how many were new."""

    def work(connection):
        count = take_in(connection, feed_id, new, now=now)
        polls.record_polled(connection, [polled(feed_id, **{"now": now} | changes)])
        return count

    return database.write_now(work)


def a_feed(database, *, first_polled=True):
    """The id of a feed, whose first poll (the backlog) is over."""
    act(database, feeds.list_feeds, [spec()], now=NOW)
    feed_id = act(database, lambda c: c.execute(sa.text("SELECT id FROM feeds")).scalar())
    if first_polled:
        poll(database, feed_id, [])
    return feed_id


def ready_entries(database, feed_id, *numbers, now=NOW, text="A text.", **changes):
    """Entries on their way to a story, claimed for grouping."""
    poll(database, feed_id, [new_entry(number, **changes) for number in numbers], now=now)
    found, _ = act(database, entries.claim_new, now=now, lease=LEASE, limit=100)
    for entry in found:
        act(database, entries.record_article, entry.id, Article(entry.title, text, entry.url), now=now)
    ready, _ = act(database, entries.claim_ready, now=now, lease=LEASE, limit=100)
    return ready


def start(database, entry, *, now=NOW, marks=(1, 2)):
    """The id of a story that begins with this entry."""

    def work(connection):
        story_id = entries.start_story(connection, entry, now=now)
        entries.record_story(connection, entry, story_id=story_id, because="first", marks=marks)
        return story_id

    return database.write_now(work)


def join(database, story_id, entry, *, now=NOW, marks=()):
    """One more entry for the story."""

    def work(connection):
        entries.grow_story(connection, story_id, entry, now=now)
        entries.record_story(connection, entry, story_id=story_id, because="alike", marks=marks)

    database.write_now(work)


def a_story(database, *, now=NOW):
    """A story of one fresh entry, waiting to be matched."""
    (entry,) = ready_entries(database, a_feed(database), 1, now=now)
    return start(database, entry, now=now)


def some_stories(database, count):
    """Stories of one fresh entry each."""
    found = ready_entries(database, a_feed(database), *range(count))
    return [start(database, entry) for entry in found]


def a_subscriber(database, chat_id=1, kind=ChatKind.PRIVATE):
    return act(database, subscribers.meet, chat_id, kind, now=NOW)


def order(database, story_id, *subscriber_ids, revision=1, now=NOW):
    """An alert ordered for each; returns how many are new."""
    matches = {subscriber_id: [Match("dam", ("dam",))] for subscriber_id in subscriber_ids}
    return act(database, orders.order, Telling(story_id, revision, matches, now))


def write_digest(database, story_id, *, revision=1, digest=DIGEST):
    """The story's digest, ordered and written."""
    act(database, stories.want_digest, story_id, revision, now=NOW)
    wanted, _ = act(database, stories.claim_wanted, now=NOW, lease=LEASE, limit=100)
    for one in wanted:
        act(database, stories.record_digest, one.id, digest, seconds=0.1, now=NOW)


def claim_due(database, *, now=NOW, limit=100, busy=()):
    found, _ = act(database, deliveries.claim_due, now=now, lease=LEASE, limit=limit, busy=busy)
    return found


def in_hand(database, *, now=NOW):
    """One delivery of a new story for a new subscriber, claimed; and the subscriber."""
    story_id = a_story(database)
    subscriber = a_subscriber(database)
    order(database, story_id, subscriber.id)
    write_digest(database, story_id)
    (delivery,) = claim_due(database, now=now)
    return delivery, subscriber
