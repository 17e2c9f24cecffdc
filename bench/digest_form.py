"""An independent judge of a digest's form: what a strict reader would object to, and where.

Written from what a digest promises, not from the composer's rules, and shares none of its patterns, so that
it can find what they overlook. A rule names a fault of one sentence or of the digest as a whole; every rule
is shown to fire in tests, with a planted fault. English sentences get all rules, others those that need no
language. Pure: `check` takes a digest and the articles it was written from.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bench import digest_words as marks
from bot.model import Article, Digest

NEED_WORDS = 70
NEED_MOST = 3
NEED_LEAST = 2
DETAILS_MOST = 5
DETAILS_LEAST = 3
LONG_ENOUGH = 12
"""Sentences of an article from which three details can be asked for, if three more fit ones are left."""
SENTENCE_MOST = 45
_ALIKE_WORDS = 0.7
_ALIKE_MEANING = 0.9
_FEW = 4

SENTENCE_RULES = (
    *("dangling opener", "unresolved pronoun", "definite reference", "first person", "short name"),
    *("dateline", "byline", "question", "no speaker", "fragment", "truncated", "boilerplate"),
    *("several sentences", "said twice", "not future"),
    *("no evidence", "passage", "not the source's words"),
)
DIGEST_RULES = (
    *("no headline", "need: too many", "need: too long", "need: too few", "details: too many"),
    *("details: too few", "no language", "no links", "independent"),
)


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a digest breaks, the sentence at fault ('' for the digest as a whole), and why."""

    rule: str
    sentence: str
    why: str = ""


def check(
    digest: Digest,
    articles: Sequence[Article],
    *,
    extractive: bool = True,
    meanings: NDArray[np.float32] | None = None,
    now: datetime | None = None,
) -> list[Violation]:
    """Every violation, in reading order.

    `articles` are those that its evidence counts. `meanings` (n, d), unit vectors beside `digest.sentences`,
    lets the judge see repetition in quite other words. `now` is when it was written: events dated before it
    are past.
    """
    english = (digest.language or "en").startswith("en")
    found: list[Violation] = []
    for place, sentence in enumerate(digest.sentences):
        told = Told(digest, articles, place)
        reasons = sentence_faults(sentence, english=english)
        if english and (name := told.short_name()):
            reasons.append(("short name", name))
        if sentence in digest.next and english and (why := _not_future(sentence, now or told.published)):
            reasons.append(("not future", why))
        if again := _said_twice(digest, place, meanings):
            reasons.append(("said twice", again))
        reasons += told.evidence_faults(extractive=extractive and sentence not in digest.differ)
        found += [Violation(rule, sentence, why) for rule, why in reasons]
    return found + _digest_faults(digest, articles, english=english)


