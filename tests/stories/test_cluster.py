"""Conservative, because a false join hides news."""

from bot.stories.cluster import Joined, Neighbour, Started, decide
from bot.stories.fingerprint import fingerprint

WORDS = [
    "the",
    "harbour",
    "dam",
    "at",
    "northport",
    "held",
    "through",
    "the",
    "night",
    "after",
    "the",
    "river",
    "rose",
    "four",
    "metres",
]
TEXT = " ".join(f"{word}{number}" for number in range(6) for word in WORDS)
OTHER_TEXT = " ".join(f"{word}{number}" for number in range(6, 12) for word in WORDS)
TITLE = "Harbour dam holds through the night"
OTHER_TITLE = "Water board praises engineers of Northport dam"


def print_of(title=TITLE, text=TEXT, url=None):
    return fingerprint(title, text, url)


def neighbour(print_, *, story_id=1, feed_id=1):
    return Neighbour(story_id, feed_id, print_)


def test_with_no_neighbours_a_story_starts():
    assert decide(print_of(), feed_id=1, neighbours=[]) == Started()


def test_the_same_link_is_the_same_story():
    one = print_of(TITLE, TEXT, "https://a.example/dam")
    other = print_of(OTHER_TITLE, OTHER_TEXT, "https://www.a.example/dam")
    assert decide(other, feed_id=1, neighbours=[neighbour(one)]) == Joined(1, "same link")


def test_a_near_copy_under_another_headline_joins_and_says_how_near():
    copy = print_of("Dam holds at Northport", TEXT + " said the agency")
    joined = decide(copy, feed_id=2, neighbours=[neighbour(print_of())])
    assert joined == Joined(1, "same text, 0.97 of its word triples")


def test_the_same_text_under_headlines_with_nothing_in_common_is_a_paywall():
    offer = "Subscribe to read. " + TEXT
    one, other = print_of(TITLE, offer), print_of("Ministers quarrel about new budget rules", offer)
    assert decide(other, feed_id=1, neighbours=[neighbour(one)]) == Started()


def test_a_text_without_a_headline_is_judged_by_itself():
    assert isinstance(decide(print_of(""), feed_id=2, neighbours=[neighbour(print_of())]), Joined)


def test_the_same_headline_at_another_outlet_joins():
    other = print_of(TITLE, OTHER_TEXT)
    assert decide(other, feed_id=2, neighbours=[neighbour(print_of())]) == Joined(
        1, "same headline at another outlet"
    )


def test_the_same_headline_at_the_same_outlet_with_another_text_does_not():
    other = print_of(TITLE, OTHER_TEXT)
    assert decide(other, feed_id=1, neighbours=[neighbour(print_of())]) == Started()


def test_the_same_headline_at_the_same_outlet_with_a_text_that_grew_does():
    grown = print_of(TITLE, TEXT + " " + OTHER_TEXT)
    assert decide(grown, feed_id=1, neighbours=[neighbour(print_of())]) == Joined(1, "same headline")


def test_another_event_with_some_of_the_same_words_does_not_join():
    part = " ".join(TEXT.split()[:25])
    other = print_of("Harbour dam fails in the second night", part + " " + OTHER_TEXT)
    assert decide(other, feed_id=2, neighbours=[neighbour(print_of())]) == Started()


def test_the_best_reason_wins_whatever_the_order_of_the_neighbours():
    link = "https://a.example/dam"
    by_text = neighbour(print_of("Dam at Northport holds", TEXT), story_id=1)
    by_title = neighbour(print_of(TITLE, OTHER_TEXT), story_id=2)
    by_link = neighbour(print_of(OTHER_TITLE, OTHER_TEXT, link), story_id=3)
    new = print_of(TITLE, TEXT + " said the agency", link)
    for neighbours in ([by_text, by_title, by_link], [by_link, by_title, by_text]):
        assert decide(new, feed_id=2, neighbours=neighbours) == Joined(3, "same link")
    for neighbours in ([by_text, by_title], [by_title, by_text]):
        assert decide(new, feed_id=2, neighbours=neighbours).story_id == 2


def test_of_equal_reasons_the_oldest_story_wins():
    both = [neighbour(print_of(), story_id=9), neighbour(print_of(), story_id=4)]
    assert decide(print_of(), feed_id=2, neighbours=both).story_id == 4
    assert decide(print_of(), feed_id=2, neighbours=both[::-1]).story_id == 4
