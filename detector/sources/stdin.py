"""Standard input: one page, or JSONL if its first line that is not blank is a row."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import BinaryIO, cast

from detector.page.page import MAX_UNPACKED, Page, split_front_matter
from detector.sources.item import Item, Options
from detector.sources.jsonl import read_lines
from detector.sources.row import has_pages
from detector.sources.streams import MAX_LINE

NAME = "-"


def read_stdin(stream: BinaryIO, options: Options) -> Iterator[Item]:
    """What is piped in. With `--url` it is one page whatever it looks like.

    A page over the size limit is passed on cut, but still over it: its verdict abstains.
    """
    start = b""
    while line := stream.readline(MAX_LINE - len(start)):
        start += line
        if not line.isspace():
            break
    if options.url is None and _is_jsonl(line, options):
        yield from read_lines(cast(BinaryIO, io.BufferedReader(_Joined(start, stream))), NAME, options)
        return
    body, url = split_front_matter(start + stream.read(MAX_UNPACKED - len(start)))
    yield Page(body, options.url or url, NAME)


def _is_jsonl(line: bytes, options: Options) -> bool:
    try:
        row = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return False
    return isinstance(row, dict) and has_pages(row, options)


class _Joined(io.RawIOBase):
    """Bytes that were read ahead, then the rest of the stream."""

    def __init__(self, start: bytes, rest: BinaryIO) -> None:
        self._start = io.BytesIO(start)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        # read1 hands on what has arrived: rows are answered while their sender is still writing.
        read1 = getattr(self._rest, "read1", self._rest.read)
        part = self._start.read(len(buffer)) or read1(len(buffer))
        buffer[: len(part)] = part
        return len(part)
