"""What else only the article around a sentence explains: "the study", "these techniques", whose words. Pure.

`bot.digests.compose` has the openers and `bot.digests.reference` the pronouns; these are the definite nouns,
the demonstratives, the voice of a writer or an interviewee, and what speaks to the reader of a page.
"""

import re

from bot.digests.named import SOMEBODY, Name, names

_I = re.IGNORECASE
_QUOTED = re.compile(r"[“\"„«][^“”\"„«»]*[”\"“»]")
_NOUN = (
    r"(?:company|compan(?:y|ies)|firms?|start-?ups?|business|carmaker|automaker|chipmaker|airline"
    r"|retailer|lender|bank"
    r"|agency|department|group|team|committee|commission|council|ministry|court|judge|jury|university|school"
    r"|club|studio|developers?|publisher|publication|brand|maker|giant|outlet|site|website|platform|service"
    r"|store|network|app|tool|product|products|device|devices|phone|laptop|monitor|console|headset|robot|car"
    r"|vehicle|drone|satellite|rocket|ship|plane|game|games|film|movie|show|series|season|episode"
    r"|trailer|video"
    r"|clip|exploit|vote|votes|match|race|election|tournament|treatment|vaccine|virus|song|album|book|novel|story|sequel|remake|report|study|survey|paper|findings|research|results?"
    r"|figures?|data|statement|letter|email|post|thread|tweet|message|memo|documents?|filing|article"
    r"|interview"
    r"|review|complaint|lawsuit|suit|case|charges?|ruling|verdict|order|decision|move|announcement|deal"
    r"|agreement|plan|plans|proposal|bill|measure|law|rule|rules|policy|program|programme|project|initiative"
    r"|effort|campaign|event|meeting|conference|summit|talks|trial|investigation|probe|incident|accident"
    r"|crash"
    r"|attack|attacks|shooting|fire|storm|outage|strike|protest|process|feature|features|update|version"
    r"|upgrade"
    r"|model|models|system|software|technology|technique|techniques|approach|method|algorithm|benchmark"
    r"|change|changes|issue|problem|vulnerability|flaw|bug|malware|breach|hack|hackers?|attackers?|increase"
    r"|decline|drop|rise|acquisition|merger|partnership|funding|round|investment|layoffs|cuts|mission|launch"
    r"|news|idea|goal|trend|list|bundle|sale|discount|offer|set|collection|character|protagonist|hero|villain"
    r"|man|men|woman|women|boy|girl|couple|pair|duo|trio|victims?|suspects?|gunman|teenager|driver|officers?"
    r"|officials?|executives?|founders?|co-?founders?|spokes\w+|researchers|scientists|authors?|actor|actress"
    r"|singer|player|students?|patients?|participants?|employees|workers|users|experts?|lawmakers|senators?"
    r"|president|minister|mayor|governor|director|professor|experiment|discovery|test|tests|image|photo"
    r"|picture)"
)
_BEFORE_NOUN = (
    r"(?:new|latest|two|three|four|five|six|proposed|alleged|resulting|same|entire|whole|other|second"
    r"|third|final"
    r"|original|first|next|previous|upcoming|official|small|big|tiny|latter|former|social|executive"
    r"|\w+-\w+(?:-\w+)?)"
)
# "The company said", but not "The company behind Fortnite", "The study of 68 people, led by …".
_OPENS_DEFINITE = re.compile(
    rf"^(?:The|Both|All|Such) (?:{_BEFORE_NOUN} ){{0,2}}{_NOUN}(?:[’']s?)?"
    rf"(?!\w|-| (?:of|behind|between|against|into|that|which|who|whose|where|in|at|from|known|called"
    rf"|named|led"
    r"|by|about|for|on|over|to|with|run|owned|created|made|released|published|launched)\b)"
    r"(?!,? (?:an?|the|which|who|called|named|known|by|led|published)\b|, [A-ZÀ-Þ])"
)
# "The Swiss company said", "The brand, which sells shoes, …"; not "The company, Damco, said".
_OPENS_COMPANY = re.compile(
    r"^The (?:[\w’'.-]+,? ){0,5}?(?:company|start-?up|firm|brand|publisher|retailer|carmaker|automaker"
    r"|chipmaker|agency)\b"
    r"(?!-|,? (?:an?|behind|called|named|known|of|[A-ZÀ-Þ]\w+))"
)
# "…, the company said" and "the firm hopes", where the sentence has named nobody.
_SPEAKS_DEFINITE = re.compile(
    rf"\bthe {_NOUN} (?:said|says|added|told|wrote|announced|reads?|noted|notes|claims?|claimed"
    rf"|explained|stated"
    r"|reported|confirmed|found|shows|revealed|warned)\b"
    r"|\bthe (?:company|start-?up|firm|brand|carmaker|automaker|chipmaker|agency)\b"
    r"(?! (?:behind|of|that|which|called|named|known)\b)"
)
_FIRM = re.compile(r"the (?:company|start-?up|firm|brand|carmaker|automaker|chipmaker)\b")
_OFFICE = re.compile(r"the agency\b")
_OFFICIAL = re.compile(
    r"^[A-Z]{3,6}$|\b(?:Agency|Administration|Department|Office|Bureau|Service|Commission|Authority|Board|Centers?)\b"
)
# "Damco lost money, the company said." and "Damco hopes the company will grow." speak of themselves.
_OWN_WORDS = re.compile(
    r"^ (?:hopes|plans|expects|wants|aims|believes|intends|says its|said its)\b"
    r"|, the (?:company|start-?up|firm) (?:\w+ly )?"
    r"(?:said|says|announced|confirmed|added|noted)\b"
)
# "Initially focused on games, the company …": who did so comes before, in another sentence.
_DESCRIBES = re.compile(r"(?:[A-Z][a-z]+ly )?(?:[A-Za-z]+(?:ed|ing)|[Kk]nown|[Bb]uilt|[Mm]ade) [^,]*, ")
_PLURAL = re.compile(r"[A-Z]{2,}s")  # "LLMs" are nobody's name
# "Each one is …", "none of that", "all that memory", "a game for that!"
_PARTS = re.compile(
    r"^(?:each|every) one\b|\b(?:none|all|some|most|much|any|part|more|both) of (?:that|this)\b"
    r"|\ball (?:that|this|these|those) (?!is|was|matter|remain|who|the|it|you|we|they|in|of)[a-z]+"
    r"|\b(?:for|like|about|with|after|before|of|from|than|by) that(?=[.!,;]|$)|\bthat said\b",
    _I,
)
# "Domina is no tank, though.": against what was said before.
_ENDS_LEANING = re.compile(
    r",? (?:though|too|either|as well|anyway|however|instead)[.!]$"
    r"|^[^,]{0,40}, (?:for (?:example|instance)|though|however|meanwhile|in turn|by contrast),"
    r"|^later that (?:year|month|week|day)\b",
    _I,
)
_SHORT = 6  # words of a sentence that opens with "The" and names nobody: the article said what it means
_BIO = re.compile(
    r"\b(?:has|have) (?:been )?(?:covering|covered|writing about|written about|reporting on)\b"
    r"|^When [A-ZÀ-Þ]\w+ (?:isn[’']t|is not) \w+ing\b|\b(?:reporter|editor|writer|correspondent"
    r"|manager) in charge of\b"
    r"|^[A-ZÀ-Þ]\w+(?: [A-ZÀ-Þ]\w+)? (?:covers|writes about|reports on)\b"
)
_NO_NOUN = (
    r"(?:week|weekend|month|year|morning|afternoon|evening|summer|spring|fall|autumn|winter|season|time"
    r"|quarter"
    r"|decade|century|kind|type|sort|past|coming|day|(?:mon|tues|wednes|thurs|fri|satur|sun)day|late"
    r"|early|holiday)"
)
_DEMONSTRATIVE = re.compile(
    rf"\b(?:this|these|such)\b(?! (?:{_NO_NOUN}s?|as|an?|who|in|from|of|at|on|under|with)\b)", _I
)
_THOSE = re.compile(
    r"\bthose\b(?! (?:who|whose|with|without|in|from|of|at|on|under|living|affected|that|interested)\b)", _I
)
_NEAR_FRONT = 7  # words: further on, the sentence itself has said what "this" is
# "Vince Gilligan: Gosh, …", "Warning: …": a label, and words that nobody quotes.
_LABEL = re.compile(
    r"^(?:(?i:warning|note|disclosure|disclaimer|updated?|breaking(?: news)?|correction"
    r"|spoilers?(?: warning)?|tip|pro tip"
    r"|answer|question|step \d+|q|a|read more|related|bottom line|key points?|verdict|price|pros|cons"
    r"|by the numbers)"
    r"|[A-ZÀ-Þ][\w’'.-]*(?: [A-ZÀ-Þ][\w’'.-]*){0,2}(?=: (?:I|I[’']\w+|We|You|My|It|It[’']s|And|But|Yeah"
    r"|Yes|No|So|Well|Oh|Gosh"
    r"|Right|That|That[’']s|This|There|They|He|She|What|When|How|If|Then|Because|Absolutely|Sure|Exactly"
    r"|Thank\w*)\b))"
    r"\s?: ?[\"“]?[A-ZÀ-Þ]"
)
_BIDS = re.compile(
    r"^(?:please |and |so |then |first, |next, |just |now |simply |be sure to |make sure |don[’']t "
    r"|do not |remember)?"
    r"(?:check|click|watch|read|see|listen|scroll|tap|visit|subscribe|follow|join|grab|buy|shop|let"
    r"|consider|try|stay"
    r"|keep|take|make sure|be sure|head|go to|note|remember|imagine|meet|forget|enter|register|share"
    r"|download|think"
    r"|look|expect|save|use|get|find|learn|enjoy|say|ask|start|don[’']t)\b(?!-| (?:prices?|of"
    r"|tanks?)\b)(?! (?:said|says|is|are|was|were|has|have)\b)",
    _I,
)  # fmt: skip
_PAGE = re.compile(
    r"https?://|\b(?:did not|didn[’']t|declined to) (?:immediately )?(?:respond|reply|return|comment)\b"
    r"(?=.{0,40}(?:request|comment|inquir|question|call|email)|\.$)|"
    r"\b(?:this|the) (?:article|review|guide|page|post|piece|newsletter|column) (?:contains|is|was|has"
    r"|will|includes)\b"
    r"|\b(?:links?|list|chart|table|video|gallery|map|image|photo|picture|section|guide|trailer"
    r"|clip) (?:above|below)\b"
    r"|\b(?:above|below)[.:]$|\bfurther down\b|\bspoilers?\b.{0,20}\b(?:below|ahead|warning)\b"
    r"|\bcovers? .{2,60} for (?:TechCrunch|the site)"
    r"|\b(?:his|her|their) (?:reporting|work|writing)s? (?:for [A-Z]\w+ )?(?:focus|appear|has appeared"
    r"|cover)\w*",
    _I,
)
_PERSON = re.compile(r"\b(?:he|she|his|hers?|him)\b", _I)
_CALLED = re.compile(r"[“\"][^“”\"]*[”\"]")
_STATES = 6  # words from which a quotation that opens with a capital is somebody's sentence
_SPEECH = re.compile(
    r"\b(?:sa(?:id|ys?|ying)|t(?:old|ells?|elling)|add(?:ed|s|ing)|wr(?:ote|ites?|iting)|according to"
    r"|[a-z]+ed|read|calls?|asks?|argues?|notes?|writes?|insists?|explains?|warns?|jokes?|claims?"
    r"|put it|spoke|swore|went|began|thought|felt|wept|quoth|by)\b"
)


