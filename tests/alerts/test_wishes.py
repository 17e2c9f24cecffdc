"""What is a wish, and what is its opposite: a person who asks for less is never offered more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.language import wish
from bot.alerts.wishes import refuses


@pytest.mark.parametrize(
    "sentence",
    [
        "stop",
        "Stop!",
        "please stop",
        "ok, stop now",
        "stop it",
        "Stop this, please.",
        "stop everything",
        "stop all of it",
        "stop the alerts",
        "stop sending me these messages",
        "Stop sending me stuff about football",
        "stop messaging me",
        "no more",
        "no more messages please",
        "no more alerts",
        "No more ferry news",
        "enough",
        "Enough of this!",
        "I've had enough of these notifications",
        "quiet",
        "quiet, please",
        "mute everything",
        "pause all my alerts",
        "cancel my alerts",
        "delete all my filters",
        "remove the ferry filter",
        "clear everything",
        "turn off notifications",
        "unsubscribe",
        "unsubscribe me from everything",
        "unfollow ferry",
        "I don't want sport",
        "i dont want any of this",
        "I do not want to hear about football",
        "I don’t need this",
        "I don't care about celebrities",
        "don't send me football",
        "Do not tell me about the war any more",
        "not interested",
        "I'm not interested in football",
        "no thanks",
        "No, thank you",
        "leave me alone",
        "shut up",
    ],
)
def test_who_asks_for_less_is_heard(sentence):
    assert refuses(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "stop the boats",
        "Stop Oil protests",
        "stop and search",
        "stop-motion films",
        "stop sending arms to Israel",
        "stop fake news",
        "no more tariffs",
        "No More Heroes",
        "no more plastic bags in shops",
        "enough food for Gaza",
        "quiet quitting",
        "cancel culture",
        "cancel the Olympics",
        "delete the data law",
        "remove the statue",
        "mute swans",
        "pause in the fighting",
        "silence in the library",
        "drop in house prices",
        "turn off the gas",
        "I don't want to miss anything about Ukraine",
        "i dont want to miss the eclipse",
        "I do not want to miss news of the ferry",
        "Please don't let me miss anything about ferries",
        "don't miss out on the election",
        "I can't miss the World Cup",
        "Don't Look Up",
        "never miss a launch",
        "tell me when they stop the strike",
        "news about alerts",
        "ferry strike",
        "Notifications of deaths",
        "stopping distances",
        "nonstop flights",
        "",
        "!!!",
    ],
)
def test_a_subject_of_the_news_is_no_refusal(sentence):
    assert not refuses(sentence)


@pytest.mark.parametrize(
    ("sentence", "filter_text"),
    [
        ("I don't want to miss anything about Ukraine", "ukraine"),
        ("I do not want to miss news of the ferry strike", "ferry strike"),
        ("Please don't let me miss anything about ferries", "ferries OR ferry"),
        ("never miss a rocket launch but not sports", "rocket launch -sports"),
        ("Miss Universe", '"miss universe"'),
        ("stop the boats", "stop boats OR boat"),
    ],
)
def test_who_wants_to_miss_nothing_is_offered_it(sentence, filter_text):
    proposed = wish(sentence)
    assert (proposed and proposed[0]) == filter_text


@given(st.text())
def test_any_text_is_judged(sentence):
    refuses(sentence)
