import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests.compose import (
    addresses,
    adds_fact,
    adds_nothing,
    adds_number,
    balanced,
    covered,
    dangles,
    fault,
    personal,
    recalls,
    repeats,
)

GOOD = "The old bridge at Port Elsin reopened on Monday after two years of repairs."


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("It rained.", "too short"),
        ("word " * 71 + "end.", "too long"),
        ("Will the bridge hold this time?", "question"),
        ("The minister said that the bridge would…", "cut off"),
        ("Bridge of the year award", "fragment"),
        (": Feb 25, 2026 at eleven at night.", "fragment"),
        ("and so the bridge was closed again.", "fragment"),
        ("“The bridge is safe and open, Roe said.", "unbalanced"),
        ("The bridge (built in 1903 was closed.", "unbalanced"),
        ('"The bridge is safe. "It is open," Roe said. "Come."', "unbalanced"),
        ("THE OLD BRIDGE AT PORT ELSIN REOPENED.", "capitals"),
        ("“The bridge is safe and open to all.”", "no speaker"),
        ("Roe said in a statement on Monday.", "only said"),
        ("Ann Roe, the harbour master, said.", "only said"),
        ("In a statement, the coastguard said.", "only said"),
        ("Ann Roe told reporters at a news conference.", "only said"),
        ("Sign up for our daily newsletter about bridges.", "boilerplate"),
        ("Jane Doe is a reporter covering bridges for the Post.", "boilerplate"),
        ("Jane Doe is the harbour editor at the Post.", "boilerplate"),
        ("Jane Doe covers bridges, ports and ferries for the Post.", "boilerplate"),
        ("Ann Roe, the mayor, speaks at the bridge in Port Elsin, March 6, 2031.", "caption"),
        ("The northern span of the bridgeImage: Elsin Post It opened on Monday.", "caption"),
        ("Ann Roe discusses the toll and what it means for ports.", "caption"),
        ("2. Walk over the bridge to the northern span.", "fragment"),
        ("_Jane Doe writes about bridges and ports.", "fragment"),
        ("[Ed. note: This article contains news of bridges] The bridge is open.", "fragment"),
        ("The bridge in Port Elsin reopens.", "headline"),
    ],
)
def test_a_sentence_unfit_to_print_is_named(text, reason):
    assert fault(text, title="Bridge reopens in Port Elsin, the city") == reason


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "“The bridge is safe,” said harbour master Ann Roe.",
        "iPhone sales at the harbour shop rose by 4%.",
        "港は二年間の修理を経て月曜日に再開したと市が発表した。",
        "„Die Brücke ist sicher“, sagte Hafenmeisterin Ann Roe.",
        "$12 million was spent on the bridge.",
        "The keeper was unhurt, the coastguard said.",
        "In Velmora two people died, police confirmed on Sunday.",
        "The new timetable was announced on Monday.",
        "Police said on Monday that two people died.",
        "Roe said in March it would close.",
    ],
)
def test_a_sound_sentence_has_no_fault(text):
    assert fault(text, title="Bridge open") is None


@pytest.mark.parametrize(
    "text",
    [
        "He said the bridge was safe.",
        "It's safe now.",
        "But the bridge stayed shut.",
        "The move was welcomed by sailors.",
        "The company said it was glad.",
        "The two countries agreed to share the cost.",
        "Meanwhile, ferries ran.",
        "Because it was closed, ferries ran.",
        "Asked about the cost, she declined to answer.",
        "Like other bridges, the crossing in Port Elsin was closed.",
        "Some warned that the crossing in Port Elsin may close.",
        "Anyway, the bridge in Port Elsin is open.",
        "Over that time, Port Elsin lost a third of its ferries.",
        "“The bridge is safe,” he said.",
        "Dies teilte die Stadt mit.",
        "Elle a rouvert lundi.",
        "Sin embargo, el puente cerró.",
        "Но мост закрыли.",
        "Ma il ponte è rimasto chiuso.",
        "Hij zei dat de brug veilig is.",
        "Mas a ponte fechou.",
        "Ancak köprü kapatıldı.",
        "しかし港は閉まった。",
    ],
)
def test_a_sentence_that_leans_on_another_is_seen(text):
    assert dangles(text)


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "No deaths were reported in Port Elsin.",
        "Some of the ferries of Port Elsin were sold.",
        "The company behind the bridge said it was glad.",
        "Itself a ruin, the bridge stood for years.",
        "Hector Roe opened the bridge.",
        "“The bridge is safe,” said Ann Roe.",
        "Asked about the cost, Ann Roe declined to answer.",
        "Thistles grow on the bridge.",
        "The decision to close the bridge cost 3 million crowns.",
    ],
)
def test_a_sentence_that_stands_alone_is_not_accused(text):
    assert not dangles(text)


def test_the_writers_own_voice_is_heard_but_not_inside_quotations():
    assert personal("I tried the bridge myself.")
    assert personal("We tried the bridge ourselves.")
    assert not personal("The bridge was built before World War I.")
    assert personal("Wir haben die Brücke ausprobiert.")
    assert personal("Мы попробовали мост.")
    assert addresses("Here you can walk.")
    assert not addresses("“I tried it, and you should,” said Ann Roe.")
    assert not personal("“I tried it, and you should,” said Ann Roe.")


@pytest.mark.parametrize(
    "text",
    [
        "Authorities had spoken of 14 injured earlier in the day.",
        "The harbour office had previously put the cost at 9 million crowns.",
        "No ferry had crossed the strait until then.",
        "Previously, the bridge had carried 9,000 cars a day.",
    ],
)
def test_what_had_been_before_the_news_recalls(text):
    assert recalls(text)


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "Police said two people had died earlier in the day.",
        "The man who had escaped earlier was caught in Port Elsin.",
        "Authorities had spoken of 14 injured earlier but now count 19.",
        "Rescuers counted 19 injured; the mayor had spoken of 14 earlier.",
        "The ship had arrived earlier than expected.",
        "The town had 12,000 inhabitants in 2020.",
    ],
)
def test_what_tells_the_news_does_not_recall(text):
    assert not recalls(text)


def test_the_same_said_twice_is_a_repeat_in_any_script():
    assert repeats("The bridge reopened on Monday.", [GOOD])
    assert repeats("港は月曜日に再開した。", ["港は月曜日に再開したと市が発表した。"])
    assert not repeats("Engineers replaced 140 cables.", [GOOD])


def test_one_new_word_is_no_news():
    assert adds_nothing("The bridge reopens today.", "The bridge reopens")
    assert not adds_nothing(GOOD, "Bridge reopened")


@given(st.text())
def test_any_text_is_judged(text):
    fault(text, title=text)
    dangles(text)
    personal(text)
    balanced(text)


def test_a_sentence_adds_no_fact_to_itself():
    told = "The 128GB model costs $40 in Port Elsin, U.S. officials said."
    assert not adds_fact(told, told)
    assert adds_fact(told, "The model costs $40.")


def test_how_much_is_known_counts_words_without_their_endings():
    assert covered("Ferries returned.", ["The ferry was", "to return"]) == 0.5
    assert covered("Ferries returned.", ["Ferries", "will be returning"]) == 1.0
    assert covered("Ferries returned.", []) == 0.0


def test_a_number_is_new_where_nobody_has_it():
    assert adds_number("Some 14 ferries sailed.", ["19 ferries sailed", "On 3 May"])
    assert not adds_number("Some 14 ferries sailed.", ["19 ferries", "and 14 boats"])
