"""WARC and WET archives, plain and packed, whole and cut."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from detector import Page
from detector.sources import Failure, Item, Options, open_pages

HTML = "<title>Мост</title>".encode("windows-1251")


def record(kind: str, number: int, content_type: str, body: bytes) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:0000000{number}-0000-0000-0000-000000000000>\r\n"
        f"WARC-Date: 2026-01-01T00:00:00Z\r\nWARC-Target-URI: https://example.org/{number}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def answer(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


HTTP = "application/http; msgtype=response"
RECORDS = [
    record("warcinfo", 1, "application/warc-fields", b"software: test\r\n"),
    record("response", 2, HTTP, answer(HTML, Content_Type="text/html; charset=windows-1251")),
    record("request", 3, "application/http; msgtype=request", b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"),
    record("response", 4, HTTP, answer(b"moved", "301 Moved", Location="/")),
    record("response", 5, HTTP, answer(b"\x89PNG", Content_Type="image/png")),
    record("response", 6, HTTP, answer(gzip.compress(b"<p>packed"), Content_Type="text/html", Content_Encoding="gzip")),
    record(
        "response", 8, HTTP, answer(b"4\r\n<p>c\r\n6;x=y\r\nhunked\r\n0\r\n\r\n", Content_Type="text/html", Transfer_Encoding="chunked")
    ),
    record(
        "response", 9, HTTP, answer(b"<p>undone already", Content_Type="text/html", Transfer_Encoding="chunked", Content_Encoding="gzip")
    ),
    record("conversion", 7, "text/plain", "сухой текст".encode()),
]
PACKERS = {"a.warc": bytes, "a.warc.gz": gzip.compress, "a.wet.zst": zstandard.compress}


def read(path: Path) -> list[Item]:
    return list(open_pages([str(path)], Options()))


@pytest.mark.parametrize("name", PACKERS)
def test_an_archive_gives_its_pages_and_passes_over_the_rest(tmp_path: Path, name: str) -> None:
    """Requests, redirects and pictures are no pages; a page comes unpacked with its charset, its address and its record's id."""
    (tmp_path / name).write_bytes(b"".join(PACKERS[name](part) for part in RECORDS))
    pages = [item for item in read(tmp_path / name) if isinstance(item, Page)]
    assert [(page.body, page.media_type, page.charset, page.url) for page in pages] == [
        (HTML, "text/html", "windows-1251", "https://example.org/2"),
        (b"<p>packed", "text/html", None, "https://example.org/6"),
        (b"<p>chunked", "text/html", None, "https://example.org/8"),
        (b"<p>undone already", "text/html", None, "https://example.org/9"),
        ("сухой текст".encode(), "text/plain", "utf-8", "https://example.org/7"),
    ]
    assert "00000002-0000" in pages[0].id
    assert len(read(tmp_path / name)) == len(pages)


@pytest.mark.parametrize("name", PACKERS)
def test_a_cut_archive_answers_its_records_and_says_that_it_is_cut(tmp_path: Path, name: str) -> None:
    """A crawl that broke off is never taken for a whole one."""
    packed = b"".join(PACKERS[name](part) for part in RECORDS)
    (tmp_path / name).write_bytes(packed[:-12])
    items = read(tmp_path / name)
    assert isinstance(items[0], Page) and items[0].body == HTML
    assert any(isinstance(item, Failure) for item in items)


@pytest.mark.parametrize("length", ["-5", "", "many", "99999999999"])
def test_a_record_with_a_false_length_is_named(tmp_path: Path, length: str) -> None:
    """A length that cannot be true ends the archive with a failure, and takes no memory."""
    head = RECORDS[1].partition(b"\r\n\r\n")[0].rpartition(b"Content-Length:")[0]
    (tmp_path / "a.warc").write_bytes(RECORDS[1] + head + f"Content-Length: {length}\r\n\r\nbody".encode())
    page, failure = read(tmp_path / "a.warc")
    assert isinstance(page, Page)
    assert isinstance(failure, Failure) and failure.place == f"record 2 at byte {len(RECORDS[1]):,}"


def test_a_file_that_is_no_archive_is_named(tmp_path: Path) -> None:
    """The suffix alone makes no WARC."""
    (tmp_path / "a.warc").write_bytes(b"<p>just a page\n")
    (failure,) = read(tmp_path / "a.warc")
    assert isinstance(failure, Failure)


def test_a_record_that_cannot_be_unpacked_is_named_and_the_next_is_read(tmp_path: Path) -> None:
    """A bomb, noise under gzip's name and an encoding that is not read cost a line each."""
    bomb = gzip.compress(bytes(70_000_000))
    parts = [
        answer(body, Content_Type="text/html", Content_Encoding=encoding)
        for body, encoding in ((bomb, "gzip"), (b"\x1f\x8bnoise", "gzip"), (b"x", "br"))
    ]
    archive = [record("response", number, HTTP, part) for number, part in enumerate(parts, 1)]
    (tmp_path / "a.warc").write_bytes(b"".join([*archive, RECORDS[-1]]))
    *failures, page = read(tmp_path / "a.warc")
    assert [failure.place for failure in failures if isinstance(failure, Failure)] == ["record 1", "record 2", "record 3"]
    assert isinstance(page, Page)


def test_an_address_of_another_alphabet_in_bare_utf8_is_read(tmp_path: Path) -> None:
    """Crawlers write it as it is, though headers are ASCII by the letter of the standard; header names are of any case."""
    made = (
        record("conversion", 1, "text/plain", b"words")
        .decode()
        .replace("WARC-Target-URI: https://example.org/1", "warc-target-uri: https://example.org/мост")
    )
    (tmp_path / "a.warc").write_bytes(made.encode())
    [page] = read(tmp_path / "a.warc")
    assert isinstance(page, Page) and page.url == "https://example.org/мост"


@pytest.mark.parametrize(
    "made",
    [lambda said: record("response", 1, HTTP, answer(b"<p>a", Content_Type=said)), lambda said: record("resource", 1, said, b"<p>a")],
)
def test_a_content_type_of_very_many_parameters_takes_no_time(tmp_path: Path, made: Callable[[str], bytes]) -> None:
    """The type is read, and what is beyond a thousand characters of it is left out."""
    (tmp_path / "a.warc").write_bytes(made('text/html; charset=windows-1251; a="' + ";" * 60_000) * 3)
    start = time.process_time()
    pages = [item for item in read(tmp_path / "a.warc") if isinstance(item, Page)]
    assert time.process_time() - start < 0.3
    assert [(page.body, page.media_type, page.charset) for page in pages] == [(b"<p>a", "text/html", "windows-1251")] * 3
