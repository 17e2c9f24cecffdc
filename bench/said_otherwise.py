"""True sentences said a little differently: material for eval_verify.

Nothing here knows how `verify` works; the word lists are this file's own. Every function gives None where a
sentence offers no opening for what it does.
"""

import re
from collections.abc import Callable
from random import Random

from bench.news_words import MONTHS, NO_NAME, SMALL, Setting, blanked, lowered, outside_quotes


def reordered(sentence: str, _: Setting, __: Random) -> str | None:
    """'After X, Y did Z.' as 'Y did Z after X.'."""
    found = re.match(
        r"^(In|On|After|When|While|As|Since|Before|During|Following|Despite|Although|At|Under)"
        r" ([^,“\"]{6,90}), "
        r"([^,;:“\"]+)\.$",
        sentence,
    )
    if not found or re.match(r"(?:and|but|or|which|who)\b", found[3]):
        return None
    return f"{found[3][0].upper()}{found[3][1:]} {found[1].lower()} {found[2]}."


_TRANSITIVE = (
    "announced acquired bought launched released unveiled sued rejected approved developed published founded"
    " created revealed hired fined banned blocked led signed introduced confirmed sold raised reported added"
    " built backed ordered accused closed opened cut joined made posted removed shared replaced owned"
)
_VERBS = "is|was|are|were|has|have|had|will|would|said|says|told|can|could|did|does|announced|released|plans"


def voiced(sentence: str, _: Setting, __: Random) -> str | None:
    """'X bought Y in May.' as 'Y was bought by X in May.', or back."""
    verbs = "|".join(_TRANSITIVE.split())
    name = r"(?:The |the )?(?:[A-Z][\w’'&-]*(?: \d+)? ?){1,5}|The [a-z]+ "
    stop = (
        "in|on|for|at|after|when|with|to|that|and|or|but|from|as|by|who|which|this|last|earlier|it|its|plans?|into"
        "|he|she|they|there|more|than|up|down|out|off|over|his|her|their|before|while|through|about|if|where"
    )
    active = re.match(
        rf"^(?P<who>{name})(?:has |have |also |recently |officially )?(?P<verb>{verbs})"
        rf" (?P<what>(?:(?!(?:{stop})\b)[^\s,.;:“\"]+ ?){{1,10}}?)"
        r"(?P<rest>(?:(?<= )(?:in|on|for|at|after|when|with|from|as|this|last|earlier|to|before|while)\b"
        r"[^“\"]*"
        r"|,[^“\"]*)?)\.$",
        sentence,
    )
    if active and len(active["what"].split()) > 1:
        what = active["what"].strip()
        rest = (
            active["rest"] if active["rest"].startswith(",") or not active["rest"] else f" {active['rest']}"
        )
        who = active["who"].strip()
        who = lowered(who)
        be = "were" if re.match(r"(?:\w+ )*[a-z]+s$", what) else "was"
        return f"{what[0].upper()}{what[1:]} {be} {active['verb']} by {who}{rest}."
    passive = re.match(
        rf"^(?P<what>[^,“\"]{{4,80}}?) (?:was|were|has been|have been) (?P<verb>{verbs}) by (?P<who>{name})"
        rf"(?P<rest>(?:(?<= )(?:in|on|at|for|last|this)\b[^,“\"]*)?)\.$",
        sentence,
    )
    if passive:
        who, rest = passive["who"].strip(), passive["rest"]
        told = f"{who[0].upper()}{who[1:]} {passive['verb']} {lowered(passive['what'])} {rest}"
        return f"{told.rstrip()}."
    return None


def shortened(sentence: str, _: Setting, rng: Random) -> str | None:
    """Without one of its side remarks: a bracket, a clause between two commas, a trailing clause."""
    blank = blanked(sentence)
    cuts = [found.span() for found in re.finditer(r" \([^()]{3,80}\)", blank)]
    inner = rf", (?:who|which|whose|where|the|a|an) [^,“”\"]{{6,90}},(?= (?:{_VERBS})\b)"
    cuts += [found.span() for found in re.finditer(inner, blank)]
    if blank.count(",") == 1:
        opens = "which|where|according to|while|as well as|with|adding|making|meaning|citing|although|though"
        cuts += [found.span() for found in re.finditer(rf", (?:{opens}) [^,“”\"]{{6,110}}(?=\.$)", blank)]
    if not cuts:
        return None
    start, end = rng.choice(cuts)
    kept = sentence[:start] + sentence[end:]
    return kept if len(kept.split()) >= 6 else None


