"""The words and marks by which the judge of digests tells a sentence that cannot stand alone. Pure."""

import re
from collections.abc import Iterator, Sequence
from datetime import date


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_I = re.IGNORECASE
_QUOTES = re.compile(r"“[^“”]*”|\"[^\"]*\"|„[^„“]*“|«[^«»]*»")


def unquoted(text: str) -> str:
    """The text with what others say in it taken out."""
    return _QUOTES.sub(" ‹› ", text)


def word_list(text: str) -> list[str]:
    """Its words in small letters, apostrophe endings and marks left out."""
    return [
        re.sub(r"['’](?:s|S)?$", "", word).lower()
        for word in re.findall(r"[^\W_]+(?:[.,’'\-][^\W_]+)*", text)
    ]


def size(text: str) -> int:
    """How many words a reader counts."""
    return len(text.split())


# --- where a sentence ends -------------------------------------------------------------------------------
_ABBREVIATED = _set(
    "mr mrs ms dr prof sen rep gov gen lt col sgt st jr sr inc corp co ltd vs etc no jan feb mar apr jun"
    " jul aug sep sept oct nov dec u.s u.k u.n e.u d.c a.m p.m i.e e.g ph.d mt ft fig approx est dept"
    " rev capt cmdr adm hon bros al"
)
_STOP = re.compile(r"[.!?][”\"’')\]]*\s+(?=[“\"‘(\[]?[A-Z0-9$€£‹])")


def next_sentence(text: str) -> re.Match[str] | None:
    """Where a second sentence begins; None when there is only one."""
    for stop in _STOP.finditer(text):
        before = text[: stop.start()].split()
        token = before[-1].lower().strip("“\"‘'([") if before else ""
        if (
            token in _ABBREVIATED
            or (len(token) == 1 and token.isalpha())
            or re.fullmatch(r"(?:[a-z]\.)+[a-z]", token)
        ):
            continue
        if stop[0][0] != "." and text[stop.end() :][:1].islower():
            continue
        return re.compile(r"\S+(?: \S+)?").match(text, stop.end())
    return None


def sentences(text: str) -> list[str]:
    """The sentences of an article, by line and by stop."""
    found = []
    for line in re.split(r"[\r\n]+", text):
        rest = line.strip(" •-–*\t")
        while rest:
            more = next_sentence(_QUOTES.sub(lambda q: "‹" * len(q[0]), rest))
            cut = more.start() if more else len(rest)
            found.append(rest[:cut].strip())
            rest = rest[cut:]
    return [one for one in found if one]


