"""The artefact: a folder with `model.npz` (arrays to serve), `model.skops` (the estimator to train on), `manifest.json`.

`model.npz` is read with `allow_pickle=False`, so nothing in it can execute. The manifest carries the feature schema, the digest of every
file, the operating points and what the model was made from; whatever does not fit is a ModelError that says what to do.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from detector.errors import ModelError
from detector.features.embedding import Embedder, EncoderId, UniversalSentenceEncoder
from detector.features.joint import Joint
from detector.features.matcher import Matcher, Pairing
from detector.features.ngrams import TopicModel
from detector.features.registry import SCHEMA
from detector.features.suspects import MEASURES
from detector.features.wordvectors import WordVectors
from detector.model.blocks import BlockTrees
from detector.model.calibration import Calibration
from detector.model.shapes import NETWORKS, check_shapes
from detector.model.staged import Staged
from detector.model.trees import Trees

FORMAT = 2
ARRAYS = "model.npz"
ESTIMATOR = "model.skops"
MANIFEST = "manifest.json"
# A shipped artefact is about 20 MB; more than this is not one of ours.
MAX_ARRAYS = 64 * 1024 * 1024
_JOINT_ARRAYS = ("hidden", "hidden_bias", "output", "bias")
_WORD_ARRAYS = ("weights", "scale", "rarity")
_PAIR_ARRAYS = ("left_mean", "right_mean", "left", "right", "correlation")
_TREE_ARRAYS = ("feature", "threshold", "left", "right", "missing_left", "value", "roots", "baseline")


class Band(NamedTuple):
    """Uncalibrated flag probabilities of the first tier, ends included, for which the second is asked."""

    low: float
    high: float

    def holds(self, probabilities: np.ndarray) -> np.ndarray:
        """Which rows of first-tier probabilities (n, 4) lie inside; bool (n,)."""
        flag = 1.0 - probabilities[:, 0]
        result: np.ndarray = (flag >= self.low) & (flag <= self.high)
        return result


@dataclass(frozen=True, slots=True)
class Artefact:
    """Everything that inference needs.

    `operating_points` are the thresholds where both tiers are at work as `auto` has them, `tiers` those of `always` and `never`; `encoder` is
    the one whose vectors the second tier was fitted on.
    """

    trees: Staged
    calibration: Calibration
    topics: TopicModel
    blocks: BlockTrees
    matcher: Matcher
    operating_points: dict[str, float]
    tiers: dict[str, dict[str, float]]
    band: Band
    encoder: EncoderId
    version: str
    manifest: dict[str, Any]

    def probabilities(self, rows: np.ndarray) -> np.ndarray:
        """Calibrated probabilities of the four labels for rows (n, features), shape (n, 4)."""
        return self.calibration.apply(self.trees.probabilities(rows))

    def check_encoder(self, folder: Path, embedder: Embedder | None) -> None:
        """Raises:
        ModelError: the model was made with another encoder than `embedder`, the default one for None.
        """
        given = EncoderId.of(embedder or UniversalSentenceEncoder())
        if given != self.encoder:
            said = f"the default one is {given}" if embedder is None else f"`embedder` is {given}"
            raise ModelError(
                f"{folder}: the model was made with the sentence encoder {self.encoder}, and {said}; "
                "give that encoder to Detector.load(…, embedder=…), or train the model again with the one you have"
            )


def schema_digest() -> str:
    """Digest of the feature schema in order: a model fits code with the same one only."""
    text = json.dumps([[spec.name, spec.unit, spec.low, spec.high] for spec in SCHEMA])
    return hashlib.sha256(text.encode()).hexdigest()


def arrays_digest(arrays: dict[str, np.ndarray]) -> str:
    """Digest of names, types, shapes and bytes, whatever the container."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def to_arrays(trees: Staged, calibration: Calibration, topics: TopicModel, blocks: BlockTrees, matcher: Matcher) -> dict[str, np.ndarray]:
    """The serving half as named arrays."""
    arrays: dict[str, np.ndarray] = {}
    for kind, forest in (("flag", trees.flag), ("kinds", trees.kinds), ("blocks", blocks.trees)):
        arrays |= {f"{kind}.{name}": getattr(forest, name) for name in _TREE_ARRAYS}
        arrays[f"{kind}.depth"] = np.array(forest.depth, dtype=np.int32)
    arrays |= {"calibration.slope": calibration.slope, "calibration.intercept": calibration.intercept}
    arrays |= {"topics.weights": topics.weights, "topics.scale": topics.scale, "topics.bias": topics.bias}
    arrays["topics.names"] = np.array(topics.names)
    arrays |= {f"words.{name}": getattr(matcher.words, name) for name in _WORD_ARRAYS}
    arrays |= {"encoder.mean": matcher.mean, "encoder.basis": matcher.basis}
    for kind in NETWORKS:
        network = getattr(matcher, kind)
        assert network is not None
        arrays |= {f"{kind}.{name}": getattr(network, name).astype(np.float16) for name in _JOINT_ARRAYS}
    for kind, pairing in (("pairing", matcher.pairing), ("meaning", matcher.meaning)):
        arrays[f"{kind}.names"] = np.array(pairing.names)
        arrays |= {f"{kind}.{name}": getattr(pairing, name) for name in _PAIR_ARRAYS}
    return arrays