def attributed(sentence: str, _: Setting, rng: Random) -> str | None:
    """Who said it, said in another place or with another verb."""
    tail = re.match(r"^([^“”\"]{20,}), ((?:[A-Z][\w’'&-]+ ?){1,3})(?:said|says)\.$", sentence)
    if tail:
        return f"{tail[2]}{rng.choice(['said', 'stated'])} that {lowered(tail[1])}."
    told = re.match(r"^([^“”\"]{20,}), according to ([^,“”\"]{3,60})\.$", sentence)
    if told:
        return f"According to {told[2]}, {lowered(told[1])}."
    head = re.match(r"^((?:[A-Z][\w’'&-]+ ?){1,3})(?:said|says) (?:that )?([^“”\",]{20,})\.$", sentence)
    if head and rng.random() < 0.6:
        return f"According to {head[1].strip()}, {head[2]}."
    if re.search(r"\b(?:said|says)\b", sentence):
        other = rng.choice(["stated", "noted", "explained"])
        return re.sub(r"\b(?:said|says)\b", other, sentence, count=1)
    return None


def renumbered(sentence: str, _: Setting, rng: Random) -> str | None:
    """'twelve' for '12', '%' for 'percent', '1400' for '1,400', '1.2 billion dollars' for '$1.2 billion'."""
    ways: list[str] = []
    for number, word in enumerate(SMALL, start=2):
        no_scale = r"(?= [a-z]{4,})(?! (?:million|billion|percent|thousand|hundred))"
        before = rf"(?<![\w$€£.,#-])(?<!{')(?<!'.join(f'{m} ' for m in MONTHS)})"
        ways += [
            re.sub(rf"{before}{number}{no_scale}", word, sentence, count=1),
            re.sub(rf"(?<![\w-]){word}{no_scale}", str(number), sentence, count=1),
        ]
    ways += [
        re.sub(r"(?<=\d) percent\b", "%", sentence),
        re.sub(r"(?<=\d)%(?=[ ,.])", " percent", sentence),
        re.sub(r"(?<![\d.,])(\d{1,3}),(\d{3})(?![\d,])", r"\1\2", sentence, count=1),
    ]
    if not re.search(r"\b(?:between|from|to)\b|–", sentence):
        ways.append(
            re.sub(
                r"\$(\d[\d.,]*) (million|billion|trillion)\b(?!-)(?= (?:in|of|for|at|from|on|by)\b|[,.])",
                r"\1 \2 dollars",
                sentence,
                count=1,
            )
        )
    changed = [way for way in ways if way != sentence and outside_quotes(sentence, way)]
    return rng.choice(changed) if changed else None


_ALIASES = (
    (r"\bU\.S\.(?= [a-z])", "United States"), (r"\bUS(?= [a-z])", "United States"),
    (r"\bthe United States\b", "the U.S."), (r"\bU\.K\.(?= [a-z])", "United Kingdom"),
    (r"\bUK(?= [a-z])", "United Kingdom"), (r"\bEU(?= [a-z])", "European Union"),
    (r"\bEuropean Union\b", "EU"), (r"\bartificial intelligence\b", "AI"), (r"\bUnited Kingdom\b", "UK"),
    (r"\bCEO\b", "chief executive"), (r"\bchief executive\b(?! officer)", "CEO"),
)  # fmt: skip
_SYNONYMS = (
    ("purchased", "bought"), ("bought", "purchased"), ("began", "started"), ("started", "began"),
    ("more than", "over"), ("about(?= \\d)", "around"), ("company", "firm"), ("companies", "firms"),
    ("largest", "biggest"), ("biggest", "largest"), ("however", "though"), ("nearly", "almost"),
    ("almost", "nearly"), ("several", "a number of"), ("allows", "lets"), ("revealed", "disclosed"),
    ("announced", "made public"), ("help", "assist"), ("show", "demonstrate"), ("huge", "enormous"),
    ("quickly", "rapidly"), ("employees", "staff"), ("children", "kids"), ("movie", "film"),
    ("currently", "at present"), ("wants", "would like"), ("popular", "well-liked"), ("said", "commented"),
    ("says", "comments"),
    ("plans to", "intends to"), ("recently", "not long ago"), ("because", "since"), ("although", "though"),
    ("multiple", "several"), ("largely", "mostly"), ("people", "individuals"), ("increase", "rise"),
    ("increased", "rose"), ("decline", "drop"), ("deal", "agreement"), ("previously", "before"),
)  # fmt: skip


