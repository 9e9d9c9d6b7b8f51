"""What cannot be done as it was asked is exit 2 with a message, and costs no file."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import PAGE, Run, rows_of


@pytest.mark.parametrize(
    "arguments",
    [
        ["--bogus"],
        ["--format", "xml"],
        ["--threshold", "1.5"],
        ["--threshold", "0.5", "--operating-point", "default"],
        ["--operating-point", "perfect"],
        ["--semantic", "maybe"],
        ["--workers", "0"],
        ["--evidence", "-1"],
        ["--column", "body"],
        ["--column", "title=body"],
        ["--model", "/nowhere"],
        ["--resume"],
        ["-o", "/nowhere/o.jsonl"],
        ["-o", "o.jsonl.gz"],
        ["-o", "o.json"],
        ["<p>" + "The council met. " * 300],
        ["--format", "jsonl", "-o", "o.zst"],
        ["--facts", "-"],
        ["--url", "https://example.org/", "b.html"],
        ["--url", "notaurl"],
        ["--url", "javascript:alert(1)"],
        ["--url", "http://"],
    ],
)
def test_misuse_is_exit_2_before_anything_is_judged(run: Run, tmp_path: Path, arguments: list[str]) -> None:
    """What is wrong is said on standard error, without a traceback; standard output is empty."""
    (tmp_path / "a.html").write_text(PAGE)
    result = run("classify", tmp_path / "a.html", *arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.strip() and "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["a.jsonl", "-o", "a.jsonl"],
        ["a.jsonl", "--facts", "a.jsonl"],
        ["b.jsonl", "-o", "o.jsonl", "--facts", "./o.jsonl"],
        ["b.jsonl", "-o", "o.jsonl", "--facts", "o.jsonl.part"],
        ["b.jsonl", "-o", "f.jsonl.part", "--facts", "f.jsonl"],
        ["b.jsonl", "--index", ".", "-o", "a.jsonl"],
        ["b.jsonl", "--index", ".", "-o", "/dev/null", "--facts", "a.jsonl"],
    ],
)
def test_no_output_replaces_what_the_run_reads_or_writes(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    """A slip of the hand costs no source, no index and no other output."""
    monkeypatch.chdir(tmp_path)
    for name in ("a.jsonl", "b.jsonl"):
        Path(name).write_bytes(rows_of(1))
    result = run("classify", *arguments)
    assert result.exit_code == 2 and "give" in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "b.jsonl"]
    assert Path("a.jsonl").read_bytes() == rows_of(1)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("format", ["jsonl", "csv", "parquet"])
def test_a_full_disk_is_a_message_in_every_format(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str) -> None:
    """Exit 2, where the first rows are written and where the last ones are."""
    monkeypatch.setattr("detector.sinks.arrow._GROUP", 2)
    for pages in (1, 3):
        result = run("classify", "--format", format, "-o", "/dev/full", input=rows_of(pages))
        assert result.exit_code == 2
        assert "any more" in result.stderr or "cannot be written" in result.stderr


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_write_protected_output_is_misuse(run: Run, tmp_path: Path) -> None:
    """A protected file is not replaced by way of its folder."""
    (tmp_path / "a.html").write_text(PAGE)
    (tmp_path / "o.jsonl").touch(mode=0o444)
    assert run("classify", tmp_path / "a.html", "-o", tmp_path / "o.jsonl").exit_code == 2


@pytest.mark.parametrize(
    ("command", "option"),
    [
        (("explain", "a.html"), "--report"),
        (("evaluate", "set.jsonl"), "--report"),
        (("classify", "a.html", "--format", "jsonl"), "--facts"),
        (("hosts", "v.jsonl", "--facts", "f.jsonl"), "--graph"),
        (("classify", "a.html"), "-o"),
    ],
)
def test_an_output_that_cannot_be_written_is_named_by_its_option(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], option: str
) -> None:
    """Advice to change `-o` helps nobody who gave none."""
    monkeypatch.chdir(tmp_path)
    Path("a.html").write_text(PAGE)
    Path("set.jsonl").write_text(json.dumps({"id": "1", "html": PAGE, "label": "clean"}) + "\n")
    Path("v.jsonl").touch()
    Path("f.jsonl").touch()
    for out, advice in (("missing/x.jsonl", f"give another {option}"), (".", f"give {option} the name of a file")):
        result = run(*command, option, out)
        assert result.exit_code == 2 and advice in result.stderr, result.output


def test_train_without_a_configuration_is_misuse(run: Run, tmp_path: Path) -> None:
    """The message names the file; nothing is written."""
    pytest.importorskip("sklearn")
    result = run("train", "--config", tmp_path / "missing.toml", "-o", tmp_path / "model")
    assert result.exit_code == 2
    assert "missing.toml" in result.stderr
    assert not (tmp_path / "model").exists()


def test_an_extra_that_is_missing_is_named(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install is said instead of a traceback."""
    monkeypatch.delitem(sys.modules, "detector.training.train", raising=False)
    monkeypatch.setattr("builtins.__import__", _without("detector.training.train", "skops"))
    result = run("train", "--config", tmp_path / "train.toml", "-o", tmp_path / "model")
    assert result.exit_code == 2
    assert "contentfarm-detector[train]" in result.stderr


def _without(module: str, missing: str) -> Callable[..., object]:
    """An __import__ under which `module` cannot find `missing`."""
    original = __import__

    def importer(name: str, *arguments: object, **named: object) -> object:
        if name == module:
            raise ModuleNotFoundError(f"No module named {missing!r}", name=missing)
        return original(name, *arguments, **named)  # type: ignore[arg-type]

    return importer
