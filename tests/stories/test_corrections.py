"""What a publisher has changed in a report that readers have had; and that wording alone is nothing."""

import gzip
import itertools
import json
from pathlib import Path

import pytest

from bot.model import ChangeKind
from bot.sentences import split
from bot.stories.changes import Report
from bot.stories.corrections import corrected

PAIRS = Path(__file__).parents[3] / "shared" / "data" / "stories" / "same-article-pairs.jsonl.gz"
TITLE = "Harbour repairs to cost 12 million euros"
LEAD = "The repair of the harbour wall will cost 12 million euros, Mayor Jane Porter said on Monday."
SECOND = "The council voted for the repair, and the ferry will sail as planned."
THIRD = "Engineers from Delft will lead the work with a crew of 40 people."
MORE = ("The wall moved in the storm.", "Two boats were lost.", "The harbour has 9 piers.")
WAS = Report(TITLE, (LEAD, SECOND, THIRD, *MORE), "Harbour Post")


def now(title=TITLE, **swapped):
    """The report with some words changed."""
    sentences = WAS.sentences
    for old, new in swapped.pop("words", {}).items():
        title = title.replace(old, new)
        sentences = tuple(sentence.replace(old, new) for sentence in sentences)
    return Report(title, (*sentences, *swapped.pop("added", ())), WAS.outlet)


def test_a_figure_that_was_changed_is_told_with_before_and_after():
    (change, *more) = corrected(WAS, now(words={"12 million": "15 million"}), entry=3)
    assert more == []  # once, though the headline and the text had it
    assert change.kind is ChangeKind.CORRECTION
    assert (change.before, change.text) == (TITLE, "Harbour repairs to cost 15 million euros")
    assert (change.entry, change.outlet) == (3, "Harbour Post")


def test_a_figure_in_the_text_alone_is_told_by_its_sentence():
    (change,) = corrected(WAS, now(words={"40 people": "60 people"}))
    assert (change.before, change.text) == (THIRD, THIRD.replace("40", "60"))


def test_a_name_that_was_changed_is_told():
    (change,) = corrected(WAS, now(words={"Jane Porter": "Ruth Miller"}))
    assert (change.kind, change.before) == (ChangeKind.CORRECTION, LEAD)
    assert change.text == LEAD.replace("Jane Porter", "Ruth Miller")


def test_a_headline_that_named_somebody_else_is_told_in_capitals_too():
    was = Report("Studio Slams Film With Tom Reed and Ann Pitt", ("A film shows Tom Reed and Ann Pitt.",))
    says = Report("Studio Slams Film With Tom Hale and Ann Pitt", ("A film shows Tom Hale and Ann Pitt.",))
    (change, *_) = corrected(was, says)
    assert (change.before, change.text) == (was.title, says.title)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The council voted for the repair, and", "The council has not voted for the repair, and"),
        ("the ferry will sail as planned", "the ferry will not sail as planned"),
    ],
)
def test_a_denial_that_came_or_went_is_told(old, new):
    (change,) = corrected(WAS, now(words={old: new}))
    assert (change.kind, change.before) == (ChangeKind.CORRECTION, SECOND)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Harbour fees rise after storm", "Harbour fees fall after storm"),
        ("Council approves harbour repair", "Council rejects harbour repair"),
        ("Porter wins vote in Northport", "Porter loses vote in Northport"),
    ],
)
def test_a_headline_that_says_the_contrary_is_told(old, new):
    (change,) = corrected(Report(old, WAS.sentences), Report(new, WAS.sentences))
    assert (change.kind, change.before, change.text) == (ChangeKind.CORRECTION, old, new)


def test_a_toll_that_rose_is_news_and_one_that_fell_is_a_correction():
    lower, higher = (
        Report(f"Storm kills {n} in Northport", (f"The storm killed {n} people.",)) for n in (3, 5)
    )
    assert [change.kind for change in corrected(lower, higher)] == [ChangeKind.FACT]
    assert [change.kind for change in corrected(higher, lower)] == [ChangeKind.CORRECTION]


