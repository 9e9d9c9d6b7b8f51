"""The second composer's pages in training: read whole or refused by name, and summed up by kind and pair."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detector.errors import InputError
from detector.training import validation


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


@pytest.mark.parametrize("name", ["set.jsonl", "set.jsonl.gz"])
def test_rows_become_samples_that_are_known_as_validation(name: str, tmp_path: Path, validation_rows: list[dict[str, Any]]) -> None:
    """Body, form, address, label, fold and foreign strings as they stand in the file, plain or compressed."""
    found = validation.load(written(tmp_path / name, validation_rows))
    assert len(found) == len(validation_rows)
    for sample, row in zip(found, validation_rows, strict=True):
        assert validation.is_validation(sample)
        assert (sample.body, sample.is_text) == ((row["text"], True) if "text" in row else (row["html"], False))
        assert (sample.url, sample.label, sample.group, sample.fold) == (row["url"], row["label"], row["group"], row["fold"])
        assert (sample.recipe, sample.foreign, sample.choices["pair"]) == (row["kind"], tuple(row["foreign"]), row["pair"])


@pytest.mark.parametrize(
    "change",
    [
        {"label": "good"},
        {"label": None},
        {"fold": 5},
        {"fold": -1},
        {"fold": "x"},
        *({key: ...} for key in ("id", "label", "fold", "group")),
    ],
)
def test_a_row_that_is_amiss_is_refused(change: dict[str, Any], tmp_path: Path, validation_rows: list[dict[str, Any]]) -> None:
    """A label or fold that is none, or a key that is missing: never a page that is silently left unscored."""
    row = {key: value for key, value in (validation_rows[0] | change).items() if value is not ...}
    with pytest.raises(InputError, match=r"set\.jsonl: is no set of `detector dataset build`"):
        validation.load(written(tmp_path / "set.jsonl", [*validation_rows, row]))


@pytest.mark.parametrize("raw", [b"[1]\n", b"no json\n", b"\xff\xfe\n"])
def test_another_file_is_refused(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "set.jsonl").write_bytes(raw)
    with pytest.raises(InputError, match=r"set\.jsonl"):
        validation.load(tmp_path / "set.jsonl")


def test_a_file_that_is_missing_or_cut_off_is_named(tmp_path: Path, validation_rows: list[dict[str, Any]]) -> None:
    """Half a set is no set."""
    whole = written(tmp_path / "set.jsonl.gz", validation_rows)
    whole.write_bytes(whole.read_bytes()[:-20])
    (tmp_path / "plain.jsonl.gz").write_bytes(b"{}\n")
    for name in ("set.jsonl.gz", "plain.jsonl.gz", "nowhere.jsonl"):
        with pytest.raises(InputError, match=rf"{name}: cannot be read \((?!None)"):
            validation.load(tmp_path / name)


def test_the_summary_counts_by_kind_rendering_and_pair(tmp_path: Path, validation_rows: list[dict[str, Any]]) -> None:
    """A model that flags what is bad in HTML alone: rates, pairs and curve follow."""
    samples = validation.load(written(tmp_path / "set.jsonl", validation_rows))
    caught = np.array([sample.label != "clean" and not sample.is_text for sample in samples])
    scores = np.where(caught, 0.9, 0.1) - np.array([0.01 * (sample.is_text and sample.label != "clean") for sample in samples])
    probabilities = np.stack([1 - scores, scores / 3, scores / 3, scores / 3], axis=1)
    found = validation.summary(samples, probabilities, {"default": scores >= 0.5, "high-recall": scores >= 0.0})
    assert found["recall"]["default"]["rate"] == 0.5 and found["recall"]["high-recall"]["rate"] == 1.0
    assert found["false_positives"]["default"]["flagged"] == 0 and found["false_positives"]["high-recall"]["rate"] == 1.0
    assert found["by_kind"]["injected-block"]["rate"] == 0.5 and found["by_kind"]["own-page"]["rate"] == 0.0
    assert {name: part["rate"] for name, part in found["bad_by_rendering"].items()} == {"html": 1.0, "text": 0.0}
    assert found["pairs"] == {"injected-block": {"pairs": len(samples) // 2, "ordered_right": 0.5}}
    # Half of the bad pages stand above all clean ones, half below.
    assert found["auc"] == 0.5