# --- form ------------------------------------------------------------------------------------------------
QUESTION = re.compile(r"[?？][”\"’')\]]*\s*$")
TRUNCATED = re.compile(r"(?:…|\.\.\.|\[…\]|[,;:]|\s[-–—])\s*[”\"’')\]]*$")
NO_END = re.compile(r"[^.!?。！？।…,;:”\"’')\]][”\"’')\]]*$|(?<![.!?。！？।…])[)\]]$|^[^.!?。！？]*$")
LOW_OPENING = re.compile(r"^[“\"‘'(\[]*[a-zà-ÿ](?![A-Z]|-?\d|[a-z]?[A-Z])\w*|^[,;:.!?)\]|/&%–—-]")
DATELINE = re.compile(
    r"^(?:[A-Z][A-Z.’' -]{3,}(?:, [A-Z][\w. ]{1,20})?(?:, (?:[A-Z][a-z]+\.? \d{1,2}"
    r"|\d{1,2} [A-Z][a-z]+))?\s?(?:\([^)]{2,30}\)\s?)?[-–—]{1,2}\s(?![a-z])"
    r"|(?:[A-Z][\w.’'-]+ ?,?){0,4}(?:[A-Z][a-z]+ \d{1,2}(?:, \d{4})?)? ?\((?:Reuters|AP|AFP|dpa|UPI|CNN"
    r"|Bloomberg|Xinhua|ANI|PTI)\)"
    r"|.{0,60}/PRNewswire|.{0,60}\((?:BUSINESS WIRE|GLOBE NEWSWIRE)\))"
)
BYLINE = re.compile(
    r"^By [A-Z][\w.’'-]+ [A-Z][\w.’'-]+(?:,| and | \||$)|^(?:Written|Reported|Edited|Reporting|Editing"
    r"|Photograph(?:s|y|ed)?|Words"
    r"|Illustration) by\b(?=[^,]*$)|\b(?:is|are|was) (?:an? "
    r"|the )?(?:[\w’'-]+ ){0,4}(?:staff writer|(?:senior "
    r"|freelance |tech(?:nology)? |news |culture )"
    r"?(?:reporter|correspondent|columnist)) (?:at|for|covering|based|who covers)\b|\b(?:has"
    r"|have) (?:been )?covered? (?:\w+ ){1,5}(?:for|since) "
    r"|\bhas been (?:covering|writing about|reporting on)\b|^When [A-Z]\w+ isn[’']t \w+ing\b"
    r"|^[A-Z]\w+ (?:[A-Z]\w+ )?covers \w+"
)
BOILERPLATE = re.compile(
    r"\b(?:our|this|the|free|daily|weekly) newsletter (?:here|today|for|below)|newsletter, "
    r"|\bsubscribe (?:now|here|today|to our)|^subscribe\b"
    r"|\bcookies?\b(?=.{0,40}(?:polic|consent|settings|accept|browser))"
    r"|getty images|shutterstock|\b(?:photo|image|picture) (?:by|credit|courtesy|via)"
    r"|\bphotograph(?:ed)? by\b|\bcredits?:|\bclick (?:here|on|the|below)"
    r"|^tap\b|\btap here\b|^share (?:this|your)\b|\bsign up (?:for|to|here|today)"
    r"|\bfollow (?:us|me|him|her)\b|read (?:more|also|next)\b|^learn more\b"
    r"|\blearn more(?: (?:here|now|at|on)\b|[.!]?$)"
    r"|\bfor more (?:information|on|details|about)\b|all rights reserved|©"
    r"|opens? in (?:a )?new (?:window|tab)|\badvertis(?:ement|ing partner)s?\b(?=:|$)"
    r"|\baffiliate(?:[- ]links?|[- ]commission|[- ]partner)|(?-i:commission) (?:if"
    r"|when|on|from)|\bour (?:app|site|website|podcast|channel|coverage|guide"
    r"|picks|newsletter|full review)\b|https?://|www\."
    r"|\blisten to (?:the|our|this)\b|\bwatch (?:the|our|this) (?:video|full|clip)|\bleave a comment"
    r"|in the comments|\bemail (?:us|me|tips)\b|\bcontact (?:us|me)\b"
    r"|\bthis (?:article|story|post|piece|review) (?:was|is|has|originally|first|contains|includes)"
    r"|originally (?:published|appeared)|\bcontributed (?:to (?:this )?)?report"
    r"|^download\b|\bdownload our\b|\bjoin (?:us|the conversation)\b|\bcorrection:|\bdisclosure:"
    r"|\beditor[’']s note|\bupdated (?:on|at)\b|\bupdated?:|^update (?:on|at) \w+day"
    r"|\bback to top\b|\bsee (?:below|above|also)\b"
    r"|\bticket prices rise|\bregister (?:now|here|today|by)|\bsave up to \$?\d|\btechcrunch (?:event"
    r"|disrupt 20)|\bhere[’'](?:s|re) (?:what|how|everything|why|our|the|a)\b"
    r"|\bstay tuned\b|^check .{0,12}out\b|\bcheck (?:it|them) out\b|\bas (?:shown|seen"
    r"|pictured) (?:above|below)\b"
    r"|\b(?:pictured|left|right|above|below)\)|\bfile photo\b|\bvia (?:signal|email) at\b"
    r"|\b(?:did ?n[o’']t|did not) (?:immediately )?(?:respond|return|reply)|\bdeclined (?:to comment"
    r"|comment)\b(?=\.?$)|\breached out to .{2,60} for comment",
    _I,
)
INTRODUCED = re.compile(r"(?:^|\s)[A-ZÀ-Þ][\w’'-]+\b.*: ?$")  # by somebody who was named
ONLY_NAME = re.compile(r"[\s‹›,]*(?:[A-ZÀ-Þ][\w’'.-]+ ){1,5}[A-ZÀ-Þ][\w’'-]+\.?\s*")
_LONG = 30  # characters from which a quotation is more than a word that somebody used


def quotations(text: str) -> Iterator[re.Match[str]]:
    """What is quoted at length as a sentence of its own: no title, no end of the writer's own."""
    for found in _QUOTES.finditer(text):
        inner = found[0][1:-1]
        if text[found.start() - 1 : found.start()].isdigit():
            continue  # inches: a 16" screen
        titled = sum(word[:1].isupper() for word in inner.split()) > len(inner.split()) / 2
        if len(inner) >= _LONG and not titled and not inner[:1].islower():
            yield found


