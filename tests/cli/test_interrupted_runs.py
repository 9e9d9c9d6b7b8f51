"""Ctrl-C, kill, and going on afterwards."""

from __future__ import annotations

import json
import signal
import sys
import time
from pathlib import Path

import pytest

from detector.sinks.output import Output
from tests.cli.conftest import Run, Spawn

from .conftest import rows_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
# More than are answered before the signal comes.
PAGES = 200


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


def begun(run: Run, folder: Path, name: str = "o.jsonl") -> Path:
    """A part with the rows of p0 and p1."""
    run("classify", "-", "-o", folder / name, input=rows_of(2))
    (folder / name).rename(folder / f"{name}.part")
    return folder / name


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
        (rows_of(3).replace(b"example.org/1", b"example.net/1"), [], "row 2 is not of these sources"),
        (rows_of(3).replace(b"council", b"casino"), [], "row 1 has another answer now"),
    ],
)
@pytest.mark.parametrize("name", ["o.jsonl", "o.csv"])
def test_other_pages_or_another_threshold_are_not_mixed_in(
    run: Run, tmp_path: Path, name: str, source: bytes, options: list[str], words: str
) -> None:
    """--resume with other sources or options is misuse, said in one line; the parts of verdicts and facts stay as they were."""
    out, facts = begun(run, tmp_path, name), tmp_path / "f.jsonl"
    before = Path(f"{out}.part").read_bytes()
    run("classify", "-", "--facts", facts, input=rows_of(2))
    facts.rename(f"{facts}.part")
    beside = Path(f"{facts}.part").read_bytes()
    result = run("classify", "-", "-o", out, "--resume", "--facts", facts, *options, input=source)
    assert result.exit_code == 2
    assert words in result.stderr and len(result.stderr.splitlines()) == 1
    assert (Path(f"{out}.part").read_bytes(), Path(f"{facts}.part").read_bytes()) == (before, beside)
    assert not out.exists()


def test_another_tier_is_not_mixed_in(run: Run, tmp_path: Path) -> None:
    """At a threshold of one's own no row says how deep it was read: pages judged once more do."""
    out, fixed = tmp_path / "o.jsonl", ("--threshold", 0.9)
    run("classify", "-", "-o", out, "--semantic", "never", *fixed, input=rows_of(2))
    out.rename(f"{out}.part")
    refused = run("classify", "-", "-o", out, "--resume", "--semantic", "always", *fixed, input=rows_of(3))
    assert refused.exit_code == 2 and "--semantic" in refused.stderr
    assert run("classify", "-", "-o", out, "--resume", "--semantic", "never", *fixed, input=rows_of(3)).exit_code == 0


@pytest.mark.parametrize("name", ["o.jsonl", "o.parquet"])
def test_a_run_that_is_cut_off_while_it_ends_is_resumed_with_its_facts(
    run: Run, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parquet is made of the rows at the very end: whoever stops it there has both parts to go on from."""
    out, facts = tmp_path / name, tmp_path / "f.jsonl"
    arguments = ("classify", "-", "-o", out, "--facts", facts)

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as ending:
        for method in ("finish", "finish_as"):
            ending.setattr(Output, method, stopped)
        assert run(*arguments, input=rows_of(2)).exit_code == 130
    assert run(*arguments, "--resume", input=rows_of(2)).exit_code == 0
    assert ids(facts) == ["p0", "p1"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["f.jsonl", name]


def test_facts_that_the_cut_off_run_did_not_write_are_not_asked_for(run: Run, tmp_path: Path) -> None:
    """The rows that are there have none, and the message says so."""
    result = run("classify", "-", "-o", begun(run, tmp_path), "--resume", "--facts", tmp_path / "f.jsonl", input=rows_of(3))
    assert result.exit_code == 2
    assert "wrote no facts" in result.stderr


def test_what_a_run_from_the_start_replaces_is_told(run: Run, tmp_path: Path) -> None:
    """Rows of a cut-off run without --resume, and --resume where everything is done."""
    out = begun(run, tmp_path)
    assert "o.jsonl.part are replaced; --resume" in run("classify", "-", "-o", out, input=rows_of(2)).stderr
    assert "o.jsonl is whole" in run("classify", "-", "-o", out, "--resume", input=rows_of(2)).stderr
    assert ids(out) == ["p0", "p1"]


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
