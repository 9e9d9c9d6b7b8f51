"""Verdicts and facts read back from the files that `detector classify` wrote, a row at a time.

A row that is cut or of another shape is a Failure with its place, and the next is read; a file that was never one of these raises.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

from detector.errors import InputError
from detector.sources.item import Failure, reason
from detector.sources.jsonl import read_objects
from detector.sources.registry import suffix_of
from detector.sources.streams import open_stream

Found: TypeAlias = dict[str, Any] | Failure
# The columns that are read, and the type of what stands there; null stands for not known, but never for a list, whose items are text.
VERDICT: Mapping[str, type] = MappingProxyType({"url": str, "label": str, "flagged": bool, "abstained": str})
FACTS: Mapping[str, type] = MappingProxyType(
    {"url": str, "owner": str, "licences": list, "template": str, "outbound": list, "analytics": list}
)
_WRITTEN = "was it written by detector classify?"
_FLAGGED = {"true": True, "false": False, "": None}


def verdict_rows(path: Path) -> Iterator[Found]:
    """Rows with at least url, label, flagged and abstained, from .jsonl (also .gz, .zst), .csv or .parquet; a Failure for each that is none.

    Raises:
        InputError: the file cannot be read, or holds something else.
    """
    suffix = suffix_of(path.name)
    try:
        if suffix == ".csv":
            yield from _csv(path)
        elif suffix == ".parquet":
            yield from _parquet(path)
        elif suffix in (".jsonl", ".jsonl.gz", ".jsonl.zst"):
            yield from json_rows(path, VERDICT)
        else:
            raise InputError(f"{path}: is no .jsonl, .csv or .parquet of verdicts")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({reason(error)})") from error


def json_rows(path: Path, columns: Mapping[str, type]) -> Iterator[Found]:
    """The objects of a .jsonl file (also .gz, .zst) that have these columns; a Failure for each line that has not.

    Raises:
        InputError: it cannot be read, or its first object has other keys.
    """
    first = True
    try:
        with open_stream(path) as stream:
            for row in read_objects(stream, str(path)):
                if isinstance(row, Failure):
                    yield row
                    continue
                if first and not columns.keys() <= row.values.keys():
                    raise InputError(f"{row.place} has no {', '.join(columns)}; {_WRITTEN}")
                first = False
                yield _checked(path, row.place, dict(row.values), columns)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({reason(error)})") from error
    except InputError as error:
        raise InputError(f"{path}: {str(error).removeprefix(f'{path}: ')}") from error


def _checked(path: Path, place: str, row: dict[str, Any], columns: Mapping[str, type]) -> Found:
    for name, kind in columns.items():
        if name not in row:
            return Failure(str(path), place, f"has no {name!r}; {_WRITTEN}")
        value = row[name]
        if kind is list:
            sound = isinstance(value, list) and all(isinstance(item, str) for item in value)
        else:
            sound = value is None or isinstance(value, kind)
        if not sound:
            wanted = {str: "text", bool: "true or false", list: "a list of text"}[kind]
            return Failure(str(path), place, f"{name!r} is not {wanted}; {_WRITTEN}")
    return row


def _csv(path: Path) -> Iterator[Found]:
    csv.field_size_limit(1 << 26)
    with io.TextIOWrapper(open_stream(path), encoding="utf-8", errors="replace", newline="") as stream:
        rows = csv.DictReader(stream)
        try:
            names = rows.fieldnames or ()
        except csv.Error as error:
            raise InputError(f"{path}: is not CSV ({error})") from error
        if not VERDICT.keys() <= set(names):
            raise InputError(f"{path}: has no column {', '.join(VERDICT)}; {_WRITTEN}")
        try:
            for row in rows:
                place = f"line {rows.line_num}"
                # A line that is cut has fewer fields than the head, and one that two runs wrote into has more.
                if None in row or None in row.values() or row["flagged"] not in _FLAGGED:
                    yield Failure(str(path), place, f"is no verdict; {_WRITTEN}")
                    continue
                values = {name: row[name] or None for name in VERDICT}
                yield {**values, "flagged": _FLAGGED[row["flagged"]]}
        except csv.Error as error:
            yield Failure(str(path), f"line {rows.line_num}", f"cannot be read further ({error})")


def _parquet(path: Path) -> Iterator[Found]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise InputError(f"{path}: Parquet needs pyarrow; pip install 'contentfarm-detector[parquet]'") from error
    number = 0
    try:
        with pq.ParquetFile(path) as file:
            if not VERDICT.keys() <= set(file.schema_arrow.names):
                raise InputError(f"{path}: has no column {', '.join(VERDICT)}; {_WRITTEN}")
            for batch in file.iter_batches(batch_size=4096, columns=list(VERDICT)):
                for row in batch.to_pylist():
                    number += 1
                    yield _checked(path, f"row {number}", row, VERDICT)
    except (OSError, pa.ArrowException, UnicodeDecodeError) as error:
        if not number:
            raise InputError(f"{path}: cannot be read as Parquet ({reason(error)})") from error
        yield Failure(str(path), f"after row {number}", f"cannot be read further ({reason(error)})")