SPEAKS = re.compile(
    r"\b(?:sa(?:id|ys?|ying)|t(?:old|ells?|elling)|add(?:ed|s|ing)|wr(?:ote|ites?|iting|itten)"
    r"|according to|argu\w+|claim\w*|announc\w+|stat(?:ed|es|ing|ement)"
    r"|explain\w*|call(?:ed|s|ing)|describ\w+|not(?:e|ed|es|ing)|warn\w*|ask(?:ed|s|ing)|repl(?:ied|ies)"
    r"|respond\w*|read(?:s|ing)?|insist\w*|conclud\w+|recall\w*"
    r"|post(?:ed|s|ing)?|tweet\w*|quot\w+|declar\w+|admit\w*|acknowledg\w+|suggest\w*|accus\w+|promis\w+"
    r"|pledg\w+|den(?:ied|ies|ying)|urg\w+|refer\w*|titled|named|label\w*"
    r"|dubbed|known as|express\w*|comment\w*|continu\w+|jok\w+|ruled|vow\w*|testif\w+|complain\w*"
    r"|criticiz\w+|criticis\w+|prais\w+|thank\w*|think\w*|believ\w+|agree\w*|emphasi\w+|stress\w*"
    r"|shout\w*|remark\w*|mention\w*|reveal\w*|confirm\w*|report(?:ed|s|ing)?|put it|cit(?:ed|es|ing)"
    r"|posit(?:s|ed|ing)|offer(?:s|ed|ing)|eulogi\w+|determin\w+|reject\w*|alleg\w+|decid\w+|refrain"
    r"|observ\w+|predict\w*|ask|demand\w*|respon\w+|found|feels?|felt"
    r"|show(?:s|ed)?|mean(?:s|ing)|asserts?|outlin\w+|lament\w*|quipp\w+|message|letter|email|memo"
    r"|lawsuit|headline\w*|caption\w*|titl\w+|subtitled|teas(?:ed|es|ing)|proclaim\w*|brief(?:ed|s)"
    r"|react(?:ed|s)|signs? including|the (?:lines?|text)|theme)\b",
    _I,
)

# --- what leans on another sentence ---------------------------------------------------------------------
_OPENER = re.compile(
    r"^[“\"‘'(\[]*(?:but|and|or|nor|so|yet|then|also|still|instead|however|meanwhile|moreover"
    r"|furthermore|additionally|nevertheless|nonetheless|therefore|thus|hence"
    r"|besides|otherwise|likewise|similarly|consequently|accordingly|conversely|afterwards?|plus|again"
    r"|anyway|too|indeed|in addition|in fact|in turn|in contrast|by contrast"
    r"|as a result|as such|for (?:example|instance|one)|on the other hand|at the same time|even so"
    r"|that said|in other words|after that|since then|by then|until then|before that"
    r"|despite (?:this|that)|because of (?:this|that|it)|to that end|in response|in doing so"
    r"|in the meantime|in particular|of course|ultimately|elsewhere|separately"
    r"|the (?:former|latter|same|other|others|rest)|both|neither|either|another|others|such|these|those"
    r"|this|that|which|who|he|she|it|they|his|her|hers|its|their|theirs|him|them"
    r"|(?:he|she|it|they|that|this)[’'](?:s|d|ll|re|ve))(?=[\s,:;—–]|$)",
    _I,
)
_NO_OPENER = re.compile(
    r"^[“\"‘'(\[]*(?:(?:so|too) (?:far|few|much|many|often|called|long)"
    r"|(?:this|that) (?:week|weekend|month|year|morning"
    r"|afternoon|evening|summer|spring|fall|autumn|winter|season|time|quarter|decade|century"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:past|coming) \w+)|still (?:life|images?)|(?:both"
    r"|either|neither) (?:of )?(?:the |[A-Z]).{0,60}\b(?:and|or|nor)\b"
    r"|those (?:who|with|in|from|of|at|on|under|without|living|affected|killed|injured|looking|hoping)\b"
    r"|(?:another|such) .{0,30}\b(?:as|than)\b|both (?:men|women|sexes|sides of)"
    r"|also known|plus-|then-[A-Z]|then (?:President|Prime|US|U\.S)|it(?:[’']s| is| was| has been"
    r"| will be| would be| took| takes| remains)(?: \S+){1,8}? (?:that|to|whether|how|why|when|since"
    r"|before|if|for)\b)",
    _I,
)


def opener(text: str) -> re.Match[str] | None:
    """A first word that answers to a sentence before it; inside a quotation it is the speaker's own."""
    if text[:1] in '“"«„':
        return None
    return None if _NO_OPENER.match(text) else _OPENER.match(text)


