"""What may be cut from a sentence so that it stands alone: a dateline, "However,", "(pictured)". Pure.

Every rule only deletes, and none deletes what changes the meaning of the rest: no negation, no doubt, no
speaker of a quotation.
"""

import re
from collections.abc import Sequence

_I = re.IGNORECASE
_QUOTED = re.compile(r"[“\"„«][^“”\"„«»]*[”\"“»]")

# Only before the first words of an article: "KYIV (Reuters) -", "Paris, March 3 (AFP) –", "(CNN)",
# "SAN JOSE, Calif., March 3, 2026 /PRNewswire/ --", "LONDON —".
_AGENCY = (
    r"(?:(?:Thomson )?Reuters|AP|AFP|dpa|UPI|ANI|PTI|IANS|Xinhua|TASS|Kyodo|Yonhap|BBC|CNN|CNBC|EFE|ANSA|APA"
    r"|AAP|PA|PA Media|Bloomberg|The Associated Press|Associated Press)"
)
_WHERE = r"[A-ZÀ-Þ][\w.’'-]*(?:(?:,? |/)(?:[A-ZÀ-Þ][\w.’'-]*|de|del|la|le)){0,4},?"
_DAY = r"(?:,? (?:[A-Z][a-z]{2,8}\.? \d{1,2}|\d{1,2}\.? [A-Z][a-zä]{2,8})\.?(?:,? 20\d\d)?,?)?"
_DASH = r" ?(?:--|[-–—:])\s+(?=[\w“\"„«$€£‘'])"
_DATELINES = (
    re.compile(rf"^(?:{_WHERE})?{_DAY} ?\((?:[\w ]+/)?{_AGENCY}\)(?:{_DASH}|\s*(?=[A-ZÀ-Þ“\"$€£\d]))"),
    re.compile(
        rf"^{_WHERE}{_DAY},? ?[/(](?:PR ?Newswire|Business Wire|GLOBE ?NEWSWIRE|EZ ?Newswire)[/)]{_DASH}", _I
    ),
    # Without an agency the place must shout, and be longer than the letters of an office.
    re.compile(rf"^(?=[A-ZÀ-Þ]{{5}}|[A-ZÀ-Þ]{{3,}} [A-ZÀ-Þ]{{3}})[A-ZÀ-Þ][A-ZÀ-Þ .’'-]+"
               rf"(?:, [A-Z][\w.]+(?: [A-Z][\w.]+)?)?{_DAY} ?(?:--|[–—]|(?<= )-)\s+(?=[A-ZÀ-Þ“\"$€£\d])"),
)  # fmt: skip
_LABEL = re.compile(
    r"^(?:BREAKING(?: NEWS)?|EXCLUSIVE|UPDATED?(?: \d)?|JUST IN|WATCH|NEWS|Breaking(?: news)?|Exclusive"
    r"|Update(?: \d)?)\s?(?::|[-–—|]\s)\s*(?=[A-ZÀ-Þ“\"$€£\d])"
)
_BYLINE = re.compile(
    r"^By [A-ZÀ-Þ][\w.’'-]+(?: [A-ZÀ-Þ][\w.’'-]+){1,3}(?:,? (?:and"
    r"|&) [A-ZÀ-Þ][\w.’'-]+(?: [A-ZÀ-Þ][\w.’'-]+){1,3})?"
    rf"(?:,? (?:\| )?{_AGENCY}(?: (?:[Ss]taff )?[Ww]riters?)?)?\s?(?:\||--|[–—]"
    rf"|(?<=\s)-)\s+(?=[A-ZÀ-Þ“\"$€£\d])"
)
_MORE = (
    r"(?:read (?:more|on|the (?:full|whole|entire) (?:story|article|post|report))(?: (?:here|below"
    r"|about it))?"
    r"|continue reading|keep reading|learn more(?: here)?|click here(?: (?:for|to) [\w ]{2,30})?"
    r"|find out more(?: here)?|more (?:here|to come|details? here)|full story(?: here)?|see more|weiterlesen"
    r"|lire la suite|leer más)"
)
_MORE_TAIL = re.compile(rf"(?<=[.!?”\"’»)])[\s\[(|>»→…–—-]*{_MORE}[\s.:!…→»>\])]*$", _I)

