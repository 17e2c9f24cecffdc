"""The form rules of a digest: which sentences may stand in it, and beside which others. Pure."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.digests.sentences import word_count, word_set
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
    r"|at that (?:time|point)|for (?:example|instance|that|this)|on the other hand"
    r"|on top of that|after that|because of (?:this|that)"
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
    r"\b(?:I|I['’](?:m|ve|d|ll)|we|we['’](?:re|ve|d|ll)|my|me|our|ours|us)\b|^(?:我|私|僕)"
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
_OPENS_ODDLY = re.compile(r"^\[[^\]]*[\]]\W*$|^\[(?:ed|note|editor)|^[^\w\"“„«‘'(「『¿¡$€£¥#@\[]|^\(")
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
    r"|here[’']s (?:what|how"
    r"|everything|why|a look|the)|keep reading"
    r"|let us know|in the comments|scroll (?:down|on)|as (?:shown|seen|listed) (?:above|below)"
    r"|(?:for more|to learn more|for the full)\b|more information (?:can|is|visit)"
    r"|visit (?:our|www)|newsletter.{0,30}(?:informiert sie|keeps you|brings you)"
    r"|independently (?:selected|reviewed)|www\.|https?://"
    r"|image:|photo:|credit:|read on\b|see (?:also|below)|(?:listen|subscribe) (?:to|on)\b.*"
    r"\b(?:podcast|spotify|apple podcasts)|download (?:the|our) app|advertisement"
    r"|is a (?:\w+[ -]){0,3}(?:reporter|correspondent|freelance\w*|staff writer"
    r"|contributing)\b.*\b(?:at|for|cover\w*|based)\b|you can (?:reach|follow|find|contact)"
    r"|disclosure:|disclaimer:|editor[’']s note|correction:|jetzt (?:abonnieren|anmelden)"
    r"|lesen sie|abonnez-vous|suscríbe\w*|lire aussi|lee también"
    r"|did not (?:immediately )?respond to|reached out to .{2,60} for)(?!\w)",
    _I,
)
# What the word joined must be a statement of its own: "But for the storm" and "And so" are none.
_CONNECTIVE = re.compile(
    r"^(?:(?i:however|meanwhile|moreover|furthermore|additionally|in addition|also|separately|nevertheless"
    r"|nonetheless), (?=[\w“\"$€£])"
    r"|(?:But|And) (?=(?:the|a|an|some|many|most|several|on|in|at|after|under|experts|critics|analysts"
    r"|officials)\s|[A-Z$€£\d]))"
)
_CJK_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]+")
_SAME = 0.65  # the share of the shorter sentence's words found in the other from which they repeat each other
_CONTAINED = 0.8  # the same of telling words without their endings
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
_CAPITALISED = re.compile(r"[A-ZÀ-Þ][\w.&]*")
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


def without_connective(text: str) -> str:
    """The sentence without 'But' or 'However,' before it, where what stays says the same by itself."""
    found = _CONNECTIVE.match(text)
    if not found:
        return text
    rest = text[found.end() :]
    return rest[0].upper() + rest[1:]


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
    return len(terms(text) - terms(title)) <= 1


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