_PRONOUN = re.compile(
    r"\b(?:(?P<who>he|she|him|his|hers?|himself|herself)"
    r"|(?P<what>it|its|itself|they|them|theirs?|their|themselves))\b",
    _I,
)
_EMPTY = re.compile(
    r"\bit(?:[’']s| is| was| will be| would be| has been| had been| may be| might be| could be| can be"
    r"| isn[’']t| wasn[’']t| becomes| became| remains| seems| appears| makes| took| takes| turns out"
    r"| turned out)\b.{0,70}?\b(?:to|that|whether"
    r"|how|when|why|if|for|who|what|where|\w+ing)\b|\b(?:find|finds|found|make|makes|made|making"
    r"|consider\w*|think|believe\w*) it (?:\w+ )?(?:\w+ )?(?:to|that|for)\b|\bit (?:rained|snowed)\b"
    r"|\bwhen it comes to\b|\b(?:call|calls|called) it\b(?= (?:quits|a day))"
    r"|\bit(?:[’']s| is| was) (?:clear|unclear|likely|unlikely|possible|\d|time|hard|easy|worth|not)\b"
    r"|\bhas what it takes\b|\bmake it (?:clear|easier|harder|possible)\b|\bas it (?:is|was|were|turns"
    r"|happens)\b|\bthat it\b(?= (?:is|was|will be) \w+ (?:to|that))",
    _I,
)
_PERSON_BEFORE = re.compile(
    r"(?:^|[\s“\"(‹›—–-])(?!(?:The|A|An|In|On|At|By|For|From|With|To|Of|As|But|And|If|When|While|After"
    r"|Before|Since|During|Although|Though|Because|Once|Until|Despite|Under|Over|He|She|It|They|His|Her"
    r"|Its|Their|This|That"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|May|June"
    r"|July|August|September|October|November|December|Last|Earlier|Later|Speaking|Asked|Now|Then|There"
    r"|Here|Not|Even|Both"
    r"|Although|Like|Unlike|According|Following|Given)\b)[A-ZÀ-Þ][\w’'.-]+"
    r"|\b(?:[Aa]n?|[Tt]he|[Oo]ne|[Ee]very|[Ee]ach|[Aa]nother|[Aa]ny|[Nn]o|[Tt]wo|[Tt]hree|[Ss]ome"
    r"|[Mm]any|[Mm]ost"
    r"|[a-z]+[’']s) (?:[\w’'-]+ ){0,3}?(?:man|woman|boy|girl|person|child|mother|father|son|daughter"
    r"|brother|sister|wife|husband|official|officer|president|leader|minister"
    r"|user|customer|patient|student|worker|employee|player|driver|victim|suspect|parent|actor|actress"
    r"|singer|author|founder|executive|ceo|doctor|teacher|judge|lawyer|reporter|politician|soldier|voter"
    r"|king|queen|prince|princess|pope|star"
    r"|captain|coach|manager|director|spokes\w+|professor|researcher|scientist|engineer|candidate"
    r"|senator|governor|mayor|someone|friend|creator|artist|character|hero|villain|protagonist|teenager"
    r"|teen|baby|dad|mom|mum|winner|owner|chief|guy|resident"
    r"|developer|analyst|expert|writer|designer|astronaut|pilot|farmer|lawmaker|activist|journalist"
    r"|billionaire|entrepreneur|investor|programmer|gamer|fan|\w{3,}er|\w{3,}or|\w{3,}ist|\w{3,}ian)s?\b"
    r"|\b(?:anyone|everyone|someone|somebody|nobody|whoever)\b",
)
_THING_BEFORE = re.compile(
    r"(?<=\w )[B-HJ-Z]\b|\b[a-z]{4,} (?:was|is|has|had|will) |(?:^|[\s“\"(‹›—–-])(?!(?:In|On|At|By"
    r"|For|From|With|To|Of|As|But|And|If|When"
    r"|While|After|Before"
    r"|Since|During|Although|Though|Because|Once|Until|Despite|He|She|It|They|His|Her|Its|Their|This"
    r"|That|There|Here|Not|Now|Then|Monday"
    r"|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b)[A-ZÀ-Þ][\w’'.-]+"
    r"|\b(?:[Aa]n?|[Tt]he|[Oo]ne|[Ee]very|[Ee]ach|[Aa]nother|[Aa]ny|[Nn]o|[Aa]ll|[Ss]ome|[Mm]any|[Mm]ost"
    r"|[Ss]everal|[Ff]ew|[Mm]ore|\d[\d,.]*|[Tt]wo"
    r"|three|four|five|six|seven|eight|nine|ten|dozens of|hundreds of|thousands of|other|new|these|those"
    r"|[a-z]+[’']s) (?:[\w’'-]+ ){0,3}?[\w’'-]{3,}"
    r"|\b[a-zà-ÿ]{3,}(?:s|ies|men|women|people|children|police|staff)\b|\b(?:people|police|children"
    r"|women|men|staff|data|everyone|anyone|someone|nobody|whatever|anything|something|everything)\b"
    r"|[A-ZÀ-Þ][a-z]+s\b",
)
_LEADING_CLAUSE = re.compile(
    r"^(?:As|When|While|After|Before|In|On|At|With|Without|Despite|By|Since|Although|Though|Even|If|Once"
    r"|For|Like|Unlike|Speaking|Because|From|Until|Given|During|Through|To|Under|Following|Asked|Beyond"
    r"|Alongside|Throughout|Of|Among|Along|Citing|Among)\b[^,]*$"
)


