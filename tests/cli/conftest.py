"""How the tests of the command line run it: in this process, or as users do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import detector
from detector.cli.app import app
from detector.cli.doctor import SELF_TEST

# The checkout or the installation under test, whichever is imported here.
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(detector.__file__).parent.parent)}
ENVIRONMENT.pop("FORCE_COLOR", None)

# Long enough to be judged; clean or not is the model's business, not these tests'.
PAGE = str(SELF_TEST.body)

# What the fixtures `run` and `spawn` are.
Run = Callable[..., Result]
Spawn = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def run() -> Callable[..., Result]:
    """run("classify", path, input=…) in this process; standard output and standard error are apart."""

    def runner(*arguments: object, input: bytes | str | None = None) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], input=input)

    return runner


@pytest.fixture
def spawn() -> Callable[..., subprocess.Popen[bytes]]:
    """The command as its own process, all three streams piped."""

    def spawner(*arguments: object) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "detector", *map(str, arguments)]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT)

    return spawner


def rows_of(count: int, start: int = 0) -> bytes:
    """JSONL of pages that differ in id and address."""
    rows = ({"id": f"p{number}", "url": f"https://example.org/{number}", "html": PAGE} for number in range(start, start + count))
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def verdicts(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]
