import numpy as np

from bot.alerts.index.register import Memo, Register


def numbers(*some: int) -> np.ndarray:
    return np.array(some, np.int32)


def test_a_word_keeps_its_number() -> None:
    register = Register()
    first, second = register["north"], register["korea"]
    assert first != second
    assert (register["north"], register.word(second)) == (first, "korea")


def test_stories_are_counted() -> None:
    register = Register()
    number = register["north"]
    register.saw(numbers(number))
    register.saw(numbers(number, register["korea"]))
    assert (register.stories, register.seen(number), register.seen(register["korea"])) == (2, 2, 1)


def test_what_no_filter_needs_and_few_stories_had_is_forgotten_and_its_number_used_again() -> None:
    register = Register(most_unneeded=3)
    told = []
    register.forgets.append(lambda: told.append("forget"))
    needed = register.need(register["needed"])
    often = register["often"]
    for _ in range(3):
        register.saw(numbers(often))
    rare = numbers(register["rare"], register["rarer"])
    register.saw(rare)
    assert told == ["forget"]
    assert set(register) == {"needed", "often"}
    assert (register["needed"], register["often"]) == (needed, often)
    assert register["new"] in rare.tolist()
    assert register.seen(register["new"]) == 0


def test_what_is_needed_no_more_may_be_forgotten() -> None:
    register = Register(most_unneeded=0)
    number = register.need(register["north"])
    register.saw(numbers(number))
    assert "north" in register
    register.let_go(number)
    register.saw(numbers(register["korea"]))
    assert "north" not in register


def test_a_memo_works_out_each_number_once() -> None:
    asked = []

    def doubled(number: int) -> int:
        asked.append(number)
        return 2 * number

    memo = Memo(doubled)
    assert memo(numbers(3, 5, 3_000), 3_001).tolist() == [6, 10, 6_000]
    assert memo(numbers(5, 6), 3_001).tolist() == [10, 12]
    assert asked == [3, 5, 3_000, 6]
    memo.clear()
    assert memo(numbers(5), 3_001).tolist() == [10]
    assert asked[-1] == 5