def test_a_stage_that_the_same_article_tells_later_is_news():
    was = Report("Hiker missing near Northport", ("A hiker is missing near Northport, police said.",))
    says = Report(
        "Missing hiker found dead near Northport", ("A hiker was found dead near Northport, police said.",)
    )
    assert ChangeKind.STAGE in {change.kind for change in corrected(was, says)}


@pytest.mark.parametrize(
    "says",
    [
        WAS,
        now("Repair of harbour wall to cost 12m euros"),  # a headline in other words
        now(words={"said on Monday": "told the council on Monday"}),
        now(words={"Jane Porter": "Jane Portier"}),  # a spelling
        now(words={"12 million euros": "€12 million"}),
        now(words={"12 million": "about 12.1 million"}),  # a rounding
        now(added=("The repair begins in 3 weeks, Hugh Grant of the water board said.",)),  # what was added
        Report(TITLE, WAS.sentences[:3], WAS.outlet),  # what was left out
        Report(TITLE, (SECOND, LEAD, *WAS.sentences[2:]), WAS.outlet),  # what was moved
        now(words={"9 piers": "11 piers"}),  # far down, and in no digest
        now(added=("Correction: The caption of the photo has been changed.",)),
    ],
)
def test_wording_order_and_what_readers_were_not_told_change_nothing(says):
    assert corrected(WAS, says) == []


def test_what_a_digest_told_is_watched_however_far_down_it_stands():
    says = now(words={"9 piers": "11 piers"})
    (change,) = corrected(WAS, says, told=["The harbour has 9 piers."])
    assert (change.before, change.text) == ("The harbour has 9 piers.", "The harbour has 11 piers.")


def test_a_price_that_moves_all_day_is_not_corrected_by_its_next_state():
    was, says = (
        Report(f"Harbour Holdings shares sink {n}%", (f"Shares in Harbour Holdings fell {n}% on Monday.",))
        for n in (8, 7)
    )
    assert corrected(was, says) == []


def test_a_publishers_own_correction_is_told_in_its_words():
    notice = "Correction: An earlier version of this article misstated who pays for the repair."
    (change,) = corrected(WAS, now(added=(notice,)))
    assert (change.kind, change.text, change.before) == (ChangeKind.CORRECTION, notice, None)
    assert corrected(now(added=(notice,)), now(added=(notice,))) == []  # it was there before


@pytest.mark.parametrize(
    "notice",
    [
        "This article has been withdrawn because its source was not what it seemed.",
        "We have retracted this story.",
        "RETRACTED: Harbour repairs to cost 12 million euros",
    ],
)
def test_a_withdrawal_is_told_with_the_headline_that_readers_had(notice):
    (change,) = corrected(WAS, now(added=(notice,)))
    assert (change.kind, change.text, change.before) == (ChangeKind.WITHDRAWAL, notice, TITLE)


def test_news_of_a_withdrawal_is_none():
    says = now(added=("The army has withdrawn from the harbour.", "A post that was deleted called it ugly."))
    assert corrected(WAS, says) == []


@pytest.mark.skipif(not PAIRS.exists(), reason="the pairs of real pages are not beside this checkout")
def test_of_real_pages_read_twice_few_are_corrections():
    with gzip.open(PAIRS, "rt", encoding="utf-8") as file:
        pairs = [json.loads(line) for line in itertools.islice(file, 0, None, 3)]  # a part of them is enough

    def report(page):
        return Report(page["title"], tuple(sentence.text for sentence in split(page["text"])))

    found = [corrected(report(pair["a"]), report(pair["b"])) for pair in pairs]
    same = [pair for pair, change in zip(pairs, found, strict=True) if change and pair["a"] == pair["b"]]
    count = sum(map(bool, found))
    print(f"{count} of {len(pairs)} pairs have a change that readers are told of")
    assert not same
    assert 2 <= count <= 0.06 * len(pairs)
