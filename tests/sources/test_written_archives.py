"""Archives as warcio, the archivers' own library, writes them: whole, cut and broken."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
import zstandard
from typer.testing import CliRunner
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from detector import Page
from detector.cli.app import app
from detector.sources import Failure, Item, Options, open_pages
from detector.sources.meter import Meter, size_of

TEXT = "The council met on Tuesday evening and agreed to repair the old bridge before the winter. "


def page_of(number: int) -> bytes:
    return f"<title>Bridge {number}</title><article><h1>Bridge {number}</h1><p>{TEXT * 12}</p></article>".encode()


def archive(count: int, gzip: bool, wet: bool = False) -> tuple[bytes, list[int]]:
    """(bytes, where each record begins) of an archive with a warcinfo record first, then `count` pages."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=gzip)
    starts = [0]
    writer.write_record(writer.create_warcinfo_record("made.warc", {"software": "test"}))
    for number in range(count):
        starts.append(out.tell())
        url = f"https://example.org/{number}"
        if wet:
            record = writer.create_warc_record(url, "conversion", payload=io.BytesIO((TEXT * 12).encode()), warc_content_type="text/plain")
        else:
            http = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            record = writer.create_warc_record(url, "response", payload=io.BytesIO(page_of(number)), http_headers=http)
        writer.write_record(record)
    return out.getvalue(), starts


def read(path: Path) -> list[Item]:
    return list(open_pages([str(path)], Options()))


def frames(plain: bytes, starts: list[int]) -> tuple[bytes, list[int]]:
    """The archive with a zstd frame a record, and where the frames begin."""
    out, places = b"", []
    for start, end in zip(starts, [*starts[1:], len(plain)], strict=True):
        places.append(len(out))
        out += zstandard.compress(plain[start:end])
    return out, places


def packed(name: str, count: int) -> tuple[bytes, list[int]]:
    if name.endswith(".zst"):
        return frames(*archive(count, gzip=False))
    return archive(count, gzip=name.endswith(".gz"), wet=".wet" in name)


NAMES = ["a.warc", "a.warc.gz", "a.warc.zst", "a.wet", "a.wet.gz"]


@pytest.mark.parametrize("name", NAMES)
def test_every_page_of_a_whole_archive_is_read(tmp_path: Path, name: str) -> None:
    """Twenty records in, twenty pages out, each with its address, type and charset; nothing is reported."""
    (tmp_path / name).write_bytes(packed(name, 20)[0])
    pages = [item for item in read(tmp_path / name) if isinstance(item, Page)]
    assert [page.url for page in pages] == [f"https://example.org/{number}" for number in range(20)]
    assert len(read(tmp_path / name)) == 20
    assert {page.charset for page in pages} == {"utf-8"}
    assert {page.media_type for page in pages} == {"text/plain" if ".wet" in name else "text/html"}


@pytest.mark.parametrize("name", NAMES)
def test_an_archive_cut_anywhere_is_read_up_to_the_cut_which_is_named(tmp_path: Path, name: str) -> None:
    """At sixty random places: every whole record is answered, then one failure names the record and the byte where it begins."""
    whole, starts = packed(name, 20)
    ends = [*starts[1:], len(whole)]
    random_places = random.Random(6)
    for _ in range(60):
        cut = random_places.randrange(5, len(whole) - 4)
        record = next(number for number, end in enumerate(ends) if cut < end)
        if cut == starts[record] or (not name.endswith((".gz", ".zst")) and cut >= ends[record] - 4):
            continue  # between two records: nothing is missing
        (tmp_path / name).write_bytes(whole[:cut])
        items = read(tmp_path / name)
        pages = [item for item in items if isinstance(item, Page)]
        failures = [item for item in items if isinstance(item, Failure)]
        assert len(failures) == 1 and items[-1] is failures[0]
        if name.endswith((".gz", ".zst")) and ends[record] - cut <= 16:
            # The record is whole, its packing's checksum is not.
            assert len(pages) >= max(0, record - 1)
            continue
        assert [page.url for page in pages] == [f"https://example.org/{number}" for number in range(record - 1)]
        assert failures[0].place == f"record {record + 1} at byte {starts[record]:,}"
        assert "cut off" in failures[0].reason


@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc.zst"])
def test_a_broken_member_is_named_after_the_records_before_it(tmp_path: Path, name: str) -> None:
    """Bytes overwritten in record 12 leave the ten pages before it, and a failure with its number and offset."""
    whole, starts = packed(name, 20)
    middle = starts[11] + 20
    (tmp_path / name).write_bytes(whole[:middle] + bytes(60) + whole[middle + 60 :])
    *pages, failure = read(tmp_path / name)
    assert [page.url for page in pages if isinstance(page, Page)] == [f"https://example.org/{number}" for number in range(10)]
    assert isinstance(failure, Failure) and failure.place == f"record 12 at byte {starts[11]:,}"
    assert "is broken" in failure.reason


def test_the_command_answers_counts_and_exits_with_3(tmp_path: Path) -> None:
    """A cut archive costs a line on standard error and exit 3; rows and summary are there, and the next archive is read."""
    whole, starts = archive(4, gzip=True)
    (tmp_path / "a.warc.gz").write_bytes(whole[: starts[3] + 50])
    (tmp_path / "b.warc.gz").write_bytes(whole)
    result = CliRunner().invoke(app, ["classify", str(tmp_path), "-o", str(tmp_path / "o.jsonl")])
    assert result.exit_code == 3
    assert f"a.warc.gz: record 4 at byte {starts[3]:,}: " in result.stderr
    assert "6 pages" in result.stderr and "1 unreadable" in result.stderr
    assert len([json.loads(line) for line in (tmp_path / "o.jsonl").read_text().splitlines()]) == 6


