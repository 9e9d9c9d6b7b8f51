"""A Spark job over WARC and WET archives: one task an archive, one Parquet file a task.

    spark-submit --master 'local[4]' "$(python -c 'import detector.integrations.spark_warc as job; print(job.__file__)')" PATHS OUT

PATHS is a text file with a path or URI a line. OUT is a folder or URI (whatever pyarrow.fs reads: file, s3, gs, hdfs). A task writes under
a name that readers pass over and renames when whole; the name follows from the archive's path, so that a task that is run again, twice at
once, or in a later run, leaves one file with the same rows. Archives whose file is there are not read again, unless another model or
operating point judged them, or the archive has another size or time of change than it had then: their file is replaced. One that cannot be read now is named, and keeps the file
that an earlier run made of it.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import shutil
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detector.detector import Detector
from detector.errors import MISUSE, UNREADABLE, DetectorError, UsageError
from detector.page.page import Page
from detector.sinks.arrow import ParquetRows
from detector.sources import Failure, Options, open_pages
from detector.sources.item import reason

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_REPORT = "archive string, pages bigint, unreadable array<string>"
# Keys in a part's metadata: what could not be read, and what the rows were made from.
_NOTE, _MADE = "unreadable", "made from"


def classify_archives(
    spark: SparkSession, archives: Sequence[str], out: str, *, model: str | None = None, operating_point: str = "default"
) -> list[tuple[str, int, list[str]]]:
    """Judge the pages of all archives into OUT/part-….parquet.

    Returns:
        (archive, pages, what could not be read) in the order given. An archive that cannot be read at all gets no file, and is tried again
        by the next run; of one that is cut or broken the pages before the break are in its file until the archive changes.

    Raises:
        UsageError: there is no archive.
    """
    names = list(dict.fromkeys(archives))
    if not names:
        raise UsageError("there is no archive to read")
    frame = spark.createDataFrame([(name,) for name in names], "archive string").repartition(len(names))
    rows = frame.mapInArrow(_task(out, model, operating_point), _REPORT).collect()
    found = {row.archive: (row.archive, row.pages, list(row.unreadable)) for row in rows}
    return [found[name] for name in names]


def part_name(archive: str) -> str:
    """The file that an archive's verdicts are in."""
    return f"part-{hashlib.sha256(archive.encode()).hexdigest()[:20]}.parquet"


