"""Calibration: a sigmoid a class on the log-odds (Platt 1999), fitted on families that the trees never saw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_EDGE = 1e-6


@dataclass(frozen=True, slots=True)
class Calibration:
    """`slope`, `intercept` float64 (classes,). The first class (clean) fixes the flag; the bad three share the rest."""

    slope: np.ndarray
    intercept: np.ndarray

    def apply(self, probabilities: np.ndarray) -> np.ndarray:
        """Calibrated probabilities, shape (n, classes), rows sum to one."""
        clipped = np.clip(probabilities, _EDGE, 1 - _EDGE)
        each = 1.0 / (1.0 + np.exp(-(self.slope * np.log(clipped / (1 - clipped)) + self.intercept)))
        clean = each[:, :1]
        bad = each[:, 1:]
        total = bad[:, :1] + bad[:, 1:2] + bad[:, 2:3]
        return np.concatenate([clean, bad / total * (1.0 - clean)], axis=1)


def log_odds(probabilities: np.ndarray) -> np.ndarray:
    """log(p / (1 - p)), clipped at one in a million."""
    clipped = np.clip(probabilities, _EDGE, 1 - _EDGE)
    result: np.ndarray = np.log(clipped / (1 - clipped))
    return result
