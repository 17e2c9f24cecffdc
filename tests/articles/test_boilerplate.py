import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.articles.boilerplate import clean, clean_title, headline

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
        "Jane Doe",
        "Czytaj także: Most otwarty",
        "Leggi anche: Il ponte riapre",
        "Läs mer: Bron öppnar",
        "関連記事",
        "Empfohlener redaktioneller Inhalt",
        "Thank you for visiting our site.",
        "Get the day's harbour news with our newsletter, sign up here.",
        "Unser Newsletter informiert Sie täglich kostenlos.",
        "Follow our WhatsApp channel for ferry times, click the link",
        "Subscribers can log in to read the full story, or register to continue reading.",
        "This article is available to subscribers only.",
        "Déjà abonné ? Connectez-vous",
    ],
)
def test_page_furniture_is_dropped(line):
    assert clean(
        [NEWS, line, MORE], title="Bridge reopens", site="The Harbour Post", author="Jane Doe, John Roe"
    ) == [NEWS, MORE]


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
        "WhatsApp said the channel for the harbour would close on Friday.",
        "The minister signed a law on newsletters.",
        "The works unlock the full potential of the port, she said.",
        "Mit dem Laden der Batterien begann die Überfahrt am Montag.",
        "The story is available in every shop of the town.",
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


@pytest.mark.parametrize(
    "note",
    [
        "(dpa/afp)",
        "mit dpa",
        "AP",
        "Mit Agenturmaterial.",
        "With files from Jo Roe.",
        "Doe reported from Port Elsin and Roe from Vannick.",
        "Redaktion: Anna Muster",
        "First published by The Strait Wire.",
        "Fehler gefunden? Jetzt melden.",
        "Write to desk@post.example with your view.",
        "Stay informed with The Harbour Post.",
        "This is a breaking news story; more follows.",
    ],
)
def test_a_note_on_the_makers_or_to_the_reader_goes_at_the_end(note):
    assert clean([NEWS, MORE, note], title="", site=None) == [NEWS, MORE]


@pytest.mark.parametrize(
    "sentence",
    [
        "Hinweis der Polizei: Die Brücke bleibt am Sonntag gesperrt, sagte die Sprecherin.",
        "To stay open, the port needs 12 million crowns more.",
        "Thousands of cases were reported from Vannick and the islands.",
        "Support for the works is broad, the mayor said.",
        "Was this the last ferry? Nobody on the quay knew.",
    ],
)
def test_a_last_sentence_that_merely_begins_so_stays(sentence):
    assert clean([NEWS, MORE, sentence], title="", site=None) == [NEWS, MORE, sentence]


@pytest.mark.parametrize(
    "crumb", ["Harbour", "MIDDLE STRAIT", "2 March 2026, 9:30", "Jo Roe / Harbour Pictures"]
)
def test_kickers_stamps_and_credits_go_before_the_first_sentence_and_behind_the_last(crumb):
    assert clean([crumb, NEWS, MORE, crumb], title="", site=None) == [NEWS, MORE]


def test_a_subheading_between_sentences_stays():
    assert clean([NEWS, "Two years of works", MORE], title="", site=None) == [
        NEWS,
        "Two years of works",
        MORE,
    ]


def test_a_list_at_the_end_stays():
    lines = [NEWS, MORE, "Port Elsin", "Vannick", "Orrin", "Sund"]
    assert clean(lines, title="", site=None) == lines


def test_a_text_of_little_else_keeps_its_short_lines():
    assert clean(["The port", "reopened."], title="", site=None) == ["The port", "reopened."]


def test_a_standfirst_is_said_once_and_a_chant_as_often_as_it_was():
    chant = "We shall cross."
    assert clean([NEWS, NEWS, MORE, chant, chant], title="", site=None) == [NEWS, MORE, chant, chant]


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        (["Old quay reopens today | HP | 2 March", "Old quay reopens today"], "Old quay reopens today"),
        (["Harbour | Old quay reopens today", "Old quay reopens today"], "Old quay reopens today"),
        (
            ["Old quay reopens today: what we know", "Old quay reopens"],
            "Old quay reopens today: what we know",
        ),
        (["Old quay reopens today", "Something else entirely"], "Old quay reopens today"),
        ([], ""),
    ],
)
def test_the_headline_is_the_most_trusted_candidate_less_what_hangs_on_it(candidates, expected):
    assert headline(candidates, "Harbour Post") == expected


@pytest.mark.parametrize("part", ["sign", "newsletter our ", "[image", "(photo: ", "…", "a@", "* ", "| "])
def test_a_line_made_to_hurt_is_read_in_no_time(part):
    clean([part * 100_000], title=part * 10_000, site="x")


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
