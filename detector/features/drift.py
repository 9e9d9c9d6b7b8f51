"""How features are distributed, and how far a sample has moved from that: the population stability index.

PSI = sum over bins of (share now - share then) * ln(share now / share then); bins are the reference's tenths and one for "unknown".
Below 0.1 nothing has moved, above 0.25 a lot has (Siddiqi, Credit Risk Scorecards, 2006).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detector.features.registry import NAMES

MOVED = 0.25
_TENTHS = np.linspace(0.1, 0.9, 9)
# Decimal places of edges and of the values held against them: an edge may be a value, whose last bits depend on how many rows were computed at once.
_PLACES = 6
# A bin that is empty on one side counts as half a page of a hundred, or the logarithm is infinite.
_FLOOR = 0.005


def reference_of(rows: np.ndarray) -> dict[str, Any]:
    """Edges and shares of every feature's bins in rows (n, features); small enough for a manifest."""
    features = {}
    for index, name in enumerate(NAMES):
        known = rows[:, index][~np.isnan(rows[:, index])]
        edges = sorted({round(float(edge), _PLACES) for edge in np.quantile(known, _TENTHS)}) if len(known) else []
        features[name] = {"edges": edges, "shares": [round(share, 4) for share in shares_of(rows[:, index], edges).tolist()]}
    return {"pages": len(rows), "features": features}


def shares_of(values: np.ndarray, edges: list[float]) -> np.ndarray:
    """Share of values in each bin, the unknown ones last; shape (edges + 2,)."""
    known = np.round(values[~np.isnan(values)].astype(np.float64), _PLACES)
    counts = np.bincount(np.searchsorted(np.array(edges), known, side="right"), minlength=len(edges) + 1)
    return np.append(counts, len(values) - len(known)) / max(1, len(values))


def moved(reference: dict[str, Any], rows: np.ndarray) -> dict[str, float]:
    """PSI of every feature of the reference that the rows have, most moved first."""
    found = {}
    for index, name in enumerate(NAMES):
        then = reference["features"].get(name)
        if then is not None:
            before = np.maximum(np.array(then["shares"], dtype=float), _FLOOR)
            now = np.maximum(shares_of(rows[:, index], then["edges"]), _FLOOR)
            found[name] = float(((now - before) * np.log(now / before)).sum())
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))
