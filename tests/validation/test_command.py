"""`detector dataset` as a user calls it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DETECTOR_CORPUS"}
    command = [sys.executable, "-m", "detector", "dataset", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_build_then_verify(tiny_corpus: Path, tiny_bank: Path, tmp_path: Path) -> None:
    """The digest that building prints is the one that verifying finds; progress goes to standard error."""
    out = tmp_path / "set.jsonl.gz"
    built = run("build", "-o", out, "--corpus", tiny_corpus, "--banks", tiny_bank, "--bad", 40, "--workers", 1)
    assert built.returncode == 0, built.stderr
    assert "fold 5 of 5" in built.stderr
    verified = run("verify", out)
    assert verified.returncode == 0, verified.stderr
    digest = built.stdout.split()[-1]
    assert digest in verified.stdout
    assert "as in its manifest" in verified.stdout


def test_a_set_that_was_changed_is_refused(tiny_corpus: Path, tiny_bank: Path, tmp_path: Path) -> None:
    out = tmp_path / "set.jsonl"
    assert run("build", "-o", out, "--corpus", tiny_corpus, "--banks", tiny_bank, "--bad", 40, "--workers", 1).returncode == 0
    out.write_text(out.read_text(encoding="utf-8").partition("\n")[2], encoding="utf-8")
    verified = run("verify", out)
    assert verified.returncode == 2
    assert "build it again" in verified.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("build", "-o", "set.jsonl"), 2, "no corpus: give --corpus DIR"),
        (("build", "-o", "set.jsonl", "--bad", "0"), 2, "--bad"),
        (("verify", "nowhere.jsonl"), 3, "nowhere.jsonl: cannot be read"),
    ],
)
def test_misuse_is_a_line_and_a_code(
    arguments: tuple[str, ...], code: int, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent.parent.parent))
    monkeypatch.chdir(tmp_path)
    done = run(*arguments)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())
