import random

import numpy as np
import pytest

from bot.alerts.index.matcher import Hits, Matcher
from bot.alerts.language.parse import parse
from bot.alerts.rule import (
    About,
    All,
    Either,
    Filter,
    Form,
    FromSource,
    InLanguage,
    InTopic,
    Near,
    Node,
    Not,
    Phrase,
    Term,
    Word,
    normal,
)
from bot.alerts.words import StoryWords, evaluate
from bot.model import StoryText

WORDS = ["a", "b", "us", "covid", "korea", "missile", "missiles", "北", "京", "the", "running", "run"]
WRITTEN = [*WORDS, "US", "COVID-19", "runs", "Missile’s"]
IDS = 40
STEPS = 60


def meanings(text: str) -> np.ndarray:
    """A direction in the plane for each text."""
    angle = sum(map(ord, text)) % 7
    return np.array([np.cos(angle), np.sin(angle)], np.float32)


def words(*lines: str, **rest: object) -> StoryWords:
    return StoryWords(StoryText(lines[0], "\n".join(lines[1:]), **rest), meanings)


def found(matcher: Matcher, *lines: str, **rest: object) -> list[int]:
    return sorted(matcher.match(words(*lines, **rest)).filter_ids.tolist())


def pairs(hits: Hits) -> list[tuple[int, int]]:
    """Filters and beside them their subscribers, in the order of the filters."""
    return sorted(zip(hits.filter_ids.tolist(), hits.subscriber_ids.tolist(), strict=True))


def random_term(dice: random.Random) -> Term:
    title = dice.random() < 0.2
    match dice.randrange(10):
        case 0 | 1 | 2:
            return Phrase((random_word(dice),), title)
        case 3 | 4:
            length = dice.randint(2, 6)
            return Phrase(tuple(Word(dice.choice(WORDS), Form.EXACT) for _ in range(length)), title)
        case 5:
            return Phrase((random_word(dice), random_word(dice)), title)
        case 6:
            return Near((random_word(dice), random_word(dice)), dice.randint(1, 4), title)
        case 7:
            return InTopic(dice.choice("xyz"))
        case 8:
            return dice.choice(
                [InLanguage("en"), InLanguage("fr"), FromSource("bbc"), FromSource("bbc.co.uk")]
            )
    return About(dice.choice(["moon", "sea"]), dice.choice([10, 50, 90]))


def random_word(dice: random.Random) -> Word:
    form = dice.choice(list(Form))
    word = dice.choice(WORDS)
    return Word(word[:3] if form is Form.PREFIX else word, form)


def random_node(dice: random.Random, depth: int = 0) -> Node:
    chance = dice.random()
    if depth > 2 or chance < 0.4:
        return random_term(dice)
    parts = tuple(random_node(dice, depth + 1) for _ in range(dice.randint(2, 4)))
    if chance < 0.9:
        return All(parts) if chance < 0.7 else Either(parts)
    return Not(parts[0])


def random_words(dice: random.Random) -> StoryWords:
    line, text = (" ".join(dice.choice(WRITTEN) for _ in range(dice.randint(0, most))) for most in (5, 15))
    at = dice.random() * 7
    return words(
        line,
        text,
        " ".join(dice.choice(WRITTEN) for _ in range(5)),
        topics=frozenset(dice.choice("xyz")),
        sources=frozenset(dice.choice([[], ["BBC News"], ["CNN"]])),
        addresses=frozenset(dice.choice([[], ["https://www.bbc.co.uk/sport/1"]])),
        languages=frozenset(dice.choice([[], ["en"], ["fr", "en-GB"], ["ja"]])),
        meaning=dice.choice([None, np.array([np.cos(at), np.sin(at)], np.float32)]),
    )


@pytest.mark.parametrize("seed", range(6))
def test_the_index_finds_what_asking_each_filter_finds_while_filters_come_and_go(seed: int) -> None:
    dice = random.Random(seed)
    matcher = Matcher(dice.choice([None, meanings]), most_words=dice.choice([3, 1_000]))
    standing: dict[int, Filter] = {}
    for step in range(STEPS):
        number = dice.randrange(IDS)
        if dice.random() < 0.25:
            matcher.remove(number)
            standing.pop(number, None)
        else:
            standing[number] = Filter(normal(random_node(dice)))
            matcher.add(number, standing[number], subscriber_id=number % 7)
        if step % 4 == 0:
            story = random_words(dice)
            expected = [n for n, one in sorted(standing.items()) if evaluate(one, story) is not None]
            hits = matcher.match(story)
            assert pairs(hits) == [(n, n % 7) for n in expected]
        assert len(matcher) == len(standing)


def test_an_emptied_matcher_keeps_nothing() -> None:
    dice, matcher = random.Random(3), Matcher(meanings)
    for turn in range(2):
        for number in range(IDS):
            matcher.add(number, Filter(normal(random_node(dice))), subscriber_id=0)
        matcher.match(random_words(dice))
        for number in range(IDS):
            matcher.remove(number)
            matcher.remove(number)
        kept = [len(matcher), len(matcher._groups), sum(matcher._vocabulary._holders[1:])]
        assert (turn, kept) == (turn, [0, 0, 0])
        assert not matcher._vocabulary._register._needed.any()
        assert found(matcher, "a b us covid korea", "missile run") == []


