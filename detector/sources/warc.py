"""WARC and WET archives (ISO 28500), record by record.

Read with the standard library: the format is a header and a length, and a reader of our own can tell a cut archive from a whole one.
FastWARC 2.0.1 was tried: it hands on a record that is cut in the middle, and ends without a word.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import BinaryIO

from detector.errors import InputError
from detector.page.page import HTML, MAX_UNPACKED, TEXT, Page
from detector.partial import PartOfPage
from detector.sources.encodings import unpacked
from detector.sources.heads import message_of
from detector.sources.item import Failure, Item, Options, reason
from detector.sources.streams import offset_in_file, open_stream

_KINDS = {HTML: HTML, "application/xhtml+xml": HTML, TEXT: TEXT}
_PAGES = ("response", "resource", "conversion")
# Bytes of a header line, and lines: as http.client has them.
_MAX_HEADER_LINE = 65_536
_MAX_HEADERS = 200
_STEP = 1 << 20
# Chunks of a body, a second's work; of more, which only chunks of a few bytes can be, the beginning is read.
_CHUNKS = 500_000
# Servers and archivers that leave out carriage returns are read as well.
_HEAD_END = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class _Record:
    headers: Message
    # None: longer than any page.
    body: bytes | None


def read_warc(path: Path, options: Options) -> Iterator[Item]:
    """The pages of an archive: responses with status 200 that are HTML or text, and the text records of a WET; others are passed over.

    A page whose record says that it is cut (WARC-Truncated), or whose body ends before its chunks or its packing do, is a `PartOfPage`.
    A page's id is its record's, its url the record's target. An archive that is cut or broken is read up to the break; the Failure then
    names the record, counted from 1, and where in the file it begins (of a packed archive: where its gzip member or zstd frame begins).

    Raises:
        OSError: the file cannot be opened.
        InputError: the file holds no record.
    """
    with open_stream(path, options.meter) as stream:
        yield from read_archive(stream, str(path), options)


def read_archive(stream: BinaryIO, source: str, options: Options) -> Iterator[Item]:
    """As `read_warc`, from an open stream."""
    archive = _Archive(stream)
    try:
        for record in archive:
            item = _item(record, source, archive.number)
            if item is not None:
                yield item
            elif options.no_pages is not None and (kind := record.headers.get("WARC-Type")) in (*_PAGES, "revisit"):
                options.no_pages[kind] += 1
    except (OSError, InputError) as error:
        place = f"record {archive.number} at byte {offset_in_file(stream, archive.start):,}"
        yield Failure(source, place, f"cannot be read, nor what follows ({reason(error)})")
        return
    if not archive.number:
        raise InputError(f"{source}: holds no WARC record")


class _Archive:
    """The records of a stream, and which one is being read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._offset = 0
        #: The record being read, counted from 1, and its first byte in the unpacked stream.
        self.number = 0
        self.start = 0

    def __iter__(self) -> Iterator[_Record]:
        while True:
            # Before anything is read of it: where the stream breaks is the beginning of the record that cannot be read.
            self.number += 1
            self.start = self._offset
            while (line := self._stream.readline(_MAX_HEADER_LINE)).isspace():
                self._offset += len(line)
                self.start = self._offset
            if not line:
                self.number -= 1
                return
            # Asked at each record so that places that are behind are forgotten.
            offset_in_file(self._stream, self.start)
            self._offset += len(line)
            if not line.startswith(b"WARC/"):
                raise InputError("it is no WARC record")
            yield self._record()

    def _record(self) -> _Record:
        headers = self._headers()
        try:
            length = int(headers["Content-Length"])
        except (TypeError, ValueError):
            length = -1
        if length < 0:
            raise InputError("it has no length")
        wanted = headers.get("WARC-Type") in _PAGES and length <= MAX_UNPACKED
        body, left = b"", length
        while left:
            part = self._stream.read(left if wanted else min(left, _STEP))
            if not part:
                raise InputError(f"the archive is cut off {left:,} bytes before its end")
            body = body + part if wanted else b""
            left -= len(part)
        self._offset += length
        return _Record(headers, body if wanted or headers.get("WARC-Type") not in _PAGES else None)

    def _headers(self) -> Message:
        lines: list[bytes] = []
        for _ in range(_MAX_HEADERS):
            line = self._stream.readline(_MAX_HEADER_LINE)
            self._offset += len(line)
            if not line:
                raise InputError("the archive is cut off in its header")
            if line in (b"\r\n", b"\n"):
                return message_of(b"".join(lines))
            lines.append(line)
        raise InputError(f"it has more than {_MAX_HEADERS} header lines")


