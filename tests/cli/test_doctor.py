"""`detector doctor`: whether the installation works."""

from __future__ import annotations

from pathlib import Path

import pytest

import detector
from detector import Detector

from .conftest import Run


def test_doctor_names_model_extras_and_judges_a_page(run: Run) -> None:
    """One look tells whether the installation works."""
    result = run("doctor")
    assert result.exit_code == 0, result.output
    for words in (detector.__version__, Detector.load().model, "high-precision", "[parquet]", "self-test", "flag probability"):
        assert words in result.stdout


def test_doctor_says_when_the_model_is_not_usable(run: Run, tmp_path: Path) -> None:
    """Exit 2 and the reason."""
    result = run("doctor", "--model", tmp_path)
    assert result.exit_code == 2
    assert "NOT USABLE" in result.stdout


def test_doctor_makes_no_store(run: Run, tmp_path: Path) -> None:
    """A mistyped name is said to be one."""
    pytest.importorskip("sqlalchemy")
    result = run("doctor", "--store", tmp_path / "store.db")
    assert result.exit_code == 2 and "no such store" in result.stdout
    assert not list(tmp_path.iterdir())
