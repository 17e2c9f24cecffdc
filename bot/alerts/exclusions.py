"""Which words of a story its reader may want to exclude from a filter that brought it. Pure."""

from collections import Counter

from bot.alerts.rule import Filter, Near, Phrase, terms
from bot.alerts.words import StoryWords
from bot.stems import stem
from bot.text import fold, tokens

_SHORTEST = 3
# What says nothing of a story's subject, though headlines repeat it.
_SAYS_LITTLE = frozenset(
    fold(
        """
    about above after again against ahead all also although always among amid and another any are around back
    been before behind being below best between big both but call called can come comes coming could day days
    did does doing done down during each early end ends even ever every face faces far few find first five for
    found four from full gets give given goes going good got had has have having her here him his how into its
    itself just keep know last late latest least less life like likely little live long look made make makes
    making many may me means might month months more most much must near need new news next night not now off
    old one only other our out over part people per place plan plans put really report reported reports right
    said same say saying says second see seen set sets several she should show shows since six some still such
    take takes taking ten than that the their them then there these they third this those three through time
    times today together told tomorrow too took top toward towards tuesday two under until update upon use
    used using very want wants was way week weeks well went were what when where whether which while who
    whose why will with within without work world would year years yesterday yet you your
    monday wednesday thursday friday saturday sunday january february march april june july august september
    october november december
    aber als auch auf aus bei beim dass dem den der des die diese durch eine einem einen einer für gegen haben
    hat ihre ist kann mehr mit nach nicht noch nur oder ohne sein sich sie sind über und unter vom von vor war
    werden wie wird zum zur zwischen
    après avec aux ces cette comme contre dans depuis des deux elle est être fait les leur mais même ont par
    pas plus pour que qui sans ses son sont sur tout une
    como con contra cuando del desde donde entre era esta este fue había hasta las los más para pero por
    según ser sin sobre son sus también tras una uno
    alla anche che chi come con dal dalla degli dei del della delle dopo gli nel nella non per più sono sul
    tra
    """
    ).split()
)


def worth_excluding(filter_: Filter, words: StoryWords, *, most: int = 3) -> tuple[str, ...]:
    """Up to `most` words of the headlines, as they are written there, that are none of the filter's.

    Those that the story repeats come first: they say what it is about. Scripts without spaces have no words
    that could be told apart, and none are offered.
    """
    asked = {
        stem(word.text, language)
        for term in terms(filter_.root)
        if isinstance(term, Phrase | Near)
        for word in term.words
        for language in words.languages
    }
    language = words.languages[0] if words.languages else ""
    repeated = Counter(stem(token.term, language) for token in tokens(words.text))
    found: dict[str, str] = {}
    for token in tokens(words.story.title):
        of_any = {stem(token.term, one) for one in words.languages} | {token.term}
        if _says_something(token.term) and not of_any & asked:
            found.setdefault(stem(token.term, language), words.story.title[token.start : token.end])
    ranked = sorted(found, key=lambda one: -repeated[one])  # stable: then the order of the headline
    return tuple(found[one] for one in ranked[:most])


def _says_something(term: str) -> bool:
    return len(term) >= _SHORTEST and not term[0].isdigit() and term not in _SAYS_LITTLE