def leans(text: str) -> bool:
    """Whether the sentence points at something that only the article around it has, as far as words tell."""
    spoken = _QUOTED.sub(lambda found: "…" * len(found[0]), text)
    return bool(
        _OPENS_DEFINITE.match(spoken)
        or _OPENS_COMPANY.match(spoken)
        or _PARTS.search(spoken)
        or _ENDS_LEANING.search(spoken)
        or _says_little(text)
        or _BIO.search(spoken)
        or _LABEL.match(spoken)
        or _PAGE.search(spoken)
        or _BIDS.match(spoken)
        or _points(spoken)
        or _speaks_for_nobody(text, spoken)
        or _is_nobody(text, spoken)
        or _unsaid(text, spoken)
    )


def _points(spoken: str) -> bool:
    """'These techniques' near the front, where nothing can have been said of them."""
    return any(
        len(spoken[: found.start()].split()) < _NEAR_FRONT
        for pattern in (_DEMONSTRATIVE, _THOSE)
        for found in pattern.finditer(spoken)
    )


def _says_little(text: str) -> bool:
    short = text.startswith("The ") and len(text.split()) <= _SHORT
    return short and not any(char.isdigit() or char.isupper() for char in text[1:])


def _speaks_for_nobody(text: str, spoken: str) -> bool:
    """'The firm hopes' where nothing before it can be the firm; 'the report said' where there is no name."""
    found = _SPEAKS_DEFINITE.search(spoken)
    if found is None:
        return False
    before = [name for name in names(text) if name.end <= found.start()]
    if _OFFICE.match(found[0]):
        return not any(_OFFICIAL.search(name.text) for name in before)
    if _FIRM.match(found[0]):
        aside = _DESCRIBES.fullmatch(spoken[: found.start()])
        return bool(aside) or not any(_is_firm(name, text) for name in before)
    return not before


