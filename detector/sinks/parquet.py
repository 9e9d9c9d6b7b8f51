"""Parquet: the same columns, evidence as a list of structs. pyarrow is the extra `parquet`."""

from __future__ import annotations

from typing import Any

from detector.errors import OutputError
from detector.sinks.output import Output
from detector.verdict import LABELS, Verdict

# Verdicts a row group; evidence makes one a few kilobytes.
_GROUP = 2000


class ParquetSink:
    """Collects a row group at a time. A run that ends early leaves a whole file in the part.

    Raises:
        OutputError: on creation, where pyarrow is missing.
    """

    def __init__(self, output: Output) -> None:
        self._output = output
        self._rows: list[dict[str, Any]] = []
        self._any = False
        try:
            import pyarrow as pa
            import pyarrow.parquet as pq
        except ImportError as error:
            output.stop(keep=False)
            raise OutputError("Parquet needs pyarrow; pip install 'contentfarm-detector[parquet]'") from error
        self._arrow = pa
        self._schema = _schema(pa)
        self._writer = pq.ParquetWriter(output.stream, self._schema, compression="zstd")

    def write(self, verdict: Verdict) -> None:
        self._rows.append(_sound(verdict.to_dict()))
        self._any = True
        if len(self._rows) == _GROUP:
            self._flush()

    def finish(self) -> None:
        self._flush()
        self._close()
        self._output.finish()

    def stop(self) -> str | None:
        try:
            self._flush()
            self._close()
        except OutputError:
            # Without its footer the file says nothing.
            self._any = False
        return self._output.stop(keep=self._any)

    def _flush(self) -> None:
        try:
            self._writer.write_table(self._arrow.Table.from_pylist(self._rows, schema=self._schema))
        except OSError as error:
            raise OutputError(f"the Parquet file cannot be written any more ({error})") from error
        self._rows = []

    def _close(self) -> None:
        try:
            self._writer.close()
        except OSError as error:
            raise OutputError(f"the Parquet file cannot be written any more ({error})") from error


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
