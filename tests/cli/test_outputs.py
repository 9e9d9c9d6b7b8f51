"""Where rows go: a file, a table for people, a pipe that is closed."""

from __future__ import annotations

import csv
import json
import threading
from pathlib import Path

import pytest

from .conftest import PAGE, Run, Spawn, rows_of


def test_a_run_does_not_read_what_it_wrote_into_its_own_directory(run: Run, tmp_path: Path) -> None:
    """The same command twice gives the same rows."""
    (tmp_path / "a.html").write_text(PAGE)
    for _ in range(2):
        assert run("classify", tmp_path, "-o", tmp_path / "o.csv", "--facts", tmp_path / "f.jsonl").exit_code == 0
        assert len((tmp_path / "f.jsonl").read_bytes().splitlines()) == 1


def test_output_follows_the_suffix_and_a_summary_closes_the_run(run: Run, tmp_path: Path) -> None:
    """-o OUT.csv is CSV, standard output stays empty, and the summary counts what happened."""
    (tmp_path / "a.jsonl").write_bytes(rows_of(3) + b'{"text": "short"}\n{broken\n')
    result = run("classify", tmp_path / "a.jsonl", "-o", tmp_path / "o.csv", "--threshold", 1)
    assert (result.exit_code, result.stdout) == (3, "")
    with (tmp_path / "o.csv").open(newline="", encoding="utf-8") as stream:
        assert [row["id"] for row in csv.DictReader(stream)] == ["p0", "p1", "p2", "4"]
    assert result.stderr.splitlines()[-1].startswith("detector: 4 pages: 3 clean, 1 abstained (too-little-text 1); 1 unreadable; ")


def test_the_table_for_people_says_label_page_and_reason(run: Run, tmp_path: Path) -> None:
    """Without --format and -o it is a table, without colour where there is no terminal."""
    (tmp_path / "a.html").write_text(PAGE)
    (tmp_path / "b.html").touch()
    header, first, second = run("classify", tmp_path, "--threshold", 0).stdout.splitlines()
    assert header.split()[0] == "label"
    assert first.split()[0] in ("scraped", "hijacked", "spam") and "a.html" in first
    assert second.split()[0] == "abstained" and second.endswith("empty")
    assert "\x1b" not in header + first + second


@pytest.mark.parametrize("workers", [1, 2])
def test_a_closed_pipe_ends_the_run_quietly(spawn: Spawn, workers: int) -> None:
    """`detector classify … | head -1` says nothing on standard error and does not fail."""
    process = spawn("classify", "--format", "jsonl", "--workers", workers)
    assert process.stdin and process.stdout and process.stderr

    def feed() -> None:
        try:
            process.stdin.write(rows_of(400))  # type: ignore[union-attr]
            process.stdin.close()  # type: ignore[union-attr]
        except BrokenPipeError:
            pass

    threading.Thread(target=feed, daemon=True).start()
    assert json.loads(process.stdout.readline())["id"] == "p0"
    process.stdout.close()
    assert process.wait(timeout=60) == 0
    assert process.stderr.read() == b""
