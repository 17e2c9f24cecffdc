"""Names tell most, rare ones more than common ones, and groups are compared by the mean over their pairs."""

from itertools import product

import pytest

from bot.stories.alike import Rarity, alike, middle, side, within
from bot.stories.profile import profile
from tests.stories.words import Words

REHAB = "The actress {} has checked into a clinic in Malibu, her spokesman said, and asks for privacy."


def a_side(text, *, rarity=None, outlet="a", day=0.0):
    (meaning,) = Words().meanings([text])
    words = profile("", text)
    return side(words, rarity or Rarity(), meaning=meaning, outlet=outlet, day=day)


def test_the_same_words_about_another_person_are_less_alike():
    ada = a_side(REHAB.format("Ada Brunel"))
    again = a_side(REHAB.format("Ada Brunel") + " Doctors expect her to stay a month.")
    bea = a_side(REHAB.format("Beatrix Onslow"))
    assert alike(ada, again).names > alike(ada, bea).names
    assert alike(ada, again).odds > alike(ada, bea).odds


def test_a_name_that_everybody_has_tells_less_than_a_rare_one():
    rarity = Rarity()
    for number in range(50):
        rarity.add(profile("", f"In Washington the Senate heard the witness number {number}."))
    rarity.add(profile("", "In Northport the harbour was opened."))
    assert rarity.of("washington") < rarity.of("northport")


def test_old_words_fade_and_the_count_stays_bounded():
    rarity = Rarity()
    words = profile("", "The harbour was opened.")
    for _ in range(20_000):
        rarity.add(words)
    assert len(rarity) == 10_000


def test_groups_are_as_alike_as_their_pairs_on_average():
    ones = [a_side(REHAB.format(name), outlet=name) for name in ("Ada Brunel", "Ada", "Brunel")]
    others = [a_side(REHAB.format("Beatrix Onslow")), a_side("The harbour at Northport was opened.", day=1)]
    pairs = [alike(one, other) for one, other in product(ones, others)]
    found = alike(middle(ones), middle(others))
    assert found.names == pytest.approx(sum(pair.names for pair in pairs) / len(pairs), abs=1e-6)
    assert found.odds == pytest.approx(sum(pair.odds for pair in pairs) / len(pairs), abs=1e-5)


def test_how_alike_a_group_is_within_itself_counts_no_entry_with_itself():
    ones = [a_side(REHAB.format(name)) for name in ("Ada Brunel", "Beatrix Onslow", "Cora Lindqvist")]
    pairs = [alike(ones[i], ones[j]).kinship for i, j in ((0, 1), (0, 2), (1, 2))]
    # six ordered pairs, drawn to 0 by four even chances
    assert within(middle(ones)) == pytest.approx(sum(pairs) / 3 * 6 / 10, abs=1e-5)
    assert within(ones[0]) == 0.0


def test_days_and_one_outlet_make_it_less_likely_but_not_less_akin():
    one, same = a_side(REHAB.format("Ada")), a_side(REHAB.format("Ada"))
    late, elsewhere = a_side(REHAB.format("Ada"), day=2.0), a_side(REHAB.format("Ada"), outlet="b")
    assert alike(one, late).odds < alike(one, same).odds < alike(one, elsewhere).odds
    assert alike(one, late).kinship == alike(one, elsewhere).kinship


def test_the_reason_names_what_is_the_same_and_how_likely_it_makes_one_event():
    one = a_side(REHAB.format("Ada Brunel"))
    near = alike(one, a_side(REHAB.format("Ada Brunel"), outlet="b"))
    assert near.because == f"same names, words and meaning, {near.chance:.2f}"
    assert 0.9 < near.chance <= 1.0
