"""WARC and WET archives, plain and packed, whole and cut."""

from __future__ import annotations

import gzip
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from detector import Detector, Page
from detector.partial import PartOfPage
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


def test_records_that_hold_no_page_are_counted(tmp_path: Path) -> None:
    """Pages and these are the archive's answers: a redirect, a picture and a revisit; its requests and its own record are not."""
    (tmp_path / "a.warc").write_bytes(b"".join([*RECORDS, record("revisit", 10, HTTP, b"")]))
    counted: Counter[str] = Counter()
    assert len(list(open_pages([str(tmp_path / "a.warc")], Options(no_pages=counted)))) == 5
    assert counted == {"response": 2, "revisit": 1}


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


LONG = b"<p>" + bytes(str(list(range(3000))), "ascii")
SPLIT = b"6\r\n<p>one\r\n4\r\n two\r\n"


@pytest.mark.parametrize(
    ("body", "headers", "beginning"),
    [
        (gzip.compress(LONG)[:-2000], {"Content_Encoding": "gzip"}, b"<p>[0, 1, 2"),
        (zstandard.compress(LONG, 1)[:-4], {"Content_Encoding": "zstd"}, b""),
        (zlib.compress(LONG)[:-2000], {"Content_Encoding": "deflate"}, b"<p>[0, 1, 2"),
        (gzip.compress(b"<p>one") + gzip.compress(b" two")[:-9], {"Content_Encoding": "gzip"}, b"<p>one"),
        (SPLIT, {"Transfer_Encoding": "chunked"}, b"<p>one two"),
        (SPLIT[:-4], {"Transfer_Encoding": "chunked"}, b"<p>one t"),
        pytest.param(
            SPLIT + b"1\r\na\r\n" * 600_000 + b"0\r\n\r\n",
            {"Transfer_Encoding": "chunked"},
            b"<p>one two" + b"a" * 400_000,
            id="very many chunks",
        ),
    ],
)
def test_a_body_that_ends_early_is_part_of_a_page(tmp_path: Path, body: bytes, headers: dict[str, str], beginning: bytes) -> None:
    """What is there is read, and nobody takes it for the whole."""
    (tmp_path / "a.warc").write_bytes(record("response", 1, HTTP, answer(body, Content_Type="text/html", **headers)))
    (page,) = read(tmp_path / "a.warc")
    assert isinstance(page, PartOfPage) and page.body.startswith(beginning)


@pytest.mark.parametrize(("packed", "encoding"), [(gzip.compress, "gzip"), (zstandard.compress, "zstd")])
def test_a_packed_body_of_several_members_is_read_to_its_end(tmp_path: Path, packed: Callable[[bytes], bytes], encoding: str) -> None:
    """As browsers do."""
    body = answer(packed(b"<p>one") + packed(b" two"), Content_Type="text/html", Content_Encoding=encoding)
    (tmp_path / "a.warc").write_bytes(record("response", 1, HTTP, body))
    (page,) = read(tmp_path / "a.warc")
    assert page == Page(b"<p>one two", "https://example.org/1", getattr(page, "id", ""), "text/html")


def test_a_record_that_its_crawler_cut_is_judged_as_part_of_a_page(tmp_path: Path, detector: Detector) -> None:
    """WARC-Truncated, as Common Crawl has it on long pages: the verdict says partial, with workers and without."""
    prose = b"<p>" + b"The council met on Tuesday evening and agreed to repair the old bridge before the winter. " * 12
    whole = record("response", 1, HTTP, answer(prose, Content_Type="text/html"))
    (tmp_path / "a.warc").write_bytes(whole.replace(b"WARC-Date", b"WARC-Truncated: length\r\nWARC-Date") + whole)
    pages = [item for item in read(tmp_path / "a.warc") if isinstance(item, Page)]
    for workers in (1, 2):
        verdicts = list(detector.classify_many(pages, workers))
        assert [verdict.partial for verdict in verdicts] == ["over-limit", None]
        assert verdicts[0].probabilities == verdicts[1].probabilities


@pytest.mark.parametrize("encoding", ["UTF-8", "none", "identity", "", "br", "deflate", "gzip", "zstd"])
def test_a_plain_page_is_read_whatever_its_header_calls_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    """Names that are no encoding, and those of encodings that the archiver has undone; without brotli too."""
    monkeypatch.setitem(sys.modules, "brotli", None)
    (tmp_path / "a.warc").write_bytes(
        record("response", 1, HTTP, answer(b"\n<p>plain", Content_Type="text/html", Content_Encoding=encoding))
    )
    (page,) = read(tmp_path / "a.warc")
    assert isinstance(page, Page) and page.body == b"\n<p>plain"


def test_an_encoding_that_exists_and_is_not_read_is_named(tmp_path: Path) -> None:
    """Its bytes are no page."""
    (tmp_path / "a.warc").write_bytes(record("response", 1, HTTP, answer(b"x", Content_Type="text/html", Content_Encoding="compress")))
    (failure,) = read(tmp_path / "a.warc")
    assert isinstance(failure, Failure) and "'compress' is not read" in failure.reason


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
