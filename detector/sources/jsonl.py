"""JSONL, plain or packed: a JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from detector.errors import InputError
from detector.sources.item import Failure, Item, Options, reason
from detector.sources.kinds import BOM
from detector.sources.row import NO_ROWS, Row, pages
from detector.sources.streams import MAX_LINE, lines, open_stream


def read_jsonl(path: Path, options: Options) -> Iterator[Item]:
    """The pages of a .jsonl file (also .gz, .zst). A row's number is its line's; of a broken packed stream the lines before are answered.

    Raises:
        OSError: the file cannot be opened.
        InputError: it has no rows.
    """
    empty = True
    with open_stream(path, options.meter) as stream:
        for item in read_lines(stream, str(path), options):
            empty = False
            yield item
    if empty:
        raise InputError(f"{path}: {NO_ROWS}")


def read_lines(stream: BinaryIO, source: str, options: Options) -> Iterator[Item]:
    """The pages of an open stream of JSON lines; a broken line is a Failure with its number, and the next is read.

    A row may lack its id or url; where all of them lack what `--column` names for one, the option is mistyped, and that is a Failure too.
    """
    missing = {name: theirs for name, theirs in options.columns.items() if name in ("id", "url")}
    found = False
    for row in read_objects(stream, source):
        if missing and isinstance(row, Row):
            found = True
            missing = {name: theirs for name, theirs in missing.items() if theirs not in row.values}
        yield from pages((row,), options)
    for name, theirs in missing.items() if found else ():
        yield Failure(source, None, f"no row has {theirs!r}, which --column {name}={theirs} names")


def read_objects(stream: BinaryIO, source: str) -> Iterator[Row | Failure]:
    """The rows of an open stream of JSON lines, whatever is in them; failures as `read_lines`."""
    number = 0
    try:
        for number, line in lines(stream):
            yield _row(line, source, number)
    except (OSError, InputError) as error:
        yield Failure(source, f"after line {number}", f"cannot be read further ({reason(error)})")


def _row(line: bytes | None, source: str, number: int) -> Row | Failure:
    place = f"line {number}"
    if line is None:
        return Failure(source, place, f"is longer than {MAX_LINE:,} bytes")
    try:
        row = json.loads(line.removeprefix(BOM))
    except (ValueError, RecursionError) as error:
        return Failure(source, place, f"is not JSON ({reason(error)})")
    if not isinstance(row, dict):
        return Failure(source, place, "is JSON but no object")
    return Row(source, place, number, row)