@pytest.mark.parametrize(
    ("encoding", "pack"), [("br", brotli.compress), ("zstd", zstandard.compress), ("gzip", gzip.compress), ("br", bytes), ("zstd", bytes)]
)
def test_encoded_bodies_are_unpacked(tmp_path: Path, encoding: str, pack: Callable[[bytes], bytes]) -> None:
    """Brotli, zstd and gzip, and bodies that the archiver had unpacked though the header stayed."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    http = StatusAndHeaders("200 OK", [("Content-Type", "text/html"), ("Content-Encoding", encoding)], protocol="HTTP/1.1")
    payload = io.BytesIO(pack(page_of(1)))
    writer.write_record(writer.create_warc_record("https://example.org/", "response", payload=payload, http_headers=http))
    (tmp_path / "a.warc.gz").write_bytes(out.getvalue())
    (page,) = read(tmp_path / "a.warc.gz")
    assert isinstance(page, Page) and page.body == page_of(1)


def test_a_brotli_bomb_is_refused(tmp_path: Path) -> None:
    """A few bytes that unpack to more than any page has are named, in bounded memory."""
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br\r\n\r\n" + brotli.compress(bytes(200_000_000), quality=1)
    head = b"WARC/1.1\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: %d\r\n\r\n" % len(http)
    (tmp_path / "a.warc").write_bytes(head + http)
    (failure,) = read(tmp_path / "a.warc")
    assert isinstance(failure, Failure) and "more than" in failure.reason


@pytest.mark.parametrize("dictionary_packed", [False, True])
def test_an_archive_that_brings_its_zstd_dictionary_is_read(tmp_path: Path, dictionary_packed: bool) -> None:
    """The IIPC's form of .warc.zst: the dictionary first, in a frame that readers without one skip."""
    plain, starts = archive(40, gzip=False)
    records = [plain[start:end] for start, end in zip(starts, [*starts[1:], len(plain)], strict=True)]
    dictionary = zstandard.train_dictionary(4096, records * 4)
    compressor = zstandard.ZstdCompressor(dict_data=dictionary)
    content = zstandard.compress(dictionary.as_bytes()) if dictionary_packed else dictionary.as_bytes()
    first = b"\x5d\x2a\x4d\x18" + len(content).to_bytes(4, "little") + content
    (tmp_path / "a.warc.zst").write_bytes(first + b"".join(map(compressor.compress, records)))
    assert [item.url for item in read(tmp_path / "a.warc.zst") if isinstance(item, Page)] == [f"https://example.org/{n}" for n in range(40)]


@pytest.mark.parametrize("name", ["a.warc.gz", "a.jsonl.zst", "a.csv", "a.html"])
def test_the_meter_follows_a_reader_to_the_end_of_its_files(tmp_path: Path, name: str) -> None:
    """What progress counts never falls, never passes the sources' size, and is that size in the end."""
    rows = "".join(json.dumps({"html": TEXT * 200}) + "\n" for _ in range(400))
    content = {
        "a.warc.gz": archive(400, gzip=True)[0],
        "a.jsonl.zst": zstandard.compress(rows.encode()),
        "a.csv": ("html\n" + f'"{TEXT * 200}"\n' * 400).encode(),
        "a.html": page_of(1),
    }
    (tmp_path / name).write_bytes(content[name])
    total = size_of([str(tmp_path)])
    assert total == len(content[name])
    meter = Meter()
    seen = [meter.done for _ in open_pages([str(tmp_path)], Options(meter=meter))]
    assert seen == sorted(seen) and seen[-1] <= total == meter.done


def test_the_meter_is_asked_while_another_thread_ends_the_file() -> None:
    """Whoever reads ahead may be done with a file between two looks."""

    class Ending(Meter):
        def __getattribute__(self, name: str) -> object:
            found = super().__getattribute__(name)
            if name == "_position" and found is not None:
                self.end()
            return found

    meter = Ending()
    meter.watch(lambda: 5)
    assert meter.done == 0


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes as POSIX has them")
def test_a_named_pipe_has_no_place_for_the_meter_and_may_begin_with_half_a_row(tmp_path: Path) -> None:
    """Nothing of it is counted, and what has come first is not taken for all."""
    os.mkfifo(tmp_path / "queue.jsonl")
    meter = Meter()
    items = open_pages([str(tmp_path / "queue.jsonl")], Options(meter=meter))

    def send() -> None:
        with (tmp_path / "queue.jsonl").open("wb", buffering=0) as stream:
            stream.write(b"{")
            time.sleep(0.3)
            stream.write(b'"html": "<p>a"}\n' + b'{"html": "<p>a"}\n' * 2)

    sender = threading.Thread(target=send, daemon=True)
    sender.start()
    assert [(type(item), meter.done) for item in items] == [(Page, 0)] * 3
    sender.join()


def test_a_source_without_a_size_has_no_total() -> None:
    """Standard input and addresses cannot tell how much is left."""
    assert size_of(["-"]) is None
    assert size_of(["https://example.org/"]) is None
