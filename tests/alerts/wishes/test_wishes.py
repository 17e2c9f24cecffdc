"""What is a wish, and what is its opposite: a person who asks for less is never offered more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.language.parse import parse
from bot.alerts.wishes.wish import refuses, wish


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
        ("Please don't let me miss anything about ferries", "ferries"),
        ("never miss a rocket launch but not sports", "rocket launch -sports"),
        ("Miss Universe", '"miss universe"'),
        ("stop the boats", "stop boats"),
    ],
)
def test_who_wants_to_miss_nothing_is_offered_it(sentence, filter_text):
    assert offered(sentence) == filter_text


@pytest.mark.parametrize(
    ("sentence", "filter_text"),
    [
        ("tell me about missile tests in North Korea but not sports", 'missile tests "north korea" -sports'),
        ("anything about climate change", "climate change"),
        ("earthquakes", "earthquakes"),
        ("the gas crisis", "gas crisis"),
        ("news about the ferry strike please", "ferry strike"),
        ("what's happening in Sudan?", "sudan"),
        ("what’s new with SpaceX?", "spacex"),
        ("is there any news about the strike at Deutsche Bahn?", 'strike "deutsche bahn"'),
        ("the Bank of England and interest rates", '"bank of england" interest rates'),
        ("New York", '"new york"'),
        ("the US and the WHO", "US WHO"),
        ("$TSLA earnings", "$TSLA earnings"),
        ("breaking news from Israel", "israel"),
        ("politics in German towns", "politics german towns"),
        ('"rate decision" in the US', '"rate decision" US'),
    ],
)
def test_a_sentence_becomes_the_words_it_is_about(sentence, filter_text):
    assert offered(sentence) == filter_text


@pytest.mark.parametrize(
    ("sentence", "filter_text"),
    [
        ("ferries or buses", "ferries OR buses"),
        ("wheat or corn prices", "wheat OR (corn prices)"),
        ("anything on climate change or global warming", "(climate change) OR (global warming)"),
        ("Iran, Iraq or Syria", "iran OR iraq OR syria"),
        ("floods in Spain, Portugal, and Italy", "floods spain OR portugal OR italy"),
        ("Apple and Google antitrust", "apple google antitrust"),
        ("Iran, Iraq or Syria without oil prices", "iran OR iraq OR syria -(oil prices)"),
        ("bitcoin excluding ethereum or solana", "bitcoin -ethereum -solana"),
        ("Taiwan elections (not sports)", "taiwan elections -sports"),
        ("not only sports but also culture", "sports culture"),
    ],
)
def test_alternatives_and_exceptions_are_heard(sentence, filter_text):
    assert offered(sentence) == filter_text


@pytest.mark.parametrize(
    ("sentence", "filter_text"),
    [
        ("news on Tesla from Reuters", "tesla source:Reuters"),
        (
            "strikes in Greece from the BBC or ekathimerini.com",
            "strikes greece source:BBC OR source:ekathimerini.com",
        ),
        ("bitcoin from BBC News and the Irish Times", 'bitcoin source:"BBC News" OR source:"Irish Times"'),
        ("climate news but not from Fox News", 'climate -source:"Fox News"'),
        ("everything from the Guardian", "source:Guardian"),
        ("articles in German about Volkswagen", "volkswagen lang:de"),
        (
            "nuclear power in French or German, but not in English",
            "nuclear power lang:fr OR lang:de -lang:en",
        ),
        ("only headlines about Brexit", "title:brexit"),
        ("the Gaza war in the headline", "title:(gaza war)"),
        ("headlines with recession or inflation", "title:(recession OR inflation)"),
    ],
)
def test_sources_languages_and_headlines_are_heard(sentence, filter_text):
    assert offered(sentence) == filter_text


@pytest.mark.parametrize(
    "text",
    [
        "Korea OR Japan -sport",
        "title:Brexit source:bbc",
        "missil* launch",
        '"Korea missile"~5',
        "(oil OR gas) LNG",
    ],
)
def test_who_writes_a_filter_is_offered_just_that(text):
    assert offered(text) == text


OUTLETS = {"The Velmoran", "Strait Wire", "Strait", "NASA", "France 24 (français)"}


@pytest.mark.parametrize(
    ("sentence", "filter_text"),
    [
        ("news on interest rates from The Velmoran", "interest rates source:Velmoran"),
        ("ferries from the velmoran", "ferries source:velmoran"),
        (
            "storms from BBC News or strait wire",
            'storms source:"BBC News" OR source:"strait wire"',
        ),
        ("farming from France 24 (français)", 'farming source:"France 24 (français)"'),
        ("a rocket launched by NASA", "rocket launched NASA"),
        ("wine from Velmorania", "wine velmorania"),
    ],
)
def test_from_a_source_of_this_bot_s_asks_for_that_source(sentence, filter_text):
    proposed = wish(sentence, outlets=OUTLETS)
    assert proposed is not None
    assert proposed[0] == filter_text


@pytest.mark.parametrize("sentence", ["", "please", "the", "but not sports", "🔥", "news in English"])
def test_a_sentence_without_a_subject_is_no_wish(sentence):
    assert wish(sentence) is None


def offered(sentence: str) -> str:
    proposed = wish(sentence)
    assert proposed is not None
    return proposed[0]


_WORDS = """
tell me about North Korea or, and but not sports - from Reuters in German OR ( ) title: " of the *
"""
WORDS = st.sampled_from(_WORDS.split())


@given(st.one_of(st.text(), st.lists(WORDS).map(" ".join)))
def test_every_proposal_is_a_filter(text):
    proposed = wish(text)
    assert proposed is None or parse(proposed[0]) == proposed[1]


@given(st.text())
def test_any_text_is_judged(sentence):
    refuses(sentence)
