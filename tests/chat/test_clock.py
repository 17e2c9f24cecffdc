"""/clock: the time zones people name, and what is answered and kept."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.zones import clock_in, zone, zone_of
from tests.chat.conftest import HOUR

SUMMER = datetime(2026, 7, 1, 12, 2, tzinfo=UTC)
WINTER = datetime(2026, 1, 15, 12, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        (" New York ", "America/New_York"),
        ("new_york", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("sao paulo", "America/Sao_Paulo"),
        ("Munich", "Europe/Berlin"),
        ("beijing", "Asia/Shanghai"),
        ("utc", "UTC"),
        ("UTC+2", "Etc/GMT-2"),
        ("GMT-5", "Etc/GMT+5"),
        ("+5:30", "Asia/Kolkata"),
        ("Etc/GMT+2", "Etc/GMT+2"),
    ],
)
def test_a_place_is_known_by_its_name_and_a_distance_by_its_hours(said, name):
    assert zone_of(said, now=SUMMER) == name


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("14:02", "Etc/GMT-2"),
        ("14:05", "Etc/GMT-2"),  # their watch is fast, or the message was slow
        ("13:58", "Etc/GMT-2"),
        ("2:02 pm", "Etc/GMT-2"),
        ("2.02 p.m.", "Etc/GMT-2"),
        ("2 pm", "Etc/GMT-2"),
        ("12:02", "UTC"),
        ("7:02", "Etc/GMT+5"),
        ("12:02 am", "Etc/GMT-12"),
        ("01:02", "Etc/GMT-13"),  # New Zealand's summer, not Samoa
        ("02:02", "Etc/GMT+10"),  # Hawaii
        ("17:32", "Asia/Kolkata"),
        ("17:47", "Asia/Kathmandu"),
        ("15:32", "Asia/Tehran"),
    ],
)
def test_the_time_on_their_clock_says_where_they_are(said, name):
    assert zone_of(said, now=SUMMER) == name


def test_half_an_hour_is_another_place_in_another_season():
    assert zone_of("9:32", now=SUMMER) == "America/St_Johns"
    assert zone_of("8:32", now=WINTER) == "America/St_Johns"
    assert zone_of("9:32", now=WINTER) is None


@pytest.mark.parametrize(
    "said",
    [
        "",
        "7",
        "14:17",
        "24:00",
        "7:61",
        "13 pm",
        "0:10 am",
        "Narnia",
        "🕐",
        "UTC+15",
        "UTC+25:99",
        "localtime",
        "/",
    ],
)
def test_what_is_no_place_and_no_time_is_nothing(said):
    assert zone_of(said, now=SUMMER) is None


@given(st.text(max_size=100))
def test_whatever_is_said_is_a_zone_that_can_be_used_or_nothing(said):
    name = zone_of(said, now=SUMMER)
    assert name is None or str(zone(name)) == name


@given(st.integers(min_value=0, max_value=24 * 4 - 1))
def test_a_zone_found_by_the_time_shows_that_time(quarters):
    local = (datetime(2026, 7, 1, tzinfo=UTC) + quarters * timedelta(minutes=15)).strftime("%H:%M")
    now = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    name = zone_of(local, now=now)
    assert name is None or clock_in(name, now).strftime("%H:%M") == local


def test_a_zone_that_is_no_more_is_read_as_utc():
    assert str(zone("Europe/Atlantis")) == str(zone(None)) == "UTC"


async def test_the_clock_is_set_by_a_city_and_told(chat):
    (answer,) = await chat.say("/clock Berlin")
    assert answer.startswith("I go by the clock of Europe/Berlin now, where it is ")
    assert chat.subscriber().time_zone == "Europe/Berlin"
    (answer,) = await chat.say("/clock")
    assert answer.startswith("I go by the clock of Europe/Berlin, where it is ")


async def test_the_clock_is_set_by_the_time_of_the_message(chat):
    here = datetime.now(UTC) + 3 * HOUR
    (answer,) = await chat.say(f"/clock {here:%H:%M}")
    assert answer.startswith("I go by the clock of UTC+3 now, where it is ")
    assert answer.endswith("It knows no summer time; name a city for that.")
    assert chat.subscriber().time_zone == "Etc/GMT-3"


async def test_without_a_clock_it_is_utc_and_said_so(chat):
    (answer,) = await chat.say("/clock")
    assert answer.startswith("I go by UTC, where it is ")
    assert "/clock Berlin" in answer


@pytest.mark.parametrize("said", ["Narnia", "<b>", "x" * 4000])
async def test_a_place_that_is_not_known_is_asked_for_again_and_changes_nothing(chat, said):
    await chat.say("/clock Tokyo")
    (answer,) = await chat.say(f"/clock {said}")
    assert answer.startswith("I do not know that place. Name a large city near you:")
    assert chat.subscriber().time_zone == "Asia/Tokyo"


async def test_a_group_has_a_clock_of_its_own(chat):
    await chat.say("/clock Tokyo", chat=chat.group)
    await chat.say("/start")
    assert (chat.subscriber(chat.group).time_zone, chat.subscriber().time_zone) == ("Asia/Tokyo", None)
