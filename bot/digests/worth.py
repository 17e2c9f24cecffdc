"""What a sentence is worth to a digest before any is chosen. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.model import Article
from bot.sentences import Sentence

_EARLY, _FADES = 0.8, 0.6  # what the first place is worth beside a salience of 0 to 1, and how it fades
_LATE, _FAR = 0.5, 30  # what it costs to stand that many sentences down, where background is told
_HANDFUL = 6
_LIKE_TITLE = 0.5  # what it is worth to be about what the headline says
_BACKED = 0.3  # what it is worth that every other article says so too
_BACKS = 0.6  # likeness from which another article says so
_HALF_NAMED = 0.6  # what it costs that somebody speaks whose full name another sentence has
_EMPTY = 0.6  # ... and that somebody would not speak, or who was first to report
_WRITER_BEHIND = 5  # sentences at the end of an article in which its writer may be introduced
_WRITER = re.compile(
    r"\b(?:is|was|has been|has worked as) (?:an? |the |our )?(?:[\w,’'-]+ ){0,6}?(?:director|lecturer"
    r"|freelance\w*|journalist|writer|editor|reporter|correspondent|columnist|producer|fellow|contributor|author|podcaster)\b"
    r"|\bFellowship\b|\b(?:covers|writes about|reports on|has written|has covered)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d")
_NO_COMMENT = re.compile(
    r"\b(?:did(?: not|n[’']t) (?:provide|offer|give)(?: an?y?)?|had no(?: immediate)?) comment\b"
    r"|\bdeclined to\b"
    r"|did(?: not|n[’']t) (?:immediately )?(?:respond|reply)|asked not to be (?:named|identified)"
    r"|(?:was|were) (?:the )?first to report|(?:first|earlier) reported (?:by|the news)",
    re.IGNORECASE,
)
_SPEAKER = re.compile(
    r"(?:^|, )(?P<before>[A-ZÀ-Þ][\w’'-]+) (?:said|says|added|told|wrote|noted|argued|warned|explained)\b"
    r"|\b(?:said|says|added|told|according to|wrote) (?P<behind>[A-ZÀ-Þ][\w’'-]+)(?=[.,])"
)
# Without one of these an English sentence is a caption, a label or an order to the reader.
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|can|could|may|might|must|should|do|does|did|say|said"
    r"|want|need|plan|told|fell|rose|took|made|got|hit|cut|put|set|led|won|lost|met|left|kept|held|came|went|gave"
    r"|found|saw|sold|bought|built|began|ran|sent|spent|paid|shut|grew|became|wrote|brought|broke|drew|drove|flew"
    r"|shot|fought|spoke|stood|ate|beat|bent|bit|blew|bore|bred|burnt|burst|caught|chose|cost|crept|dealt|drank|dug"
    r"|fed|felt|fled|flung|forbade|forgot|froze|hung|heard|hid|hurt|knelt|knew|laid|lay|leapt|lent|let|lit|meant"
    r"|overcame|quit|rang|read|rode|sang|sank|sat|shone|shook|shrank|slept|slid|sought|split|sprang|spread|stole"
    r"|struck|stuck|swam|swept|swore|swung|taught|thought|threw|tore|understood|withdrew|woke|wore|wound"
    r"|\w+n[’']t|\w{2,}(?:ed|es|[a-rt-z]s))\b|[’'](?:s|re|ve|ll|d|m)\b"
)
_SPOKEN = re.compile(r"[“\"„«][^“”\"„«»]{12,}[”\"“»]")


@dataclass(frozen=True, slots=True, eq=False)
class ReadArticle:
    """An article of the story with its number among `articles`, its n sentences, and what was read of them.

    `salience` is (n,) on any scale, `meanings` (n, d) and `headline` (d,) have unit length or are zero.
    """

    number: int
    article: Article
    sentences: Sequence[Sentence]
    salience: NDArray[np.float32]
    meanings: NDArray[np.float32]
    headline: NDArray[np.float32]


def worths(one: ReadArticle, others: Sequence[ReadArticle]) -> list[float]:
    """Salience between 0 and 1, and more for being about the headline, near the top, and told elsewhere."""
    least, most = float(one.salience.min()), float(one.salience.max())
    count = len(one.salience)
    # Among a handful of sentences little is more salient than the rest, and the first is first for a reason.
    salience = min(1.0, count / _HANDFUL) * (one.salience - least) / ((most - least) or 1.0)
    places = np.arange(count)
    early = _EARLY / (1 + _FADES * places) - _LATE * np.minimum(1.0, places / _FAR)
    backed = np.zeros(count)
    for other in others:
        backed += (one.meanings @ other.meanings.T).max(axis=1) >= _BACKS
    worth = salience + early + _LIKE_TITLE * (one.meanings @ one.headline)
    return [float(w) for w in worth + _BACKED * backed / (len(others) or 1)]


def flaws(text: str, read: ReadArticle, place: int, title: str) -> float:
    """What speaks against the sentence number `place`, printed as `text`, without forbidding it."""
    found_wanting = _EMPTY if _NO_COMMENT.search(text) else 0.0
    found = _SPEAKER.search(text)
    name = found and (found["before"] or found["behind"])
    if name and name not in title:
        in_full = re.compile(rf"[A-ZÀ-Þ][\w’'-]+ {re.escape(name)}\b")
        if any(in_full.search(sentence.text) for sentence in read.sentences[:place]):
            found_wanting += _HALF_NAMED
    return found_wanting


def bonus(text: str) -> float:
    """What numbers and quoted speech are worth to a detail."""
    return 0.1 * bool(_NUMBER.search(text)) + 0.1 * bool(_SPOKEN.search(text))


def is_about_writer(read: ReadArticle, place: int) -> bool:
    """Whether a sentence near the end of its article tells who wrote it."""
    return place >= len(read.sentences) - _WRITER_BEHIND and bool(_WRITER.search(read.sentences[place].text))


def states(text: str) -> bool:
    """Whether an English sentence has a word that looks like a verb of somebody's or something's."""
    return bool(_VERB.search(text))
