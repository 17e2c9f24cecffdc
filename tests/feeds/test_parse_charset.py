import pytest

from bot.feeds.charset import decode
from bot.feeds.parse import parse

URL = "https://example.com/feed"
RUSSIAN = "Правительство объявило о новых мерах поддержки"
FRENCH = "Les élèves français s’inquiètent"
CHINESE = "新华社北京电 记者报道今日新闻"
JAPANESE = "日本語のニュース記事です"
KOREAN = "한국어 뉴스 기사입니다"


def feed(title, encoding, *, declared=None):
    prolog = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    return f'{prolog}<rss version="2.0"><channel><item><title>{title}</title></item></channel></rss>'.encode(
        encoding
    )


def title(body, content_type=None):
    return parse(body, URL, content_type).entries[0].title


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        (CHINESE, "gb2312"),
        (CHINESE, "big5hkscs"),
        (JAPANESE, "euc-jp"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "iso-2022-jp"),
        (KOREAN, "euc-kr"),
        ("Gęś i żółw", "iso-8859-2"),
        ("Türkiye'de güneş", "iso-8859-9"),
        (FRENCH, "windows-1252"),
        (FRENCH, "utf-8"),
    ],
)
def test_header_and_declaration_are_both_heeded(text, encoding):
    if encoding == "big5hkscs":
        text = "新聞報導"
    assert title(feed(text, encoding), f"text/xml; charset={encoding}") == text
    assert title(feed(text, encoding, declared=encoding)) == text
    assert title(feed(text, encoding, declared="utf-8"), f'application/rss+xml; charset="{encoding}"') == text


def test_a_byte_order_mark_outranks_all():
    assert title(feed(RUSSIAN, "utf-8-sig", declared="iso-8859-1"), "text/xml; charset=koi8-r") == RUSSIAN
    assert title(feed(RUSSIAN, "utf-16", declared="utf-8"), "text/xml; charset=utf-8") == RUSSIAN


def test_the_header_outranks_the_declaration():
    assert title(feed(RUSSIAN, "koi8-r", declared="windows-1251"), "text/xml; charset=koi8-r") == RUSSIAN


@pytest.mark.parametrize(
    "claim", ["iso-8859-1", "us-ascii", "windows-1251", "gb2312", "utf-16", "idna", "nonsense"]
)
@pytest.mark.parametrize("text", [RUSSIAN, FRENCH, JAPANESE])
def test_utf_8_is_read_whatever_is_claimed(claim, text):
    assert title(feed(text, "utf-8", declared=claim)) == text
    assert title(feed(text, "utf-8"), f"text/xml; charset={claim}") == text


@pytest.mark.parametrize("claim", ["iso-8859-1", "us-ascii", "latin1"])
def test_iso_8859_1_is_windows_1252_as_in_browsers(claim):
    assert title(feed(FRENCH, "cp1252", declared=claim)) == FRENCH


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Anaïs Jürgen", "latin-1"),
        (FRENCH, "cp1252"),
        ("Überprüfung der Straßenbahn in München", "cp1252"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (CHINESE, "gb18030"),
        (JAPANESE, "euc-jp"),
        (JAPANESE, "shift_jis"),
        (KOREAN, "euc-kr"),
        ("Η κυβέρνηση ανακοίνωσε νέα μέτρα", "cp1253"),
    ],
)
@pytest.mark.parametrize("declared", ["utf-8", None])
def test_bytes_that_are_not_what_was_declared_are_looked_at(text, encoding, declared):
    assert title(feed(text, encoding, declared=declared)) == text


def test_a_cut_character_does_not_cost_the_others():
    body = feed(RUSSIAN, "utf-8").replace("мерах".encode(), "мера".encode() + b"\xd1")
    assert title(body) == RUSSIAN.replace("мерах", "мера\ufffd")


@pytest.mark.parametrize("reference", ["&#146;", "&#x92;", "\x92"])
def test_what_windows_1252_has_among_the_controls_is_meant(reference):
    assert title(feed(f"it{reference}s", "utf-8")) == "it’s"


def test_utf_8_that_was_taken_for_latin_1_is_mended():
    assert title(feed("Nîmes café", "utf-8").decode("latin-1").encode()) == "Nîmes café"


def test_any_bytes_become_text():
    assert decode(bytes(range(256)), "text/xml; charset=\0") is not None
    assert decode(b"", None) == ""
