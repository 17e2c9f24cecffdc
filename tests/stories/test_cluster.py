"""Conservative, because a false join hides news."""

from bot.stories.alike import Rarity, middle, side
from bot.stories.cluster import Joined, Neighbour, Started, decide, merger, parted
from bot.stories.fingerprint import fingerprint
from bot.stories.profile import profile
from tests.stories.words import Words

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


def a_side(text, *, outlet="a"):
    (meaning,) = Words().meanings([text])
    return side(profile("", text), Rarity(), meaning=meaning, outlet=outlet, day=0.0)


DAM = "The harbour dam at Northport held while the river rose, the water board said."
CONCERT = "The national orchestra has chosen Ada Brunel to lead it for five seasons."


def test_an_entry_joins_the_story_that_is_most_alike_and_the_reason_says_how_much():
    standing = {1: a_side(CONCERT), 2: a_side(DAM), 3: a_side(DAM + " " + CONCERT)}
    itself = a_side("At Northport the harbour dam held, the board said, while the river rose.", outlet="b")
    found = decide(print_of(), feed_id=1, neighbours=[], itself=itself, standing=standing)
    assert found.story_id == 2
    assert found.because.startswith("joined story 2: same names, words and meaning, ")


def test_wording_decides_before_meaning():
    itself = a_side(CONCERT, outlet="b")
    found = decide(
        print_of(),
        feed_id=2,
        neighbours=[neighbour(print_of())],
        itself=itself,
        standing={2: a_side(CONCERT)},
    )
    assert found.story_id == 1


def test_what_is_like_nothing_enough_starts_a_story():
    found = decide(
        print_of(), feed_id=1, neighbours=[], itself=a_side(DAM), standing={1: a_side(CONCERT, outlet="b")}
    )
    assert found == Started()


def test_too_few_words_are_like_everything_and_join_nothing():
    brief = a_side("Morning brief", outlet="b")
    assert decide(print_of(), feed_id=1, neighbours=[], itself=brief, standing={1: brief}) == Started()


def test_an_entry_of_another_event_is_parted_and_the_oldest_stays():
    told = {1: a_side(DAM), 2: a_side(CONCERT), 3: a_side(DAM, outlet="b"), 4: a_side(CONCERT, outlet="c")}
    assert parted(told) == {2, 4}


def test_a_story_of_one_event_is_not_parted():
    assert (
        parted({1: a_side(DAM), 2: a_side(DAM, outlet="b"), 3: a_side(DAM + " Two gates opened.")}) == set()
    )
    assert parted({1: a_side(DAM)}) == set()


def test_what_is_bound_by_its_wording_is_not_parted():
    told = {1: a_side(DAM), 2: a_side(CONCERT), 3: a_side(DAM, outlet="b")}
    assert parted(told) == {2}
    assert parted(told, bound={2}) == set()


def test_two_close_groups_of_one_kind_are_not_merged_by_what_their_kind_has_in_common():
    kind = "Police in San Diego arrested {} of the {} for drunk driving."
    one, other = kind.format("Ada Brunel", "Gulls"), kind.format("Cora Lindqvist", "Herons")
    loose = a_side(other, outlet="x")
    close = middle([a_side(one, outlet=str(number)) for number in range(6)])
    alone = a_side(one, outlet="z")
    assert merger(alone, {1: loose}) is not None
    assert merger(close, {1: loose}) is None


def test_of_equal_reasons_the_oldest_story_wins():
    both = [neighbour(print_of(), story_id=9), neighbour(print_of(), story_id=4)]
    assert decide(print_of(), feed_id=2, neighbours=both).story_id == 4
    assert decide(print_of(), feed_id=2, neighbours=both[::-1]).story_id == 4
