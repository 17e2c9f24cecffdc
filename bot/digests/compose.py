"""The form rules of a digest: which sentences may stand in it, and beside which others. Pure."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from bot.sentences import word_count, word_set
from bot.text import fold, squash, words


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a digest may be; sentences and words."""

    need_sentences: int = 3
    need_words: int = 70  # all of need_to_know together
    sentence_words: int = 45  # one sentence among others; alone it may have `need_words`
    least_words: int = 5
    details: int = 5
    next: int = 2


LIMITS = Limits()

_I = re.IGNORECASE
# Openers that lean on a sentence before them.
_DANGLING = re.compile(
    r"^\W*(?:"
    r"he|she|it|they|his|her|hers|its|their|theirs|him|them|(?:it|he|she|they|that|this)[’'](?:s|d|ll|re|ve)"
    r"|this|that|these|those|such|both|neither|either"
    r"|but|and|or|so|yet|nor|then|also|still|instead|however|meanwhile|nevertheless"
    r"|nonetheless|thus|therefore|hence|moreover"
    r"|additionally|furthermore|besides|otherwise|likewise|similarly|conversely|consequently"
    r"|accordingly|afterwards?|subsequently|similarly"
    r"|in addition|as a result|as such|in contrast|by contrast|in turn|in response"
    r"|in particular|in that case|in doing so|at the same time"
    r"|at that (?:time|point)|for (?:example|instance|one|one thing|that|this)|on the other hand"
    r"|on top of that|after that|because of (?:this|that)|over that (?:time|period)|like (?:the )?others?"
    r"|note that|not that|fast forward|(?:yes|no|anyway|anyhow|well|sure|granted|admittedly),"
    r"|that[’']s (?:why|because|how)|(?:replying|responding|asked about (?:this|that)),"
    r"|(?:some|many|most|others|both|several) (?:said|say|warned|warn|argued|argue|believe|think|fear|feared)"
    r"|despite (?:this|that)|with that|to that end|to do so|even so|even then|that said"
    r"|that being said|of course|indeed|in fact|in other words|overall"
    r"|in short|now|later|earlier|soon after|here|first|second|third|finally|lastly|next"
    r"|ultimately|elsewhere|plus|again"
    r"|another|others?|some of (?:them|those|these)|one of (?:them|those|these)"
    r"|most of (?:them|those|these)|all of (?:them|this|that)|the (?:other|others|former"
    r"|latter|same|rest)"
    r"|the (?:two|three|pair|duo|couple|man|woman|boy|girl|victim|suspect|move|decision"
    r"|announcement|deal|plan|incident|news|report|statement|comments?|remarks?|company|firm"
    r"|team"
    r"|group|agency|study|findings|change|changes|measure|proposal|bill|attack|crash|case"
    r"|lawsuit|complaint|suit|filing|email|letter|post|video|tweet|message|result|results"
    r"|figures?|data|update|feature|game|device|app|film|movie|show|series|event|project"
    r"|program|process|agreement|partnership|acquisition|startup|platform|tool|document|"
    r"investigation|ruling|verdict|fire|storm|organi[sz]ation|service|system|site|version"
    r"|trend|issue|problem|goal|idea)"
    r"(?=[’']?s?\s+(?:was|were|is|are|has|have|had|will|would|could|can|may|might|also|said"
    r"|says|came|comes|follow\w*|added|adds|told|did|does|did|include[sd]?|marks?|means"
    r"|takes?|took|made|makes|began|begins|"
    r"showed|shows|found"
    r"|underscores?|highlights?|reflects?|represents?|appears?|seems?|remains?|plans?|noted"
    r"|declined|confirmed|features?|offers?|uses?))"
    r"|the (?:company|firm|move|decision|announcement|pair|duo|couple|incident|latter|former"
    r"|pushback|backlash)(?:[’']s)?(?!-|,? (?:of|to|behind|by|that|known|called|named"
    r"|comes as)\b)"
    r"|the (?:two|three|four|five|six) (?:\w+ )?(?:\w+s|men|women|people|children)"
    r"|the (?:first|second|third|last|latest|most recent) (?:is|was|one)"
    r"|(?:because|as|when|while|if|although|though|after|before|since|once|unless|until"
    r"|even if|even though|whether|where|like|with|unlike|among|from|for|in|on|at|by|of) (?:he"
    r"|she|it|they|this|these|those|them|him|its|his|her|their)"
    r"|since then|by then|until then|back then|in the meantime|in the years since|to that end"
    r"|all this|all of which|which|who|whose|because"
    # Russian, Italian, Dutch, Portuguese, Turkish, Norwegian, Polish: words that English has not
    r"|но|однако|он|она|они|это|эт[аио]|этот|также|тем временем|при этом|поэтому|затем"
    r"|ma|però|tuttavia|inoltre|lui|questo|questa|quest[ei]|maar|hij|zij|ze|daarnaast|ook|dit"
    r"|mas|ele|ela|eles|elas|isso|isto|além disso|no entanto|porém|ama|ancak|bunun"
    r"|dette|dessuten|dessutom|derfor|jednak|ona|oni"
    # German, French, Spanish
    r"|dann|schon zuvor|aber|doch|und|denn|dennoch|trotzdem|deshalb|daher|darum|außerdem|zudem|allerdings"
    r"|jedoch|dabei|dagegen|damit|danach|dazu|davon|darauf|darüber|dadurch|dort|so|auch|er|es"
    r"|sie|ihr|ihre|sein|seine|"
    r"dies|diese[rmns]?|zuvor|inzwischen|unterdessen|gleichzeitig|währenddessen|hinzu|zugleich"
    r"|ebenso|letztere[rs]?"
    r"|mais|et|or|donc|cependant|pourtant|toutefois|ainsi|ensuite|puis|il|elle|ils|elles|ce"
    r"|cela|ça|c[’']est|cette|cet|ces|son|sa|ses|leur|leurs|en effet|par ailleurs|de plus"
    r"|en outre|celui-ci|celle-ci"
    r"|pero|y|sin embargo|además|así|entonces|luego|también|él|ella|ellos|ellas|este|esta|esto"
    r"|estos|estas|ese|esa|eso|su|sus|por eso|por otro lado|no obstante|mientras tanto"
    r")(?=$|[\s,.:;—–])",
    _I,
)
_CJK_DANGLING = re.compile(
    r"^[「“\"]?(?:しかし|また|だが|そして|さらに|一方|なお|これ|それ|彼|但|但是|然而|此外|另外|他|她|它|他们|这|该|同时|不过)"
)
# "It is" and "There are" that point nowhere, and "One in three": no need of a sentence before.
_NOT_DANGLING = re.compile(
    r"^(?:(?:in|on|at|by|for|from|with|of|after|before|since|as|until) (?:this|these"
    r"|those) (?:week|month|year|season|summer|spring|autumn|winter|day|age)"
    r"|because of (?!this|that|it)|because (?-i:the|an?|[A-Z])"
    r"|es (?:gibt|gab|war|ist|wird)|il (?:y a|faut|est)|la situation|so (?:far|called)"
    r"|(?:first|second|third|next|later)[- ](?:\w+ )?(?:year|week|month|lady|quarter|half"
    r"|minister|round|time|day)s?"
    r"|now that|later (?:this|that|in|on) |later on (?:mon|tue|wed|thu|fri|sat|sun)"
    r"|this (?:past |coming )?(?:week|month|year|summer|spring|autumn|fall|winter|season"
    r"|weekend|morning|afternoon"
    r"|evening|time (?:last|next) year|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
    r"|it(?:[’']s| is| has) (?:never|time|hard|possible|official|no (?:secret|surprise"
    r"|longer clear))\b)",
    _I,
)
_LATE_PRONOUN = re.compile(r"^[^,“\"]{3,90},? (?:he|she|they) (?:\w+)", 0)
_PRONOUN_SPEAKER = re.compile(
    r"[\"”»] ?,? ?(?:(?:he|she|they|it) (?:said|says|added|adds|told|wrote|writes|continued"
    r"|explained|noted|tweeted|posted|insisted|warned|concluded|recalled|argued|asked|replied)"
    r"|(?:said|added) (?:he|she|they)\b|(?:the )?(?:statement|post|company|report|spokesperson"
    r"|email|filing|lawsuit|complaint|message) (?:said|added|read|reads|continued|says))",
    _I,
)
_NAME_INSIDE = re.compile(r"(?<=\s)[A-ZÀ-Þ][\w’'-]+")
_FIRST_PERSON = re.compile(
    # a numeral is nobody: "World War I", "Charles I"
    r"(?<!War )(?<!Part )(?<!Phase )(?<!Type )(?<!Class )(?<!Title )(?<!Article )(?<!Division )(?<!Charles )"
    r"(?<!Elizabeth )\bI\b(?!-\d)|\bI['’](?:m|ve|d|ll)\b"
    r"|\b(?:[Ww]e|[Ww]e['’](?:re|ve|d|ll)|[Mm]y|me|[Oo]urs?|us)\b"
    r"|\b(?:[Ii]ch|[Ww]ir|mir|uns|unsere?[mnrs]?|[Nn]ous|[Jj]e|[Jj][’']ai|notre|[Yy]o|[Nn]osotros|nuestr[oa]s?"
    r"|[Яя]|[Мм]ы|мне|меня|нас)\b"
    r"|^(?:我|私|僕)"
)
_YOU = re.compile(r"\b(?:you|your|yours|you['’](?:re|ve|ll|d)|let['’]s)\b", _I)
_QUOTED = re.compile(r"[“\"„«][^“”\"„«»]*[”\"“»]")
# In `"One. "Two."` the second mark opens again: half a quotation is missing.
_OPENED_TWICE = re.compile(r'^[^"]*(?:"[^"]*"[^"]*)*?"[^"]*(?<=\s)"(?=\w)')
_BRACKETS = (("(", ")"), ("[", "]"), ("（", "）"), ("「", "」"), ("『", "』"))
_ENDS = re.compile(r"[.!。！؟۔।?？]['\"”“’»)\]」』）]*$")
_CUT_OFF = re.compile(r"(?:…|\.\.\.)['\"”’»)\]]*$")
_ASKS = re.compile(r"[?？؟][!?'\"”’»)]*$")
_OPENS_LOW = re.compile(r"^[\W_]*[a-zà-þ](?![A-Z])")
_OPENS_ODDLY = re.compile(
    r"^\[[^\]]*[\]]\W*$|^\[(?i:ed|note|editor)|^\d{1,2}\. (?=[A-Z])|^_|^[^\w\"“„«‘'(「『¿¡$€£¥#@\[]|^\("
)
# A speaker, with or without an apposition, and when or where they spoke. These state something: "The keeper
# was unhurt, police said.", "Roe said on Monday the keeper was unhurt." and "The toll was announced in May."
_ONLY_SAID = re.compile(
    r"^(?!.*\b(?:was|were|is|are|be|been|being)(?: \w+ly)? (?:said|added|told|wrote|announced|confirmed)\b)"
    r"(?:(?:(?:earlier|later)(?: on \w+day)?|on \w+day"
    r"|in (?:an?|the|its|his|her|their) \w+(?: on \w+day)?), )?"
    r"[^,]{0,60}(?:,[^,]{1,60}, )?"
    r"\b(?:said|says|added|told (?:reporters|\w+)|wrote|announced|confirmed)"
    r"(?: (?:in|on|to|at|by|with|of|for|from) (?:(?:an?|the|its|his|her|their) )?"
    r"(?!that\b)[\w-]+(?: (?!that\b)[\w-]+)?)*\.?$",
    _I,
)
# "Authorities had spoken of 14 injured earlier": its own verb is "had", behind a short subject that
# holds no other; "Police said two had died earlier" and "The man who had fled earlier was caught" are news.
_BEFORE_THE_NEWS = r"(?:earlier(?! than)|previously|beforehand|(?:until|up to|before) then)"
_RECALLS = re.compile(
    r"^(?!.*\b(?:but|now)\b)(?:(?P<set>" + _BEFORE_THE_NEWS + r"\b(?: [\w-]+){0,4}),? )?"
    r"(?:(?!said|says?|told|that|who|whom|which|where|when|while|after|before|as|because|if|found|shows?"
    r"|knew|thought|\w+ed\b)[\w’'-]+ ){1,6}?"
    r"had\b(?! to\b)(?(set)|[^,;:—–]*\b" + _BEFORE_THE_NEWS + r"\b)",
    _I,
)
_BOILERPLATE = re.compile(
    r"\b(?:sign up (?:for|to|here|now)|subscribe (?:to|now|here|today)|our (?:\w+ )?newsletter"
    r"|click here|read (?:more|our|the full)\b(?! than)|all rights reserved|follow us"
    r"|getty images|shutterstock|image (?:credit|source)|photo(?:graph)? by|file photo"
    r"|opens in a new|uses? cookies|cookie policy|privacy policy|terms of (?:service|use)"
    r"|contributed (?:to this|reporting)|reporting by|editing by|(?:originally"
    r"|first) (?:appeared|published) (?:on|in|at)|affiliate (?:commission|link)"
    r"|earn a commission"
    r"|(?:story|article|post) (?:has been|was|will be|is being) updated"
    r"|developing (?:news )?story|stay tuned|check out (?:our|these|the full|more)|check back"
    r"|here[’'](?:s|re)|keep reading|learn more|(?:techcrunch|verge|ign) event"
    r"|let us know|in the comments|scroll (?:down|on)|as (?:shown|seen|listed) (?:above|below)"
    r"|(?:for more|to learn more|for the full)\b|more information (?:can|is|visit)"
    r"|visit (?:our|www)|newsletter.{0,30}(?:informiert sie|keeps you|brings you)"
    r"|independently (?:selected|reviewed)|www\.|https?://"
    r"|image:|photo:|credit:|read on\b"
    r"|see (?:also|below)|(?:listen|subscribe) (?:to|on)\b.*\b(?:podcast|spotify|apple podcasts)"
    r"|download (?:the|our) app|advertisement"
    r"|is a (?:\w+[ -]){0,3}(?:reporter|correspondent|freelance\w*|staff writer"
    r"|contributing)\b.*\b(?:at|for|cover\w*|based)\b"
    r"|is (?:the|an?) (?:\w+[ -]){0,4}(?:editor|writer|manager|reporter|journalist|columnist|freelancer)\b"
    r".{0,20}\b(?:in charge of|who (?:covers|writes)|covering|in (?:tech|gaming))"
    r"|is (?:the|an?) (?:\w+[ -]){0,4}(?:editor|writer|reporter|journalist|columnist)"
    r" (?:at|for) (?:\w+ ?){1,3}\.?$"
    r"|(?-i:^[A-Z]\w+(?: [A-Z][\w-]+)?) (?:covers|reports on|writes about|has been writing)\b.*\b(?:for|at)\b"
    r"|find (?:him|her|them|us) on"
    r"|published (?:on )?\w{3,9}\.? \d{1,2}, 20\d\d, \d|you can (?:reach|follow|find|contact)"
    r"|disclosure:|disclaimer:|editor[’']s note|correction:|jetzt (?:abonnieren|anmelden)"
    r"|lesen sie|abonnez-vous|suscríbe\w*|lire aussi|lee también"
    r"|did not (?:immediately )?respond to|reached out to .{2,60} for)(?!\w)",
    _I,
)
# What a photograph shows, with its day: "Roe, the mayor, speaks in Port Elsin, May 6, 2030."
_CAPTION = re.compile(
    r"^(?!.*\b(?:said|announced|reported|according|will|was|were|has|have|had)\b)"
    r"(?=.*\b(?:speaks?|testif(?:y|ies)|attends?|arrives?|walks?|looks?|poses?|stands?|sits?|gestures?"
    r"|is seen|are seen|is pictured|waves?|shakes?|delivers?|listens?|holds?|smiles?|reacts?|during)\b)"
    r".*\b(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|[A-Z][a-z]{2}\.) \d{1,2}, 20\d\d\.$"
)
_GLUED = re.compile(
    r"[a-z](?:Image|Photo|Credit|Source): |\b(?:Image|Photo) (?:Credit|Source)s?:"
    # a caption, a label or a row of a table that ran into the text
    r"|Getty Images| \| |\d\.[A-Z][a-z]+ [A-Z]|[a-z][.!?][\"“][A-Z]"
    # a film beside the text: "'Rates will fall,' economist says.", "Roe joins us to discuss the toll."
    r"|^['‘][^.]{9,}['’],? [a-z]+ says\.$"
    r"|^(?!.*\b(?:said|will|was|were|has|have|had)\b)[A-Z][^.]{3,70}? (?:discuss(?:es)?|joins?|breaks? down"
    r"|weighs? in|sits? down) [^.]{3,60}\.$"
)
_CJK_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]+")
_SAME = 0.65  # the share of the shorter sentence's words found in the other from which they repeat each other
_CONTAINED = 0.8  # the same of telling words without their endings
_RETOLD, _ENOUGH = 0.7, 4  # the same share, whatever else is new; telling words from which it counts
_STEM = 5  # letters: "returns" and "returned" tell the same, and so do "strike" and "strikes"
_NEGATION = word_set(
    "not no never none nobody neither nor cannot without fails failed denies denied refuses refused"
    " nicht kein keine keinen nie ohne ne pas jamais aucun aucune sans nunca jamás sin ni ninguna ninguno"
)
# Words that stand in sentences of every kind.
_LIGHT = word_set(
    "a an the and or but of in on at to for from with by as is are was were be been has have had will would"
    " it its that this which who after before into over about their his her they he she more than also said"
    " der die das ein eine und im am auf mit von zu den dem des hat ist sind war für nach bei wird sich als"
    " le la les un une des du de et en dans sur pour par au aux est sont a ont qui que se avec plus"
    " el los las una del y en por para con es son ha han que se al su lo"
)
_NUMBERS = re.compile(r"\d+(?:[.,]\d+)*")
_IN_WORDS = word_set(
    "two three four five six seven eight nine ten eleven twelve dozen hundred thousand million half"
)
_CAPITALISED = re.compile(r"(?<!\w)[A-ZÀ-Þ][\w.&]*")
_SHOUTING = 0.6