def renamed(sentence: str, _: Setting, rng: Random) -> str | None:
    """'the United States' for 'the U.S.' and other names that everybody knows two of."""
    ways = [re.sub(pattern, other, sentence, count=1) for pattern, other in _ALIASES]
    changed = [way for way in ways if way != sentence and outside_quotes(sentence, way)]
    return rng.choice(changed) if changed else None


def reworded(sentence: str, _: Setting, rng: Random) -> str | None:
    """One plain word for another that means the same."""
    ways = [re.sub(rf"\b{one}\b", other, sentence, count=1) for one, other in _SYNONYMS]
    changed = [way for way in ways if way != sentence and outside_quotes(sentence, way)]
    return rng.choice(changed) if changed else None


def uncontracted(sentence: str, _: Setting, __: Random) -> str | None:
    """'did not' for "didn't", or back."""
    found = re.search(r"\b(is|are|was|were|do|does|did|has|have|had|would|could|should)n['’]t\b", sentence)
    back = re.search(r"\b(is|are|was|were|do|does|did|has|have|had|would|could|should) not\b", sentence)
    way = sentence
    if found:
        way = f"{sentence[: found.start()]}{found[1]} not{sentence[found.end() :]}"
    elif back:
        way = f"{sentence[: back.start()]}{back[1]}n't{sentence[back.end() :]}"
    return way if way != sentence and outside_quotes(sentence, way) else None


def in_full(sentence: str, setting: Setting, __: Random) -> str | None:
    """'Hanne Orlund' where the sentence has 'Orlund' and the article names her in full elsewhere."""
    for found in re.finditer(r"(?<![\w’'.-] )(?<!^)(?<=[a-z,] )[A-Z][a-z]{3,}\b(?! [A-Z])(?!['’])", sentence):
        full = re.search(
            rf"(?<=[a-z,] )([A-Z][a-z]+ {found[0]})\b(?=,? (?:who|said|told|a|the|is|was|has|says)\b)",
            setting.text,
        )
        if full and found[0] not in NO_NAME and full[1].split()[0] not in NO_NAME:
            way = sentence[: found.start()] + full[1] + sentence[found.end() :]
            return way if outside_quotes(sentence, way) else None
    return None


def joined(sentence: str, setting: Setting, _: Random) -> str | None:
    """The sentence and the next one, as one."""
    at = setting.sentences.index(sentence) if sentence in setting.sentences else -1
    after = setting.sentences[at + 1] if 0 <= at < len(setting.sentences) - 1 else ""
    if (
        not 6 <= len(after.split()) <= 18
        or len(sentence.split()) > 20
        or re.search(r"[\"“:–—-] ", sentence + after)
    ):
        return None
    whole = all(
        re.match(r"[A-Z]", one) and one.endswith(".") and re.search(rf"\b(?:{_VERBS})\b", one)
        for one in (sentence, after)
    )
    opens = after.split(maxsplit=1)[0] if after else ""
    if not whole or opens in {
        "But",
        "And",
        "So",
        "It",
        "He",
        "She",
        "They",
        "This",
        "That",
        "However,",
        "These",
        "Those",
    }:
        return None
    return f"{sentence[:-1]}, and {lowered(after)}"


def lightened(sentence: str, _: Setting, __: Random) -> str | None:
    """Without a word that adds little."""
    little = (
        r" (?:also|very|really|already|actually|simply|recently|currently|essentially|clearly|quickly"
        r"|largely)"
        r"(?= [a-z])"
    )
    way = re.sub(little, "", sentence, count=1)
    return way if way != sentence and outside_quotes(sentence, way) else None


def spoken_for(sentence: str, setting: Setting, _: Random) -> str | None:
    """The name in the place of "He" or "She", where the sentence before is about one person."""
    at = setting.sentences.index(sentence) if sentence in setting.sentences else 0
    pronoun = re.match(r"(?:He|She) (?=[a-z])", sentence)
    if not pronoun or at == 0:
        return None
    before = setting.sentences[at - 1]
    person = re.match(rf"(?P<name>[A-Z][a-z]+(?: [A-Z][a-z]+)?),? (?:who|the|a|an|{_VERBS})\b", before)
    if not person or person["name"] in NO_NAME or person["name"].split()[0] in NO_NAME:
        return None
    return person["name"] + sentence[pronoun.end() - 1 :]


PARAPHRASES: dict[str, Callable[[str, Setting, Random], str | None]] = {
    function.__name__: function
    for function in (
        reordered, voiced, shortened, attributed, renumbered, renamed, reworded, uncontracted, in_full,
        joined,
        lightened, spoken_for,
    )
}  # fmt: skip
