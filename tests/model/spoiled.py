"""An artefact that a test spoils, as damage or a forger would, and how it is refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detector import ModelError
from detector.model.artefact import ARRAYS, MANIFEST, load, write_arrays

# What a message must hold: every one names the file and says what to do.
ADVICE = r"give a folder|fetch or train|train it again|made by its own|at most|no artefact of this program"


def arrays_of(folder: Path) -> dict[str, np.ndarray]:
    with np.load(folder / ARRAYS, allow_pickle=False) as loaded:
        return {name: loaded[name] for name in loaded.files}


def put(folder: Path, raw: bytes) -> None:
    """Replace the arrays and make the manifest agree, as a forger would."""
    (folder / ARRAYS).write_bytes(raw)
    change(folder, lambda manifest: manifest["files"].__setitem__(ARRAYS, hashlib.sha256(raw).hexdigest()))


def put_arrays(folder: Path, arrays: dict[str, np.ndarray]) -> None:
    write_arrays(folder / ARRAYS, arrays)
    put(folder, (folder / ARRAYS).read_bytes())


def change(folder: Path, edit: Callable[[dict[str, Any]], Any]) -> None:
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    edit(manifest)
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def refused(folder: Path, match: str = ADVICE) -> str:
    with pytest.raises(ModelError, match=match) as caught:
        load(folder)
    assert str(folder) in str(caught.value)
    return str(caught.value)