def fault(text: str, *, title: str = "", limits: Limits = LIMITS) -> str | None:
    """The first reason why the sentence may never stand in a digest; None when it may."""
    return next(iter(faults(text, title=title, limits=limits)), None)


def faults(text: str, *, title: str = "", limits: Limits = LIMITS) -> tuple[str, ...]:
    """Every reason why a sentence may never stand in a digest, each in one or two words.

    Faults of form: a question, boilerplate, unbalanced marks, a fragment, words cut off, a quotation with
    no speaker, capitals throughout, too few or too many words, the headline said again.
    """
    size = word_count(text)
    reasons = (
        ("too short", size < limits.least_words),
        ("too long", size > limits.need_words),
        ("question", bool(_ASKS.search(text))),
        ("cut off", bool(_CUT_OFF.search(text))),
        ("fragment", not _ENDS.search(text) or bool(_OPENS_ODDLY.search(text) or _OPENS_LOW.search(text))),
        ("unbalanced", not balanced(text)),
        ("capitals", _shouts(text)),
        ("no speaker", _only_quotes(text)),
        ("only said", size <= 10 and bool(_ONLY_SAID.match(text)) and not _QUOTED.search(text)),  # noqa: PLR2004
        ("boilerplate", bool(_BOILERPLATE.search(text))),
        ("caption", bool(_CAPTION.search(text) or _GLUED.search(text))),
        ("headline", bool(title) and adds_nothing(text, title)),
    )
    return tuple(reason for reason, found in reasons if found)


