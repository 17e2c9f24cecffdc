"""Terms, names and figures are what tell one event from the next."""

from bot.stories.profile import profile


def test_a_name_is_a_capital_that_no_sentence_start_explains():
    found = profile("", "Yesterday the mayor Ada Brunel spoke. Engineers listened; the engineers agreed.")
    assert set(found.names) == {"ada", "brunel"}


def test_a_capital_in_a_headline_is_a_name_only_where_the_text_has_it_too():
    found = profile("Brunel Opens The Old Harbour", "The mayor, Ada Brunel, has opened the harbour to ships.")
    assert set(found.names) == {"ada", "brunel"}


def test_where_there_is_but_a_headline_its_capitals_are_the_names():
    assert set(profile("Brunel opens harbour at Northport", "").names) == {"brunel", "northport"}


def test_singular_and_plural_are_one_term():
    assert profile("", "two gates, one gate").terms.keys() == {"gate"}


def test_light_words_and_days_are_no_terms():
    assert not profile("", "On Tuesday she said that they would").terms


def test_figures_are_kept_as_they_count_without_their_commas():
    assert set(profile("", "About 12,500 people and 3.5 metres, on 3 roads").figures) == {"12500", "3.5"}


def test_what_stands_in_the_lead_weighs_more_than_what_stands_below():
    found = profile("", "Harbour. " + "x" * 400 + " bridge")
    assert found.terms["harbour"] > found.terms["bridge"]


def test_texts_without_spaces_have_pairs_of_characters_for_terms():
    assert {"北港", "港大"} <= profile("", "北港大坝").terms.keys()


def test_a_word_at_a_headlines_start_is_no_name_beside_a_text_without_names():
    text = "The guild met on the square and heard the keeper of the keys."
    assert not profile("Meeting of the potters on the square", text).names
    assert "meeting" in profile("Meeting of the potters on the square", "").names
