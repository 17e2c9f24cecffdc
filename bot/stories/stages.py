"""How far a matter has come — arrested, charged, convicted; missing, found — as its reports put it. Pure.

A small ladder for each kind of matter that goes in stages. What is denied, only expected, or told as the past
of somebody is no stage; nor is what other languages than English say, which none of these words meet.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# Each ladder: its name, and the words of each rung, the lowest first. The words that say that the matter is
# of this kind stand in the lowest rung, which is never news by itself. Alternatives stand apart by " | " or
# by the end of a line, unless the next line begins with "|".
_GOES_ON = re.compile(r"\s*\n\s+(?=\|)")
_APART = re.compile(r"\s+\|\s+|\s*\n\s*")
_LADDERS: dict[str, tuple[str, ...]] = {
    "justice": (
        r"""
        arrest(?:s|ed) | detain(?:s|ed) | (?:in|into) custody | nabbed | apprehend(?:s|ed) | suspects?\b
        manhunt | accused | wanted (?:for|over)
        """,
        r"""
        (?:is|was|were|been|are|man|woman|suspects?|officers?) charged\b
        charged (?:with|over|in connection) | indict(?:s|ed) | arraign(?:s|ed) | charges? (?:filed|brought)
        files? charges
        """,
        r"""
        plead(?:s|ed)? (?:not )?guilty | pled (?:not )?guilty | (?:goes|went|stands?) on trial
        trial (?:begins|began|opens|opened|starts|started|gets under way)
        """,
        r"""
        convicts?\b(?! for) | convicted(?= (?:of|on|in|over|for|by|after)\b|[.,;]|$) | found (?:not )?guilty
        acquit(?:s|ted) | guilty verdict | cleared of
        """,
        r"""
        sentenced | jailed (?:for|over) | jailed \w+ years
        (?:gets|given|handed|receives?) [\w-]+ (?:years|months)
        (?:gets|given|handed) (?:a )?(?:life|death) (?:sentence|term|in prison) | gets life
        """,
        r"""
        (?:conviction|verdict|sentence) (?:is |was )?(?:overturned|quashed|thrown out|commuted)
        wins? appeal | loses? appeal | pardon(?:s|ed) | executed (?:by|for|in|on|at)
        (?:freed|released) (?:from|after) (?:\w+ )?(?:prison|jail)
        """,
    ),
    "search": (
        r"""
        missing | disappear(?:s|ed|ance) | search(?:es|ed|ers|ing)? (?:for|teams?|continues) | kidnap\w*
        abduct\w+ | trapped | hostages? | stranded | hijack\w*
        """,
        r"""
        found (?:alive|safe|unharmed|dead)
        rescued?\b(?! (?:teams?|workers?|efforts?|operations?|crews?|mission|services?|boats?|package|deal))
        rescues\b
        (?:body|bodies|remains|wreckage) (?:was |were |are |is |has been |have been )?(?:found|recovered
            |located|identified)
        (?:finds?|found|recover(?:s|ed)?) (?:the )?(?:\w+ )?(?:body|bodies|remains|wreckage)
        (?:hostages?|crew|captives?|children|women|men|girls|boys|sailors|journalists?) (?:are |is |were
        was |have been |has been )?(?:freed|released)
        """,
    ),
    "health": (
        r"""
        hospitali[sz]ed | in (?:the )?hospital | taken to (?:a |the )?\w* ?hospital | critical(?:ly)?
        intensive care | in a coma | life support | fights? for (?:his|her) life
        fighting for (?:his|her) life
        """,
        r"""
        dies\b | died (?:on|in|at|from|of|after|early|late|peacefully) | has died | passed away
        pronounced dead | discharged | (?:leaves|left|released from) (?:the )?hospital
        """,
    ),
    "law": (
        r"""
        (?:bill|law|measure|amendment|legislation|plan|motion|rule|order|ban|tariffs?|budget) (?:is
        was )?(?:proposed|introduced|unveiled|tabled)
        propos(?:es|ed|al) | introduc(?:es|ed) (?:a |the )?bill | \bbill\b | legislation | executive order
        tariffs? | referendum | draft law | motion
        """,
        r"""
        (?:senate|house|parliament|lawmakers|congress|mps|deputies|assembly|committee|council|legislature
            |voters|bill|measure|senators|bundestag|commons|lords|knesset|duma|cabinet|plan
            |budget)\W+(?:\w+\W+){0,3}?(?:pass(?:es|ed)|approv(?:es|ed)|adopt(?:s|ed)|reject(?:s|ed)
            |back(?:s|ed)|vote(?:s|d) down|defeat(?:s|ed))\b
        veto(?:es|ed)
        """,
        r"""
        sign(?:s|ed) (?:\w+ ){0,6}?(?:into law|bill|order) | takes? effect | took effect
        (?:comes?|came|enters?|entered) into (?:force|effect) | signed into law
        """,
        r"""
        (?:strikes?|struck) down
        (?:court|judges?|justices)\W+(?:\w+\W+){0,4}?(?:blocks?|blocked|halts?|halted|overturn(?:s|ed)
            |suspend(?:s|ed)|rul(?:es|ed) against)
        repeal(?:s|ed)\b
        """,
    ),
    "office": (
        r"""
        under (?:pressure|fire)
        (?:calls|urged|pressure|told|asked|demands?) (?:\w+ ){0,3}?(?:to|for) (?:resign|step down|quit|go\b)
        calls for (?:his|her|their) (?:resignation|ouster) | nominat(?:es|ed|ion|ee) | scandal | misconduct
        no[- ]confidence | impeachment | investigat(?:ed|ion) | accused | controvers(?:y|ial)
        """,
        r"""
        resigns\b | resigned\b | has quit | quits\b | (?:steps?|stepped|stepping) down | oust(?:s|ed)\b
        sacks\b | sacked\b | fires\b(?! (?:on|at|back|into|missiles?|rockets?|shots?|burn|rage))
        (?:was|been|is) fired\b | impeach(?:es|ed)\b | (?:is |was )?sworn in\b | takes? office | took office
        confirmed (?:as|by|to) | confirms? (?:\w+ ){1,4}?(?:as|to)\b
        """,
    ),
    "deal": (
        r"""
        (?:in|holds?|held|enter(?:s|ed)?|exploring|peace|merger|takeover) talks | negotiat\w+
        (?:takeover|merger) (?:bid|offer|interest) | bid for | offers? to buy | made an offer
        considering (?:a )?(?:bid|offer|sale)
        """,
        r"""
        (?:agree(?:s|d)? (?:to|on)|reach(?:es|ed)?|strikes?|struck|signs?|signed|clinch(?:es|ed)?
            |announces?d?|seals?|sealed) (?:\w+ ){0,4}?(?:deal|agreement|accord|pact|ceasefire|truce
            |treaty|acquisition|merger)
        agree(?:s|d) to (?:buy|acquire|be acquired|merge|sell|pay|end|cease)
        """,
        r"""
        (?:deal|merger|takeover|acquisition|talks|agreement|truce|ceasefire
            |negotiations) (?:\w+ ){0,2}?(?:collaps(?:es|ed)|falls? (?:apart|through)|fell (?:apart
            |through)|called off|scrapped|abandoned|break(?:s)? down|broke down|completed|finali[sz]ed
            |violated|broken|ends?|ended)\b
        (?:completes?|completed|closes|closed|finali[sz](?:es|ed)|walks? away from|walked away from
            |scraps|abandons|abandoned|ditches|ditched|drops|dropped|(?:back|pull)(?:s|ed)? out of
            |withdr(?:aws|ew) from) (?:\w+ ){0,4}?(?:deal|merger|takeover|acquisition|agreement|talks|bid
            |offer)
        """,
    ),
    "strike": (
        r"""
        strike (?:looms|threat|ballot|vote|notice|deadline) | threaten(?:s|ed|ing)? (?:\w+ ){0,2}?strike
        vote(?:s|d)? to strike | averting a strike | plan(?:s|ned)? (?:\w+ ){0,2}?(?:strike|walkout)
        strike action
        """,
        r"""
        (?:go|goes|went|are|were|gone) on strike | strike (?:begins|began|starts|started|enters)
        walk(?:s|ed)? (?:out|off the job) | walk off
        """,
        r"""
        strike (?:\w+ ){0,2}?(?:ends|ended|called off|suspended|over|averted)
        (?:ends?|ended|call(?:s|ed)? off|suspend(?:s|ed)?|averts?|averted) (?:\w+ ){0,3}?(?:strike|walkout)
        return(?:s|ed)? to work
        """,
    ),
    "mission": (
        r"""
        (?:launch|lift-?off|mission|flight) (?:\w+ ){0,2}?(?:scheduled|delayed|postponed|scrubbed|planned
            |set|slated|window)
        launch pad | countdown | (?:prepar\w+|ready|set|due) (?:to|for) (?:launch|lift-?off) | rocket
        spacecraft | satellite | astronauts?
        """,
        r"""
        (?:rocket|spacecraft|satellite|shuttle|probe|capsule|mission|nasa|spacex|crew|astronauts?
            |telescope)\W+(?:\w+\W+){0,4}?launch(?:es|ed)\b
        lift(?:s|ed) off | blast(?:s|ed) off | launched (?:into|to|from|aboard|on a)
        """,
        r"""
        splash(?:es|ed) down | dock(?:s|ed) (?:with|at|to)
        (?:reach(?:es|ed)|enter(?:s|ed)) (?:\w+ ){0,2}?orbit | touch(?:es|ed) down
        (?:land(?:s|ed)) (?:\w+ ){0,2}?(?:on|safely|back)\b | explod(?:es|ed) | lost contact | loses contact
        burn(?:s|ed) up | crash(?:es|ed) into
        """,
    ),
    "storm": (
        r"""
        (?:hurricane|typhoon|cyclone|storm|tropical)\b(?:\W+\w+){0,6}?\W+(?:approach\w*|nears?|heads?
            |heading|bears? down|barrel\w*|threaten\w*|warnings?|watch|strengthen\w*|forecast|churn\w*)
        """,
        r"""
        (?:makes?|made) landfall | com(?:es|e|ing) ashore | came ashore
        (?:hurricane|typhoon|cyclone|storm)(?:\W+\w+){0,3}?\W+(?:hits?|slams?|slammed|batters?|battered
            |lash(?:es|ed)|rips?|tore|pounds|pounded)\b
        """,
    ),
    "fire": (
        r"""
        (?:fire|blaze|wildfire|bushfire)s?\b(?:\W+\w+){0,4}?\W+(?:burn\w*|rag(?:es|ed|ing)|spread\w*
            |threaten\w*|engulf\w*|broke out|tears?|sweeps?)
        firefighters (?:battle|battling|are fighting|fight|tackl\w+)
        """,
        r"""
        (?:fire|blaze|wildfire|bushfire)s?\b(?:\W+\w+){0,5}?\W+(?:contained|extinguished|put out
            |under control)
        """,
    ),
    "outage": (
        r"""
        outages? | (?:is|are|was|were|went|goes) (?:down|offline) | downtime | blackouts? | without power
        disruptions?
        """,
        r"""
        restor(?:es|ed)\b(?! (?:hope|faith|calm|order)) | back (?:online|up and running|up|to normal)
        resolved | repaired | reconnected | (?:issues?|problems?|outage|things|cables?) (?:\w+ ){0,2}?fixed
        """,
    ),
    "vote": (
        r"""
        (?:polls|voting|election|vote) (?:\w+ ){0,2}?(?:open|opens|opened|begins|began|under way|underway
            |close|closes|closed|count\w*)
        (?:head|heads|go|goes|went) to the polls | exit polls? | candidates? | runoff
        """,
        r"""
        (?:re-?)?elected (?:as|president|prime|leader|speaker|chancellor|mayor|governor|pope)
        wins? (?:\w+ ){0,4}?(?:election|vote|presidency|primary|runoff|referendum|seat|landslide|leadership)
        won (?:\w+ ){0,4}?(?:election|presidency|primary|runoff|referendum|seat) | concede(?:s|d)\b
        declared (?:the )?winner
        """,
    ),
    "ban": (
        r"""
        (?:consider\w*|weigh\w*|propos\w*|plan\w*|call\w*) (?:\w+ ){0,4}?ban\b | potential ban
        """,
        r"""
        (?:imposes?|imposed|announces?|announced|approves?) (?:\w+ ){0,3}?ban\b | bans\b | banned\b
        """,
        r"""
        (?:lifts?|lifted|ends?|ended|reverses?|reversed|drops?|dropped|eases?|eased) (?:\w+ ){0,4}?ban\b
        ban (?:is |was )?(?:lifted|overturned|reversed)
        """,
    ),
}


def _pattern(rung: str) -> re.Pattern[str]:
    either = "|".join(_APART.split(_GOES_ON.sub("", rung.strip())))
    return re.compile(rf"(?<![\w-])(?:{either})", re.IGNORECASE)


_RUNGS = [
    (name, level, _pattern(rung)) for name, rungs in _LADDERS.items() for level, rung in enumerate(rungs)
]
# Before the words, in the same clause: it has not happened, or not to them, or not now.
_UNSURE = re.compile(
    r"\b(?:not|never|no|nor|without|n[o']t|may|might|could|would|will|should|must|shall|can|cannot|if|whether"
    r"|unless|until|before|expect(?:s|ed)?|due|set|slated|scheduled|plan(?:s|ned|ning)?|likely|possibl[ey]"
    r"|hop(?:e|es|ed|ing)|want(?:s|ed)?|seek(?:s|ing)?|sought|urg(?:e|es|ed|ing)|call(?:s|ed|ing)? (?:for|on)"
    r"|demand(?:s|ed|ing)?|den(?:y|ies|ied)|refus(?:e|es|ed)|fail(?:s|ed)?|fac(?:e|es|ing)|fear(?:s"
    r"|ed)?|await\w*"
    r"|threaten(?:s|ed)?|vow(?:s|ed)?|try|tries|trying|tried|attempt\w*|ahead of|in case|about to|prepar\w+"
    r"|potential\w*|chances? of|bid to|reportedly|rumou?red|suppose\w*|to(?: be)?|had)\b(?:\W+\w+){0,4}?\W*$"
    r"|n't\W+(?:\w+\W+){0,3}$",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:previously|formerly|once|last (?:year|month|week|century|season)"
    r"|years? (?:ago|earlier|before|later)|(?:months?|weeks?|decades?) (?:ago|earlier|before)"
    r"|earlier this (?:year|month)|in (?:19|20)\d\d"
    r"|since (?:19|20)?\d\d|the (?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\b(?:who|whose|which|where|that)\b(?:\W+\w+){0,5}?\W*$", re.IGNORECASE)
_PARTICIPLE = re.compile(
    r"(?:charg|convict|indict|arraign|acquitt|sentenc|jail|clear|pardon|execut|rescu|fre|releas|nomin"
    r"|oust|sack)(?:ed|d)\b"
    r"|found\b",
    re.IGNORECASE,
)
_WAS = re.compile(
    r"\b(?:is|are|was|were|has|have|been|be|being|gets?|got|jury|jurors|judges?|court|police"
    r"|prosecutors?|board)"
    r"(?:\W+\w+){0,3}?\W*$",
    re.IGNORECASE,
)
_CLAUSE = 60  # characters before the words in which a doubt stands
_QUESTION = re.compile(r"\?[\"'”’]?\s*$")


@dataclass(frozen=True, slots=True, order=True)
class Stage:
    """A rung of a ladder, 0 the lowest."""

    ladder: str
    level: int


def stages(sentence: str, *, in_full: bool = False) -> frozenset[Stage]:
    """The stages that a sentence says have been reached; `in_full` says that it is no headline.

    A headline leaves out "was" ("Man charged over fire"); a sentence that does so tells who somebody is.
    """
    if _QUESTION.search(sentence) or is_past(sentence):
        return frozenset()
    return frozenset(
        Stage(name, level)
        for name, level, words in _RUNGS
        if any(
            level == 0 or not (_is_unsure(sentence, found.start()) or (in_full and _is_who(sentence, found)))
            for found in words.finditer(sentence)
        )
    )


def is_past(sentence: str) -> bool:
    """Whether a sentence says of itself that it tells of an earlier time."""
    return bool(_PAST.search(sentence))


def mentioned(sentences: Iterable[str]) -> frozenset[Stage]:
    """The stages that are mentioned at all, in whichever way: none of them is news any more."""
    return frozenset(
        Stage(name, level)
        for sentence in sentences
        for name, level, words in _RUNGS
        if any(not _is_doubted(sentence, found.start()) for found in words.finditer(sentence))
    )


def _is_unsure(sentence: str, at: int) -> bool:
    before = sentence[max(0, at - _CLAUSE) : at]
    clause = re.split(r"[;:,–—]", before)[-1]
    return bool(_UNSURE.search(clause) or _ASIDE.search(clause))


def _is_who(sentence: str, found: re.Match[str]) -> bool:
    return bool(_PARTICIPLE.match(found[0])) and not _WAS.search(sentence[: found.start()])


def _is_doubted(sentence: str, at: int) -> bool:
    clause = re.split(r"[;:,–—]", sentence[max(0, at - _CLAUSE) : at])[-1]
    return bool(_UNSURE.search(clause))
