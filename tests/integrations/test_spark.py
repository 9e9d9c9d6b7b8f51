"""A real Spark session on this machine: frames, archives, and the job as spark-submit runs it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyspark", reason="needs the extra spark: pip install 'contentfarm-detector[spark]'")
if shutil.which("java") is None:
    pytest.skip("Spark needs Java 17 or newer on the PATH", allow_module_level=True)

import pyarrow.parquet as pq
from pyspark.sql import SparkSession
from typer.testing import CliRunner

import detector
from detector import Detector, Page, UsageError
from detector.cli.app import app
from detector.integrations import spark_warc
from detector.integrations.spark import SCHEMA, classify_frame
from detector.sinks.sink import COLUMNS

from ..sources.test_written_archives import archive

ROOT = Path(detector.__file__).parent.parent
DEMO = ROOT / "tests" / "pages" / "demo"


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    with pytest.MonkeyPatch.context() as patch:
        # The Java process hands its environment on to the Python workers.
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        builder = SparkSession.builder.master("local[2]").appName("tests")
        for key, value in {
            "spark.ui.enabled": "false",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.sql.shuffle.partitions": "2",
            "spark.sql.execution.arrow.maxRecordsPerBatch": "3",
        }.items():
            builder = builder.config(key, value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        yield session
        session.stop()


def as_json(rows: Iterator[dict[str, Any]] | list[dict[str, Any]]) -> list[str]:
    """Rows as `--format jsonl` writes them, sorted."""
    return sorted(json.dumps({name: row[name] for name in COLUMNS}, ensure_ascii=False) for row in rows)


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A WARC with the demo pages among others, and a WET."""
    folder = tmp_path_factory.mktemp("archives")
    (folder / "a.warc.gz").write_bytes(archive(30, gzip=True)[0])
    (folder / "b.wet.gz").write_bytes(archive(9, gzip=True, wet=True)[0])
    return [str(folder / "a.warc.gz"), str(folder / "b.wet.gz")]


def locally(*sources: str) -> list[str]:
    done = CliRunner().invoke(app, ["classify", *sources, "--format", "jsonl"])
    return sorted(done.stdout.splitlines())


def of_parts(out: Path) -> list[str]:
    return as_json([row for part in sorted(out.glob("part-*.parquet")) for row in pq.read_table(part).to_pylist()])


@pytest.mark.parametrize("binary", [False, True])
def test_a_frame_of_pages_becomes_the_verdicts_of_the_library(spark: SparkSession, detector: Detector, binary: bool) -> None:
    """From text or bytes, HTML or plain text, column by column, null bodies too; kept columns stay with their rows."""
    pages = [(Page.from_file(path), number) for number, path in enumerate(sorted(DEMO.iterdir()))]
    rows: list[tuple[Any, ...]] = []
    expected = []
    for page, number in pages:
        body = bytes(page.body) if binary else bytes(page.body).decode()
        is_text = page.id.endswith(".txt")
        rows.append((page.id, page.url, None if is_text else body, body if is_text else None, number))
        expected.append(detector.classify(Page.from_text(body, page.url, page.id) if is_text else Page.from_html(body, page.url, page.id)))
    rows.append(("nothing", None, None, None, 99))
    expected.append(detector.classify(Page.from_html("", None, "nothing")))
    kind = "binary" if binary else "string"
    frame = spark.createDataFrame(rows, f"id string, address string, html {kind}, text {kind}, `crawl number` int").repartition(2)
    found = classify_frame(frame, columns={"url": "address"}, keep=["crawl number"]).collect()
    assert as_json([row.asDict(recursive=True) for row in found]) == as_json([verdict.to_dict() for verdict in expected])
    numbers = {row.id: row["crawl number"] for row in found}
    assert numbers == {row[0]: row[4] for row in rows}


@pytest.mark.parametrize(
    ("kind", "value", "id"),
    [
        ("date", date(2020, 1, 2), "2020-01-02"),
        ("timestamp_ntz", datetime(2020, 1, 2, 3, 4, 5), "2020-01-02 03:04:05"),
        ("binary", b"a\xff", "a\\xff"),
        ("bigint", 7, "7"),
        ("decimal(10,2)", Decimal("7.50"), "7.50"),
    ],
)
def test_keys_that_are_no_text_name_pages_that_are_judged(
    spark: SparkSession, detector: Detector, kind: str, value: object, id: str
) -> None:
    """Binary addresses too; a row without an id has an empty one, with a body or without."""
    body, url = (DEMO / "scraped-en-embassy-interview.txt").read_text(), "https://example.org/a"
    rows = [(value, url.encode(), body), (None, None, body), (None, None, None)]
    found = classify_frame(spark.createDataFrame(rows, f"id {kind}, url binary, text string").coalesce(1)).collect()
    expected = [Page.from_text(body, url, id), Page.from_text(body), Page.from_html("")]
    assert as_json([row.asDict(recursive=True) for row in found]) == as_json([detector.classify(page).to_dict() for page in expected])


@pytest.mark.parametrize(
    ("schema", "row", "column"),
    [
        ("id boolean, html string", (True, "a"), "'id'"),
        ("id array<string>, html string", (["a"], "a"), "'id'"),
        ("address int, html string", (1, "a"), "'address'"),
        ("url string, html date", ("a", date(2020, 1, 2)), "'html'"),
    ],
)
def test_a_column_of_a_type_that_no_page_has_is_told_before_the_job(
    spark: SparkSession, schema: str, row: tuple[object, ...], column: str
) -> None:
    """Not one empty page a row."""
    columns = {"url": "address"} if "address" in schema else {}
    with pytest.raises(UsageError, match=f"{column}.*cast it to string"):
        classify_frame(spark.createDataFrame([row], schema), columns=columns)


