"""How much a story matters, and that the reasons say why."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.stories.importance import TOPICS, Witness, step, weigh
from bot.times import utc_now

NOW = utc_now()
HOUR = timedelta(hours=1)


def witnesses(count, *, weight=1.0, every=24 * HOUR):
    return [Witness(weight, NOW + number * every) for number in range(count)]


def test_a_story_of_one_source_says_so():
    found = weigh(witnesses(1))
    assert (found.score, found.because) == (10, ("one source +10",))


def test_more_sources_weight_speed_topic_and_harm_each_add_to_it():
    plain = weigh(witnesses(4)).score
    assert weigh(witnesses(8)).score > plain
    assert weigh(witnesses(4, weight=3.0)).score > plain
    assert weigh(witnesses(4, every=HOUR / 4)).score > plain
    assert weigh(witnesses(4), topics={"conflict"}).score > plain
    assert weigh(witnesses(4), dead=3).score > plain
    assert weigh(witnesses(4), hurt=30).score > plain


def test_the_reasons_add_up_to_the_score():
    found = weigh(witnesses(3, every=HOUR), topics={"sport", "disasters"}, dead=12, hurt=40)
    assert sum(int(why.rpartition(" ")[2]) for why in found.because) == found.score
    assert found.because[0] == "3 independent sources +29"
    assert "disasters +12" in found.because
    assert "12 dead and 40 hurt +12" in found.because


def test_an_outlet_of_little_weight_makes_a_story_matter_less():
    assert weigh(witnesses(1, weight=0.25)).score == 0
    assert weigh(witnesses(1, weight=0.5)).because == ("one source +10", "an outlet of weight 0.5 -8")


def test_what_comes_after_the_first_hours_is_no_speed():
    early = [Witness(1.0, NOW), Witness(1.0, NOW + HOUR)]
    late = [*early, *(Witness(1.0, NOW + n * HOUR) for n in (30, 31, 32))]
    rates = [why for why in weigh(late).because if "an hour" in why]
    assert rates == ["1.0 more sources an hour +5"]


def test_two_reports_of_one_minute_are_no_torrent():
    both = [Witness(1.0, NOW), Witness(1.0, NOW)]
    assert "1.0 more sources an hour +5" in weigh(both).because


def test_a_topic_that_nobody_weighs_adds_nothing():
    assert weigh(witnesses(1), topics={"gardening"}) == weigh(witnesses(1))


def test_where_nobody_tells_it_any_more_it_matters_to_nobody():
    assert weigh([], topics={"conflict"}, dead=100).score == 0


@given(
    st.integers(1, 400),
    st.floats(0.01, 10),
    st.sampled_from(sorted(TOPICS)),
    st.integers(0, 10**7),
    st.integers(0, 10**7),
)
def test_it_stays_between_0_and_100(count, weight, topic, dead, hurt):
    found = weigh(
        witnesses(count, weight=weight, every=timedelta(seconds=1)), topics=[topic], dead=dead, hurt=hurt
    )
    assert 0 <= found.score <= 100


def test_a_step_is_passed_upwards_and_once():
    assert [step(39, 40), step(40, 59), step(10, 85), step(85, 10), step(60, 60)] == [
        40,
        None,
        80,
        None,
        None,
    ]
