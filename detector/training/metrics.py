"""Figures with intervals: areas, recall at a rate, calibration error, slices.

Intervals are bootstrapped by group, since pages of a host are alike; where that degenerates they are exact binomial (`interval`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from detector.training.pool import WRITTEN, Sample
from detector.verdict import LABELS

_RESAMPLES = 400
_BINS = 15


def area_under_curve(scores: np.ndarray, bad: np.ndarray) -> float:
    """Area under the ROC curve, NaN when a class is missing; ties count half."""
    if bad.all() or not bad.any():
        return float("nan")
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(scores))
    ranks[order] = np.arange(1, len(scores) + 1)
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    mean_rank = (np.bincount(inverse, ranks) / counts)[inverse]
    positives = int(bad.sum())
    return float((mean_rank[bad].sum() - positives * (positives + 1) / 2) / (positives * (len(scores) - positives)))


def average_precision(scores: np.ndarray, bad: np.ndarray) -> float:
    """Area under the precision-recall curve as a sum of steps."""
    if not bad.any():
        return float("nan")
    order = np.argsort(-scores, kind="stable")
    hits = bad[order]
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(precision[hits].mean())


def calibration_error(scores: np.ndarray, bad: np.ndarray) -> float:
    """Expected calibration error of the flag probability over equal-width bins."""
    bins = np.minimum((scores * _BINS).astype(int), _BINS - 1)
    total = 0.0
    for index in range(_BINS):
        inside = bins == index
        if inside.any():
            total += inside.mean() * abs(scores[inside].mean() - bad[inside].mean())
    return float(total)


def interval(values: np.ndarray, groups: Sequence[str], seed: int = 0) -> tuple[float, float]:
    """95 % interval of the mean of `values` (0 or 1 each), bootstrapped with groups resampled whole.

    Where every group has the same mean, as with none or all flagged, each resample says the same and the bootstrap's interval would
    have no width: it is then the exact binomial one (Clopper and Pearson 1934) with as many trials as there are groups, which is never
    too narrow for pages of a group that are alike. NaN without values.
    """
    names, index = np.unique(np.array(groups), return_inverse=True)
    if not len(names):
        return float("nan"), float("nan")
    sums = np.bincount(index, values.astype(float))
    counts = np.bincount(index)
    if np.ptp(sums / counts) == 0:
        return _exact(float(values.mean()), len(names))
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, len(names), size=(_RESAMPLES, len(names)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def _exact(share: float, trials: int) -> tuple[float, float]:
    """95 % Clopper-Pearson interval; `share * trials` need not be whole."""
    from scipy.stats import beta

    hits = share * trials
    low = float(beta.ppf(0.025, hits, trials - hits + 1)) if share > 0 else 0.0
    return low, float(beta.ppf(0.975, hits + 1, trials - hits)) if share < 1 else 1.0


def rate(flags: np.ndarray, groups: Sequence[str]) -> dict[str, Any]:
    """Share flagged with its interval, pages and groups."""
    low, high = interval(flags, groups)
    return {
        "pages": len(flags),
        "groups": len(set(groups)),
        "flagged": int(flags.sum()),
        "rate": _round(float(flags.mean()) if len(flags) else float("nan")),
        "interval": [_round(low), _round(high)],
    }


def summary(samples: list[Sample], probabilities: np.ndarray, flags_at: dict[str, np.ndarray]) -> dict[str, Any]:
    """Out-of-fold figures of a training run: real clean pages by language and kind, composed pages by recipe and rendering.

    `probabilities` (n, 4) and the flags (n,) by operating point are cross-fitted (`crossfit`), so that no figure is of rows that had a say
    in the calibration or threshold they are counted with.
    """
    scores = 1.0 - probabilities[:, 0]
    bad = np.array([sample.label != "clean" for sample in samples])
    real = np.array([sample.recipe == "real" and "-" not in sample.id for sample in samples])
    written = np.array([sample.recipe == WRITTEN for sample in samples])
    composed = np.array([sample.recipe != "real" for sample in samples]) & ~written
    result: dict[str, Any] = {"operating_points": {}}
    for name, flags in flags_at.items():
        result["operating_points"][name] = {
            "false_positive_rate": _round(float(flags[real].mean())),
            "recall_composed": _round(float(flags[composed & bad].mean())),
        }
    flags = flags_at["default"]
    result["real_clean"] = _rated(flags, samples, real)
    result["real_clean_by_language"] = _by(flags, samples, real, lambda sample: sample.language.split("-")[0] or "unknown")
    result["real_clean_by_kind"] = _by(flags, samples, real, lambda sample: str(sample.choices.get("kind", "")) or "other")
    result["real_clean_other_renderings"] = _by(
        flags, samples, ~real & ~composed & ~written, lambda sample: str(sample.choices.get("rendering"))
    )
    result["composed"] = {
        "auc": _round(area_under_curve(scores[composed], bad[composed])),
        "average_precision": _round(average_precision(scores[composed], bad[composed])),
        "calibration_error": _round(calibration_error(scores[composed], bad[composed])),
    }
    result["composed_by_recipe"] = _by(flags, samples, composed, lambda sample: sample.recipe)
    result["composed_bad_by_rendering"] = _by(flags, samples, composed & bad, lambda sample: str(sample.choices.get("rendering")))
    if written.any():
        result["written"] = {
            "auc": _round(area_under_curve(scores[written], bad[written])),
            "calibration_error": _round(calibration_error(scores[written], bad[written])),
            "bad_by_kind": _by(flags, samples, written & bad, lambda sample: str(sample.choices["kind"])),
            "bad_by_language": _by(flags, samples, written & bad, lambda sample: sample.language),
            "bad": _rated(flags, samples, written & bad),
            "clean": _rated(flags, samples, written & ~bad),
        }
    predicted = 1 + probabilities[:, 1:].argmax(axis=1)
    truth = np.array([list(map(str, LABELS)).index(sample.label) for sample in samples])
    caught = composed & bad & flags
    result["label_right_among_flagged"] = _round(float((predicted == truth)[caught].mean()) if caught.any() else float("nan"))
    result["pages"] = dict(
        Counter(f"{sample.recipe if sample.recipe in ('real', WRITTEN) else 'composed'} {sample.label}" for sample in samples)
    )
    return result


def _rated(flags: np.ndarray, samples: list[Sample], mask: np.ndarray) -> dict[str, Any]:
    chosen = np.flatnonzero(mask)
    return rate(flags[chosen], [samples[index].group for index in chosen])


def _by(flags: np.ndarray, samples: list[Sample], mask: np.ndarray, key: Any) -> dict[str, Any]:
    members: dict[str, list[int]] = defaultdict(list)
    for index in np.flatnonzero(mask).tolist():
        members[key(samples[index])].append(index)
    ordered = sorted(members.items(), key=lambda item: -len(item[1]))
    return {name: rate(flags[indices], [samples[index].group for index in indices]) for name, indices in ordered}


def _round(value: float) -> float | None:
    return None if value != value else round(value, 4)
