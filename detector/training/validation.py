"""Pages of the second composer (`detector.validation`): scored by the model that saw nothing of their fold; no tree learns from them, and
probabilities are calibrated on them (`crossfit`).

What a model reaches on pages of its own composer flatters it; these pages share no bank entry, template or placing code with the training set.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from detector.errors import InputError
from detector.training.corpus import FOLDS
from detector.training.metrics import area_under_curve, average_precision, calibration_error, rate
from detector.training.pool import Sample
from detector.verdict import LABELS

SET = "validation"


def load(path: Path) -> list[Sample]:
    """Rows of `detector dataset build` as samples.

    Raises:
        InputError: the file cannot be read or is cut off, or a row lacks a key or has a label or fold that is none.
    """
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as stream:
            return [_sample(json.loads(line)) for line in stream]
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from error
    except (KeyError, ValueError, TypeError) as error:
        raise InputError(f"{path}: is no set of `detector dataset build` ({error})") from error


def _sample(row: dict[str, Any]) -> Sample:
    if row["label"] not in LABELS or int(row["fold"]) not in range(FOLDS):
        raise ValueError(f"label {row['label']!r}, fold {row['fold']!r}")
    text = row.get("text")
    choices = {
        "set": SET,
        "rendering": row["rendering"],
        "pair": row.get("pair") or row["choices"].get("pair"),
        "pointed": tuple(row.get("pointed") or ()),
    }
    return Sample(
        f"{SET}-{row['id']}", row["html"] if text is None else text, text is not None, row.get("url"), row["label"], row["group"], int(row["fold"]),
        row["kind"], row["language"], choices, tuple(row.get("foreign") or ()),
    )  # fmt: skip


def is_validation(sample: Sample) -> bool:
    return sample.choices.get("set") == SET


def summary(samples: list[Sample], probabilities: np.ndarray, flags_at: dict[str, np.ndarray]) -> dict[str, Any]:
    """Figures of the set: curve, calibration, recall and false alarms by kind and rendering, pairs ordered right."""
    scores = 1.0 - probabilities[:, 0]
    bad = np.array([sample.label != "clean" for sample in samples])
    flags = flags_at["default"]
    result: dict[str, Any] = {
        "auc": round(area_under_curve(scores, bad), 4),
        "average_precision": round(average_precision(scores, bad), 4),
        "calibration_error": round(calibration_error(scores, bad), 4),
        "recall": {name: _rated(found, samples, np.flatnonzero(bad)) for name, found in flags_at.items()},
        "false_positives": {name: _rated(found, samples, np.flatnonzero(~bad)) for name, found in flags_at.items()},
    }
    for name, key, mask in (
        ("by_kind", lambda sample: sample.recipe, np.ones(len(samples), dtype=bool)),
        ("bad_by_rendering", lambda sample: str(sample.choices["rendering"]), bad),
        ("bad_by_language", lambda sample: sample.language.split("-")[0], bad),
    ):
        members: dict[str, list[int]] = defaultdict(list)
        for index in np.flatnonzero(mask).tolist():
            members[key(samples[index])].append(index)
        result[name] = {part: _rated(flags, samples, np.array(chosen)) for part, chosen in sorted(members.items())}
    result["pairs"] = _pairs(samples, scores, bad)
    return result


def _rated(flags: np.ndarray, samples: list[Sample], chosen: np.ndarray) -> dict[str, Any]:
    return rate(flags[chosen], [samples[index].group for index in chosen])


def _pairs(samples: list[Sample], scores: np.ndarray, bad: np.ndarray) -> dict[str, Any]:
    """By kind of pair: how many, and the share in which the bad page scores above its clean twin."""
    twins: dict[str, dict[bool, int]] = defaultdict(dict)
    for index, sample in enumerate(samples):
        if sample.choices["pair"]:
            twins[str(sample.choices["pair"])][bool(bad[index])] = index
    ordered: dict[str, list[bool]] = defaultdict(list)
    for twin in twins.values():
        if len(twin) == 2:
            ordered[samples[twin[True]].recipe].append(bool(scores[twin[True]] > scores[twin[False]]))
    return {kind: {"pairs": len(found), "ordered_right": round(sum(found) / len(found), 4)} for kind, found in sorted(ordered.items())}
