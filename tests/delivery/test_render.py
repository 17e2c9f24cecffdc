"""What an alert looks like, and that no cut loses a word or breaks a tag."""

from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.delivery.render import LIMIT, Message, Piece, alert, pack, units
from bot.model import Digest, Match, Source

DIGEST = Digest(
    headline="The dam holds",
    need_to_know=("The dam at Northport holds.", "The river is falling."),
    details=("Two of three gates were opened.", "200 people left their homes."),
    next=("Engineers look at the wall on Friday.",),
    model="lead",
    sources=(
        Source("BBC News", "Dam holds", "https://bbc.example/dam?a=1&b=2"),
        Source("The Harbour Post", "Dam safe", None),
    ),
    differ=("BBC News says 200 people left; The Harbour Post says 250.",),
    independent=2,
)


class Reader(HTMLParser):
    """Reads a message as Telegram does: the tags it knows, closed in order; and the words between."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.visible = [], ""

    def handle_starttag(self, tag, attrs):
        assert tag in {"b", "i", "a", "blockquote"}
        assert [name for name, _ in attrs] == (["href"] if tag == "a" else [])
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.visible += data


def visible(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader.visible


def letters(text):
    return "".join(text.split())


def check(messages, *, limit=LIMIT):
    """Whole HTML, no message too long, the plain form the same words; returns all that is read."""
    for message in messages:
        shown = visible(message.html)
        assert shown == message.plain
        assert 0 < units(shown) <= limit
        assert len(shown.encode("utf-16-le")) == 2 * units(shown)
    return "".join(letters(message.plain) for message in messages)


def test_an_alert_has_its_form():
    (message,) = alert(DIGEST, [Match("dam AND northport", ("dam", "Northport"))])
    assert (
        message.html
        == """<b>The dam holds</b>

<b>What You Need to Know</b>
The dam at Northport holds. The river is falling.

<b>The Details</b>
• Two of three gates were opened.
• 200 people left their homes.

<b>Where sources differ</b>
• BBC News says 200 people left; The Harbour Post says 250.

<b>What’s Next</b>
• Engineers look at the wall on Friday.

