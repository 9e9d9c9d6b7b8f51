"""What a stream without a name holds, told by its first bytes."""

from __future__ import annotations

import csv
import re

from detector.sources.item import Options
from detector.sources.row import has_pages

#: What a stream may hold besides a page.
JSONL, CSV, WARC, MHTML = "JSONL", "CSV", "a WARC archive", "MHTML"
# How packed streams begin: RFC 1952, RFC 8878, and the frame for its dictionary with which an archive of the IIPC's "WARC with zstd" may begin and
# that other readers skip.
GZIP, ZSTD, DICTIONARY = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x5d\x2a\x4d\x18"
# What no reader takes from a stream, with what to do: RFC 1952, RFC 8878 with the IIPC's dictionary frame, Apache Parquet.
_ELSEWHERE = (
    (GZIP, "packed with gzip", "unpack it first: gzip -dc"),
    (ZSTD, "packed with zstd", "unpack it first: zstd -dc"),
    (DICTIONARY, "packed with zstd", "unpack it first: zstd -dc"),
    (b"BZh9", "packed with bzip2", "unpack it first: bzip2 -dc"),
    (b"\xfd7zXZ\x00", "packed with xz", "unpack it first: xz -dc"),
    (b"PK\x03\x04", "packed as zip", "unpack it first: unzip -p"),
    (b"PAR1", "Parquet", "give it as a file named .parquet"),
)
# An array of objects, or an object over several lines.
_DOCUMENT = re.compile(rb"\s{0,64}(?:\[\s{0,64}\{|[\[{]\s{0,64}\Z)")
# How a row begins, whole or cut.
_ROW = re.compile(rb'\s{0,64}\{\s{0,64}(?:"|\}\s{0,64}\Z)')
# How browsers begin a saved page (Blink, Internet Explorer), and what RFC 2557 needs.
_MHTML = (b"From: <Saved by ", b'From: "Saved by ', b"MIME-Version:")
BOM = b"\xef\xbb\xbf"


def unreadable(start: bytes) -> str | None:
    """Why these bytes can only be read in another way, and in which; None if they can."""
    for magic, what, remedy in _ELSEWHERE:
        if start.startswith(magic):
            return f"is {what}; {remedy}"
    if _DOCUMENT.match(start.removeprefix(BOM)):
        return "is one JSON value, not an object a line; make it rows: jq -c '.[]' of an array, jq -c . of objects"
    return None


def kind_of(line: bytes, options: Options) -> str | None:
    """`JSONL`, `CSV`, `WARC` or `MHTML` by the first line that is not blank; None for a page."""
    line = line.removeprefix(BOM)
    if line.startswith(b"WARC/"):
        return WARC
    if line.startswith(_MHTML):
        return MHTML
    if _ROW.match(line):
        return JSONL
    return CSV if _is_header(line, options) else None


def _is_header(line: bytes, options: Options) -> bool:
    """A column for pages and one that says whose: one word alone may begin a text."""
    try:
        names = next(csv.reader([line[:1000].decode("utf-8", "ignore")]), [])
    except csv.Error:
        return False
    return has_pages(names, options) and any(options.column(name) in names for name in ("id", "url"))
