from lxml import html

from bot.articles.blocks import blocks
from bot.articles.story import choose, confirmed

PARAGRAPHS = [
    "The old bridge at Port Elsin reopened on Monday after two years of repairs, the harbour office said.",
    "Engineers replaced 140 cables and every bolt on the northern span, at a cost of 12 million crowns.",
    "Traders on the quay had waited for the day since the ice of the winter before last broke the piers.",
    "The first lorry crossed at noon, followed by a brass band and most of the pupils of the harbour school.",
]
TITLE = "Bridge reopens at Port Elsin"


def chosen(body, extracted=PARAGRAPHS, *, title=TITLE, description=""):
    page = blocks(html.fromstring(f"<html><body>{body}</body></html>"))
    return [block.text for block in choose(page, extracted, title=title, description=description)]


def paragraphs(*others):
    return "".join(f"<p>{text}</p>" for text in (*PARAGRAPHS, *others))


def test_the_extracted_paragraphs_are_found_on_the_page():
    assert chosen(f"<p>Home</p><article>{paragraphs()}</article><p>Imprint</p>") == PARAGRAPHS


def test_a_page_that_does_not_show_what_was_extracted_chooses_nothing():
    assert chosen("<p>Another text about another town, with none of these words in it.</p>") == []


def test_a_lost_subheading_and_a_lost_list_come_back():
    first, *rest = (f"<p>{text}</p>" for text in PARAGRAPHS)
    body = f"<article>{first}<h3>What was done</h3><ul><li>New piers</li></ul>{''.join(rest)}</article>"
    assert chosen(body) == [PARAGRAPHS[0], "What was done", "New piers", *PARAGRAPHS[1:]]


def test_a_paragraph_the_extractor_lost_comes_back():
    assert chosen(f"<article>{paragraphs()}</article>", [*PARAGRAPHS[:2], PARAGRAPHS[3]]) == PARAGRAPHS


def test_a_story_cut_short_goes_on_in_the_same_place():
    more = "The mayor promised that the southern span would be next, and named no date for it."
    assert chosen(f"<article>{paragraphs(more)}</article>") == [*PARAGRAPHS, more]


def test_links_to_other_stories_go():
    link = '<p><a href="/x">Ferry fares to rise</a></p><ul><li>Seal: <a href="/y">Seen in the harbour</a></li></ul>'
    first, *rest = (f"<p>{text}</p>" for text in PARAGRAPHS)
    extracted = [*PARAGRAPHS, "Ferry fares to rise", "Seal: Seen in the harbour"]
    assert chosen(f"<article>{first}{link}{''.join(rest)}</article>", extracted) == PARAGRAPHS


def test_a_sentence_that_is_mostly_link_stays():
    linked = "The harbour school will close for the summer, its head told parents on Monday evening."
    body = f'<article>{paragraphs()}<p><a href="/x">{linked[:-12]}</a>{linked[-12:]}</p></article>'
    assert chosen(body, [*PARAGRAPHS, linked]) == [*PARAGRAPHS, linked]


def test_a_standfirst_beside_the_headline_comes_first():
    standfirst = "Two years late, lorries may cross the river again."
    page = f"<header><h1>{TITLE}</h1><p class='subtitle'>{standfirst}</p></header><article>{paragraphs()}</article>"
    assert chosen(page) == [standfirst, *PARAGRAPHS]


def test_a_standfirst_is_known_by_the_pages_own_description():
    standfirst = "Two years late, lorries may cross again"
    page = f"<div><h1>{TITLE}</h1></div><div>{standfirst}</div><article>{paragraphs()}</article>"
    assert chosen(page, description=standfirst) == [standfirst, *PARAGRAPHS]


def test_a_byline_and_a_date_under_the_headline_are_no_standfirst():
    page = f"<h1>{TITLE}</h1><p>By Jane Doe</p><p>2 March 2026, 9:30</p><article>{paragraphs()}</article>"
    assert chosen(page) == PARAGRAPHS


def test_the_headline_is_no_part_of_the_text():
    assert chosen(f"<article><h1>{TITLE}</h1>{paragraphs()}</article>", [TITLE, *PARAGRAPHS]) == PARAGRAPHS


def test_a_quote_pulled_out_of_the_text_is_said_once():
    quote = "followed by a brass band and most of the pupils of the harbour school"
    page = f"<article>{paragraphs()}<div><div>{quote}</div></div><p>Ships hooted.</p></article>"
    assert chosen(page, [*PARAGRAPHS, quote, "Ships hooted."]) == [*PARAGRAPHS, "Ships hooted."]


def test_a_copy_elsewhere_on_the_page_is_not_taken_twice():
    page = f"<article>{paragraphs()}</article><aside><div>{PARAGRAPHS[0]}</div></aside>"
    assert chosen(page) == PARAGRAPHS


def test_crumbs_outside_the_storys_place_go():
    page = f"<main><article>{paragraphs()}</article></main><div><div>Harbour shop</div></div>"
    assert chosen(page, [*PARAGRAPHS, "Harbour shop"]) == PARAGRAPHS


def test_the_rest_of_a_named_body_is_found_behind_an_introduction_of_its_own():
    intro, body = (f"<p>{PARAGRAPHS[0]}</p>", "".join(f"<p>{text}</p>" for text in PARAGRAPHS[1:]))
    page = f"<main><div class='intro'>{intro}</div><div class='article-body'>{body}</div></main>"
    assert chosen(page, PARAGRAPHS[:1]) == PARAGRAPHS


def test_a_pages_own_body_decides_what_belongs():
    page = blocks(html.fromstring(f"<article>{paragraphs('A teaser for something else entirely')}</article>"))
    assert [block.text for block in confirmed(page, " ".join(PARAGRAPHS))] == PARAGRAPHS


def test_a_pages_own_body_that_is_an_excerpt_decides_nothing():
    page = blocks(html.fromstring(f"<article>{paragraphs('A teaser for something else')}</article>"))
    assert confirmed(page, PARAGRAPHS[0]) == page
