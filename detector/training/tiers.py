"""Two tiers, one model: where the first tier leaves the verdict open, and what the answers are then.

The band is chosen on out-of-fold probabilities: the narrowest, by share of real clean pages inside it, that loses at most half a point of
recall against reading the meaning of every page.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detector.model.artefact import Band
from detector.training.crossfit import Choice, OutOfFold
from detector.training.fit import RATES, threshold_for

# Recall that `auto` may lose against `always`.
_LOSS = 0.005
_LOW = (0.0, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12)
_HIGH = (0.9, 0.95, 0.98, 0.99, 0.995, 1.0)


def mixed(first: np.ndarray, both: np.ndarray, band: Band) -> np.ndarray:
    """Probabilities (n, 4) as `auto` has them: of both tiers inside the band, of the first alone outside."""
    result: np.ndarray = np.where(band.holds(first)[:, None], both, first)
    return result


def choose_band(first: np.ndarray, both: np.ndarray, targets: np.ndarray, original: np.ndarray) -> Band:
    """The cheapest band for uncalibrated probabilities (n, 4) of the first tier and of both; `original` marks the real clean pages."""
    bad = targets > 0
    if not bad.any() or not original.any():
        return Band(0.0, 1.0)

    def recall(probabilities: np.ndarray) -> float:
        scores = 1.0 - probabilities[:, 0]
        return float((scores[bad] >= threshold_for(scores[original], RATES["default"])).mean())

    wanted = recall(both) - _LOSS
    found = [
        (float(band.holds(first[original]).mean()), band)
        for band in (Band(low, high) for low in _LOW for high in _HIGH)
        if recall(mixed(first, both, band)) >= wanted
    ]
    return min(found, key=lambda pair: pair[0])[1] if found else Band(0.0, 1.0)


def summary(
    scored: OutOfFold, first: np.ndarray, both: np.ndarray, band: Band, choice: Choice, alone: dict[str, dict[str, float]]
) -> dict[str, Any]:
    """What the second tier costs and brings: recall at each tier's own `default`, and the share of real clean pages that reach it."""
    bad = scored.targets > 0
    found: dict[str, Any] = {"band": list(band), "second_tier_share_of_real_clean": float(band.holds(first[scored.original]).mean())}
    for name, raw, points in (("auto", scored.raw, choice.points), ("always", both, alone["always"]), ("never", first, alone["never"])):
        scores = 1.0 - choice.calibration.apply(raw)[:, 0]
        found[name] = {"threshold": points["default"], "recall": float((scores[bad] >= points["default"]).mean())}
    return found
