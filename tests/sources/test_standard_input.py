"""Standard input: one page, rows, an archive, or what to do with it instead."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma

import pytest
import zstandard

from detector import Page
from detector.errors import InputError
from detector.sources import Failure, Options
from detector.sources.stdin import read_stdin

from .test_row_files import ROWS


def test_standard_input_is_rows_if_its_first_line_is_a_row() -> None:
    """JSONL is known by its first line that is not blank; the lines keep their numbers."""
    items = list(read_stdin(io.BytesIO(b"\n" + ROWS + b"{broken\n"), Options()))
    assert [item.id for item in items if isinstance(item, Page)] == ["a", "3"]
    assert [str(item) for item in items if isinstance(item, Failure)] != []


@pytest.mark.parametrize(
    "body", [b"<!doctype html>\n<p>x\n", b"{Hello|Hi}, world\nmore\n", b"[1] a note\n", b"", b"\n\n", b"\xff\xd8\xff\xe0"]
)
def test_standard_input_is_one_page_otherwise(body: bytes) -> None:
    """Every byte of it, whatever it is."""
    assert list(read_stdin(io.BytesIO(body), Options())) == [Page(body, None, "-")]


@pytest.mark.parametrize("first", [b'{"id": "x", "ht', b'{"content": "x"}', b"{}", b'{ "html": 4}'])
def test_rows_are_rows_though_the_first_is_none(first: bytes) -> None:
    """Not one page that holds them all: the first is named, and the rest is read."""
    failure, *pages = read_stdin(io.BytesIO(first + b"\n" + ROWS), Options())
    assert isinstance(failure, Failure) and failure.place == "line 1"
    assert [page.id for page in pages if isinstance(page, Page)] == ["a", "3"]


def test_standard_input_with_an_address_is_one_page() -> None:
    """A JSON document fetched from an address is a page, not rows."""
    assert list(read_stdin(io.BytesIO(ROWS), Options(url="https://example.org/"))) == [Page(ROWS, "https://example.org/", "-")]


WARC = (
    b"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Record-ID: <urn:x:1>\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nwords\r\n\r\n"
)
MHTML = b"From: <Saved by Blink>\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>x\n--b--\n"


@pytest.mark.parametrize(
    ("content", "bodies"),
    [
        (WARC * 2, [b"words", b"words"]),
        (b"\xef\xbb\xbfid,html\na,<p>x\nb,<p>y\n", ["<p>x", "<p>y"]),
        (MHTML, [b"<p>x"]),
        (b"\n" + MHTML.partition(b"\n")[2], [b"<p>x"]),
    ],
)
def test_archives_and_tables_are_read_from_standard_input(content: bytes, bodies: list[bytes | str]) -> None:
    """As from a file of that kind."""
    items = list(read_stdin(io.BytesIO(content), Options()))
    assert [item.body for item in items if isinstance(item, Page)] == bodies
    assert len(items) == len(bodies)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (gzip.compress(WARC), "gzip -dc"),
        (zstandard.compress(ROWS), "zstd -dc"),
        (b"\x5d\x2a\x4d\x18\x00\x00", "zstd -dc"),
        (b"PAR1\x00\x15", "named .parquet"),
        (bz2.compress(ROWS), "bzip2 -dc"),
        (lzma.compress(ROWS), "xz -dc"),
        (b"PK\x03\x04\x14", "unzip -p"),
        (b"[" + ROWS.strip().replace(b"\n", b",") + b"]", "jq -c"),
        (json.dumps(json.loads(ROWS.splitlines()[0]), indent=1).encode(), "jq -c"),
    ],
)
def test_what_no_pipe_can_be_read_of_says_what_to_do(content: bytes, words: str) -> None:
    """Packed rows are no page that abstains."""
    with pytest.raises(InputError, match=words):
        list(read_stdin(io.BytesIO(content), Options()))


@pytest.mark.parametrize("body", [b"text\n", b"html, css\nmore", b"id,price\n1,2\n", b"WARCRAFT/1\n"])
def test_a_text_that_begins_like_a_table_is_a_text(body: bytes) -> None:
    """A header names pages and whose they are."""
    assert list(read_stdin(io.BytesIO(body), Options())) == [Page(body, None, "-")]
