from lxml import html

from bot.articles.blocks import blocks


def texts(page):
    return [block.text for block in blocks(html.fromstring(page))]


def test_each_paragraph_heading_and_item_is_a_block_in_reading_order():
    page = "<div><h2>Port</h2><p>It <b>re</b>opened.</p><ul><li>One</li><li>Two</li></ul>tail</div>"
    assert texts(page) == ["Port", "It reopened.", "One", "Two", "tail"]


def test_what_no_reader_sees_is_no_block():
    page = "<div><script>x()</script><p>Seen.</p><nav>Home</nav><figcaption>A crane</figcaption></div>"
    assert texts(page) == ["Seen."]


def test_the_text_behind_a_comment_or_a_hidden_element_stays():
    assert texts("<p>The port<!-- ad --> re<svg>x</svg>opened.</p>") == ["The port reopened."]


def test_two_line_breaks_part_paragraphs_and_one_does_not():
    assert texts("<p>The port<br>reopened<br><br>Ships came</p>") == ["The port reopened", "Ships came"]


def test_a_line_break_behind_a_sentence_parts_paragraphs():
    assert texts("<p>The port reopened.<br>Ships came.</p>") == ["The port reopened.", "Ships came."]


def test_a_block_knows_how_much_of_it_is_link():
    page = '<div><p><a href="x">All of it</a></p><p>half <a href="x">half</a></p><p>none</p></div>'
    assert [round(block.linked, 1) for block in blocks(html.fromstring(page))] == [1.0, 0.4, 0.0]


def test_a_block_knows_its_element():
    heading, item = blocks(html.fromstring("<div><h3>Port</h3><ul><li>One</li></ul></div>"))
    assert (heading.tag, heading.heading, item.tag, item.heading) == ("h3", True, "li", False)


def test_a_hundred_thousand_line_breaks_are_walked_in_one_pass():
    assert len(blocks(html.fromstring("<p>" + "a<br>" * 100_000 + "</p>"))) == 1