def test_a_filter_is_replaced_under_its_id() -> None:
    matcher = Matcher()
    matcher.add(1, parse("north"), subscriber_id=5)
    matcher.add(1, parse("south"), subscriber_id=6)
    assert found(matcher, "north") == found(matcher, "") == []
    assert matcher.match(words("south")).subscriber_ids.tolist() == [6]


def test_equal_filters_of_many_subscribers_are_one_and_reach_all() -> None:
    matcher = Matcher()
    for number in range(900):
        text = "missile korea" if number % 2 else "korea missile"
        matcher.add(number, parse(text), subscriber_id=5_000 - number)
    for number in range(0, 900, 3):
        matcher.remove(number)
    hits = matcher.match(words("Missiles over Korea"))
    left = [number for number in range(900) if number % 3]
    assert pairs(hits) == [(number, 5_000 - number) for number in left]
    assert len(matcher._groups) == 1


def test_filters_that_say_the_same_by_other_clauses_are_one() -> None:
    matcher = Matcher()
    matcher.add(1, parse("korea (missile OR rocket)"), subscriber_id=1)
    matcher.add(2, parse("(korea missile) OR (rocket korea)"), subscriber_id=2)
    assert len(matcher._groups) == 1
    assert found(matcher, "Korea’s rocket") == [1, 2]


def test_ids_may_be_far_apart() -> None:
    matcher = Matcher()
    for number in (2**31 - 1, 0, 70_000):
        matcher.add(number, parse("north"), subscriber_id=number)
    hits = matcher.match(words("north"))
    assert pairs(hits) == [(number, number) for number in (0, 70_000, 2**31 - 1)]


def test_a_phrase_of_any_length_must_stand_as_a_whole_and_in_one_paragraph() -> None:
    matcher = Matcher()
    for number, text in enumerate(['"a b"', '"a b c"', '"a b c d"', '"a b c d e"', '"b c d e f g"']):
        matcher.add(number, parse(text), subscriber_id=0)
    assert found(matcher, "a b c d e") == [0, 1, 2, 3]
    assert found(matcher, "a b", "c d e f g") == [0]
    assert found(matcher, "a b c b c d") == [0, 1]
    assert found(matcher, "x", "b c d e f g h") == [4]


def test_scripts_without_spaces_are_found_by_runs_of_their_characters() -> None:
    matcher = Matcher()
    for number, text in enumerate(["東京", "東京都", "京都", "都"]):
        matcher.add(number, parse(text), subscriber_id=0)
    assert found(matcher, "東京都知事", languages=frozenset(["ja"])) == [0, 1, 2, 3]
    assert found(matcher, "京都") == [2, 3]


def test_an_inflection_is_found_in_the_language_of_the_story_also_by_filters_that_come_later() -> None:
    matcher = Matcher()
    spanish = frozenset(["es"])
    matcher.add(1, parse("misiles"), subscriber_id=0)
    assert found(matcher, "un misil", languages=spanish) == [1]
    matcher.add(2, parse("pruebas"), subscriber_id=0)
    assert found(matcher, "la prueba", languages=spanish) == [2]
    assert found(matcher, "la prueba", languages=frozenset(["ja"])) == []
    matcher.remove(1)
    assert found(matcher, "un misil", languages=spanish) == []


def test_a_longer_and_a_shorter_beginning_are_both_found() -> None:
    matcher = Matcher()
    for number, text in enumerate(["mi*", "miss*", "missile*", "rocket*"]):
        matcher.add(number, parse(text), subscriber_id=0)
    assert found(matcher, "missiles") == [0, 1, 2]
    matcher.remove(1)
    matcher.add(4, parse("missi*"), subscriber_id=0)
    assert found(matcher, "missiles") == [0, 2, 4]


def test_what_many_alternatives_say_together_is_evaluated() -> None:
    text = " ".join("(" + " OR ".join(f"{clause}{one}" for one in range(7)) + ")" for clause in "abcd")
    matcher = Matcher()
    matcher.add(1, parse(text), subscriber_id=0)
    assert found(matcher, "a1 b2 c3 d6") == [1]
    assert found(matcher, "a1 b2 c3") == []


def test_a_filter_may_exclude_more_words_than_there_are_others() -> None:
    excluded = (Not(Phrase((Word(f"w{one}", Form.EXACT),))) for one in range(1_500))
    matcher = Matcher()
    matcher.add(1, Filter(All((Phrase((Word("zebra"),)), *excluded))), subscriber_id=0)
    assert found(matcher, " ".join(f"w{one}" for one in range(1_500))) == []
    assert found(matcher, "zebras w1500") == [1]
    assert found(matcher, "zebra w1499") == []


def test_words_that_stories_brought_are_forgotten_and_nothing_is_missed() -> None:
    matcher = Matcher(most_words=50)
    matcher.add(1, parse("missile test*"), subscriber_id=0)
    for number in range(20):
        line = " ".join(f"w{number}x{one}" for one in range(20))
        assert found(matcher, f"missiles {line} testing") == [1]
        assert found(matcher, line) == []
    assert len(matcher._vocabulary._register) < 200


def test_where_a_filter_stands_is_learnt_from_stories() -> None:
    matcher = Matcher()
    for _ in range(30):
        matcher.learn(words("zugzwang everywhere", "zugzwang"))
    matcher.add(1, parse("zugzwang go"), subscriber_id=0)
    zugzwang = matcher._vocabulary.held(matcher._vocabulary.read(words("zugzwang")))
    assert matcher._rows.gather(zugzwang).tolist() == []
    assert found(matcher, "zugzwang: go") == [1]
