"""What a cut-off run left in OUT.part, so that `--resume` goes on behind it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from detector.errors import OutputError, UsageError
from detector.sinks.output import part_of
from detector.sinks.sink import COLUMNS

# Parquet stands as JSON lines in its part.
RESUMABLE = ("jsonl", "csv", "parquet")


@dataclass(frozen=True, slots=True)
class Done:
    """What a finished row says: enough to check that it belongs to this run, and to count it."""

    id: str
    url: str | None
    model: str
    threshold: float
    flag_probability: float | None
    label: str | None
    abstained: str | None


@dataclass(frozen=True, slots=True)
class Written:
    """`rows` whole rows stand in the first `length` bytes of `part`."""

    part: Path
    format: str
    rows: int
    length: int

    def __iter__(self) -> Iterator[Done]:
        """The rows in order, read as they are asked for.

        Raises:
            UsageError: a line is no row of this program's.
        """
        try:
            for row in islice(self._read(), self.rows):
                probability = row["flag_probability"]
                yield Done(
                    row["id"],
                    row["url"] or None,
                    row["model"],
                    float(row["threshold"]),
                    None if probability in (None, "") else float(probability),
                    row["label"] or None,
                    row["abstained"] or None,
                )
        except (ValueError, KeyError, TypeError, csv.Error) as error:
            raise UsageError(f"{self.part}: holds a row that is no verdict; remove the file, or run without --resume") from error

    def _read(self) -> Iterator[dict[str, str]]:
        # Names that are not UTF-8 were written with backslashes; nothing else can fail to decode.
        with self.part.open(encoding="utf-8", newline="") as stream:
            if self.format == "csv":
                yield from csv.DictReader(stream)
            else:
                yield from map(json.loads, stream)


def find_written(out: Path, format: str) -> Written | None:
    """The whole rows of OUT.part; a last one that was cut in writing is taken off the file. None if there is no part.

    Raises:
        UsageError: the part is not this program's, or the format cannot be resumed.
        OutputError: it cannot be read or written.
    """
    if format not in RESUMABLE:
        raise UsageError(f"--resume goes with {', '.join(RESUMABLE)}, whose rows can be counted, not with {format}")
    part = part_of(out.resolve())
    if not part.exists():
        return None
    try:
        with part.open("r+b") as stream:
            header = stream.readline() if format == "csv" else b""
            if header and header.rstrip() != ",".join(COLUMNS).encode():
                if header.endswith(b"\n"):
                    raise UsageError(f"{part}: is not a CSV of verdicts; remove it, or run without --resume")
                header = b""
                stream.seek(0)
            rows, length = _whole_rows(stream, len(header), quoted=format == "csv") if header or format != "csv" else (0, 0)
            stream.truncate(length if rows else 0)
    except OSError as error:
        raise OutputError(f"{part}: cannot be resumed ({error.strerror})") from error
    return Written(part, format, rows, length) if rows else None


def cut_to(part: Path, rows: int) -> None:
    """Take off a part of JSON lines what stands behind its first `rows`.

    Raises:
        UsageError: it has fewer.
        OutputError: it cannot be read or written.
    """
    try:
        with part.open("r+b") as stream:
            for number in range(rows):
                if not stream.readline().endswith(b"\n"):
                    raise UsageError(
                        f"{part}: has {number} rows where the verdicts have {rows}; remove both parts, or run without --resume"
                    )
            stream.truncate(stream.tell())
    except OSError as error:
        raise OutputError(f"{part}: cannot be resumed ({error.strerror})") from error


def _whole_rows(stream: BinaryIO, length: int, quoted: bool) -> tuple[int, int]:
    """(whole rows, bytes up to the end of the last). In CSV a line break inside quotes ends no row: an even number of quotes does."""
    rows, pending, quotes = 0, 0, 0
    for line in stream:
        pending += len(line)
        quotes += line.count(b'"') if quoted else 0
        if line.endswith(b"\n") and quotes % 2 == 0:
            rows, length, pending = rows + 1, length + pending, 0
    return rows, length
