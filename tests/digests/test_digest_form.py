"""The judge of digests is judged: every rule fires on a planted fault, and stays silent on sound sentences."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from bench import replay
from bench.digest_form import DIGEST_RULES, SENTENCE_RULES, Violation, check, sentence_faults
from bench.digest_words import full_name, sentences
from bot.model import Article, Digest, Evidence, Source

SOUND = (
    "The council of Port Elsin reopened the old bridge on Monday after two years of repairs.",
    "Engineers replaced 140 cables on the northern span of the crossing.",
    "Jane Roe, the mayor, called the work a triumph of patience.",
    "Ferry fares rose twice while cars had to take the longer road along the coast.",
    "“We waited so long for this morning to arrive,” said Bo Lind, a baker.",
    "A third of the money came from the national lottery in London.",
    "Critics had asked for a tunnel, which would have cost £40 million more.",
    "The bridge will close again for one night in November.",
    "Two towers of the bridge still have to be painted in green and white.",
    "Drivers pay a toll of £3, and buses cross free of charge.",
    "Fishermen from three villages complained about noise beneath the eastern pier.",
    "A film crew recorded the first crossing of a horse and its rider.",
    "Schools in the northern district gave pupils a holiday to celebrate.",
    "Visitors from Norway brought flags, drums and a very large cake.",
)
TEXT = "\n".join(SOUND)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ARTICLE = Article("Bridge reopens", TEXT, "https://a.example/1", published_at=NOW)
FAULTS = {
    "dangling opener": "Meanwhile, the bridge at Port Elsin reopened on Monday.",
    "unresolved pronoun": "On Monday he opened the bridge at Port Elsin.",
    "definite reference": "The company said on Monday that the bridge was safe.",
    "first person": "Critics at Port Elsin told us that we had lost the bridge.",
    "short name": "On Monday Lind called the work a triumph of patience.",
    "dateline": "PORT ELSIN (Reuters) - The old bridge reopened on Monday.",
    "byline": "Jane Roe is a senior reporter at the Elsin Post covering bridges.",
    "question": "Who paid for the bridge at Port Elsin?",
    "no speaker": "“We waited so long for this morning to arrive in town.”",
    "fragment": "A great day for the people of Port Elsin.",
    "truncated": "The council of Port Elsin reopened the old bridge on…",
    "boilerplate": "Sign up for the Elsin Post newsletter, which comes on Mondays.",
    "several sentences": "The bridge reopened on Monday. Engineers replaced 140 cables.",
}


def evidence(text: str, passage: str, article: int = 0) -> tuple[Evidence, ...]:
    start = text.index(passage)
    return (Evidence(article, start, start + len(passage)),)


def digest(**changes) -> Digest:
    need, details, coming = SOUND[:2], SOUND[2:6], SOUND[7:8]
    sound = Digest(
        "Elsin’s crossing is back in use",
        need,
        details,
        coming,
        "by hand",
        evidence=tuple(evidence(TEXT, sentence) for sentence in (*need, *details, *coming)),
        sources=(Source("Post", "Bridge reopens", "https://a.example/1"),),
        independent=1,
        language="en",
    )
    return replace(sound, **changes)


def rules(found: list[Violation]) -> set[str]:
    return {violation.rule for violation in found}


def planted(sentence: str, text: str = "", **changes) -> set[str]:
    """What the judge says when the first detail is this sentence, which the article has too."""
    text = text or f"{TEXT}\n{sentence}"
    sound = digest()
    kept = (*sound.need_to_know, *sound.details[1:], *sound.next)
    proofs = tuple(evidence(text, one) for one in (*SOUND[:2], sentence, *kept[2:]))
    bad = replace(sound, details=(sentence, *sound.details[1:]), evidence=proofs)
    return rules(check(replace(bad, **changes), [replace(ARTICLE, text=text)]))


def test_a_sound_digest_has_no_violation():
    assert check(digest(), [ARTICLE]) == []


@pytest.mark.parametrize(("rule", "sentence"), FAULTS.items())
def test_a_planted_sentence_breaks_its_rule(rule, sentence):
    assert rule in planted(sentence)


def test_every_rule_is_planted_somewhere():
    elsewhere = {"said twice", "not future", "no evidence", "passage", "not the source's words"}
    assert set(FAULTS) | elsewhere == set(SENTENCE_RULES)


@pytest.mark.parametrize(
    "sentence",
    [
        "It said the bridge at Port Elsin was safe.",
        "But the bridge at Port Elsin stayed closed.",
        "The move was criticised in Port Elsin.",
        "The two met at the bridge in March.",
        "This decision cost the town £40 million.",
        "In response, the council of Port Elsin built a bridge.",
        "Revenue rose by 5 percent in March, the company said.",
        "If all goes well, the company hopes to build a bridge in Port Elsin.",
        "The brand, which sells bridges, lost money in March.",
        "Each one is a copy of the bridge at Port Elsin.",
        "Two years later, none of that is left at Port Elsin.",
        "“The bridge is safe,” she said on Monday.",
        "When the bridge opened its doors, he wept.",
        "His office paid for the bridge at Port Elsin.",
    ],
)
def test_what_leans_on_another_sentence_is_seen(sentence):
    found = {rule for rule, _ in sentence_faults(sentence)}
    assert found & {"dangling opener", "unresolved pronoun", "definite reference"}


@pytest.mark.parametrize("sentence", SOUND)
def test_a_sound_sentence_has_no_fault(sentence):
    assert sentence_faults(sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "It is not clear whether the bridge at Port Elsin will last.",
        "After he won the vote, Bo Lind thanked the people of Port Elsin.",
        "So far, the bridge at Port Elsin has cost £40 million.",
        "This week, the council of Port Elsin meets.",
        "A man who lost his dog at the bridge found it again.",
        "The company behind the bridge, Damco, lost money.",
        "Both Jane Roe and Bo Lind crossed the bridge.",
        "iPhone sales rose by 5 percent in the spring.",
        "Jane Roe asked “Where is the bridge?” and left.",
        "The U.S. Senate passed a bill on Monday.",
        "Users can download the bridge's plans from the town hall.",
        "The Elsin Post, a newsletter for sailors, has a million readers.",
        "The artist drew My Neighbor Totoro on the bridge.",
        "“The bridge is safe and will stand for years,” posited one happy engineer.",
        "Jane Roe decided to “do it big time in the building of bridges.”",
        "The director of “Close Encounters of the Third Kind,” Bo Lind, came.",
        "“The bridge is safe and will stand for years,” Mayor Jane Roe.",
        "Mayor Jane Roe put speed before safety: “The bridge must open before the winter comes.”",
        "Multiply the numbers F, G and H after turning them into feet.",
        "Just three months ago, Damco announced a deal that valued the company at £2 billion.",
        "On Thursday, bitcoin was around 47% lower than its record high.",
        "The mayor will tap the reserve to lower the toll.",
        'Judges in Elsin said "no" to the owners of the bridge over the "toll."',
        "Damco executives have not said when the company expects a profit.",
        "Damco is not the first company to propose a bridge of glass.",
        "Damco has to prove that its bridge is all that it claims to be.",
        "Damco opened the meeting with an update on its bridges.",
        "In the museum children can learn more about the bridges of the coast.",
        "“The bridge is safe,” Jane Roe told reporters in Port Elsin on Monday.",
        "The bridge at Elsin doesn’t carry lorries.",
        "Norway dumped weapons from World War I off the coast of Elsin.",
        "Sorrel Line filed its papers with the Harbour Commission on Wednesday.",
        "A thief took a bell from the Elsin station, a local radio affiliate reported.",
        "Microsoft counted email messages at the Elsin office in March.",
        "Nobody in Port Elsin signed up for a toll of £3.",
        "Written by Jane Roe, the first guide to the bridge sold 9,000 copies.",
        "ESBA - the union of the bridge’s 140 painters - has called a strike.",
        "The measure, named the Elsin Act, asks drivers for £3.",
        "Too few ferries cross to Elsin in the winter months.",
        'Elsin sells a model bridge of 16" and a stand of only 7" in its museum shop.',
        "“We waited so long for this morning to arrive in town,” one visitor from Norway teased.",
        "In Elsin a baker held up signs including “Fishermen cannot make bridges on their own.”",
    ],
)
def test_the_judge_raises_no_false_alarm(sentence):
    assert sentence_faults(sentence) == []


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("boilerplate", "Learn more about the bridges of the coast."),
        ("boilerplate", "Updated on Monday with words of the mayor of Port Elsin."),
        ("boilerplate", "Visit the museum of bridges in Port Elsin to learn more."),
        ("definite reference", "Brokers downgraded the company on Monday."),
        ("first person", "Last year I crossed the bridge at Elsin with a cake."),
        ("boilerplate", "The Elsin Post may earn a commission on what is bought of the bridge."),
        ("byline", "Written by Jane Roe at Port Elsin."),
        ("dateline", "PORT ELSIN - The old bridge reopened on Monday."),
        ("definite reference", "The measure asks drivers in Elsin for £3."),
        ("dangling opener", "Too, the bridge at Elsin reopened on Monday."),
        ("no speaker", "“Anger and despair are reigning supreme at the bridge” in Elsin after the closure."),
    ],
)
def test_the_judge_still_sees_what_looks_like_it(rule, sentence):
    assert rule in dict(sentence_faults(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "Bo Lind has been covering bridges since 2012.",
        "When Bo isn’t crossing bridges, the man sleeps at home.",
    ],
)
def test_what_tells_of_the_writer_is_a_byline(sentence):
    assert "byline" in {rule for rule, _ in sentence_faults(sentence)}


def test_a_name_is_short_only_before_it_was_given_in_full():
    short = "On Monday Roe called the work a triumph of patience."
    text = f"{TEXT}\n{short}"
    sound = digest()
    passages = tuple(evidence(text, one) for one in (*SOUND[:3], short, *SOUND[7:8]))
    full_first = replace(sound, details=(SOUND[2], short), evidence=passages)
    assert "short name" not in rules(check(full_first, [replace(ARTICLE, text=text)]))


def test_a_day_or_a_country_is_no_short_name():
    text = f"{TEXT}\nElsin said so. Port Elsin paid, said Bo Lind, the mayor."
    assert "short name" not in planted(
        "On Sunday the bridge at Elsin had to close.", f"{text}\nOn Sunday the bridge at Elsin had to close."
    )


def test_a_party_or_a_common_word_is_no_short_name():
    assert full_name("Things", "Stranger Things is a show, the director said. Many things happen.") == ""


def test_a_full_name_needs_a_first_name_and_a_sign_of_a_person():
    assert full_name("Roe", "Mayor Jane Roe said so. Roe left.") == "Jane Roe"
    assert full_name("Elsin", "The bridge at Port Elsin opened. Elsin said so.") == ""


def test_two_figures_are_two_facts():
    text = f"{TEXT}\nEngineers replaced 140 cables on the southern span of the crossing in 2025."
    again = text.splitlines()[-1]
    sound = digest(details=(again, *SOUND[3:6]))
    proofs = tuple(evidence(text, one) for one in (*SOUND[:2], again, *SOUND[3:6], SOUND[7]))
    assert rules(check(replace(sound, evidence=proofs), [replace(ARTICLE, text=text)])) == {"said twice"}
    other = again.replace("140", "90")
    text = text.replace(again, other)
    sound = digest(details=(other, *SOUND[3:6]))
    proofs = tuple(evidence(text, one) for one in (*SOUND[:2], other, *SOUND[3:6], SOUND[7]))
    assert check(replace(sound, evidence=proofs), [replace(ARTICLE, text=text)]) == []


def test_the_same_in_other_words_is_seen_by_words_and_by_meaning():
    assert "said twice" in planted(
        "The council of Port Elsin on Monday reopened the old bridge after repairs."
    )
    sound = digest()
    meanings = np.eye(len(sound.sentences), dtype=np.float32)
    assert check(sound, [ARTICLE], meanings=meanings) == []
    meanings[3] = meanings[2]
    assert rules(check(sound, [ARTICLE], meanings=meanings)) == {"said twice"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Critics had asked for a tunnel, which would have cost £40 million more.",
        "Damco will build on February 3.",
    ],
)
def test_only_what_is_still_to_come_may_stand_under_whats_next(sentence):
    text = f"{TEXT}\n{sentence}"
    proofs = tuple(evidence(text, one) for one in (*SOUND[:6], sentence))
    found = check(digest(next=(sentence,), evidence=proofs), [replace(ARTICLE, text=text)])
    assert "not future" in rules(found)


def test_a_sentence_rests_on_a_passage_that_has_its_words():
    sound = digest()
    assert rules(check(replace(sound, evidence=sound.evidence[:-1]), [ARTICLE])) == {"no evidence"}
    beyond = (*sound.evidence[:-1], (Evidence(0, len(TEXT), len(TEXT) + 9),))
    assert rules(check(replace(sound, evidence=beyond), [ARTICLE])) == {"passage"}
    moved = (*sound.evidence[:-1], (Evidence(7, 0, 9),))
    assert rules(check(replace(sound, evidence=moved), [ARTICLE])) == {"passage"}
    stale = (*sound.evidence[:-1], (replace(sound.evidence[-1][0], passage="Something else."),))
    assert rules(check(replace(sound, evidence=stale), [ARTICLE])) == {"passage"}
    other = (*sound.evidence[:-1], sound.evidence[0])
    assert rules(check(replace(sound, evidence=other), [ARTICLE])) == {"not the source's words"}
    assert check(replace(sound, evidence=other), [ARTICLE], extractive=False) == []


@pytest.mark.parametrize(
    ("passage", "sentence", "right"),
    [
        ("However, she called the work a triumph.", "Jane Roe called the work a triumph.", True),
        ("Roe called the work a triumph.", "Jane Roe called the work a triumph.", True),
        ("Her office called the work a triumph.", "Jane Roe’s office called the work a triumph.", True),
        ("“It is a triumph,” she said on Monday.", "“It is a triumph,” Jane Roe said on Monday.", True),
        ("She called the work a triumph.", "Anna Berg called the work a triumph.", False),
        ("She called the work a triumph.", "Jane Roe never called the work a triumph.", False),
        ("Critics called the work a triumph.", "Critics Jane Roe called the work a triumph.", False),
        ("She called the work a triumph.", "Jane Roe called a triumph the work.", False),
    ],
)
def test_only_a_name_that_the_sources_have_may_stand_for_a_pronoun(passage, sentence, right):
    text = f"{TEXT}\n{passage}"
    sound = digest(need_to_know=SOUND[:1], details=(sentence,), next=())
    proofs = (evidence(text, SOUND[0]), evidence(text, passage))
    found = rules(check(replace(sound, evidence=proofs), [replace(ARTICLE, text=text)]))
    assert ("not the source's words" not in found) is right


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("no headline", {"headline": " "}),
        ("need: too many", {"need_to_know": SOUND[:4], "details": ()}),
        ("need: too long", {"need_to_know": (SOUND[0] + " " + "and so on " * 25 + "to the end.",)}),
        ("need: too few", {"need_to_know": SOUND[:1]}),
        ("details: too many", {"details": SOUND[2:7] + SOUND[8:10]}),
        ("details: too few", {"details": ()}),
        ("no language", {"language": None}),
        ("no links", {"sources": ()}),
        ("no links", {"sources": (Source("Post", "Bridge reopens", None),)}),
        ("independent", {"independent": 0}),
        ("independent", {"independent": 2}),
    ],
)
def test_a_planted_digest_breaks_its_rule(rule, changes):
    assert rule in DIGEST_RULES
    assert rule in rules(check(digest(**changes), [ARTICLE]))


def test_a_short_article_need_not_have_three_details():
    text = "\n".join(SOUND[:3])
    short = digest(details=SOUND[2:3], next=())
    short = replace(short, evidence=tuple(evidence(text, one) for one in SOUND[:3]))
    assert check(short, [replace(ARTICLE, text=text)]) == []


def test_in_other_languages_only_the_rules_of_form_apply():
    german = "Er sagte am Montag, die Brücke sei sicher."
    assert sentence_faults(german, english=False) == []
    assert [rule for rule, _ in sentence_faults("Wer zahlt für die Brücke?", english=False)] == ["question"]


def test_the_judge_splits_sentences_by_itself():
    assert sentences("Mr. Roe left. “It holds. It must,” he said.\nThe U.S. won 3.5 points.") == [
        "Mr. Roe left.",
        "“It holds. It must,” he said.",
        "The U.S. won 3.5 points.",
    ]


def test_without_the_stream_the_replay_says_that_it_is_skipped(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("SHARED_DATA", str(tmp_path))
    assert replay.main() == 0
    assert "SKIPPED" in capsys.readouterr().out


def test_the_samples_have_no_word_of_the_publishers():
    judged = replay.Judged(1, digest(), 0.5, [Violation("question", SOUND[0], "bridge")], 1)
    page = replay.samples(replay.Replay(articles=1, judged=[judged]))
    assert "https://a.example/1" in page
    assert "| 2 / 27 | 4 / 52 | 1 / 10" in page
    assert not any(word in page for word in ("Elsin", "Roe", "reopen", "crossing"))
