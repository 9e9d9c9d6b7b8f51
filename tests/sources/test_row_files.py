"""JSONL, CSV and Parquet: rows to pages, bad rows named with their place."""

from __future__ import annotations

import csv
import gzip
import json
import sys
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import zstandard

from detector import Page
from detector.sources import Failure, Item, Options, open_pages, streams


def read(source: Path, **columns: str) -> list[Item]:
    return list(open_pages([str(source)], Options(columns=columns)))


def jsonl(*rows: object) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


ROWS = jsonl({"id": "a", "url": "https://example.org/a", "html": "<p>a"}, {"text": "b"})


def test_a_row_has_id_address_and_html_or_text(tmp_path: Path) -> None:
    """html is HTML, text is text, and without an id the row's number is the id."""
    (tmp_path / "r.jsonl").write_bytes(ROWS)
    first, second = read(tmp_path / "r.jsonl")
    assert first == Page.from_html("<p>a", "https://example.org/a", "a")
    assert second == Page.from_text("b", None, "2")


def test_packed_rows_read_like_plain_ones(tmp_path: Path) -> None:
    """.gz and .zst, also of several members or frames as crawlers append them."""
    half = len(ROWS) // 2
    (tmp_path / "r.jsonl.gz").write_bytes(gzip.compress(ROWS[:half]) + gzip.compress(ROWS[half:]))
    (tmp_path / "r.jsonl.zst").write_bytes(zstandard.compress(ROWS[:half]) + zstandard.compress(ROWS[half:]))
    (tmp_path / "r.jsonl").write_bytes(ROWS)
    plain = read(tmp_path / "r.jsonl")
    assert read(tmp_path / "r.jsonl.gz") == plain
    assert read(tmp_path / "r.jsonl.zst") == plain


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_cut_packed_file_answers_its_rows_and_says_that_it_is_cut(tmp_path: Path, pack: object) -> None:
    """A download that broke off is never taken for a whole one."""
    rows = jsonl(*({"id": str(number), "text": str(hash(str(number)))} for number in range(20_000)))
    name = "r.jsonl.gz" if pack is gzip.compress else "r.jsonl.zst"
    packed = pack(rows)  # type: ignore[operator]
    (tmp_path / name).write_bytes(packed[: len(packed) * 3 // 4])
    *before, last = read(tmp_path / name)
    assert isinstance(last, Failure)
    assert [item.id for item in before[:100] if isinstance(item, Page)] == [str(number) for number in range(100)]


def test_a_broken_line_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    """The line's number counts blank lines too, as an editor does."""
    lines = [
        b'{"text": "a"}',
        b"",
        b"{broken",
        b'["no object"]',
        b'{"id": 7}',
        b'{"text": 5}',
        b'{"text": "\xff"}',
        b"[" * 100_000,
        b'{"text": "z"}',
    ]
    (tmp_path / "r.jsonl").write_bytes(b"\n".join(lines))
    items = read(tmp_path / "r.jsonl")
    assert [item.id for item in items if isinstance(item, Page)] == ["1", "9"]
    assert [item.place for item in items if isinstance(item, Failure)] == [f"line {number}" for number in (3, 4, 5, 6, 7, 8)]


def test_an_endless_line_is_named_and_the_next_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No line is longer than a page may be; memory does not grow with it."""
    monkeypatch.setattr(streams, "MAX_LINE", 1000)
    (tmp_path / "r.jsonl").write_bytes(jsonl({"text": "x" * 5000}, {"text": "z"}))
    long, next_ = read(tmp_path / "r.jsonl")
    assert isinstance(long, Failure) and long.place == "line 1"
    assert isinstance(next_, Page) and next_.id == "2"


def test_rows_are_read_one_by_one(tmp_path: Path) -> None:
    """The first page is there before the second line is looked at."""
    (tmp_path / "r.jsonl").write_bytes(ROWS)
    items = open_pages([str(tmp_path / "r.jsonl"), str(tmp_path / "missing.html")], Options())
    assert isinstance(items, Iterator)
    assert isinstance(next(items), Page)


def test_text_that_no_encoding_can_write_is_mended(tmp_path: Path) -> None:
    r"""JSON can spell half a character ("\ud800"); it becomes U+FFFD, whole pairs stay."""
    (tmp_path / "r.jsonl").write_bytes(b'{"id": "\\ud800", "text": "\\ud83d\\ude00 \\udc00"}')
    (page,) = read(tmp_path / "r.jsonl")
    assert isinstance(page, Page)
    assert (page.id, page.body) == ("\ufffd", "\U0001f600 \ufffd")


def test_columns_may_have_other_names(tmp_path: Path) -> None:
    """`--column html=body` reads the column body as html; the old name is then just another column."""
    (tmp_path / "r.jsonl").write_bytes(jsonl({"key": 5, "body": "<p>x", "html": "no"}))
    assert read(tmp_path / "r.jsonl", html="body", id="key") == [Page.from_html("<p>x", None, "5")]


def test_csv_fields_may_be_long_and_have_line_breaks(tmp_path: Path) -> None:
    """Pages are longer than the 128 KB that the library takes by itself; a byte-order mark is no part of a name."""
    page = "<p>" + 'line\nbreak, "quote"' * 20_000
    with (tmp_path / "r.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([["html", "id"], [page, "a"], ["<p>second", ""]])
    first, second = read(tmp_path / "r.csv")
    assert first == Page.from_html(page, None, "a")
    assert second == Page.from_html("<p>second", None, "2")


def test_a_csv_row_with_an_empty_html_cell_uses_its_text(tmp_path: Path) -> None:
    """A file may have both columns and fill one a row."""
    (tmp_path / "r.csv").write_text("html,text\n,words\n<p>tags,words\n")
    first, second = read(tmp_path / "r.csv")
    assert isinstance(first, Page) and first.media_type == "text/plain" and first.body == "words"
    assert isinstance(second, Page) and second.media_type == "text/html"


def test_a_csv_without_a_column_for_pages_says_which_option_names_it(tmp_path: Path) -> None:
    """The most common mistake has the remedy in its message."""
    (tmp_path / "r.csv").write_text("id,body\n1,x\n")
    (failure,) = read(tmp_path / "r.csv")
    assert "--column html=COLUMN" in str(failure) and "it has 'id', 'body'" in str(failure)


def test_a_csv_quote_that_nothing_closes_is_named(tmp_path: Path) -> None:
    """It takes in the rest of the file: the rows before are answered, nothing is judged that is many rows in one."""
    (tmp_path / "r.csv").write_text('id,html\na,"<p>x\n"\n\nb,"<p>y\nc,<p>z\nd,<p>z\n')
    page, failure = read(tmp_path / "r.csv")
    assert isinstance(page, Page) and page.id == "a"
    assert isinstance(failure, Failure) and failure.place == "line 5" and "quote" in failure.reason


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", '"'])
def test_a_csv_may_end_without_a_line_break(tmp_path: Path, ending: str) -> None:
    """Its last row is whole, in quotes or not."""
    (tmp_path / "r.csv").write_bytes(b"html\n" + (b'"' if ending == '"' else b"") + b"<p>z" + ending.encode())
    assert read(tmp_path / "r.csv") == [Page.from_html("<p>z", None, "1")]


def test_a_csv_row_with_more_cells_than_columns_is_named(tmp_path: Path) -> None:
    """A page cut at its first comma is not judged; empty cells at the end, as spreadsheets leave them, are no harm."""
    (tmp_path / "r.csv").write_text("html\n<p>one, two\n<p>z,,\n")
    failure, page = read(tmp_path / "r.csv")
    assert isinstance(failure, Failure) and failure.place == "row 1" and "2 cells" in failure.reason
    assert isinstance(page, Page) and page.body == "<p>z"


def test_csv_pages_that_are_no_utf_8_keep_their_bytes(tmp_path: Path) -> None:
    """An export in a code page: the page's own decoding finds it out, as in a file of its own."""
    (tmp_path / "r.csv").write_bytes("id,html,text\né,<meta charset=cp1252>“café”,\nb,,“café”\nc,plain,\n".encode("cp1252"))
    first, second, third = read(tmp_path / "r.csv")
    assert isinstance(first, Page) and (first.id, first.body) == ("\ufffd", "<meta charset=cp1252>“café”".encode("cp1252"))
    assert isinstance(second, Page) and second.body == "“café”".encode("cp1252")
    assert isinstance(third, Page) and third.body == "plain"


@pytest.mark.parametrize("name", ["r.jsonl", "r.csv", "r.parquet"])
@pytest.mark.parametrize("column", ["id", "url"])
def test_a_column_that_is_nowhere_is_named_once(tmp_path: Path, name: str, column: str) -> None:
    """A mistyped --column does not lose every address in silence."""
    rows = [{"key": "a", "html": "<p>x"}, {"key": "b", "html": "<p>y"}]
    (tmp_path / "r.jsonl").write_bytes(jsonl(*rows))
    (tmp_path / "r.csv").write_text("key,html\na,<p>x\nb,<p>y\n")
    if name == "r.parquet":
        pq = pytest.importorskip("pyarrow.parquet")
        import pyarrow as pa

        pq.write_table(pa.Table.from_pylist(rows), tmp_path / name)
    (failure,) = [item for item in read(tmp_path / name, **{column: "typo"}) if isinstance(item, Failure)]
    assert f"--column {column}=typo" in str(failure)
    assert all(isinstance(item, Page) for item in read(tmp_path / name, **{column: "key"}))


@pytest.mark.parametrize("name", ["r.jsonl", "r.jsonl.gz", "r.csv", "r.parquet"])
def test_a_file_without_rows_is_unreadable_input(tmp_path: Path, name: str) -> None:
    """Like an empty directory, it is most likely the wrong one."""
    content = {"r.jsonl": b"\n", "r.jsonl.gz": gzip.compress(b""), "r.csv": b"id,html\n"}
    if name == "r.parquet":
        pq = pytest.importorskip("pyarrow.parquet")
        import pyarrow as pa

        pq.write_table(pa.table({"html": pa.array([], pa.string())}), tmp_path / name)
    else:
        (tmp_path / name).write_bytes(content[name])
    (failure,) = read(tmp_path / name)
    assert "holds no rows" in str(failure)


def test_a_zstd_file_with_a_long_window_says_how_to_unpack_it(tmp_path: Path) -> None:
    """Memory stays bounded; what to do is said."""
    # A frame's header with a window of 1 GB (RFC 8878, 3.1.1.1.2) and one empty block.
    (tmp_path / "r.jsonl.zst").write_bytes(b"\x28\xb5\x2f\xfd" + bytes([0, (30 - 10) << 3]) + b"\x01\x00\x00")
    (failure,) = read(tmp_path / "r.jsonl.zst")
    assert "zstd -d --long=31" in str(failure)


def test_parquet_rows_read_like_any_other(tmp_path: Path) -> None:
    """Text and binary columns, nulls, other names."""
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    rows = {"id": [1, 2, 3], "content": [b"<p>x", None, b"<p>z"], "text": [None, "words", None], "other": [0, 0, 0]}
    pq.write_table(pa.table(rows), tmp_path / "r.parquet")
    assert read(tmp_path / "r.parquet", html="content") == [
        Page.from_html(b"<p>x", None, "1"),
        Page.from_text("words", None, "2"),
        Page.from_html(b"<p>z", None, "3"),
    ]


def test_binary_addresses_and_keys_that_are_no_text_are_read(tmp_path: Path) -> None:
    """As writers leave them who give no encoding, or whose key is a date; bytes that are not UTF-8 stand as escapes."""
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    for number, (id, told) in enumerate(
        [
            (b"k\xff", "k\\xff"),
            (datetime(2020, 1, 2, 3, 4), "2020-01-02 03:04:00"),
            (date(2020, 1, 2), "2020-01-02"),
            (Decimal("7.5"), "7.5"),
        ]
    ):
        path = tmp_path / f"{number}.parquet"
        pq.write_table(pa.table({"id": [id], "url": [b"https://example.org/a"], "html": ["<p>x"]}), path)
        assert read(path) == [Page.from_html("<p>x", "https://example.org/a", told)]


def test_times_that_python_has_not_are_read_or_named(tmp_path: Path) -> None:
    """Nanoseconds are text; a year beyond 9999 is a failure, not a traceback."""
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"id": pa.array([1, None], pa.timestamp("ns")), "html": ["<p>x", "<p>y"]}), tmp_path / "r.parquet")
    assert [page.id for page in read(tmp_path / "r.parquet") if isinstance(page, Page)] == ["1970-01-01 00:00:00.000000001", "2"]
    pq.write_table(pa.table({"id": pa.array([1 << 62], pa.timestamp("us")), "html": ["<p>x"]}), tmp_path / "far.parquet")
    (failure,) = read(tmp_path / "far.parquet")
    assert "cannot be read as Parquet" in str(failure)


