"""Verdicts as Arrow: the schema of Parquet files and of Spark's frames. pyarrow is the extra `parquet`."""

from __future__ import annotations

from typing import Any, BinaryIO

from detector.errors import OutputError
from detector.verdict import LABELS

# Verdicts a row group; evidence makes one a few kilobytes.
_GROUP = 2000


class ParquetRows:
    """Rows into Parquet, a row group in memory."""

    def __init__(self, stream: BinaryIO) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._arrow = pa
        self._rows: list[dict[str, Any]] = []
        self._schema = verdict_schema()
        self._writer = pq.ParquetWriter(stream, self._schema, compression="zstd")

    def add(self, row: dict[str, Any]) -> None:
        """Take `Verdict.to_dict()`.

        Raises:
            OutputError: the file cannot be written any more.
        """
        self._rows.append(sound(row))
        if len(self._rows) == _GROUP:
            self._flush()

    def close(self, said: dict[str, str] | None = None) -> None:
        """Write what is left and the table of contents; `said` goes into the file's metadata.

        Raises:
            OutputError: the file cannot be written any more.
        """
        self._flush()
        try:
            if said:
                self._writer.add_key_value_metadata(said)
            self._writer.close()
        except (OSError, self._arrow.ArrowException) as error:
            raise OutputError(f"the Parquet file cannot be written any more ({error})") from error

    def _flush(self) -> None:
        try:
            self._writer.write_table(self._arrow.Table.from_pylist(self._rows, schema=self._schema))
        except BrokenPipeError:
            raise
        except (OSError, self._arrow.ArrowException) as error:
            # After a failed write pyarrow's own stream is closed, and it says that instead.
            raise OutputError(f"the Parquet file cannot be written any more ({error})") from error
        self._rows = []


def verdict_schema() -> Any:
    """The columns of the interface as a pyarrow schema."""
    import pyarrow as pa

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


def sound(value: Any) -> Any:
    """Names that are not UTF-8 keep their odd bytes as escapes, as in the other formats."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {key: sound(item) for key, item in value.items()}
    return [sound(item) for item in value] if isinstance(value, list) else value
