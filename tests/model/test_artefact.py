"""The artefact: written and read again it answers the same, and whatever does not fit is refused with what to do."""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detector import Detector, ModelError
from detector.features.registry import SCHEMA
from detector.features.suspects import MEASURES
from detector.model import artefact
from detector.model.artefact import ARRAYS, ESTIMATOR, MANIFEST, arrays_digest, load, to_arrays, write_arrays

# What a message must hold: every one names the file and says what to do.
ADVICE = r"give a folder|fetch or train|train it again|made by its own|at most|no artefact of this program"


@pytest.fixture
def folder(small_artefact: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(small_artefact, tmp_path / "model"))


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


def test_a_changed_byte_is_damage(folder: Path) -> None:
    """An array file that is not the manifest's is refused."""
    raw = bytearray((folder / ARRAYS).read_bytes())
    raw[len(raw) // 2] ^= 1
    (folder / ARRAYS).write_bytes(raw)
    assert "damaged" in refused(folder)


@pytest.mark.parametrize("name", [ARRAYS, MANIFEST])
def test_a_missing_file_is_named(name: str, folder: Path) -> None:
    """A folder without arrays or manifest is no artefact."""
    (folder / name).unlink()
    assert name in refused(folder)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """`Detector.load` with a wrong path says which."""
    with pytest.raises(ModelError, match="nowhere"):
        Detector.load(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '"x"', "{}", '{"format": 1}', '{"format": 99, "files": {}}', '{"format": 1, "files": []}', "\x00"]
)
def test_a_foreign_manifest_is_refused(text: str, folder: Path) -> None:
    """JSON of another kind, or none."""
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    refused(folder)


def test_a_manifest_that_is_no_text_is_refused(folder: Path) -> None:
    """Bytes that are not UTF-8."""
    (folder / MANIFEST).write_bytes(b"\xff\xfe\x00{")
    refused(folder)


def test_an_artefact_of_another_schema_is_refused(folder: Path) -> None:
    """A model fits the code with the same features only; the message says to train again or install the version named."""
    change(folder, lambda manifest: manifest.__setitem__("schema_digest", "0" * 64))
    assert "another set of features" in refused(folder)


@pytest.mark.parametrize(
    "edit",
    [
        lambda m: m.pop("operating_points"),
        lambda m: m.__setitem__("operating_points", []),
        lambda m: m.__setitem__("operating_points", {"default": 0.5}),
        lambda m: m.__setitem__("operating_points", {"default": {"threshold": "high"}}),
        lambda m: m.__setitem__("operating_points", {"default": {"threshold": None}}),
        lambda m: m.__setitem__("operating_points", {"default": {"threshold": 7}}),
        lambda m: m.pop("name"),
        lambda m: m["files"].pop(ARRAYS),
    ],
    ids=["no points", "points a list", "a bare number", "a word", "null", "outside 0 to 1", "no name", "no digest"],
)
def test_a_manifest_with_a_part_amiss_is_refused(edit: Callable[[dict[str, Any]], Any], folder: Path) -> None:
    """Thresholds, name and digests must be there and be what they are said to be."""
    change(folder, edit)
    refused(folder)


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (lambda m: m.pop("tiers"), "tiers"),
        (lambda m: m.__setitem__("tiers", [])," "),
        (lambda m: m["tiers"].pop("never"), "tiers"),
        (lambda m: m["tiers"].__setitem__("sometimes", {"default": 0.5}), "tiers"),
        (lambda m: m["tiers"].__setitem__("always", {}), "tiers"),
        (lambda m: m["tiers"]["always"].pop("default"), "tiers"),
        (lambda m: m["tiers"]["never"].__setitem__("default", "high"), "high"),
        (lambda m: m["tiers"]["never"].__setitem__("default", 1.5), "tier"),
        (lambda m: m["tiers"]["never"].__setitem__("default", float("nan")), "tier"),
        (lambda m: m.pop("band"), "band"),
        (lambda m: m.__setitem__("band", 0.5), " "),
        (lambda m: m.__setitem__("band", [0.5]), "high"),
        (lambda m: m.__setitem__("band", [0.1, 0.2, 0.3]), " "),
        (lambda m: m.__setitem__("band", [0.9, 0.1]), "band"),
        (lambda m: m.__setitem__("band", [-1, 2]), "band"),
        (lambda m: m.__setitem__("band", [float("nan"), 1.0]), "band"),
        (lambda m: m.pop("embedder"), "embedder"),
        (lambda m: m.__setitem__("embedder", ["x"]), " "),
        (lambda m: m["embedder"].pop("version"), "version"),
        (lambda m: m["embedder"].__setitem__("dimensions", 128), "encoder.mean"),
    ],
)  # fmt: skip
def test_a_manifest_whose_tiers_are_amiss_is_refused_with_the_reason(
    edit: Callable[[dict[str, Any]], Any], reason: str, folder: Path
) -> None:
    """Thresholds of each tier, the band between them and the encoder that it asks: all there, and what they are said to be."""
    change(folder, edit)
    assert reason in refused(folder, match="fetch or train it again")


