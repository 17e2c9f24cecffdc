"""A merged story keeps the older one's number, and nobody is alerted twice; what is parted is told anew."""

import sqlalchemy as sa

from bot.model import Change, ChangeKind, DeliveryState, MuteKind
from bot.storage import changes, mutes, repairs, stories
from bot.storage.tables import changes as changes_table
from bot.storage.tables import deliveries, digests, entries
from bot.storage.tables import mutes as mutes_table
from bot.storage.tables import stories as stories_table
from tests.storage.builders import (
    LEASE,
    NOW,
    a_feed,
    a_subscriber,
    act,
    claim_due,
    join,
    order,
    ready_entries,
    rows,
    some_stories,
    start,
    write_digest,
)


def merge(database, kept=1, gone=2):
    act(database, repairs.merge, kept, gone, because="same names, 0.91", now=NOW)


def match_all(database):
    for story in act(database, stories.claim_unmatched, now=NOW, lease=LEASE, limit=100)[0]:
        act(database, stories.record_matched, story.id, story.revision)


def states(database):
    return [(row.subscriber_id, row.story_id, row.revision, row.state) for row in rows(database, deliveries)]


def test_a_merged_story_answers_to_its_number_by_the_older_one(database):
    some_stories(database, 3)
    merge(database, 2, 3)
    merge(database, 1, 2)
    assert [act(database, repairs.current, story_id) for story_id in (1, 2, 3)] == [1, 1, 1]
    assert {row.story_id for row in rows(database, entries)} == {1}
    assert all(row.joined_because.endswith("same names, 0.91") for row in rows(database, entries)[1:])


def test_the_merged_story_is_matched_again_and_the_one_that_is_gone_never(database):
    some_stories(database, 2)
    match_all(database)
    merge(database)
    (claimed,) = act(database, stories.claim_unmatched, now=NOW, lease=LEASE, limit=100)[0]
    assert (claimed.id, claimed.revision, len(claimed.entries)) == (1, 3, 2)


def test_a_story_that_is_being_matched_is_not_free(database):
    some_stories(database, 2)
    assert act(database, repairs.free, [1, 2]) == {1, 2}
    act(database, stories.claim_unmatched, now=NOW, lease=LEASE, limit=1)
    assert act(database, repairs.free, [1, 2]) == {2}


def test_who_was_told_of_both_keeps_both_and_who_awaits_the_second_is_not_told_again(database):
    some_stories(database, 2)
    told, waiting = a_subscriber(database, 1), a_subscriber(database, 2)
    order(database, 1, told.id, waiting.id)
    order(database, 2, told.id, waiting.id)
    merge(database)
    assert states(database) == [
        (told.id, 1, 1, DeliveryState.PENDING),
        (waiting.id, 1, 1, DeliveryState.PENDING),
        (told.id, 1, 2, DeliveryState.DROPPED),
        (waiting.id, 1, 2, DeliveryState.DROPPED),
    ]


def test_who_was_told_of_the_second_is_not_told_of_the_first(database):
    some_stories(database, 2)
    reader = a_subscriber(database)
    order(database, 2, reader.id)
    write_digest(database, 2)
    (delivery,) = claim_due(database)
    act(database, lambda c: c.execute(sa.update(deliveries).values(state=DeliveryState.SENT)))
    order(database, 1, reader.id)
    merge(database)
    assert states(database) == [
        (reader.id, 1, 2, DeliveryState.SENT),
        (reader.id, 1, 1, DeliveryState.DROPPED),
    ]
    assert delivery.story_id == 2


def test_an_alert_of_the_second_alone_goes_out_with_the_digest_it_was_ordered_with(database):
    some_stories(database, 2)
    reader = a_subscriber(database)
    order(database, 2, reader.id)
    write_digest(database, 2)
    merge(database)
    (delivery,) = claim_due(database)
    assert (delivery.story_id, delivery.subscriber_id, delivery.digest.headline) == (
        1,
        reader.id,
        "The dam holds",
    )
    assert [(row.story_id, row.revision) for row in rows(database, digests)] == [(1, 2)]


def test_what_was_new_moves_along_behind_what_the_older_one_has(database):
    some_stories(database, 2)
    for story_id in (1, 2):
        new = [Change(ChangeKind.FACT, f"Of story {story_id}.", None, None, "Feed")]
        act(database, changes.record, story_id, 1, new, now=NOW)
    merge(database)
    found = [(row.story_id, row.revision, row.text) for row in rows(database, changes_table)]
    assert found == [(1, 1, "Of story 1."), (1, 2, "Of story 2.")]


def test_who_has_muted_either_story_has_muted_both(database):
    some_stories(database, 2)
    ada, ben = a_subscriber(database, 1).id, a_subscriber(database, 2).id
    for who, story_id in ((ada, 2), (ben, 1), (ben, 2)):
        act(database, mutes.add, who, MuteKind.STORY, str(story_id), until=None, now=NOW)
    merge(database)
    by_number = {(row.subscriber_id, row.value) for row in rows(database, mutes_table)}
    assert by_number >= {(ada, "1"), (ben, "1")}
    assert (ada, "2") not in by_number


def test_two_stories_of_the_backlog_are_no_news_together(database):
    first, second = ready_entries(database, a_feed(database, first_polled=False), 1, 2)
    start(database, first)
    start(database, second)
    merge(database)
    assert act(database, stories.claim_unmatched, now=NOW, lease=LEASE, limit=100)[0] == []


def test_a_part_gets_a_story_and_the_rest_keeps_the_number_and_the_alerts(database):
    first, second, third = ready_entries(database, a_feed(database), 1, 2, 3)
    story_id = start(database, first)
    join(database, story_id, second)
    join(database, story_id, third)
    order(database, story_id, a_subscriber(database).id)
    match_all(database)
    act(database, lambda c: c.execute(sa.update(entries).where(entries.c.id > 1).values(copy_of_id=1)))
    new = act(database, repairs.part, story_id, [second.id, third.id], because="another event", now=NOW)
    assert [row.story_id for row in rows(database, entries)] == [story_id, new, new]
    assert [row.copy_of_id for row in rows(database, entries)] == [None, None, None]
    assert [row.story_id for row in rows(database, deliveries)] == [story_id]
    (claimed,) = act(database, stories.claim_unmatched, now=NOW, lease=LEASE, limit=100)[0]
    assert (claimed.id, claimed.title) == (new, "Title 2")
    assert [row.title for row in rows(database, stories_table)] == ["Title 1", "Title 2"]
