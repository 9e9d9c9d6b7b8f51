"""Ctrl-C, kill, and going on afterwards."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from .conftest import rows_of

Run = Callable[..., Result]
Spawn = Callable[..., "subprocess.Popen[bytes]"]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
# Two workers take 128 pages in before they answer the first.
PAGES = 400


def ids(path: Path) -> list[str]:
    return [json.loads(line)["id"] for line in path.read_text("utf-8").splitlines()]


def interrupted(spawn: Spawn, out: Path, how: signal.Signals, *options: object) -> tuple[int, bytes]:
    """Feed three quarters of the rows, wait until some are written, send the signal while the run waits for more."""
    process = spawn("classify", "-", "-o", out, *options)
    assert process.stdin and process.stderr
    process.stdin.write(rows_of(PAGES * 3 // 4))
    process.stdin.flush()
    part = Path(f"{out}.part")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None and not (part.exists() and part.stat().st_size > 2000):
        time.sleep(0.05)
    process.send_signal(how)
    code = process.wait(timeout=60)
    return code, process.stderr.read()


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_leaves_what_was_finished_readable(spawn: Spawn, tmp_path: Path, workers: int) -> None:
    """Exit 130, one line that says where the rows are, no traceback; the rows are whole and OUT is not there."""
    code, said = interrupted(spawn, tmp_path / "o.jsonl", signal.SIGINT, "--workers", workers)
    assert code == 130
    assert said.decode().count("\n") == 1 and "o.jsonl.part; --resume goes on" in said.decode()
    found = ids(tmp_path / "o.jsonl.part")
    assert found and found == [f"p{number}" for number in range(len(found))]
    assert not (tmp_path / "o.jsonl").exists()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("name", ["o.jsonl", "o.csv"])
def test_a_resumed_run_writes_each_page_exactly_once(run: Run, spawn: Spawn, tmp_path: Path, how: signal.Signals, name: str) -> None:
    """After Ctrl-C or a kill, --resume ends with the same bytes as a run that was never cut off."""
    interrupted(spawn, tmp_path / name, how)
    rows = rows_of(PAGES)
    resumed = run("classify", "-", "-o", tmp_path / name, "--resume", input=rows)
    assert resumed.exit_code == 0
    assert f"{PAGES} pages" in resumed.stderr
    whole = tmp_path / f"whole{Path(name).suffix}"
    run("classify", "-", "-o", whole, input=rows)
    assert (tmp_path / name).read_bytes() == whole.read_bytes()
    assert not Path(f"{tmp_path / name}.part").exists()


def begun(run: Run, folder: Path) -> Path:
    """A part with the rows of p0 and p1."""
    run("classify", "-", "-o", folder / "o.jsonl", input=rows_of(2))
    (folder / "o.jsonl").rename(folder / "o.jsonl.part")
    return folder / "o.jsonl"


def test_resuming_judges_no_page_twice(run: Run, tmp_path: Path) -> None:
    """The rows that are there are kept as they are, byte for byte."""
    out = begun(run, tmp_path)
    part = Path(f"{out}.part")
    part.write_text(part.read_text().replace('"partial": null', '"partial": "kept"'))
    run("classify", "-", "-o", out, "--resume", input=rows_of(3))
    assert [json.loads(line)["partial"] for line in out.read_text().splitlines()] == ["kept", "kept", None]


@pytest.mark.parametrize(
    ("source", "options", "words"),
    [
        (rows_of(3, start=1), [], "row 1 is not of these sources"),
        (rows_of(1), [], "row 2 is not of these sources"),
        (rows_of(3), ["--threshold", "0.123"], "at 0.123"),
    ],
)
def test_other_pages_or_another_threshold_are_not_mixed_in(run: Run, tmp_path: Path, source: bytes, options: list[str], words: str) -> None:
    """--resume with other sources or options is misuse, and the part stays as it was."""
    out = begun(run, tmp_path)
    before = Path(f"{out}.part").read_bytes()
    result = run("classify", "-", "-o", out, "--resume", *options, input=source)
    assert result.exit_code == 2
    assert words in result.stderr
    assert Path(f"{out}.part").read_bytes() == before
    assert not out.exists()


def test_resuming_counts_what_was_flagged_before(run: Run, tmp_path: Path) -> None:
    """--exit-code and the summary speak of the whole output, not of the last stretch."""
    run("classify", "-", "-o", tmp_path / "o.jsonl", "--threshold", 0, input=rows_of(2))
    (tmp_path / "o.jsonl").rename(tmp_path / "o.jsonl.part")
    result = run("classify", "-", "-o", tmp_path / "o.jsonl", "--threshold", 0, "--resume", "--exit-code", input=rows_of(2))
    assert result.exit_code == 1
    assert "2 pages" in result.stderr


def test_without_a_part_resuming_is_a_run_from_the_start(run: Run, tmp_path: Path) -> None:
    """A script may always say --resume."""
    assert run("classify", "-", "-o", tmp_path / "o.jsonl", "--resume", input=rows_of(2)).exit_code == 0
    assert ids(tmp_path / "o.jsonl") == ["p0", "p1"]
