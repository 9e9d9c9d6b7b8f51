"""Parquet, read in small batches. pyarrow is the extra `parquet`: the only reader of the format with wheels for every platform."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from detector.errors import InputError
from detector.sources.item import COLUMNS, Item, Options, reason
from detector.sources.row import NO_ROWS, Row, check_columns, pages

# Pages a batch: their bodies are in memory together.
_BATCH = 64


def read_parquet(path: Path, options: Options) -> Iterator[Item]:
    """The pages of a .parquet file; a row's number counts from 1.

    Raises:
        InputError: as `read_records`, and where it has no rows.
    """
    empty = True
    for item in pages(read_records(path, options), options):
        empty = False
        yield item
    if empty:
        raise InputError(f"{path}: {NO_ROWS}")


def read_records(path: Path, options: Options, beside: Sequence[str] = ()) -> Iterator[Row]:
    """The rows of a .parquet file: the columns of a page, and those named in `beside` that it has.

    Raises:
        InputError: pyarrow is missing, the file is no Parquet, damaged, or has no column that holds pages or none that
            `--column` names.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise InputError(f"{path}: Parquet needs pyarrow; pip install 'contentfarm-detector[parquet]'") from error
    number = 0
    try:
        with pq.ParquetFile(path) as file:
            names = [options.column(name) for name in COLUMNS if options.column(name) in file.schema_arrow.names]
            check_columns(file.schema_arrow.names, str(path), options)
            names += [name for name in beside if name in file.schema_arrow.names and name not in names]
            if options.meter is not None:
                # Rows stand for bytes: pyarrow does not say where in the file it reads.
                share = path.stat().st_size / max(1, file.metadata.num_rows)
                options.meter.watch(lambda: int(number * share))
            for batch in file.iter_batches(batch_size=_BATCH, columns=names):
                # Python has no time of nanoseconds.
                columns = [
                    column.cast(pa.string()) if pa.types.is_timestamp(column.type) and column.type.unit == "ns" else column
                    for column in batch.columns
                ]
                for cells in zip(*(column.to_pylist() for column in columns), strict=True):
                    number += 1
                    yield Row(str(path), f"row {number}", number, dict(zip(batch.schema.names, cells, strict=True)))
    except (pa.ArrowException, ValueError, OverflowError, OSError) as error:
        # Text that is no UTF-8, and dates that Python has not, are found when they are asked for.
        place = f"after row {number} " if number else ""
        raise InputError(f"{path}: {place}cannot be read as Parquet ({reason(error)})") from error
