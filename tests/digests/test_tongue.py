"""Which language a text is in, with the page's word as prior."""

import pytest

from bot.digests.tongue import language

ENGLISH = (
    "The council of Port Elsin has approved the repairs of the bridge, which will be shut to lorries for two"
    " years, and the mayor said that it was the only way to keep the crossing safe for the people of the town."
)
TEXTS = {
    "de": "Der Stadtrat hat am Dienstag die Reparatur der alten Brücke beschlossen, wie das Hafenamt mitteilte.",
    "fr": "Le conseil municipal a approuvé mardi la réparation du vieux pont, a annoncé la capitainerie du port.",
    "es": "El ayuntamiento aprobó el martes la reparación del viejo puente, según anunció la capitanía del puerto.",
    "it": "Il consiglio comunale ha approvato martedì la riparazione del vecchio ponte, ha annunciato il porto.",
    "pt": "A câmara municipal aprovou na terça-feira a reparação da ponte velha, anunciou a capitania do porto.",
    "nl": "De gemeenteraad heeft dinsdag de reparatie van de oude brug goedgekeurd, meldde het havenbedrijf.",
    "pl": "Rada miasta zatwierdziła we wtorek remont starego mostu, poinformował kapitanat portu w komunikacie.",
    "ru": "Городской совет во вторник одобрил ремонт старого моста, сообщили в управлении порта.",
    "tr": "Belediye meclisi salı günü eski köprünün onarımını onayladı, liman yönetimi böyle duyurdu.",
    "ja": "市議会は火曜日、古い橋の修理を承認したと港湾当局が発表した。工事は来年の春に始まる予定だという。",
    "ar": "وافق مجلس المدينة يوم الثلاثاء على إصلاح الجسر القديم، حسبما أعلنت سلطة الميناء في بيان لها.",
    "nb": "Bystyret vedtok tirsdag å reparere den gamle brua, opplyste havnekontoret i en melding til pressen.",
}


def test_plain_english_is_known_by_its_little_words():
    assert language(ENGLISH) == "en"


@pytest.mark.parametrize(("code", "text"), TEXTS.items())
def test_a_news_sentence_tells_its_language(code, text):
    assert language(text) == code


@pytest.mark.parametrize(("code", "text"), TEXTS.items())
def test_a_page_that_claims_to_be_english_is_not_believed_against_its_text(code, text):
    assert language(f"{text} {text}", "en-GB") == code


@pytest.mark.parametrize("tagged", ["de", "de-AT", "DE_de"])
def test_a_short_text_is_what_its_page_says(tagged):
    assert language("Port Elsin: Hamburg", tagged) == "de"


def test_a_language_we_cannot_tell_is_taken_at_its_word():
    assert language(TEXTS["de"], "lb") == "lb"


@pytest.mark.parametrize("tagged", ["utf-8", "english", "x", "12", ""])
def test_what_is_no_code_of_a_language_is_not_taken_for_one(tagged):
    assert language(TEXTS["fr"], tagged) == "fr"


@pytest.mark.parametrize("text", ["", "…", "1 2 3"])
def test_a_text_without_letters_says_nothing(text):
    assert (language(text), language(text, "fr")) == (None, "fr")


def test_written_norwegian_has_one_code():
    assert language("Brua", "no") == language("Brua", "nb-NO") == "nb"


def test_half_a_character_does_not_stop_it():
    assert language("Zahl \ud800 " + TEXTS["de"]) == "de"
