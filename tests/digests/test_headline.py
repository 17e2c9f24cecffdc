"""The clearest of the titles, cleaned."""

import pytest

from bot.digests.headline import clean, headline


@pytest.mark.parametrize(
    ("title", "cleaned"),
    [
        ("BREAKING: Bridge reopens at Port Elsin", "Bridge reopens at Port Elsin"),
        ("Exclusive | Bridge reopens at Port Elsin", "Bridge reopens at Port Elsin"),
        ("UPDATE 2 - Bridge reopens at Port Elsin", "Bridge reopens at Port Elsin"),
        ("Bridge reopens at Port Elsin | The Elsin Post", "Bridge reopens at Port Elsin"),
        ("Bridge reopens at Port Elsin - Elsin Post", "Bridge reopens at Port Elsin"),
        ("Bridge reopens at Port Elsin (video)", "Bridge reopens at Port Elsin"),
        ("Bridge reopens – after two years", "Bridge reopens – after two years"),
        ("Live music returns to Port Elsin", "Live music returns to Port Elsin"),
        ("Elsin Post", "Elsin Post"),
        ("Port Elsin&#8217;s bridge reopens", "Port Elsin’s bridge reopens"),
        ("LIVE:", "LIVE:"),
    ],
)
def test_a_label_and_an_outlets_name_are_no_part_of_a_headline(title, cleaned):
    assert clean(title, outlets=["Elsin Post"]) == cleaned


def test_the_first_title_that_states_something_is_the_headline():
    titles = [
        "",
        "Is the bridge safe?",
        "Why the bridge matters",
        "BRIDGE OPEN NOW",
        "Bridge reopens on Monday",
    ]
    assert headline(titles) == "Bridge reopens on Monday"


def test_a_teaser_is_better_than_nothing():
    assert headline(["Is the bridge safe?"]) == "Is the bridge safe?"
    assert headline(["", " \n"]) == ""
