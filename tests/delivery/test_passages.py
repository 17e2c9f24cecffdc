"""What the Sources button shows: each sentence, and the very words that it rests on."""

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.passages import passages
from bot.model import Digest, Evidence, Source
from tests.delivery.test_render import TEXTS, check, letters

BBC = Evidence(0, 0, 40, 7, "BBC News", "https://bbc.example/dam", "The dam at Northport has\nheld, it says.")
POST = Evidence(1, 0, 40, 8, "The Harbour Post", None, "Engineers <look> at the wall.")
DIGEST = Digest(
    headline="The dam holds",
    need_to_know=("The dam at Northport holds.",),
    details=("Nobody knows why.",),
    next=("Engineers look at the wall.",),
    model="lead",
    evidence=((BBC, POST), (), (POST,)),
)


def test_each_sentence_stands_over_outlet_and_passage():
    (message,) = passages(DIGEST)
    assert (
        message.html
        == """<b>Where each sentence comes from</b>

<b>The dam at Northport holds.</b>
<a href="https://bbc.example/dam">BBC News</a>:
<blockquote>The dam at Northport has held, it says.</blockquote>
The Harbour Post:
<blockquote>Engineers &lt;look&gt; at the wall.</blockquote>

<b>Engineers look at the wall.</b>
The Harbour Post:
<blockquote>Engineers &lt;look&gt; at the wall.</blockquote>"""
    )
    check([message])


def test_a_sentence_that_is_its_sources_own_stands_there_once():
    own = Evidence(0, 0, 40, 7, "BBC News", None, "The dam at Northport\n holds.")
    (message,) = passages(Digest("H", DIGEST.need_to_know, (), (), "lead", evidence=((own, POST),)))
    assert message.plain.count("The dam at Northport holds.") == 1
    assert (
        "\n\nBBC News:\n<blockquote>The dam at Northport holds.</blockquote>\nThe Harbour Post:"
        in message.html
    )


def test_quotations_that_follow_each_other_name_their_source_once():
    own = [Evidence(0, 0, 9, 7, "BBC News", None, f"Sentence {n}.") for n in range(3)]
    other = Evidence(1, 0, 9, 8, "The Harbour Post", None, "Sentence 3.")
    told = tuple(f"Sentence {n}." for n in range(4))
    (message,) = passages(Digest("H", told, (), (), "lead", evidence=(*((one,) for one in own), (other,))))
    assert message.plain.count("BBC News:") == 1
    assert message.plain.endswith("\nSentence 2.\n\nThe Harbour Post:\nSentence 3.")


def test_the_sentences_where_sources_differ_have_their_passages_too():
    digest = Digest("H", (), (), (), "lead", evidence=((BBC, POST),), differ=("BBC says 2, the Post 3.",))
    (message,) = passages(digest)
    assert "<b>BBC says 2, the Post 3.</b>\n" in message.html


def test_a_long_passage_is_clipped_and_many_are_counted():
    many = tuple(Evidence(n, 0, 9, n, f"Outlet {n}", None, "word " * 500) for n in range(5))
    digest = Digest("H", ("It holds.",), (), (), "lead", evidence=(many,))
    (message,) = passages(digest)
    assert message.plain.count("…") == 3
    assert message.plain.endswith("and 2 more")


def test_a_long_list_is_several_messages():
    sentences = tuple(f"Sentence {n} of the digest." for n in range(20))
    long = Evidence(0, 0, 9, 1, "BBC News", None, "word " * 70)
    messages = passages(Digest("H", sentences, (), (), "lead", evidence=((long,),) * 20))
    assert len(messages) == 2
    check(messages)


def test_without_passages_the_sources_stand_alone():
    digest = Digest(
        "H",
        ("It holds.",),
        (),
        (),
        "lead",
        evidence=((Evidence(0, 0, 9),),),  # from before passages were kept
        sources=(Source("BBC News", "Dam holds", "https://bbc.example/dam"), Source("Reuters", "", None)),
    )
    (message,) = passages(digest)
    assert message.plain == "What this alert rests on\nBBC News: Dam holds\nReuters"


def test_where_nothing_is_known_nothing_is_said():
    assert passages(Digest("H", ("It holds.",), (), (), "lead")) == []


EVIDENCE = st.builds(Evidence, st.just(0), st.just(0), st.just(9), st.none(), TEXTS, st.none() | TEXTS, TEXTS)


@given(
    st.lists(st.tuples(TEXTS, st.lists(EVIDENCE, min_size=1, max_size=3).map(tuple)), min_size=1, max_size=9)
)
def test_any_evidence_is_whole_messages_with_every_outlet(found):
    sentences, evidence = zip(*found, strict=True)
    shown = check(passages(Digest("H", sentences, (), (), "lead", evidence=evidence)))
    for one in (one for some in evidence for one in some):
        assert letters(one.outlet) in shown
