"""One registry of formats."""

from __future__ import annotations

import sys
from pathlib import Path

from detector.errors import UsageError
from detector.sinks.output import STDOUT, Output, part_of
from detector.sinks.rows import RowSink, csv_header, csv_row, json_row
from detector.sinks.sink import Sink
from detector.sinks.written import Written, cut_to

FORMATS = ("table", "jsonl", "csv", "parquet")
# A table for people would be a surprise there.
_UNWRITTEN = ("json", "ndjson", "tsv", "xlsx")
_PACKED = (".gz", ".zst", ".bz2", ".xz", ".zip")


def format_of(format: str | None, out: str | None) -> str:
    """The format asked for, else the one that OUT's suffix names, else a table.

    Raises:
        UsageError: there is no such format, or OUT is named as if it were packed, or a format that is not written.
    """
    if Path(out or "").suffix.lower() in _PACKED:
        raise UsageError(f"-o {out}: nothing is written packed; give .jsonl, .csv or .parquet (packed inside), and pack it afterwards")
    if format is None:
        suffix = Path(out or "").suffix.lower().removeprefix(".")
        if suffix in _UNWRITTEN:
            raise UsageError(f"-o {out}: nothing is written as .{suffix}; give .jsonl, .csv or .parquet, or --format too")
        return suffix if suffix in FORMATS else "table"
    if format not in FORMATS:
        raise UsageError(f"--format {format!r} is none of {', '.join(FORMATS)}")
    return format


def path_of(out: str | None) -> Path | None:
    """OUT as a path; None is standard output."""
    return None if out in (None, STDOUT) else Path(str(out))


def open_facts(path: Path, written: int) -> Output:
    """A file of JSON lines beside the verdicts; goes on behind the first `written` of a cut-off run.

    Raises:
        UsageError: the cut-off run left none, or fewer lines than verdicts.
        OutputError: it cannot be written.
    """
    if written:
        part = part_of(path.resolve())
        if not part.exists():
            raise UsageError(f"{part}: is not there: the cut-off run wrote no facts to {path}; leave --facts out, or run without --resume")
        cut_to(part, written)
    return Output(path, append=written > 0, option="--facts")


def check_terminal(format: str, path: Path | None) -> None:
    """Raises:
    UsageError: Parquet into a terminal.
    """
    if format == "parquet" and path is None and sys.stdout.isatty():
        raise UsageError("Parquet is not for a terminal; give -o OUT.parquet")


def open_sink(format: str, path: Path | None, written: Written | None = None) -> Sink:
    """A sink that can be written; rows are added to those that `written` found.

    Raises:
        OutputError: the output cannot be written, or needs an extra that is missing.
        UsageError: as `check_terminal`.
    """
    check_terminal(format, path)
    output = Output(path, append=written is not None)
    rows = 0 if written is None else written.rows
    if format == "jsonl":
        return RowSink(output, json_row, written=rows)
    if format == "csv":
        return RowSink(output, csv_row, csv_header(), rows)
    # Both bring libraries with them that the other formats do without.
    if format == "parquet":
        from detector.sinks.parquet import ParquetSink, ParquetStream

        return ParquetStream(output) if output.is_direct else ParquetSink(output, rows)
    from detector.sinks.table import TableSink

    return TableSink(output, terminal=path is None and sys.stdout.isatty())
