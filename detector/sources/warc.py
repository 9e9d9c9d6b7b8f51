"""WARC and WET archives (ISO 28500), record by record.

Read with the standard library: the format is a header and a length, and a reader of our own can tell a cut archive from a whole one.
fastwarc was tried: on a stream that is cut or cannot seek it panics or loses the records that it had read ahead.
"""

from __future__ import annotations

import email
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import BinaryIO

from detector.errors import InputError
from detector.page.page import HTML, MAX_UNPACKED, TEXT, Page
from detector.sources.item import Failure, Item, Options, reason
from detector.sources.streams import open_stream

_KINDS = {HTML: HTML, "application/xhtml+xml": HTML, TEXT: TEXT}
_PAGES = ("response", "resource", "conversion")
# Bytes of a header line, and lines: as http.client has them.
_MAX_HEADER_LINE = 65_536
_MAX_HEADERS = 200
_STEP = 1 << 20


@dataclass(frozen=True, slots=True)
class _Record:
    headers: Message
    # None: longer than any page.
    body: bytes | None


def read_warc(path: Path, options: Options) -> Iterator[Item]:
    """The pages of an archive: responses with status 200 that are HTML or text, and the text records of a WET; others are passed over.

    A page's id is its record's, its url the record's target.

    Raises:
        OSError: the file cannot be opened.
        InputError: the file holds no record.
    """
    number = 0
    with open_stream(path) as stream:
        try:
            for number, record in enumerate(_records(stream), 1):
                item = _item(record, str(path), number)
                if item is not None:
                    yield item
        except (OSError, EOFError, InputError, zlib.error) as error:
            yield Failure(str(path), f"after record {number}", f"cannot be read further ({reason(error)})")
            return
    if not number:
        raise InputError(f"{path}: holds no WARC record")


def _records(stream: BinaryIO) -> Iterator[_Record]:
    while line := stream.readline(_MAX_HEADER_LINE):
        if line.isspace():
            continue
        if not line.startswith(b"WARC/"):
            raise InputError("what follows is no WARC record")
        headers = _headers(stream)
        try:
            length = int(headers["Content-Length"])
        except (TypeError, ValueError):
            length = -1
        if length < 0:
            raise InputError("a record has no length")
        wanted = headers.get("WARC-Type") in _PAGES and length <= MAX_UNPACKED
        body, left = b"", length
        while left:
            part = stream.read(left if wanted else min(left, _STEP))
            if not part:
                raise InputError("the archive is cut off")
            body = body + part if wanted else b""
            left -= len(part)
        yield _Record(headers, body if wanted or headers.get("WARC-Type") not in _PAGES else None)


def _headers(stream: BinaryIO) -> Message:
    lines: list[bytes] = []
    for _ in range(_MAX_HEADERS):
        line = stream.readline(_MAX_HEADER_LINE)
        if not line:
            raise InputError("the archive is cut off")
        if line in (b"\r\n", b"\n"):
            return email.message_from_bytes(b"".join(lines))
        lines.append(line)
    raise InputError(f"a record has more than {_MAX_HEADERS} header lines")


def _item(record: _Record, source: str, number: int) -> Item | None:
    kind = record.headers.get("WARC-Type")
    if kind not in _PAGES:
        return None
    place = f"record {number}"
    if record.body is None:
        return Failure(source, place, f"is longer than {MAX_UNPACKED:,} bytes")
    url = record.headers.get("WARC-Target-URI", "").strip("<> ") or None
    id = record.headers.get("WARC-Record-ID", "").strip() or str(number)
    content_type = record.headers.get_content_type()
    if content_type != "application/http":
        charset = record.headers.get_content_charset() or ("utf-8" if kind == "conversion" else None)
        return Page(record.body, url, id, _KINDS[content_type], charset) if content_type in _KINDS else None
    head, _, body = record.body.partition(b"\r\n\r\n")
    status, _, lines = head.partition(b"\n")
    http = email.message_from_bytes(lines)
    said = http.get_content_type() if "Content-Type" in http else None
    if status.split()[1:2] != [b"200"] or (said is not None and said not in _KINDS):
        return None
    try:
        return Page(_payload(body, http), url, id, None if said is None else _KINDS[said], http.get_content_charset())
    except (InputError, ValueError, zlib.error) as error:
        return Failure(source, place, f"cannot be unpacked ({reason(error)})")


def _payload(body: bytes, http: Message) -> bytes:
    """The body without its transfer and content encodings. Crawlers that have undone them already often left the headers as they were."""
    if http.get("Transfer-Encoding", "").strip().lower() == "chunked" and _chunk_size(body) is not None:
        body = _joined(body)
    encoding = http.get("Content-Encoding", "identity").strip().lower()
    if encoding in ("gzip", "x-gzip") and body.startswith(b"\x1f\x8b"):
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    elif encoding == "deflate":
        # RFC 9110 says zlib; some servers send the bare stream, whose first byte is never 0x78.
        unpacker = zlib.decompressobj(zlib.MAX_WBITS if body.startswith(b"\x78") else -zlib.MAX_WBITS)
    elif encoding in ("br", "zstd"):
        raise InputError(f"its encoding {encoding} is not read; use an archiver that stores pages unpacked")
    else:
        return body
    plain = unpacker.decompress(body, MAX_UNPACKED + 1)
    if len(plain) > MAX_UNPACKED:
        raise InputError(f"more than {MAX_UNPACKED:,} bytes")
    return plain


def _chunk_size(body: bytes, start: int = 0) -> tuple[int, int] | None:
    """(length of the chunk that begins at `start`, where its data begin), None if no chunk does."""
    end = body.find(b"\r\n", start, start + 1000)
    digits = body[start:end].partition(b";")[0].strip()
    if end < 0 or not digits or digits.strip(b"0123456789abcdefABCDEF"):
        return None
    return int(digits, 16), end + 2


def _joined(body: bytes) -> bytes:
    parts, start = [], 0
    while (chunk := _chunk_size(body, start)) is not None and chunk[0]:
        length, data = chunk
        parts.append(body[data : data + length])
        start = data + length + 2
    return b"".join(parts)