def sentence_faults(text: str, *, english: bool = True) -> list[tuple[str, str]]:
    """What is wrong with a sentence by itself: rules, and the words that broke them."""
    spoken = marks.unquoted(text)
    checks = [
        ("question", marks.QUESTION.search(text)),
        ("truncated", marks.TRUNCATED.search(text) or _open_end(text)),
        ("fragment", marks.NO_END.search(text) or marks.LOW_OPENING.match(text)),
        ("boilerplate", marks.BOILERPLATE.search(text)),
        ("dateline", marks.DATELINE.match(text)),
        ("byline", marks.BYLINE.search(text)),
        ("no speaker", _no_speaker(text, spoken)),
        ("several sentences", marks.next_sentence(spoken)),
    ]
    if english:
        checks += [
            ("dangling opener", marks.opener(text)),
            ("unresolved pronoun", marks.unresolved(spoken)),
            ("definite reference", marks.definite(spoken)),
            ("first person", marks.FIRST_PERSON.search(spoken)),
            ("fragment", marks.verbless(text)),
        ]
    seen: dict[str, str] = {}
    for rule, match in checks:
        if match:
            seen.setdefault(rule, match[0].strip())
    return list(seen.items())


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence of a digest, beside what it rests on and what a reader has read before it."""

    digest: Digest
    articles: Sequence[Article]
    place: int

    @property
    def sentence(self) -> str:
        """The sentence."""
        return self.digest.sentences[self.place]

    @property
    def published(self) -> datetime | None:
        """When the newest of its articles was published."""
        times = [one.published_at for one in self.articles if one.published_at]
        return max(times) if times else None

    def short_name(self) -> str:
        """A surname whose bearer the articles name in full, and the digest has not yet; '' for none."""
        read = " ".join((self.digest.headline, *self.digest.sentences[: self.place]))
        text = "\n".join(article.text for article in self.articles)
        for found in marks.lone_names(self.sentence):
            before = f"{read} {self.sentence[: found.start()]}"
            if not re.search(rf"\b{re.escape(found[0])}\b", before) and marks.full_name(found[0], text):
                return found[0]
        return ""

    def evidence_faults(self, *, extractive: bool) -> list[tuple[str, str]]:
        """What is wrong with where the sentence is said to stand."""
        evidence = self.digest.evidence[self.place] if self.place < len(self.digest.evidence) else ()
        if not evidence:
            return [("no evidence", "")]
        passages = []
        for one in evidence:
            if not 0 <= one.article < len(self.articles):
                return [("passage", f"article {one.article} of {len(self.articles)}")]
            passage = self.articles[one.article].text[one.start : one.end]
            if not passage.strip() or (one.passage and one.passage != passage):
                return [("passage", f"{one.start} to {one.end}")]
            passages.append(passage)
        if not extractive:
            return []
        texts = [*(article.text for article in self.articles), self.digest.headline]
        least = [_foreign(self.sentence, passage, texts) for passage in passages]
        return [] if None in least else [("not the source's words", str(least[0]))]


def _foreign(sentence: str, passage: str, texts: Sequence[str]) -> str | None:
    """The first words of the sentence that are neither the passage's, in order, nor a name put for a pronoun.

    None when there are none.
    """
    own, source = marks.word_list(sentence), marks.word_list(passage)
    reached = {(0, 0)}
    todo, furthest = [(0, 0)], 0
    while todo:
        at, place = todo.pop()
        furthest = max(furthest, at)
        if at == len(own):
            return None
        following = set()
        if own[at] in source[place:]:
            following.add((at + 1, source.index(own[at], place) + 1))
        size = _put_in(own[at:], texts)
        for taken in range(1, size + 1):
            gone = marks.stands_for(source[place:], own[at : at + taken])
            if gone:
                following.add((at + taken, place + gone))
        todo += following - reached
        reached |= following
    return " ".join(own[furthest : furthest + 4])


def _put_in(words: Sequence[str], texts: Sequence[str]) -> int:
    """How many of the words are a name that the sources have, with its capitals; 0 when they are none."""
    first = _FIRST_LETTERS.match(words[0])
    if first and not any(first[0] in _capitalised(text) for text in texts):
        return 0
    for size in range(min(5, len(words)), 0, -1):
        pattern = r"[\s\W]{1,3}".join(re.escape(word) for word in words[:size])
        for text in texts:
            for found in re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE):
                if found[0][:1].isupper() and found[0].split()[-1][:1].isupper():
                    return size
    return 0


_FIRST_LETTERS = re.compile(r"\w+")


@lru_cache(maxsize=64)
def _capitalised(text: str) -> frozenset[str]:
    """What stands with a capital somewhere in the text, in small letters."""
    return frozenset(word.lower() for word in _FIRST_LETTERS.findall(text) if word[0].isupper())


def _no_speaker(text: str, spoken: str) -> re.Match[str] | None:
    """A quotation of some length that nobody says."""
    quotation = next(marks.quotations(text), None)
    if quotation is None or (marks.word_list(spoken) and marks.SPEAKS.search(spoken)):
        return None
    if marks.INTRODUCED.search(text[: quotation.start()]):
        return None
    # "…," Jane Roe. is odd, and yet says whose words they are.
    return None if marks.ONLY_NAME.fullmatch(spoken) else quotation


def _open_end(text: str) -> re.Match[str] | None:
    """The end of a sentence in which a bracket or a quotation lacks its partner."""
    closed = all(text.count(a) == text.count(b) for a, b in ("()", "[]", "“”")) and text.count('"') % 2 == 0
    return None if closed else re.search(r".{0,20}$", text)


def _said_twice(digest: Digest, place: int, meanings: NDArray[np.float32] | None) -> str:
    """The sentence before it, or the headline, that says the same; '' when none does."""
    own = marks.telling(digest.sentences[place])
    if own and len(own - marks.telling(digest.headline)) < 1:
        return digest.headline
    for other, earlier in enumerate(digest.sentences[:place]):
        theirs = marks.telling(earlier)
        shared = len(own & theirs) / max(1, min(len(own), len(theirs)))
        if marks.other_figures(digest.sentences[place], earlier):
            continue
        if min(len(own), len(theirs)) >= _FEW and shared >= _ALIKE_WORDS:
            return earlier
        if meanings is not None and float(meanings[place] @ meanings[other]) >= _ALIKE_MEANING:
            return earlier
    return ""


def _not_future(text: str, now: datetime | None) -> str:
    """Why the sentence announces nothing; '' when it does."""
    if not marks.FUTURE.search(text):
        return "no announcement"
    if not marks.TIME_OR_PLAN.search(text) and not marks.ANNOUNCED.search(text):
        return "no time"
    dates = [] if now is None else list(marks.dates(text, now.year))
    past = [date for date in dates if now is not None and date < now.astimezone(UTC).date()]
    return f"{past[0]:%d %B %Y} is past" if past and len(past) == len(dates) else ""


def _digest_faults(digest: Digest, articles: Sequence[Article], *, english: bool) -> list[Violation]:
    need, details = digest.need_to_know, digest.details
    fit = fit_sentences(articles, english=english)
    unused = [s for s in fit if not any(_same_words(s, shown) for shown in digest.sentences)]
    room = [s for s in unused if sum(map(marks.size, need)) + marks.size(s) <= NEED_WORDS]
    sentences = sum(len(marks.sentences(article.text)) for article in articles)
    tests = (
        ("no headline", not digest.headline.strip(), ""),
        ("need: too many", len(need) > NEED_MOST, str(len(need))),
        ("need: too long", sum(map(marks.size, need)) > NEED_WORDS, str(sum(map(marks.size, need)))),
        ("need: too few", len(need) < NEED_LEAST <= len(fit) and bool(room), f"{len(need)} of {len(fit)}"),
        ("details: too many", len(details) > DETAILS_MOST, str(len(details))),
        (
            "details: too few",
            len(details) < DETAILS_LEAST and sentences >= LONG_ENOUGH and len(unused) >= 2 * DETAILS_LEAST,
            f"{len(details)}, and {len(unused)} fit ones left",
        ),
        ("no language", not digest.language, ""),
        ("no links", not digest.sources or any(not source.url for source in digest.sources), ""),
        ("independent", not 1 <= digest.independent <= max(1, len(digest.sources)), str(digest.independent)),
    )
    return [Violation(rule, "", why) for rule, broken, why in tests if broken]


def fit_sentences(articles: Sequence[Article], *, english: bool = True) -> list[str]:
    """The articles' sentences in which this judge finds no fault as they stand, none twice."""
    fit: list[str] = []
    for article in articles:
        for sentence in marks.sentences(article.text):
            right = 5 < marks.size(sentence) <= SENTENCE_MOST and not sentence_faults(
                sentence, english=english
            )
            if right and not any(_same_words(sentence, other) for other in fit):
                fit.append(sentence)
    return fit


def _same_words(one: str, other: str) -> bool:
    a, b = marks.telling(one), marks.telling(other)
    return len(a & b) / max(1, min(len(a), len(b))) >= _ALIKE_WORDS
