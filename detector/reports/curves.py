"""The points that the charts are drawn from. Pure functions over scores and truth."""

from __future__ import annotations

import numpy as np

Points = list[tuple[float, float]]
BINS = 10


def roc(scores: np.ndarray, bad: np.ndarray) -> Points:
    """(share of clean pages flagged, share of bad pages flagged) at every threshold, from none flagged to all."""
    order = np.argsort(-scores, kind="stable")
    last = _last_of_ties(scores[order])
    false = np.cumsum(~bad[order])[last] / max(1, int((~bad).sum()))
    true = np.cumsum(bad[order])[last] / max(1, int(bad.sum()))
    return [(0.0, 0.0), *zip(false.tolist(), true.tolist(), strict=True)]


def precision_recall(scores: np.ndarray, bad: np.ndarray) -> Points:
    """(recall, precision) at every threshold, strictest first."""
    order = np.argsort(-scores, kind="stable")
    last = _last_of_ties(scores[order])
    hits = np.cumsum(bad[order])[last]
    recall, precision = hits / max(1, int(bad.sum())), hits / (last + 1)
    return list(zip(recall.tolist(), precision.tolist(), strict=True))


def reliability(scores: np.ndarray, bad: np.ndarray) -> Points:
    """(mean flag probability, share that is bad) of each tenth of the scale that holds a page."""
    bins = np.minimum((scores * BINS).astype(int), BINS - 1)
    inside = [bins == index for index in range(BINS)]
    return [(float(scores[one].mean()), float(bad[one].mean())) for one in inside if one.any()]


def counts(scores: np.ndarray, bins: int = 20) -> list[int]:
    found: list[int] = np.histogram(scores, bins=bins, range=(0.0, 1.0))[0].tolist()
    return found


def _last_of_ties(ordered: np.ndarray) -> np.ndarray:
    """Indices where a run of equal scores ends: pages of one score are flagged together."""
    return np.flatnonzero(np.append(np.diff(ordered) != 0, True)) if len(ordered) else np.zeros(0, dtype=int)