def unresolved(spoken: str) -> re.Match[str] | None:
    """The first pronoun before which nothing stands that it could mean, nor right behind its clause."""
    plain = _EMPTY.sub(lambda found: "-" * len(found[0]), spoken)
    for kind, known in (("who", _PERSON_BEFORE), ("what", _THING_BEFORE)):
        found = next((one for one in _PRONOUN.finditer(plain) if one[kind]), None)
        if found is None or known.search(plain[: found.start()]):
            continue
        after = plain[found.end() :]
        comma = after.find(",")
        ahead = comma >= 0 and _LEADING_CLAUSE.match(plain[: found.start()])
        if not ahead or not known.search(after[comma : comma + 60]):
            return found
    return None


_GENERIC = (
    r"(?:company|firm|start-?up|business|corporation|carmaker|automaker|chipmaker|airline|retailer|bank"
    r"|lender|agency|department|organi[sz]ation|group|team|committee|commission|council|ministry|court"
    r"|judge|jury|university|school|club"
    r"|man|men|woman|women|boy|girl|couple|pair|duo|trio|two|three|four|victims?|suspects?|gunman"
    r"|teenager|driver|officer|officers|officials?|executive|founder|co-founder|spokes\w+|researchers"
    r"|scientists|authors?|actor|actress|singer|player"
    r"|move|decision|announcement|deal|agreement|plan|proposal|bill|measure|law|rule|ruling|verdict"
    r"|order|lawsuit|suit|complaint|case|charges?|investigation|probe|incident|accident|crash|attack"
    r"|shooting|fire|storm|outage|strike|protest"
    r"|report|study|survey|paper|findings|results?|figures|data|statement|letter|email|post|tweet|video"
    r"|message|memo|document|documents|filing|article|interview|book|film|movie|show|series|game|album"
    r"|song|trailer|episode|season|app|device|phone"
    r"|feature|tool|product|service|platform|model|system|software|update|version|technology|project"
    r"|program|programme|initiative|process|effort|campaign|event|meeting|summit|conference|talks|trial"
    r"|election|vote|match|race|tournament"
    r"|change|changes|issue|problem|trend|increase|decline|drop|rise|acquisition|merger|partnership"
    r"|funding|round|investment|layoffs|cuts|site|website|vehicle|car|plane|ship|robot|drone|satellite"
    r"|rocket|mission|launch|news|latter|former|goal|idea"
    r"|executive order|social network|chatbot|vulnerability|flaw|bug|malware|hackers?|attackers?|exploit"
    r"|breach|approach|method|technique|experiment|discovery|test|tests|animal|species|virus|disease"
    r"|drug|vaccine|treatment)"
)
# "The company said" and "…, the company said" with nobody named; not "The company behind Fortnite".
_DEFINITE_OPENER = re.compile(
    rf"^(?:The|That|This|These|Those|Such) (?:(?:new|latest|two|three|four|five|proposed|alleged"
    rf"|resulting|same|entire|whole|other|second|third|\w+-year-old) )?{_GENERIC}(?:[’']s?)?"
    r"(?=,? (?:\w+ly |also |now |has|have|had|is|are|was|were|will|would|can|could|may|might|must|should"
    r"|does|do|did|said|says|comes?|came|follow\w*|met|went|took|made|got|gave|began|saw|found|left|lost|won"
    r"|told|ran|sold|built|wrote|add\w*|marks?|means?|ha[sd]n|isn|\w+ed\b"
    r"|\w+s\b(?! of)))(?! (?:behind|of|that|which|who|between)|,? (?:known|called|named))"
)
_DEFINITE_SPEAKER = re.compile(
    r"\b(?:the (?:company|firm|start-?up|agency|department|organi[sz]ation|group|statement|report|study"
    r"|lawsuit|complaint|filing|post|email|letter|spokes\w+|official|executive|founder|co-founder|CEO"
    r"|man|woman|researchers?|authors?|pair|duo|couple|actor|singer))"
    r" (?:said|says|added|told|wrote|announced|reads?|noted|claims?|claimed|explained|stated|reported"
    r"|confirmed)\b"
)
_THE_COMPANY = re.compile(
    r"\b[Tt]he (?!(?:first|second|third|last|only|largest) \w+ to\b)"
    r"(?:[\w-]+ )?(?:company|firm|start-?up|brand|agency|carmaker|automaker|chipmaker)\b"
    r"(?! (?:behind|of|that|which|called|named|known)\b|, [A-ZÀ-Þ])"
)
_PART_OF_IT = re.compile(
    r"^[Ee]ach one\b|\b(?:none|all|some|most|much|any|part) of (?:that|this)\b|\ball (?:that|this"
    r"|these) (?!is|was|matters|the|it|they|he|she|you|we)[a-z]+"
    r"|\b(?:for|like|about|with|after) that(?=[.!,;]|$)"
)
_DEMONSTRATIVE = re.compile(
    r"\b(?:this|these|those)(?! (?:week|weekend|month|year|morning|afternoon|evening|summer|spring|fall"
    r"|autumn|winter|season|time|quarter|decade|century|kind|type|sort|past|coming|day|days|week[’']s"
    r"|month[’']s|year[’']s|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|who|with|in|from|of|at|on|that|under|without|whose|late|early|is how|is when)\b)",
    _I,
)


