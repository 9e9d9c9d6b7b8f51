"""What a run tells on standard error: on a terminal, and at its end."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from detector.cli.report import Report
from tests.cli.conftest import Run

from .conftest import ENVIRONMENT, PAGE, rows_of


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_on_a_terminal_progress_shows_rate_and_time_left(tmp_path: Path, workers: str) -> None:
    """Pages, flagged, pages a second and the time left, on standard error only; the output holds rows and nothing else."""
    import pty

    (tmp_path / "a.jsonl").write_bytes(rows_of(200))
    terminal, theirs = pty.openpty()
    command = [sys.executable, "-m", "detector", "classify", "a.jsonl", "-o", "o.jsonl", "--workers", workers]
    environment = {**ENVIRONMENT, "TERM": "xterm-256color", "COLUMNS": "160"}
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    said = b""
    while True:
        try:
            part = os.read(terminal, 65_536)
        except OSError:
            break
        if not part:
            break
        said += part
    os.close(terminal)
    assert process.wait() == 0 and process.stdout and process.stdout.read() == b""
    process.stdout.close()
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", said.decode())
    assert re.search(r"\d+ pages, \d+ flagged, \d+ a second", plain)
    assert re.search(r"left \d:\d\d:\d\d", plain)
    assert re.search(r"detector: 200 pages: .*; [\d.,]+ pages a second", plain)
    assert len((tmp_path / "o.jsonl").read_bytes().splitlines()) == 200


def test_the_closing_line_counts_everything(run: Run, tmp_path: Path) -> None:
    """Pages, labels, abstentions by reason, what could not be read, and the rate."""
    (tmp_path / "a.html").write_text(PAGE)
    (tmp_path / "b.html").touch()
    (tmp_path / "c.jsonl").write_text("no json\n")
    said = run("classify", tmp_path, "-o", tmp_path / "o.csv").stderr.splitlines()[-1]
    assert re.fullmatch(r"detector: 2 pages: 1 \w+, 1 abstained \(empty 1\); 1 unreadable; [\d.,]+ pages a second(; .* cache)?", said)


@pytest.mark.parametrize("beside", [[], ["--facts", "facts.jsonl"]])
@pytest.mark.parametrize("workers", [1, 2])
def test_the_closing_line_tells_how_often_the_encoders_cache_knew_a_string(
    workers: int, beside: list[str], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the strings of this run alone, its workers' too: 40 times the same page is new once in each process."""
    monkeypatch.chdir(tmp_path)
    Path("a.jsonl").write_bytes(rows_of(40))
    said = run("classify", "a.jsonl", "-o", "o.csv", "--semantic", "always", "--workers", workers, *beside).stderr.splitlines()[-1]
    told = re.search(r"pages a second; (\d+)% of ([\d,]+) strings from the encoder's cache$", said)
    assert told is not None, said
    # Some ten strings a page, and once a process the sixty of the descriptions.
    assert int(told[1]) >= 70 and 300 < int(told[2].replace(",", "")) < 1_000
    unread = run("classify", "a.jsonl", "-o", "p.csv", "--semantic", "never").stderr
    assert "40 pages: " in unread and "cache" not in unread


def test_the_closing_line_counts_archive_records_without_a_page() -> None:
    """So that a summary can be set against the archive; without such records it says nothing of them."""
    assert "record" not in Report(progress=False, no_pages=Counter()).summary()
    assert "; 3 archive records without a page" in Report(progress=False, no_pages=Counter(response=2, revisit=1)).summary()


def test_resumed_pages_are_counted_but_do_not_raise_the_rate() -> None:
    """A thousand rows found in no time are not a thousand pages judged in no time."""
    report = Report(progress=False)
    for _ in range(1000):
        report.count("clean", None)
    report.begin()
    report.count("spam", None)
    time.sleep(0.05)
    assert report.rows == 1001 and report.rate <= 20