def write_arrays(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """A compressed .npz whose bytes depend on the arrays alone."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(arrays):
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.ascontiguousarray(arrays[name]), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), buffer.getvalue(), zipfile.ZIP_DEFLATED)


def default_model() -> Path:
    """The folder of the shipped artefact: inside the package when installed, `models/default` in a checkout.

    Raises:
        ModelError: neither is there.
    """
    here = Path(__file__).resolve().parents[1]
    for folder in (here / "models" / "default", here.parent / "models" / "default"):
        if folder.is_dir():
            return folder
    raise ModelError("the shipped model is missing from this installation; reinstall contentfarm-detector, or give --model DIR")


def load(folder: Path) -> Artefact:
    """Read an artefact and check it.

    Raises:
        ModelError: no artefact there, a digest or the schema does not match, an array is missing or out of range.
    """
    manifest = _manifest(folder)
    path = folder / ARRAYS
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= MAX_ARRAYS else b""
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}); give a folder made by `detector train`") from error
    if not raw:
        raise ModelError(f"{path}: {size:,} bytes is no artefact of this program (at most {MAX_ARRAYS:,})")
    found = hashlib.sha256(raw).hexdigest()
    if found != manifest["files"].get(ARRAYS):
        raise ModelError(
            f"{path}: its digest is not the one in {MANIFEST}; the artefact is damaged or was changed, fetch or train it again"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(info.file_size for info in archive.infolist()) > 4 * MAX_ARRAYS:
                raise ModelError(f"{path}: unpacks to more than {4 * MAX_ARRAYS:,} bytes, which no artefact of this program does")
        with np.load(io.BytesIO(raw), allow_pickle=False) as loaded:
            arrays = {name: loaded[name] for name in loaded.files}
        return _assembled(arrays, manifest, found)
    # RuntimeError: an encrypted archive, one packed in a way unknown here, nesting without end.
    except (
        AttributeError,
        LookupError,
        ValueError,
        TypeError,
        ArithmeticError,
        MemoryError,
        RuntimeError,
        zlib.error,
        zipfile.BadZipFile,
        OSError,
    ) as error:
        raise ModelError(f"{path}: is not a complete artefact ({error}); fetch or train it again") from error


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(f"{path}: no artefact there ({error.strerror}); give a folder made by `detector train`") from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path}: is not JSON ({error}); fetch or train the artefact again") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT or not isinstance(manifest.get("files"), dict):
        raise ModelError(f"{path}: is not a manifest of format {FORMAT}; this program reads artefacts made by its own `detector train`")
    if manifest.get("schema_digest") != schema_digest():
        raise ModelError(
            f"{path}: the artefact was made for another set of features; train it again with this version, or install the version named in it"
        )
    return manifest


def _forest(arrays: dict[str, np.ndarray], kind: str, features: int) -> Trees:
    """Trees whose every node has one place in one of them."""
    trees = Trees(depth=int(arrays[f"{kind}.depth"].item()), **{name: arrays[f"{kind}.{name}"] for name in _TREE_ARRAYS})
    if not 0 < trees.depth < 256:
        raise ValueError(f"{kind} of another shape")
    inner = trees.left != np.arange(len(trees.left))
    pointed = np.concatenate([trees.roots.reshape(-1), trees.left[inner], trees.right[inner]])
    if not np.array_equal(np.sort(pointed), np.arange(len(trees.feature))):
        raise ValueError(f"{kind} points outside the trees or twice at a node")
    if trees.feature.min() < 0 or trees.feature.max() >= features:
        raise ValueError(f"{kind}.feature names a feature that does not exist")
    return trees


def _matcher(arrays: dict[str, np.ndarray]) -> Matcher:
    pairings = [
        Pairing(tuple(map(str, arrays[f"{kind}.names"])), **{name: arrays[f"{kind}.{name}"] for name in _PAIR_ARRAYS})
        for kind in ("pairing", "meaning")
    ]
    words = WordVectors(**{name: arrays[f"words.{name}"] for name in _WORD_ARRAYS})
    networks = [Joint(**{name: arrays[f"{kind}.{name}"].astype(np.float32) for name in _JOINT_ARRAYS}) for kind in NETWORKS]
    return Matcher(words, pairings[0], arrays["encoder.mean"], arrays["encoder.basis"], pairings[1], *networks)


def _assembled(arrays: dict[str, np.ndarray], manifest: dict[str, Any], digest: str) -> Artefact:
    encoder = _encoder(manifest["embedder"])
    check_shapes(arrays, encoder.dimensions)
    trees = Staged(_forest(arrays, "flag", len(SCHEMA)), _forest(arrays, "kinds", len(SCHEMA)))
    blocks = BlockTrees(_forest(arrays, "blocks", len(MEASURES)))
    calibration = Calibration(arrays["calibration.slope"], arrays["calibration.intercept"])
    topics = TopicModel(tuple(map(str, arrays["topics.names"])), arrays["topics.weights"], arrays["topics.scale"], arrays["topics.bias"])
    matcher = _matcher(arrays)
    points = {name: float(point["threshold"]) for name, point in manifest["operating_points"].items()}
    if not points or not all(0.0 <= threshold <= 1.0 for threshold in points.values()):
        raise ValueError("operating points outside 0 to 1")
    tiers = {name: {point: float(threshold) for point, threshold in found.items()} for name, found in manifest["tiers"].items()}
    if set(tiers) != {"always", "never"} or not all("default" in found for found in tiers.values()):
        raise ValueError("tiers without operating points")
    if not all(0.0 <= threshold <= 1.0 for found in tiers.values() for threshold in found.values()):
        raise ValueError("operating points of a tier outside 0 to 1")
    band = Band(*map(float, manifest["band"]))
    if not 0.0 <= band.low <= band.high <= 1.0:
        raise ValueError("a band that is none within 0 to 1")
    version = f"{manifest['name']}@{manifest['version']}+sha256:{digest[:12]}"
    return Artefact(trees, calibration, topics, blocks, matcher, points, tiers, band, encoder, version, manifest)


def _encoder(named: Any) -> EncoderId:
    # A name alone is what was written while there was but one encoder.
    if isinstance(named, str):
        return EncoderId.of(UniversalSentenceEncoder())._replace(name=named)
    return EncoderId(str(named["name"]), str(named["version"]), int(named["dimensions"]))