# A name, and not only the capital that opens every sentence.
_INNER_NAME = re.compile(
    r"(?<=[\w,] )[A-ZÀ-Þ][\w’'-]+|^[A-ZÀ-Þ]\w*[A-ZÀ-Þ]\w*|^[A-ZÀ-Þ][\w-]+(?=[’']s )"
    r"|^[A-ZÀ-Þ][\w-]+(?= (?:executives|shares|stock|employees|engineers|CEO|CFO|lawyers)\b)"
)
_CALENDAR = _set(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July"
    " August"
    " September October November December"
)


def definite(spoken: str) -> re.Match[str] | None:
    """'The company', 'the statement said', 'this decision' where the sentence has not said which."""
    opening = _DEFINITE_OPENER.match(spoken)
    if opening:
        return opening
    part = _PART_OF_IT.search(spoken)
    if part:
        return part
    speaker = _DEFINITE_SPEAKER.search(spoken) or _THE_COMPANY.search(spoken)
    if speaker and not any(
        name[0] not in _CALENDAR for name in _INNER_NAME.finditer(spoken[: speaker.start()])
    ):
        return speaker
    pointing = _DEMONSTRATIVE.search(spoken)
    return pointing if pointing and len(spoken[: pointing.start()].split()) <= 5 else None


FIRST_PERSON = re.compile(
    # Not "Type I" and "World War I".
    r"(?<![\w.])(?<!Class )(?<!Type )(?<!War )(?<!Part )(?<!Phase )(?<!Title )(?:I"
    r"|I[’'](?:m|ve|d|ll)|[Ww]e|[Ww]e[’'](?:re|ve|d|ll)|[Mm]y|[Mm]e|[Oo]ur|[Oo]urs|us)"
    r"(?![\w.]|[-–]\w)(?<!(?<=\w )(?:My|Me|We))(?<!(?<=\w )Our)"
)

# --- fragments -------------------------------------------------------------------------------------------
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|am|has|have|had|do|does|did|will|would|can|could|may|might|must|shall"
    r"|should|[’'](?:s|re|ve|ll|d|m)|\w+n[’']t|\w{2,}ed|\w+[’']s|\w{3,}(?<!s)s|said|told|made|took|came"
    r"|went|got|gave|found|saw|knew|left|met|won|lost|cut|hit|set|put|let|led|held|built"
    r"|bought|brought|sold|sent|spent|paid|kept|began|broke|became|grew|fell|rose|rise|fall|drew|drove"
    r"|flew|wrote|spoke|chose|shot|struck|fought|caught|taught|thought|ran|run|sat|stood|shut|slid|sank"
    r"|swept|threw|wore|hurt|beat|read|say|need|want|make|take|come|go|get|give|know|think"
    r"|see|find|show|tell|ask|use|work|call|try|feel|leave|plan|expect|remain|continue|include|live"
    r"|believe|hold|bring|happen|mean|keep|start|begin|play|move|help|face|seem|appear|offer|fear|hope"
    r"|die|lie|rely|stay|allow|lead|cost|agree|claim|warn|argue|remember|forget|love|hate|wait|want|sit"
    r"|stand|run)\b",
    _I,
)
_SHORT = 16


