"""Standard input: one page, or rows or an archive if its first line that is not blank says so."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from typing import BinaryIO, cast

from detector.errors import InputError
from detector.page.page import MAX_UNPACKED, Page, split_front_matter
from detector.sources.csvfile import read_table
from detector.sources.files import saved_page
from detector.sources.item import Item, Options
from detector.sources.jsonl import read_lines
from detector.sources.kinds import BOM, CSV, JSONL, MHTML, WARC, kind_of, unreadable
from detector.sources.streams import MAX_LINE
from detector.sources.warc import read_archive

NAME = "-"


def standard_input() -> BinaryIO:
    """What is piped in, past the buffer of `sys.stdin`: the interpreter aborts if it ends while a thread waits inside that one."""
    try:
        return open(sys.stdin.fileno(), "rb", closefd=False)
    except OSError:
        return sys.stdin.buffer


def read_stdin(stream: BinaryIO, options: Options) -> Iterator[Item]:
    """What is piped in. With `--url` it is one page whatever it looks like.

    A page over the size limit is passed on cut, but still over it: its verdict abstains.

    Raises:
        InputError: it is packed or a table that no reader takes from a pipe, or as the reader of its kind says.
    """
    start = b""
    while line := stream.readline(MAX_LINE - len(start)):
        start += line
        if not line.isspace():
            break
    if options.url is None:
        if (why := unreadable(start)) is not None:
            raise InputError(f"standard input {why}")
        kind = kind_of(line, options)
        joined = cast(BinaryIO, io.BufferedReader(_Joined(start, stream)))
        if kind == JSONL:
            yield from read_lines(joined, NAME, options)
            return
        if kind == CSV:
            yield from read_table(joined, NAME, options)
            return
        if kind == WARC:
            yield from read_archive(joined, NAME, options)
            return
        if kind == MHTML:
            yield saved_page(start.lstrip().removeprefix(BOM) + stream.read(MAX_UNPACKED - len(start)), NAME, options)
            return
    body, url = split_front_matter(start + stream.read(MAX_UNPACKED - len(start)))
    yield Page(body, options.url or url, NAME)


class _Joined(io.RawIOBase):
    """Bytes that were read ahead, then the rest of the stream."""

    def __init__(self, start: bytes, rest: BinaryIO) -> None:
        self._start = io.BytesIO(start)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        # read1 hands on what has arrived: rows are read, and answered a batch at a time, while their sender is still writing.
        read1 = getattr(self._rest, "read1", self._rest.read)
        part = self._start.read(len(buffer)) or read1(len(buffer))
        buffer[: len(part)] = part
        return len(part)
