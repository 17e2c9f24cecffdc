from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.novelty import key_hash, novel
from bot.feeds.parse import ParsedEntry


def an_entry(key: str) -> ParsedEntry:
    return ParsedEntry(key=key, title=key, url=None, summary="", published_at=None, author=None)


def test_a_hash_never_changes():
    assert key_hash("https://example.com/1") == "W1lZTGPqF2_X67eq"
    assert key_hash("") == "uOHdo6wKo4IK0pkL"


@given(st.text(), st.text())
def test_different_keys_have_different_hashes_of_sixteen_characters(one, other):
    assert len(key_hash(one)) == 16
    assert (key_hash(one) == key_hash(other)) == (one == other)


def test_a_key_with_half_a_character_has_a_hash():
    assert key_hash("\ud800")


def test_only_unseen_entries_are_new_and_the_oldest_comes_first():
    entries = [an_entry(key) for key in ("d", "c", "b", "a")]
    assert [entry.key for entry in novel(entries, {key_hash("b"), key_hash("gone")})] == ["a", "c", "d"]
    assert [entry.key for entry in novel(entries, [key_hash(key) for key in "abcd"])] == []


def test_an_empty_feed_means_nothing_happened():
    assert novel([], {key_hash("a")}) == []