def test_tiers_band_and_blocks_are_read_as_they_were_written(folder: Path, block_estimator: Any) -> None:
    """The block model answers as scikit-learn does; the tiers' thresholds and the band are the manifest's."""
    found = load(folder)
    assert found.band == (0.2, 0.95)
    assert found.tiers["never"] == {"high-precision": 0.89, "default": 0.59, "high-recall": 0.29}
    rows = np.random.default_rng(3).uniform(0.0, 1.0, size=(200, len(MEASURES))).astype(np.float32)
    rows[::7, ::3] = np.nan
    assert np.abs(found.blocks.scores(rows) - block_estimator.predict_proba(rows)[:, 1]).max() <= 1e-9


class Trap:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, tuple[str, str]]:
        return open, (self.path, "w")


def test_pickled_arrays_are_refused_and_not_run(folder: Path, tmp_path: Path) -> None:
    """Nothing in an artefact can execute."""
    trap = tmp_path / "sprung"
    arrays: dict[str, Any] = dict(arrays_of(folder))
    arrays["flag.value"] = np.array([Trap(str(trap))], dtype=object)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    put(folder, buffer.getvalue())
    refused(folder)
    put(folder, pickle.dumps(Trap(str(trap))))
    refused(folder)
    assert not trap.exists()


def test_an_oversized_file_is_refused_unread(folder: Path) -> None:
    """More than 64 MiB of arrays is no artefact of this program."""
    with (folder / ARRAYS).open("r+b") as stream:
        stream.truncate(artefact.MAX_ARRAYS + 1)
    assert f"{artefact.MAX_ARRAYS:,}" in refused(folder)


