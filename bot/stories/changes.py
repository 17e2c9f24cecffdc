"""What a report adds to what a story's readers know: a count that has risen, a next stage, a new actor. Pure.

Conservative: a message about nothing is worse than a detail that waits for the next digest. So only what a
report puts first counts, its headline and opening sentences, and only what no earlier report has said at all.
Background, rewrites and copies are found to say nothing new by that.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from bot.facts import Bound, Number, comparable, is_title_case, numbers
from bot.model import Change, ChangeKind
from bot.stories.stages import is_past, mentioned, stages
from bot.stories.wording import LIGHT, said, said_in
from bot.text import fold, words

_LEAD = 3  # sentences in which a report says what is new
_OPENING = 2  # in which a next stage stands
_CENTRAL = 5  # in which it says what the matter is
_RISEN = Decimal("1.05")  # 1,012 dead are 1,034 an hour later: no message
_ROUGHLY = Decimal("1.2")  # "about 120" after 112 is rounding
_LEAP = 20  # times as many: another event's toll, unless the headline says so
_SHARED = 2  # words of some weight that a stage's sentence has in common with the story
_WEIGHTY = 4  # letters
RISING = frozenset({"killed", "injured", "arrested", "evacuated", "displaced", "rescued", "charged"})
# What somebody does that is news by itself; to say something, or to react, is not.
# Where no report has any of these words, the first dead of a headline are news.
_DEATH = frozenset(
    (
        *("dead", "death", "deaths", "died", "dies", "die", "dying", "killed", "kills", "kill", "killing"),
        *(
            "fatal",
            "fatally",
            "fatalities",
            "fatality",
            "bodies",
            "body",
            "toll",
            "slain",
            "murder",
            "murdered",
        ),
        *("shot", "victims", "victim", "lives", "casualties", "massacre"),
    )
)
_DEEDS = re.compile(
    r"(?:also |now |then |has |have |had |on \w+ |formally |officially |unanimously )*"
    r"(?:(?:arrest|attack|block|bomb|cancel|clos|declar|deploy|evacuat|expel|extradit|fir|halt|impos|indict"
    r"|invad|join|kill|launch|lift|nominat|order|overturn|pardon|recall|releas|resign|retaliat|rul|sack"
    r"|sanction|seiz|suspend|veto|appoint|elect|acquir|charg|sentenc|captur|offer|reject|sign|interven|reopen"
    r"|ban|quit|defeat|depart)(?:n?ed|e?s|led)|announc(?:es|ed) (?:his|her|their) (?:departure|resignation"
    r"|retirement)|sues|sued|sends|sent|shoots|shot|takes? over|took over|withdr(?:aws|ew)|buys|bought"
    r"|strikes"
    r"|struck|claim(?:s|ed) responsibility|froze|freezes|approve[ds]|step(?:s|ped) in|shuts?|leaves|left|wins"
    r"|won)\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?<![\w-])(?:[A-Z][\w.'’&-]*(?:\s+(?:(?:of|the|and|de|al|bin|van|von|del"
    r"|la)\s+)?[A-Z][\w.'’&-]*)+|[A-Z]{3,})"
    r"(?!\w)"
)
_AFTER_PREPOSITION = re.compile(
    r"\b(?:in|at|near|from|on|of|by|with|to|for|against|into|over|outside)(?:\s+the)?\s*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Report:
    """What an outlet has told: its headline, and its sentences in order."""

    title: str
    sentences: tuple[str, ...]
    outlet: str = ""

    @property
    def lead(self) -> tuple[str, ...]:
        """Where it says what is new: the opening sentences, then the headline."""
        return (*self.sentences[:_LEAD], self.title)

    @property
    def central(self) -> tuple[str, ...]:
        """Where it says what the matter is."""
        return (self.title, *self.sentences[:_CENTRAL])

    @property
    def all(self) -> tuple[str, ...]:
        """The headline and every sentence."""
        return (self.title, *self.sentences)


def find(known: Sequence[Report], new: Report, *, entry: int | None = None) -> list[Change]:
    """What is new to readers of the `known` reports: one change of each kind at most, with its sentence.

    A count's `before` is the sentence with the count that they knew.
    """
    if not known:
        return []
    found = (_count(known, new), _stage(known, new), _actor(known, new))
    kinds = (ChangeKind.FACT, ChangeKind.STAGE, ChangeKind.ACTOR)
    changes: list[Change] = []
    for kind, one in zip(kinds, found, strict=True):
        if one is not None and one[0] not in {change.text for change in changes}:
            changes.append(Change(kind, one[0], one[1], entry, new.outlet))
    return changes


@lru_cache(maxsize=4096)
def tolls(sentence: str) -> tuple[Number, ...]:
    """The numbers of people to whom a sentence says that something has happened; parts of them left out."""
    return tuple(number for number in numbers(sentence) if number.role and not number.part)


def most(sentences: Iterable[str], *roles: str) -> int:
    """The largest number of people with one of these roles, 0 where there is none."""
    counts = (toll.value for sentence in sentences for toll in tolls(sentence) if toll.role in roles)
    return int(max(counts, default=0))


def _count(known: Sequence[Report], new: Report) -> tuple[str, str | None] | None:
    counted = [(sentence, toll) for sentence in new.lead if not is_past(sentence) for toll in tolls(sentence)]
    counted = [(sentence, toll) for sentence, toll in counted if toll.role in RISING]
    if not counted:  # as mostly: what was known need not be read
        return None
    central = {toll.role for report in known for s in report.central for toll in tolls(s)}
    told = [(s, toll) for report in known for s in report.all for toll in tolls(s) if toll.role in central]
    if any(toll.role == "killed" for toll in tolls(new.title)) and not _DEATH & said_in(
        sentence for report in known for sentence in report.all
    ):
        first = next((sentence for sentence, toll in counted if toll.role == "killed"), None)
        if first is not None:
            return first, None
    titles = {report.title for report in known}
    for sentence, toll in counted:
        alike = [(s, other) for s, other in told if comparable(other, toll)]
        if not alike:
            continue
        # Where both say it, the sentence and not the headline: it is what readers were shown.
        before, top = max(alike, key=lambda one: (one[1].value, one[0] not in titles))
        if _has_risen(top, toll, in_title=any(_same(toll, other) for other in tolls(new.title))):
            return sentence, before
    return None


def _has_risen(before: Number, after: Number, *, in_title: bool) -> bool:
    rounded = Bound.ABOUT in {before.approx, after.approx} or Bound.MOST in {before.approx, after.approx}
    if after.value < max(before.high + 1, before.high * (_ROUGHLY if rounded else _RISEN)):
        return False
    return in_title or after.value <= before.high * _LEAP


def _same(one: Number, other: Number) -> bool:
    return (one.role, one.value) == (other.role, other.value)


def _stage(known: Sequence[Report], new: Report) -> tuple[str, str | None] | None:
    reached = [(stage, new.title) for stage in stages(new.title)]
    reached += [(stage, s) for s in new.sentences[:1] for stage in stages(s, in_full=True)]
    reached = sorted(((stage, s) for stage, s in reached if stage.level > 0), reverse=True)
    if not reached:
        return None
    had = mentioned(sentence for report in known for sentence in report.all)
    central = [sentence for report in known for sentence in report.central]
    begun = {stage for sentence in central for stage in stages(sentence)}
    known_words = _weighty(said_in(central))
    for stage, sentence in reached:
        is_next = any(s.ladder == stage.ladder and s.level < stage.level for s in begun)
        passed = any(s.ladder == stage.ladder and s.level >= stage.level for s in had)
        if is_next and not passed and len(_weighty(said(sentence)) & known_words) >= _SHARED:
            # The sentence says who and where in full, and the headline may not.
            told = (s for s in new.sentences[:_OPENING] if stage in stages(s, in_full=True))
            return next(told, sentence), None
    return None


def _weighty(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in words if len(word) >= _WEIGHTY)


def _actor(known: Sequence[Report], new: Report) -> tuple[str, str | None] | None:
    headline = said(new.title)
    acting = [
        (sentence, name)
        for number, sentence in enumerate(new.sentences[:_LEAD])
        if not is_past(sentence) and not is_title_case(sentence)
        for at, name in _actors(sentence)
        if name[-1] in headline or (number == at == 0)
    ]
    if not acting:
        return None
    had = said_in(sentence for report in known for sentence in report.all)
    for sentence, name in acting:
        initials = "".join(part[0] for part in name)
        if initials not in had and not had.intersection(name):
            return sentence, None
    return None


def _actors(sentence: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Those who do something in a sentence: where the name stands, and its words."""
    for name in _NAME.finditer(sentence):
        parts = tuple(word for word in words(fold(name[0])) if word not in LIGHT)
        acts = _DEEDS.match(sentence[name.end() :].lstrip(" ,"))
        if parts and acts and not _AFTER_PREPOSITION.search(sentence[: name.start()]):
            yield name.start(), parts