def _item(record: _Record, source: str, number: int) -> Item | None:
    kind = record.headers.get("WARC-Type")
    if kind not in _PAGES:
        return None
    place = f"record {number}"
    if record.body is None:
        return Failure(source, place, f"is longer than {MAX_UNPACKED:,} bytes")
    url = _field(record.headers, "WARC-Target-URI").strip("<> ") or None
    id = _field(record.headers, "WARC-Record-ID").strip() or str(number)
    content_type = record.headers.get_content_type()
    # Crawlers cut what is long or slow, and say so (ISO 28500, 5.13).
    given = PartOfPage if _field(record.headers, "WARC-Truncated").strip() else Page
    if content_type != "application/http":
        charset = record.headers.get_content_charset() or ("utf-8" if kind == "conversion" else None)
        return given(record.body, url, id, _KINDS[content_type], charset) if content_type in _KINDS else None
    end = _HEAD_END.search(record.body)
    head, body = (record.body[: end.start()], record.body[end.end() :]) if end else (record.body, b"")
    status, _, lines = head.partition(b"\n")
    http = message_of(lines)
    said = http.get_content_type() if "Content-Type" in http else None
    if status.split()[1:2] != [b"200"] or (said is not None and said not in _KINDS):
        return None
    try:
        payload, whole = _payload(body, http)
        return (given if whole else PartOfPage)(payload, url, id, None if said is None else _KINDS[said], http.get_content_charset())
    except (InputError, ValueError, zlib.error) as error:
        return Failure(source, place, f"cannot be unpacked ({reason(error)})")


def _field(headers: Message, name: str) -> str:
    """A header's value, empty without one. Crawlers write addresses of other alphabets as bare UTF-8, which the email package wraps."""
    for key, value in headers.raw_items():
        if key.lower() == name.lower():
            return str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return ""


def _payload(body: bytes, http: Message) -> tuple[bytes, bool]:
    """(the body without its transfer and content encodings, whether it is all there). Crawlers that have undone them already often left
    the headers as they were."""
    ended = True
    if _field(http, "Transfer-Encoding").strip().lower() == "chunked" and _chunk_size(body) is not None:
        body, ended = _joined(body)
    plain, whole = unpacked(body, _field(http, "Content-Encoding"))
    return plain, whole and ended


def _chunk_size(body: bytes, start: int = 0) -> tuple[int, int] | None:
    """(length of the chunk that begins at `start`, where its data begin), None if no chunk does."""
    end = body.find(b"\r\n", start, start + 1000)
    digits = body[start:end].partition(b";")[0].strip()
    if end < 0 or not digits or digits.strip(b"0123456789abcdefABCDEF"):
        return None
    return int(digits, 16), end + 2


def _joined(body: bytes) -> tuple[bytes, bool]:
    parts: list[bytes] = []
    start = 0
    while (chunk := _chunk_size(body, start)) is not None and chunk[0] and len(parts) < _CHUNKS:
        length, data = chunk
        parts.append(body[data : data + length])
        start = data + length + 2
    # The last chunk has no bytes; without it the answer broke off.
    return b"".join(parts), chunk is not None and not chunk[0]