def test_misuse_of_a_frame_is_told_before_the_job(spark: SparkSession) -> None:
    """No column with pages, a column that is not there, a name that the verdict has."""
    frame = spark.createDataFrame([("a", "b")], "id string, content string")
    with pytest.raises(UsageError, match="html"):
        classify_frame(frame)
    with pytest.raises(UsageError, match="'crawl'"):
        classify_frame(frame, columns={"html": "content"}, keep=["crawl"])
    with pytest.raises(UsageError, match="'id'"):
        classify_frame(frame, columns={"html": "content"}, keep=["id"])
    assert classify_frame(frame, columns={"html": "content"}).columns == list(COLUMNS)
    assert SCHEMA.count("`end`") == 1


def test_archives_give_the_rows_of_the_command_byte_for_byte(spark: SparkSession, archives: list[str], tmp_path: Path) -> None:
    """Spark's output, sorted, is the local output, sorted; a URI names a file as well as a path does."""
    report = spark_warc.classify_archives(spark, [archives[0], Path(archives[1]).as_uri()], str(tmp_path / "out"))
    assert [(pages, unreadable) for _, pages, unreadable in report] == [(30, []), (9, [])]
    assert of_parts(tmp_path / "out") == locally(*archives)
    assert len(of_parts(tmp_path / "out")) == 39


def test_a_task_that_is_run_again_leaves_one_file(spark: SparkSession, archives: list[str], tmp_path: Path) -> None:
    """Finished archives are not read again, missing ones are; scraps of a task that was killed are no rows."""
    out = tmp_path / "out"
    spark_warc.classify_archives(spark, archives, str(out))
    first, second = (out / spark_warc.part_name(name) for name in archives)
    rows, before = of_parts(out), first.stat().st_mtime_ns
    second.unlink()
    (out / "_scratch-of-a-killed-task").write_bytes(b"PAR1 half")
    report = spark_warc.classify_archives(spark, [*archives, archives[0]], str(out))
    assert [pages for _, pages, _ in report] == [30, 9]
    assert of_parts(out) == rows and first.stat().st_mtime_ns == before
    assert spark.read.parquet(str(out)).count() == 39


def test_what_another_model_judged_or_has_arrived_since_is_judged_again(spark: SparkSession, archives: list[str], tmp_path: Path) -> None:
    """Another operating point, an archive that was cut and is whole: one file still, with the rows of this run. One that is gone is done."""
    out, (whole, starts) = tmp_path / "out", archive(5, gzip=True)
    (tmp_path / "a.warc.gz").write_bytes(whole[: starts[4] + 40])
    names = [str(tmp_path / "a.warc.gz")]
    assert [pages for _, pages, _ in spark_warc.classify_archives(spark, names, str(out))] == [3]
    (tmp_path / "a.warc.gz").write_bytes(whole)
    assert spark_warc.classify_archives(spark, names, str(out)) == [(names[0], 5, [])]
    assert of_parts(out) == locally(*names)
    spark_warc.classify_archives(spark, names, str(out), operating_point="high-recall")
    assert of_parts(out) == locally(*names, "--operating-point", "high-recall")
    (part,) = out.iterdir()
    before = part.stat().st_mtime_ns
    (tmp_path / "a.warc.gz").unlink()
    assert spark_warc.classify_archives(spark, names, str(out), operating_point="high-recall") == [(names[0], 5, [])]
    assert part.stat().st_mtime_ns == before


def test_broken_and_missing_archives_are_named_in_every_run(spark: SparkSession, archives: list[str], tmp_path: Path) -> None:
    """Up to the break a cut archive is answered; a missing one leaves no file, so that the next run tries again."""
    whole, starts = archive(5, gzip=True)
    cut, missing = tmp_path / "cut.warc.gz", tmp_path / "missing.warc.gz"
    cut.write_bytes(whole[: starts[4] + 40])
    for _ in range(2):
        report = spark_warc.classify_archives(spark, [str(cut), str(missing)], str(tmp_path / "out"))
        assert [pages for _, pages, _ in report] == [3, 0]
        assert f"record 5 at byte {starts[4]:,}" in report[0][2][0]
        assert "missing.warc.gz" in report[1][2][0]
    missing.write_bytes(whole)
    assert spark_warc.classify_archives(spark, [str(missing)], str(tmp_path / "out")) == [(str(missing), 5, [])]
    assert sorted(path.name[:5] for path in (tmp_path / "out").iterdir()) == ["part-", "part-"]


def test_the_job_runs_under_spark_submit(archives: list[str], tmp_path: Path) -> None:
    """As the documentation says it: a list of paths in, Parquet out, exit 3 and a line for what could not be read."""
    (tmp_path / "paths.txt").write_text("\n".join([*archives, str(tmp_path / "none.warc")]) + "\n")
    submit = shutil.which("spark-submit", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    assert submit is not None
    command = [submit, "--master", "local[2]", "--conf", "spark.ui.enabled=false", "--conf", "spark.driver.host=127.0.0.1"]
    command += [spark_warc.__file__, str(tmp_path / "paths.txt"), str(tmp_path / "out")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYSPARK_PYTHON": sys.executable}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment, timeout=600, check=False)
    assert done.returncode == 3, done.stderr[-3000:]
    # Spark passes a Python program's standard error on as standard output.
    assert "3 archives, 39 pages; 1 unreadable" in done.stdout + done.stderr
    assert of_parts(tmp_path / "out") == locally(*archives)