def verbless(text: str) -> re.Match[str] | None:
    """A short sentence in which nobody does anything."""
    return re.match(r".{0,40}", text) if size(text) <= _SHORT and not _VERB.search(text) else None


# --- names -----------------------------------------------------------------------------------------------
_LONE = re.compile(
    r"(?<![A-ZÀ-Þ.’'&-])(?<![\w’'-][-’'])"
    r"\b(?P<name>[A-ZÀ-Þ][a-zà-ÿ]+(?:[A-ZÀ-Þ][a-zà-ÿ]+)?(?:-[A-ZÀ-Þ][a-zà-ÿ]+)?)\b"
)
_NO_FIRST_NAME = _set(
    "President Prime Minister Mr Mrs Ms Dr Professor Sir Senator Governor Mayor King Queen Prince"
    " Princess Pope Saint General Captain Judge Justice Chief Secretary Director CEO CFO CTO The A An In"
    " On At By For From With To Of As And But Or If When While After Before Since New North South East"
    " West Lake Mount Fort Port San Santa Los Las El Le La Saint Upper Lower Great Grand United Former"
    " Vice Deputy Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April"
    " May June July August September October November December Last Next Both Republican Democrat"
    " Democratic British American Russian Chinese Indian Rep Sen Gov Gen Rev Lord Lady Coach Co-founder"
    " Founder Chairman Analyst Attorney Representative Detective Sheriff Officer Inspector Chancellor"
    " Ambassador Speaker Commissioner Like Unlike Google Apple Microsoft Meta Amazon Nvidia OpenAI Tesla"
    " Anthropic Samsung Sony"
)
_TITLE_BEFORE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|Professor|President|Senator|Sen|Rep|Gov|Governor|Mayor|King|Queen|Prince"
    r"|Princess|Pope"
    r"|Judge|Justice|Minister|Secretary|CEO|Chancellor|Chief|Lord|Lady|Sir)\.? $"
)


_MANY = _set("Republicans Democrats Conservatives Americans Europeans Russians Israelis Ukrainians")
_OPENS_ONLY = re.compile(
    r"(?:As|But|And|When|While|After|If|Although|Though|In|For|Then|Because|Since|Where|Even|Before|Yet) "
)


def lone_names(text: str) -> Iterator[re.Match[str]]:
    """Capitalised words that stand by themselves, outside quotations, where a surname could."""
    spoken = _QUOTES.sub(lambda found: " " * len(found[0]), text)
    for found in _LONE.finditer(spoken):
        before, after = spoken[: found.start()], spoken[found.end() :]
        word = re.search(r"[A-ZÀ-Þ][\w.’'-]*,? $", before)
        if word and word[0].strip(" ,") not in _CALENDAR and not _OPENS_ONLY.fullmatch(before):
            continue  # part of a longer name, or behind a title that makes it one
        if re.match(r" (?:[A-ZÀ-Þ]|\d)|[-–]\w|[’'](?!s\b)\w|\.\w", after) or re.search(
            r"\b(?:the|a|an|The|A|An|this|its|their|his|her|our) (?:[a-z]+ )?$", before
        ):
            continue
        if found[0] not in _CALENDAR and found[0] not in _MANY:
            yield found


def full_name(surname: str, text: str) -> str:
    """The person's full name as the text gives it; '' where the word is not shown to be a surname there."""
    last = re.escape(surname)
    whole = [
        found
        for found in re.finditer(
            rf"\b([A-ZÀ-Þ][a-zà-ÿ’'-]+|[A-Z]\.(?: ?[A-Z]\.)?)(?: [A-Z]\.)? {last}\b(?! (?:[A-Z]|Inc"
            rf"|Corp))",
            text,
        )
        if found[1] not in _NO_FIRST_NAME
    ]
    if re.search(rf"\b{last.lower()}\b", text):
        return ""  # a common word too
    speaks = re.search(
        rf"\b{last} (?:said|says|told|added|wrote|explained|argued)\b|\b(?:said|Mr\.?|Ms\.?) {last}\b", text
    )
    told = [
        found
        for found in whole
        if _PERSON_SIGN.search(text[max(0, found.start() - _NEAR) : found.end() + _NEAR])
    ]
    return whole[0][0] if whole and (told or speaks) else ""


_NEAR = 25  # characters
_PERSON_SIGN = re.compile(
    r"\b(?:said|says|told|added|who|wrote|CEO|founder|president|minister|director|actor|actress|author"
    r"|professor|analyst|senator|secretary|judge|officer|chief|spokes\w+|researcher|engineer|manager"
    r"|coach|editor|lawyer|attorney|writer|singer|head of|chair\w*"
    r"|aged?|executive|economist|scientist|mayor|governor|Rep|Sen|Mr|Ms|Dr|President|Secretary|Senator"
    r"|partner|leader|star|player|creator|developer|expert|lead)\b|, \d\d,"
)

