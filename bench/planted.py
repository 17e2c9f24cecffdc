"""Sentences with one planted error each: material for eval_verify. Nothing here knows how `verify` works."""

import re
from collections.abc import Callable
from random import Random

from bench.news_words import (
    DAYS,
    MONTHS,
    QUOTE,
    SHORT_MONTHS,
    SMALL,
    Setting,
    article_names,
    blanked,
    names_in,
)

_NUMBER = re.compile(
    r"(?<![\w.,-])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w-])|(?<![\w.,-])\d+(?:\.\d+)?(?![\w-]|\.\d|,\d)"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_AUX = re.compile(
    r"\b(is|are|was|were|will|would|can|could|should|has|have|had|does|did|may|might|must)\b"
    r"(?! (?:not|never|only|just|merely|to)\b)"
)
_NOT = re.compile(r"\b(\w+)n['’]t\b|\b(not|never|no longer)\b(?! (?:only|just|merely|necessarily)\b)")
_CONTRACTED = {"ca": "can", "wo": "will", "sha": "shall"}
_PAST = {
    "announced": "announce", "acquired": "acquire", "bought": "buy", "launched": "launch",
    "released": "release", "sued": "sue", "rejected": "reject", "approved": "approve",
    "revealed": "reveal", "confirmed": "confirm", "raised": "raise", "signed": "sign", "sold": "sell",
    "joined": "join", "reported": "report", "won": "win", "added": "add", "paid": "pay",
    "developed": "develop", "published": "publish", "agreed": "agree", "began": "begin", "started": "start",
    "fell": "fall", "rose": "rise", "became": "become", "made": "make", "gave": "give", "took": "take",
    "showed": "show", "led": "lead", "opened": "open", "closed": "close", "used": "use", "asked": "ask",
}  # fmt: skip


def number(sentence: str, _: Setting, rng: Random) -> str | None:
    """A number changed: its value, its scale, a word for one, or two of the sentence's exchanged."""
    found = [m for m in _NUMBER.finditer(blanked(sentence)) if not _YEAR.fullmatch(m[0])]
    found = [
        m
        for m in found
        if not re.search(
            rf"(?:{'|'.join(MONTHS)}|{'|'.join(map(re.escape, SHORT_MONTHS))}) $", sentence[: m.start()]
        )
    ]
    words = list(re.finditer(rf"(?<![\w-])(?:{'|'.join(SMALL)})(?![\w-])", blanked(sentence)))
    scales = list(re.finditer(r"(?<=\d )(million|billion)\b", blanked(sentence)))
    ways: list[str] = []
    if len({m[0] for m in found}) > 1:
        one, other = rng.sample(found, 2)
        if one[0] != other[0] and not re.fullmatch(
            r"\W*(?:and|or|to|-|–)\W*", _between(sentence, one, other)
        ):
            ways.append(_exchanged(sentence, one.span(), other.span()))
    if found:
        one = rng.choice(found)
        ways += [sentence[: one.start()] + _other_number(one[0], rng) + sentence[one.end() :]] * 4
    if scales:
        one = rng.choice(scales)
        ways.append(
            sentence[: one.start()]
            + ("billion" if one[0] == "million" else "million")
            + sentence[one.end() :]
        )
    if words:
        one = rng.choice(words)
        other_word = rng.choice([word for word in SMALL if word != one[0]])
        ways += [sentence[: one.start()] + other_word + sentence[one.end() :]] * 2
    return rng.choice(ways) if ways else None


def name(sentence: str, setting: Setting, rng: Random) -> str | None:
    """A name replaced by another of the article, or of another article; or only its last word."""
    own = names_in(sentence, setting.text)
    if not own:
        return None
    start, end = rng.choice(own)
    said = sentence[start:end]
    local = [one for one in article_names(setting.text) if _strangers(one, sentence)]
    strange = [one for one in setting.strange_names if _strangers(one, sentence)]
    pool = local if local and rng.random() < 0.5 else strange
    alike = [one for one in pool if len(one.split()) == len(said.split())] or pool
    if not alike:
        return None
    other = rng.choice(alike)
    if len(said.split()) == 2 and rng.random() < 0.2:
        other = f"{said.split()[0]} {other.split()[-1]}"
    return sentence[:start] + other + sentence[end:]


def date(sentence: str, setting: Setting, rng: Random) -> str | None:
    """A weekday, month, day or year changed; half the time to another of the article, where there is one."""
    blank = blanked(sentence)
    ways: list[tuple[int, int, str]] = []
    for names in (DAYS, MONTHS, SHORT_MONTHS):
        for found in re.finditer("|".join(rf"\b{re.escape(one)}(?!\w)" for one in names), blank):
            if found[0] == "May" and not re.match(r" \d", blank[found.end() :]):
                continue
            if found[0] == "March" and re.match(r" [A-Z]", blank[found.end() :]):
                continue
            near = [one for one in names if one != found[0] and one in setting.text]
            others = [one for one in names if one != found[0]]
            ways.append((*found.span(), rng.choice(near if near and rng.random() < 0.5 else others)))
    for found in _YEAR.finditer(blank):
        near = [one for one in set(_YEAR.findall(setting.text)) if one not in sentence]
        others = [str(int(found[0]) + step) for step in (-3, -2, -1, 1, 2)]
        ways.append((*found.span(), rng.choice(sorted(near) if near and rng.random() < 0.5 else others)))
    for found in re.finditer(
        rf"(?<=(?:{'|'.join(m[:3] for m in MONTHS)})\. )\d{{1,2}}(?!\d|th)"
        r"|(?:(?<=March )|(?<=April )|(?<=June )|(?<=July )|(?<=May ))\d{1,2}(?![\d%])",
        blank,
    ):
        others = [str(day) for day in range(1, 29) if abs(day - int(found[0])) in range(1, 12)]
        ways.append((*found.span(), rng.choice(others)))
    if not ways:
        return None
    start, end, other = rng.choice(ways)
    return sentence[:start] + other + sentence[end:]


def negation(sentence: str, _: Setting, rng: Random) -> str | None:
    """A "not" put in, or taken out."""
    blank = blanked(sentence)
    ways: list[str] = []
    for found in _NOT.finditer(blank):
        if found[1]:
            verb = _CONTRACTED.get(found[1].lower(), found[1])
            ways.append(sentence[: found.start()] + verb + sentence[found.end() :])
        elif not re.search(r"(?:whether or|if|or|why) $", blank[: found.start()]):
            ways.append((sentence[: found.start()] + sentence[found.end() :].lstrip()).replace("  ", " "))
    if ways and rng.random() < 0.8:
        return rng.choice(ways)
    put = [f"{sentence[: m.end()]} not{sentence[m.end() :]}" for m in _AUX.finditer(blank)]
    put += [
        f"{sentence[: m.start()]}did not {_PAST[m[0]]}{sentence[m.end() :]}"
        for m in re.finditer("|".join(rf"\b{verb}\b" for verb in _PAST), blank)
        if re.search(
            r"(?:^|[\w’'] )[A-Z][\w’'&-]*(?: \d)? $|\b(?:company|studio|firm|it|he|she|they) $",
            blank[: m.start()],
        )
    ]
    ways += put
    return rng.choice(ways) if ways else None


def actor(sentence: str, setting: Setting, rng: Random) -> str | None:
    """Two names of the sentence exchanged, where that makes it say something else."""
    own = names_in(sentence, setting.text)
    pairs = []
    for at, one in enumerate(own):
        for other in own[at + 1 :]:
            between = sentence[one[1] : other[0]]
            listed = re.search(
                r"\b(?:and|or|with|versus|vs\.?|between|both|including|like|alongside)\b|^\W*[,/&+-]\W*$|[;:()“”\"]",
                between,
            )
            alike = set(sentence[slice(*one)].split()) & set(sentence[slice(*other)].split())
            after = sentence[other[1] : other[1] + 6]
            if (
                not listed
                and not alike
                and re.search(r"[a-z]{2,}", between)
                and not re.match(r",? (?:and|or)\b", after)
            ):
                pairs.append((one, other))
    if not pairs:
        return None
    return _exchanged(sentence, *rng.choice(pairs))


def quotation(sentence: str, setting: Setting, rng: Random) -> str | None:
    """A quotation nobody said: another's, with a word changed, or reported speech put in marks."""
    quotes = [m for m in QUOTE.finditer(sentence) if len(m[1].split()) >= 4]
    ways: list[str] = []
    if quotes:
        one = rng.choice(quotes)
        said = list(re.finditer(r"\b[a-z]{5,}\b", one[1]))
        pool = [w for w in re.findall(r"\b[a-z]{5,}\b", setting.text) if w not in one[1]]
        if said and pool:
            word, at = rng.choice(said), one.start(1)
            ways += [sentence[: at + word.start()] + rng.choice(pool) + sentence[at + word.end() :]] * 3
        own = [span for span in names_in(sentence, setting.text) if not one.start() <= span[0] < one.end()]
        speakers = [
            span
            for span in own
            if re.search(r"\b(?:said|says|told|wrote|added)\W*$", sentence[: span[0]])
            or re.match(r" (?:said|says|told|wrote|added)\b", sentence[span[1] :])
        ]
        others = [n for n in article_names(setting.text) if _strangers(n, sentence) and len(n.split()) == 2]
        if speakers and others:
            start, end = rng.choice(speakers)
            ways += [sentence[:start] + rng.choice(others) + sentence[end:]] * 2
        foreign = [q for q in setting.strange_quotes if abs(len(q.split()) - len(one[1].split())) < 6]
        if foreign:
            ways.append(sentence[: one.start(1)] + rng.choice(foreign) + sentence[one.end(1) :])
        return rng.choice(ways) if ways else None
    reported = re.match(
        r"^((?:[A-Z][\w’'&-]+ ?){1,3}(?:said|says|wrote)) (?:that )?([^“”\"]{25,})\.$", sentence
    )
    if reported:
        ways += [f"{reported[1]}: “{reported[2][0].upper()}{reported[2][1:]}.”"] * 2
    own = names_in(sentence, setting.text)
    if own and setting.strange_quotes:
        start, end = rng.choice(own)
        ways.append(f"“{rng.choice(setting.strange_quotes).rstrip('.,')},” {sentence[start:end]} said.")
        some = " ".join(rng.choice(setting.strange_quotes).split()[:5]).rstrip(".,")
        ways.append(f"{sentence[:-1]}, calling it “{some}”.")
    return rng.choice(ways) if ways else None


ERRORS: dict[str, Callable[[str, Setting, Random], str | None]] = {
    function.__name__: function for function in (number, name, date, negation, actor, quotation)
}


def _strangers(one: str, sentence: str) -> bool:
    """Whether no word of a name, nor its initials, stand in a sentence."""
    low = sentence.lower()
    initials = "".join(word[0] for word in one.split()).lower()
    return not any(word.lower() in low for word in one.split()) and not re.search(rf"\b{initials}\b", low)


def _other_number(said: str, rng: Random) -> str:
    value = float(said.replace(",", ""))
    decimals = len(said.partition(".")[2])
    while True:
        other = value + rng.choice([-1, 1]) * max(
            10**-decimals, round(value * rng.uniform(0.05, 0.6), decimals)
        )
        if decimals == 0:
            other = round(other)
        text = f"{other:,.{decimals}f}" if "," in said else f"{other:.{decimals}f}"
        if other > 0 and text != said:
            return text


def _exchanged(sentence: str, one: tuple[int, int], other: tuple[int, int]) -> str:
    (a, b), (c, d) = sorted((one, other))
    return sentence[:a] + sentence[c:d] + sentence[b:c] + sentence[a:b] + sentence[d:]


def _between(sentence: str, one: re.Match[str], other: re.Match[str]) -> str:
    first, second = sorted((one, other), key=lambda match: match.start())
    return sentence[first.end() : second.start()]
