"""Arrays that are damaged, forged or do not fit together are refused, and nothing in them is run."""

from __future__ import annotations

import io
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detector.features.suspects import MEASURES
from detector.model import artefact
from detector.model.artefact import ARRAYS
from tests.model.spoiled import arrays_of, put, put_arrays, refused


def test_a_changed_byte_is_damage(folder: Path) -> None:
    """An array file that is not the manifest's is refused."""
    raw = bytearray((folder / ARRAYS).read_bytes())
    raw[len(raw) // 2] ^= 1
    (folder / ARRAYS).write_bytes(raw)
    assert "damaged" in refused(folder)


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