def test_a_parquet_file_that_is_none_is_named(tmp_path: Path) -> None:
    """Damage is a failure, not a traceback."""
    pytest.importorskip("pyarrow")
    (tmp_path / "r.parquet").write_bytes(b"PAR1 no more")
    (failure,) = read(tmp_path / "r.parquet")
    assert isinstance(failure, Failure)


def test_text_of_a_parquet_file_that_is_no_utf_8_is_a_failure_that_names_the_file(tmp_path: Path) -> None:
    """Parquet promises UTF-8 and nobody checks it until the text is asked for."""
    pq = pytest.importorskip("pyarrow.parquet")
    import pyarrow as pa

    pq.write_table(pa.table({"id": ["1"], "html": ["<p>zzzzzzzz"]}), tmp_path / "whole.parquet", compression="none", use_dictionary=False)
    whole = (tmp_path / "whole.parquet").read_bytes()
    (tmp_path / "r.parquet").write_bytes(whole.replace(b"zzzzzzzz", b"zzzz\xffzzz"))
    (failure,) = read(tmp_path / "r.parquet")
    assert isinstance(failure, Failure) and "r.parquet: cannot be read as Parquet" in str(failure)


def test_without_pyarrow_the_message_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install is said."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (tmp_path / "r.parquet").write_bytes(b"PAR1")
    (failure,) = read(tmp_path / "r.parquet")
    assert "contentfarm-detector[parquet]" in str(failure)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("r.jsonl", gzip.compress(ROWS), "packed with gzip"),
        ("r.csv", zstandard.compress(b"id,html\n"), "packed with zstd"),
        ("r.warc", gzip.compress(b"WARC/1.0"), "packed with gzip"),
        ("r.jsonl.gz", ROWS, "is not packed with gzip, as its name says; name it r.jsonl"),
        ("r.warc.zst", b"WARC/1.0\r\n", "is not packed with zstd"),
        ("r.jsonl", b"[" + ROWS.strip().replace(b"\n", b",") + b"]", "jq -c"),
        ("r.jsonl", b"PAR1", "named .parquet"),
    ],
)
def test_a_file_that_is_packed_otherwise_than_its_name_says_is_named_once(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    """With what to do, instead of a line for each of its lines."""
    (tmp_path / name).write_bytes(content)
    (failure,) = read(tmp_path / name)
    assert words in str(failure) and str(failure).count(str(tmp_path)) == 1
