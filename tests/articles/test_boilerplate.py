import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.articles.boilerplate import clean, clean_title

NEWS = "The old bridge at Port Elsin reopened on Monday after two years of repairs."
MORE = "Engineers replaced 140 cables and every bolt on the northern span."


@pytest.mark.parametrize(
    "line",
    [
        "By Jane Doe, transport correspondent",
        "By Jane Doe and John Roe",
        "BY JANE DOE",
        "Jane Doe in Paris",
        "Jane Doe, Political Editor",
        "Von Anna Muster",
        "Par Jeanne Dupont",
        "Por Juana Pérez",
        "Read more:",
        "Read more: Ferry fares to rise",
        "Also read",
        "Related:",
        "Related stories",
        "More on this story",
        "Most read",
        "Sign up for our newsletter to get the news in your inbox",
        "Subscribe",
        "Subscribe to our channel today!",
        "Follow us on Instagram and Facebook",
        "Share this article",
        "Image source, Harbour Pictures",
        "Photo: Jane Doe / Harbour Pictures",
        "A crane lifts the last cable. Getty Images",
        "Advertisement",
        "Click here for the latest ferry times",
        "Copyright © 2026 The Harbour Post",
        "© 2026 Harbour Media. All rights reserved.",
        "Updated 3 hours ago",
        "This is a developing story and will be updated.",
        "We use cookies to improve your experience.",
        "|---|---|",
        "***",
        "[Image]",
        "Lesen Sie auch: Fähre fällt aus",
        "Anzeige",
        "Mehr zum Thema",
        "Folgen Sie uns auf Instagram",
        "Lire aussi : Le pont rouvre",
        "Abonnez-vous à notre lettre",
        "Publicité",
        "Lee también: El puente reabre",
        "Síguenos en Facebook",
        "Reporting by Jane Doe; Editing by John Roe",
        "Bridge reopens",
    ],
)
def test_page_furniture_is_dropped(line):
    assert clean([NEWS, line, MORE], title="Bridge reopens", site="The Harbour Post") == [NEWS, MORE]


@pytest.mark.parametrize(
    "sentence",
    [
        "Voters will follow us on the path to reform, he said.",
        "The newsletter publisher said profits rose by a fifth.",
        "Read more than one paper, the minister told pupils.",
        "By Monday the storm had passed and the port was open.",
        "Sign language teachers went on strike in Port Elsin.",
        "Subscribers to the service will pay two crowns more.",
        "Photographs of the wreck were shown in court.",
        "Click rates fell at the harbour's online shop.",
        "Share prices fell after the announcement.",
        "Related firms were also searched, police said.",
        "Cookies baked by pupils raised 3,000 crowns.",
        "Getty Images said it would sue the port authority.",
        "Advertising income rose by 4%, the port's paper said.",
        "Copyright law will change next year, the ministry said.",
        "Jane Doe is a reporter who was arrested on Monday in the capital, her paper said.",
    ],
)
def test_a_news_sentence_that_merely_contains_such_a_word_stays(sentence):
    middle = [NEWS, MORE, sentence, *[f"{MORE[:-1]} number {n}." for n in range(8)]]
    assert sentence in clean(middle, title="Bridge reopens", site=None)


@pytest.mark.parametrize(
    "dateline",
    [
        "PORT ELSIN: ",
        "VANNICK, Orrin: ",
        "LONDON (Reuters) - ",
        "PORT ELSIN — ",
        "(CNN)",
        "(CNN) — ",
        "WASHINGTON, March 3 (AP) — ",
        "PARIS, France (AFP) — ",
        "Berlin (dpa) - ",
        "Madrid, 3 mar (EFE).- ",
        "Paris, 3 mars (AFP) – ",
        "By Jane Doe PORT ELSIN (Reuters) - ",
    ],
)
def test_a_dateline_goes_and_its_sentence_stays(dateline):
    assert clean([dateline + NEWS, MORE], title="", site=None) == [NEWS, MORE]


def test_a_dateline_goes_from_behind_a_standfirst():
    standfirst = "The river stayed inside its new wall."
    assert clean([standfirst, "VANNICK, Orrin (Strait Wire) — " + NEWS], title="", site=None) == [
        standfirst,
        NEWS,
    ]


def test_a_short_name_in_capitals_before_a_dash_is_no_dateline():
    line = "NATO — The alliance of 32 states — met in Port Elsin on Monday."
    assert clean([line], title="", site=None) == [line]


@pytest.mark.parametrize(
    "bio",
    [
        "Jane Doe is a reporter covering transport for The Harbour Post.",
        "Jane Doe has covered shipping for The Harbour Post since 2011.",
        "Jane Doe is a freelance writer based in Port Elsin.",
        "You can follow Jane on Mastodon at @jane.",
        "John Roe contributed to this report.",
    ],
)
def test_an_author_introduced_at_the_end_is_dropped(bio):
    assert clean([NEWS, MORE, bio], title="", site=None) == [NEWS, MORE]


@pytest.mark.parametrize(
    ("dirty", "expected"),
    [
        ("The port(opens in a new window) reopened.", "The port reopened."),
        ("The port **reopened** on Monday.", "The port reopened on Monday."),
        ("[Image] The port reopened.", "The port reopened."),
        ("The port [reopened](https://a.example/x) on Monday.", "The port reopened on Monday."),
        ("* The port reopened.", "The port reopened."),
        ("The port reopened. Read more", "The port reopened."),
        ("A crane in port. Jo Roe | Harbour | Getty ImagesThe port reopened.", "The port reopened."),
    ],
)
def test_what_clings_to_a_sentence_is_taken_off(dirty, expected):
    assert clean([dirty], title="", site=None) == [expected]


def test_a_list_of_other_stories_goes_with_its_heading():
    lines = [NEWS, "Most read", "Ferry fares to rise", "Seal seen in harbour", MORE]
    assert clean(lines, title="", site=None) == [NEWS, MORE]


@pytest.mark.parametrize(
    ("title", "site", "expected"),
    [
        ("Quay reopens | The Harbour Post", "The Harbour Post", "Quay reopens"),
        ("Quay reopens - Harbour Post", "harbourpost.example", "Quay reopens"),
        ("Old quay reopens today - Daily Tribune", None, "Old quay reopens today"),
        ("Harbour Post: quay reopens", "Harbour Post", "Harbour Post: quay reopens"),
        ("Minister resigns – what happens next", "Harbour Post", "Minister resigns – what happens next"),
        ("Port beats Elsin 2 - 1", None, "Port beats Elsin 2 - 1"),
        ("", None, ""),
    ],
)
def test_the_outlet_leaves_the_headline(title, site, expected):
    assert clean_title(title, site) == expected


@given(st.lists(st.text(max_size=80), max_size=8), st.text(max_size=30), st.none() | st.text(max_size=20))
def test_any_text_is_taken_and_no_blank_line_comes_out(lines, title, site):
    assert all(line.strip() for line in clean(lines, title=title, site=site))
