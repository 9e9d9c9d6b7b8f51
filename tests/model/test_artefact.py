"""The artefact: written and read again it answers the same, and a file that is not there is named."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detector import Detector, ModelError
from detector.features.registry import SCHEMA
from detector.features.suspects import MEASURES
from detector.model.artefact import ARRAYS, ESTIMATOR, MANIFEST, arrays_digest, load, to_arrays, write_arrays
from tests.model.spoiled import arrays_of, refused


def test_an_artefact_read_again_answers_the_same(folder: Path, estimator_and_rows: tuple[Any, np.ndarray]) -> None:
    """Trees, calibration, topics and thresholds survive writing and reading to the last bit."""
    estimator, rows = estimator_and_rows
    found = load(folder)
    assert np.abs(found.trees.probabilities(rows) - estimator.predict_proba(rows)).max() <= 1e-9
    np.testing.assert_allclose(found.probabilities(rows).sum(axis=1), 1.0)
    assert found.operating_points == {"high-precision": 0.9, "default": 0.6, "high-recall": 0.3}
    again = to_arrays(found.trees, found.calibration, found.topics, found.blocks, found.matcher)
    assert arrays_digest(again) == found.manifest["arrays_digest"]
    assert [entry["name"] for entry in found.manifest["schema"]] == [spec.name for spec in SCHEMA]


def test_the_version_names_model_and_digest(folder: Path) -> None:
    """`name@version+sha256:…` is the digest of the arrays that answered."""
    digest = hashlib.sha256((folder / ARRAYS).read_bytes()).hexdigest()
    assert load(folder).version == f"small@0+sha256:{digest[:12]}"
    assert Detector.load(folder).model == load(folder).version


def test_the_same_arrays_make_the_same_file(folder: Path, tmp_path: Path) -> None:
    """The bytes depend on the arrays alone, not on the clock or the order."""
    arrays = arrays_of(folder)
    write_arrays(tmp_path / "a.npz", arrays)
    write_arrays(tmp_path / "b.npz", dict(reversed(arrays.items())))
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes() == (folder / ARRAYS).read_bytes()


def test_another_value_type_or_name_is_another_digest() -> None:
    """The digest covers names, types, shapes and bytes."""
    base = {"a": np.zeros(4, dtype=np.float64)}
    others = [{"b": base["a"]}, {"a": np.zeros(4, dtype=np.int64)}, {"a": np.zeros((2, 2))}, {"a": np.array([0, 0, 0, 1e-300])}]
    assert len({arrays_digest(arrays) for arrays in [base, *others]}) == 5


@pytest.mark.parametrize("name", [ARRAYS, MANIFEST])
def test_a_missing_file_is_named(name: str, folder: Path) -> None:
    """A folder without arrays or manifest is no artefact."""
    (folder / name).unlink()
    assert name in refused(folder)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """`Detector.load` with a wrong path says which."""
    with pytest.raises(ModelError, match="nowhere"):
        Detector.load(tmp_path / "nowhere")


def test_tiers_band_and_blocks_are_read_as_they_were_written(folder: Path, block_estimator: Any) -> None:
    """The block model answers as scikit-learn does; the tiers' thresholds and the band are the manifest's."""
    found = load(folder)
    assert found.band == (0.2, 0.95)
    assert found.tiers["never"] == {"high-precision": 0.89, "default": 0.59, "high-recall": 0.29}
    rows = np.random.default_rng(3).uniform(0.0, 1.0, size=(200, len(MEASURES))).astype(np.float32)
    rows[::7, ::3] = np.nan
    assert np.abs(found.blocks.scores(rows) - block_estimator.predict_proba(rows)[:, 1]).max() <= 1e-9


def test_the_estimator_is_written_beside_the_arrays_with_its_digest(folder: Path) -> None:
    """`model.skops` is the half to train on; the manifest carries its digest."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["files"][ESTIMATOR] == hashlib.sha256((folder / ESTIMATOR).read_bytes()).hexdigest()
    assert {path.name for path in folder.iterdir()} == {ARRAYS, ESTIMATOR, MANIFEST, "metrics.json", "train.toml", "CARD.md"}
