"""Words as the checks compare them: their stems, and which of them tell nothing by themselves. Pure."""

from bot.sentences import word_set
from bot.text import fold

# Words that say nothing of the event by themselves; "said" among them, for its speaker is checked as a name.
LIGHT = word_set(
    "a an the and or but of in on at to for from with by as is are was were be been being am do does did have"
    " has had having will would shall should can could may might must it its he him his she her hers they"
    " them their theirs we our us you your i my me this that these those there here which who whom whose what"
    " when where while than then so also such not no nor s t d ll re ve m n into onto over about around after"
    " before during since until through up down out off under per via more most less very just still yet both"
    " all any some each every other another one own same if because though although whether between among"
    " against within without upon toward towards like only even now say according well however meanwhile"
)
# Forms that no ending tells, and verbs of saying; each group is one word, named by its first.
_FORMS = (
    "say says said saying state stated states stating tell told tells note noted notes noting explain"
    " explained explains explaining comment comments commented remark remarked add added adds adding"
    " write wrote writes written|buy bought buying|sell sold selling|win won winning|begin began"
    " begun|take took taken|give gave given|rise rose risen|fall fell fallen|grow grew grown|become"
    " became|make made making|find found|leave left|lose lost losing|lead led|hold held|pay paid|meet"
    " met|keep kept|send sent|build built|spend spent|know knew known|see saw seen|go went gone|come"
    " came|get got gotten|run ran|break broke broken|speak spoke spoken|show showed shown|choose chose"
    " chosen|draw drew drawn|drive drove driven|think thought|bring brought|teach taught|catch"
    " caught|fight fought|strike struck|shoot shot|die died dead|steal stole stolen|forbid forbade"
    " forbidden|company companies|use used using uses|announce announced announces|release released"
    " releases|launch launched launches|increase increased|chief ceo|percent %"
)
_SAME = {fold(word): group.split(maxsplit=1)[0] for group in _FORMS.split("|") for word in group.split()}
# Two words that have a short form.
PAIRS = {
    ("united", "states"): "us",
    ("united", "kingdom"): "uk",
    ("european", "union"): "eu",
    ("artificial", "intelligence"): "ai",
    ("chief", "executive"): "chief",
    ("per", "cent"): "percent",
}
_ENDINGS = (
    *("ations", "ation", "ings", "ing", "edly", "ies", "ied", "ed"),
    *("ers", "er", "es", "ly", "s", "y", "e"),
)
_SHORTEST = 3  # letters that stay
# A statement under one of these is not sure.
HEDGES = word_set(
    "may might could reportedly allegedly alleged apparently possibly perhaps potentially likely unlikely"
    " rumored rumoured suspected purported purportedly probably"
)
BE = word_set("is are was were be been being got")


def stem(term: str) -> str:
    """The word without its ending: "announced" and "announces" are one, and so are "sold" and "sell"."""
    if term in _SAME:
        return _SAME[term]
    for ending in _ENDINGS:
        if term.endswith(ending) and len(term) - len(ending) >= _SHORTEST:
            left = term[: -len(ending)]
            if len(left) > _SHORTEST and left[-1] == left[-2]:
                left = left[:-1]
            return _SAME.get(left, left)
    return term


def is_light(term: str) -> bool:
    """Whether the word tells nothing of the event by itself."""
    return term in LIGHT or stem(term) in LIGHT or term.endswith("n't")