# Names for links, pictures and tickers, and words for the page's own furniture.
_BRACKET = re.compile(
    r"\u2060?\s*[(\[](?:opens in (?:a )?new (?:window|tab)|pictured[^()\[\]]{0,120}|(?:above |below |far "
    r"|lower |upper |top |bottom )?(?:left|right|center|centre|above|below)|(?:see|image|photo|video"
    r"|picture|via|source"
    r"|credit|graphic|file|link|read|watch|listen|click|more)\b[^()\[\]]{0,80}"
    r"|(?:NASDAQ|NYSE|LSE|LON|AMEX|OTC\w*|TSX|ASX|HKEX|Nasdaq|TYO|SEHK|KRX|FRA|EPA|ETR)\s?: ?[\w. :-]{1,20}"
    r"|\d{1,2}|sic|…|\.\.\.|ticker: \w+|https?://[^()\[\]\s]+|www\.[^()\[\]\s]+)[)\]]\u2060?",
    _I,
)
_LONG_BRACKET = re.compile(r"\s*\([^()]{60,}\)")
# What would be missed: a bracket that takes something back.
_TAKES_BACK = re.compile(
    r"\b(?:not|no|never|none|nor|n[’']t|without|only|except|unless|but|however|alleged\w*|deni\w+|false\w*"
    r"|disputed?|unconfirmed|excluding|before|if)\b|n[’']t\b",
    _I,
)

# What the word joined must be a statement of its own: "But for the storm" and "And so" are none.
_CONNECTIVE = re.compile(
    r"^(?:(?i:however|meanwhile|moreover|furthermore|additionally|in addition|also|separately|nevertheless"
    r"|nonetheless|in the meantime|at the same time|on top of that|that said|having said that|of course"
    r"|indeed"
    r"|in fact|in other words|overall|in short|ultimately|finally|lastly|similarly|likewise|as a result"
    r"|consequently|accordingly|therefore|thus|hence|for (?:example|instance)|besides|plus|on the other hand"
    r"|by contrast|in contrast|conversely|even so|still|notably|importantly|interestingly|unsurprisingly"
    r"|to that end|in turn|in particular|again|perhaps unsurprisingly|as such|elsewhere)"
    r",\s(?=[\w“\"$€£])"
    r"|(?:But|And|Yet|So) (?=(?:the|a|an|some|many|most|several|on|in|at|after|under|since|with|while|experts"
    r"|critics|analysts|officials|researchers|scientists|police|according|last|few|every)\s|(?!I\b"
    r"|I[’'])[A-Z$€£\d])"
    r"|(?i:außerdem|zudem|allerdings|jedoch|dennoch|unterdessen),\s(?=\w)"
    r"|(?:Mais|Pero) (?=(?:le|la|les|l’|l'|el|los|las)\b)|(?i:cependant|toutefois|sin embargo|además"
    r"|par ailleurs),\s(?=\w))"
)
# What is left leans as before: "But while he slept" and "So far", "And yet", "But for".
_NO_STATEMENT = re.compile(r"^(?:for|far|too|yet|so|then|not|if|as|be|did|does|do)\b", _I)
_COUNTER = re.compile(
    r"\b(?:not only|not just|not merely|but also|and also|as also|also[- ](?:known|called|named|ran))\b", _I
)
_ALSO = re.compile(
    r"(?<=[a-z’'\d]) also(?= (?:said|says|told|added|noted|announced|plans|wants|has|have|had|will|would"
    r"|is|are|was|were|includes?|included|launched|released|confirmed|revealed|reported|introduced|unveiled"
    r"|called|warned|raised|invested|found|showed|shows|offers|expects|faces|be|been|used|made|makes"
    r"|received|published)\b)"
    r"|(?<=\b(?:has|had|was|are)) also(?= \w)|(?<=\b(?:have|were|will)) also(?= \w)|(?<=\bis) also(?= \w)"
)
# Who speaks is no name of its own, and what is said is no quotation: "…, it said.", "…, the statement added."
_TAIL = re.compile(
    r",? (?:(?:it|they|the (?:statement|release|press release|announcement|report|post|filing|notice|advisory"
    r"|blog post|document|memo|email))"
    r" (?:said|says|added|adds|noted|notes|reads?|stated|states|explained|continued|announced|wrote))"
    r"(?: (?:on \w+day|in (?:a|the) (?:statement|report|release|blog post|post|filing)|today))?(?=\.$)"
)
# Without its speaker this would be our own word for a charge, a wish or a boast.
_CHARGE = re.compile(
    r"\b(?:kill\w*|murder\w*|attack\w*|guilt\w*|crim\w+|illegal\w*|fraud\w*|abus\w+|assault\w*|terror\w*"
    r"|lie[sd]?|lying"
    r"|false\w*|corrupt\w*|stole\w*|accus\w+|alleg\w+|blam\w+|violat\w+|should|must|best|worst|greatest|most"
    r"|first|leading|only|never|always|unprecedented|historic|believe\w*|hope\w*|think\w*|feel\w*|we|our"
    r"|us|i|die[sd]?"
    r"|dead|injur\w+|wound\w+|destroy\w*|shot|bomb\w*|rap\w+|would|could|may|might)\b",
    _I,
)
_SPACES = re.compile(r"[ \t\u00a0]{2,}")
_BEFORE_MARK = re.compile(r"\s+([,.;:!?])(?=\s|$)")


