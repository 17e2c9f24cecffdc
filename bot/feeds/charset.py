"""Bytes to text: by byte order mark, header, declaration, and a look at the bytes. Pure."""

import codecs
import re

from charset_normalizer import from_bytes

# Where XML starts in the encodings whose ASCII has other bytes (XML 1.0 appendix F). The longer
# marks must be tried first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"{\0", "utf-16-le"),
    (b"\0{", "utf-16-be"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
_HEADER = re.compile(r"(?i)\bcharset\s*=\s*[\"']?([\w.:-]{1,40})")
_DECLARED = re.compile(rb"\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
_IN_PAGE = re.compile(rb"(?i)<meta\b[^>]{0,200}?\bcharset\s*=\s*[\"']?([\w.:-]{1,40})")
# What browsers read under these names (WHATWG Encoding): the wider sets of the same makers.
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
# Python has codecs that are no charsets (idna, punycode, unicode_escape), some of them quadratic; and a
# wide one cannot have let us read its own name.
_CHARSET = re.compile(
    r"utf-8$|iso8859|cp\d|koi8|kz1048|gb|hz|big5|euc_|shift_jis|iso2022|johab|mac-|ptcp154|tis"
)
_MANY_BYTES = re.compile(r"gb|hz|big5|euc_|shift_jis|iso2022|johab|cp9[345]")
# What is looked for when nothing stated fits; where several fit equally, as with a short text, the first.
_LIKELY = [
    *("cp1252", "cp1251", "koi8_r", "euc_jp", "cp932", "cp949", "gb18030", "big5"),
    *("cp1250", "cp1254", "cp1253", "cp1255", "cp1256", "cp874"),
]
_NOT_ASCII = re.compile(rb"[^\n<>]{0,60}[\x80-\xff][^\n<>]{0,200}")
_HIGH_BYTES = bytes(range(0x80, 0x100))
_MANY = 8  # a pair of GB 2312 looks like UTF-8 one time in nine; four pairs, one time in 6,000
_SAMPLE_BYTES = 8_192
_MOST_SCARS = 0.1  # of the characters beyond ASCII; more, and it was never UTF-8


def decode(body: bytes, content_type: str | None) -> str:
    """The text of `body`, whatever was claimed of it; what fits nothing becomes U+FFFD.

    The order is that of RFC 7303 section 3 (byte order mark, header, declaration), but bytes outrank
    words: text beyond ASCII that is valid UTF-8 is hardly ever anything else, and servers that stamp
    everything ISO-8859-1 are many.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace").removeprefix("\ufeff")
    stated = _stated(body, content_type)
    utf_8 = _strictly(body, "utf-8")
    for encoding in stated:
        # Some bytes of Chinese may pass for UTF-8, many never do; so for few the claim is tried first.
        if utf_8 is not None and (not _MANY_BYTES.match(encoding) or _has_many_high_bytes(body)):
            return utf_8
        if encoding != "utf-8" and (text := _strictly(body, encoding)) is not None:
            return text
    if utf_8 is not None:
        return utf_8
    return _scarred_utf_8(body) or body.decode(_detected(body), "replace")


def _stated(body: bytes, content_type: str | None) -> list[str]:
    header = _HEADER.search(content_type or "")
    declared = _DECLARED.match(body) or _IN_PAGE.search(body[:1_024])
    labels = [header[1] if header else "", declared[1].decode("ascii", "replace") if declared else ""]
    return [encoding for label in labels if (encoding := _charset(label))]


def _charset(label: str) -> str | None:
    try:
        name = codecs.lookup(label.strip()).name if label else ""
    except (LookupError, ValueError):  # ValueError: a NUL in it
        return None
    return _MEANT.get(name, name) if _CHARSET.match(name) else None


def _strictly(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _has_many_high_bytes(body: bytes) -> bool:
    return not body.isascii() and len(body) - len(body.translate(None, _HIGH_BYTES)) >= _MANY


def _scarred_utf_8(body: bytes) -> str | None:
    """UTF-8 with some cut or foreign characters, as clipped descriptions have; None if it is not that."""
    text = body.decode("utf-8", "replace")
    scars = text.count("\ufffd")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return text if scars < _MOST_SCARS * beyond_ascii else None


def _detected(body: bytes) -> str:
    sample = b"\n".join(_NOT_ASCII.findall(body[: _SAMPLE_BYTES * 16]))[:_SAMPLE_BYTES]
    found = from_bytes(sample, cp_isolation=_LIKELY) if sample else ()
    fits = [
        (match.chaos, _LIKELY.index(encoding))
        for match in found
        for encoding in match.could_be_from_charset
        if encoding in _LIKELY
    ]
    return _LIKELY[min(fits)[1]] if fits else "cp1252"
