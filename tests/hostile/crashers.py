"""Inputs that once crashed, stalled or fooled something here, or are why a guard is there, by the file name under which they come again.

Made by code, as many are large. What stalls a parser by sheer number is in `test_stallers.py` and `test_tree_builders.py`.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import NamedTuple

PROSE = b"<p>" + b"The council agreed on Tuesday evening to repair the old bridge over the river. " * 9 + b"</p>"
DEPTH = 6_000


class Crasher(NamedTuple):
    """What it once broke, or would; what is said of it now (`judged`, `unreadable`, or a verdict's `partial` or `abstained`); its bytes."""

    broke: str
    said: str
    make: Callable[[], bytes]


def _row(**fields: object) -> bytes:
    return json.dumps({"html": PROSE.decode(), **fields}).encode() + b"\n"


def _warc(http: bytes) -> bytes:
    head = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.org/a\r\nContent-Type: application/http\r\n"
    return head + b"Content-Length: %d\r\n\r\n" % len(http) + http + b"\r\n\r\n"


def _answer(body: bytes, headers: bytes = b"Content-Type: text/html") -> bytes:
    return b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n\r\n" + body


def _nested_parts(depth: int) -> bytes:
    head = b"MIME-Version: 1.0\r\n"
    return head + b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (number, number) for number in range(depth))


_MANY_PARAMETERS = b'text/html; a="' + b";" * 200_000

CRASHERS: dict[str, Crasher] = {
    "codec-no-charset.html": Crasher(
        "Python has codecs that are no character set; one of them is no text encoding, and decoding with it raised",
        "judged",
        lambda: b'<meta charset="rot13">' + PROSE + b"\xff\xfe\xe9",
    ),
    "charset-of-tags.html": Crasher(
        "an encoding other than ASCII's hid the tags from the scan for depth", "over-limit", lambda: "".join(["<p>The council met. " * 20, "<div>" * DEPTH]).encode("utf-16")
    ),
    "drawing-hides-depth.html": Crasher(
        "a title in SVG has elements, which the scan took for text: the parser's depth had no limit",
        "over-limit",
        lambda: PROSE + b"<svg><title>" + b"<div>" * DEPTH,
    ),
    "ends-nothing.html": Crasher(
        "each end tag that ended nothing was taken off the depth, so that no page was too deep", "over-limit", lambda: PROSE + b"<div></x>" * 2 * DEPTH
    ),
    "json-ld-too-deep.html": Crasher(
        "JSON nested beyond Python's recursion limit, in the head of a page",
        "judged",
        lambda: b'<script type="application/ld+json">' + b"[" * 100_000 + b"</script>" + PROSE,
    ),
    "json-ld-long-number.html": Crasher(
        "Python refuses to read a whole number of more than 4,300 digits",
        "judged",
        lambda: b'<script type="application/ld+json">{"@type": ' + b"9" * 5_000 + b"}</script>" + PROSE,
    ),
    "scripts-that-write.html": Crasher(
        "each script that writes had a tree of 200 KB: 15,000 of them filled the memory",
        "over-limit",
        lambda: PROSE + b"<script>a.write('ab')</script>" * 300,
    ),
    "credits.html": Crasher(
        "each of thousands of outlets named was looked for in every block", "over-limit", lambda: PROSE + b"<p>Source: Reuters.</p>" * 20_000
    ),
    "photo-credits.txt": Crasher(
        "the same on the lines of a text",
        "over-limit",
        lambda: b"The council agreed on Tuesday evening to repair the old bridge. " * 5 + b"\nPhoto: AFP/Getty Images" * 20_000,
    ),
    "links-on-a-line.html": Crasher(
        "each of thousands of links in a block was held against each of its terms",
        "over-limit",
        lambda: PROSE + b"<p>" + b"<a href=//a.example/a>casino bonus</a> " * 20_000,
    ),
    "bad-address.jsonl": Crasher("an address with half a pair of brackets raised in urllib", "judged", lambda: _row(url="https://[example.org/a")),
    "half-a-pair.jsonl": Crasher(
        "JSON may hold half of a surrogate pair, which no UTF-8 has", "judged", lambda: _row(id="\ud83d", url="https://example.org/\ud83d", html=PROSE.decode() + "\ud83d")
    ),
    "too-deep.jsonl": Crasher("a row nested beyond Python's recursion limit", "unreadable", lambda: b'{"html": ' + b"[" * 100_000 + b"\n"),
    "long-number.jsonl": Crasher("a row with a number of more than 4,300 digits", "unreadable", lambda: b'{"html": "<p>a", "id": ' + b"9" * 5_000 + b"}\n"),
    "open-quote.csv": Crasher(
        "a quote that is never closed took all further rows into one cell", "unreadable", lambda: b'id,html\n1,"<p>a\n' + b"2,<p>b\n" * 40_000
    ),
    "many-parameters.mhtml": Crasher(
        "the email package takes time in the square of a content type's parameters",
        "judged",
        lambda: b"MIME-Version: 1.0\r\nContent-Type: " + _MANY_PARAMETERS + b"\r\n\r\n" + PROSE,
    ),
    "parts-in-parts.mhtml": Crasher("parts nested beyond Python's recursion limit", "unreadable", lambda: _nested_parts(2_000)),
    "many-parameters.warc": Crasher(
        "the same in the head of a record's answer", "judged", lambda: _warc(_answer(PROSE, b"Content-Type: " + _MANY_PARAMETERS[:60_000]))
    ),
    "many-members.warc": Crasher(
        "a body of very many empty gzip members was read for minutes",
        "over-limit",
        lambda: _warc(_answer(gzip.compress(PROSE) + gzip.compress(b"") * 400_000, b"Content-Type: text/html\r\nContent-Encoding: gzip")),
    ),
    "many-chunks.warc": Crasher(
        "a body in chunks of one byte was joined without end",
        "over-limit",
        lambda: _warc(
            _answer(b"%x\r\n" % len(PROSE) + PROSE + b"\r\n" + b"1\r\na\r\n" * 1_600_000, b"Content-Type: text/html\r\nTransfer-Encoding: chunked")
        ),
    ),
    "no-such-encoding.warc": Crasher(
        "names that are no encoding made a page unreadable", "judged", lambda: _warc(_answer(PROSE, b"Content-Type: text/html\r\nContent-Encoding: utf-8"))
    ),
}  # fmt: skip
