import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sentences import split, word_count


@pytest.mark.parametrize(
    "parts",
    [
        ["Mr. Smith met Dr. Jones in the U.S. Senate.", "They talked."],
        ["The U.S. won.", "The game ended at 5 p.m. Friday."],
        ["J. K. Rowling wrote it.", "It sold 3.5 million copies."],
        ["Harbour Inc. chief Ann Roe left on Jan. 5.", "Sen. Poe and Gov. Low stayed."],
        ["He paid $1.5 bn. for No. 10 St. Mary's Ave. and left."],
        ["“We won.”", "The crowd cheered."],
        ["“Why now?” Ann Roe asked on Monday.", "Nobody knew."],
        ["“The bridge is open. We are glad,” Roe said.", "Ferries ran."],
        ['"One. Two," Roe said.', '"Three."'],
        ["What?!", "It closed."],
        ["It went on ... and on.", "Then it stopped…", "Nobody minded."],
        ["Am 3. Mai tagt der Rat.", "Es geht um z.B. Fähren."],
        ["„Wir sind offen. Kommen Sie“, sagte Roe.", "Die Fähre fuhr."],
        ["Elle a 12 ans.", "« C'est fini. On part », dit-elle."],
        ["It grew by 4.5%.", "iPhone sales rose."],
        ["A witness saw it (in part).", "Then it rained."],
        ["Her first love was art.", "Taking a risk, she left."],
        ["They sat in the sun.", "Scientists watched."],
        ["See Booking.com or Node.js for more."],
    ],
)
def test_sentences_end_where_a_reader_ends_them(parts):
    assert [s.text for s in split(" ".join(parts))] == parts


def test_cjk_stops_need_no_space():
    assert [s.text for s in split("港が再開した。船が出た！本当か？")] == [
        "港が再開した。",
        "船が出た！",
        "本当か？",
    ]


def test_a_line_break_is_always_a_border():
    assert [(s.text, s.paragraph) for s in split("A heading\n\nA line. Another.\r\nLast")] == [
        ("A heading", 0),
        ("A line.", 1),
        ("Another.", 1),
        ("Last", 2),
    ]


def test_bullets_are_left_out():
    assert [s.text for s in split("- One thing.\n• Two things.\n3) Three things.")] == [
        "One thing.",
        "Two things.",
        "Three things.",
    ]


@given(st.text())
def test_each_span_holds_its_sentence_and_they_follow_each_other(text):
    end = 0
    for sentence in split(text):
        assert text[sentence.start : sentence.end] == sentence.text
        assert sentence.start >= end
        assert sentence.text == sentence.text.strip() != ""
        end = sentence.end


@given(
    st.lists(
        st.sampled_from(["Mr. Roe", ". ", '"', "“", "”", "„", "? ", "port", " The", "\n", "…", "3.", "U.S."])
    )
)
def test_no_letter_is_lost(pieces):
    text = "".join(pieces)
    kept = "".join(s.text for s in split(text))
    assert [c for c in kept if c.isalnum()] == [c for c in text if c.isalnum()]


@pytest.mark.parametrize(
    ("text", "expected"), [("", 0), ("Two words.", 2), ("港が再開した", 3), ("NATO は 港", 2)]
)
def test_words_are_counted_in_any_script(text, expected):
    assert word_count(text) == expected


def test_a_decimal_at_the_end_ends_its_sentence():
    text = "The rules allow 1.5. Tree trunks have passed the finish."
    assert [one.text for one in split(text)] == [
        "The rules allow 1.5.",
        "Tree trunks have passed the finish.",
    ]