def dangles(text: str) -> bool:
    """Whether the sentence leans on one before it: 'He …', 'But …', 'The move was …'."""
    if _CJK_DANGLING.match(text):
        return True
    if _DANGLING.match(text) and not _NOT_DANGLING.match(text):
        return True
    speaker = _PRONOUN_SPEAKER.search(text)
    outside = _QUOTED.sub(" ", text)
    if speaker and not _NAME_INSIDE.search(outside):
        return True
    late = _LATE_PRONOUN.match(text)
    return (
        bool(late) and not _NAME_INSIDE.search(late[0] if late else "") and "," in (late[0] if late else "")
    )


def recalls(text: str) -> bool:
    """Whether the sentence tells only what had been before the news: '… had spoken of 14 injured earlier'."""
    return bool(_RECALLS.match(text))


def personal(text: str) -> bool:
    """Whether the writer speaks of themselves ('I', 'we') outside quotations."""
    return bool(_FIRST_PERSON.search(_QUOTED.sub(" ", text)))


def addresses(text: str) -> bool:
    """Whether the writer speaks to the reader ('you', 'let's') outside quotations."""
    return bool(_YOU.search(_QUOTED.sub(" ", text)))


def balanced(text: str) -> bool:
    """Whether every bracket and double quotation mark has its partner."""
    if any(text.count(opening) != text.count(closing) for opening, closing in _BRACKETS):
        return False
    if text.count('"') % 2 or _OPENED_TWICE.search(text):
        return False
    if "„" in text:
        return text.count("„") == text.count("“") + text.count("”")
    return text.count("“") == text.count("”") and text.count("«") == text.count("»")


