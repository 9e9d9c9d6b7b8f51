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
from detector.features import ngrams, wordvectors
from detector.features.affinity import KINDS
from detector.features.distributions import NONE_TOPIC, TOPICS
from detector.features.embedding import ENCODED, UniversalSentenceEncoder
from detector.features.joint import Joint, inputs
from detector.features.matcher import Matcher, Pairing
from detector.features.ngrams import TopicModel
from detector.features.registry import SCHEMA
from detector.features.suspects import MEASURES
from detector.features.wordvectors import DIMENSIONS, WordVectors
from detector.model.blocks import BlockTrees
from detector.model.calibration import Calibration
from detector.model.staged import Staged
from detector.model.trees import Trees
from detector.verdict import LABELS

FORMAT = 2
ARRAYS = "model.npz"
ESTIMATOR = "model.skops"
MANIFEST = "manifest.json"
# A shipped artefact is about 20 MB; more than this is not one of ours.
MAX_ARRAYS = 64 * 1024 * 1024
_JOINT_ARRAYS = ("hidden", "hidden_bias", "output", "bias")
_NETWORKS = ("joint_words", "joint_meaning")
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

    `operating_points` are the thresholds where both tiers are at work as `auto` has them, `tiers` those of `always` and `never`.
    """

    trees: Staged
    calibration: Calibration
    topics: TopicModel
    blocks: BlockTrees
    matcher: Matcher
    operating_points: dict[str, float]
    tiers: dict[str, dict[str, float]]
    band: Band
    version: str
    manifest: dict[str, Any]

    def probabilities(self, rows: np.ndarray) -> np.ndarray:
        """Calibrated probabilities of the four labels for rows (n, features), shape (n, 4)."""
        return self.calibration.apply(self.trees.probabilities(rows))


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
    for kind in _NETWORKS:
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


def _check_shapes(arrays: dict[str, np.ndarray]) -> None:
    """Every array has the type, the length and the finite values that evaluation counts on."""
    classes, topics = len(LABELS), len(TOPICS) + 1
    wanted: dict[str, tuple[str, tuple[int, ...]]] = {
        "calibration.slope": ("f", (classes,)),
        "calibration.intercept": ("f", (classes,)),
        "topics.weights": ("i", (2**ngrams.BITS, topics)),
        "topics.scale": ("f", (topics,)),
        "topics.bias": ("f", (topics,)),
        "topics.names": ("U", (topics,)),
    }
    wanted |= _wanted_of_matcher(arrays)
    for kind, sums in (("flag", 1), ("kinds", classes - 1), ("blocks", 1)):
        nodes = len(np.atleast_1d(arrays[f"{kind}.feature"]))
        wanted |= {
            f"{kind}.feature": ("i", (nodes,)),
            f"{kind}.threshold": ("f", (nodes,)),
            f"{kind}.left": ("i", (nodes,)),
            f"{kind}.right": ("i", (nodes,)),
            f"{kind}.missing_left": ("b", (nodes,)),
            f"{kind}.value": ("f", (nodes,)),
            f"{kind}.roots": ("i", (len(np.atleast_1d(arrays[f"{kind}.roots"])), sums)),
            f"{kind}.baseline": ("f", (sums,)),
            f"{kind}.depth": ("i", arrays[f"{kind}.depth"].shape),
        }
    for name, (kind, shape) in wanted.items():
        array = arrays[name]
        if array.dtype.kind != kind or array.shape != shape:
            raise ValueError(f"{name} is {array.dtype} of shape {array.shape}")
        if kind == "f" and not name.endswith(".threshold") and not np.isfinite(array).all():
            raise ValueError(f"{name} holds values that are no numbers")
    if tuple(map(str, arrays["topics.names"])) != (*TOPICS, NONE_TOPIC):
        raise ValueError("topics.names are other topics")
    for kind in ("pairing", "meaning"):
        if not set(KINDS) <= set(map(str, arrays[f"{kind}.names"])):
            raise ValueError(f"{kind}.names lacks some of {', '.join(KINDS)}")
        if np.abs(arrays[f"{kind}.correlation"]).max() >= 1.0:
            raise ValueError(f"{kind}.correlation is none below one")


def _wanted_of_matcher(arrays: dict[str, np.ndarray]) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Type and shape of the matcher's arrays: any number of kinds, coordinates and dimensions of the encoder's space that agree."""
    kept = arrays["encoder.basis"].shape[-1]
    wanted: dict[str, tuple[str, tuple[int, ...]]] = {
        "words.weights": ("i", (2**wordvectors.BITS, DIMENSIONS)),
        "words.scale": ("f", (DIMENSIONS,)),
        "words.rarity": ("u", (2**wordvectors.BITS,)),
        "encoder.mean": ("f", (ENCODED,)),
        "encoder.basis": ("f", (ENCODED, kept)),
    }
    for kind, size in (("pairing", DIMENSIONS), ("meaning", kept)):
        number, coordinates = len(np.atleast_1d(arrays[f"{kind}.names"])), arrays[f"{kind}.correlation"].shape[-1]
        wanted |= {f"{kind}.names": ("U", (number,)), f"{kind}.correlation": ("f", (number, coordinates))}
        wanted |= {f"{kind}.{name}": ("f", (number, size)) for name in ("left_mean", "right_mean")}
        wanted |= {f"{kind}.{name}": ("f", (number, coordinates, size)) for name in ("left", "right")}
    for kind in _NETWORKS:
        size = DIMENSIONS if kind.endswith("_words") else kept
        units = len(np.atleast_1d(arrays[f"{kind}.output"]))
        wanted |= {f"{kind}.hidden": ("f", (inputs(size), units)), f"{kind}.bias": ("f", (1,))}
        wanted |= {f"{kind}.{name}": ("f", (units,)) for name in ("hidden_bias", "output")}
    return wanted


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
    networks = [Joint(**{name: arrays[f"{kind}.{name}"].astype(np.float32) for name in _JOINT_ARRAYS}) for kind in _NETWORKS]
    return Matcher(words, pairings[0], arrays["encoder.mean"], arrays["encoder.basis"], pairings[1], *networks)


def _assembled(arrays: dict[str, np.ndarray], manifest: dict[str, Any], digest: str) -> Artefact:
    _check_shapes(arrays)
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
    if manifest["embedder"] != UniversalSentenceEncoder.name:
        raise ValueError(f"made with the encoder {manifest['embedder']!r}, and this version has {UniversalSentenceEncoder.name}")
    version = f"{manifest['name']}@{manifest['version']}+sha256:{digest[:12]}"
    return Artefact(trees, calibration, topics, blocks, matcher, points, tiers, band, version, manifest)
