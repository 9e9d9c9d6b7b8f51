"""CSV with a header line, read by the standard library."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TextIO

from detector.errors import InputError
from detector.sources.item import COLUMNS, Failure, Item, Options, reason
from detector.sources.row import NO_ROWS, check_columns, row_page
from detector.sources.streams import MAX_LINE, open_stream


def read_csv(path: Path, options: Options) -> Iterator[Item]:
    """The pages of a .csv file; a row's number counts records after the header.

    Raises:
        OSError: the file cannot be opened.
        InputError: it has no rows, no column that holds pages or none that `--column` names, or a line that no field may be long enough for.
    """
    with open_stream(path, options.meter) as stream:
        yield from read_table(stream, str(path), options)


def read_table(stream: BinaryIO, source: str, options: Options) -> Iterator[Item]:
    """As `read_csv`, from an open stream, which it closes."""
    # The library's own limit is 128 KB a field; pages are longer.
    csv.field_size_limit(MAX_LINE)
    # Bytes that are no UTF-8 stay what they are until a page is made of them.
    with io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
        lines = _Lines(text)
        rows = csv.reader(lines)
        number = 0
        try:
            header = next(rows, [])
            check_columns(header, source, options)
            begins = rows.line_num + 1
            for cells in rows:
                if lines.ended:
                    # A row is handed on at the end of its line; only inside a quote does the library ask for one more.
                    yield Failure(source, f"line {begins}", "opens a quote that nothing closes; it and what follows are not read")
                    return
                begins = rows.line_num + 1
                if not cells:
                    continue
                number += 1
                yield _item(header, cells, source, number, options)
        except (csv.Error, OSError) as error:
            # After an error the library is lost inside a field: what follows would be taken for rows.
            yield Failure(source, f"line {rows.line_num}", f"{reason(error)}; what follows is not read")
            return
    if not number:
        raise InputError(f"{source}: {NO_ROWS}")


def _item(header: list[str], cells: list[str], source: str, number: int, options: Options) -> Item:
    place = f"row {number}"
    if any(cells[len(header) :]):
        return Failure(source, place, f"has {len(cells)} cells where the header has {len(header)}; cells with commas in them need quotes")
    row: dict[str, str | bytes | None] = dict(zip(header, cells, strict=False))
    # CSV has no null: an empty cell is one, except where it is the only page that the row has.
    for name in ("id", "url"):
        row[options.column(name)] = row.get(options.column(name)) or None
    for name in COLUMNS[2:]:
        value = row.get(options.column(name))
        if isinstance(value, str) and not value.isascii():
            row[options.column(name)] = _body(value)
    return row_page(row, source, place, number, options)


def _body(text: str) -> str | bytes:
    """The text, or its bytes where they are no UTF-8: a page says itself what they are."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape")
    return text


class _Lines:
    """The lines of a file, and whether one was asked for after the last."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(MAX_LINE + 1)
        if not line:
            self.ended = True
            raise StopIteration
        if len(line) > MAX_LINE:
            raise csv.Error(f"a line is longer than {MAX_LINE:,} characters")
        return line
