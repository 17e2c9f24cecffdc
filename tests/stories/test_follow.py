"""What a new or restated entry means to a story's readers, on real databases."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from bot.model import Article, ChangeKind
from bot.storage import changes, entries, items, restated
from bot.storage.items import NewEntry
from bot.storage.tables import entries as entries_table
from bot.storage.tables import feeds, stories
from bot.stories import follow
from bot.times import utc_now

NOW = utc_now()
HOUR = timedelta(hours=1)
TITLE = "Earthquake kills 12 in Northport"
TEXT = "At least 12 people were killed when an earthquake struck Northport on Monday, the mayor said."
RISEN = "The earthquake in Northport killed at least 15 people, the mayor said on Tuesday."
OTHER = "Northport looks for shelter for those whose houses fell in the earthquake."


@dataclass(frozen=True)
class Told:
    """An entry that has its story."""

    id: int
    story_id: int
    found: list


class Newsroom:
    """Entries that come to one story, as the stage that groups brings them there."""

    def __init__(self, database):
        self.database = database
        self.count = 0

    def act(self, function, *args, **kwargs):
        return self.database.write_now(lambda c: function(c, *args, **kwargs))

    def feed(self, outlet, **values):
        def work(connection):
            row = connection.execute(sa.select(feeds.c.id).where(feeds.c.name == outlet)).scalar()
            told = {"url": f"http://{outlet}.example/", "name": outlet, "due_at": NOW} | values
            return row or connection.execute(sa.insert(feeds).values(told)).inserted_primary_key[0]

        return self.act(work)

    def tell(self, title, text, *, outlet="Post", at=NOW, story_id=None, copy_of=None, backlog=False, **feed):
        """One more report: of the story, or of one that it starts."""
        self.count += 1
        feed_id = self.feed(outlet, **feed)

        def work(connection):
            row = {
                "feed_id": feed_id,
                "key_hash": f"k{self.count}",
                "title": title,
                "summary": "",
                "text_hash": "1",
            }
            row |= {"arrived_at": at, "due_at": at, "backlog": backlog}
            entry_id = connection.execute(sa.insert(entries_table).values(row)).inserted_primary_key[0]
            entries.record_article(connection, entry_id, Article(title, text, "http://a.example/1"), now=at)
            (entry,), _ = entries.claim_ready(connection, now=at, lease=HOUR, limit=1)
            joined = story_id is not None
            if joined:
                entries.grow_story(connection, story_id, entry, now=at)
            where = story_id if joined else entries.start_story(connection, entry, now=at)
            values = {"state": "grouped", "story_id": where, "copy_of_id": copy_of}
            connection.execute(sa.update(entries_table).where(entries_table.c.id == entry_id).values(values))
            found = follow.told(connection, story_id=where, entry=entry, joined=joined, now=at)
            return Told(entry_id, where, found)

        return self.act(work)

    def restate(self, entry_id, title, text=None, *, gone=False, at=NOW + HOUR):
        """The feed says otherwise, and the page as well (or there is none); what readers must hear of."""

        feed_id = self.feed("Post")

        def stated(connection):
            (row,) = items.kept_entries(connection, feed_id, ["k1"]).values()
            assert row.id == entry_id
            new = NewEntry("k1", title, "http://a.example/1", "", None, "other")
            assert items.add_version(connection, row, new, now=at)

        def read(connection):
            if gone:
                assert restated.missed(connection, entry_id, now=at, again_at=at)
            article = Article(title, "" if text is None else text, "http://a.example/1", bare=text is None)
            assert entries.record_article(connection, entry_id, article, gone=gone, now=at)
            (entry,), _ = entries.claim_ready(connection, now=at, lease=HOUR, limit=1)
            return follow.restated(connection, entry, now=at)

        self.act(stated)
        return self.act(read)

    def story(self):
        return self.act(lambda c: c.execute(sa.select(stories)).one())

    def entry(self, entry_id):
        query = sa.select(entries_table).where(entries_table.c.id == entry_id)
        return self.act(lambda c: c.execute(query).one())

    def since(self, revision, story_id=1):
        return self.act(partial(changes.since, story_id=story_id, revision=revision))


@pytest.fixture
def newsroom(sqlite):
    return Newsroom(sqlite)


def test_what_starts_a_story_is_no_change_and_has_its_importance(newsroom):
    told = newsroom.tell(TITLE, TEXT, topic="disasters")
    assert told.found == []
    story = newsroom.story()
    assert (story.revision, story.independent) == (1, 1)
    assert story.importance_because == ["one source +10", "disasters +12", "12 dead +12"]
    assert story.importance == 34


def test_a_new_fact_is_kept_with_the_revision_that_brought_it(newsroom):
    first = newsroom.tell(TITLE, TEXT)
    second = newsroom.tell("Toll rises", RISEN, outlet="News", story_id=first.story_id, at=NOW + 9 * HOUR)
    (change,) = newsroom.since(1)
    assert (change.kind, change.text, change.before) == (ChangeKind.FACT, RISEN, TEXT)
    assert (change.entry, change.outlet) == (second.id, "News")
    assert newsroom.since(2) == []
    assert newsroom.story().revision == 2


def test_backlog_copies_and_repetitions_bring_nothing_new(newsroom):
    first = newsroom.tell(TITLE, TEXT)
    newsroom.tell("Toll rises", RISEN, outlet="Old", story_id=first.story_id, backlog=True)
    newsroom.tell("Toll rises", RISEN, outlet="Copy", story_id=first.story_id, copy_of=first.id)
    newsroom.tell("Toll rises", RISEN, story_id=first.story_id)
    assert newsroom.since(0) == []


def test_the_third_independent_source_is_told_once_and_copies_are_none(newsroom):
    first = newsroom.tell(TITLE, TEXT)
    newsroom.tell(TITLE, OTHER, outlet="Copy", story_id=first.story_id, copy_of=first.id)
    newsroom.tell(TITLE, OTHER, outlet="Post", story_id=first.story_id)  # the same outlet again
    newsroom.tell(TITLE, OTHER, outlet="News", story_id=first.story_id, at=NOW + 9 * HOUR)
    assert newsroom.since(0) == []
    newsroom.tell(TITLE, OTHER, outlet="Third", story_id=first.story_id, at=NOW + 20 * HOUR)
    newsroom.tell(TITLE, OTHER, outlet="Fourth", story_id=first.story_id, at=NOW + 40 * HOUR)
    kinds = [change.kind for change in newsroom.since(0)]
    assert kinds.count(ChangeKind.SOURCES) == 1
    (change,) = (change for change in newsroom.since(0) if change.kind is ChangeKind.SOURCES)
    assert change.text == "Three independent sources report it now: Post, News and Third."
    assert newsroom.story().independent == 4


def test_a_step_in_importance_is_told_with_its_reasons(newsroom):
    first = newsroom.tell(TITLE, TEXT, topic="disasters")
    newsroom.tell(TITLE, OTHER, outlet="News", story_id=first.story_id, at=NOW + 9 * HOUR)
    (change,) = newsroom.since(0)
    assert change.kind is ChangeKind.IMPORTANCE
    assert change.text == "It matters more now: 2 independent sources, 12 dead."
    newsroom.tell(TITLE, OTHER, outlet="News", story_id=first.story_id, at=NOW + 10 * HOUR)
    assert len(newsroom.since(0)) == 1


def test_the_topics_that_a_story_meets_are_kept_and_count_beside_those_of_its_feeds(newsroom):
    told = newsroom.tell(TITLE, TEXT)
    entry = newsroom.entry(told.id)
    seen = []

    def topics(story):
        seen.append((story.title, story.text))
        return {"disasters": "“flood” in the headline"}

    newsroom.act(follow.told, story_id=told.story_id, entry=entry, joined=False, now=NOW, topics=topics)
    assert seen == [(TITLE, TEXT)]
    assert "disasters +12" in newsroom.story().importance_because
    assert newsroom.story().topics == {"disasters": "“flood” in the headline"}


def test_a_changed_figure_is_a_correction_with_before_and_after(newsroom):
    told = newsroom.tell(TITLE, TEXT)
    found = newsroom.restate(told.id, TITLE.replace("12", "9"), TEXT.replace("12", "9"))
    (change,) = newsroom.since(1)
    assert found == [change]
    assert (change.kind, change.before, change.text) == (
        ChangeKind.CORRECTION,
        TITLE,
        TITLE.replace("12", "9"),
    )
    assert (change.entry, change.outlet) == (told.id, "Post")
    story, entry = newsroom.story(), newsroom.entry(told.id)
    assert (story.revision, story.matched_revision) == (2, 0)
    assert (entry.state, entry.story_id, entry.was_headline, entry.was_text) == ("grouped", 1, None, None)
    assert entry.text == TEXT.replace("12", "9")


def test_a_minor_edit_changes_nothing_and_the_story_keeps_its_revision(newsroom):
    told = newsroom.tell(TITLE, TEXT)
    assert (
        newsroom.restate(
            told.id, "Northport earthquake kills 12", TEXT.replace("on Monday, the", "on Monday, its")
        )
        == []
    )
    assert (newsroom.since(0), newsroom.story().revision) == ([], 1)
    entry = newsroom.entry(told.id)
    assert (entry.state, entry.was_headline, entry.was_text) == ("grouped", None, None)
    assert (entry.headline, entry.title) == ("Northport earthquake kills 12", "Northport earthquake kills 12")


def test_a_page_that_cannot_be_read_again_leaves_the_text_and_only_the_headline_is_judged(newsroom):
    told = newsroom.tell(TITLE, TEXT)
    newsroom.restate(told.id, TITLE.replace("12", "9"))
    entry = newsroom.entry(told.id)
    assert (entry.text, entry.bare) == (TEXT, False)
    assert entry.headline == TITLE.replace("12", "9")
    (change,) = newsroom.since(0)
    assert (change.kind, change.before, change.text) == (ChangeKind.CORRECTION, TITLE, entry.headline)


def test_a_page_that_cannot_be_read_again_is_no_change_when_only_the_summary_was_edited(newsroom):
    told = newsroom.tell(TITLE, TEXT)
    headline = sa.update(entries_table).values(headline="Northport: 13 dead, says the page")
    newsroom.act(lambda c: c.execute(headline))
    assert newsroom.restate(told.id, TITLE) == []
    assert newsroom.entry(told.id).headline == "Northport: 13 dead, says the page"


def test_a_page_that_is_gone_is_a_withdrawal_and_its_outlet_is_no_witness(newsroom):
    told = newsroom.tell(TITLE, TEXT)
    newsroom.tell(TITLE, OTHER, outlet="News", story_id=told.story_id)
    newsroom.restate(told.id, "Page not found", gone=True)
    change = newsroom.since(2)[0]
    assert (change.kind, change.text, change.before) == (ChangeKind.WITHDRAWAL, TITLE, None)
    assert newsroom.entry(told.id).withdrawn_at == NOW + HOUR
    assert newsroom.story().independent == 1


def test_a_notice_of_withdrawal_is_told_in_its_own_words(newsroom):
    told = newsroom.tell(TITLE, TEXT)
    notice = "This article has been withdrawn because it was not true."
    newsroom.restate(told.id, TITLE, f"{notice}\n{TEXT}")
    (change,) = newsroom.since(1)
    assert (change.kind, change.text, change.before) == (ChangeKind.WITHDRAWAL, notice, TITLE)
    assert newsroom.entry(told.id).withdrawn_at is not None


def test_news_in_a_restated_entry_that_another_outlet_has_told_is_not_told_again(newsroom):
    told = newsroom.tell(TITLE, TEXT)
    newsroom.tell("Toll rises", RISEN, outlet="News", story_id=told.story_id)
    assert newsroom.restate(told.id, TITLE.replace("12", "15"), TEXT.replace("12", "15")) == []
    assert newsroom.story().revision == 2


def test_what_readers_were_told_stays_through_two_restatements(newsroom):
    told = newsroom.tell(TITLE, TEXT)
    for number in (1, 2):
        newsroom.act(restated.reopen, told.id, now=NOW, title=f"Title {number}")
    assert (newsroom.entry(told.id).was_headline, newsroom.entry(told.id).was_text) == (TITLE, TEXT)


@pytest.mark.parametrize(
    "changed",
    [
        {"backlog": True},  # nobody was told of it
        {"arrived_at": NOW - timedelta(days=4)},  # nobody remembers it
        {"withdrawn_at": NOW},
        {"state": "ready"},  # on its way to its story
    ],
)
def test_an_entry_that_nobody_was_told_of_lately_is_not_read_again(newsroom, changed):
    told = newsroom.tell(TITLE, TEXT)
    change = sa.update(entries_table).where(entries_table.c.id == told.id).values(changed)
    newsroom.act(lambda c: c.execute(change))
    assert not newsroom.act(restated.reopen, told.id, now=NOW, title="Other")
    assert newsroom.entry(told.id).was_text is None


def test_an_entry_on_its_way_to_its_story_is_asked_about_again_at_the_next_poll(newsroom):
    told = newsroom.tell(TITLE, TEXT)
    newsroom.act(lambda c: c.execute(sa.update(entries_table).values(state="ready")))
    (row,) = newsroom.act(items.kept_entries, newsroom.feed("Post"), ["k1"]).values()
    new = NewEntry("k1", "Other", None, "", None, "2")
    assert not newsroom.act(items.add_version, row, new, now=NOW)
    assert newsroom.entry(told.id).text_hash == "1"


def test_a_restated_entry_waits_for_a_busy_host_instead_of_being_told_from_its_summary(newsroom):
    told = newsroom.tell(TITLE, TEXT)
    newsroom.act(restated.reopen, told.id, now=NOW, title="Other")
    claim = partial(entries.claim_new, lease=HOUR, limit=9, late_before=NOW + HOUR)
    assert newsroom.act(claim, now=NOW + HOUR, busy={"a.example"})[0] == []
    (found,) = newsroom.act(claim, now=NOW + HOUR)[0]
    assert (found.id, found.restated, found.missing) == (told.id, True, False)


def test_a_second_judgement_of_what_was_judged_changes_nothing(newsroom):
    told = newsroom.tell(TITLE, TEXT)
    newsroom.restate(told.id, TITLE.replace("12", "9"), TEXT.replace("12", "9"))
    assert newsroom.act(follow.restated, newsroom.entry(told.id), now=NOW) == []
    assert newsroom.story().revision == 2


def test_changes_go_with_their_story(newsroom):
    first = newsroom.tell(TITLE, TEXT)
    newsroom.tell("Toll rises", RISEN, outlet="News", story_id=first.story_id)
    newsroom.act(lambda c: c.execute(sa.delete(stories)))
    assert newsroom.since(0) == []
