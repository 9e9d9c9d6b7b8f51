"""Verdicts and facts read back from the files that `detector classify` wrote, a row at a time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from detector.errors import InputError
from detector.sources.item import reason
from detector.sources.registry import suffix_of
from detector.sources.streams import lines, open_stream

_COLUMNS = ("url", "label", "flagged", "abstained")


def verdict_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Rows with at least url, label, flagged and abstained, from .jsonl (also .gz, .zst), .csv or .parquet.

    Raises:
        InputError: the file cannot be read, or holds something else; the row is named.
    """
    suffix = suffix_of(path.name)
    try:
        if suffix == ".csv":
            yield from _csv(path)
        elif suffix == ".parquet":
            yield from _parquet(path)
        elif suffix in (".jsonl", ".jsonl.gz", ".jsonl.zst"):
            yield from json_rows(path, _COLUMNS)
        else:
            raise InputError(f"{path}: is no .jsonl, .csv or .parquet of verdicts")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({reason(error)})") from error


def json_rows(path: Path, columns: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """The objects of a .jsonl file (also .gz, .zst).

    Raises:
        InputError: it cannot be read, or a line is no object with these keys.
    """
    try:
        with open_stream(path) as stream:
            for number, line in lines(stream):
                row = _object(line)
                if row is None or any(name not in row for name in columns):
                    raise InputError(f"line {number} has no {', '.join(columns)}; was it written by detector classify?")
                yield row
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({reason(error)})") from error
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def _object(line: bytes | None) -> dict[str, Any] | None:
    try:
        row = json.loads(line or b"")
    except ValueError:
        return None
    return row if isinstance(row, dict) else None


def _csv(path: Path) -> Iterator[dict[str, Any]]:
    csv.field_size_limit(1 << 26)
    with io.TextIOWrapper(open_stream(path), encoding="utf-8", errors="replace", newline="") as stream:
        rows = csv.DictReader(stream)
        if not set(_COLUMNS).issubset(rows.fieldnames or ()):
            raise InputError(f"{path}: has no column {', '.join(_COLUMNS)}; was it written by detector classify?")
        for row in rows:
            flagged = {"true": True, "false": False}.get(row["flagged"] or "")
            yield {"url": row["url"] or None, "label": row["label"] or None, "flagged": flagged, "abstained": row["abstained"] or None}


def _parquet(path: Path) -> Iterator[dict[str, Any]]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise InputError(f"{path}: Parquet needs pyarrow; pip install 'contentfarm-detector[parquet]'") from error
    try:
        with pq.ParquetFile(path) as file:
            if not set(_COLUMNS).issubset(file.schema_arrow.names):
                raise InputError(f"{path}: has no column {', '.join(_COLUMNS)}; was it written by detector classify?")
            for batch in file.iter_batches(batch_size=4096, columns=list(_COLUMNS)):
                yield from batch.to_pylist()
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as Parquet ({reason(error)})") from error
