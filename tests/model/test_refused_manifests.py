"""A manifest that does not fit is refused with what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from detector.model.artefact import ARRAYS, MANIFEST
from tests.model.spoiled import change, refused


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