def _is_firm(name: Name, text: str) -> bool:
    """Whether "the company" may be it: one word at the front may be who rates it or reports on it."""
    if name.company:
        return True
    owns = text[name.end : name.end + 2] in {"’s", "'s"}
    return (
        not name.person
        and len(name.text) > 1
        and not _PLURAL.fullmatch(name.text)
        and (name.start > 0 or " " in name.text or owns or bool(_OWN_WORDS.search(text[name.end :])))
    )


def _is_nobody(text: str, spoken: str) -> bool:
    """'He' or 'her' before any name; after a comma the name may follow ("In his speech, Bo Lind …")."""
    found = _PERSON.search(spoken)
    if found is None or SOMEBODY.search(spoken[: found.start()]):
        return False
    own = names(text)
    if any(name.start < found.start() for name in own):
        return False
    comma = spoken.find(",", found.end())
    follows = [name for name in own if comma >= 0 and comma < name.start <= comma + 40]
    return not follows and not re.search(
        r"\b(?:one|everyone|anyone|someone|person|who)\b", spoken[: found.start()], _I
    )


def _unsaid(text: str, spoken: str) -> bool:
    """A quotation that is somebody's whole sentence, beside words that do not say whose."""
    for found in _CALLED.finditer(text):
        inner = found[0][1:-1]
        whole = inner[:1].isupper() and len(inner.split()) >= _STATES and inner[-1:] in ",.!?"
        title = sum(word[:1].isupper() for word in inner.split()) > len(inner.split()) / 2
        if whole and not title and not _SPEECH.search(spoken.replace("…", " ")):
            return True
    return False
