"""An item is new once, whatever its publisher does to its guid, its link and its title."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.marks import key_hash, listed, marks_of, text_hash
from bot.feeds.novelty import Identity, KnownItem, marks_to_ask, sort_out
from bot.feeds.parse import ParsedEntry

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
STORIES = ["Quay reopens after the storm", "Council votes on the new bridge", "Ferry runs again at night",
           "Museum shows its oldest map", "School closes for two weeks", "Harbour wins the cup",
           "Bakers ask for cheaper flour", "Tram line gets a third track", "Library opens on Sundays",
           "Storm warning for the coast"]  # fmt: skip


class Feed:
    """A feed as it is polled again and again, with what was learnt between two polls."""

    def __init__(self):
        self.seen, self.items, self.identity = {}, {}, Identity()

    def poll(self, entries):
        """The titles of what is new."""
        shown = listed(entries)
        seen = {mark: self.seen[mark] for mark in marks_to_ask(shown) if mark in self.seen}
        result = sort_out(
            shown,
            seen=seen,
            items=self.items,
            titles={known.title.casefold(): item for item, known in self.items.items()},
            identity=self.identity,
        )
        self.identity = result.identity
        self.seen |= result.worn
        for one in result.new:
            self.items[one.marks.item] = KnownItem(one.entry.title, one.entry.published_at, one.entry.url)
        return [one.entry.title for one in result.new]

    def forget_entries(self):
        """A month has gone by."""
        self.items = {}


def an_entry(title, *, guid=None, url=None, summary="", published_at=None):
    return ParsedEntry(key=guid or url or title, title=title, url=url, summary=summary,
                       published_at=published_at, author=None, guid=guid)  # fmt: skip


def stories(count=10, *, host="news.example", guid=True, query=""):
    return [
        an_entry(
            title,
            guid=f"id-{number}" if guid else None,
            url=f"https://{host}/2026/{number}-{title.casefold().replace(' ', '-')}{query}",
        )
        for number, title in enumerate(STORIES[:count])
    ]


def test_the_first_poll_is_all_new_the_oldest_first_and_the_second_is_not():
    feed = Feed()
    assert feed.poll(stories()) == STORIES[::-1]
    assert feed.poll(stories()) == []


def test_one_more_is_one_new():
    feed = Feed()
    feed.poll(stories(9))
    assert feed.poll(stories(10)) == [STORIES[9]]


def test_an_empty_feed_means_nothing_happened():
    feed = Feed()
    feed.poll(stories())
    assert feed.poll([]) == []
    assert feed.poll(stories()) == []


def test_an_edited_title_is_no_news():
    feed = Feed()
    feed.poll(stories())
    assert feed.poll([replace(one, title=f"UPDATED: {one.title}, say officials") for one in stories()]) == []


def test_a_guid_made_anew_on_every_request_is_no_news_and_soon_not_kept():
    feed = Feed()
    for number in range(30):
        new = feed.poll([replace(one, guid=f"{one.guid}-{number}") for one in stories()])
        assert new == ([] if number else STORIES[::-1])
    assert not feed.identity.guid.is_stable
    assert len(feed.seen) < 40  # not ten more on every poll


def test_a_guid_that_counts_the_edits_is_no_news():
    feed = Feed()
    feed.poll([replace(one, guid=f"{one.url}#0") for one in stories()])
    assert (
        feed.poll([replace(one, guid=f"{one.url}#1", title=one.title + " (updated)") for one in stories()])
        == []
    )


def test_a_feed_that_moves_to_another_host_has_nothing_new():
    feed = Feed()
    feed.poll([replace(one, guid=one.url) for one in stories()])
    moved = [replace(one, guid=one.url) for one in stories(host="www.example.org")]
    assert feed.poll(moved) == []
    assert feed.poll([replace(one, guid=one.url) for one in stories(host="m.other.example")]) == []


def test_tracking_parameters_are_no_news():
    feed = Feed()
    feed.poll(stories(guid=False))
    assert feed.poll(stories(guid=False, query="?utm_source=rss&at_campaign=64")) == []
    assert feed.poll([replace(one, guid=one.url) for one in stories(query="?utm_medium=feed")]) == []


def test_an_old_item_that_reappears_is_no_news_even_when_its_entry_is_gone():
    feed = Feed()
    feed.poll(stories())
    feed.poll(stories(3))
    feed.forget_entries()
    assert feed.poll(stories()) == []


def test_a_new_system_that_changes_all_guids_and_links_keeps_the_titles():
    feed = Feed()
    feed.poll(stories())
    anew = [
        replace(one, guid=f"post-{n}", url=f"https://news.example/a/{n}x7") for n, one in enumerate(stories())
    ]
    assert feed.poll(anew) == []
    assert feed.poll(anew) == []


def test_links_with_a_session_in_them_and_no_guid_are_no_news():
    feed = Feed()
    feed.poll(stories(guid=False))
    for number in range(6):
        assert feed.poll(stories(guid=False, query=f"?session={number}a{number}")) == []


def test_where_all_items_share_one_link_the_guid_tells():
    feed = Feed()
    shared = [replace(one, url="https://status.example/incidents/1") for one in stories()]
    assert feed.poll(shared[:5]) == STORIES[4::-1]
    assert feed.poll(shared) == STORIES[:4:-1]


def test_where_all_items_link_to_the_home_page_the_guid_tells():
    feed = Feed()
    shared = [replace(one, url="https://news.example/") for one in stories()]
    feed.poll(shared[:5])
    assert feed.poll(shared[5:6]) == [STORIES[5]]


def test_where_all_items_share_one_guid_the_link_tells():
    feed = Feed()
    shared = [replace(one, guid="https://news.example/rss/1") for one in stories()]
    feed.poll(shared[:5])
    assert feed.poll(shared) == STORIES[:4:-1]


def test_guids_that_number_the_places_hide_nothing_and_repeat_nothing():
    feed = Feed()
    for first in range(6):
        window = stories()[first : first + 4]
        numbered = [replace(one, guid=str(place)) for place, one in enumerate(window[::-1])]
        assert feed.poll(numbered) == (STORIES[first + 3 : first + 4] if first else STORIES[:4])


def test_a_feed_with_titles_only_knows_them_again():
    feed = Feed()
    bare = [replace(one, guid=None, url=None) for one in stories()]
    assert len(feed.poll(bare[:9])) == 9
    assert feed.poll(bare) == [STORIES[9]]
    feed.forget_entries()
    assert feed.poll(bare) == []


def test_another_story_under_a_link_used_before_is_news():
    feed = Feed()
    for _ in range(3):
        feed.poll(stories())
    reused = an_entry("Volcano erupts near village", guid="id-99", url=stories()[0].url)
    assert feed.poll([reused, *stories()[1:]]) == ["Volcano erupts near village"]


def test_the_same_title_under_a_new_guid_and_link_is_news():
    feed = Feed()
    for _ in range(3):
        feed.poll(stories())
    again = an_entry(STORIES[9], guid="id-77", url="https://news.example/2027/77-storm-warning")
    assert feed.poll([again, *stories()[:9]]) == [STORIES[9]]


def test_the_same_title_and_date_under_a_new_guid_and_link_is_not():
    feed = Feed()
    dated = [replace(one, published_at=NOW) for one in stories()]
    feed.poll(dated)
    again = replace(dated[9], guid="id-77", url="https://news.example/2027/77-storm")
    assert feed.poll([again, *dated[:9]]) == []


def test_items_that_come_to_share_a_mark_are_known_all_the_same():
    feed = Feed()
    page = "https://maker.example/history#v"
    one, two = (an_entry(f"Version {n} is out today", url=f"{page}{n}") for n in (1, 2))
    assert feed.poll([one]) == [one.title]
    assert feed.poll([two, one]) == [two.title]
    assert feed.poll([two, one]) == []
    shared = [
        an_entry(title, guid="always", url=f"https://news.example/{n}") for n, title in enumerate(STORIES)
    ]
    other = Feed()
    assert other.poll(shared[:1]) == STORIES[:1]
    assert other.poll(shared[:2]) == STORIES[1:2]
    assert other.poll(shared[:3]) == STORIES[2:3]


def test_todays_warnings_under_yesterdays_titles_are_news():
    feed = Feed()
    titles = [f"Yellow wind warning for region {n}" for n in range(8)]
    for day in range(3):
        entries = [
            an_entry(title, guid=f"w-{day}-{n}", url=f"https://met.example/{day}/{n}-warning",
                     published_at=NOW.replace(day=2 + day))
            for n, title in enumerate(titles)
        ]  # fmt: skip
        assert feed.poll(entries) == titles[::-1]


def test_warnings_with_nothing_but_a_title_are_told_apart_by_their_dates():
    feed = Feed()
    for day in range(3):
        one = an_entry(
            "Severe weather warning issued", url="https://met.example/", published_at=NOW.replace(day=2 + day)
        )
        assert feed.poll([one]) == [one.title]
        assert feed.poll([one]) == []


def test_a_feed_of_one_item_at_a_time_tells_every_one():
    same_link = Feed()
    by_guid = [
        an_entry(title, guid=f"id-{n}", url="https://alert.example/latest/1")
        for n, title in enumerate(STORIES)
    ]
    assert [same_link.poll([one]) for one in by_guid] == [[title] for title in STORIES]
    same_guid = Feed()
    by_link = [
        an_entry(title, guid="https://alert.example/feed/1", url=f"https://alert.example/a/{n}-x")
        for n, title in enumerate(STORIES)
    ]
    assert [same_guid.poll([one]) for one in by_link] == [[title] for title in STORIES]
    fragments = Feed()
    on_one_page = [
        an_entry(title, guid=f"https://status.example/history#ec2-{n}", url="https://status.example/history")
        for n, title in enumerate(STORIES)
    ]
    assert [fragments.poll([one]) for one in on_one_page] == [[title] for title in STORIES]


def test_two_sites_of_one_collection_may_number_their_posts_alike():
    feed = Feed()
    one = an_entry(
        "Quay reopens after the storm", guid="https://a.example/?p=105", url="https://a.example/2026/03/01/7"
    )
    two = an_entry(
        "Museum shows its oldest map", guid="https://b.example/?p=105", url="https://b.example/2026/03/01/7"
    )
    assert feed.poll([one]) == [one.title]
    assert feed.poll([two]) == [two.title]


def test_an_item_listed_twice_is_one():
    feed = Feed()
    assert feed.poll([*stories(2), *stories(2)]) == STORIES[1::-1]


def test_a_publisher_who_mends_his_ways_is_believed_again():
    feed = Feed()
    for number in range(10):
        feed.poll([replace(one, guid=f"{one.guid}-{number}") for one in stories()])
    assert not feed.identity.guid.is_stable
    for _ in range(200):
        feed.poll(stories())
    assert Identity.from_json(feed.identity.as_json()) == feed.identity


@given(
    st.lists(st.sampled_from(STORIES), min_size=1, max_size=10, unique=True),
    st.randoms(use_true_random=False),
)
def test_the_order_of_a_feed_decides_nothing(titles, random):
    feed = Feed()
    entries = [an_entry(title, guid=title) for title in titles]
    assert feed.poll(entries) == titles[::-1]
    random.shuffle(entries)
    assert feed.poll(entries) == []


def test_a_hash_never_changes():
    assert key_hash("https://example.com/1") == "W1lZTGPqF2_X67eq"
    assert key_hash("") == "uOHdo6wKo4IK0pkL"


@given(st.text(), st.text())
def test_different_keys_have_different_hashes_of_sixteen_characters(one, other):
    assert len(key_hash(one)) == 16
    assert (key_hash(one) == key_hash(other)) == (one == other)


@given(st.text(), st.none() | st.text(), st.none() | st.text())
def test_every_entry_has_marks(title, guid, url):
    marks = marks_of(an_entry(title, guid=guid, url=url))
    assert marks.item
    assert marks.text


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("<p>The dam holds.</p>", "<div>The  dam\nholds</div>", True),
        ("The dam holds", "THE DAM HOLDS!", True),
        ("40 were hurt", "41 were hurt", False),
        ("<img src='a.jpg?w=1'>The dam holds", "<img src='a.jpg?w=2'>The dam holds", True),
    ],
)
def test_only_words_make_a_version(one, other, same):
    assert (text_hash("A title", one) == text_hash("A title", other)) == same


def test_markup_made_to_hurt_is_read_in_linear_time():
    assert text_hash("A title", "<" * 200_000)