# --- what comes ------------------------------------------------------------------------------------------
FUTURE = re.compile(
    r"\b(?:will|won[’']t|shall|[’']ll|(?:is|are|was|were|be|been|being)(?: now| currently"
    r"| also)? (?:\w+ly )?(?:scheduled|set|due|expected|slated|planned|poised|about|going|expecting"
    r"|planning|hoping|aiming|to)|plans?|planned|expects?|intends?|hopes?|aims?|scheduled|upcoming"
    r"|begins?|starts?|opens?|launch(?:es|ing)|arriv(?:es|ing)|kicks? off|takes? place|returns?"
    r"|releas(?:es|ing)|debuts?|coming|hits|airs|premieres?|runs|lands|goes|ends|closes|expires?"
    r"|available|should|could|may|might|would|forecasts?|predicts?|promis\w+|pledg\w+|vow\w*"
    r"|proposes?|proposed|deadline|wants? to|considering|rolling out|ships|meets?|votes?|joins)\b",
    _I,
)
_MONTH_NAMES = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTHS = (
    "|".join(name.capitalize() for name in _MONTH_NAMES) + r"|Jan\.|Feb\.|Aug\.|Sept\.|Oct\.|Nov\.|Dec\."
)
TIME_OR_PLAN = re.compile(
    rf"\b(?:tomorrow|tonight|today|soon|later|next|upcoming|coming|following|end of|until|till|within"
    rf"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:this|late|early|mid)[ -](?:\w+ )?(?:week\w*|month"
    rf"|year|spring|summer|fall|autumn|winter|quarter|season|decade|evening|afternoon"
    rf"|20\d\d)|20[2-9]\d|[Qq][1-4]|first half|second half|quarter|spring|summer|fall|autumn|winter|days"
    rf"|weeks|months|years|{_MONTHS.lower()}|\d\d? (?:a\.?m|p\.?m))\b|\b(?:{_MONTHS})",
    _I,
)
_DATES = re.compile(
    rf"\b(?:(?P<m1>{_MONTHS}) (?P<d1>\d{{1,2}})|(?P<d2>\d{{1,2}}) (?P<m2>{_MONTHS}))\b(?:,? (?P<y>20\d\d))?"
)


ANNOUNCED = re.compile(
    r"\b(?:will|won[’']t|scheduled|slated|set to|plans? to|planning to|to be (?:released|held|launched"
    r"|published)|due to"
    r"|intends? to|aims? to|going to)\b",
    _I,
)


def dates(text: str, year: int) -> Iterator[date]:
    """The full dates of a text; without a year they are taken to be of `year`."""
    for found in _DATES.finditer(text):
        name = (found["m1"] or found["m2"]).lower().rstrip(".")
        month = next((at for at, full in enumerate(_MONTH_NAMES, 1) if full.startswith(name[:3])), 0)
        try:
            yield date(int(found["y"] or year), month, int(found["d1"] or found["d2"]))
        except ValueError:
            continue


# --- whose words -----------------------------------------------------------------------------------------
_LIGHT = _set(
    "a an the and or but of in on at to for from with by as is are was were be been has have had will"
    " would it its that this which who after before into over about their his her they he she more than"
    " also said says could can may not up out new one two all"
)
_BEFORE_NOUN = frozenset({"the", "mr", "mrs", "ms", "dr", "prof"})
_POINTERS = _BEFORE_NOUN | {"he", "she", "his", "her", "him", "it", "its", "they", "their"}
_CUT = 8  # words of a connective or a dateline before the one that a name was put for


def telling(text: str) -> frozenset[str]:
    """The stems of the words that carry a sentence."""
    return frozenset(word[:6] for word in word_list(text) if word not in _LIGHT)


def other_figures(one: str, other: str) -> bool:
    """Whether each has a number that the other has not: then they tell two things."""
    a, b = (set(re.findall(r"\d+(?:[.,]\d+)*", text)) for text in (one, other))
    return bool(a - b) and bool(b - a)


def stands_for(source: Sequence[str], put: Sequence[str]) -> int:
    """How many words of the source are over when a name is put for one of the next few; 0 when none can be.

    A pronoun, "the company", "Mr Roe" or a part of the name itself; what lies before it was cut.
    """
    for at, word in enumerate(source[:_CUT]):
        if word in _POINTERS:
            return at + (2 if word in _BEFORE_NOUN else 1)
        if word in put:
            return at + 1
    return 0
