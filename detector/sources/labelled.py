"""Rows with more than a page in them, such as a label: those of a set that is evaluated, JSONL or Parquet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from detector.errors import InputError
from detector.page.page import Page
from detector.sources.item import Failure, Options, reason
from detector.sources.jsonl import read_objects
from detector.sources.parquet import read_records
from detector.sources.registry import ROWS, suffix_of
from detector.sources.row import Row, row_page
from detector.sources.streams import open_stream

SUFFIXES = tuple(suffix for suffix in ROWS if suffix.startswith((".jsonl", ".parquet")))


def open_labelled(path: Path, beside: Sequence[str]) -> Iterator[tuple[Page, str, Mapping[str, Any]] | Failure]:
    """(page, its place in the file, the columns named in `beside` that the row has) in order; a Failure for a row that is none.

    Raises:
        InputError: the file cannot be opened, has another suffix, or is damaged.
    """
    for row in _rows(path, beside):
        if isinstance(row, Failure):
            yield row
            continue
        page = row_page(row.values, row.source, row.place, row.number, Options())
        if isinstance(page, Failure):
            yield page
            continue
        yield page, row.place, {name: row.values[name] for name in beside if row.values.get(name) is not None}


def _rows(path: Path, beside: Sequence[str]) -> Iterator[Row | Failure]:
    suffix = suffix_of(path.name)
    if suffix not in SUFFIXES:
        raise InputError(f"{path}: is neither a folder nor named as rows are ({', '.join(SUFFIXES)})")
    try:
        if suffix == ".parquet":
            yield from read_records(path, Options(), beside)
            return
        with open_stream(path) as stream:
            yield from read_objects(stream, str(path))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({reason(error)})") from error
