"""Rows as text: JSONL and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

from detector.sinks.output import Output
from detector.sinks.sink import COLUMNS
from detector.verdict import Verdict


def json_row(verdict: Verdict) -> bytes:
    """A line of the interface. A file name that is not UTF-8 keeps its odd bytes as JSON escapes."""
    return (json.dumps(verdict.to_dict(), ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def csv_row(verdict: Verdict) -> bytes:
    """The same columns; probabilities and evidence as JSON text, null as an empty cell."""
    return _csv_line([_cell(value) for value in verdict.to_dict().values()])


def csv_header() -> bytes:
    return _csv_line(list(COLUMNS))


class RowSink:
    """Writes a row at a time."""

    def __init__(self, output: Output, row: Callable[[Verdict], bytes], header: bytes = b"", written: int = 0) -> None:
        self._output = output
        self._row = row
        self._rows = written
        if header and not written:
            output.write(header)

    def write(self, verdict: Verdict) -> None:
        self._output.write(self._row(verdict))
        self._rows += 1

    def finish(self) -> None:
        self._output.finish()

    def stop(self) -> str | None:
        return self._output.stop(keep=self._rows > 0)


def _csv_line(cells: list[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue().encode("utf-8", "backslashreplace")


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
