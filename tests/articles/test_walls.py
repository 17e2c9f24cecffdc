import pytest

from bot.articles.walls import is_walled

NEWS = "The old bridge at Port Elsin reopened on Monday after two years of repairs, the harbour office said. "


def walled(title="Bridge reopens", text=NEWS, *, free=None, notices=()):
    return is_walled(title=title, text=text, free=free, notices=notices)


@pytest.mark.parametrize(
    "title",
    [
        "Just a moment...",
        "Access denied",
        "Are you a robot?",
        "Before you continue",
        "Page not found",
        "403 Forbidden",
    ],
)
def test_a_page_whose_title_asks_for_a_proof_is_a_wall(title):
    assert walled(title)


@pytest.mark.parametrize(
    "title",
    [
        "Just a moment of calm in Port Elsin",
        "404 people saved",
        "Zustimmung zum Hafen wächst",
        "Captcha maker sued",
    ],
)
def test_a_headline_with_such_a_word_is_none(title):
    assert not walled(title)


def test_a_short_text_about_scripts_and_robots_is_a_wall():
    assert walled(text="Please enable JavaScript and cookies to prove that you are not a robot.")


def test_a_teaser_of_what_is_not_for_free_is_a_wall():
    assert walled(free=False)


def test_the_whole_text_of_what_is_not_for_free_is_none():
    assert not walled(text=NEWS * 20, free=False)


@pytest.mark.parametrize(
    "notice",
    [
        "Subscribe now to read the full story",
        "Weiterlesen mit einem Abo",
        "Cet article est réservé aux abonnés",
        "Este contenido es para suscriptores",
        "この記事は有料会員限定です",
    ],
)
def test_a_short_text_beside_a_visible_wall_is_a_teaser(notice):
    assert walled(notices=["Home", notice])


def test_a_short_piece_of_news_without_a_wall_is_none():
    assert not walled(notices=["Home", "Harbour", "Subscribe"])


def test_a_long_text_is_none_though_the_page_offers_a_subscription():
    assert not walled(text=NEWS * 20, notices=["Subscribe now to read the full story"])


def test_a_longer_text_that_breaks_off_before_a_wall_is_a_teaser():
    assert walled(text=NEWS * 10 + "And then…", notices=["Subscribe now to read the full story"])