<i>Matched: dam, Northport (your filter: dam AND northport)</i>
Sources (2 independent): <a href="https://bbc.example/dam?a=1&amp;b=2">BBC News</a> · The Harbour Post"""
    )
    check([message])


def test_a_section_with_nothing_to_say_is_not_there():
    bare = Digest("The dam holds", ("It holds.",), (), (), "lead")
    assert alert(bare) == [
        Message(
            "<b>The dam holds</b>\n\n<b>What You Need to Know</b>\nIt holds.",
            "The dam holds\n\nWhat You Need to Know\nIt holds.",
        )
    ]


def test_a_headline_alone_is_an_alert():
    assert alert(Digest("The dam holds", (), (), (), "lead")) == [
        Message("<b>The dam holds</b>", "The dam holds")
    ]


def test_an_empty_headline_leaves_no_empty_tag():
    (message,) = alert(Digest("", ("It holds.",), (), (), "lead"))
    assert message.html == "<b>What You Need to Know</b>\nIt holds."


def test_a_filter_that_is_its_own_word_is_not_said_twice():
    (message,) = alert(DIGEST, [Match("dam", ("Dam",))])
    assert "<i>Matched: Dam</i>" in message.html
    assert "your filter" not in message.html


@pytest.mark.parametrize(
    ("filter_text", "terms", "said"),
    [
        ("topic:economy", ("topic:economy",), "topic economy"),
        ('source:"Strait Wire"', ("source:strait wire",), 'source:"Strait Wire"'),
        ('dam source:"Strait Wire"', ("Dams", "source:strait wire"), None),
        ('about:"burst dams"', ('about:"burst dams" (52 %)',), 'about:"burst dams" (52 %)'),
    ],
)
def test_what_the_filter_says_itself_is_said_once_and_as_it_was_typed(filter_text, terms, said):
    (message,) = alert(DIGEST, [Match(filter_text, terms)])
    said = said or f"Dams (your filter: {filter_text})"
    assert f"\n\nMatched: {said}\n" in message.plain


def test_many_filters_and_words_are_said_once_each_and_not_without_end():
    matches = [Match(f"filter {n % 2}", (f"word{n}", "dam")) for n in range(20)]
    (message,) = alert(DIGEST, matches)
    assert "Matched: word0, dam, word1, word2, word3, word4, word5, word6 (your filters: " in message.plain
    assert message.plain.count("filter 0") == 1
    assert "word7" not in message.plain


def test_what_looks_like_markup_is_text():
    odd = Digest("<b>AT&T</b> & 3 < 5", ("a < b && b > c",), ("</i>",), ("&amp;",), "lead")
    (message,) = alert(odd, [Match('"<x>"', ("<x>",))])
    assert message.html.startswith("<b>&lt;b&gt;AT&amp;T&lt;/b&gt; &amp; 3 &lt; 5</b>")
    assert "• &amp;amp;" in message.html
    check([message])


def test_a_link_cannot_break_out_of_its_tag():
    url = 'https://a.example/?q="><b>x</b>&y=1'
    digest = Digest("H", (), (), (), "lead", sources=(Source("<BBC>", "T", url),))
    (message,) = alert(digest)
    assert message.plain == "H\nSource: <BBC>"
    check([message])


@pytest.mark.parametrize("url", ["https://a.example/dam", None])
def test_a_source_read_from_its_summary_says_so_in_both_forms(url):
    source = Source("BBC News", "Dam holds", url, bare=True)
    (message,) = alert(Digest("H", (), (), (), "lead", sources=(source,)))
    assert message.plain == "H\nSource: BBC News (from the feed’s summary)"
    check([message])


def test_a_copy_is_no_second_witness_and_says_whose_it_is():
    sources = (
        Source("The Bay", "Dam holds", "https://bay.example/1", bare=True, copy_of="Reuters"),
        Source("Reuters", "Dam holds", "https://reuters.example/1"),
    )
    (message,) = alert(Digest("H", (), (), (), "lead", sources=sources, independent=1))
    said = "Sources (1 independent): Reuters · The Bay (copy of Reuters, from the feed’s summary)"
    assert message.plain == f"H\n{said}"
    check([message])


def test_sources_that_were_never_counted_are_given_no_number():
    sources = (Source("The Bay", "T", None), Source("Reuters", "T", None))
    (message,) = alert(Digest("H", (), (), (), "lead", sources=sources))
    assert message.plain == "H\nSources: The Bay · Reuters"


def test_many_sources_end_in_a_number():
    sources = tuple(Source(f"Outlet {n}", "T", f"https://a.example/{n}") for n in range(11))
    (message,) = alert(Digest("H", (), (), (), "lead", sources=sources))
    assert message.plain.endswith("Outlet 7 and 3 more")


def test_emoji_count_twice_as_telegram_counts_them():
    assert [units(text) for text in ("", "a", "é", "水", "🚨", "👩‍🚒")] == [0, 1, 1, 1, 2, 5]
    sentences = tuple("🚨" * 100 + "." for _ in range(30))
    messages = alert(Digest("🚨", sentences, (), (), "lead"))
    assert len(messages) == 2
    assert "".join(sentences) in check(messages)


def test_a_long_alert_is_cut_between_sentences():
    sentences = tuple(f"Sentence {n} says what happened at the dam on that day." for n in range(200))
    messages = alert(Digest("The dam holds", (), sentences, (), "lead"))
    assert len(messages) == 3
    for message in messages[1:]:
        assert message.plain.startswith("• Sentence ")
    for message in messages:
        assert message.plain.endswith("that day.")
    check(messages)


def test_one_giant_sentence_is_cut_between_words():
    giant = "riverbank " * 1500 + "end."
    messages = alert(Digest("The dam holds", (giant,), (), (), "lead"))
    assert len(messages) == 5
    assert check(messages).endswith(letters(giant))
    assert {word for message in messages[1:] for word in message.plain.split()} == {"riverbank", "end."}


def test_one_giant_word_is_cut_where_it_must_be():
    messages = alert(Digest("水" * 10_000, (), (), (), "lead"))
    assert [units(message.plain) for message in messages] == [4096, 4096, 1808]
    assert all(message.html.startswith("<b>") for message in messages)
    assert check(messages) == "水" * 10_000


def test_a_message_of_just_the_limit_is_one():
    text = "x" * LIMIT
    assert pack([Piece(text)]) == [Message(text, text)]
    assert len(pack([Piece(text + "x")])) == 2
    assert len(pack([Piece(text), Piece("y")])) == 2


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)
TEXTS = st.lists(WORDS, min_size=1, max_size=12).map(" ".join).map(str.strip).filter(bool)
LONG = st.builds(lambda text, times: " ".join([text] * times), TEXTS, st.integers(1, 120))
TAGS = st.sampled_from([("", ""), ("<b>", "</b>"), ("<i>", "</i>"), ('<a href="x">', "</a>")])
PIECES = st.builds(
    lambda text, tag, glue, tail: Piece(text, *tag, glue=glue, tail=tail),
    TEXTS,
    TAGS,
    st.sampled_from([" ", "\n", "\n\n", ""]),
    st.sampled_from(["", "", " (a & b)"]),
)


@given(st.lists(PIECES, max_size=30), st.integers(20, 300))
@example([Piece("x" * 25, '<a href="x">', "</a>", tail=" (a & b)")], 20)
def test_however_it_is_cut_no_word_is_lost_and_no_tag_is_torn(pieces, limit):
    found = check(pack(pieces, limit=limit), limit=limit)
    assert found == "".join(letters(piece.text + piece.tail) for piece in pieces)


@given(
    st.builds(
        Digest,
        headline=TEXTS,
        need_to_know=st.lists(LONG, max_size=4).map(tuple),
        details=st.lists(LONG, max_size=6).map(tuple),
        next=st.lists(LONG, max_size=3).map(tuple),
        differ=st.lists(LONG, max_size=2).map(tuple),
        independent=st.integers(0, 3),
        model=st.just("lead"),
        sources=st.lists(st.builds(Source, TEXTS, TEXTS, st.none() | TEXTS, st.booleans()), max_size=10).map(
            tuple
        ),
    ),
    st.lists(st.builds(Match, TEXTS, st.lists(TEXTS, max_size=3).map(tuple)), max_size=4),
)
def test_any_digest_is_whole_messages_with_all_its_sentences(digest, matches):
    found = check(alert(digest, matches))
    for sentence in (digest.headline, *digest.sentences):
        assert letters(sentence) in found
