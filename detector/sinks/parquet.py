"""Parquet: the same columns, evidence as a list of structs. pyarrow is the extra `parquet`.

A Parquet file has its table of contents at the end: half a one is nothing. So rows of a file stand as JSON lines in its part, where a
killed run finds them again, and become Parquet when they are whole; into a pipe they go as they come.
"""

from __future__ import annotations

import json
from typing import BinaryIO

from detector.errors import OutputError
from detector.sinks.arrow import ParquetRows
from detector.sinks.output import Output
from detector.sinks.rows import json_row
from detector.verdict import Verdict


class ParquetSink:
    """Into a file: rows as JSON lines in its part, a Parquet file at the end. A run that ends early leaves the lines.

    Raises:
        OutputError: on creation, where pyarrow is missing.
    """

    def __init__(self, output: Output, written: int = 0) -> None:
        _arrow(output)
        self._output = output
        self._rows = written

    def write(self, verdict: Verdict) -> None:
        self._output.write(json_row(verdict))
        self._rows += 1

    def finish(self) -> None:
        self._output.finish_as(self._convert)

    def stop(self) -> str | None:
        return self._output.stop(keep=self._rows > 0)

    def _convert(self, lines: BinaryIO, parquet: BinaryIO) -> None:
        table = ParquetRows(parquet)
        for line in lines:
            table.add(json.loads(line))
        table.close()


class ParquetStream:
    """Into a pipe or a device: a row group at a time.

    Raises:
        OutputError: on creation, where pyarrow is missing.
    """

    def __init__(self, output: Output) -> None:
        _arrow(output)
        self._output = output
        self._table = ParquetRows(output.stream)

    def write(self, verdict: Verdict) -> None:
        self._table.add(verdict.to_dict())

    def finish(self) -> None:
        self._table.close()
        self._output.finish()

    def stop(self) -> str | None:
        try:
            self._table.close()
        except OutputError:
            # Without its footer the file says nothing; there is nobody to tell.
            pass
        return self._output.stop(keep=False)


def _arrow(output: Output) -> None:
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        output.stop(keep=False)
        raise OutputError("Parquet needs pyarrow; pip install 'contentfarm-detector[parquet]'") from error
