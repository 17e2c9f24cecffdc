import pytest
from lxml import html

from bot.articles.blocks import blocks
from bot.articles.furniture import cut, names

STORY = "".join(
    f"<p>Sentence {n} of the story about the port and its ships, told at length.</p>" for n in range(8)
)


def shown(furniture):
    tree = html.fromstring(f"<html><body><main><h1>Port</h1>{STORY}{furniture}</main></body></html>")
    cut(tree)
    return " ".join(block.text for block in blocks(tree))


@pytest.mark.parametrize(
    "furniture",
    [
        '<div class="article__related-links"><p>FURNITURE</p></div>',
        '<div class="ArticleNewsletterBox"><p>FURNITURE</p></div>',
        '<p class="photo-credit">FURNITURE</p>',
        '<div id="shareBar">FURNITURE</div>',
        '<section data-testid="most-read"><p>FURNITURE</p></section>',
        '<div role="complementary">FURNITURE</div>',
        '<span class="visually-hidden">FURNITURE</span>',
        '<div class="author-bio"><p>FURNITURE</p></div>',
        '<figure><img src="a.png"><p>FURNITURE</p></figure>',
        '<div class="teaserbild media"><img src="a.png"><p>FURNITURE</p></div>',
        '<blockquote class="twitter-tweet"><p>FURNITURE</p></blockquote>',
        "<figcaption>FURNITURE</figcaption>",
        "<p hidden>FURNITURE</p>",
        '<p style="display: none">FURNITURE</p>',
    ],
)
def test_what_a_page_names_as_furniture_is_cut(furniture):
    assert "FURNITURE" not in shown(furniture)


@pytest.mark.parametrize(
    "kept",
    [
        '<p class="unrelatedness">KEPT</p>',
        '<p class="socialism">KEPT</p>',
        '<h2 class="widget-title">KEPT</h2>',
        "<figure><table><tr><td>KEPT</td></tr></table></figure>",
        '<div class="media"><p>KEPT</p></div>',
        '<p class="commentary">KEPT</p>',
    ],
)
def test_a_name_that_only_resembles_one_is_kept(kept):
    assert "KEPT" in shown(kept)


def test_what_holds_a_quarter_of_the_page_is_the_story_whatever_its_name():
    tree = html.fromstring(f'<html><body><div class="paywall share">{STORY}</div></body></html>')
    cut(tree)
    assert len(blocks(tree)) == 8


def test_what_holds_the_headline_is_kept():
    tree = html.fromstring(f'<html><body><div class="promo"><h1>Port</h1></div>{STORY}</body></html>')
    cut(tree)
    assert blocks(tree)[0].text == "Port"


def test_the_text_behind_furniture_stays():
    assert "KEPT" in shown('<p><span class="share">FURNITURE</span>KEPT</p>')


def test_names_part_camel_case():
    assert (
        names(html.fromstring('<p class="ArticleBody leadText" id="Main">x</p>'))
        == "article-body lead-text main"
    )


def test_ten_thousand_nested_or_repeated_names_are_weighed_in_one_pass():
    tree = html.fromstring(
        "<html><body>" + '<div class="related"><p>x</p>' * 10_000 + STORY + "</body></html>"
    )
    cut(tree)
    assert blocks(tree)