def trimmed(text: str, *, opens: bool = False) -> tuple[str, tuple[str, ...]]:
    """The sentence with what ties it to its page or its neighbours cut off, and the names of the cuts.

    `opens` says that it is the first of its article, where a dateline may stand. Only deletes: the words of
    the result are a subsequence of the words of `text`, but for the case of the first letter.
    """
    made: list[str] = []
    steps = (
        ("dateline", lambda t: _without(t, _DATELINES) if opens else t),
        ("byline", lambda t: _without(t, (_BYLINE,)) if opens else t),
        ("label", lambda t: _without(t, (_LABEL,))),
        ("read more", lambda t: _MORE_TAIL.sub("", t)),
        ("bracket", _without_brackets),
        ("connective", without_connective),
        ("also", _without_also),
    )
    for name, step in steps:
        after = step(text)
        if after != text and after:
            made.append(name)
            text = after
    return text, tuple(made)


def without_connective(text: str) -> str:
    """The sentence without 'But' or 'However,' before it, where what stays says the same by itself."""
    found = _CONNECTIVE.match(text)
    if not found:
        return text
    rest = text[found.end() :]
    return text if _NO_STATEMENT.match(rest) else rest[0].upper() + rest[1:]


def without_tail(text: str) -> str:
    """The sentence without ', it said' at its end: only from plain facts."""
    found = _TAIL.search(text)
    if not found or _QUOTED.search(text) or _CHARGE.search(text[: found.start()]):
        return text
    return text[: found.start()].rstrip(" ,") + text[found.end() :]


def _without(text: str, patterns: Sequence[re.Pattern[str]]) -> str:
    for pattern in patterns:
        found = pattern.match(text)
        if found:
            return text[found.end() :]
    return text


def _without_brackets(text: str) -> str:
    def gone(found: re.Match[str]) -> str:
        return found[0] if _TAKES_BACK.search(found[0]) else ""

    after = _BRACKET.sub("", text)
    if not _QUOTED.search(after):
        after = _LONG_BRACKET.sub(gone, after)
    return text if after == text else _BEFORE_MARK.sub(r"\1", _SPACES.sub(" ", after)).strip()


def _without_also(text: str) -> str:
    if _COUNTER.search(text):
        return text
    found = _ALSO.search(text)
    inside = found and any(q.start() < found.start() < q.end() for q in _QUOTED.finditer(text))
    return text if not found or inside else text[: found.start()] + text[found.end() :]
