"""Bytes to text, once, and never an exception.

Order: byte-order mark, then UTF-8 where the bytes are valid UTF-8 (a wrong meta tag is commoner than text that is valid UTF-8
by chance), then the HTTP charset, the meta tag, and last the candidates of BeautifulSoup's EncodingDetector.
"""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(rb"<meta[^<>]{0,300}?charset\s{0,20}=\s{0,20}[\"']?\s{0,20}([a-zA-Z0-9_:.-]{2,40})", re.IGNORECASE)
_META_REACH = 4096
# Encodings that pages name and Python spells otherwise, or that are read as their superset (WHATWG Encoding, labels).
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "big5": "big5hkscs",
}
# Codecs of Python's that are no page's charset: quadratic (punycode), of escapes, or left out by browsers because they hide markup (UTF-7).
_NO_CHARSETS = frozenset(("punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7"))
# Signatures of files that are no page, whatever they are called (first bytes; libmagic's database has the same).
_SIGNATURES = (
    b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF87a", b"GIF89a", b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"\x7fELF", b"BM\x00",
    b"\x00\x00\x01\x00", b"ID3", b"OggS", b"wOFF", b"wOF2", b"Rar!", b"7z\xbc\xaf", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"MZ\x90",
)  # fmt: skip
# Share of control characters above which a decoded text is no text. Honest pages have none.
_MAX_CONTROLS = 0.02
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\ufffd]")
_BAD_UTF8 = 0.002


def well_formed(text: str) -> str:
    """The text with half surrogate pairs replaced: they have no UTF-8 form, and the native libraries read UTF-8."""
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")
    return text


def is_binary(body: bytes) -> bool:
    """Whether the bytes are an image, archive or program by their signature."""
    return body.startswith(_SIGNATURES)


def decode(body: bytes, charset: str | None = None) -> str | None:
    """Text of `body`, or None when it is no text in any encoding. NUL bytes and lone errors are replaced."""
    if is_binary(body):
        return None
    text = _decoded(body, charset)
    bad = len(_CONTROLS.findall(text[:200_000]))
    if bad > max(8, _MAX_CONTROLS * min(len(text), 200_000)):
        return None
    return text.replace("\x00", "\ufffd")


def _decoded(body: bytes, charset: str | None) -> str:
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    repaired = body.decode("utf-8", "replace")
    meta = _META.search(body[:_META_REACH])
    declared = meta[1].decode("ascii") if meta else None
    says_utf8 = "utf" in (charset or declared or "utf").lower()
    if says_utf8 and repaired.count("\ufffd") <= max(4, _BAD_UTF8 * len(repaired)):
        return repaired
    for label in (charset, declared):
        decoded = _try(body, label)
        if decoded is not None:
            return decoded
    from bs4.dammit import EncodingDetector

    for guess in EncodingDetector(body[:100_000], is_html=True).encodings:
        if guess != "windows-1252":
            decoded = _try(body, guess)
            if decoded is not None:
                return decoded
    return body.decode("cp1252", "replace")


def _try(body: bytes, name: str | None) -> str | None:
    if not name or "utf-8" in name.lower() or "utf8" in name.lower():
        return None
    name = _SUPERSETS.get(name.lower(), name)
    try:
        # Where "<" is another byte (EBCDIC; UTF-16 has its mark) the scan before parsing would see no tags; browsers know none of these either.
        if codecs.lookup(name).name.replace("_", "-") in _NO_CHARSETS or "<".encode(name) != b"<":
            return None
        text = body.decode(name, "replace")
    except (LookupError, ValueError):
        return None
    return text if text.count("\ufffd") <= max(4, 0.01 * len(text)) else None
