"""An artefact of one's own for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

# Its assertions say what was compared, as those of test modules do.
pytest.register_assert_rewrite("tests.model.spoiled")


@pytest.fixture
def folder(small_artefact: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(small_artefact, tmp_path / "model"))
