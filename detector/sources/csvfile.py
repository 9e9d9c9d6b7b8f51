"""CSV with a header line, read by the standard library."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from detector.errors import InputError
from detector.sources.item import Failure, Item, Options, reason
from detector.sources.row import has_pages, no_pages, row_page
from detector.sources.streams import MAX_LINE, open_stream


def read_csv(path: Path, options: Options) -> Iterator[Item]:
    """The pages of a .csv file; a row's number counts records after the header.

    Raises:
        OSError: the file cannot be opened.
        InputError: it has no column that holds pages, or a line that no field may be long enough for.
    """
    # The library's own limit is 128 KB a field; pages are longer.
    csv.field_size_limit(MAX_LINE)
    with io.TextIOWrapper(open_stream(path, options.meter), encoding="utf-8-sig", errors="replace", newline="") as stream:
        rows = csv.reader(_lines(stream))
        try:
            header = next(rows, [])
            if not has_pages(header, options):
                raise InputError(f"{path}: {no_pages(options)}")
            number = 0
            for cells in rows:
                if not cells:
                    continue
                number += 1
                yield row_page(_row(header, cells, options), str(path), f"row {number}", number, options)
        except (csv.Error, OSError) as error:
            # After an error the library is lost inside a field: what follows would be taken for rows.
            yield Failure(str(path), f"line {rows.line_num}", f"{reason(error)}; what follows is not read")


def _row(header: list[str], cells: list[str], options: Options) -> dict[str, str | None]:
    """CSV has no null: an empty cell is one, except where it is the only page that the row has."""
    row: dict[str, str | None] = dict(zip(header, cells, strict=False))
    for name in ("id", "url"):
        row[options.column(name)] = row.get(options.column(name)) or None
    return row


def _lines(stream: TextIO) -> Iterator[str]:
    while line := stream.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE:
            raise csv.Error(f"a line is longer than {MAX_LINE:,} characters")
        yield line