def test_an_archive_that_unpacks_to_far_more_is_refused(folder: Path) -> None:
    """A small file that grows to gigabytes is told by its directory."""
    with (
        zipfile.ZipFile(folder / ARRAYS, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("flag.value.npy", "w") as stream,
    ):
        for _ in range(4 * artefact.MAX_ARRAYS // 2**24 + 1):
            stream.write(bytes(2**24))
    put(folder, (folder / ARRAYS).read_bytes())
    assert "unpacks to more" in refused(folder)


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04", b"not a zip", b"\x93NUMPY\x01\x00", b"\x00" * 100])
def test_what_is_no_archive_is_refused(raw: bytes, folder: Path) -> None:
    """Any file under the right name with the right digest."""
    put(folder, raw)
    refused(folder)


def test_a_damaged_stream_inside_the_archive_is_refused(folder: Path) -> None:
    """The archive's directory is whole, the compressed bytes are not."""
    raw = bytearray((folder / ARRAYS).read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(raw))) as archive:
        info = max(archive.infolist(), key=lambda entry: entry.compress_size)
        start = info.header_offset + 30 + len(info.filename)
    for place in range(start + 4, start + 40):
        raw[place] ^= 0xFF
    put(folder, bytes(raw))
    refused(folder)


@pytest.mark.parametrize(
    "name",
    [
        "flag.left",
        "flag.depth",
        "flag.baseline",
        "blocks.left",
        "blocks.roots",
        "blocks.depth",
        "calibration.slope",
        "topics.weights",
        "topics.names",
    ],
)
def test_a_missing_array_is_refused(name: str, folder: Path) -> None:
    """The message names the array."""
    arrays = arrays_of(folder)
    del arrays[name]
    put_arrays(folder, arrays)
    assert name in refused(folder)


WRONG: dict[str, Callable[[dict[str, np.ndarray]], dict[str, Any]]] = {
    "a child outside": lambda a: {"flag.left": a["flag.left"] + 10**6},
    "a child below zero": lambda a: {"flag.right": a["flag.right"] - 10**6},
    "a child of two nodes": lambda a: {"flag.left": np.where(a["flag.left"] == a["flag.left"][0], a["flag.right"], a["flag.left"])},
    "trees that go in circles": lambda a: {"flag.left": np.where(a["flag.left"] == np.arange(len(a["flag.left"])), a["flag.left"], 0)},
    "one tree twice": lambda a: {"kinds.roots": np.repeat(a["kinds.roots"][:1], len(a["kinds.roots"]), axis=0)},
    "a root outside": lambda a: {"flag.roots": a["flag.roots"] + 10**6},
    "a feature that does not exist": lambda a: {"flag.feature": a["flag.feature"] + np.int16(5_000)},
    "two kinds": lambda a: {"kinds.roots": a["kinds.roots"][:, :2]},
    "flat roots": lambda a: {"flag.roots": a["flag.roots"].ravel()},
    "a depth of thousands": lambda a: {"flag.depth": np.array(5_000, dtype=np.int32)},
    "two depths": lambda a: {"flag.depth": np.array([3, 3], dtype=np.int32)},
    "a baseline of two": lambda a: {"kinds.baseline": a["kinds.baseline"][:2]},
    "values of another length": lambda a: {"flag.value": a["flag.value"][:-1]},
    "children of another length": lambda a: {"flag.left": a["flag.left"][:-1]},
    "thresholds of another length": lambda a: {"flag.threshold": a["flag.threshold"][:5]},
    "values that are no numbers": lambda a: {"flag.value": np.full(len(a["flag.value"]), np.nan)},
    "children that are fractions": lambda a: {"flag.left": a["flag.left"].astype(np.float64)},
    "a slope of three": lambda a: {"calibration.slope": a["calibration.slope"][:3]},
    "a slope that is no number": lambda a: {"calibration.slope": np.full(4, np.nan)},
    "fewer n-gram weights": lambda a: {"topics.weights": a["topics.weights"][:100]},
    "topics in another order": lambda a: {"topics.names": a["topics.names"][::-1]},
    "a topic fewer": lambda a: {"topics.names": a["topics.names"][:-1]},
    "a block's measure that does not exist": lambda a: {"blocks.feature": a["blocks.feature"] + np.int16(len(MEASURES))},
    "blocks of four classes": lambda a: {"blocks.roots": np.repeat(a["blocks.roots"], 4, axis=1)},
    "a block's child outside": lambda a: {"blocks.right": a["blocks.right"] + 10**6},
    "a block baseline of four": lambda a: {"blocks.baseline": np.zeros(4)},
    "block values that are no numbers": lambda a: {"blocks.value": np.full(len(a["blocks.value"]), np.inf)},
    "the kinds' trees for the block's": lambda a: {name: a["kinds." + name[7:]] for name in a if name.startswith("blocks.")},
    "fewer word weights": lambda a: {"words.weights": a["words.weights"][:100]},
    "signed rarities": lambda a: {"words.rarity": a["words.rarity"].astype(np.int8)},
    "a mean that is no number": lambda a: {"encoder.mean": np.full(512, np.nan, dtype=np.float32)},
    "a basis of another width": lambda a: {"encoder.basis": a["encoder.basis"][:, :3]},
    "a kind of pair fewer": lambda a: {"pairing.names": a["pairing.names"][:-1]},
    "pairs of other kinds": lambda a: {"meaning.names": np.array([f"x{n}" for n in range(len(a["meaning.names"]))])},
    "a correlation of one": lambda a: {"meaning.correlation": np.ones_like(a["meaning.correlation"])},
    "directions of another shape": lambda a: {"pairing.left": a["pairing.left"][:, :2]},
    "text for weights": lambda a: {"topics.weights": np.array(["x"] * 5)},
    **{
        f"one number for {name}": lambda a, name=name: {name: a[name].ravel()[0]}
        for name in ("flag.feature", "flag.roots", "kinds.left", "blocks.value", "topics.scale", "words.rarity", "encoder.basis")
    },
    **{
        f"one number for {kind}.{name}": lambda a, name=f"{kind}.{name}": {name: a[name].ravel()[0]}
        for kind in ("pairing", "meaning")
        for name in ("names", "left", "correlation")
    },
    "no pairs at all": lambda a: {
        f"pairing.{name}": a[f"pairing.{name}"][:0] for name in ("names", "left", "right", "left_mean", "right_mean", "correlation")
    },
}


@pytest.mark.parametrize("name", WRONG)
def test_arrays_that_do_not_fit_together_are_refused(name: str, folder: Path) -> None:
    """A forged artefact is refused when it is loaded, not when a page is judged."""
    arrays = arrays_of(folder)
    put_arrays(folder, arrays | WRONG[name](arrays))
    refused(folder)


def test_the_estimator_is_written_beside_the_arrays_with_its_digest(folder: Path) -> None:
    """`model.skops` is the half to train on; the manifest carries its digest."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["files"][ESTIMATOR] == hashlib.sha256((folder / ESTIMATOR).read_bytes()).hexdigest()
    assert {path.name for path in folder.iterdir()} == {ARRAYS, ESTIMATOR, MANIFEST, "metrics.json", "train.toml", "CARD.md"}
