"""Rows whose sender waits for the answers: a queue, `tail -f`, a named pipe."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

import pytest

from tests.cli.conftest import Spawn

from .conftest import rows_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes and signals as POSIX has them")


def answers(process: subprocess.Popen[bytes], count: int) -> list[str]:
    """The ids of so many answers; a run that keeps them back is ended, and has fewer."""
    assert process.stdout
    timer = threading.Timer(90, process.kill)
    timer.start()
    lines = [process.stdout.readline() for _ in range(count)]
    timer.cancel()
    return [json.loads(line)["id"] for line in lines if line]


def send(stream: IO[bytes] | None, start: int, count: int) -> list[str]:
    assert stream
    stream.write(rows_of(count, start))
    stream.flush()
    return [f"p{number}" for number in range(start, start + count)]


@pytest.mark.parametrize("options", [(), ("--workers", 2), ("--facts", "f.jsonl")], ids=["one process", "workers", "facts"])
def test_a_page_is_answered_while_its_sender_waits(spawn: Spawn, tmp_path: Path, options: tuple[object, ...]) -> None:
    """One page, then a few, then more than a batch, each lot before the next is sent; then the end."""
    options = tuple(tmp_path / option if option == "f.jsonl" else option for option in options)
    process = spawn("classify", "-", "--format", "jsonl", *options)
    start = 0
    for count in (1, 3, 1, 40):
        expected = send(process.stdin, start, count)
        assert answers(process, count) == expected
        start += count
    assert process.communicate(timeout=60) == (b"", b"")
    assert process.returncode == 0


def test_a_named_pipe_is_answered_as_it_comes(spawn: Spawn, tmp_path: Path) -> None:
    """As standard input is."""
    os.mkfifo(tmp_path / "queue.jsonl")
    process = spawn("classify", tmp_path / "queue.jsonl", "--format", "jsonl")
    with (tmp_path / "queue.jsonl").open("wb") as stream:
        assert answers_after(process, stream) == ["p0", "p1"]
    assert process.wait(timeout=60) == 0


def answers_after(process: subprocess.Popen[bytes], stream: IO[bytes]) -> list[str]:
    found = []
    for number in range(2):
        send(stream, number, 1)
        found += answers(process, 1)
    return found


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_ends_a_run_that_waits_for_its_sender(spawn: Spawn, workers: int) -> None:
    """Exit 130 without a word, though a thread waits for the pipe."""
    process = spawn("classify", "-", "--format", "jsonl", "--workers", workers)
    assert answers_after(process, process.stdin) == ["p0", "p1"]  # type: ignore[arg-type]
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 130
    assert process.stderr and process.stderr.read() == b""
