"""Memory stays bounded, and markup means what Telegram means by it."""

import pytest

from bot.playground.markup import Entity, parse, plain
from bot.playground.residents import MAX_MESSAGES
from bot.playground.world import World


def test_a_chat_keeps_its_newest_messages_only():
    world = World(people=("Ada",))
    ada = next(iter(world.people))
    for number in range(MAX_MESSAGES + 5):
        world.say(ada, ada, f"message {number}")
    kept = world.chats[ada].messages
    assert (len(kept), min(kept), max(kept)) == (MAX_MESSAGES, 6, MAX_MESSAGES + 5)


def test_half_a_surrogate_pair_is_a_question_mark():
    world = World(people=("Ada",))
    ada = next(iter(world.people))
    assert world.say(ada, ada, "ferry \ud83d").body.text == "ferry ?"
    assert world.add_person("\udea2").name == "?"


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<b>bold</b> plain", "bold plain", [Entity("bold", 0, 4)]),
        ("🚢 <i>x</i>", "🚢 x", [Entity("italic", 3, 1)]),
        ("  <b>in</b>  ", "in", [Entity("bold", 0, 2)]),
        ("a &lt; b &amp; c &nbsp;", "a < b & c &nbsp;", []),
        ("<a href='https://x.example/?a=1&amp;b=2'>x</a>", "x", [Entity("text_link", 0, 1, url="https://x.example/?a=1&b=2")]),
        ("<a href='nowhere'>x</a>", "x", []),
        ("<code>/start</code>", "/start", [Entity("code", 0, 6)]),
        ('<pre><code class="language-sql">x</code></pre>', "x", [Entity("pre", 0, 1, language="sql")]),
        ("<blockquote expandable>q</blockquote>", "q", [Entity("expandable_blockquote", 0, 1)]),
        ("<span class=tg-spoiler>s</span><tg-spoiler>t</tg-spoiler>", "st", [Entity("spoiler", 0, 1), Entity("spoiler", 1, 1)]),
        ("<B>x</>", "x", [Entity("bold", 0, 1)]),
        ("<b><i>x</i>y</b>", "xy", [Entity("bold", 0, 2), Entity("italic", 0, 1)]),
        ("see /help_me now", "see /help_me now", [Entity("bot_command", 4, 8)]),
    ],
)  # fmt: skip
def test_html_becomes_text_and_entities(source, text, entities):
    marked = parse(source)
    assert (marked.text, list(marked.entities)) == (text, entities)


def test_bare_text_shows_commands_mentions_and_links_counted_in_utf16():
    marked = plain("🚢🚢 /help@NeedToKnowBot a/b @ada_1 https://x.example/y.")
    found = [(one.kind, one.offset, one.length) for one in marked.entities]
    assert found == [("bot_command", 5, 19), ("mention", 29, 6), ("url", 36, 19)]
