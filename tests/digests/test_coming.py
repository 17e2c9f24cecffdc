"""What a sentence tells of the time to come."""

from datetime import UTC, datetime

import pytest

from bot.digests.coming import Coming, coming

TOLD_AT = datetime(2031, 2, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    "announced",
    [
        "L'élection du nouveau maire se tiendra le 12 mars à l'hôtel de ville.",
        "La réouverture officielle du vieux pont aura lieu mardi matin à Port Elsin.",
        "Le vote du conseil municipal est prévu jeudi prochain à Port Elsin.",
        "Les députés se réuniront la semaine prochaine à Port Elsin pour en débattre.",
        "Les travaux du tunnel commenceront début avril dans le nord de la ville.",
        "La loi sur les ponts entrera en vigueur le 1er juin dans tout le pays.",
        "Le ministre des Transports est attendu ce mercredi à Port Elsin.",
        "La elección del nuevo alcalde se celebrará el 12 de marzo en Port Elsin.",
        "La reapertura oficial del puente tendrá lugar el próximo martes en Port Elsin.",
        "El voto del consejo municipal está previsto para el jueves en Port Elsin.",
        "Los diputados se reunirán la semana que viene en Port Elsin.",
        "Las obras del túnel comenzarán a principios de abril en el norte.",
        "La ley de puentes entrará en vigor el 1 de junio en todo el país.",
        "El ministro de Transportes deberá comparecer este miércoles en Port Elsin.",
        "The council will vote on a toll for lorries on Friday.",
        "The trial begins on March 3 in Port Elsin.",
        "Die Wahl des neuen Bürgermeisters findet am Sonntag in Port Elsin statt.",
    ],
)
def test_what_comes_next_is_seen_in_other_languages_too(announced):
    assert coming(announced, told_at=TOLD_AT) is Coming.DATED


@pytest.mark.parametrize(
    "told",
    [
        "L'élection du nouveau maire s'est tenue le 12 mars à l'hôtel de ville.",
        "La réouverture officielle du vieux pont a eu lieu mardi matin à Port Elsin.",
        "Initialement, le vote du conseil était prévu jeudi à Port Elsin.",
        "La elección del nuevo alcalde se celebró el 12 de marzo en Port Elsin.",
        "La reapertura oficial del puente tuvo lugar el martes en Port Elsin.",
        "El presidente de Irán visitó el puente el martes en Port Elsin.",
        "The bridge would have been ready by the end of 2024 without the storm in May.",
        "The port is set to grow by 2028, the mayor had said in 2019.",
        "A shutdown began on 1 October, the start of the fourth quarter, and lasted 43 days.",
    ],
)
def test_what_has_been_is_not_what_comes_next(told):
    assert coming(told, told_at=TOLD_AT) is Coming.NOTHING


def test_what_was_to_come_in_a_year_gone_by_is_over():
    text = "The second bridge will open in 2030, the council said at the time."
    assert coming(text, told_at=TOLD_AT) is Coming.NOTHING
    assert coming(text, told_at=datetime(2029, 1, 1, tzinfo=UTC)) is Coming.DATED


@pytest.mark.parametrize(
    "text", ["The council will vote on the toll.", "The tunnel is scheduled to be shut."]
)
def test_what_is_announced_without_a_time_is_less_than_what_has_one(text):
    assert coming(text) is Coming.ANNOUNCED
    assert Coming.NOTHING < coming(text) < Coming.DATED


@pytest.mark.parametrize(
    "text", ["The tunnel is expected to cost far more.", "The council has pledged to support its ferrymen."]
)
def test_what_is_expected_or_pledged_for_no_time_is_nothing_to_wait_for(text):
    assert coming(text) is Coming.NOTHING


@pytest.mark.parametrize(
    "text",
    [
        "The ferry will stop in Elsin on May 2 and May 4.",
        "The ferry will stop in Elsin on 4 May.",
        "The ferry is due to return by Sept. 3, 2029.",
    ],
)
def test_a_day_that_has_passed_is_not_to_come(text):
    assert coming(text, told_at=datetime(2030, 5, 5, tzinfo=UTC)) is Coming.NOTHING
    assert coming(text, told_at=datetime(2029, 5, 1, tzinfo=UTC)) is Coming.DATED


def test_a_day_to_come_beside_one_that_has_passed_is_to_come():
    text = "The ferry, stopped on May 2, will return on May 9."
    assert coming(text, told_at=datetime(2030, 5, 5, tzinfo=UTC)) is Coming.DATED


def test_a_day_that_no_month_has_is_no_date():
    assert coming("The ferry will stop on June 31.", told_at=datetime(2030, 7, 5, tzinfo=UTC)) is Coming.DATED