def adds_nothing(text: str, title: str) -> bool:
    """Whether the sentence says no more than the headline does (one new word is no news)."""
    return len(terms(text) - terms(title)) <= 1 or not _stems(text) - _stems(title)


def covered(text: str, others: Iterable[str]) -> float:
    """The share of a sentence's telling words, without their endings, that the others together have."""
    own = _stems(text)
    known = frozenset().union(*map(_stems, others))
    return len(own & known) / len(own) if own else 1.0


def adds_number(text: str, others: Iterable[str]) -> bool:
    """Whether the sentence has a number in digits that none of the others has."""
    known = {number for other in others for number in _NUMBERS.findall(fold(other))}
    return not known.issuperset(_NUMBERS.findall(fold(text)))


@lru_cache(maxsize=2048)
def terms(text: str) -> frozenset[str]:
    """The folded words of a text; in scripts without spaces, its pairs of neighbouring characters."""
    folded = fold(text)
    pairs = {run[i : i + 2] for run in _CJK_RUN.findall(folded) for i in range(max(1, len(run) - 1))}
    return frozenset(pairs.union(words(_CJK_RUN.sub(" ", folded))))


def repeats(text: str, others: Iterable[str]) -> bool:
    """Whether the sentence says again what one of the others says, by the words they share."""
    own = terms(text)
    return any(_shared(own, terms(other)) >= _SAME for other in others)


