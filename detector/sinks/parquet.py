"""Parquet: the same columns, evidence as a list of structs. pyarrow is the extra `parquet`.

A Parquet file has its table of contents at the end: half a one is nothing. So rows of a file stand as JSON lines in its part, where a
killed run finds them again, and become Parquet when they are whole; into a pipe they go as they come.
"""

from __future__ import annotations

import json
from typing import Any, BinaryIO

from detector.errors import OutputError
from detector.sinks.output import Output
from detector.sinks.rows import json_row
from detector.verdict import LABELS, Verdict

# Verdicts a row group; evidence makes one a few kilobytes.
_GROUP = 2000


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
        table = _Table(parquet)
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
        self._table = _Table(output.stream)

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


class _Table:
    """Rows into Parquet, a row group in memory."""

    def __init__(self, stream: BinaryIO) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._arrow = pa
        self._rows: list[dict[str, Any]] = []
        self._schema = _schema(pa)
        self._writer = pq.ParquetWriter(stream, self._schema, compression="zstd")

    def add(self, row: dict[str, Any]) -> None:
        self._rows.append(_sound(row))
        if len(self._rows) == _GROUP:
            self._flush()

    def close(self) -> None:
        self._flush()
        try:
            self._writer.close()
        except OSError as error:
            raise OutputError(f"the Parquet file cannot be written any more ({error})") from error

    def _flush(self) -> None:
        try:
            self._writer.write_table(self._arrow.Table.from_pylist(self._rows, schema=self._schema))
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputError(f"the Parquet file cannot be written any more ({error})") from error
        self._rows = []


def _arrow(output: Output) -> None:
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        output.stop(keep=False)
        raise OutputError("Parquet needs pyarrow; pip install 'contentfarm-detector[parquet]'") from error


def _schema(pa: Any) -> Any:
    text, real, whole = pa.string(), pa.float64(), pa.int64()
    evidence = pa.struct(
        {"code": text, "source": text, "role": text, "quote": text, "start": whole, "end": whole, "weight": real, "message": text}
    )
    return pa.schema(
        {
            "id": text,
            "url": text,
            "label": text,
            "flagged": pa.bool_(),
            "flag_probability": real,
            "probabilities": pa.struct({str(label): real for label in LABELS}),
            "evidence": pa.list_(evidence),
            "abstained": text,
            "partial": text,
            "operating_point": text,
            "threshold": real,
            "model": text,
        }
    )


def _sound(value: Any) -> Any:
    """Names that are not UTF-8 keep their odd bytes as escapes, as in the other formats."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {key: _sound(item) for key, item in value.items()}
    return [_sound(item) for item in value] if isinstance(value, list) else value