def _task(out: str, model: str | None, operating_point: str) -> Callable[[Iterator[Any]], Iterator[Any]]:
    def run(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow as pa

        schema = pa.schema({"archive": pa.string(), "pages": pa.int64(), "unreadable": pa.list_(pa.string())})
        for batch in batches:
            for archive in batch.column(0).to_pylist():
                pages, unreadable = _judged(archive, out, model, operating_point)
                yield pa.RecordBatch.from_pylist([{"archive": archive, "pages": pages, "unreadable": unreadable}], schema=schema)

    return run


def _judged(archive: str, out: str, model: str | None, operating_point: str) -> tuple[int, list[str]]:
    """(pages, what could not be read) of one archive, whose part is there afterwards."""
    system, folder = _place(out)
    final = f"{folder}/{part_name(archive)}"
    detector = Detector.load(model, operating_point=operating_point)
    # Taken before it is read: what is added meanwhile is another archive.
    made = _made_from(archive, detector)
    if system.get_file_info(final).is_file:
        pages, said, before = _said(system, final)
        # An archive that is gone changes nothing in what was read of it.
        if made == before or made == {**before, "archive": None}:
            return pages, said
    system.create_dir(folder, recursive=True)
    scratch = f"{folder}/_scratch-{uuid.uuid4().hex}"
    failures: list[Failure] = []
    pages = 0
    with tempfile.TemporaryDirectory() as own:
        try:
            local = _local(archive, Path(own))
        except (OSError, ValueError) as error:
            return 0, [f"{archive}: cannot be read ({reason(error)})"]
        with system.open_output_stream(scratch) as stream:
            rows = ParquetRows(stream)
            for verdict in detector.classify_many(_pages(local, failures)):
                rows.add(verdict.to_dict())
                pages += 1
            said = [str(failure).replace(str(local), archive) for failure in failures]
            rows.close({_NOTE: json.dumps(said), _MADE: json.dumps(made)})
    if not pages and any(failure.place is None for failure in failures):
        system.delete_file(scratch)
    else:
        system.move(scratch, final)
    return pages, said


def _pages(archive: Path, failures: list[Failure]) -> Iterator[Page]:
    for item in open_pages([str(archive)], Options()):
        if isinstance(item, Failure):
            failures.append(item)
        else:
            yield item


def _made_from(archive: str, detector: Detector) -> dict[str, Any]:
    """What a part's rows follow from: who judges, and the archive's size and time of change, None where it cannot be seen."""
    verdict = detector.classify(b"")
    state = None
    with contextlib.suppress(OSError, ValueError):
        system, path = _place(archive)
        info = system.get_file_info(path)
        state = [info.size, info.mtime_ns] if info.is_file else None
    return {"model": verdict.model, "operating point": verdict.operating_point, "threshold": verdict.threshold, "archive": state}


def _said(system: Any, part: str) -> tuple[int, list[str], dict[str, Any]]:
    """(pages, what could not be read, what it was made from) of a part, as the run that wrote it had it."""
    import pyarrow.parquet as pq

    with system.open_input_file(part) as stream:
        metadata = pq.read_metadata(stream)
    notes = metadata.metadata or {}
    return metadata.num_rows, json.loads(notes.get(_NOTE.encode(), b"[]")), json.loads(notes.get(_MADE.encode(), b"{}"))


def _place(name: str) -> tuple[Any, str]:
    """(file system of pyarrow, path in it) of a path or URI."""
    from pyarrow.fs import FileSystem, LocalFileSystem

    if "://" in name:
        system, path = FileSystem.from_uri(name)
        return system, path.rstrip("/")
    return LocalFileSystem(), str(Path(name).absolute())


def _local(archive: str, own: Path) -> Path:
    """The archive as a file of this machine's: a copy in `own` where it is elsewhere."""
    if "://" not in archive:
        return Path(archive)
    system, path = _place(archive)
    copy = own / Path(path).name
    with system.open_input_stream(path, compression=None) as theirs, copy.open("wb") as ours:
        shutil.copyfileobj(theirs, ours, 1 << 20)
    return copy


def main() -> None:
    """Exit 0; 2 misuse; 3 some input could not be read."""
    from pyspark.sql import SparkSession

    parser = argparse.ArgumentParser(prog="spark_warc", description="Judge the pages of WARC archives.")
    parser.add_argument("paths", help="a text file with a path or URI of an archive a line")
    parser.add_argument("out", help="a folder or URI for the Parquet files")
    parser.add_argument("--model", help="a folder with an artefact that every worker can read")
    parser.add_argument("--operating-point", default="default")
    arguments = parser.parse_args()
    try:
        archives = [line.strip() for line in Path(arguments.paths).read_text("utf-8").splitlines() if line.strip()]
        Detector.load(arguments.model, operating_point=arguments.operating_point)
        spark = SparkSession.builder.appName("detector").getOrCreate()
        done = classify_archives(spark, archives, arguments.out, model=arguments.model, operating_point=arguments.operating_point)
    except (DetectorError, OSError) as error:
        print(f"detector: {error}", file=sys.stderr)
        sys.exit(MISUSE)
    unreadable = [line for _, _, lines in done for line in lines]
    for line in unreadable:
        print(f"detector: unreadable: {line}", file=sys.stderr)
    print(
        f"detector: {len(done):,} archives, {sum(pages for _, pages, _ in done):,} pages; {len(unreadable):,} unreadable", file=sys.stderr
    )
    sys.exit(UNREADABLE if unreadable else 0)


if __name__ == "__main__":
    main()