def covers(text: str, other: str) -> bool:
    """Whether the two sentences tell the same event, in the same words or in others with the same stems."""
    return repeats(text, [other]) or _shared(_stems(text), _stems(other)) >= _CONTAINED


def retells(text: str, other: str) -> bool:
    """Whether two sentences share most telling words of the shorter, and have not each its own number."""
    one, two = _stems(text), _stems(other)
    if min(len(one), len(two)) < _ENOUGH or _shared(one, two) < _RETOLD:
        return False
    return not (adds_number(text, [other]) and adds_number(other, [text]))


def adds_fact(text: str, other: str) -> bool:
    """Whether the sentence has a number, a name or a "not" that the other has not."""
    own, known = terms(text), terms(other)
    facts = {number for number in _NUMBERS.findall(fold(text)) if number not in _NUMBERS.findall(fold(other))}
    names = {fold(name).rstrip(".") for name in _CAPITALISED.findall(text)} - _LIGHT
    stated = _bare(known)
    return bool(facts or names - stated or (own & (_IN_WORDS | _NEGATION)) - known)


def _bare(found: Iterable[str]) -> frozenset[str]:
    """Words, and what is left of them without "'s" and on both sides of a hyphen."""
    return frozenset(part for word in found for part in (word, *re.split(r"['\-]", word)))


@lru_cache(maxsize=2048)
def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in terms(text) - _LIGHT)


def _shared(one: Collection[str], other: Collection[str]) -> float:
    smaller = min(len(one), len(other))
    return len(set(one) & set(other)) / smaller if smaller else 1.0


def _shouts(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    upper = sum(c.isupper() for c in letters)
    return len(letters) >= 8 and upper / len(letters) > _SHOUTING  # noqa: PLR2004


def _only_quotes(text: str) -> bool:
    """Whether nothing but quotation is left, so that nobody says who speaks."""
    if not _QUOTED.search(text):
        return False
    return len(words(squash(_QUOTED.sub(" ", text)))) <= 1
