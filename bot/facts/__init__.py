"""What a sentence states that can be compared: numbers, dates, names, and whether it denies."""

from bot.facts.counted import plural
from bot.facts.days import Date, dates, same_day
from bot.facts.denials import negated, negations
from bot.facts.kinds import Kind
from bot.facts.proper import Name, is_title_case, names, same_name
from bot.facts.quantities import Bound, Number, agree, comparable, numbers
from bot.facts.tongues import tongue

__all__ = [
    "Bound",
    "Date",
    "Kind",
    "Name",
    "Number",
    "agree",
    "comparable",
    "dates",
    "is_title_case",
    "names",
    "negated",
    "negations",
    "numbers",
    "plural",
    "same_day",
    "same_name",
    "tongue",
]
