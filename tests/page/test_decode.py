"""Bytes become text once, in the right encoding, and never an exception."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.page.decode import decode, is_binary

CHINESE = "新闻中心：大使说，两国之间的贸易去年增长了百分之十二，主要是葡萄酒和木材。"
RUSSIAN = "Городской совет утвердил ремонт моста, движение закроют до конца сентября."
JAPANESE = "市立図書館は来週から夏の読書会を始めます。参加は無料で、申し込みは窓口で受け付けます。"
KOREAN = "시립 도서관은 다음 주부터 여름 독서 모임을 시작합니다. 참가비는 없습니다."


def page(text: str, charset: str) -> bytes:
    return f'<html><head><meta charset="{charset}"><title>x</title></head><body><p>{text}</p></body></html>'.encode(charset)


@pytest.mark.parametrize(
    ("bom", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides_and_is_no_part_of_the_text(bom: bytes, encoding: str) -> None:
    """A page with a byte-order mark is read in its encoding, whatever header or meta tag say."""
    assert decode(bom + CHINESE.encode(encoding), charset="iso-8859-1") == CHINESE


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (CHINESE, "gb18030"),
        (CHINESE, "gbk"),
        (CHINESE, "gb2312"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc-jp"),
        (KOREAN, "euc-kr"),
        ("Škola přírodních věd", "iso-8859-2"),
        ("Öffnungszeiten für Gäste", "iso-8859-1"),
    ],
)
def test_the_meta_tag_names_the_encoding(text: str, charset: str) -> None:
    """A page that is not UTF-8 is read as its meta tag says."""
    assert text in (decode(page(text, charset)) or "")


@pytest.mark.parametrize(("text", "charset"), [(CHINESE, "gb18030"), (RUSSIAN, "cp1251"), (JAPANESE, "shift_jis")])
def test_the_charset_of_the_header_names_the_encoding_where_the_page_is_silent(text: str, charset: str) -> None:
    """`Page(charset=…)`, as HTTP gave it, is used where the bytes are not UTF-8."""
    assert decode(text.encode(charset), charset) == text


def test_a_charset_read_as_its_superset_keeps_the_characters_of_the_superset() -> None:
    """gb2312 is read as gb18030 and iso-8859-1 as windows-1252, as browsers do (WHATWG Encoding)."""
    assert "镕" in (decode('<meta charset="gb2312"><p>朱镕基</p>'.encode("gb18030")) or "")
    assert "€ “" in (decode('<meta charset="iso-8859-1"><p>50 € “gut”</p>'.encode("cp1252")) or "")


def test_valid_utf8_is_read_as_such_under_a_wrong_meta_tag() -> None:
    """A wrong meta tag is commoner than text that is valid UTF-8 by chance."""
    body = f'<meta charset="iso-8859-1"><p>{CHINESE}</p>'.encode()
    assert CHINESE in (decode(body) or "")


def test_an_unknown_charset_is_passed_over() -> None:
    """A charset that nobody knows costs nothing: the page is still read."""
    assert RUSSIAN in (decode(f'<meta charset="cp1251"><p>{RUSSIAN}</p>'.encode("cp1251"), charset="x-no-such-thing") or "")


@pytest.mark.parametrize("missing", [1, 2])
def test_utf8_cut_inside_a_character_loses_that_character_alone(missing: int) -> None:
    """A page cut by a byte limit stays UTF-8 and is not taken for another encoding."""
    text = decode(CHINESE.encode()[:-missing])
    assert text is not None
    assert text.startswith(CHINESE[:-1])
    assert text[len(CHINESE) - 1 :].strip("\ufffd") == ""


def test_nul_bytes_are_replaced_and_the_rest_is_kept() -> None:
    """0x00 bytes in a page neither end it nor reach the parser."""
    assert decode(b"<p>before\x00after</p>") == "<p>before\ufffdafter</p>"


@pytest.mark.parametrize(
    "start",
    [
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a\x01\x00",
        b"%PDF-1.7\n",
        b"PK\x03\x04\x14\x00",
        b"\x1f\x8b\x08\x00",
        b"\x7fELF\x02\x01",
        b"7z\xbc\xaf\x27\x1c",
    ],
)
def test_images_archives_and_programs_are_no_text(start: bytes) -> None:
    """A JPEG named .html is told by its first bytes."""
    body = start + bytes(range(256)) * 8
    assert is_binary(body)
    assert decode(body) is None


def test_bytes_full_of_control_characters_are_no_text() -> None:
    """Binary data without a known signature is no text either."""
    assert decode(bytes(range(32)) * 200) is None


@given(
    st.binary(max_size=400), st.sampled_from([None, "utf-8", "gbk", "cp1251", "utf-16", "idna", "unicode_escape", "hex", "punycode", "x"])
)
def test_no_bytes_and_no_charset_raise(body: bytes, charset: str | None) -> None:
    """Whatever comes in, text or None comes out, and the text can be encoded again."""
    text = decode(body, charset)
    assert text is None or "\x00" not in text
    assert text is None or text.encode("utf-8") is not None


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=200).filter(lambda text: not text.startswith("\ufeff")))
def test_utf8_round_trips(text: str) -> None:
    """Valid UTF-8 comes out as it went in."""
    body = ("<p>" + text).encode()
    assert decode(body) == "<p>" + text


@pytest.mark.parametrize("name", ["punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7", "U7", "rot13", "zip"])
def test_codecs_that_are_no_charset_are_not_used(name: str) -> None:
    """A page may name any codec that Python has; those that unescape, take quadratic time or hide markup are read as if it were unknown."""
    body = b"caf\xe9 +ADw-b+AD4- \\u0041 " * 9 + b"-" + b"abc" * 50_000
    read = decode(body, name)
    assert read in (decode(body, None), decode(body, "no-such-charset")) and read is not None and "+ADw-b+AD4- \\u0041" in read
